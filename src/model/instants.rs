//! The instants that runs wrote down in the ledger of an app, by the clocks of their machines (safety.md 7). The dates of
//! the files are none of them, and neither is a lease.

use super::attribute_hashes::AttributeHashes;
use super::ledger::{AppLedger, LinkState};
use super::time::Timestamp;

pub use super::time::TOLERANCE;

/// The last one.
pub fn last(ledger: &AppLedger) -> Option<Timestamp> {
    let whole = ledger.completed.into_iter().chain(ledger.applied.as_ref().map(|applied| applied.at));
    let losses = ledger.losses.iter().map(|losses| losses.at);
    let states = ledger.users.values().filter_map(|link| match link.state {
        LinkState::Active => None,
        LinkState::Disabled { since, .. } | LinkState::Gone { since, .. } => Some(since),
    });
    let users = ledger.users.values().map(|link| &link.values);
    let values = users.chain(ledger.groups.values().map(|link| &link.values));
    let values = values.flat_map(AttributeHashes::instants);
    let seen = ledger.interventions.values().map(|seen| seen.at);
    let earlier = ledger.earlier.iter().map(|earlier| earlier.until);
    let begun = ledger.intents.iter().flat_map(|intent| &intent.attempts).map(|attempt| attempt.at);
    whole.chain(earlier).chain(losses).chain(states).chain(values).chain(seen).chain(begun).max()
}

/// Sets every instant that is later than `now` back to `now`; true if there was one.
pub fn set_back(ledger: &mut AppLedger, now: Timestamp) -> bool {
    let before = last(ledger);
    let set = |at: &mut Timestamp| *at = (*at).min(now);
    ledger.completed.iter_mut().for_each(set);
    ledger.applied.iter_mut().for_each(|applied| set(&mut applied.at));
    ledger.earlier.iter_mut().for_each(|earlier| set(&mut earlier.until));
    ledger.losses.iter_mut().for_each(|losses| set(&mut losses.at));
    ledger.interventions.values_mut().for_each(|seen| set(&mut seen.at));
    let begun = ledger.intents.iter_mut().flat_map(|intent| &mut intent.attempts);
    begun.for_each(|attempt| set(&mut attempt.at));
    for link in ledger.users.values_mut() {
        match &mut link.state {
            LinkState::Active => {}
            LinkState::Disabled { since, .. } | LinkState::Gone { since, .. } => set(since),
        }
    }
    let users = ledger.users.values_mut().map(|link| &mut link.values);
    for values in users.chain(ledger.groups.values_mut().map(|link| &mut link.values)) {
        values.set_back(now);
    }
    before.is_some_and(|before| before > now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{ChangeKey, Facet, Object};
    use crate::model::hash::HashKey;
    use crate::model::ledger::{
        Applied, Attempt, Earlier, GroupKey, GroupLink, Hashes, Link, Losses, OpenIntent, Origin,
    };
    use crate::model::{AttributeHashes, Value};

    #[test]
    fn every_instant_is_seen_and_set_back() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let key = HashKey::new([7; 32]);
        let hashes = |hour| -> AttributeHashes {
            let (value, at) = (Value::str("x"), at(hour));
            [("title".into(), Hashes::of(&key, "title", &value, &value, at))].into_iter().collect()
        };
        let mut link = Link::new("1".into(), Origin::Created);
        link.state = LinkState::Disabled { since: at(6), commit: None };
        link.values = hashes(7);
        let mut gone = Link::new("2".into(), Origin::Created);
        gone.state = LinkState::Gone { since: at(8), commit: None };
        let mut group = GroupLink::new("3".into(), Origin::Created);
        group.values = hashes(9);
        let applied = Applied { commit: None, at: at(4), people: 0, users_per_file: Default::default() };
        let mut ledger = AppLedger {
            completed: Some(at(3)),
            applied: Some(applied),
            users: [("ada".into(), link), ("bob".into(), gone)].into(),
            groups: [(GroupKey::Group("staff".into()), group)].into(),
            earlier: vec![Earlier { commit: "c0ffee".into(), until: at(10) }],
            intents: vec![OpenIntent {
                run: "r1".into(),
                key: ChangeKey { app: "hr".into(), object: Object::User("ada".into()), facet: Facet::Life },
                looked_up: false,
                attempts: vec![Attempt { at: at(11), commit: None }],
            }],
            losses: vec![Losses { run: "r1".into(), at: at(5), commit: None, lost: Default::default() }],
            ..AppLedger::default()
        };
        // From the last one to the first one: each is seen, and then it is the last one no more.
        for hour in (3..=11).rev() {
            assert_eq!(last(&ledger), Some(at(hour)));
            assert!(set_back(&mut ledger, at(hour - 1)));
            assert!(!set_back(&mut ledger, at(hour - 1)));
        }
        assert_eq!(last(&ledger), Some(at(2)));
        assert_eq!(last(&AppLedger::default()), None);
    }
}
