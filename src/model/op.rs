//! An op: one call of a connector. It carries one or more changes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::change::ChangeKey;
use super::id::RemoteId;
use super::path::Path;
use super::remote::Remote;
use super::value::Value;

/// One call of a connector, references settled.
#[derive(Debug, Clone)]
pub struct Op {
    /// The changes it carries out, in order.
    pub changes: Vec<ChangeKey>,
    /// What to do.
    pub action: Action,
}

/// What a connector can be asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Creates an account.
    CreateUser {
        /// Attributes, none of them null.
        attributes: Vec<(Path, Value)>,
    },
    /// Changes an account.
    UpdateUser {
        /// Which.
        remote: RemoteId,
        /// New values; null unassigns.
        set: Vec<(Path, Value)>,
        /// Attributes of which only some values come or go.
        lists: Vec<ListChange>,
        /// New activity.
        active: Option<bool>,
    },
    /// Does a later step of a create, unless a look shows that it is done.
    ContinueUser {
        /// Whose.
        remote: RemoteId,
        /// The name of the step.
        step: Arc<str>,
    },
    /// Deletes an account.
    DeleteUser {
        /// Which.
        remote: RemoteId,
    },
    /// Creates a group without members.
    CreateGroup {
        /// Attributes, none of them null.
        attributes: Vec<(Path, Value)>,
    },
    /// Changes a group's attributes, never its members.
    UpdateGroup {
        /// Which.
        remote: RemoteId,
        /// New values; null unassigns.
        set: Vec<(Path, Value)>,
        /// What an answer shows of its members.
        list: MemberList,
    },
    /// Deletes a group.
    DeleteGroup {
        /// Which.
        remote: RemoteId,
    },
    /// Changes who is a member of a group. The connector sends deltas where the app can take them.
    Members {
        /// Which group.
        group: RemoteId,
        /// Accounts to add, as the app names them.
        add: Vec<Arc<str>>,
        /// Accounts to remove, as the app names them.
        remove: Vec<Arc<str>>,
        /// What an answer shows of its members.
        list: MemberList,
    },
}

/// What is known of the list of a group's members in an answer, before it is read (safety.md 22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberList {
    /// It is the whole list. If it is left out, it is unread.
    #[default]
    Whole,
    /// The group has no members: a list that is left out is empty.
    Empty,
    /// It may be cut: who is not in it may be a member all the same.
    Cut,
}

impl MemberList {
    /// The same after members came or went.
    #[must_use]
    pub fn after_a_change(self) -> Self {
        match self {
            Self::Whole | Self::Empty => Self::Whole,
            Self::Cut => Self::Cut,
        }
    }
}

/// Values that come to an attribute with several of them, and values that go. Whatever else is there stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListChange {
    /// The attribute.
    pub path: Path,
    /// What it has to hold.
    pub add: Vec<Value>,
    /// What it may not hold.
    pub remove: Vec<Value>,
}

impl ListChange {
    /// The attribute after the change, given what it holds now.
    pub fn over(&self, actual: &Value, same: impl Fn(&Value, &Value) -> bool) -> Value {
        let mut values = match actual {
            Value::Null => Vec::new(),
            Value::List(values) => values.clone(),
            single => vec![single.clone()],
        };
        values.retain(|held| !self.remove.iter().any(|gone| same(gone, held)));
        for value in &self.add {
            if !values.iter().any(|held| same(value, held)) {
                values.push(value.clone());
            }
        }
        if values.is_empty() { Value::Null } else { Value::List(values) }
    }
}

/// How an op ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// In short.
    pub state: OutcomeState,
    /// The object as a look showed it right before the write, if there was one.
    pub before: Option<Box<Remote>>,
    /// The object after the write.
    pub after: After,
    /// What the write did beside what was wanted.
    pub side_effects: Vec<SideEffect>,
    /// It was refused because no licence or seat is free in the app (safety.md 14).
    pub needs_seat: bool,
    /// It was refused because this object has one of its values (safety.md 2).
    pub holder: Option<RemoteId>,
}

/// What a write did to an attribute beside what was wanted: entries that vanished, were doubled or changed (safety.md 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideEffect {
    /// The attribute as a whole (see [`Path::whole`]), or `members`.
    pub attribute: Arc<str>,
    /// What happened, and the setting that avoids it, if there is one. No values: they may be sensitive.
    pub text: Arc<str>,
}

/// An object after a write, with the requested paths only. An answer to a write is not a read: some apps answer with what
/// they were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// The app did not show it.
    NotShown,
    /// The answer to the write showed it.
    Answered(Box<Remote>),
    /// A look after the write showed it.
    Read(Box<Remote>),
}

impl After {
    /// The object, wherever it comes from.
    pub fn remote(&self) -> Option<&Remote> {
        match self {
            After::NotShown => None,
            After::Answered(remote) | After::Read(remote) => Some(remote),
        }
    }
}

impl Outcome {
    /// An end that shows nothing of the object.
    pub fn bare(state: OutcomeState) -> Self {
        Self {
            state,
            before: None,
            after: After::NotShown,
            side_effects: Vec::new(),
            needs_seat: false,
            holder: None,
        }
    }
}

/// How an op ended, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutcomeState {
    /// The app took it.
    Written,
    /// It was so already; nothing was sent.
    Already,
    /// The app said no; nothing changed.
    Refused {
        /// App, object, method and path, status, what to do.
        why: String,
        /// True if the refusal may be about one member of a batch only, so that halving can find it.
        divisible: bool,
    },
    /// Sent, and no answer that can be trusted: it may have happened.
    Unknown {
        /// What came instead.
        why: String,
    },
    /// Not sent: the lease is gone or the run is being stopped.
    NotSent {
        /// Why.
        why: String,
    },
}

impl OutcomeState {
    /// The outcome without its reason.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            OutcomeState::Written => OutcomeKind::Written,
            OutcomeState::Already => OutcomeKind::Already,
            OutcomeState::Refused { .. } => OutcomeKind::Refused,
            OutcomeState::Unknown { .. } => OutcomeKind::Unknown,
            OutcomeState::NotSent { .. } => OutcomeKind::NotSent,
        }
    }

    /// The reason, if there is one.
    pub fn why(&self) -> Option<&str> {
        match self {
            OutcomeState::Refused { why, .. }
            | OutcomeState::Unknown { why }
            | OutcomeState::NotSent { why } => Some(why),
            OutcomeState::Written | OutcomeState::Already => None,
        }
    }

    /// True if the app now is as the op wants it.
    pub fn is_done(&self) -> bool {
        self.kind().is_done()
    }
}

/// How an op ended, without reasons. Failures stand first, as reports list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// The app said no; nothing changed.
    Refused,
    /// Sent, and no answer that can be trusted.
    Unknown,
    /// Not sent: stopped before.
    NotSent,
    /// It was so already.
    Already,
    /// The app took it.
    Written,
}

impl OutcomeKind {
    /// The word for the log, and the one that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            OutcomeKind::Refused => "refused",
            OutcomeKind::Unknown => "unknown",
            OutcomeKind::NotSent => "not-sent",
            OutcomeKind::Already => "already",
            OutcomeKind::Written => "written",
        }
    }

    /// True if the app now is as the op wants it.
    pub fn is_done(self) -> bool {
        match self {
            OutcomeKind::Already | OutcomeKind::Written => true,
            OutcomeKind::Refused | OutcomeKind::Unknown | OutcomeKind::NotSent => false,
        }
    }
}
