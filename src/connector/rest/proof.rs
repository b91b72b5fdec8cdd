//! Whether look-ups by an attribute prove an absence in this app.

use std::ops::ControlFlow;

use futures_util::future::FutureExt;
use serde_json::Value as Json;

use crate::connector::error::ConnectorError;
use crate::connector::steps::{self, Answered, LookUps, Sample};
use crate::model::remote::ListRequest;
use crate::model::seen::Seen;
use crate::model::{Path, Value};

use super::decode::{self, In};
use super::look_up::{Asked, LookUp, asked};
use super::rights::unproven;
use super::session::Session;
use super::walk::{self, Sink};

/// What they prove; it is tried once.
///
/// # Errors
/// It could not be tried.
pub(super) async fn of(
    session: &Session,
    want: &ListRequest,
    path: &Path,
) -> Result<LookUps, ConnectorError> {
    session.look_ups.or_try(want.kind, path, tried(session, want, path)).await
}

async fn tried(session: &Session, want: &ListRequest, path: &Path) -> Result<LookUps, ConnectorError> {
    if let Some(why) = unproven(session).await {
        return Ok(LookUps::Unproven(why));
    }
    let objects = session.objects(want.kind)?;
    let Some(attribute) = decode::attribute(objects, path) else {
        return Ok(LookUps::Unproven("the app has no such attribute".into()));
    };
    if !objects.find.iter().any(|(name, _)| *name == attribute.name) {
        return Ok(LookUps::Untried);
    }
    let sample = sample(session, want, path).await?;
    let ask = |value: Value| {
        async move {
            let Some(look_up) = LookUp::new(session, want, path, &value)? else {
                return Ok(Answered::Nothing("the app has no such attribute".into()));
            };
            Ok(match asked(session, &look_up).await? {
                Asked::Found { ids, has_others: false } => Answered::With(ids),
                Asked::Found { .. } => Answered::Others,
                Asked::Nothing(why) => Answered::Nothing(why),
            })
        }
        .boxed()
    };
    steps::prove(sample, ask).await
}

/// The first object of the list that shows a value.
async fn sample(
    session: &Session,
    want: &ListRequest,
    path: &Path,
) -> Result<Option<Sample>, ConnectorError> {
    let objects = session.objects(want.kind)?;
    let Some(attribute) = decode::attribute(objects, path) else { return Ok(None) };
    let list = walk::of_objects(session, want.kind)?;
    let mut sample = None;
    let mut each = |row: &Json| {
        let id = decode::id(objects, row, In::List);
        let value = decode::value(attribute, row, In::List, &session.tables.read());
        match (id, value) {
            (Some(id), Seen::Is(Value::Str(value))) => {
                sample = Some(Sample { id, value, schema: session.schema(want.kind, path) });
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        }
    };
    walk::pages(session, &list, Sink::Each(&mut each)).await?;
    Ok(sample)
}
