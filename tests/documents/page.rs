//! The page about connectors: its examples are documents, and it names every key, operation and meaning.

use std::collections::BTreeSet;

use rolecall::catalog::rest::{OPERATIONS, WORDS};
use serde_json::{Map, Value, json};

use super::{document, findings, load};

const PAGE: &str = include_str!("../../docs/connectors.md");

/// The rows of the table below this head.
fn rows(head: &str) -> Vec<Vec<String>> {
    let table = PAGE.split(head).nth(1).unwrap_or_else(|| panic!("no table {head}"));
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let rows = lines.map(|line| {
        line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
    });
    rows.collect()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A small document, with these parts in place of its own.
fn with(parts: &[(&str, Value)]) -> Value {
    let mut whole = json!({
        "connector": 1,
        "auth": {"bearer": {}},
        "page": {"by": "none"},
        "users": {"path": "/users", "rows": "items", "id": "id", "active": "none", "attributes": {"login": {"is": "login"}}},
    });
    for (place, part) in parts {
        let (above, key) = place.rsplit_once('/').unwrap_or(("", place));
        let above = if above.is_empty() { "".to_owned() } else { format!("/{above}") };
        whole.pointer_mut(&above).unwrap()[key] = part.clone();
    }
    whole
}

#[track_caller]
fn is_valid(connector: &Value) -> String {
    let text = serde_json::to_string(&json!({"connectors": {"desk": connector}})).unwrap();
    let loaded = load(&text, "");
    assert!(loaded.diagnostics.is_empty(), "{}", findings(&loaded));
    text
}

#[test]
fn each_page_style_proves_its_end() {
    let styles = rows("| the app | `page:` |");
    assert!(styles.len() > 8);
    for style in styles {
        let text = is_valid(&with(&[("page", yaml(&style[1]))]));
        assert!(document(&text, "desk").users.list.page.evidence().is_some(), "{}", style[1]);
    }
}

#[test]
fn each_form_of_members_is_one() {
    let forms = rows("| the app | `members:` |");
    assert!(forms.len() > 3);
    for form in forms {
        let groups =
            json!({"path": "/teams", "rows": "items", "id": "id", "attributes": {"name": {"is": "name"}}});
        is_valid(&with(&[("groups", groups), ("groups/members", yaml(&form[1]))]));
    }
}

#[test]
fn each_example_of_an_attribute_is_one() {
    let examples = rows("| key | example | means |");
    let names = yaml("{role: {GET: /roles, rows: roles, name: label, id: id}}");
    for row in examples.iter().filter(|row| row[1] != "below") {
        let attribute = yaml(&format!("{{{}}}", row[1]));
        is_valid(&with(&[("names", names.clone()), ("users/attributes", json!({"x": attribute}))]));
    }
}

/// The parts of a document that the page shows, all in one.
#[test]
fn the_parts_on_the_page_are_a_document() {
    let mut whole = with(&[]);
    let mut parts = 0;
    for block in PAGE.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
        let Value::Object(block) = yaml(block) else { panic!("{block}") };
        if ["connectors", "apps", "presets"].iter().any(|key| block.contains_key(*key))
            || block.contains_key("auth") && block.contains_key("apps")
        {
            continue;
        }
        parts += 1;
        for (key, part) in block {
            let above = match &*key {
                "list" | "create" => "/users",
                "manager" => "/users/attributes",
                _ => "",
            };
            whole.pointer_mut(above).unwrap()[key] = part;
        }
    }
    assert!(parts >= 8, "{parts}");
    // The token request says what `once` of the page takes from it.
    whole["auth"]["login"]["token"]["read"]["org"] = json!("org");
    is_valid(&whole);
}

#[test]
fn each_way_to_have_roles_is_one() {
    for row in rows("| the app has | document | mapping | app |") {
        let attributes = if row[1].is_empty() { json!({}) } else { yaml(&format!("{{{}}}", row[1])) };
        let mut all = Map::from_iter([("login".to_owned(), json!({"is": "login"}))]);
        all.extend(attributes.as_object().unwrap().clone());
        let mut mapped = Map::from_iter([("login".to_owned(), json!("user.id"))]);
        mapped.extend(yaml(&format!("{{{}}}", row[2])).as_object().unwrap().clone());
        let app = match &*row[3] {
            "the same" => r"roles: {admin: {privileged: true}, member: {}}",
            own => own,
        };
        let mut app = yaml(&format!("{{{app}}}"));
        app["connector"] = json!("desk");
        app["url"] = json!("sandbox:");
        let groups = json!({"path": "/teams", "rows": "items", "id": "id", "attributes": {"name": {"is": "name"}},
            "members": {"path": "/teams/{group}/members", "rows": "items", "account": "id"}});
        let connector = with(&[("users/attributes", Value::Object(all)), ("groups", groups)]);
        let tree = json!({
            "users": {"ada": {"name": "Ada", "email": "ada@acme.example"}},
            "connectors": {"desk": connector},
            "mappings": {"desk-users": {"match": ["login"], "attributes": mapped}, "desk-groups": {"match": ["name"], "attributes": {"name": "group.name"}}},
            "apps": {"desk": app},
        });
        let loaded = load(&tree.to_string(), "");
        assert!(!loaded.diagnostics.has_errors(), "{}\n{}", row[0], findings(&loaded));
    }
}

#[test]
fn every_key_operation_and_meaning_is_on_the_page() {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/rolecall.schema.json")).unwrap();
    let mut keys: BTreeSet<String> = BTreeSet::new();
    for part in [
        "answers",
        "answerPlace",
        "answerRule",
        "attributePlaces",
        "authForm",
        "connector",
        "groupMembers",
        "objects",
        "paging",
        "request",
        "targetAttribute",
    ] {
        properties(&schema["$defs"][part], &mut keys);
    }
    assert!(keys.len() > 80, "{}", keys.len());
    let is_shown = |key: &&String| PAGE.contains(&format!("`{key}`")) || PAGE.contains(&format!("{key}:"));
    let missing: Vec<_> = keys.iter().filter(|key| !is_shown(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for (name, _) in OPERATIONS {
        assert!(PAGE.contains(&format!("`{name}`")), "{name}");
    }
    let words: Vec<String> =
        rows("| `is` | means | without a rule |").into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(words, WORDS.map(|(word, _)| word.to_owned()));
}

fn properties(schema: &Value, found: &mut BTreeSet<String>) {
    for (key, below) in schema.as_object().into_iter().flatten() {
        if key == "properties" {
            found.extend(below.as_object().unwrap().keys().cloned());
        }
        if key != "examples" {
            properties(below, found);
        }
    }
    for below in schema.as_array().into_iter().flatten() {
        properties(below, found);
    }
}
