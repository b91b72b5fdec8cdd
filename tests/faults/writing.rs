//! Faults of writes: effects without answers, values that are not kept, members that the app does not know.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;
use crate::support::proxy::{then, when};

#[test]
fn a_create_whose_answer_is_lost_makes_one_account() {
    let chat = Chat::new(Ledger::Path);
    let create = |name: &str| when::method("POST").and(when::body(&format!("{name}@acme.example"))).first(1);
    chat.proxy.arm(create("ada"), then::status_after_effect(500));
    chat.proxy.arm(create("bob"), then::cut_after_effect());
    chat.proxy.arm(create("eve"), then::delay_answer(Duration::from_millis(1500)));
    chat.proxy.arm(create("kim"), then::truncate(40));
    insta::assert_snapshot!("create_answers_lost", chat.ending(&chat.run(&["apply", "--yes"])));
    chat.proxy.heal();
    chat.run(&["apply", "--yes"]).ends_with(0);
    for person in ["ada", "bob", "eve", "kim"] {
        assert_eq!(chat.proxy.created("userName", &format!("{person}@acme.example")), 1, "{person}");
    }
    chat.is_calm();
}

#[test]
fn a_change_that_is_turned_away_or_never_answered() {
    let chat = Chat::converged(Ledger::Path);
    chat.edit("access/people.yaml", "title: Analyst", "title: Director")
        .edit("access/people.yaml", "bob@acme.example, title: Engineer", "bob@acme.example, title: Builder")
        .edit("access/people.yaml", "eve@acme.example, title: Engineer", "eve@acme.example, title: Smith")
        .commit("New titles");
    chat.proxy.arm(when::body("Director"), then::status_after_effect(500));
    // The app never changes a title.
    let immutable = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "400", "scimType": "mutability", "detail": "title is immutable",
    });
    let answer = crate::support::wire::Response::new(400).json_body(&immutable);
    chat.proxy.arm(when::body("Builder"), then::answer(answer));
    chat.proxy.arm(when::body("Smith"), then::html(403));
    insta::assert_snapshot!("updates_turned_away", chat.ending(&chat.run(&["apply", "--yes"])));
    chat.proxy.heal();
    assert_eq!(chat.account("bob@acme.example")["title"], "Engineer");
    insta::assert_snapshot!("after_updates_turned_away", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(0);
    chat.is_calm();
}

#[test]
fn a_value_that_is_silently_dropped_is_said_once_and_not_sent_again() {
    let chat = Chat::new(Ledger::Path);
    let untitled = |value: &mut serde_json::Value| {
        if let Some(object) = value.as_object_mut() {
            object.remove("title");
        }
    };
    chat.proxy.arm(
        when::target("/Users"),
        then::rewrite_json(move |_, json| {
            untitled(json);
            json["Resources"].as_array_mut().into_iter().flatten().for_each(untitled);
        }),
    );
    insta::assert_snapshot!("dropped", chat.ending(&chat.run(&["apply", "--yes"])));
    let before = chat.proxy.count();
    let plan = chat.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    insta::assert_snapshot!("dropped_before", chat.text_of(&plan));
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.writes_since(before), 0);
}

/// The number of people in the group of the ghost. With `FAULTS_MEMBERS=5000` the test takes some minutes.
pub fn crowd() -> usize {
    std::env::var("FAULTS_MEMBERS").ok().and_then(|text| text.parse().ok()).unwrap_or(150)
}

#[test]
fn a_ghost_among_many_members_is_named_and_the_others_arrive() {
    let chat = Chat::new(Ledger::Path);
    let many = crowd();
    let users: String = (1..=many)
        .map(|n| format!("  p{n:05}: {{name: {{given: P, family: N{n}}}, email: p{n:05}@acme.example}}\n"))
        .collect();
    let ghost = format!("p{:05}", many / 2);
    chat.repo.file("access/crowd.yaml", format!("users:\n{users}"));
    chat.edit(
        "access/people.yaml",
        "    members: [group:engineering, user:eve, user:kim]",
        "    rule: user.id.startsWith(\"p0\")",
    )
    .edit("rolecall.yaml", "limits: {timeout: 1s}", "limits: {timeout: 60s}")
    .edit("rolecall.yaml", "lease: 6s", "lease: 5m")
    .edit("rolecall.yaml", "push: [engineering, everybody]", "push: [engineering]")
    .edit("rolecall.yaml", "manager.value: account.ref(user.manager)", "costCenter: user.department")
    .edit(
        "rolecall.yaml",
        "role: member, members: [group:everybody]",
        "role: member, members: [group:everybody, group:engineering]",
    )
    .commit("A crowd");
    let patient = |args: &[&str]| chat.rolecall(args).within(Duration::from_secs(600)).run();
    patient(&["apply", "--yes"]).ends_with(0);

    let id = chat.id(&format!("{ghost}@acme.example"));
    let refused = then::answer(crate::support::wire::Response::new(400).json_body(&json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "400", "scimType": "invalidValue", "detail": "no such member",
    })));
    let of_ghost = id.clone();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let group_write = move |request: &crate::support::wire::Request| {
        let is_write = request.method != "GET" && request.path().contains("/Groups");
        if is_write {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        is_write && String::from_utf8_lossy(&request.body).contains(&of_ghost)
    };
    chat.proxy.arm(when::requests(group_write), refused);
    chat.edit("rolecall.yaml", "push: [engineering]", "push: [engineering, everybody]").commit("Their group");
    let applied = patient(&["apply", "--yes"]).ends_with(3);
    let said = applied.stdout.clone() + &applied.stderr;
    assert!(said.contains(&ghost), "{said}");
    let asked = asked.load(Ordering::SeqCst);
    println!("{many} members, one ghost: {asked} requests to groups");
    if many == 150 {
        insta::assert_snapshot!("one_ghost", chat.ending(&applied));
    }
    assert_eq!(chat.members("Everybody").len(), many - 1);
    // One request for each batch of a hundred, and two for each halving of the batch with the ghost.
    assert!(asked <= 1 + many.div_ceil(100) + 2 * 8, "{asked} requests");
    let before = chat.proxy.count();
    let again = patient(&["apply", "--yes"]).ends_with(3);
    assert!(again.stdout.contains(&ghost), "{}", again.stdout);
    assert!(chat.writes_since(before) <= 2, "only the ghost is asked for again");
    chat.proxy.heal();
    patient(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.members("Everybody").len(), many);
}

#[test]
fn a_group_that_shows_no_members_is_not_overwritten() {
    let chat = Chat::converged(Ledger::Path);
    chat.edit(
        "rolecall.yaml",
        "settings: {}",
        "settings: {members: {remove_style: put-group}, update: {groups: put}}",
    );
    chat.edit(
        "access/people.yaml",
        "groups:\n",
        "  zoe: {name: Zoe, email: zoe@acme.example, department: Engineering}\ngroups:\n",
    );
    chat.edit("access/people.yaml", "name: Engineering", "name: Builders")
        .commit("Zoe joins, and a new name");
    let before = (chat.members("Engineering"), chat.members("Everybody"));
    chat.breaks(
        when::method("GET").and(when::target("/Groups")),
        then::rewrite_json(|_, page| {
            let strip = |group: &mut serde_json::Value| {
                _ = group.as_object_mut().map(|group| group.remove("members"));
            };
            match page.get_mut("Resources").and_then(|rows| rows.as_array_mut()) {
                Some(rows) => rows.iter_mut().for_each(strip),
                None => strip(page),
            }
        }),
    );
    let applied = chat.run(&["apply", "--yes"]).ends_with(3);
    insta::assert_snapshot!("members_that_cannot_be_read_are_not_overwritten", chat.ending(&applied));
    assert_eq!((chat.members("Engineering"), chat.members("Everybody")), before);
    chat.proxy.heal();
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.members("Builders").len(), before.0.len() + 1);
}
