//! The proof that an object is gone, in an answer (RFC 7644 section 3.12).

use serde_json::{Map, Value as Json};

use crate::connector::http::{Answer, get};

/// URN of error bodies.
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

fn body(answer: &Answer) -> Option<Map<String, Json>> {
    serde_json::from_slice(&answer.body).ok()
}

/// The media type of SCIM (RFC 7644 section 8.1).
const SCIM_JSON: &str = "application/scim+json";
/// What a gateway's problem details have and a SCIM error has not (RFC 9457 section 3.1).
const PROBLEM: [&str; 3] = ["type", "title", "instance"];

/// True if the app itself says "not found", in SCIM. A page or a gateway's JSON proves nothing: the error URN has to be
/// in the body; from servers that leave `schemas` out, the status and a detail, sent as SCIM.
pub(super) fn proves_absence(answer: &Answer) -> bool {
    if !matches!(answer.status, 404 | 410) {
        return false;
    }
    let Some(body) = body(answer) else {
        return false;
    };
    let is_error = |schema: &Json| schema.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(ERROR));
    match get(&body, "schemas") {
        Some(Json::Array(urns)) => return urns.iter().any(is_error),
        Some(schema) => return is_error(schema),
        None => {}
    }
    let status = match get(&body, "status") {
        Some(Json::String(text)) => text.parse().ok(),
        Some(Json::Number(number)) => number.as_u64(),
        _ => None,
    };
    let is_scim = |media_type: &str| media_type.eq_ignore_ascii_case(SCIM_JSON);
    answer.media_type.as_deref().is_some_and(is_scim)
        && status == Some(u64::from(answer.status))
        && get(&body, "detail").is_some()
        && PROBLEM.iter().all(|name| get(&body, name).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, media_type: &str, body: &str) -> Answer {
        Answer {
            method: "GET",
            path: "/Users/1".to_owned(),
            status,
            media_type: Some(media_type.to_owned()),
            etag: None,
            location: None,
            retry_after: None,
            headers: Box::default(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn only_the_app_itself_can_say_that_somebody_is_gone() {
        let proof = |status, body: &str| proves_absence(&answer(status, SCIM_JSON, body));
        assert!(proof(404, r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404"}"#));
        assert!(proof(404, r#"{"schemas":"urn:ietf:params:scim:api:messages:2.0:Error"}"#));
        assert!(proof(404, r#"{"detail":"Resource 7 not found","status":404}"#));
        for (status, body) in [
            (404, ""),
            (404, "<html>Not Found</html>"),
            (404, r#"{"message":"no Route matched with those values"}"#),
            (404, r#"{"timestamp":1,"status":404,"error":"Not Found","path":"/x"}"#),
            (404, r#"{"detail":"x","status":"500"}"#),
            (404, r#"{"schemas":[],"detail":"x","status":"404"}"#),
            (404, r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"no route"}"#),
            (404, r#"{"status":404,"detail":"no route","instance":"/v2/Users/1"}"#),
            (403, r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404"}"#),
        ] {
            assert!(!proof(status, body), "{body}");
        }
    }

    #[test]
    fn without_the_urn_it_has_to_be_sent_as_scim() {
        let body = r#"{"detail":"Resource 7 not found","status":404}"#;
        let proof = |media_type| proves_absence(&answer(404, media_type, body));
        assert!(proof("application/SCIM+json"));
        for other in ["application/problem+json", "application/json", ""] {
            assert!(!proof(other), "{other}");
        }
        let urn = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"]}"#;
        assert!(proves_absence(&answer(404, "application/json", urn)));
    }
}
