//! Values as they are sent: in the places that the document says.

use serde_json::{Map, Value as Json};

use crate::catalog::rest::Objects;
use crate::model::{Path, Value};

use super::decode;
use super::json;
use super::session::Session;

/// Puts the values of an object into a body.
///
/// # Errors
/// One of them cannot be written, and why.
pub(super) fn put(
    session: &Session,
    objects: &Objects,
    body: &mut Json,
    values: &[(Path, Value)],
) -> Result<(), String> {
    for (path, value) in values {
        let Some(attribute) = decode::attribute(objects, path) else {
            return Err(format!("the app has no attribute {path}"));
        };
        let Some(place) = &attribute.at.write else {
            return Err(format!("{} cannot be written", attribute.name));
        };
        let value = json::of(session, attribute, value)?;
        place.put(body, value, &attribute.with).map_err(|why| format!("{}: {why}", attribute.name))?;
    }
    Ok(())
}

/// A body below the key that the app has around objects.
pub(super) fn wrapped(objects: &Objects, body: Json) -> Json {
    match &objects.wrap {
        Some(wrap) => Json::Object(Map::from_iter([(wrap.to_string(), body)])),
        None => body,
    }
}
