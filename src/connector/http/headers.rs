//! Headers of a request.

use reqwest::RequestBuilder;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH, USER_AGENT,
};

use super::token::Carried;
use super::{Call, Headers, HttpOptions, Login};
use crate::model::header;

/// The default `User-Agent`.
const OUR_NAME: &str = concat!("rolecall/", env!("CARGO_PKG_VERSION"));

/// The headers that every request has: those of the protocol, and those of the app's settings.
///
/// # Errors
/// A header cannot be sent; the text says which one, and why.
pub(crate) fn headers_of(options: &HttpOptions<'_>) -> Result<Headers, String> {
    let mut headers = HeaderMap::new();
    let value = |name: &str, text: &str| {
        HeaderValue::from_str(text)
            .map_err(|_| format!("header {name} holds a character that cannot be sent"))
    };
    headers.insert(USER_AGENT, value("User-Agent", options.user_agent.unwrap_or(OUR_NAME))?);
    headers.insert(ACCEPT, value("Accept", options.accept)?);
    for (name, text) in options.headers {
        let lower = name.to_ascii_lowercase();
        if let Some(refusal) = header::refusal(name) {
            return Err(format!("header {name} {}", refusal.words()));
        }
        let header = HeaderName::from_bytes(lower.as_bytes())
            .map_err(|_| format!("'{name}' is not the name of a header"))?;
        headers.insert(header, value(name, text)?);
    }
    Ok(Headers { all: headers, content_type: value("Content-Type", options.content_type)? })
}

/// The request with headers, credential and body. `None` if a header cannot be built.
pub(super) fn complete(
    mut request: RequestBuilder,
    call: &Call<'_>,
    headers: &Headers,
    login: Option<&Login>,
    token: Option<&Carried>,
) -> Option<RequestBuilder> {
    let mut all = headers.all.clone();
    if call.body.is_some() {
        all.insert(CONTENT_TYPE, headers.content_type.clone());
    }
    if let Some(version) = call.version {
        all.insert(IF_MATCH, HeaderValue::from_str(version).ok()?);
    }
    // A header of the call takes the place of another one with that name.
    for (name, value) in &call.headers {
        all.insert(name.clone(), value.clone());
    }
    match login {
        Some(Login::Bearer(token)) => {
            all.insert(AUTHORIZATION, secret(&format!("Bearer {}", token.expose()))?);
        }
        Some(Login::Basic(name, password)) => {
            request = request.basic_auth(name, Some(password.expose()));
        }
        Some(Login::Header(name, value)) => _ = all.insert(name, secret(value.expose())?),
        Some(Login::Token(login)) => _ = all.insert(&login.header, secret(token?.value.expose())?),
        None => {}
    }
    request = request.headers(all);
    if let Some(body) = &call.body {
        request = request.body(body.clone());
    }
    Some(request)
}

/// A header that nothing prints.
fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::http::Dialect;
    use std::sync::Arc;

    #[test]
    fn headers_that_look_like_secrets_are_refused() {
        let of = |user_agent, headers: &[(Arc<str>, Arc<str>)]| {
            let accept = "application/json";
            let dialect = Dialect::default();
            headers_of(&HttpOptions {
                user_agent,
                headers,
                query: &[],
                accept,
                content_type: accept,
                dialect,
            })
        };
        let one = |name: &str| of(None, &[(name.into(), "x".into())]);
        for bad in ["Authorization", "X-Api-Key", "x-auth-TOKEN", "Cookie", "Host", "a b"] {
            assert!(one(bad).is_err(), "{bad}");
        }
        assert_eq!(one("X-Tenant").unwrap().all["x-tenant"], "x");
        assert!(of(Some("a\nb"), &[]).is_err());
    }
}
