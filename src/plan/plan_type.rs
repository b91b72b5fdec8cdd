//! The plan: plain data, safe to store and to show.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::guard::GuardReport;
use super::notice::Notice;
use super::work::Work;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Verdict};
use crate::model::holds::Hold;
use crate::model::ledger::{FormerRole, LedgerUpdate, Loss};
use crate::model::span::Place;
use crate::model::time::Timestamp;
use crate::model::{AppId, RoleId, UserId};

/// Format number of a stored plan.
pub const FORMAT: u32 = 2;

/// The changes of every app, before they are carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// [`FORMAT`].
    pub format: u32,
    /// Hash of the changes, and of nothing else.
    pub id: String,
    pub inputs: Inputs,
    /// Apps in the order of their ids.
    pub apps: Vec<AppPlan>,
}

impl Plan {
    /// True if no app has anything to do.
    pub fn is_empty(&self) -> bool {
        self.apps.iter().all(|app| app.to_do().next().is_none())
    }
}

/// The inputs of a plan. None of them is part of the id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// Version of the program.
    pub tool: String,
    /// Hash of the access files.
    pub tree: String,
    /// Commit, if the tree is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The working tree differed from the commit.
    pub dirty: bool,
    /// The instant it was resolved for.
    pub at: Timestamp,
    /// `--at` was given: not appliable.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rehearsal: bool,
    /// The earliest instant at which it would differ by itself.
    pub valid_until: Timestamp,
    /// Selectors were given: nothing outside is judged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Id of the ledger; empty if there is none yet.
    pub ledger: String,
    /// Version of the ledger per app.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ledger_versions: BTreeMap<AppId, String>,
    /// Number of declared people.
    pub people: u64,
}

/// What would be done in one app. Only [`guard::judge`](super::guard::judge) and the reading of a plan file make one with
/// changes. One that was read was judged when it was made, and apply compares it with a plan that is judged now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppPlan {
    pub app: AppId,
    /// Canonical endpoint.
    pub endpoint: Arc<str>,
    #[serde(flatten)]
    pub status: AppStatus,
    /// Sorted by key.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Sorted by kind, then subject.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// Every guard that counted something.
    #[serde(default)]
    pub guards: Vec<GuardReport>,
    /// Ends and starts in the next days.
    #[serde(default)]
    pub coming: Vec<Coming>,
    /// Names of all people in the changes, by id.
    #[serde(default)]
    pub people: BTreeMap<UserId, String>,
    /// Accounts seen in the app.
    #[serde(default)]
    pub accounts: u64,
    /// What apply needs besides the changes. Never stored.
    #[serde(skip)]
    pub work: Work,
    #[serde(skip)]
    pub(super) seal: Seal,
}

/// Only the guards can make this value, so only they can make an [`AppPlan`] with changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Seal;

/// Whether an app could be planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum AppStatus {
    Planned,
    /// It could not be read: status 1 or 3.
    Unreadable {
        /// The reason and the remedy.
        why: String,
    },
    /// A source guard stopped the whole app: status 4.
    Stopped {
        /// Short name of the guard.
        by: String,
        /// The reason and the remedy.
        why: String,
    },
    /// `enabled: false`.
    Disabled,
}

/// A start or an end in the future, which needs no change of the files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coming {
    pub at: Timestamp,
    pub text: String,
    /// The place in the files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl AppPlan {
    /// An app that was not planned.
    pub fn without_changes(app: AppId, endpoint: Arc<str>, status: AppStatus, notices: Vec<Notice>) -> Self {
        Self {
            app,
            endpoint,
            status,
            changes: Vec::new(),
            notices,
            guards: Vec::new(),
            coming: Vec::new(),
            people: BTreeMap::new(),
            accounts: 0,
            work: Work::default(),
            seal: Seal,
        }
    }

    /// Changes that apply would carry out.
    pub fn to_do(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.verdict.is_do())
    }

    /// What guards hold in this plan and did not hold before.
    pub fn newly_held(&self) -> Vec<Hold> {
        let held = self.work.held.as_ref().and_then(|held| held.update(&self.app, &self.changes));
        match held {
            Some(LedgerUpdate::Held { now, .. }) => now,
            _ => Vec::new(),
        }
    }

    /// Updates of the ledger that need no request. What guards hold no longer follows from the changes that are left to do, so
    /// that a plan of which only a part is applied releases nothing else.
    pub fn observed(&self) -> Vec<LedgerUpdate> {
        let held = self.work.held.as_ref().and_then(|held| held.update(&self.app, &self.changes));
        self.work.observed.iter().cloned().chain(held).collect()
    }

    /// The losses of access among them, as the ledger remembers them for a day.
    pub fn losses(&self) -> BTreeSet<Loss> {
        self.to_do().filter_map(|change| self.work.losses.get(&change.key)).flatten().cloned().collect()
    }

    /// The values of roles that are to be given: accounts may have them from the first request on, however the run ends.
    pub fn given_values(&self) -> BTreeSet<FormerRole> {
        let grants = self.to_do().filter(|change| change.kind == ChangeKind::RoleGrant);
        let value = |change: &Change| {
            let (role, work) = (change.key.facet.role()?, self.work.roles.get(change.key.person()?)?);
            let value = work.values.get(&change.key.facet)?.as_str()?;
            Some(FormerRole { role: role.clone(), value: value.into() })
        };
        grants.filter_map(value).collect()
    }

    /// The value roles that are managed after this plan, of which some changes failed: those of today, and former values that
    /// somebody has from whom they were not taken.
    pub fn value_roles<'k>(
        &self,
        today: impl IntoIterator<Item = (RoleId, Arc<str>)>,
        failed: impl IntoIterator<Item = &'k ChangeKey>,
    ) -> [LedgerUpdate; 2] {
        let failed: BTreeSet<&ChangeKey> = failed.into_iter().collect();
        let done = || self.to_do().filter(|change| !failed.contains(&change.key));
        let gone: BTreeSet<(&UserId, &Facet)> = done().filter_map(role_that_goes).collect();
        let replaced: BTreeSet<&UserId> = done().filter_map(|change| self.replaces(change)).collect();
        let stays = |facet: &Facet, id: &UserId| !gone.contains(&(id, facet)) && !replaced.contains(id);
        let (mut roles, mut former_roles) = (BTreeMap::new(), BTreeSet::new());
        let values = self.work.former_values.iter();
        for (facet, former) in
            values.filter(|(facet, former)| former.people.iter().any(|id| stays(facet, id)))
        {
            match facet {
                Facet::FormerRole(former) => _ = former_roles.insert(former.clone()),
                facet => roles.extend(facet.role().map(|role| (role.clone(), former.value.clone()))),
            }
        }
        roles.extend(today);
        [LedgerUpdate::Roles(roles), LedgerUpdate::FormerRoles(former_roles)]
    }

    /// The person whose account can have one role only, and gets one by this change.
    fn replaces<'c>(&self, change: &'c Change) -> Option<&'c UserId> {
        let id = change.key.person().filter(|_| change.kind == ChangeKind::RoleGrant)?;
        self.work.roles.get(id).is_some_and(|roles| roles.single).then_some(id)
    }

    /// Changes that are held back.
    pub fn held(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| matches!(change.verdict, Verdict::Held { .. }))
    }

    /// True if a guard or policy refused something (status 4).
    pub fn is_refused(&self) -> bool {
        matches!(self.status, AppStatus::Stopped { .. }) || self.guards.iter().any(|guard| guard.tripped)
    }

    /// True if a person or an object could not be planned (status 3).
    pub fn is_partial(&self) -> bool {
        matches!(self.status, AppStatus::Unreadable { .. })
            || self.notices.iter().any(|n| n.kind.is_partial())
    }
}

fn role_that_goes(change: &Change) -> Option<(&UserId, &Facet)> {
    let person = change.key.person().filter(|_| change.kind == ChangeKind::RoleRevoke)?;
    Some((person, &change.key.facet))
}
