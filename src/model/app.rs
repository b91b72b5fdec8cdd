//! One target app, as declared and with defaults merged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::expr_source::ExprSource;
use super::grant::Target;
use super::group_key::GroupKey;
use super::guard::GuardLimits;
use super::id::{AppId, GroupNo, MappingId, RemoteId, RoleId, RoleNo, UserId};
use super::member::{Member, Principal};
use super::secret::SecretSource;
use super::span::Span;
use super::value::Value;

/// A target app.
#[derive(Debug, Clone)]
pub struct App {
    /// Stable id.
    pub id: AppId,
    /// Earlier ids of the same app.
    pub previously: Vec<AppId>,
    /// Which connector, by its name in the catalog.
    pub connector: Arc<str>,
    /// Base URL as written, or `sandbox:`.
    pub url: Arc<str>,
    /// How to sign in; `None` for a sandbox.
    pub auth: Option<Auth>,
    /// The connector's own settings, already checked against its schema; dotted names, such as `members.batch`.
    pub settings: BTreeMap<Arc<str>, Value>,
    /// False: the app is not contacted, and nothing changes in it.
    pub enabled: bool,
    /// For selectors.
    pub labels: BTreeMap<Arc<str>, Arc<str>>,
    /// Who answers for it.
    pub owners: Vec<Principal>,
    /// Roles, sorted by precedence, then id.
    pub roles: Vec<Role>,
    /// What happens with accounts.
    pub users: UsersPolicy,
    /// What happens with groups.
    pub groups: GroupsPolicy,
    /// When an existing account may be taken over.
    pub adopt: Adopt,
    /// Matches decided by hand.
    pub links: BTreeMap<UserId, ManualLink>,
    /// Groups of the app that are matched by hand.
    pub group_links: BTreeMap<GroupKey, (RemoteId, Span)>,
    /// What happens with accounts that belong to no declared person.
    pub unmanaged: Unmanaged,
    /// What happens with values that were changed in the app.
    pub drift: Drift,
    /// `drift: {activity: report}`: the app turns idle accounts off, and they stay so.
    pub idle_accounts_stay_off: bool,
    /// Never written, matched, adopted or taken out of anything (safety.md 15).
    pub protect: Vec<Protected>,
    /// Limits of one plan.
    pub guard: GuardLimits,
    /// Limits of the connection.
    pub limits: Limits,
    /// The endpoint this app had before (safety.md 1).
    pub moved_from: Option<Arc<str>>,
    /// The app is being given up.
    pub removed: Option<Removed>,
    /// `deprovision: delete` may delete accounts that rolecall did not create.
    pub delete_adopted: bool,
    /// An assignment without a role, in an app that has roles, gives an account.
    pub provision_default_access: bool,
    /// Who may use it.
    pub assignments: Vec<Assignment>,
    /// The key that declares it.
    pub span: Span,
    /// The `url:` value.
    pub url_span: Span,
}

impl App {
    /// True for `url: "sandbox:"`.
    pub fn is_sandbox(&self) -> bool {
        &*self.url == "sandbox:"
    }

    /// The role with this id.
    pub fn role(&self, id: &str) -> Option<RoleNo> {
        self.roles.iter().position(|role| role.id.as_str() == id).map(RoleNo::from)
    }

    /// The role that has this id, or had it earlier. The loader refuses an id that would mean two roles.
    pub fn role_once(&self, id: &RoleId) -> Option<RoleNo> {
        self.roles.iter().position(|role| role.ids().any(|one| one == id)).map(RoleNo::from)
    }

    /// Today's id of a role, from that id or an earlier one; the id itself if the role is not declared any more.
    pub fn todays_role<'r>(&'r self, id: &'r RoleId) -> &'r RoleId {
        self.role_once(id).map_or(id, |role| &self.roles[role.index()].id)
    }
}

impl Role {
    /// Today's id, then the earlier ones (safety.md 3).
    pub fn ids(&self) -> impl Iterator<Item = &RoleId> {
        std::iter::once(&self.id).chain(&self.previously)
    }
}

/// Credentials for reading and for writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// Used by `plan`, `check` and the reading side of `apply`.
    pub read: Credential,
    /// Used for writes.
    pub write: Credential,
    /// The connection's own account, where the files name it.
    pub account: Option<OwnAccount>,
}

/// The account that a credential belongs to (safety.md 15).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnAccount {
    /// `none`: the credential is no account of the app.
    None,
    /// Its id, login or e-mail; two names if another credential writes.
    Named(Vec<Arc<str>>),
}

/// One way to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer …`.
    Bearer {
        /// The token.
        token: SecretSource,
        /// Where the source is written.
        span: Span,
    },
    /// `Authorization: Basic …`.
    Basic {
        /// Not secret.
        username: Arc<str>,
        /// The password.
        password: SecretSource,
        /// Where the source is written.
        span: Span,
    },
    /// A form that the document of the connector describes.
    Form {
        /// Its name there.
        form: Arc<str>,
        /// The parts that it needs, by name.
        parts: BTreeMap<Arc<str>, CredentialPart>,
    },
}

/// A part of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialPart {
    /// Not secret.
    Text(Arc<str>),
    /// Secret, and where its source is written.
    Secret(SecretSource, Span),
}

impl Credential {
    /// The secrets of which it is made, each with the place where its source is written.
    pub fn secrets(&self) -> Vec<(&SecretSource, Span)> {
        match self {
            Self::Bearer { token, span } => vec![(token, *span)],
            Self::Basic { password, span, .. } => vec![(password, *span)],
            Self::Form { parts, .. } => parts.values().filter_map(CredentialPart::secret).collect(),
        }
    }
}

impl CredentialPart {
    fn secret(&self) -> Option<(&SecretSource, Span)> {
        match self {
            Self::Text(_) => None,
            Self::Secret(source, span) => Some((source, *span)),
        }
    }
}

/// A role people can hold in an app.
#[derive(Debug, Clone)]
pub struct Role {
    /// Stable id.
    pub id: RoleId,
    /// Earlier ids of the same role.
    pub previously: Vec<RoleId>,
    /// How the app stores it.
    pub kind: RoleKind,
    /// What it is on, if it is a grant: then it is stored as the group that stands for its target.
    pub grant: Option<Arc<Target>>,
    /// Lowest number wins where one role is needed.
    pub precedence: i64,
    /// Granting it is shown first and never folded.
    pub privileged: bool,
    /// The key that declares it.
    pub span: Span,
}

/// How a role is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleKind {
    /// As a value of an attribute that the mapping writes.
    Value(Arc<str>),
    /// As its id, if the mapping writes roles. Otherwise the app knows nothing of it: its holders have an account.
    Id(Arc<str>),
    /// As membership of the app's group of this name.
    Group(Arc<str>),
}

impl RoleKind {
    /// What the app holds of it where the mapping writes roles.
    pub fn value(&self) -> Option<&Arc<str>> {
        match self {
            RoleKind::Value(value) | RoleKind::Id(value) => Some(value),
            RoleKind::Group(_) => None,
        }
    }
}

/// The `users:` section of an app.
#[derive(Debug, Clone)]
pub struct UsersPolicy {
    /// Which people may have an account.
    pub scope: Scope,
    /// Narrows the scope further.
    pub filter: Option<ExprSource>,
    /// Which mapping.
    pub mapping: MappingId,
    /// Where the mapping is named.
    pub mapping_span: Span,
    /// What may be done.
    pub actions: Actions,
    /// What deprovisioning does.
    pub deprovision: Deprovision,
}

/// Which people may have an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// People with an effective assignment.
    #[default]
    Assigned,
    /// All declared people.
    All,
}

/// What may be done with accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actions {
    /// Create accounts.
    pub create: bool,
    /// Change attributes.
    pub update: bool,
    /// Disable or delete.
    pub deprovision: bool,
}

impl Default for Actions {
    fn default() -> Self {
        Self { create: true, update: true, deprovision: true }
    }
}

/// What deprovisioning does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deprovision {
    /// The account is turned off.
    #[default]
    Disable,
    /// The account stays.
    Keep {
        /// Somebody wrote so: an app that cannot turn accounts off keeps them by default (safety.md 16).
        said: bool,
    },
    /// The account is turned off, and deleted later. An app that cannot turn accounts off deletes them instead.
    Delete {
        /// How long it stays.
        after: Duration,
    },
}

impl Deprovision {
    /// True if accounts stay.
    pub fn is_keep(self) -> bool {
        matches!(self, Self::Keep { .. })
    }
}

/// The `groups:` section of an app.
#[derive(Debug, Clone)]
pub struct GroupsPolicy {
    /// Groups of ours that the app is to have.
    pub push: Vec<(GroupNo, Span)>,
    /// Which mapping.
    pub mapping: MappingId,
    /// Where the mapping is named.
    pub mapping_span: Span,
    /// Who decides over membership.
    pub members: MembersPolicy,
    /// What happens with groups inside a group, under [`MembersPolicy::Exact`].
    pub nested: Nested,
    /// What happens with a pushed group that is no longer declared.
    pub remove: GroupRemove,
}

/// What happens with groups of the app inside a managed group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nested {
    /// They stay, and are reported.
    #[default]
    Keep,
    /// They are removed as unmanaged members are, where membership is exact.
    Remove,
}

/// Who decides over membership of a managed group (safety.md 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MembersPolicy {
    /// rolecall decides for linked accounts; unmanaged members are reported.
    #[default]
    Linked,
    /// Unmanaged members are removed too.
    Exact,
    /// rolecall removes only the members that it added, as the ledger records.
    Add,
}

/// What happens with a pushed group that is no longer declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GroupRemove {
    /// It stays.
    #[default]
    Keep,
    /// It is deleted.
    Delete,
}

/// When an existing account may be taken over (safety.md 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Adopt {
    /// Never.
    Never,
    /// Only those below `links:`.
    Listed,
    /// When a matching attribute agrees.
    #[default]
    Matched,
}

/// A match decided by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManualLink {
    /// This account.
    To {
        /// Its id in the app.
        remote: RemoteId,
        /// Where it is written.
        span: Span,
    },
    /// No account: the person is left out of this app.
    Ignore {
        /// Where it is written.
        span: Span,
    },
}

/// What happens with accounts that belong to no declared person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unmanaged {
    /// They are not reported.
    Ignore,
    /// They are reported.
    #[default]
    Report,
    /// They are disabled, under the conditions of safety.md 16.
    Disable,
    /// They are deleted, under the conditions of safety.md 16.
    Delete,
}

/// What happens with values that were changed in the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drift {
    /// The declared value is written again.
    #[default]
    Revert,
    /// The difference is reported, and the app's value stays.
    Report,
}

/// One entry of `protect:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected {
    /// A remote id, our id as the app holds it, a login, an e-mail or a user id.
    pub text: Arc<str>,
    /// It comes from the defaults, and may be meant for other apps.
    pub inherited: bool,
    /// Where it is written.
    pub span: Span,
}

/// Whether the machine's clock is compared with the ledger and with the app's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockCheck {
    #[default]
    Check,
    /// The app's clock, or the ledger, is known to be wrong.
    Ignore,
}

/// The `limits:` section.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Requests per second; `None` is unlimited.
    pub rate: Option<f64>,
    /// Requests in flight.
    pub concurrency: u32,
    /// One request.
    pub timeout: Duration,
    /// How long an app that turns every request away (429) is waited for.
    pub wait: Duration,
    /// Whether the clocks are compared before a date decides anything (safety.md 7).
    pub clock: ClockCheck,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rate: None,
            concurrency: 8,
            timeout: Duration::from_secs(30),
            wait: Duration::from_secs(300),
            clock: ClockCheck::Check,
        }
    }
}

/// What happens with the accounts of an app that is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// They stay as they are.
    Keep,
    /// They are disabled.
    Disable,
}

/// Who may use the app, one entry per assignment that names it.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// Which role; `None` is Default Access in an app that has roles.
    pub role: Option<RoleNo>,
    /// Who.
    pub members: Arc<[Member]>,
    /// The assignment in the file.
    pub span: Span,
}
