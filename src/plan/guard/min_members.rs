//! `min_members`: a role never falls below its fewest active holders (safety.md 14).
//!
//! Here, on paper: holders after all adds and all removals. Apply checks again, with confirmed adds only.

use std::collections::BTreeSet;

use super::report::GuardReport;
use crate::model::UserId;
use crate::model::app::GuardLimits;
use crate::model::change::{Change, ChangeKind, Facet, Object, Verdict};
use crate::plan::draft::Draft;

/// Holds back removals until each role keeps its fewest holders. Leaving is never held, except that of the last one.
pub fn hold(draft: &mut Draft, limits: &GuardLimits, reports: &mut Vec<GuardReport>) {
    for (role, least) in &limits.min_members {
        let mut holders: BTreeSet<UserId> =
            draft.bases.holders.get(role.as_str()).cloned().unwrap_or_default();
        let before = holders.len() as u64;
        for change in draft.changes.iter().filter(|change| change.verdict.is_do()) {
            if let Some(user) = gains(change, role.as_str()) {
                holders.insert(user.clone());
            }
        }
        let mut held = Vec::new();
        // Leaving goes first, so that what is left of the budget is spent on the rest.
        for declared in [true, false] {
            for index in 0..draft.changes.len() {
                let change = &draft.changes[index];
                if !change.verdict.is_do() || change.is_leaving() != declared {
                    continue;
                }
                let Some(user) = loses(change, role.as_str()).filter(|user| holders.contains(*user)).cloned()
                else {
                    continue;
                };
                let left = holders.len() as u64 - 1;
                if left >= if declared { 1 } else { *least } {
                    holders.remove(&user);
                } else {
                    held.push((index, user));
                }
            }
        }
        if held.is_empty() {
            continue;
        }
        let people: BTreeSet<&UserId> = held.iter().map(|(_, user)| user).collect();
        let report = GuardReport {
            guard: "min_members".into(),
            of: Some(format!("role:{role}")),
            count: people.len() as u64,
            recent: 0,
            base: before,
            limit: Some(*least),
            percent: None,
            tripped: true,
            allowed: false,
            first: people.into_iter().take(10).map(UserId::to_string).collect(),
            app: draft.app.to_string(),
        };
        for (index, user) in held {
            let why = format!(
                "{user} is among the last active holders of role {role}; at least {least} have to remain"
            );
            draft.changes[index].verdict = Verdict::Held { by: "guard:min_members".into(), why };
        }
        reports.push(report);
    }
}

fn gains<'c>(change: &'c Change, role: &str) -> Option<&'c UserId> {
    match (&change.key.object, &change.key.facet, change.kind) {
        (Object::User(user), Facet::Role(granted), ChangeKind::RoleGrant) if granted.as_str() == role => {
            Some(user)
        }
        _ => None,
    }
}

fn loses<'c>(change: &'c Change, role: &str) -> Option<&'c UserId> {
    match (&change.key.object, &change.key.facet, change.kind) {
        (Object::User(user), _, ChangeKind::Disable | ChangeKind::Delete) => Some(user),
        (Object::User(user), Facet::Role(revoked), ChangeKind::RoleRevoke) if revoked.as_str() == role => {
            Some(user)
        }
        (Object::Role(of), Facet::Member(user), ChangeKind::MemberRemove) if of.as_str() == role => {
            Some(user)
        }
        _ => None,
    }
}
