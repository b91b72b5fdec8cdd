//! What every reader of a part of a document needs. The JSON Schema has checked the form, so that a value of another
//! form is passed over here in silence; what a schema cannot say is found here, each with its place.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::node::{Node, What};
use crate::model::similar;
use crate::model::{Diagnostic, Span};

use super::place::Place;
use super::template::{Hole, Placeholder, Template};

/// Collects what is wrong with a document.
pub(super) struct Reading {
    pub found: Vec<Diagnostic>,
    pub known: Known,
}

/// The names that placeholders of the document may use.
#[derive(Default)]
pub(super) struct Known {
    pub settings: BTreeSet<Arc<str>>,
    pub once: BTreeSet<Arc<str>>,
    /// What the answers to token requests say besides the token.
    pub of_token: BTreeSet<Arc<str>>,
    pub names: BTreeSet<Arc<str>>,
    /// What the document says of the pages of lists is wrong, and has been reported.
    pub page_is_wrong: bool,
}

/// Where a template stands, and so which placeholders it may use.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    /// For messages: "the path of `users.get`".
    pub operation: &'s str,
    /// The placeholders of this operation besides `{settings.x}`, `{once.x}` and `{token.x}`.
    pub own: &'s [Placeholder],
    /// What is asked for before anything else cannot use what comes later.
    pub stage: Stage,
    /// The keys of the operation besides those of every request.
    pub keys: &'s [&'static str],
}

/// When a request is sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// To get a token: settings alone are known.
    Token,
    /// Once a run, before all others.
    Once,
    /// Any later request.
    Later,
}

impl<'s> Scope<'s> {
    pub(super) fn later(operation: &'s str, own: &'s [Placeholder]) -> Self {
        Self { operation, own, stage: Stage::Later, keys: &[] }
    }

    /// With these keys besides those of every request.
    pub(super) fn with(self, keys: &'s [&'static str]) -> Self {
        Self { keys, ..self }
    }
}

impl Reading {
    pub(super) fn error(&mut self, code: &'static str, span: Span, message: String, hint: &str) {
        self.found.push(Diagnostic::error(code, span, message).with_hint(hint));
    }

    pub(super) fn place(&mut self, node: &Node) -> Option<Place> {
        let text = node.text()?;
        match Place::parse(text) {
            Ok(place) => Some(place),
            Err(wrong) => {
                let next =
                    text.get(wrong.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                let finding =
                    Diagnostic::error("place", node.part(wrong.at, next), format!("`{text}` is not a place"));
                let hint =
                    "such as `id`, `profile.email`, `emails[type eq \"work\"].value`, or `.` for the whole";
                self.found.push(finding.with_label(wrong.message).with_hint(hint));
                None
            }
        }
    }

    /// The place below a key.
    pub(super) fn place_at(&mut self, of: &Node, key: &str) -> Option<Place> {
        self.place(of.get(key)?)
    }

    /// A place, or a list of places of which the first that is there counts.
    pub(super) fn places(&mut self, node: &Node) -> Vec<Place> {
        node.one_or_more().iter().filter_map(|node| self.place(node)).collect()
    }

    /// What each of several places has to have: `{PLACE: [VALUE…]}`.
    pub(super) fn expectations(&mut self, node: &Node) -> Vec<(Place, Vec<Json>)> {
        let mut expect = Vec::new();
        for (key, values) in node.entries() {
            let place = Node { span: key.span, is_verbatim: true, what: What::Text(key.text.clone()) };
            if let Some(place) = self.place(&place) {
                expect.push((place, values.one_or_more().iter().map(Node::json).collect()));
            }
        }
        expect
    }

    pub(super) fn template(&mut self, node: &Node, scope: Scope<'_>) -> Option<Template> {
        let text = node.text()?;
        self.template_part(node, 0, text, scope)
    }

    /// A template that is a part of a text, from this byte on.
    pub(super) fn template_part(
        &mut self,
        node: &Node,
        from: usize,
        text: &str,
        scope: Scope<'_>,
    ) -> Option<Template> {
        match Template::parse(text) {
            Ok(template) => {
                let all_known = template.holes().fold(true, |known, hole| {
                    let at = node.part(from + hole.at.0, hole.at.1);
                    self.is_known(hole, at, scope) && known
                });
                all_known.then_some(template)
            }
            Err(wrong) => {
                let at = node.part(from + wrong.at.0, wrong.at.1);
                self.error("placeholder", at, wrong.message, &self.list(scope));
                None
            }
        }
    }

    /// Finds a placeholder that this operation does not have.
    fn is_known(&mut self, hole: &Hole, at: Span, scope: Scope<'_>) -> bool {
        let name = &hole.name;
        let (names, what): (&BTreeSet<Arc<str>>, &str) = match name {
            _ if scope.own.contains(name) => return true,
            Placeholder::Setting(_) => (&self.known.settings, "settings"),
            Placeholder::Once(_) if scope.stage == Stage::Later => (&self.known.once, "once"),
            Placeholder::OfToken(_) if scope.stage > Stage::Token => (&self.known.of_token, "read"),
            _ => {
                let message = format!("{} has no placeholder {name}", scope.operation);
                self.error("placeholder", at, message, &self.list(scope));
                return false;
            }
        };
        let (Placeholder::Setting(key) | Placeholder::Once(key) | Placeholder::OfToken(key)) = name else {
            return false;
        };
        if names.contains(key) {
            return true;
        }
        let hint = similar::did_you_mean(key, names.iter().map(|name| &**name));
        let hint = hint.unwrap_or_else(|| match what {
            "read" => format!("read it from the answer: `read: {{{key}: PLACE}}` below `token:`"),
            _ => format!("declare it below `{what}:` of the connector"),
        });
        self.error("placeholder", at, format!("{name} is declared nowhere"), &hint);
        false
    }

    /// Finds keys of requests that this operation does not have.
    pub(super) fn only_keys(&mut self, node: &Node, of_all: &[&str], scope: Scope<'_>) {
        for (key, _) in node.entries() {
            let is_known = |known: &[&str]| known.contains(&&*key.text);
            if is_known(of_all) || is_known(scope.keys) || key.text.starts_with("x-") {
                continue;
            }
            let known: Vec<&str> = of_all.iter().chain(scope.keys).copied().collect();
            let hint = similar::did_you_mean(&key.text, known.iter().copied());
            let hint = hint.unwrap_or_else(|| format!("there are {}", known.join(", ")));
            self.error("request", key.span, format!("{} has no `{}`", scope.operation, key.text), &hint);
        }
    }

    /// Finds a name that stands below no `names:`.
    pub(super) fn is_a_name(&mut self, name: &str, at: Span) {
        if self.known.names.contains(name) {
            return;
        }
        let hint = similar::did_you_mean(name, self.known.names.iter().map(|name| &**name));
        let hint = hint.unwrap_or_else(|| format!("add `{name}:` below `names:` of the connector"));
        self.error("names", at, format!("there is no `{name}` below `names:`"), &hint);
    }

    /// Finds a setting that is not declared.
    pub(super) fn is_a_setting(&mut self, name: &str, at: Span) {
        if self.known.settings.contains(name) {
            return;
        }
        let hint = similar::did_you_mean(name, self.known.settings.iter().map(|name| &**name));
        let hint = hint.unwrap_or_else(|| "declare it below `settings:` of the connector".to_owned());
        self.error("settings", at, format!("there is no setting `{name}`"), &hint);
    }

    /// The placeholders that may stand there, for a hint.
    fn list(&self, scope: Scope<'_>) -> String {
        let settings = self.known.settings.iter().map(|name| Placeholder::Setting(name.clone()));
        let once = self.known.once.iter().filter(|_| scope.stage == Stage::Later);
        let once = once.map(|name| Placeholder::Once(name.clone()));
        let of_token = self.known.of_token.iter().filter(|_| scope.stage > Stage::Token);
        let of_token = of_token.map(|name| Placeholder::OfToken(name.clone()));
        let all = scope.own.iter().cloned().chain(settings).chain(once).chain(of_token);
        let all: Vec<_> = all.take(12).map(|name| name.to_string()).collect();
        match all.is_empty() {
            true => "there are no placeholders here: write the text as it is".to_owned(),
            false => format!("there are {} here", all.join(", ")),
        }
    }
}
