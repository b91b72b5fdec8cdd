//! The test of a connection. It asks for lists, because a discovery document proves nothing about the credential.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::connector::http::{Call, Side};
use crate::connector::steps::Found;
use crate::connector::{CheckReport, ConnectorError, Finding, Level, RawPage};
use crate::model::remote::{ListRequest, Walk};
use crate::model::{Kind, RemoteId};

use super::get;
use super::json::{self, Seed, TextOf};
use super::session::Session;
use super::settings::Paging;
use super::walk::{self, Sink};

/// Walks the list of each kind as a plan does, and asks for a page with the credential for writes.
pub(super) async fn check(session: &Session) -> CheckReport {
    let mut findings = vec![about_discovery(session)];
    let mut kinds = vec![Kind::User];
    kinds.extend(session.capabilities.groups.then_some(Kind::Group));
    for kind in kinds {
        findings.extend(about_list(session, kind).await);
    }
    if session.http.is_writable() && session.http.has_split_logins() {
        findings.push(can_read_as_writer(session).await);
    }
    findings.extend(about_paging(session));
    findings.extend(about_names(session));
    findings.push(about_capabilities(session));
    CheckReport { endpoint: session.http.endpoint.canonical(), findings }
}

fn about_discovery(session: &Session) -> Finding {
    if session.is_discovered {
        return Finding::good("the app describes itself (ServiceProviderConfig)".to_owned());
    }
    Finding {
        level: Level::Note,
        text: "the app does not describe itself: RFC 7644 is assumed".to_owned(),
        hint: Some("say what it cannot do below `settings.can`".to_owned()),
    }
}

/// What was seen of a list.
#[derive(Default)]
struct Seen {
    pages: usize,
    rows: usize,
    /// Rows that have the attribute by which a plan goes.
    telling: usize,
    /// The first row's id.
    first: Option<RemoteId>,
}

async fn about_list(session: &Session, kind: Kind) -> Vec<Finding> {
    let mut seen = Seen::default();
    let mut each = |raw: RawPage| {
        // The walk has read this page as a list before.
        let rows = json::list(&raw.body, Shown(attribute(kind))).map(|list| list.rows).unwrap_or_default();
        seen.pages += usize::from(raw.rows > 0 || seen.pages == 0);
        seen.rows += raw.rows - raw.repeated.len();
        seen.telling += rows.iter().filter(|row| row.is_shown).count();
        seen.first = seen.first.take().or_else(|| rows.into_iter().find_map(|row| row.id?.parse().ok()));
        Ok(ControlFlow::Continue(()))
    };
    let walk = walk::pages(session, &request(kind), None, Sink::Each(&mut each)).await;
    let mut findings = vec![match walk {
        Ok(Walk::Complete(complete)) => match complete.doubt() {
            Some(why) => {
                Finding::note(format!("{kind}s can be read: none, unless the ledger knows one"), why)
            }
            None if seen.pages > 1 => {
                Finding::good(format!("{kind}s can be read: {}, in {} pages", seen.rows, seen.pages))
            }
            None => Finding::good(format!("{kind}s can be read: {}", seen.rows)),
        },
        Ok(Walk::Incomplete { why }) => Finding {
            level: Level::Bad,
            text: format!("the list of {kind}s does not add up, {} came: {why}", seen.rows),
            hint: Some("nothing can be concluded from it: ask whoever runs the app".to_owned()),
        },
        Err(error) => cannot_read(kind, "", &error),
    }];
    match seen.telling {
        _ if seen.rows == 0 => {}
        0 => findings.extend(not_shown(session, kind, seen.first.as_ref()).await),
        telling if telling < seen.rows => findings.extend(shown_in_part(session, kind, &seen)),
        _ => {}
    }
    findings
}

fn request(kind: Kind) -> ListRequest {
    ListRequest { kind, paths: [].into(), members: kind == Kind::Group, holds: false, roles: None }
}

/// The attribute by which a plan goes besides those of the mapping.
fn attribute(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "active",
        Kind::Group => "members",
    }
}

/// What follows if no row of a list shows that attribute.
async fn not_shown(session: &Session, kind: Kind, first: Option<&RemoteId>) -> Option<Finding> {
    if kind == Kind::User {
        if session.is_absent_active() {
            return Some(match session.settings.absent_is_active {
                true => Finding::note(
                    "no account in the list shows `active`: every account is taken to be active".to_owned(),
                    "`settings.absent_is_active` says so",
                ),
                false => Finding::note(
                    "the app's own schema has no `active`: every account is taken to be active".to_owned(),
                    "if it can be turned off all the same, disabling cannot be verified here",
                ),
            });
        }
        let text = "no account in the list shows `active`: whether an account is off cannot be read";
        return Some(Finding::note(
            text.to_owned(),
            "what rolecall wrote itself is all that it knows of it; if such accounts are active, set `settings.absent_is_active: true`",
        ));
    }
    if !session.settings.members_read {
        return None;
    }
    let shows = match get::fetch(session, &request(kind), first?).await {
        Ok(Found::Here(document)) => json::get(&document.object, attribute(kind)).is_some(),
        _ => false,
    };
    Some(match shows {
        true => Finding::note(
            "no group in the list shows its members; read alone, a group shows them".to_owned(),
            "each managed group is one more request",
        ),
        false => Finding::note(
            "no group shows `members`: the groups are empty, or their members cannot be read".to_owned(),
            "if they have members, set `settings.members.read_from: none`",
        ),
    })
}

/// What follows if some rows of a list do not show it.
fn shown_in_part(session: &Session, kind: Kind, seen: &Seen) -> Option<Finding> {
    let part = format!("{} of {}", seen.rows - seen.telling, seen.rows);
    match kind {
        Kind::User if session.is_absent_active() => None,
        Kind::User => Some(Finding::note(
            format!("{part} accounts do not show whether they are on"),
            "what rolecall wrote itself is all that it knows of these; if they are active, set `settings.absent_is_active: true`",
        )),
        Kind::Group if session.settings.members_read => Some(Finding::note(
            format!(
                "{part} groups in the list do not show `members`, and others do: who is in them is unread"
            ),
            "each managed group among them is one more request; if it does not show them either, nothing is concluded",
        )),
        Kind::Group => None,
    }
}

/// Parameters that the app turned out to refuse.
fn about_paging(session: &Session) -> Option<Finding> {
    let by = session.learned.paging();
    if by == session.settings.paging {
        return None;
    }
    Some(match by {
        Paging::Start => Finding::note(
            "the app refuses `count`: its pages are as large as it likes".to_owned(),
            "set `settings.paging: start`, which saves a request that is refused",
        ),
        _ => Finding::note(
            "the app refuses `startIndex` and `count`: a list is what it gives in one answer".to_owned(),
            "set `settings.paging: none`, which saves requests that are refused",
        ),
    })
}

/// Attributes that the app shows only if they are named, and that it refuses to be asked for by name.
fn about_names(session: &Session) -> Option<Finding> {
    let own = &session.schemas.own;
    let mut names: Vec<&str> = own.users.on_request().chain(own.groups.on_request()).collect();
    names.sort_unstable();
    names.dedup();
    (!names.is_empty() && !session.learned.takes_names()).then(|| {
        Finding::note(
            format!(
                "the app shows {} only if asked by name, and refuses `attributes`: they stay unread",
                names.join(", ")
            ),
            "nothing is concluded from what is unread; ask the makers of the app",
        )
    })
}

async fn can_read_as_writer(session: &Session) -> Finding {
    let (kind, who) = (Kind::User, " with the credential for writes");
    match count(session, kind, Side::ReadAsWriter).await {
        Ok(Some(total)) => Finding::good(format!("{kind}s can be read{who}: {total}")),
        Ok(None) => Finding::good(format!("{kind}s can be read{who}")),
        Err(error) => cannot_read(kind, who, &error),
    }
}

fn cannot_read(kind: Kind, who: &str, error: &ConnectorError) -> Finding {
    Finding {
        level: Level::Bad,
        text: format!("{kind}s cannot be read{who}: {error}"),
        hint: error.hint.clone(),
    }
}

async fn count(session: &Session, kind: Kind, side: Side<'_>) -> Result<Option<u64>, ConnectorError> {
    let url = walk::page_url(session, kind, (None, None), (session.learned.paging(), 1));
    let answer = session.http.send(&Call { side, ..Call::get(url) }).await?;
    if !answer.is_success() {
        return Err(session.http.fault(&answer));
    }
    json::list(&answer.body, TextOf("id"))
        .map(|list| list.total)
        .map_err(|error| session.http.not_json(&answer, &error))
}

fn about_capabilities(session: &Session) -> Finding {
    let can = &session.capabilities;
    let own = [("look-ups by filter", can.filter), ("versions", session.uses_versions())];
    let all: Vec<_> = can.told().into_iter().chain(own).collect();
    Finding::of_capabilities("declared, discovered and configured", &all)
}

/// The id of a row, and whether it shows an attribute at all.
struct Row {
    id: Option<Arc<str>>,
    is_shown: bool,
}

/// Reads a [`Row`]; the attribute is the one of this name.
#[derive(Clone, Copy)]
struct Shown(&'static str);

impl Seed for Shown {
    type Out = Row;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Row, D::Error> {
        let row = Json::deserialize(deserializer)?;
        let object = row.as_object();
        let shown = |name: &str| object.and_then(|object| json::get(object, name));
        Ok(Row { id: shown("id").and_then(json::text), is_shown: shown(self.0).is_some() })
    }
}
