//! Random well-typed expressions without nulls are given to this language and to the `cel` crate: the same source has to
//! come to the same answer, or fail in both.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use cel::{Context, Env};
use proptest::prelude::*;
use rolecall::expr::Use;
use rolecall::model::Want;
use rolecall::model::span::Span;

use super::world::{World, compiled};

/// What an expression comes to: JSON, or nothing if it fails.
type Answer = Option<serde_json::Value>;

/// Ours; or the parts for which it was refused, because they fail whatever the facts are, such as `1 / 0`.
fn ours(world: &World, text: &str) -> Result<Answer, Vec<String>> {
    let compiled = compiled(&world.company, text, Use::UserMapping).map_err(|problems| {
        assert!(
            problems.iter().all(|problem| problem.code == "expr-fails"),
            "{text}: {problems:#?}"
        );
        let part = |span: Span| text[span.start as usize - 1000..span.end as usize - 1000].to_owned();
        problems
            .iter()
            .filter_map(|problem| problem.span)
            .map(part)
            .collect::<Vec<_>>()
    })?;
    Ok(match compiled.program.want(&world.facts()) {
        Ok(Want::Is(value)) => Some(serde_json::to_value(value).expect("JSON")),
        // The only list that is no value is the empty one.
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
        env.add_extension(cel::extensions::strings)
            .expect("the string extension");
        let user = serde_json::json!({
            "id": "ada",
            "name": {"given": "Ada", "family": "Lovelace"},
            "email": "ada@acme.example",
            "title": "Senior Analyst",
            "department": "Engineering",
            "attributes": {"employeeNumber": "00701984", "level": 3, "tags": ["go", "rust"]},
        });
        Self {
            env: Arc::new(env),
            user,
        }
    }

    fn answer(&self, text: &str) -> Answer {
        let program = self
            .env
            .compile(text)
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        let mut context = Context::with_env(Arc::clone(&self.env));
        context.add_variable_from_value("user", given(&self.user));
        let value = program.execute(&context).ok()?;
        Some(json(&value))
    }
}

/// Facts for `cel`. By hand, because through serde a number would become an unsigned one.
fn given(value: &serde_json::Value) -> cel::Value {
    match value {
        serde_json::Value::Object(fields) => {
            let fields: HashMap<String, cel::Value> = fields
                .iter()
                .map(|(name, value)| (name.clone(), given(value)))
                .collect();
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

/// Sources of one type each, of bounded size.
#[derive(Clone)]
struct Sources {
    text: BoxedStrategy<String>,
    int: BoxedStrategy<String>,
    boolean: BoxedStrategy<String>,
    list: BoxedStrategy<String>,
}

fn leaves() -> Sources {
    let quoted = "[a-cA-CéZ@ ,.-]{0,5}".prop_map(|text: String| format!("'{text}'"));
    let fields = [
        "user.id",
        "user.name.given",
        "user.name.family",
        "user.email",
        "user.title",
        "user.department",
        "user.attributes.employeeNumber",
        r#""a\n\"\u00e9""#,
        r"r'\d'",
    ];
    let tags = Just("user.attributes.tags".to_owned());
    Sources {
        text: prop_oneof![
            quoted,
            prop::sample::select(fields.to_vec()).prop_map(str::to_owned)
        ]
        .boxed(),
        int: prop_oneof![
            (-9i64..10).prop_map(|value| value.to_string()),
            Just("user.attributes.level".to_owned()),
            prop::sample::select(&["9223372036854775807", "-9223372036854775808", "0x10"][..])
                .prop_map(str::to_owned),
        ]
        .boxed(),
        boolean: prop::sample::select(&["true", "false"][..])
            .prop_map(str::to_owned)
            .boxed(),
        list: tags.boxed(),
    }
}

/// One level on top of smaller sources.
fn level(inner: &Sources) -> Sources {
    let Sources {
        text,
        int,
        boolean,
        list,
    } = inner.clone();
    let pair = |left: &BoxedStrategy<String>, right: &BoxedStrategy<String>| (left.clone(), right.clone());
    let choice = |value: &BoxedStrategy<String>| {
        (boolean.clone(), value.clone(), value.clone())
            .prop_map(|(condition, then, other)| format!("({condition} ? {then} : {other})"))
    };
    let compared = prop::sample::select(&["==", "!=", "<", "<=", ">", ">="][..]);
    let asked = prop::sample::select(&["startsWith", "endsWith", "contains"][..]);
    let counted = prop::sample::select(&["+", "-", "*", "/", "%"][..]);
    let changed = prop::sample::select(&["lowerAscii", "upperAscii", "trim"][..]);
    let found = prop::sample::select(&["indexOf", "lastIndexOf"][..]);
    let patterns = prop::sample::select(&["^a", "[a-c]+$", r"\\.", "(?i)ADA", "x*"][..]);
    let quantifier = prop::sample::select(&["exists", "all"][..]);
    // `exists` and `all` do not stand inside one another.
    let plain = leaves();
    let of_item = prop_oneof![
        plain.text.clone().prop_map(|text| format!("x == {text}")),
        plain.text.prop_map(|text| format!("x.contains({text})")),
        pair(&plain.int, &plain.boolean).prop_map(|(int, boolean)| format!("x.size() > {int} || {boolean}")),
    ];
    Sources {
        text: prop_oneof![
            text.clone(),
            pair(&text, &text).prop_map(|(a, b)| format!("({a} + {b})")),
            (text.clone(), text.clone(), text.clone()).prop_map(|(a, b, c)| format!("({a} + {b} + {c})")),
            choice(&text),
            (text.clone(), changed).prop_map(|(text, name)| format!("{text}.{name}()")),
            (text.clone(), text.clone(), text.clone()).prop_map(|(a, b, c)| format!("{a}.replace({b}, {c})")),
            (text.clone(), 0..4).prop_map(|(text, at)| format!("{text}.substring({at})")),
            (text.clone(), 0..4, 0..8).prop_map(|(text, from, to)| format!("{text}.substring({from}, {to})")),
            (text.clone(), int.clone()).prop_map(|(text, at)| format!("{text}.charAt({at})")),
            pair(&list, &text).prop_map(|(list, text)| format!("{list}.join({text})")),
            list.clone().prop_map(|list| format!("{list}.join()")),
            (list.clone(), 0..3).prop_map(|(list, at)| format!("{list}[{at}]")),
            int.clone().prop_map(|int| format!("string({int})")),
        ]
        .boxed(),
        int: prop_oneof![
            int.clone(),
            (int.clone(), counted, int.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            int.clone().prop_map(|int| format!("(-({int}))")),
            choice(&int),
            text.clone().prop_map(|text| format!("size({text})")),
            list.clone().prop_map(|list| format!("{list}.size()")),
            (text.clone(), found, text.clone()).prop_map(|(a, name, b)| format!("{a}.{name}({b})")),
            text.clone().prop_map(|text| format!("int({text})")),
        ]
        .boxed(),
        boolean: prop_oneof![
            boolean.clone(),
            (text.clone(), compared.clone(), text.clone())
                .prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            (int.clone(), compared, int.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            pair(&boolean, &boolean).prop_map(|(a, b)| format!("({a} && {b})")),
            pair(&boolean, &boolean).prop_map(|(a, b)| format!("({a} || {b})")),
            (boolean.clone(), boolean.clone(), boolean.clone())
                .prop_map(|(a, b, c)| format!("({a} || {b} && {c})")),
            pair(&boolean, &boolean).prop_map(|(a, b)| format!("({a} == {b})")),
            boolean.clone().prop_map(|boolean| format!("!{boolean}")),
            choice(&boolean),
            (text.clone(), asked, text.clone()).prop_map(|(a, name, b)| format!("{a}.{name}({b})")),
            (text.clone(), patterns).prop_map(|(text, pattern)| format!("{text}.matches('{pattern}')")),
            pair(&text, &list).prop_map(|(text, list)| format!("({text} in {list})")),
            pair(&list, &list).prop_map(|(a, b)| format!("({a} == {b})")),
            (list.clone(), quantifier, of_item)
                .prop_map(|(list, name, item)| format!("{list}.{name}(x, {item})")),
            Just("has(user.title)".to_owned()),
        ]
        .boxed(),
        list: prop_oneof![
            list.clone(),
            prop::collection::vec(text.clone(), 1..4).prop_map(|items| format!("[{}]", items.join(", "))),
            pair(&list, &list).prop_map(|(a, b)| format!("({a} + {b})")),
            pair(&text, &text).prop_map(|(a, b)| format!("{a}.split({b})")),
            choice(&list),
        ]
        .boxed(),
    }
}

fn expressions() -> BoxedStrategy<String> {
    let all = level(&level(&level(&leaves())));
    prop_oneof![all.boolean, all.text, all.int, all.list].boxed()
}

static WORLD: LazyLock<World> = LazyLock::new(World::of_page);
static ORACLE: LazyLock<Oracle> = LazyLock::new(Oracle::new);

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_come_to_the_same(text in expressions()) {
        // Beyond these there is nothing to compare: the limits are ours alone.
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
    std::env::var("ROLECALL_ORACLE_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(2_000)
}

#[test]
fn the_oracle_is_awake() {
    let oracle = Oracle::new();
    assert_eq!(oracle.answer("user.name.given + '!'"), Some("Ada!".into()));
    assert_eq!(oracle.answer("1 / 0"), None);
    assert_eq!(
        ours(&World::of_page(), "user.attributes.tags"),
        Ok(Some(serde_json::json!(["go", "rust"])))
    );
}
