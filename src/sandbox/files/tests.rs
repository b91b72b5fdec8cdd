use std::collections::BTreeSet;
use std::fs;

use tempfile::TempDir;

use super::*;
use crate::sandbox::draft::Draft;
use crate::sandbox::store::Store;

fn dir() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn open(dir: &TempDir) -> Result<Store, String> {
    Store::open(dir.path(), Duration::ZERO)
        .map_err(|error| error.to_string().replace(&dir.path().display().to_string(), "DIR"))
}

fn draft(name: &str, value: &str, members: &[Id]) -> Draft {
    let attributes = json!({name: value}).as_object().cloned().expect("an object");
    Draft { attributes, members: members.iter().copied().collect::<BTreeSet<_>>() }
}

/// Three users and two groups, one of each deleted, a group in a group.
fn fill(store: &mut Store) {
    let mut user = |name| store.create(Kind::User, draft("userName", name, &[])).expect("created");
    let (ada, bob, eve) = (user("ada"), user("bob"), user("eve"));
    let mut group = |name, members: &[Id]| {
        store.create(Kind::Group, draft("displayName", name, members)).expect("created")
    };
    let staff = group("Staff", &[ada, bob, eve]);
    group("All", &[staff]);
    let gone = group("Gone", &[ada]);
    store.update(staff, draft("displayName", "Crew", &[ada, eve])).expect("updated");
    store.delete(eve).expect("deleted");
    store.delete(gone).expect("deleted");
}

fn text(dir: &TempDir, file: &str) -> String {
    fs::read_to_string(dir.path().join(file)).expect("readable")
}

fn write(dir: &TempDir, file: &str, text: &str) {
    fs::write(dir.path().join(file), text).expect("writable");
}

#[test]
fn the_log_alone_and_the_merged_file_give_the_same() {
    let dir = dir();
    let mut store = open(&dir).expect("opened");
    fill(&mut store);
    let log = text(&dir, "changes.jsonl");
    assert_eq!(log.lines().count(), 9);
    drop(store); // as if killed: nothing is tidied

    let replayed = open(&dir).expect("replayed");
    assert_eq!(text(&dir, "changes.jsonl"), "", "a start merges");
    let merged = text(&dir, "data.json");
    let state = format!("{:?}", replayed.state().expect("open").all(Kind::Group).collect::<Vec<_>>());
    drop(replayed);
    let again = open(&dir).expect("read");
    assert_eq!(format!("{:?}", again.state().expect("open").all(Kind::Group).collect::<Vec<_>>()), state);
    assert_eq!(text(&dir, "data.json"), merged);
    drop(again);

    // Died between writing the data and emptying the log.
    write(&dir, "changes.jsonl", &log);
    open(&dir).expect("old changes are skipped");
    assert_eq!(text(&dir, "data.json"), merged);
}

#[test]
fn ids_are_not_given_twice() {
    let dir = dir();
    let mut store = open(&dir).expect("opened");
    fill(&mut store);
    store.close().expect("closed");
    let mut store = open(&dir).expect("opened");
    let next = store.create(Kind::User, draft("userName", "eve", &[])).expect("created");
    assert_eq!(next.to_string(), "u-0004");
    let next = store.create(Kind::Group, draft("displayName", "Gone", &[])).expect("created");
    assert_eq!(next.to_string(), "g-0004");
}

#[test]
fn a_half_written_line_is_a_change_never_answered() {
    let dir = dir();
    let mut store = open(&dir).expect("opened");
    fill(&mut store);
    drop(store);
    let log = text(&dir, "changes.jsonl");
    write(&dir, "changes.jsonl", &log[..log.len() - 20]);
    let store = open(&dir).expect("opened");
    assert_eq!(store.state().expect("open").serial(), 8);
}

#[test]
fn one_at_a_time() {
    let dir = dir();
    let mut first = open(&dir).expect("opened");
    let refused = open(&dir).map(|_| ());
    let message = "the sandbox folder DIR is in use by another process; wait until that one has ended";
    assert_eq!(refused, Err(message.to_owned()));
    first.close().expect("closed");
    assert!(first.create(Kind::User, draft("userName", "ada", &[])).is_err());
    open(&dir).expect("free again");
}

#[test]
fn damage_is_named_and_left_alone() {
    let user = |attributes: &str| {
        format!(
            r#"{{"format": 1, "serial": 5, "last": {{"user": 1, "group": 0}}, "groups": {{}}, "users": {{"u-0001":
            {{"created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z", "version": 1, "attributes": {attributes}}}}}}}"#
        )
    };
    let good = user(r#"{"userName": "ada"}"#);
    let change = r#"{"serial": 6, "at": "2026-01-01T00:00:00Z", "action": {"delete": {"id": "u-0001"}}}"#;
    let put = |inner: &str| {
        format!(r#"{{"serial": 6, "at": "2026-01-01T00:00:00Z", "action": {{"put": {{{inner}}}}}}}"#) + "\n"
    };
    let cases = [
        (String::new(), String::new(), "data.json:1: EOF while parsing a value"),
        (good[..60].to_owned(), String::new(), "data.json:1: EOF while parsing"),
        ("[]".to_owned(), String::new(), "data.json: it has no format number"),
        (r#"{"format": 9}"#.to_owned(), String::new(), "data.json: its format is 9; this version knows 1"),
        (user("{}"), String::new(), "data.json: u-0001: userName is required"),
        (
            user(r#"{"userName": "ada", "shoe": 1}"#),
            String::new(),
            "data.json: u-0001: User has no attribute \"shoe\"",
        ),
        (
            user(r#"{"username": "ada"}"#),
            String::new(),
            "data.json: u-0001 has attributes that are empty, read-only or spelt differently",
        ),
        (good.replace("u-0001", "u-1"), String::new(), "data.json:1: \"u-1\" is not an id of this server"),
        (good.replace("u-0001", "g-0001"), String::new(), "data.json: g-0001 is not the id of a User"),
        (
            good.replace("\"user\": 1", "\"user\": 4294967295"),
            String::new(),
            "data.json: `last` is beyond 999999999",
        ),
        (good.clone(), "nonsense\n".to_owned(), "changes.jsonl:1: expected ident"),
        (good.clone(), format!("{change}\n\n"), "changes.jsonl:2: EOF while parsing a value"),
        (good.clone(), change.replace('6', "8") + "\n", "changes.jsonl:1: change 8 follows change 5"),
        (
            good.clone(),
            change.replace("u-0001", "u-0002") + "\n",
            "changes.jsonl:1: u-0002 is deleted, but was not there",
        ),
        (
            good.clone(),
            put(r#""id": "u-0002", "attributes": {"userName": "ADA"}"#),
            "changes.jsonl:1: u-0002 and u-0001 have the same userName, \"ADA\"",
        ),
        (
            good.clone(),
            put(r#""id": "g-0001", "attributes": {"displayName": "x"}, "add": ["u-0007"]"#),
            "data.json: g-0001 has the member u-0007, which does not exist",
        ),
    ];
    for (data, log, message) in cases {
        let dir = dir();
        write(&dir, "data.json", &data);
        write(&dir, "changes.jsonl", &log);
        let error = open(&dir).expect_err("it is damaged");
        assert!(
            error.starts_with(&format!("the sandbox cannot read DIR/{message}")),
            "{error}\nnot {message}"
        );
        assert_eq!((text(&dir, "data.json"), text(&dir, "changes.jsonl")), (data, log), "left as it was");
    }
    let dir = dir();
    write(&dir, "changes.jsonl", change);
    let error = open(&dir).expect_err("the data are gone");
    assert!(error.contains("data.json: it is gone, but there are changes to it"), "{error}");
}

#[test]
fn a_long_log_is_merged_while_running() {
    let dir = dir();
    let mut store = open(&dir).expect("opened");
    let long = "x".repeat(1 << 20);
    for number in 0..10 {
        let name = format!("{number}{long}");
        let id = Id { kind: Kind::User, number: 1 };
        if number == 0 {
            store.create(Kind::User, draft("userName", &name, &[])).expect("created");
        } else {
            store.update(id, draft("userName", &name, &[])).expect("updated");
        }
    }
    let log = fs::metadata(dir.path().join("changes.jsonl")).expect("there").len();
    assert!(log < 3 << 20, "{log}");
}
