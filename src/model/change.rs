//! A change: the smallest thing a reviewer can accept.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use super::cause::Cause;
use super::fact::Fact;
use super::former_role::FormerRole;
use super::hash::ShortHash;
use super::id::{AppId, RemoteId, RoleId, UserId};
pub use super::object::Object;
use super::path::Path;
use super::span::Place;
use super::want::Want;

/// What a change is about; unique in a plan, stable between plans. `--expect`, retries, journal and log speak in keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChangeKey {
    /// The app.
    pub app: AppId,
    /// The object in the app.
    pub object: Object,
    /// Which side of it.
    pub facet: Facet,
}

/// Which side of an object a change is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Facet {
    /// Being there, being active.
    Life,
    /// One attribute, by [`Path::key`].
    Attribute(Arc<str>),
    /// A declared person's membership of this group.
    Member(UserId),
    /// An unmanaged member's membership of this group (`members: exact`), by what the app names the member.
    #[serde(rename = "stranger")]
    UnmanagedMember(Arc<str>),
    /// A declared role of this person, or a value of the app that is none.
    Role(#[serde(deserialize_with = "RoleId::read_with_values")] RoleId),
    /// A role of this person under a former value: today's value, or the role itself, is another change.
    FormerRole(FormerRole),
    /// A role of this person by its former group: the role is a value today.
    FormerGroup(RoleId),
}

impl Facet {
    /// The role that it is about, whatever its value.
    pub fn role(&self) -> Option<&RoleId> {
        match self {
            Facet::Role(role) | Facet::FormerRole(FormerRole { role, .. }) | Facet::FormerGroup(role) => {
                Some(role)
            }
            Facet::Life | Facet::Attribute(_) | Facet::Member(_) | Facet::UnmanagedMember(_) => None,
        }
    }
}

impl fmt::Display for ChangeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.app, self.object)?;
        match &self.facet {
            Facet::Life => Ok(()),
            Facet::Attribute(path) => write!(f, "/attribute:{path}"),
            Facet::Member(user) => write!(f, "/member:{user}"),
            Facet::UnmanagedMember(remote) => write!(f, "/stranger:{remote}"),
            Facet::Role(role) => write!(f, "/role:{role}"),
            Facet::FormerRole(former) => write!(f, "/role:{former}"),
            Facet::FormerGroup(role) => write!(f, "/former-group:{role}"),
        }
    }
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// An account comes into being.
    Create,
    /// An existing account or group becomes ours.
    Adopt,
    /// An attribute changes.
    Update,
    /// A later step of a create is done: the facet has its name.
    Continue,
    /// Activity is turned on.
    Enable,
    /// Activity is turned off.
    Disable,
    /// The account is deleted.
    Delete,
    /// The ledger drops a link or tombstone; no request.
    Forget,
    /// The ledger binds a returning or renamed id; no request.
    Relink,
    /// A group comes into being.
    GroupCreate,
    /// A group's name changes.
    GroupRename,
    /// A group is deleted.
    GroupDelete,
    /// A person becomes a member.
    MemberAdd,
    /// A member is taken out.
    MemberRemove,
    /// A person gets a role.
    RoleGrant,
    /// A person loses a role. It stands last: the length of [`ChangeKind::ALL`] hangs on it.
    RoleRevoke,
}

impl ChangeKind {
    /// All of them. Every kind is in it: else the length does not fit.
    pub const ALL: [ChangeKind; ChangeKind::RoleRevoke as usize + 1] = [
        ChangeKind::Create,
        ChangeKind::Adopt,
        ChangeKind::Update,
        ChangeKind::Continue,
        ChangeKind::Enable,
        ChangeKind::Disable,
        ChangeKind::Delete,
        ChangeKind::Forget,
        ChangeKind::Relink,
        ChangeKind::GroupCreate,
        ChangeKind::GroupRename,
        ChangeKind::GroupDelete,
        ChangeKind::MemberAdd,
        ChangeKind::MemberRemove,
        ChangeKind::RoleGrant,
        ChangeKind::RoleRevoke,
    ];

    /// The word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Create => "create",
            ChangeKind::Adopt => "adopt",
            ChangeKind::Update => "update",
            ChangeKind::Continue => "create step",
            ChangeKind::Enable => "enable",
            ChangeKind::Disable => "disable",
            ChangeKind::Delete => "delete",
            ChangeKind::Forget => "forget",
            ChangeKind::Relink => "relink",
            ChangeKind::GroupCreate => "create group",
            ChangeKind::GroupRename => "rename group",
            ChangeKind::GroupDelete => "delete group",
            ChangeKind::MemberAdd => "add member",
            ChangeKind::MemberRemove => "remove member",
            ChangeKind::RoleGrant => "grant role",
            ChangeKind::RoleRevoke => "revoke role",
        }
    }

    /// True if a person loses access by it (safety.md 11).
    pub fn is_loss(self) -> bool {
        match self {
            ChangeKind::Disable | ChangeKind::Delete | ChangeKind::GroupDelete => true,
            ChangeKind::MemberRemove | ChangeKind::RoleRevoke => true,
            ChangeKind::Create | ChangeKind::Adopt | ChangeKind::Update | ChangeKind::Enable => false,
            ChangeKind::Continue | ChangeKind::Forget | ChangeKind::Relink => false,
            ChangeKind::GroupCreate | ChangeKind::GroupRename => false,
            ChangeKind::MemberAdd | ChangeKind::RoleGrant => false,
        }
    }

    /// True if the change is kept in the ledger only and needs no request.
    pub fn is_ledger_only(self) -> bool {
        match self {
            ChangeKind::Adopt | ChangeKind::Forget | ChangeKind::Relink => true,
            ChangeKind::Create | ChangeKind::Update | ChangeKind::Continue | ChangeKind::Enable => false,
            ChangeKind::Disable | ChangeKind::Delete => false,
            ChangeKind::GroupCreate | ChangeKind::GroupRename | ChangeKind::GroupDelete => false,
            ChangeKind::MemberAdd | ChangeKind::MemberRemove => false,
            ChangeKind::RoleGrant | ChangeKind::RoleRevoke => false,
        }
    }
}

/// The steps in which an app's changes are carried out, in their order (safety.md 14). Files and events hold the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Phase {
    /// Declared leavers are disabled and lose what ended.
    Leave = 1,
    /// Roles go whose counterpart in a conflict policy is granted, and what must be gone before an account is turned on.
    MakeRoom,
    /// Attributes change: unique values are freed, then taken. Accounts are adopted.
    Update,
    /// Accounts are created and turned on.
    Create,
    /// References to other accounts are written, and creates are continued.
    Refer,
    /// Groups are created, adopted and changed.
    Groups,
    /// Members are added, roles are granted.
    Add,
    /// All other members are removed, all other roles revoked.
    Remove,
    /// All other accounts are disabled, accounts and groups are deleted, ledger entries are dropped. It stands last: the
    /// length of [`Phase::ALL`] hangs on it.
    Delete,
}

impl Phase {
    /// All of them, in their order. Every phase is in it: else the length does not fit.
    pub const ALL: [Phase; Phase::Delete as usize] = [
        Phase::Leave,
        Phase::MakeRoom,
        Phase::Update,
        Phase::Create,
        Phase::Refer,
        Phase::Groups,
        Phase::Add,
        Phase::Remove,
        Phase::Delete,
    ];

    /// The phase of a change by its kind and cause. A few changes come earlier or later, because another change needs it.
    pub fn of(object: &Object, kind: ChangeKind, cause: Cause) -> Phase {
        let is_group = matches!(object, Object::Group(_) | Object::Role(_));
        match kind {
            ChangeKind::Disable | ChangeKind::MemberRemove | ChangeKind::RoleRevoke
                if cause.is_declared() =>
            {
                Phase::Leave
            }
            ChangeKind::Adopt | ChangeKind::Update if is_group => Phase::Groups,
            ChangeKind::Adopt | ChangeKind::Update | ChangeKind::Relink => Phase::Update,
            ChangeKind::Create | ChangeKind::Enable => Phase::Create,
            ChangeKind::Continue => Phase::Refer,
            ChangeKind::GroupCreate | ChangeKind::GroupRename => Phase::Groups,
            ChangeKind::MemberAdd | ChangeKind::RoleGrant => Phase::Add,
            ChangeKind::MemberRemove | ChangeKind::RoleRevoke => Phase::Remove,
            ChangeKind::Disable | ChangeKind::Delete | ChangeKind::Forget | ChangeKind::GroupDelete => {
                Phase::Delete
            }
        }
    }

    /// The place in the order, from 1.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// True once everything that is added has been tried: what waited for it can be tried again.
    pub fn is_after_adds(self) -> bool {
        self > Phase::Add
    }

    pub fn is_last(self) -> bool {
        self == Phase::Delete
    }
}

impl From<Phase> for u8 {
    fn from(phase: Phase) -> u8 {
        phase.number()
    }
}

impl TryFrom<u8> for Phase {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        all.find(|phase| phase.number() == number)
            .ok_or_else(|| format!("phase {number}; phases are 1 to {}", Self::ALL.len()))
    }
}

/// One link of the chain that led to a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// In words, in a plan that is written.
    #[serde(rename = "text")]
    pub fact: Fact,
    /// Where it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl From<Fact> for Reason {
    /// A fact that no line of the files says.
    fn from(fact: Fact) -> Self {
        Self { fact, place: None }
    }
}

/// A value as a plan may show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Shown {
    /// The text; `None` means unassigned. A sensitive value is `(sensitive)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Keyed hash of the value, for the plan's id; `None` if unassigned or sensitive without a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<ShortHash>,
}

/// One attribute that an account is created with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Where.
    pub path: Arc<str>,
    /// What, for people.
    pub value: Shown,
    /// People know the account by it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub name: bool,
    /// What, for apply. Never in a file.
    #[serde(skip)]
    pub want: Option<(Path, Want)>,
}

/// Whether a change is carried out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Verdict {
    /// Apply does it.
    Do,
    /// Apply leaves it; `by` is a stable short name, such as `guard:deprovision`.
    Held {
        /// What holds it.
        by: Arc<str>,
        /// In words, with what to do.
        why: String,
    },
}

impl Verdict {
    /// True if apply does it.
    pub fn is_do(&self) -> bool {
        matches!(self, Verdict::Do)
    }
}

/// One change of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is about.
    pub key: ChangeKey,
    /// What happens.
    pub kind: ChangeKind,
    /// For an attribute: its path as the app spells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Arc<str>>,
    /// The object's id in the app, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<RemoteId>,
    /// The login of the account, where access changes: whose account it is can be read beside whose it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Arc<str>>,
    /// Before.
    #[serde(default)]
    pub old: Shown,
    /// After.
    #[serde(default)]
    pub new: Shown,
    /// For a create: the attributes it starts with, in order of their paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<Setting>,
    /// Why the difference exists.
    pub cause: Cause,
    /// Somebody gains or loses by it what a privileged role gives.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub privileged: bool,
    /// For a role whose value is another one now: the person has the role before and after. The grant gives today's value, the
    /// revocation takes the former one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revalued: bool,
    /// For an attribute: an account is known by it, to people or to us.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub identity: bool,
    /// The chain of facts that led to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// Whether apply does it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// When it is carried out.
    pub phase: Phase,
    /// For an attribute: what to write. Never in a file.
    #[serde(skip)]
    pub want: Option<(Path, Want)>,
}

impl ChangeKey {
    /// The person it is about: whose account, role or membership.
    pub fn person(&self) -> Option<&UserId> {
        match (&self.facet, &self.object) {
            (Facet::Member(user), _) | (_, Object::User(user)) => Some(user),
            (_, Object::Group(_) | Object::Role(_) | Object::Account(_)) => None,
        }
    }
}

impl Change {
    /// A change that is to be done in the phase of its kind; the rest is added by those who know it.
    pub fn new(key: ChangeKey, kind: ChangeKind, cause: Cause) -> Self {
        Self {
            phase: Phase::of(&key.object, kind, cause),
            key,
            kind,
            path: None,
            remote: None,
            login: None,
            old: Shown::default(),
            new: Shown::default(),
            sets: Vec::new(),
            cause,
            privileged: false,
            revalued: false,
            identity: false,
            reasons: Vec::new(),
            verdict: Verdict::Do,
            want: None,
        }
    }

    /// What to write: the path as the app spells it is shown.
    pub fn write(&mut self, path: &Path, want: &Want) {
        self.path = Some(path.as_str().into());
        self.want = Some((path.clone(), want.clone()));
    }

    /// An adopted or returning account that is off: the change turns it on, with the accounts that are created.
    pub fn turn_on(&mut self) {
        self.old.text = Some("inactive".to_owned());
        self.new.text = Some("active".to_owned());
        self.phase = Phase::Create;
    }

    /// True if somebody loses this role by it: by itself, or with the account.
    pub fn takes(&self, role: &RoleId) -> bool {
        let is_account = matches!(self.kind, ChangeKind::Disable | ChangeKind::Delete);
        let is_role = self.kind.is_loss() && self.key.facet.role() == Some(role);
        is_account || (is_role && !self.revalued)
    }

    /// Who loses something by it.
    pub fn loser(&self) -> Option<&UserId> {
        self.key.person().filter(|_| self.kind.is_loss())
    }

    /// True for a removal of an account or a member that nobody declared.
    pub fn takes_from_stranger(&self) -> bool {
        self.cause == Cause::Unmanaged || matches!(self.key.facet, Facet::UnmanagedMember(_))
    }

    /// True if it turns an account on.
    pub fn turns_on(&self) -> bool {
        match self.kind {
            ChangeKind::Enable => true,
            ChangeKind::Adopt | ChangeKind::Relink => {
                self.new.text.as_deref() == Some("active") && matches!(self.key.object, Object::User(_))
            }
            ChangeKind::Create | ChangeKind::Update | ChangeKind::Continue => false,
            ChangeKind::Disable | ChangeKind::Delete | ChangeKind::Forget => false,
            ChangeKind::GroupCreate | ChangeKind::GroupRename | ChangeKind::GroupDelete => false,
            ChangeKind::MemberAdd | ChangeKind::MemberRemove => false,
            ChangeKind::RoleGrant | ChangeKind::RoleRevoke => false,
        }
    }

    /// True if a person who is typed as `left` or `suspended` loses access by it. No guard of the source stops that
    /// (safety.md 1, 12).
    pub fn is_typed_leaving(&self) -> bool {
        // In an app that cannot turn accounts off, the delete is the loss itself.
        let is_loss_itself = self.kind == ChangeKind::Delete && self.phase == Phase::Leave;
        let is_access =
            matches!(self.kind, ChangeKind::Disable | ChangeKind::RoleRevoke | ChangeKind::MemberRemove);
        self.cause == Cause::Left && (is_access || is_loss_itself)
    }

    /// True for `left`, `suspended` and `end`. `min_members` never delays the first two, and an `end` only if nobody would
    /// remain. A role that merely expired waits like any other removal (safety.md 14).
    pub fn is_leaving(&self) -> bool {
        self.cause == Cause::Left || (self.cause.is_declared() && self.kind != ChangeKind::RoleRevoke)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_of_kinds_and_phases_are_complete() {
        for (place, kind) in ChangeKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place, "{kind:?}");
        }
        for (number, phase) in (1..).zip(Phase::ALL) {
            assert_eq!(phase.number(), number, "{phase:?}");
        }
    }
}
