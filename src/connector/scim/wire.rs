//! Values as JSON, in the types of the schema.

use serde_json::{Map, Value as Json, json};

use crate::catalog::{AttributeSchema, Type};
use crate::model::Value;

/// One value: what the schema says is a boolean or a number is sent as one, and the other way round.
pub(super) fn scalar(value: &Value, schema: Option<&AttributeSchema>) -> Json {
    let of = schema.map(|schema| schema.of);
    match (value, of) {
        (Value::Null, _) => Json::Null,
        (Value::Str(text), Some(Type::Boolean)) if text.eq_ignore_ascii_case("true") => Json::Bool(true),
        (Value::Str(text), Some(Type::Boolean)) if text.eq_ignore_ascii_case("false") => Json::Bool(false),
        (Value::Str(text), Some(Type::Integer)) => {
            text.parse::<i64>().map_or_else(|_| Json::from(&**text), Json::from)
        }
        (Value::Int(number), Some(Type::String | Type::Reference)) => Json::from(number.to_string()),
        (Value::Bool(flag), Some(Type::String)) => Json::from(flag.to_string()),
        (Value::Bool(flag), _) => Json::Bool(*flag),
        (Value::Int(number), _) => Json::from(*number),
        (Value::Str(text), _) => Json::from(&**text),
        (Value::Date(date), _) => Json::from(date.to_string()),
        (Value::List(items), _) => items.iter().map(|item| scalar(item, schema)).collect(),
    }
}

/// The values of a multi-valued attribute, in a list of their own.
pub(super) fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::List(items) => items.iter().filter(|item| !item.is_null()).collect(),
        single => vec![single],
    }
}

/// `{"value": …}`.
pub(super) fn entry(value: Json) -> Map<String, Json> {
    Map::from_iter([("value".to_owned(), value)])
}

/// Members as a request has them.
pub(super) fn members<'m>(values: impl IntoIterator<Item = &'m std::sync::Arc<str>>) -> Json {
    values.into_iter().map(|value| json!({ "value": &**value })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::scim;
    use crate::model::Path;

    #[test]
    fn types_are_the_schemas() {
        let send = |path: &str, value: Value| {
            let path = Path::parse(path).unwrap();
            scalar(&value, scim::definition().users.attribute(&path).as_ref())
        };
        assert_eq!(send("active", "True".into()), json!(true));
        assert_eq!(send("title", Value::Int(7)), json!("7"));
        assert_eq!(send("title", Value::Bool(true)), json!("true"));
        assert_eq!(send("urn:x:2.0:User:level", Value::Int(7)), json!(7));
        assert_eq!(send("title", Value::Null), Json::Null);
    }
}
