//! Members of a group (RFC 7644 section 3.5.2, RFC 7643 section 4.2). They are changed by differences, in batches, from
//! the group as it is now. Some apps add a member twice, and some say yes and change nothing, so the group is read before
//! and after.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use reqwest::Method;
use serde_json::{Map, Value as Json, json};

use crate::connector::Gate;
use crate::connector::error::{ConnectorError, ErrorKind, shown};
use crate::connector::steps::{Next, Request, Rounds, Write, already, read, refused, written};
use crate::model::capabilities::MemberKey;
use crate::model::folded::folded;
use crate::model::op::{After, Outcome, SideEffect};
use crate::model::path::quoted;
use crate::model::remote::{ListRequest, Member, Members};
use crate::model::seen::Unread;
use crate::model::{Kind, RemoteId};

use super::get::Document;
use super::json::spelling;
use super::session::Session;
use super::settings::RemoveStyle;
use super::{decode, effects, get, hints, member_list, patch, put, wire};

type Names = Vec<Arc<str>>;

/// Adds members to a group and takes others out.
pub(super) async fn change(
    session: &Session,
    group: &RemoteId,
    want: &ListRequest,
    add: &[Arc<str>],
    remove: &[Arc<str>],
    gate: Gate<'_>,
) -> Outcome {
    let is_batch = add.len() + remove.len() > 1;
    let hint = |error| hints::of_members(!remove.is_empty(), error);
    let mut rounds =
        Rounds::of(Write { http: &session.http, kind: Kind::Group, gate, is_batch, hint: &hint });
    // The members before the write, once the app took it.
    let mut was_taken: Option<Vec<Arc<str>>> = None;
    loop {
        let document = match rounds.looked(group, get::fetch(session, want, group).await) {
            Ok(document) => document,
            Err(outcome) => return outcome,
        };
        let current = current_members(session, &document);
        let (to_add, to_remove) = open_changes(session, current.as_ref(), add, remove);
        // What the app does not show counts as done once it was taken.
        if (to_add.is_empty() && to_remove.is_empty()) || (was_taken.is_some() && current.is_none()) {
            let side_effects = vanished(session, was_taken.as_deref(), current.as_ref(), remove);
            let after = decode::remote(session, want, &document.object);
            let ended = if rounds.sent > 0 { written(read(after)) } else { already(after) };
            return Outcome { side_effects, ..ended };
        }
        if was_taken.is_some() {
            return not_kept(session, &to_add, &to_remove, is_batch);
        }
        if let Some(outcome) = rounds.given_up(to_add.len() + to_remove.len()) {
            return outcome;
        }
        match rounds.send_in_turn(requests(session, group, &document, &to_add, &to_remove)).await {
            Next::Again => {}
            Next::End(outcome) => return outcome,
            Next::Taken(_) if !session.settings.reread => return written(After::NotShown),
            Next::Taken(_) => {
                let names = current.map(|current| current.by_name.into_values().collect());
                was_taken = Some(names.unwrap_or_default());
            }
        }
    }
}

/// Members who were there before the write, were not to go, and are not there any more.
fn vanished(
    session: &Session,
    before: Option<&[Arc<str>]>,
    after: Option<&Current>,
    remove: &[Arc<str>],
) -> Vec<SideEffect> {
    let (Some(before), Some(after)) = (before, after) else {
        return Vec::new();
    };
    let to_go: HashSet<_> = remove.iter().map(|name| folded(name)).collect();
    let is_missed =
        |name: &&Arc<str>| !to_go.contains(&folded(name)) && after.spelling(session, name).is_none();
    let missed: Vec<Arc<str>> = before.iter().filter(is_missed).cloned().collect();
    let remedy = match session.settings.remove_style {
        RemoveStyle::PutGroup => None,
        RemoveStyle::ValuePath | RemoveStyle::ValueArray => {
            Some("`settings.members.remove_style: put-group` writes the list as a whole")
        }
    };
    if missed.is_empty() { Vec::new() } else { vec![effects::of_members(&missed, remedy)] }
}

/// The members that the group shows; `None` if it does not show them.
fn current_members(session: &Session, document: &Document) -> Option<Current> {
    if !session.settings.members_read {
        return None;
    }
    match member_list::of(&document.object) {
        Members::Shown(members) => Some(Current::of(session, members)),
        Members::Unread(_) => None,
    }
}

/// Members that a group shows, in its own spelling.
struct Current {
    by_name: HashMap<String, Arc<str>>,
    /// By folded names; nothing if two members differ by case only.
    folded: HashMap<String, Option<Arc<str>>>,
}

impl Current {
    fn of(session: &Session, members: Vec<Member>) -> Self {
        let mut current = Self { by_name: HashMap::new(), folded: HashMap::new() };
        for member in members {
            let same = current.folded.entry(folded(&member.name));
            same.and_modify(|one| *one = None).or_insert_with(|| Some(member.name.clone()));
            current.by_name.insert(key(session, &member.name), member.name);
        }
        current
    }

    /// The member in the group's spelling. An id may stand there in another case (safety.md 22).
    fn spelling(&self, session: &Session, name: &str) -> Option<&Arc<str>> {
        let exact = self.by_name.get(&key(session, name));
        exact.or_else(|| self.folded.get(&folded(name))?.as_ref())
    }
}

/// Members still to be added and removed: all of them, where members cannot be read.
fn open_changes(
    session: &Session,
    current: Option<&Current>,
    add: &[Arc<str>],
    remove: &[Arc<str>],
) -> (Names, Names) {
    let unique = |names: &[Arc<str>]| {
        let mut seen = HashSet::new();
        let fresh = names.iter().filter(|name| seen.insert(key(session, name)));
        fresh.cloned().collect::<Names>()
    };
    let Some(current) = current else {
        return (unique(add), unique(remove));
    };
    let mut add = unique(add);
    add.retain(|name| current.spelling(session, name).is_none());
    let remove = remove.iter().filter_map(|name| current.spelling(session, name).cloned());
    (add, unique(&remove.collect::<Names>()))
}

/// Ids are opaque; logins compare without case (RFC 7643 section 4.1.1).
fn key(session: &Session, name: &str) -> String {
    match session.capabilities.members_by {
        MemberKey::Id => name.to_owned(),
        MemberKey::Name => folded(name),
    }
}

fn requests<'d>(
    session: &Session,
    group: &RemoteId,
    document: &'d Document,
    add: &[Arc<str>],
    remove: &[Arc<str>],
) -> Result<Vec<Request<'d>>, ConnectorError> {
    let url = session.object_url(Kind::Group, group)?;
    let version = get::required_version(session, document)?;
    if session.settings.remove_style == RemoveStyle::PutGroup {
        if let Members::Unread(why @ Unread::Form(_)) = member_list::of(&document.object) {
            let what = format!("a PUT of this group could take members out that were not read: {why}");
            return Err(session.http.error(ErrorKind::NotTheProtocol, what));
        }
        let body = whole_group(session, &document.object, add, remove);
        return Ok(vec![Request {
            method: Method::PUT,
            url,
            body: Some(Json::Object(body).to_string().into_bytes()),
            version,
        }]);
    }
    let batch = session.capabilities.members_batch.max(1) as usize;
    let mut bodies = Vec::new();
    for some in add.chunks(batch) {
        let members = wire::members(some);
        let operation = match session.settings.patch.as_object {
            true => json!({"op": "add", "value": {"members": members}}),
            false => json!({"op": "add", "path": "members", "value": members}),
        };
        bodies.push(vec![operation]);
    }
    if session.settings.remove_style == RemoveStyle::ValueArray {
        for some in remove.chunks(batch) {
            bodies.push(vec![json!({"op": "remove", "path": "members", "value": wire::members(some)})]);
        }
    } else {
        for some in remove.chunks(batch.min(session.settings.patch.ops_per_request)) {
            let operation = |name: &Arc<str>| {
                let path = format!("members[value eq {}]", quoted(name));
                json!({"op": "remove", "path": path})
            };
            bodies.push(some.iter().map(operation).collect());
        }
    }
    Ok(bodies
        .iter()
        .enumerate()
        .map(|(at, operations)| Request {
            method: Method::PATCH,
            url: url.clone(),
            body: Some(patch::body(operations, &session.settings.patch)),
            // The first request makes a new version, which was not read.
            version: version.filter(|_| at == 0),
        })
        .collect())
}

/// The group with its members as they are now, those not managed included, and only the wanted differences.
fn whole_group(
    session: &Session,
    current: &Map<String, Json>,
    add: &[Arc<str>],
    remove: &[Arc<str>],
) -> Map<String, Json> {
    let mut body = put::body(Kind::Group, current, &[], &session.schemas);
    let gone: HashSet<_> = remove.iter().map(|name| key(session, name)).collect();
    let name = spelling(&body, "members").unwrap_or("members").to_owned();
    let mut members = match body.remove(&name) {
        Some(Json::Array(members)) => members,
        Some(Json::Null) | None => Vec::new(),
        Some(single) => vec![single],
    };
    members.retain(|member| {
        let one = Map::from_iter([("members".to_owned(), member.clone())]);
        match member_list::of(&one) {
            Members::Shown(names) => names.iter().all(|one| !gone.contains(&key(session, &one.name))),
            Members::Unread(_) => true,
        }
    });
    if let Json::Array(new) = wire::members(add) {
        members.extend(new);
    }
    body.insert(name, Json::Array(members));
    body
}

/// The app said yes and did not do it.
fn not_kept(session: &Session, add: &[Arc<str>], remove: &[Arc<str>], divisible: bool) -> Outcome {
    let told = |names: &[Arc<str>]| {
        let first: Vec<_> = names.iter().take(3).map(|name| shown(name)).collect();
        let more = names.len().saturating_sub(first.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", first.join(", "))
    };
    let mut parts = Vec::new();
    if !add.is_empty() {
        parts.push(format!("did not add {}", told(add)));
    }
    if !remove.is_empty() {
        parts.push(format!("did not remove {}", told(remove)));
    }
    let hint = if remove.is_empty() {
        ""
    } else {
        "; another `settings.members.remove_style` may be what this app understands"
    };
    refused(format!("{}: the app said yes and {}{hint}", session.http.app, parts.join(" and ")), divisible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_quoted_in_paths() {
        let path = format!("members[value eq {}]", quoted(r#"a"] or [value pr"#));
        assert_eq!(path, r#"members[value eq "a\"] or [value pr"]"#);
    }
}
