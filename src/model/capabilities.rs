//! What an app can do: declared by its connector, discovered from the app, overridden by settings.

use std::sync::Arc;

/// What a connector to one app can do. `validate` and `plan` refuse what it cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Accounts can be created.
    pub create_users: bool,
    /// Later steps of the create of an account, by name, in order.
    pub create_steps: Vec<Arc<str>>,
    /// Accounts can be changed.
    pub update_users: bool,
    /// Accounts can be turned off and on.
    pub disable_users: bool,
    /// Accounts can be deleted.
    pub delete_users: bool,
    /// Groups can be read and their members changed.
    pub groups: bool,
    /// Groups can be created.
    pub create_groups: bool,
    /// Groups can be renamed.
    pub rename_groups: bool,
    /// Groups can be deleted.
    pub delete_groups: bool,
    /// How the app names the members of a group.
    pub members_by: MemberKey,
    /// Filters can be used for look-ups; otherwise the connector lists.
    pub filter: bool,
    /// Rows per page the connector asks for.
    pub page_size: u32,
    /// Members per request; [`Capabilities::ALL`] if each request has everybody who is in the group then.
    pub members_batch: u32,
    /// The most members of a group that the app shows, if that is known.
    pub members_cap: Option<u32>,
    /// People of groups inside a group are shown among its members.
    pub members_mixed: bool,
    /// An object may be read again right after a write, and shows it.
    pub reads_back: bool,
}

impl Capabilities {
    /// The batch of an app whose groups are written with all their members at once.
    pub const ALL: u32 = u32::MAX;

    /// Of an app that can only be read.
    pub const NOTHING: Self = Self {
        create_users: false,
        create_steps: Vec::new(),
        update_users: false,
        disable_users: false,
        delete_users: false,
        groups: false,
        create_groups: false,
        rename_groups: false,
        delete_groups: false,
        members_by: MemberKey::Id,
        filter: false,
        page_size: 1,
        members_batch: 1,
        members_cap: None,
        members_mixed: false,
        reads_back: false,
    };

    /// What people ask for first, in words, and whether the app can do it.
    pub fn told(&self) -> [(&'static str, bool); 5] {
        [
            ("create accounts", self.create_users),
            ("change accounts", self.update_users),
            ("disable accounts", self.disable_users),
            ("delete accounts", self.delete_users),
            ("groups", self.groups),
        ]
    }
}

/// How an app names the members of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberKey {
    /// By the account's id.
    #[default]
    Id,
    /// By the account's name, its login.
    Name,
}
