//! Changing attributes of an object (RFC 7644 sections 3.5.1 and 3.5.2).

use reqwest::Method;
use serde_json::{Map, Value as Json};

use crate::catalog;
use crate::connector::Gate;
use crate::connector::error::ConnectorError;
use crate::connector::http::Answer;
use crate::connector::steps::{
    Next, Request, Rounds, Write, already, answered, read, refused, unknown, written,
};
use crate::model::op::{After, ListChange, MemberList, Outcome, OutcomeState, SideEffect};
use crate::model::remote::ListRequest;
use crate::model::seen::{Activity, Seen};
use crate::model::{Kind, Path, RemoteId, Value};

use super::after::{self, Look, Shown};
use super::get::Document;
use super::json::spelling;
use super::session::Session;
use super::set::Set;
use super::settings::Style;
use super::{decode, effects, extract, get, hints, members, patch, put, taken};

/// What is to change of an object.
pub(super) struct Change<'c> {
    pub kind: Kind,
    pub id: &'c RemoteId,
    /// New values; null unassigns.
    pub set: &'c [(Path, Value)],
    /// Of these, what each look shows is kept.
    pub lists: &'c [ListChange],
    /// What an answer shows of a group's members.
    pub list: MemberList,
}

/// Makes an object have some values.
pub(super) async fn update(
    session: &Session,
    want: &ListRequest,
    change: &Change<'_>,
    gate: Gate<'_>,
) -> Outcome {
    let Change { kind, id, set, lists, .. } = *change;
    let hint = |error| hints::of_change(kind, error);
    let mut rounds = Rounds::of(Write { http: &session.http, kind, gate, is_batch: false, hint: &hint });
    loop {
        let document = match rounds.looked(id, get::fetch(session, want, id).await) {
            Ok(document) => document,
            Err(outcome) => return outcome,
        };
        let merged = lists.iter().map(|list| merged(session, kind, &document.object, list));
        let merged = match merged.collect::<Result<Vec<_>, _>>() {
            Ok(merged) => merged,
            // A list that is written as a whole would lose what it holds beside the wanted entries.
            Err(why) => return refused(why, false),
        };
        let open: Vec<Set<'_>> = set
            .iter()
            .chain(&merged)
            .filter(|(path, _)| session.is_sent(path))
            .map(|(path, value)| Set::of(&session.schemas, kind, path, value))
            .filter(|set| !is_so(&document.object, set))
            .collect();
        if open.is_empty() {
            let mut after = decode::remote(session, want, &document.object);
            if let Some(after) = &mut after {
                after.version = document.version;
            }
            return if rounds.sent > 0 { written(read(after)) } else { already(after) };
        }
        if let Some(outcome) = rounds.given_up(open.len()) {
            return outcome;
        }
        let style = style(session, kind, &open);
        match rounds.send_in_turn(requests(session, change, style, &document, &open)).await {
            Next::Again => {}
            // The request was not done: the app does not have the method.
            Next::End(_) if has_no_method(&rounds) && session.may_use_other(kind, style) => {
                rounds.refusal = None;
                rounds.sent -= 1;
            }
            Next::End(outcome) => {
                let conflict = rounds.refusal.as_ref().filter(|error| hints::is_conflict(error));
                return match conflict {
                    Some(error) => with_holder(session, want, &open, outcome, error).await,
                    None => outcome,
                };
            }
            Next::Taken(answer) => {
                let schema = |path: &Path| session.schemas.of(kind, path);
                session.index.note_written(schema, kind, id, set).await;
                let active = set.iter().find(|(path, _)| &**path.key() == "active");
                let active = active.and_then(|(_, value)| match value {
                    Value::Bool(active) => Some(*active),
                    _ => None,
                });
                let sent = Sent {
                    before: &document.object,
                    sets: &open,
                    active,
                    remedy: remedy(session, kind, style, &open),
                };
                let before = decode::remote(session, want, &document.object).map(Box::new);
                return Outcome { before, ..seen_after(session, want, id, &answer, &sent).await };
            }
        }
    }
}

/// A refusal because something else has one of the values, with who has it in place of what to do.
async fn with_holder(
    session: &Session,
    want: &ListRequest,
    sets: &[Set<'_>],
    outcome: Outcome,
    conflict: &ConnectorError,
) -> Outcome {
    let (OutcomeState::Refused { why, divisible }, Some(hint)) = (&outcome.state, &conflict.hint) else {
        return outcome;
    };
    let values: Vec<(Path, Value)> = sets
        .iter()
        .filter(|set| !set.value.is_null() && taken::may_be_unique(session, want.kind, set.path))
        .map(|set| (set.path.clone(), set.value.clone()))
        .collect();
    match taken::by(session, want, values.iter()).await {
        Some(holder) => {
            let why = why.replacen(hint.as_str(), &holder.told(want.kind, None), 1);
            Outcome { holder: Some(holder.remote.id), ..refused(why, *divisible) }
        }
        None => outcome,
    }
}

/// A list as it is to be, after what was just seen of it.
///
/// # Errors
/// It could not be read, and why.
fn merged(
    session: &Session,
    kind: Kind,
    object: &Map<String, Json>,
    list: &ListChange,
) -> Result<(Path, Value), String> {
    let schema = session.schemas.of(kind, &list.path);
    let is_single = session.schemas.is_single(&list.path);
    let actual = match extract::value(object, &list.path, schema.as_ref(), is_single) {
        Seen::Is(value) => value,
        Seen::None => Value::Null,
        Seen::Unread(why) => {
            return Err(format!("{} cannot be changed, because it cannot be read: {why}", list.path));
        }
    };
    let same = |a: &Value, b: &Value| catalog::same(schema.as_ref(), a, b);
    Ok((list.path.clone(), list.over(&actual, same)))
}

fn requests<'d>(
    session: &Session,
    change: &Change<'_>,
    style: Style,
    document: &'d Document,
    sets: &[Set<'_>],
) -> Result<Vec<Request<'d>>, ConnectorError> {
    let Change { kind, id, .. } = *change;
    let url = session.object_url(kind, id)?;
    let version = get::required_version(session, document)?;
    if style == Style::Put {
        let body = whole(session, change, document, sets)?;
        return Ok(vec![Request {
            method: Method::PUT,
            url,
            body: Some(Json::Object(body).to_string().into_bytes()),
            version,
        }]);
    }
    let style = &session.settings.patch;
    let operations = patch::operations(&document.object, sets, style);
    let chunks = operations.chunks(style.ops_per_request.max(1));
    Ok(chunks
        .enumerate()
        .map(|(at, operations)| Request {
            method: Method::PATCH,
            url: url.clone(),
            body: Some(patch::body(operations, style)),
            // The first request makes a new version, which was not read.
            version: version.filter(|_| at == 0),
        })
        .collect())
}

fn whole(
    session: &Session,
    change: &Change<'_>,
    document: &Document,
    sets: &[Set<'_>],
) -> Result<Map<String, Json>, ConnectorError> {
    let mut body = put::body(change.kind, &document.object, sets, &session.schemas);
    if change.kind == Kind::Group {
        if !session.settings.group_put_includes_members {
            let name = spelling(&body, "members").map(str::to_owned);
            name.map(|name| body.remove(&name));
        } else if let Err(error) = members::may_be_put(session, &document.object, change.list) {
            return Err(error.with_hint(
                "set `settings.update.groups: patch` or `settings.group_put_includes_members: false`",
            ));
        }
    }
    Ok(body)
}

/// How these values are written.
fn style(session: &Session, kind: Kind, sets: &[Set<'_>]) -> Style {
    let settings = &session.settings;
    let is_activity = kind == Kind::User && sets.iter().all(|set| &**set.path.key() == "active");
    let set = match kind {
        Kind::User => settings.update_activity.filter(|_| is_activity).or(settings.update_users),
        Kind::Group => settings.update_groups,
    };
    let style = set.unwrap_or(if session.has_patch == Some(false) { Style::Put } else { Style::Patch });
    if session.learned.takes(kind, style) { style } else { style.other() }
}

/// True if the app answered that it does not have the method of the last write.
fn has_no_method(rounds: &Rounds<'_>) -> bool {
    rounds.sent == 1 && rounds.refusal.as_ref().is_some_and(|error| matches!(error.status, Some(405 | 501)))
}

/// The setting by which an app may write one entry of a list without touching the others.
fn remedy(session: &Session, kind: Kind, style: Style, sets: &[Set<'_>]) -> Option<&'static str> {
    let is_picked = sets.iter().any(|set| !set.path.parts().filter.is_empty() && !set.is_single);
    let patch = &session.settings.patch;
    match (style, kind) {
        (Style::Put, _) => None,
        (Style::Patch, _) if is_picked && patch.value_paths && !patch.as_object => {
            Some("`settings.patch.value_paths: avoid` writes the list as a whole")
        }
        (Style::Patch, Kind::User) => Some("`settings.update.users: put` writes the account as a whole"),
        (Style::Patch, Kind::Group) => Some("`settings.update.groups: put` writes the group as a whole"),
    }
}

/// What was sent, and to what.
struct Sent<'s> {
    before: &'s Map<String, Json>,
    sets: &'s [Set<'s>],
    /// The activity, if it was among it.
    active: Option<bool>,
    remedy: Option<&'static str>,
}

impl Sent<'_> {
    fn effects(&self, shown: &Shown) -> Vec<SideEffect> {
        effects::of(self.before, &shown.object, self.sets, self.remedy)
    }
}

/// An answer that shows another activity than the one that was sent may show the state before the write, and one that shows
/// no side effect may show what was sent. A look follows where that matters.
async fn seen_after(
    session: &Session,
    want: &ListRequest,
    id: &RemoteId,
    answer: &Answer,
    sent: &Sent<'_>,
) -> Outcome {
    let active = sent.active;
    // Not shown is neither the state that was sent nor the other one.
    let is_other = |shown: &Shown| match active {
        Some(true) => shown.remote.activity == Activity::Off,
        Some(false) => shown.remote.activity == Activity::On,
        None => false,
    };
    let mut seen = after::after(session, want, id, answer).await;
    let may_matter = match &seen {
        Look::Answered(shown) => {
            is_other(shown) || effects::may_be(sent.before, sent.sets) || !sent.effects(shown).is_empty()
        }
        Look::Here(shown) => is_other(shown),
        Look::Gone | Look::NotLooked => false,
    };
    if may_matter {
        seen = match after::look(session, want, id).await {
            Look::NotLooked => seen,
            looked => looked,
        };
    }
    let side_effects = match &seen {
        Look::Answered(shown) | Look::Here(shown) => sent.effects(shown),
        Look::Gone | Look::NotLooked => Vec::new(),
    };
    let line = || format!("{}: {} {}", session.http.app, answer.method, answer.path);
    match seen {
        Look::Here(shown) if is_other(&shown) => {
            let why = not_kept(&line(), active);
            Outcome { after: read(Some(shown.remote)), ..refused(why, false) }
        }
        Look::Answered(shown) if is_other(&shown) => refused(not_kept(&line(), active), false),
        Look::Answered(shown) => Outcome { side_effects, ..written(answered(Some(shown.remote))) },
        Look::Here(shown) => Outcome { side_effects, ..written(read(Some(shown.remote))) },
        Look::NotLooked => written(After::NotShown),
        Look::Gone if active == Some(false) && session.settings.gone_after_deactivate => {
            written(After::NotShown)
        }
        Look::Gone => unknown(format!(
            "{}: answered {}, and then that {id} is gone{}",
            line(),
            answer.status,
            if active == Some(false) {
                "; if this app hides disabled accounts, set `settings.gone_after_deactivate: true`"
            } else {
                ""
            }
        )),
    }
}

fn not_kept(line: &str, active: Option<bool>) -> String {
    let shown = if active == Some(false) { "active" } else { "inactive" };
    format!("{line}: the app said yes and still shows the account {shown}")
}

/// True if the object shows that it already has the value.
fn is_so(object: &Map<String, Json>, set: &Set<'_>) -> bool {
    let schema = set.schema.as_ref();
    match extract::value(object, set.path, schema, set.is_single) {
        Seen::Is(actual) => catalog::is_as_written(schema, set.value, &actual),
        Seen::None => catalog::is_as_written(schema, set.value, &Value::Null),
        Seen::Unread(_) => false,
    }
}
