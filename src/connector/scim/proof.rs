//! Whether look-ups by an attribute prove an absence in this app.

use std::ops::ControlFlow;

use futures_util::future::FutureExt;

use crate::connector::error::ConnectorError;
use crate::connector::steps::{self, Answered, LookUps, Sample};
use crate::model::remote::ListRequest;
use crate::model::seen::Seen;
use crate::model::{Kind, Path, Value};

use super::decode;
use super::look_up::{Filtered, LookUp, filtered};
use super::session::Session;
use super::walk::{self, Sink};

/// What they prove; it is tried once.
///
/// # Errors
/// It could not be tried.
pub(super) async fn of(
    session: &Session,
    want: &ListRequest,
    attribute: &Path,
) -> Result<LookUps, ConnectorError> {
    let kind = want.kind;
    session.look_ups.or_try(kind, attribute, tried(session, kind, attribute)).await
}

async fn tried(session: &Session, kind: Kind, attribute: &Path) -> Result<LookUps, ConnectorError> {
    if !session.capabilities.filter {
        return Ok(LookUps::Unproven("the app has no filters".into()));
    }
    let want = ListRequest { kind, paths: [].into(), members: false, holds: false, roles: None };
    let sample = sample(session, &want, attribute).await?;
    let ask = |value: Value| {
        let want = want.clone();
        async move {
            let look_up = LookUp::new(session, &want, attribute, &value);
            Ok(match filtered(session, &look_up).await? {
                Filtered::Found(found) => Answered::With(found.into_iter().map(|remote| remote.id).collect()),
                Filtered::Others => Answered::Others,
                Filtered::Nothing(why) => Answered::Nothing(why),
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
    attribute: &Path,
) -> Result<Option<Sample>, ConnectorError> {
    let request = ListRequest { paths: [attribute.clone()].into(), ..want.clone() };
    let schema = session.schemas.of(want.kind, attribute);
    let mut sample = None;
    let mut each = |raw| {
        for remote in decode::page(session, &request, &raw)?.rows {
            if let Some(Seen::Is(Value::Str(value))) = remote.attributes.first() {
                sample = Some(Sample { id: remote.id, value: value.clone(), schema });
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    };
    walk::pages(session, &request, None, Sink::Each(&mut each)).await?;
    Ok(sample)
}
