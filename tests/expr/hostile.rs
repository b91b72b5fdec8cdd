//! Hostile expressions: each ends soon with a result or an error, on a small stack.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rolecall::expr::{Truth, Use, limits};
use rolecall::model::{Diagnostic, Want};

use super::world::{World, compiled};

/// The result of an expression, if it compiles.
fn run(world: &World, text: &str) -> Result<Result<Want, String>, Vec<Diagnostic>> {
    let started = Instant::now();
    let answer = compiled(&world.company, text, Use::UserMapping).map(|compiled| {
        let facts = world.facts();
        compiled.program.truth(&facts);
        compiled.program.want(&facts).map_err(|error| error.message)
    });
    let took = started.elapsed();
    let start: String = text.chars().take(60).collect();
    assert!(took < Duration::from_secs(2), "{took:?} for {start}…");
    answer
}

/// Runs on half the stack of a worker thread. Builds without optimisation need the most stack.
fn on_a_small_stack(body: impl FnOnce(&World) + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(1024 * 1024)
        .spawn(move || body(&World::of_page()))
        .expect("a thread")
        .join()
        .expect("no panic and no overflow");
}

fn said(world: &World, text: &str) -> String {
    match run(world, text) {
        Err(problems) => problems[0].message.clone(),
        Ok(Err(message)) => message,
        Ok(Ok(want)) => format!("{want:?}"),
    }
}

fn chain(term: &str, operator: &str, count: usize) -> String {
    vec![term; count].join(operator)
}

#[test]
fn long_chains_are_refused_or_run_flat() {
    on_a_small_stack(|world| {
        for operator in ["+", "-", "*", "/", "%"] {
            assert!(said(world, &chain("1", operator, 10_000)).contains("longer than"), "{operator}");
            assert!(said(world, &chain("1", operator, 2_000)).contains("more than 1000 parts"), "{operator}");
            assert!(!said(world, &chain("1", operator, 900)).contains("parts"), "{operator}");
        }
        for operator in ["&&", "||"] {
            assert!(said(world, &chain("true", operator, 10_000)).contains("longer than"), "{operator}");
            assert!(said(world, &chain("true", operator, 650)).contains("Is(Bool(true))"), "{operator}");
        }
        assert!(said(world, &chain("\"a\"", "+", 900)).contains("aaaaaa"));
        assert!(said(world, &format!("{}1", "true?1:".repeat(330))).contains("Is(Int(1))"));
        assert!(said(world, &format!("{}1", "false?1:".repeat(330))).contains("Is(Int(1))"));
        assert!(said(world, &chain("1", "==", 1_000)).contains("nested more than"));
        assert!(said(world, &chain("1", "<", 1_000)).contains("nested more than"));
        assert!(said(world, &format!("{}true", "!".repeat(4_000))).contains("Is(Bool(true))"));
        assert!(said(world, &format!("{}1", "-".repeat(4_001 - 1))).contains("Is(Int(1))"));
    });
}

#[test]
fn deep_nesting_is_refused() {
    on_a_small_stack(|world| {
        let shapes = [
            ("(", "1", ")"),
            ("[", "1", "]"),
            ("has(", "user.title", ")"),
            ("size(", "'a'", ")"),
            ("coalesce(1,", "1", ")"),
            ("user.attributes.tags[", "0", "]"),
            ("!(", "true", ")"),
            ("-(", "1", ")"),
            ("true ? (", "1", ") : 2"),
            ("[1].exists(x,", "true", ")"),
        ];
        for (open, inner, close) in shapes {
            for depth in [10, 31, 32, 33, 100, 1_000, 2_000] {
                let text = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
                let answer = said(world, &text);
                assert!(
                    depth < 33 || answer.contains("more than") || answer.contains("longer"),
                    "{open} {depth}: {answer}"
                );
            }
        }
        for open in ["(", "[", "-(", "!(", "f(", "a[", "a?", "a.b(", "[(", "\"\\", "r'", "''.f("] {
            let text: String = open.repeat(4_000 / open.len());
            assert!(run(world, &text).is_err(), "{open}");
        }
    });
}

#[test]
fn the_deepest_that_is_let_in_runs_on_a_small_stack() {
    on_a_small_stack(|world| {
        // The costliest steps, up to the allowed depth.
        let deepest = format!("user.title{}", ".replace('a', 'b')".repeat(limits::DEPTH as usize - 2));
        assert!(said(world, &deepest).contains("Senior"));
        let brackets = limits::DEPTH as usize - 1;
        let nested = format!("{}1{}", "(1+".repeat(brackets), ")".repeat(brackets));
        assert!(said(world, &nested).contains("Int(32)"), "{}", said(world, &nested));
        let choices = format!("{}1{}", "(true ? ".repeat(brackets), " : 1)".repeat(brackets));
        assert!(said(world, &choices).contains("Int(1)"), "{}", said(world, &choices));
        let logic = format!("{}true{}", "(true && ".repeat(brackets), ")".repeat(brackets));
        assert!(said(world, &logic).contains("Bool(true)"), "{}", said(world, &logic));
    });
}

#[test]
fn texts_cannot_explode() {
    on_a_small_stack(|world| {
        let letters = "x".repeat(100);
        for times in [2, 5, 20] {
            let text = format!("user.title{}", format!(".replace('', '{letters}')").repeat(times));
            let answer = said(world, &text);
            assert!(times < 2 || answer.contains("would be too long"), "{times}: {answer}");
        }
        let constant = format!("'{letters}'.replace('', '{letters}').replace('', '{letters}')");
        assert!(said(world, &constant).contains("would be too long"));
        let joined = format!("{}.join('{letters}')", chain("'abc'.replace('', 'abc').split('')", "+", 90));
        assert!(said(world, &joined).len() < 100_000);
    });
}

#[test]
fn work_is_bounded() {
    on_a_small_stack(|world| {
        let long = "x".repeat(300);
        // 60,000 characters, and for each of them a condition that reads all of them.
        let made = format!("user.title.replace('', '{long}').replace('x', '0123456789')");
        let heavy = format!("{made}.split('').exists(c, {made}.contains(c + 'no'))");
        assert!(said(world, &heavy).contains("too much work"), "{}", said(world, &heavy));
        let matching = format!("{made}.matches(r'(x+x+)+y$') && {made}.matches(r'(\\w*)*z')");
        assert!(said(world, &matching).contains("too much work"), "{}", said(world, &matching));
        let lists = format!("({}).size()", chain(&format!("{made}.split('')"), "+", 8));
        assert!(said(world, &lists).contains("too much work"), "{}", said(world, &lists));
    });
}

#[test]
fn patterns_cannot_grow() {
    on_a_small_stack(|world| {
        let nested = format!("{}a{}", "(".repeat(1_500), ")".repeat(1_500));
        for (pattern, answer) in [
            (r"\w{1000}", "the pattern is too large"),
            (r"(\w{50}){50}", "the pattern is too large"),
            (r"((a{100}){100}){100}", "the pattern is too large"),
            (r"(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9})", "the pattern is too large"),
            (&"[[:^alpha:]]".repeat(300), "the pattern is too large"),
            (&"(".repeat(2_000), "not valid: unclosed group"),
            (&nested, "not valid: exceed the maximum number of nested"),
            ("(?P<n>a)(?P<n>b)", "not valid: duplicate capture group name"),
            ("\\", "not valid: incomplete escape"),
        ] {
            let said = said(world, &format!("user.title.matches(r'{pattern}')"));
            assert!(said.contains(answer), "{pattern}: {said}");
        }
        // These are long and harmless: they compile and end in time.
        for pattern in [&"a?".repeat(1_900), &"a|".repeat(1_900), r"[\p{L}--[a-z]]"] {
            assert!(run(world, &format!("user.title.matches(r'{pattern}')")).is_ok());
        }
    });
}

#[test]
fn numbers_do_not_wrap() {
    let world = World::of_page();
    for (text, answer) in [
        ("9223372036854775807 + user.attributes.level", "too large"),
        ("-9223372036854775808 - user.attributes.level", "too large"),
        ("9223372036854775807 * user.attributes.level", "too large"),
        ("-(user.attributes.level - 3 - 9223372036854775807 - 1)", "too large"),
        ("(user.attributes.level - 3 - 9223372036854775807 - 1) / -1", "too large"),
        ("(user.attributes.level - 3 - 9223372036854775807 - 1) % -1", "too large"),
        ("1 % (user.attributes.level - 3)", "division by zero"),
        ("9223372036854775808", "too large"),
        ("0xFFFFFFFFFFFFFFFFFF", "not a number"),
        ("int('9223372036854775808')", "not a whole number"),
        ("user.title.charAt(9223372036854775807)", "lies outside"),
        ("user.title.substring(-9223372036854775808)", "lies outside"),
        ("user.title.substring(3, 2)", "lies outside"),
        ("user.attributes.tags[-1]", "lies outside"),
    ] {
        assert!(said(&world, text).contains(answer), "{text}: {}", said(&world, text));
    }
}

#[test]
fn facts_that_are_not_there_are_unknown() {
    let world = World::of_page();
    let nobody = rolecall::expr::Facts {
        user: Some(rolecall::model::UserNo(7)),
        account: None,
        group: None,
        company: &world.company,
    };
    let condition = compiled(&world.company, "user.email == 'x'", Use::Condition).unwrap();
    assert!(matches!(condition.program.truth(&nobody), Truth::Unknown(why) if why.contains("user.email")));
    let role = compiled(&world.company, "account.role", Use::UserMapping).unwrap();
    assert!(role.program.want(&nobody).is_err());
    let group = compiled(&world.company, "group.name", Use::GroupMapping).unwrap();
    assert!(group.program.want(&nobody).is_err());
}

static WORLD: LazyLock<World> = LazyLock::new(World::of_page);

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text.
    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        run(&WORLD, &text).ok();
    }

    /// Pieces of the language in any order, so that more of it parses.
    #[test]
    fn no_pieces_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..25)) {
        run(&WORLD, &pieces.concat()).ok();
    }
}

const PIECES: &[&str] = &[
    "user",
    "account",
    "group",
    ".",
    "name",
    "given",
    "title",
    "manager",
    "attributes",
    "tags",
    "level",
    "ref",
    "role",
    "(",
    ")",
    "[",
    "]",
    ",",
    "?",
    ":",
    "==",
    "!=",
    "<",
    " in ",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "&&",
    "||",
    "has(",
    ".exists(x, ",
    ".all(x, ",
    "x",
    "coalesce(",
    "size(",
    ".size()",
    ".split('')",
    ".join()",
    ".substring(",
    "date(",
    ".format('YYYY')",
    ".matches('a')",
    "string(",
    "int(",
    "'a'",
    "\"ä\"",
    "r'\\'",
    "''",
    "0",
    "1",
    "-1",
    "null",
    "true",
    "false",
    "user.title",
    "user.start",
    "user.manager",
    "user.attributes.tags",
    "user.attributes.level",
    " ",
    "\\",
    "'",
    "\"",
    "//",
    "\n",
    "9223372036854775807",
];
