//! The test of a connection. It asks for lists, because a discovery document proves nothing about the credential.

use crate::connector::http::{Call, Side};
use crate::connector::{CheckReport, ConnectorError, Finding, Level};
use crate::model::Kind;

use super::json::{self, TextOf};
use super::session::Session;

/// Asks for a list of each kind, with each credential.
pub(super) async fn check(session: &Session) -> CheckReport {
    let mut findings = vec![about_discovery(session)];
    findings.push(can_read(session, Kind::User, Side::Read).await);
    if session.capabilities.groups {
        findings.push(can_read(session, Kind::Group, Side::Read).await);
    }
    if session.http.is_writable() && session.http.has_split_logins() {
        findings.push(can_read(session, Kind::User, Side::ReadAsWriter).await);
    }
    findings.push(about_capabilities(session));
    CheckReport { endpoint: session.http.endpoint.canonical(), findings }
}

fn about_discovery(session: &Session) -> Finding {
    if session.is_discovered {
        return good("the app describes itself (ServiceProviderConfig)".to_owned());
    }
    Finding {
        level: Level::Note,
        text: "the app does not describe itself: RFC 7644 is assumed".to_owned(),
        hint: Some("say what it cannot do below `settings.can`".to_owned()),
    }
}

async fn can_read(session: &Session, kind: Kind, side: Side<'_>) -> Finding {
    let who = match side {
        Side::Read => "",
        Side::ReadAsWriter | Side::Write(_) => " with the credential for writes",
    };
    match count(session, kind, side).await {
        Ok(Some(total)) => good(format!("{kind}s can be read{who}: {total}")),
        Ok(None) => good(format!("{kind}s can be read{who}")),
        Err(error) => Finding {
            level: Level::Bad,
            text: format!("{kind}s cannot be read{who}: {error}"),
            hint: error.hint.clone(),
        },
    }
}

async fn count(session: &Session, kind: Kind, side: Side<'_>) -> Result<Option<u64>, ConnectorError> {
    let mut url = session.collection(kind);
    url.query_pairs_mut().append_pair("startIndex", "1").append_pair("count", "1");
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
    let list = [
        ("create accounts", can.create_users),
        ("change accounts", can.update_users),
        ("disable accounts", can.disable_users),
        ("delete accounts", can.delete_users),
        ("groups", can.groups),
        ("look-ups by filter", can.filter),
        ("versions", session.uses_versions()),
    ];
    let words = |wanted: bool| {
        let words: Vec<_> = list.iter().filter(|(_, can)| *can == wanted).map(|(word, _)| *word).collect();
        words.join(", ")
    };
    let cannot = words(false);
    let mut text = format!("declared, discovered and configured: {}", words(true));
    if !cannot.is_empty() {
        text.push_str(&format!("; not: {cannot}"));
    }
    good(text)
}

fn good(text: String) -> Finding {
    Finding { level: Level::Good, text, hint: None }
}
