//! The ledger on a branch: a bare remote, clones that race, processes that are killed.

use rolecall::model::op::OutcomeKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ledger_support::git::*;
use crate::ledger_support::*;
use rolecall::ledger::{Finish, LedgerError, Store};
use rolecall::model::ledger::Recorder;

#[test]
fn a_run_in_one_clone_is_seen_by_the_other() {
    let world = GitWorld::new();
    let (a, b) = (world.store("a"), world.store("b"));
    let planned = b.read().unwrap();
    let run = begin(&a, &world.path("a"), "r1", "hr", &["ada", "bob"]).unwrap();
    assert_eq!(git(&world.remote(), &["rev-list", "--count", REF]), "2", "one push before the first request");
    run.may_send(Duration::from_secs(30)).unwrap();
    assert!(run.may_send(Duration::from_secs(121)).unwrap_err().contains("s left"));
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();

    let held = refused(
        begin(&b, &world.path("b"), "r2", "hr", &[]).map(|_| ()),
        &["grace@host (run r1)", "until 2026-11-20T10:02:00Z", "ledger unlock hr --reason TEXT"],
    );
    assert!(matches!(held, LedgerError::Held(_)));
    let during = b.read().unwrap();
    assert_eq!(during.snapshot.apps["hr"].lease.as_ref().unwrap().run.as_ref(), "r1");
    assert_eq!(during.snapshot.apps["hr"].intents.len(), 2);

    let whole = Finish { app: "hr".into(), updates: vec![put("bob", "2")], leftover_settled: true };
    let after = run.finish(vec![whole]).unwrap();
    let read = b.read().unwrap();
    assert_eq!(read.snapshot.apps, after.apps);
    assert_eq!(read.snapshot.serial, planned.snapshot.serial + 2);
    assert_eq!(read.snapshot.apps["hr"].users.len(), 2);
    assert!(read.snapshot.apps["hr"].intents.is_empty() && read.snapshot.apps["hr"].lease.is_none());
    let files = git(&world.remote(), &["ls-tree", "-r", "--name-only", REF]);
    assert_eq!(
        files.lines().collect::<Vec<_>>(),
        ["apps/hr/state.json", "apps/hr/users/all.json", "ledger.json", "runs/000000000003-r1.json"]
    );
    println!("{}", git(&world.remote(), &["log", "--format=%an <%ae> %ad%n%B", REF]));

    let next = begin(&b, &world.path("b"), "r2", "hr", &[]).unwrap();
    assert_eq!(next.version(&"hr".into()), read.versions.get("hr"));
    assert_eq!(next.leftover(), []);
    next.abandon().unwrap();
    let history: Vec<_> = a.history(10).unwrap().iter().map(|one| one.what.to_string()).collect();
    let begin = "begin hr (2 changes intended)";
    assert_eq!(history, ["stopped hr", "begin hr (0 changes intended)", "finished hr", begin, "init"]);
}

#[test]
fn several_apps_are_taken_in_one_push_or_none() {
    let world = GitWorld::new();
    let a = world.store("a");
    let mut both = request(&world.path("a"), "r1", "hr", &["ada"]);
    both.apps.push(("crm".into(), vec![intent("crm", "ada")]));
    let run = a.begin(both.clone(), &mut |_| true).unwrap();
    let crm = run.recorder(&"crm".into());
    crm.record(&[settled("crm", "ada", OutcomeKind::Written)], &[put("ada", "c1")]).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "h1")]).unwrap();
    both.run = "r2".into();
    both.apps[1].0 = "wiki".into();
    let held = refused(world.store("b").begin(both, &mut |_| true).map(|_| ()), &["app hr"]);
    assert!(!format!("{held}").contains("wiki"));
    assert!(!world.store("b").read().unwrap().snapshot.apps.contains_key("wiki"));
    let after = run.finish(vec![]).unwrap();
    assert_eq!((after.apps["hr"].users.len(), after.apps["crm"].users.len()), (1, 1));
    assert_eq!(world.store("b").outcomes(9).unwrap()[0].settled.len(), 2);
}

#[test]
fn clones_that_race_for_different_apps_all_get_through() {
    let world = Arc::new(GitWorld::new());
    let racers = ["a", "b", "c"].map(|name| {
        let store = world.store(name);
        let folder = world.path(name);
        std::thread::spawn(move || {
            for round in 0..3 {
                let run = begin(&store, &folder, &format!("{name}{round}"), name, &["ada"]).unwrap();
                run.record(&[settled(name, "ada", OutcomeKind::Written)], &[put("ada", &round.to_string())])
                    .unwrap();
                run.finish(vec![]).unwrap();
            }
        })
    });
    racers.into_iter().for_each(|racer| racer.join().unwrap());
    let read = world.store("d").read().unwrap();
    assert_eq!((read.snapshot.serial, read.snapshot.apps.len()), (1 + 3 * 3 * 2, 3));
    assert_eq!(git(&world.remote(), &["rev-list", "--count", "--merges", REF]), "0");
}

#[test]
fn of_clones_that_race_for_one_app_one_wins() {
    let world = Arc::new(GitWorld::new());
    let racers = ["a", "b", "c"].map(|name| {
        let (store, folder) = (world.store(name), world.path(name));
        store.read().unwrap();
        std::thread::spawn(move || begin(&store, &folder, name, "hr", &["ada"]))
    });
    let results: Vec<_> = racers.into_iter().map(|racer| racer.join().unwrap()).collect();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for result in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(matches!(result, LedgerError::Held(_)), "{result}");
    }
}

#[test]
fn an_expired_lease_is_taken_over_with_what_it_left() {
    let world = GitWorld::new();
    let (a, b) = (world.store("a"), world.store("b"));
    let mut first = request(&world.path("a"), "r1", "hr", &["ada", "bob"]);
    first.lease = Duration::from_secs(2);
    let run = a.begin(first, &mut |_| true).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    // As if killed: nothing is pushed or renewed any more.
    drop(run);

    let mut second = request(&world.path("b"), "r2", "hr", &["bob"]);
    second.lease = Duration::from_secs(2);
    let early = second.clone();
    refused(b.begin(early, &mut |_| true).map(|_| ()), &["run r1", "who holds the lease until"]);
    second.now = "2026-11-20T10:10:00Z".parse().unwrap();
    let (since, mut said) = (Instant::now(), Vec::new());
    let run = b.begin(second, &mut |held| {
        said.extend(held.iter().map(ToString::to_string));
        true
    });
    let run = run.unwrap();
    assert!(since.elapsed() >= Duration::from_secs(2), "the lease was watched for its whole length");
    for words in
        ["whose lease was over at", "by this machine's clock, and is taken over if it is not renewed for 2s"]
    {
        assert!(said[0].contains(words), "{said:?}");
    }
    let [left] = run.leftover() else { panic!() };
    assert_eq!((&*left.run, left.interrupted.as_deref()), ("r1", Some("grace@host")));
    assert_eq!(left.intents, [intent("hr", "ada"), intent("hr", "bob")], "nothing of r1 had been pushed");
    assert!(run.snapshot().apps["hr"].users.is_empty());
    run.record(&[settled("hr", "ada", OutcomeKind::Already)], &[put("ada", "1")]).unwrap();
    let after = run.abandon().unwrap();
    assert_eq!(intents_of(&after.apps["hr"]), [intent("hr", "bob")]);
}

#[test]
fn a_waiting_run_trusts_its_own_clock_more_than_a_wrong_one() {
    let world = GitWorld::new();
    let mut first = request(&world.path("a"), "r1", "hr", &["ada"]);
    first.lease = Duration::from_secs(1);
    first.now = "2031-01-01T00:00:00Z".parse().unwrap();
    drop(world.store("a").begin(first, &mut |_| true).unwrap());
    let mut second = request(&world.path("b"), "r2", "hr", &["ada"]);
    second.lease = Duration::from_secs(1);
    second.wait = Some(Duration::from_secs(20));
    let since = Instant::now();
    let run = world.store("b").begin(second, &mut |_| true).unwrap();
    assert!(since.elapsed() > Duration::from_secs(1), "{:?}", since.elapsed());
    assert_eq!(&*run.leftover()[0].run, "r1");
}

#[test]
fn a_wrong_clock_takes_no_lease_of_a_living_run() {
    let world = GitWorld::new();
    let mut first = request(&world.path("a"), "r1", "hr", &["ada"]);
    first.lease = Duration::from_secs(6);
    let run = world.store("a").begin(first, &mut |_| true).unwrap();
    let mut second = request(&world.path("b"), "r2", "hr", &["ada"]);
    second.lease = Duration::from_secs(2);
    second.now = now() + jiff::SignedDuration::from_mins(10);
    let (b, mut watched) = (world.store("b"), 0);
    // With and without `--wait`: the run renews the lease, so it is alive, whatever the clock of this machine says.
    for wait in [None, Some(Duration::from_secs(9))] {
        second.wait = wait;
        let held = b.begin(second.clone(), &mut |held| {
            watched += usize::from(held[0].is_watched());
            true
        });
        refused(held.map(|_| ()), &["run r1", "renews the lease", "one of the two clocks is wrong"]);
    }
    assert!(watched > 0);
    run.may_send(Duration::from_millis(100)).unwrap();
    run.finish(vec![]).unwrap();
}

#[test]
fn a_watch_ends_when_the_run_is_stopped_or_the_lease_is_unlocked() {
    let world = GitWorld::new();
    let (a, b) = (world.store("a"), world.store("b"));
    drop(begin(&a, &world.path("a"), "r1", "hr", &["ada"]).unwrap());
    let mut second = request(&world.path("b"), "r2", "hr", &["ada"]);
    second.now = now() + jiff::SignedDuration::from_mins(10);
    second.lease = Duration::from_secs(1);
    let stopped = b.begin(second.clone(), &mut |_| false);
    refused(stopped.map(|_| ()), &["is taken over if it is not renewed for 2m"]);
    let since = Instant::now();
    let run = b.begin(second, &mut |_| {
        a.unlock(&"hr".into(), &by()).unwrap();
        true
    });
    assert_eq!(run.unwrap().leftover()[0].interrupted, None);
    assert!(since.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_lease_that_is_over_by_the_clock_is_not_edited_around() {
    let world = GitWorld::new();
    let a = world.store("a");
    drop(begin(&a, &world.path("a"), "r1", "hr", &["ada"]).unwrap());
    let late = rolecall::ledger::By { at: now() + jiff::SignedDuration::from_hours(1), ..by() };
    let edit = || a.edit(&"hr".into(), "unlink ada from", &late, &|_| Ok(()));
    refused(edit(), &["run r1", "ledger unlock hr --reason TEXT"]);
    a.unlock(&"hr".into(), &late).unwrap();
    edit().unwrap();
}

#[test]
fn a_living_run_renews_its_lease_until_it_is_unlocked() {
    let world = GitWorld::new();
    let (a, b) = (world.store("a"), world.store("b"));
    let mut first = request(&world.path("a"), "r1", "hr", &["ada"]);
    first.lease = Duration::from_secs(3);
    let started = Instant::now();
    let run = a.begin(first, &mut |_| true).unwrap();
    let mut other = request(&world.path("b"), "r2", "hr", &[]);
    while started.elapsed() < Duration::from_secs(7) {
        other.now = now() + jiff::SignedDuration::try_from(started.elapsed()).unwrap();
        refused(b.begin(other.clone(), &mut |_| true).map(|_| ()), &["run r1"]);
        run.may_send(Duration::from_millis(100)).unwrap();
        std::thread::sleep(Duration::from_millis(600));
    }
    assert_eq!(b.unlock(&"hr".into(), &by()).unwrap().as_deref(), Some("r1"));
    // A result that came before would be pushed with a renewal, or not.
    let _ = run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]);
    let deadline = Instant::now() + Duration::from_secs(10);
    let lost = loop {
        match run.may_send(Duration::from_millis(1)) {
            Err(why) => break why,
            Ok(()) => assert!(Instant::now() < deadline),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(lost.contains("has lost the lease of hr: it was unlocked by hand"), "{lost}");
    refused(run.finish(vec![]).map(|_| ()), &["has lost the lease", "run the same command again"]);
    let next = begin(&b, &world.path("b"), "r3", "hr", &[]).unwrap();
    assert_eq!(next.leftover()[0].interrupted, None, "unlocked by hand: the intent stays");
    assert_eq!(next.leftover()[0].intents, [intent("hr", "ada")]);
}

#[test]
fn without_the_remote_a_run_stops_in_time_and_goes_on_when_it_is_back() {
    let world = GitWorld::new();
    let mut first = request(&world.path("a"), "r1", "hr", &["ada"]);
    first.lease = Duration::from_secs(3);
    let run = world.store("a").begin(first, &mut |_| true).unwrap();
    let away = world.path("away.git");
    std::fs::rename(world.remote(), &away).unwrap();
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    let since = Instant::now();
    let why = loop {
        let before = since.elapsed();
        match run.may_send(Duration::from_secs(1)) {
            Err(why) => break why,
            Ok(()) => assert!(before < Duration::from_secs(2), "of 3 s, less than 1 s was left"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(why.contains("could not be renewed in time"), "{why}");
    std::fs::rename(&away, world.remote()).unwrap();
    // No run took the lease over meanwhile, so the results still count.
    assert_eq!(run.finish(vec![]).unwrap().apps["hr"].users.len(), 1);
}

#[test]
fn two_hundred_results_are_pushed_without_waiting() {
    let world = GitWorld::new();
    let run = begin(&world.store("a"), &world.path("a"), "r1", "hr", &[]).unwrap();
    for number in 0..450 {
        let user = format!("u{number}");
        run.record(&[settled("hr", &user, OutcomeKind::Written)], &[put(&user, &user)]).unwrap();
    }
    let b = world.store("b");
    let deadline = Instant::now() + Duration::from_secs(20);
    while b.read().unwrap().snapshot.apps["hr"].users.len() < 400 {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(100));
    }
    let count = run.finish(vec![]).unwrap().apps["hr"].users.len();
    assert_eq!((count, b.read().unwrap().snapshot.apps["hr"].users.len()), (450, 450));
}

/// This is no test: it is the process that the next test kills.
#[test]
fn child_that_is_killed() {
    let Ok(folder) = std::env::var("ROLECALL_TEST_CHILD") else {
        return;
    };
    hermetic();
    let folder = std::path::PathBuf::from(folder);
    let id = std::env::var("ROLECALL_TEST_ID").unwrap();
    let store = Store::open(&folder, Some(&folder.join(".git")), &settings(&id, git_store(Some("origin"))));
    let mut first = request(&folder, "child", "hr", &["ada"]);
    first.lease = Duration::from_secs(2);
    let run = store.begin(first, &mut |_| true).unwrap();
    for number in 0.. {
        let user = format!("u{number}");
        run.record(&[settled("hr", &user, OutcomeKind::Written)], &[put(&user, &user)]).unwrap();
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_killed_process_is_taken_over_from_a_fresh_clone() {
    let world = GitWorld::new();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ledger_git::child_that_is_killed", "--nocapture"])
        .env("ROLECALL_TEST_CHILD", world.path("a"))
        .env("ROLECALL_TEST_ID", &*world.id)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let b = world.store("b");
    let deadline = Instant::now() + Duration::from_secs(60);
    let pushed = || b.read().unwrap().snapshot.apps.get("hr").map_or(0, |hr| hr.users.len());
    while pushed() == 0 {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let count = pushed();
    let mut next = request(&world.path("fresh"), "r2", "hr", &["ada"]);
    next.wait = Some(Duration::from_secs(30));
    let mut named = String::new();
    let run = world.store("fresh").begin(next, &mut |held| {
        named = held[0].to_string();
        true
    });
    let run = run.unwrap();
    assert!(named.contains("run child"), "{named}");
    assert_eq!(
        (&*run.leftover()[0].run, &run.leftover()[0].intents[..]),
        ("child", &[intent("hr", "ada")][..])
    );
    assert_eq!(run.snapshot().apps["hr"].users.len(), count);
    assert_eq!(run.finish(vec![]).unwrap().apps["hr"].users.len(), count);
    println!("killed with {count} results pushed");
}

#[test]
fn a_push_whose_answer_is_lost_counts_once() {
    let world = GitWorld::new();
    let a = world.store("a");
    // The server takes the push and then hangs up with an error.
    let script = world.path("receive-and-fail");
    std::fs::write(&script, "#!/bin/sh\ngit-receive-pack \"$@\"\nexit 1\n").unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let run = begin(&a, &world.path("a"), "r1", "hr", &["ada"]).unwrap();
    git(&world.path("a"), &["config", "remote.origin.receivepack", script.to_str().unwrap()]);
    run.record(&[settled("hr", "ada", OutcomeKind::Written)], &[put("ada", "1")]).unwrap();
    let after = run.finish(vec![]).unwrap();
    assert_eq!(after.serial, 3);
    assert_eq!(world.store("b").read().unwrap().snapshot.apps, after.apps);
}
