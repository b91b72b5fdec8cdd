//! People: changed in the app, renamed, swapped, lost from the files.

use serde_json::json;

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;

#[test]
fn accounts_that_somebody_else_touched() {
    let chat = Chat::converged(Ledger::Path);
    // The account was deleted in the app: it is held until `--recreate` releases it.
    chat.server.delete(&format!("/Users/{}", chat.id("kim@acme.example")));
    insta::assert_snapshot!("deleted_behind_our_back", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(0);
    insta::assert_snapshot!("deleted_and_known", chat.shown(&["plan"]));
    insta::assert_snapshot!("recreate_said", chat.shown(&["plan", "--recreate", "kim"]));
    chat.run(&["apply", "--yes", "--recreate", "kim"]).ends_with(0);
    // The app keeps the id of the deleted account in its group, so only now the new account is found missing there.
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert!(chat.members("Everybody").contains(&"kim@acme.example".to_owned()));
    chat.is_calm();

    // The account was disabled in the app: it is held until `--enable` releases it.
    let eve = chat.id("eve@acme.example");
    chat.server.patch(&format!("/Users/{eve}"), json!([{"op": "replace", "path": "active", "value": false}]));
    insta::assert_snapshot!("disabled_behind_our_back", chat.shown(&["plan"]));
    let before = chat.proxy.count();
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.writes_since(before), 0);
    insta::assert_snapshot!("enable_said", chat.shown(&["apply", "--yes", "--enable", "eve"]));
    assert_eq!(chat.account("eve@acme.example")["active"], true);
    chat.is_calm();
    insta::assert_snapshot!("enable_of_nobody", chat.shown(&["plan", "--enable", "evelyn"]));

    // A privileged role was taken away in the app: it is held as well.
    let ada = chat.id("ada@acme.example");
    chat.server.patch(&format!("/Users/{ada}"), json!([{"op": "remove", "path": "roles"}]));
    insta::assert_snapshot!("admin_taken_away_behind_our_back", chat.shown(&["plan"]));

    // An unmanaged account is reported; it is disabled only if the repository says so.
    let stranger = chat.server.create_user(json!({"userName": "stranger@acme.example", "active": true}));
    insta::assert_snapshot!("unmanaged_reported", chat.shown(&["plan", "-v"]));
    chat.app_key("unmanaged: disable").commit("Strangers are not welcome");
    // It may be the connection's own: the app does not tell.
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.server.get(&format!("/Users/{stranger}")).json()["active"], true);
    chat.edit("rolecall.yaml", "{bearer: {env: CHAT_TOKEN}}", "{bearer: {env: CHAT_TOKEN}, account: none}");
    chat.commit("The token is nobody's account");
    insta::assert_snapshot!("unmanaged_disabled", chat.shown(&["apply", "--yes"]));
    assert_eq!(chat.server.get(&format!("/Users/{stranger}")).json()["active"], false);
}

/// A line of `links:` names another account in the place of one that was deleted, and the plan turns it on: everything is written to
/// that account.
#[test]
fn an_account_that_is_turned_on_in_the_place_of_another() {
    let chat = Chat::converged(Ledger::Path);
    let (former, login) = (chat.id("kim@acme.example"), "kim@acme.example");
    chat.server.delete(&format!("/Users/{former}"));
    let other = chat.server.create_user(json!({"userName": login, "active": false}));
    chat.app_key(&format!("links: {{kim: \"{other}\"}}")).commit("It is Kim's");
    let before = chat.proxy.count();
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert!(chat.writes_since(before) > 0);
    assert_eq!(chat.account(login)["active"], true);
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert!(chat.members("Everybody").contains(&login.to_owned()));
    chat.is_calm();
}

#[test]
fn two_people_who_swap_their_addresses() {
    let chat = Chat::converged(Ledger::Path);
    let before = chat.proxy.count();
    chat.edit("access/people.yaml", "email: ada@acme.example", "email: SWAP")
        .edit("access/people.yaml", "email: bob@acme.example", "email: ada@acme.example")
        .edit("access/people.yaml", "email: SWAP", "email: bob@acme.example")
        .commit("Ada and Bob swap");
    insta::assert_snapshot!("swapped", chat.shown(&["plan"]));
    let applied = chat.run(&["apply", "--yes"]).ends_with(3);
    insta::assert_snapshot!("swapped_applied", chat.ending(&applied));
    assert_eq!(chat.account("ada@acme.example")["externalId"], "ada");
    assert_eq!(chat.writes_since(before), 0);

    // In two steps, with a third address, it is possible.
    chat.edit("access/people.yaml", "email: bob@acme.example", "email: ada.lovelace@acme.example")
        .commit("Ada first");
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.account("ada@acme.example")["externalId"], "bob");
    chat.is_calm();
}

#[test]
fn a_new_id_for_somebody_we_know() {
    let chat = Chat::converged(Ledger::Path);
    let before = chat.proxy.count();
    let kim = chat.id("kim@acme.example");
    chat.edit("access/people.yaml", "  kim: {name", "  kimberly: {name")
        .edit("access/people.yaml", "user:kim]", "user:kimberly]")
        .edit("rolecall.yaml", "      externalId: user.id\n", "")
        .commit("Kim's id");
    insta::assert_snapshot!("renamed_without_previously", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(3);
    assert_eq!(chat.writes_since(before), 0);
    chat.edit("access/people.yaml", "  kimberly: {name", "  kimberly: {previously: [kim], name")
        .commit("As it was meant");
    insta::assert_snapshot!("renamed_with_previously", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.writes_since(before), 0, "a ledger move, no request");
    assert_eq!(chat.id("kim@acme.example"), kim);
    chat.is_calm();
}

/// Eleven teams of four people and one of twelve, each in its own file.
fn twelve_files() -> Chat {
    let chat = Chat::new(Ledger::Path);
    for team in 1..=12 {
        let size = if team == 12 { 12 } else { 4 };
        let users: String = (1..=size)
            .map(|n| format!("  t{team:02}-{n}: {{name: {{given: T{team}, family: N{n}}}, email: t{team:02}-{n}@acme.example}}\n"))
            .collect();
        chat.repo.file(&format!("access/team-{team:02}.yaml"), format!("users:\n{users}"));
    }
    chat.edit(
        "access/people.yaml",
        "members: [group:engineering, user:eve, user:kim]",
        "rule: user.email.endsWith(\"@acme.example\")",
    )
    .commit("Twelve teams");
    chat.run(&["apply", "--yes"]).ends_with(0);
    chat
}

#[test]
fn files_that_lost_their_people() {
    let chat = twelve_files();
    let before = chat.proxy.count();
    let whole = chat.repo.head();
    let back = || {
        chat.repo.git(["checkout", "--quiet", &whole, "--", "."]);
    };

    chat.repo.remove("access/team-03.yaml");
    chat.commit("One file is gone");
    insta::assert_snapshot!("one_of_twelve_files_gone", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(4);
    insta::assert_snapshot!(
        "one_file_gone_allowed_wrongly",
        chat.shown(&["plan", "--allow", "chat:source=3"])
    );

    back();
    chat.repo.file("access/team-12.yaml", "users:\n");
    insta::assert_snapshot!("users_without_a_value", chat.shown(&["plan"]));
    chat.repo.file("access/team-12.yaml", "users: {}\n");
    chat.commit("A team is emptied");
    insta::assert_snapshot!("users_present_but_empty", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(4);

    chat.repo.remove("access");
    chat.commit("Everybody is gone");
    insta::assert_snapshot!("an_empty_tree_with_groups_named", chat.shown(&["plan"]));
    chat.edit("rolecall.yaml", "push: [engineering, everybody]", "push: []");
    let root = chat.repo.read("rolecall.yaml");
    let (above, _) = root.split_once("assignments:").expect("assignments");
    chat.repo.file("rolecall.yaml", above);
    chat.commit("Nothing is left");
    insta::assert_snapshot!("an_empty_tree", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(4);
    assert_eq!(chat.writes_since(before), 0);

    // An intended loss is allowed with exactly its number.
    chat.repo.git(["checkout", "--quiet", &whole, "--", "."]);
    chat.repo.remove("access/team-03.yaml");
    chat.commit("A team is given up");
    let (source, people) = ("chat:source=4", "chat:deprovision=4");
    insta::assert_snapshot!("one_file_gone_allowed_by_half", chat.shown(&["plan", "--allow", source]));
    let allowed = chat.shown(&["apply", "--yes", "--allow", source, "--allow", people]);
    insta::assert_snapshot!("one_file_gone_allowed", allowed);
    assert_eq!(chat.account("t03-1@acme.example")["active"], false);
    chat.is_calm();
}

#[test]
fn a_guard_is_passed_with_exactly_the_planned_number() {
    let chat = Chat::new(Ledger::Path);
    chat.app_key("guard: {deprovision: 1}").commit("Careful");
    chat.run(&["apply", "--yes"]).ends_with(0);
    let before = chat.proxy.count();
    chat.edit(
        "access/people.yaml",
        "members: [group:engineering, user:eve, user:kim]",
        "members: [group:engineering]",
    )
    .edit("access/people.yaml", "title: Analyst", "title: Director")
    .commit("Sales goes elsewhere");
    insta::assert_snapshot!("guard_tripped", chat.shown(&["plan"]));
    insta::assert_snapshot!("allow_of_no_app", chat.shown(&["plan", "--allow", "other:deprovision=2"]));
    for wrong in ["chat:deprovision=1", "chat:deprovision=3"] {
        chat.run(&["plan", "--allow", wrong]).ends_with(4);
    }
    insta::assert_snapshot!("allow_unreadable", chat.shown(&["plan", "--allow", "deprovision"]));
    insta::assert_snapshot!("allow_of_no_guard", chat.shown(&["plan", "--allow", "chat:deprovisioning=2"]));
    assert_eq!(chat.writes_since(before), 0);
    // Only the removals are held back.
    chat.run(&["apply", "--yes"]).ends_with(4);
    assert_eq!(chat.account("ada@acme.example")["title"], "Director");
    assert_eq!(chat.account("kim@acme.example")["active"], true);
    insta::assert_snapshot!(
        "guard_allowed",
        chat.shown(&["apply", "--yes", "--allow", "chat:deprovision=2"])
    );
    assert_eq!(chat.account("kim@acme.example")["active"], false);
    chat.is_calm();
}
