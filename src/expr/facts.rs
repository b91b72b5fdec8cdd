//! The facts that an expression is evaluated over.

use std::sync::Arc;

use crate::model::{Company, Group, UserNo};

/// All that an expression may read. Facts that its [`Use`](super::Use) does not name can be left out.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The company of the users. It has the attributes that the expression was compiled with.
    pub company: &'a Company,
    /// `user`
    pub user: Option<UserNo>,
    /// `account`
    pub account: Option<AccountFacts<'a>>,
    /// `group`
    pub group: Option<GroupFacts<'a>>,
}

/// The roles of a person in an app.
#[derive(Debug, Clone, Copy)]
pub struct AccountFacts<'a> {
    /// The value of the role that comes first.
    pub role: Option<&'a str>,
    /// The values of all roles.
    pub roles: &'a [Arc<str>],
}

/// A group, declared or made from a role.
#[derive(Debug, Clone, Copy)]
pub struct GroupFacts<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub description: Option<&'a str>,
}

impl<'a> Facts<'a> {
    /// Facts about a person.
    pub fn user(company: &'a Company, user: UserNo) -> Self {
        Self { company, user: Some(user), account: None, group: None }
    }

    /// Facts about a group.
    pub fn group(company: &'a Company, group: GroupFacts<'a>) -> Self {
        Self { company, user: None, account: None, group: Some(group) }
    }

    /// The same facts, and those of the person's account.
    pub fn with_account(mut self, account: AccountFacts<'a>) -> Self {
        self.account = Some(account);
        self
    }
}

impl<'a> From<&'a Group> for GroupFacts<'a> {
    fn from(group: &'a Group) -> Self {
        Self { id: group.id.as_str(), name: &group.name, description: group.description.as_deref() }
    }
}
