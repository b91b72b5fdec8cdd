//! The connector for BlueJeans through the program, against the emulator that comes with it. Both are ours and written from public
//! documentation, and the service is gone: this shows that they fit each other, and not that BlueJeans acted so.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use rolecall::sandbox::bluejeans::{ListKey, Outage, RoomFault};
use serde_json::{Value, json};

use super::community::told;
use super::meetings::{CLIENT, Company, PASSWORD};

/// The enterprise of the connection.
const OWN: u64 = 4001;

/// The lines that are about something.
fn lines(text: &str, about: &str) -> String {
    let lines = text.lines().filter(|line| line.contains(about));
    lines.map(str::trim).collect::<Vec<_>>().join("\n")
}

/// An account that was made by hand.
fn by_hand(company: &Company, login: &str, query: &str) -> u64 {
    let body = json!({"emailId": format!("{login}@acme.example"), "username": format!("{login}@acme.example"), "password": "hush"});
    let made = company.meetings.api("POST", &format!("/enterprise/{OWN}/users{query}"), Some(&body));
    made["id"].as_u64().unwrap()
}

#[test]
fn a_company_is_made_with_its_rooms_and_the_second_plan_is_empty() {
    for (key, auth) in [(ListKey::Users, PASSWORD), (ListKey::User, CLIENT)] {
        let company = Company::with(auth, "settings: {room: true}");
        let meetings = &company.meetings;
        meetings.habits.turn(|switches| switches.list_key = key);
        let plan = company.run(&["plan", "--user", "ada"]).ends_with(0);
        let steps = "+ ada (Ada King)  create account ada@acme.example  (config)\n+ create step room  (config; same reason)";
        assert_eq!(lines(&plan.stdout, "+ "), steps);
        let applied = company.run(&["apply", "--yes"]).ends_with(0);
        let plan = company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
        let check = company.run(&["check"]).ends_with(0);
        assert!(check.stdout.contains("users can be read: 4 (the rows are counted)"), "{}", check.stdout);
        assert!(check.stdout.contains("the credential has the rights"), "{}", check.stdout);
        let own = match auth {
            PASSWORD => "the connection's own account is 5001: it is always protected",
            _ => "the connection's own account is not known",
        };
        assert!(check.stdout.contains(own), "{}", check.stdout);
        meetings.habits.turn(|switches| switches.list_key = ListKey::Users);
        let people = meetings.people(OWN);
        assert_eq!(people, ["ada@acme.example", "bob@acme.example", "eve@acme.example", "sandbox"]);
        let bob = meetings.person("bob@acme.example");
        assert_eq!(
            (&bob["emailId"], &bob["firstName"], &bob["lastName"], &bob["title"]),
            (&json!("bob@acme.example"), &json!("Bob"), &json!("Stone"), &json!("Clerk"))
        );
        // What is drawn differs from person to person, and is never printed.
        let mut drawn: BTreeSet<String> = people[..3]
            .iter()
            .map(|login| {
                let room = meetings.room(login).expect(login);
                let number = room["numericId"].as_str().unwrap().to_owned();
                assert!(number.len() == 10 && !number.starts_with('0'), "{number}");
                number
            })
            .collect();
        for noted in meetings.sent("POST", "/users") {
            let body: Value = serde_json::from_str(&noted.body).unwrap();
            drawn.insert(body["password"].as_str().unwrap().to_owned());
        }
        assert_eq!(drawn.len(), 6);
        let ledger = company.run(&["ledger", "show", "meetings", "--format", "json"]).ends_with(0);
        let all = [told(&applied), told(&plan), told(&check), told(&ledger)].concat();
        assert!(drawn.iter().all(|secret| !all.contains(secret.as_str())), "{all}");
        assert!(!all.contains(meetings.password()), "{all}");
    }
}

/// Pages may have fewer rows than were asked for: the rows are counted.
#[test]
fn short_pages_are_no_end() {
    let company = Company::applied();
    company.meetings.habits.turn(|switches| {
        switches.largest_page = 1;
        switches.shows_all = true;
    });
    company.nothing_is_left();
    let check = company.run(&["check"]).ends_with(0);
    assert!(check.stdout.contains("users can be read: 4 (the rows are counted)"), "{}", check.stdout);
}

/// A whole account is sent back as it was read, so that it does not matter whether a PUT replaces it.
#[test]
fn a_new_title_changes_the_title_only() {
    for (replaces, status) in [(true, 200), (true, 204), (false, 200), (false, 204)] {
        let company = Company::applied();
        let meetings = &company.meetings;
        let mut bob = meetings.person("bob@acme.example");
        bob["phone"] = json!("555");
        meetings.api("PUT", &format!("/user/{}", meetings.id("bob@acme.example")), Some(&bob));
        meetings.habits.turn(|switches| {
            switches.put_replaces = replaces;
            switches.put_status = status;
        });
        let before = meetings.person("bob@acme.example");
        company.apply("title: Clerk", "title: Chief").ends_with(0);
        let mut after = meetings.person("bob@acme.example");
        assert_eq!(after["title"], "Chief");
        after["title"] = json!("Clerk");
        assert_eq!(after, before);
        let sent = meetings.sent("PUT", "/user/").pop().unwrap();
        assert!(sent.target.contains("sendVerificationMail=false"), "{}", sent.target);
        for read_only in ["\"id\"", "lastLogin", "dateJoined", "password\""] {
            assert!(!sent.body.contains(read_only), "{}", sent.body);
        }
        company.nothing_is_left();
        // A title that is taken away.
        company.apply(", title: Chief", "").ends_with(0);
        let after = meetings.person("bob@acme.example");
        assert_eq!((&after["title"], &after["phone"]), (&Value::Null, &json!("555")));
        company.nothing_is_left();
    }
}

/// Lines of the default mapping that read what a tree may declare.
#[test]
fn declared_attributes_are_sent() {
    let company = Company::new();
    let root = company.repo.read("rolecall.yaml");
    let declared = "attributes: {company: {type: string}, language: {type: string}}\n";
    company.repo.file("rolecall.yaml", format!("{root}{declared}"));
    let attributes = "eve@acme.example, attributes: {company: Acme, language: fr}}";
    company.apply("eve@acme.example}", attributes).ends_with(0);
    let eve = company.meetings.person("eve@acme.example");
    assert_eq!(
        (&eve["company"], &eve["language"], &eve["phone"]),
        (&json!("Acme"), &json!("fr"), &Value::Null)
    );
    company.nothing_is_left();
}

/// A username cannot change: the plan says so, and the rest is changed.
#[test]
fn another_address_leaves_the_username() {
    let company = Company::applied();
    let applied = company.apply("email: bob@acme.example", "email: bob.stone@acme.example");
    assert!(
        told(&applied).contains("username") && told(&applied).contains("apply: create"),
        "{}",
        told(&applied)
    );
    assert_eq!(company.meetings.person("bob@acme.example")["emailId"], "bob.stone@acme.example");
}

/// The app cannot turn accounts off. A leaver is detached, which nothing takes back (safety.md 16o, 16p).
#[test]
fn a_leaver_is_detached_and_does_not_come_back() {
    for status in [403, 404] {
        let company = Company::applied();
        let meetings = &company.meetings;
        meetings.habits.turn(|switches| switches.detached_status = status);
        let id = meetings.id("eve@acme.example");
        company.repo.replace("access/people.yaml", "eve@acme.example}", "eve@acme.example, status: left}");
        company.repo.commit("Eve leaves");
        let plan = company.run(&["plan"]).ends_with(0);
        let detached = "- eve (Eve Hill)  delete account eve@acme.example: detaches it; the account lives on outside of the enterprise, keeps its address and username, and comes back only by an invitation on the web; it cannot be undone  (left)";
        assert_eq!(lines(&plan.stdout, "eve (Eve Hill)"), detached);
        company.run(&["apply", "--yes"]).ends_with(0);
        assert_eq!(meetings.sent("DELETE", "/users/").len(), 1);
        assert_eq!(meetings.people(OWN), ["ada@acme.example", "bob@acme.example", "sandbox"]);
        company.nothing_is_left();
        // The address is not free: nothing is sent, and the plan says why and what to do.
        let back = company.apply("eve@acme.example, status: left}", "eve@acme.example}");
        assert_eq!(back.status, 3);
        assert_eq!(company.creates(), 3);
        let text = told(&back);
        let kept = lines(&text, "keeps the").replace(&id.to_string(), "ID");
        let reason = "! eve (Eve Hill): no account is created: the deleted account ID keeps the email  access/people.yaml:4";
        assert_eq!(kept, reason);
        // Somebody else with the same address gets no account either.
        let other = company.apply(
            "users:\n  ada",
            "users:\n  eva: {name: {given: Eva, family: Hill}, email: Eve@acme.example}\n  ada",
        );
        assert_eq!(company.creates(), 3, "{}", told(&other));
    }
}

#[test]
fn without_a_word_accounts_stay_and_are_said_first() {
    let company = Company::with(PASSWORD, "settings: {room: false}");
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.meetings.room("ada@acme.example"), None);
    let applied = company.apply("eve@acme.example}", "eve@acme.example, status: left}").ends_with(3);
    assert_snapshot!(lines(&applied.stdout, "eve").lines().next().unwrap_or_default(), @"! eve (Eve Hill): is declared to have no access, and still has an active account  access/people.yaml:4");
    assert!(applied.stdout.contains("this app cannot turn accounts off"), "{}", applied.stdout);
    assert!(company.meetings.sent("DELETE", "").is_empty());
    assert_eq!(company.meetings.people(OWN).len(), 4);
}

/// The account is there, and its room is not forgotten.
#[test]
fn a_room_that_is_refused_is_made_by_the_next_run() {
    let company = Company::new();
    let meetings = &company.meetings;
    meetings.habits.turn(|switches| switches.room_fault = Some(RoomFault::Refused));
    let applied = company.run(&["apply", "--yes"]).ends_with(3);
    assert!(applied.stdout.contains("No room can be made"), "{}", applied.stdout);
    assert_eq!(meetings.people(OWN).len(), 4);
    assert_eq!(meetings.room("ada@acme.example"), None);
    meetings.habits.turn(|switches| switches.room_fault = None);
    let plan = company.run(&["plan"]).ends_with(0);
    assert_snapshot!(lines(&plan.stdout, "create step"), @r"
    3 create steps
    ~ ada (Ada King)  + create step room  (retry)
    ~ bob (Bob Stone)  + create step room  (retry)
    ~ eve (Eve Hill)  + create step room  (retry)
    Total: 3 create steps
    ");
    company.run(&["apply", "--yes"]).ends_with(0);
    for login in ["ada@acme.example", "bob@acme.example", "eve@acme.example"] {
        assert!(meetings.room(login).is_some(), "{login}");
    }
    assert_eq!(company.creates(), 3);
    company.nothing_is_left();
}

/// An answer that is lost: a look shows that the room is there, and it is not asked for again.
#[test]
fn a_room_that_was_made_unseen_is_not_made_twice() {
    let company = Company::new();
    company.meetings.habits.turn(|switches| switches.room_fault = Some(RoomFault::Lost));
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.meetings.sent("POST", "/room").len(), 3);
    company.nothing_is_left();
}

/// A token that ends in the middle of a run is replaced, and nothing is done twice.
#[test]
fn a_token_that_ends_is_replaced() {
    for auth in [PASSWORD, CLIENT] {
        let company = Company::with(auth, "settings: {room: true}");
        let meetings = &company.meetings;
        meetings.habits.turn(|switches| switches.requests_per_token = Some(8));
        company.run(&["apply", "--yes"]).ends_with(0);
        assert!(meetings.sent("POST", "/oauth2/token").len() > 1);
        meetings.habits.turn(|switches| switches.requests_per_token = None);
        assert_eq!(meetings.people(OWN).len(), 4);
        // A create that was turned away with the old token was sent once more.
        let logins = meetings.sent("POST", "/users").len();
        assert!((3..=6).contains(&logins), "{logins}");
        company.nothing_is_left();
    }
}

/// Without the right of an administrator nothing is concluded and nothing is written.
#[test]
fn an_account_that_is_no_administrator_sees_nothing() {
    let company = Company::applied();
    let meetings = &company.meetings;
    let writes = meetings.writes();
    company.repo.replace("access/people.yaml", "title: Clerk", "title: Chief").commit("A change");
    meetings.habits.turn(|switches| switches.is_admin = false);
    let applied = company.run(&["apply", "--yes"]);
    assert_ne!(applied.status, 0);
    assert!(told(&applied).contains("answered, and `enterpriseAdmin` is not true"), "{}", told(&applied));
    // A setting takes the place of the question, and not of the right.
    company.change("room: true", "room: true, enterprise: 4001");
    let check = company.run(&["check"]);
    assert_ne!(check.status, 0);
    let why = "the rights that a whole list needs are not proven";
    assert!(told(&check).contains(why) && told(&check).contains("403"), "{}", told(&check));
    assert!(told(&check).contains("The user is no administrator of the enterprise"), "{}", told(&check));
    let applied = company.run(&["apply", "--yes"]);
    assert_ne!(applied.status, 0);
    assert_eq!(meetings.writes(), writes);
    meetings.habits.turn(|switches| switches.is_admin = true);
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(meetings.person("bob@acme.example")["title"], "Chief");
}

/// The same address with another enterprise is another app: no link is used there (safety.md 1).
#[test]
fn another_enterprise_behind_the_same_address_is_another_app() {
    let company = Company::applied();
    let meetings = &company.meetings;
    let shown = company.run(&["ledger", "show", "meetings"]).ends_with(0);
    let endpoint = format!("{}?once.enterprise={OWN}", meetings.url());
    assert!(shown.stdout.contains(&endpoint), "{}", shown.stdout);
    // Who names the enterprise does not matter.
    company.change("room: true", "room: true, enterprise: 4001");
    company.nothing_is_left();
    let writes = meetings.writes();
    company.change("enterprise: 4001", "enterprise: \"77\"");
    let applied = company.run(&["apply", "--yes"]);
    assert_ne!(applied.status, 0);
    let told = told(&applied);
    assert!(told.contains(&endpoint) && told.contains("moved_from"), "{told}");
    assert_eq!(meetings.writes(), writes);
    assert!(meetings.people(77).is_empty());
}

/// What is not the app says nothing of anybody, and nothing is written.
#[test]
fn a_bad_day_is_no_answer_about_anybody() {
    let company = Company::applied();
    let meetings = &company.meetings;
    company.repo.replace("access/people.yaml", "title: Clerk", "title: Chief").commit("A change");
    company.change("users: {deprovision: delete}", "users: {deprovision: delete}\n    limits: {wait: 1s}");
    let writes = meetings.writes();
    for (outage, words) in [(Outage::Page, "502"), (Outage::Empty, "500"), (Outage::Welcome, "a web page")] {
        meetings.habits.turn(|switches| switches.outage = Some(outage));
        let broken = company.run(&["apply", "--yes"]);
        assert!(broken.status != 0 && told(&broken).contains(words), "{}", told(&broken));
        assert!(!told(&broken).contains("<html>"), "{}", told(&broken));
    }
    assert_eq!(meetings.writes(), writes);
    meetings.habits.turn(|switches| switches.outage = None);
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(meetings.person("bob@acme.example")["title"], "Chief");
}

#[test]
fn a_wrong_credential_and_a_single_sign_on_are_named() {
    let company = Company::new();
    let meetings = &company.meetings;
    let wrong = company.run_with(&["plan"], "wrong-secret");
    assert_ne!(wrong.status, 0);
    let text = told(&wrong);
    assert!(text.contains("The username or the password is wrong"), "{text}");
    assert!(!text.contains("wrong-secret"), "{text}");
    meetings.habits.turn(|switches| switches.sso = true);
    let refused = company.run(&["plan"]);
    assert_ne!(refused.status, 0);
    let text = told(&refused);
    assert!(text.contains("The enterprise signs in through its identity provider (SSO)"), "{text}");
    assert!(!text.contains(meetings.password()), "{text}");
    assert_eq!(meetings.writes(), 0);
    // The other way to sign in is not closed.
    company.change(PASSWORD, CLIENT);
    company.run(&["apply", "--yes"]).ends_with(0);
    meetings.habits.turn(|switches| switches.sso = false);
    assert_eq!(meetings.people(OWN).len(), 4);
}

/// An address that a detached account keeps, of which rolecall does not know.
#[test]
fn an_address_that_is_taken_is_refused_by_the_app() {
    for status in [400, 409] {
        let company = Company::new();
        let meetings = &company.meetings;
        let id = by_hand(&company, "eve", "");
        meetings.api("DELETE", &format!("/enterprise/{OWN}/users/{id}"), None);
        meetings.habits.turn(|switches| switches.taken_status = status);
        let applied = company.run(&["apply", "--yes"]).ends_with(3);
        assert!(told(&applied).contains("Email address is already taken"), "{}", told(&applied));
        assert_eq!(meetings.people(OWN), ["ada@acme.example", "bob@acme.example", "sandbox"]);
        // The room of somebody without an account is not asked for.
        assert_eq!(meetings.sent("POST", "/room").len(), 2);
    }
}

/// Somebody who has an account by hand keeps it, and what it can do is said.
#[test]
fn an_administrator_who_is_adopted_is_named() {
    let company = Company::new();
    by_hand(&company, "eve", "?isAdmin=true");
    let plan = company.run(&["plan"]);
    assert_snapshot!(lines(&plan.stdout, "role admin"), @"and the account already has role admin");
    company.run(&["apply", "--yes"]).ends_with(0);
    let made =
        company.meetings.sent("POST", "/users").iter().filter(|noted| noted.body.contains("eve@")).count();
    assert_eq!(made, 1);
    assert_eq!(company.meetings.person("eve@acme.example")["firstName"], "Eve");
}

/// The sandbox signs in by the first form of the document, with a username and a password.
#[test]
fn the_sandbox_takes_the_place_of_the_app_and_can_be_served() {
    let company = Company::new();
    company.run(&["apply", "--yes", "--sandbox"]).ends_with(0);
    company.run(&["plan", "--detailed-exitcode", "--sandbox"]).ends_with(0);
    assert_eq!(company.meetings.writes(), 0);
    let served = company.repo.rolecall(["sandbox", "serve", "meetings", "-o", "json"]).spawn();
    served.wait_for("Ctrl-C stops it");
    let shown: Value = serde_json::from_str(&served.stdout()).unwrap();
    let text = |key: &str| shown[key].as_str().unwrap().to_owned();
    assert_eq!(text("username"), "sandbox");
    // Both ways to sign in take it.
    company.change(company.meetings.url(), &text("url"));
    for auth in [PASSWORD, CLIENT] {
        let plan = company.run_with(&["plan"], &text("password")).ends_with(0);
        assert!(plan.stdout.contains("3 to adopt"), "{}", plan.stdout);
        if auth == PASSWORD {
            company.change(PASSWORD, CLIENT);
        }
    }
    served.signal("TERM");
    assert_eq!(served.wait().status, 143);
}
