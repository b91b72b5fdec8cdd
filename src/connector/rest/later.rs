//! The later steps of a create: each is done once, and a look says whether it is done.

use std::sync::Arc;

use crate::catalog::rest::{Found as At, LaterStep, Operation};
use crate::connector::Gate;
use crate::connector::error::ConnectorError;
use crate::connector::steps::{
    Sent, already, may_pass, not_sent, read, refused, refused_by, told, turned_away, unknown, written,
};
use crate::model::op::Outcome;
use crate::model::{Kind, RemoteId};

use super::get;
use super::reply::{self, Reply};
use super::send::{With, send};
use super::session::Session;
use super::values::Values;

/// Requests of one step, the first included.
const MAX_REQUESTS: u32 = 3;

/// Does the step with this name for an account, unless a look shows that it is done.
pub(super) async fn step(session: &Session, id: &RemoteId, name: &Arc<str>, gate: Gate<'_>) -> Outcome {
    let users = &session.document.users;
    let known = users.create.iter().flat_map(|create| &create.later).find(|step| step.name == *name);
    let Some(step) = known else {
        return refused(format!("{}: no create of this app has a step {name}", session.http.app), false);
    };
    let values = get::values(session, users, Kind::User, id);
    let mut unclear: Option<ConnectorError> = None;
    for requests in 1.. {
        match is_done(session, step, &values).await {
            Ok(true) if requests == 1 => return already(None),
            Ok(true) => return written(read(None)),
            Ok(false) => {}
            Err(error) => {
                return match unclear {
                    Some(first) => unknown(format!("{first}; and looking again failed: {}", told(&error))),
                    None => {
                        not_sent(format!("nothing was sent, because looking first failed: {}", told(&error)))
                    }
                };
            }
        }
        let with = With::values(values.clone());
        let (error, pause) = match send(session, Operation::Create, &step.request, &with, gate).await {
            Sent::Taken(answer) => {
                let line = format!("{}: {} {}", session.http.app, answer.method, answer.path);
                return confirmed(session, step, &values, &line).await;
            }
            Sent::Kept(error) => {
                return match unclear {
                    Some(first) => unknown(format!("{first}; then stopped: {error}")),
                    None => not_sent(told(&error)),
                };
            }
            Sent::Refused(error) | Sent::Outdated(error) => return refused_by(&error, false),
            Sent::Later(error) => return turned_away(unclear, &error),
            Sent::Unclear(error, pause) => (error, pause),
        };
        let again =
            may_pass(&error) && requests < MAX_REQUESTS && session.http.pause(requests, pause, &error).await;
        if !again {
            return match is_done(session, step, &values).await {
                Ok(true) => written(read(None)),
                Ok(false) if step.unless.is_some() && matches!(error.status, Some(500..=503)) => {
                    refused(format!("{}; looked again: it is not done", told(&error)), false)
                }
                Ok(false) => unknown(told(&error)),
                Err(why) => unknown(format!("{}; looking again failed: {}", told(&error), told(&why))),
            };
        }
        unclear = Some(error);
    }
    unknown("too many tries")
}

/// An answer to a write is not a read: where a look can show the step, it has to.
async fn confirmed(session: &Session, step: &LaterStep, values: &Values, line: &str) -> Outcome {
    match is_done(session, step, values).await {
        Ok(true) => written(read(None)),
        Ok(false) if step.unless.is_none() => written(read(None)),
        Ok(false) => unknown(format!("{line} was taken, but a look does not show it yet")),
        Err(error) => unknown(format!("{line} was taken, but looking again failed: {}", told(&error))),
    }
}

/// Whether a look shows that the step is done. Without one it is done again, which a PUT allows.
async fn is_done(session: &Session, step: &LaterStep, values: &Values) -> Result<bool, ConnectorError> {
    let Some((look, place)) = &step.unless else { return Ok(false) };
    match reply::ask(session, Operation::Get, look, values, &[]).await? {
        reply @ (Reply::Gone | Reply::Empty) if !reply.is_certain(session) => {
            Err(session.untold(reply::UNSEEN))
        }
        Reply::Gone | Reply::Empty => Ok(false),
        Reply::Here(here) => Ok(match place.get(&here.body) {
            At::One(value) => !value.is_null() && value.as_str() != Some(""),
            At::Each(values) => !values.is_empty(),
            At::Missing | At::Nothing => false,
            At::Unclear(_) => true,
        }),
    }
}
