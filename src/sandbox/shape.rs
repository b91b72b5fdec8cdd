use serde_json::Value;

use super::attr::{Attr, Mutability, Returned, Type};
use super::fault::{Fault, quote};
use super::kind::Kind;
use super::schemas::Schema;
use super::target::Object;

/// Checks a resource from a client and puts it in the schema's spelling: names are checked and get the schema's case,
/// types are checked, nulls and empty values are dropped (RFC 7643 section 2.5), read-only attributes are ignored (RFC
/// 7644 section 3.3, section 3.5.1).
pub(super) fn resource(kind: Kind, body: &Object) -> Result<Object, Fault> {
    schemas(kind, body)?;
    let mut result = Object::new();
    for (name, value) in body {
        if name.eq_ignore_ascii_case("schemas") {
            continue;
        }
        let accepted = if let Some(extension) = kind.extension(name) {
            let parts = extension_value(extension, value)?;
            (extension.urn, parts.map(Value::Object))
        } else {
            let attr = kind.attr(name).ok_or_else(|| unknown(kind.name(), name))?;
            (attr.name, top_level(attr, value)?)
        };
        insert_once(&mut result, accepted)?;
    }
    complete(kind, &result)?;
    Ok(result)
}

/// Checks that `schemas` is there, names the core schema, and has nothing unknown (RFC 7643 section 3).
fn schemas(kind: Kind, body: &Object) -> Result<(), Fault> {
    let core = kind.schema().urn;
    let missing = || Fault::syntax(format!("`schemas` must be an array with {core:?}"));
    let listed = field(body, "schemas").and_then(Value::as_array).ok_or_else(missing)?;
    let mut core_seen = false;
    for urn in listed {
        let urn = urn.as_str().ok_or_else(missing)?;
        if urn.eq_ignore_ascii_case(core) {
            core_seen = true;
        } else if kind.extension(urn).is_none() {
            return Err(Fault::syntax(format!("there is no schema {} for a {}", quote(urn), kind.name())));
        }
    }
    if core_seen { Ok(()) } else { Err(missing()) }
}

/// Checks that required attributes are there and not empty.
fn complete(kind: Kind, resource: &Object) -> Result<(), Fault> {
    for attr in kind.schema().attrs.iter().filter(|attr| attr.required) {
        match resource.get(attr.name) {
            Some(Value::String(text)) if text.trim().is_empty() => {
                return Err(Fault::value(format!("{} must not be empty", attr.name)));
            }
            Some(_) => {}
            None => return Err(Fault::value(format!("{} is required", attr.name))),
        }
    }
    Ok(())
}

/// Checks the attributes of an extension in the same way.
pub(super) fn extension_value(extension: &Schema, value: &Value) -> Result<Option<Object>, Fault> {
    let parts = match value {
        Value::Object(parts) => parts,
        Value::Null => return Ok(None),
        _ => return Err(Fault::value(format!("{} must be an object", extension.name))),
    };
    let mut result = Object::new();
    for (name, value) in parts {
        let attr = extension.attr(name).ok_or_else(|| unknown(extension.name, name))?;
        insert_once(&mut result, (attr.name, top_level(attr, value)?))?;
    }
    Ok((!result.is_empty()).then_some(result))
}

fn top_level(attr: &'static Attr, value: &Value) -> Result<Option<Value>, Fault> {
    if attr.mutability == Mutability::ReadOnly {
        return Ok(None);
    }
    if attr.multi { list(attr, value).map(|l| l.map(Value::Array)) } else { single(attr, value) }
}

/// All values of a multi-valued attribute; `None` if there are no values.
pub(super) fn list(attr: &'static Attr, value: &Value) -> Result<Option<Vec<Value>>, Fault> {
    let entries = match value {
        Value::Null => return Ok(None),
        Value::Array(entries) => entries,
        _ => return Err(Fault::value(format!("{} must be an array", attr.name))),
    };
    let mut result = Vec::with_capacity(entries.len());
    for entry in entries {
        result.extend(single(attr, entry)?);
    }
    if result.iter().filter(|entry| is_primary(entry)).count() > 1 {
        return Err(Fault::value(format!("only one value of {} can be primary", attr.name)));
    }
    Ok((!result.is_empty()).then_some(result))
}

/// True if a value is marked as the preferred one (RFC 7643 section 2.4).
pub(super) fn is_primary(entry: &Value) -> bool {
    entry.get("primary") == Some(&Value::Bool(true))
}

/// One value: of a single-valued attribute, or one of several.
pub(super) fn single(attr: &'static Attr, value: &Value) -> Result<Option<Value>, Fault> {
    let wrong = |wanted: &str| Err(Fault::value(format!("{} must be {wanted}", attr.name)));
    let kept = match (attr.of, value) {
        (_, Value::Null) => return Ok(None),
        (Type::Complex, Value::Object(parts)) => return complex(attr, parts),
        (Type::Complex, _) if attr.sub("value").is_some() => {
            return wrong("made of objects, as {\"value\": …}");
        }
        (Type::Complex, _) => return wrong("an object"),
        (Type::Boolean, Value::Bool(_)) => value.clone(),
        (Type::Boolean, _) => return wrong("true or false, without quotes"),
        (Type::Binary, Value::String(text)) if !is_base64(text) => return wrong("base64"),
        (Type::String | Type::DateTime | Type::Reference | Type::Binary, Value::String(_)) => value.clone(),
        _ => return wrong("a string"),
    };
    Ok((attr.returned != Returned::Never).then_some(kept))
}

fn complex(attr: &'static Attr, parts: &Object) -> Result<Option<Value>, Fault> {
    let mut result = Object::new();
    for (name, value) in parts {
        let sub = attr.sub(name).ok_or_else(|| unknown(attr.name, name))?;
        let value = if sub.mutability == Mutability::ReadOnly { None } else { single(sub, value)? };
        insert_once(&mut result, (sub.name, value))?;
    }
    for sub in attr.subs.iter().filter(|sub| sub.required) {
        if !result.contains_key(sub.name) {
            return Err(Fault::value(format!("each of {} needs a {}", attr.name, sub.name)));
        }
    }
    Ok((!result.is_empty()).then_some(Value::Object(result)))
}

/// A member of a JSON object; the case of its name is ignored.
pub(super) fn field<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v))
}

fn insert_once(result: &mut Object, (name, value): (&str, Option<Value>)) -> Result<(), Fault> {
    let Some(value) = value else { return Ok(()) };
    match result.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(Fault::syntax(format!("{name} is given twice, in different letters"))),
    }
}

fn unknown(of: &str, name: &str) -> Fault {
    Fault::syntax(format!("{of} has no attribute {}", quote(name)))
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

    fn accept(mut body: Value) -> Result<Value, String> {
        body["schemas"] = json!([USER]);
        let body = body.as_object().expect("an object");
        resource(Kind::User, body).map(Value::Object).map_err(|fault| fault.detail)
    }

    #[test]
    fn names_get_the_schemas_spelling_and_empty_values_vanish() {
        let accepted = accept(json!({
            "USERNAME": "ada",
            "Name": {"GIVENNAME": "Ada", "middleName": null},
            "emails": [{"VALUE": "a@b.example", "type": "work"}, {}],
            "roles": [],
            "nickName": null,
            "id": "mine", "meta": {"version": "x"}, "groups": [{"value": "g"}], "password": "s3cret",
            "URN:ietf:params:scim:schemas:extension:enterprise:2.0:USER":
                {"Department": "R&D", "manager": {"value": "u-0001", "displayName": "ignored"}},
        }));
        let expected = json!({
            "userName": "ada",
            "name": {"givenName": "Ada"},
            "emails": [{"value": "a@b.example", "type": "work"}],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
                {"department": "R&D", "manager": {"value": "u-0001"}},
        });
        assert_eq!(accepted, Ok(expected));
    }

    #[test]
    fn mistakes_are_named() {
        for (body, message) in [
            (json!({}), "userName is required"),
            (json!({"userName": " "}), "userName must not be empty"),
            (json!({"userName": 5}), "userName must be a string"),
            (json!({"userName": "a", "username": "b"}), "userName is given twice, in different letters"),
            (json!({"userName": "a", "shoeSize": 5}), "User has no attribute \"shoeSize\""),
            (json!({"userName": "a", "name": "Ada"}), "name must be an object"),
            (json!({"userName": "a", "name": {"nick": "x"}}), "name has no attribute \"nick\""),
            (json!({"userName": "a", "active": "True"}), "active must be true or false, without quotes"),
            (json!({"userName": "a", "emails": {"value": "x"}}), "emails must be an array"),
            (
                json!({"userName": "a", "roles": ["ADMIN"]}),
                "roles must be made of objects, as {\"value\": …}",
            ),
            (
                json!({"userName": "a", "emails": [{"value": "x", "primary": true}, {"value": "y", "primary": true}]}),
                "only one value of emails can be primary",
            ),
            (json!({"userName": "a", "x509Certificates": [{"value": "section "}]}), "value must be base64"),
        ] {
            assert_eq!(accept(body.clone()), Err(message.to_owned()), "{body}");
        }
    }

    #[test]
    fn schemas_must_name_the_type() {
        let user = |schemas: Value| {
            let body = json!({"schemas": schemas, "userName": "ada"});
            resource(Kind::User, body.as_object().expect("an object")).is_ok()
        };
        assert!(user(json!([USER])));
        assert!(!user(json!([])));
        assert!(!user(json!(USER)));
        assert!(!user(json!([USER, "urn:x"])));
        assert!(!user(json!(["urn:ietf:params:scim:schemas:core:2.0:Group"])));
    }
}
