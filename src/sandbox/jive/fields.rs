//! `fields=`: which parts of an object an answer has.

use serde_json::Value;

use super::super::records::Object;

/// The parts that lists show if nothing is said.
const SUMMARY: [&str; 6] = ["id", "type", "typeCode", "displayName", "name", "resources"];

/// The parts that `fields` names: `@all`, `@summary`, a name, `a.b`, or `-name` for what is left out.
pub(super) fn select(object: Object, fields: Option<&str>, is_list: bool) -> Object {
    let text = fields.unwrap_or(if is_list { "@summary" } else { "@all" });
    let words: Vec<&str> = text.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    let (without, named): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.starts_with('-'));
    let mut selected = Object::new();
    for (key, value) in object {
        let is_whole = named.iter().any(|word| match *word {
            "@all" => true,
            "@summary" => SUMMARY.contains(&key.as_str()),
            name => name == key,
        });
        let parts =
            || named.iter().filter_map(|word| word.split_once('.')).filter(|(first, _)| *first == key);
        let value = match (is_whole, value) {
            (true, value) => Some(value),
            (false, Value::Object(inner)) => {
                let inner: Object =
                    inner.into_iter().filter(|(name, _)| parts().any(|(_, second)| second == name)).collect();
                (!inner.is_empty()).then_some(Value::Object(inner))
            }
            (false, _) => None,
        };
        if let Some(value) = value {
            selected.insert(key, value);
        }
    }
    selected.retain(|key, _| !without.iter().any(|word| word.trim_start_matches('-') == key));
    selected
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parts_are_named_or_left_out() {
        let whole =
            json!({"id": "1", "displayName": "Ada", "resources": {}, "jive": {"enabled": true, "level": 1}});
        let of = |fields: Option<&str>, is_list| {
            Value::Object(select(whole.as_object().cloned().expect("an object"), fields, is_list))
        };
        assert_eq!(of(None, false), whole);
        assert_eq!(of(None, true), json!({"id": "1", "displayName": "Ada", "resources": {}}));
        assert_eq!(of(Some("@all,-resources,-jive"), true), json!({"id": "1", "displayName": "Ada"}));
        assert_eq!(of(Some("id,jive.enabled"), true), json!({"id": "1", "jive": {"enabled": true}}));
    }
}
