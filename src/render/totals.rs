//! How much of what: the last line of a plan, and the first of an app.

use std::collections::BTreeMap;

use super::figures::counted;
use super::subject::effect;
use crate::model::change::{Change, ChangeKind};
use crate::plan::{AppPlan, AppStatus, Plan};

/// Kind, one, many, in the order of the line.
const WORDS: [(ChangeKind, &str, &str); 16] = [
    (ChangeKind::Create, "account to create", "accounts to create"),
    (ChangeKind::Continue, "create step", "create steps"),
    (ChangeKind::Adopt, "to adopt", "to adopt"),
    (ChangeKind::Enable, "account to enable", "accounts to enable"),
    (ChangeKind::Disable, "account to disable", "accounts to disable"),
    (ChangeKind::Delete, "account to delete", "accounts to delete"),
    (ChangeKind::RoleGrant, "role to grant", "roles to grant"),
    (ChangeKind::RoleRevoke, "role to revoke", "roles to revoke"),
    (ChangeKind::GroupCreate, "group to create", "groups to create"),
    (ChangeKind::GroupRename, "group to rename", "groups to rename"),
    (ChangeKind::GroupDelete, "group to delete", "groups to delete"),
    (ChangeKind::MemberAdd, "member to add", "members to add"),
    (ChangeKind::MemberRemove, "member to remove", "members to remove"),
    (ChangeKind::Update, "attribute to update", "attributes to update"),
    (ChangeKind::Relink, "ledger entry to bind", "ledger entries to bind"),
    (ChangeKind::Forget, "ledger entry to forget", "ledger entries to forget"),
];

/// Counts by kind, and what does not happen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Totals {
    by_kind: BTreeMap<ChangeKind, u64>,
    held: u64,
}

impl Totals {
    /// Of one app.
    pub(crate) fn of(app: &AppPlan) -> Self {
        let mut totals = Self::default();
        totals.add(app);
        totals
    }

    fn add(&mut self, app: &AppPlan) {
        for change in &app.changes {
            if change.verdict.is_do() {
                *self.by_kind.entry(kind(change)).or_default() += 1;
            } else {
                self.held += 1;
            }
        }
    }

    /// Changes held back.
    pub(crate) fn held(&self) -> u64 {
        self.held
    }

    /// `3 accounts to create, 1 account to disable; 12 changes held back`. Empty if there is nothing at all.
    pub(crate) fn words(&self) -> String {
        let mut parts = Vec::new();
        for (kind, one, many) in WORDS {
            if let Some(count) = self.by_kind.get(&kind) {
                parts.push(counted(*count, one, many));
            }
        }
        let mut line = parts.join(", ");
        if self.held > 0 {
            let held = counted(self.held, "change held back", "changes held back");
            line = if line.is_empty() { format!("nothing to do; {held}") } else { format!("{line}; {held}") };
        }
        line
    }
}

fn kind(change: &Change) -> ChangeKind {
    effect(change.kind, &change.key)
}

/// The totals of all apps in one line: `3 accounts to create, 1 account to disable, 2 roles to grant`.
pub fn summary_line(plan: &Plan) -> String {
    let mut totals = Totals::default();
    let (mut unreadable, mut stopped, mut disabled) = (0, 0, 0);
    for app in &plan.apps {
        totals.add(app);
        match app.status {
            AppStatus::Planned => {}
            AppStatus::Unreadable { .. } => unreadable += 1,
            AppStatus::Stopped { .. } => stopped += 1,
            AppStatus::Disabled => disabled += 1,
        }
    }
    let mut parts = vec![match totals.words() {
        words if words.is_empty() => "no changes".to_owned(),
        words => words,
    }];
    for (count, one, many) in [
        (unreadable, "app could not be read", "apps could not be read"),
        (stopped, "app stopped", "apps stopped"),
        (disabled, "app not contacted (enabled: false)", "apps not contacted (enabled: false)"),
    ] {
        if count > 0 {
            parts.push(counted(count, one, many));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_counted_once() {
        let mut kinds = WORDS.map(|(kind, ..)| kind);
        kinds.sort();
        assert_eq!(kinds, ChangeKind::ALL);
    }
}
