//! A conflict policy over two apps, through the whole program: no person has both roles at any time.

use crate::support::program::{Output, Repo};

const TREE: &str = "\
version: 1
users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example}
apps:
  pay:
    connector: scim
    url: 'sandbox:'
    roles: {maker: {group: Makers}, reader: {group: Readers}}
  treasury:
    connector: scim
    url: 'sandbox:'
    roles: {checker: {group: Checkers}, reader: {group: Readers}}
policies:
  two-hands: {conflict: [pay/maker, treasury/checker]}
assignments:
  - {app: [pay, treasury], role: reader, members: [user:ada]}
";

fn run(repo: &Repo, args: &[&str]) -> Output {
    repo.rolecall(args.iter().copied()).run()
}

fn give(repo: &Repo, app: &str, role: &str) {
    let line = format!("{TREE}  - {{app: {app}, role: {role}, members: [user:ada]}}\n");
    repo.file("rolecall.yaml", line);
}

#[test]
fn a_role_is_given_once_its_counterpart_in_another_app_is_gone() {
    let repo = Repo::new();
    give(&repo, "pay", "maker");
    run(&repo, &["apply", "--yes"]).ends_with(0);
    give(&repo, "treasury", "checker");
    let held = "ada still has maker in app pay: a plan made after that is gone gives it";
    // With the other app alone, and with both apps: the plan that revokes one role does not grant the other.
    for args in [&["plan", "--app", "treasury"][..], &["plan"]] {
        let plan = run(&repo, args).ends_with(0);
        assert!(plan.stdout.contains("ada still has maker in app pay"), "{}", plan.stdout);
        let line =
            "warning: app treasury: 1 change is held by conflict (ada): ada still has maker in app pay";
        assert!(plan.stderr.contains(line), "{}", plan.stderr);
    }
    let first = run(&repo, &["apply", "--yes"]).ends_with(0);
    assert!(first.stdout.contains(held), "{}", first.stdout);
    let second = run(&repo, &["apply", "--yes"]).ends_with(0);
    assert!(second.stdout.contains("grant role checker"), "{}", second.stdout);
    run(&repo, &["plan", "--detailed-exitcode"]).ends_with(0);
}
