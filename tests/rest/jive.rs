//! The connector for Jive through the program, against the emulator that comes with it. Both are ours and written from public
//! documentation: this shows that they fit each other, and not that a real Jive acts so.

use std::sync::atomic::{AtomicUsize, Ordering};

use rolecall::model::Created;
use rolecall::sandbox::jive::{Anonymous, Outage, UsernameChange};
use serde_json::{Value, json};

use super::community::{Company, PEOPLE, told};
use super::played::Played;
use crate::faults::writing::crowd;
use crate::support::proxy::{then, when};
use crate::support::wire::Response;

/// A person as somebody made it by hand.
fn by_hand(username: &str, more: Value) -> Value {
    let mut person = json!({
        "name": {"givenName": "Eve", "familyName": "Hill"},
        "emails": [{"value": username, "jive_label": "Email"}],
        "jive": {"username": username, "password": "hush"},
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        person["jive"][key] = value.clone();
    }
    person
}

#[test]
fn a_company_is_made_and_the_second_plan_is_empty() {
    for prefix in [true, false] {
        let company = Company::new();
        let jive = &company.jive;
        jive.habits.turn(|switches| switches.prefix = prefix);
        company.run(&["apply", "--yes"]).ends_with(0);
        let bob = jive.person("bob@acme.example");
        assert_eq!(
            bob["emails"][0],
            json!({"jive_label": "Email", "type": "work", "primary": true, "value": "bob@acme.example"})
        );
        assert_eq!(bob["jive"]["profile"], json!([{"jive_label": "Title", "value": "Clerk"}]));
        assert_eq!(jive.manager("bob@acme.example").as_deref(), Some("ada@acme.example"));
        assert_eq!(jive.members("Everybody"), ["ada@acme.example", "bob@acme.example", "eve@acme.example"]);
        // The offset has no colon.
        assert!(Created::read(bob["published"].as_str().unwrap()).is_some(), "{}", bob["published"]);
        // No mail is sent to anybody, and a password is drawn for each.
        let created = jive.sent("POST", "/people");
        assert_eq!(created.len(), 3);
        let passwords: std::collections::BTreeSet<String> = created
            .iter()
            .map(|noted| {
                assert!(noted.target.contains("welcome=false"), "{}", noted.target);
                let body: Value = serde_json::from_str(&noted.body).unwrap();
                assert_eq!(body["type"], "person");
                body["jive"]["password"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(passwords.len(), 3);
        let plan = company.run(&["plan", "--detailed-exitcode"]).ends_with(0);
        assert!(passwords.iter().all(|password| !told(&plan).contains(password.as_str())));
        let check = company.run(&["check"]).ends_with(0);
        assert!(
            check.stdout.contains("not proven: that only an account with the right to manage people may"),
            "{}",
            check.stdout
        );
        assert!(!check.stdout.contains("has the rights"), "{}", check.stdout);
        assert!(
            check.stdout.contains("users can be read: 4 (the last page names no next one)"),
            "{}",
            check.stdout
        );
        assert!(
            check.stdout.contains("the connection's own account is sandbox: it is always protected"),
            "{}",
            check.stdout
        );
    }
}

#[test]
fn a_leaver_is_disabled_and_comes_back() {
    let company = Company::applied();
    let enabled = || company.jive.person("eve@acme.example")["jive"]["enabled"].clone();
    company
        .apply("eve@acme.example, manager: ada}", "eve@acme.example, manager: ada, status: suspended}")
        .ends_with(0);
    assert_eq!(enabled(), json!(false));
    // Lists hide disabled people unless they are asked for.
    company.nothing_is_left();
    company.apply("manager: ada, status: suspended}", "manager: ada}").ends_with(0);
    assert_eq!(enabled(), json!(true));
    company.nothing_is_left();
}

/// A whole object is sent back as it was read: what rolecall does not know of stays, whether a PUT replaces or merges.
#[test]
fn a_new_title_changes_the_title_only() {
    for replaces in [true, false] {
        let company = Company::applied();
        let jive = &company.jive;
        jive.habits.turn(|switches| switches.put_replaces = replaces);
        let mut bob = jive.person("bob@acme.example");
        bob["tags"] = json!(["sales"]);
        bob["emails"]
            .as_array_mut()
            .unwrap()
            .insert(0, json!({"jive_label": "Home", "value": "bob@home.example"}));
        bob["jive"]["profile"]
            .as_array_mut()
            .unwrap()
            .push(json!({"jive_label": "Expertise", "value": "Ships"}));
        let path = format!("/people/{}", jive.id("bob@acme.example"));
        jive.api("PUT", &path, Some(&bob));
        let before = jive.person("bob@acme.example");
        let puts = jive.sent("PUT", "/people/").len();
        company.apply("title: Clerk", "title: Chief").ends_with(0);
        let mut after = jive.person("bob@acme.example");
        assert_eq!(jive.sent("PUT", "/people/").len(), puts + 1);
        let title = after["jive"]["profile"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .find(|entry| entry["jive_label"] == "Title");
        assert_eq!(std::mem::replace(&mut title.unwrap()["value"], json!("Clerk")), "Chief");
        after["updated"] = before["updated"].clone();
        let sorted = |person: &Value, pointer: &str| {
            let entries = person.pointer(pointer).unwrap().as_array().unwrap();
            let mut all: Vec<String> = entries.iter().map(Value::to_string).collect();
            all.sort();
            all
        };
        for pointer in ["/emails", "/jive/profile"] {
            assert_eq!(sorted(&after, pointer), sorted(&before, pointer));
        }
        assert_eq!(
            (&after["tags"], &after["jive"]["username"]),
            (&before["tags"], &before["jive"]["username"])
        );
        // What may not be sent back is not sent.
        let sent = jive.sent("PUT", "/people/").pop().unwrap().body;
        assert!(!sent.contains("resources") && !sent.contains("displayName"), "{sent}");
        company.nothing_is_left();
        // A title that is taken away.
        company.apply(", title: Chief", "").ends_with(0);
        assert!(!jive.person("bob@acme.example")["jive"]["profile"].to_string().contains("Chief"));
        company.nothing_is_left();
    }
}

/// Nobody is created twice because a list hides them.
#[test]
fn a_disabled_person_who_was_there_before_is_found() {
    let company = Company::new();
    let jive = &company.jive;
    jive.api("POST", "/people?welcome=false", Some(&by_hand("eve@acme.example", json!({"enabled": false}))));
    company.run(&["plan"]);
    let applied = company.run(&["apply", "--yes"]);
    assert!(!told(&applied).contains("taken"), "{}", told(&applied));
    let created = jive.sent("POST", "/people?");
    assert_eq!(
        created.iter().filter(|noted| noted.body.contains("eve@acme.example")).count(),
        1,
        "{}",
        told(&applied)
    );
}

/// Pages may have fewer rows than were asked for, and the list goes on.
#[test]
fn short_pages_are_no_end() {
    let company = Company::applied();
    let hidden = by_hand("hidden@acme.example", json!({}));
    company.jive.api("POST", "/people?welcome=false", Some(&hidden));
    company.jive.habits.turn(|switches| {
        switches.largest_page = 2;
        switches.hidden = ["bob@acme.example".to_owned()].into();
    });
    let check = company.run(&["check"]).ends_with(0);
    assert!(
        check.stdout.contains("users can be read: 4 (the last page names no next one)"),
        "{}",
        check.stdout
    );
    // Who has an account and is hidden is asked for by id, and is not created again.
    let plan = company.run(&["plan"]).ends_with(0);
    assert!(!plan.stdout.contains("create account"), "{}", plan.stdout);
    company.jive.habits.turn(|switches| switches.hidden = ["hidden@acme.example".to_owned()].into());
    company.nothing_is_left();
}

/// A delete is for good, and never the default: the account is turned off first.
#[test]
fn a_delete_comes_after_its_time() {
    let company = Company::new();
    company.repo.replace(
        "access/app.yaml",
        "    groups:",
        "    users: {deprovision: delete, delete_after: 30d}\n    groups:",
    );
    let apply = |at: &str| company.run(&["apply", "--yes", "--sandbox", "--at", at]);
    apply("2027-01-01T12:00:00Z").ends_with(0);
    company.repo.replace(
        "access/people.yaml",
        "eve@acme.example, manager: ada",
        "eve@acme.example, status: left",
    );
    let off = apply("2027-01-02T12:00:00Z").ends_with(0);
    assert!(off.stdout.contains("disable") && !off.stdout.contains("delete account"), "{}", off.stdout);
    let gone = apply("2027-03-02T12:00:00Z").ends_with(0);
    assert!(gone.stdout.contains("delete account"), "{}", gone.stdout);
    company.run(&["plan", "--detailed-exitcode", "--sandbox", "--at", "2027-03-03T12:00:00Z"]).ends_with(0);
}

#[test]
fn members_go_in_batches() {
    let people: String = (0..230)
        .map(|n| format!("  p{n}: {{name: {{given: Eve, family: Hill}}, email: p{n}@acme.example}}\n"))
        .collect();
    let members: Vec<String> = (0..230).map(|n| format!("user:p{n}")).collect();
    let groups = format!("groups:\n  all: {{name: Everybody, members: [{}]}}\n", members.join(", "));
    let company = Company::of(&format!("users:\n{people}{groups}"));
    let jive = &company.jive;
    for n in 0..230 {
        let person = by_hand(&format!("p{n}@acme.example"), json!({}));
        jive.api("POST", "/people?welcome=false", Some(&person));
    }
    jive.habits.turn(|switches| switches.members_status = 201);
    company.run(&["apply", "--yes"]).ends_with(0);
    let batches: Vec<usize> = jive
        .sent("POST", "/members")
        .iter()
        .map(|noted| serde_json::from_str::<Vec<String>>(&noted.body).unwrap().len())
        .collect();
    assert_eq!(batches, [200, 30]);
    let group = jive.api("GET", "/securityGroups/name/Everybody", None);
    assert_eq!(group["memberCount"], 230);
    company.nothing_is_left();
}

/// One of many members is nobody for the app: it is named, and the others arrive.
#[test]
fn a_ghost_among_many_members_is_named_and_the_others_arrive() {
    let many = crowd();
    let login = |n: usize| format!("p{n}@acme.example");
    let people: String = (0..many)
        .map(|n| format!("  p{n}: {{name: {{given: Eve, family: Hill}}, email: {}}}\n", login(n)))
        .collect();
    let members: Vec<String> = (0..many).map(|n| format!("user:p{n}")).collect();
    let groups = format!("groups:\n  all: {{name: Everybody, members: [{}]}}\n", members.join(", "));
    let jive = Played::start();
    let proxy = jive.behind();
    jive.habits.turn(|switches| switches.behind = Some(proxy.base_url()));
    for n in 0..many {
        jive.api("POST", "/people?welcome=false", Some(&by_hand(&login(n), json!({}))));
    }
    let ghost = many / 2;
    let of_ghost = format!("/people/{}\"", jive.id(&login(ghost)));
    let unknown = json!({"error": {"status": 400, "code": "noPerson", "message": "there is no such person"}});
    let refused = Response::new(400).body("application/json", unknown.to_string());
    proxy.arm(
        when::method("POST").and(when::target("/members")).and(when::body(&of_ghost)),
        then::answer(refused),
    );
    let company = Company::at(jive, &proxy.base_url(), &format!("users:\n{people}{groups}"), "[all]");
    let applied = company.run(&["apply", "--yes"]).ends_with(3);
    assert!(told(&applied).contains(&format!("p{ghost} (Eve Hill)")), "{}", told(&applied));
    let group = company.jive.api("GET", "/securityGroups/name/Everybody", None);
    assert_eq!(group["memberCount"], many - 1);
    let asked = proxy.writes().iter().filter(|one| one.request.path().ends_with("/members")).count();
    assert!(asked <= many.div_ceil(200) + 2 * 8, "{asked} requests");
    proxy.heal();
    company.run(&["apply", "--yes"]).ends_with(0);
    company.nothing_is_left();
}

#[test]
fn members_leave_one_by_one_if_the_instance_can_do_it() {
    let company = Company::applied();
    let jive = &company.jive;
    jive.habits.turn(|switches| switches.removes_members = false);
    let applied = company.apply("user:bob, user:eve]", "user:bob]");
    assert_ne!(applied.status, 0);
    assert!(told(&applied).contains("405"), "{}", told(&applied));
    jive.habits.turn(|switches| switches.removes_members = true);
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(jive.members("Everybody"), ["ada@acme.example", "bob@acme.example"]);
    assert_eq!(jive.person("eve@acme.example")["jive"]["enabled"], false);
}

/// A group that an identity provider fills belongs to it.
#[test]
fn a_federated_group_is_left_alone() {
    let company = Company::new();
    let jive = &company.jive;
    jive.api("POST", "/securityGroups", Some(&json!({"name": "Everybody", "federated": true})));
    let applied = company.run(&["apply", "--yes"]);
    assert!(told(&applied).contains("filled by another system"), "{}", told(&applied));
    assert!(jive.members("Everybody").is_empty());
    assert!(jive.sent("POST", "/members").is_empty());
}

/// A username cannot change: the plan says so, and nothing of it is sent.
#[test]
fn another_username_is_refused_by_the_plan() {
    for change in [UsernameChange::Ignored, UsernameChange::Refused] {
        let company = Company::applied();
        company.jive.habits.turn(|switches| switches.username_change = change);
        let applied = company.apply("email: bob@acme.example", "email: bob.stone@acme.example");
        let told = told(&applied);
        assert!(told.contains("username") && told.contains("apply: create"), "{told}");
        let bob = company.jive.person("bob@acme.example");
        assert_eq!(bob["emails"][0]["value"], "bob.stone@acme.example", "{told}");
    }
}

/// What is not the app says nothing of anybody, and nothing is written.
#[test]
fn a_bad_day_is_no_answer_about_anybody() {
    let company = Company::applied();
    let jive = &company.jive;
    company.repo.replace("access/people.yaml", "title: Clerk", "title: Chief").commit("A change");
    let writes = jive.writes();
    let wrong = company.run_with(&["apply", "--yes"], "wrong");
    assert!(wrong.status != 0 && told(&wrong).contains("401"), "{}", told(&wrong));
    jive.habits.turn(|switches| switches.anonymous = Anonymous::Nobody);
    let nobody = company.run_with(&["apply", "--yes"], "wrong");
    assert!(nobody.status != 0 && told(&nobody).contains("nobody were signed in"), "{}", told(&nobody));
    jive.habits.turn(|switches| switches.login_page = true);
    let page = company.run(&["apply", "--yes"]);
    assert!(page.status != 0 && told(&page).contains("302"), "{}", told(&page));
    jive.habits.turn(|switches| {
        switches.login_page = false;
        switches.outage = Some(Outage::Broken);
    });
    let broken = company.run(&["apply", "--yes"]);
    assert!(broken.status != 0 && told(&broken).contains("500"), "{}", told(&broken));
    assert_eq!(jive.writes(), writes);
    jive.habits.turn(|switches| switches.outage = None);
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(jive.person("bob@acme.example")["jive"]["profile"][0]["value"], "Chief");
}

/// A page of maintenance is waited for as long as `limits.wait` says.
#[test]
fn maintenance_is_waited_for() {
    let company = Company::applied();
    company
        .repo
        .replace("access/app.yaml", "    roles:", "    limits: {wait: 1s}\n    roles:")
        .commit("A limit");
    company.jive.habits.turn(|switches| switches.outage = Some(Outage::Maintenance));
    let writes = company.jive.writes();
    let down = company.run(&["apply", "--yes"]);
    assert!(down.status != 0 && told(&down).contains("503"), "{}", told(&down));
    assert_eq!(company.jive.writes(), writes);
    company.jive.habits.turn(|switches| switches.outage = None);
    company.nothing_is_left();
}

#[test]
fn an_instance_that_creates_nobody_says_so() {
    let company = Company::new();
    company.jive.habits.turn(|switches| {
        switches.creates = false;
        switches.numeric_codes = true;
    });
    let applied = company.run(&["apply", "--yes"]);
    assert_ne!(applied.status, 0);
    let told = told(&applied);
    assert!(told.contains("501") && told.contains("people are created by another system"), "{told}");
}

/// A value that the app takes and does not keep is reported, and not sent again and again.
#[test]
fn a_profile_that_cannot_be_written_is_reported_once() {
    let company = Company::new();
    company.jive.habits.turn(|switches| switches.profile_is_read_only = true);
    company.run(&["apply", "--yes"]);
    // Created without its title, and sent once more.
    company.run(&["apply", "--yes"]);
    let puts = company.jive.sent("PUT", "/people/").len();
    let plan = company.run(&["plan"]);
    assert_eq!(plan.stdout.matches("Not kept by the app (1)").count(), 1, "{}", plan.stdout);
    company.run(&["apply", "--yes"]);
    assert_eq!(company.jive.sent("PUT", "/people/").len(), puts);
}

#[test]
fn a_manager_is_set_changed_and_cleared() {
    let company = Company::applied();
    let jive = &company.jive;
    company
        .apply("bob@acme.example, title: Clerk, manager: ada", "bob@acme.example, title: Clerk, manager: eve")
        .ends_with(0);
    assert_eq!(jive.manager("bob@acme.example").as_deref(), Some("eve@acme.example"));
    company.apply("title: Clerk, manager: eve", "title: Clerk").ends_with(0);
    assert_eq!(jive.manager("bob@acme.example"), None);
    company.nothing_is_left();
    // An instance without an org chart.
    jive.habits.turn(|switches| switches.org_chart = false);
    let applied = company.apply("eve@acme.example, manager: ada", "eve@acme.example, manager: bob");
    assert_ne!(applied.status, 0);
    assert!(told(&applied).contains("the org chart is turned off"), "{}", told(&applied));
}

/// Another client is faster: the person is read again before anything is sent, so that its change stays.
#[test]
fn what_another_client_wrote_meanwhile_is_not_undone() {
    let jive = Played::start();
    // The proxy reads JSON.
    jive.habits.turn(|switches| switches.prefix = false);
    let proxy = jive.behind();
    let company = Company::at(jive, &proxy.base_url(), PEOPLE, "[]");
    company.run(&["apply", "--yes"]).ends_with(0);
    let looks = || {
        let target = format!("/people/{}?", company.jive.id("bob@acme.example"));
        when::method("GET").and(when::target(&target))
    };
    let puts =
        || company.jive.sent("PUT", "/people/").iter().filter(|noted| noted.body.contains("Bob")).count();
    let before = puts();
    let number = AtomicUsize::new(0);
    let another =
        move |_: &_, body: &mut Value| body["updated"] = json!(number.fetch_add(1, Ordering::SeqCst));
    proxy.arm(looks(), then::rewrite_json(another));
    let applied = company.apply("title: Clerk", "title: Chief");
    assert!(told(&applied).contains("another client keeps changing this user"), "{}", told(&applied));
    assert_eq!(puts(), before);
    proxy.heal();
    proxy.arm(looks().first(1), then::rewrite_json(|_, body| body["updated"] = json!("before")));
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(puts(), before + 1);
    assert_eq!(company.jive.person("bob@acme.example")["jive"]["profile"][0]["value"], "Chief");
}
