//! What guards hold, from run to run.

use rolecall::ledger::Intended;
use rolecall::model::Guard;
use rolecall::model::change::{Facet, Object};
use rolecall::model::hash::HashKey;
use rolecall::model::held_value::HeldValue;
use rolecall::model::holds::Hold;
use rolecall::model::ledger::{LedgerUpdate, Recorder};

use crate::ledger_support::*;

/// What guards hold is on record before the first request: a run that is killed forgets nothing of it.
#[test]
fn holds_are_on_record_before_the_first_request() {
    let world = PathWorld::new();
    let hold = |id: &str| Hold {
        guard: Guard::Leavers,
        object: Object::User(id.parse().unwrap()),
        facet: Facet::Life,
        value: None,
        commit: Some("c0ffee".into()),
    };
    let read = || -> Vec<String> {
        let holds = world.store().read().unwrap().snapshot.apps["hr"].holds.clone();
        holds.keys().map(|key| key.object.to_string()).collect()
    };
    let mut asked = request(world.folder.path(), "r1", "hr", &["ada"]);
    asked.held = [("hr".into(), vec![hold("bob"), hold("cy")])].into();
    let run = world.store().begin(asked, &mut |_| true).unwrap();
    assert_eq!(read(), ["user:bob", "user:cy"], "before the first request");
    let held = vec![hold("dee"), hold("cy")];
    let again = Intended {
        app: "hr".into(),
        intents: Vec::new(),
        values: Default::default(),
        lost: Default::default(),
        held,
    };
    run.intend(&[again]).unwrap();
    drop(run);
    assert_eq!(read(), ["user:bob", "user:cy", "user:dee"], "after a kill");
    // The results say what is held no longer.
    let run = begin(&world.store(), world.folder.path(), "r2", "hr", &[]).unwrap();
    let over = vec![hold("cy").key()];
    run.record(&[], &[LedgerUpdate::Held { now: vec![hold("bob")], over }]).unwrap();
    run.finish(Vec::new()).unwrap();
    assert_eq!(read(), ["user:bob", "user:dee"]);
}

/// A run that is killed keeps both: the next reading shows which of them the files ask for.
#[test]
fn a_hold_of_another_value_is_an_entry_of_its_own() {
    let world = PathWorld::new();
    let key = HashKey::new([7; 32]);
    let hold = |title: Option<&str>| Hold {
        guard: Guard::Update,
        object: Object::User("ada".into()),
        facet: Facet::Attribute("title".into()),
        value: title.map(|title| HeldValue::of(&key, "title", &title.into())),
        commit: None,
    };
    let mut asked = request(world.folder.path(), "r1", "hr", &["ada"]);
    asked.held = [("hr".into(), vec![hold(Some("Chief")), hold(None), hold(Some(""))])].into();
    drop(world.store().begin(asked, &mut |_| true).unwrap());
    let holds = world.store().read().unwrap().snapshot.apps["hr"].holds.clone();
    let expected = [hold(None), hold(Some("")), hold(Some("Chief"))];
    assert_eq!(holds.keys().cloned().collect::<Vec<_>>(), expected.map(|hold| hold.key()));
    let file = world.text("apps/hr/holds.jsonl");
    assert!(!file.contains("hief"), "{file}");
}
