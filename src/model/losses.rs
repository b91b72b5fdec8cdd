//! Losses of access in the last day, by run and by person, for the guards (safety.md 11).

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::change::Object;
use super::group_key::GroupKey;
use super::guard::Guard;
use super::rename::{self, Renames};
use super::time::Timestamp;

/// Window over which losses count together (safety.md 11), in hours.
const LOSS_WINDOW_HOURS: i64 = 24;

/// Losses of access that one run set out to do, except those that did not happen or were taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Losses {
    pub run: Arc<str>,
    /// When they were intended.
    pub at: Timestamp,
    /// The commit that was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Arc<str>>,
    pub lost: BTreeSet<Loss>,
}

impl Losses {
    /// True if they count at this instant. What a clock that was ahead wrote down counts once its instant has come.
    pub fn count_at(&self, now: Timestamp) -> bool {
        let horizon = now.as_second() - LOSS_WINDOW_HOURS * 3600;
        self.at <= now && self.at.as_second() > horizon
    }
}

/// Somebody who lost something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// The guard that counts it.
    pub guard: Guard,
    /// A person, or an account that is no person's.
    pub who: Object,
    /// The group or role, if it is one that was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<GroupKey>,
    /// For a leaver, the commit that typed the person as out, if git said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typed_by: Option<Arc<str>>,
    /// It was allowed by name: later plans do not count it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allowed: bool,
}

/// The losses that format 1 of the ledger counted, without people: they are read and dropped, because they would count
/// for a day only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "serde::de::IgnoredAny")]
pub struct OldLosses;

impl From<serde::de::IgnoredAny> for OldLosses {
    fn from(_: serde::de::IgnoredAny) -> Self {
        Self
    }
}

/// Takes down the losses that a run intends, instead of those that it intended before. Those that did not count any more at
/// the losses before these are dropped.
pub fn intend_losses(all: &mut Vec<Losses>, losses: Losses) {
    // Not by the clock of this run: one that is far ahead for once would forget everything.
    let last = all.iter().map(|earlier| earlier.at).filter(|at| *at < losses.at).max();
    let horizon = last.unwrap_or(losses.at).as_second() - LOSS_WINDOW_HOURS * 3600;
    all.retain(|earlier| earlier.at.as_second() > horizon && earlier.run != losses.run);
    if !losses.lost.is_empty() {
        all.push(losses);
    }
}

/// Drops losses, each with the run that intended it.
pub(super) fn forget(all: &mut Vec<Losses>, which: impl Fn(&str, &Loss) -> bool) {
    for Losses { run, lost, .. } in all.iter_mut() {
        lost.retain(|loss| !which(run, loss));
    }
    all.retain(|losses| !losses.lost.is_empty());
}

/// Moves what was lost to today's ids.
pub(super) fn rename(all: &mut [Losses], renames: &Renames<'_>) {
    let today = |loss: &Loss| {
        let of = loss.of.as_ref().and_then(|of| renames.group(of)).map(Some);
        let (who, of) = rename::either((&loss.who, &loss.of), (renames.object(&loss.who), of))?;
        Some(Loss { who, of, ..loss.clone() })
    };
    for losses in all {
        let moved: Vec<(Loss, Loss)> =
            losses.lost.iter().filter_map(|loss| Some((loss.clone(), today(loss)?))).collect();
        moved.iter().for_each(|(from, _)| _ = losses.lost.remove(from));
        losses.lost.extend(moved.into_iter().map(|(_, to)| to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ledger::{AppLedger, GroupLink, LedgerUpdate, Link, LinkState, Origin};

    #[test]
    fn losses_that_did_not_happen_or_were_taken_back_are_forgotten() {
        let team = GroupKey::of(&Object::Group("team".into())).unwrap();
        let admin = GroupKey::of(&Object::Role("admin".into())).unwrap();
        let loss = |guard, id: &str, of: Option<&GroupKey>| Loss {
            guard,
            who: Object::User(id.parse().unwrap()),
            of: of.cloned(),
            typed_by: None,
            allowed: false,
        };
        let account = |id: &str| loss(Guard::Deprovision, id, None);
        let lost = [
            account("ada"),
            account("bob"),
            loss(Guard::Membership, "cy", Some(&team)),
            loss(Guard::Revoke, "cy", Some(&admin)),
            loss(Guard::Gain, "cy", Some(&admin)),
        ];
        let mut ledger = AppLedger::default();
        let off = Link {
            state: LinkState::Disabled { since: Timestamp::UNIX_EPOCH, commit: None },
            ..Link::new("2".into(), Origin::Created)
        };
        ledger.users.insert("bob".into(), off);
        ledger.users.insert("cy".into(), Link::new("3".into(), Origin::Created));
        ledger.groups.insert(team.clone(), GroupLink::new("g1".into(), Origin::Created));
        let losses = Losses {
            run: "r1".into(),
            at: Timestamp::UNIX_EPOCH,
            commit: None,
            lost: lost.iter().cloned().collect(),
        };
        intend_losses(&mut ledger.losses, losses);
        let left =
            |ledger: &AppLedger| -> usize { ledger.losses.iter().map(|losses| losses.lost.len()).sum() };
        ledger.fold(LedgerUpdate::NotLost { run: "r2".into(), lost: vec![account("ada")] });
        assert_eq!(left(&ledger), 5, "another run's");
        ledger.fold(LedgerUpdate::NotLost { run: "r1".into(), lost: vec![account("ada")] });
        assert_eq!(left(&ledger), 4);
        let on = Link::new("2".into(), Origin::Created);
        ledger.fold(LedgerUpdate::PutUser { id: "bob".into(), link: on });
        assert_eq!(left(&ledger), 3, "the account is on again");
        let holds = Link { roles: ["admin".into()].into(), ..Link::new("3".into(), Origin::Created) };
        ledger.fold(LedgerUpdate::PutUser { id: "cy".into(), link: holds });
        assert_eq!(left(&ledger), 2, "the role is held again, which is the gain");
        ledger.fold(LedgerUpdate::PutUser { id: "cy".into(), link: Link::new("3".into(), Origin::Created) });
        assert_eq!(left(&ledger), 1, "the role is lost again");
        let (added, found, removed) = (vec!["cy".into()], Vec::new(), Vec::new());
        ledger.fold(LedgerUpdate::Members { key: team, added, found, removed });
        assert!(ledger.losses.is_empty(), "nothing is left of the run");
    }

    #[test]
    fn a_clock_that_is_ahead_for_one_run_forgets_no_losses() {
        let lost = |run: &str, hours: i64, id: &str| {
            let who = Object::User(id.parse().unwrap());
            let loss = Loss { guard: Guard::Deprovision, who, of: None, typed_by: None, allowed: false };
            let at = Timestamp::from_second(hours * 3600).unwrap();
            Losses { run: run.into(), at, commit: None, lost: [loss].into() }
        };
        let runs = |all: &[Losses]| all.iter().map(|losses| losses.run.to_string()).collect::<Vec<_>>();
        let mut all = Vec::new();
        intend_losses(&mut all, lost("r1", 1, "ada"));
        // A year ahead, with a loss or without one, and the right time again.
        intend_losses(&mut all, Losses { lost: BTreeSet::new(), ..lost("r2", 8760, "bob") });
        intend_losses(&mut all, lost("r3", 8761, "cy"));
        intend_losses(&mut all, lost("r4", 2, "dan"));
        assert_eq!(runs(&all), ["r1", "r3", "r4"]);
        // Days on which nothing is wrong keep two days at most.
        let mut all = Vec::new();
        for day in 0..4 {
            intend_losses(&mut all, lost(&format!("r{day}"), 20 * day, "ada"));
        }
        assert_eq!(runs(&all), ["r1", "r2", "r3"]);
    }
}
