//! Writes that change more than they were to change.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;
use crate::support::proxy::{then, when};
use crate::support::wire::Request;

/// An app that forgets the first member of a group when another one comes.
fn forgetful() -> Chat {
    let chat = Chat::converged(Ledger::Path);
    let written = Arc::new(AtomicBool::new(false));
    let is_written = written.clone();
    let sees_writes = move |request: &Request| {
        if request.method == "PATCH" && request.path().contains("/Groups/") {
            written.store(true, Ordering::SeqCst);
        }
        false
    };
    chat.proxy.arm(when::requests(sees_writes), then::status(500));
    chat.proxy.arm(
        when::method("GET").and(when::target("/Groups/")),
        then::rewrite_json(move |_, group| {
            let members = group["members"].as_array_mut();
            if let (true, Some(members)) = (is_written.load(Ordering::SeqCst), members) {
                members.remove(0);
            }
        }),
    );
    chat.edit("rolecall.yaml", "limits: {timeout: 1s}", "limits: {timeout: 1s, concurrency: 1}");
    chat
}

#[test]
fn rule_08_a_side_effect_alone_is_status_three() {
    let chat = forgetful();
    chat.edit(
        "access/people.yaml",
        "email: kim@acme.example, department: Sales",
        "email: kim@acme.example, department: Engineering",
    )
    .commit("Kim builds");
    let applied = chat.run(&["apply", "--yes"]).ends_with(3);
    assert!(applied.stdout.contains("Total: 1 done\n"), "{}", applied.stdout);
    assert!(applied.stdout.contains("Side effects (1)"), "{}", applied.stdout);
    assert!(!applied.stderr.contains("warning"), "{}", applied.stderr);
}

#[test]
fn rule_08_what_a_side_effect_holds_is_a_line_on_stderr() {
    let chat = forgetful();
    chat.edit(
        "access/people.yaml",
        "groups:\n",
        "  zoe: {name: Zoe, email: zoe@acme.example, department: Engineering}\ngroups:\n",
    )
    .commit("Zoe joins two groups");
    let applied = chat.run(&["apply", "--yes"]).ends_with(3);
    let line = "warning: app chat: 1 change is held by side-effect, because of what such a write did to group:engineering: members: 1 member beside the wanted ones vanished; ";
    assert!(applied.stderr.contains(line), "{}", applied.stderr);
    assert!(applied.stderr.contains("`--allow chat:side-effect=1` sends the rest\n"), "{}", applied.stderr);
}
