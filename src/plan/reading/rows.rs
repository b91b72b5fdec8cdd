//! What is kept of the rows of a listing, once they are judged.

use std::sync::Arc;

use super::links::LinkNo;
use super::matching::Candidate;
use crate::model::{RemoteId, UserNo, Value};
use crate::plan::compare::Findings;

/// The findings of a page; they are merged in any order.
#[derive(Default)]
pub struct PageDiff {
    pub(in crate::plan) linked: Vec<LinkedRow>,
    pub(in crate::plan) unlinked: Vec<UnlinkedRow>,
    pub(in crate::plan) groups: Vec<GroupRow>,
}

/// An account with a link.
pub(in crate::plan) struct LinkedRow {
    pub link: LinkNo,
    pub active: bool,
    /// A matching value has the last-seen or the desired value, or our id is in its place (safety.md 1).
    pub verified: bool,
    pub protected: bool,
    /// Kept where a notice or a group needs it: the account is protected or not verified, or members go by name.
    pub name: Option<Arc<str>>,
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
    pub active: bool,
    pub protected: bool,
    pub candidates: Vec<Candidate>,
    /// Values in the order of the mapping, if a person matches.
    pub values: Vec<Value>,
}

/// A group that is linked or has the name of a desired group.
#[derive(Clone)]
pub(in crate::plan) struct GroupRow {
    pub remote: RemoteId,
    pub name: Option<Arc<str>>,
    pub our_id: Option<Arc<str>>,
    /// Values in the order of the requested group attributes.
    pub values: Vec<Value>,
    /// `None` if they were not shown.
    pub members: Option<Vec<MemberRef>>,
}

/// A member as read: compact where the account is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) enum MemberRef {
    Linked(LinkNo),
    Other(Arc<str>),
}
