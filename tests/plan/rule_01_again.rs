//! Rule 1: an id that comes back. It is the same person if more than one name is the same.

use insta::assert_snapshot;

use super::world::{World, world};

const ANNA: &str = "name: {given: Anna, family: Smith}, email: anna@x.example";
const ADAM: &str = "name: {given: Adam, family: Smith}, email: adam@x.example";

fn person(world: World, line: &str) -> World {
    world.yaml("access/smith.yaml", &format!("users: {{asmith: {{{line}}}}}"))
}

/// Anna Smith has an account, and has left since.
fn left() -> World {
    let company = world().app("users: {scope: all}").people(&["bob"]).completed();
    person(person(company, ANNA).applied().applied(), &format!("{ANNA}, status: left")).applied()
}

const CONFLICT: &str =
    "! link conflict user:asmith: account new-asmith (anna@x.example) belongs to the person who was asmith";

/// The leaver was tidied away or not; the newcomer has the id and the family name.
#[test]
fn rule_01_a_family_name_is_not_enough_for_an_id_that_comes_back() {
    for world in [left(), left().drop_yaml("access/smith.yaml").applied()] {
        let mut given_on = person(world, ADAM);
        for _ in 0..3 {
            let plan = given_on.plan().short();
            assert!(plan.starts_with(CONFLICT), "{plan}");
            assert!(!plan.contains("enable") && !plan.contains("update"), "{plan}");
            given_on = given_on.applied();
        }
        let said = given_on.app("links: {asmith: new-asmith}").plan().short();
        assert!(said.contains("4 enable user:asmith"), "{said}");
    }
    assert_snapshot!(person(left(), ADAM).plan().short(), @"! link conflict user:asmith: account new-asmith (anna@x.example) belongs to the person who was asmith at the last applied commit and had no access since then: one name is the same today, and neither the whole name nor an address or login (externalId asmith, userName adam@x.example)");
    assert_snapshot!(person(left(), ADAM).plan().hints("link conflict"), @r#"`links: {asmith: "new-asmith"}` says that asmith is the same person, and `rolecall ledger unlink hr asmith --reason TEXT` that it is another one"#);
}

/// The same person: by the address, by the whole name, or by a matching value.
#[test]
fn rule_01_a_person_who_returns_is_known_by_the_address_or_the_whole_name() {
    for again in [
        ANNA,
        "name: {given: Anna, family: Jones}, email: anna@x.example",
        "name: {given: Anna, family: Smith}, email: anna.smith@x.example",
    ] {
        for world in [left(), left().drop_yaml("access/smith.yaml").applied()] {
            let plan = person(world, again).plan().short();
            assert!(plan.contains("4 enable user:asmith"), "{again}: {plan}");
        }
    }
}

/// Where the account stays on, the entry does not say that the person was out: it forgets what the two have in common.
#[test]
fn rule_01_an_account_that_stays_on_is_not_the_newcomers_in_any_run() {
    let company = world().app("users: {scope: all, deprovision: keep}").people(&["bob"]).completed();
    let left = person(person(company, ANNA).applied().applied(), &format!("{ANNA}, status: left")).applied();
    let mut given_on = person(left, ADAM);
    for _ in 0..3 {
        let plan = given_on.plan().short();
        assert!(plan.starts_with(CONFLICT), "{plan}");
        given_on = given_on.applied();
    }
    let back = person(given_on, ANNA).plan().short();
    assert!(!back.contains("conflict"), "{back}");
}

/// People who were in all the time may change a name and the address together.
#[test]
fn rule_01_a_person_who_stays_may_change_name_and_address() {
    let company = world().app("users: {scope: all}").people(&["bob"]).completed();
    let married = person(
        person(company, ANNA).applied().applied(),
        "name: {given: Anna, family: Jones}, email: jones@x.example",
    );
    assert_snapshot!(married.plan().short(), @"3 update user:asmith/attribute:username: anna@x.example -> jones@x.example (config)");
}
