//! `min_members`: a role never falls below its fewest active holders (safety.md 14).
//!
//! This count assumes that all grants and removals are done. Apply counts again, with confirmed grants only.

use std::collections::{BTreeMap, BTreeSet};

use super::holders::{Holders, TooFew};
use super::report::GuardReport;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Verdict};
use crate::model::guard::{Guard, GuardLimits};
use crate::model::{RoleId, UserId};
use crate::plan::draft::Draft;
use crate::plan::notice::{Notice, NoticeKind};

/// Holds back removals so that each role keeps its minimum of holders. A leaver is held only if nobody else would
/// remain.
pub(super) fn hold(draft: &mut Draft, limits: &GuardLimits) -> Vec<GuardReport> {
    // Roles of power without a minimum are counted too: a plan that leaves nobody in one says so.
    let power = draft.bases.power.iter().map(|role| (role.clone(), 0));
    let least = power.chain(limits.min_members.clone()).collect();
    let mut holders = Holders::new(&least, &draft.bases.holders);
    let before = holders.numbers();
    for change in draft.changes.iter().filter(|change| change.verdict.is_do()) {
        if let Some((role, user)) = granted(change) {
            holders.gain(role, user);
        }
    }
    let mut held: BTreeMap<RoleId, BTreeSet<UserId>> = BTreeMap::new();
    // People who are typed as out come first, then dated ends; the other removals share the rest.
    for turn in [Turn::Typed, Turn::Dated, Turn::Other] {
        for change in &mut draft.changes {
            if !change.verdict.is_do() || Turn::of(change) != turn {
                continue;
            }
            if let Err(few) = holders.lose(change) {
                change.verdict = held_by(&few);
                held.entry(few.role).or_default().insert(few.user);
            }
        }
    }
    let empty: Vec<RoleId> = holders
        .numbers()
        .into_iter()
        .filter(|(role, now)| *now == 0 && before.get(role).is_some_and(|before| *before > 0))
        .map(|(role, _)| role)
        .collect();
    let told: Vec<Notice> = empty.into_iter().filter_map(|role| nobody_holds(draft, limits, role)).collect();
    draft.notices.extend(told);
    let report = |(role, people): (RoleId, BTreeSet<UserId>)| GuardReport {
        guard: Guard::MinMembers,
        of: Some(Object::Role(role.clone()).to_string()),
        count: people.len() as u64,
        recent: 0,
        base: before.get(&role).copied().unwrap_or(0),
        limit: limits.min_members.get(&role).copied(),
        share: None,
        tripped: true,
        allowed: false,
        allow: None,
        since: None,
        first: people.iter().take(10).map(UserId::to_string).collect(),
        app: draft.app.to_string(),
    };
    held.into_iter().map(report).collect()
}

/// What is said of a role that nobody holds after this plan. Of power that is taken away, the guard of it says more.
fn nobody_holds(draft: &Draft, limits: &GuardLimits, role: RoleId) -> Option<Notice> {
    let held = draft.bases.holders.get(&role)?;
    let is_loss = |change: &&Change| {
        change.verdict.is_do() && change.takes(&role) && change.loser().is_some_and(|id| held.contains(id))
    };
    let losses = || draft.changes.iter().filter(is_loss);
    // A role that goes with the account of a leaver has the same reason, whatever it is.
    let leavers: BTreeSet<&UserId> =
        losses().filter(|change| change.is_leaving()).filter_map(Change::loser).collect();
    let have_left = losses().filter_map(Change::loser).all(|id| leavers.contains(id));
    let text = match have_left {
        true => "everybody who held it is declared to have left",
        false => "this plan takes it from everybody who held it",
    };
    (have_left || limits.min_members.contains_key(&role)).then(|| Notice {
        kind: NoticeKind::NobodyHolds,
        hint: Some(format!("give {role} to another person")),
        subject: Some(Object::Role(role)),
        text: text.to_owned(),
        place: None,
    })
}

/// Whose removals are counted first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Typed,
    Dated,
    Other,
}

impl Turn {
    fn of(change: &Change) -> Self {
        match change.cause {
            Cause::Left => Self::Typed,
            _ if change.is_leaving() => Self::Dated,
            _ => Self::Other,
        }
    }
}

fn held_by(few: &TooFew) -> Verdict {
    Verdict::Held { by: Guard::MinMembers.short_name().into(), why: few.to_string() }
}

fn granted(change: &Change) -> Option<(&RoleId, &UserId)> {
    match (&change.key.object, &change.key.facet, change.kind) {
        (Object::User(user), Facet::Role(role), ChangeKind::RoleGrant) => Some((role, user)),
        _ => None,
    }
}
