//! How guards are judged: for the whole app, for each group, or for each attribute.

use std::collections::BTreeSet;

use super::count::{
    Count, counted, first_ten, grouped, members, recent, recent_of, select, shrinking, total,
};
use super::input::GuardInput;
use super::report::Judged;
use crate::model::change::{ChangeKind, Facet};
use crate::model::guard::{Base, Guard, OneGroup};
use crate::model::limit::{Limit, Terms};
use crate::plan::draft::{Bases, Draft};

/// How a guard is judged.
pub(super) enum Rule {
    /// The total in the app, against the guard's limit.
    Total(Guard, Hold),
    /// The losses of each group, against the limit for one group in the row of its guard.
    EachGroup,
    /// The count for each attribute.
    EachAttribute(Guard),
}

/// What a guard holds back if it trips.
#[derive(Clone, Copy)]
pub(super) enum Hold {
    /// Every loss that nobody declared.
    UndeclaredLosses,
    /// The changes that it counted.
    Counted,
    /// All changes of the people that it counted.
    TheirChanges,
}

impl Rule {
    /// The counts, each with the changes to hold back.
    pub(super) fn judge(&self, draft: &Draft, input: &GuardInput) -> Vec<Judged> {
        match self {
            Rule::Total(guard, hold) => in_total(draft, input, *guard, *hold).into_iter().collect(),
            Rule::EachGroup => each_group(draft, input),
            Rule::EachAttribute(guard) => each_attribute(draft, input, *guard),
        }
    }
}

/// `None` if there is nothing to count.
fn in_total(draft: &Draft, input: &GuardInput, guard: Guard, hold: Hold) -> Option<Judged> {
    let counted = counted(draft, guard);
    if counted.is_empty() {
        return None;
    }
    let count = Count {
        guard,
        of: None,
        count: total(draft, guard, &counted),
        recent: recent(input, guard),
        base: base(&draft.bases, guard),
        first: first_ten(draft, &counted),
    };
    let report = count.judge(draft, &guard.terms(input.limits.of(guard)), input.allowed);
    let hold = match hold {
        Hold::UndeclaredLosses => {
            select(draft, |change| change.kind.is_loss() && !change.cause.is_declared())
        }
        Hold::Counted => counted,
        Hold::TheirChanges => {
            let objects: BTreeSet<_> =
                counted.iter().map(|index| &draft.changes[*index].key.object).collect();
            select(draft, |change| objects.contains(&change.key.object))
        }
    };
    Some(Judged { report, hold })
}

/// Reports only the groups over the limit.
fn each_group(draft: &Draft, input: &GuardInput) -> Vec<Judged> {
    let limits = Guard::ALL.into_iter().filter_map(|guard| Some((guard, guard.row().one_group.as_ref()?)));
    let limits: Vec<(Guard, &OneGroup)> = limits.collect();
    let mut lost: Vec<usize> = limits.iter().flat_map(|(guard, _)| counted(draft, *guard)).collect();
    lost.sort_unstable();
    let groups = grouped(draft, &lost, |change| shrinking(draft, change));
    let judged = groups.into_iter().filter_map(|(group, counted)| {
        let (guard, limit) = *limits.iter().find(|(_, limit)| (limit.is_of)(&group))?;
        let members = members(draft, &group).unwrap_or(0);
        let recent = recent_of(input, &group);
        let deleted = counted.iter().any(|index| draft.changes[*index].kind == ChangeKind::GroupDelete);
        // The base is the number of members at the start of the 24 hours.
        let base = members.saturating_add(recent);
        let count = Count {
            guard,
            of: Some(group.to_string()),
            count: if deleted { members } else { counted.len() as u64 },
            recent,
            base,
            first: first_ten(draft, &counted),
        };
        let set = Limit { count: None, percent: input.limits.of(guard).percent };
        let report = count.judge(draft, &Terms::of(limit.default, set), input.allowed);
        (base > limit.above && report.is_over()).then_some(Judged { report, hold: counted })
    });
    judged.collect()
}

/// Reports only the attributes over the limit.
fn each_attribute(draft: &Draft, input: &GuardInput, guard: Guard) -> Vec<Judged> {
    let terms = guard.terms(input.limits.of(guard));
    let attributes = grouped(draft, &counted(draft, guard), |change| match &change.key.facet {
        Facet::Attribute(path) => Some(path),
        _ => None,
    });
    let judged = attributes.into_iter().map(|(path, counted)| {
        let count = Count {
            guard,
            of: Some(path.to_string()),
            count: total(draft, guard, &counted),
            recent: recent(input, guard),
            base: base(&draft.bases, guard),
            first: first_ten(draft, &counted),
        };
        Judged { report: count.judge(draft, &terms, input.allowed), hold: counted }
    });
    judged.filter(|judged| judged.report.is_over()).collect()
}

/// The number that a guard's percentage refers to. People and holders are counted where they are judged.
fn base(bases: &Bases, guard: Guard) -> u64 {
    match guard.row().base {
        Base::Accounts => bases.accounts,
        Base::Links => bases.links,
        Base::Memberships => bases.memberships,
        Base::Grants => bases.roles,
        Base::People | Base::Holders => 0,
    }
}
