//! Rule 4: an app that is given up takes the accounts of leavers for their own cause, and leaves nobody behind in silence.

use insta::assert_snapshot;

use super::world::{World, world};

const PEOPLE: [&str; 8] = ["ada", "bob", "cy", "dee", "eve", "fay", "gus", "hal"];

/// Eight people with accounts, applied; then the app is given up, and they leave or are gone from the files.
fn given_up(accounts: &str) -> World {
    let company = world().people(&PEOPLE).assign("", "group:all").completed();
    let all = "groups: {all: {rule: 'true'}}";
    let company = company.yaml("access/g.yaml", all);
    let company = PEOPLE
        .iter()
        .zip(1..)
        .fold(company, |world, (id, number)| world.has(id, &number.to_string()))
        .applied();
    company
        .app(&format!("removed: {{accounts: {accounts}}}"))
        .person("bob", "status: left")
        .person("cy", "status: suspended")
        .person("dee", "end: 2026-06-10")
        .without("eve")
}

#[test]
fn rule_04_an_app_that_keeps_its_accounts_names_the_leavers_it_forgets() {
    let world = given_up("keep");
    assert_snapshot!(world.plan().short(), @r"
    9 forget user:ada (config)
    9 forget user:bob (config)
    9 forget user:cy (config)
    9 forget user:dee (config)
    9 forget user:eve (config)
    9 forget user:fay (config)
    9 forget user:gus (config)
    9 forget user:hal (config)
    ! still has access user:bob: has left, and account 2 stays active because `removed: {accounts: keep}` gives the app up, and the ledger forgets it
    ! still has access user:cy: is suspended, and account 3 stays active because `removed: {accounts: keep}` gives the app up, and the ledger forgets it
    ! still has access user:dee: ended on 2026-06-10, 5 days ago, and account 4 stays active because `removed: {accounts: keep}` gives the app up, and the ledger forgets it
    ! still has access user:eve: is not declared any more, and account 5 stays active because `removed: {accounts: keep}` gives the app up, and the ledger forgets it
    ");
    assert_snapshot!(world.plan().hints("still has access"), @r"
    disable it in the app by hand, or write `removed: {accounts: disable}`
    disable it in the app by hand, or write `removed: {accounts: disable}`
    disable it in the app by hand, or write `removed: {accounts: disable}`
    disable it in the app by hand, or write `removed: {accounts: disable}`
    ");
    assert!(world.plan().app().is_partial());
    // Once it is applied, the app is out of management. An account that is off gives no access.
    assert_snapshot!(world.applied().plan().short(), @"");
    let mut off = world;
    ["2", "3", "4", "5"].iter().for_each(|id| off.things.get_mut(*id).unwrap().active = false);
    assert_snapshot!(off.plan().short(), @r"
    9 forget user:ada (config)
    9 forget user:bob (config)
    9 forget user:cy (config)
    9 forget user:dee (config)
    9 forget user:eve (config)
    9 forget user:fay (config)
    9 forget user:gus (config)
    9 forget user:hal (config)
    ");
}

#[test]
fn rule_04_what_holds_the_disabling_of_an_app_that_is_given_up_holds_no_leaver() {
    let world = given_up("disable").app("guard: {deprovision: 0}");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:bob (left)
    1 disable user:cy (left)
    1 disable user:dee (expiry)
    9 disable user:ada (config) HELD by guard:deprovision
    9 disable user:eve (config) HELD by guard:deprovision
    9 disable user:fay (config) HELD by guard:deprovision
    9 disable user:gus (config) HELD by guard:deprovision
    9 disable user:hal (config) HELD by guard:deprovision
    TRIPPED deprovision: 5 people, 0 allowed
    ");
    assert_snapshot!(world.plan().why("user:bob"), @"user:bob is declared left access/people.yaml:3");
    // Nor does a guard that held the app before.
    let later = given_up("disable").app("guard: {deprovision: 0}").person("bob", "").applied();
    assert!(later.things["2"].active);
    let later = later.person("bob", "status: left").applied();
    assert!(!later.things["2"].active);
    let protected = given_up("disable").app("protect: [bob]");
    assert_snapshot!(protected.plan().short(), @r"
    1 disable user:cy (left)
    1 disable user:dee (expiry)
    9 disable user:ada (config) HELD by guard:deprovision
    9 forget user:bob (config)
    9 disable user:eve (config) HELD by guard:deprovision
    9 disable user:fay (config) HELD by guard:deprovision
    9 disable user:gus (config) HELD by guard:deprovision
    9 disable user:hal (config) HELD by guard:deprovision
    ! still has access user:bob: has left, and account 2 stays active because `protect` names it
    TRIPPED deprovision: 5 people, 4 allowed (half of 8)
    ");
}

#[test]
fn rule_04_an_app_that_is_given_up_forgets_no_leaver_whom_it_did_not_show() {
    let unclear = given_up("keep").unclear("2");
    assert_snapshot!(unclear.plan().short(), @r"
    9 forget user:ada (config)
    9 forget user:cy (config)
    9 forget user:dee (config)
    9 forget user:eve (config)
    9 forget user:fay (config)
    9 forget user:gus (config)
    9 forget user:hal (config)
    ! still has access user:bob: may still have access, and nothing is taken: cannot tell whether account 2 is still there: an HTML page came instead of JSON
    ! still has access user:cy: is suspended, and account 3 stays active because `removed: {accounts: keep}` gives the app up, and the ledger forgets it
    ! still has access user:dee: ended on 2026-06-10, 5 days ago, and account 4 stays active because `removed: {accounts: keep}` gives the app up, and the ledger forgets it
    ! still has access user:eve: is not declared any more, and account 5 stays active because `removed: {accounts: keep}` gives the app up, and the ledger forgets it
    ");
}
