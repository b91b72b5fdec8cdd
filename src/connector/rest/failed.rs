//! For `-v`: the beginning of what an app answered to a write that failed, where its words stand in a place that the document does not
//! name. Nothing secret that was sent is repeated, and no answer to a token request comes here.

use serde_json::Value as Json;

use crate::catalog::rest::{Body, Found, Send};
use crate::connector::http::Answer;

use super::session::Session;

/// Shows the answer.
pub(super) fn tell(session: &Session, request: &Send, sent: Option<&Json>, answer: &Answer) {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let has_drawn = matches!(&request.body, Body::Json(json) if json.has_fresh());
    let text = match has_drawn {
        true => "(not shown, because a drawn value was sent)".to_owned(),
        false => {
            session.http.without_secrets(&without(session, sent, &String::from_utf8_lossy(&answer.body)))
        }
    };
    let (app, method, path, status) = (&session.http.app, answer.method, &answer.path, answer.status);
    tracing::debug!("{app}: {method} {path} was answered {status}, and the answer begins with: {text}");
}

/// Without the values of attributes that are secret.
fn without(session: &Session, sent: Option<&Json>, text: &str) -> String {
    let kinds = std::iter::once(&session.document.users).chain(&session.document.groups);
    let secret = kinds.flat_map(|objects| &objects.attributes).filter(|attribute| attribute.secret);
    let places = secret.flat_map(|attribute| attribute.at.write.iter().chain(&attribute.at.repeated));
    let bodies: Vec<&Json> = sent.into_iter().flat_map(below).collect();
    let mut text = text.to_owned();
    for place in places {
        for body in &bodies {
            if let Found::One(Json::String(value)) = place.get(body)
                && !value.is_empty()
            {
                text = text.replace(value.as_str(), "(secret)");
            }
        }
    }
    text
}

/// A body, and what stands below the keys around it.
fn below(body: &Json) -> impl Iterator<Item = &Json> {
    let inner = body.as_object().into_iter().flat_map(|map| map.values());
    std::iter::once(body).chain(inner)
}
