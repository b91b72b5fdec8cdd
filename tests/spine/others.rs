//! The same company on the second and third real server.

use crate::spine::company::{AppText, DJANGO, Ledger, SCIMMY, repository, rolecall};
use crate::support::servers::RealServer;

/// Applies a company, changes it and applies it again; each time the next plan is empty.
fn converges(server: &RealServer, app: &AppText) -> serde_json::Value {
    let repo = repository(server, &server.base_url, app, Ledger::Path);
    let apply = || rolecall(&repo, server, &["apply", "--yes"]).run().ends_with(0);
    let is_empty = || rolecall(&repo, server, &["plan", "--detailed-exitcode"]).run().ends_with(0);
    apply();
    is_empty();
    repo.replace("access/people.yaml", "email: kim@acme.example", "email: kim.young@acme.example");
    repo.replace(
        "access/people.yaml",
        "department: Sales, manager: bob",
        "department: Engineering, manager: bob",
    );
    repo.replace(
        "access/people.yaml",
        "group:engineering, user:eve, user:kim",
        "group:engineering, user:eve",
    );
    repo.replace(
        "access/people.yaml",
        "department: Sales, manager: ada",
        "department: Sales, manager: ada, status: left",
    );
    repo.commit("Eve moves, Kim leaves").push();
    apply();
    is_empty();
    server.dump()
}

#[test]
fn scimmy_converges() {
    insta::assert_json_snapshot!("scimmy", converges(&RealServer::scimmy(), &SCIMMY));
}

#[test]
fn django_scim2_converges() {
    insta::assert_json_snapshot!("django", converges(&RealServer::django_scim2(), &DJANGO));
}
