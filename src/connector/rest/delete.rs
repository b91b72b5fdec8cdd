//! Deleting an object. What the answer to a DELETE says decides nothing; only a look does.

use crate::catalog::rest::Operation;
use crate::connector::Gate;
use crate::connector::error::ErrorKind;
use crate::connector::steps::{
    Found, Next, Rounds, Write, already, deleted, not_sent, refused, told, unknown, written,
};
use crate::model::RemoteId;
use crate::model::op::{After, Outcome};
use crate::model::remote::ListRequest;

use super::get::{self, Looked};
use super::send::{With, send};
use super::session::Session;

/// Deletes an object. Afterwards a look has to show that it is gone, or that an account is inactive.
pub(super) async fn delete(session: &Session, want: &ListRequest, id: &RemoteId, gate: Gate<'_>) -> Outcome {
    let kind = want.kind;
    let objects = match session.objects(kind) {
        Ok(objects) => objects,
        Err(error) => return refused(told(&error), false),
    };
    let Some(delete) = &objects.delete else {
        return refused(format!("{}: this app cannot delete a {kind}", session.http.app), false);
    };
    let hint = |error| error;
    let mut rounds = Rounds::of(Write { http: &session.http, kind, gate, is_batch: false, hint: &hint });
    loop {
        match get::fetch(session, kind, id).await {
            Ok(Found::Here(_)) => {}
            Ok(Found::Gone(_)) if rounds.sent == 0 => return already(None),
            Ok(Found::Gone(_)) => return written(After::NotShown),
            Ok(Found::Unknown(error)) | Err(error) => {
                return match (&rounds.unclear, error.kind()) {
                    (Some(first), _) => unknown(format!("{first}; and looking again failed: {error}")),
                    (None, ErrorKind::Auth | ErrorKind::Forbidden) => refused(told(&error), false),
                    (None, _) => {
                        not_sent(format!("nothing was sent, because looking first failed: {}", told(&error)))
                    }
                };
            }
        }
        if let Some(outcome) = rounds.given_up(1) {
            return outcome;
        }
        let with = With::values(get::values(session, objects, kind, id));
        let sent = send(session, Operation::Delete, &delete.request, &with, gate).await;
        match rounds.settle(sent).await {
            Next::Again => {}
            Next::End(outcome) => return outcome,
            Next::Taken(answer) => return confirm(session, want, id, answer.status).await,
        }
    }
}

/// Whether it is gone, by a look.
async fn confirm(session: &Session, want: &ListRequest, id: &RemoteId, status: u16) -> Outcome {
    let look = match get::at_address(session, want.kind, id).await {
        // The app took the deletion, and has nothing at the address any more.
        Ok(Looked::NotThere) => return written(After::NotShown),
        Ok(Looked::Found(found)) => get::shown(session, want, id, found).await,
        Ok(Looked::NoAddress) => get::presence(session, want, id).await,
        Err(error) => Err(error),
    };
    deleted(&session.http.app, (want.kind, id), status, look)
}
