//! PUT bodies (RFC 7644 section 3.5.1): the object as it is, the wanted values laid over it, without what only the app
//! may write.

use serde_json::{Map, Value as Json};

use crate::catalog::Mutability;
use crate::model::path::{CORE_GROUP, CORE_USER, is_core};
use crate::model::{Kind, Path};

use super::json::spelling;
use super::overlay;
use super::schemas::Schemas;
use super::set::Set;

/// The object to send.
pub(super) fn body(
    kind: Kind,
    current: &Map<String, Json>,
    sets: &[Set<'_>],
    schemas: &Schemas,
) -> Map<String, Json> {
    let mut object = current.clone();
    for set in sets {
        overlay::put(&mut object, set);
    }
    drop_read_only(kind, &mut object, schemas);
    name_schemas(kind, &mut object);
    object
}

/// Takes out readOnly attributes. `id` stays: it names the object, and apps ignore it (RFC 7643 section 3.1).
fn drop_read_only(kind: Kind, object: &mut Map<String, Json>, schemas: &Schemas) {
    let is_read_only = |text: String| {
        Path::parse(&text)
            .ok()
            .and_then(|path| schemas.of(kind, &path))
            .is_some_and(|schema| schema.mutability == Mutability::ReadOnly)
    };
    object.retain(|name, _| {
        name.eq_ignore_ascii_case("id") || name.contains(':') || !is_read_only(name.clone())
    });
    for (name, json) in object.iter_mut() {
        if name.contains(':') {
            let Json::Object(extension) = json else { continue };
            extension.retain(|attribute, _| !is_read_only(format!("{name}:{attribute}")));
            for (attribute, json) in extension.iter_mut() {
                each_entry(json, &mut |entry| {
                    entry.retain(|sub, _| !is_read_only(format!("{name}:{attribute}.{sub}")));
                });
            }
        } else {
            each_entry(json, &mut |entry| {
                entry.retain(|sub, _| !is_read_only(format!("{name}.{sub}")));
            });
        }
    }
}

fn each_entry(json: &mut Json, change: &mut dyn FnMut(&mut Map<String, Json>)) {
    match json {
        Json::Object(map) => change(map),
        Json::Array(entries) => entries.iter_mut().for_each(|entry| each_entry(entry, change)),
        _ => {}
    }
}

/// `schemas` names the core schema and every extension with a value (RFC 7643 section 3).
pub(super) fn name_schemas(kind: Kind, object: &mut Map<String, Json>) {
    let core = match kind {
        Kind::User => CORE_USER,
        Kind::Group => CORE_GROUP,
    };
    let name = spelling(object, "schemas").unwrap_or("schemas").to_owned();
    let mut urns = match object.remove(&name) {
        Some(Json::Array(urns)) => urns,
        _ => Vec::new(),
    };
    let used = std::iter::once(core.to_owned())
        .chain(object.keys().filter(|key| key.contains(':') && !is_core(key)).cloned());
    let missing: Vec<Json> = used
        .filter(|urn| {
            !urns.iter().any(|known| known.as_str().is_some_and(|known| known.eq_ignore_ascii_case(urn)))
        })
        .map(Json::from)
        .collect();
    urns.extend(missing);
    object.insert(name, Json::Array(urns));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::scim;
    use crate::model::Value;
    use serde_json::json;
    use std::sync::Arc;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    #[test]
    fn what_only_the_app_may_write_is_left_out() {
        let current = json!({
            "schemas": [CORE_USER, ENTERPRISE], "id": "7", "meta": {"version": "1"}, "userName": "ada",
            "groups": [{"value": "g"}], "emails": [{"value": "e", "display": "E"}], "custom": {"a": 1},
            ENTERPRISE: {"manager": {"value": "1", "displayName": "M"}}, "urn:x:2.0:User": {"level": 3},
        });
        let path = Path::parse("title").unwrap();
        let sets = [Set { path: &path, value: &Value::str("T"), schema: None, is_single: false }];
        let schemas = Schemas::read(
            &Arc::new(scim::definition()),
            &[json!({"id": "urn:x:2.0:User", "attributes": [
            {"name": "level", "mutability": "readOnly"}]})],
            &[],
        );
        assert_eq!(
            Json::Object(body(Kind::User, current.as_object().unwrap(), &sets, &schemas)),
            json!({
                "schemas": [CORE_USER, ENTERPRISE, "urn:x:2.0:User"], "id": "7", "userName": "ada", "title": "T",
                "emails": [{"value": "e", "display": "E"}], "custom": {"a": 1},
                ENTERPRISE: {"manager": {"value": "1"}}, "urn:x:2.0:User": {},
            })
        );
    }
}
