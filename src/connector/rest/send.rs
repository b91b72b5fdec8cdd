//! One request that changes something, and how it ended.

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value as Json;

use crate::catalog::rest::{Body, Operation, Send, Word};
use crate::connector::Gate;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::Call;
use crate::connector::steps::Sent;

use super::address;
use super::failed;
use super::meaning::{self, Sense};
use super::method::method;
use super::session::Session;
use super::values::{Unfilled, Values};

/// What a request is sent with.
pub(super) struct With<'w> {
    pub values: Values,
    /// The attributes, for a request whose body they are.
    pub attributes: Option<Json>,
    /// The objects of a batch.
    pub batch: &'w [Values],
}

impl With<'_> {
    /// Placeholders alone.
    pub(super) fn values(values: Values) -> Self {
        Self { values, attributes: None, batch: &[] }
    }
}

/// Sends a request that changes something.
pub(super) async fn send(
    session: &Session,
    operation: Operation,
    request: &Send,
    with: &With<'_>,
    gate: Gate<'_>,
) -> Sent {
    let call = match call(session, request, with, gate) {
        Ok(call) => call,
        Err(error) => return Sent::Kept(error),
    };
    let answer = match session.http.send(&call).await {
        Ok(answer) => answer,
        Err(error) => return Sent::without_answer(error),
    };
    let meant = meaning::read(&session.document.answers, operation, &request.means, &answer);
    let pause = answer.retry_after;
    let error = || {
        failed::tell(session, request, with.attributes.as_ref(), &answer);
        meant.fault(&session.http, &answer)
    };
    match meant.word {
        Sense::Says(Word::Done | Word::Already | Word::Empty) => Sent::Taken(answer),
        Sense::Says(Word::Refused | Word::Taken | Word::Denied | Word::Signin | Word::Unable) => {
            Sent::Refused(error())
        }
        Sense::Says(Word::Busy) => Sent::Later(error()),
        Sense::Says(Word::Gone | Word::Unclear) | Sense::Foreign => Sent::Unclear(error(), pause),
    }
}

fn call<'c>(
    session: &Session,
    request: &Send,
    with: &With<'_>,
    gate: Gate<'c>,
) -> Result<Call<'c>, ConnectorError> {
    let config = |Unfilled(why)| session.http.error(ErrorKind::Config, why);
    let target = address::target(&session.http, &session.document, &request.address, &with.values, &[])?;
    let mut headers = target.headers;
    let body = match &request.body {
        Body::Nothing => None,
        Body::Attributes(constants) => {
            let mut body = with.attributes.clone().unwrap_or_else(|| Json::Object(Default::default()));
            for (name, filling) in constants {
                let value = with.values.json(filling, with.batch).map_err(config)?;
                if let Json::Object(map) = &mut body {
                    map.entry(name.to_string()).or_insert(value);
                }
            }
            Some(body.to_string())
        }
        Body::Json(filling) => Some(with.values.json(filling, with.batch).map_err(config)?.to_string()),
        Body::Form(fields) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in fields {
                form.append_pair(name, &with.values.text(value).map_err(config)?);
            }
            Some(form.finish())
        }
    };
    let body = body.map(String::into_bytes);
    Ok(Call { headers, ..Call::write(method(request.method), target.url, body, gate) })
}
