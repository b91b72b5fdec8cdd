//! A ledger that is missing, foreign, rolled back or tampered with: each has its own error, and is never read as empty.

use crate::ledger_support::*;
use rolecall::ledger::{LedgerError, Store};
use rolecall::model::ledger::Recorder;
use rolecall::model::op::OutcomeKind;

/// A ledger with two people and a group's worth of files.
fn world() -> PathWorld {
    let world = PathWorld::new();
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1"), put("bob", "2")]).unwrap();
    run.finish(vec![]).unwrap();
    world
}

#[test]
fn a_missing_ledger_is_not_an_empty_one() {
    let world = world();
    std::fs::rename(world.at(""), world.folder.path().join("elsewhere")).unwrap();
    let error =
        refused(world.store().read(), &["there is no ledger in", "restore the folder", "ledger init"]);
    assert!(matches!(error, LedgerError::FolderAbsent { .. }));
    refused(
        begin(&world.store(), world.folder.path(), "r2", "hr", &[]).map(|_| ()),
        &["there is no ledger in"],
    );
    assert!(!world.at("").exists(), "looking for it does not make it");

    std::fs::create_dir(world.at("")).unwrap();
    refused(world.store().read(), &["there is no ledger in"]);
    refused(
        begin(&world.store(), world.folder.path(), "r2", "hr", &[]).map(|_| ()),
        &["there is no ledger in"],
    );
    assert_eq!(std::fs::read_dir(world.at("")).unwrap().count(), 1, "only the lock");
}

#[test]
fn a_serial_that_rolecall_never_counted_to_is_refused_before_anything_is_written() {
    const HIGHEST: u64 = 100_000_000_000;
    let is_refused = |serial: u64, reads: bool| {
        let world = world();
        let root = world.text("ledger.json").replace("\"serial\": 3", &format!("\"serial\": {serial}"));
        world.write("ledger.json", &root);
        let why = format!("its serial is {serial}");
        let says = ["ledger.json", &why, "never beyond 100000000000", "put the file back"];
        if reads {
            assert_eq!(world.store().read().unwrap().snapshot.serial, serial);
        } else {
            refused(world.store().read(), &says);
        }
        refused(begin(&world.store(), world.folder.path(), "r2", "hr", &[]).map(|_| ()), &says);
        refused(unlink(&world.store(), "hr", "ada"), &says);
        assert_eq!(world.text("ledger.json"), root);
        // The root that was there before is no roll-back: the high one was never believed.
        if !reads {
            world.write("ledger.json", &root.replace(&serial.to_string(), "3"));
            assert_eq!(world.store().read().unwrap().snapshot.serial, 3);
        }
    };
    for serial in [u64::MAX, 999_999_999_999, HIGHEST + 1] {
        is_refused(serial, false);
    }
    is_refused(HIGHEST, true);
}

/// A result with such a number would hide all later ones of its run, which have lower ones.
#[test]
fn the_number_of_a_result_that_no_run_reaches_is_damage() {
    let world = world();
    let run = begin(&world.store(), world.folder.path(), "r2", "hr", &["ada"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "3")]).unwrap();
    drop(run);
    let name = std::fs::read_dir(world.at("apps/hr/pending")).unwrap().next().unwrap().unwrap().file_name();
    let pending = format!("apps/hr/pending/{}", name.to_string_lossy());
    let text = world.text(&pending);
    for (seq, reads) in [(u64::MAX, false), (1_000_000_000_001, false), (1_000_000_000_000, true)] {
        world.write(&pending, &text.replace("\"seq\":1", &format!("\"seq\":{seq}")));
        match reads {
            true => assert_eq!(world.store().read().unwrap().snapshot.apps.len(), 1),
            false => {
                let why = format!("it has result {seq} of a run, and no run has more than 1000000000000");
                _ = refused(world.store().read(), &[&pending, &why]);
            }
        }
    }
}

#[test]
fn the_last_serial_is_written_and_read() {
    let world = world();
    let root = world.text("ledger.json").replace("\"serial\": 3", "\"serial\": 99999999998");
    world.write("ledger.json", &root);
    let run = begin(&world.store(), world.folder.path(), "r2", "hr", &["ada"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "3")]).unwrap();
    run.finish(vec![]).unwrap();
    let snapshot = world.store().read().unwrap().snapshot;
    assert_eq!((snapshot.serial, snapshot.apps.len()), (100_000_000_000, 1));
}

#[test]
fn a_new_ledger_is_not_made_where_one_is_or_was() {
    let world = world();
    let git = world.folder.path().join("git");
    let init = |git: Option<&std::path::Path>, configured: Option<&str>| {
        Store::init(world.folder.path(), git, &path_store(), configured, &by())
    };
    assert!(matches!(refused(init(None, None), &["already exists"]), LedgerError::Exists { .. }));
    refused(init(Some(&git), None), &["was in use", &world.id]);
    std::fs::rename(world.at(""), world.folder.path().join("elsewhere")).unwrap();
    refused(init(Some(&git), None), &["was in use", &world.id, "restore"]);
    refused(init(None, Some("abc")), &["abc was in use"]);
    assert_eq!(init(None, None).unwrap().len(), 32);
}

#[test]
fn another_ledger_is_refused() {
    let world = world();
    let foreign = settings("0011", path_store());
    let error = refused(
        Store::open(world.folder.path(), None, &foreign).read(),
        &[&world.id, "rolecall.yaml names 0011", "do not change the id"],
    );
    assert!(matches!(error, LedgerError::OtherId { .. }));
}

#[test]
fn a_rolled_back_ledger_is_refused_by_a_clone_that_saw_more() {
    let world = world();
    world.store().read().unwrap();
    world.write("ledger.json", &world.text("ledger.json").replace("\"serial\": 3", "\"serial\": 2"));
    let error =
        refused(world.store().read(), &["rolled back", "serial 3", "git/rolecall/ledger-", "from a backup"]);
    assert!(matches!(error, LedgerError::RolledBack { .. }) && error.is_refusal());
    refused(begin(&world.store(), world.folder.path(), "r2", "hr", &[]).map(|_| ()), &["rolled back"]);
    // A fresh clone cannot tell.
    let fresh = Store::open(world.folder.path(), None, &settings(&world.id, path_store()));
    assert_eq!(fresh.read().unwrap().snapshot.serial, 2);
}

#[test]
fn every_damage_names_file_and_entry() {
    const USERS: &str = "apps/hr/users/all.json";
    const STATE: &str = "apps/hr/state.json";
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (
            "ledger.json",
            "\"format\": 2",
            "\"format\": 3",
            &["has format 3, of a newer rolecall; this version reads formats 1 to 2", "install the version"],
        ),
        (
            "ledger.json",
            "\"format\": 2",
            "\"format\": 0",
            &["has format 0, of an older rolecall; this version reads formats 1 to 2", "the changelog"],
        ),
        ("ledger.json", "\"format\": 2", "\"format\": []", &["ledger.json", "line 2"]),
        ("ledger.json", "\"serial\"", "\"serials\"", &["ledger.json", "{format, id, serial, key, apps}"]),
        ("ledger.json", "\"key\": \"", "\"key\": \"zz", &["the key is not 64"]),
        (USERS, "\"remote\"", "\"remotes\"", &[USERS, "line 2", "unknown field `remotes`"]),
        (
            USERS,
            "\"remote\":\"1\"",
            "\"remote\":\"2\"",
            &["'ada' and 'bob' are both linked to remote id '2'"],
        ),
        (USERS, "\"remote\":\"1\"", "\"remote\":\"\"", &[USERS, "\"ada\"", "the remote id is empty"]),
        (USERS, "\"remote\":\"1\"", "\"remote\":\"\\u0000\"", &["\"ada\"", "control characters"]),
        (USERS, "\"bob\"", "\"ada\"", &["\"ada\"", "it is there twice"]),
        (USERS, "\"bob\"", "\"\"", &["the user id is empty"]),
        (USERS, "\"active\"", "\"disabled\"", &["'since' is missing"]),
        (USERS, "[\"admin\"]", "[\"admin\",\"admin\"]", &["role 'admin' is listed twice"]),
        (USERS, "0123456789abcdef 2026", "0123456789ABCDEF 2026", &["userName", "16 hexadecimal digits"]),
        (USERS, "0123456789abcdef 2026", "0123456789abcdef2026", &["expected 'ASKED AT'"]),
        (USERS, "}\n}\n", "}\n", &[USERS, "EOF"]),
        (STATE, "\"hr\"", "\"crm\"", &[STATE, "it says it is app 'crm'", "apps/crm"]),
        (STATE, "\"app\"", "\"users\"", &[STATE, "unknown field"]),
    ];
    for (file, from, to, words) in cases {
        let world = world();
        let text = world.text(file);
        assert!(text.contains(from), "{file} has no {from}:\n{text}");
        world.write(file, &text.replacen(from, to, 1));
        let error = refused(world.store().read(), words);
        assert!(matches!(error, LedgerError::Damaged { .. } | LedgerError::Format { .. }), "{error:?}");
        let key = world.text("ledger.json");
        let key = key.split("\"key\": \"").nth(1).unwrap().split('"').next().unwrap();
        assert!(!format!("{error} {error:?} {}", error.hint()).contains(key), "the key is printed");
    }
}

#[test]
fn files_that_are_too_many_too_large_or_not_ours_are_refused() {
    let world = world();
    std::fs::write(world.at("apps/hr/notes.txt"), "x").unwrap();
    refused(world.store().read(), &["notes.txt", "no such file"]);
    std::fs::remove_file(world.at("apps/hr/notes.txt")).unwrap();

    std::fs::write(world.at("apps/hr/users/ab.json"), "{\n\"carol\": {}\n}").unwrap();
    refused(world.store().read(), &["users/ab.json", "missing field"]);
    let carol = "{\n\"carol\": {\"remote\":\"9\",\"origin\":\"created\",\"state\":\"active\"}\n}";
    std::fs::write(world.at("apps/hr/users/ab.json"), carol).unwrap();
    refused(world.store().read(), &["users/ab.json", "\"carol\"", "it belongs in shard"]);
    std::fs::remove_file(world.at("apps/hr/users/ab.json")).unwrap();

    let huge = std::fs::File::create(world.at("apps/hr/users/all.json")).unwrap();
    huge.set_len(300 << 20).unwrap();
    refused(world.store().read(), &["users/all.json", "larger than 256 MiB"]);
    std::fs::remove_file(world.at("apps/hr/users/all.json")).unwrap();

    std::fs::write(world.at("apps/hr/users/all.json"), "[".repeat(1 << 20)).unwrap();
    refused(world.store().read(), &["users/all.json"]);
    std::fs::remove_file(world.at("apps/hr/users/all.json")).unwrap();

    std::fs::remove_file(world.at("apps/hr/state.json")).unwrap();
    refused(world.store().read(), &["apps/hr", "no state.json"]);
}

#[test]
fn a_file_of_links_that_was_deleted_is_not_an_app_without_people() {
    let world = world();
    let read = world.store().read().unwrap();
    assert_eq!(read.snapshot.apps.values().next().unwrap().users.len(), 2);
    std::fs::remove_file(world.at("apps/hr/users/all.json")).unwrap();
    refused(
        world.store().read(),
        &["apps/hr", "it holds 0 accounts, and state.json says 2: a file is missing"],
    );
}
