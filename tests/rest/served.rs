//! The sandbox of an app that is a document, in its place and by itself.

use serde_json::Value;

use super::community::{Company, told};
use crate::support::program::Repo;

#[test]
fn the_sandbox_of_an_app_takes_its_place() {
    let company = Company::new();
    company.run(&["apply", "--yes", "--sandbox"]).ends_with(0);
    company.run(&["plan", "--detailed-exitcode", "--sandbox"]).ends_with(0);
    assert_eq!(company.jive.writes(), 0);
    // An app with a document of its own has none.
    company.repo.file("access/desk.yaml", include_str!("../documents/desk.yaml"));
    let app = "apps:\n  desk: {connector: desk, url: \"sandbox:\", roles: {member: {}}}\n";
    company.repo.file("access/desk-app.yaml", app).commit("Another app");
    let plan = company.run(&["plan", "--sandbox"]);
    assert!(told(&plan).contains("there is no sandbox for the connector desk"), "{}", told(&plan));
}

#[test]
fn a_sandbox_can_be_served_by_itself() {
    let company = Company::new();
    company.run(&["apply", "--yes", "--sandbox"]).ends_with(0);
    let served = company.repo.rolecall(["sandbox", "serve", "jive", "-o", "json"]).spawn();
    served.wait_for("Ctrl-C stops it");
    let shown: Value = serde_json::from_str(&served.stdout()).unwrap();
    let text = |key: &str| shown[key].as_str().unwrap().to_owned();
    assert_eq!(text("username"), "sandbox");
    // Another app, at this address: its people are those of the sandbox.
    let url = company.jive.url();
    company.repo.replace("access/app.yaml", url, &text("url")).commit("Moved");
    let plan = company.run_with(&["plan"], &text("password")).ends_with(0);
    assert!(!plan.stdout.contains("create account"), "{}", plan.stdout);
    // Its folder has one server at a time.
    let busy = company.run(&["plan", "--sandbox"]);
    assert!(told(&busy).contains("in use by another process"), "{}", told(&busy));
    served.signal("TERM");
    let ended = served.wait();
    assert_eq!((ended.status, ended.signal), (143, None), "{}", ended.stderr);
    company.run(&["plan", "--detailed-exitcode", "--sandbox"]).ends_with(0);
    let nobody = company.run(&["sandbox", "serve", "wiki"]).ends_with(1);
    assert!(
        nobody.stderr.contains("there is no app wiki") && nobody.stderr.contains("jive"),
        "{}",
        nobody.stderr
    );
}

/// The sandbox of a SCIM app is served in the same way, with a token; a port may be named.
#[test]
fn the_sandbox_of_a_scim_app_can_be_served_too() {
    let repo = Repo::new();
    repo.file("rolecall.yaml", "version: 1\n");
    let app = "apps:\n  wiki: {connector: scim, url: \"sandbox:\", roles: {member: {}}}\n  desk: {connector: keystone, url: \"sandbox:\", roles: {user: {}}}\n";
    repo.file("access/app.yaml", app).commit("A company");
    let served = repo.rolecall(["sandbox", "serve", "wiki"]).spawn();
    served.wait_for("Ctrl-C stops it");
    let shown = served.stdout();
    let lines: Vec<&str> = shown.lines().collect();
    let [url, token] = lines[..] else { panic!("{shown}") };
    let url = url.strip_prefix("url: ").unwrap();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/scim/v2"), "{shown}");
    assert_eq!(token.strip_prefix("token: ").unwrap().len(), 64);
    let port = url.trim_start_matches("http://127.0.0.1:").trim_end_matches("/scim/v2");
    let taken = repo.rolecall(["sandbox", "serve", "wiki", "--port", port]).run().ends_with(1);
    assert!(taken.stderr.contains("cannot listen on 127.0.0.1"), "{}", taken.stderr);
    served.signal("INT");
    assert_eq!(served.wait().status, 130);
    let none = repo.rolecall(["sandbox", "serve", "desk"]).run().ends_with(1);
    assert!(none.stderr.contains("there is no sandbox for the connector keystone"), "{}", none.stderr);
}
