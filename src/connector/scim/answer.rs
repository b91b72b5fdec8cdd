//! What an answer means (RFC 7644 section 3.12). The HTTP status is what counts; the body explains.

use reqwest::{StatusCode, Url};
use serde_json::{Map, Value as Json};

use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Answer, Http};

use super::json::get;

/// URN of error bodies.
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

impl Http {
    /// The object in a successful answer.
    ///
    /// # Errors
    /// It was not successful, or is not a JSON object.
    pub fn document(&self, answer: &Answer) -> Result<Map<String, Json>, ConnectorError> {
        if !answer.is_success() {
            return Err(self.fault(answer));
        }
        match serde_json::from_slice(&answer.body) {
            Ok(Json::Object(map)) => Ok(map),
            Ok(_) => Err(self.error_of(answer, ErrorKind::NotScim, "answered JSON that is no SCIM object")),
            Err(error) => Err(self.not_json(answer, &error)),
        }
    }

    /// A body that cannot be read.
    pub fn not_json(&self, answer: &Answer, error: &serde_json::Error) -> ConnectorError {
        let said = named(answer.status);
        if answer.is_html() {
            return self.error_of(
                answer,
                ErrorKind::NotScim,
                format!("{said} with a web page instead of SCIM"),
            );
        }
        if answer.body.is_empty() {
            return self.error_of(answer, ErrorKind::NotScim, format!("{said} without a body"));
        }
        if error.is_eof() {
            let what = format!("{said}, and the JSON ends early, after {} bytes", answer.body.len());
            return self.error_of(answer, ErrorKind::Broken, what);
        }
        let what =
            format!("{said}, and the body is not SCIM (line {}, column {})", error.line(), error.column());
        self.error_of(answer, ErrorKind::NotScim, what)
    }

    /// The error that an unsuccessful answer is.
    pub fn fault(&self, answer: &Answer) -> ConnectorError {
        let said = named(answer.status);
        let kind = match answer.status {
            300..=399 => return self.redirect(answer),
            401 => ErrorKind::Auth,
            403 => ErrorKind::Forbidden,
            404 | 410 => ErrorKind::NotFound,
            429 => ErrorKind::RateLimited,
            501 => ErrorKind::Refused,
            500..=599 => ErrorKind::Server,
            400..=499 => ErrorKind::Refused,
            _ => ErrorKind::NotScim,
        };
        if answer.is_html() {
            return self.error_of(answer, kind, format!("{said} with a web page instead of SCIM"));
        }
        let body = body(answer);
        let word = |name| body.as_ref().and_then(|map| get(map, name)).and_then(Json::as_str);
        let detail = ["detail", "message", "error_description", "error", "title"].into_iter().find_map(word);
        let plain = || match &body {
            Some(_) => String::new(),
            None => String::from_utf8_lossy(&answer.body).into_owned(),
        };
        let detail = detail.map_or_else(plain, str::to_owned);
        self.error_of(answer, kind, said)
            .with_scim_type(word("scimType").filter(|text| !text.is_empty()))
            .with_detail(&self.without_secrets(&detail))
    }

    fn redirect(&self, answer: &Answer) -> ConnectorError {
        let base = self.endpoint.collection("");
        let target = answer
            .location
            .as_deref()
            .and_then(|location| Url::options().base_url(Some(&base)).parse(location).ok());
        let said = named(answer.status);
        let (what, hint) = match target {
            Some(target) if target.host_str() == base.host_str() => {
                let port = target.port_or_known_default().filter(|_| target.origin() != base.origin());
                let elsewhere = port.map(|port| format!("{}:{port}", target.host_str().unwrap_or("?")));
                (
                    format!(
                        "{said}: redirected to {}{}; not followed",
                        elsewhere.unwrap_or_default(),
                        target.path()
                    ),
                    "set `url` to the base that answers without a redirect",
                )
            }
            Some(target) => (
                format!(
                    "{said}: redirected to another host, {}; not followed, the credential stays here",
                    target.host_str().unwrap_or("?")
                ),
                "if the app moved, set `url` and the host below `secrets:`; a sign-in page means that the credential \
                 is not accepted",
            ),
            None => (format!("{said} without saying where to"), "check `url`: it has to be the SCIM base"),
        };
        self.error_of(answer, ErrorKind::Redirect, what).with_hint(hint)
    }
}

/// `answered 404 Not Found`.
fn named(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    match reason {
        Some(reason) => format!("answered {status} {reason}"),
        None => format!("answered {status}"),
    }
}

fn body(answer: &Answer) -> Option<Map<String, Json>> {
    serde_json::from_slice(&answer.body).ok()
}

/// The media type of SCIM (RFC 7644 section 8.1).
const SCIM_JSON: &str = "application/scim+json";
/// What a gateway's problem details have and a SCIM error has not (RFC 9457 section 3.1).
const PROBLEM: [&str; 3] = ["type", "title", "instance"];

/// True if the app itself says "not found", in SCIM. A page or a gateway's JSON proves nothing: the error URN has to be
/// in the body; from servers that leave `schemas` out, the status and a detail, sent as SCIM.
pub fn proves_absence(answer: &Answer) -> bool {
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
