//! Grants: an account has something on something, such as a role in a project.
//!
//! Above the connector a grant is a group that nobody can make, rename or delete: its id is the target, its members are
//! the accounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Span;
use crate::model::node::Node;

use super::listing::{self, Around, Listing};
use super::members::Change;
use super::page::Paging;
use super::place::Place;
use super::reading::{Reading, Scope};
use super::request::{Body, Default, Method, Said, Send, said};
use super::template::{Placeholder, Template};

/// One kind of grant; kinds are told apart by the keys of their targets.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// The parts of the target in the order of the document, each with the names it is looked up by.
    pub target: Vec<(Arc<str>, Arc<str>)>,
    /// The list is asked for once for each of these that the tree names.
    pub per: Option<Per>,
    pub list: Listing,
    /// The account in a row.
    pub account: Place,
    /// The parts of the target in a row. A part that `per` gives need not be there.
    pub row: BTreeMap<Arc<str>, Place>,
    pub add: Option<Change>,
    pub remove: Option<Change>,
    pub span: Span,
}

/// For what a list of grants is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Per {
    Account,
    /// A part of the target.
    Part(Arc<str>),
}

impl Grant {
    /// One kind, or a list of kinds.
    pub(super) fn read_all(reading: &mut Reading, node: &Node, page: Option<&Paging>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for node in node.one_or_more() {
            let Some(grant) = Self::read(reading, node, page) else { continue };
            let keys = |grant: &Self| {
                grant.target.iter().map(|(key, _)| key.clone()).collect::<std::collections::BTreeSet<_>>()
            };
            if all.iter().any(|other| keys(other) == keys(&grant)) {
                let message = "two kinds of grants have targets with the same keys".to_owned();
                reading.error(
                    "grants",
                    grant.span,
                    message,
                    "kinds are told apart by the keys of `target`: rename one",
                );
            }
            all.push(grant);
        }
        all
    }

    fn read(reading: &mut Reading, node: &Node, page: Option<&Paging>) -> Option<Self> {
        let mut target = Vec::new();
        for (key, part) in node.get("target").map(Node::entries).unwrap_or_default() {
            let Some((names, name)) = part.get("names").and_then(|names| Some((names, names.text()?))) else {
                continue;
            };
            reading.is_a_name(name, names.span);
            target.push((key.text.clone(), name.clone()));
        }
        let per = node.get("per").and_then(Node::text).map(|text| match &**text {
            "account" => Per::Account,
            _ => Per::Part(text.clone()),
        });
        if let (Some(Per::Part(part)), Some(at)) = (&per, node.get("per"))
            && !target.iter().any(|(key, _)| key == part)
        {
            let message = format!("`per: {part}` is no part of the target");
            reading.error("grants", at.span, message, "write `per: account`, or a key of `target`");
        }
        let parts = target
            .iter()
            .flat_map(|(key, _)| [Placeholder::Target(key.clone()), Placeholder::TargetName(key.clone())]);
        let parts: Vec<_> = parts.collect();
        // A list is asked for with what `per` gives, and with the parts before it.
        let known: Vec<_> = match &per {
            None => Vec::new(),
            Some(Per::Account) => vec![Placeholder::Account, Placeholder::AccountKey],
            Some(Per::Part(part)) => {
                let upto = target.iter().position(|(key, _)| key == part).map_or(0, |place| place + 1);
                parts.iter().take(upto * 2).cloned().collect()
            }
        };
        let around = Around { path: None, rows: None, page };
        let list = node.get("list");
        if list.is_none() {
            let hint = "add `list:` with a request";
            reading.error("request", node.span, "it is not said where grants are listed".to_owned(), hint);
        }
        let list = Listing::read(
            reading,
            Some(list?),
            node,
            around,
            Scope::later("grants.list", &known).with(listing::LIST),
        )?;
        let rows = node.get("row");
        let mut row = BTreeMap::new();
        let mut account = None;
        for (key, place) in rows.map(Node::entries).unwrap_or_default() {
            let Some(place) = reading.place(place) else { continue };
            match &*key.text {
                "account" => account = Some(place),
                _ if target.iter().any(|(part, _)| *part == key.text) => {
                    row.insert(key.text.clone(), place);
                }
                _ => {
                    let message = format!("`{}` is no part of the target", key.text);
                    reading.error(
                        "grants",
                        key.span,
                        message,
                        "a row has `account` and the keys of `target`",
                    );
                }
            }
        }
        let is_given = |part: &Arc<str>| match &per {
            Some(Per::Part(per)) => {
                let place = |name: &Arc<str>| target.iter().position(|(key, _)| key == name);
                place(part) <= place(per)
            }
            _ => false,
        };
        let missing =
            target.iter().map(|(key, _)| key).find(|part| !row.contains_key(*part) && !is_given(part));
        if let Some(missing) = missing {
            let message = format!("a row of grants does not say its `{missing}`");
            reading.error("grants", rows.unwrap_or(node).span, message, "add its place to `row:`");
        }
        let account = match (account, &per) {
            (Some(account), _) => account,
            (None, Some(Per::Account)) => Place::parse(".").ok()?,
            (None, _) => {
                let hint = "add the place of the account's id, such as `row: {account: user.id}`";
                reading.error(
                    "grants",
                    rows.unwrap_or(node).span,
                    "a row of grants does not say its account".to_owned(),
                    hint,
                );
                return None;
            }
        };
        let mut own = vec![Placeholder::Account, Placeholder::AccountKey, Placeholder::Base];
        own.extend(parts);
        let add = change(reading, node, "add", None, &own);
        let default = add.as_ref().map(|add| (add.request.address.path.clone(), add.request.body.clone()));
        let remove = change(reading, node, "remove", default.as_ref(), &own);
        Some(Self { target, per, list, account, row, add, remove, span: node.span })
    }
}

/// The request that gives or takes. Without one of its own, a grant is taken by a DELETE of what gave it, with the same body.
fn change(
    reading: &mut Reading,
    node: &Node,
    name: &str,
    default: Option<&(Vec<Template>, Body)>,
    own: &[Placeholder],
) -> Option<Change> {
    let operation = format!("grants.{name}");
    let default = default.map(|(path, body)| Default { method: Method::Delete, path, body: body.clone() });
    let request = match said(node, name) {
        Said::No => return None,
        Said::Yes(node) => Send::read(
            reading,
            node,
            default.as_ref(),
            Scope::later(&operation, own).with(&["batch", "all_or_nothing"]),
        )?,
        Said::Default => Send::default(default?, node.span),
    };
    Some(Change::of(reading, node.get(name), request))
}
