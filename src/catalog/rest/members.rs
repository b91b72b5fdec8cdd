//! Who is in a group.

use std::sync::Arc;

use crate::model::Span;
use crate::model::node::Node;

use super::listing::{self, Around, Listing};
use super::operation::Operation;
use super::page::Paging;
use super::place::Place;
use super::reading::{Reading, Scope};
use super::request::{Body, Default, Method, Said, Send, said};
use super::template::{Placeholder, Template};

/// The members of groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    pub list: MembersAt,
    /// The account in a row.
    pub account: Place,
    /// The attribute of accounts by which members are named; the id if there is none.
    pub by: Option<Arc<str>>,
    /// What is shown holds members that are in a group inside, too.
    pub inherited: bool,
    /// As many members are not all.
    pub cap: Option<u64>,
    pub add: Option<Change>,
    pub remove: Option<Change>,
    /// The whole list is written at once.
    pub set: Option<Send>,
    pub span: Span,
}

/// Where the members of a group are shown.
#[derive(Debug, Clone, PartialEq)]
pub enum MembersAt {
    /// In a list of their own.
    Listed(Box<Listing>),
    /// In the group.
    InGroup(Place),
}

/// A request about one member, or about several.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub request: Send,
    /// The most members of one request.
    pub batch: u64,
    /// A request is done for all of them or for none.
    pub all_or_nothing: bool,
}

impl Membership {
    pub(super) fn read(reading: &mut Reading, node: &Node, page: Option<&Paging>) -> Option<Self> {
        let own = [Placeholder::Group];
        let path = node.get("path");
        let path = path.and_then(|path| {
            super::request::path_of(reading, path, Scope::later("groups.members.path", &own))
        });
        let path: Option<Vec<Template>> = path.map(|(_, path)| path);
        let list = node.get("list");
        let at = list.and_then(|list| list.get("account")).or_else(|| node.get("account"));
        let Some(account) = at.and_then(|at| reading.place(at)) else {
            if at.is_none() {
                let hint = "add the place of the account's id in a row, such as `account: id`";
                reading.error("place", node.span, "`members` has no `account`".to_owned(), hint);
            }
            return None;
        };
        reading.has_wrong_path = node.get("path").is_some() && path.is_none();
        let list = MembersAt::read(reading, node, path.as_deref(), page);
        let one = path.clone().map(|mut path| {
            path.extend(Template::parse("{account}").ok());
            path
        });
        let set = send(reading, node, "set", None);
        let inherited = node.get("inherited").and_then(Node::text).is_some_and(|text| &**text == "mixed");
        if let (Some((key, _)), true) = (node.entry("set"), inherited && set.is_some()) {
            let message = "a list that is written whole makes members of everybody in it, people of groups inside included";
            let hint = "write `add:` and `remove:` instead of `set:`, or remove `inherited: mixed`";
            reading.error("inherited", key.span, message.to_owned(), hint);
        }
        let (add, remove) = match set {
            Some(_) => {
                beside_set(reading, node);
                (None, None)
            }
            None => (
                change(reading, node, "add", one.as_deref().map(|path| (Method::Put, path))),
                change(reading, node, "remove", one.as_deref().map(|path| (Method::Delete, path))),
            ),
        };
        if set.is_none() {
            one_way(reading, node, add.as_ref(), remove.as_ref());
        }
        reading.has_wrong_path = false;
        Some(Self {
            list: list?,
            account,
            by: node.get("by").and_then(Node::text).filter(|by| &***by != "id").cloned(),
            inherited,
            cap: node.get("cap").and_then(Node::number),
            add,
            remove,
            set,
            span: node.span,
        })
    }
}

impl Membership {
    /// True if a request of this operation is done for all of its members or for none.
    pub fn is_all_or_nothing(&self, operation: Operation) -> bool {
        let change = match operation {
            Operation::Add => &self.add,
            Operation::Remove => &self.remove,
            _ => return false,
        };
        change.as_ref().is_some_and(|change| change.all_or_nothing)
    }
}

impl MembersAt {
    fn read(
        reading: &mut Reading,
        node: &Node,
        path: Option<&[Template]>,
        page: Option<&Paging>,
    ) -> Option<Self> {
        let list = node.get("list");
        if let Some(place) = list.and_then(|list| list.get("in")) {
            return reading.place(place).map(Self::InGroup);
        }
        if node.get("path").is_none() && list.is_none() {
            let hint =
                "add `path: \"/groups/{group}/members\"`, or `list:` with a request or with `in: PLACE`";
            reading.error("request", node.span, "it is not said where members are listed".to_owned(), hint);
            return None;
        }
        let around = Around { path, rows: node.get("rows"), page };
        let own = [Placeholder::Group];
        let scope = Scope::later("groups.members.list", &own).with(listing::MEMBERS);
        let list = Listing::read(reading, list, node, around, scope)?;
        Some(Self::Listed(Box::new(list)))
    }
}

/// Finds a request that never is sent, because the list is written whole.
fn beside_set(reading: &mut Reading, node: &Node) {
    for name in ["add", "remove"] {
        if let (Some((key, _)), Said::Yes(_)) = (node.entry(name), said(node, name)) {
            let message = format!("`set` writes the whole list, and `{name}` is never sent");
            let hint = format!("remove `{name}`, or `set`");
            reading.error("members", key.span, message, &hint);
        }
    }
}

/// Says what cannot be done where members can only come, or only go.
fn one_way(reading: &mut Reading, node: &Node, add: Option<&Change>, remove: Option<&Change>) {
    let (missing, cannot) = match (add, remove) {
        (Some(_), None) => {
            ("remove", "nobody can be taken out of a group: whoever is in one keeps what it gives")
        }
        (None, Some(_)) => ("add", "nobody can be put into a group"),
        _ => return,
    };
    let at = node.entry(missing).map_or(node.span, |(key, _)| key.span);
    let hint = format!("add `{missing}:` with a request, if the app has one");
    reading.warning("members", at, format!("`members` has no `{missing}`: {cannot}"), &hint);
}

fn send(
    reading: &mut Reading,
    node: &Node,
    name: &str,
    default: Option<(Method, &[Template])>,
) -> Option<Send> {
    let operation = format!("groups.members.{name}");
    let own = [Placeholder::Group, Placeholder::Account, Placeholder::AccountKey, Placeholder::Base];
    let default = default.map(|(method, path)| Default { method, path, body: Body::Nothing });
    match said(node, name) {
        Said::No => None,
        Said::Yes(node) => {
            let keys: &[&str] = if name == "set" { &[] } else { &["batch", "all_or_nothing"] };
            Send::read(reading, node, default.as_ref(), Scope::later(&operation, &own).with(keys))
        }
        Said::Default => default.map(|default| Send::default(default, node.span)),
    }
}

fn change(
    reading: &mut Reading,
    node: &Node,
    name: &str,
    default: Option<(Method, &[Template])>,
) -> Option<Change> {
    let request = send(reading, node, name, default)?;
    Some(Change::of(reading, node.get(name), request))
}

impl Change {
    /// With `batch` and `all_or_nothing` of this node.
    pub(super) fn of(reading: &mut Reading, node: Option<&Node>, request: Send) -> Self {
        let batch = node.and_then(|node| node.get("batch")).and_then(Node::number);
        let is_batch = matches!(&request.body, Body::Json(json) if json.is_batch());
        let is_unsaid = |node: &&Node| node.get("batch").is_none();
        if let (Some(node), true) = (node.filter(is_unsaid), is_batch) {
            let message = "the request carries several at once, and it is not said how many".to_owned();
            reading.error("batch", node.span, message, "add `batch: 100`, the most that the app takes");
        }
        if let (Some((key, _)), false) = (node.and_then(|node| node.entry("batch")), is_batch) {
            let message = "the request carries one at a time".to_owned();
            let hint = "write the array as `{each: \"{account}\"}` in `json:`, or remove `batch`";
            reading.error("batch", key.span, message, hint);
        }
        if let (Some((key, _)), false) = (node.and_then(|node| node.entry("all_or_nothing")), is_batch) {
            let message = "the request carries one at a time, so that there is no part of it".to_owned();
            reading.error("batch", key.span, message, "remove `all_or_nothing`");
        }
        let flag = node.and_then(|node| node.get("all_or_nothing")).and_then(Node::bool);
        Self {
            request,
            batch: batch.filter(|_| is_batch).unwrap_or(1).max(1),
            all_or_nothing: flag.unwrap_or(false),
        }
    }
}
