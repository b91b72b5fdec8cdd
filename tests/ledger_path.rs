//! The ledger in a folder: real files, real locks, and real processes that are killed.

use rolecall::model::op::OutcomeKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ledger_support::*;
use rolecall::engine::Journal;
use rolecall::ledger::{Finish, Intended, LedgerError, Store};
use rolecall::model::change::Object;
use rolecall::model::event::{EventSink, Silent};
use rolecall::model::ledger::{Applied, GroupKey, GroupLink, LedgerUpdate, Link, Loss, Origin, Recorder};
use rolecall::model::{Event, Guard, UserId};

#[test]
fn a_run_is_begun_recorded_finished_and_read_back() {
    let world = PathWorld::new();
    let before = world.store().read().unwrap();
    assert_eq!((before.snapshot.serial, before.snapshot.apps.len()), (1, 0));

    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada", "bob"]).unwrap();
    assert!(run.leftover().is_empty());
    run.may_send(Duration::from_secs(30)).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    let group = GroupKey::Group("platform".into());
    let members = LedgerUpdate::Members {
        key: group.clone(),
        added: vec!["ada".into()],
        found: vec!["bob".into()],
        removed: vec![],
    };
    let made =
        LedgerUpdate::PutGroup { key: group.clone(), link: GroupLink::new("g1".into(), Origin::Created) };
    run.recorder(&"hr".into())
        .record(&[settled("hr", "bob", OutcomeKind::Already)], &[put("bob", "2"), made, members])
        .unwrap();

    // A recorded result is in the ledger at once.
    let during = world.store().read().unwrap();
    assert_eq!(during.snapshot.apps["hr"].users.len(), 2);
    assert_eq!(during.snapshot.apps["hr"].lease.as_ref().unwrap().run.as_ref(), "r1");
    assert!(during.snapshot.apps["hr"].intents.is_empty(), "both are settled");

    let applied = Applied {
        commit: Some("c0ffee".into()),
        at: now(),
        people: 2,
        users_per_file: [("access/a.yaml".into(), 2)].into(),
    };
    let after = run
        .finish(vec![Finish {
            app: "hr".into(),
            updates: vec![
                LedgerUpdate::Endpoint("https://hr.example".into()),
                LedgerUpdate::Completed(now()),
                LedgerUpdate::Applied(applied),
            ],
            leftover_settled: true,
        }])
        .unwrap();
    let read = world.store().read().unwrap();
    assert_eq!(read.snapshot.apps, after.apps);
    assert_eq!(read.snapshot.serial, 3);
    let hr = &read.snapshot.apps["hr"];
    assert_eq!(hr.users[&UserId::from("ada")], link("1"));
    assert_eq!(hr.groups[&group].members, ["ada".into(), "bob".into()].into());
    assert_eq!(hr.groups[&group].added, ["ada".into()].into());
    assert_eq!((hr.lease.is_none(), &*hr.endpoint), (true, "https://hr.example"));
    assert!(!world.at("apps/hr/pending").join("000000000002-r1.jsonl").exists());

    let outcomes = world.store().outcomes(10).unwrap();
    assert_eq!((outcomes.len(), &*outcomes[0].how), (1, "finished"));
    assert_eq!(outcomes[0].settled[0], settled("hr", "ada", OutcomeKind::Written));
    let history: Vec<_> = world.store().history(10).unwrap().iter().map(|one| one.what.to_string()).collect();
    assert_eq!(history, ["finished hr", "begin hr (2 changes intended)", "init"]);
    println!("{}\n{}", world.text("apps/hr/users/all.json"), world.text("apps/hr/groups/all.json"));
}

#[test]
fn a_ledger_of_the_first_format_is_carried_over_by_the_next_write() {
    let world = PathWorld::new();
    let root = world.text("ledger.json").replace("\"format\": 2", "\"format\": 1");
    std::fs::write(world.at("ledger.json"), &root).unwrap();
    let before = world.store().read().unwrap().snapshot;
    assert!(world.text("ledger.json").contains("\"format\": 1"), "reading changes nothing");
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    run.finish(vec![]).unwrap();
    assert!(world.text("ledger.json").contains("\"format\": 2"));
    let after = world.store().read().unwrap().snapshot;
    assert_eq!((after.id, after.apps["hr"].users.len()), (before.id, 1));
}

#[test]
fn what_could_not_be_read_back_is_not_recorded() {
    let world = PathWorld::new();
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada", "bob"]).unwrap();
    for (commit, told) in [
        ("7\0", "the commit holds control characters"),
        ("", "the commit is empty"),
        (&*"x".repeat(5000), "the commit has 5000 bytes; at most 256 are allowed"),
    ] {
        let link = Link { commit: Some(commit.into()), ..link("1") };
        let unreadable = LedgerUpdate::PutUser { id: "ada".into(), link };
        let why = run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("bob", "2"), unreadable]);
        let told = format!("refused by the ledger of hr: user ada: {told}");
        assert_eq!(why, Err(told));
    }
    run.record(&[settled("hr", "bob", OutcomeKind::Written)], &[put("bob", "3")]).unwrap();
    run.finish(vec![]).unwrap();
    let read = world.store().read().unwrap();
    assert_eq!(read.snapshot.apps["hr"].users.len(), 1);

    // A run does not end with it either: its results are kept, and no end is claimed.
    let run = begin(&world.store(), world.folder.path(), "r2", "hr", &["ada"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "7")]).unwrap();
    let ends = run.finish(vec![Finish {
        app: "hr".into(),
        updates: vec![LedgerUpdate::Roles([("admin".into(), "a\0".into())].into())],
        leftover_settled: true,
    }]);
    refused(ends, &["refused by the ledger of hr: the role value holds control characters"]);
    let read = world.store().read().unwrap();
    assert_eq!(read.snapshot.apps["hr"].users.len(), 2);
}

#[test]
fn a_second_run_is_refused_or_waits_for_the_lock() {
    let world = PathWorld::new();
    let first = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada"]).unwrap();
    let second = begin(&world.store(), world.folder.path(), "r2", "hr", &["ada"]);
    let error = refused(second.map(|_| ()), &["grace@host, run r1", "process", "--wait"]);
    assert!(matches!(error, LedgerError::Held(_)) && error.is_refusal());
    refused(world.store().unlock(&"hr".into(), &by()), &["run r1"]);

    let store = world.store();
    let mut late = request(world.folder.path(), "r3", "hr", &["ada"]);
    late.wait = Some(Duration::from_millis(200));
    let mut asked = 0;
    let waited = store.begin(late.clone(), &mut |_| {
        asked += 1;
        true
    });
    refused(waited.map(|_| ()), &["run r1"]);
    assert!(asked > 1);

    late.wait = Some(Duration::from_secs(20));
    let waiting =
        std::thread::spawn(move || store.begin(late, &mut |_| true).map(|run| run.leftover().to_vec()));
    std::thread::sleep(Duration::from_millis(200));
    first.finish(vec![]).unwrap();
    assert_eq!(waiting.join().unwrap().unwrap(), []);
}

#[test]
fn what_a_crashed_run_left_is_handed_to_the_next_one() {
    let world = PathWorld::new();
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada", "bob", "eve"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    run.record(&[settled("hr", "bob", OutcomeKind::Unknown)], &[]).unwrap();
    drop(run);

    let planned = world.store().read().unwrap();
    assert_eq!(intents_of(&planned.snapshot.apps["hr"]), [intent("hr", "bob"), intent("hr", "eve")]);
    let next = begin(&world.store(), world.folder.path(), "r2", "hr", &["eve"]).unwrap();
    assert_eq!(next.version(&"hr".into()), planned.versions.get("hr"), "nothing moved since the plan");
    let [left] = next.leftover() else { panic!() };
    assert_eq!((&*left.run, left.interrupted.as_deref()), ("r1", Some("grace@host")));
    assert_eq!(left.intents, [intent("hr", "bob"), intent("hr", "eve")]);
    assert_eq!(next.snapshot().apps["hr"].users.len(), 1);

    // Stopped by Ctrl-C: known results are kept, the others stay open; bob's change is still that of r1.
    let after = next.abandon().unwrap();
    assert_eq!(after.apps["hr"].intents.len(), 2);
    let third = begin(&world.store(), world.folder.path(), "r3", "hr", &[]).unwrap();
    let open: Vec<_> = third.leftover().iter().map(|left| (&*left.run, left.interrupted.is_some())).collect();
    assert_eq!(open, [("r1", false), ("r2", false)]);
    third
        .record(
            &[settled("hr", "eve", OutcomeKind::Already), settled("hr", "bob", OutcomeKind::Unknown)],
            &[],
        )
        .unwrap();
    let whole = Finish { app: "hr".into(), updates: vec![], leftover_settled: true };
    let after = third.finish(vec![whole]).unwrap();
    assert_eq!(
        intents_of(&after.apps["hr"]),
        [],
        "bob was nobody's intent in r3, and the app was read whole"
    );
    let how: Vec<_> = world.store().outcomes(10).unwrap().iter().map(|one| one.how.to_string()).collect();
    assert_eq!(how, ["finished", "stopped", "interrupted"]);
}

#[test]
fn an_unknown_outcome_outlives_the_run_that_finished() {
    let world = PathWorld::new();
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada", "bob"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Unknown)], &[]).unwrap();
    let after = run.finish(vec![]).unwrap();
    assert_eq!(intents_of(&after.apps["hr"]), [intent("hr", "ada")]);
    assert_eq!(world.store().read().unwrap().snapshot.apps, after.apps);
}

#[test]
fn one_account_for_two_people_is_refused_before_it_is_written() {
    let world = PathWorld::new();
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada", "bob"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    let error = run.record(&[settled("hr", "bob", OutcomeKind::Written)], &[put("bob", "1")]).unwrap_err();
    assert!(error.contains("remote id '1' is linked to 'ada'"), "{error}");
    let foreign = run.record(&[settled("crm", "bob", OutcomeKind::Written)], &[]).unwrap_err();
    assert!(foreign.contains("does not hold app crm"), "{foreign}");
    run.finish(vec![]).unwrap();
    assert_eq!(world.store().read().unwrap().snapshot.apps["hr"].users.len(), 1);
}

/// This is no test: it is the process that `a_killed_process_loses_nothing_it_acknowledged` kills.
#[test]
fn child_that_is_killed() {
    let Ok(folder) = std::env::var("ROLECALL_TEST_CHILD") else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    let id = std::env::var("ROLECALL_TEST_ID").unwrap();
    let store = Store::open(&folder, None, &settings(&id, path_store()));
    let run = begin(&store, &folder, "child", "hr", &["ada"]).unwrap();
    for number in 0.. {
        let user = format!("u{number}");
        run.record(&[settled("hr", &user, OutcomeKind::Written)], &[put(&user, &format!("id-{user}"))])
            .unwrap();
        std::fs::write(folder.join("next"), number.to_string()).unwrap();
        std::fs::rename(folder.join("next"), folder.join("acknowledged")).unwrap();
    }
}

#[test]
fn a_killed_process_loses_nothing_it_acknowledged() {
    let world = PathWorld::new();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ledger_path::child_that_is_killed", "--nocapture"])
        .env("ROLECALL_TEST_CHILD", world.folder.path())
        .env("ROLECALL_TEST_ID", &*world.id)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let acknowledged = || -> Option<usize> {
        let text = std::fs::read_to_string(world.folder.path().join("acknowledged")).ok()?;
        text.parse().ok()
    };
    let since = Instant::now();
    while acknowledged().is_none_or(|number| number < 20) && since.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    refused(begin(&world.store(), world.folder.path(), "r2", "hr", &[]).map(|_| ()), &["run child"]);
    child.kill().unwrap();
    child.wait().unwrap();
    let count = acknowledged().unwrap() + 1;
    let run = begin(&world.store(), world.folder.path(), "r2", "hr", &[]).unwrap();
    assert_eq!((&*run.leftover()[0].run, run.leftover()[0].intents.len()), ("child", 1));
    let kept = run.snapshot().apps["hr"].users.len();
    assert!(kept == count || kept == count + 1, "{kept} kept, {count} acknowledged");
    println!("killed after {count} acknowledged results; {kept} in the ledger");
}

/// This is no test: it is the process whose disk fills up in `a_full_disk_leaves_no_half_line`.
#[test]
fn child_on_a_full_disk() {
    let Ok(folder) = std::env::var("ROLECALL_TEST_FULL") else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    let id = std::env::var("ROLECALL_TEST_ID").unwrap();
    let store = Store::open(&folder, None, &settings(&id, path_store()));
    let journal = Journal::append(&folder.join("journal.jsonl"), Arc::new(Silent)).unwrap();
    let run = begin(&store, &folder, "child", "hr", &["ada"]).unwrap();
    // The ledger's file is full before the one with the results.
    let pending = folder.join("ledger/apps/hr/pending/000000000002-child.jsonl");
    std::fs::create_dir_all(pending.parent().unwrap()).unwrap();
    std::fs::write(&pending, [b'\n'; 1000]).unwrap();
    let mut kept = 0;
    let record = |user: &str| run.record(&[settled("hr", user, OutcomeKind::Written)], &[put(user, user)]);
    while record(&format!("u{kept}")).is_ok() {
        kept += 1;
    }
    let error = record("one-more").unwrap_err();
    assert!(error.starts_with("results cannot be taken down any more"), "{error}");
    assert_eq!(run.may_send(Duration::ZERO).unwrap_err(), error);
    for number in 0..200 {
        journal.emit(Event::Note { app: None, text: "x".repeat(number).into() });
    }
    println!("kept {kept}.");
    std::mem::forget(run);
}

#[test]
fn a_full_disk_leaves_no_half_line() {
    let world = PathWorld::new();
    // Writes over the limit are done in part, and fail like those on a full disk.
    let child = std::process::Command::new("bash")
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "bash"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "ledger_path::child_on_a_full_disk", "--nocapture"])
        .env("ROLECALL_TEST_FULL", world.folder.path())
        .env("ROLECALL_TEST_ID", &*world.id)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{said}");
    let kept: usize = said
        .split_once("kept ")
        .and_then(|(_, rest)| rest.split_once('.'))
        .and_then(|(count, _)| count.parse().ok())
        .unwrap();
    assert!(kept > 5, "{said}");
    for file in ["ledger/apps/hr/pending/000000000002-child.jsonl", "journal.jsonl"] {
        let bytes = std::fs::read(world.folder.path().join(file)).unwrap();
        assert!(bytes.len() > 7000 && bytes.ends_with(b"\n"), "{file}");
        for line in bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            assert!(serde_json::from_slice::<serde_json::Value>(line).is_ok(), "{file}");
        }
    }
    let next = begin(&world.store(), world.folder.path(), "r2", "hr", &[]).unwrap();
    assert_eq!(next.snapshot().apps["hr"].users.len(), kept);
}

#[test]
fn results_cut_off_at_any_byte_are_read_up_to_the_last_whole_one() {
    let world = PathWorld::new();
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &[]).unwrap();
    for user in ["ada", "bob", "eve"] {
        run.record(&[settled("hr", user, OutcomeKind::Written)], &[put(user, user)]).unwrap();
    }
    drop(run);
    let path = "apps/hr/pending/000000000002-r1.jsonl";
    let whole = std::fs::read(world.at(path)).unwrap();
    for length in 0..=whole.len() {
        std::fs::write(world.at(path), &whole[..length]).unwrap();
        let lines = whole[..length].iter().filter(|b| **b == b'\n').count();
        let read = world.store().read().unwrap();
        assert_eq!(read.snapshot.apps["hr"].users.len(), lines, "cut at {length}");
    }
    // The next run adds the whole lines and drops the incomplete one.
    std::fs::write(world.at(path), &whole[..whole.len() - 5]).unwrap();
    let run = begin(&world.store(), world.folder.path(), "r2", "hr", &[]).unwrap();
    run.record(&[settled("hr", "eve", OutcomeKind::Already)], &[put("eve", "eve")]).unwrap();
    assert_eq!(run.finish(vec![]).unwrap().apps["hr"].users.len(), 3);
}

#[test]
fn care_by_hand_is_written_down_with_author_and_reason() {
    let world = PathWorld::new();
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1"), put("bob", "2")]).unwrap();
    run.finish(vec![]).unwrap();
    let store = world.store();
    unlink(&store, "hr", "ada").unwrap();
    refused(unlink(&store, "hr", "ada"), &["no account of 'ada'"]);
    assert_eq!(store.unlock(&"hr".into(), &by()).unwrap(), None);
    let twice = store.edit(&"hr".into(), "rebuild", &by(), &|ledger| {
        ledger.users.insert("eve".into(), link("2"));
        Ok(())
    });
    refused(twice, &["'bob' and 'eve' are both linked"]);
    let last = &store.history(1).unwrap()[0];
    assert_eq!((&*last.what, last.author.as_deref()), ("unlink ada from hr", Some("grace")));
    assert_eq!(last.reason.as_deref(), Some("a test"));
    drop(begin(&store, world.folder.path(), "r2", "hr", &[]).unwrap());
    assert_eq!(store.unlock(&"hr".into(), &by()).unwrap().as_deref(), Some("r2"));
}

#[test]
fn a_sandbox_ledger_makes_itself() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("a/b");
    let first = Store::open_or_init_path(&at, &by()).unwrap();
    let again = Store::open_or_init_path(&at, &by()).unwrap();
    assert_eq!(first.id(), again.id());
    assert_eq!(again.read().unwrap().snapshot.serial, 1);
    std::fs::create_dir_all(folder.path().join("other/x")).unwrap();
    refused(Store::open_or_init_path(&folder.path().join("other"), &by()).map(|_| ()), &["already exists"]);
    let existing = |name: &str| Store::open_existing_path(&folder.path().join(name));
    assert_eq!(existing("a/b").unwrap().map(|store| store.id().clone()).as_ref(), Some(first.id()));
    assert!(existing("absent").unwrap().is_none());
    refused(existing("other").map(|_| ()), &["ledger.json", "is missing, and other files are there"]);
}

#[test]
fn losses_are_counted_when_they_are_intended() {
    let world = PathWorld::new();
    let loss = |id: &str| Loss {
        typed_by: None,
        guard: Guard::Deprovision,
        who: Object::User(id.parse().unwrap()),
        of: None,
        allowed: false,
    };
    let lost = |ids: &[&str]| ids.iter().map(|id| loss(id)).collect();
    let read = || -> Vec<String> {
        let losses = world.store().read().unwrap().snapshot.apps["hr"].losses.clone();
        losses.iter().flat_map(|losses| &losses.lost).map(|loss| loss.who.to_string()).collect()
    };
    let mut asked = request(world.folder.path(), "r1", "hr", &["ada", "bob"]);
    asked.losses = [("hr".into(), lost(&["ada", "bob"]))].into();
    let run = world.store().begin(asked, &mut |_| true).unwrap();
    assert_eq!(read(), ["user:ada", "user:bob"], "before the first request");

    // Planned again under the lease: the new plan's losses take the place of the old ones.
    let intents = vec![intent("hr", "bob"), intent("hr", "cy")];
    let again = Intended {
        app: "hr".into(),
        intents,
        values: Default::default(),
        lost: lost(&["bob", "cy"]),
        held: Vec::new(),
    };
    run.intend(&[again]).unwrap();
    assert_eq!(read(), ["user:bob", "user:cy"]);

    // The app refused one of them; then the process dies.
    let not_lost = LedgerUpdate::NotLost { run: "r1".into(), lost: vec![loss("cy")] };
    run.record(&[settled("hr", "cy", OutcomeKind::Refused)], &[not_lost]).unwrap();
    drop(run);
    assert_eq!(read(), ["user:bob"]);
    let run = begin(&world.store(), world.folder.path(), "r2", "hr", &[]).unwrap();
    assert_eq!(read(), ["user:bob"]);
    run.finish(Vec::new()).unwrap();
    assert_eq!(read(), ["user:bob"]);
}

/// An app gets another id (`previously`), and the folders of the earlier one go with its files.
#[test]
fn an_app_that_is_renamed_leaves_no_damage_behind() {
    let world = PathWorld::new();
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    run.finish(vec![]).unwrap();
    world.store().rename_app(&"hr".into(), &"people".into(), &by()).unwrap();
    assert!(!world.at("apps/hr").exists());
    let read = world.store().read().unwrap();
    assert_eq!(read.snapshot.apps.keys().map(ToString::to_string).collect::<Vec<_>>(), ["people"]);
    assert_eq!(read.snapshot.apps.values().map(|app| app.users.len()).sum::<usize>(), 1);
    // The new id takes part in runs, and the earlier one is free.
    for app in ["people", "hr"] {
        let run = begin(&world.store(), world.folder.path(), &format!("r-{app}"), app, &["bob"]).unwrap();
        run.finish(vec![]).unwrap();
    }
    assert_eq!(world.store().read().unwrap().snapshot.apps.len(), 2);
}

/// A write that removes an app has happened once `commit.json` stands, whatever lies in the folders still.
#[test]
fn an_app_that_a_write_removes_is_gone_at_once() {
    let world = PathWorld::new();
    let run = begin(&world.store(), world.folder.path(), "r1", "hr", &["ada"]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    run.finish(vec![]).unwrap();
    std::fs::create_dir_all(world.at("apps/hr/left/over")).unwrap();
    let mut files: Vec<String> = files_below(&world.at("apps"))
        .iter()
        .map(|file| format!("{:?}: null", file.strip_prefix(world.at("")).unwrap().to_string_lossy()))
        .collect();
    assert!(files.len() >= 2, "{files:?}");
    // Such a write takes the app from those that the root names.
    let root = world.text("ledger.json").replace("\"hr\"", "");
    files.push(format!("\"ledger.json\": {}", serde_json::to_string(&root).unwrap()));
    world.write("commit.json", &format!("{{{}}}", files.join(", ")));
    assert_eq!(world.store().read().unwrap().snapshot.apps.len(), 0);
    // The next write puts it into the files.
    begin(&world.store(), world.folder.path(), "r2", "crm", &["bob"]).unwrap().finish(vec![]).unwrap();
    assert!(!world.at("apps/hr").exists());
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] });
    below.collect()
}
