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
    let mut holders = Holders::new(&limits.min_members, &draft.bases.holders);
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
    draft.notices.extend(empty.into_iter().map(|role| Notice {
        kind: NoticeKind::NobodyHolds,
        subject: Some(Object::Role(role.clone())),
        text: "everybody who held it is declared to have left".to_owned(),
        hint: Some(format!("give {role} to another person")),
        place: None,
    }));
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
