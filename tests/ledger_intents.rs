//! What runs set out to do, and the commits that they were about.

use rolecall::ledger::Intended;
use rolecall::model::ledger::{Intent, Recorder};
use rolecall::model::op::OutcomeKind;

use crate::ledger_support::*;

/// The commits of the runs that set out to change a person's life, and did not report on it.
fn commits(world: &PathWorld, user: &str) -> Vec<String> {
    let ledger = world.store().read().unwrap().snapshot.apps["hr"].clone();
    let open = ledger.intents.iter().filter(|intent| intent.key == life("hr", user));
    let attempts = open.flat_map(|intent| &intent.attempts);
    attempts.map(|attempt| attempt.commit.as_deref().unwrap_or("none").to_owned()).collect()
}

/// Each run that dies leaves its commit: what it did is proved by that one, not by the commit of a later run.
#[test]
fn every_interrupted_run_leaves_its_commit() {
    let world = PathWorld::new();
    let begin = |run: &str, commit: Option<&str>| {
        let mut asked = request(world.folder.path(), run, "hr", &["ada"]);
        asked.commit = commit.map(Into::into);
        world.store().begin(asked, &mut |_| true).unwrap()
    };
    drop(begin("r1", Some("c1")));
    assert_eq!(commits(&world, "ada"), ["c1"]);
    drop(begin("r2", None));
    let run = begin("r3", Some("c3"));
    // The plan is made again under the lease: that is the same attempt.
    let intents = vec![
        intent("hr", "ada"),
        intent("hr", "bob"),
        Intent { key: member("hr", "platform", "ada"), looked_up: false },
    ];
    let again = Intended {
        app: "hr".into(),
        intents,
        values: Default::default(),
        lost: Default::default(),
        held: Vec::new(),
    };
    run.intend(&[again]).unwrap();
    assert_eq!(commits(&world, "ada"), ["c1", "none", "c3"]);
    assert_eq!(commits(&world, "bob"), ["c3"]);
    let ledger = world.store().read().unwrap().snapshot.apps["hr"].clone();
    let of_group = ledger.intents.iter().find(|intent| intent.key == member("hr", "platform", "ada"));
    assert!(of_group.unwrap().attempts.is_empty(), "nobody asks when a membership was intended");
    // What is known of one person takes nothing from the other.
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    drop(run);
    assert_eq!(commits(&world, "ada"), [""; 0]);
    assert_eq!(commits(&world, "bob"), ["c3"]);
}
