//! The same change on many people, in one line with a count. Never folded: losses, privileged access, access that
//! drifted, and what people sign in with.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Reason, Shown};
use crate::model::span::Place;
use crate::render::figures::counted;
use crate::render::line::{Line, Tone};
use crate::render::subject::{Subject, effect};
use crate::render::{value, words};

/// The same attribute on this many people is one line.
const SAME_UPDATE: usize = 3;
/// The same group or role for this many people is one line.
const SAME_GAIN: usize = 10;
/// New accounts for the same reason are one line from here on.
const SAME_CREATE: usize = 3;
/// With more different first reasons than this, new accounts are not told apart by them.
const REASONS: usize = 20;

/// Changes of one kind and cause on many people.
#[derive(Debug)]
pub(crate) struct Fold<'p> {
    /// At least one; sorted by key.
    pub changes: Vec<&'p Change>,
}

/// One pair of before and after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Transition<'p> {
    /// The first change with it.
    pub first: &'p Change,
    /// How many have it.
    pub count: u64,
}

impl<'p> Fold<'p> {
    /// One of them, for what they share.
    pub(crate) fn first(&self) -> Option<&'p Change> {
        self.changes.first().copied()
    }

    /// How many people.
    pub(crate) fn people(&self) -> u64 {
        self.changes.len() as u64
    }

    /// `~ update department: Eng → Engineering, on 40 people`, `+ add 34 members to group platform`; without the cause.
    pub(crate) fn headline(&self) -> Line {
        let Some(first) = self.first() else {
            return Line::new();
        };
        let (sign, tone) = words::sign(first.kind);
        let line = Line::new().add(tone, sign).plain(" ");
        let act = words::act_of(first);
        let people = counted(self.people(), "person", "people");
        match (&first.key.object, effect(first.kind, &first.key)) {
            (_, ChangeKind::Create) => {
                let accounts = counted(self.people(), "account", "accounts");
                line.add(tone, "create ").plain(accounts)
            }
            (Object::Group(group), ChangeKind::MemberAdd) => {
                let members = counted(self.people(), "member", "members");
                let line = line.add(tone, "add ").plain(members).plain(" to group ");
                line.solid(Tone::Strong, group.as_str())
            }
            (_, ChangeKind::Update) => match self.transitions().as_slice() {
                [one] => {
                    let line = line.join(act).plain(": ").join(value::change(&one.first.old, &one.first.new));
                    line.plain(format!(", on {people}"))
                }
                _ => line.join(act).plain(format!(" on {people}")),
            },
            _ => line.join(act).plain(format!(" to {people}")),
        }
    }

    /// Before and after, most frequent first, with counts and the first one who has it.
    pub(crate) fn transitions(&self) -> Vec<Transition<'p>> {
        let mut found: BTreeMap<(&Shown, &Shown), Transition> = BTreeMap::new();
        for first in &self.changes {
            let new = Transition { first, count: 0 };
            found.entry((&first.old, &first.new)).or_insert(new).count += 1;
        }
        let mut list: Vec<_> = found.into_values().collect();
        list.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.first.key.cmp(&b.first.key)));
        list
    }

    /// First reasons with the number of people, most frequent first.
    pub(crate) fn starts(&self) -> Vec<(Shared, u64)> {
        let mut counts: BTreeMap<Shared, u64> = BTreeMap::new();
        for reason in self.changes.iter().filter_map(|change| general(change).next()) {
            *counts.entry(reason).or_default() += 1;
        }
        let mut list: Vec<_> = counts.into_iter().collect();
        list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        list
    }

    /// The start of the chain that all share; the person stands as "each", a place is kept if it is the same for all.
    /// The flag says that the chains go on differently.
    pub(crate) fn shared_reasons(&self) -> (Vec<Shared>, bool) {
        let Some(first) = self.first() else {
            return (Vec::new(), false);
        };
        let mut shared: Vec<Shared> = general(first).collect();
        let mut differ = false;
        for change in &self.changes[1..] {
            let common =
                shared.iter_mut().zip(general(change)).take_while(|(kept, other)| kept.text == other.text);
            let mut length = 0;
            for (kept, other) in common {
                keep_place(&mut kept.place, other.place);
                length += 1;
            }
            differ |= length < shared.len() || length < change.reasons.len();
            shared.truncate(length);
        }
        (shared, differ)
    }
}

fn keep_place(kept: &mut Option<Place>, other: Option<Place>) {
    if *kept != other {
        *kept = None;
    }
}

/// A fact that many people share, in the words for all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shared {
    pub text: String,
    /// None if it is not the same for all.
    pub place: Option<Place>,
}

/// The facts of a change in the words for many people.
fn general(change: &Change) -> impl Iterator<Item = Shared> + '_ {
    change.reasons.iter().map(move |reason| Shared {
        text: match Subject::of_change(change) {
            Subject::Person(id) => reason.fact.for_each(id),
            Subject::Account(_) | Subject::InnerGroup(_) | Subject::Group(_) | Subject::RoleGroup(_) => {
                reason.fact.to_string()
            }
        },
        place: reason.place.clone(),
    })
}

/// True if a change may stand in a fold at all.
pub(super) fn may_fold(change: &Change) -> bool {
    let of_user = matches!(Subject::of_change(change), Subject::Person(_));
    let gains = matches!(change.kind, ChangeKind::MemberAdd | ChangeKind::RoleGrant);
    of_user
        && !change.privileged
        && match change.kind {
            ChangeKind::Update => !is_identity(change),
            _ => gains && change.cause != Cause::Drift,
        }
}

/// True for attributes people are known or sign in by: each of their changes is shown alone. The plan marks names and our
/// ids. Addresses and other logins are told by what apps call them, because a mark on them would change the stored form
/// of plans.
fn is_identity(change: &Change) -> bool {
    let (Facet::Attribute(path), Object::User(_)) = (&change.key.facet, &change.key.object) else {
        return false;
    };
    let path = path.to_ascii_lowercase();
    let last = path.rsplit([':', '.']).next().unwrap_or(&path);
    change.identity || path.starts_with("emails") || matches!(last, "login" | "mail" | "email" | "upn")
}

/// New accounts by their first reason. Small rests are left to blocks of their own.
pub(super) fn creates<'p>(creates: &[&'p Change]) -> Vec<Fold<'p>> {
    let first = |change: &&'p Change| change.reasons.first();
    let different: BTreeSet<_> = creates.iter().map(first).collect();
    let tell_apart = different.len() <= REASONS;
    let mut groups: BTreeMap<(Cause, Option<&Reason>), Vec<&'p Change>> = BTreeMap::new();
    for change in creates {
        let why = if tell_apart { change.reasons.first() } else { None };
        groups.entry((change.cause, why)).or_default().push(change);
    }
    let mut folds: Vec<_> = groups
        .into_values()
        .filter(|changes| changes.len() >= SAME_CREATE)
        .map(|changes| Fold { changes })
        .collect();
    folds.sort_by_cached_key(|fold| {
        let first = fold.first().map(|change| {
            (
                change.cause,
                change.reasons.first().map(|reason| (reason.fact.to_string(), reason.place.clone())),
            )
        });
        (std::cmp::Reverse(fold.changes.len()), first)
    });
    folds
}

/// What makes gains and updates the same.
type Likeness<'p> = (ChangeKind, Option<&'p Object>, Option<&'p Facet>, Cause);

/// Gains of one group or role, and updates of one attribute, by cause. Changes that are too rare come back as they are.
pub(super) fn alike(changes: Vec<&Change>) -> (Vec<Fold<'_>>, Vec<&Change>) {
    let mut groups: BTreeMap<Likeness, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        groups.entry(likeness(change)).or_default().push(change);
    }
    let (mut folds, mut single) = (Vec::new(), Vec::new());
    for (_, mut changes) in groups {
        let least = if changes.iter().any(|change| change.kind == ChangeKind::Update) {
            SAME_UPDATE
        } else {
            SAME_GAIN
        };
        if changes.len() < least {
            single.extend(changes);
        } else {
            changes.sort_by(|a, b| a.key.cmp(&b.key));
            folds.push(Fold { changes });
        }
    }
    let order = |fold: &Fold| {
        let is_update = fold.first().is_some_and(|change| change.kind == ChangeKind::Update);
        (is_update, std::cmp::Reverse(fold.changes.len()))
    };
    folds.sort_by_key(order);
    (folds, single)
}

fn likeness(change: &Change) -> Likeness<'_> {
    let kind = effect(change.kind, &change.key);
    match (&change.key.object, &change.key.facet) {
        (object @ (Object::Group(_) | Object::Role(_)), _) => (kind, Some(object), None, change.cause),
        (_, facet) => (kind, None, Some(facet), change.cause),
    }
}
