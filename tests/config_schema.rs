//! Schema and typed reader are two descriptions of one language. A document with every key keeps them together: the
//! schema knows no other key, and each key has an effect.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Validator;
use rolecall::catalog::{Catalog, Definition, scim};
use rolecall::config::{self, Source, diagnostics, schema};
use serde_json::Value;

const FULL: &str = include_str!("schema/full.yaml");
/// The same of connectors.
const CONNECTORS: &str = include_str!("schema/connectors.yaml");
const WHOLE: [&str; 2] = [FULL, CONNECTORS];

fn catalog() -> Catalog {
    Catalog::of([Definition {
settings_schema: "{}".into(),
mappings: "mappings:\n  u: {match: [userName], attributes: {userName: user.email}}\n  g: {match: [displayName], attributes: {displayName: group.name}}\n".into(),
user_mapping: "u".into(),
group_mapping: "g".into(),
..scim::definition()
}])
}

/// The typed content of a tree without places, or its findings.
fn effect(text: &str) -> Result<String, String> {
    let loaded = config::load(&Source::in_memory([("rolecall.yaml", text)]), &catalog());
    if loaded.diagnostics.has_errors() {
        return Err(diagnostics::text(
            &loaded.diagnostics.sorted(),
            &loaded.files,
            diagnostics::Look::default(),
        ));
    }
    static SPANS: LazyLock<regex::Regex> =
        LazyLock::new(|| regex::Regex::new(r"Span \{[^}]*\}|segments: \[[^\]]*\]").unwrap());
    let documents: Vec<_> = loaded.catalog.connectors().filter_map(|own| own.document.clone()).collect();
    let presets: Vec<_> = loaded.catalog.connectors().filter_map(|own| own.preset.clone()).collect();
    let company = format!("{:?} {documents:?} {presets:?}", loaded.company.unwrap());
    Ok(SPANS.replace_all(&company, "").into_owned())
}

/// Follows `$ref`; gives the place that says it.
fn settle(mut place: String) -> String {
    while let Some(to) = schema::document().pointer(&format!("{place}/$ref")) {
        place = to.as_str().unwrap().trim_start_matches('#').to_owned();
    }
    place
}

/// The places in the schema that an instance uses, as `place/properties/key`.
fn used(place: String, instance: &Value, found: &mut BTreeSet<String>) {
    let place = settle(place);
    let node = schema::document().pointer(&place).unwrap();
    if let Some(condition) = node.get("if") {
        let branch = if jsonschema::is_valid(condition, instance) { "then" } else { "else" };
        used(format!("{place}/{branch}"), instance, found);
    }
    for number in 0..node["anyOf"].as_array().map_or(0, Vec::len) {
        let alternative = settle(format!("{place}/anyOf/{number}"));
        // `anyOf` with `required` alone only counts keys.
        let is_part = schema::document()
            .pointer(&alternative)
            .is_some_and(|part| part["required"].is_null() || part["type"].is_string());
        if is_part && validator(&alternative).is_valid(instance) {
            used(alternative, instance, found);
        }
    }
    match instance {
        Value::Object(entries) => {
            for (key, value) in entries {
                let property = format!("{place}/properties/{key}");
                if schema::document().pointer(&property).is_some() {
                    found.insert(property.clone());
                    used(property, value, found);
                } else if node.get("additionalProperties").is_some_and(Value::is_object) {
                    used(format!("{place}/additionalProperties"), value, found);
                }
            }
        }
        Value::Array(items) if node.get("items").is_some() => {
            for item in items {
                used(format!("{place}/items"), item, found);
            }
        }
        _ => {}
    }
}

/// All properties of the schema, as `place/properties/key`.
fn all(place: &str, node: &Value, found: &mut BTreeSet<String>) {
    if let Some(properties) = node.get("properties").and_then(Value::as_object) {
        found.extend(properties.keys().map(|key| format!("{place}/properties/{key}")));
    }
    match node {
        Value::Object(entries) => {
            for (key, value) in entries.iter().filter(|(key, _)| *key != "examples" && *key != "default") {
                all(&format!("{place}/{key}"), value, found);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                all(&format!("{place}/{number}"), item, found);
            }
        }
        _ => {}
    }
}

fn properties() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    all("", schema::document(), &mut found);
    found
}

fn validator(place: &str) -> Validator {
    let mut schema = schema::document().clone();
    let definitions = schema["$defs"].take();
    let mut part = schema::document().pointer(place).unwrap().clone();
    part["$defs"] = definitions;
    part["$schema"] = schema["$schema"].clone();
    jsonschema::validator_for(&part).unwrap()
}

#[test]
fn the_schema_is_a_schema() {
    assert!(jsonschema::meta::is_valid(schema::document()));
}

#[test]
fn every_property_has_a_title_a_description_and_an_example_that_fits() {
    for place in properties() {
        let node = schema::document().pointer(&place).unwrap();
        for key in ["title", "description"] {
            let text = node[key].as_str().unwrap_or_else(|| panic!("{place} has no {key}"));
            assert!(!text.is_empty() && text == text.trim(), "{place}: {key}");
        }
        let examples = node["examples"].as_array().unwrap_or_else(|| panic!("{place} has no examples"));
        assert!(!examples.is_empty(), "{place}");
        let validator = validator(&place);
        for example in examples.iter().chain(node.get("default")) {
            let errors: Vec<_> = validator.iter_errors(example).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{place}: {example} is not valid: {errors:?}");
        }
    }
}

#[test]
fn editors_of_draft_7_understand_the_schema() {
    for word in ["unevaluated", "prefixItems", "$dynamic", "dependentSchemas", "minContains"] {
        assert!(!schema::TEXT.contains(word), "{word}");
    }
}

#[test]
fn every_pattern_has_words() {
    let mut found = BTreeSet::new();
    fn patterns(node: &Value, found: &mut BTreeSet<String>) {
        match node {
            Value::Object(entries) => {
                found.extend(entries.get("pattern").and_then(Value::as_str).map(str::to_owned));
                entries.values().for_each(|value| patterns(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| patterns(item, found)),
            _ => {}
        }
    }
    patterns(schema::document(), &mut found);
    let known: BTreeSet<String> = schema::patterns().map(str::to_owned).collect();
    assert_eq!(found, known);
}

#[test]
fn the_document_with_every_key_holds_every_key() {
    effect(FULL).unwrap_or_else(|errors| panic!("{errors}"));
    let mut found = BTreeSet::new();
    effect(CONNECTORS).unwrap_or_else(|errors| panic!("{errors}"));
    for whole in WHOLE {
        used(String::new(), &serde_yaml::from_str(whole).unwrap(), &mut found);
    }
    let path = FULL.replace("git: {ref: refs/heads/elsewhere, remote: upstream}", "path: .rolecall/ledger");
    effect(&path).unwrap_or_else(|errors| panic!("{errors}"));
    used(String::new(), &serde_yaml::from_str(&path).unwrap(), &mut found);
    let missing: Vec<_> = properties().difference(&found).cloned().collect();
    assert!(missing.is_empty(), "not in tests/schema: {missing:#?}");
}

/// Keys that shape the reading itself, are for people only, or say the default.
const WITHOUT_EFFECT: [&str; 6] = [
    "/version",
    "/requires",
    "/include",
    "/attributes/employeeNumber/description",
    "/attributes/employeeNumber/type",
    "/attributes/kind/type",
];

#[test]
fn every_key_has_an_effect() {
    WHOLE.iter().for_each(|text| each_key_has_an_effect(text));
}

fn each_key_has_an_effect(text: &str) {
    let document: Value = serde_yaml::from_str(text).unwrap();
    let whole = effect(&serde_yaml::to_string(&document).unwrap()).unwrap();
    let mut without = Vec::new();
    let mut paths = Vec::new();
    keys("", &document, &mut paths);
    assert!(paths.len() > 150, "{}", paths.len());
    for path in paths {
        if WITHOUT_EFFECT.contains(&path.as_str()) {
            continue;
        }
        let mut less = document.clone();
        let (parent, key) = path.rsplit_once('/').unwrap();
        less.pointer_mut(parent)
            .and_then(Value::as_object_mut)
            .unwrap()
            .remove(&key.replace("~1", "/").replace("~0", "~"));
        // Either the key is reported as missing, or the content differs.
        if let Ok(effect) = effect(&serde_yaml::to_string(&less).unwrap()) {
            without.extend((effect == whole).then_some(path));
        }
    }
    assert!(without.is_empty(), "no effect: {without:#?}");
}

/// Fields of the typed model that no room above `config` reads, with the reason.
const READ_BY_CONFIG: [(&str, &str); 5] = [
    ("timezone", "dates are instants when they leave the reader"),
    ("host", "a binding compares it itself"),
    ("token_to", "the same"),
    ("segments", "places in expressions"),
    ("owners", "for people: `show app` prints them from the files"),
];

/// A key that is stored and never read changes the model and nothing else. Names are compared, not types: a field is
/// not found if another field with its name is read.
#[test]
fn every_typed_field_is_read_by_some_room() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut code = String::new();
    let mut open: Vec<_> =
        ["apply", "cli", "connector", "engine", "expr", "ledger", "plan", "render", "resolve"]
            .iter()
            .map(|room| root.join(room))
            .collect();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap();
                let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                code.extend(lines.flat_map(|line| [line, "\n"]));
            }
        }
    }
    let accessed = regex::Regex::new(r"\.[a-z_]+\b").unwrap();
    let read: BTreeSet<&str> = accessed
        .find_iter(&code)
        .filter(|found| !code[found.end()..].starts_with('('))
        .map(|found| &found.as_str()[1..])
        .collect();
    let field = regex::Regex::new(r"(?m)^    pub ([a-z_]+):").unwrap();
    let mut unread = BTreeSet::new();
    for file in ["company.rs", "app.rs", "member.rs", "expr_source.rs", "secret.rs"] {
        let text = std::fs::read_to_string(root.join("model").join(file)).unwrap();
        let names = field.captures_iter(&text).map(|found| found[1].to_owned());
        unread.extend(names.filter(|name| !read.contains(name.as_str())));
    }
    let known: BTreeSet<String> = READ_BY_CONFIG.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(unread, known);
}

/// Pointers to all entries of all mappings.
fn keys(prefix: &str, node: &Value, found: &mut Vec<String>) {
    match node {
        Value::Object(entries) => {
            for (key, value) in entries {
                let path = format!("{prefix}/{}", key.replace('~', "~0").replace('/', "~1"));
                keys(&path, value, found);
                found.push(path);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                keys(&format!("{prefix}/{number}"), item, found);
            }
        }
        _ => {}
    }
}

/// The opposite direction: a key that a reader asks for is a key of the schema.
#[test]
fn readers_ask_for_known_keys_only() {
    let known: BTreeSet<String> =
        properties().iter().map(|place| place.rsplit('/').next().unwrap().to_owned()).collect();
    let asked = regex::Regex::new(
        r#"\b(?:get|text|shared|bool|list|map|ids|word|word_field|count|duration|rate|window|principals|members|expression|entry|limit)\(\s*(?:&?\w+,\s*)?"([a-z_]+)""#,
    )
    .unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config/typed");
    let mut seen = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        seen.extend(asked.captures_iter(code).map(|found| found[1].to_owned()));
    }
    assert!(seen.len() > 50, "{seen:?}");
    let unknown: Vec<_> = seen.difference(&known).collect();
    assert!(unknown.is_empty(), "asked for and not in the schema: {unknown:?}");
}

/// Validation in place gives the same result as validation of plain JSON, and loading always gives an answer.
#[test]
fn the_arena_is_validated_like_json() {
    use rolecall::config::cursor::Cursor;
    use rolecall::config::cursor_json::ArenaJson;
    let plain = jsonschema::validator_for(schema::document()).unwrap();
    let in_place = jsonschema::options_for::<ArenaJson>().build(schema::document()).unwrap();
    let document: Value = serde_yaml::from_str(&WHOLE.concat().replacen("version: 1\n", "", 1)).unwrap();
    let mut paths = vec![String::new()];
    keys("", &document, &mut paths);
    let others = ["null", "7", "\"x\"", "[]", "{\"user\": \"ada\"}", "true"];
    for (number, path) in paths.iter().enumerate() {
        // Each path with two of the others: all of them together find no more.
        for other in [others[number % 6], others[(number + 1) % 6]] {
            let mut changed = document.clone();
            *changed.pointer_mut(path).unwrap() = serde_json::from_str(other).unwrap();
            let text = serde_yaml::to_string(&changed).unwrap();
            let arena = config::arena::build(0, &text, &mut Vec::new()).unwrap();
            let view = arena.view(0, &text);
            let mut ours: Vec<_> = in_place
                .iter_errors(Cursor::root(&view).unwrap())
                .map(|error| format!("{} {}", error.instance_path(), error.kind().keyword()))
                .collect();
            let mut theirs: Vec<_> = plain
                .iter_errors(&changed)
                .map(|error| format!("{} {}", error.instance_path(), error.kind().keyword()))
                .collect();
            ours.sort();
            theirs.sort();
            assert_eq!(ours, theirs, "{path} = {other}");
            if !theirs.is_empty() && other == "7" {
                let errors = effect(&text).unwrap_err();
                assert!(errors.contains("error["), "{path} = {other}");
            }
        }
    }
}
