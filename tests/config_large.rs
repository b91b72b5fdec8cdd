//! Large and deep trees: nothing recurses on the input, and thousands of mistakes are still reported quickly.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rolecall::catalog::Catalog;
use rolecall::config::{self, Loaded, Source};

fn load(access: String) -> Loaded {
    let start = Instant::now();
    let source = Source::in_memory([("rolecall.yaml", "version: 1\n".to_owned()), ("access/a.yaml", access)]);
    let loaded = config::load(&source, &Catalog::default());
    // The limit is generous, for builds without optimisation on a busy machine.
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    loaded
}

#[test]
fn groups_nest_as_deep_as_there_are_groups() {
    let many = 20_000;
    let mut text = "groups:\n".to_owned();
    for number in 0..many {
        let _ = writeln!(text, "  g{number}: {{members: [group:g{}]}}", (number + 1) % many);
    }
    let loaded = load(text);
    let found = loaded.diagnostics.sorted();
    assert_eq!(found.len(), 1);
    assert!(found[0].message.starts_with("groups contain each other: g0 -> g1 -> g2"));
    assert!(found[0].message.contains(" -> … -> "));
    assert!(found[0].related.len() <= 20);
}

#[test]
fn groups_that_all_contain_each_other_are_answered() {
    let many = 300;
    let mut text = "groups:\n".to_owned();
    for number in 0..many {
        let members: Vec<_> = (0..many).map(|other| format!("group:g{other}")).collect();
        let _ = writeln!(text, "  g{number}: {{members: [{}]}}", members.join(", "));
    }
    assert_eq!(load(text).diagnostics.sorted().len(), 20);
}

#[test]
fn thousands_of_mistakes_are_answered() {
    let many = 20_000;
    let mut text = "users:\n".to_owned();
    for number in 0..many {
        let _ = writeln!(
            text,
            "  u{number}: {{name: {{given: A, family: B}}, email: a@acme.example, manager: nobody{number}}}"
        );
    }
    text.push_str("groups:\n  all:\n    members:\n");
    for number in 0..many {
        let _ = writeln!(text, "      - user:x{number}");
    }
    assert_eq!(load(text).diagnostics.sorted().len(), 2 * many);
    let mut text = "users:\n".to_owned();
    for number in 0..many {
        let _ = writeln!(text, "  u {number}: {{nmae: 1, email: 2}}");
    }
    assert!(load(text).diagnostics.counts().0 >= 500);
}

#[test]
fn every_id_declared_twice_is_answered() {
    let users: String = (0..5_000)
        .map(|number| format!("  u{number}: {{name: {{given: A, family: B}}, email: a@acme.example}}\n"))
        .collect();
    let text = format!("users:\n{users}");
    let source = Source::in_memory([
        ("rolecall.yaml", "version: 1\n".to_owned()),
        ("access/a.yaml", text.clone()),
        ("access/b.yaml", text),
    ]);
    let loaded = config::load(&source, &Catalog::default());
    assert_eq!(loaded.diagnostics.sorted().len(), 5_000);
    assert_eq!(loaded.company.unwrap().users.len(), 5_000);
}
