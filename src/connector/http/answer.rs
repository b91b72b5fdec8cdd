//! What an answer means. The HTTP status is what counts; the body explains.

use std::borrow::Cow;

use reqwest::{StatusCode, Url};
use serde_json::{Map, Value as Json};

use super::{Answer, Http};
use crate::connector::error::{ConnectorError, ErrorKind};

/// The value of a name, whatever its case; the exact spelling goes first.
pub fn get<'m>(map: &'m Map<String, Json>, name: &str) -> Option<&'m Json> {
    map.get(name)
        .or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

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
            Ok(_) => {
                let what = format!("answered JSON that is no {} object", self.dialect.name);
                Err(self.error_of(answer, ErrorKind::NotTheProtocol, what))
            }
            Err(error) => Err(self.not_json(answer, &error)),
        }
    }

    /// A body that cannot be read.
    pub fn not_json(&self, answer: &Answer, error: &serde_json::Error) -> ConnectorError {
        let said = named(answer.status);
        let protocol = &self.dialect.name;
        let not_it = |what: String| self.error_of(answer, ErrorKind::NotTheProtocol, what);
        if answer.is_html() {
            return not_it(format!("{said} with a web page instead of {protocol}"));
        }
        if answer.body.is_empty() {
            return not_it(format!("{said} without a body"));
        }
        if error.is_eof() {
            let what = format!("{said}, and the JSON ends early, after {} bytes", answer.body.len());
            return self.error_of(answer, ErrorKind::Broken, what);
        }
        let (line, column) = (error.line(), error.column());
        not_it(format!("{said}, and the body is not {protocol} (line {line}, column {column})"))
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
            _ => ErrorKind::NotTheProtocol,
        };
        if answer.is_html() {
            let what = format!("{said} with a web page instead of {}", self.dialect.name);
            return self.error_of(answer, kind, what);
        }
        let body: Option<Map<String, Json>> = serde_json::from_slice(&answer.body).ok();
        let word = |name: &str| body.as_ref().and_then(|map| get(map, name)).and_then(Json::as_str);
        let first = |names: &[Cow<'static, str>]| names.iter().find_map(|name| word(name));
        let plain = || match &body {
            Some(_) => String::new(),
            None => String::from_utf8_lossy(&answer.body).into_owned(),
        };
        let detail = first(&self.dialect.error_text).map_or_else(plain, str::to_owned);
        let said = match answer.retry_after.filter(|_| kind == ErrorKind::RateLimited) {
            Some(pause) if pause > self.limits.wait => {
                format!("{said}, and wants no request for {} s", pause.as_secs())
            }
            _ => said,
        };
        self.error_of(answer, kind, said)
            .with_code(first(&self.dialect.error_code).filter(|text| !text.is_empty()))
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
                    "set `url` to the base that answers without a redirect".to_owned(),
                )
            }
            Some(target) => (
                format!(
                    "{said}: redirected to another host, {}; not followed, the credential stays here",
                    target.host_str().unwrap_or("?")
                ),
                "if the app moved, set `url` and the host below `secrets:`; a sign-in page means that the credential \
                 is not accepted"
                    .to_owned(),
            ),
            None => (
                format!("{said} without saying where to"),
                format!("check `url`: it has to be the {} base", self.dialect.name),
            ),
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
