//! A request to an emulator, taken apart.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use serde_json::Value;

use super::ground::Ground;
use super::requests::Noted;

/// A request whose body was read.
#[derive(Debug)]
pub(super) struct Asked {
    pub method: Method,
    pub headers: HeaderMap,
    /// The segments of the path, decoded.
    pub path: Vec<String>,
    /// The parameters in their order; one may come several times.
    query: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Asked {
    /// Reads a request, and notes it.
    ///
    /// # Errors
    /// The body is too long, or broke off.
    pub(super) async fn read(ground: &Ground, request: Request) -> Result<Self, String> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, ground.max_body)
            .await
            .map_err(|_| format!("the body is longer than {} bytes, or broke off", ground.max_body))?;
        if let Some(requests) = &ground.requests {
            requests.note(Noted {
                method: parts.method.to_string(),
                target: parts.uri.to_string(),
                body: String::from_utf8_lossy(&body).into_owned(),
            });
        }
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        Ok(Self {
            method: parts.method,
            headers: parts.headers,
            path: parts.uri.path().split('/').skip(1).map(decoded).collect(),
            query: url::form_urlencoded::parse(query).into_owned().collect(),
            body: body.to_vec(),
        })
    }

    /// The segments of the path, to be matched.
    pub(super) fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// The value of a parameter; of several the first.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter.
    pub(super) fn parameters<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The names of the parameters.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.query.iter().map(|(name, _)| name.as_str())
    }

    /// The parameters without these, as a query.
    pub(super) fn query_without(&self, names: &[&str]) -> String {
        let kept = self.query.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }

    /// The fields of a body that is form-encoded.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// The body.
    ///
    /// # Errors
    /// It is no JSON.
    pub(super) fn json(&self) -> Result<Value, String> {
        serde_json::from_slice(&self.body).map_err(|error| format!("the body is not JSON: {error}"))
    }
}

/// A segment without its percent signs (RFC 3986 section 2.1). What is no encoding stays as it is.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = hex.filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_decoded_once() {
        for (encoded, plain) in
            [("a%40b", "a@b"), ("a%2Fb", "a/b"), ("%2541", "%41"), ("100%", "100%"), ("a+b", "a+b")]
        {
            assert_eq!(decoded(encoded), plain);
        }
    }
}
