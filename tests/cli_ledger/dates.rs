//! What commands say before their result: dates that went by without an apply, and edits that `apply` does not read.

use super::World;

impl World {
    /// The last completed apply was at this instant.
    fn applied_at(&self, instant: &str) {
        self.write_ledger("apps/wiki/state.json", |state| {
            let mut state: serde_json::Value = serde_json::from_str(&state).unwrap();
            state["applied"]["at"] = instant.into();
            state.to_string()
        });
    }
}

#[test]
fn a_date_that_went_by_without_an_apply_is_said_first() {
    let world = World::new();
    let bob = "email: bob@acme.example";
    world.repo.replace("rolecall.yaml", bob, &format!("{bob}, end: 2020-01-31"));
    world.publish("Bob leaves");
    let list = ["ledger", "list"];
    assert_eq!(world.run(&list).ends_with(0).stderr, "");
    world.applied_at("2020-01-15T00:00:00Z");
    for args in [&["plan"][..], &["check"], &["log"], &list, &["ledger", "show", "wiki"]] {
        let said = world.run(args).ends_with(0).stderr;
        assert!(said.starts_with("note: user:bob ended on 2020-01-31, "), "{args:?}: {said}");
        let end = ": run `rolecall apply`";
        let first = said.lines().next().unwrap();
        assert!(first.contains(", and the last completed apply of app wiki was on 2020-01-15, "), "{said}");
        assert!(first.ends_with(end) && said.matches(end).count() == 1, "{args:?}: {said}");
    }
    for args in [&["validate"][..], &["plan", "--at", "2030-01-01T00:00:00Z"], &["ledger", "list", "-q"]] {
        assert!(!world.run(args).stderr.contains("ended on"), "{args:?}");
    }
    let applied = world.run(&["apply", "--yes"]).ends_with(0).stderr;
    assert!(
        applied.starts_with("note: user:bob ended on") && !applied.contains("run `rolecall apply`"),
        "{applied}"
    );
    assert_eq!(world.run(&list).ends_with(0).stderr, "");
}

/// A line that ends, while another one gives the same.
#[test]
fn an_apply_that_finds_nothing_to_do_counts() {
    let world = World::new();
    let line = "members: [group:staff]";
    world.repo.replace(
        "rolecall.yaml",
        line,
        "members: [group:staff, {member: user:bob, expires: 2020-01-31}]",
    );
    world.publish("Bob is an editor twice");
    world.run(&["apply", "--yes"]).ends_with(0);
    world.applied_at("2020-01-15T00:00:00Z");
    let said = world.run(&["ledger", "list"]).ends_with(0).stderr;
    assert!(said.contains("user:bob in wiki/editor ended on 2020-01-31"), "{said}");
    world.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(world.run(&["ledger", "list"]).ends_with(0).stderr, "");
}

#[test]
fn apply_names_edits_that_are_not_committed() {
    let world = World::new();
    assert!(!world.run(&["apply", "--yes"]).ends_with(0).stderr.contains("not committed"));
    world.repo.replace("rolecall.yaml", "# Ours.", "# Ours and theirs.");
    world.repo.file("access/new.yaml", "users: {}\n").file("notes.txt", "none of the tree\n");
    let said = world.run(&["apply", "--yes"]).ends_with(0).stderr;
    let commit = world.repo.git(["rev-parse", "HEAD"]);
    let note = format!(
        "note: 2 files of the tree have edits that are not committed, and not part of this apply, which reads commit {}: access/new.yaml, rolecall.yaml\n",
        &commit.trim()[..12]
    );
    assert!(said.contains(&note), "{said}");
    // So it is with files that cannot be read.
    world.repo.replace("rolecall.yaml", "# Ours and theirs.", "# Ours.");
    world.repo.file("access/new.yaml", "users: {\n");
    let said = world.run(&["apply", "--yes"]).ends_with(0).stderr;
    assert!(said.contains("note: 1 file of the tree has edits that are not committed"), "{said}");
    world.repo.file("access/new.yaml", "users: {}\n");
    world.publish("New");
    assert!(!world.run(&["apply", "--yes"]).ends_with(0).stderr.contains("not committed"));
}
