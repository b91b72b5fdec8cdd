//! What an app showed of one fact: seen, seen to be none, or unread (safety.md 22).
//!
//! Nothing turns an unread fact into a value or into an absence. Whoever needs one has to say what follows from each of
//! the three:
//!
//! ```compile_fail
//! use rolecall::model::seen::{Seen, Unread};
//! let title: Seen<String> = Seen::Unread(Unread::LeftOut);
//! let title: Option<String> = title.into();
//! ```
//!
//! ```compile_fail
//! use rolecall::model::seen::{Activity, Unread};
//! let activity = Activity::Unread(Unread::LeftOut);
//! if activity {}
//! ```
//!
//! The same holds for all that an object, a list and an answer show. These say what follows:
//!
//! ```
//! use rolecall::model::remote::{Complete, GoneProof, Held, Members, Presence, Remote, Walk};
//! use rolecall::model::seen::{Activity, Seen};
//! use rolecall::model::{RemoteId, Value};
//! fn activity(remote: Remote) -> Activity { remote.activity }
//! fn attributes(remote: Remote) -> Vec<Seen<Value>> { remote.attributes }
//! fn members(remote: Remote) -> Members { remote.members }
//! fn holdings(remote: Remote) -> Seen<Vec<Held>> { remote.holds }
//! fn list(walk: Walk) -> Walk { walk }
//! fn answer(presence: Presence) -> Presence { presence }
//! fn proof(id: RemoteId) -> GoneProof { GoneProof::answered_for(id) }
//! ```
//!
//! And these do not compile:
//!
//! ```compile_fail
//! # use rolecall::model::remote::Remote;
//! fn activity(remote: Remote) -> bool { remote.activity.into() }
//! ```
//! ```compile_fail
//! # use rolecall::model::{Value, remote::Remote};
//! fn attributes(remote: Remote) -> Vec<Value> { remote.attributes }
//! ```
//! ```compile_fail
//! # use rolecall::model::{Value, remote::Remote};
//! fn attribute(remote: &Remote) -> Option<Value> { remote.attributes[0].clone().unwrap_or_default() }
//! ```
//! ```compile_fail
//! # use rolecall::model::remote::{Member, Remote};
//! fn members(remote: Remote) -> Vec<Member> { remote.members.into() }
//! ```
//! ```compile_fail
//! # use rolecall::model::remote::Remote;
//! fn is_without_members(remote: &Remote) -> bool { remote.members.is_empty() }
//! ```
//! ```compile_fail
//! # use rolecall::model::remote::{Held, Remote};
//! fn holdings(remote: Remote) -> Vec<Held> { remote.holds.unwrap_or_default() }
//! ```
//! ```compile_fail
//! # use rolecall::model::remote::{Complete, Walk};
//! fn list(walk: Walk) -> Complete { walk.into() }
//! ```
//! ```compile_fail
//! # use rolecall::model::remote::{GoneProof, Presence};
//! fn answer(presence: Presence) -> GoneProof { presence.into() }
//! ```
//! ```compile_fail
//! # use rolecall::model::{RemoteId, remote::GoneProof};
//! fn proof(id: RemoteId) -> GoneProof { GoneProof { id } }
//! ```

use std::fmt;
use std::sync::Arc;

use super::value::Value;

/// Apps that show at most so many members, or a multiple of it, cut the list without a word.
pub const COMMON_CAP: usize = 50;

/// True if a list of so many members may be cut, by the number alone.
pub fn may_be_cut(members: usize) -> bool {
    members > 0 && members.is_multiple_of(COMMON_CAP)
}

/// A fact that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen<T> {
    /// The app shows it.
    Is(T),
    /// The app shows that there is none.
    None,
    /// The app does not say: nothing may be concluded.
    Unread(Unread),
}

/// Why a fact is unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// Nobody asked for it.
    NotAsked,
    /// The answer leaves it out.
    LeftOut,
    /// The settings or the app's own schema say that it is never shown.
    NotShown,
    /// It has a form that is not understood: the beginning of it, with hidden characters escaped.
    Form(Arc<str>),
    /// So many members were shown, which may be as many as this app shows at most.
    Cut(u64),
    /// No answer, or one that cannot be used, and why.
    NoAnswer(Arc<str>),
}

/// Whether an account can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activity {
    /// It can.
    On,
    /// It was turned off.
    Off,
    /// The app does not say.
    Unread(Unread),
}

impl<T> Seen<T> {
    /// The value that was shown. There may be one without its being shown, so this is no proof of an absence.
    pub fn shown(&self) -> Option<&T> {
        match self {
            Seen::Is(value) => Some(value),
            Seen::None | Seen::Unread(_) => None,
        }
    }

    pub fn as_ref(&self) -> Seen<&T> {
        match self {
            Seen::Is(value) => Seen::Is(value),
            Seen::None => Seen::None,
            Seen::Unread(why) => Seen::Unread(why.clone()),
        }
    }
}

impl Seen<Value> {
    /// A value that the app was asked for and answered: null is none.
    pub fn read(value: Value) -> Self {
        if value.is_null() { Seen::None } else { Seen::Is(value) }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::NotAsked => f.write_str("it was not asked for"),
            Unread::LeftOut => f.write_str("the app leaves it out"),
            Unread::NotShown => f.write_str("the app does not show it"),
            Unread::Form(text) => write!(f, "its form is not understood: {text}"),
            Unread::Cut(count) => {
                write!(f, "{count} are shown, which may be as many as the app shows at most")
            }
            Unread::NoAnswer(why) => f.write_str(why),
        }
    }
}
