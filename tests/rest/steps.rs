//! Accounts that are made by several requests: each step is done once, whatever comes between.

use insta::assert_snapshot;

use super::company::Company;

/// Everybody gets a desk, if the setting says so.
pub const EDITS: [(&str, &str); 2] = [
    (
        "settings: {tenant: {type: string, required: true}}",
        "settings: {tenant: {type: string, required: true}, desks: {type: boolean}}",
    ),
    (
        "      create: {query: {welcome: \"false\"}, id: {header: Location}}\n",
        r#"      create:
        steps:
          - {query: {welcome: "false"}, id: {header: Location}}
          - {name: desk, if: desks, POST: "/people/{id}/desk", json: {number: {fresh: digits, length: 6}}, unless: {GET: "/people/{id}/desk", at: number}}
"#,
    ),
];

fn company() -> Company {
    let company = Company::with(&EDITS);
    company.repo.replace("access/app.yaml", "tenant: acme", "tenant: acme, desks: true").commit("Desks");
    company
}

/// The lines of a plan that are about creates, without reasons: ids are given in any order.
fn steps(text: &str) -> String {
    let lines = text.lines().filter(|line| line.contains("create") && !line.contains("because"));
    lines.map(str::trim).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_step_is_a_line_of_the_plan_and_is_done_once() {
    let company = company();
    let plan = company.run(&["plan", "--user", "ada"]).ends_with(0);
    assert_snapshot!(steps(&plan.stdout), @r"
    1 account to create, 1 create step, 2 roles to grant, 1 group to create, 1 member to add
    + ada (Ada)  create account ada  (config)
    + create step desk  (config)
    + group all  create group  (config)
    Total: 1 account to create, 1 create step, 2 roles to grant, 1 group to create, 1 member to add
    ");
    company.run(&["apply", "--yes"]).ends_with(0);
    let data = company.office.data();
    assert_eq!(data.desks.len(), 5);
    assert!(
        data.desks.values().all(|desk| desk.len() == 6 && desk.bytes().all(|byte| byte.is_ascii_digit()))
    );
    let drawn = data.desks.values().next().cloned().unwrap_or_default();
    drop(data);
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    // What is drawn is in no output and no ledger.
    let shown = company.run(&["ledger", "show", "office", "--format", "json"]).ends_with(0);
    assert!(!shown.stdout.contains(&drawn), "{}", shown.stdout);
}

#[test]
fn without_its_setting_a_step_is_not_there() {
    let company = Company::with(&EDITS);
    let plan = company.run(&["plan"]).ends_with(0);
    assert!(!plan.stdout.contains("create step"), "{}", plan.stdout);
    company.run(&["apply", "--yes"]).ends_with(0);
    assert!(company.office.data().desks.is_empty());
}

/// The account is there, and the rest of its create is not forgotten.
#[test]
fn a_step_that_is_refused_is_continued_by_the_next_run() {
    let company = company();
    company.office.data().desk_fault = Some((409, false));
    let applied = company.run(&["apply", "--yes"]).ends_with(3);
    assert!(applied.stdout.contains("no desk is free"), "{}", applied.stdout);
    assert_eq!(company.office.data().people.len(), 5);
    assert!(company.office.data().desks.is_empty());
    let plan = company.run(&["plan"]).ends_with(0);
    assert_snapshot!(steps(&plan.stdout), @r"
    5 create steps
    ~ ada (Ada)  + create step desk  (retry)
    ~ bob (Bob)  + create step desk  (retry)
    ~ eve (Eve)  + create step desk  (retry)
    ~ kim (Kim)  + create step desk  (retry)
    ~ lee (Lee)  + create step desk  (retry)
    Total: 5 create steps
    ");
    // Whoever leaves meanwhile gets no desk.
    company.office.data().desk_fault = None;
    company.apply("kim@acme.example}", "kim@acme.example, status: suspended}").ends_with(0);
    assert_eq!(company.office.data().desks.len(), 4);
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    company.apply("kim@acme.example, status: suspended}", "kim@acme.example}").ends_with(0);
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.office.data().desks.len(), 5);
}

/// A step whose answer is lost may have been done: a look decides, and it is not repeated.
#[test]
fn a_step_that_took_effect_unseen_is_not_repeated() {
    let company = company();
    company.office.data().desk_fault = Some((500, true));
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.office.count("POST", "/desk"), 5);
    assert_eq!(company.office.data().desks.len(), 5);
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
}

/// Somebody else's account that is taken over was not made by rolecall, and its create is not continued.
#[test]
fn an_account_that_is_adopted_has_no_open_steps() {
    let company = company();
    company.run(&["apply", "--yes"]).ends_with(0);
    company.office.data().desks.clear();
    company.run(&["ledger", "unlink", "office", "ada", "--reason", "again"]).ends_with(0);
    let plan = company.run(&["plan"]);
    assert!(plan.stdout.contains("adopt account") && !plan.stdout.contains("create step"), "{}", plan.stdout);
}
