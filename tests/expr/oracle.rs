//! Compares this language with the `cel` crate: each random well-typed expression without nulls has the same result in
//! both, or fails in both.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use cel::{Context, Env};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rolecall::expr::Use;
use rolecall::model::Want;
use rolecall::model::span::Span;

use super::sources::{leaves, sources};
use super::world::{World, compiled};

/// The result of an expression as JSON; none if it fails.
type Answer = Option<serde_json::Value>;

/// The result of this language; or the refused parts that fail with any facts, such as `1 / 0`.
fn ours(world: &World, text: &str) -> Result<Answer, Vec<String>> {
    let compiled = compiled(&world.company, text, Use::UserMapping).map_err(|problems| {
        assert!(problems.iter().all(|problem| problem.code == "expr-fails"), "{text}: {problems:#?}");
        let part = |span: Span| text[span.start as usize - 1000..span.end as usize - 1000].to_owned();
        problems.iter().filter_map(|problem| problem.span).map(part).collect::<Vec<_>>()
    })?;
    Ok(match compiled.program.want(&world.facts()) {
        Ok(Want::Is(value)) => Some(serde_json::to_value(value).expect("JSON")),
        // Only the empty list is no value.
        Ok(Want::Clear) => Some(serde_json::Value::Array(Vec::new())),
        Ok(other) => panic!("{text}: {other:?}"),
        Err(_) => None,
    })
}

struct Oracle {
    env: Arc<Env>,
    user: serde_json::Value,
}

impl Oracle {
    fn new() -> Self {
        let mut env = Env::stdlib();
        env.add_extension(cel::extensions::strings).expect("the string extension");
        let user = serde_json::json!({
            "id": "ada",
            "name": {"given": "Ada", "family": "Lovelace"},
            "email": "ada@acme.example",
            "title": "Senior Analyst",
            "department": "Engineering",
            "attributes": {"employeeNumber": "00701984", "level": 3, "tags": ["go", "rust"]},
        });
        Self { env: Arc::new(env), user }
    }

    fn answer(&self, text: &str) -> Answer {
        let program = self.env.compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let mut context = Context::with_env(Arc::clone(&self.env));
        context.add_variable_from_value("user", given(&self.user));
        let value = program.execute(&context).ok()?;
        Some(json(&value))
    }
}

/// The facts for `cel`, made by hand because serde makes numbers unsigned.
fn given(value: &serde_json::Value) -> cel::Value {
    match value {
        serde_json::Value::Object(fields) => {
            let fields: HashMap<String, cel::Value> =
                fields.iter().map(|(name, value)| (name.clone(), given(value))).collect();
            fields.into()
        }
        serde_json::Value::Array(items) => items.iter().map(given).collect::<Vec<_>>().into(),
        serde_json::Value::Number(number) => number.as_i64().expect("an integer").into(),
        other => other.as_str().expect("a string").into(),
    }
}

fn json(value: &cel::Value) -> serde_json::Value {
    match value {
        cel::Value::Int(value) => (*value).into(),
        cel::Value::Bool(value) => (*value).into(),
        cel::Value::String(text) => text.as_str().into(),
        cel::Value::List(items) => items.iter().map(json).collect(),
        other => panic!("{other:?}"),
    }
}

fn expressions() -> BoxedStrategy<String> {
    let all = sources(leaves());
    prop_oneof![all.boolean, all.text, all.int, all.list].boxed()
}

static WORLD: LazyLock<World> = LazyLock::new(World::of_page);
static ORACLE: LazyLock<Oracle> = LazyLock::new(Oracle::new);

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_come_to_the_same(text in expressions()) {
        // Longer ones are not compared, because only this language has limits.
        prop_assume!(text.len() <= rolecall::expr::limits::SOURCE_BYTES);
        let oracle = &*ORACLE;
        match ours(&WORLD, &text) {
            Ok(answer) => prop_assert_eq!(answer, oracle.answer(&text), "{}", text),
            Err(parts) => {
                for part in parts {
                    prop_assert_eq!(oracle.answer(&part), None, "{} in {}", part, text);
                }
            }
        }
    }
}

fn cases() -> u32 {
    std::env::var("ROLECALL_ORACLE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_000)
}

#[test]
fn most_random_expressions_have_a_value() {
    let mut runner = TestRunner::deterministic();
    let expressions = expressions();
    let sample = (0..400).map(|_| expressions.new_tree(&mut runner).expect("an expression").current());
    let valued = sample.filter(|text| ours(&WORLD, text).is_ok_and(|answer| answer.is_some())).count();
    assert!(valued > 240, "{valued} of 400");
}

#[test]
fn the_oracle_is_awake() {
    let oracle = Oracle::new();
    assert_eq!(oracle.answer("user.name.given + '!'"), Some("Ada!".into()));
    assert_eq!(oracle.answer("1 / 0"), None);
    assert_eq!(ours(&World::of_page(), "user.attributes.tags"), Ok(Some(serde_json::json!(["go", "rust"]))));
}
