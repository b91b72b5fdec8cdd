//! What is held is a line on stderr and an annotation in the build server, of `plan` and of `apply`.

use crate::support::program::{Output, Program, Repo};

const ROOT: &str = "version: 1\napps:\n  wiki: {connector: scim, url: \"sandbox:\"}\n";

/// Twenty people have an account, and six of them are not assigned any more.
fn six_too_many() -> Repo {
    let people: String = (0..20).map(person).collect();
    let repo = Repo::new()
        .file("rolecall.yaml", ROOT)
        .file("access/people.yaml", format!("users:\n{people}"))
        .file("access/wiki.yaml", assigned(0));
    for _ in 0..2 {
        run(&repo, &["apply", "--yes"]).ends_with(0);
    }
    repo.file("access/wiki.yaml", assigned(6))
}

fn person(number: usize) -> String {
    format!("  p{number:02}: {{name: P{number:02}, email: p{number:02}@acme.example}}\n")
}

fn assigned(from: usize) -> String {
    let members: Vec<String> = (from..20).map(|number| format!("user:p{number:02}")).collect();
    format!("assignments:\n  - {{app: wiki, members: [{}]}}\n", members.join(", "))
}

fn run(repo: &Repo, args: &[&str]) -> Output {
    repo.rolecall(args.iter().copied()).run()
}

const LINE: &str = "app wiki: changes are held by guard deprovision: 6 people, 5 allowed; if this is meant, repeat with --allow wiki:deprovision=6; if not, take the edit back";

fn times(out: &Output) -> usize {
    out.stderr.matches(LINE).count()
}

#[test]
fn rule_11_what_a_guard_holds_is_one_line_on_stderr() {
    let repo = six_too_many();
    for args in
        [&["plan"][..], &["plan", "-o", "json"], &["apply", "--yes"], &["apply", "--yes", "-o", "markdown"]]
    {
        let out = run(&repo, args).ends_with(4);
        assert!(
            out.stderr.lines().any(|line| line == format!("warning: {LINE}")),
            "{args:?}: {}",
            out.stderr
        );
        assert_eq!(times(&out), 1, "{args:?}: {}", out.stderr);
        assert!(!out.stderr.contains("::warning"), "{}", out.stderr);
    }
    // Warnings are not for `--quiet`, and what is allowed is not held.
    assert_eq!(run(&repo, &["plan", "--quiet"]).ends_with(4).stderr, "");
    let allowed = run(&repo, &["apply", "--yes", "--allow", "wiki:deprovision=6"]).ends_with(0);
    assert!(!allowed.stderr.contains("warning"), "{}", allowed.stderr);
}

#[test]
fn rule_11_what_a_guard_holds_is_an_annotation_in_github() {
    let repo = six_too_many();
    let github = |program: Program| program.env("GITHUB_ACTIONS", "true").run().ends_with(4);
    for args in [&["plan"][..], &["apply", "--yes"]] {
        let out = github(repo.rolecall(args.iter().copied()));
        let told: Vec<&str> = out.stderr.lines().filter(|line| line.starts_with("::")).collect();
        let [told] = told.as_slice() else { panic!("{args:?}: {}", out.stderr) };
        assert!(told.starts_with("::warning ") && told.contains("title=guard-tripped"), "{told}");
        assert!(told.ends_with(LINE), "{told}");
        // stdout is data.
        assert!(!out.stdout.contains("::warning"), "{}", out.stdout);
    }
    let quiet = github(repo.rolecall(["plan", "-q"]));
    assert_eq!(quiet.stderr, "");
}

#[test]
fn rule_11_what_a_guard_holds_stands_in_the_report_for_gitlab() {
    // The report keeps the errors of the tree: two roles that nobody may hold together.
    let repo = six_too_many().file(
        "access/policy.yaml",
        "apps:\n  bank:\n    connector: scim\n    url: 'sandbox:'\n    roles: {maker: {group: Makers}, checker: {group: Checkers}}\n\
         policies: {hands: {conflict: [bank/maker, bank/checker]}}\n\
         assignments:\n  - {app: bank, role: maker, members: [user:p09]}\n  - {app: bank, role: checker, members: [user:p09]}\n",
    );
    let gitlab =
        repo.rolecall(["plan"]).env("GITLAB_CI", "true").env("CI_PROJECT_DIR", repo.path().display());
    let out = gitlab.run().ends_with(4);
    assert_eq!(out.stderr.matches("artifacts: reports: codequality").count(), 1, "{}", out.stderr);
    let issues: Vec<serde_json::Value> =
        serde_json::from_str(&repo.read("gl-code-quality-report.json")).unwrap();
    let names: Vec<&str> = issues.iter().map(|issue| issue["check_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["policy-conflict", "guard-tripped"], "{issues:?}");
    assert_eq!(issues[1]["description"], LINE);
    // The finding tells of the policy; the changes that it holds are no news.
    assert!(!out.stderr.contains("held by policy"), "{}", out.stderr);
}
