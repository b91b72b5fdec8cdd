//! The test of a connection.

use std::ops::ControlFlow;

use serde_json::Value as Json;

use crate::catalog::rest::{Found, Place};
use crate::connector::error::ConnectorError;
use crate::connector::{CheckReport, Finding, Level};
use crate::model::Kind;
use crate::model::remote::Walk;

use super::check_members::Groups;
use super::counts::Counts;
use super::rights::unproven;
use super::session::Session;
use super::short;
use super::walk::{self, Sink};

/// Walks the list of each kind as a plan does.
pub(super) async fn check(session: &Session) -> CheckReport {
    let mut findings = vec![about_rights(session).await];
    findings.push(about_own_account(session));
    for kind in [Kind::User, Kind::Group] {
        if kind == Kind::User || session.document.groups.is_some() {
            findings.extend(about_list(session, kind).await);
        }
    }
    findings.extend(about_not_shown(session));
    findings.extend(about_what_is_to_come(session));
    findings.push(about_capabilities(session));
    CheckReport { endpoint: session.http.endpoint.canonical(), findings }
}

async fn about_rights(session: &Session) -> Finding {
    match unproven(session).await {
        Some(why) => Finding {
            level: Level::Bad,
            text: why.to_string(),
            hint: Some(
                "give the credential these rights in the app: until then every list is taken to be short"
                    .to_owned(),
            ),
        },
        None if session.document.check.is_empty() => Finding::note(
            "rights: not proven, because the connector has no `check:`".to_owned(),
            "a credential that sees a part of the accounts only looks like one that sees all",
        ),
        None => match not_proven_by_check(session) {
            Some(what) => Finding::note(
                format!("the requests that `check:` names are answered; not proven: {what}"),
                "compare the numbers of accounts and groups below with those that the app shows to its administrators",
            ),
            None => Finding::good("the credential has the rights that the lists need".to_owned()),
        },
    }
}

/// What the document says that its `check` does not prove.
fn not_proven_by_check(session: &Session) -> Option<&str> {
    session.document.unproven.iter().find_map(|what| what.strip_prefix("check:")).map(str::trim)
}

fn about_own_account(session: &Session) -> Finding {
    match session.own_names.first() {
        Some(name) => {
            Finding::good(format!("the connection's own account is {name}: it is always protected"))
        }
        None if session.has_no_account => {
            Finding::good("the credential is no account of the app, as `auth` says".to_owned())
        }
        None => Finding::note(
            "the connection's own account is not known".to_owned(),
            "add `account:` below `auth:`, or `account: none` if the credential belongs to no account",
        ),
    }
}

async fn about_list(session: &Session, kind: Kind) -> Vec<Finding> {
    let Ok(list) = walk::of_objects(session, kind) else { return Vec::new() };
    let active = match kind {
        Kind::User => session.document.users.active.as_ref().and_then(|active| active.at.list.as_ref()),
        Kind::Group => None,
    };
    let Ok(objects) = session.objects(kind) else { return Vec::new() };
    let mut counts = Counts::of(kind, objects, &session.document.not_shown.attributes);
    let mut groups = Groups::of(objects);
    let (mut rows, mut telling) = (0_usize, 0_usize);
    let mut each = |row: &Json| {
        rows += 1;
        counts.add(row);
        groups.add(row);
        telling += usize::from(active.is_some_and(|place| shows(place, row)));
        ControlFlow::Continue(())
    };
    let walk = walk::pages(session, &list, Sink::Each(&mut each)).await;
    let mut findings = vec![match walk {
        Ok(Walk::Complete(complete)) => match complete.doubt() {
            Some(why) => {
                Finding::note(format!("{kind}s can be read: none, unless the ledger knows one"), why)
            }
            None => {
                let proof = list.listing.page.evidence().unwrap_or("nothing");
                Finding::good(format!("{kind}s can be read: {rows} ({proof})"))
            }
        },
        Ok(Walk::Incomplete { why }) => Finding {
            level: Level::Bad,
            text: format!("the list of {kind}s does not add up, {rows} came: {why}"),
            hint: Some(short::remedy(&why).to_owned()),
        },
        Err(error) => cannot_read(kind, &error),
    }];
    if active.is_some() && telling < rows {
        findings.push(match telling {
            0 => Finding::note(
                "no account in the list shows whether it is on".to_owned(),
                "what rolecall wrote itself is all that it knows of it",
            ),
            _ => Finding::note(
                format!("{} of {rows} accounts do not show whether they are on", rows - telling),
                "what rolecall wrote itself is all that it knows of these",
            ),
        });
    }
    findings.extend(counts.findings());
    findings.extend(groups.finding(session).await);
    findings
}

fn shows(place: &Place, row: &Json) -> bool {
    !matches!(place.get(row), Found::Missing | Found::Nothing)
}

/// What the document says that the app does not show.
fn about_not_shown(session: &Session) -> Vec<Finding> {
    let not = &session.document.not_shown;
    let general = [
        ("whether an account is on", &not.activity),
        ("invitations", &not.invited),
        ("deleted accounts", &not.deleted),
        ("some of what an account can do", &not.power),
    ];
    let general = general.into_iter().filter_map(|(what, why)| Some((what.to_owned(), why.as_ref()?)));
    let attributes = not.attributes.iter().map(|(name, why)| (format!("`{name}`"), why));
    general
        .chain(attributes)
        .map(|(what, why)| {
            Finding::note(format!("the app does not show {what}: {why}"), "nothing is concluded from it")
        })
        .collect()
}

/// What the document says that this version does not do.
fn about_what_is_to_come(session: &Session) -> Option<Finding> {
    let not = session.document.not_in_this_version();
    (!not.is_empty()).then(|| {
        Finding::note(
            format!("the connector says how to do more than this version does: {}", not.join(", ")),
            "none of it is read or written",
        )
    })
}

fn about_capabilities(session: &Session) -> Finding {
    Finding::of_capabilities("declared", &session.capabilities.told())
}

fn cannot_read(kind: Kind, error: &ConnectorError) -> Finding {
    Finding { level: Level::Bad, text: format!("{kind}s cannot be read: {error}"), hint: error.hint.clone() }
}
