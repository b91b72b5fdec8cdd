//! The typed configuration: everything below the root, references settled, defaults merged, nothing evaluated yet.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::app::App;
use super::expr_source::ExprSource;
use super::id::{AttributeNo, GroupId, GroupNo, MappingId, UserId, UserNo};
use super::invisible::InvisibleText;
use super::member::{Member, Principal};
use super::name::PersonName;
use super::path::Path;
use super::secret::SecretBinding;
use super::span::Span;
use super::time::Window;
use super::value::Value;

/// All of a repository, as declared.
#[derive(Debug, Default)]
pub struct Company {
    /// What `rolecall.yaml` says about the repository itself.
    pub settings: Settings,
    /// Declared attributes, sorted by name.
    pub attributes: Vec<AttributeDecl>,
    /// People, sorted by id.
    pub users: Vec<User>,
    /// Groups, sorted by id.
    pub groups: Vec<Group>,
    /// Apps, sorted by id.
    pub apps: Vec<App>,
    /// Mappings by id, the built-in ones among them.
    pub mappings: BTreeMap<MappingId, Mapping>,
    /// Policies, in order of their names.
    pub policies: Vec<Policy>,
    /// Texts with invisible characters, in the order of the users.
    pub invisible: Vec<InvisibleText>,
    /// How many users each file declares, for the source guards (safety.md 11).
    pub users_per_file: BTreeMap<Arc<str>, u64>,
}

impl Company {
    /// The user with this id.
    pub fn user(&self, id: &str) -> Option<UserNo> {
        self.users.binary_search_by(|user| user.id.as_str().cmp(id)).ok().map(UserNo::from)
    }

    /// The users with these ids, which stand in order: one walk instead of a search for each.
    pub fn users_in_order<'i>(
        &self,
        ids: impl Iterator<Item = &'i UserId>,
    ) -> impl Iterator<Item = Option<UserNo>> {
        let mut next = 0;
        ids.map(move |id| {
            next += self.users[next..].iter().take_while(|user| user.id < *id).count();
            let user = self.users.get(next)?;
            (user.id == *id).then(|| UserNo::from(next))
        })
    }

    /// The group with this id.
    pub fn group(&self, id: &str) -> Option<GroupNo> {
        self.groups.binary_search_by(|group| group.id.as_str().cmp(id)).ok().map(GroupNo::from)
    }

    /// The app with this id.
    pub fn app(&self, id: &str) -> Option<&App> {
        self.apps.binary_search_by(|app| app.id.as_str().cmp(id)).ok().map(|at| &self.apps[at])
    }

    /// The declared attribute with this name.
    pub fn attribute(&self, name: &str) -> Option<AttributeNo> {
        self.attributes.binary_search_by(|decl| decl.name.as_ref().cmp(name)).ok().map(AttributeNo::from)
    }
}

/// Settings of the repository.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What `apply` accepts commits from.
    pub branch: Arc<str>,
    /// Zone for dates without a time, as an IANA name; already applied to every [`Window`].
    pub timezone: Arc<str>,
    /// Where the ledger is; `None` until `ledger init`.
    pub ledger: Option<LedgerSettings>,
    /// Where each credential may go.
    pub secrets: Vec<SecretBinding>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { branch: "main".into(), timezone: "UTC".into(), ledger: None, secrets: Vec::new() }
    }
}

/// How long a lease lasts if the files do not say it; in the sandbox too.
pub const DEFAULT_LEASE: Duration = Duration::from_secs(120);

/// The `ledger:` section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerSettings {
    /// Has to be in the ledger's root as well (safety.md 5).
    pub id: Arc<str>,
    /// Where it is kept.
    pub store: LedgerStore,
    /// How long a lease lasts.
    pub lease: Duration,
    /// Where it is written.
    pub span: Span,
}

/// The two kinds of ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerStore {
    /// A branch, shared through a remote.
    Git {
        /// Full ref name, such as `refs/heads/rolecall/ledger`.
        reference: Arc<str>,
        /// Remote name; `None` keeps it in this clone only.
        remote: Option<Arc<str>>,
    },
    /// A folder, relative to the root, under an operating-system lock.
    Path(Arc<str>),
}

/// The type of a declared or built-in attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributeType {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A calendar day.
    Date,
}

/// An attribute that users may carry besides the built-ins.
#[derive(Debug, Clone)]
pub struct AttributeDecl {
    /// Its name below `attributes:`.
    pub name: Arc<str>,
    /// The type of each value.
    pub kind: AttributeType,
    /// Several values, written as a list.
    pub multi_valued: bool,
    /// The only values allowed; empty for any.
    pub allowed: Vec<Value>,
    /// The value of users that do not say.
    pub default: Option<Value>,
    /// No two users may share a value (compared case-folded).
    pub unique: bool,
    /// Shown as `(sensitive)` everywhere.
    pub sensitive: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A person.
#[derive(Debug, Clone)]
pub struct User {
    /// Stable id.
    pub id: UserId,
    /// Earlier ids of the same person (safety.md 3).
    pub previously: Vec<UserId>,
    /// What the person is called.
    pub name: PersonName,
    /// E-mail address.
    pub email: Arc<str>,
    /// Job title.
    pub title: Option<Arc<str>>,
    /// Department.
    pub department: Option<Arc<str>>,
    /// Manager.
    pub manager: Option<UserNo>,
    /// `start` and `end` as written, for expressions.
    pub dates: UserDates,
    /// When the person has access at all, from `start` and `end`.
    pub window: Window,
    /// Declared status.
    pub status: Status,
    /// Declared attributes, sorted by number; defaults are filled in.
    pub attributes: Vec<(AttributeNo, Value)>,
    /// The key that declares the person.
    pub span: Span,
    /// What decides the life cycle: the `status`, `end` or `start` entry, else the key.
    pub life_span: Span,
}

/// First and last day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserDates {
    /// First day with access.
    pub start: Option<super::time::Date>,
    /// Last day with access.
    pub end: Option<super::time::Date>,
}

impl User {
    /// What every user has, by the names that expressions read it by: no declared attribute has one of these names.
    pub const BUILT_IN: [&str; 9] =
        ["id", "name", "email", "title", "department", "manager", "status", "start", "end"];

    /// Today's id, then the earlier ones (safety.md 3).
    pub fn ids(&self) -> impl Iterator<Item = &UserId> {
        std::iter::once(&self.id).chain(&self.previously)
    }

    /// The value of a declared attribute; null if it has none.
    pub fn attribute(&self, number: AttributeNo) -> &Value {
        const NULL: Value = Value::Null;
        match self.attributes.binary_search_by_key(&number, |(no, _)| *no) {
            Ok(at) => &self.attributes[at].1,
            Err(_) => &NULL,
        }
    }
}

/// Declared status of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Status {
    /// Works here.
    #[default]
    Active,
    /// Disabled everywhere, grants kept.
    Suspended,
    /// Has left. It stands last: the length of [`Status::ALL`] hangs on it.
    Left,
}

impl Status {
    /// All of them. Every status is in it: else the length does not fit.
    pub const ALL: [Status; Status::Left as usize + 1] = [Status::Active, Status::Suspended, Status::Left];

    /// As written in YAML.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Suspended => "suspended",
            Status::Left => "left",
        }
    }
}

/// A group of people.
#[derive(Debug, Clone)]
pub struct Group {
    /// Stable id.
    pub id: GroupId,
    /// Earlier ids of the same group.
    pub previously: Vec<GroupId>,
    /// Name for people and for apps; the id if nothing is said.
    pub name: Arc<str>,
    /// Text for people.
    pub description: Option<Arc<str>>,
    /// Who answers for it.
    pub owners: Vec<Principal>,
    /// Declared members.
    pub members: Vec<Member>,
    /// Condition over `user`: everybody for whom it is true is a member.
    pub rule: Option<ExprSource>,
    /// The key that declares it.
    pub span: Span,
}

impl Group {
    /// Today's id, then the earlier ones (safety.md 3).
    pub fn ids(&self) -> impl Iterator<Item = &GroupId> {
        std::iter::once(&self.id).chain(&self.previously)
    }
}

/// A set of attribute mappings for users or for groups.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Its id.
    pub id: MappingId,
    /// Matching attributes in order of precedence.
    pub matching: Vec<Path>,
    /// What is written where, in order of the target path.
    pub attributes: Vec<AttributeMapping>,
    /// The key that declares it.
    pub span: Span,
}

/// One target attribute.
#[derive(Debug, Clone)]
pub struct AttributeMapping {
    /// Where in the app.
    pub path: Path,
    /// What.
    pub source: MappingSource,
    /// Used when the expression gives null.
    pub default: Option<Value>,
    /// When it is written.
    pub apply: ApplyWhen,
    /// Where it is written down.
    pub span: Span,
}

/// Where a mapped value comes from.
#[derive(Debug, Clone)]
pub enum MappingSource {
    /// An expression over `user` and `account`, or over `group`.
    Expr(ExprSource),
    /// A constant.
    Constant(Value),
}

/// When a mapping is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApplyWhen {
    /// At creation and ever after.
    #[default]
    Always,
    /// At creation only; never compared.
    Create,
}

/// A rule about grants that is checked offline. Issue A knows `conflict`.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its name.
    pub name: Arc<str>,
    /// What it forbids.
    pub rule: PolicyRule,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of policy.
#[derive(Debug, Clone)]
pub enum PolicyRule {
    /// Nobody may hold two of these.
    Conflict(Vec<RoleRef>),
}

/// `app/role`, settled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleRef {
    /// The app.
    pub app: super::id::AppId,
    /// The role.
    pub role: super::id::RoleId,
}
