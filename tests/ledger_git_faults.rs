//! A branch that is missing, unreachable, foreign, rolled back, tampered with or protected: each has its own error.

use crate::ledger_support::git::*;
use crate::ledger_support::*;
use rolecall::git::ancestry::{self, Ancestry};
use rolecall::git::branch;
use rolecall::ledger::{LedgerError, Store};
use rolecall::model::company::LedgerStore;
use rolecall::model::ledger::Recorder;
use rolecall::model::op::OutcomeKind;
use std::time::Duration;

/// A ledger with one finished run.
fn world() -> GitWorld {
    let world = GitWorld::new();
    let run = begin(&world.store("a"), &world.path("a"), "r1", "hr", &["ada"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    run.finish(vec![]).unwrap();
    world
}

#[test]
fn a_missing_branch_is_not_an_empty_ledger() {
    let world = world();
    git(&world.remote(), &["update-ref", "-d", REF]);
    let error = refused(
        world.store("a").read(),
        &[REF, "does not exist in remote 'origin'", "push it back", "ledger init"],
    );
    assert!(matches!(error, LedgerError::RefAbsent { .. }));
    refused(begin(&world.store("b"), &world.path("b"), "r2", "hr", &[]).map(|_| ()), &["does not exist"]);
    let git_dir = world.path("a").join(".git");
    let again = Store::init(&world.path("a"), Some(&git_dir), &git_store(Some("origin")), None, &by());
    refused(again, &["was in use", &world.id]);
}

#[test]
fn an_unreachable_remote_is_not_a_missing_branch() {
    let world = world();
    std::fs::rename(world.remote(), world.path("away")).unwrap();
    let error = refused(world.store("a").read(), &["could not be fetched", "origin", "git fetch origin"]);
    assert!(matches!(error, LedgerError::FetchFailed { .. }));
}

#[test]
fn credentials_are_not_in_the_message() {
    let world = world();
    git(&world.path("a"), &["remote", "set-url", "origin", "http://bot:s3cret@127.0.0.1:1/x.git?token=abc"]);
    let error = refused(world.store("a").read(), &["could not be fetched", "127.0.0.1"]);
    assert!(!format!("{error:?}").contains("s3cret") && !format!("{error:?}").contains("abc"));
}

#[test]
fn another_ledger_on_the_branch_is_refused() {
    let mut world = world();
    world.id = "0011".into();
    let error = refused(world.store("b").read(), &["rolecall.yaml names 0011", "has id"]);
    assert!(matches!(error, LedgerError::OtherId { .. }));
}

#[test]
fn a_rolled_back_branch_is_refused_by_a_clone_that_saw_more() {
    let world = world();
    world.store("a").read().unwrap();
    git(&world.remote(), &["update-ref", REF, &format!("{REF}~1")]);
    let error = refused(world.store("a").read(), &["rolled back", "serial 3", "serial is 2"]);
    assert!(matches!(error, LedgerError::RolledBack { .. }) && error.is_refusal());
    refused(begin(&world.store("a"), &world.path("a"), "r2", "hr", &[]).map(|_| ()), &["rolled back"]);

    // A clone that could not tell has written to it: the serial is higher now, but the history is another one.
    for run in ["r3", "r4"] {
        begin(&world.store("fresh"), &world.path("fresh"), run, "crm", &[]).unwrap().finish(vec![]).unwrap();
    }
    let error = refused(world.store("a").read(), &["rolled back", "does not contain commit"]);
    assert!(matches!(error, LedgerError::RolledBack { .. }));
}

#[test]
fn a_tampered_branch_is_refused_naming_file_and_entry() {
    for (file, from, to, words) in [
        (
            "apps/hr/users/all.json",
            "\"remote\"",
            "\"remotes\"",
            &["apps/hr/users/all.json", REF, "line 2"][..],
        ),
        ("apps/hr/users/all.json", "\"1\"", "\"\"", &["\"ada\"", "the remote id is empty"]),
        ("ledger.json", "\"format\": 2", "\"format\": 9", &["format 9"]),
    ] {
        let world = world();
        let clone = world.path("evil");
        git(world.folder.path(), &["clone", "-q", "-b", "rolecall/ledger", "remote.git", "evil"]);
        let text = std::fs::read_to_string(clone.join(file)).unwrap();
        std::fs::write(clone.join(file), text.replace(from, to)).unwrap();
        git(&clone, &["commit", "-qam", "tampered"]);
        git(&clone, &["push", "-q", "origin", "HEAD"]);
        refused(world.store("a").read(), words);
        refused(begin(&world.store("b"), &world.path("b"), "r2", "hr", &[]).map(|_| ()), words);
        // The ids are still in the history.
        assert_eq!(world.store("a").remotes_ever(&"hr".into()).unwrap()["ada"], ["1".into()]);
        assert_eq!(&*world.store("a").history(1).unwrap()[0].what, "tampered");
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_not_followed() {
    let world = world();
    let clone = world.path("evil");
    git(world.folder.path(), &["clone", "-q", "-b", "rolecall/ledger", "remote.git", "evil"]);
    std::fs::remove_file(clone.join("apps/hr/users/all.json")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", clone.join("apps/hr/users/all.json")).unwrap();
    git(&clone, &["commit", "-qam", "tampered"]);
    git(&clone, &["push", "-q", "origin", "HEAD"]);
    refused(world.store("a").read(), &["users/all.json", "not a file"]);
}

#[test]
fn a_server_that_refuses_the_push_is_quoted_and_nothing_is_written() {
    let world = world();
    let hook = world.remote().join("hooks/pre-receive");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\necho 'GH006: protected branch' >&2\nexit 1\n").unwrap();
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let before = world.head();
    let refusal = begin(&world.store("a"), &world.path("a"), "r2", "hr", &[]).map(|_| ());
    let error =
        refused(refusal, &["did not take the push", "GH006: protected branch", "needs the right to push"]);
    assert!(matches!(error, LedgerError::PushRefused { .. }));
    assert_eq!(world.head(), before);
}

#[test]
fn a_shallow_clone_says_when_it_cannot_know() {
    let world = GitWorld::bare();
    let source = world.clone_named("source");
    git(&source, &["checkout", "-q", "-b", "main"]);
    let commits: Vec<_> = (0..4)
        .map(|number| {
            git(&source, &["commit", "-q", "--allow-empty", "-m", &number.to_string()]);
            git(&source, &["rev-parse", "HEAD"])
        })
        .collect();
    git(&source, &["push", "-q", "origin", "main"]);
    git(&source, &["checkout", "-q", "--orphan", "other"]);
    git(&source, &["commit", "-q", "--allow-empty", "-m", "other"]);
    let other = git(&source, &["rev-parse", "HEAD"]);
    let asked = |repository: &str, a: &str, b: &str| {
        ancestry::is_ancestor_or_equal(&world.path(repository).join(".git"), a, b).unwrap()
    };
    assert_eq!(asked("source", &commits[0], &commits[3]), Ancestry::Yes);
    assert_eq!(asked("source", &commits[3], &commits[3]), Ancestry::Yes);
    assert_eq!(asked("source", &commits[3], &commits[0]), Ancestry::No);
    assert_eq!(asked("source", &other, &commits[3]), Ancestry::No);
    assert_eq!(asked("source", &"0".repeat(40).replace('0', "1"), &commits[3]), Ancestry::No);

    let url = format!("file://{}", world.remote().display());
    git(world.folder.path(), &["clone", "-q", "--depth", "2", "-b", "main", &url, "shallow"]);
    assert_eq!(asked("shallow", &commits[2], &commits[3]), Ancestry::Yes);
    assert!(
        matches!(asked("shallow", &commits[0], &commits[3]), Ancestry::Undecidable { why } if why.contains("--unshallow"))
    );
    assert!(matches!(asked("shallow", &commits[3], &commits[2]), Ancestry::Undecidable { .. }));
    let missing =
        ancestry::is_ancestor_or_equal(&world.path("shallow").join(".git"), &commits[0], &commits[1]);
    assert!(missing.unwrap_err().to_string().contains("cannot find commit"));

    let newest = |remote: Option<&str>, branch: &str| {
        branch::newest(&world.path("source").join(".git"), branch, remote, Duration::from_secs(60))
    };
    assert_eq!(newest(Some("origin"), "main").unwrap(), commits[3]);
    assert_eq!(newest(None, "other").unwrap(), other);
    assert!(
        newest(Some("origin"), "other")
            .unwrap_err()
            .to_string()
            .contains("does not exist in remote 'origin'")
    );
}

#[test]
fn names_are_names_and_not_options_or_addresses() {
    let world = world();
    let marker = world.path("ran");
    let evil = format!("--upload-pack=touch {}", marker.display());
    let url = world.remote().display().to_string();
    for (reference, remote, word) in [
        (REF, &*evil, "no remote named"),
        (REF, &url, "no remote named"),
        (REF, "ext::sh", "no remote named"),
        ("--all", "origin", "not the full name of a ref"),
        ("refs/heads/a:refs/heads/b", "origin", "not the full name of a ref"),
    ] {
        let store = LedgerStore::Git { reference: reference.into(), remote: Some(remote.into()) };
        let git_dir = world.path("a").join(".git");
        let open = Store::open(&world.path("a"), Some(&git_dir), &settings(&world.id, store.clone()));
        refused(open.read(), &[word, "ledger.git in rolecall.yaml"]);
        refused(Store::init(&world.path("a"), None, &store, None, &by()), &[word]);
    }
    assert!(!marker.exists());
}
