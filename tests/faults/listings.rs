//! Wrong lists: the program concludes no absence from them.

use serde_json::{Value, json};

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;
use crate::support::proxy::{then, when};

#[test]
fn lists_that_do_not_add_up() {
    let chat = Chat::converged(Ledger::Path);
    chat.edit(
        "access/people.yaml",
        "department: Sales, manager: bob",
        "department: Sales, manager: bob, status: left",
    )
    .commit("Eve leaves");
    let before = chat.proxy.count();
    let list = || when::method("GET").and(when::target("/Users?"));

    chat.breaks(list(), then::rewrite_json(|_, page| page["totalResults"] = json!(9)));
    insta::assert_snapshot!("more_announced_than_shown", chat.shown(&["plan"]));

    chat.breaks(
        list(),
        then::rewrite_json(|_, page| {
            page["Resources"].as_array_mut().expect("rows").truncate(1);
        }),
    );
    insta::assert_snapshot!("pages_of_one", chat.shown(&["plan"]));

    chat.breaks(
        list(),
        then::rewrite_json(|_, page| {
            page["totalResults"] = json!(0);
            page["Resources"] = json!([]);
        }),
    );
    insta::assert_snapshot!("an_empty_list", chat.shown(&["plan"]));
    // The program asked for each account by its id, and found it.
    assert!(chat.proxy.tally()["GET /Users/ID"] >= 4);
    let nobody = || when::method("GET").and(when::target("/Users/"));
    chat.proxy.arm(nobody(), then::html(404));
    insta::assert_snapshot!("an_empty_list_and_web_pages", chat.shown(&["plan"]));
    chat.proxy.arm(nobody(), then::status(404));
    insta::assert_snapshot!("an_empty_list_and_nobody_there", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(4);

    // Every page is the first one again.
    chat.breaks(
        list(),
        then::rewrite_json(|_, page| {
            page["totalResults"] = json!(40);
            page["itemsPerPage"] = json!(4);
            page["startIndex"] = json!(1);
        }),
    );
    insta::assert_snapshot!("a_page_repeated", chat.shown(&["plan"]));
    assert_eq!(chat.writes_since(before), 0);
}

#[test]
fn a_list_that_is_not_found() {
    let chat = Chat::converged(Ledger::Path);
    let before = chat.proxy.count();
    let list = |kind: &str| when::method("GET").and(when::target(&format!("/{kind}?")));
    for kind in ["Users", "Groups"] {
        chat.breaks(list(kind), then::status(404));
        insta::assert_snapshot!(format!("{kind}_not_found").to_lowercase(), chat.shown(&["plan"]));
    }
    chat.run(&["apply", "--yes"]).ends_with(3);
    // Said by a person, it is an empty list, and absence still has to be proved.
    chat.edit("rolecall.yaml", "settings: {}", "settings: {empty_is_404: true}")
        .commit("An empty list is 404");
    insta::assert_snapshot!("groups_said_to_be_none", chat.shown(&["plan"]));
    assert_eq!(chat.writes_since(before), 0);
}

#[test]
fn a_person_with_two_accounts() {
    let chat = Chat::new(Ledger::Path);
    chat.edit("rolecall.yaml", "match: [userName]", "match: [userName, 'emails[type eq \"work\"].value']");
    for (login, mail) in [("kim", "kim@acme.example"), ("kim.young", "kim@acme.example")] {
        chat.server.create_user(json!({"userName": login, "emails": [{"value": mail, "type": "work"}]}));
    }
    chat.commit("Look at e-mails as well");
    let plan = chat.run(&["plan"]);
    insta::assert_snapshot!("matched_twice", chat.text_of(&plan));
    chat.run(&["apply", "--yes"]).ends_with(3);
    assert_eq!(chat.proxy.created("userName", "kim@acme.example"), 0);
    // `links:` decides which account it is.
    let id = chat.id("kim.young");
    chat.app_key(&format!("links: {{kim: \"{id}\"}}")).commit("Kim is kim.young");
    insta::assert_snapshot!("matched_twice_decided", chat.shown(&["plan", "--user", "kim"]));
}

/// What `check` says of look-ups is what a plan goes by: the app is asked for somebody of its list, and for nobody.
#[test]
fn check_tries_what_a_plan_goes_by() {
    let chat = Chat::converged(Ledger::Path);
    let checked = chat.run(&["check"]).ends_with(0);
    let line = "  ok    look-ups by userName find exactly the account that has a value, and none for a value that no account has\n";
    assert!(checked.stdout.contains(line), "{}", checked.stdout);
    let nobody = serde_json::json!({"totalResults": 0, "Resources": []});
    chat.breaks(when::target("filter="), then::rewrite_json(move |_, page| *page = nobody.clone()));
    let checked = chat.run(&["check"]).ends_with(0);
    let line = "  note  a look-up by userName that finds nobody proves nothing: the app does not find ";
    assert!(checked.stdout.contains(line), "{}", checked.stdout);
    let hint = "hint: as long as the list of accounts does not add up, a new account waits, by name\n";
    assert!(checked.stdout.contains(hint), "{}", checked.stdout);
}

#[test]
fn check_says_of_the_mapping_what_a_plan_says() {
    let chat = Chat::new(Ledger::Path);
    let schemas = |change: fn(&mut Vec<Value>)| {
        chat.breaks(
            when::target("/Schemas"),
            then::rewrite_json(move |_, page| {
                let all = page["Resources"].as_array_mut().expect("schemas");
                let core = all.iter_mut().filter(|one| one["name"] == "User");
                core.for_each(|one| change(one["attributes"].as_array_mut().expect("attributes")));
            }),
        );
    };
    schemas(|_| {});
    let quiet = chat.run(&["check"]).ends_with(0).stdout;
    assert!(!quiet.contains("own schema"), "{quiet}");
    schemas(|attributes| {
        attributes.retain(|one| one["name"] != "displayName");
        for one in attributes {
            match one["name"].as_str() {
                Some("title") => one["mutability"] = json!("readOnly"),
                Some("userName") => one["mutability"] = json!("immutable"),
                Some("nickName") => one["required"] = json!(true),
                _ => {}
            }
        }
    });
    let checked = chat.run(&["check"]);
    insta::assert_snapshot!("check_of_a_mapping", chat.text_of(&checked));
    let planned = chat.run(&["plan"]).ends_with(3).stdout;
    let told: Vec<&str> =
        checked.stdout.lines().filter(|line| line.contains("this app's own schema")).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    for line in told {
        let sentence = line.trim_start_matches([' ', 'F', 'A', 'I', 'L', 'n', 'o', 't', 'e']);
        assert!(planned.contains(sentence), "{sentence}\n{planned}");
    }
}
