//! Random well-typed expressions.

use proptest::prelude::*;

/// Random sources for each type, of bounded size.
#[derive(Clone)]
pub struct Sources {
    pub text: BoxedStrategy<String>,
    pub int: BoxedStrategy<String>,
    pub boolean: BoxedStrategy<String>,
    pub list: BoxedStrategy<String>,
}

/// Constants, and attributes that have a value.
pub fn leaves() -> Sources {
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
        text: prop_oneof![quoted, prop::sample::select(fields.to_vec()).prop_map(str::to_owned)].boxed(),
        int: prop_oneof![
            (-9i64..10).prop_map(|value| value.to_string()),
            Just("user.attributes.level".to_owned()),
            prop::sample::select(&["9223372036854775807", "-9223372036854775808", "0x10"][..])
                .prop_map(str::to_owned),
        ]
        .boxed(),
        boolean: prop::sample::select(&["true", "false"][..]).prop_map(str::to_owned).boxed(),
        list: tags.boxed(),
    }
}

/// One level on top of smaller sources.
fn level(inner: &Sources) -> Sources {
    let Sources { text, int, boolean, list } = inner.clone();
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
    // `exists` and `all` may not be nested.
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

/// Expressions of every type over these leaves.
pub fn sources(leaves: Sources) -> Sources {
    level(&level(&level(&leaves)))
}
