//! An app that shows only so many members of a group: what the ledger owes is removed all the same (safety.md 22).

use serde_json::Value;

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;
use crate::support::proxy::{then, when};

/// From now on the app shows the first two members of each group.
fn shows_two(chat: &Chat) {
    fn cut(group: &mut Value) {
        if let Some(members) = group["members"].as_array_mut() {
            members.sort_by_key(|member| member["value"].to_string());
            members.truncate(2);
        }
    }
    let groups = when::method("GET").and(when::target("/Groups"));
    chat.breaks(
        groups,
        then::rewrite_json(|_, answer| match answer["Resources"].as_array_mut() {
            Some(groups) => groups.iter_mut().for_each(cut),
            None => cut(answer),
        }),
    );
}

#[test]
fn leavers_are_taken_out_of_groups_that_do_not_show_them() {
    for cap in ["{members: {cap: 2}}", "{members: {cap: 2, remove_style: put-group}}"] {
        let chat = Chat::converged(Ledger::Path);
        chat.edit("rolecall.yaml", "settings: {}", &format!("settings: {cap}"));
        let everybody = chat.members("Everybody");
        let before = everybody.len();
        // The app shows the others.
        let hidden = everybody.into_iter().max_by_key(|login| chat.id(login)).expect("members");
        let name = hidden.split('@').next().expect("a name");
        let text = chat.repo.read("access/people.yaml");
        let line =
            text.lines().find(|line| line.trim_start().starts_with(&format!("{name}: {{"))).expect("a line");
        let left = format!("{}, status: left}}", line.trim_end_matches('}'));
        chat.edit("access/people.yaml", line, &left).commit("One leaves");
        shows_two(&chat);
        let planned = chat.run(&["plan"]).snapshot();
        assert!(planned.contains(name), "{planned}");
        let applied = chat.run(&["apply", "--yes"]);
        chat.proxy.heal();
        let now = chat.members("Everybody");
        match cap.contains("put-group") {
            false => {
                assert!(!now.contains(&hidden) && now.len() == before - 1, "{now:?}\n{}", applied.snapshot());
            }
            true => {
                assert_eq!(now.len(), before, "{}", applied.snapshot());
                assert!(applied.snapshot().contains("could take members out"), "{}", applied.snapshot());
            }
        }
    }
}
