//! How an app is signed in to: the forms from which the `auth:` of an app picks one.

use std::sync::Arc;

use crate::model::node::{Key, Node};

use super::reading::{Reading, Scope, Stage};
use super::request::{self, Send};
use super::source::Source;
use super::template::{Placeholder, Template};

/// A way to sign in.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// Name and password with each request (RFC 7617).
    Basic,
    /// A token that does not change (RFC 6750).
    Bearer,
    /// A key in a header.
    Key { header: Arc<str>, value: Template },
    /// A token that is asked for, and again when it is old.
    Token(Box<TokenForm>),
}

/// How a token is asked for and sent.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenForm {
    /// What the app has to say, in the order of the document.
    pub needs: Vec<(Arc<str>, Need)>,
    pub request: Send,
    /// The token in the answer.
    pub token: Source,
    pub expires: Option<Expires>,
    /// What else the answer says.
    pub others: Vec<(Arc<str>, Source)>,
    /// The credential goes into the header of the token request too (RFC 6749 section 2.3.1).
    pub basic: bool,
    /// The setting that names the host of the token request; without it, it is the host of the app.
    pub host: Option<Arc<str>>,
    /// The header of every other request.
    pub header: Arc<str>,
    pub value: Template,
}

/// A part of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Stands in the file.
    Text,
    /// Comes from the environment or a file.
    Secret,
}

/// The end of a token.
#[derive(Debug, Clone, PartialEq)]
pub enum Expires {
    /// After this many seconds.
    In(Source),
    /// Always after this many seconds, because no answer says it.
    After(u64),
    /// At this instant.
    At(Source),
}

/// The names of forms that are no token forms.
const PLAIN: [&str; 3] = ["basic", "bearer", "key"];

/// What token requests say besides the token, ahead of everything that may use it.
pub(super) fn names_of_token(auth: &Node) -> impl Iterator<Item = Arc<str>> {
    let reads = auth.entries().iter().filter_map(|(_, form)| form.get("token")?.get("read"));
    let names = reads.flat_map(Node::entries).map(|(key, _)| key.text.clone());
    names.filter(|name| !["token", "expires_in", "expires_at"].contains(&&**name))
}

impl Form {
    /// The forms below `auth:`.
    pub(super) fn read_all(reading: &mut Reading, auth: &Node) -> Vec<(Arc<str>, Self)> {
        let forms = auth.entries().iter();
        forms.filter_map(|(key, node)| Some((key.text.clone(), Self::read(reading, key, node)?))).collect()
    }

    fn read(reading: &mut Reading, key: &Key, node: &Node) -> Option<Self> {
        match &*key.text {
            "basic" => Some(Self::Basic),
            "bearer" => Some(Self::Bearer),
            "key" => {
                let header = node.get("header")?.text()?.clone();
                let (header, value) = sent(reading, node, header, &Placeholder::Key)?;
                Some(Self::Key { header, value })
            }
            _ => TokenForm::read(reading, key, node).map(|form| Self::Token(Box::new(form))),
        }
    }
}

impl TokenForm {
    fn read(reading: &mut Reading, key: &Key, node: &Node) -> Option<Self> {
        let Some(token) = node.get("token") else {
            let message = format!("it is not said how `{}` gets its token", key.text);
            let hint = format!(
                "add `token:` with a request, `needs:` and `send:`; forms without a token are called {}",
                PLAIN.join(", ")
            );
            reading.error("auth", key.span, message, &hint);
            return None;
        };
        let needs: Vec<_> =
            node.get("needs").map(Node::entries).unwrap_or_default().iter().filter_map(need).collect();
        let own: Vec<_> = needs.iter().map(|(name, _)| Placeholder::of_need(name)).collect();
        let keys = &["read", "basic", "host"];
        let scope = Scope { operation: "the token request", own: &own, stage: Stage::Token, keys };
        let request = Send::read(reading, token, None, scope)?;
        unused(reading, node, &needs, &request);
        in_address(reading, &needs, &request)?;
        let read = token.get("read").or_else(|| {
            let hint = "add `read: {token: access_token, expires_in: expires_in}`";
            reading.error("auth", token.span, "it is not said where the token stands".to_owned(), hint);
            None
        })?;
        let mut others = Vec::new();
        let (mut found, mut expires) = (None, None);
        for (name, place) in read.entries() {
            if let ("expires_in", Some(seconds)) = (&*name.text, place.number()) {
                expires = Some(Expires::After(seconds));
                continue;
            }
            let Some(source) = Source::read(reading, place) else { continue };
            match &*name.text {
                "token" => found = Some(source),
                "expires_in" => expires = Some(Expires::In(source)),
                "expires_at" => expires = Some(Expires::At(source)),
                _ => others.push((name.text.clone(), source)),
            }
        }
        let Some(found) = found else {
            reading.error(
                "auth",
                read.span,
                "`read` has no `token`".to_owned(),
                "add the place of the token",
            );
            return None;
        };
        let (header, value) = match node.get("send") {
            Some(send) => {
                let header = send.get("header").and_then(Node::text).cloned();
                sent(reading, send, header.unwrap_or_else(|| "Authorization".into()), &Placeholder::Token)?
            }
            None => ("Authorization".into(), Template::parse("Bearer {token}").ok()?),
        };
        Some(Self {
            needs,
            request,
            token: found,
            expires,
            others,
            basic: token.get("basic").and_then(Node::bool).unwrap_or(false),
            host: token.get("host").and_then(Node::text).cloned(),
            header,
            value,
        })
    }
}

fn need((key, node): &(Key, Node)) -> Option<(Arc<str>, Need)> {
    let need = match &**node.text()? {
        "secret" => Need::Secret,
        _ => Need::Text,
    };
    Some((key.text.clone(), need))
}

/// Every part of a credential is sent, or the app would be asked for it in vain.
fn unused(reading: &mut Reading, node: &Node, needs: &[(Arc<str>, Need)], request: &Send) {
    let mut used: Vec<Placeholder> = Vec::new();
    request.each_hole(&mut |hole| used.push(hole.name.clone()));
    let is_basic = node.get("token").and_then(|token| token.get("basic")).and_then(Node::bool) == Some(true);
    for (key, _) in node.get("needs").map(Node::entries).unwrap_or_default() {
        let is_need = needs.iter().any(|(name, _)| *name == key.text);
        if is_need && !is_basic && !used.contains(&Placeholder::of_need(&key.text)) {
            let message = format!("the token request does not use `{}`", key.text);
            let hint = format!("write `{{{}}}` where it belongs, or remove it from `needs`", key.text);
            reading.error("auth", key.span, message, &hint);
        }
    }
}

/// A secret stands in no address: addresses are printed, and kept by servers.
fn in_address(reading: &mut Reading, needs: &[(Arc<str>, Need)], request: &Send) -> Option<()> {
    let address = &request.address;
    let holes = address.path.iter().chain(address.query.iter().flat_map(|(_, values)| values));
    let used: Vec<&Placeholder> = holes.flat_map(Template::holes).map(|hole| &hole.name).collect();
    let is_there = |(name, need): &&(Arc<str>, Need)| {
        *need == Need::Secret && used.contains(&&Placeholder::of_need(name))
    };
    let Some((name, _)) = needs.iter().find(is_there) else { return Some(()) };
    let message = format!("the secret `{name}` stands in the address of the token request");
    let hint = "send it in `json` or `form`: addresses are printed, and kept by servers";
    reading.error("auth", address.span, message, hint);
    None
}

/// The header that carries the credential, and what it says.
fn sent(
    reading: &mut Reading,
    node: &Node,
    header: Arc<str>,
    placeholder: &Placeholder,
) -> Option<(Arc<str>, Template)> {
    if let Some(why) = request::unusable(&header) {
        let message = format!("the header `{header}` cannot carry a credential: it {why}");
        let span = node.get("header").map_or(node.span, |header| header.span);
        reading.error("auth", span, message, "name the header in which the app expects it");
        return None;
    }
    let own = [placeholder.clone()];
    let scope =
        Scope { operation: "the header of the credential", own: &own, stage: Stage::Token, keys: &[] };
    let Some(value) = node.get("value") else {
        return Some((header, Template::parse(&placeholder.to_string()).ok()?));
    };
    let template = reading.template(value, scope)?;
    if !template.holes().any(|hole| hole.name == *placeholder) {
        let message = "the header does not carry the credential".to_owned();
        reading.error("auth", value.span, message, &format!("write `{placeholder}` where it belongs"));
        return None;
    }
    Some((header, template))
}
