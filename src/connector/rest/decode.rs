//! A page becomes objects. Only the attributes that were asked for are built.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::catalog::rest::{
    Active, Attribute, DateFormat, Found, MembersAt, Membership, Objects, Place, Special, ValueType,
};
use crate::connector::RawPage;
use crate::connector::error::{ConnectorError, ErrorKind, shown};
use crate::model::remote::{Held, HeldKind, ListRequest, Member, Members};
use crate::model::seen::{Activity, Seen, Unread};
use crate::model::{Created, Kind, Page, Path, Remote, RemoteId, Value};

use super::reply::scalar;
use super::session::Session;
use super::tables::Tables;
use super::walk;
use super::{grants, meaning};

/// Which of the documents of an app an object stands in: places may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum In {
    /// A row of a list.
    List,
    /// The answer about one object.
    One,
}

/// One object, and the kind of document that it stands in.
pub(super) struct Shown {
    pub object: Json,
    pub of: In,
}

/// The objects of a raw page.
///
/// # Errors
/// The page is no page of the list.
pub(super) fn page(session: &Session, want: &ListRequest, raw: &RawPage) -> Result<Page, ConnectorError> {
    if let Some(rows) = grants::decoded(session, want, raw) {
        return Ok(Page { rows });
    }
    let list = walk::of_objects(session, want.kind)?;
    let objects = session.objects(want.kind)?;
    let rows = raw.parsed.as_ref().and_then(|body| walk::rows_of(list.listing, body));
    let rows = rows.ok_or_else(|| {
        let what = format!("a page of {}s has no rows", want.kind);
        session.http.error(ErrorKind::NotTheProtocol, what)
    })?;
    let fields = fields(objects, want);
    let tables = session.tables.read();
    let rows = rows
        .into_iter()
        .enumerate()
        .filter(|(at, _)| raw.repeated.binary_search(at).is_err())
        .filter(|(_, row)| walk::is_meant(&list.listing.only, row))
        // A row without an id that can be used is left out; the walk it came from is incomplete.
        .filter_map(|(_, row)| built(session, objects, want, &fields, row, In::List, &tables))
        .collect();
    Ok(Page { rows })
}

/// One object that was asked for.
pub(super) fn remote(
    session: &Session,
    objects: &Objects,
    want: &ListRequest,
    shown: &Shown,
) -> Option<Remote> {
    let want = ListRequest { holds: want.kind == Kind::User, ..want.clone() };
    let fields = fields(objects, &want);
    built(session, objects, &want, &fields, &shown.object, shown.of, &session.tables.read())
}

/// The attributes that are wanted, by the names that mappings use.
fn fields<'d>(objects: &'d Objects, want: &ListRequest) -> Vec<Option<&'d Attribute>> {
    want.paths.iter().map(|path| attribute(objects, path)).collect()
}

/// The attribute that a path names.
pub(super) fn attribute<'d>(objects: &'d Objects, path: &Path) -> Option<&'d Attribute> {
    objects.attributes.iter().find(|attribute| is_of(attribute, path))
}

/// True if a path names this attribute.
pub(super) fn is_of(attribute: &Attribute, path: &Path) -> bool {
    attribute.name.eq_ignore_ascii_case(&path.parts().attribute)
}

/// The attribute with a meaning.
pub(super) fn special(objects: &Objects, is: Special) -> Option<&Attribute> {
    objects.attributes.iter().find(|attribute| attribute.is == Some(is))
}

/// Where an attribute stands in a document of this kind.
pub(super) fn place(attribute: &Attribute, of: In) -> Option<&Place> {
    match of {
        In::List => attribute.at.list.as_ref(),
        In::One => attribute.at.one.as_ref(),
    }
}

/// True if an attribute is read by a call of its own, because such a document does not show it.
pub(super) fn has_own_read(attribute: &Attribute, of: In) -> bool {
    let has_call = attribute.calls.as_ref().is_some_and(|calls| calls.read.is_some());
    place(attribute, of).is_none() && has_call
}

/// Where the id stands. An answer about one object that shows no id gets it where a list shows it.
fn id_place(objects: &Objects, of: In) -> Option<&Place> {
    let (list, one) = (objects.id.list.as_ref(), objects.id.one.as_ref());
    match of {
        In::List => list,
        In::One => one.or(list),
    }
}

/// The id of an object.
pub(super) fn id(objects: &Objects, object: &Json, of: In) -> Option<RemoteId> {
    match id_place(objects, of)?.get(object) {
        Found::One(found) => scalar(found)?.parse().ok(),
        _ => None,
    }
}

fn built(
    session: &Session,
    objects: &Objects,
    want: &ListRequest,
    fields: &[Option<&Attribute>],
    object: &Json,
    of: In,
    tables: &Tables,
) -> Option<Remote> {
    if matches!(id_place(objects, of)?.get(object), Found::One(Json::Number(_))) {
        session.note_number(want.kind);
    }
    let id = id(objects, object, of)?;
    note_key(session, objects, want.kind, &id, object, of, tables);
    let by = session.document.groups.as_ref().and_then(|groups| groups.members.as_ref()?.by.as_ref());
    if let (Kind::User, Some(by)) = (want.kind, by) {
        let name = objects.attributes.iter().find(|attribute| attribute.name == *by);
        if let Some(Seen::Is(name)) = name.map(|name| value(name, object, of, tables)) {
            session.keys.note_member(&name.to_string(), &id);
        }
    }
    let text = |is: Special| {
        let seen = value(special(objects, is)?, object, of, tables);
        seen.shown().map(|value| Arc::<str>::from(value.to_string()))
    };
    let name = match want.kind {
        Kind::User => text(Special::Login),
        Kind::Group => text(Special::Name),
    };
    let seen = |field: &Option<&Attribute>| match field {
        Some(attribute) => value(attribute, object, of, tables),
        None => Seen::Unread(Unread::NotShown),
    };
    Some(Remote {
        id,
        kind: want.kind,
        activity: match (&objects.active, want.kind) {
            (Some(active), Kind::User) => activity(active, object, of),
            _ => Activity::On,
        },
        our_id: match is_filled_elsewhere(objects, object) {
            true => Some(ELSEWHERE.into()),
            false => special(objects, Special::Ours).and_then(|ours| our_id(ours, object, of)),
        },
        name,
        created: objects.created.as_ref().and_then(|(place, format)| created(place, *format, object)),
        emails: emails(objects, object, of, tables),
        full_names: Vec::new(),
        attributes: fields.iter().map(seen).collect(),
        holds: if want.holds { holds(objects, object, of, tables) } else { Seen::Unread(Unread::NotAsked) },
        holds_in_part: false,
        unlisted: false,
        members: match (&objects.members, want.kind) {
            (_, Kind::User) => Members::Unread(Unread::NotAsked),
            (None, _) => Members::Unread(Unread::NotShown),
            (Some(_), _) if !want.members => Members::Unread(Unread::NotAsked),
            (Some(of), _) => match &of.list {
                MembersAt::InGroup(place) => members(place, of, object),
                MembersAt::Listed(_) => Members::Unread(Unread::LeftOut),
            },
        },
        version: None,
    })
}

/// Remembers what stands in addresses instead of the id, as far as this document shows it.
pub(super) fn note_key(
    session: &Session,
    objects: &Objects,
    kind: Kind,
    id: &RemoteId,
    object: &Json,
    of: In,
    tables: &Tables,
) {
    if let Some(Seen::Is(key)) = objects.key().map(|key| value(key, object, of, tables)) {
        session.keys.note(kind, id, &key.to_string());
    }
}

/// What stands for the id of ours at an object that another system fills: it belongs to that one, and is never written.
pub(super) const ELSEWHERE: &str = "filled by another system";

fn is_filled_elsewhere(objects: &Objects, object: &Json) -> bool {
    !objects.elsewhere.is_empty() && meaning::fits(&objects.elsewhere, object)
}

/// What stands in the place of our id. A form that is not understood is no id of ours, and the place is not empty either.
fn our_id(ours: &Attribute, object: &Json, of: In) -> Option<Arc<str>> {
    match place(ours, of)?.get(object) {
        Found::One(Json::String(text)) if text.is_empty() => None,
        Found::One(found) => Some(scalar(found).unwrap_or_else(|| shown(&found.to_string())).into()),
        Found::Each(values) if values.is_empty() => None,
        Found::Each(_) | Found::Unclear(_) => Some("(several values)".into()),
        Found::Missing | Found::Nothing => None,
    }
}

/// The value of an attribute, [`Value::normalised`].
pub(super) fn value(attribute: &Attribute, object: &Json, of: In, tables: &Tables) -> Seen<Value> {
    match place(attribute, of) {
        Some(place) => at(attribute, place, object, tables),
        None => Seen::Unread(Unread::NotShown),
    }
}

/// The value of an attribute at a place of its own.
pub(super) fn at(attribute: &Attribute, place: &Place, object: &Json, tables: &Tables) -> Seen<Value> {
    let odd = |json: &Json| Seen::Unread(Unread::Form(shown(&json.to_string()).into()));
    let read = |json: &Json| converted(attribute, json).map(|value| tables.named(attribute, value));
    let several = |values: &[&Json]| {
        let mut all = Vec::new();
        for json in values {
            match read(json) {
                Some(Ok(value)) => all.push(value),
                Some(Err(why)) => return Seen::Unread(why),
                None => return odd(json),
            }
        }
        Seen::read(Value::List(all).normalised())
    };
    match place.get(object) {
        Found::Missing => Seen::Unread(Unread::LeftOut),
        Found::Nothing => Seen::None,
        Found::Unclear(why) => Seen::Unread(Unread::Form(why.into())),
        Found::One(Json::Array(entries)) if attribute.many => several(&entries.iter().collect::<Vec<_>>()),
        Found::One(json) => match read(json) {
            Some(Ok(value)) if attribute.many => Seen::read(Value::List(vec![value]).normalised()),
            Some(Ok(value)) => Seen::read(value.normalised()),
            Some(Err(why)) => Seen::Unread(why),
            None => odd(json),
        },
        Found::Each(values) if attribute.many => several(&values),
        Found::Each(values) => match values.as_slice() {
            [] => Seen::None,
            [json] => match read(json) {
                Some(Ok(value)) => Seen::read(value.normalised()),
                Some(Err(why)) => Seen::Unread(why),
                None => odd(json),
            },
            [first, ..] => odd(first),
        },
    }
}

/// The word for the form of a value that is not understood as its attribute is declared; none if it is.
pub(super) fn form(attribute: &Attribute, json: &Json) -> Option<&'static str> {
    let word = match json {
        Json::Null => "an entry that is null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    };
    converted(attribute, json).is_none().then_some(word)
}

/// One value in the type of its attribute; none if it has another form.
fn converted(attribute: &Attribute, json: &Json) -> Option<Value> {
    let text = || scalar(json).map(Value::str);
    match attribute.of {
        ValueType::Text => match json {
            Json::Number(number) => Some(Value::str(number.to_string())),
            _ => text(),
        },
        ValueType::Account => text(),
        ValueType::Boolean => match json {
            Json::Bool(value) => Some(Value::Bool(*value)),
            Json::String(text) if text.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
            Json::String(text) if text.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
            _ => None,
        },
        ValueType::Integer => match json {
            Json::Number(number) => number.as_i64().map(Value::Int),
            Json::String(text) => text.parse().ok().map(Value::Int),
            _ => None,
        },
        ValueType::Date(format) => match json {
            // An empty text is how some apps write that there is none.
            Json::String(text) if text.is_empty() => Some(Value::Null),
            _ => date(format, json).map(Value::Date),
        },
    }
}

fn date(format: DateFormat, json: &Json) -> Option<Date> {
    let day = |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::UTC).date();
    match format {
        DateFormat::Iso => {
            let text = json.as_str()?;
            // A day, or an instant of which the day counts.
            text.get(..10).and_then(|day| day.parse().ok())
        }
        DateFormat::MonthDayYear => Date::strptime("%m/%d/%Y", json.as_str()?).ok(),
        DateFormat::DayMonthYear => Date::strptime("%d/%m/%Y", json.as_str()?).ok(),
        DateFormat::EpochSeconds => Timestamp::from_second(json.as_i64()?).ok().map(day),
        DateFormat::EpochMillis => Timestamp::from_millisecond(json.as_i64()?).ok().map(day),
    }
}

/// When the app created it. A form that is not understood says nothing.
fn created(place: &Place, format: DateFormat, object: &Json) -> Option<Created> {
    let Found::One(found) = place.get(object) else { return None };
    match format {
        DateFormat::EpochSeconds => Created::at(Timestamp::from_second(found.as_i64()?).ok()?),
        DateFormat::EpochMillis => Created::at(Timestamp::from_millisecond(found.as_i64()?).ok()?),
        _ => Created::read(found.as_str()?),
    }
}

fn activity(active: &Active, object: &Json, of: In) -> Activity {
    let place = match of {
        In::List => active.at.list.as_ref(),
        In::One => active.at.one.as_ref(),
    };
    let Some(place) = place else { return Activity::Unread(Unread::NotShown) };
    match place.get(object) {
        Found::One(found) if active.is.contains(found) => Activity::On,
        Found::One(found) if active.not.contains(found) => Activity::Off,
        Found::One(found) => Activity::Unread(Unread::Form(shown(&found.to_string()).into())),
        Found::Missing | Found::Nothing => Activity::Unread(Unread::LeftOut),
        Found::Each(_) => Activity::Unread(Unread::Form("several values".into())),
        Found::Unclear(why) => Activity::Unread(Unread::Form(why.into())),
    }
}

/// Every address of an account.
fn emails(objects: &Objects, object: &Json, of: In, tables: &Tables) -> Vec<Arc<str>> {
    let addresses = objects.attributes.iter().filter(|attribute| attribute.is == Some(Special::Email));
    let texts = addresses.filter_map(|attribute| match value(attribute, object, of, tables) {
        Seen::Is(Value::List(values)) => Some(values),
        Seen::Is(value) => Some(vec![value]),
        Seen::None | Seen::Unread(_) => None,
    });
    texts.flatten().map(|value| value.to_string().into()).collect()
}

/// What the account can do by the values of its attributes.
fn holds(objects: &Objects, object: &Json, of: In, tables: &Tables) -> Seen<Vec<Held>> {
    let mut held = Vec::new();
    for attribute in objects.attributes.iter().filter(|attribute| !attribute.power.is_empty()) {
        let values = match value(attribute, object, of, tables) {
            Seen::Is(Value::List(values)) => values,
            Seen::Is(value) => vec![value],
            Seen::None => Vec::new(),
            Seen::Unread(why) => return Seen::Unread(why),
        };
        let power: Vec<_> = attribute
            .power
            .iter()
            .filter_map(|power| converted(attribute, power))
            .map(Value::normalised)
            .collect();
        let name = |value: &Value| match value {
            Value::Bool(_) => attribute.name.clone(),
            value => value.to_string().into(),
        };
        let has = values.iter().filter(|value| power.contains(value));
        held.extend(has.map(|value| Held { what: HeldKind::Role, name: name(value), id: None }));
    }
    held.sort();
    held.dedup();
    Seen::Is(held)
}

/// The members that stand in a group.
pub(super) fn members(place: &Place, of: &Membership, group: &Json) -> Members {
    let entries: Vec<&Json> = match place.get(group) {
        Found::One(Json::Array(entries)) => entries.iter().collect(),
        Found::Each(entries) => entries,
        Found::Missing | Found::Nothing => return Members::Unread(Unread::LeftOut),
        Found::One(odd) => return Members::Unread(Unread::Form(shown(&odd.to_string()).into())),
        Found::Unclear(why) => return Members::Unread(Unread::Form(why.into())),
    };
    of_rows(of, &entries)
}

/// The members that rows name.
pub(super) fn of_rows(of: &Membership, rows: &[&Json]) -> Members {
    if of.cap.is_some_and(|cap| rows.len() as u64 >= cap) {
        return Members::Unread(Unread::Cut(rows.len() as u64));
    }
    let mut members = Vec::new();
    for row in rows {
        let name = match of.account.get(row) {
            Found::One(found) => scalar(found).filter(|name| !name.is_empty()),
            _ => None,
        };
        match name {
            Some(name) => members.push(Member { name: name.into(), kind: None }),
            None => {
                let why = format!("a member has no account at `{}`", of.account);
                return Members::Unread(Unread::Form(why.into()));
            }
        }
    }
    members.sort();
    members.dedup();
    match of.inherited {
        true => Members::Mixed(members),
        false => Members::Shown(members),
    }
}
