//! `rolecall apply` on a terminal; the output and exit status of it and of related commands.

use std::path::Path;

use crate::support::program::{Output, Repo};

fn repo() -> Repo {
    let repo = Repo::new();
    run(&repo, &["init"]).ends_with(0);
    repo
}

fn run(repo: &Repo, args: &[&str]) -> Output {
    repo.rolecall(args.iter().copied()).run()
}

/// A person at a terminal who types `answer`; the program's stdout goes to `out`.
fn typed(repo: &Repo, args: &str, answer: &str) -> Output {
    let command = format!("{} {args} > out", env!("CARGO_BIN_EXE_rolecall"));
    let mut out = repo.program(Path::new("script"), ["-qec", &command, "/dev/null"]).stdin(answer).run();
    out.stderr = std::mem::replace(&mut out.stdout, repo.read("out"));
    out
}

#[test]
fn nobody_is_asked_about_a_plan_they_have_not_seen() {
    let repo = repo();
    for format in ["json", "markdown"] {
        let out = typed(&repo, &format!("apply -o {format}"), "no\n").ends_with(0);
        let (shown, _) = out.stderr.split_once("Apply this plan?").unwrap();
        assert!(shown.contains("2 accounts to create") && shown.contains("Ada Lovelace"), "{shown}");
        assert!(out.stderr.contains("nothing was applied"), "{}", out.stderr);
        assert_eq!(out.stdout, "", "stdout is for the report");
    }
    let text = typed(&repo, "apply", "no\n").ends_with(0);
    assert!(text.stdout.contains("2 accounts to create"), "{}", text.stdout);
    assert!(!text.stderr.contains("2 accounts to create"), "{}", text.stderr);
    let yes = typed(&repo, "apply -o json", "yes\n").ends_with(0);
    assert_eq!(yes.json()["apps"][0]["app"], "playground");
}

#[test]
fn declining_does_not_make_it_good() {
    let repo = repo().replace("access/people.yaml", "has(user.department) && ", "").replace(
        "access/people.yaml",
        "    title: Head of Engineering\n    department: Engineering\n",
        "",
    );
    run(&repo, &["plan"]).ends_with(3);
    typed(&repo, "apply", "no\n").ends_with(3);
}

#[test]
fn one_app_that_fails_its_check_is_not_all_of_them() {
    let repo = repo().commit("first");
    run(&repo, &["ledger", "init", "--local"]).ends_with(0);
    let repo = repo
        .file("access/apps/down.yaml", "apps:\n  down: {connector: scim, url: \"http://127.0.0.1:9/v2\"}\n");
    run(&repo, &["check", "playground"]).ends_with(0);
    run(&repo, &["check", "down"]).ends_with(1);
    run(&repo, &["check"]).ends_with(3);
}

#[test]
fn a_plan_file_is_read_up_to_its_limit() {
    let repo = repo();
    let huge = std::fs::File::create(repo.path().join("huge.json")).unwrap();
    huge.set_len(1 << 40).unwrap();
    for command in ["show", "apply"] {
        let out = run(&repo, &[command, "huge.json"]).ends_with(1);
        assert!(out.stderr.starts_with("error: huge.json: the file is larger than"), "{}", out.stderr);
        let none = run(&repo, &[command, "none.json"]).ends_with(1);
        assert!(none.stderr.contains("name a file stored with"), "{}", none.stderr);
    }
}

#[test]
fn each_page_is_told_once() {
    let repo = repo();
    run(&repo, &["apply", "--yes"]).ends_with(0);
    run(&repo, &["plan", "--events", "events"]).ends_with(0);
    let events = repo.read("events");
    let pages: Vec<serde_json::Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|event: &serde_json::Value| event["event"] == "page" && event["kind"] == "user")
        .collect();
    assert_eq!(pages.len(), 1, "{events}");
    assert_eq!((&pages[0]["rows"], &pages[0]["total"]), (&2.into(), &2.into()));
}

#[test]
fn a_former_value_of_a_role_may_be_as_long_as_a_value() {
    let value = |start: &str| format!("CN={start},OU={},DC=example", "x".repeat(300));
    let repo = repo().file(
        "access/apps/playground.yaml",
        format!(
            "apps:
  playground:
    connector: scim
    url: \"sandbox:\"
    roles: {{admin: {{value: \"{}\"}}, member: {{value: member}}}}
    users: {{mapping: people}}
mappings:
  people:
    match: [userName]
    attributes: {{userName: user.email, roles: account.roles}}
assignments:
  - {{app: playground, role: admin, members: [user:ada, user:grace]}}
",
            value("One")
        ),
    );
    run(&repo, &["apply", "--yes"]).ends_with(0);
    // Ada is suspended, and keeps the value; Grace gets the new one.
    let repo = repo.replace("access/people.yaml", "title: Analyst", "title: Analyst\n    status: suspended");
    run(&repo, &["apply", "--yes"]).ends_with(0);
    let repo = repo.replace("access/apps/playground.yaml", &value("One"), &value("Two"));
    run(&repo, &["apply", "--yes"]).ends_with(0);
    assert_eq!(run(&repo, &["plan", "--detailed-exitcode"]).ends_with(0).status, 0);
    // Ada is back, and has the new value in place of the former one.
    let repo = repo.replace("access/people.yaml", "\n    status: suspended", "");
    let plan = run(&repo, &["plan"]).ends_with(0).stdout;
    assert!(plan.contains("revoke role admin under its former value CN=One,"), "{plan}");
    run(&repo, &["apply", "--yes"]).ends_with(0);
    run(&repo, &["plan", "--detailed-exitcode"]).ends_with(0);
}

/// Dates are tried in the sandbox: a rehearsal of next year does not make today's clock a wrong one.
#[test]
fn rule_07_the_clock_is_not_checked_in_the_sandbox() {
    let repo = repo();
    run(&repo, &["apply", "--yes"]).ends_with(0);
    run(&repo, &["apply", "--yes", "--at", "2099-01-01T00:00:00Z"]).ends_with(0);
    let ends = "title: Analyst\n    end: 2020-01-01";
    let repo = repo.replace("access/people.yaml", "title: Analyst", ends);
    let plan = run(&repo, &["plan"]).ends_with(0);
    assert!(plan.stdout.contains("1 account to disable"), "{}", plan.stdout);
    assert!(!plan.stdout.contains("clock"), "{}", plan.stdout);
}
