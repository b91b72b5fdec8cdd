//! `rolecall init`: the repository works at once, and nothing is overwritten.

use std::collections::BTreeSet;

use crate::support::program::{Output, Repo};

fn run(repo: &Repo, args: &[&str]) -> Output {
    repo.rolecall(args.iter().copied()).run()
}

/// All files in the folder but those of git and of runs.
fn files(repo: &Repo) -> BTreeSet<String> {
    let listed = repo.git(["ls-files", "--others", "--cached", "--exclude-standard"]);
    listed.lines().map(str::to_owned).collect()
}

#[test]
fn a_new_repository_is_planned_and_applied_at_once() {
    let repo = Repo::new();
    let made = run(&repo, &["init"]);
    insta::assert_snapshot!(made.snapshot());
    let named: BTreeSet<String> = made.stdout.lines().map(str::to_owned).collect();
    assert_eq!(files(&repo), named);
    let valid = run(&repo, &["validate"]).ends_with(0);
    assert_eq!(valid.stderr, "valid: 2 users, 1 group, 1 app\n");
    run(&repo, &["plan", "--detailed-exitcode"]).ends_with(2);
    run(&repo, &["apply", "--yes"]).ends_with(0);
    run(&repo, &["plan", "--detailed-exitcode"]).ends_with(0);
    assert_eq!(files(&repo), named, "what runs leave behind is ignored");
    repo.commit("first");
    run(&repo, &["plan", "--detailed-exitcode"]).ends_with(0);
}

#[test]
fn a_folder_that_is_not_there_is_made() {
    let repo = Repo::plain();
    let made = run(&repo, &["init", "acme/access", "--format", "json"]).ends_with(0);
    assert_eq!(made.json()["files"].as_array().unwrap().len(), 7);
    assert!(made.stderr.contains("cd acme/access") && made.stderr.contains("git init"), "{}", made.stderr);
    run(&repo, &["-C", "acme/access", "plan", "--detailed-exitcode"]).ends_with(2);
}

#[test]
fn nothing_is_overwritten() {
    let repo =
        Repo::new().file("access/people.yaml", "mine").file(".github", "a file where a folder has to be");
    let refused = run(&repo, &["init"]);
    insta::assert_snapshot!(refused.snapshot());
    assert_eq!(repo.read("access/people.yaml"), "mine");
    assert_eq!(files(&repo).len(), 2, "nothing was written");
    run(&Repo::new().file("docs/CODEOWNERS", "* @me\n"), &["init"]).ends_with(1);
    let twice = Repo::new();
    run(&twice, &["init"]).ends_with(0);
    let again = run(&twice, &["init"]).ends_with(1);
    assert!(again.stderr.contains("already there: .github/CODEOWNERS, "), "{}", again.stderr);
}

#[test]
fn an_existing_gitignore_gets_a_line() {
    let repo = Repo::new().file(".gitignore", "/target");
    let made = run(&repo, &["init"]).ends_with(0);
    assert!(made.stderr.starts_with("added .rolecall/ to .gitignore\n"), "{}", made.stderr);
    assert!(repo.read(".gitignore").starts_with("/target\n"));
    let repo = Repo::new().file(".gitignore", "/.rolecall\n");
    run(&repo, &["init"]).ends_with(0);
    assert_eq!(repo.read(".gitignore"), "/.rolecall\n");
}

#[test]
fn the_branch_of_the_repository_is_taken() {
    let repo = Repo::new();
    repo.git(["checkout", "--quiet", "-b", "release/eu"]);
    run(&repo, &["init"]).ends_with(0);
    assert!(repo.read("rolecall.yaml").contains("\nbranch: release/eu\n"));
    assert!(repo.read(".github/workflows/access.yaml").contains("github.ref == 'refs/heads/release/eu'"));
    run(&repo, &["validate"]).ends_with(0);
    let odd = Repo::new();
    odd.git(["checkout", "--quiet", "-b", "it's;{odd}"]);
    run(&odd, &["init"]).ends_with(0);
    assert!(odd.read("rolecall.yaml").contains("\nbranch: main\n"));
}

#[test]
fn below_the_top_of_a_repository_it_says_so() {
    let repo = Repo::new();
    let made = run(&repo, &["init", "access-control"]).ends_with(0);
    insta::assert_snapshot!(made.mask(&made.stderr));
    let quiet = run(&Repo::new(), &["init", "access-control", "-q"]).ends_with(0);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn the_workflow_keeps_pull_requests_from_credentials() {
    let repo = Repo::new();
    run(&repo, &["init"]).ends_with(0);
    let text = repo.read(".github/workflows/access.yaml");
    let workflow: serde_json::Value = serde_yaml::from_str(&text).unwrap();
    let validate = workflow["jobs"]["validate"].to_string();
    assert!(validate.contains("github.event_name == 'pull_request'"));
    for word in ["secrets.", "environment", "write", "rolecall plan", "rolecall apply"] {
        assert!(!validate.contains(word), "{word}");
    }
    assert_eq!(workflow["permissions"], serde_json::json!({"contents": "read"}));
    let apply = &workflow["jobs"]["apply"];
    assert_eq!(apply["if"], "github.event_name != 'pull_request' && github.ref == 'refs/heads/main'");
    assert_eq!(apply["concurrency"]["cancel-in-progress"], false);
    assert!(text.contains("fetch-depth: 0"), "a shallow clone cannot decide what a commit contains");
    assert!(!text.contains('@') || text.matches('@').count() == 2, "no placeholder is left:\n{text}");
}

/// The commands of the workflow, run as CI would: in a fresh clone, on a commit, with a remote.
#[test]
fn the_commands_of_the_workflow_work() {
    let repo = Repo::new();
    run(&repo, &["init"]).ends_with(0);
    let repo = repo.commit("first").remote();
    let clone = repo.fresh_clone();
    run(&clone, &["validate"]).ends_with(0);
    let plan = clone.world().join("plan.json");
    let plan = plan.to_str().unwrap();
    run(&clone, &["plan", "--out", plan]).ends_with(0);
    let page = run(&clone, &["show", plan, "--format", "markdown"]).ends_with(0);
    assert!(page.stdout.contains("playground"), "{}", page.stdout);
    run(&clone, &["apply", plan, "--wait"]).ends_with(0);
    run(&clone, &["plan", "--detailed-exitcode"]).ends_with(0);
}
