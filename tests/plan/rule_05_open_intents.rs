//! Rule 5: an open intent is no proof that we turned an account off.

use insta::assert_snapshot;
use rolecall::model::ledger::LinkState;

use super::world::{World, world};

/// Ada's account is off, and the ledger knows nothing of it.
fn off() -> World {
    world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        .completed()
        .has("bob", "2")
        .account("1 userName=ada@x.example externalId=ada inactive")
        .link("ada 1")
}

fn suspended() -> World {
    off().person("ada", "status: suspended")
}

#[test]
fn rule_05_an_interrupted_run_turned_off_only_who_was_out_as_git_says() {
    assert_snapshot!(off().plan().short(), @"4 enable user:ada (drift) HELD by drift");
    // The run was killed between the disabling and its record, and Ada has returned.
    let at = "2026-06-14T12:00:00Z";
    let ours = off().attempted("ada", at, "then").commit("then", suspended());
    assert_snapshot!(ours.plan().short(), @"4 enable user:ada (config)");
    // The run was about another change: Ada was in.
    let other = off().attempted("ada", at, "then").commit("then", off());
    assert_snapshot!(other.plan().short(), @"4 enable user:ada (drift) HELD by drift");
    // Nothing is known of the run, or of its commit.
    assert_snapshot!(off().intent("ada").plan().short(), @"4 enable user:ada (drift) HELD by drift");
    let lost = off().attempted("ada", at, "then").unreadable("then");
    assert_snapshot!(lost.plan().short(), @"4 enable user:ada (drift) HELD by drift");
}

#[test]
fn rule_05_a_later_interruption_takes_no_proof_away() {
    let at = "2026-06-14T12:00:00Z";
    let twice = off().attempted("ada", at, "then").commit("then", suspended());
    let twice = twice.attempted("ada", "2026-06-14T13:00:00Z", "c0ffee");
    assert_snapshot!(twice.plan().short(), @"4 enable user:ada (config)");
}

#[test]
fn rule_05_a_date_that_came_before_the_run_says_that_it_was_us() {
    let ended = || off().person("ada", "end: 2026-06-13");
    let before = off().attempted("ada", "2026-06-13T12:00:00Z", "then").commit("then", ended());
    assert_snapshot!(before.plan().short(), @"4 enable user:ada (drift) HELD by drift");
    let after = off().attempted("ada", "2026-06-14T12:00:00Z", "then").commit("then", ended());
    assert_snapshot!(after.plan().short(), @r"
    4 enable user:ada (config)
    ! turned on again user:ada: account 1 of ada is turned on again because of its person's declaration
    ");
}

#[test]
fn rule_05_an_account_off_counts_as_turned_off_by_us_only_with_that_proof() {
    let state = |world: World| world.applied().ledger.users["ada"].state.clone();
    let at = "2026-06-14T12:00:00Z";
    let is_ours = |world: World| matches!(state(world), LinkState::Disabled { .. });
    assert!(is_ours(suspended().attempted("ada", at, "c0ffee")));
    assert!(!is_ours(suspended().attempted("ada", at, "then").commit("then", off())));
    assert!(!is_ours(suspended().intent("ada")));
    // Nobody declares Ada any more.
    let absent = || off().without("ada").drop_yaml("access/assign-0.yaml").assign("", "user:bob");
    let then = || world().people(&["bob"]);
    assert!(is_ours(absent().attempted("ada", at, "then").commit("then", then())));
    assert!(!is_ours(absent().attempted("ada", at, "then").commit("then", off())));
}

#[test]
fn rule_05_a_quiet_day_reads_no_commit_for_an_intent() {
    let mut on = off().attempted("ada", "2026-06-14T12:00:00Z", "then").unreadable("then");
    on.things.get_mut("1").unwrap().active = true;
    assert_snapshot!(on.plan().short(), @"");
}
