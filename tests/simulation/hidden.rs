//! Accounts that no list shows: what the app refused because of one of them is foreseen from then on (safety.md 2).

use rolecall::model::change::ChangeKind;
use rolecall::model::intervention::Hand;
use rolecall::model::op::OutcomeKind;
use rolecall::plan::NoticeKind;

use super::small::{self, quiet};
use super::world::{Run, World};

/// Ada has an account, and eve is to have one, whose login an account of the app has that its lists leave out.
fn hidden(is_active: bool) -> World {
    let mut world = small::world(small::company(&["ada"]));
    world.run(quiet());
    {
        let mut app = world.target.app();
        app.put("7", "eve@acme.example");
        app.accounts.get_mut("7").expect("it was put there").active = is_active;
        app.hidden.insert("7".to_owned());
    }
    small::join(&mut world.company, "eve");
    world
}

fn creates(run: &Run) -> usize {
    run.plan.to_do().filter(|change| change.kind == ChangeKind::Create).count()
}

fn is_known(world: &World) -> bool {
    world.ledger.read().interventions.keys().any(|(_, hand)| matches!(hand, Hand::Taken(_)))
}

#[test]
fn a_create_that_was_refused_is_not_planned_and_refused_again() {
    let mut world = hidden(false);
    let first = world.run(quiet());
    assert_eq!(creates(&first), 1);
    let refused = first.result.expect("a run that lived");
    assert_eq!(refused.failed().filter(|change| change.outcome == OutcomeKind::Refused).count(), 1);
    assert!(is_known(&world));
    for _ in 0..2 {
        let next = world.run(quiet());
        assert_eq!(creates(&next), 0);
        let is_named = next.plan.notices.iter().any(|notice| notice.text.contains("eve@acme.example"));
        assert!(is_named, "{:?}", next.plan.notices);
    }
    // Once that account is gone, the create goes on.
    world.target.app().remove_account("7");
    let next = world.run(quiet());
    assert_eq!(creates(&next), 1);
    assert!(!is_known(&world));
    small::lives(&world, "eve");
}

#[test]
fn an_account_that_no_list_shows_is_named_with_the_line_that_binds_it() {
    let mut world = hidden(true);
    world.run(quiet());
    let next = world.run(quiet());
    let adopts = next.plan.to_do().filter(|change| change.kind == ChangeKind::Adopt).count();
    // A list that left somebody out may have left out another one who matches.
    assert_eq!((creates(&next), adopts), (0, 0));
    let named = next.plan.notices.iter().find(|notice| notice.kind == NoticeKind::NotAdopted);
    let hint = named.and_then(|notice| notice.hint.as_deref());
    assert!(hint.is_some_and(|hint| hint.contains("`links: {eve: \"7\"}`")), "{named:?}");
    assert!(is_known(&world));
}

#[test]
fn a_login_that_was_refused_is_not_sent_again() {
    let mut world = hidden(false);
    small::person(&mut world.company, "eve").email = "eva@acme.example".to_owned();
    world.run(quiet());
    small::lives(&world, "eve");
    small::person(&mut world.company, "eve").email = "eve@acme.example".to_owned();
    assert_eq!(world.run(quiet()).plan.to_do().count(), 1);
    assert!(is_known(&world));
    let next = world.run(quiet());
    assert_eq!(next.plan.to_do().count(), 0, "{:?}", next.plan.changes);
    assert!(next.plan.notices.iter().any(|notice| notice.kind == NoticeKind::NotPossible));
}
