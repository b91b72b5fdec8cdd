//! Rule 13: what an interrupted run of ours did is no other hand's, if git says that the run was to do it; and what it undoes is said.

use insta::assert_snapshot;

use super::rule_13_drift::{auditors, settled};
use super::rule_13_given_up::{stripped, without_admin};
use super::world::{World, world};

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

/// A run was killed when it had turned the accounts of leavers off, and they are back in the files.
#[test]
fn rule_13_leavers_whom_an_interrupted_run_turned_off_are_said_to_be_turned_on_again() {
    let company = |line: &str| {
        world()
            .person("ada", line)
            .person("bob", line)
            .assign("", "user:ada, user:bob")
            .completed()
            .account("1 userName=ada@x.example externalId=ada inactive")
            .link("ada 1")
            .account("2 userName=bob@x.example externalId=bob inactive")
            .link("bob 2")
    };
    let back = |then: &str| {
        let world = company("").attempted("ada", AT, "left").attempted("bob", AT, "left");
        world.commit("left", company(then)).plan()
    };
    assert_snapshot!(back("status: left").short(), @r"
    4 enable user:ada (config)
    4 enable user:bob (config)
    ! turned on again user:ada: account 1 of ada is turned on again because of its person's declaration
    ! turned on again user:bob: account 2 of bob is turned on again because of its person's declaration
    ");
    assert_snapshot!(back("status: left").guards(), @"ok gain: 2 people, 3 allowed");
    assert_snapshot!(back("end: 2026-06-13").short(), @r"
    4 enable user:ada (config)
    4 enable user:bob (config)
    ! turned on again user:ada: account 1 of ada is turned on again because of its person's declaration
    ! turned on again user:bob: account 2 of bob is turned on again because of its person's declaration
    ");
    assert_snapshot!(back("status: suspended").short(), @r"
    4 enable user:ada (config)
    4 enable user:bob (config)
    ");
}
