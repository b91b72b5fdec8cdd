//! What `rolecall check` finds in a document that is not right for its app.

use serde_json::json;

use super::company::Company;

const RIGHTS: &str = "expect: {admin: [true]}";

/// What the token may do is a list, and all that the lists need has to be in it.
#[test]
fn a_token_with_a_part_of_the_rights_is_no_proof() {
    let with = |expect: &str| Company::with(&[(RIGHTS, expect)]);
    let whole = "expect: {scopes: {has: [people, teams]}, roles: {has: admin}}";
    let check = with(whole).run(&["check"]).ends_with(0);
    assert!(check.stdout.contains("the credential has the rights that the lists need"), "{}", check.stdout);
    for (expect, lacks) in [
        ("expect: {scopes: {has: [people, grants]}}", r#"`scopes` does not have "grants""#),
        ("expect: {roles: {has: [owner, user]}}", r#"`roles` does not have "owner""#),
        ("expect: {roles: [admin]}", r#"`roles` is a list: write `roles: {has: ["admin"]}` below `expect`"#),
    ] {
        let check = with(expect).run(&["check"]).ends_with(1);
        assert!(check.stdout.contains(lacks), "{expect}\n{}", check.stdout);
    }
}

/// The document, edited after everybody has got an account.
fn applied(old: &str, new: &str) -> Company {
    let company = Company::new();
    company.run(&["apply", "--yes"]).ends_with(0);
    company.repo.replace("access/connector.yaml", old, new).commit("Another document");
    company
}

#[test]
fn a_check_counts_the_rows_that_have_an_attribute() {
    let company = Company::new();
    company.run(&["apply", "--yes"]).ends_with(0);
    company.office.data().people.values_mut().next().unwrap().remove("hired");
    let check = company.run(&["check"]).ends_with(0).stdout;
    assert!(
        check.contains("ok    attributes of users: username, email, ours, level, roles in each of 5 rows"),
        "{check}"
    );
    assert!(check.contains("ok    attributes of groups: title in the only row"), "{check}");
    assert!(check.contains("ok    members can be read: 5 in one group, by `id`"), "{check}");
}

/// A place that no row has is found by `check`, and said by a plan: what is sent there would be believed for ever.
#[test]
fn a_wrong_place_is_found_before_anything_is_believed() {
    let company = applied("at: 'emails[label eq \"Email\"].value'", "at: mail");
    let check = company.run(&["check"]).ends_with(1).stdout;
    assert!(check.contains("FAIL  attribute email of users (at `mail`) is in none of 5 rows"), "{check}");
    assert!(check.contains("or say with `at: {one: …}` or `not_shown` that lists do not show it"), "{check}");
    let said = "no row of the list of 5 accounts has email (at `mail`)";
    let plan = company.run(&["plan"]).stdout;
    assert!(plan.contains(said), "{plan}");
    // A document that declares it is believed.
    company
        .repo
        .replace("access/connector.yaml", "at: mail", "at: {one: mail, write: mail}")
        .commit("Declared");
    let plan = company.run(&["plan"]).stdout;
    assert!(!plan.contains(said), "{plan}");
    let check = company.run(&["check"]).ends_with(0).stdout;
    assert!(!check.contains("attribute email"), "{check}");
    // So is one that says why.
    company.repo.replace("access/connector.yaml", "at: {one: mail, write: mail}", "at: mail");
    company.repo.replace(
        "access/connector.yaml",
        "not_shown: {",
        "not_shown: {attributes: {email: hidden}, ",
    );
    company.repo.commit("Said");
    assert!(!company.run(&["plan"]).stdout.contains(said));
    assert!(!company.run(&["check"]).ends_with(0).stdout.contains("attribute email"));
}

#[test]
fn a_wrong_place_of_a_group_and_of_a_member_is_found() {
    let group = applied("{is: name, required: true", "{at: label, is: name, required: true");
    let check = group.run(&["check"]).ends_with(1).stdout;
    assert!(check.contains("FAIL  attribute title of groups (at `label`) is in none of 1 rows"), "{check}");
    let member = applied("account: id", "account: person");
    let check = member.run(&["check"]).ends_with(1).stdout;
    assert!(
        check.contains("cannot be read: its form is not understood: a member has no account at `person`"),
        "{check}"
    );
    assert!(check.contains("correct `account: person` of `members`"), "{check}");
}

/// A value of another JSON type than the document says is unread, with what came.
#[test]
fn a_value_in_another_form_is_named_with_it() {
    let company = Company::new();
    company.run(&["apply", "--yes"]).ends_with(0);
    for person in company.office.data().people.values_mut() {
        person.insert("level".to_owned(), json!(true));
        person.insert("hired".to_owned(), json!("soon"));
    }
    let ada = company.office.id("ada");
    company.office.data().people.get_mut(&ada).unwrap()["hired"] = json!([1]);
    let check = company.run(&["check"]).ends_with(1).stdout;
    for said in [
        "FAIL  level: 5 of 5 rows have a boolean, the document says integer",
        "note  hired: 4 of 5 rows have a text, the document says date",
        "note  hired: 1 of 5 rows have an array, the document says date",
        "add `many: true`",
    ] {
        assert!(check.contains(said), "{said}\n{check}");
    }
    company.repo.replace("access/people.yaml", "start: 2026-01-10", "start: 2026-02-10").commit("Later");
    let plan = company.run(&["plan"]).stdout;
    assert!(plan.contains("(not understood: [1])"), "{plan}");
}

/// The words of the page about connectors stand beside what is wrong with a list.
#[test]
fn a_list_that_does_not_add_up_has_its_remedy() {
    for (old, new, remedy) in [
        ("at: startIndex", "at: offset", "correct `at`, `from` or `step`"),
        (
            "      id: id\n      created",
            "      id: number\n      created",
            "correct `id`, or leave out such rows with `only`",
        ),
        ("      rows: list\n", "      rows: items\n", "correct the place at `rows`"),
    ] {
        let check = applied(old, new).run(&["check"]).ends_with(1).stdout;
        assert!(check.contains(remedy) && !check.contains("ask the people"), "{new}\n{check}");
    }
}

/// A password that has to be sent twice is drawn once.
#[test]
fn a_drawn_value_is_written_at_all_its_places() {
    let company = Company::with(&[("at: {write: password}", "at: {write: [password, passwordAgain]}")]);
    company.run(&["apply", "--yes"]).ends_with(0);
    let ada = company.office.person("ada");
    assert!(ada["password"].as_str().is_some_and(|password| password.len() == 24), "{ada:?}");
    assert_eq!(ada["password"], ada["passwordAgain"]);
    assert_ne!(ada["password"], company.office.person("bob")["password"]);
}

/// What a document says of values is compared with roles and mappings before anything is sent.
#[test]
fn what_the_app_cannot_take_is_found_offline() {
    let validated = |old: &str, new: &str, status: i32| {
        let company = Company::new();
        company.repo.replace("access/connector.yaml", old, new).commit("Another document");
        let output = company.run(&["validate"]).ends_with(status);
        format!("{}{}", output.stdout, output.stderr)
    };
    let roles = "many: true, names: role, power: [admin]";
    let unknown = validated(roles, "many: true, values: [admin, uses], power: [admin]", 1);
    assert!(
        unknown.contains("the role user is `user` in app office, and `roles` cannot be that"),
        "{unknown}"
    );
    assert!(unknown.contains("did you mean `uses`?") && unknown.contains("one of admin, uses"), "{unknown}");
    let several = validated(roles, "names: role, power: [admin]", 1);
    assert!(
        several.contains("`roles` of app office has one value, and `account.roles` gives all of 2 roles"),
        "{several}"
    );
    let mapped = "      level: {value: 3, apply: create}\n";
    let shared = validated(mapped, &format!("{mapped}      password: {{value: Welcome1}}\n"), 0);
    assert!(
        shared.contains("everybody in app office gets the same password, and it stands in git"),
        "{shared}"
    );
    assert!(shared.contains("`fresh: password`") && !shared.contains("several"), "{shared}");
}

/// A group is not silently without those who have no account in the app.
#[test]
fn members_without_an_account_are_named() {
    let company = Company::new();
    company.repo.replace("access/people.yaml", "groups:\n", "  zoe: {name: Zoe, email: zoe@acme.example}\ngroups:\n  guests: {name: Guests, members: [user:zoe, user:ada]}\n");
    company.repo.replace("access/app.yaml", "push: [all]", "push: [all, guests]").commit("Guests");
    let plan = company.run(&["plan"]).stdout;
    assert!(
        plan.contains("no account in this app, and are no members there: group:guests without zoe"),
        "{plan}"
    );
}

/// Whoever has power and is nobody's stands first, with the power.
#[test]
fn an_unmanaged_account_is_named_with_its_power() {
    let company = Company::new();
    company.run(&["apply", "--yes"]).ends_with(0);
    for (id, name, role) in [(7, "plain", 1), (8, "stray", 2)] {
        let person = json!({"id": id, "username": name, "state": "on", "created": 1, "roleIds": [role]});
        company.office.data().people.insert(id, person.as_object().unwrap().clone());
    }
    let plan = company.run(&["plan"]).stdout;
    assert!(
        plan.contains("2 active accounts nobody declared for this app: stray (admin, power), plain"),
        "{plan}"
    );
    company
        .repo
        .replace("access/app.yaml", "    groups:", "    unmanaged: disable\n    groups:")
        .commit("Off");
    let plan = company.run(&["plan", "-v"]).stdout;
    assert!(plan.contains("role admin") && plan.contains("plain"), "{plan}");
}

/// `-v` shows what an app answered to a write that failed, where the document does not name the place of its words.
#[test]
fn a_failed_write_shows_the_answer() {
    let company = Company::with(&[("text: error.message", "text: error.reason")]);
    company.office.data().desk_fault = None;
    company.run(&["apply", "--yes"]).ends_with(0);
    company.repo.replace("access/connector.yaml", "drop: [resources, displayName]", "drop: [displayName]");
    company.repo.replace("access/people.yaml", "start: 2026-01-10", "start: 2026-02-10").commit("Later");
    let applied = company.run(&["apply", "--yes", "-v"]);
    assert!(applied.stderr.contains("resources and displayName are not yours"), "{}", applied.stderr);
    let quiet = company.run(&["apply", "--yes"]);
    assert!(!format!("{}{}", quiet.stdout, quiet.stderr).contains("are not yours"));
}
