//! Ids that we choose, paths by login, and the proof that an account is gone.

use serde_json::json;

use super::hub::{BY_KEY, BY_NAME, Hub};

const THREE: [&str; 3] = ["ada", "bob", "eve"];

/// Deprovision by delete, at once, because accounts cannot be turned off.
const DELETES: (&str, &str) = ("    groups: {push", "    users: {deprovision: delete}\n    groups: {push");
const NO_OFF: (&str, &str) = ("active: {at: state, is: [\"on\"], not: [\"off\"]}", "active: none");

fn told(output: &crate::support::program::Output) -> String {
    format!("{}{}", output.stdout, output.stderr)
}

/// The name of a new object stands in the address of its create, and is its id: no answer has to show it.
#[test]
fn a_name_that_we_choose_stands_in_the_create() {
    for method in ["POST", "PUT"] {
        let create = format!(
            "      active: {{at: state, is: [\"on\"], not: [\"off\"]}}\n      create: {{{method}: \"/users/{{key}}\"}}\n"
        );
        let hub = Hub::of(
            &THREE,
            &[
                BY_NAME,
                ("      active: {at: state, is: [\"on\"], not: [\"off\"]}\n", &create),
                ("      members: {list", "      create: {POST: \"/teams/{key}\"}\n      members: {list"),
                ("account: id", "account: login"),
            ],
        );
        hub.run(&["apply", "--yes"]).ends_with(0);
        assert_eq!((hub.count(method, "/users/ada"), hub.count("POST", "/teams/everybody")), (1, 1));
        assert_eq!(hub.team("everybody"), THREE);
        hub.is_settled();
        // It is known without a list.
        assert_eq!(hub.count("GET", "/users/ada"), if method == "PUT" { 2 } else { 1 });
        hub.apply("user:bob, ", "").ends_with(0);
        assert_eq!(hub.team("everybody"), ["ada", "eve"]);
        hub.is_settled();
    }
}

/// A PUT is also how such an app changes an account: one that came since the plan is somebody's.
#[test]
fn a_put_does_not_create_over_an_account_that_is_there() {
    let active = "      active: {at: state, is: [\"on\"], not: [\"off\"]}\n";
    let create = format!("{active}      create: {{PUT: \"/users/{{key}}\"}}\n");
    for by in [BY_NAME, BY_KEY] {
        let mut edits = vec![by, (active, create.as_str())];
        edits.extend((by == BY_NAME).then_some(("account: id", "account: login")));
        let hub = Hub::of(&THREE, &edits);
        let other = json!({"id": 77, "login": "bob", "email": "bob@other.example", "state": "on"});
        hub.data().arrives = Some(other);
        let applied = hub.run(&["apply", "--yes"]);
        assert!(told(&applied).contains("is there already"), "{}", told(&applied));
        assert_eq!(hub.data().people[&77]["email"], "bob@other.example");
        assert_eq!(hub.count("PUT", "/users/bob"), 0);
    }
}

/// Where paths have logins and the answer to a create shows nothing, what a look-up finds tells the address.
#[test]
fn an_answer_without_an_id_leaves_nobody_without_an_address() {
    for shows in [false, true] {
        let hub = Hub::of(
            &THREE,
            &[BY_KEY, ("not: [\"off\"]}\n", "not: [\"off\"]}\n      get: {GET: \"/users/{key}\"}\n")],
        );
        hub.data().shows = shows;
        hub.run(&["apply", "--yes"]).ends_with(0);
        assert_eq!(hub.team("everybody"), THREE);
        hub.is_settled();
        hub.apply("email: eve@acme.example", "email: eva@acme.example").ends_with(0);
        hub.is_settled();
    }
}

/// The login of an account with a stable id may change: its address does, too.
#[test]
fn an_account_that_is_addressed_by_login_may_get_another_login() {
    let hub = Hub::of(&THREE, &[BY_KEY, ("login: user.id", "login: user.title")]);
    for id in THREE {
        let email = format!("email: {id}@acme.example");
        hub.repo.replace("access/people.yaml", &email, &format!("{email}, title: the-{id}"));
    }
    hub.repo.commit("Titles");
    hub.run(&["apply", "--yes"]).ends_with(0);
    hub.apply("title: the-eve", "title: the-eva").ends_with(0);
    assert_eq!(hub.team("everybody"), ["the-ada", "the-bob", "the-eva"]);
    hub.is_settled();
}

/// A complete list without an account is the proof that it is gone, where the app does not say so itself.
#[test]
fn a_whole_list_proves_that_an_account_is_gone_and_a_short_one_does_not() {
    let by_list = ("answers: {error", "answers: {gone: by-list, error");
    for edits in [vec![BY_KEY], vec![by_list], vec![BY_KEY, by_list]] {
        let hub = Hub::of(&THREE, &edits);
        hub.run(&["apply", "--yes"]).ends_with(0);
        hub.delete("bob");
        hub.delete("eve");
        hub.data().hides = true;
        let plan = hub.run(&["plan"]).ends_with(3);
        assert!(!plan.stdout.contains("deleted in the app"), "{}", plan.stdout);
        assert!(!plan.stdout.contains("until the app answers"), "{}", plan.stdout);
        hub.data().hides = false;
        hub.data().log.clear();
        let plan = hub.run(&["plan"]).ends_with(0);
        assert_eq!(plan.stdout.matches("deleted in the app").count(), 2, "{}", plan.stdout);
        // One list is read for the plan, and one for all who are not in it.
        assert_eq!(hub.data().log.iter().filter(|(_, path)| path == "/users").count(), 2);
    }
}

/// A deletion that the app took is the outcome, though its 404 proves nothing.
#[test]
fn a_deletion_that_the_app_took_is_done() {
    let by_list = ("answers: {error", "answers: {gone: by-list, error");
    for edits in [vec![NO_OFF, by_list], vec![NO_OFF, BY_KEY, by_list], vec![NO_OFF, BY_KEY]] {
        let hub = Hub::of(&THREE, &edits);
        hub.repo.replace("access/app.yaml", DELETES.0, DELETES.1).commit("Delete");
        hub.run(&["apply", "--yes"]).ends_with(0);
        hub.apply("email: eve@acme.example}", "email: eve@acme.example, status: left}").ends_with(0);
        assert_eq!(hub.count("DELETE", "/users/"), 1);
        let plan = hub.run(&["plan"]).ends_with(0);
        assert!(!plan.stdout.contains("till has access"), "{}", plan.stdout);
        hub.is_settled();
    }
}

/// A list that grows while it is read does not add up: look-ups wait for the creates beside them, and one serves several.
#[test]
fn creates_side_by_side_do_not_disturb_their_look_ups() {
    let people: Vec<String> = (1..=24).map(|n| format!("person{n:02}")).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let hub = Hub::of(&people, &[]);
    hub.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(hub.data().people.len(), 24);
    let walks = hub.data().log.iter().filter(|(method, path)| method == "GET" && path == "/users").count();
    // Of at most twelve pages each; one walk for each create would be some 150 pages.
    assert!(walks < 100, "{walks}");
    hub.is_settled();
}

/// An app that keeps logins in lower case is found out, and the message says what to write.
#[test]
fn logins_that_an_app_keeps_in_lower_case_are_named() {
    let hub = Hub::of(&["Eva.Upper", "bob"], &[]);
    hub.data().lower = true;
    let say = "the app shows `eva.upper` for `Eva.Upper`: write `case: ignore` at the attribute `login`";
    let applied = hub.run(&["apply", "--yes"]);
    assert!(told(&applied).contains(say), "{}", told(&applied));
    // A conflict with her own account says so, too.
    let again = hub.run(&["apply", "--yes"]);
    assert!(told(&again).contains(say), "{}", told(&again));
    hub.repo.replace("access/connector.yaml", "unique: true}", "unique: true, case: ignore}").commit("Case");
    hub.run(&["apply", "--yes"]).ends_with(0);
    hub.is_settled();
    assert_eq!(hub.data().people.len(), 2);
}

/// A list of members that is written whole is written once for all who come and go.
#[test]
fn members_who_are_written_whole_are_written_once() {
    let people: Vec<String> = (1..=12).map(|n| format!("person{n:02}")).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let members = "add: {PUT: \"/teams/{group}/members/{account}\"}, remove: {DELETE: \"/teams/{group}/members/{account}\"}";
    let set = "set: {PATCH: \"/teams/{group}\", json: {members: {each: \"{account}\"}}}";
    let hub = Hub::of(&people, &[(members, set)]);
    hub.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!((hub.count("PATCH", "/teams"), hub.team("everybody").len()), (1, 12));
    hub.is_settled();
    hub.apply("user:person03, user:person04, user:person05, ", "").ends_with(0);
    assert_eq!((hub.count("PATCH", "/teams"), hub.team("everybody").len()), (2, 9));
    hub.is_settled();
}

/// What the app took and does not show afterwards is unknown: it was not refused, and not left undone.
#[test]
fn a_membership_that_was_taken_and_cannot_be_seen_is_unknown() {
    let hub = Hub::of(&["ada"], &[]);
    hub.data().loses_teams = true;
    let applied = hub.run(&["apply", "--yes"]);
    let text = told(&applied);
    assert!(text.contains("the app took it, and looking again failed"), "{text}");
    assert!(!text.contains("nothing was sent"), "{text}");
    assert!(!text.contains("hub: hub:"), "{text}");
    hub.data().loses_teams = false;
    hub.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(hub.team("everybody"), ["ada"]);
}

/// Where the answer to a create shows the new object, its account is known by that, however the app writes its login.
#[test]
fn an_account_is_remembered_by_the_id_that_the_app_gave() {
    for by in [BY_NAME, BY_KEY] {
        let hub = Hub::of(&["Eva.Upper", "bob"], &[by]);
        hub.data().lower = true;
        hub.data().shows = true;
        hub.run(&["apply", "--yes"]);
        let ledger = hub.run(&["ledger", "show", "hub"]).ends_with(0);
        assert!(ledger.stdout.contains("Eva.Upper"), "{}", ledger.stdout);
        assert_eq!(hub.data().people.len(), 2);
        hub.run(&["apply", "--yes"]);
        assert_eq!((hub.count("POST", "/users"), hub.data().people.len()), (2, 2));
    }
}
