//! The arena compared with another YAML parser on random documents, and with documents that are hard to parse.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use rolecall::config::cursor::Cursor;
use rolecall::config::expr_source::expr_source;
use rolecall::config::{arena, cursor_json};
use rolecall::model::Diagnostic;
use serde_json::Value;

fn read(text: &str) -> (Option<Value>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let arena = arena::build(0, text, &mut found);
    let value = arena.map(|arena| {
        let view = arena.view(0, text);
        let root = Cursor::root(&view);
        if let Some(root) = root {
            inside(root, 0, text.len());
        }
        root.map_or(Value::Null, cursor_json::to_value)
    });
    found.retain(|found| found.severity == rolecall::model::diagnostic::Severity::Error);
    (value, found)
}

/// Every node lies in its parent, and its place is text.
fn inside(node: Cursor<'_>, from: usize, to: usize) {
    let span = node.span();
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(from <= start && start <= end && end <= to, "{from}..{to} does not hold {start}..{end}");
    assert!(node.view().src.get(start..end).is_some());
    for child in node.children() {
        inside(child, start, end);
    }
}

fn values() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-z]{0,8}",
        "[ -~]{0,12}",
        "\\PC{0,6}",
        "[a-z \n\t'\"\\\\]{0,14}",
        prop::sample::select(vec![
            "no", "true", "null", "~", "1", "0123", "1.5", "- a", "a: b", "#x", "&a", "*a", "!t", "[", "{}",
            "|", ">", "%", "@", "---", "...", "<<", "? a", "1e3", ".inf", "0x1f", ""
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1000i32..1000).prop_map(|number| Value::from(f64::from(number) / 8.0)),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(
                "[ -~]{1,6}".prop_filter("a merge key is refused", |key| key != "<<"),
                inner,
                0..6
            )
            .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Pieces that often make YAML if they are put together at random.
fn documents() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b: ", "c:", " ", "  ", "\n", "\n  ", "\n    ", "- ", "\n- ", "[", "]", "{", "}", ", ", ": ",
        "'", "\"", "x y", "12", "true", "no", "~", "null", "|\n", ">-\n", "# c", "\\n", "''", "\\\"", "é",
        "\r\n", "k: v\n", "- i\n", "? ", "\"q\": ", "'s': ", "1.5", "-", "a#b", "a: b: c", "\t",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| format!("{}\n", pieces.concat()))
}

/// `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    wanted.unwrap_or(512)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    /// Text that the other library writes is read back unchanged.
    #[test]
    fn what_was_written_is_read_back(value in values()) {
        let text = serde_yaml::to_string(&value).unwrap();
        let (read, found) = read(&text);
        prop_assert!(found.is_empty(), "{text}\n{found:?}");
        prop_assert_eq!(read, Some(value), "{}", text);
    }

    /// If both readers accept a mapping, they agree on it. (The other one reads a block scalar at the top, without any
    /// indentation, in another way.)
    #[test]
    fn both_readers_agree(text in documents()) {
        let (ours, found) = read(&text);
        let theirs = serde_yaml::from_str::<Value>(&text);
        if let (Some(ours @ Value::Object(_)), true, Ok(theirs)) = (ours, found.is_empty(), theirs) {
            prop_assert_eq!(ours, theirs, "{:?}", text);
        }
    }

    /// The characters of an expression are found in the file in every notation.
    #[test]
    fn expressions_point_into_the_file(text in "[a-z .&'\"\\\\\n\u{e9}]{1,40}", notation in 0..4usize) {
        let yaml = match notation {
            0 => serde_yaml::to_string(&serde_json::json!({"e": text})).unwrap(),
            1 => format!("e: {}\n", serde_json::to_string(&text).unwrap()),
            2 => format!("e: '{}'\n", text.replace('\'', "''").replace('\n', " ")),
            _ => format!("e: |\n  {}\n", text.replace('\n', "\n  ")),
        };
        let mut found = Vec::new();
        if let Some(arena) = arena::build(0, &yaml, &mut found) {
            let view = arena.view(0, &yaml);
            let node = Cursor::root(&view).and_then(|root| root.get("e"));
            if let Some(node) = node.filter(|node| node.as_str().is_some()) {
                let source = expr_source(node);
                prop_assert!(!source.segments.is_empty() || source.text.trim().is_empty(), "{yaml:?}");
                for (at, c) in source.text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
                    let span = source.span_of(at as u32, (at + c.len_utf8()) as u32);
                    let shown = &yaml[span.start as usize..];
                    let escaped = shown.starts_with('\\') || c == '\'' && shown.starts_with('\'');
                    prop_assert!(escaped || shown.starts_with(c), "{yaml:?} {at} {c:?} {shown:?}");
                }
            }
        }
    }

    /// Every input gets an answer and no panic.
    #[test]
    fn anything_is_answered(text in "[ -~\n\t\r\\PC]{0,80}") {
        let (value, found) = read(&text);
        prop_assert!(value.is_some() || !found.is_empty());
    }
}

#[test]
fn hostile_shapes_end_soon() {
    let many = 60_000;
    let mut shapes = vec![
        "[".repeat(many),
        "{".repeat(many),
        "- ".repeat(many),
        "? ".repeat(many),
        "a: [".repeat(many),
        "a:\n".repeat(many),
        "&a ".repeat(many),
        "!t ".repeat(many),
        format!("a: {}", "b: ".repeat(many)),
        format!("a: \"{}", "\\".repeat(many)),
        format!("a: '{}", "''".repeat(many)),
        format!("{}: x", "k".repeat(many)),
        format!("a: |\n{}", " x\n".repeat(many)),
        format!("a: >\n{}", "  x\n\n".repeat(many)),
        "#".repeat(many),
        "--- a\n".repeat(many),
        "\u{feff}".repeat(many),
        "\0".repeat(many),
        (0..many).map(|number| format!("k{number}: &a{number} [*a{number}]\n")).collect(),
        (0..many).map(|number| format!("k{}: 1\n", number % 3)).collect(),
        (0..many).map(|number| format!("k{number}: 1\n")).collect(),
        format!("a: [{}]", "x, ".repeat(many)),
    ];
    let deep: String = (0..many / 100).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    shapes.push(deep);
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let row = vec![format!("*a{}", level - 1); 9].join(", ");
        laughs.push_str(&format!("a{level}: &a{level} [{row}]\n"));
    }
    shapes.push(laughs);
    for shape in shapes {
        let start = Instant::now();
        let (value, found) = read(&shape);
        assert!(value.is_some() || !found.is_empty());
        let shown: String = shape.chars().take(20).collect();
        // The limit is generous: the test has to find work that grows with the square of the length.
        assert!(start.elapsed() < Duration::from_secs(10), "{shown:?} took {:?}", start.elapsed());
    }
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth: usize| format!("a: {}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(60)).1.is_empty());
    let (value, found) = read(&nested(70));
    assert!(value.is_none());
    assert_eq!(found[0].message, "nested deeper than 64 levels");
}

#[test]
fn a_node_is_small() {
    assert_eq!(size_of::<rolecall::config::arena::Node>(), 16);
}
