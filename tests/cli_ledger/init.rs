//! `ledger init` makes one ledger, once, and names it in rolecall.yaml.

use super::World;
use crate::support::program::Repo;

#[test]
fn the_id_is_spliced_in_and_everything_else_stays() {
    let world = World::bare();
    let before = world.repo.read("rolecall.yaml");
    let made = world.run(&["ledger", "init", "--reason", "we begin"]);
    insta::assert_snapshot!(made.snapshot());
    let after = world.repo.read("rolecall.yaml");
    let added = after.strip_prefix(&before).expect("nothing above the new lines was touched");
    assert_eq!(added.lines().count(), 3, "{added}");
    assert!(added.ends_with(&made.stdout), "{added}");
    world.run(&["validate"]).ends_with(0);
    let message = world.repo.git(["ls-remote", "origin", "refs/heads/rolecall/ledger"]);
    assert_eq!(message.lines().count(), 1, "the branch is at the remote");
    let log = world.run(&["log"]).ends_with(0);
    assert!(log.stdout.contains("init  by Grace Hopper <grace@acme.example>: we begin"), "{}", log.stdout);
}

#[test]
fn a_second_one_is_refused() {
    let world = World::bare();
    world.run(&["ledger", "init"]).ends_with(0);
    let again = world.run(&["ledger", "init"]).ends_with(1);
    insta::assert_snapshot!(again.snapshot());
    // The id is removed from the file, but the branch exists: in this clone, and in one that has never fetched it.
    world.repo.git(["checkout", "--quiet", "rolecall.yaml"]);
    let here = world.run(&["ledger", "init"]).ends_with(1);
    assert!(here.stderr.contains("a new one would forget every account it knows"), "{}", here.stderr);
    let clone = world.repo.fresh_clone();
    let there = clone.rolecall(["ledger", "init"]).run().ends_with(1);
    assert!(
        there.stderr.contains("refs/heads/rolecall/ledger of remote 'origin' already exists"),
        "{}",
        there.stderr
    );
    assert_eq!(clone.git(["status", "--short"]), "", "rolecall.yaml was not touched");
}

#[test]
fn it_may_be_a_folder() {
    let repo = Repo::plain().file("rolecall.yaml", "version: 1");
    let no_git = repo.rolecall(["ledger", "init"]).run();
    insta::assert_snapshot!("no_repository", no_git.snapshot());
    let made = repo.rolecall(["ledger", "init", "--path", "state of/ledger"]).run();
    insta::assert_snapshot!("folder", made.snapshot());
    assert!(repo.exists("state of/ledger/ledger.json"));
    repo.rolecall(["ledger", "list"]).run().ends_with(0);
    repo.rolecall(["ledger", "init", "--path", "elsewhere"]).run().ends_with(1);
}

#[test]
fn without_a_remote_it_says_who_will_not_find_it() {
    let repo = Repo::new().file("rolecall.yaml", "version: 1\n").commit("first");
    let made = repo.rolecall(["ledger", "init"]).run().ends_with(0);
    assert!(made.stderr.contains("the ledger is in this clone only"), "{}", made.stderr);
    assert!(!made.stdout.contains("remote"), "{}", made.stdout);
    let unknown = Repo::new().file("rolecall.yaml", "version: 1\n");
    let unknown = unknown.rolecall(["ledger", "init", "--remote", "upstream"]).run().ends_with(1);
    assert!(unknown.stderr.contains("there is no remote 'upstream'"), "{}", unknown.stderr);
}

#[test]
fn a_file_that_no_line_can_be_added_to_makes_no_ledger() {
    let repo = Repo::new().file("rolecall.yaml", "{version: 1}\n").commit("first").remote();
    let refused = repo.rolecall(["ledger", "init"]).run();
    insta::assert_snapshot!(refused.snapshot());
    assert_eq!(repo.read("rolecall.yaml"), "{version: 1}\n");
    assert_eq!(repo.git(["ls-remote", "origin", "refs/heads/rolecall/*"]), "");
}

#[test]
fn the_sandbox_needs_none() {
    let repo = Repo::new().file("rolecall.yaml", "version: 1\n");
    let refused = repo.rolecall(["ledger", "init", "--sandbox"]).run().ends_with(1);
    assert!(refused.stderr.contains("the sandbox makes its own ledger"), "{}", refused.stderr);
    let empty = repo.rolecall(["ledger", "list", "--sandbox"]).run().ends_with(1);
    assert!(empty.stderr.contains("the sandbox has no ledger yet"), "{}", empty.stderr);
}
