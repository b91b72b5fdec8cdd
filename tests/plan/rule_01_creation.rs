//! Rule 1: the creation time of an account tells it from another one to which the app gave the same id.

use insta::assert_snapshot;
use rolecall::model::Created;

use super::world::{World, time, world};

/// An app that keeps no id of ours.
const BY_LOGIN: &str = "{match: [userName], attributes: {userName: user.email}}";
const OLD: &str = "2025-01-01T08:00:00Z";

fn company() -> World {
    world().completed().mapping(BY_LOGIN).assign("", "user:ada")
}

/// Ada's account was renamed in the app.
fn renamed(created: &str) -> World {
    company()
        .people(&["ada"])
        .account(&format!("7 userName=countess@x.example created={created}"))
        .link(&format!("ada 7 userName=countess@x.example created={OLD}"))
}

#[test]
fn rule_01_another_account_under_the_same_id_is_a_conflict() {
    // The same time with other digits.
    let update = "3 update user:ada/attribute:username: countess@x.example -> ada@x.example (config)\n";
    for same in [OLD, "2025-01-01T08:00:00.7Z", "2025-01-01T10:00:01+02:00"] {
        assert_eq!(renamed(same).plan().short(), update, "{same}");
    }
    let other = renamed("2026-05-01");
    assert_snapshot!(other.plan().short(), @"! link conflict user:ada: account 7 (countess@x.example) was created on 2026-05-01 00:00:00 UTC, and the ledger's entry is about one that was created on 2025-01-01 08:00:00 UTC: the app gave its id to another account (userName ada@x.example)");
    // A login of the last applied commit is none of today.
    let before = other.clone().before(company().person("ada", "email: countess@x.example"));
    assert_snapshot!(before.plan().short(), @"! link conflict user:ada: account 7 (countess@x.example) was created on 2026-05-01 00:00:00 UTC, and the ledger's entry is about one that was created on 2025-01-01 08:00:00 UTC: the app gave its id to another account (userName ada@x.example)");
    // An app that shows no time, one that is not understood, or that of its answer.
    for unsaid in ["?", "1970-01-01", "2026-06-14T23:59:00Z"] {
        assert_eq!(renamed(unsaid).plan().short(), update, "{unsaid}");
    }
}

#[test]
fn rule_01_an_account_made_again_is_the_persons_by_a_value_of_today() {
    let again = company()
        .people(&["ada"])
        .account("7 userName=ada@x.example created=2026-05-01")
        .link(&format!("ada 7 userName=ada@x.example created={OLD}"));
    assert_snapshot!(again.plan().short(), @"! advice: 1 account was made again in the app under the same id, and the id or login of today proves whose it is: ada (account 7, 2026-05-01 00:00:00 UTC, before 2025-01-01 08:00:00 UTC)");
    assert_snapshot!(again.plan().hints("advice"), @"the ledger remembers the new creation time from now on");
    // It is said once.
    let after = again.applied();
    assert_eq!(after.ledger.users["ada"].created, Created::at(time("2026-05-01")));
    assert_snapshot!(after.plan().short(), @"");
}

#[test]
fn rule_01_a_creation_time_is_remembered_once_it_is_seen() {
    let created = |world: &World| world.ledger.users["ada"].created;
    let adopted = company().people(&["ada"]).account(&format!("7 userName=ada@x.example created={OLD}"));
    assert_eq!(created(&adopted.applied()), Created::at(time(OLD)));
    // An entry of an older ledger.
    let known = adopted.clone().link("ada 7");
    assert_eq!(known.plan().app().work.observed.len(), 1);
    assert_eq!(created(&known.applied()), Created::at(time(OLD)));
    assert_eq!(known.applied().plan().app().work.observed, []);
    // Memory alone adds nothing to the memory.
    let by_memory = renamed(OLD).link("ada 7 userName=countess@x.example").app("users: {actions: [create]}");
    assert_eq!(created(&by_memory.applied()), None);
}

#[test]
fn rule_01_at_another_endpoint_creation_times_prove_nothing() {
    let mut moved = company()
        .people(&["ada"])
        .app("moved_from: https://old.example/scim")
        .account("7 userName=ada@x.example created=2026-05-01")
        .link(&format!("ada 7 created={OLD}"));
    moved.ledger.endpoint = "https://old.example/scim".into();
    assert_snapshot!(moved.plan().short(), @"");
    assert_eq!(moved.applied().ledger.users["ada"].created, Created::at(time("2026-05-01")));
}

/// Nobody whom no file declares has values of today: what git said last takes their place.
#[test]
fn rule_01_an_account_made_again_is_an_absent_persons_by_what_git_said_last() {
    let absent = |login: &str, known: &str| {
        company()
            .people(&["ada"])
            .has("ada", "1")
            .account(&format!("7 userName={login} created=2026-05-01"))
            .link(&format!("eve 7 by=before userName={known} created={OLD}"))
            .before(company().people(&["ada", "eve"]))
    };
    assert_snapshot!(absent("eve@x.example", "eve@x.example").plan().short(), @"9 disable user:eve (config)");
    assert_snapshot!(absent("eve@y.example", "eve@y.example").plan().short(), @"! still has access user:eve: may still have access, and nothing is taken: account 7 (eve@y.example) was created on 2026-05-01 00:00:00 UTC, and the ledger's entry is about one that was created on 2025-01-01 08:00:00 UTC: the app gave its id to another account");
}

/// Eve has left, and only the ledger says that the account is hers.
fn leaver(created: &str) -> World {
    company()
        .people(&["ada"])
        .has("ada", "1")
        .person("eve", "email: eve@y.example, status: left")
        .account("7 userName=boss@x.example created=2025-01-01T08:00:00Z")
        .link(&format!("eve 7 userName=boss@x.example {created}"))
}

#[test]
fn rule_01_the_creation_time_proves_the_account_of_a_leaver() {
    let before = || company().people(&["ada"]).person("eve", "email: eve@y.example");
    let proved = leaver("created=2025-01-01T08:00:00Z").before(before());
    assert_snapshot!(proved.plan().short(), @"1 disable user:eve (left)");
    let unproved = leaver("").before(before());
    assert_snapshot!(unproved.plan().short(), @"! still has access user:eve: may still have access, and nothing is taken: account 7 (boss@x.example) has values that the ledger alone remembers: no commit gives them (userName eve@y.example)");
    let other = leaver("created=2024-01-01").before(before());
    assert_snapshot!(other.plan().short(), @"! still has access user:eve: may still have access, and nothing is taken: account 7 (boss@x.example) was created on 2025-01-01 08:00:00 UTC, and the ledger's entry is about one that was created on 2024-01-01 00:00:00 UTC: the app gave its id to another account (userName eve@y.example)");
    // The commit that the entry names gives the login that we asked for.
    let then = company().people(&["ada"]).person("eve", "email: boss@x.example");
    let named = leaver("by=then").before(before()).commit("then", then);
    assert_snapshot!(named.plan().short(), @"1 disable user:eve (left)");
}

#[test]
fn rule_01_an_applied_commit_that_cannot_be_read_confirms_nothing() {
    let before = || company().people(&["ada"]).person("eve", "email: eve@y.example");
    let lost = leaver("by=lost").before(before()).unreadable("before").unreadable("lost");
    assert_snapshot!(lost.plan().short(), @"! still has access user:eve: may still have access, and nothing is taken: account 7 (boss@x.example) has values that the ledger alone remembers: commit before is not part of c0ffee (userName eve@y.example)");
    let proved = leaver("created=2025-01-01T08:00:00Z").before(before()).unreadable("before");
    assert_snapshot!(proved.plan().short(), @"1 disable user:eve (left)");
    // Today's files are those of the last applied commit: they say nothing of this login.
    let today = leaver("by=before").applied_people("2");
    assert_snapshot!(today.plan().short(), @"! still has access user:eve: may still have access, and nothing is taken: account 7 (boss@x.example) has values that the ledger alone remembers: no commit gives them (userName eve@y.example)");
    // No commit was applied yet.
    assert_snapshot!(leaver("by=lost").unreadable("lost").plan().short(), @"1 disable user:eve (left)");
}
