//! Values of roles that runs give, from run to run.

use rolecall::ledger::Intended;
use rolecall::model::ledger::{FormerRole, LedgerUpdate, Recorder};

use crate::ledger_support::*;

/// Values that a run sets out to give are on record before the first request: however it ends, the next run knows whose they are.
#[test]
fn values_are_on_record_before_the_first_request() {
    let world = PathWorld::new();
    let value = |value: &str| FormerRole { role: "admin".parse().unwrap(), value: value.into() };
    let known = || -> Vec<String> {
        let known = world.store().read().unwrap().snapshot.apps["hr"].former_roles.clone();
        known.iter().map(ToString::to_string).collect()
    };
    let mut asked = request(world.folder.path(), "r1", "hr", &["ada"]);
    asked.values = [("hr".into(), [value("SUPER")].into())].into();
    let run = world.store().begin(asked, &mut |_| true).unwrap();
    assert_eq!(known(), ["admin=SUPER"], "before the first request");
    let again = Intended {
        app: "hr".into(),
        intents: Vec::new(),
        values: [value("ROOT")].into(),
        lost: Default::default(),
        held: Vec::new(),
    };
    run.intend(&[again]).unwrap();
    drop(run);
    assert_eq!(known(), ["admin=ROOT", "admin=SUPER"], "after a kill");
    // A full apply says which of them accounts may still have. Today's value is not one of them.
    let run = begin(&world.store(), world.folder.path(), "r2", "hr", &[]).unwrap();
    let roles = LedgerUpdate::Roles([("admin".parse().unwrap(), "ROOT".into())].into());
    run.record(&[], &[roles, LedgerUpdate::FormerRoles([].into())]).unwrap();
    run.finish(Vec::new()).unwrap();
    assert!(known().is_empty());
    let mut asked = request(world.folder.path(), "r3", "hr", &["ada"]);
    asked.values = [("hr".into(), [value("ROOT")].into())].into();
    drop(world.store().begin(asked, &mut |_| true).unwrap());
    assert!(known().is_empty());
}
