//! Rule 1: links are hints, verified before every write.

use insta::assert_snapshot;

use super::world::{World, world};

fn ada() -> World {
    world().person("ada", "title: Analyst").assign("", "user:ada").completed()
}

#[test]
fn rule_01_a_linked_account_with_a_desired_matching_value_is_written() {
    let world = ada().has("ada", "1");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:title: nothing -> Analyst (config)");
    assert_snapshot!(world.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared

    hr  https://hr.example/scim
      1 attribute to update

      People (1)
        ~ ada (ada Test)  update title: (none) → Analyst  (config)
            because user:ada  access/people.yaml:2
                and mapped to title  rolecall.yaml:11

    Total: 1 attribute to update
    ");
    assert_snapshot!(world.applied().plan().short(), @"");
}

#[test]
fn rule_01_a_linked_account_with_our_external_id_is_written_whatever_its_login() {
    let world = ada().account("1 userName=other@x.example externalId=ada").link("ada 1");
    assert_snapshot!(world.plan().short(), @r"
    3 update user:ada/attribute:title: nothing -> Analyst (config)
    3 update user:ada/attribute:username: other@x.example -> ada@x.example (config)
    ");
}

#[test]
fn rule_01_a_linked_account_with_the_last_seen_value_is_written() {
    let mapping = "{match: [userName], attributes: {userName: user.email, title: user.title}}";
    let world = ada()
        .mapping(mapping)
        .person("ada", "email: new@x.example, title: Analyst")
        .account("1 userName=old@x.example title=Analyst")
        .link("ada 1 userName=old@x.example");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:username: old@x.example -> new@x.example (config)");
}

#[test]
fn rule_01_a_linked_account_without_any_known_value_is_a_conflict() {
    let world = ada().account("1 userName=eve@x.example externalId=eve").link("ada 1");
    assert_snapshot!(world.plan().short(), @"! link conflict user:ada: account 1 (eve@x.example) has none of the matching values of ada (externalId ada, userName ada@x.example), neither today's nor the last ones seen");
    assert_snapshot!(world.plan().hints("link conflict"), @"if it is the right account, correct its values in the app; if not, `rolecall ledger unlink` ada");
}

#[test]
fn rule_01_a_conflict_leaves_memberships_alone() {
    let world = ada()
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .app("groups: {push: [team]}")
        .account("1 userName=eve@x.example externalId=eve")
        .link("ada 1")
        .group("g1 team: 1")
        .group_link("group:team g1: ada");
    assert_snapshot!(world.plan().short(), @"! link conflict user:ada: account 1 (eve@x.example) has none of the matching values of ada (externalId ada, userName ada@x.example), neither today's nor the last ones seen");
}

#[test]
fn rule_01_an_account_linked_to_one_person_is_no_candidate_for_another() {
    let world = world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        .completed()
        .account("1 userName=bob@x.example externalId=ada")
        .link("ada 1");
    assert_snapshot!(world.plan().short(), @r"
    3 update user:ada/attribute:username: bob@x.example -> ada@x.example (config)
    4 create user:bob (config)
    ");
}

#[test]
fn rule_01_an_account_a_tombstone_names_is_no_candidate() {
    let world = world()
        .people(&["bob"])
        .assign("", "user:bob")
        .completed()
        .account("1 userName=bob@x.example inactive")
        .link("ada 1 gone=2026-01-01");
    assert_snapshot!(world.plan().short(), @"4 create user:bob (config)");
}

#[test]
fn rule_01_one_account_of_two_people_stops_the_app() {
    let world = ada().has("ada", "1").link("bob 1");
    assert_snapshot!(world.plan().short(), @"STOPPED by link-conflicts: the ledger links account 1 to both ada and bob: `rolecall ledger unlink` the one it does not belong to");
}

#[test]
fn rule_01_another_endpoint_stops_the_app() {
    let mut world = ada().has("ada", "1");
    world.ledger.endpoint = "https://old.example/scim".into();
    assert_snapshot!(world.plan().short(), @"STOPPED by wrong-endpoint: the ledger's links belong to https://old.example/scim, but app hr now names https://hr.example/scim; if the app has moved, set `moved_from: https://old.example/scim`, and every link is proved again");
}

#[test]
fn rule_01_moved_from_proves_every_link_again() {
    let mut world = world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        // The ledger keeps the endpoint in its canonical form.
        .app("moved_from: HTTPS://Old.example:443/scim/")
        .completed()
        .has("ada", "1")
        .account("2 userName=eve@x.example externalId=eve")
        .link("bob 2 userName=eve@x.example");
    world.ledger.endpoint = "https://old.example/scim".into();
    assert_snapshot!(world.plan().short(), @"! link conflict user:bob: account 2 (eve@x.example) has none of the matching values of bob (externalId bob, userName bob@x.example), neither today's nor the last ones seen");
}

#[test]
fn rule_01_moved_from_proves_groups_by_name() {
    let mut world = ada()
        .yaml("access/g.yaml", "groups: {team: {members: [user:ada]}}")
        .app("moved_from: https://old.example/scim")
        .app("groups: {push: [team], remove: delete}")
        .account("1 userName=ada@x.example externalId=ada title=Analyst")
        .link("ada 1")
        .group("g1 Strangers:")
        .group("g2 old:")
        .group_link("group:team g1: ada")
        .group_link("group:old g2: ada");
    world.ledger.endpoint = "https://old.example/scim".into();
    assert_snapshot!(world.plan().short(), @r#"
    ! link conflict group:team: group g1 at the new endpoint is called "Strangers": it is not proved to be the same group
    ! advice group:old: is not declared any more, and cannot be proved to be the same group at the new endpoint: it is left alone
    "#);
}

fn ten(linked: bool) -> World {
    (0..10).fold(world().completed(), |world, number| {
        let id = format!("p{number}");
        let world = world.person(&id, "").assign("", &format!("user:{id}"));
        if linked { world.has(&id, &number.to_string()) } else { world.link(&format!("{id} {number}")) }
    })
}

#[test]
fn rule_01_a_few_vanished_accounts_are_made_again_each_with_a_proof() {
    let outcome = ten(true).gone("1").gone("2").plan();
    assert_eq!(outcome.asked, ["1", "2"]);
    assert_snapshot!(outcome.short(), @r"
    4 create user:p1 (drift)
    4 create user:p2 (drift)
    ");
}

#[test]
fn rule_01_many_vanished_accounts_stop_the_app_after_a_few_questions() {
    let outcome = ten(false).plan();
    assert_eq!(outcome.asked.len(), 4);
    assert_snapshot!(outcome.short(), @"STOPPED by link-conflicts: 4 of 10 linked accounts have vanished from the app, and more than 3 stop the app: is this the right endpoint and tenant? If they are really gone, `rolecall ledger forget` them: p0, p1, p2, p3");
}

#[test]
fn rule_01_many_conflicts_stop_the_app() {
    let world = (0..4).fold(ten(true), |world, number| {
        world.account(&format!("{number} userName=x{number} externalId=x{number}"))
    });
    assert_snapshot!(world.plan().short(), @"STOPPED by link-conflicts: 4 of 10 linked accounts look like other people's accounts, and more than 3 stop the app: is this the right endpoint and tenant? If they are really gone, `rolecall ledger forget` them: p0, p1, p2, p3");
}

#[test]
fn rule_01_an_account_that_was_not_listed_but_is_there_counts_as_there() {
    let mut world = ada().has("ada", "1");
    let hidden = world.things.remove("1").unwrap();
    world.unlisted.insert("1".into(), hidden);
    let outcome = world.plan();
    assert_eq!(outcome.asked, ["1"]);
    assert_snapshot!(outcome.short(), @r"
    3 update user:ada/attribute:title: nothing -> Analyst (config)
    ! not all was shown: the listing of accounts did not show all of them: it left out user 1 (ada@x.example), which the app shows when asked for it; nothing is concluded from what is missing
    ");
}

#[test]
fn rule_01_an_unclear_answer_changes_nothing() {
    let world = ada().has("ada", "1").unclear("1");
    assert_snapshot!(world.plan().short(), @"! undecided user:ada: cannot tell whether account 1 is still there: an HTML page came instead of JSON");
    let undeclared = world.without("ada").drop_yaml("access/assign-0.yaml").people(&["bob"]);
    assert_snapshot!(undeclared.plan().short(), @"! undecided user:ada: cannot tell whether account 1 is still there: an HTML page came instead of JSON");
}
