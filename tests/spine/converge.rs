//! An apply converges, and the next plans stay empty.

use crate::spine::company::{FULL, Ledger, repository, rolecall};
use crate::support::servers::RealServer;

#[test]
fn a_new_app_converges_and_the_second_plan_is_empty() {
    for ledger in [Ledger::Git, Ledger::Path] {
        let server = RealServer::scim2_server();
        let repo = repository(&server, &server.base_url, &FULL, ledger);
        let plan = rolecall(&repo, &server, &["plan", "--detailed-exitcode"]).run();
        assert_eq!(plan.status, 2, "{}{}", plan.stdout, plan.stderr);
        let applied = rolecall(&repo, &server, &["apply", "--yes"]).run();
        assert_eq!(applied.status, 0, "{}{}", applied.stdout, applied.stderr);
        let again = rolecall(&repo, &server, &["plan", "--detailed-exitcode"]).run();
        assert_eq!(again.status, 0, "{}{}", again.stdout, again.stderr);
        insta::assert_json_snapshot!("converged", server.dump());
    }
}

#[test]
fn a_leaver_is_disabled_and_drift_is_put_back() {
    let server = RealServer::scim2_server();
    let repo = repository(&server, &server.base_url, &FULL, Ledger::Git);
    rolecall(&repo, &server, &["apply", "--yes"]).run().ends_with(0);
    repo.replace(
        "access/people.yaml",
        "department: Sales, manager: bob",
        "department: Sales, manager: bob, status: left",
    );
    repo.commit("Eve leaves").push();
    let eve = server.find_user("eve@acme.example").expect("eve")["id"].as_str().expect("an id").to_owned();
    let bob = server.find_user("bob@acme.example").expect("bob")["id"].as_str().expect("an id").to_owned();
    server.patch(
        &format!("/Users/{bob}"),
        serde_json::json!([{"op": "replace", "path": "title", "value": "Boss"}]),
    );
    let plan = rolecall(&repo, &server, &["plan"]).run();
    assert_eq!(plan.status, 0, "{}{}", plan.stdout, plan.stderr);
    insta::assert_snapshot!("leaver_and_drift", plan.snapshot());
    rolecall(&repo, &server, &["apply", "--yes"]).run().ends_with(0);
    assert_eq!(server.get(&format!("/Users/{eve}")).json()["active"], false);
    assert_eq!(server.get(&format!("/Users/{bob}")).json()["title"], "Engineer");
    rolecall(&repo, &server, &["plan", "--detailed-exitcode"]).run().ends_with(0);
}

/// Leavers count by the commit of the branch that typed them; a merge is one commit.
#[test]
fn rule_11_leavers_of_several_commits_are_told_apart_by_git() {
    let server = RealServer::scim2_server();
    let repo = repository(&server, &server.base_url, &FULL, Ledger::Git);
    let person =
        |number: usize| format!("  x{number}: {{name: \"X{number}\", email: x{number}@acme.example}}\n");
    let people: String = (1..10).map(person).collect();
    let members: Vec<String> = (1..10).map(|number| format!("user:x{number}")).collect();
    let line = format!("assignments: [{{app: chat, role: member, members: [{}]}}]\n", members.join(", "));
    repo.file("access/more.yaml", format!("users:\n{people}{line}"));
    repo.replace(
        "rolecall.yaml",
        "    limits: {timeout: 1s}\n",
        "    limits: {timeout: 1s}\n    guard: {leavers: 2}\n",
    );
    repo.commit("Nine more").push();
    rolecall(&repo, &server, &["apply", "--yes"]).run().ends_with(0);
    let leave = |number: usize| {
        repo.replace(
            "access/more.yaml",
            &format!("x{number}@acme.example}}"),
            &format!("x{number}@acme.example, status: left}}"),
        );
    };
    leave(1);
    leave(2);
    repo.commit("Two leave");
    let branch = repo.git(["symbolic-ref", "--short", "HEAD"]);
    repo.git(["checkout", "--quiet", "-b", "topic"]);
    for number in [3, 4] {
        leave(number);
        repo.commit("One leaves");
    }
    repo.git(["checkout", "--quiet", branch.trim()]);
    repo.git(["merge", "--quiet", "--no-ff", "-m", "Merge topic", "topic"]);
    for number in [5, 6, 7] {
        leave(number);
    }
    repo.commit("Three leave").file("access/note.yaml", "x-note: one more commit\n").commit("A note").push();
    let applied = rolecall(&repo, &server, &["apply", "--yes"]).run();
    assert_eq!(applied.status, 4, "{}{}", applied.stdout, applied.stderr);
    let is_on = |number: &usize| {
        let found = server.find_user(&format!("x{number}@acme.example")).expect("an account");
        found["active"] == true
    };
    let on: Vec<usize> = (1..10).filter(is_on).collect();
    assert_eq!(on, [5, 6, 7, 8, 9], "{}{}", applied.stdout, applied.stderr);
}
