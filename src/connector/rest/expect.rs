//! An answer that does not have what a document expects is not believed.

use serde_json::Value as Json;

use crate::catalog::rest::{Expected, Found, Place};

/// What an answer lacks, in words; nothing if it is as expected.
pub(super) fn unmet(expect: &[(Place, Expected)], body: &Json) -> Vec<String> {
    expect.iter().filter_map(|(place, expected)| lacking(place, expected, body)).collect()
}

fn lacking(place: &Place, expected: &Expected, body: &Json) -> Option<String> {
    let found = place.get(body);
    match expected {
        Expected::OneOf(values) => match found {
            Found::One(one) if values.contains(one) => None,
            Found::One(Json::Array(_)) | Found::Each(_) => Some(format!(
                "`{place}` is a list: write `{place}: {{has: [{}]}}` below `expect` if all of these have to be in it",
                words(values, ", ")
            )),
            _ => Some(format!("`{place}` is not {}", words(values, " or "))),
        },
        Expected::Has(values) => {
            let lacking: Vec<Json> = values.iter().filter(|value| !has(&found, value)).cloned().collect();
            (!lacking.is_empty()).then(|| format!("`{place}` does not have {}", words(&lacking, ", ")))
        }
    }
}

/// True if the list at a place has a value.
fn has(found: &Found<'_>, value: &Json) -> bool {
    match found {
        Found::One(Json::Array(entries)) => entries.contains(value),
        Found::Each(entries) => entries.contains(&value),
        Found::One(Json::String(text)) => {
            let part = match value {
                Json::String(part) => part.clone(),
                other => other.to_string(),
            };
            text.split_whitespace().any(|one| one == part)
        }
        Found::One(one) => *one == value,
        Found::Missing | Found::Nothing | Found::Unclear(_) => false,
    }
}

fn words(values: &[Json], between: &str) -> String {
    values.iter().map(Json::to_string).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(expected: Expected, body: &Json) -> String {
        unmet(&[(Place::parse("scopes").unwrap(), expected)], body).join("; ")
    }

    #[test]
    fn a_list_has_all_that_is_expected() {
        let has = |body: &Json| told(Expected::Has(vec![json!("users"), json!("teams")]), body);
        for whole in [json!({"scopes": ["teams", "other", "users"]}), json!({"scopes": "other users  teams"})]
        {
            assert_eq!(has(&whole), "", "{whole}");
        }
        assert_eq!(has(&json!({"scopes": ["users"]})), r#"`scopes` does not have "teams""#);
        assert_eq!(has(&json!({"scopes": "users teams-read"})), r#"`scopes` does not have "teams""#);
        for none in [json!({}), json!({"scopes": null}), json!({"scopes": []}), json!({"scopes": true})] {
            assert_eq!(has(&none), r#"`scopes` does not have "users", "teams""#, "{none}");
        }
        let each = [(Place::parse("roles.name").unwrap(), Expected::Has(vec![json!("admin")]))];
        assert!(unmet(&each, &json!({"roles": [{"name": "user"}, {"name": "admin"}]})).is_empty());
        assert!(!unmet(&each, &json!({"roles": [{"name": "user"}]})).is_empty());
    }

    #[test]
    fn one_of_several_values_is_no_word_about_a_list() {
        let one = |body: &Json| told(Expected::OneOf(vec![json!("admin"), json!(1)]), body);
        assert_eq!(one(&json!({"scopes": 1})), "");
        assert_eq!(one(&json!({"scopes": "user"})), r#"`scopes` is not "admin" or 1"#);
        let told = one(&json!({"scopes": ["admin"]}));
        assert!(told.contains(r#"is a list: write `scopes: {has: ["admin", 1]}`"#), "{told}");
    }
}
