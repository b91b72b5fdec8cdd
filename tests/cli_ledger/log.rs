//! `rolecall log`: runs in the ledger, and runs that only the files of this clone show.

use super::World;
use crate::support::program::Repo;

#[test]
fn runs_and_writes_by_hand_newest_first() {
    let world = World::new();
    world.run(&["ledger", "unlink", "wiki", "ada", "--reason", "wrong account"]).ends_with(0);
    world.run(&["apply", "--yes"]).ends_with(0);
    let log = world.run(&["log"]).ends_with(0);
    let heads: Vec<_> = log.stdout.lines().filter(|line| line.starts_with("20")).collect();
    assert_eq!(heads.len(), 4, "{}", log.stdout);
    assert!(heads[0].contains("finished") && heads[1].contains("unlink ada from wiki"), "{}", log.stdout);
    assert!(heads[2].contains("finished") && heads[3].contains("init"), "{}", log.stdout);
    let newest = world.run(&["log", "-n", "1"]).ends_with(0);
    assert_eq!(newest.stdout.lines().filter(|line| line.starts_with("20")).count(), 1);
    let of_ada = world.run(&["log", "wiki", "--user", "ada"]).ends_with(0).stdout;
    assert!(of_ada.contains("wiki/user:ada") && !of_ada.contains("user:bob"), "{of_ada}");
    // Another clone sees the same: it is in the ledger.
    let clone = world.repo.fresh_clone();
    assert_eq!(clone.rolecall(["log"]).run().ends_with(0).stdout, log.stdout);
}

#[test]
fn one_run_with_its_changes() {
    let world = World::new();
    let log = world.run(&["log", "wiki"]).snapshot();
    let plan = log.split_once("  plan ").unwrap().1.split(' ').next().unwrap();
    insta::assert_snapshot!("log", log.replace(plan, "[PLAN]"));
    let json = world.run(&["log", "-o", "json", "-n", "1"]).ends_with(0).json();
    assert_eq!(json[0]["how"], "finished");
    assert_eq!(json[0]["from"], "ledger");
    let changes = json[0]["changes"].as_array().unwrap();
    assert!(changes.iter().any(|change| change["key"] == "wiki/user:ada" && change["outcome"] == "written"));
}

#[test]
fn without_its_ledger_it_tells_what_this_folder_knows() {
    let world = World::new();
    let runs = world.repo.path().join(".git/rolecall/runs");
    let files: Vec<_> = std::fs::read_dir(&runs).unwrap().flatten().collect();
    assert_eq!(files.len(), 1);
    std::fs::rename(world.repo.remote_path(), world.repo.world().join("away.git")).unwrap();
    let log = world.run(&["log"]).ends_with(3);
    assert!(log.stdout.contains("not in the ledger  (this clone only)"), "{}", log.stdout);
    assert!(log.stdout.contains("written  wiki/user:ada"), "{}", log.stdout);
    assert!(log.stderr.contains("could not be fetched from remote 'origin'"), "{}", log.stderr);
    assert!(log.stderr.contains("this is from files of this clone"), "{}", log.stderr);
}

#[test]
fn a_ledger_that_cannot_be_read_is_an_error_and_not_an_empty_history() {
    let root = ".rolecall/sandbox-ledger/ledger.json";
    let repo = Repo::new().file("rolecall.yaml", "version: 1\n").file(root, "{");
    let log = repo.rolecall(["log"]).run().ends_with(1);
    assert!(log.stderr.contains("ledger.json") && log.stderr.contains("is damaged"), "{}", log.stderr);
    let repo = Repo::new().file("rolecall.yaml", "version: 1\n").file(&format!("{root}.bak"), "{}");
    let log = repo.rolecall(["log"]).run().ends_with(1);
    assert!(log.stderr.contains("is missing, and other files are there"), "{}", log.stderr);
}

#[test]
fn every_ledger_that_cannot_be_read_is_named() {
    let both = Repo::new()
        .file("rolecall.yaml", "version: 1\nledger: {id: abc, path: ledger}\n")
        .file(".rolecall/sandbox-ledger/ledger.json", "{");
    let log = both.rolecall(["log"]).run().ends_with(1);
    assert!(log.stderr.contains("there is no ledger in"), "{}", log.stderr);
    assert!(log.stderr.contains("sandbox-ledger is damaged"), "{}", log.stderr);
}

#[test]
fn nothing_was_done_yet() {
    let repo = Repo::new().file("rolecall.yaml", "version: 1\n");
    let log = repo.rolecall(["log"]).run().ends_with(0);
    assert_eq!((log.stdout.as_str(), log.stderr.as_str()), ("", "nothing was applied yet\n"));
}
