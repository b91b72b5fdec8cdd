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
