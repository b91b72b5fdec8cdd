//! The ledger's own word turns nothing on, and what was seen of another hand counts until it is released (rules 5 and 13).

use insta::assert_snapshot;
use rolecall::model::ledger::LinkState;

use super::rule_13_drift::{disabled_by_somebody, settled};

#[test]
fn rule_13_the_ledgers_word_alone_turns_nothing_on() {
    // The entry says that we disabled the account, at a commit that declares the person active: another hand did it.
    let mut world = settled();
    let commit = world.ledger.applied.as_ref().unwrap().commit.clone();
    world.ledger.users.get_mut("ada").unwrap().state = LinkState::Disabled { since: world.at, commit };
    world.things.get_mut("new-ada").unwrap().active = false;
    assert_snapshot!(world.plan().short(), @"4 enable user:ada (drift) privileged HELD by drift");
}

/// What was seen of another hand counts until it is released, whatever an entry of the ledger or an open intent says.
#[test]
fn rule_13_what_was_seen_counts_more_than_an_entry_that_says_it_was_us() {
    let seen = disabled_by_somebody().applied();
    assert_eq!(seen.ledger.interventions.len(), 1);
    let stands = "! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada";
    // An entry from the time when ada was suspended.
    let mut restored = seen.clone();
    restored.ledger.users.get_mut("ada").unwrap().state =
        LinkState::Disabled { since: restored.at, commit: Some("left".into()) };
    assert_eq!(restored.plan().short().trim(), stands);
    assert_eq!(seen.intent("ada").plan().short().trim(), stands);
}
