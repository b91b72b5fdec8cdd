//! Rule 1: our id in an account says which id it is, and not which person.

use insta::assert_snapshot;

use super::world::{World, world};

/// Ada, whose account says `old` where hers is to say this login.
fn under_an_id(login: &str) -> World {
    world()
        .mapping("{match: [externalId, userName], attributes: {userName: user.title, externalId: user.id}}")
        .person("ada", &format!("title: {login}"))
        .assign("", "user:ada")
        .account("1 userName=old externalId=ada")
}

/// An entry was deleted by hand, and its id given to another person: the account is not that person's.
#[test]
fn rule_01_our_id_alone_gives_nobody_an_account() {
    let world = under_an_id("new").completed();
    assert_snapshot!(world.plan().short(), @"! not adopted user:ada: account 1 (old) matches, but only its externalId is ada's: no other value that tells accounts apart is, neither today nor at the last applied commit");
    assert_snapshot!(world.plan().hints("not adopted"), @r#"if it is theirs, say so: `links: {ada: "1"}`"#);
    // The next run, for which the applied commit knows the newcomer, does no more.
    assert_eq!(world.applied().plan().app().to_do().count(), 0);
    // A leaver's entry is gone: the access that stays is named.
    let left = under_an_id("new").completed().person("ada", "title: new, status: left");
    assert_snapshot!(left.plan().short(), @"! still has access user:ada: account 1 (old) is active");
    // The login of today or of the last applied commit says the same, and so does a line; the first apply has nothing else.
    for own in [
        under_an_id("old").completed(),
        under_an_id("new").completed().before(under_an_id("OLD")),
        under_an_id("new").completed().app("links: {ada: \"1\"}"),
        under_an_id("new"),
    ] {
        let told = own.plan().short();
        assert!(told.contains("adopt user:ada"), "{told}");
    }
}

/// A value that was another person's at the last applied commit proves nothing, beside an id of nobody as beside none.
#[test]
fn rule_01_a_value_of_another_person_beside_an_id_of_nobody_proves_nothing() {
    let company = || world().completed().app("users: {scope: all}");
    let before = company().people(&["ada", "eve"]);
    let now = || {
        company()
            .person("ada", "email: ada.new@x.example")
            .person("eve", "email: ada@x.example")
            .before(before.clone())
    };
    let edited =
        |id: &str| now().account(&format!("1 userName=ada@x.example{id}")).link("eve 1").plan().short();
    assert_snapshot!(edited(" externalId=corp-7"), @r"
    4 create user:ada (config)
    ! link conflict user:eve: account 1 (ada@x.example) has the userName that ada had at the last applied commit, and nothing else tells whose it is (externalId eve, userName ada@x.example)
    ");
    assert_snapshot!(edited(""), @r"
    4 create user:ada (config)
    ! link conflict user:eve: account 1 (ada@x.example) has the userName that ada had at the last applied commit, and nothing else tells whose it is (externalId eve, userName ada@x.example)
    ");
    // The link of ada is verified by her id, or she has the account that she had.
    let sure = now().account("1 userName=ada@x.example externalId=corp-7").link("eve 1").has("ada", "2");
    assert_snapshot!(sure.plan().short(), @r"
    3 update user:ada/attribute:username: ada@x.example -> ada.new@x.example (config) HELD by guard:login
    3 update user:eve/attribute:externalid: corp-7 -> eve (config) HELD by guard:login
    TRIPPED login: 2 people, 1 allowed (half of 2)
    ");
    // It was a value of eve, too.
    let own = company()
        .people(&["ada", "eve"])
        .before(before.clone())
        .account("1 userName=eve@x.example externalId=corp-7")
        .link("eve 1");
    assert_snapshot!(own.plan().short(), @r"
    3 update user:eve/attribute:externalid: corp-7 -> eve (config)
    4 create user:ada (config)
    ");
}
