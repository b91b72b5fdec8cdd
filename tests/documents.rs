//! Connectors as documents: small ones and large ones are read, and what an app can do follows from them.

use rolecall::catalog::rest::{Document, Expires, Form, MembersAt, Sent, Special, Walk};
use rolecall::catalog::{Definition, Mutability, Type};
use rolecall::config::{self, Loaded, Source, diagnostics};
use rolecall::model::Path;

const DESK: &str = include_str!("documents/desk.yaml");
const KEYCLOAK: &str = include_str!("documents/keycloak.yaml");

fn load(text: &str, more: &str) -> Loaded {
    let root = format!("version: 1\n{more}");
    config::load(
        &Source::in_memory([("rolecall.yaml", root.as_str()), ("access/c.yaml", text)]),
        &config::catalog(),
    )
}

fn findings(loaded: &Loaded) -> String {
    diagnostics::text(&loaded.diagnostics.clone().sorted(), &loaded.files, diagnostics::Look::default())
}

fn definition(text: &str, name: &str) -> Definition {
    let loaded = load(text, "");
    assert!(loaded.diagnostics.is_empty(), "{}", findings(&loaded));
    Definition::clone(loaded.catalog.get(name).expect("the connector"))
}

fn document(text: &str, name: &str) -> Document {
    Document::clone(definition(text, name).document.as_ref().expect("a document"))
}

#[test]
fn a_small_app_needs_few_lines() {
    let lines = DESK.split("\nmappings:").next().unwrap().lines().count();
    assert!(lines < 40, "{lines}");
    let desk = definition(DESK, "desk");
    let can = &desk.capabilities;
    assert!(can.create_users && can.update_users && can.disable_users && can.delete_users);
    assert!(can.groups && can.create_groups && can.rename_groups && can.delete_groups && !can.filter);
    assert_eq!((can.page_size, &*desk.user_mapping, &*desk.protocol), (100, "desk-users", "rest"));
    let login = desk.users.attribute(&Path::top("login")).unwrap();
    assert!(login.required && !login.case_exact && desk.users.name == Path::top("login"));
    assert_eq!(desk.users.access, [Path::top("role")]);
    assert!(desk.users.must_be_known(&Path::top("phone")));
    let document = document(DESK, "desk");
    let users = &document.users;
    let path = |request: &rolecall::catalog::rest::Address| {
        request.path.iter().map(|part| format!("/{part}")).collect::<String>()
    };
    assert_eq!(path(&users.list.request.address), "/users");
    assert_eq!(path(&users.get.as_ref().unwrap().address), "/users/{id}");
    assert_eq!(path(&users.delete.as_ref().unwrap().request.address), "/users/{id}");
    let members = document.groups.as_ref().unwrap().members.as_ref().unwrap();
    assert_eq!(path(&members.add.as_ref().unwrap().request.address), "/teams/{group}/members/{account}");
    assert!(matches!(members.list, MembersAt::Listed(_)));
}

/// The page shows this document, and the app that it shows is one.
#[test]
fn the_page_about_connectors_shows_the_small_app() {
    let page = include_str!("../docs/connectors.md");
    assert!(page.contains(DESK.trim_end()));
    let app = page.split("```yaml\napps:").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let root = "secrets:\n  DESK_KEY: {app: desk, host: desk.acme.example}\n";
    let loaded = load(&format!("{DESK}\napps:{app}"), root);
    assert!(!loaded.diagnostics.has_errors(), "{}", findings(&loaded));
}

#[test]
fn keystone_is_a_document() {
    let shipped = config::catalog();
    let shipped = shipped.get("keystone").expect("it comes with the program");
    let keystone = shipped.document.clone().expect("a document");
    assert!(matches!(keystone.users.list.page.walk, Walk::Link { .. }));
    assert_eq!(keystone.grants.len(), 1);
    let grant = &keystone.grants[0];
    let remove = &grant.remove.as_ref().unwrap().request;
    assert_eq!(remove.address.path, grant.add.as_ref().unwrap().request.address.path);
    assert_eq!(keystone.users.list.page.evidence(), Some("the last page names no next one"));
    let password = shipped.users.attribute(&Path::top("password")).unwrap();
    assert_eq!((password.mutability, password.of), (Mutability::WriteOnly, Type::String));
}

#[test]
fn jive_is_a_document() {
    let shipped = config::catalog();
    let shipped = shipped.get("jive").expect("it comes with the program");
    let jive = shipped.document.clone().expect("a document");
    assert_eq!(jive.users.list.page.evidence(), Some("the last page names no next one"));
    assert_eq!((shipped.capabilities.members_batch, shipped.capabilities.page_size), (200, 100));
    let username = shipped.users.attribute(&Path::top("username")).unwrap();
    assert_eq!((username.mutability, username.case_exact), (Mutability::Immutable, false));
    let update = jive.users.update.as_ref().unwrap();
    assert_eq!((update.send, update.unchanged.is_some()), (Sent::Merged, true));
    assert!(!jive.check.is_empty() && jive.own.is_some());
    // What is thin is said.
    assert!(jive.unproven.iter().any(|line| line.starts_with("groups.members.remove: ")));
    assert!(jive.proven.iter().any(|line| line.contains("no real Jive was reached")));
}

#[test]
fn bluejeans_is_a_document() {
    let shipped = config::catalog();
    let shipped = shipped.get("bluejeans").expect("it comes with the program");
    let bluejeans = shipped.document.clone().expect("a document");
    assert_eq!(bluejeans.users.list.page.evidence(), Some("the rows are counted"));
    assert_eq!(bluejeans.users.list.rows.len(), 2);
    let can = &shipped.capabilities;
    assert!(can.create_users && can.update_users && can.delete_users && !can.disable_users && !can.groups);
    assert_eq!(can.create_steps, ["room".into()]);
    let username = shipped.users.attribute(&Path::top("username")).unwrap();
    assert_eq!((username.mutability, username.case_exact), (Mutability::Immutable, false));
    let admin = shipped.users.attribute(&Path::top("admin")).unwrap();
    assert_eq!(
        (admin.mutability, shipped.users.access.as_slice()),
        (Mutability::ReadOnly, &[Path::top("admin")][..])
    );
    assert_eq!(shipped.deletion.reserves, [Path::top("email"), Path::top("username")]);
    assert!(shipped.deletion.irreversible && shipped.deletion.effect.is_some());
    assert_eq!(bluejeans.users.update.as_ref().unwrap().send, Sent::Merged);
    let forms: Vec<_> = shipped.sign_ins().into_iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(forms, ["password", "client"]);
    assert!(!bluejeans.check.is_empty() && bluejeans.own.is_some());
    // What is thin is said.
    assert!(bluejeans.unproven.iter().any(|line| line.starts_with("users.update: whether a PUT replaces")));
    assert!(bluejeans.proven.iter().any(|line| line.contains("the service was discontinued")));
}

/// What comes with the program is read as what stands in a repository is, and never changes under its name: ids, matching,
/// activity and default mapping of a release stay. A document that has to change gets a new name.
#[test]
fn documents_that_come_with_the_program_stay_as_they_are() {
    let all = config::shipped::shipped();
    let hashes: Vec<String> = all
        .iter()
        .map(|(name, definition)| {
            let definition = definition.as_ref().unwrap_or_else(|why| panic!("{name}: {why}"));
            let text = format!("{}{}", definition.text.as_ref().unwrap(), definition.mappings);
            format!("{name} {}", &blake3::hash(text.as_bytes()).to_hex()[..16])
        })
        .collect();
    insta::assert_snapshot!(hashes.join("\n"), @r"
    15five 029e2db8185259fc
    bluejeans 5d4b5cb1e26953dd
    jive a793380fad41eefa
    keystone 2eb0af595504344e
    ");
}

#[test]
fn keycloak_is_a_document() {
    let keycloak = document(KEYCLOAK, "keycloak");
    assert_eq!(keycloak.users.update.as_ref().unwrap().send, Sent::Merged);
    assert_eq!(keycloak.users.list.page.evidence(), Some("the rows are counted"));
    assert!(keycloak.users.attributes.iter().any(|attribute| attribute.is == Some(Special::Ours)));
    assert_eq!(keycloak.grants.len(), 2);
    assert_eq!(
        keycloak.groups.unwrap().delete.unwrap().request.effect.as_deref(),
        Some("removes the groups below it too")
    );
    let settings: serde_json::Value =
        serde_json::from_str(&definition(KEYCLOAK, "keycloak").settings_schema).unwrap();
    assert_eq!(settings["required"], serde_json::json!(["realm"]));
}

/// An app that uses a document of the tree is checked like any other.
#[test]
fn an_app_names_a_connector_of_the_tree() {
    let app = |more: &str| {
        let company = "users: {ada: {name: Ada, email: ada@x.example}}\n";
        load(DESK, &format!("{company}apps:\n  d: {{connector: desk, url: \"sandbox:\"{more}}}\n"))
    };
    let good = app("");
    assert!(!good.diagnostics.has_errors(), "{}", findings(&good));
    let wrong = findings(&app(", settings: {size: 3}, users: {mapping: nobody}"));
    assert!(wrong.contains("unknown key `size`") && wrong.contains("no mapping `nobody`"), "{wrong}");
    let unmapped =
        load(DESK.split("\nmappings:").next().unwrap(), "apps:\n  d: {connector: desk, url: \"sandbox:\"}\n");
    let told = findings(&unmapped);
    assert!(told.contains("`desk-users`, is declared nowhere"), "{told}");
}

mod mistakes;
/// An app whose answers do not say when a token ends.
#[test]
fn a_token_may_end_after_a_constant_time() {
    let login = "auth: {login: {needs: {pw: secret}, token: {POST: /t, form: {pw: \"{pw}\"}, read: {token: t, expires_in: 600}}}}";
    let desk = document(&DESK.replace("auth: {key: {header: X-Api-Key}}", login), "desk");
    let Form::Token(form) = &desk.auth[0].1 else { panic!("{:?}", desk.auth) };
    assert_eq!(form.expires, Some(Expires::After(600)));
}

mod page;

/// What is right and may not be meant so is a warning, and the connector is there.
#[test]
fn members_who_can_only_come_or_only_go_are_a_warning() {
    for (none, told) in
        [("remove", "nobody can be taken out of a group"), ("add", "nobody can be put into a group")]
    {
        let text =
            DESK.replace("rows: items, account: id}", &format!("rows: items, account: id, {none}: none}}"));
        assert_ne!(text, DESK);
        let loaded = load(&text, "");
        assert!(loaded.catalog.get("desk").is_some() && !loaded.diagnostics.stops_tree());
        let found = findings(&loaded);
        assert!(found.contains("warning[members]") && found.contains(told), "{found}");
    }
}

/// An attribute that stands in the address of a create only is written there, has to be mapped, and cannot change.
#[test]
fn a_name_in_the_address_of_a_create_is_an_attribute_that_is_written() {
    let text = r#"connectors:
  hub:
    connector: 1
    auth: {bearer: }
    page: {by: none}
    users:
      path: /people
      rows: .
      id: {list: id, one: user.id}
      key: login
      attributes: {login: {at: {list: login, one: user.login}, is: login}, role: {}}
      active: none
      create: {PUT: "/people/{key}"}
"#;
    let hub = definition(text, "hub");
    let login = hub.users.attribute(&Path::top("login")).unwrap();
    assert_eq!((login.required, login.mutability), (true, Mutability::Immutable));
    let shown = definition(&text.replace("      create: {PUT: \"/people/{key}\"}\n", ""), "hub");
    assert_eq!(shown.users.attribute(&Path::top("login")).unwrap().mutability, Mutability::ReadOnly);
}
