//! The files that apply takes: only those of the commit that was meant, and none that are older than a commit whose apply
//! has begun.

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;

const SALES: &str = "department: Sales, manager: bob";

#[test]
fn a_rehearsal_of_broken_files_is_no_apply_of_the_last_commit() {
    let chat = Chat::new(Ledger::Git);
    chat.edit("access/people.yaml", "users:", "users: {");
    insta::assert_snapshot!("broken_rehearsal", chat.shown(&["apply", "--sandbox", "--yes"]));
    assert_eq!(chat.proxy.count(), 0, "the app was contacted");
    // Outside the sandbox, apply takes the commit.
    chat.run(&["apply", "--yes"]).ends_with(0);
}

#[test]
fn two_people_with_one_login_stop_plan_and_apply() {
    let chat = Chat::new(Ledger::Git);
    chat.edit("access/people.yaml", "kim@acme.example", "eve@acme.example").commit("A copy and paste");
    insta::assert_snapshot!("twins", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(1);
    assert_eq!(chat.proxy.count(), 0, "the app was contacted");
}

#[test]
fn an_apply_of_one_person_counts_for_the_commits_that_come_after() {
    let chat = Chat::converged(Ledger::Git);
    chat.edit("access/people.yaml", "title: Analyst", "title: Director").commit("A title");
    let queued = chat.repo.head();
    chat.edit("access/people.yaml", SALES, &format!("{SALES}, status: left")).commit("Eve leaves");
    chat.run(&["apply", "--user", "eve", "--yes"]).ends_with(0);
    assert_eq!(chat.account("eve@acme.example")["active"], false);
    // The pipeline of an older commit runs late.
    insta::assert_snapshot!("begun_before", chat.shown(&["apply", "--yes", "--commit", &queued]));
    assert_eq!(chat.account("eve@acme.example")["active"], false);
    chat.run(&["apply", "--yes"]).ends_with(0);
    chat.is_calm();
}

#[test]
fn a_plan_of_one_person_completes_nothing() {
    let chat = Chat::new(Ledger::Git);
    let plan = ["plan", "--user", "ada", "--out", "ada.json"];
    chat.run(&plan).ends_with(0);
    insta::assert_snapshot!("partial_plan", chat.shown(&["apply", "ada.json"]));
    chat.account("ada@acme.example");
    let ledger = chat.run(&["ledger", "list", "--format", "json"]).ends_with(0).json();
    assert_eq!(ledger[0]["apps"][0]["accounts"]["active"], 1);
    assert_eq!(ledger[0]["apps"][0]["completed"], serde_json::Value::Null);
    chat.run(&["apply", "--yes"]).ends_with(0);
    let ledger = chat.run(&["ledger", "list", "--format", "json"]).ends_with(0).json();
    assert!(ledger[0]["apps"][0]["completed"].is_string());
}

#[test]
fn an_app_that_is_taken_out_is_missed_until_it_was_given_up() {
    let chat = Chat::converged(Ledger::Git);
    let with = chat.repo.read("rolecall.yaml");
    let (head, rest) = with.split_once("apps:\n").expect("apps");
    let (_, rest) = rest.split_once("mappings:\n").expect("mappings");
    let (mappings, _) = rest.split_once("assignments:\n").expect("assignments");
    let head = head.split_once("secrets:\n").expect("secrets").0;
    let without = format!("{head}mappings:\n{mappings}");
    chat.repo.file("rolecall.yaml", &without);
    insta::assert_snapshot!("app_taken_out", chat.shown(&["plan"]));
    chat.commit("No apps");
    chat.run(&["apply", "--yes"]).ends_with(1);

    chat.repo.file("rolecall.yaml", &with);
    chat.app_key("removed: {accounts: keep}").commit("Give it up");
    chat.run(&["apply", "--yes"]).ends_with(0);
    chat.repo.file("rolecall.yaml", &without);
    chat.commit("No apps");
    chat.run(&["plan"]).ends_with(0);
}

#[test]
fn an_edit_does_not_decide_which_branch_is_accepted() {
    let chat = Chat::converged(Ledger::Git);
    chat.repo.git(["checkout", "--quiet", "-b", "feature"]);
    chat.edit("access/people.yaml", "title: Analyst", "title: Director");
    chat.repo.commit("Nobody has reviewed this");
    chat.repo.git(["push", "--quiet", "origin", "feature"]);
    chat.edit("rolecall.yaml", "version: 1", "version: 1\nbranch: feature");
    insta::assert_snapshot!("branch_of_an_edit", chat.shown(&["apply", "--yes"]));
    assert_eq!(chat.account("ada@acme.example")["title"], "Analyst");
}

#[test]
fn a_plan_says_what_apply_would_not_take() {
    let chat = Chat::converged(Ledger::Git);
    let old = chat.repo.head();
    chat.edit("access/people.yaml", "title: Analyst", "title: Director").commit("A title");
    chat.run(&["apply", "--yes"]).ends_with(0);
    let plan = ["plan", "--out", "plan.json"];
    chat.repo.git(["checkout", "--quiet", &old]);
    insta::assert_snapshot!("plan_of_an_old_commit", chat.ending(&chat.run(&plan)));
    chat.repo.git(["checkout", "--quiet", "main"]);
    chat.edit("access/people.yaml", "title: Director", "title: Countess");
    insta::assert_snapshot!("plan_of_an_edit", chat.ending(&chat.run(&plan)));
}

#[test]
fn an_app_that_is_turned_off_is_left_alone_and_owes_what_it_owes() {
    let chat = Chat::converged(Ledger::Git);
    let before = chat.proxy.count();
    chat.app_key("enabled: false")
        .edit("access/people.yaml", SALES, &format!("{SALES}, status: left"))
        .commit("Eve leaves, chat is turned off");
    insta::assert_snapshot!("turned_off", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.proxy.count(), before, "the app was contacted");
}

#[test]
fn an_app_that_cannot_be_read_stops_no_other() {
    let chat = Chat::converged(Ledger::Git);
    let wiki = "apps:\n  wiki: {connector: scim, url: \"http://127.0.0.1:9/v2\", limits: {timeout: 1s}}\n";
    chat.edit("rolecall.yaml", "apps:\n", wiki)
        .edit("rolecall.yaml", "assignments:\n", "assignments:\n  - {app: wiki, members: [user:ada]}\n")
        .edit("access/people.yaml", "title: Analyst", "title: Director")
        .commit("A wiki that is not there");
    insta::assert_snapshot!("one_app_of_two", chat.shown(&["apply", "--yes"]));
    assert_eq!(chat.account("ada@acme.example")["title"], "Director");
}
