//! Headers of a request.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH};

use super::{Call, Http, Login, Side};
use crate::model::header;

/// What we call ourselves.
pub const USER_AGENT: &str = concat!("rolecall/", env!("CARGO_PKG_VERSION"));

/// Headers from the settings, and the User-Agent.
///
/// # Errors
/// Which one cannot be sent, and why.
pub fn further_headers<'t>(
    user_agent: &str,
    further: impl Iterator<Item = (&'t str, &'t str)>,
) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    let value = |name: &str, text: &str| {
        HeaderValue::from_str(text)
            .map_err(|_| format!("header {name} holds a character that cannot be sent"))
    };
    headers.insert(reqwest::header::USER_AGENT, value("User-Agent", user_agent)?);
    headers.insert(ACCEPT, HeaderValue::from_static("application/scim+json, application/json"));
    for (name, text) in further {
        let lower = name.to_ascii_lowercase();
        if let Some(refusal) = header::refusal(name) {
            return Err(format!("header {name} {}", refusal.words()));
        }
        let header = HeaderName::from_bytes(lower.as_bytes())
            .map_err(|_| format!("'{name}' is not the name of a header"))?;
        headers.insert(header, value(name, text)?);
    }
    Ok(headers)
}

impl Http {
    /// The request with everything but the sending. `None` if a header cannot be built.
    pub(super) fn request(&self, call: &Call<'_>) -> Option<reqwest::RequestBuilder> {
        let mut headers = self.headers.clone();
        if call.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        }
        if let Some(version) = call.version {
            headers.insert(IF_MATCH, HeaderValue::from_str(version).ok()?);
        }
        let login = match call.side {
            Side::Read => &self.read,
            Side::ReadAsWriter | Side::Write(_) => &self.write,
        };
        let mut request =
            self.client.request(call.method.clone(), call.url.clone()).timeout(self.limits.timeout);
        match login {
            Some(Login::Bearer(token)) => {
                let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
            Some(Login::Basic(name, password)) => {
                request = request.basic_auth(name, Some(password.expose()));
            }
            None => {}
        }
        request = request.headers(headers);
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        Some(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_look_like_secrets_are_refused() {
        let one = |name| further_headers("rolecall/0", [(name, "x")].into_iter());
        for bad in ["Authorization", "X-Api-Key", "x-auth-TOKEN", "Cookie", "Host", "a b"] {
            assert!(one(bad).is_err(), "{bad}");
        }
        assert_eq!(one("X-Tenant").unwrap()["x-tenant"], "x");
        assert!(further_headers("a\nb", std::iter::empty()).is_err());
    }
}
