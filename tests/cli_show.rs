//! The commands that print what the program knows: schemas, default mappings, an app with its effective values.

use std::fs;
use std::path::Path;

use crate::support::program::{Output, Program, Repo};

fn printed(args: &[&str]) -> Output {
    Program::rolecall(args.iter().copied()).run()
}

fn schema_file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    fs::read_to_string(folder.join(name)).expect("a schema")
}

#[test]
fn schemas_are_listed_and_printed_as_they_are() {
    insta::assert_snapshot!("schemas", printed(&["schema"]).snapshot());
    let language = printed(&["schema", "rolecall"]).ends_with(0);
    assert_eq!(language.stdout.trim_end(), schema_file("rolecall.schema.json").trim_end());
    insta::assert_snapshot!("no_such_schema", printed(&["schema", "scim"]).snapshot());
}

#[test]
fn the_default_mappings_are_a_section_that_can_be_copied() {
    let mappings = printed(&["mapping", "scim"]).ends_with(0).stdout;
    insta::assert_snapshot!("mapping", &mappings);
    let company = "\
version: 1
users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example}
apps:
  chat: {connector: scim, url: \"sandbox:\", users: {mapping: scim-users}, groups: {mapping: scim-groups}}
assignments: [{app: chat, members: [user:ada]}]
";
    let repo = Repo::new().file("rolecall.yaml", company);
    repo.rolecall(["validate"]).run().ends_with(0);
    // With other names.
    let own = mappings.replace("  scim-", "  own-");
    repo.file("rolecall.yaml", company.replace("mapping: scim-", "mapping: own-"))
        .file("access/mappings.yaml", own);
    repo.rolecall(["validate"]).run().ends_with(0);
}

#[test]
fn an_effective_app_says_where_each_value_comes_from() {
    let root = "\
version: 1
defaults:
  apps: {guard: {deprovision: 7}, limits: {timeout: 20s}}
apps:
  chat:
    connector: scim
    url: \"sandbox:\"
    limits: {concurrency: 2}
    roles: {admin: {value: ADMIN, precedence: 1}}
";
    let repo = Repo::new().file("rolecall.yaml", root);
    insta::assert_snapshot!("effective", repo.rolecall(["show", "app", "chat"]).run().snapshot());
    let rows = repo.rolecall(["show", "app", "chat", "--format", "json"]).run();
    let rows = rows.ends_with(0).json();
    let row = |path: &str| {
        let rows = rows.as_array().expect("rows");
        rows.iter().find(|row| row["path"] == path).cloned().unwrap_or_default()
    };
    assert_eq!(row("guard.deprovision")["origin"], "defaults, rolecall.yaml:3:31");
    insta::assert_snapshot!("no_such_app", repo.rolecall(["show", "app", "caht"]).run().snapshot());
}
