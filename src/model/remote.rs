//! What was read from an app.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::created::Created;
use super::id::RemoteId;
use super::path::Path;
use super::seen::{Activity, Seen, Unread};
use super::value::Value;

/// The kinds of object in an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An account.
    User,
    /// A group.
    Group,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::User => "user",
            Kind::Group => "group",
        })
    }
}

/// What to read: which objects, and which of their attributes.
#[derive(Debug, Clone)]
pub struct ListRequest {
    /// Which objects.
    pub kind: Kind,
    /// Which attributes; [`Remote::attributes`] has one value for each, in this order.
    pub paths: Arc<[Path]>,
    /// Whether members of groups are wanted.
    pub members: bool,
    /// Whether a listing of accounts is to show what each can do already. One account by its id always does.
    pub holds: bool,
    /// The attribute that keeps roles: an account that leaves it out shows nothing of it, and not that there are none (safety.md 22).
    pub roles: Option<Path>,
}

/// One object as read: only what was asked for, normalised for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its id in the app.
    pub id: RemoteId,
    /// User or group.
    pub kind: Kind,
    /// A group is always on.
    pub activity: Activity,
    /// What stands in the place that the app has for an id of ours, if it has one.
    pub our_id: Option<Arc<str>>,
    /// How people know it: the login of an account, the name of a group.
    pub name: Option<Arc<str>>,
    /// When the app created it, if it shows that in a form that is understood. Nothing follows where it does not.
    pub created: Option<Created>,
    /// Every e-mail of an account.
    pub emails: Vec<Arc<str>>,
    /// What the person of an account is called as a whole, in every form that the app shows.
    pub full_names: Vec<Arc<str>>,
    /// Values in the order of [`ListRequest::paths`], each [`Value::normalised`] and none of them null.
    pub attributes: Vec<Seen<Value>>,
    /// What an account can do already. A listing shows it only if it is asked for ([`ListRequest::holds`]).
    pub holds: Seen<Vec<Held>>,
    /// A listing showed this much of it, and left out a place where the account itself may show more.
    pub holds_in_part: bool,
    /// No listing shows it, although it is there: a grant that no role of the tree is on any more.
    pub unlisted: bool,
    /// Members of a group.
    pub members: Members,
    /// The version for `If-Match`, if the app gave one and the connector uses them.
    pub version: Option<Arc<str>>,
}

/// Something that an account has, and that may let it do something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Held {
    pub what: HeldKind,
    /// The name by which people know it; the id, if the app shows no name.
    pub name: Arc<str>,
    /// Its id in the app, if the app shows one beside the name.
    pub id: Option<Arc<str>>,
}

/// The kinds of what an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeldKind {
    Role,
    Entitlement,
    /// The account is a member.
    Group,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            HeldKind::Role => "role",
            HeldKind::Entitlement => "entitlement",
            HeldKind::Group => "group",
        };
        write!(f, "{what} {}", self.name)
    }
}

/// Members of a group as one answer shows them. Whether a list that is left out means that there are none is decided
/// with all that the app shows, not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Members {
    /// These, without repeats; none if the list is empty.
    Shown(Vec<Member>),
    /// Everybody who has what the group gives: some of them perhaps only by a group inside it. Nobody can be taken out by this list,
    /// save by the word of who put them in (safety.md 10).
    Mixed(Vec<Member>),
    /// The answer does not say.
    Unread(Unread),
}

impl Members {
    /// Everybody whom the answer shows, directly in the group or perhaps not; none if it does not say.
    pub fn everybody(&self) -> Option<&[Member]> {
        match self {
            Members::Shown(members) | Members::Mixed(members) => Some(members),
            Members::Unread(_) => None,
        }
    }
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// As the app names it (see [`MemberKey`](super::capabilities::MemberKey)).
    pub name: Arc<str>,
    /// `None` if the app does not say.
    pub kind: Option<Kind>,
}

/// Objects that arrived together.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The objects. A row without an id that can be used is not among them, and its listing is incomplete.
    pub rows: Vec<Remote>,
}

/// How a listing ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Walk {
    /// Totals, repeats and limits check out: what was not seen was not listed.
    Complete(Complete),
    /// Something does not add up: nothing may be concluded from what was not seen.
    Incomplete {
        /// What does not add up.
        why: Arc<str>,
    },
}

/// A listing that checked out. Made by a connector's reading side only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complete {
    rows: u64,
    doubt: Option<Arc<str>>,
}

impl Complete {
    /// States that a listing of this many rows checked out.
    pub fn of_rows(rows: u64) -> Self {
        Self { rows, doubt: None }
    }

    /// States that a listing is empty, unless something is known to be there. `why` says what came instead of a list, and
    /// what to do if something is.
    pub fn empty_unless_known(why: impl Into<Arc<str>>) -> Self {
        Self { rows: 0, doubt: Some(why.into()) }
    }

    /// Why the listing is not empty if something is known to be there.
    pub fn doubt(&self) -> Option<&Arc<str>> {
        self.doubt.as_ref()
    }

    /// How many rows it had.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

/// The answer to "is this object still there?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// Yes, like this.
    Here(Box<Remote>),
    /// No, and the app itself said so.
    Gone(GoneProof),
    /// Cannot be said: an HTML page, a proxy, a timeout.
    Unknown {
        /// What came instead.
        why: Arc<str>,
    },
}

/// Proof that an object is gone: the app answered 404 to `GET /{id}` in its own protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneProof {
    id: RemoteId,
}

impl GoneProof {
    /// States that the app answered for this id. Made by a connector's `get` only.
    pub fn answered_for(id: RemoteId) -> Self {
        Self { id }
    }

    /// Which object.
    pub fn id(&self) -> &RemoteId {
        &self.id
    }
}
