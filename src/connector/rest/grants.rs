//! Grants: above the connector each is a group whose id is its target, and whose members are the accounts that have it. Only what
//! the tree names is shown; other rows are other power, and are never touched.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::catalog::rest::{Found as At, Grant, Operation, Per, Placeholder};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::percent;
use crate::connector::steps::{Found, Next, Rounds, Write, already, read, refused, told, written};
use crate::connector::{Gate, PageSender, RawPage};
use crate::model::grant::Target;
use crate::model::op::Outcome;
use crate::model::remote::{Complete, ListRequest, Member, Members, Presence, Walk};
use crate::model::seen::{Activity, Seen, Unread};
use crate::model::{Kind, Remote, RemoteId, Value};

use super::json;
use super::members::Change;
use super::names;
use super::reply::scalar;
use super::send::{With, send};
use super::session::Session;
use super::values::Values;
use super::walk::{self, List, Sink};

/// How the id of a grant begins.
const ID: &str = "grant:";

/// A grant that a role of the app names, with the ids of the parts of its target.
struct Named<'d> {
    grant: &'d Grant,
    id: RemoteId,
    name: String,
    /// By the keys of the target.
    ids: BTreeMap<Arc<str>, Json>,
    names: BTreeMap<Arc<str>, Arc<str>>,
}

/// True for the id of a grant.
pub(super) fn is_grant(id: &str) -> bool {
    id.starts_with(ID)
}

/// The page that a reader decodes as grants.
const PAGE: &[u8] = b"grants";

/// Sends all grants that the app's roles name to a reader, as groups.
///
/// # Errors
/// The app could not be asked.
pub(super) async fn list(session: &Session, out: &PageSender) -> Result<Walk, ConnectorError> {
    let (named, doubt) = named(session).await?;
    let found = read_all(session, &named).await?;
    let rows: Vec<Json> = named.iter().zip(&found).map(|(named, members)| row(named, members)).collect();
    let count = rows.len();
    if count > 0 {
        let body = Json::Array(rows).to_string().into_bytes();
        let page = RawPage { body, further: vec![PAGE.to_vec()], rows: count, repeated: Vec::new() };
        // A reader that is gone wants no more.
        let _ = out.send(page).await;
    }
    Ok(match doubt {
        Some(why) => Walk::Incomplete { why },
        None => Walk::Complete(Complete::of_rows(count as u64)),
    })
}

/// The grants of a page; none if it is a page of the app.
pub(super) fn decoded(session: &Session, want: &ListRequest, raw: &RawPage) -> Option<Vec<Remote>> {
    raw.further.iter().find(|further| **further == PAGE)?;
    let rows: Vec<Json> = serde_json::from_slice(&raw.body).ok()?;
    let remote = |row: &Json| {
        let text = |key: &str| row.get(key).and_then(Json::as_str);
        let members = match (text("unread"), row.get("members").and_then(Json::as_array)) {
            (None, Some(members)) => {
                let names = members.iter().filter_map(Json::as_str);
                Members::Shown(names.map(|name| Member { name: name.into(), kind: None }).collect())
            }
            (why, _) => Members::Unread(Unread::NoAnswer(why.unwrap_or_default().into())),
        };
        Some(remote(session, want, text("id")?.parse().ok()?, text("name")?, members))
    };
    Some(rows.iter().filter_map(remote).collect())
}

fn row(named: &Named<'_>, members: &Members) -> Json {
    match members {
        Members::Shown(members) | Members::Mixed(members) => {
            let names: Vec<&str> = members.iter().map(|member| &*member.name).collect();
            json!({"id": named.id.as_str(), "name": named.name, "members": names})
        }
        Members::Unread(why) => {
            json!({"id": named.id.as_str(), "name": named.name, "unread": why.to_string()})
        }
    }
}

/// One grant by its id, and who has it.
///
/// # Errors
/// The app could not be asked.
pub(super) async fn presence(
    session: &Session,
    want: &ListRequest,
    id: &RemoteId,
) -> Result<Presence, ConnectorError> {
    let Some((grant, parts)) = parsed(session, id) else {
        // A document that knows no such grants any more says nothing about who has them.
        let why = format!("the connector {} has no grants such as {id}", session.document.name);
        return Ok(Presence::Unknown { why: why.into() });
    };
    let (mut ids, mut names) = (BTreeMap::new(), BTreeMap::new());
    for (key, table) in &grant.target {
        names::table(session, table).await?;
        let Some((part, name)) = parts.get(key).and_then(|part| session.tables.read().row(table, part))
        else {
            let why = format!("the app shows no {key} with the id that the grant {id} has");
            return Ok(Presence::Unknown { why: why.into() });
        };
        ids.insert(key.clone(), part);
        names.insert(key.clone(), name);
    }
    let name = Target::new(names.clone()).to_string();
    let named = Named { grant, id: id.clone(), name, ids, names };
    let members = read_all(session, std::slice::from_ref(&named)).await?.pop();
    let members = members.unwrap_or(Members::Unread(Unread::NotAsked));
    Ok(Presence::Here(Box::new(remote(session, want, id.clone(), &named.name, members))))
}

/// The grants with this name.
///
/// # Errors
/// It cannot be said for certain.
pub(super) async fn find(
    session: &Session,
    want: &ListRequest,
    name: &str,
) -> Result<Vec<Remote>, ConnectorError> {
    let (named, doubt) = named(session).await?;
    let found: Vec<Named<'_>> = named.into_iter().filter(|named| named.name == name).collect();
    if let (true, Some(why)) = (found.is_empty(), doubt) {
        return Err(session.http.error(ErrorKind::Incomplete, why.to_string()));
    }
    let members = read_all(session, &found).await?;
    let found = found.into_iter().zip(members);
    Ok(found.map(|(named, members)| remote(session, want, named.id, &named.name, members)).collect())
}

/// Gives a grant to accounts, and takes it from others, one by one.
pub(super) async fn change(
    session: &Session,
    want: &ListRequest,
    change: &Change<'_>,
    gate: Gate<'_>,
) -> Outcome {
    let Some((grant, parts)) = parsed(session, change.group) else {
        return refused(format!("{}: no grant has the id {}", session.http.app, change.group), false);
    };
    let is_batch = change.add.len() + change.remove.len() > 1;
    let hint = |error| error;
    let mut rounds =
        Rounds::of(Write { http: &session.http, kind: Kind::Group, gate, is_batch, hint: &hint });
    let want = &ListRequest { members: true, ..want.clone() };
    let mut was_taken = false;
    loop {
        let found = session.found(presence(session, want, change.group).await);
        let now: Remote = match rounds.looked(change.group, found) {
            Ok(now) => now,
            Err(outcome) => return outcome,
        };
        let Some(members) = now.members.everybody() else {
            return refused(format!("{}: who has the grant cannot be read", session.http.app), false);
        };
        let has = |name: &&Arc<str>| members.iter().any(|member| member.name == **name);
        let add = change.add.iter().filter(|name| !has(name)).map(|name| (true, name));
        let remove = change.remove.iter().filter(has).map(|name| (false, name));
        let open: Vec<(bool, &Arc<str>)> = add.chain(remove).collect();
        if open.is_empty() {
            return if rounds.sent == 0 { already(Some(now)) } else { written(read(Some(now))) };
        }
        if was_taken {
            let what =
                format!("{}: the app took it and did not keep it: {} open", session.http.app, open.len());
            return refused(what, is_batch);
        }
        if let Some(outcome) = rounds.given_up(open.len()) {
            return outcome;
        }
        let mut again = false;
        for (is_add, account) in open {
            let request = if is_add { &grant.add } else { &grant.remove };
            let what = if is_add { "give" } else { "take away" };
            let Some(request) = request.as_ref().map(|change| &change.request) else {
                return refused(format!("{}: this app cannot {what} grants", session.http.app), false);
            };
            let operation = if is_add { Operation::Add } else { Operation::Remove };
            let values = match values(session, grant, &parts, account) {
                Ok(values) => values,
                Err(error) => return refused(told(&error), false),
            };
            match rounds.settle(send(session, operation, request, &With::values(values), gate).await).await {
                Next::Taken(_) => {}
                Next::Again => {
                    again = true;
                    break;
                }
                Next::End(outcome) => return outcome,
            }
        }
        was_taken = !again;
    }
}

/// The placeholders of a request about one account.
fn values(
    session: &Session,
    grant: &Grant,
    parts: &BTreeMap<Arc<str>, String>,
    account: &Arc<str>,
) -> Result<Values, ConnectorError> {
    let mut own = vec![(Placeholder::Account, session.id(Kind::User, account))];
    let key = account.parse().ok();
    let key = key.and_then(|id| json::key(session, &session.document.users, Kind::User, &id));
    own.extend(key.map(|key| (Placeholder::AccountKey, key)));
    let tables = session.tables.read();
    for (key, table) in &grant.target {
        let id = parts.get(key).map(String::as_str).unwrap_or_default();
        let (id, name) = tables.row(table, id).ok_or_else(|| {
            session.http.error(ErrorKind::Incomplete, format!("the app shows no {key} with the id {id}"))
        })?;
        own.push((Placeholder::Target(key.clone()), id));
        own.push((Placeholder::TargetName(key.clone()), Json::from(&*name)));
    }
    Ok(session.values.with(own))
}

/// The grants that roles of the app name; and why some of them may be missing here, if they may.
async fn named(session: &Session) -> Result<(Vec<Named<'_>>, Option<Arc<str>>), ConnectorError> {
    let mut all = Vec::new();
    let mut doubt = None;
    for target in &session.targets {
        let kind = session.document.grants.iter().find(|grant| is_of(grant, target));
        let Some(grant) = kind else { continue };
        let (mut ids, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (key, table) in &grant.target {
            names::table(session, table).await?;
            let Some(name) = target.get(key) else { continue };
            match session.tables.read().id_or_none(table, name) {
                Ok(Some(id)) => {
                    ids.insert(key.clone(), id);
                    names.insert(key.clone(), name.clone());
                }
                // The app has none: the plan says so.
                Ok(None) => {}
                Err(why) => doubt = Some(why.into()),
            }
        }
        if ids.len() == grant.target.len() {
            let parts = ids.iter().filter_map(|(key, id)| Some((key, scalar(id)?)));
            let parts: Vec<String> = parts
                .map(|(key, id)| format!("{}={}", percent::encoded(key), percent::encoded(&id)))
                .collect();
            if let Ok(id) = format!("{ID}{}", parts.join("&")).parse() {
                all.push(Named { grant, id, name: target.to_string(), ids, names });
            }
        }
    }
    Ok((all, doubt))
}

fn is_of(grant: &Grant, target: &Target) -> bool {
    let keys: Vec<Arc<str>> = grant.target.iter().map(|(key, _)| key.clone()).collect();
    target.has_parts(&keys)
}

/// The kind of a grant, and the ids of the parts of its target.
fn parsed<'d>(session: &'d Session, id: &RemoteId) -> Option<(&'d Grant, BTreeMap<Arc<str>, String>)> {
    let text = id.as_str().strip_prefix(ID)?;
    let parts = url::form_urlencoded::parse(text.as_bytes());
    let parts: BTreeMap<Arc<str>, String> =
        parts.map(|(key, value)| (Arc::from(&*key), value.into_owned())).collect();
    let is_kind = |grant: &&Grant| {
        grant.target.len() == parts.len() && grant.target.iter().all(|(key, _)| parts.contains_key(key))
    };
    Some((session.document.grants.iter().find(is_kind)?, parts))
}

/// Who has each of these grants.
async fn read_all(session: &Session, named: &[Named<'_>]) -> Result<Vec<Members>, ConnectorError> {
    let mut lists: BTreeMap<String, (Vec<Json>, Option<Arc<str>>)> = BTreeMap::new();
    let mut all = Vec::with_capacity(named.len());
    for one in named {
        let given: Vec<(Placeholder, Json)> = match &one.grant.per {
            None => Vec::new(),
            Some(Per::Account) => {
                all.push(Members::Unread(Unread::NotShown));
                continue;
            }
            Some(Per::Part(_)) => {
                let part = |(key, id): (&Arc<str>, &Json)| {
                    let name = one.names.get(key).map(|name| Json::from(&**name)).unwrap_or_default();
                    [
                        (Placeholder::Target(key.clone()), id.clone()),
                        (Placeholder::TargetName(key.clone()), name),
                    ]
                };
                one.ids.iter().flat_map(part).collect()
            }
        };
        // The list of a kind is asked for once, or once for each target.
        let kind: Vec<&str> = one.grant.target.iter().map(|(key, _)| &**key).collect();
        let key = match &one.grant.per {
            None => kind.join(" "),
            Some(_) => one.id.to_string(),
        };
        if !lists.contains_key(&key) {
            let rows = rows(session, one.grant, given).await?;
            lists.insert(key.clone(), rows);
        }
        let Some((rows, short)) = lists.get(&key) else { continue };
        all.push(match short {
            Some(why) => {
                Members::Unread(Unread::NoAnswer(format!("the list of grants does not add up: {why}").into()))
            }
            None => members(one, rows),
        });
    }
    Ok(all)
}

/// The rows of a list of grants, and why it is not whole, if it is not.
async fn rows(
    session: &Session,
    grant: &Grant,
    given: Vec<(Placeholder, Json)>,
) -> Result<(Vec<Json>, Option<Arc<str>>), ConnectorError> {
    let list = List {
        listing: &grant.list,
        operation: Operation::Members,
        values: session.values.with(given),
        kind: None,
        id: None,
    };
    let mut rows = Vec::new();
    let mut each = |row: &Json| {
        rows.push(row.clone());
        ControlFlow::Continue(())
    };
    let short = match walk::pages(session, &list, Sink::Each(&mut each)).await {
        Ok(Walk::Complete(complete)) => complete.doubt().cloned(),
        Ok(Walk::Incomplete { why }) => Some(why),
        Err(error) => match Found::<()>::unless_app_wide(error)? {
            Found::Unknown(error) => Some(error.to_string().into()),
            Found::Here(()) | Found::Gone(_) => None,
        },
    };
    Ok((rows, short))
}

/// The accounts of the rows of one target. A row that lacks a part is about something else.
fn members(named: &Named<'_>, rows: &[Json]) -> Members {
    let is_meant = |row: &&Json| {
        named.grant.row.iter().all(|(key, place)| match place.get(row) {
            At::One(found) => scalar(found).is_some() && scalar(found) == named.ids.get(key).and_then(scalar),
            _ => false,
        })
    };
    let mut members = Vec::new();
    for row in rows.iter().filter(is_meant) {
        match named.grant.account.get(row) {
            At::One(found) => match scalar(found).filter(|id| !id.is_empty()) {
                Some(id) => members.push(Member { name: id.into(), kind: None }),
                None => return Members::Unread(Unread::Form("a grant without its account".into())),
            },
            // It is about a group, or about nobody.
            At::Missing | At::Nothing => {}
            At::Each(_) | At::Unclear(_) => {
                return Members::Unread(Unread::Form("a grant with several accounts".into()));
            }
        }
    }
    members.sort();
    members.dedup();
    Members::Shown(members)
}

fn remote(session: &Session, want: &ListRequest, id: RemoteId, name: &str, members: Members) -> Remote {
    let of_name = &session.definition.groups.name;
    let value = |path| match path == of_name {
        true => Seen::Is(Value::str(name)),
        false => Seen::None,
    };
    Remote {
        id,
        kind: Kind::Group,
        activity: Activity::On,
        our_id: None,
        name: Some(name.into()),
        emails: Vec::new(),
        full_names: Vec::new(),
        holds: Seen::None,
        holds_in_part: false,
        created: None,
        attributes: want.paths.iter().map(value).collect(),
        members: if want.members { members } else { Members::Unread(Unread::NotAsked) },
        version: None,
    }
}
