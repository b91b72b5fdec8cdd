//! In what ways the emulator can act where the sources are thin.

use std::sync::{Arc, PoisonError, RwLock};

/// What the emulator does. The default is what the documentation says, or what most sources show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Switches {
    /// The key of the rows of a list. Default: `users`, as recorded answers show; the published description says `user`.
    pub list_key: ListKey,
    /// Rows have all fields, asked for or not. Default: false.
    pub shows_all: bool,
    /// Rows of a page if `pageSize` does not say it. Default: 25.
    pub default_page: usize,
    /// The most rows of a page, whatever `pageSize` says. Default: 200.
    pub largest_page: usize,
    /// A token request may be form-encoded; else it is answered with 400. Default: false.
    pub form_tokens: bool,
    /// The seconds that a token is good for. Default: 3600.
    pub token_life: u64,
    /// So many requests end a token, before its time. Default: never.
    pub requests_per_token: Option<u32>,
    /// The account that signs in with a password is an administrator of the enterprise. Default: true.
    pub is_admin: bool,
    /// People sign in through an identity provider, and the password grant is refused. Default: false.
    pub sso: bool,
    /// Detached accounts keep their address and username. Default: true.
    pub reserves: bool,
    /// The status of an answer about a detached account. Default: 404.
    pub detached_status: u16,
    /// The status of an answer to a create whose address or username is taken. Default: 400.
    pub taken_status: u16,
    /// The status of an answer to a PUT: 200 with the account, or 204. Default: 200.
    pub put_status: u16,
    /// A PUT replaces the account: what it leaves out is gone. If false, it stays. Default: true.
    pub put_replaces: bool,
    /// A PUT may change the username; else the username of the body is ignored. Default: false.
    pub username_changes: bool,
    /// What becomes of a request for a room. Default: it is made.
    pub room_fault: Option<RoomFault>,
    /// The app is down. Default: no.
    pub outage: Option<Outage>,
}

/// The key of the rows of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListKey {
    /// `users`.
    Users,
    /// `user`.
    User,
}

/// What becomes of a request for a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoomFault {
    /// 400: it is not made.
    Refused,
    /// 500 without a body, after it was made.
    Lost,
}

/// An app that is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outage {
    /// 502, with a page of HTML.
    Page,
    /// 500, without a body.
    Empty,
    /// 200, with a page of HTML.
    Welcome,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            list_key: ListKey::Users,
            shows_all: false,
            default_page: 25,
            largest_page: 200,
            form_tokens: false,
            token_life: 3600,
            requests_per_token: None,
            is_admin: true,
            sso: false,
            reserves: true,
            detached_status: 404,
            taken_status: 400,
            put_status: 200,
            put_replaces: true,
            username_changes: false,
            room_fault: None,
            outage: None,
        }
    }
}

/// The switches of a running emulator. A clone turns the same switches.
#[derive(Debug, Clone, Default)]
pub struct Habits(Arc<RwLock<Switches>>);

impl Habits {
    /// Turns switches; the next request sees them.
    pub fn turn(&self, with: impl FnOnce(&mut Switches)) {
        with(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// As they are now.
    pub fn now(&self) -> Switches {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
