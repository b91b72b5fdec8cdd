//! One request that reads, and what its answer says.

use reqwest::header::HeaderMap;
use serde_json::Value as Json;

use crate::catalog::rest::{Get, GoneBy, Operation, Source, Word};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Answer, Call};

use super::address;
use super::expect;
use super::meaning::{self, Sense};
use super::session::Session;
use super::values::Values;

/// What the answer to a read says.
pub(super) enum Reply {
    /// It is there, like this.
    Here(Box<Here>),
    /// It does not exist: the app itself says so.
    Gone,
    /// The list has no rows: the document says that this answer means it.
    Empty,
}

/// Why an answer that something is not there says nothing about it.
pub(super) const UNSEEN: &str = "the app answers as if it were not there, also where it may not be seen";

impl Reply {
    /// True unless the app answers so for what may not be seen, too.
    pub(super) fn is_certain(&self, session: &Session) -> bool {
        !matches!(self, Self::Empty) || session.document.answers.gone == GoneBy::Get
    }
}

/// An answer with a document.
pub(super) struct Here {
    pub answer: Answer,
    pub body: Json,
}

/// Sends a request that reads. `further` are parameters behind its own.
///
/// # Errors
/// There is no answer, or none that says anything about what was asked for.
pub(super) async fn ask(
    session: &Session,
    operation: Operation,
    get: &Get,
    values: &Values,
    further: &[(&str, String)],
) -> Result<Reply, ConnectorError> {
    let target = address::target(&session.http, &session.document, &get.address, values, further)?;
    ask_at(session, operation, get, target.url, target.headers).await
}

/// The same at an address that is known.
///
/// # Errors
/// As [`ask`].
pub(super) async fn ask_at(
    session: &Session,
    operation: Operation,
    get: &Get,
    url: reqwest::Url,
    headers: HeaderMap,
) -> Result<Reply, ConnectorError> {
    let answer = session.http.send(&Call { headers, ..Call::get(url) }).await?;
    let meant = meaning::read(&session.document.answers, operation, &get.means, &answer);
    match meant.word {
        Sense::Says(Word::Done) => {}
        Sense::Says(Word::Gone) => return Ok(Reply::Gone),
        Sense::Says(Word::Empty) => return Ok(Reply::Empty),
        _ => return Err(meant.fault(&session.http, &answer)),
    }
    let Some(body) = meant.body else {
        let error = session.http.error_of(&answer, ErrorKind::NotTheProtocol, "answered without a body");
        return Err(error);
    };
    let unmet = expect::unmet(&get.expect, &body);
    if !unmet.is_empty() {
        let what = format!("answered, and {}", unmet.join(", "));
        return Err(session.http.error_of(&answer, ErrorKind::Forbidden, what));
    }
    Ok(Reply::Here(Box::new(Here { answer, body })))
}

/// The text or number at a place of an answer, as text.
pub(super) fn text_at(source: &Source, headers: &HeaderMap, body: &Json) -> Option<String> {
    scalar(&value_at(source, headers, body)?)
}

/// The text or number at a place of an answer, in the JSON type in which it came.
pub(super) fn value_at(source: &Source, headers: &HeaderMap, body: &Json) -> Option<Json> {
    match source {
        Source::Body(place) => match place.get(body) {
            crate::catalog::rest::Found::One(found) => scalar(found).is_some().then(|| found.clone()),
            _ => None,
        },
        Source::Header { name, rel } => {
            let value = headers.get(&**name)?.to_str().ok()?;
            match rel {
                None => Some(Json::from(value)),
                Some(rel) => link(value, rel).map(Json::from),
            }
        }
    }
}

/// A text, or a whole number as text.
pub(super) fn scalar(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// The target of a link of this relation (RFC 8288 section 3).
fn link(header: &str, rel: &str) -> Option<String> {
    let mut rest = header;
    while let Some(open) = rest.find('<') {
        let close = open + rest[open..].find('>')?;
        let (target, after) = (&rest[open + 1..close], &rest[close + 1..]);
        let end = after.find('<').unwrap_or(after.len());
        let is_meant =
            after[..end].split(';').filter_map(|part| part.trim().split_once('=')).any(|(name, value)| {
                let value = value.trim().trim_end_matches(',').trim().trim_matches('"');
                name.trim().eq_ignore_ascii_case("rel") && value.split_whitespace().any(|one| one == rel)
            });
        if is_meant {
            return Some(target.to_owned());
        }
        rest = &after[end..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_picked_by_its_relation() {
        let header =
            r#"<https://a.example/x?page=2>; rel="next", <https://a.example/x?page=9,5>; rel="last""#;
        assert_eq!(link(header, "next").as_deref(), Some("https://a.example/x?page=2"));
        assert_eq!(link(header, "last").as_deref(), Some("https://a.example/x?page=9,5"));
        assert_eq!(link(header, "prev"), None);
        assert_eq!(link("<x", "next"), None);
    }
}
