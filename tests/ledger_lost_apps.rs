//! The root names the apps: one whose folder is gone is not one that was never applied (safety.md 5).

use crate::ledger_support::git::*;
use crate::ledger_support::*;
use rolecall::ledger::{LedgerError, Run, Store};
use rolecall::model::ledger::Recorder;
use rolecall::model::op::OutcomeKind;

fn apply(store: &Store, results: &std::path::Path, run: &str, app: &str) {
    let begun: Run = begin(store, results, run, app, &["ada"]).unwrap();
    begun
        .recorder(&app.parse().unwrap())
        .record(&[settled(app, "ada", OutcomeKind::Written)], &[put("ada", "1")])
        .unwrap();
    begun.finish(vec![]).unwrap();
}

/// A folder with two apps.
fn world() -> PathWorld {
    let world = PathWorld::new();
    apply(&world.store(), world.folder.path(), "r1", "hr");
    apply(&world.store(), world.folder.path(), "r2", "wiki");
    world
}

fn is_lost(error: &LedgerError) -> bool {
    matches!(error, LedgerError::LostApps { .. })
}

#[test]
fn an_app_whose_folder_is_gone_is_not_one_that_was_never_applied() {
    for (gone, named, command) in [
        ("apps", "has lost apps/hr, apps/wiki:", "ledger rebuild hr --yes --reason TEXT"),
        ("apps/wiki", "has lost apps/wiki:", "ledger rebuild wiki --yes --reason TEXT"),
    ] {
        let world = world();
        let before = world.text("ledger.json");
        std::fs::remove_dir_all(world.at(gone)).unwrap();
        let words = [named, "ledger.json names", "restore the folder from a backup", command];
        assert!(is_lost(&refused(world.store().read(), &words)));
        let begun = begin(&world.store(), world.folder.path(), "r3", "wiki", &[]).map(|_| ());
        assert!(is_lost(&refused(begun, &["has lost apps/wiki"])));
        assert_eq!(world.text("ledger.json"), before);
        let left = world.store().read_what_is_left().unwrap();
        assert!(left.has_lost(&"wiki".into()));
        assert_eq!(left.has_lost(&"hr".into()), gone == "apps");
        // Written by hand, it is there again; what else is lost stays lost.
        world.store().edit(&"wiki".into(), "rebuild", &by(), &|_| Ok(())).unwrap();
        let read = world.store().read();
        match gone {
            "apps" => _ = refused(read, &["has lost apps/hr:"]),
            _ => assert_eq!(read.unwrap().snapshot.apps.len(), 2),
        }
    }
}

#[test]
fn the_commit_that_dropped_the_folder_of_an_app_is_named_as_the_way_back() {
    let world = GitWorld::new();
    apply(&world.store("a"), &world.path("a"), "r1", "hr");
    let clone = world.path("evil");
    git(world.folder.path(), &["clone", "-q", "-b", "rolecall/ledger", "remote.git", "evil"]);
    git(&clone, &["rm", "-rq", "apps"]);
    git(&clone, &["commit", "-qm", "cleaned up"]);
    git(&clone, &["push", "-q", "origin", "HEAD"]);
    let words = ["has lost apps/hr:", "git revert", "ledger rebuild hr --yes"];
    assert!(is_lost(&refused(world.store("a").read(), &words)));
    refused(begin(&world.store("b"), &world.path("b"), "r2", "hr", &[]).map(|_| ()), &words);
    // The way that the hint names.
    git(&clone, &["revert", "--no-edit", "HEAD"]);
    git(&clone, &["push", "-q", "origin", "HEAD"]);
    assert!(world.store("a").read().unwrap().snapshot.apps.contains_key("hr"));
}

#[test]
fn a_root_without_the_list_is_read_and_gets_it_with_the_next_write() {
    let world = world();
    let list = regex::Regex::new(r#"(?s),\s*"apps": \[.*?\]"#).unwrap();
    let root = world.text("ledger.json");
    let old = list.replace(&root, "").into_owned();
    assert!(!old.contains("apps") && root.contains("apps"));
    world.write("ledger.json", &old);
    assert_eq!(world.store().read().unwrap().snapshot.apps.len(), 2);
    apply(&world.store(), world.folder.path(), "r3", "hr");
    std::fs::remove_dir_all(world.at("apps/wiki")).unwrap();
    assert!(is_lost(&refused(world.store().read(), &["has lost apps/wiki"])));
}

#[test]
fn an_app_that_goes_rightly_leaves_the_list() {
    let world = world();
    world.store().rename_app(&"wiki".into(), &"notes".into(), &by()).unwrap();
    let apps = world.store().read().unwrap().snapshot.apps;
    assert_eq!(apps.keys().map(ToString::to_string).collect::<Vec<_>>(), ["hr", "notes"]);
    let root = world.text("ledger.json");
    assert!(root.contains("\"notes\"") && !root.contains("\"wiki\""), "{root}");
}

/// What is gone within the folder of an app is an error, too.
#[test]
fn a_part_of_an_app_that_is_gone_is_damage() {
    for (gone, words) in [
        ("apps/hr/state.json", "there is no state.json"),
        ("apps/hr/users/all.json", "it holds 0 accounts, and state.json says 1: a file is missing"),
    ] {
        let world = world();
        std::fs::remove_file(world.at(gone)).unwrap();
        let error = refused(world.store().read(), &[words, "put the file back as it was", "from a backup"]);
        assert!(matches!(error, LedgerError::Damaged { .. }));
        refused(begin(&world.store(), world.folder.path(), "r3", "hr", &[]).map(|_| ()), &[words]);
    }
}
