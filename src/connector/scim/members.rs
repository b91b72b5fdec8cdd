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
use crate::model::op::{After, MemberList, Outcome, SideEffect};
use crate::model::path::quoted;
use crate::model::remote::{ListRequest, Member, Members};
use crate::model::seen::{self, Unread};
use crate::model::{Kind, RemoteId};

use super::get::Document;
use super::json::{self, spelling};
use super::session::Session;
use super::settings::RemoveStyle;
use super::{decode, effects, get, hints, member_list, patch, put, wire};

type Names = Vec<Arc<str>>;

/// Members who come to a group and who leave it, as the app names them.
#[derive(Clone, Copy)]
pub(super) struct Change<'c> {
    pub group: &'c RemoteId,
    pub add: &'c [Arc<str>],
    pub remove: &'c [Arc<str>],
    /// What an answer shows of its members.
    pub list: MemberList,
}

/// Adds members to a group and takes others out.
pub(super) async fn change(
    session: &Session,
    want: &ListRequest,
    change: Change<'_>,
    gate: Gate<'_>,
) -> Outcome {
    let Change { group, add, remove, .. } = change;
    let is_batch = add.len() + remove.len() > 1;
    let hint = |error| hints::of_members(!remove.is_empty(), error);
    let mut rounds =
        Rounds::of(Write { http: &session.http, kind: Kind::Group, gate, is_batch, hint: &hint });
    // The members before the first write that counts; none if they could not be read.
    let mut before: Option<Option<Current>> = None;
    let mut was_taken = false;
    loop {
        let document = match rounds.looked(group, get::fetch(session, want, group).await) {
            Ok(document) => document,
            Err(outcome) => return outcome,
        };
        let current = current_members(session, &document, change.list);
        // What another client wrote meanwhile is no side effect of ours.
        if rounds.is_outdated {
            before = None;
        }
        let before = before.get_or_insert_with(|| current.clone());
        let (to_add, to_remove) = open_changes(session, current.as_ref(), was_taken, (add, remove));
        // What the app does not show counts as done once it was taken.
        if (to_add.is_empty() && to_remove.is_empty()) || (was_taken && current.is_none()) {
            let after = decode::remote(session, want, &document.object);
            if rounds.sent == 0 {
                return already(after);
            }
            let side_effects = match (before, &current) {
                (Some(before), Some(after)) => side_effects(session, (before, after), add, remove),
                _ => Vec::new(),
            };
            return Outcome { side_effects, ..written(read(after)) };
        }
        if was_taken {
            return not_kept(session, &to_add, &to_remove, is_batch);
        }
        if let Some(outcome) = rounds.given_up(to_add.len() + to_remove.len()) {
            return outcome;
        }
        match rounds.send_in_turn(requests(session, change, &document, &to_add, &to_remove)).await {
            Next::Again => {}
            Next::End(outcome) => return outcome,
            Next::Taken(_) if !session.settings.reread => return written(After::NotShown),
            Next::Taken(_) => was_taken = true,
        }
    }
}

/// Members beside the wanted ones who vanished, came or are there twice, by the list before and after the write.
fn side_effects(
    session: &Session,
    (before, after): (&Current, &Current),
    add: &[Arc<str>],
    remove: &[Arc<str>],
) -> Vec<SideEffect> {
    let all = |names: &[Arc<str>]| names.iter().map(|name| folded(name)).collect::<HashSet<_>>();
    let (to_come, to_go) = (all(add), all(remove));
    let differs = |from: &Current, to: &Current, wanted: &HashSet<String>| {
        let is_missed =
            |name: &&Arc<str>| !wanted.contains(&folded(name)) && to.spelling(session, name).is_none();
        from.by_name.values().filter(is_missed).count()
    };
    if before.is_cut || after.is_cut {
        return Vec::new();
    }
    // Where the app shows no more members than that, others move up.
    let moved_up = if seen::may_be_cut(before.by_name.len()) { to_go.len() } else { 0 };
    let beside = effects::Members {
        vanished: differs(before, after, &to_go),
        came: differs(after, before, &to_come).saturating_sub(moved_up),
        doubled: after.repeats.saturating_sub(before.repeats),
    };
    let remedy = match session.settings.remove_style {
        RemoveStyle::PutGroup => None,
        RemoveStyle::ValuePath | RemoveStyle::ValueArray => {
            Some("`settings.members.remove_style: put-group` writes the list as a whole")
        }
    };
    beside.told(remedy).into_iter().collect()
}

/// The members that the group shows; `None` if it does not show them.
fn current_members(session: &Session, document: &Document, list: MemberList) -> Option<Current> {
    if !session.settings.members_read {
        return None;
    }
    match member_list::of(&document.object) {
        Members::Shown(members) | Members::Mixed(members) => {
            let entries = member_list::entries(&document.object);
            let repeats = entries.saturating_sub(members.len());
            let is_cut = is_cut(session, entries, list);
            Some(Current { repeats, is_cut, ..Current::of(session, members) })
        }
        Members::Unread(_) => None,
    }
}

/// Members that a group shows, in its own spelling.
#[derive(Clone)]
struct Current {
    by_name: HashMap<String, Arc<str>>,
    /// By folded names; nothing if two members differ by case only.
    folded: HashMap<String, Option<Arc<str>>>,
    /// Entries of members who stand in the list already.
    repeats: usize,
    /// Others may be members, too.
    is_cut: bool,
}

/// True if a list of so many entries may be cut: the plan says so, or the app shows no more (safety.md 22).
fn is_cut(session: &Session, entries: usize, list: MemberList) -> bool {
    list == MemberList::Cut || session.capabilities.members_cap.is_some_and(|cap| entries >= cap as usize)
}

impl Current {
    fn of(session: &Session, members: Vec<Member>) -> Self {
        let mut current = Self { by_name: HashMap::new(), folded: HashMap::new(), repeats: 0, is_cut: false };
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

/// Members still to be added and removed: all of them, where members cannot be read. Whom a list that may be cut does not show
/// is removed once, by name.
fn open_changes(
    session: &Session,
    current: Option<&Current>,
    was_taken: bool,
    (add, remove): (&[Arc<str>], &[Arc<str>]),
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
    add.retain(|name| current.spelling(session, name).is_none() && !(current.is_cut && was_taken));
    let unseen = |name: &Arc<str>| (current.is_cut && !was_taken).then(|| name.clone());
    let remove =
        remove.iter().filter_map(|name| current.spelling(session, name).cloned().or_else(|| unseen(name)));
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
    change: Change<'_>,
    document: &'d Document,
    add: &[Arc<str>],
    remove: &[Arc<str>],
) -> Result<Vec<Request<'d>>, ConnectorError> {
    let url = session.object_url(Kind::Group, change.group)?;
    let version = get::required_version(session, document)?;
    if session.settings.remove_style == RemoveStyle::PutGroup {
        may_be_put(session, &document.object, change.list).map_err(|error| {
            error.with_hint(match member_list::of(&document.object) {
                Members::Shown(_) | Members::Mixed(_) => "set `settings.members.remove_style: value-path`, which names single members",
                Members::Unread(_) => "set `settings.members.remove_style: value-path`, which names single members, or add the first member in the app",
            })
        })?;
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

/// A PUT writes the whole list of members: a list that was not read is not written (safety.md 10).
///
/// # Errors
/// The members are unread, and why.
pub(super) fn may_be_put(
    session: &Session,
    group: &Map<String, Json>,
    list: MemberList,
) -> Result<(), ConnectorError> {
    let why = match member_list::of(group) {
        _ if !session.settings.members_read => Unread::NotShown,
        Members::Shown(members) | Members::Mixed(members) => {
            match is_cut(session, member_list::entries(group), list) {
                true => Unread::Cut(members.len() as u64),
                false => return Ok(()),
            }
        }
        Members::Unread(Unread::LeftOut) if list == MemberList::Empty => return Ok(()),
        Members::Unread(why) => why,
    };
    let name =
        json::get(group, "displayName").and_then(json::text).map(|name| format!(" \"{}\"", shown(&name)));
    let what = format!(
        "a PUT of group{} could take members out: its members cannot be read: {why}",
        name.unwrap_or_default()
    );
    Err(session.http.error(ErrorKind::Config, what))
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
            Members::Shown(names) | Members::Mixed(names) => {
                names.iter().all(|one| !gone.contains(&key(session, &one.name)))
            }
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
