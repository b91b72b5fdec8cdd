//! How guards are judged: for the whole app, for each group, or for each attribute.

use std::sync::Arc;

use super::count::{Count, counted, grouped, of_window, shrinking};
use super::held;
use super::input::GuardInput;
use super::leavers;
use super::power;
use super::report::Judged;
use crate::model::change::{Change, Facet};
use crate::model::guard::{Base, Guard, of_one_group};
use crate::model::ledger::GroupKey;
use crate::plan::draft::{Bases, Draft};

/// How a guard is judged.
pub(super) enum Rule {
    /// The people in the app, against the guard's limit.
    Total(Guard),
    /// Of the leavers, those of each commit, against the guard's limit.
    LeaversOfEachCommit,
    /// The losses of each group or role, against the limit for one of them.
    EachGroup,
    /// Losses of each role that gives power.
    LossesOfPower,
    /// The people who gain power.
    GainsOfPower,
    /// The people for each attribute: overwritten, and cleared.
    EachAttribute(Guard),
}

impl Rule {
    /// The counts, each with the changes to hold back.
    pub(super) fn judge(&self, draft: &Draft, input: &GuardInput) -> Vec<Judged> {
        match self {
            Rule::Total(guard) => in_total(draft, input, *guard),
            Rule::LeaversOfEachCommit => leavers::judge(draft, input),
            Rule::LossesOfPower => power::losses(draft, input),
            Rule::GainsOfPower => power::gains(draft, input).into_iter().collect(),
            Rule::EachGroup => each_group(draft, input),
            Rule::EachAttribute(guard) => each_attribute(draft, input, *guard),
        }
    }
}

/// Nothing if there is nothing to count.
fn in_total(draft: &Draft, input: &GuardInput, guard: Guard) -> Vec<Judged> {
    let counts = held::counts(draft, input, guard, counted(draft, guard)).into_iter();
    let judged = counts.enumerate().map(|(place, changes)| {
        let recent = of_window(draft, input, guard, None);
        let count = Count { guard, of: None, changes, recent, base: base(&draft.bases, guard) };
        (place, count.judge(draft, &guard.terms(input.limits.of(guard))))
    });
    // What is held is reported by its hold, unless its number is over the limit.
    let is_told = |(place, judged): &(usize, Judged)| match place {
        0 => judged.report.count > 0,
        _ => judged.report.tripped,
    };
    judged.filter(is_told).map(|(_, judged)| judged).collect()
}

/// Reports only the groups and roles over the limit.
fn each_group(draft: &Draft, input: &GuardInput) -> Vec<Judged> {
    let guards = Guard::ALL.into_iter().filter_map(|guard| Some((guard, guard.row().each_of?)));
    let judged = guards.flat_map(|(guard, is_of)| {
        let groups = grouped(draft, &counted(draft, guard), shrinking);
        // What is given up as a whole counts in the total only: that is one decision, and an ordinary one.
        let is_judged = move |group: &GroupKey| is_of(group) && !draft.bases.given_up.contains(group);
        let groups = groups.into_iter().filter(move |(group, _)| is_judged(group));
        let people = self::base(&draft.bases, guard);
        groups.map(move |(group, changes)| {
            let base = draft.bases.per_group.get(&group).copied().unwrap_or(0);
            let recent = of_window(draft, input, guard, Some(&group));
            let count = Count { guard, of: Some(group.to_string()), changes, recent, base };
            count.judge(draft, &of_one_group(base, people))
        })
    });
    judged.filter(|judged| judged.report.tripped).collect()
}

/// Reports only the attributes, and roles with another value, over the limit.
fn each_attribute(draft: &Draft, input: &GuardInput, guard: Guard) -> Vec<Judged> {
    let set = input.limits.of(guard);
    let attributes = grouped(draft, &counted(draft, guard), Overwritten::of);
    let counts = attributes.into_iter().flat_map(|(what, changes)| {
        let counts = held::counts(draft, input, guard, changes);
        counts.into_iter().map(move |changes| (what.clone(), changes))
    });
    let judged = counts.map(|(what, changes)| {
        let (of, terms, base) = match what {
            Overwritten::Attribute(path, true) => {
                (format!("{path} (cleared)"), guard.terms_of_cleared(set), draft.bases.values.get(path))
            }
            Overwritten::Attribute(path, false) => {
                (path.to_string(), guard.terms(set), draft.bases.values.get(path))
            }
            Overwritten::Role(role) => (role.to_string(), guard.terms(set), draft.bases.per_group.get(&role)),
        };
        let (base, recent) = (base.copied().unwrap_or(0), Default::default());
        Count { guard, of: Some(of), changes, recent, base }.judge(draft, &terms)
    });
    judged.filter(|judged| judged.report.tripped).collect()
}

/// What is overwritten in many accounts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Overwritten<'d> {
    /// An attribute, and whether it is cleared.
    Attribute(&'d Arc<str>, bool),
    /// The value of a role that its holders keep.
    Role(GroupKey),
}

impl<'d> Overwritten<'d> {
    fn of(change: &'d Change) -> Option<Self> {
        match (&change.key.facet, change.key.facet.role()) {
            (Facet::Attribute(path), _) => Some(Self::Attribute(path, change.new.text.is_none())),
            (_, role) => role.cloned().map(GroupKey::Role).map(Self::Role),
        }
    }
}

/// The number that a guard's share is of. What is judged one by one has a base of its own.
fn base(bases: &Bases, guard: Guard) -> u64 {
    match guard.row().base {
        Base::Accounts => bases.accounts,
        Base::Links => bases.links,
        Base::Members => bases.members,
        Base::Grantees => bases.grantees,
        Base::InDomain => bases.in_domain,
        Base::Values | Base::Power | Base::People | Base::Holders => 0,
    }
}
