//! An app that cannot turn accounts off, and whose delete keeps the address (safety.md 16).

use insta::assert_snapshot;

use super::company::Company;

pub const EDITS: [(&str, &str); 2] = [
    ("      active: {at: state, is: [on], not: [off]}\n", "      active: none\n"),
    (
        "delete: {effect: removes all that they wrote, irreversible: true}",
        "delete: {effect: detaches the account, irreversible: true, reserves: [username]}",
    ),
];

/// Everybody has an account, made by rolecall.
fn company(users: &str) -> Company {
    let company = Company::with(&EDITS);
    company.repo.replace("access/app.yaml", "    users: {deprovision: delete, delete_after: 1d}\n", users);
    company.repo.commit("Users");
    company.run(&["apply", "--yes"]).ends_with(0);
    company
}

fn lines(text: &str, about: &str) -> String {
    let lines = text.lines().filter(|line| line.contains(about));
    lines.map(str::trim).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_lost_for_good_is_said_and_is_done_once() {
    let company = company("    users: {deprovision: delete}\n");
    company.repo.replace("access/people.yaml", "kim@acme.example}", "kim@acme.example, status: left}");
    company.repo.commit("Kim leaves");
    let plan = company.run(&["plan"]).ends_with(0);
    assert_snapshot!(lines(&plan.stdout, "kim (Kim)"), @"- kim (Kim)  delete account kim: detaches the account; it cannot be undone  (left)");
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.office.count("DELETE", "/people"), 1);
    company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    // The address is not free: nothing is sent, and the plan says why and what to do.
    let back = company.apply("kim@acme.example, status: left}", "kim@acme.example}");
    assert_eq!(company.office.count("POST", "/people"), 5);
    let told = format!("{}{}", back.stdout, back.stderr);
    let told = told.replace(|c: char| c.is_ascii_digit(), "");
    assert_snapshot!(lines(&told, "keeps the"), @"! kim (Kim): no account is created: the deleted account  keeps the username  access/people.yaml:");
}

#[test]
fn without_a_word_accounts_stay_and_are_said_first() {
    let company = company("");
    company.repo.replace("access/people.yaml", "kim@acme.example}", "kim@acme.example, status: left}");
    company.repo.commit("Kim leaves");
    let plan = company.run(&["plan"]).ends_with(3);
    assert_snapshot!(lines(&plan.stdout, "kim"), @r"
    ! kim (Kim): is declared to have no access, and still has an active account  access/people.yaml:5
    ~ kim (Kim)
    because user:kim is declared left  access/people.yaml:5
    ");
    assert_snapshot!(lines(&plan.stdout, "cannot turn accounts off"), @"hint: this app cannot turn accounts off: `users: {deprovision: delete}` deletes the accounts of leavers, and `users: {deprovision: keep}` says that they stay");
    // Written by hand it is a decision.
    company.repo.replace(
        "access/app.yaml",
        "    groups: {push",
        "    users: {deprovision: keep}\n    groups: {push",
    );
    company.repo.commit("They stay");
    let plan = company.run(&["plan"]).ends_with(0);
    assert_snapshot!(lines(&plan.stdout, "kim"), @r"
    ~ kim (Kim)
    because user:kim is declared left  access/people.yaml:5
    ! kim (Kim): is declared to have no access, and still has an active account  access/people.yaml:5
    ");
}

#[test]
fn a_word_that_the_app_cannot_follow_is_an_error() {
    let company = Company::with(&EDITS);
    company.repo.replace("access/app.yaml", "deprovision: delete, delete_after: 1d", "deprovision: disable");
    let told = company.run(&["validate"]).ends_with(1);
    let text = format!("{}{}", told.stdout, told.stderr);
    assert_snapshot!(lines(&text, "turn accounts off"), @"error[deprovision]: the connector office cannot turn accounts off");
}
