//! Plans that may not be applied any more, or not by this command; and an apply that is interrupted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;
use crate::support::proxy::{Edge, then, when};

#[test]
fn a_stored_plan_is_a_claim() {
    let chat = Chat::converged(Ledger::Path);
    let ada = chat.id("ada@acme.example");
    chat.edit("access/people.yaml", "title: Analyst", "title: Director").edit(
        "access/people.yaml",
        "bob@acme.example, title: Engineer",
        "bob@acme.example, title: Builder",
    );
    // The files are not committed.
    chat.run(&["plan", "--out", "dirty.json"]).ends_with(0);
    insta::assert_snapshot!("dirty", chat.shown(&["apply", "dirty.json"]));
    chat.repo.remove("dirty.json");
    chat.commit("New titles");
    let before = chat.proxy.count();

    let stored = chat.run(&["plan", "--out", ".rolecall/plan.json"]);
    insta::assert_snapshot!("stored", chat.text_of(&stored));
    chat.run(&["plan", "--at", "2027-06-01T12:00:00Z", "--out", ".rolecall/later.json"]).ends_with(0);
    insta::assert_snapshot!("made_with_at", chat.shown(&["apply", ".rolecall/later.json"]));
    insta::assert_snapshot!(
        "applied_with_at",
        chat.shown(&["apply", "--yes", "--at", "2027-06-01T12:00:00Z"])
    );
    insta::assert_snapshot!("applied_with_rev", chat.shown(&["apply", "--yes", "--rev", "HEAD"]));

    // Files that are no plan.
    insta::assert_snapshot!("no_file", chat.shown(&["apply", ".rolecall/none.json"]));
    let good = chat.repo.read(".rolecall/plan.json");
    let (half, _) = good.split_once("\"apps\"").expect("apps");
    chat.repo.file(".rolecall/bad.json", half);
    insta::assert_snapshot!("half_a_file", chat.shown(&["apply", ".rolecall/bad.json"]));
    chat.repo.file(".rolecall/bad.json", "{\"format\": 99}");
    insta::assert_snapshot!("another_format", chat.shown(&["apply", ".rolecall/bad.json"]));

    // The plan is older than a day.
    let plan: Value = serde_json::from_str(&good).expect("JSON");
    let mut over = plan.clone();
    over["inputs"]["valid_until"] = json!("2026-01-01T00:00:00Z");
    chat.repo.file(".rolecall/over.json", over.to_string());
    insta::assert_snapshot!("over", chat.shown(&["apply", ".rolecall/over.json"]));
    assert_eq!(chat.writes_since(before), 0);

    // The file was edited: Bob gets another title.
    chat.repo.file(".rolecall/evil.json", good.replace("Builder", "President"));
    insta::assert_snapshot!("tampered", chat.shown(&["apply", ".rolecall/evil.json"]));
    assert_eq!(chat.account("bob@acme.example")["title"], "Engineer");
    assert_eq!(chat.account("ada@acme.example")["title"], "Director");

    // The app has changed since the plan: the changed account is refused, the rest can be applied.
    let bob = chat.id("bob@acme.example");
    chat.server.patch(&format!("/Users/{bob}"), json!([{"op": "replace", "path": "title", "value": "Boss"}]));
    insta::assert_snapshot!("stale", chat.shown(&["apply", ".rolecall/plan.json"]));
    assert_eq!(chat.account("bob@acme.example")["title"], "Boss");
    assert_eq!(chat.id("ada@acme.example"), ada);

    // A new plan can be applied.
    chat.run(&["plan", "--out", ".rolecall/plan.json"]).ends_with(0);
    chat.run(&["apply", ".rolecall/plan.json"]).ends_with(0);
    chat.is_calm();
}

#[test]
fn nobody_is_asked_and_nothing_expected_comes() {
    let chat = Chat::new(Ledger::Path);
    insta::assert_snapshot!("no_terminal", chat.shown(&["apply"]));
    assert_eq!(chat.proxy.count(), 0);
    let plan = chat.run(&["plan", "--detailed-exitcode", "-o", "json"]).ends_with(2);
    let id = plan.json()["id"].as_str().expect("an id").to_owned();
    let other = chat.run(&["apply", "--yes", "--expect", "0123456789abcdef"]);
    let said = chat.text_of(&other).replace(&id, "[PLAN]");
    insta::assert_snapshot!("expected_another", said.split_once("--- stderr").map_or("", |(_, said)| said));
    assert_eq!(other.status, 4);
    assert!(chat.proxy.writes().is_empty());
    chat.run(&["apply", "--yes", "--expect", &id]).ends_with(0);
    chat.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    // The app cannot be read: the status does not say that there are no changes.
    chat.proxy.arm(when::target("/Users"), then::status(401));
    chat.run(&["plan", "--detailed-exitcode"]).ends_with(1);
}

#[test]
fn an_app_that_cannot_be_read_again_under_the_lease_says_why() {
    let chat = Arc::new(Chat::converged(Ledger::Path));
    chat.repo.file("README.md", "Nothing that is applied\n");
    // A whole apply has to end while one request waits.
    chat.edit("rolecall.yaml", "limits: {timeout: 1s}", "limits: {timeout: 3s}");
    chat.commit("A commit without changes");
    // Another apply ends before this one gets its first answer, so this one connects and plans again. Then the app refuses
    // its credential.
    let other = chat.clone();
    let connected = AtomicUsize::new(0);
    let meanwhile = then::run(Edge::BeforeServer, move |_| match connected.fetch_add(1, Ordering::SeqCst) {
        0 => _ = other.run(&["apply", "--yes"]).ends_with(0),
        1 => {}
        _ => other.proxy.arm(when::target("/Users"), then::status(401)),
    });
    chat.proxy.arm(when::target("/ServiceProviderConfig"), meanwhile);
    let late = chat.run(&["apply", "--yes"]).ends_with(1);
    assert!(late.stderr.contains("planned again under the lease"), "{}", late.stderr);
    assert!(late.stdout.contains("Total: no changes"), "{}", late.stdout);
    assert!(late.stdout.contains("STOPPED: ") && late.stdout.contains("401 Unauthorized"), "{}", late.stdout);
    chat.proxy.heal();
}

#[test]
fn an_interrupted_apply_hands_over() {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let chat = Chat::new(Ledger::Git);
        chat.edit("rolecall.yaml", "limits: {timeout: 1s}", "limits: {timeout: 1s, concurrency: 1}")
            .commit("One at a time");
        chat.proxy.arm(when::write().at(2), then::delay(Duration::from_millis(700)));
        let running = chat.rolecall(&["apply", "--yes"]).spawn();
        let begun = std::time::Instant::now();
        while chat.proxy.writes().len() < 2 {
            assert!(begun.elapsed() < Duration::from_secs(30));
            std::thread::sleep(Duration::from_millis(5));
        }
        running.signal(signal);
        let stopped = running.wait();
        assert_eq!(stopped.status, status, "{}", stopped.snapshot());
        insta::assert_snapshot!(format!("stopped_by_{signal}").to_lowercase(), chat.ending(&stopped));
        chat.proxy.heal();
        // The next apply need not wait, because the lease was given back.
        let clone = chat.repo.fresh_clone();
        chat.run_in(&clone, &["apply", "--yes"]).ends_with(0);
        for person in ["ada", "bob", "eve", "kim"] {
            assert_eq!(chat.proxy.created("userName", &format!("{person}@acme.example")), 1, "{person}");
        }
        chat.run_in(&clone, &["plan", "--detailed-exitcode"]).ends_with(0);
    }
}

#[test]
fn an_access_change_has_one_id_before_and_after_a_squash_merge() {
    let chat = Chat::converged(Ledger::Git);
    let id = || chat.run(&["plan", "--format", "json"]).ends_with(0).json()["id"].clone();
    let calm = id();
    chat.repo.git(["checkout", "--quiet", "-b", "proposal"]);
    chat.edit("access/people.yaml", "title: Analyst", "title: Director");
    chat.repo.commit("A title");
    let first = id();
    chat.edit("access/people.yaml", "users:", "# Everybody.\nusers:");
    chat.repo.commit("A word about it");
    let proposed = id();
    chat.repo.git(["checkout", "--quiet", "main"]);
    chat.repo.file("NOTES", "somebody else was faster\n");
    chat.commit("Something else");
    chat.repo.git(["merge", "--quiet", "--squash", "proposal"]);
    chat.commit("A title (#7)");
    assert_eq!(proposed, first, "lines that move are no other change");
    assert_eq!(id(), proposed);
    assert_ne!(proposed, calm);
    // `--expect` applies only the plan with this id.
    let expected = proposed.as_str().expect("an id").to_owned();
    chat.run(&["apply", "--yes", "--expect", &expected]).ends_with(0);
    chat.is_calm();
}
