//! Presets of a repository.

use crate::support::program::{Output, Repo};

const ROOT: &str = r#"version: 1
users: {ada: {name: Ada, email: ada@acme.example}}
presets:
  desk:
    of: scim
    title: Deskbook
    settings: {page_size: 20, update: {users: put}}
    extensions: {"urn:example:desk:2.0:User": {attributes: [floor]}}
    cannot: {delete_users: the app keeps its people}
apps:
  d: {connector: desk, url: "sandbox:", roles: {user: {}}}
"#;

fn validate(root: &str) -> Output {
    Repo::new().file("rolecall.yaml", root).rolecall(["validate"]).run()
}

#[test]
fn a_preset_of_the_tree_works_like_one_that_comes_with_the_program() {
    let repo = Repo::new().file("rolecall.yaml", ROOT);
    repo.rolecall(["validate"]).run().ends_with(0);
    let shown = repo.rolecall(["show", "app", "d"]).run().ends_with(0).stdout;
    assert!(
        shown.contains("settings.page_size: 20") && shown.contains("the connector, rolecall.yaml:7:27"),
        "{shown}"
    );
    assert!(shown.contains("users.mapping: scim-users"), "{shown}");
    let listed = repo.rolecall(["connectors"]).run().ends_with(0).stdout;
    assert!(listed.contains("desk  Deskbook\n    from: rolecall.yaml:5:5\n"), "{listed}");
    let text = repo.rolecall(["connectors", "show", "desk"]).run().ends_with(0).stdout;
    assert!(text.starts_with("presets:\n  desk:\n    of: scim\n"), "{text}");
    let own = format!(
        "{ROOT}mappings:\n  desk-users: {{match: [userName], attributes: {{userName: user.email, urn:example:desk:2.0:User:flor: user.title}}}}\n"
    );
    let told = validate(&own);
    assert!(told.stderr.contains("desk has no attribute urn:example:desk:2.0:User:flor"), "{}", told.stderr);
    let deleting = validate(&ROOT.replace("roles:", "users: {deprovision: delete}, roles:"));
    assert!(deleting.stderr.contains("never deleted: the app keeps its people"), "{}", deleting.stderr);
}

#[test]
fn mistakes_in_a_preset_have_their_places() {
    let wrong = ROOT
        .replace("page_size: 20", "page_sise: 20, headers: {Authorization: x}")
        .replace("attributes: [floor]", "attributes: [\"a b\"]")
        + "  e: {connector: other, url: \"sandbox:\"}\n";
    let wrong = wrong.replace("  desk:\n", "  other: {of: keystone}\n  scim: {of: scim}\n  desk:\n");
    insta::assert_snapshot!("mistakes", validate(&wrong).snapshot());
}
