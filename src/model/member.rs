//! Members: of a group, of an assignment.

use std::sync::Arc;

use super::id::{GroupNo, UserNo};
use super::span::Span;
use super::time::Window;

/// Who can be a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// One person.
    User(UserNo),
    /// Everybody in a group, nested ones included.
    Group(GroupNo),
}

/// One line below `members:`.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub principal: Principal,
    /// Where it is written.
    pub span: Span,
    /// Validity and reason, if the long form says so. Boxed: most members have none.
    pub terms: Option<Box<Terms>>,
}

impl Member {
    /// When the membership holds.
    pub fn window(&self) -> Window {
        self.terms.as_ref().map_or(Window::ALWAYS, |terms| terms.window)
    }
}

/// The long form of a member.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// When it holds: from `start` and `expires`.
    pub window: Window,
    /// Why, for people.
    pub reason: Option<Arc<str>>,
}
