//! Rule 8: what was asked and what was kept tell config, drift and "not kept" apart.

use insta::assert_snapshot;

use rolecall::model::Value;
use rolecall::model::ledger::Hashes;

use super::world::{World, world};

fn ada(title: &str) -> World {
    world().person("ada", &format!("title: {title}")).assign("", "user:ada").completed()
}

#[test]
fn rule_08_the_repository_changed() {
    let world = ada("Engineer")
        .account("1 userName=ada@x.example externalId=ada title=Analyst")
        .link("ada 1 title=Analyst");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:title: Analyst -> Engineer (config)");
}

#[test]
fn rule_08_the_app_changed() {
    let world = ada("Analyst")
        .account("1 userName=ada@x.example externalId=ada title=Boss")
        .link("ada 1 title=Analyst");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:title: Boss -> Analyst (drift)");
    assert_snapshot!(world.app("drift: report").plan().short(), @"! drift, left as it is user:ada: title is Boss in the app, and should be Analyst");
}

#[test]
fn rule_08_a_value_the_app_does_not_keep_is_not_sent_again() {
    let world = ada("Analyst")
        .account("1 userName=ada@x.example externalId=ada title=ANALYST")
        .link("ada 1 title=Analyst/kept:ANALYST");
    assert_snapshot!(world.plan().short(), @"! not kept by the app user:ada: title: the app shows another value than it was given on 2026-06-01, 14 days ago");
    assert_snapshot!(world.plan().hints("not kept by the app"), @"it is not sent again; change the mapping or the app if it matters");
}

#[test]
fn rule_08_a_value_that_the_app_leaves_out_is_told_once() {
    let out = "1 userName=ada@x.example externalId=ada title=-";
    let adopted = ada("Analyst").account(out).link("ada 1");
    assert_snapshot!(adopted.plan().short(), @"3 update user:ada/attribute:title: (cannot be read) -> Analyst (config)");
    let told = ada("Analyst").account(out).link("ada 1 title=Analyst");
    assert_snapshot!(told.plan().short(), @"");
    // Where nothing is wanted, nothing is told.
    let nothing = world().people(&["ada"]).assign("", "user:ada").completed().account(out).link("ada 1");
    assert_snapshot!(nothing.plan().short(), @"");
}

#[test]
fn rule_08_create_only_attributes_are_never_compared() {
    let mapping =
        "{match: [userName], attributes: {userName: user.email, title: {expr: user.title, apply: create}}}";
    let world = ada("Analyst").mapping(mapping).account("1 userName=ada@x.example title=Boss").link("ada 1");
    assert_snapshot!(world.plan().short(), @"");
}

#[test]
fn rule_08_a_value_that_the_app_never_showed_is_cleared_all_the_same() {
    let world = world().people(&["ada"]).assign("", "user:ada").completed();
    let mut given = world.account("1 userName=ada@x.example externalId=ada").link("ada 1 title=Boss");
    let key = super::notation::key();
    let values = &mut given.ledger.users.get_mut("ada").unwrap().values;
    let boss = values.get("title").unwrap();
    values.insert("title".into(), Hashes { kept: key.value("title", &Value::Null), ..boss });
    assert_snapshot!(given.plan().short(), @"3 update user:ada/attribute:title (config)");
    // The files ask for nothing, and the ledger says so: there is nothing to clear any more.
    let values = &mut given.ledger.users.get_mut("ada").unwrap().values;
    values.insert("title".into(), Hashes { asked: key.value("title", &Value::Null), ..boss });
    assert_snapshot!(given.plan().short(), @"");
}

#[test]
fn rule_08_absent_null_and_empty_are_equal() {
    let world = world().people(&["ada"]).assign("", "user:ada").completed();
    let world = world.account("1 userName=ada@x.example externalId=ada title=").link("ada 1");
    assert_snapshot!(world.plan().short(), @"");
}

#[test]
fn rule_08_sensitive_values_are_never_shown_or_hashed() {
    let mapping = "{match: [userName], attributes: {userName: user.email, title: user.attributes.band}}";
    let world = world()
        .mapping(mapping)
        .person("ada", "attributes: {band: SECRET7}")
        .assign("", "user:ada")
        .completed()
        .account("1 userName=ada@x.example title=SECRET6")
        .link("ada 1");
    let outcome = world.plan();
    assert_snapshot!(outcome.short(), @"3 update user:ada/attribute:title: (sensitive) -> (sensitive) (config)");
    let all = format!(
        "{:?}",
        outcome.plan.apps[0].changes.iter().map(|change| (&change.old, &change.new)).collect::<Vec<_>>()
    );
    assert!(!all.contains("SECRET"), "{all}");
    assert!(!rolecall::render::json(&outcome.plan).contains("SECRET"));
}

fn managed() -> World {
    let mapping = r#"{match: [userName], attributes: {userName: user.email, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value": account.ref(user.manager)}}"#;
    world()
        .mapping(mapping)
        .person("ada", "manager: bob")
        .people(&["bob"])
        .assign("", "user:ada, user:bob")
        .completed()
}

#[test]
fn rule_08_references_wait_for_the_account_and_are_remembered_as_our_id() {
    let world = managed();
    assert_snapshot!(world.plan().short(), @r"
    4 create user:ada (config)
    4 create user:bob (config)
    5 update user:ada/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: nothing -> user:bob (config)
    ");
    assert_snapshot!(world.applied().plan().short(), @"");
    let half = managed().account("2 userName=bob@x.example").link("bob 2");
    assert_snapshot!(half.plan().short(), @"4 create user:ada (config)");
    assert_snapshot!(half.applied().plan().short(), @"");
}

#[test]
fn rule_08_a_reference_follows_the_account_and_leaves_with_it() {
    let world = managed().applied();
    let gone = world.clone().person("bob", "status: left");
    assert_snapshot!(gone.plan().short(), @r"
    1 disable user:bob (left)
    5 update user:ada/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:bob -> nothing (config)
    ");
    assert_snapshot!(gone.applied().plan().short(), @"");
    let protected = world.app("protect: [bob]");
    assert_snapshot!(protected.plan().short(), @"");
}

#[test]
fn rule_08_nothing_refers_to_a_deleted_account_that_the_app_goes_on_listing() {
    let suspended =
        managed().person("bob", "status: suspended").account("1 userName=ada@x.example").link("ada 1");
    let listed = |state: &str| {
        suspended
            .clone()
            .account("2 userName=bob@x.example inactive")
            .link(&format!("bob 2 {state}"))
            .plan()
            .short()
    };
    assert_snapshot!(listed("disabled=2026-06-01"), @"5 update user:ada/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: nothing -> user:bob (config)");
    assert_snapshot!(listed("gone=2026-06-01"), @"");
}

#[test]
fn rule_08_an_answer_is_confirmed_by_the_first_read() {
    let world = ada("Analyst")
        .account("1 userName=ada@x.example externalId=ada title=Analyst")
        .link("ada 1 title=Analyst/answer");
    assert_snapshot!(world.plan().short(), @"");
    let later = world.applied().account("1 userName=ada@x.example externalId=ada");
    assert_snapshot!(later.plan().short(), @"3 update user:ada/attribute:title: nothing -> Analyst (drift)");
}

#[test]
fn rule_08_what_the_answer_showed_and_the_first_read_does_not_is_sent_once_more() {
    let world = ada("Analyst")
        .account("1 userName=ada@x.example externalId=ada title=Intern")
        .link("ada 1 title=Analyst/answer:Intern");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:title: Intern -> Analyst (config)");
    assert_snapshot!(world.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared

    hr  https://hr.example/scim
      1 attribute to update

      People (1)
        ~ ada (ada Test)  update title: Intern → Analyst  (config)
            because user:ada  access/people.yaml:2
                and mapped to title  rolecall.yaml:11
                and the app took this value on 2026-06-01, 14 days ago, and does not show it: it is sent once more

    Total: 1 attribute to update
    ");
    let nothing = world.clone().account("1 userName=ada@x.example externalId=ada");
    assert_snapshot!(nothing.plan().short(), @"3 update user:ada/attribute:title: nothing -> Analyst (config)");
    let drift = world.account("1 userName=ada@x.example externalId=ada title=Boss");
    assert_snapshot!(drift.plan().short(), @"3 update user:ada/attribute:title: Boss -> Analyst (drift)");
}

#[test]
fn rule_08_what_was_sent_twice_is_not_sent_again() {
    let world = ada("Analyst")
        .account("1 userName=ada@x.example externalId=ada title=Intern")
        .link("ada 1 title=Analyst/again:Intern");
    assert_snapshot!(world.plan().short(), @"! not kept by the app user:ada: title: the app shows another value than it was given on 2026-06-01, 14 days ago");
    let not_sent = world.link("ada 1 title=Analyst/not-sent");
    assert_snapshot!(not_sent.plan().short(), @"! not kept by the app user:ada: title: the app shows another value than it was given on 2026-06-01, 14 days ago");
    let pinned = not_sent.applied();
    assert_snapshot!(pinned.plan().short(), @"! not kept by the app user:ada: title: the app shows another value than it was given on 2026-06-01, 14 days ago");
    let drift = pinned.account("1 userName=ada@x.example externalId=ada title=Boss");
    assert_snapshot!(drift.plan().short(), @"3 update user:ada/attribute:title: Boss -> Analyst (drift)");
}

#[test]
fn rule_08_what_many_people_have_in_common_is_one_line() {
    let mut world = world().assign("", "user:ada, user:bob, user:cyd").completed();
    for (number, id) in ["ada", "bob", "cyd"].into_iter().enumerate() {
        world = world
            .person(id, "title: Analyst")
            .account(&format!("{number} userName={id}@x.example externalId={id}"))
            .link(&format!("{id} {number} title=Analyst/not-sent"));
    }
    assert_snapshot!(world.plan().short(), @"! not kept by the app: title: the app shows another value than it was given on 2026-06-01, 14 days ago, for 3 accounts: ada, bob, cyd");
}

#[test]
fn rule_08_an_address_in_another_case_is_the_same_address() {
    let mapping = "{match: [userName], attributes: {userName: user.email, emails.value: user.email}}";
    let world = world()
        .mapping(mapping)
        .person("ada", "email: Ada@X.example")
        .assign("", "user:ada")
        .completed()
        .account("1 userName=ada@x.example emails.value=ada@x.example")
        .link("ada 1");
    assert_snapshot!(world.plan().short(), @"");
}

#[test]
fn rule_08_a_letter_with_its_accent_apart_is_the_same_letter() {
    let world = ada("Développeuse")
        .account("1 userName=ada@x.example externalId=ada title=De\u{301}veloppeuse")
        .link("ada 1");
    assert_snapshot!(world.plan().short(), @"");
}
