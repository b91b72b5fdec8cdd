//! Mistakes in connectors of the tree: each is reported once, where it is.

use super::{DESK, findings, load};

const APP: &str = "apps:\n  d: {connector: desk, url: \"sandbox:\", roles: {user: {}}}\n";

/// The findings without the lines that show the file.
fn told(text: &str, more: &str) -> Vec<String> {
    let told = findings(&load(text, more));
    let lines = told.lines().filter(|line| line.starts_with("error") || line.starts_with("warning"));
    lines.map(str::to_owned).collect()
}

fn with(old: &str, new: &str) -> String {
    assert_eq!(DESK.matches(old).count(), 1, "{old}");
    DESK.replace(old, new)
}

/// An app that uses a connector with a mistake is not told that there is no such connector.
#[test]
fn a_mistake_in_a_connector_is_not_reported_again_by_its_apps() {
    let places = [
        ("      path: /users\n", "      path: /users/{nobody}\n"),
        (
            "      id: id\n      attributes:\n        login",
            "      id: \"a[\"\n      attributes:\n        login",
        ),
        ("page: {by: number,", "page: {by: numbers,"),
    ];
    let told_of = |(old, new): &(&str, &str)| told(&with(old, new), APP).join("\n");
    insta::assert_snapshot!(places.iter().map(told_of).collect::<Vec<_>>().join("\n"), @r"
    error[placeholder]: users.path has no placeholder {nobody}
    error[place]: `a[` is not a place
    error[wrong-value]: `by` cannot be `numbers`
    ");
    let preset = "presets:\n  desk: {of: nothing, title: Desk}\n";
    insta::assert_snapshot!(told(preset, APP).join("\n"), @"error[preset]: no preset can be made of `nothing`");
    // A file that cannot be read may have it.
    let broken = load("connectors:\n  desk: {\n", APP);
    assert!(!findings(&broken).contains("no connector"), "{}", findings(&broken));
    let unknown = told("", &APP.replace("connector: desk", "connector: dusk"));
    insta::assert_snapshot!(unknown.join("\n"), @"error[unknown-connector]: there is no connector `dusk`");
}

/// Keys that begin with `x-` are notes for people: a name that does is no name, and what uses it is told so.
#[test]
fn a_name_that_is_a_note_is_told_to_be_one() {
    let x =
        DESK.replace("  desk:", "  x:").replace("desk-users", "x-users").replace("desk-groups", "x-groups");
    let app = APP.replace("connector: desk", "connector: x");
    let loaded = findings(&load(&x, &app));
    insta::assert_snapshot!(loaded, @r#"
    error[unknown-mapping]: the mapping `x-groups` is ignored: a key that begins with `x-` is a note for people
      --> rolecall.yaml:3:18
       |
     2 | apps:
     3 |   d: {connector: x, url: "sandbox:", roles: {user: {}}}
       |                  ^
       |
      ::: access/c.yaml:26:3
       |
    25 |   x-users: {match: [login], attributes: {login: user.email, email: user.email, name: user.name.display, role: account.role}}
    26 |   x-groups: {match: [name], attributes: {name: group.name}}
       |   -------- the note
       |
       = hint: give the mapping another name, and write that name at `mapping:` of the app

    error[unknown-mapping]: the mapping `x-users` is ignored: a key that begins with `x-` is a note for people
      --> rolecall.yaml:3:18
       |
     2 | apps:
     3 |   d: {connector: x, url: "sandbox:", roles: {user: {}}}
       |                  ^
       |
      ::: access/c.yaml:25:3
       |
    24 | mappings:
    25 |   x-users: {match: [login], attributes: {login: user.email, email: user.email, name: user.name.display, role: account.role}}
       |   ------- the note
    26 |   x-groups: {match: [name], attributes: {name: group.name}}
       |
       = hint: give the mapping another name, and write that name at `mapping:` of the app
    "#);
    // With mappings of another name it is a connector like any other.
    let named = x.replace("x-users", "users").replace("x-groups", "groups");
    let app = app.replace("roles:", "users: {mapping: users}, groups: {mapping: groups}, roles:");
    assert_eq!(told(&named, &app), [""; 0]);

    let x = DESK.replace("  desk:", "  x-desk:");
    let told_of_x = told(&x, &APP.replace("connector: desk", "connector: x-desk"));
    insta::assert_snapshot!(told_of_x.join("\n"), @"error[unknown-connector]: the connector `x-desk` is ignored: a key that begins with `x-` is a note for people");
    let people =
        "users: {x-ray: {name: Ray, email: ray@x.example}}\ngroups: {g: {name: G, members: [user:x-ray]}}\n";
    insta::assert_snapshot!(told("", people).join("\n"), @"error[unknown-user]: the user `x-ray` is ignored: a key that begins with `x-` is a note for people");
    let roles = "apps:\n  d: {connector: desk, url: \"sandbox:\", roles: {x-admin: {}, user: {}}}\nassignments: [{app: d, role: x-admin, members: []}]\n";
    let told = findings(&load(DESK, roles));
    assert!(told.contains("begins with `x-` is a note"), "{told}");
}

/// Members are named by something that has a value when the request is sent.
#[test]
fn members_are_named_by_what_is_known() {
    let members = "members: {path: \"/teams/{group}/members\", rows: items, account: id}";
    let with = |more: &str, users: &str| {
        let text = with(members, &members.replace("account: id}", &format!("account: id{more}}}")));
        told(
            &text.replace(
                "      id: id\n      attributes:\n        login",
                &format!("      id: id\n{users}      attributes:\n        login"),
            ),
            "",
        )
    };
    let key = "      key: login\n";
    let add = ", add: {POST: \"/teams/{group}/members/{account.key}\"}";
    assert_eq!(with(add, key), [""; 0]);
    assert_eq!(with(&format!(", by: login{add}"), key), [""; 0], "the login is the key");
    for (more, users) in [
        (add.to_owned(), ""),
        (format!(", by: login{add}"), ""),
        (format!(", by: login{add}"), "      key: email\n"),
        (", by: email".to_owned(), ""),
        (", by: phone".to_owned(), ""),
        (", remove: {DELETE: \"/teams/{group}/members/{account}\", all_or_nothing: true}".to_owned(), ""),
    ] {
        let told = with(&more, users);
        assert_eq!(told.len(), 1, "{more} {users} {told:?}");
    }
    insta::assert_snapshot!(with(&format!(", by: login{add}"), "").join("\n"), @"error[placeholder]: with `by: login`, `{account.key}` has no value");
    insta::assert_snapshot!(with(", by: email", "").join("\n"), @"error[members]: members are named by the id or by the login, and `email` is neither");
}

/// No account can be created without them.
#[test]
fn what_the_app_requires_and_no_mapping_gives_is_told() {
    let text = DESK.replace("login: user.email, email: user.email,", "login: user.email,");
    insta::assert_snapshot!(told(&text, APP).join("\n"), @"warning[required]: the app `d` can create no accounts: the mapping `desk-users` gives no `email`, which the app requires");
    let nobody_is_new = APP.replace("roles:", "users: {actions: [update, deprovision]}, roles:");
    assert_eq!(told(&text, &nobody_is_new), [""; 0]);
}
