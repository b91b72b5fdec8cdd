//! What a credential of a real OpenStack Keystone needs, and what it sees: the page about the connector says so.

use serde_json::json;

use super::cloud::{Cloud, PASSWORD};

/// The credential is that of an account which has this role, on the system or on a project.
fn as_account(cloud: &Cloud, name: &str, role: &str, is_of_system: bool) {
    let user = json!({"user": {"name": name, "password": PASSWORD, "domain_id": "default"}});
    let id = cloud.ask("POST", "/users", Some(&user))["user"]["id"].as_str().expect("an id").to_owned();
    let roles = cloud.ask("GET", &format!("/roles?name={role}"), None);
    let role = roles["roles"][0]["id"].as_str().expect("a role");
    if is_of_system {
        cloud.ask("PUT", &format!("/system/users/{id}/roles/{role}"), None);
    }
    cloud.repo.replace("access/cloud.yaml", "username: admin", &format!("username: {name}"));
    cloud.repo.commit("Another account");
}

/// A reader of the system is enough for `check` and `plan`; a write needs an administrator.
#[test]
fn a_reader_of_the_system_sees_everything_and_writes_nothing() {
    let cloud = Cloud::applied();
    as_account(&cloud, "auditor", "reader", true);
    let check = cloud.run(&["check"]).ends_with(0);
    assert!(check.stdout.contains("users can be read: 5"), "{}", check.stdout);
    cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    let applied = cloud.apply("bob@acme.example}", "robert@acme.example}");
    assert_ne!(applied.status, 0);
    assert!(applied.stdout.contains("403"), "{}", applied.stdout);
    assert!(cloud.accounts().contains(&"bob@acme.example on".to_owned()));
}

/// Without a role on the system there is no token, and nothing is concluded.
#[test]
fn an_account_without_a_role_on_the_system_gets_no_token() {
    let cloud = Cloud::applied();
    as_account(&cloud, "stranger", "reader", false);
    let plan = cloud.run(&["plan"]);
    let told = format!("{}{}", plan.stdout, plan.stderr);
    assert_ne!(plan.status, 0);
    assert!(told.contains("no token"), "{told}");
}

/// The lists have the accounts of all domains; a new account comes into the default one.
#[test]
fn accounts_of_other_domains_are_in_the_lists() {
    let cloud = Cloud::applied();
    let domain = json!({"domain": {"name": "branch", "enabled": true}});
    let domain = cloud.ask("POST", "/domains", Some(&domain))["domain"]["id"].clone();
    let other = json!({"user": {"name": "kim@acme.example", "domain_id": domain}});
    let other = cloud.ask("POST", "/users", Some(&other));
    cloud.repo.replace(
        "access/people.yaml",
        "groups:\n",
        "  kim: {name: Kim, email: kim@acme.example}\ngroups:\n",
    );
    let applied = cloud.apply("user:eve]", "user:eve, user:kim]").ends_with(0);
    assert!(applied.stdout.contains("1 to adopt"), "{}", applied.stdout);
    let id = other["user"]["id"].as_str().expect("an id");
    assert_eq!(cloud.ask("GET", &format!("/users/{id}"), None)["user"]["rolecall_id"], "kim");
    let ada = cloud.id_of("ada@acme.example");
    assert_eq!(cloud.ask("GET", &format!("/users/{ada}"), None)["user"]["domain_id"], "default");
}
