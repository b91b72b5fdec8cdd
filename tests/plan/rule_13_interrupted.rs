//! Rule 13: a role that an interrupted run of ours took is no other hand's doing, if git says that the run was to take it.

use insta::assert_snapshot;

use super::rule_13_drift::{auditors, settled};
use super::rule_13_given_up::{stripped, without_admin};
use super::world::World;

const AT: &str = "2026-06-14T12:00:00Z";

/// Ada does not have the role there.
fn revoked(role: &str) -> World {
    match role {
        "auditor" => auditors().drop_yaml("access/assign-0.yaml").app("users: {scope: all}"),
        _ => settled().yaml("access/a.yaml", "assignments: [{app: hr, role: member, members: [user:ada]}]"),
    }
}

#[test]
fn rule_13_a_role_that_an_interrupted_run_took_is_given_back() {
    for (world, role) in [(stripped(), "auditor"), (without_admin(), "admin")] {
        let grant = |cause: &str| {
            format!("7 grant role user:ada/role:{role}: nothing -> {role} ({cause}) privileged")
        };
        let held = format!("{} HELD by drift", grant("drift"));
        assert_eq!(world.plan().short().trim_end(), held);
        let ours = world.clone().attempted_role("ada", role, AT, "then").commit("then", revoked(role));
        assert_eq!(ours.plan().short().trim_end(), grant("config"));
        assert_eq!(ours.applied().plan().short(), "");
        // It stays ours when something else holds the grant in that run.
        let gain = ours.clone().app("guard: {gain: 0}").applied().without_app("guard: {gain: 0}");
        assert!(gain.ledger.intents.is_empty());
        assert_eq!(gain.allow("gain", 1).plan().short().lines().next(), Some(&*grant("config")));
        // The run was about another change, or git cannot say what it was to do.
        let other = world.clone().attempted_role("ada", role, AT, "then").commit("then", world.clone());
        assert_eq!(other.plan().short().trim_end(), held);
        let lost = world.clone().attempted_role("ada", role, AT, "then").unreadable("then");
        assert_eq!(lost.plan().short().trim_end(), held);
        // Another hand was seen before.
        let seen = world.applied().attempted_role("ada", role, AT, "then").commit("then", revoked(role));
        assert!(seen.plan().short().starts_with("! left as another hand left it"), "{}", seen.plan().short());
    }
}

/// A run that is interrupted later, and that was about another commit, takes no proof away.
#[test]
fn rule_13_a_later_interruption_takes_no_proof_away() {
    let twice = stripped().attempted_role("ada", "auditor", AT, "then").commit("then", revoked("auditor"));
    let twice = twice.attempted_role("ada", "auditor", "2026-06-14T13:00:00Z", "c0ffee");
    assert_snapshot!(twice.plan().short(), @"7 grant role user:ada/role:auditor: nothing -> auditor (config) privileged");
}
