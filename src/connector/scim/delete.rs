//! Deleting an object (RFC 7644 section 3.6). A 404 to a DELETE decides nothing; only a look does.

use reqwest::Method;

use crate::connector::Gate;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::steps::{
    Found, Next, Request, Rounds, Sent, Write, already, deleted, not_sent, refused, send, told, unknown,
    written,
};
use crate::model::op::{After, Outcome};
use crate::model::remote::ListRequest;
use crate::model::{Kind, RemoteId};

use super::get::Document;
use super::session::Session;
use super::{get, hints};

/// Deletes an object. Afterwards a look has to show that it is gone, or that an account is inactive.
pub(super) async fn delete(
    session: &Session,
    kind: Kind,
    id: &RemoteId,
    want: &ListRequest,
    gate: Gate<'_>,
) -> Outcome {
    let hint = |error| hints::of_change(kind, error);
    let mut rounds = Rounds::of(Write { http: &session.http, kind, gate, is_batch: false, hint: &hint });
    loop {
        let document = match get::fetch(session, want, id).await {
            Ok(Found::Here(document)) => document,
            Ok(Found::Gone(_)) if rounds.sent == 0 => return already(None),
            Ok(Found::Gone(_)) => {
                return written(After::NotShown);
            }
            Ok(Found::Unknown(error)) | Err(error) => {
                return match &rounds.unclear {
                    Some(first) => unknown(format!("{first}; and looking again failed: {error}")),
                    None if error.kind() == ErrorKind::Auth || error.kind() == ErrorKind::Forbidden => {
                        refused(told(&error), false)
                    }
                    None => {
                        not_sent(format!("nothing was sent, because looking first failed: {}", told(&error)))
                    }
                };
            }
        };
        if let Some(outcome) = rounds.given_up(1) {
            return outcome;
        }
        let sent = match request(session, kind, id, &document) {
            Ok(request) => send(&session.http, request, gate).await,
            Err(error) => return refused(told(&error), false),
        };
        let not_found = matches!(&sent, Sent::Refused(error) if error.kind() == ErrorKind::NotFound);
        match rounds.settle(sent).await {
            Next::Again => {}
            Next::End(_) if not_found => return confirm(session, want, id, 404).await,
            Next::End(outcome) => return outcome,
            Next::Taken(answer) if session.settings.reread => {
                return confirm(session, want, id, answer.status).await;
            }
            Next::Taken(_) => return written(After::NotShown),
        }
    }
}

fn request<'d>(
    session: &Session,
    kind: Kind,
    id: &RemoteId,
    document: &'d Document,
) -> Result<Request<'d>, ConnectorError> {
    Ok(Request {
        method: Method::DELETE,
        url: session.object_url(kind, id)?,
        body: None,
        version: get::required_version(session, document)?,
    })
}

/// Whether it is gone, by a look.
async fn confirm(session: &Session, want: &ListRequest, id: &RemoteId, status: u16) -> Outcome {
    let look = get::presence(session, want, id).await;
    deleted(&session.http.app, (want.kind, id), status, look)
}
