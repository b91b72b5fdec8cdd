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
        404 | 410 if operation == Operation::Get => Word::Empty,
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

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderMap;

    fn answers() -> Answers {
        Answers {
            error_code: vec![Place::parse("error.code").unwrap()],
            error_text: vec![Place::parse("error.message").unwrap()],
            ..Answers::default()
        }
    }

    fn answer(status: u16, media_type: &str, body: &str) -> Answer {
        Answer {
            method: "GET",
            path: "/users/7".to_owned(),
            status,
            media_type: Some(media_type.to_owned()),
            etag: None,
            location: None,
            retry_after: None,
            headers: Box::new(HeaderMap::from_iter([("x-left".parse().unwrap(), "0".parse().unwrap())])),
            body: body.as_bytes().to_vec(),
        }
    }

    const OWN: &str = r#"{"error": {"code": "none", "message": "no such person"}}"#;

    fn sense(answers: &Answers, operation: Operation, status: u16, body: &str) -> Sense {
        read(answers, operation, &[], &answer(status, "application/json", body)).word
    }

    /// Only the app's own form says that something is gone, taken or there already.
    #[test]
    fn an_answer_of_somebody_else_says_nothing() {
        let own = answers();
        use Operation::{Create, Get, List, Remove, Update};
        for (operation, status, word) in [
            (Get, 404, Word::Gone),
            (Get, 410, Word::Gone),
            (Remove, 404, Word::Already),
            (Create, 409, Word::Taken),
            (Update, 409, Word::Refused),
            (Update, 404, Word::Unclear),
            (List, 404, Word::Unclear),
            (List, 503, Word::Busy),
            (Update, 503, Word::Unclear),
            (Update, 403, Word::Denied),
            (Get, 401, Word::Signin),
            (Create, 501, Word::Unable),
        ] {
            assert_eq!(sense(&own, operation, status, OWN), Sense::Says(word), "{operation:?} {status}");
        }
        for body in ["", "<html>Not Found</html>", r#"{"message": "no route"}"#, r#"{"error": "Not Found"}"#]
        {
            assert_eq!(sense(&own, Get, 404, body), Sense::Foreign, "{body}");
            assert_eq!(sense(&own, Create, 409, body), Sense::Foreign, "{body}");
        }
        // A document that does not say how errors look has no proof by id.
        assert_eq!(sense(&Answers::default(), Get, 404, OWN), Sense::Foreign);
        // A page in place of a success.
        assert_eq!(read(&own, Get, &[], &answer(200, "text/html", "<html>")).word, Sense::Foreign);
        assert_eq!(read(&own, Get, &[], &answer(200, "text/html", "{}")).word, Sense::Foreign);
        assert_eq!(sense(&own, Update, 204, ""), Sense::Says(Word::Done));
        let by_list = Answers { gone: GoneBy::List, ..answers() };
        assert_eq!(sense(&by_list, Get, 404, OWN), Sense::Says(Word::Empty), "a list decides");
        assert_eq!(sense(&by_list, Get, 404, "<html>"), Sense::Foreign);
        assert_eq!(sense(&by_list, Remove, 404, OWN), Sense::Says(Word::Unclear));
    }

    #[test]
    fn rules_go_first_and_all_that_they_say_has_to_hold() {
        let rule = |status: u16, text: Option<&str>, is: Word| Meaning {
            operations: vec![Operation::Create],
            status: vec![status],
            code: Vec::new(),
            text: text.map(Into::into),
            headers: vec![("x-left".into(), vec!["0".into()])],
            is,
        };
        let means = vec![rule(400, Some("such"), Word::Taken), rule(302, None, Word::Signin)];
        let with = Answers { means, ..answers() };
        assert_eq!(sense(&with, Operation::Create, 400, OWN), Sense::Says(Word::Taken));
        assert_eq!(
            sense(&with, Operation::Update, 400, OWN),
            Sense::Says(Word::Refused),
            "another operation"
        );
        let other = OWN.replace("such", "other");
        assert_eq!(sense(&with, Operation::Create, 400, &other), Sense::Says(Word::Refused), "another text");
        assert_eq!(sense(&with, Operation::Create, 302, ""), Sense::Says(Word::Signin));
        // A foreign answer is never a fact about an object.
        assert_eq!(sense(&with, Operation::Create, 400, "<html>such"), Sense::Foreign);
    }

    #[test]
    fn an_app_may_fail_with_success() {
        let ok = vec![(Place::key("ok"), vec![Json::Bool(true)])];
        let with = Answers { ok, ..answers() };
        assert_eq!(sense(&with, Operation::Update, 200, r#"{"ok": true}"#), Sense::Says(Word::Done));
        let failed = r#"{"ok": false, "error": {"code": "no"}}"#;
        assert_eq!(sense(&with, Operation::Update, 200, failed), Sense::Says(Word::Refused));
        assert_eq!(sense(&with, Operation::Update, 200, "{}"), Sense::Foreign, "neither");
    }
}
