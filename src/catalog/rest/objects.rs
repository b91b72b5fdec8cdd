//! Accounts and groups of an app: where they are listed and how they are written.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::Span;
use crate::model::node::Node;

use super::attribute::{Attribute, DateFormat};
use super::listing::{self, Around, Listing};
use super::members::Membership;
use super::naming;
use super::place::Place;
use super::reading::{Reading, Scope};
use super::request::{Body, Default, Get, Method, Said, Send, said};
use super::source::{Places, Source};
use super::template::{Placeholder, Template};

/// The accounts, or the groups, of an app.
#[derive(Debug, Clone, PartialEq)]
pub struct Objects {
    /// The body and the answer about one object stand below this key.
    pub wrap: Option<Arc<str>>,
    pub id: Places,
    /// The attribute that stands in paths instead of the id.
    pub key: Option<Arc<str>>,
    /// When the object was created, as the app says.
    pub created: Option<(Place, DateFormat)>,
    pub attributes: Vec<Attribute>,
    pub active: Option<Active>,
    pub list: Listing,
    pub get: Option<Get>,
    /// The object in the answer of `get`, where it is not below `wrap`.
    pub row: Option<Place>,
    /// Look-ups by attribute.
    pub find: Vec<(Arc<str>, Find)>,
    pub create: Option<Create>,
    pub update: Option<Update>,
    pub disable: Option<Send>,
    pub enable: Option<Send>,
    pub delete: Option<Delete>,
    /// Objects with these values are filled by somebody else and never written.
    pub elsewhere: Vec<(Place, Vec<Json>)>,
    /// Who is in a group.
    pub members: Option<Membership>,
    pub span: Span,
}

/// Whether an account is on.
#[derive(Debug, Clone, PartialEq)]
pub struct Active {
    pub at: Places,
    /// The values of an account that is on; the first is written.
    pub is: Vec<Json>,
    /// The values of an account that is off; the first is written. Any other value is not understood.
    pub not: Vec<Json>,
}

/// A look-up.
#[derive(Debug, Clone, PartialEq)]
pub struct Find {
    pub list: Listing,
    /// The app compares whole values, so that an empty answer is believed.
    pub exact: bool,
}

/// How an object is made: in one request, or in several that a killed run can go on with.
#[derive(Debug, Clone, PartialEq)]
pub struct Create {
    /// The request that makes the object.
    pub request: Send,
    /// The id of the new object in the answer.
    pub id: Option<Source>,
    /// What follows, each on its own.
    pub later: Vec<LaterStep>,
}

/// A later request of a create. It may be repeated: it puts, or a look says whether it is done.
#[derive(Debug, Clone, PartialEq)]
pub struct LaterStep {
    pub name: Arc<str>,
    /// The setting of the app that has to be true.
    pub condition: Option<Arc<str>>,
    pub request: Send,
    /// It is done already if this answer has something there.
    pub unless: Option<(Get, Place)>,
}

/// How an object is changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    pub request: Send,
    pub send: Sent,
    /// What is left out of what was read before it is sent back.
    pub drop: Vec<Place>,
    /// Has to be the same before the write as it was read.
    pub unchanged: Option<Place>,
}

/// Which values a change carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Those that change.
    Changed,
    /// All that are mapped.
    Managed,
    /// The whole object as it was read, with the new values in their places.
    Merged,
}

/// How an object is deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    pub request: Send,
    pub irreversible: bool,
    /// Attributes whose values nobody else can have afterwards.
    pub reserves: Vec<Arc<str>>,
}

impl Objects {
    /// The attribute that stands in paths instead of the id.
    pub fn key(&self) -> Option<&Attribute> {
        self.key.as_ref().and_then(|_| self.named_by())
    }

    /// The attribute whose value stands in paths: that of the key, or of the id.
    pub fn named_by(&self) -> Option<&Attribute> {
        naming::named_by(self.key.as_deref(), &self.id, &self.attributes)
    }
}

impl Create {
    /// True if the name of the new object stands in the request: we choose it.
    pub fn takes_key(&self) -> bool {
        naming::takes_key(&self.request)
    }
}

/// Reads accounts or groups.
pub(super) struct ObjectsReader<'d> {
    /// `users` or `groups`.
    pub what: &'static str,
    pub node: &'d Node,
    /// `page:` of the document.
    pub page: Option<&'d super::page::Paging>,
}

impl ObjectsReader<'_> {
    pub(super) fn read(&self, reading: &mut Reading) -> Option<Objects> {
        let node = self.node;
        let mut attributes = Attribute::read_all(reading, node, self.what);
        let key = node.get("key").and_then(Node::text).cloned();
        self.is_attribute(reading, &attributes, node.get("key"));
        let id = node.get("id").and_then(|id| Places::read(reading, id));
        let path = self.path(reading);
        reading.has_wrong_path = node.get("path").is_some() && path.is_none();
        let object = |mut path: Vec<Template>| {
            let placeholder = if key.is_some() { Placeholder::Key } else { Placeholder::Id };
            path.extend(Template::parse(&placeholder.to_string()).ok());
            path
        };
        let object_path = path.clone().map(object);
        let list = self.list(reading, path.as_deref());
        let own = self.own(key.is_some());
        let get = self.get(reading, object_path.as_deref(), &own);
        let send = |method, path: &Option<Vec<Template>>, body| path.clone().map(|path| (method, path, body));
        let create = self.create(reading, path.as_deref(), &own, &attributes);
        let update = send(Method::Patch, &object_path, Body::Attributes(Vec::new()));
        let update = self.send(reading, "update", update, &own).map(|request| {
            let said = node.get("update");
            let drop = said.and_then(|update| update.get("drop")).map(Node::one_or_more).unwrap_or_default();
            Update {
                send: sent(said, request.method),
                drop: drop.iter().filter_map(|node| reading.place(node)).collect(),
                unchanged: said.and_then(|update| reading.place_at(update, "unchanged")),
                request,
            }
        });
        if let Some(id) = &id {
            if let Some(create) = &create {
                naming::check_create(reading, (self.what, node), &create.request, id, &mut attributes);
            }
            naming::check_id(reading, id, &attributes, update.is_some());
        }
        let disable = self.send(reading, "disable", None, &own);
        let enable = self.send(reading, "enable", None, &own);
        let delete = send(Method::Delete, &object_path, Body::Nothing);
        let delete = self.send(reading, "delete", delete, &own);
        let delete = delete.map(|request| self.delete(reading, request, &attributes));
        let find = self.find(reading, &attributes);
        if self.what == "users" && node.get("active").is_none() {
            let message = "it is not said whether accounts can be turned off".to_owned();
            let hint = "add `active: {at: PLACE, is: [VALUE], not: [VALUE]}`, or `active: none` if there is no such thing";
            reading.error("active", node.span, message, hint);
        }
        reading.has_wrong_path = false;
        let created = node.get("created").and_then(|created| created_at(reading, created));
        Some(Objects {
            wrap: node.get("wrap").and_then(Node::text).cloned(),
            id: id?,
            key,
            created,
            active: node.get("active").and_then(|active| Active::read(reading, active)),
            list: list?,
            get,
            row: node.get("get").and_then(|get| reading.place_at(get, "row")),
            find,
            create,
            update,
            disable,
            enable,
            delete,
            elsewhere: node.get("elsewhere").map(|node| reading.expectations(node)).unwrap_or_default(),
            members: None,
            attributes,
            span: node.span,
        })
    }

    fn operation(&self, name: &str) -> String {
        format!("{}.{name}", self.what)
    }

    /// `path:`, from which the operations that say nothing have their requests.
    pub(super) fn path(&self, reading: &mut Reading) -> Option<Vec<Template>> {
        let operation = self.operation("path");
        let (_, path) =
            super::request::path_of(reading, self.node.get("path")?, Scope::later(&operation, &[]))?;
        Some(path)
    }

    /// The placeholders of requests about one object.
    fn own(&self, has_key: bool) -> Vec<Placeholder> {
        let key = has_key.then_some(Placeholder::Key);
        [Placeholder::Id, Placeholder::Base].into_iter().chain(key).collect()
    }

    fn list(&self, reading: &mut Reading, path: Option<&[Template]>) -> Option<Listing> {
        let operation = self.operation("list");
        let node = self.node.get("list");
        if node.is_none() && self.node.get("path").is_none() {
            let message = format!("it is not said where the {} are listed", self.what);
            let hint = "add `path:`, such as `path: /users`, or `list:` with a request";
            reading.error("request", self.node.span, message, hint);
            return None;
        }
        let around = Around { path, rows: self.node.get("rows"), page: self.page };
        Listing::read(reading, node, self.node, around, Scope::later(&operation, &[]).with(listing::LIST))
    }

    fn get(&self, reading: &mut Reading, path: Option<&[Template]>, own: &[Placeholder]) -> Option<Get> {
        let operation = self.operation("get");
        match said(self.node, "get") {
            Said::No => None,
            Said::Yes(node) => Get::read(reading, node, path, Scope::later(&operation, own).with(&["row"])),
            Said::Default => path.map(|path| Get::default(path, self.node.span)),
        }
    }

    fn send(
        &self,
        reading: &mut Reading,
        name: &str,
        default: Option<(Method, Vec<Template>, Body)>,
        own: &[Placeholder],
    ) -> Option<Send> {
        let operation = self.operation(name);
        let default = default.as_ref();
        let default =
            default.map(|(method, path, body)| Default { method: *method, path, body: body.clone() });
        match said(self.node, name) {
            Said::No => None,
            Said::Yes(node) => {
                Send::read(reading, node, default.as_ref(), Scope::later(&operation, own).with(keys_of(name)))
            }
            Said::Default => default.map(|default| Send::default(default, self.node.span)),
        }
    }

    fn create(
        &self,
        reading: &mut Reading,
        path: Option<&[Template]>,
        own: &[Placeholder],
        attributes: &[Attribute],
    ) -> Option<Create> {
        let node = match said(self.node, "create") {
            Said::No => return None,
            Said::Yes(node) => Some(node),
            Said::Default => None,
        };
        let steps = node.and_then(|node| node.get("steps")).map(Node::items);
        let default =
            path.map(|path| Default { method: Method::Post, path, body: Body::Attributes(Vec::new()) });
        // The first request of a create knows no id; a name that we choose it knows.
        let first = [Placeholder::Key, Placeholder::Base];
        let Some(steps) = steps else {
            let operation = self.operation("create");
            let request = match (node, default) {
                (Some(node), default) => Send::read(
                    reading,
                    node,
                    default.as_ref(),
                    Scope::later(&operation, &first).with(&["id", "steps"]),
                )?,
                (None, Some(default)) => Send::default(default, self.node.span),
                (None, None) => return None,
            };
            let id = node.and_then(|node| node.get("id")).and_then(|id| Source::read(reading, id));
            return Some(Create { request, id, later: Vec::new() });
        };
        let (node, others) = steps.split_first()?;
        let operation = self.operation("create, step 1");
        let scope = Scope::later(&operation, &first);
        let request = Send::read(reading, node, default.as_ref(), scope.with(&["id"]));
        let id = node.get("id").and_then(|id| Source::read(reading, id));
        // Each is looked at, also after one that is wrong.
        let later = others.iter().enumerate().map(|(before, step)| self.step(reading, step, before + 2, own));
        let later: Vec<Option<LaterStep>> = later.collect();
        let later: Vec<LaterStep> = later.into_iter().collect::<Option<_>>()?;
        for (place, (step, node)) in later.iter().zip(others).enumerate() {
            let is_taken = later.iter().take(place).any(|earlier| earlier.name == step.name);
            let is_attribute =
                attributes.iter().any(|attribute| attribute.name.eq_ignore_ascii_case(&step.name));
            if is_taken || is_attribute {
                let message = format!("`{}` is the name of another step or attribute", step.name);
                reading.error("steps", node.span, message, "give each step a name of its own");
            }
        }
        Some(Create { request: request?, id, later })
    }

    fn step(
        &self,
        reading: &mut Reading,
        node: &Node,
        number: usize,
        own: &[Placeholder],
    ) -> Option<LaterStep> {
        let operation = self.operation(&format!("create, step {number}"));
        let scope = Scope::later(&operation, own);
        let request = Send::read(reading, node, None, scope.with(&["name", "if", "unless"]));
        let Some(name) = node.get("name").and_then(Node::text).cloned() else {
            let hint = "add `name:`, by which a plan names what is left to do";
            reading.error("steps", node.span, format!("{operation} has no name"), hint);
            return None;
        };
        let request = request?;
        let unless = node.get("unless").and_then(|unless| {
            let get = Get::read(reading, unless, None, scope.with(&["at"]))?;
            Some((get, reading.place_at(unless, "at")?))
        });
        if unless.is_none() && request.method != Method::Put {
            let message = format!("{operation} could be done twice after a crash");
            let hint = "use PUT, or add `unless: {GET: PATH, at: PLACE}`, which shows that it is done";
            reading.error("steps", node.span, message, hint);
        }
        let condition = node.get("if").and_then(Node::text).cloned();
        if let (Some(setting), Some(at)) = (&condition, node.get("if")) {
            reading.is_a_setting(setting, at.span);
        }
        Some(LaterStep { name, condition, request, unless })
    }

    fn delete(&self, reading: &mut Reading, request: Send, attributes: &[Attribute]) -> Delete {
        let node = self.node.get("delete");
        let reserves = node.and_then(|node| node.get("reserves")).map(Node::one_or_more).unwrap_or_default();
        for name in reserves {
            self.is_attribute(reading, attributes, Some(name));
        }
        Delete {
            request,
            irreversible: node
                .and_then(|node| node.get("irreversible"))
                .and_then(Node::bool)
                .unwrap_or(false),
            reserves: reserves.iter().filter_map(|node| node.text().cloned()).collect(),
        }
    }

    fn find(&self, reading: &mut Reading, attributes: &[Attribute]) -> Vec<(Arc<str>, Find)> {
        let mut all = Vec::new();
        for (key, node) in self.node.get("find").map(Node::entries).unwrap_or_default() {
            let operation = self.operation(&format!("find.{}", key.text));
            if !attributes.iter().any(|attribute| attribute.name == key.text) {
                self.unknown_attribute(reading, attributes, &key.text, key.span);
            }
            let around = Around { path: None, rows: self.node.get("rows"), page: self.page };
            let own = [Placeholder::Value];
            let scope = Scope::later(&operation, &own).with(listing::FIND);
            let list = Listing::read(reading, Some(node), self.node, around, scope);
            let exact = node.get("exact").and_then(Node::bool).unwrap_or(false);
            all.extend(list.map(|list| (key.text.clone(), Find { list, exact })));
        }
        all
    }

    /// Reports the name of an attribute that there is not.
    pub(super) fn is_attribute(&self, reading: &mut Reading, attributes: &[Attribute], name: Option<&Node>) {
        let Some((text, node)) = name.and_then(|node| Some((node.text()?, node))) else { return };
        if !attributes.iter().any(|attribute| attribute.name == *text) {
            self.unknown_attribute(reading, attributes, text, node.span);
        }
    }

    fn unknown_attribute(&self, reading: &mut Reading, attributes: &[Attribute], name: &str, at: Span) {
        let names = attributes.iter().map(|attribute| &*attribute.name);
        let hint = crate::model::similar::hint(name, names, "there are");
        let hint = hint.unwrap_or_else(|| format!("add it below `{}: {{attributes: …}}`", self.what));
        reading.error("attribute", at, format!("`{}` has no attribute `{name}`", self.what), &hint);
    }
}

impl Active {
    fn read(reading: &mut Reading, node: &Node) -> Option<Self> {
        let values = |key: &str| -> Vec<Json> {
            node.get(key).map(Node::one_or_more).unwrap_or_default().iter().map(Node::json).collect()
        };
        let at = Places::read(reading, node.get("at")?)?;
        let active = Self { at, is: values("is"), not: values("not") };
        if let Some(both) = active.is.iter().find(|value| active.not.contains(value)) {
            let message = format!("{both} is said to be on and to be off");
            reading.error("active", node.span, message, "a value stands in `is` or in `not`");
        }
        Some(active)
    }
}

/// The keys of an operation besides those of every request.
fn keys_of(operation: &str) -> &'static [&'static str] {
    match operation {
        "update" => &["send", "drop", "unchanged"],
        "delete" => &["irreversible", "reserves"],
        _ => &[],
    }
}

fn created_at(reading: &mut Reading, node: &Node) -> Option<(Place, DateFormat)> {
    match node.is_map() {
        true => Some((reading.place_at(node, "at")?, DateFormat::read(node).unwrap_or(DateFormat::Iso))),
        false => Some((reading.place(node)?, DateFormat::Iso)),
    }
}

/// What is sent if the document does not say it: a PATCH the changes, a PUT the whole.
fn sent(node: Option<&Node>, method: Method) -> Sent {
    match node.and_then(|node| node.get("send")).and_then(Node::text).map(|text| &**text) {
        Some("changed") => Sent::Changed,
        Some("managed") => Sent::Managed,
        Some("merged") => Sent::Merged,
        _ if method == Method::Put => Sent::Merged,
        _ => Sent::Changed,
    }
}
