//! The page `docs/expressions.md` agrees with the code.

use rolecall::expr::{LAYOUT_PARTS, Truth, Use, functions, limits};
use rolecall::model::{Value, Want};

use super::world::{PAGE, World, compiled};

struct Row {
    line: usize,
    expression: String,
    result: String,
    why: String,
}

/// The rows of all tables that have the columns expression and result.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut inside = false;
    for (index, line) in PAGE.lines().enumerate() {
        let Some(inner) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else {
            inside = false;
            continue;
        };
        let cells: Vec<String> =
            inner.replace("\\|", "\0").split('|').map(|cell| cell.trim().replace('\0', "|")).collect();
        match cells[0].as_str() {
            "expression" => inside = cells[1] == "result",
            "---" => {}
            cell if inside => rows.push(Row {
                line: index + 1,
                expression: cell.trim_matches('`').to_owned(),
                result: cells[1].clone(),
                why: cells.get(2).cloned().unwrap_or_default(),
            }),
            _ => {}
        }
    }
    rows
}

/// A result in the notation of the page.
fn shown(want: &Want) -> String {
    fn literal(value: &Value) -> String {
        match value {
            Value::Str(text) => format!("{text:?}"),
            Value::List(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
            other => other.to_string(),
        }
    }
    match want {
        Want::Is(value) => format!("`{}`", literal(value)),
        Want::Ref(user) => format!("reference to `{user}`"),
        Want::Clear => "`null`".to_owned(),
        Want::Keep => "keep".to_owned(),
    }
}

#[test]
fn every_row_of_every_table_is_so() {
    let world = World::of_page();
    let facts = world.facts();
    let rows = rows();
    assert!(rows.len() > 150, "only {} rows were found", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let of_group = row.expression.contains("group.");
        let usage = if of_group { Use::GroupMapping } else { Use::UserMapping };
        let found = match compiled(&world.company, &row.expression, usage) {
            Err(problems) => {
                let said: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
                let said = said.join("; ");
                let wanted = row.result.strip_prefix("refused").unwrap_or("none");
                let wanted = wanted.trim_start_matches(": ");
                if said.contains(wanted) { row.result.clone() } else { format!("refused: {said}") }
            }
            Ok(compiled) => match compiled.program.want(&facts) {
                Ok(want) => shown(&want),
                Err(error) if row.result == "error" => {
                    let said = error.message.contains(&row.why) || row.why.starts_with("a failure");
                    if said { row.result.clone() } else { error.message }
                }
                Err(error) => format!("error: {error}"),
            },
        };
        if found != row.result {
            let Row { line, expression, result, .. } = row;
            wrong
                .push(format!("docs/expressions.md:{line}: {expression}\n   says {result}\n  gives {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_condition_is_unknown_where_a_mapping_is_null_or_fails() {
    let world = World::of_page();
    let facts = world.facts();
    let mut unknown = 0;
    for row in rows() {
        let Ok(condition) = compiled(&world.company, &row.expression, Use::Condition) else {
            continue;
        };
        let truth = condition.program.truth(&facts);
        let agrees = match (row.result.as_str(), &truth) {
            ("`true`", Truth::True) | ("`false`", Truth::False) => true,
            ("`null`" | "error", Truth::Unknown(why)) => {
                unknown += 1;
                !why.is_empty()
            }
            _ => false,
        };
        assert!(agrees, "docs/expressions.md:{}: {} gives {truth:?}", row.line, row.expression);
    }
    assert!(unknown > 15, "only {unknown} rows are unknown");
}

#[test]
fn the_page_lists_every_function_and_nothing_else() {
    let section = PAGE.split("## Functions").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let listed: Vec<&str> =
        section.lines().filter(|line| line.starts_with("| `") && line.contains(" -> ")).collect();
    let expected: Vec<String> =
        functions().map(|(signature, doc)| format!("| `{signature}` | {doc} |")).collect();
    assert_eq!(listed, expected);
    for (letters, meaning) in LAYOUT_PARTS {
        assert!(section.contains(&format!("| `{letters}` | {meaning} |\n")), "{letters}");
    }
}

#[test]
fn every_function_is_shown_at_work() {
    let shown: Vec<String> = rows().into_iter().map(|row| row.expression).collect();
    for (signature, _) in functions() {
        let name = signature.split('(').next().unwrap().rsplit('.').next().unwrap();
        let called = format!("{name}(");
        assert!(shown.iter().any(|expression| expression.contains(&called)), "{name}");
    }
}

#[test]
fn the_page_names_the_limits() {
    let section = PAGE.split("## Limits").nth(1).unwrap().replace('\n', " ");
    for part in [
        format!("{} bytes long", limits::SOURCE_BYTES),
        format!("{} parts", limits::NODES),
        format!("nested at most {} deep", limits::DEPTH),
        format!("{} KiB compiled", limits::REGEX_BYTES / 1024),
        format!("above {} KiB", limits::TEXT_BYTES / 1024),
    ] {
        assert!(section.contains(&part), "{part}");
    }
}
