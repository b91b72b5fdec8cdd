//! A large company: the time of reading, and a small change that has to rewrite little.
//! Figures: `cargo test --release --test ledger ledger_size:: -- --nocapture`.

use rolecall::model::op::OutcomeKind;
use std::collections::BTreeMap;
use std::time::Instant;

use crate::ledger_support::git::GitWorld;
use crate::ledger_support::*;
use rolecall::ledger::{Finish, Store};
use rolecall::model::hash::HashKey;
use rolecall::model::ledger::{
    GroupKey, GroupLink, Hashes, LedgerUpdate, Link, Origin, PersonHashes, Proof, Recorder,
};

const PATHS: [&str; 6] =
    ["userName", "externalId", "displayName", "title", "name.givenName", "name.familyName"];

fn person(key: &HashKey, number: usize) -> LedgerUpdate {
    let values = PATHS.iter().map(|path| {
        let hash = key.texts([*path, &number.to_string()]);
        let hashes = Hashes { asked: hash, kept: hash, at: now(), proof: Proof::Read };
        ((*path).into(), hashes)
    });
    LedgerUpdate::PutUser {
        id: format!("user-{number:06}").parse().unwrap(),
        link: Link {
            commit: Some("0123456789abcdef0123456789abcdef01234567".into()),
            person: PersonHashes::of(
                key,
                &["given", "family", "email"].map(|name| Some(format!("{name}{number}").into())),
            ),
            values: values.collect(),
            ..Link::new(format!("5f3c9a70-{number:08x}").parse().unwrap(), Origin::Created)
        },
    }
}

fn group(number: usize, people: usize, members: usize) -> LedgerUpdate {
    let member = |step: usize| format!("user-{:06}", (number * 7919 + step * 13) % people);
    let members: std::collections::BTreeSet<_> =
        (0..members).map(|step| member(step).parse().unwrap()).collect();
    LedgerUpdate::PutGroup {
        key: GroupKey::Group(format!("g{number}").parse().unwrap()),
        link: GroupLink {
            added: members.clone(),
            members,
            ..GroupLink::new(format!("g{number}").parse().unwrap(), Origin::Created)
        },
    }
}

fn fill(store: &Store, folder: &std::path::Path, people: usize, groups: usize, members: usize) {
    let run = begin(store, folder, "r1", "hr", &[]).unwrap();
    let key = run.snapshot().key.clone();
    let people_now = (0..people).map(|number| person(&key, number));
    let groups_now = (0..groups).map(|number| group(number, people, members));
    let finish =
        Finish { app: "hr".into(), updates: people_now.chain(groups_now).collect(), leftover_settled: true };
    let since = Instant::now();
    run.finish(vec![finish]).unwrap();
    println!("written in {:?}", since.elapsed());
}

#[test]
fn a_hundred_thousand_people_are_read_at_once() {
    let world = PathWorld::new();
    let people = if cfg!(debug_assertions) { 20_000 } else { 100_000 };
    fill(&world.store(), world.folder.path(), people, people / 50, 242);
    let files: Vec<_> = walk(&world.at("apps/hr"));
    let bytes: u64 = files.iter().map(|(_, size)| size).sum();
    for _ in 0..3 {
        let since = Instant::now();
        let read = world.store().read().unwrap();
        let time = since.elapsed();
        assert_eq!(read.snapshot.apps["hr"].users.len(), people);
        println!(
            "{people} people, {} groups, {} files, {} MB: read in {time:?}",
            people / 50,
            files.len(),
            bytes >> 20
        );
    }
}

#[test]
fn a_branch_holds_as_many() {
    let world = GitWorld::new();
    let people = if cfg!(debug_assertions) { 5_000 } else { 100_000 };
    fill(&world.store("a"), &world.path("a"), people, people / 50, 242);
    for name in ["a", "b", "b"] {
        let since = Instant::now();
        let read = world.store(name).read().unwrap();
        assert_eq!(read.snapshot.apps["hr"].users.len(), people);
        println!("clone {name}: {people} people fetched and read in {:?}", since.elapsed());
    }
    let since = Instant::now();
    let run = begin(&world.store("b"), &world.path("b"), "r2", "hr", &[]).unwrap();
    println!("begun in {:?}", since.elapsed());
    let since = Instant::now();
    run.finish(vec![]).unwrap();
    println!("finished in {:?}", since.elapsed());
}

#[test]
fn a_change_of_one_person_rewrites_one_shard() {
    let world = PathWorld::new();
    let store = world.store();
    fill(&store, world.folder.path(), 5_000, 20, 100);
    let before: BTreeMap<_, _> = contents(&world);
    let since = Instant::now();
    let run = begin(&store, world.folder.path(), "r2", "hr", &["user-000007"]).unwrap();
    let key = run.snapshot().key.clone();
    let LedgerUpdate::PutUser { id, mut link } = person(&key, 7) else { panic!() };
    link.values.remove("title");
    let update = LedgerUpdate::PutUser { id, link };
    run.record(&[settled("hr", "user-000007", OutcomeKind::Written)], &[update]).unwrap();
    run.finish(vec![]).unwrap();
    println!("one change in {:?}", since.elapsed());
    let after = contents(&world);
    let changed: Vec<_> = after.iter().filter(|(path, text)| before.get(*path) != Some(text)).collect();
    assert_eq!(changed.len(), 1, "{:?}", changed.iter().map(|(path, _)| path).collect::<Vec<_>>());
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (path, text) = changed[0];
    let differing = lines(text).iter().zip(lines(&before[path])).filter(|(a, b)| *a != b).count();
    assert_eq!(differing, 1, "one line of {path}");
}

fn contents(world: &PathWorld) -> BTreeMap<String, String> {
    let files = walk(&world.at("apps"));
    files
        .into_iter()
        .map(|(path, _)| (path.display().to_string(), std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn walk(folder: &std::path::Path) -> Vec<(std::path::PathBuf, u64)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.metadata().unwrap() {
            data if data.is_dir() => found.extend(walk(&entry.path())),
            data => found.push((entry.path(), data.len())),
        }
    }
    found
}
