//! Random input: no request of a client may cause a panic, and a restart may change no state that a random history
//! left.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use super::filter::Filter;
use super::kind::Kind;
use super::render::Renderer;
use super::store::Store;
use super::target::{Object, Target};
use super::{patch, service, shape};

const BASE: &str = "http://x/scim/v2";

/// Parts of filters and paths, and other text.
fn text() -> impl Strategy<Value = String> {
    let scraps = select(vec![
        "userName",
        "emails",
        "name.givenName",
        "members",
        "active",
        "schemas",
        "meta.created",
        " ",
        "eq",
        "pr",
        "and",
        "or",
        "not",
        "(",
        ")",
        "[",
        "]",
        ".",
        "\"",
        "\\",
        "\"x\"",
        "\"u-0001\"",
        "true",
        "null",
        "1e999",
        "type",
        "value",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ":",
        "manager",
        "é",
        "\u{0}",
        "$ref",
    ]);
    vec(scraps, 0..12).prop_map(|scraps| scraps.concat())
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "userName",
            "active",
            "emails",
            "name",
            "roles",
            "members",
            "groups",
            "id",
            "meta",
            "schemas",
            "value",
            "givenName",
            "primary",
            "type",
            "displayName",
            "password",
            "addresses",
            "x509Certificates",
            "$ref",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            "manager",
        ])
        .prop_map(str::to_owned),
        text(),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(|number| json!(number)),
        text().prop_map(Value::String),
        select(vec!["ada", "u-0001", "work"]).prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((name(), inner), 0..4).prop_map(|parts| Value::Object(parts.into_iter().collect())),
        ]
    })
}

fn operation() -> impl Strategy<Value = Value> {
    let op = select(vec!["add", "replace", "remove"]);
    let path = prop_oneof![
        Just(None),
        name().prop_map(Some),
        (name(), text(), name()).prop_map(|(attr, filter, sub)| { Some(format!("{attr}[{filter}].{sub}")) })
    ];
    (op, path, prop::option::of(value())).prop_map(|(op, path, value)| {
        let mut operation = json!({"op": op});
        if let Some(path) = path {
            operation["path"] = json!(path);
        }
        if let Some(value) = value {
            operation["value"] = value;
        }
        operation
    })
}

fn kind() -> impl Strategy<Value = Kind> {
    select(Kind::ALL.to_vec())
}

fn resource(kind: Kind) -> Object {
    let resource = match kind {
        Kind::User => json!({
            "schemas": [kind.schema().urn], "userName": "ada", "name": {"givenName": "Ada"},
            "emails": [{"value": "a", "type": "work", "primary": true}, {"value": "b", "type": "home"}],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "u-0001"}},
        }),
        Kind::Group => json!({
            "schemas": [kind.schema().urn], "displayName": "x", "members": [{"value": "u-0001", "type": "User"}],
        }),
    };
    resource.as_object().cloned().unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn filters_and_paths(kind in kind(), text in text()) {
        if let Ok(filter) = Filter::parse(kind, &text) {
            filter.matches(&resource(kind));
        }
        Target::parse(kind, &text);
    }

    #[test]
    fn patches(kind in kind(), operations in vec(operation(), 1..4)) {
        let request = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations,
        });
        if let Some(request) = request.as_object()
            && let Ok(mut patched) = patch::apply(kind, resource(kind), request)
        {
            // The result would be accepted as it is: a patch cannot bring in a value that a POST could not.
            patched.insert("schemas".to_owned(), json!([kind.schema().urn]));
            let again = shape::resource(kind, &patched).map_err(|fault| TestCaseError::fail(fault.detail))?;
            patched.remove("schemas");
            prop_assert_eq!(again, patched);
        }
    }

    #[test]
    fn bodies(kind in kind(), mut body in value()) {
        if let Some(body) = body.as_object_mut() {
            body.insert("schemas".to_owned(), json!([kind.schema().urn]));
            let _ = shape::resource(kind, body);
        }
    }
}

/// One step of a history; numbers stand for ids, most of which exist.
#[derive(Debug, Clone)]
enum Step {
    Add(Kind, u32),
    Rename(Kind, u32, u32),
    Members(u32, Vec<(Kind, u32)>),
    Manager(u32, u32),
    Delete(Kind, u32),
}

fn step() -> impl Strategy<Value = Step> {
    let number = || 1..8_u32;
    prop_oneof![
        3 => (kind(), number()).prop_map(|(kind, name)| Step::Add(kind, name)),
        1 => (kind(), number(), number()).prop_map(|(kind, id, name)| Step::Rename(kind, id, name)),
        3 => (number(), vec((kind(), number()), 0..4)).prop_map(|(id, members)| Step::Members(id, members)),
        1 => (number(), number()).prop_map(|(id, manager)| Step::Manager(id, manager)),
        1 => (kind(), number()).prop_map(|(kind, id)| Step::Delete(kind, id)),
    ]
}

/// Does the step as a client would; it may be refused.
fn run(store: &mut Store, step: &Step) {
    let id = |kind: Kind, number: u32| super::id::Id { kind, number };
    let patch = |store: &mut Store, id, operation: Value| {
        let request = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation],
        });
        let request = request.as_object().cloned().unwrap_or_default();
        let _ = service::modify(store, BASE, id, &request, None);
    };
    match step {
        Step::Add(kind, name) => {
            let body = json!({"schemas": [kind.schema().urn], kind.unique_attr(): format!("n{name}")});
            let body = body.as_object().cloned().unwrap_or_default();
            let _ = service::create(store, BASE, *kind, &body);
        }
        Step::Rename(kind, number, name) => {
            let rename = json!({"op": "replace", "path": kind.unique_attr(), "value": format!("N{name}")});
            patch(store, id(*kind, *number), rename);
        }
        Step::Members(group, members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(kind, number)| json!({"value": id(*kind, *number).to_string()}))
                .collect();
            let replace = json!({"op": "replace", "path": "members", "value": members});
            patch(store, id(Kind::Group, *group), replace);
        }
        Step::Manager(user, manager) => {
            let path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";
            let manager = id(Kind::User, *manager).to_string();
            patch(store, id(Kind::User, *user), json!({"op": "add", "path": path, "value": manager}));
        }
        Step::Delete(kind, number) => {
            let _ = service::delete(store, id(*kind, *number), None);
        }
    }
}

fn everything(store: &Store) -> Result<Vec<Object>, TestCaseError> {
    let state = store.state().map_err(|fault| TestCaseError::fail(fault.detail))?;
    let renderer = Renderer { state, base: BASE };
    Ok(Kind::ALL
        .iter()
        .flat_map(|kind| state.all(*kind))
        .map(|(id, entry)| renderer.resource(id, entry))
        .collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn histories_survive_a_restart(steps in vec(step(), 1..60), tidy in any::<bool>()) {
        let fail = |error: super::SandboxError| TestCaseError::fail(error.to_string());
        let dir = tempfile::tempdir()?;
        let mut store = Store::open(dir.path(), Duration::ZERO).map_err(fail)?;
        for step in &steps {
            run(&mut store, step);
        }
        let before = everything(&store)?;
        if tidy {
            store.close().map_err(fail)?;
        }
        drop(store);
        let mut store = Store::open(dir.path(), Duration::ZERO).map_err(fail)?;
        prop_assert_eq!(&everything(&store)?, &before);
        let before = before.len();
        run(&mut store, &Step::Add(Kind::User, 99));
        prop_assert_eq!(everything(&store)?.len(), before + 1);
    }
}
