//! The ledger on a branch: clones without a remote, with a short history, with results that were not pushed.

use rolecall::model::op::OutcomeKind;
use std::path::Path;

use crate::ledger_support::git::*;
use crate::ledger_support::*;
use rolecall::git::repo::Repo;
use rolecall::ledger::Store;
use rolecall::model::ledger::Recorder;

#[test]
fn a_ledger_may_stay_in_one_clone() {
    let world = GitWorld::bare();
    let a = world.clone_named("a");
    let git_dir = a.join(".git");
    let id = Store::init(&a, Some(&git_dir), &git_store(None), None, &by()).unwrap();
    let open = || Store::open(&a, Some(&git_dir), &settings(&id, git_store(None)));
    let run = begin(&open(), &a, "r1", "hr", &["ada"]).unwrap();
    refused(begin(&open(), &a, "r2", "hr", &[]).map(|_| ()), &["run r1"]);
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    run.finish(vec![]).unwrap();
    assert_eq!(open().read().unwrap().snapshot.apps["hr"].users.len(), 1);
    refused(Store::init(&a, None, &git_store(None), None, &by()), &["already exists"]);
}

#[test]
fn every_id_a_person_had_is_in_the_history() {
    let world = GitWorld::new();
    let a = world.store("a");
    for (run, remote) in [("r1", "1"), ("r2", "2")] {
        let run = begin(&a, &world.path("a"), run, "hr", &["ada"]).unwrap();
        run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", remote), put("bob", "b")])
            .unwrap();
        run.finish(vec![]).unwrap();
    }
    unlink(&a, "hr", "ada").unwrap();
    let ever = world.store("b").remotes_ever(&"hr".into()).unwrap();
    assert_eq!(ever["ada"], ["2".into(), "1".into()]);
    assert_eq!(ever["bob"], ["b".into()]);
}

#[test]
fn a_clone_hands_in_what_its_killed_run_had_not_pushed() {
    let world = GitWorld::new();
    let a = world.store("a");
    let runs = world.path("a").join("runs");
    let run = begin(&a, &world.path("a"), "r1", "hr", &["ada", "bob"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    drop(run);
    assert_eq!(a.recover(&world.path("b").join("runs"), now()).unwrap(), []);
    let recovered = a.recover(&runs, now()).unwrap();
    assert_eq!((&*recovered[0].run, recovered[0].results, recovered.len()), ("r1", 1, 1));
    assert_eq!(a.recover(&runs, now()).unwrap(), [], "each result once");
    let read = world.store("b").read().unwrap();
    assert_eq!(read.snapshot.apps["hr"].users.len(), 1);
    assert_eq!(intents_of(&read.snapshot.apps["hr"]), [intent("hr", "bob")]);

    // Half a line at the end was never acknowledged.
    let file = runs.join("r1.jsonl");
    let whole = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{whole}{}", whole.replace("\"seq\":1", "\"seq\":2").trim_end())).unwrap();
    assert_eq!(a.recover(&runs, now()).unwrap(), []);
}

#[test]
fn a_shallow_clone_of_the_source_can_apply() {
    let world = GitWorld::new();
    let a = world.path("a");
    git(&a, &["checkout", "-q", "-b", "main"]);
    for number in 0..3 {
        git(&a, &["commit", "-q", "--allow-empty", "-m", &number.to_string()]);
    }
    git(&a, &["push", "-q", "origin", "main"]);
    for run in ["r1", "r2"] {
        let run = begin(&world.store("a"), &a, run, "hr", &["ada"]).unwrap();
        run.finish(vec![]).unwrap();
    }
    let url = format!("file://{}", world.remote().display());
    for (name, branch) in [("of-main", "main"), ("of-ledger", "rolecall/ledger")] {
        git(world.folder.path(), &["clone", "-q", "--depth", "1", "-b", branch, &url, name]);
        let store = world.store(name);
        store.read().unwrap();
        let run = begin(&store, &world.path(name), name, "hr", &["ada"]).unwrap();
        run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", name)]).unwrap();
        run.finish(vec![]).unwrap();
        assert_eq!(store.read().unwrap().snapshot.apps["hr"].users["ada"].remote.as_str(), name);
    }
    world.store("a").read().unwrap();
}

#[test]
fn all_working_trees_of_a_clone_share_what_it_has_seen() {
    let world = GitWorld::bare();
    let a = world.clone_named("a");
    git(&a, &["commit", "--allow-empty", "-m", "first"]);
    let b = world.path("b");
    git(&a, &["worktree", "add", "--detach", b.to_str().unwrap()]);
    let directory = |folder: &Path| Repo::discover(folder).unwrap().unwrap().git_directory();
    assert_eq!(directory(&b).canonicalize().unwrap(), a.join(".git").canonicalize().unwrap());
    let id = Store::init(&a, Some(&directory(&a)), &git_store(None), None, &by()).unwrap();
    let open = |folder: &Path| Store::open(folder, Some(&directory(folder)), &settings(&id, git_store(None)));
    let old = git(&a, &["rev-parse", REF]);
    let run = begin(&open(&b), &b, "r1", "hr", &["ada"]).unwrap();
    run.finish(vec![]).unwrap();
    git(&a, &["update-ref", REF, &old]);
    refused(open(&a).read(), &["this clone has seen"]);
}
