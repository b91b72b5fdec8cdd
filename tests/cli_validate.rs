//! `rolecall validate`: all findings at once, without a network.

use crate::support::program::{Output, Repo};

const USERS: &str = "\
users:
  ada:
    name: {given: Ada, family: Lovelace}
    email: ada@acme.example
  bob:
    name: {given: Bob, family: Byrne}
    email: bob@acme.example
    manager: adda
";
const GROUPS: &str = "\
groups:
  staff:
    members: [user: ada]
    rule: user.departmnt == \"Sales\"
";

fn repo() -> Repo {
    Repo::new()
        .file("rolecall.yaml", "version: 1\n")
        .file("access/people/users.yaml", USERS)
        .file("access/groups.yaml", GROUPS)
}

fn run(repo: &Repo, args: &[&str]) -> Output {
    repo.rolecall(args.iter().copied()).run()
}

#[test]
fn all_mistakes_are_reported_at_once() {
    insta::assert_snapshot!(run(&repo(), &["validate"]).snapshot());
}

#[test]
fn paths_choose_what_is_shown_and_not_what_is_checked() {
    let repo = repo();
    let people = run(&repo, &["validate", "access/people/"]).ends_with(1);
    assert!(
        people.stderr.contains("users.yaml") && !people.stderr.contains("groups.yaml"),
        "{}",
        people.stderr
    );
    let one = run(&repo, &["validate", "./access/groups.yaml"]).ends_with(1);
    assert!(one.stderr.contains("groups.yaml") && !one.stderr.contains("users.yaml"), "{}", one.stderr);
    assert!(one.stderr.ends_with("1 further finding in other files\n"), "{}", one.stderr);
}

#[test]
fn paths_are_as_from_the_working_directory() {
    let repo = repo();
    let people = repo.path().join("access/people");
    for args in [
        ["-C", "access/people", "validate", "users.yaml"],
        ["-C", "access", "validate", "people"],
        ["-C", "access/people", "validate", "."],
        ["-C", "access/people", "validate", "../people/users.yaml"],
        ["-C", ".", "validate", people.to_str().unwrap()],
    ] {
        let out = run(&repo, &args).ends_with(1);
        assert!(
            out.stderr.contains("users.yaml:8") && !out.stderr.contains("groups.yaml:"),
            "{args:?}: {}",
            out.stderr
        );
    }
    let above = run(&repo, &["-C", "access/people", "validate", "../.."]).ends_with(1);
    assert!(above.stderr.contains("groups.yaml:"), "{}", above.stderr);
}

#[test]
fn a_path_that_names_nothing_is_refused() {
    let repo = repo().file("README.md", "");
    for args in [
        ["-C", ".", "validate", "access/people/use"],
        ["-C", ".", "validate", "README.md"],
        ["-C", ".", "validate", "/etc"],
        ["-C", "access", "validate", "access/groups.yaml"],
    ] {
        let out = run(&repo, &args).ends_with(1);
        let message = format!("error: {}: no file of the tree is there\n  hint: ", args[3]);
        assert!(out.stderr.starts_with(&message), "{}", out.stderr);
    }
    let old = repo.commit("all").remove("access/groups.yaml");
    let gone = run(&old, &["validate", "--rev", "HEAD", "access/groups.yaml"]).ends_with(1);
    assert!(gone.stderr.contains("groups.yaml:3"), "{}", gone.stderr);
}

#[test]
fn findings_are_data_with_format_json() {
    let found = run(&repo(), &["validate", "--format", "json"]).ends_with(1);
    assert_eq!(found.stderr, "");
    let findings = found.json();
    let places: Vec<_> = findings
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{}:{}", finding["file"].as_str().unwrap(), finding["line"]))
        .collect();
    assert!(places.contains(&"access/people/users.yaml:8".to_owned()), "{places:?}");
    assert!(places.contains(&"access/groups.yaml:3".to_owned()), "{places:?}");
}

#[test]
fn a_valid_tree_is_counted() {
    let repo =
        repo().replace("access/people/users.yaml", "    manager: adda\n", "").remove("access/groups.yaml");
    let valid = run(&repo, &["validate"]).ends_with(0);
    assert_eq!((valid.stdout.as_str(), valid.stderr.as_str()), ("", "valid: 2 users, 0 groups, 0 apps\n"));
    assert_eq!(run(&repo, &["validate", "--quiet"]).ends_with(0).stderr, "");
    let json = run(&repo, &["validate", "-o", "json"]).ends_with(0);
    assert_eq!(json.json(), serde_json::json!([]));
}

#[test]
fn quiet_leaves_nothing_but_errors() {
    let warned = repo()
        .replace("access/people/users.yaml", "    manager: adda\n", "    title: yes\n")
        .remove("access/groups.yaml");
    let loud = run(&warned, &["validate"]).ends_with(0);
    assert!(loud.stderr.starts_with("warning["), "{}", loud.stderr);
    assert_eq!(run(&warned, &["validate", "-q"]).ends_with(0).stderr, "");
    let broken = warned.file("access/groups.yaml", GROUPS);
    let errors = run(&broken, &["validate", "-q"]).ends_with(1).stderr;
    assert!(errors.starts_with("error[") && !errors.contains("warning["), "{errors}");
}

#[test]
fn a_revision_is_read_from_git_objects() {
    let good =
        repo().replace("access/people/users.yaml", "    manager: adda\n", "").remove("access/groups.yaml");
    let good = good.commit("good").file("access/groups.yaml", GROUPS);
    run(&good, &["validate"]).ends_with(1);
    run(&good, &["validate", "--rev", "HEAD"]).ends_with(0);
    let unknown = run(&good, &["validate", "--rev", "nowhere"]).ends_with(1);
    assert!(unknown.stderr.contains("no commit `nowhere`"), "{}", unknown.stderr);
}

#[test]
fn without_a_repository_it_says_what_to_do() {
    insta::assert_snapshot!(run(&Repo::plain(), &["validate"]).snapshot());
}

#[test]
fn in_github_actions_findings_are_annotations_too() {
    let repo = repo();
    let found = repo.rolecall(["validate"]).env("GITHUB_ACTIONS", "true").run().ends_with(1);
    assert!(found.stderr.contains("::error file=access/people/users.yaml,line=8"), "{}", found.stderr);
    assert!(!run(&repo, &["validate"]).stderr.contains("::error"));
}

/// The repository of [`repo`] in the folder `company` of a checkout.
fn in_a_folder() -> Repo {
    Repo::new()
        .file("company/rolecall.yaml", "version: 1\n")
        .file("company/access/people/users.yaml", USERS)
        .file("company/access/groups.yaml", GROUPS)
}

#[test]
fn annotations_are_as_from_the_top_of_the_checkout() {
    let repo = in_a_folder();
    let found = repo
        .rolecall(["-C", "company", "validate"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_WORKSPACE", repo.path().display())
        .run()
        .ends_with(1);
    let told = "::error file=company/access/people/users.yaml,line=8";
    assert!(found.stderr.contains(told), "{}", found.stderr);
}

#[test]
fn in_gitlab_findings_are_a_code_quality_report_too() {
    let repo = in_a_folder();
    let found = repo
        .rolecall(["-C", "company", "validate"])
        .env("GITLAB_CI", "true")
        .env("CI_PROJECT_DIR", repo.path().display())
        .run()
        .ends_with(1);
    assert!(found.stderr.contains("artifacts: reports: codequality"), "{}", found.stderr);
    let report = std::fs::read_to_string(repo.path().join("gl-code-quality-report.json")).unwrap();
    let issues: Vec<serde_json::Value> = serde_json::from_str(&report).unwrap();
    assert_eq!(issues.len(), 3, "{report}");
    let manager =
        issues.iter().find(|issue| issue["location"]["path"] == "company/access/people/users.yaml").unwrap();
    assert_eq!(manager["location"]["lines"]["begin"], 8);
    assert_eq!((&manager["check_name"], &manager["severity"]), (&"unknown-user".into(), &"major".into()));
    let description = manager["description"].as_str().unwrap();
    assert!(description.contains("`adda`"), "{description}");
    let prints: std::collections::BTreeSet<_> =
        issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), issues.len());
    // The same findings three lines further down are the same to GitLab.
    let users = format!("# one\n# two\n# three\n{USERS}");
    let repo = repo.file("company/access/people/users.yaml", &users);
    repo.rolecall(["-C", "company", "validate"])
        .env("GITLAB_CI", "true")
        .env("CI_PROJECT_DIR", repo.path().display())
        .run();
    let later = std::fs::read_to_string(repo.path().join("gl-code-quality-report.json")).unwrap();
    assert!(prints.iter().all(|print| later.contains(print)), "{later}");
}

#[test]
fn bad_usage_is_never_status_two() {
    run(&repo(), &["validate", "--no-such-option"]).ends_with(1);
}

#[test]
fn headers_that_a_connector_would_refuse_are_found_by_validate() {
    let headers = "{Authorization: Bearer sk-1, X-Api-Key: sk-2, Cookie: sk-3, Host: a, X-Tenant: acme}";
    let root = format!(
        "version: 1\napps:\n  hr:\n    connector: scim\n    url: \"sandbox:\"\n    settings:\n      headers: {headers}\n"
    );
    let output = run(&Repo::new().file("rolecall.yaml", &root), &["validate"]).ends_with(1);
    for (name, told) in [
        ("Authorization", "looks like a secret: credentials belong below `auth`"),
        ("X-Api-Key", "looks like a secret: credentials belong below `auth`"),
        ("Cookie", "looks like a secret: credentials belong below `auth`"),
        ("Host", "is set by rolecall itself"),
    ] {
        let told = format!("the header `{name}` {told}\n--> rolecall.yaml:7:");
        assert!(output.stderr.contains(&told), "{}", output.stderr);
    }
    assert!(output.stderr.contains("4 errors, 0 warnings"), "{}", output.stderr);
    assert!(!output.stderr.contains("sk-"), "{}", output.stderr);
}

#[test]
fn parameters_that_a_connector_would_refuse_are_found_by_validate() {
    let query = "{api_key: sk-1, startIndex: \"1\", t: eyJhbGciOi, tenant: acme}";
    let root = format!(
        "version: 1\napps:\n  hr:\n    connector: scim\n    url: \"sandbox:\"\n    settings:\n      query: {query}\n"
    );
    let output = run(&Repo::new().file("rolecall.yaml", &root), &["validate"]).ends_with(1);
    for (name, told) in [
        ("api_key", "looks like a secret: credentials belong below `auth`"),
        ("t", "looks like a secret: credentials belong below `auth`"),
        ("startIndex", "is set by rolecall itself"),
    ] {
        let told = format!("the parameter `{name}` {told}\n--> rolecall.yaml:7:");
        assert!(output.stderr.contains(&told), "{}", output.stderr);
    }
    assert!(output.stderr.contains("3 errors, 0 warnings"), "{}", output.stderr);
    assert!(!output.stderr.contains("sk-") && !output.stderr.contains("eyJ"), "{}", output.stderr);
}

#[test]
fn a_query_in_a_url_is_named_without_its_values() {
    let told = |url: &str| {
        let root = format!("version: 1\napps:\n  hr:\n    connector: scim\n    url: \"{url}\"\n");
        run(&Repo::new().file("rolecall.yaml", &root), &["validate"]).ends_with(1).stderr
    };
    let query = told("https://hr.example/scim/v2?tenant=acme&region=eu");
    assert!(query.contains("error[url-query]: the base URL has a query: tenant, region\n"), "{query}");
    assert!(query.contains("settings: {query: {NAME: VALUE}}") && !query.contains("acme"), "{query}");
    assert!(!query.contains("history"), "nobody is accused: {query}");
    let secret = told("https://hr.example/scim/v2?tenant=acme&token=t0ps");
    assert!(secret.contains("error[literal-secret]") && !secret.contains("t0ps"), "{secret}");
    let list = told("https://hr.example/scim/v2/users/");
    assert!(list.contains("`users` is below the base URL, not part of it"), "{list}");
    assert!(list.contains("hint: write https://hr.example/scim/v2\n"), "{list}");
}

#[test]
fn an_include_with_control_characters_has_a_place() {
    let repo = Repo::new().file("rolecall.yaml", "version: 1\ninclude: [\"a\\0\"]\n");
    let output = run(&repo, &["validate"]).ends_with(1);
    let told = "error[include]: `a\\u{0}` is not a usable glob: it holds control characters\n --> rolecall.yaml:2:11";
    assert!(output.stderr.contains(told), "{}", output.stderr);
}

#[test]
fn a_ledger_that_cannot_be_is_found_by_validate() {
    for (ledger, told) in [
        ("{id: 7f3c, path: \"a\\0b\"}", "is not a path: it holds control characters"),
        ("{id: \"7f 3c\", path: ledger}", "is not the id of a ledger"),
        ("{id: 7f3c, git: {ref: \"refs/heads/x..y~^:\"}}", "is not a name that git gives a ref"),
        ("{id: 7f3c, git: {ref: refs/heads/main}}", "is the branch that is applied"),
    ] {
        let root = format!("version: 1\nledger: {ledger}\n");
        let output = run(&Repo::new().file("rolecall.yaml", &root), &["validate"]).ends_with(1);
        assert!(output.stderr.contains(told), "{}", output.stderr);
        assert!(output.stderr.contains("error[ledger-store]"), "{}", output.stderr);
        assert!(output.stderr.contains("--> rolecall.yaml:2:"), "{}", output.stderr);
    }
}
