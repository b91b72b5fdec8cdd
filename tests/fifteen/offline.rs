//! What needs no app: validate, mapping, show, and the sandbox.

use crate::support::program::Repo;

const ROOT: &str = r#"version: 1
users: {ada: {name: Ada, email: ada@acme.example}}
apps:
  perform: {connector: 15five, url: "sandbox:", roles: {user: {}}}
"#;

fn repo(root: &str) -> Repo {
    Repo::new().file("rolecall.yaml", root)
}

#[test]
fn the_mapping_shows_a_line_as_a_comment_until_the_tree_declares_its_attribute() {
    let outside = Repo::plain().rolecall(["mapping", "15five"]).run().ends_with(0).stdout;
    insta::assert_snapshot!("mapping", outside);
    let declared = repo(&ROOT.replace("users:", "attributes: {employeeNumber: {type: string}}\nusers:"));
    let inside = declared.rolecall(["mapping", "15five"]).run().ends_with(0).stdout;
    assert!(inside.contains("\n      urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber: user.attributes.employeeNumber\n"));
    assert!(inside.contains("\n      # urn:ietf:params:scim:schemas:extension:15Five:2.0:User:location: user.attributes.location\n"));
}

#[test]
fn what_is_printed_can_be_pasted() {
    let printed = Repo::plain().rolecall(["mapping", "15five"]).run().ends_with(0).stdout;
    let root = ROOT.replace("roles:", "users: {mapping: own-users}, groups: {mapping: own-groups}, roles:");
    let repo = repo(&root).file("access/mappings.yaml", printed.replace("  15five-", "  own-"));
    repo.rolecall(["validate"]).run().ends_with(0);
    let app = Repo::plain().rolecall(["connectors", "show", "15five", "--app"]).run().ends_with(0).stdout;
    insta::assert_snapshot!("lines_of_an_app", app);
}

#[test]
fn a_line_without_its_declaration_is_no_mistake_in_the_shipped_mapping_and_one_in_an_own() {
    repo(ROOT).rolecall(["validate"]).run().ends_with(0);
    let own = "mappings:\n  own: {match: [userName], attributes: {userName: user.email, title: user.attributes.shoe}}\n";
    let root = ROOT.replace("roles:", "users: {mapping: own}, roles:");
    let told = repo(&format!("{root}{own}")).rolecall(["validate"]).run();
    assert!(told.status != 0 && told.stderr.contains("shoe"), "{}{}", told.stdout, told.stderr);
}

#[test]
fn accounts_are_never_deleted() {
    let root = ROOT.replace("roles:", "unmanaged: delete, users: {deprovision: delete}, roles:");
    insta::assert_snapshot!("never_deleted", repo(&root).rolecall(["validate"]).run().snapshot());
    let other = root.replace("connector: 15five", "connector: scim");
    repo(&other).rolecall(["validate"]).run().ends_with(0);
}

#[test]
fn an_app_shows_what_the_preset_says_and_may_say_otherwise() {
    let root = ROOT.replace("roles:", "settings: {page_size: 20, update: {users: patch}}, roles:");
    let shown = repo(&root).rolecall(["show", "app", "perform"]).run().ends_with(0).stdout;
    let settings: Vec<&str> = shown.lines().filter(|line| line.starts_with("settings.")).collect();
    insta::assert_snapshot!("settings", settings.join("\n"));
}

#[test]
fn the_extension_knows_its_attributes_and_may_have_others() {
    let mapping = |line: &str| {
        format!(
            "{}mappings:\n  own:\n    match: [userName]\n    attributes:\n      userName: user.email\n      {line}: user.title\n",
            ROOT.replace("roles:", "users: {mapping: own}, roles:")
        )
    };
    let urn = "urn:ietf:params:scim:schemas:extension:15Five:2.0:User";
    repo(&mapping(&format!("{urn}:custom_team"))).rolecall(["validate"]).run().ends_with(0);
    let told = repo(&mapping("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:team"))
        .rolecall(["validate"])
        .run();
    assert_ne!(told.status, 0, "{}", told.stdout);
}

/// The sandbox has the extensions that it lists; others are left out there, and the plan says so.
#[test]
fn the_preset_can_be_tried_in_the_sandbox() {
    let person = "{name: Ada, email: ada@acme.example, start: 2025-11-03}";
    let root = ROOT.replace("{name: Ada, email: ada@acme.example}", person)
        + "assignments: [{app: perform, role: user, members: [user:ada]}]\n";
    let repo = repo(&root).commit("A company");
    let applied = repo.rolecall(["apply", "--sandbox", "--yes"]).run().ends_with(0).stdout;
    assert!(applied.contains("create account ada@acme.example"), "{applied}");
    let again = repo.rolecall(["plan", "--sandbox", "--detailed-exitcode"]).run().ends_with(0).stdout;
    assert!(again.contains("15Five:2.0:User:startDate: it is left out"), "{again}");
}
