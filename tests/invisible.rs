//! Invisible characters: an error where something compares the text, with the place of the character and its number.

use crate::support::program::{Output, Repo};

const ROOT: &str = "\
version: 1
attributes:
  login: {type: string}
  team: {type: string, multi_valued: true}
  band: {type: string, sensitive: true}
  site: {type: string, enum: [Bonn, Ulm], default: Bonn}
mappings:
  people: {match: [userName], attributes: {userName: user.email}}
apps:
  hr: {connector: scim, url: \"sandbox:\", users: {mapping: people}}
";

/// ada with these fields, and no rule.
fn ada(fields: &str) -> Repo {
    let ada = format!(
        "users:\n  ada:\n    name: {{given: Ada, family: Lovelace}}\n    email: ada@acme.example\n    {fields}\n"
    );
    Repo::new().file("rolecall.yaml", ROOT).file("access/people.yaml", &ada)
}

/// The same, and everybody for whom this is true is in a group.
fn with_rule(fields: &str, rule: &str) -> Repo {
    ada(fields).file("access/groups.yaml", format!("groups:\n  team:\n    rule: {rule}\n"))
}

fn validate(repo: &Repo) -> Output {
    repo.rolecall(["validate"]).run()
}

#[test]
fn what_was_copied_from_a_chat_is_found() {
    let people = "\
users:
  ada: {name: Ada, email: ada@acme.example\u{200b}}
  dan: {name: Dan, email: dan@acme.example, department: \"Engineering\u{a0}\"}
  eve: {name: \"Eve\u{ad} \", email: eve@acme.example, department: Engineering, title: \"Clerk \"}
groups:
  engineering:
    name: \"Engineering\u{a0}\"
    rule: has(user.department) && user.department == 'Engineering'
";
    let repo = Repo::new().file("rolecall.yaml", "version: 1\n").file("access/all.yaml", people);
    insta::assert_snapshot!(validate(&repo).ends_with(1).snapshot());
}

#[test]
fn a_text_that_a_rule_compares_is_an_error() {
    for (fields, rule) in [
        ("department: \"Sales \"", "user.department == 'Sales'"),
        ("department: \"Sales\\u00A0\"", "has(user.department) && user.department.startsWith('Sa')"),
        ("title: \"\\u200BBoss\"", "user.title in ['Boss', 'Clerk']"),
        ("attributes: {team: [core, \"web\\u200B\"]}", "user.attributes.team.exists(t, t == 'web')"),
        ("attributes: {login: \"ada\\t\"}", "user.attributes.login.matches('^ada$')"),
        (
            "manager: ada\n    department: \"Sales \"",
            "has(user.manager) && user.manager.department == 'Sales'",
        ),
    ] {
        let found = validate(&with_rule(fields, rule)).ends_with(1).stderr;
        assert!(found.contains("error[invisible-character]: `"), "{fields}: {found}");
        assert!(found.contains("access/people.yaml:") && found.contains(" is U+"), "{fields}: {found}");
        assert!(found.contains("the rule of group team compares it"), "{fields}: {found}");
    }
}

#[test]
fn a_text_that_nothing_compares_may_hold_anything() {
    let odd =
        "department: \"Sales\\u00A0\"\n    attributes: {login: \" ada\", team: [\"\\u200B\"], site: Bonn}";
    validate(&ada(odd)).ends_with(0);
    // To ask whether it is there compares nothing.
    validate(&with_rule(odd, "has(user.department) && user.attributes.login != null")).ends_with(0);
    validate(&with_rule(odd, "user.id == 'ada'")).ends_with(0);
}

#[test]
fn a_filter_compares_too() {
    let hr = "hr: {connector: scim, url: \"sandbox:\", users: {mapping: people, filter: has(user.title) && user.title == 'Boss'}}";
    let root = ROOT.replace("hr: {connector: scim, url: \"sandbox:\", users: {mapping: people}}", hr);
    let repo = ada("title: \"Boss \"").file("rolecall.yaml", &root);
    let found = validate(&repo).ends_with(1).stderr;
    assert!(found.contains("the filter of app hr compares it"), "{found}");
    // A plan is not made from such a tree either.
    let plan = repo.commit("all").rolecall(["plan"]).run().ends_with(1);
    assert!(plan.stderr.contains("invisible-character"), "{}", plan.stderr);
}

/// ada with this login; the mapping writes `userName` so.
fn with_login(login: &str, user_name: &str, matching: &str) -> Repo {
    let people = format!(
        "people: {{match: [{matching}], attributes: {{userName: {user_name}, externalId: user.id}}}}"
    );
    let root = ROOT.replace("people: {match: [userName], attributes: {userName: user.email}}", &people);
    ada(&format!("attributes: {{login: {login}}}")).file("rolecall.yaml", &root)
}

#[test]
fn what_tells_accounts_apart_is_compared() {
    let login = "user.attributes.login";
    for matching in ["userName", "externalId"] {
        let found = validate(&with_login("\"ada\\u200B\"", login, matching)).ends_with(1).stderr;
        assert!(found.contains("`attributes.login` of ada ends with an invisible character"), "{found}");
        assert!(found.contains("userName of app hr is made from it, and tells accounts apart"), "{found}");
    }
    validate(&with_login("ada", login, "userName")).ends_with(0);
    // What the mapping takes away does not get there.
    validate(&with_login("\" ada \"", "user.attributes.login.trim()", "userName")).ends_with(0);
    let inside = with_login("\"a\\u200Bda \"", "user.attributes.login.trim()", "userName");
    validate(&inside).ends_with(1);
}

#[test]
fn a_name_of_a_person_may_be_written_with_joiners() {
    let sri = "users:\n  sri: {name: \"\\u0DC1\\u0DCA\\u200D\\u0DBB\\u0DD3\", email: sri@acme.example, department: \"\\u0DC1\\u0DCA\\u200D\\u0DBB\"}\n";
    let with = |rule: &str| {
        let group = format!("groups:\n  team:\n    rule: {rule}\n");
        validate(
            &Repo::new()
                .file("rolecall.yaml", "version: 1\n")
                .file("access/sri.yaml", format!("{sri}{group}")),
        )
    };
    with("user.name.display == \"\u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3}\"").ends_with(0);
    with("user.department == 'x'").ends_with(1);
}

#[test]
fn a_part_of_a_name_is_compared_in_the_display_name() {
    let named = |name: &str| {
        let ada = format!("users:\n  ada: {{name: {name}, email: ada@acme.example}}\n");
        let rule = "groups:\n  team:\n    rule: user.name.display.startsWith('Ada')\n";
        let repo = Repo::new().file("rolecall.yaml", "version: 1\n");
        validate(&repo.file("access/ada.yaml", ada).file("access/team.yaml", rule))
    };
    for (name, part) in [
        ("{given: \"Ada\\u200B\", family: Lovelace}", "given"),
        ("{given: Ada, family: \"Lovelace \"}", "family"),
        ("{given: \"Ada \"}", "given"),
        ("\"Ada\\u00A0Lovelace\"", "display"),
    ] {
        let found = named(name).ends_with(1).stderr;
        assert!(found.contains(&format!("`name.{part}` of ada ")), "{name}: {found}");
    }
    named("{given: \"Ada\\u200B\", display: Ada King}").ends_with(0);
}

#[test]
fn a_sensitive_text_is_not_shown() {
    let repo = with_rule("attributes: {band: \"C2\\u00A0\"}", "user.attributes.band == 'C2'");
    let found = validate(&repo).ends_with(1).stderr;
    assert!(found.contains("`attributes.band` of ada ends with a blank"), "{found}");
    assert!(found.contains("access/people.yaml:2:3"), "{found}");
    assert!(!found.contains("band: \"C2"), "{found}");
}

#[test]
fn declared_values_are_compared_where_the_attribute_is() {
    let root = ROOT.replace("[Bonn, Ulm], default: Bonn", "[\"Bonn \", Ulm], default: \"Bonn \"");
    validate(&ada("title: Boss").file("rolecall.yaml", &root)).ends_with(0);
    let repo = with_rule("title: Boss", "user.attributes.site == 'Ulm'").file("rolecall.yaml", &root);
    let found = validate(&repo).ends_with(1).stderr;
    for told in [
        "rolecall.yaml:6:36",
        "rolecall.yaml:6:60",
        "a value that `attributes.site` may have ends with a blank",
    ] {
        assert!(found.contains(told), "{told}: {found}");
    }
}

#[test]
fn a_text_in_a_rule_may_not_hold_one_either() {
    let repo = with_rule("department: Sales", "user.department == 'Sales\u{a0}'");
    let found = validate(&repo).ends_with(1).stderr;
    assert!(
        found.contains("the rule of group team holds a character that only looks like a blank"),
        "{found}"
    );
    assert!(found.contains("access/groups.yaml:3:36") && found.contains("U+00A0"), "{found}");
    let escaped = with_rule("department: Sales", "'user.department == \"Sales\\u00a0\"'");
    validate(&escaped).ends_with(0);
}
