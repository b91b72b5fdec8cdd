//! What we know we did: links, hashes, memberships, per app. The room `ledger` stores it, `plan` reads it, `apply`
//! reports to it through [`Recorder`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::attribute_hashes::AttributeHashes;
use super::change::{ChangeKey, Facet, Object};
use super::created::Created;
use super::hash::HashKey;
use super::holds::{Hold, HoldKey, Holds};
use super::id::{AppId, RemoteId, RoleId, UserId};
use super::intervention::{Hand, Intervention};
use super::op::OutcomeKind;
use super::stored_text;
use super::time::Timestamp;

pub use super::attempt::Attempt;
pub use super::attribute_hashes::{Hashes, Proof};
pub use super::former_role::{FormerRole, intend_values};
pub use super::group_key::GroupKey;
pub use super::losses::{Loss, Losses, OldLosses, intend_losses};
pub use super::person_hashes::PersonHashes;

/// The ledger as read once for a run.
#[derive(Debug, Clone)]
pub struct LedgerSnapshot {
    /// Has to equal `ledger.id` in `rolecall.yaml`.
    pub id: Arc<str>,
    /// Grows by one with every write; never falls.
    pub serial: u64,
    /// For hashes in ledger and plan.
    pub key: HashKey,
    /// What is known of each app; an app never applied is absent.
    pub apps: BTreeMap<AppId, AppLedger>,
}

/// What is known of one app.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AppLedger {
    /// Canonical endpoint the links belong to.
    pub endpoint: Arc<str>,
    /// When a full apply first ran to its end; until then nothing is removed (safety.md 5).
    pub completed: Option<Timestamp>,
    /// The last applied commit.
    pub applied: Option<Applied>,
    /// Commits that were applied before that one, for [`UNDO_HOURS`] (safety.md 11).
    pub earlier: Vec<Earlier>,
    /// The commit of the newest run that set out to write here, however it ended and however little of the app it was
    /// about: nothing older is applied (safety.md 8).
    pub begun: Option<Arc<str>>,
    /// Accounts, tombstones included.
    pub users: BTreeMap<UserId, Link>,
    /// Groups of the app that we manage; key `group:ID` or `role:ID`.
    pub groups: BTreeMap<GroupKey, GroupLink>,
    /// Value roles, with their values, that were managed at the end of a full apply. Nobody is taken out of a role that is
    /// new (safety.md 10), and one that is no longer declared can still be revoked.
    pub roles: BTreeMap<RoleId, Arc<str>>,
    /// Other values of value roles that an account may have: former ones, and those that a run set out to give which was no full
    /// apply, or did not come to its end.
    pub former_roles: BTreeSet<FormerRole>,
    /// What other hands did in the app, and whose access remains, as first seen; an entry stays until it is released
    /// (safety.md 1, 13).
    pub interventions: BTreeMap<(UserId, Hand), Intervention>,
    /// Losses of access of the last day, by run, for the guards (safety.md 11).
    pub losses: Vec<Losses>,
    /// Who got into a group or got a role by a run of the last days, with the run's commit (safety.md 11). What the first
    /// apply gave is not among them.
    pub given: BTreeMap<(GroupKey, UserId), Arc<str>>,
    /// What guards held back, until it is allowed or taken back (safety.md 11).
    pub holds: Holds,
    /// Who is applying, if anybody.
    pub lease: Option<Lease>,
    /// What runs set out to do and have not reported on.
    pub intents: Vec<OpenIntent>,
}

/// What was applied last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applied {
    /// Commit id; `None` for a working tree applied to a sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Arc<str>>,
    /// When.
    pub at: Timestamp,
    /// People declared at that commit.
    pub people: u64,
    /// Users per file at that commit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub users_per_file: BTreeMap<Arc<str>, u64>,
}

/// How long it can be undone without a guard what a run gave, in hours (safety.md 11).
pub const UNDO_HOURS: i64 = 72;

/// A commit that was applied before the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    pub commit: Arc<str>,
    /// When another commit was applied in its place.
    pub until: Timestamp,
}

/// Who got into a group or got a role by a run, in its stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    pub of: GroupKey,
    pub user: UserId,
    pub commit: Arc<str>,
}

/// A person's account; [`super::stored_link`] has its stored form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id in the app.
    pub remote: RemoteId,
    /// How it became ours.
    pub origin: Origin,
    /// What we last knew of it.
    pub state: LinkState,
    /// Commit at which the person was declared when this entry was written (safety.md 6).
    pub commit: Option<Arc<str>>,
    /// The latest passed `expires` among the lines that led this person to the app, as of when they were last found to
    /// lack nothing and to hold nothing beyond: what is lost later did not end by it (safety.md 12).
    pub lapsed: Option<Timestamp>,
    /// The dates that were found to have gone by since an apply, and take something, as long as they stand in the files: a loss
    /// that fails at first is no other loss the next time (safety.md 12).
    pub went_by: BTreeSet<Timestamp>,
    /// Value roles we gave.
    pub roles: BTreeSet<RoleId>,
    /// Value roles that the account had when we came, and that no applied commit has declared since (safety.md 10).
    pub found_roles: BTreeSet<RoleId>,
    /// The first apply adopted the account for a person who was out by then: turning it off is a takeover (safety.md 11).
    pub adopted_out: bool,
    /// No read has shown the account as we left it: created by us and never seen on since, or turned off by us and never seen
    /// off since (safety.md 8, 22).
    pub unconfirmed: bool,
    /// When the app created the account, as it said then: an app may give its ids again (safety.md 1).
    pub created: Option<Created>,
    /// Later steps of its create that are not known to be done, by name.
    pub open_steps: BTreeSet<Arc<str>>,
    /// Who the person was when this entry was written: an id is not a person (safety.md 1).
    pub person: PersonHashes,
    /// Per attribute, by path key.
    pub values: AttributeHashes,
}

impl Link {
    /// A link to an active account of which nothing else is known.
    pub fn new(remote: RemoteId, origin: Origin) -> Self {
        Self {
            remote,
            origin,
            state: LinkState::Active,
            commit: None,
            lapsed: None,
            went_by: BTreeSet::new(),
            roles: BTreeSet::new(),
            found_roles: BTreeSet::new(),
            adopted_out: false,
            unconfirmed: false,
            created: None,
            open_steps: BTreeSet::new(),
            person: PersonHashes::default(),
            values: AttributeHashes::default(),
        }
    }

    /// The instant and the commit at which we turned the account off, or found or made it gone: of an entry that does not
    /// name the commit, the commit of the entry. None if we did not.
    pub fn off_at(&self) -> Option<(Timestamp, Option<&Arc<str>>)> {
        match &self.state {
            LinkState::Disabled { since, commit } | LinkState::Gone { since, commit } => {
                Some((*since, commit.as_ref().or(self.commit.as_ref())))
            }
            LinkState::Active => None,
        }
    }

    /// True if it is so long ago that we turned the account off.
    pub fn is_disabled_for(&self, time: Duration, at: Timestamp) -> bool {
        let LinkState::Disabled { since, .. } = &self.state else { return false };
        let time = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        since.as_second().saturating_add(time) <= at.as_second()
    }

    /// That commit.
    pub fn off_by(&self) -> Option<&Arc<str>> {
        self.off_at()?.1
    }
}

impl LinkState {
    /// Disabled by us.
    pub fn is_disabled(&self) -> bool {
        matches!(self, Self::Disabled { .. })
    }

    /// A tombstone.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Gone { .. })
    }
}

/// How an account or group became ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// We created it.
    Created,
    /// It was there.
    Adopted,
}

/// What we last knew of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// Active, or never said otherwise by us.
    Active,
    /// Disabled by us.
    Disabled {
        /// Since when.
        since: Timestamp,
        /// The commit of the disabling, which is never renewed: git tells whether the person was out of the app there
        /// (safety.md 5).
        commit: Option<Arc<str>>,
    },
    /// Deleted by us, or proven gone: a tombstone.
    Gone {
        /// Since when.
        since: Timestamp,
        /// The commit at which that was so: as with one that we disabled, git tells whether the person was out of the app.
        commit: Option<Arc<str>>,
    },
}

/// A group of the app that we manage; [`super::stored_link`] has its stored form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLink {
    /// Its id in the app.
    pub remote: RemoteId,
    /// How it became ours.
    pub origin: Origin,
    /// Commit at which the group was declared for the app when this entry was last written (safety.md 6).
    pub commit: Option<Arc<str>>,
    /// Members we added or found as declared: what we manage.
    pub members: BTreeSet<UserId>,
    /// Of those, the ones we added ourselves (`members: add` removes only these).
    pub added: BTreeSet<UserId>,
    /// Accounts that were members when we adopted the group, and whom no applied commit has declared there since
    /// (safety.md 10).
    pub before: BTreeSet<RemoteId>,
    /// Per attribute, by path key.
    pub values: AttributeHashes,
}

impl GroupLink {
    /// A link to a group of which nothing else is known.
    pub fn new(remote: RemoteId, origin: Origin) -> Self {
        Self {
            remote,
            origin,
            commit: None,
            members: BTreeSet::new(),
            added: BTreeSet::new(),
            before: BTreeSet::new(),
            values: AttributeHashes::default(),
        }
    }
}

/// The right to write to one app, for a while (safety.md 7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lease {
    /// The run that holds it.
    pub run: Arc<str>,
    /// Who: user and host, for the message.
    pub holder: Arc<str>,
    /// The plan being applied.
    pub plan: Arc<str>,
    /// When it was taken or last renewed, by the holder's clock: with `expires` it tells how long a lease lasts.
    pub renewed: Timestamp,
    /// By the holder's wall clock.
    pub expires: Timestamp,
}

/// Something a run set out to do: keys, not values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Intent {
    /// The change.
    pub key: ChangeKey,
    /// For a create: it was looked up and nobody was there, so a matching account found after a crash is ours.
    pub looked_up: bool,
}

/// An intent in the ledger, with the run that has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIntent {
    pub run: Arc<str>,
    pub key: ChangeKey,
    /// As in [`Intent`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub looked_up: bool,
    /// For the life of an account and for a role: the runs that set out to change it, the earliest first. What they did is proved by
    /// the account and by git (safety.md 2, 5, 13).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
}

impl OpenIntent {
    /// Of a run; `before` is the same intent of earlier ones, if it is still open.
    pub fn new(run: Arc<str>, intent: &Intent, attempt: &Attempt, before: Option<&Self>) -> Self {
        let earlier = before.map(|before| before.attempts.clone()).unwrap_or_default();
        let is_proved = matches!(
            (&intent.key.object, &intent.key.facet),
            (Object::User(_), Facet::Life | Facet::Role(_))
        );
        Self {
            run,
            key: intent.key.clone(),
            // The next run claims the accounts that an interrupted run may have created, even after several interruptions.
            looked_up: intent.looked_up || before.is_some_and(|before| before.looked_up),
            attempts: if is_proved { attempt.clone().after(earlier) } else { earlier },
        }
    }

    /// What is intended, whichever run it was.
    pub fn intent(&self) -> Intent {
        Intent { key: self.key.clone(), looked_up: self.looked_up }
    }
}

/// One step of what happened, folded into an [`AppLedger`]. It is stored as it stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum LedgerUpdate {
    /// A person's account, as it is now.
    #[serde(rename = "user")]
    PutUser { id: UserId, link: Link },
    /// A link or tombstone is dropped. What other hands did stays known.
    ForgetUser(UserId),
    /// A renamed id.
    MoveUser { from: UserId, to: UserId },
    /// A group, as it is now.
    #[serde(rename = "group")]
    PutGroup { key: GroupKey, link: GroupLink },
    /// Members of a group changed.
    Members {
        key: GroupKey,
        /// Now members by our hand.
        added: Vec<UserId>,
        /// Found to be members as declared.
        found: Vec<UserId>,
        /// No longer members.
        removed: Vec<UserId>,
    },
    /// Of the accounts that were members when we adopted a group, those that still are, and are not declared.
    Before { key: GroupKey, accounts: BTreeSet<RemoteId> },
    /// A role that is a value of the account was given to a person.
    Granted { user: UserId, role: RoleId },
    /// A group is dropped.
    ForgetGroup(GroupKey),
    /// A renamed group or role.
    MoveGroup { from: GroupKey, to: GroupKey },
    /// The canonical endpoint the links belong to.
    Endpoint(#[serde(deserialize_with = "stored_text::endpoint")] Arc<str>),
    /// All value roles managed from now on, with their values.
    Roles(#[serde(deserialize_with = "stored_text::roles")] BTreeMap<RoleId, Arc<str>>),
    /// All other values of value roles that an account may have from now on.
    FormerRoles(BTreeSet<FormerRole>),
    /// What guards hold from now on, and what they hold no longer.
    Held {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        now: Vec<Hold>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        over: Vec<HoldKey>,
    },
    /// Losses that this run intended and that did not happen.
    NotLost { run: Arc<str>, lost: Vec<Loss> },
    /// From a run of a version that wrote format 1.
    #[serde(rename = "losses", skip_serializing)]
    OldLosses(OldLosses),
    /// A full apply ran to its end, at this instant.
    Completed(Timestamp),
    /// A commit was applied.
    Applied(Applied),
    /// Another hand did something in the app.
    Intervened(Intervention),
    /// An intervention is over: it was released, or undone in the app.
    Released { user: UserId, hand: Hand },
    /// It is released by an edit, and nothing can be given back yet.
    Decided {
        user: UserId,
        hand: Hand,
        /// The commit of the edit; `None` where git does not count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        commit: Option<Arc<str>>,
    },
}

impl AppLedger {
    /// The commit that was applied last.
    pub fn applied_commit(&self) -> Option<&Arc<str>> {
        self.applied.as_ref()?.commit.as_ref()
    }

    /// True if it stands for an account or a group of the app; tombstones excepted.
    pub fn is_in_use(&self) -> bool {
        let live = |link: &Link| !link.state.is_gone();
        self.users.values().any(live) || !self.groups.is_empty()
    }
}

/// How one change of a run ended: keys only, for ledger, journal and log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// The change.
    pub key: ChangeKey,
    /// How it ended.
    pub outcome: OutcomeKind,
}

/// What apply reports while it works. Sync on purpose: a recorder queues, fsyncs and pushes on its own.
pub trait Recorder: Send + Sync {
    /// Called before every write request: is more of the lease left than this request may take? (safety.md 7)
    ///
    /// # Errors
    /// Why nothing may be written any more.
    fn may_send(&self, timeout: Duration) -> Result<(), String>;

    /// Reports results of one op; returns once they are on disk.
    ///
    /// # Errors
    /// Why they could not be kept; the run has to stop.
    fn record(&self, settled: &[Settled], updates: &[LedgerUpdate]) -> Result<(), String>;
}
