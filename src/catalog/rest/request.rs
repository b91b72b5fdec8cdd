//! Requests: where they go, and what they carry. What reads and what writes are different types, so that a plan cannot
//! reach a write.

use std::sync::Arc;

use crate::model::header;
use crate::model::node::{Key, Node, What};
use crate::model::{Diagnostic, Span};

use super::answers::Meaning;
use super::expected::Expected;
use super::filling::Filling;
use super::place::Place;
use super::reading::{Reading, Scope};
use super::template::{Hole, Template};

/// The methods that a request may have.
pub const METHODS: [(&str, Method); 5] = [
    ("GET", Method::Get),
    ("POST", Method::Post),
    ("PUT", Method::Put),
    ("PATCH", Method::Patch),
    ("DELETE", Method::Delete),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// `/x`: below the `base` of the document.
    Base,
    /// `~/x`: below the app's `url`.
    Url,
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Address {
    pub root: Root,
    /// The segments of the path; each is encoded as a whole.
    pub path: Vec<Template>,
    /// Names with their values, in order; a name with several values is repeated.
    pub query: Vec<(Arc<str>, Vec<Template>)>,
    pub headers: Vec<(Arc<str>, Template)>,
    pub span: Span,
}

/// A request that changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Get {
    pub address: Address,
    /// What the answer has to have.
    pub expect: Vec<(Place, Expected)>,
    /// What some answers to it mean.
    pub means: Vec<Meaning>,
}

/// A request that changes something, or that asks for a token.
#[derive(Debug, Clone, PartialEq)]
pub struct Send {
    pub method: Method,
    pub address: Address,
    pub body: Body,
    pub means: Vec<Meaning>,
    /// What else it does, for the plan.
    pub effect: Option<Arc<str>>,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Nothing.
    Nothing,
    /// The attributes at their places, and these constants.
    Attributes(Vec<(Arc<str>, Filling)>),
    Json(Filling),
    Form(Vec<(Arc<str>, Template)>),
}

/// The request of an operation that says nothing else.
pub(super) struct Default<'d> {
    pub method: Method,
    pub path: &'d [Template],
    /// What it carries if it does not say so.
    pub body: Body,
}

/// What a key of an operation says.
pub(super) enum Said<'n> {
    /// `none`: the app cannot do it.
    No,
    /// This request.
    Yes(&'n Node),
    /// Nothing.
    Default,
}

/// What stands at the key of an operation.
pub(super) fn said<'n>(of: &'n Node, key: &str) -> Said<'n> {
    match of.get(key) {
        Some(node) if node.text().is_some_and(|text| &**text == "none") => Said::No,
        Some(node) if node.is_map() => Said::Yes(node),
        _ => Said::Default,
    }
}

impl Get {
    /// Reads a request of this form; one without a method amends the default one.
    pub(super) fn read(
        reading: &mut Reading,
        node: &Node,
        default: Option<&[Template]>,
        scope: Scope<'_>,
    ) -> Option<Self> {
        let default = default.map(|path| Default { method: Method::Get, path, body: Body::Nothing });
        let (method, span, path) = method_and_path(reading, node, default.as_ref(), scope)?;
        if method != Method::Get {
            let message = format!("{} only reads, and has to be a GET", scope.operation);
            let hint = "lists that are asked for with POST are not in this version";
            reading.error("request", span, message, hint);
            return None;
        }
        reading.only_keys(node, &["GET", "query", "headers", "expect", "means"], scope);
        let address = address(reading, node, path, span, scope)?;
        let expect = node.get("expect").map(|expect| Expected::read_all(reading, expect)).unwrap_or_default();
        Some(Self { address, expect, means: Meaning::read_all(reading, node) })
    }

    /// The default request, if there is one.
    pub(super) fn default(path: &[Template], span: Span) -> Self {
        Self { address: Address::at(path, span), expect: Vec::new(), means: Vec::new() }
    }
}

impl Send {
    /// Reads a request of this form; one without a method amends the default one.
    pub(super) fn read(
        reading: &mut Reading,
        node: &Node,
        default: Option<&Default<'_>>,
        scope: Scope<'_>,
    ) -> Option<Self> {
        let (method, span, path) = method_and_path(reading, node, default, scope)?;
        if method == Method::Get {
            let message = format!("{} changes something, and cannot be a GET", scope.operation);
            reading.error("request", span, message, "write POST, PUT, PATCH or DELETE");
            return None;
        }
        let of_all =
            ["POST", "PUT", "PATCH", "DELETE", "query", "headers", "json", "form", "with", "means", "effect"];
        reading.only_keys(node, &of_all, scope);
        let otherwise = default.map_or(Body::Nothing, |default| default.body.clone());
        Some(Self {
            method,
            address: address(reading, node, path, span, scope)?,
            body: body(reading, node, otherwise, scope)?,
            means: Meaning::read_all(reading, node),
            effect: node.get("effect").and_then(Node::text).cloned(),
        })
    }

    /// The default request.
    pub(super) fn default(default: Default<'_>, span: Span) -> Self {
        Self {
            method: default.method,
            address: Address::at(default.path, span),
            body: default.body,
            means: Vec::new(),
            effect: None,
        }
    }

    /// Calls this with every placeholder.
    pub fn each_hole(&self, with: &mut dyn FnMut(&Hole)) {
        let mut template = |template: &Template| template.holes().for_each(&mut *with);
        self.address.templates().for_each(&mut template);
        match &self.body {
            Body::Nothing => {}
            Body::Attributes(fields) => {
                fields.iter().for_each(|(_, value)| value.each_template(&mut template));
            }
            Body::Json(json) => json.each_template(&mut template),
            Body::Form(fields) => fields.iter().for_each(|(_, value)| template(value)),
        }
    }
}

impl Address {
    fn at(path: &[Template], span: Span) -> Self {
        Self { root: Root::Base, path: path.to_vec(), query: Vec::new(), headers: Vec::new(), span }
    }

    /// The templates of which it is made.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let query = self.query.iter().flat_map(|(_, values)| values);
        self.path.iter().chain(query).chain(self.headers.iter().map(|(_, value)| value))
    }
}

/// A path with its root.
type RootedPath = (Root, Vec<Template>);

fn method_and_path(
    reading: &mut Reading,
    node: &Node,
    default: Option<&Default<'_>>,
    scope: Scope<'_>,
) -> Option<(Method, Span, RootedPath)> {
    let mut written = METHODS.iter().filter_map(|(word, method)| {
        let (key, path) = node.entry(word)?;
        Some((*method, key, path))
    });
    match (written.next(), written.next()) {
        (Some((method, key, path)), None) => {
            let path = path_of(reading, path, scope)?;
            Some((method, key.span, path))
        }
        (Some(_), Some((_, second, _))) => {
            let message = format!("{} has two methods", scope.operation);
            reading.error(
                "request",
                second.span,
                message,
                "an operation is one request: remove one of the two",
            );
            None
        }
        (None, _) => match default {
            Some(default) => Some((default.method, node.span, (Root::Base, default.path.to_vec()))),
            None if reading.has_wrong_path => None,
            None => {
                let message = format!("{} has no request", scope.operation);
                reading.error(
                    "request",
                    node.span,
                    message,
                    "add a method with its path, such as `GET: /users`",
                );
                None
            }
        },
    }
}

/// `/x/{id}` or `~/x`.
pub(super) fn path_of(reading: &mut Reading, node: &Node, scope: Scope<'_>) -> Option<RootedPath> {
    let text = node.text()?;
    let (root, skipped) = match text.strip_prefix('~') {
        Some(_) => (Root::Url, 1),
        None => (Root::Base, 0),
    };
    let rest = &text[skipped..];
    if !rest.starts_with('/') {
        let hint = "write it from `/` on, below `base:`, or from `~/` on, below the `url` of the app";
        reading.error("request", node.span, format!("`{text}` is not a path"), hint);
        return None;
    }
    if let Some(at) = rest.find(['?', '#']) {
        let hint = "what comes after `?` is written as `query: {NAME: VALUE}`";
        reading.error(
            "request",
            node.part(skipped + at, 1),
            "a path ends before `?` and `#`".to_owned(),
            hint,
        );
        return None;
    }
    if let Some(at) = rest.find(char::is_control) {
        let message = "a path has no control characters".to_owned();
        reading.error("request", node.part(skipped + at, 1), message, "remove it");
        return None;
    }
    let mut at = skipped + 1;
    let mut path = Vec::new();
    for segment in rest[1..].split('/') {
        let last = at + segment.len() == text.len();
        if segment.is_empty() && !(last && path.is_empty()) || segment == "." || segment == ".." {
            let message = format!("`{text}` has a segment that is empty, `.` or `..`");
            reading.error("request", node.part(at, segment.len().max(1)), message, "remove it");
            return None;
        }
        if !segment.is_empty() {
            path.push(reading.template_part(node, at, segment, scope)?);
        }
        at += segment.len() + 1;
    }
    Some((root, path))
}

fn address(
    reading: &mut Reading,
    node: &Node,
    (root, path): RootedPath,
    span: Span,
    scope: Scope<'_>,
) -> Option<Address> {
    let query = node.get("query").map(Node::entries).unwrap_or_default();
    let query = query.iter().map(|(key, value)| {
        let values = value.one_or_more().iter().map(|value| scalar(reading, value, scope));
        Some((key.text.clone(), values.collect::<Option<Vec<_>>>()?))
    });
    let query = query.collect::<Option<Vec<_>>>();
    let headers = headers(reading, node.get("headers"), scope);
    Some(Address { root, path, query: query?, headers: headers?, span })
}

/// A text with placeholders, a number or a boolean.
fn scalar(reading: &mut Reading, node: &Node, scope: Scope<'_>) -> Option<Template> {
    match &node.what {
        What::Bool(value) => Template::parse(&value.to_string()).ok(),
        What::Number(value) => Template::parse(&value.to_string()).ok(),
        _ => reading.template(node, scope),
    }
}

/// Headers of requests; those that carry credentials or shape the connection are the engine's own.
pub(super) fn headers(
    reading: &mut Reading,
    node: Option<&Node>,
    scope: Scope<'_>,
) -> Option<Vec<(Arc<str>, Template)>> {
    let entries = node.map(Node::entries).unwrap_or_default();
    let header = |(key, value): &(Key, Node)| {
        if let Some(why) = refusal(&key.text) {
            reading.found.push(refused_header(&key.text, key.span, why));
            return None;
        }
        if value.text().is_some_and(|text| text.contains(char::is_control)) {
            let message = format!("the header `{}` holds a character that cannot be sent", key.text);
            reading.error(
                "request",
                value.span,
                message,
                "write it without line breaks and control characters",
            );
            return None;
        }
        Some((key.text.clone(), scalar(reading, value, scope)?))
    };
    // Each is looked at, also after one that is refused.
    let headers: Vec<Option<_>> = entries.iter().map(header).collect();
    headers.into_iter().collect()
}

/// Why a document may not set a header. What an app answers with may be chosen.
fn refusal(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    unusable(name).or_else(|| {
        let refusal = header::refusal(name).filter(|_| lower != "accept");
        refusal.map(header::Refusal::words)
    })
}

/// Why a header cannot carry anything that a document says, a credential included.
pub(super) fn unusable(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("proxy-") || lower.starts_with("x-forwarded-") {
        return Some("speaks to what stands between rolecall and the app");
    }
    // RFC 9110 section 5.6.2.
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        return Some("has a character that no name of a header has");
    }
    let is_ours = header::refusal(name) == Some(header::Refusal::Ours) && lower != "accept";
    is_ours.then(|| header::Refusal::Ours.words())
}

fn refused_header(name: &str, span: Span, why: &str) -> Diagnostic {
    Diagnostic::error("request", span, format!("the header `{name}` cannot be set: it {why}"))
        .with_hint("remove it; credentials are sent as `auth:` of the document says")
}

fn body(reading: &mut Reading, node: &Node, otherwise: Body, scope: Scope<'_>) -> Option<Body> {
    match (node.get("json"), node.entry("form"), node.get("with")) {
        (Some(_), Some((key, _)), _) => {
            let message = format!("{} has `json` and `form`", scope.operation);
            reading.error("request", key.span, message, "a request has one body: remove one of the two");
            None
        }
        (Some(json), None, _) => Filling::read(reading, json, scope).map(Body::Json),
        (None, Some((_, form)), _) => {
            let fields = form.entries().iter();
            let fields = fields.map(|(key, value)| Some((key.text.clone(), scalar(reading, value, scope)?)));
            fields.collect::<Option<Vec<_>>>().map(Body::Form)
        }
        (None, None, Some(with)) => {
            let fields = with.entries().iter();
            let fields =
                fields.map(|(key, value)| Some((key.text.clone(), Filling::read(reading, value, scope)?)));
            fields.collect::<Option<Vec<_>>>().map(Body::Attributes)
        }
        (None, None, None) => Some(otherwise),
    }
}
