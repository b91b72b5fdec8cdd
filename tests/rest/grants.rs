//! Roles on projects of a real OpenStack Keystone: grants, as a document describes them.

use serde_json::{Value, json};

use super::cloud::Cloud;

/// Ada is an administrator of the project `web`; Ada and Bob are members of it.
pub fn cloud() -> Cloud {
    let cloud = Cloud::new();
    for name in ["web", "books"] {
        cloud.ask("POST", "/projects", Some(&json!({"project": {"name": name, "domain_id": "default"}})));
    }
    cloud.repo.replace(
        "access/cloud.yaml",
        "roles: {user: {}}",
        "roles: {user: {precedence: 30}, web-admin: {grant: {role: admin, project: web}, privileged: true, precedence: 1}, web-member: {grant: {role: member, project: web}, precedence: 2}}",
    );
    let before = "  - {app: cloud, role: user, members: [group:eng]}\n";
    let after = format!(
        "{before}  - {{app: cloud, role: web-admin, members: [user:ada]}}\n  - {{app: cloud, role: web-member, members: [user:ada, user:bob]}}\n"
    );
    cloud.repo.replace("access/cloud.yaml", before, &after).commit("Grants");
    cloud
}

/// The assignments of the app, as `role of account on project`, without those of the system.
fn assigned(cloud: &Cloud) -> Vec<String> {
    let all = cloud.ask("GET", "/role_assignments?include_names=true", None);
    let told = |row: &Value| {
        let project = row["scope"]["project"]["name"].as_str()?;
        let who = row["user"]["name"].as_str().or(row["group"]["name"].as_str())?;
        Some(format!("{} of {who} on {project}", row["role"]["name"].as_str()?))
    };
    let mut told: Vec<String> =
        all["role_assignments"].as_array().expect("rows").iter().filter_map(told).collect();
    told.retain(|told| !told.contains(" of admin "));
    told.sort();
    told
}

fn id(cloud: &Cloud, list: &str, name: &str) -> String {
    let all = cloud.ask("GET", &format!("/{list}"), None);
    let found = all[list].as_array().expect("rows").iter().find(|one| one["name"] == name);
    found.expect("it is there")["id"].as_str().expect("an id").to_owned()
}

#[test]
fn grants_are_given_taken_and_put_back() {
    let cloud = cloud();
    let plan = cloud.run(&["plan"]).ends_with(0);
    assert!(
        plan.stdout.contains("grant role web-admin") && plan.stdout.contains("Gaining privileged access"),
        "{}",
        plan.stdout
    );
    cloud.run(&["apply", "--yes"]).ends_with(0);
    let all = [
        "admin of ada@acme.example on web",
        "member of ada@acme.example on web",
        "member of bob@acme.example on web",
    ];
    assert_eq!(assigned(&cloud), all);
    cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);

    // Another hand takes a grant, and gives others: what is declared is put back, what nobody declared stays.
    let (web, member, bob) =
        (id(&cloud, "projects", "web"), id(&cloud, "roles", "member"), cloud.id_of("bob@acme.example"));
    let (books, eve) = (id(&cloud, "projects", "books"), cloud.id_of("eve@acme.example"));
    cloud.ask("DELETE", &format!("/projects/{web}/users/{bob}/roles/{member}"), None);
    cloud.ask("PUT", &format!("/projects/{books}/users/{eve}/roles/{member}"), None);
    cloud.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(assigned(&cloud).len(), 4);
    assert!(assigned(&cloud).contains(&"member of eve@acme.example on books".to_owned()));

    // Bob loses his.
    cloud.repo.replace("access/cloud.yaml", "members: [user:ada, user:bob]", "members: [user:ada]");
    cloud.repo.commit("Bob moves on");
    cloud.run(&["apply", "--yes"]).ends_with(0);
    assert!(
        !assigned(&cloud).contains(&"member of bob@acme.example on web".to_owned()),
        "{:?}",
        assigned(&cloud)
    );
    cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
}

/// An assignment of a group, or one that is inherited, is about something else: it neither counts nor is touched.
#[test]
fn other_kinds_of_assignments_are_not_ours() {
    let cloud = cloud();
    cloud.run(&["apply", "--yes"]).ends_with(0);
    let (web, member) = (id(&cloud, "projects", "web"), id(&cloud, "roles", "member"));
    let (group, eve) = (id(&cloud, "groups", "Engineering"), cloud.id_of("eve@acme.example"));
    cloud.ask("PUT", &format!("/projects/{web}/groups/{group}/roles/{member}"), None);
    cloud.ask(
        "PUT",
        &format!("/OS-INHERIT/projects/{web}/users/{eve}/roles/{member}/inherited_to_projects"),
        None,
    );
    let before = assigned(&cloud);
    cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    cloud.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(assigned(&cloud), before);
}

#[test]
fn a_grant_on_nothing_is_said_and_nothing_is_made() {
    let cloud = cloud();
    cloud.repo.replace("access/cloud.yaml", "{role: member, project: web}", "{role: member, project: shop}");
    cloud.repo.commit("A project that is not there");
    let applied = cloud.run(&["apply", "--yes"]);
    let told = format!("{}{}", applied.stdout, applied.stderr);
    assert!(told.contains("the app has no such grant") && told.contains("project \"shop\""), "{told}");
    assert_eq!(assigned(&cloud), ["admin of ada@acme.example on web"]);
}

/// A role that is to be on something else would take from everybody who has it: it is refused, with the way out.
#[test]
fn a_role_does_not_move_to_another_grant() {
    let cloud = cloud();
    cloud.run(&["apply", "--yes"]).ends_with(0);
    let before = assigned(&cloud);
    cloud.repo.replace("access/cloud.yaml", "{role: member, project: web}", "{role: member, project: books}");
    cloud.repo.commit("Another project");
    let applied = cloud.run(&["apply", "--yes"]);
    let told = format!("{}{}", applied.stdout, applied.stderr);
    assert!(told.contains("a role does not move from one grant to another"), "{told}");
    assert_eq!(assigned(&cloud), before);
}

#[test]
fn mistakes_are_found_before_any_request() {
    let cloud = cloud();
    for (grant, told) in [
        ("{role: member}", "a grant names role and project"),
        ("{role: member, project: web, domain: x}", "a grant names role and project"),
        ("{role: admin, project: web}", "is named by the role `web-admin`"),
    ] {
        cloud.repo.replace("access/cloud.yaml", "{role: member, project: web}", grant);
        let output = cloud.run(&["validate"]).ends_with(1);
        let text = format!("{}{}", output.stdout, output.stderr);
        assert!(text.contains(told), "{text}");
        cloud.repo.replace(
            "access/cloud.yaml",
            &format!("web-member: {{grant: {grant}"),
            "web-member: {grant: {role: member, project: web}",
        );
    }
}

/// A document that knows a kind of grants no more says nothing of who has them: nobody lost one, and nothing is taken (safety.md 9).
#[test]
fn grants_that_a_document_knows_no_more_are_unread() {
    let cloud = cloud();
    let text = include_str!("../../src/catalog/documents/keystone/connector.yaml");
    let own = text.replacen("  keystone:", "  own:", 1);
    let (before, grants) = own.split_once("    grants:\n").unwrap();
    let (_, after) = grants.split_once("    not_shown:").unwrap();
    let without = format!("{before}    not_shown:{after}");
    let mappings = include_str!("../../src/catalog/documents/keystone/mappings.yaml");
    cloud.repo.file("access/connector.yaml", format!("{own}{}", mappings.replace("keystone-", "own-")));
    cloud.repo.replace("access/cloud.yaml", "connector: keystone", "connector: own").commit("A document");
    cloud.run(&["apply", "--yes"]).ends_with(0);
    let before = assigned(&cloud);
    let shown = cloud.run(&["ledger", "show", "cloud"]).ends_with(0);

    let all = cloud.repo.read("access/connector.yaml");
    let app = cloud.repo.read("access/cloud.yaml");
    cloud.repo.file("access/connector.yaml", format!("{without}{}", mappings.replace("keystone-", "own-")));
    let (roles, _) = app.split_once(", web-admin").unwrap();
    let (_, rest) = app.split_once("precedence: 2}}").unwrap();
    let few: String = format!("{roles}}}{rest}")
        .lines()
        .filter(|line| !line.contains("role: web-"))
        .map(|line| format!("{line}\n"))
        .collect();
    cloud.repo.file("access/cloud.yaml", few).commit("No grants");
    let applied = cloud.run(&["apply", "--yes"]).ends_with(3);
    let unknown = "cannot tell whether group grant:project=";
    let why = "the connector own has no grants such as grant:project=";
    assert_eq!(applied.stdout.matches(unknown).count(), 2, "{}", applied.stdout);
    assert!(applied.stdout.contains(why), "{}", applied.stdout);
    assert_eq!(assigned(&cloud), before);
    let after = cloud.run(&["ledger", "show", "cloud"]).ends_with(0);
    let groups = |shown: &str| shown.split_once("groups\n").expect("groups").1.to_owned();
    assert_eq!(groups(&after.stdout), groups(&shown.stdout));

    // Known again, they are taken: a list of grants shows those that roles name, and is not short for that.
    cloud.repo.file("access/connector.yaml", all).commit("Grants again");
    let applied = cloud.run(&["apply", "--yes"]).ends_with(0);
    assert!(applied.stdout.contains("3 roles to revoke"), "{}", applied.stdout);
    assert!(!applied.stdout.contains("did not show all"), "{}", applied.stdout);
    assert!(assigned(&cloud).is_empty());
    // What the ledger knows of them is forgotten after that.
    cloud.run(&["apply", "--yes"]).ends_with(0);
    cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
}
