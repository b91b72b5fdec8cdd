//! In what ways the emulator can act where the sources are thin.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

/// What the emulator does. The default is what the documentation says, or what most sources show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Switches {
    /// JSON begins with `throw 'allowIllegalResourceCall is false.';`. Default: true.
    pub prefix: bool,
    /// Rows of a page if `count` does not say it. Default: 25.
    pub default_page: usize,
    /// The most rows of a page, whatever `count` says. Default: 100.
    pub largest_page: usize,
    /// Logins of people whom the caller may not see: they are taken out of a page after it was cut, so that it is short.
    pub hidden: BTreeSet<String>,
    /// Lists show disabled people only if `include-disabled(true)` asks for them. Default: true.
    pub hides_disabled: bool,
    /// What `@me` answers without a credential. Default: 401.
    pub anonymous: Anonymous,
    /// The status of an answer to new members. Default: 204; the documentation says 201.
    pub members_status: u16,
    /// What a PUT with another username does. Default: it is ignored.
    pub username_change: UsernameChange,
    /// A PUT replaces the person: entries that are left out are gone. If false, they stay. Default: true.
    pub put_replaces: bool,
    /// Entries of `jive.profile` are ignored, as if they could only be read. Default: false.
    pub profile_is_read_only: bool,
    /// How many times a person is still shown after a DELETE. Default: 0.
    pub looks_after_delete: u32,
    /// People can be created; else 501, as where another system creates them. Default: true.
    pub creates: bool,
    /// The app is down. Default: no.
    pub outage: Option<Outage>,
    /// Every request is answered with a redirect to a page for signing in. Default: false.
    pub login_page: bool,
    /// `error.code` is a number. Default: false, a word.
    pub numeric_codes: bool,
    /// Members can be removed one by one; else 405. No public source shows this call. Default: true.
    pub removes_members: bool,
    /// There is an org chart; else 410. Default: true.
    pub org_chart: bool,
    /// The address by which clients know it, where a proxy stands before it. Default: its own.
    pub behind: Option<String>,
}

/// What `@me` answers without a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Anonymous {
    /// 401.
    Unauthorized,
    /// 200, with a person whose id is -1.
    Nobody,
}

/// What a PUT with another username does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UsernameChange {
    /// The username stays, and the rest is changed.
    Ignored,
    /// 409.
    Refused,
}

/// An app that is down, with a page of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outage {
    /// 500, as Tomcat answers.
    Broken,
    /// 503, during maintenance.
    Maintenance,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            prefix: true,
            default_page: 25,
            largest_page: 100,
            hidden: BTreeSet::new(),
            hides_disabled: true,
            anonymous: Anonymous::Unauthorized,
            members_status: 204,
            username_change: UsernameChange::Ignored,
            put_replaces: true,
            profile_is_read_only: false,
            looks_after_delete: 0,
            creates: true,
            outage: None,
            login_page: false,
            numeric_codes: false,
            removes_members: true,
            org_chart: true,
            behind: None,
        }
    }
}

/// The switches of a running emulator. A clone turns the same switches.
#[derive(Debug, Clone, Default)]
pub struct Habits(Arc<RwLock<Switches>>);

impl Habits {
    /// With these switches.
    pub fn of(switches: Switches) -> Self {
        Self(Arc::new(RwLock::new(switches)))
    }

    /// Turns switches; the next request sees them.
    pub fn turn(&self, with: impl FnOnce(&mut Switches)) {
        with(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// As they are now.
    pub fn now(&self) -> Switches {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
