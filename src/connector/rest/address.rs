//! Where a request of a document goes.

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::catalog::rest::{Address, Document, Root, Template};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::Http;
use crate::model::Endpoint;

use super::values::{Unfilled, Values};

/// An address, filled in.
pub(super) struct Target {
    pub url: Url,
    pub headers: HeaderMap,
}

/// Fills in an address. `further` are parameters behind those of the request.
///
/// # Errors
/// A placeholder has no value, or one that would address something else.
pub(super) fn target(
    http: &Http,
    document: &Document,
    address: &Address,
    values: &Values,
    further: &[(&str, String)],
) -> Result<Target, ConnectorError> {
    build(&http.endpoint, document, address, values, further)
        .map_err(|Unfilled(why)| http.error(ErrorKind::Config, why))
}

/// The address of the app with the base path of the document, for bodies.
///
/// # Errors
/// As [`target`].
pub(super) fn base(endpoint: &Endpoint, document: &Document, values: &Values) -> Result<Url, Unfilled> {
    extended(endpoint.collection(""), &document.base, values)
}

fn build(
    endpoint: &Endpoint,
    document: &Document,
    address: &Address,
    values: &Values,
    further: &[(&str, String)],
) -> Result<Target, Unfilled> {
    let root = match address.root {
        Root::Base => base(endpoint, document, values)?,
        Root::Url => endpoint.collection(""),
    };
    let mut url = extended(root, &address.path, values)?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, all) in &address.query {
        for value in all {
            pairs.push((name.to_string(), values.text(value)?));
        }
    }
    pairs.extend(further.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(Target { url, headers: headers(&address.headers, values)? })
}

/// Headers, filled in.
pub(super) fn headers(
    headers: &[(std::sync::Arc<str>, Template)],
    values: &Values,
) -> Result<HeaderMap, Unfilled> {
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        let told = || Unfilled(format!("the header {name} holds a character that cannot be sent"));
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| told())?;
        all.insert(header, HeaderValue::from_str(&values.text(value)?).map_err(|_| told())?);
    }
    Ok(all)
}

fn extended(mut url: Url, path: &[Template], values: &Values) -> Result<Url, Unfilled> {
    let path = path.iter().map(|segment| values.segment(segment)).collect::<Result<Vec<_>, _>>()?;
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    Ok(url)
}
