//! A page becomes objects. Only the attributes that were asked for are built; the rest of the text is skipped.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use crate::catalog::AttributeSchema;
use crate::catalog::scim::HELD;
use crate::connector::RawPage;
use crate::connector::error::{ConnectorError, ErrorKind, shown};
use crate::model::remote::{ListRequest, Members};
use crate::model::seen::{Activity, Seen, Unread};
use crate::model::{Created, Kind, Page, Path, Remote, RemoteId};

use super::extract::{self, boolean};
use super::holdings;
use super::json::{self, As, Seed, get};
use super::member_list::{self, ReadMembers};
use super::session::Session;

/// A wanted attribute with its characteristics.
struct Field<'w> {
    path: &'w Path,
    schema: Option<AttributeSchema>,
    is_single: bool,
    /// The app shows it only if it is named, and refuses to be asked so: left out means nothing.
    is_hidden: bool,
}

/// A row with the attributes that were asked for.
pub(super) struct Row {
    /// Names are in the app's spelling.
    pub fields: Map<String, Json>,
    /// If asked for.
    pub members: Members,
}

/// The objects of a raw page.
///
/// # Errors
/// The page is not a list of SCIM.
pub(super) fn page(session: &Session, want: &ListRequest, page: &RawPage) -> Result<Page, ConnectorError> {
    let fields = fields(session, want);
    let names = top_names(want);
    let shape = Shape { names: &names, members: want.members };
    // Rows are built one by one, so that each uses the memory of the one before.
    let build = |row: Row| built(session, want, &fields, &row.fields, row.members);
    let list = json::list(&page.body, Built { shape, by: &build }).map_err(|error| {
        let what = format!("a {} in a list is not SCIM: {error}", want.kind);
        session.http.error(ErrorKind::NotTheProtocol, what)
    })?;
    let rows = list
        .rows
        .into_iter()
        .enumerate()
        .filter(|(at, _)| page.repeated.binary_search(at).is_err())
        // A row without an id that can be used is left out; the walk it came from is incomplete.
        .filter_map(|(_, row)| row)
        .collect();
    Ok(Page { rows })
}

/// One object of a whole document.
pub(super) fn remote(session: &Session, want: &ListRequest, document: &Map<String, Json>) -> Option<Remote> {
    let members = match want.members {
        true => member_list::of(document),
        false => Members::Unread(Unread::NotAsked),
    };
    let remote = built(session, want, &fields(session, want), document, members)?;
    Some(match want.kind {
        Kind::User => Remote { holds: holdings::of(document), holds_in_part: false, ..remote },
        Kind::Group => remote,
    })
}

/// The characteristics of each wanted attribute, looked up once for many objects.
fn fields<'w>(session: &Session, want: &'w ListRequest) -> Vec<Field<'w>> {
    let own = session.schemas.own.of(want.kind);
    let is_named = session.learned.takes_names();
    let is_hidden = |path: &Path| !is_named && own.on_request().any(|hidden| hidden == &*path.whole());
    let field = |path| Field {
        path,
        schema: session.schemas.of(want.kind, path),
        is_single: session.schemas.is_single(path),
        is_hidden: is_hidden(path),
    };
    want.paths.iter().map(field).collect()
}

fn built(
    session: &Session,
    want: &ListRequest,
    fields: &[Field<'_>],
    object: &Map<String, Json>,
    members: Members,
) -> Option<Remote> {
    let id = json::text(get(object, "id")?)?.parse::<RemoteId>().ok()?;
    let word = |name: &str| get(object, name).and_then(json::text);
    let (name, activity) = match want.kind {
        Kind::User => (word("userName"), activity(session, get(object, "active"))),
        Kind::Group => (word("displayName"), Activity::On),
    };
    let keeps_roles = |path: &Path| want.roles.as_ref() == Some(path);
    let is_left_out = |path: &Path| keeps_roles(path) && extract::whole(object, path).is_none();
    let attributes = fields
        .iter()
        .map(|field| match extract::value(object, field.path, field.schema.as_ref(), field.is_single) {
            Seen::None if field.is_hidden => Seen::Unread(Unread::LeftOut),
            Seen::None if is_left_out(field.path) => Seen::Unread(Unread::LeftOut),
            seen => seen,
        })
        .collect();
    Some(Remote {
        id,
        kind: want.kind,
        activity,
        our_id: our_id(get(object, "externalId")),
        name,
        created: created(object),
        emails: emails(object),
        full_names: full_names(want.kind, object),
        holds: if want.holds { holdings::of(object) } else { Seen::Unread(Unread::NotAsked) },
        holds_in_part: holdings::are_left_out(&session.schemas.own.users, object),
        unlisted: false,
        attributes,
        members: match want.kind {
            Kind::Group if session.settings.members_read => members,
            Kind::Group => Members::Unread(Unread::NotShown),
            Kind::User => Members::Unread(Unread::NotAsked),
        },
        version: version(session, object),
    })
}

/// What stands in the place of our id. A form that is not understood is no id of ours, and the place is not empty either.
fn our_id(json: Option<&Json>) -> Option<Arc<str>> {
    match json? {
        Json::Null => None,
        Json::String(text) if text.is_empty() => None,
        json => Some(json::text(json).unwrap_or_else(|| shown(&json.to_string()).into())),
    }
}

/// `meta.created` (RFC 7643 section 3.1). A form that is not understood says nothing.
fn created(object: &Map<String, Json>) -> Option<Created> {
    let meta = get(object, "meta")?.as_object()?;
    Created::read(&json::text(get(meta, "created")?)?)
}

/// What `active` says. Null is the same as left out (RFC 7643 section 2.5).
fn activity(session: &Session, json: Option<&Json>) -> Activity {
    match json.map(|json| (json, boolean(json))) {
        Some((_, Some(true))) => Activity::On,
        Some((_, Some(false))) => Activity::Off,
        None | Some((Json::Null, None)) if session.is_absent_active() => Activity::On,
        None | Some((Json::Null, None)) => Activity::Unread(Unread::LeftOut),
        Some((odd, None)) => Activity::Unread(Unread::Form(shown(&odd.to_string()).into())),
    }
}

/// `meta.version`, where versions are used (RFC 7644 section 3.14).
pub(super) fn version(session: &Session, object: &Map<String, Json>) -> Option<Arc<str>> {
    if !session.uses_versions() {
        return None;
    }
    let meta = get(object, "meta")?.as_object()?;
    json::text(get(meta, "version")?)
}

fn emails(object: &Map<String, Json>) -> Vec<Arc<str>> {
    let entries = match get(object, "emails") {
        Some(Json::Array(entries)) => entries.as_slice(),
        Some(entry) => std::slice::from_ref(entry),
        None => &[],
    };
    let address = |entry: &Json| match entry {
        Json::Object(map) => get(map, "value").and_then(json::text),
        other => json::text(other),
    };
    entries.iter().filter_map(address).collect()
}

/// The names of a person as a whole (RFC 7643 section 4.1.1).
fn full_names(kind: Kind, object: &Map<String, Json>) -> Vec<Arc<str>> {
    if kind == Kind::Group {
        return Vec::new();
    }
    let part = |name: &str| get(get(object, "name")?.as_object()?, name).and_then(json::text);
    let from_parts = || Some(format!("{} {}", part("givenName")?, part("familyName")?).into());
    let names = [get(object, "displayName").and_then(json::text), part("formatted"), from_parts()];
    let mut names: Vec<Arc<str>> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    names
}

/// Top-level names that are read of every object, mapped or not.
pub(super) fn always(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::User => &["id", "externalId", "meta", "userName", "active", "emails", "name", "displayName"],
        Kind::Group => &["id", "externalId", "meta", "displayName"],
    }
}

/// Top-level names that a request needs.
fn top_names(want: &ListRequest) -> Vec<&str> {
    let mut names = always(want.kind).to_vec();
    if want.holds {
        names.extend(HELD.map(|(attribute, _)| attribute));
    }
    for path in want.paths.iter() {
        let parts = path.parts();
        let name = match &parts.urn {
            Some(urn) => urn,
            None => &parts.attribute,
        };
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    names
}

/// A row, built at once.
#[derive(Clone, Copy)]
struct Built<'n> {
    shape: Shape<'n>,
    by: &'n dyn Fn(Row) -> Option<Remote>,
}

impl Seed for Built<'_> {
    type Out = Option<Remote>;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Out, D::Error> {
        self.shape.read(deserializer).map(self.by)
    }
}

/// What to keep of a row.
#[derive(Clone, Copy)]
struct Shape<'n> {
    names: &'n [&'n str],
    members: bool,
}

impl Seed for Shape<'_> {
    type Out = Row;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Row, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Shape<'_> {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
        let mut row = Row::left_out(self.members);
        while let Some(key) = map.next_key_seed(As(Key(self)))? {
            match key {
                Keep::Field(name) => {
                    let value = map.next_value()?;
                    row.fields.entry(name).or_insert(value);
                }
                Keep::Members => row.members = map.next_value_seed(As(ReadMembers))?,
                Keep::Nothing => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(row)
    }

    // A row that is no object has no id, so it is left out of the page, and its list is incomplete.

    fn visit_unit<E: Error>(self) -> Result<Row, E> {
        Ok(Row::left_out(self.members))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Row, E> {
        Ok(Row::left_out(self.members))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Row, E> {
        Ok(Row::left_out(self.members))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Row, E> {
        Ok(Row::left_out(self.members))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Row, E> {
        Ok(Row::left_out(self.members))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Row, E> {
        Ok(Row::left_out(self.members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Row, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Row::left_out(self.members))
    }
}

impl Row {
    /// A row that shows nothing.
    fn left_out(asked_for_members: bool) -> Self {
        let why = if asked_for_members { Unread::LeftOut } else { Unread::NotAsked };
        Self { fields: Map::new(), members: Members::Unread(why) }
    }
}

enum Keep {
    Field(String),
    Members,
    Nothing,
}

#[derive(Clone, Copy)]
struct Key<'n>(Shape<'n>);

impl Seed for Key<'_> {
    type Out = Keep;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Keep, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Keep;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Keep, E> {
        if self.0.members && key.eq_ignore_ascii_case("members") {
            return Ok(Keep::Members);
        }
        let is_wanted = |name: &&str| {
            if key.len() == name.len() {
                return key.eq_ignore_ascii_case(name);
            }
            // Flat extension names begin with the URN.
            key.as_bytes().get(name.len()) == Some(&b':')
                && name.contains(':')
                && key.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        Ok(match self.0.names.iter().any(is_wanted) {
            true => Keep::Field(key.to_owned()),
            false => Keep::Nothing,
        })
    }
}
