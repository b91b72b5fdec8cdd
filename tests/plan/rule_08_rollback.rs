//! Rule 8: a rollback turns nobody on who is out at the last applied commit.

use insta::assert_snapshot;

use super::world::{World, world};

/// ada was suspended and turned off; these files take it back.
fn lifted() -> World {
    let company = || world().people(&["ada", "bob"]).assign("", "user:ada, user:bob").completed();
    let suspended = company().applied().applied().person("ada", "status: suspended").applied();
    assert!(!suspended.things["new-ada"].active);
    suspended.person("ada", "")
}

#[test]
fn rule_08_a_rollback_turns_nobody_on_who_is_out_at_the_last_applied_commit() {
    let lifted = lifted();
    let back = |later: World| lifted.clone().goes_back_from(later).plan().short();
    assert_snapshot!(lifted.plan().short(), @"4 enable user:ada (config)");
    for out in ["status: left", "status: suspended", "end: 2026-06-14", "start: 2026-07-01"] {
        let short = back(lifted.clone().person("ada", out));
        assert_eq!(short, "4 enable user:ada (config) HELD by rollback\n", "{out}");
    }
    let of_scope =
        lifted.clone().yaml("access/assign-0.yaml", "assignments: [{app: hr, members: [user:bob]}]");
    assert_snapshot!(back(of_scope), @"4 enable user:ada (config) HELD by rollback");
    assert_snapshot!(lifted.clone().goes_back_from(lifted.clone().person("ada", "status: left")).plan().why("user:ada"), @r"
    user:ada is assigned hr access/assign-0.yaml:1
    held: these files go back, and ada is out at the commit that was applied last: a rollback turns nobody on who has left since; declare the person in a new commit
    ");
    // Whom that commit has in, or does not declare, is turned on: a rollback may be meant for them.
    assert_snapshot!(back(lifted.clone().person("ada", "title: Boss")), @"4 enable user:ada (config)");
    assert_snapshot!(back(lifted.clone().without("ada").yaml("access/assign-0.yaml", "assignments: [{app: hr, members: [user:bob]}]")), @"4 enable user:ada (config)");
    // What cannot be read says nothing of them.
    let unread = lifted.clone().goes_back_from(lifted.clone()).unreadable("later");
    assert_snapshot!(unread.plan().short(), @"4 enable user:ada (config) HELD by rollback");
}

#[test]
fn rule_08_a_rollback_makes_no_account_for_somebody_who_is_out_by_now() {
    let company = world().people(&["ada", "bob"]).assign("", "user:bob").completed().applied().applied();
    let files = company.assign("", "user:ada");
    let later = files.clone().person("ada", "status: left");
    assert_snapshot!(files.clone().goes_back_from(later.clone()).plan().short(), @"4 create user:ada (config) HELD by rollback");
    // An account that was deleted after it had been turned off.
    let off = lifted();
    let gone = off.gone("new-ada");
    assert_snapshot!(gone.plan().short(), @"4 create user:ada (config)");
    assert_snapshot!(gone.clone().goes_back_from(gone.person("ada", "status: left")).plan().short(), @"4 create user:ada (config) HELD by rollback");
}

#[test]
fn rule_08_a_rollback_takes_the_account_of_a_joiner() {
    let one = world().people(&["bob"]).assign("", "user:bob").completed().applied().applied();
    let two = one.clone().people(&["ada"]).assign("", "user:ada").applied().applied();
    assert!(two.things["new-ada"].active);
    // The files of today have neither the commit that made the account nor the last applied one in their history.
    let commits = [two.ledger.users["ada"].commit.clone(), two.ledger.applied_commit().cloned()];
    let back = two.clone().without("ada").drop_yaml("access/assign-1.yaml");
    let back = commits.iter().flatten().fold(back, |world, commit| world.unreadable(commit));
    assert_snapshot!(back.clone().goes_back_from(two.clone()).plan().short(), @"9 disable user:ada (config)");
    // What that commit does not declare is somebody's by the ledger alone.
    assert_snapshot!(back.clone().goes_back_from(one).plan().short(), @r"
    ! still has access user:ada: may still have access, and nothing is taken: account new-ada (ada@x.example) is ada's by the ledger alone
    ! link conflict: no commit proves the ledger's entry of ada: commit c2 is not part of c4
    ");
    assert_snapshot!(back.goes_back_from(two).unreadable("later").plan().short(), @r"
    ! still has access user:ada: may still have access, and nothing is taken: account new-ada (ada@x.example) is ada's by the ledger alone
    ! link conflict: no commit proves the ledger's entry of ada: commit c2 is not part of c4
    ");
}
