//! What is kept of the rows of a listing, once they are judged.

use std::sync::Arc;

use super::identity::Evidence;
use super::links::LinkNo;
use super::matching::Candidate;
use super::namesakes::Namesake;
use super::taken::Taken;
use crate::model::remote::Held;
use crate::model::seen::{Activity, Seen, Unread};
use crate::model::{Created, Path, RemoteId, UserNo, Value};
use crate::plan::compare::Findings;

/// The findings of a page; they are merged in any order.
#[derive(Default)]
pub struct PageDiff {
    pub(in crate::plan) linked: Vec<LinkedRow>,
    pub(in crate::plan) unlinked: Vec<UnlinkedRow>,
    pub(in crate::plan) groups: Vec<GroupRow>,
    /// Creation times of linked accounts that the ledger does not remember.
    pub(in crate::plan) created: Vec<(LinkNo, Created)>,
    /// Values of accounts that other people are to have.
    pub(in crate::plan) taken: Vec<Taken>,
    /// Accounts that show what somebody without an account is called.
    pub(in crate::plan) namesakes: Vec<Namesake>,
    /// All groups with their names, and whether the list of members is shown.
    pub(in crate::plan) all_groups: Vec<(RemoteId, Option<Arc<str>>, bool)>,
    /// The number of linked accounts that have a value, by column.
    pub(in crate::plan) values: Vec<u64>,
    /// The number of accounts that show an attribute, perhaps without a value, by column.
    pub(in crate::plan) shows: Vec<u64>,
    /// An account shows the attribute that keeps roles, perhaps without a value.
    pub(in crate::plan) shows_roles: bool,
}

/// An account with a link.
pub(in crate::plan) struct LinkedRow {
    pub link: LinkNo,
    /// As this row shows it.
    pub activity: Activity,
    /// Whose account it shows itself to be (safety.md 1).
    pub evidence: Evidence,
    pub protected: bool,
    pub name: Option<Arc<str>>,
    /// It has an address in a domain of the tree, and no apply has run to its end.
    pub in_domain: bool,
    /// A declared person without an account who has this account's matching values, if its own person is not declared any
    /// more.
    pub lookalike: Option<UserNo>,
    /// None if everything is as desired.
    pub findings: Option<Box<Findings>>,
}

/// An account without a link.
#[derive(Clone)]
pub(in crate::plan) struct UnlinkedRow {
    pub remote: RemoteId,
    pub name: Option<Arc<str>>,
    pub our_id: Option<Arc<str>>,
    pub created: Option<Created>,
    /// As this row shows it.
    pub activity: Activity,
    pub protected: bool,
    /// Why nothing could be read of it that accounts are matched by.
    pub unmatchable: Option<Unread>,
    /// It has an address in a domain of the tree, and no apply has run to its end.
    pub in_domain: bool,
    pub candidates: Vec<Candidate>,
    /// What the listing shows that it can do, if a person matches.
    pub holds: Option<Box<ListedHoldings>>,
    /// What the listing shows of its power.
    pub power: Vec<Held>,
    /// Values in the order of the mapping, if a person matches.
    pub values: Vec<Seen<Value>>,
    /// What tells accounts apart, folded: of an account of nobody, on a day on which git is asked who people were.
    pub identity: Vec<(Path, String)>,
}

/// What a listing shows that an account can do.
#[derive(Clone)]
pub(in crate::plan) struct ListedHoldings {
    pub all: Seen<Vec<Held>>,
    /// A place was left out where the account itself may show more.
    pub in_part: bool,
}

impl ListedHoldings {
    /// True if a look at the account shows no more than this.
    pub(in crate::plan) fn are_whole(&self) -> bool {
        !self.in_part && !matches!(self.all, Seen::Unread(_))
    }
}

/// A group that is linked or has the name of a desired group.
#[derive(Clone)]
pub(in crate::plan) struct GroupRow {
    pub remote: RemoteId,
    pub name: Option<Arc<str>>,
    pub our_id: Option<Arc<str>>,
    /// Values in the order of the requested group attributes.
    pub values: Vec<Seen<Value>>,
    /// As this row shows them.
    pub members: RowMembers,
}

/// The members that one row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) enum RowMembers {
    Shown(Vec<MemberRef>),
    /// Some of them perhaps only by a group inside.
    Mixed(Vec<MemberRef>),
    Unread(Unread),
}

impl RowMembers {
    /// Everybody whom the row shows; none if it does not say.
    pub(in crate::plan) fn everybody(&self) -> Option<&[MemberRef]> {
        match self {
            RowMembers::Shown(members) | RowMembers::Mixed(members) => Some(members),
            RowMembers::Unread(_) => None,
        }
    }
}

/// A member as read: compact where the account is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) enum MemberRef {
    Linked(LinkNo),
    Other(Arc<str>),
    /// A group inside the group, as the app names it.
    Group(Arc<str>),
}
