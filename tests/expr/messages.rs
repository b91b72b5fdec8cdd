//! Every error message, with the place in the expression and its hints.

use rolecall::expr::{Types, Use, compile};
use rolecall::model::company::{AttributeDecl, AttributeType};
use rolecall::model::diagnostic::{Class, Severity};
use rolecall::model::{Diagnostic, Value};

use super::world::source;

fn declared() -> Vec<AttributeDecl> {
    let decl = |name: &str, kind, allowed: &[&str], default: Option<&str>| AttributeDecl {
        name: name.into(),
        kind,
        multi_valued: name == "tags",
        allowed: allowed.iter().map(|text| Value::str(*text)).collect(),
        default: default.map(Value::str),
        unique: false,
        sensitive: name == "salaryBand",
        span: Default::default(),
    };
    vec![
        decl("level", AttributeType::Integer, &[], None),
        decl("remote", AttributeType::Boolean, &[], None),
        decl("salaryBand", AttributeType::String, &[], None),
        decl("tags", AttributeType::String, &["go", "rust"], None),
        decl("type", AttributeType::String, &["employee", "contractor"], Some("employee")),
    ]
}

/// The expression with carets below the wrong part, then the message and the hints.
fn drawn(text: &str, diagnostic: &Diagnostic) -> String {
    assert_eq!(diagnostic.class, Class::Tree);
    let span = diagnostic.span.expect("a place");
    let (start, end) = (span.start as usize - 1000, span.end as usize - 1000);
    let before = text[..start].chars().count();
    let meant = text[start..end.min(text.len())].chars().count().max(1);
    let severity = if diagnostic.severity == Severity::Error { "" } else { "warning: " };
    let mut lines =
        vec![format!("    {}{} {severity}{}", " ".repeat(before), "^".repeat(meant), diagnostic.message)];
    lines.extend(diagnostic.hints.iter().map(|hint| format!("      hint: {hint}")));
    lines.join("\n")
}

fn report(usage: Use, expressions: &[&str]) -> String {
    let declared = declared();
    let mut lines = String::from("\n");
    for text in expressions {
        lines.push_str(&format!("    {text}\n"));
        let found = match compile(&source(text), &Types::new(&declared), usage) {
            Ok(compiled) => {
                let without = ["bob".to_owned(), "eve".to_owned()];
                compiled.unguarded.iter().map(|read| read.warning(&without)).collect()
            }
            Err(problems) => problems,
        };
        for diagnostic in &found {
            lines.push_str(&drawn(text, diagnostic));
            lines.push('\n');
        }
    }
    lines
}

#[test]
fn names() {
    let found = report(
        Use::Condition,
        &[
            "user.departmnet == 'x'",
            "user.type == 'employee'",
            "user.attributes.title == 'x'",
            "user.attributes.remot",
            "user.attributes.costCenter == 'x'",
            "user.given == 'Ada'",
            "user.name.giben == 'Ada'",
            "user.manager.titel == 'x'",
            "department == 'x'",
            "type == 'employee'",
            "usr.title == 'x'",
            "Engineering == user.department",
            "account.role == 'x'",
            "group.name == 'x'",
            "grant.privileged",
            "user.title.size == 1",
            "user.title.text == 'x'",
            "user.titel == 'x' && user.departmnt == 'y' && user.title.startwith('z')",
        ],
    );
    insta::assert_snapshot!(found);
}

#[test]
fn types() {
    let found = report(
        Use::Condition,
        &[
            "user.department",
            "user.attributes.tags",
            "user",
            "user.name == 'Ada'",
            "user.attributes.level == '3'",
            "user.email == 3",
            "user.start >= '2026-01-01'",
            "user.start >= '01/01/2026'",
            "user.start >= user.title",
            "user.attributes.remote == 'true'",
            "user.attributes.tags == 'go'",
            "'go' in user.department",
            "'o' in user.attributes.tags",
            "user.title in [1, 2]",
            "user.title in ['a', 2]",
            "user.title in ['a', null]",
            "null in ['a']",
            "user.attributes.remote < true",
            "user.title < null",
            "!user.title && user.attributes.level",
            "user.title ? true : false",
            "user.attributes.remote ? 1 : 'x'",
            "-user.title == 1",
            "user.title + 1 == 'x'",
            "user.start + 1 == user.end",
            "user.attributes.level + null == 1",
            "user.attributes.level * '2' == 4",
            "user.title[0] == 'S'",
            "user.attributes.tags['0'] == 'go'",
            "coalesce(user.title, 1) == 1",
        ],
    );
    insta::assert_snapshot!(found);
}

#[test]
fn never_and_always() {
    let found = report(
        Use::Condition,
        &[
            "user.attributes.type == 'contracter'",
            "user.attributes.type != 'guest'",
            "user.attributes.type in ['contractor', 'employe']",
            "'python' in user.attributes.tags",
            "user.status == 'Active'",
            "user.manager.status == 'gone' && has(user.manager)",
            "int('x') == 1",
            "date('2026-02-30') == user.start",
            "1 / 0 == 1",
            "'abc'.substring(4) == ''",
        ],
    );
    insta::assert_snapshot!(found);
}

#[test]
fn calls() {
    let found = report(
        Use::Condition,
        &[
            "user.title.startswith('x')",
            "startsWith(user.title, 'x')",
            "user.title.coalesce('x') == 'x'",
            "user.title.frobnicate()",
            "len(user.title) == 3",
            "now() > user.start",
            "user.attributes.tags.map(t, t) == []",
            "exists(user.attributes.tags, t, true)",
            "user.title.has()",
            "user.title.contains()",
            "user.title.contains('a', 'b')",
            "user.title.substring() == 'x'",
            "user.title.contains(1)",
            "user.attributes.level.startsWith('x')",
            "coalesce() == 1",
            "has(user)",
            "has(user.title, user.department)",
            "has(user.title.trim())",
            "user.title.matches('(a')",
            "user.title.matches(r'\\w{999}')",
            "user.title.matches(r'(a)\\1')",
            "user.title.matches(user.department)",
            "user.start.format('DD. MMM') == 'x'",
            "user.attributes.tags.exists(t, t.exists(u, true))",
            "user.attributes.tags.exists(t, user.attributes.tags.all(u, u == t))",
            "user.attributes.tags.exists(user, true)",
            "user.attributes.tags.exists('t', true)",
            "user.attributes.tags.exists(t)",
            "user.title.exists(t, true)",
            "user.attributes.tags.exists(t, t)",
            "user.attributes.tags.exists(t, t == 'go') && t == 'go'",
        ],
    );
    insta::assert_snapshot!(found);
}

#[test]
fn syntax() {
    let found = report(
        Use::Condition,
        &[
            "",
            "  // nothing",
            "user.title = 'x'",
            "user.title == 'x' and true",
            "user.title == 'x' AND true",
            "not user.attributes.remote",
            "user.title == “x”",
            "user.title == 'x",
            "user.title == 'it's'",
            "user.title.matches('\\d')",
            "(user.title == 'x'",
            "user.title == 'x')",
            "user.title ==",
            "user.",
            "user.title == 1.5",
            "{'a': 1}",
            "user.attributes.tags == ['go' 'rust']",
            "user.attributes.remote ? true",
            "user.attributes.level == 9223372036854775808",
            "user.title & user.title",
            "user.title == \"\"\"x\"\"\"",
            "if user.attributes.remote",
            "ü",
        ],
    );
    insta::assert_snapshot!(found);
}

#[test]
fn mappings_give_values() {
    let found = report(
        Use::UserMapping,
        &[
            "user.manager",
            "[user.manager]",
            "null",
            "account",
            "user.attributes",
            "account.ref",
            "account.ref()",
            "account.ref('ada')",
            "account.ref(user.manager) == 'x'",
            "account.rol",
            "account.roles == 'x'",
            "group.name",
            "user.attributes.remote ? account.ref(user.manager) : 'x'",
        ],
    );
    insta::assert_snapshot!(found);
    let found = report(Use::GroupMapping, &["group.nam", "user.id", "account.ref(user)", "group"]);
    insta::assert_snapshot!("groups", found);
}

#[test]
fn unguarded_optional_attributes() {
    let found = report(
        Use::Condition,
        &[
            "user.department == 'x'",
            "has(user.department) && user.department == 'x'",
            "user.department == 'x' && has(user.department)",
            "user.department != null && user.department == 'x'",
            "user.department == null || user.department == 'x'",
            "!has(user.department) || user.department == 'x'",
            "has(user.department) ? user.department == 'x' : false",
            "has(user.title) && user.department == 'x'",
            "coalesce(user.department, 'none') == 'x'",
            "user.attributes.type != 'contractor' && user.status == 'active' && user.email.endsWith('.x')",
            "user.manager == 'grace'",
            "user.manager.title == 'x'",
            "has(user.manager) && user.manager.title == 'x'",
            "has(user.manager.title) && user.manager.title == 'x'",
            "has(user.manager) && user.manager.email == 'x'",
            "user.attributes.tags.exists(t, t == user.title)",
            "user.attributes.remote",
            "user.attributes.remote || !user.attributes.remote",
            "has(user.title) && has(user.department) && (user.title + user.department).size() > 3",
        ],
    );
    insta::assert_snapshot!(found);
    let found = report(
        Use::UserMapping,
        &[
            "user.attributes.remote",
            "user.department == 'x'",
            "coalesce(user.department == 'x', false)",
            "user.title",
        ],
    );
    insta::assert_snapshot!("booleans_in_mappings", found);
}
