//! A connector as a document.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::app::Limits as AppLimits;
use crate::model::node::Node;
use crate::model::{Diagnostic, Span, rate};

use super::answers::Answers;
use super::auth::{Form, names_of_token};
use super::grants::Grant;
use super::listing::{self, Around, Listing};
use super::members::Membership;
use super::named;
use super::objects::{Objects, ObjectsReader};
use super::page::Paging;
use super::place::Place;
use super::reading::{Known, Reading, Scope, Stage};
use super::request::{Get, headers, path_of};
use super::template::{Placeholder, Template};

/// The largest document, in bytes.
pub const MAX_LENGTH: usize = 64 * 1024;

/// An API: where things stand, what answers mean, what is not shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub name: Arc<str>,
    pub title: Arc<str>,
    /// Public pages from which it was written.
    pub source: Vec<Arc<str>>,
    /// What was tried, and against what.
    pub proven: Vec<Arc<str>>,
    pub unproven: Vec<Arc<str>>,
    /// JSON Schemas of the settings of an app, by name.
    pub settings: BTreeMap<Arc<str>, Setting>,
    /// The path below the app's `url` under which all is.
    pub base: Vec<Template>,
    pub headers: Vec<(Arc<str>, Template)>,
    /// The ways to sign in, by name.
    pub auth: Vec<(Arc<str>, Form)>,
    pub limits: Limits,
    pub answers: Answers,
    pub own: Option<Own>,
    /// Requests that prove the rights that the lists need.
    pub check: Vec<Get>,
    /// Values that are asked for once a run; of several sources the first that gives one counts.
    pub once: Vec<(Arc<str>, Vec<Once>)>,
    /// Tables of names and ids.
    pub names: BTreeMap<Arc<str>, Names>,
    pub users: Objects,
    pub groups: Option<Objects>,
    pub grants: Vec<Grant>,
    pub not_shown: NotShown,
    /// What is right and may not be meant so.
    pub warnings: Vec<Diagnostic>,
    pub span: Span,
}

/// A setting of apps.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// JSON Schema of the value, without `required`.
    pub schema: Json,
    pub required: bool,
    pub span: Span,
}

/// What the API takes. An app may be asked less, never more.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// Requests per second.
    pub rate: Option<f64>,
    /// Requests in flight.
    pub concurrency: Option<u32>,
}

/// How the account of the connection is found (safety.md 15).
#[derive(Debug, Clone, PartialEq)]
pub enum Own {
    /// A request whose answer is the account, unless a place has one of these values.
    Asked(Box<Get>, Vec<(Place, Vec<Json>)>),
    /// The answer to the token request has its id.
    OfToken(Arc<str>),
}

/// A source of a value that is asked for once a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Once {
    Setting(Arc<str>),
    OfToken(Arc<str>),
    Asked(Box<Get>, Place),
}

/// A table of names.
#[derive(Debug, Clone, PartialEq)]
pub struct Names {
    pub list: Listing,
    pub name: Place,
    pub id: Place,
}

/// What the app does not show, each with the reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotShown {
    pub activity: Option<Arc<str>>,
    pub invited: Option<Arc<str>>,
    pub deleted: Option<Arc<str>>,
    pub power: Option<Arc<str>>,
    pub attributes: BTreeMap<Arc<str>, Arc<str>>,
}

impl Document {
    /// Reads a document whose form the JSON Schema has accepted.
    ///
    /// # Errors
    /// What is wrong with it, each with its place.
    pub fn read(name: &str, node: &Node) -> Result<Self, Vec<Diagnostic>> {
        let mut reading =
            Reading { found: Vec::new(), warnings: Vec::new(), known: known(node), has_wrong_path: false };
        let document = read(&mut reading, name, node);
        match document {
            Some(document) if reading.found.is_empty() => Ok(Self { warnings: reading.warnings, ..document }),
            _ => Err(reading.found.into_iter().chain(reading.warnings).collect()),
        }
    }
}

/// The names that placeholders may use, ahead of everything that may use them.
fn known(node: &Node) -> Known {
    let keys = |key: &str| -> BTreeSet<Arc<str>> {
        node.get(key).map(Node::entries).unwrap_or_default().iter().map(|(key, _)| key.text.clone()).collect()
    };
    Known {
        settings: keys("settings"),
        once: keys("once"),
        of_token: node.get("auth").into_iter().flat_map(names_of_token).collect(),
        names: keys("names"),
        page_is_wrong: false,
    }
}

fn read(reading: &mut Reading, name: &str, node: &Node) -> Option<Document> {
    let length = node.span.end.saturating_sub(node.span.start) as usize;
    if length > MAX_LENGTH {
        let message = format!("the connector has {length} bytes, and may have {MAX_LENGTH}");
        reading.error("document", node.span, message, "leave out what repeats the defaults");
    }
    let page = node
        .get("page")
        .and_then(|page| Paging::read(reading, page, None, Scope::later("the pages of lists", &[])));
    reading.known.page_is_wrong = node.get("page").is_some() && page.is_none();
    let base = node.get("base");
    let early = Scope { operation: "`base`", own: &[], stage: Stage::Token, keys: &[] };
    let base = base.and_then(|base| path_of(reading, base, early)).map(|(_, base)| base);
    let all = Scope::later("`headers`", &[]);
    let headers = headers(reading, node.get("headers"), Scope { stage: Stage::Token, ..all });
    let auth = node.get("auth").map(|auth| Form::read_all(reading, auth)).unwrap_or_default();
    for (name, form) in &auth {
        if let Form::Token(form) = form {
            let at = node.get("auth").and_then(|auth| auth.get(name)?.get("token")?.get("host"));
            if let (Some(host), Some(at)) = (&form.host, at) {
                reading.is_a_setting(host, at.span);
            }
        }
    }
    let limits = Limits::read(reading, node);
    let answers = node.get("answers").map(|node| Answers::read(reading, node)).unwrap_or_default();
    let own = node.get("self").and_then(|node| Own::read(reading, node));
    let check = node.get("check").map(Node::one_or_more).unwrap_or_default();
    let check = check.iter().filter_map(|node| Get::read(reading, node, None, Scope::later("`check`", &[])));
    let check = check.collect();
    let once = node.get("once").map(Node::entries).unwrap_or_default();
    let once = once.iter().map(|(key, sources)| {
        let sources = sources.one_or_more().iter().filter_map(|node| Once::read(reading, node));
        (key.text.clone(), sources.collect())
    });
    let once = once.collect();
    let names = names(reading, node, page.as_ref());
    let users = node.get("users")?;
    let reader = ObjectsReader { what: "users", node: users, page: page.as_ref() };
    let users = reader.read(reading);
    let groups = node.get("groups").map(|groups| groups_of(reading, groups, page.as_ref()));
    let grants = node.get("grants");
    let grants = grants.map(|node| Grant::read_all(reading, node, page.as_ref())).unwrap_or_default();
    if let Some(users) = &users {
        let members = node.get("groups").and_then(|groups| groups.get("members"));
        let known = groups.as_ref().and_then(|groups| groups.as_ref()?.members.as_ref());
        if let (Some(of), Some(node)) = (known, members) {
            named::check_members(reading, of, users, node.get("by"));
        }
        grants.iter().for_each(|grant| named::check_grant(reading, grant, users));
    }
    let text = |key: &str| node.get(key).and_then(Node::text).cloned();
    let texts = |key: &str| -> Vec<Arc<str>> {
        let nodes = node.get(key).map(Node::one_or_more).unwrap_or_default();
        nodes.iter().filter_map(|node| node.text().cloned()).collect()
    };
    Some(Document {
        name: name.into(),
        title: text("title").unwrap_or_else(|| name.into()),
        source: texts("source"),
        proven: texts("proven"),
        unproven: texts("unproven"),
        settings: settings(node),
        base: base.unwrap_or_default(),
        headers: headers?,
        auth,
        limits,
        answers,
        own,
        check,
        once,
        names,
        users: users?,
        groups: match groups {
            Some(groups) => Some(groups?),
            None => None,
        },
        grants,
        not_shown: NotShown::read(node),
        warnings: Vec::new(),
        span: node.span,
    })
}

fn groups_of(reading: &mut Reading, node: &Node, page: Option<&Paging>) -> Option<Objects> {
    let groups = ObjectsReader { what: "groups", node, page }.read(reading);
    let members = node.get("members").map(|members| Membership::read(reading, members, page));
    let members = match members {
        Some(members) => Some(members?),
        None => None,
    };
    Some(Objects { members, ..groups? })
}

fn settings(node: &Node) -> BTreeMap<Arc<str>, Setting> {
    let entries = node.get("settings").map(Node::entries).unwrap_or_default();
    let setting = |(key, node): &(crate::model::node::Key, Node)| {
        let mut schema = node.json();
        let required = schema.as_object_mut().and_then(|schema| schema.remove("required"));
        let required = required.and_then(|required| required.as_bool()).unwrap_or(false);
        (key.text.clone(), Setting { schema, required, span: key.span })
    };
    entries.iter().map(setting).collect()
}

fn names(reading: &mut Reading, node: &Node, page: Option<&Paging>) -> BTreeMap<Arc<str>, Names> {
    // A path may hold an earlier part of a target; which parts there are is said by the grants.
    let grants = node.get("grants").map(Node::one_or_more).unwrap_or_default();
    let targets = grants.iter().filter_map(|grant| grant.get("target")).flat_map(Node::entries);
    let own: BTreeSet<_> = targets.map(|(key, _)| Placeholder::Target(key.text.clone())).collect();
    let own: Vec<_> = own.into_iter().collect();
    let mut all = BTreeMap::new();
    for (key, node) in node.get("names").map(Node::entries).unwrap_or_default() {
        let operation = format!("names.{}", key.text);
        let around = Around { path: None, rows: None, page };
        let list = Listing::read(
            reading,
            Some(node),
            node,
            around,
            Scope::later(&operation, &own).with(listing::NAMES),
        );
        let mut place = |key: &str| {
            let at = node.get(key);
            if at.is_none() {
                let hint = format!("add its place in a row, such as `{key}: {key}`");
                reading.error("place", node.span, format!("{operation} has no `{key}`"), &hint);
            }
            reading.place(at?)
        };
        if let (Some(list), Some(name), Some(id)) = (list, place("name"), place("id")) {
            all.insert(key.text.clone(), Names { list, name, id });
        }
    }
    all
}

impl Own {
    fn read(reading: &mut Reading, node: &Node) -> Option<Self> {
        if let Some(name) = node.get("token") {
            let text = name.text()?;
            if !reading.known.of_token.contains(text) {
                let message = format!("the answer to the token request has no `{text}`");
                reading.error("self", name.span, message, "read it: `read: {NAME: PLACE}` below `token:`");
            }
            return Some(Self::OfToken(text.clone()));
        }
        let get = Get::read(reading, node, None, Scope::later("`self`", &[]).with(&["not"]))?;
        let not = node.get("not").map(|not| reading.expectations(not)).unwrap_or_default();
        Some(Self::Asked(Box::new(get), not))
    }
}

impl Once {
    fn read(reading: &mut Reading, node: &Node) -> Option<Self> {
        if let Some(setting) = node.get("setting") {
            let text = setting.text()?;
            reading.is_a_setting(text, setting.span);
            return Some(Self::Setting(text.clone()));
        }
        if let Some(token) = node.get("token") {
            let text = token.text()?;
            if !reading.known.of_token.contains(text) {
                let message = format!("the answer to the token request has no `{text}`");
                reading.error("once", token.span, message, "read it: `read: {NAME: PLACE}` below `token:`");
            }
            return Some(Self::OfToken(text.clone()));
        }
        let scope = Scope { operation: "`once`", own: &[], stage: Stage::Once, keys: &["at"] };
        let get = Get::read(reading, node, None, scope)?;
        let Some(at) = node.get("at") else {
            let hint = "add the place of the value in the answer, such as `at: id`";
            reading.error("place", node.span, "the request of `once` has no `at`".to_owned(), hint);
            return None;
        };
        Some(Self::Asked(Box::new(get), reading.place(at)?))
    }
}

impl Limits {
    fn read(reading: &mut Reading, node: &Node) -> Self {
        let Some(limits) = node.get("limits") else { return Self::default() };
        let written = limits.get("rate").and_then(|node| Some((node, node.text()?)));
        let rate = written.and_then(|(node, text)| {
            let rate = rate::parse(text);
            if rate.is_none() {
                let hint = "a number above zero per second, minute or hour, such as 10/s or 600/m";
                reading.error("limits", node.span, format!("`{text}` is not a rate"), hint);
            }
            rate
        });
        let concurrency = limits.get("concurrency").and_then(Node::number);
        Self { rate, concurrency: concurrency.and_then(|count| u32::try_from(count).ok()) }
    }

    /// Those of an app, and no more than the API takes.
    pub fn within(&self, of_app: AppLimits) -> AppLimits {
        let rates = [self.rate, of_app.rate].into_iter().flatten();
        AppLimits {
            rate: rates.min_by(f64::total_cmp),
            concurrency: self.concurrency.map_or(of_app.concurrency, |most| most.min(of_app.concurrency)),
            ..of_app
        }
    }
}

impl NotShown {
    fn read(node: &Node) -> Self {
        let Some(node) = node.get("not_shown") else { return Self::default() };
        let text = |key: &str| node.get(key).and_then(Node::text).cloned();
        let attributes = node.get("attributes").map(Node::entries).unwrap_or_default().iter();
        Self {
            activity: text("activity"),
            invited: text("invited"),
            deleted: text("deleted"),
            power: text("power"),
            attributes: attributes
                .filter_map(|(key, why)| Some((key.text.clone(), why.text()?.clone())))
                .collect(),
        }
    }
}
