//! Losses and gains of power (safety.md 10, 11). Power is small and concentrated: a role that all of its holders lose
//! together, or most of them, is held at any size.

use std::collections::{BTreeMap, BTreeSet};

use super::count::{Count, counted, of_window};
use super::input::GuardInput;
use super::report::Judged;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object};
use crate::model::guard::Guard;
use crate::model::ledger::GroupKey;
use crate::model::{RoleId, UserId};
use crate::plan::draft::Draft;

/// Losses of one role that gives power.
struct Losing<'d> {
    role: &'d RoleId,
    /// Places of the changes by which a holder loses it without a declaration.
    changes: Vec<usize>,
    /// Who loses it now, and who lost it in the last 24 hours.
    losers: BTreeSet<UserId>,
    /// Who held it before that, without those who are declared to lose it or who were given it in the app.
    holders: BTreeSet<UserId>,
    /// The grants of it.
    grants: Vec<&'d ChangeKey>,
}

/// Judges the losses of each role; reports only those that are held.
pub(super) fn losses(draft: &Draft, input: &GuardInput) -> Vec<Judged> {
    let terms = Guard::Privileged.terms(input.limits.of(Guard::Privileged));
    let held = losing(draft, input).into_iter().filter(Losing::is_held);
    let judged = held.map(|losing| {
        let of = GroupKey::Role(losing.role.clone());
        let is_value = draft.bases.power_values.contains(losing.role);
        let count = Count {
            guard: Guard::Privileged,
            of: Some(if is_value { losing.role.to_string() } else { of.to_string() }),
            changes: losing.changes,
            recent: of_window(draft, input, Guard::Privileged, Some(&of)),
            base: losing.holders.len() as u64,
        };
        count.judge(draft, &terms)
    });
    judged.filter(|judged| judged.report.tripped).collect()
}

/// What a loss of power has to wait for: if the only holder loses a role and another person gets it, the grant comes first. A loss
/// that would not be held without the grant does not wait for it: the app may refuse the grant in every run.
pub(super) fn waits(draft: &Draft, input: &GuardInput) -> Vec<(ChangeKey, ChangeKey)> {
    let is_value = |losing: &Losing| draft.bases.power_values.contains(losing.role);
    let alone = losing(draft, input)
        .into_iter()
        .filter(|losing| losing.is_replaced() && losing.is_all_or_most() && !is_value(losing));
    let pairs = alone.flat_map(|losing| {
        let grant = losing.grants.first().copied().cloned();
        let of_one = losing.changes.into_iter().map(|index| draft.changes[index].key.clone());
        of_one.filter_map(move |key| Some((key, grant.clone()?))).collect::<Vec<_>>()
    });
    // Where the grant itself waits for the loss, as in a conflict policy, the loss cannot wait.
    let is_free = |(loss, grant): &(ChangeKey, ChangeKey)| {
        !draft.work.needs.get(grant).is_some_and(|needs| needs.contains(loss))
    };
    pairs.filter(is_free).collect()
}

impl Losing<'_> {
    fn is_held(&self) -> bool {
        !self.is_replaced() && self.is_all_or_most()
    }

    /// All former holders, or at least two and more than half.
    fn is_all_or_most(&self) -> bool {
        let (lost, held) = (self.losers.len(), self.holders.len());
        lost >= held || (lost >= 2 && 2 * lost > held)
    }

    /// One loses it and another gains it.
    fn is_replaced(&self) -> bool {
        self.losers.len() == 1 && !self.grants.is_empty()
    }
}

fn losing<'d>(draft: &'d Draft, input: &GuardInput) -> Vec<Losing<'d>> {
    let all: Vec<&RoleId> = draft.bases.power.iter().chain(&draft.bases.power_values).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let undeclared: BTreeSet<usize> = counted(draft, Guard::Privileged).into_iter().collect();
    let mut found = Vec::new();
    for role in all {
        let Some(active) = draft.bases.holders.get(role) else { continue };
        let active: &BTreeSet<UserId> = &active.iter().chain(inside(draft, role)).cloned().collect();
        let mut holders = active.clone();
        let (mut changes, mut losers): (Vec<usize>, BTreeSet<UserId>) = (Vec::new(), BTreeSet::new());
        for (index, change) in draft.changes.iter().enumerate().filter(|(_, change)| change.verdict.is_do()) {
            let lost = losers_of(draft, change, role, active);
            if !undeclared.contains(&index) {
                lost.into_iter().for_each(|id| _ = holders.remove(id));
            } else if !lost.is_empty() {
                changes.push(index);
                losers.extend(lost.into_iter().cloned());
            }
        }
        // A person who is declared to lose it is no loser of ours, whatever else takes it.
        changes.retain(|index| !losers_of(draft, &draft.changes[*index], role, &holders).is_empty());
        losers.retain(|id| holders.contains(id));
        if losers.is_empty() {
            continue;
        }
        let key = GroupKey::Role(role.clone());
        for who in of_window(draft, input, Guard::Privileged, Some(&key)) {
            if let Object::User(id) = who {
                losers.insert(id.clone());
                holders.insert(id.clone());
            }
        }
        let grants =
            draft.changes.iter().filter(|change| change.verdict.is_do() && gives(draft, change, role));
        let grants = grants.filter(|change| {
            change.key.person().is_some_and(|id| !active.contains(id) && can_use(draft, id))
        });
        let grants = grants.map(|change| &change.key).collect();
        found.push(Losing { role, changes, losers, holders, grants });
    }
    found
}

/// People who have a role by a group inside its group that this plan takes out.
fn inside<'d>(draft: &'d Draft, role: &RoleId) -> impl Iterator<Item = &'d UserId> {
    let all = draft.bases.inside.iter().filter(move |(key, _)| is_of_role(key, role));
    all.flat_map(|(_, people)| people).filter_map(user)
}

fn is_of_role(key: &ChangeKey, role: &RoleId) -> bool {
    matches!(&key.object, Object::Role(of) if of == role)
}

fn user(object: &Object) -> Option<&UserId> {
    match object {
        Object::User(id) => Some(id),
        Object::Account(_) | Object::Group(_) | Object::Role(_) => None,
    }
}

/// Of the holders of a role, those who lose it by a change.
fn losers_of<'d>(
    draft: &'d Draft,
    change: &'d Change,
    role: &RoleId,
    holders: &BTreeSet<UserId>,
) -> Vec<&'d UserId> {
    let lost: Vec<&UserId> = match draft.bases.inside.get(&change.key) {
        Some(people) if is_of_role(&change.key, role) => people.iter().filter_map(user).collect(),
        _ if is_in(&draft.bases.power_taken, change, role) => change.key.person().into_iter().collect(),
        _ => change.loser().filter(|_| change.takes(role)).into_iter().collect(),
    };
    lost.into_iter().filter(|id| holders.contains(*id)).collect()
}

/// True if a person's account is on, or is turned on by this plan: a role on an account that is off is nobody's power.
fn can_use(draft: &Draft, id: &UserId) -> bool {
    let is_of =
        |change: &&Change| change.key.object == Object::User(id.clone()) && change.key.facet == Facet::Life;
    let is_turned_on =
        || draft.changes.iter().filter(is_of).any(|change| change.verdict.is_do() && change.turns_on());
    !draft.bases.grantees_off.contains(id) || is_turned_on()
}

fn gives(draft: &Draft, change: &Change, role: &RoleId) -> bool {
    let is_granted = change.kind == ChangeKind::RoleGrant
        && matches!(&change.key.facet, Facet::Role(granted) if granted == role);
    is_granted || is_in(&draft.bases.power_given, change, role)
}

/// True if a change takes, or gives, this by the value of an attribute.
fn is_in(all: &BTreeMap<ChangeKey, BTreeSet<RoleId>>, change: &Change, role: &RoleId) -> bool {
    all.get(&change.key).is_some_and(|values| values.contains(role))
}

/// The people who gain power, in all.
pub(super) fn gains(draft: &Draft, input: &GuardInput) -> Option<Judged> {
    let guard = Guard::Gain;
    let changes = counted(draft, guard);
    let set = input.limits.of(guard);
    let recent = of_window(draft, input, guard, None);
    // Who got it in the last 24 hours is no holder of before.
    let is_former = |id: &&UserId| !recent.contains(&Object::User((*id).clone()));
    let holders: BTreeSet<&UserId> = draft
        .bases
        .power
        .iter()
        .filter_map(|role| draft.bases.holders.get(role))
        .flatten()
        .filter(is_former)
        .collect();
    let (terms, base) = match draft.bases.completed {
        true => (guard.terms(set), holders.len() as u64),
        false => (guard.terms_at_first(set), draft.bases.people),
    };
    let judged = Count { guard, of: None, changes, recent, base }.judge(draft, &terms);
    (judged.report.count > 0).then_some(judged)
}

/// The roles that a change takes from former holders, or gives, for the plans of the next 24 hours; `None` for power that is
/// gained in another way than by a grant.
pub(super) fn roles_of(draft: &Draft, guard: Guard, change: &Change) -> Vec<Option<GroupKey>> {
    let concerned = |role: &&RoleId| match guard {
        Guard::Privileged => {
            let is_inside = draft.bases.inside.contains_key(&change.key) && is_of_role(&change.key, role);
            let held = draft.bases.holders.get(*role);
            is_inside || held.is_some_and(|held| !losers_of(draft, change, role, held).is_empty())
        }
        _ => gives(draft, change, role),
    };
    let roles = draft.bases.power.iter().filter(concerned).cloned();
    let roles: Vec<_> = roles.map(|role| Some(GroupKey::Role(role))).collect();
    match guard {
        // Power that is gained by another way than a grant.
        Guard::Gain if roles.is_empty() => vec![None],
        _ => roles,
    }
}

/// Adds what losses wait for.
pub(super) fn order(draft: &mut Draft, waits: Vec<(ChangeKey, ChangeKey)>) {
    let needs: &mut BTreeMap<ChangeKey, BTreeSet<ChangeKey>> = &mut draft.work.needs;
    for (loss, grant) in waits {
        needs.entry(loss).or_default().insert(grant);
    }
}
