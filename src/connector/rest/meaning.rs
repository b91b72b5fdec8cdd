//! What an answer means: first the rules of the operation, then those of the document, then what is usual.

use serde_json::Value as Json;

use crate::catalog::rest::{Answers, Found, GoneBy, Meaning, Operation, Place, Word};
use crate::connector::error::ConnectorError;
use crate::connector::http::{Answer, Http};

/// What an answer means, and its body if that is JSON.
pub(super) struct Meant {
    pub word: Sense,
    pub body: Option<Json>,
    /// The app's keyword for an error.
    code: Option<String>,
    /// The app's words.
    text: Option<String>,
}

/// The meaning of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// What the app says.
    Says(Word),
    /// Something else than the app answered: it says nothing about an object.
    Foreign,
}

/// The first of some places that has a text or a number.
fn first(places: &[Place], body: &Json) -> Option<String> {
    places.iter().find_map(|place| match place.get(body) {
        Found::One(Json::String(text)) if !text.is_empty() => Some(text.clone()),
        Found::One(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    })
}

/// True if each place has one of its values.
pub(super) fn fits(expect: &[(Place, Vec<Json>)], body: &Json) -> bool {
    expect.iter().all(|(place, values)| match place.get(body) {
        Found::One(found) => values.contains(found),
        _ => false,
    })
}

/// Reads what an answer means.
pub(super) fn read(answers: &Answers, operation: Operation, own: &[Meaning], answer: &Answer) -> Meant {
    let is_json = answer.media_type.as_deref().is_none_or(|of| of.to_ascii_lowercase().contains("json"));
    let body: Option<Json> = if is_json { serde_json::from_slice(&answer.body).ok() } else { None };
    let of = |places: &[Place]| body.as_ref().and_then(|body| first(places, body));
    let (code, text) = (of(&answers.error_code), of(&answers.error_text));
    let is_empty = answer.body.iter().all(u8::is_ascii_whitespace);
    let is_failure = answer.is_success()
        && !answers.ok.is_empty()
        && body.as_ref().is_some_and(|body| !fits(&answers.ok, body));
    let is_foreign = match () {
        () if (300..400).contains(&answer.status) => true,
        () if answer.is_success() && !is_failure => body.is_none() && !is_empty,
        () => code.is_none() && text.is_none(),
    };
    let fits = |rule: &&Meaning| rule_fits(rule, operation, answer, code.as_deref(), text.as_deref());
    let rule = own.iter().chain(&answers.means).find(fits).map(|rule| rule.is);
    let usual = usual(answers, operation, answer.status, is_failure);
    let word = match rule {
        Some(word) if !is_foreign => Sense::Says(word),
        // Whatever answered, the request was not done.
        Some(word @ (Word::Signin | Word::Busy | Word::Unable | Word::Denied)) => Sense::Says(word),
        _ if is_foreign => match usual {
            Word::Signin | Word::Busy | Word::Unable | Word::Denied => Sense::Says(usual),
            _ => Sense::Foreign,
        },
        _ => Sense::Says(usual),
    };
    Meant { word, body, code, text }
}

/// What an answer means if no rule says it.
fn usual(answers: &Answers, operation: Operation, status: u16, is_failure: bool) -> Word {
    let is_read = !matches!(
        operation,
        Operation::Create
            | Operation::Update
            | Operation::Disable
            | Operation::Enable
            | Operation::Delete
            | Operation::Set
            | Operation::Add
            | Operation::Remove
    );
    let proves = answers.gone == GoneBy::Get;
    match status {
        _ if is_failure => Word::Refused,
        200..=299 => Word::Done,
        401 => Word::Signin,
        403 => Word::Denied,
        429 => Word::Busy,
        503 if is_read => Word::Busy,
        405 | 501 => Word::Unable,
        404 | 410 if proves && operation == Operation::Get => Word::Gone,
        404 | 410 if proves && matches!(operation, Operation::Remove | Operation::Delete) => Word::Already,
        409 if operation == Operation::Create => Word::Taken,
        400 | 409 | 412 | 422 => Word::Refused,
        _ => Word::Unclear,
    }
}

fn rule_fits(
    rule: &Meaning,
    operation: Operation,
    answer: &Answer,
    code: Option<&str>,
    text: Option<&str>,
) -> bool {
    let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
    (rule.operations.is_empty() || rule.operations.contains(&operation))
        && (rule.status.is_empty() || rule.status.contains(&answer.status))
        && (rule.code.is_empty() || code.is_some_and(|code| rule.code.iter().any(|one| **one == *code)))
        && rule.text.as_ref().is_none_or(|part| text.is_some_and(|text| text.contains(&**part)))
        && rule
            .headers
            .iter()
            .all(|(name, values)| header(name).is_some_and(|value| values.iter().any(|one| **one == *value)))
}

impl Meant {
    /// The error that an answer is, in the app's words.
    pub(super) fn fault(&self, http: &Http, answer: &Answer) -> ConnectorError {
        if answer.is_success() && self.body.is_none() && self.word == Sense::Foreign {
            return match serde_json::from_slice::<Json>(&answer.body) {
                Err(error) => http.not_json(answer, &error),
                Ok(_) => http.error_of(
                    answer,
                    crate::connector::ErrorKind::NotTheProtocol,
                    "answered JSON that says to be something else (Content-Type)",
                ),
            };
        }
        let error = http.fault(answer);
        let error = match &self.code {
            Some(code) => error.with_code(Some(code)),
            None => error,
        };
        match &self.text {
            Some(text) => error.with_detail(&http.without_secrets(text)),
            None => error,
        }
    }
}
