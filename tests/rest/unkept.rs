//! An app that answers yes to a write and keeps what was there: here the document writes to places that the app does not know.

use super::company::Company;

const ROLES: (&str, &str) = (
    "roles: {at: roleIds, many: true,",
    "roles: {at: {list: roleIds, one: roleIds, write: nowhere}, many: true,",
);
const STATE: (&str, &str) =
    ("active: {at: state,", "active: {at: {list: state, one: state, write: nowhere},");

/// The document is right when the company starts, and wrong from now on.
fn broken(edit: (&str, &str)) -> Company {
    let company = Company::new();
    company.run(&["apply", "--yes"]).ends_with(0);
    company.repo.replace("access/connector.yaml", edit.0, edit.1);
    company
}

#[test]
fn a_revocation_that_the_app_does_not_keep_is_not_done() {
    let company = broken(ROLES);
    company.repo.replace("access/app.yaml", "  - {app: office, role: admin, members: [user:ada]}\n", "");
    company.repo.commit("Ada is no admin");
    for _ in 0..2 {
        let out = company.run(&["apply", "--yes", "--allow", "office:privileged=1"]).ends_with(3);
        let text = format!("{}{}", out.stdout, out.stderr);
        assert!(text.contains("the app said yes and still shows the account with the role"), "{text}");
        let plan = company.run(&["plan", "--allow", "office:privileged=1"]).ends_with(0);
        assert!(plan.stdout.contains("revoke role admin"), "{}", plan.stdout);
        assert!(!plan.stdout.contains("not by rolecall"), "{}", plan.stdout);
    }
}

#[test]
fn a_grant_that_the_app_does_not_keep_is_not_done() {
    let company = broken(ROLES);
    company.repo.replace("access/app.yaml", "members: [user:ada]", "members: [user:ada, user:bob]");
    company.repo.commit("Bob is an admin, too");
    for _ in 0..2 {
        let out = company.run(&["apply", "--yes"]).ends_with(3);
        let text = format!("{}{}", out.stdout, out.stderr);
        assert!(text.contains("the app said yes and still shows the account without the role"), "{text}");
        let plan = company.run(&["plan"]).ends_with(0);
        assert!(plan.stdout.contains("grant role admin"), "{}", plan.stdout);
        assert!(!plan.stdout.contains("not by rolecall"), "{}", plan.stdout);
    }
}

#[test]
fn a_disabling_that_the_app_does_not_keep_is_not_done() {
    let company = broken(STATE);
    let kim = "kim: {name: Kim, email: kim@acme.example}";
    let out = company.apply(kim, &kim.replace('}', ", status: suspended}"));
    let out = out.ends_with(3);
    let text = format!("{}{}", out.stdout, out.stderr);
    assert!(text.contains("the app said yes and still shows the account active"), "{text}");
    let plan = company.run(&["plan"]);
    assert!(plan.stdout.contains("disable"), "{}", plan.stdout);
}
