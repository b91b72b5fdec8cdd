//! The bytes of a whole ledger, every file of it: the stored form does not change by accident.

use rolecall::model::op::OutcomeKind;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rolecall::ledger::Finish;
use rolecall::model::change::{ChangeKey, Facet, Object};
use rolecall::model::hash::HashKey;
use rolecall::model::held_value::HeldValue;
use rolecall::model::holds::{Hold, HoldKey};
use rolecall::model::intervention::{Hand, Intervention};
use rolecall::model::ledger::{
    Applied, FormerRole, GroupKey, GroupLink, Hashes, Intent, LedgerUpdate, Link, LinkState, Loss, Origin,
    PersonHashes, Recorder, Settled,
};
use rolecall::model::{AttributeHashes, Created, Guard};

use crate::ledger_support::*;

/// Id and key of the ledger are random, so the test puts its own in their place.
const ROOT: &str = r#"{
  "format": 2,
  "id": "5a3f",
  "serial": 1,
  "key": "0707070707070707070707070707070707070707070707070707070707070707"
}
"#;

fn sample() -> PathWorld {
    let mut world = PathWorld::new();
    world.write("ledger.json", ROOT);
    std::fs::remove_dir_all(world.folder.path().join("git")).unwrap();
    world.id = "5a3f".into();
    world
}

fn at(text: &str) -> rolecall::model::time::Timestamp {
    text.parse().unwrap()
}

fn hashes(asked: &str, kept: &str) -> Hashes {
    let hash = |text: &str| text.parse().unwrap();
    Hashes {
        asked: hash(asked),
        kept: hash(kept),
        at: at("2026-11-19T08:30:00.125Z"),
        proof: rolecall::model::ledger::Proof::Read,
    }
}

fn values(all: &[(&str, Hashes)]) -> AttributeHashes {
    AttributeHashes::distinct(all.iter().map(|(path, hashes)| ((*path).into(), *hashes)).collect()).unwrap()
}

fn key(object: Object) -> GroupKey {
    GroupKey::of(&object).unwrap()
}

/// Every kind of step, and every field of a link at least once.
fn steps() -> Vec<LedgerUpdate> {
    let full = Link {
        state: LinkState::Disabled { since: at("2026-11-18T00:00:00Z"), commit: Some("decade".into()) },
        commit: Some("c0ffee".into()),
        person: PersonHashes::of(
            &HashKey::new([7; 32]),
            &[Some("ada".into()), None, Some("ada@acme.example".into())],
        ),
        lapsed: Some(at("2026-10-01T00:00:00Z")),
        created: Created::at(at("2026-01-02T03:04:05.678Z")),
        roles: ["viewer".into(), "admin".into()].into(),
        values: values(&[
            ("username", hashes("0123456789abcdef", "0123456789abcdef")),
            ("emails[type eq \"work\"].value", hashes("0123456789abcdef", "fedcba9876543210")),
        ]),
        ..Link::new("id \"1\" ü".into(), Origin::Adopted)
    };
    let gone = Link {
        state: LinkState::Gone { since: at("2026-11-17T00:00:00Z"), commit: Some("decade".into()) },
        commit: None,
        roles: BTreeSet::new(),
        values: AttributeHashes::default(),
        ..link("2")
    };
    let group = |remote: &str, commit: Option<&str>, attributes| GroupLink {
        commit: commit.map(Into::into),
        values: attributes,
        ..GroupLink::new(remote.parse().unwrap(), Origin::Created)
    };
    let platform = key(Object::Group("platform".into()));
    let admins = key(Object::Role("admin".into()));
    let displayname = values(&[("displayname", hashes("0123456789abcdef", "0123456789abcdef"))]);
    vec![
        LedgerUpdate::PutUser { id: "ada".into(), link: full },
        LedgerUpdate::PutUser { id: "eve".into(), link: gone },
        put("bob", "3"),
        put("old", "4"),
        LedgerUpdate::MoveUser { from: "old".into(), to: "new".into() },
        put("zoe", "5"),
        LedgerUpdate::ForgetUser("zoe".into()),
        LedgerUpdate::PutGroup { key: platform.clone(), link: group("g1", Some("c0ffee"), displayname) },
        LedgerUpdate::Members {
            key: platform,
            added: vec!["bob".into(), "ada".into()],
            found: vec!["new".into()],
            removed: vec!["eve".into()],
        },
        LedgerUpdate::PutGroup {
            key: key(Object::Group("old".into())),
            link: group("g2", None, values(&[])),
        },
        LedgerUpdate::MoveGroup {
            from: key(Object::Group("old".into())),
            to: key(Object::Group("young".into())),
        },
        LedgerUpdate::PutGroup { key: admins.clone(), link: group("g3", None, values(&[])) },
        LedgerUpdate::Before { key: key(Object::Group("young".into())), accounts: ["9".into()].into() },
        LedgerUpdate::ForgetGroup(admins),
        LedgerUpdate::Granted { user: "bob".into(), role: "viewer".into() },
        LedgerUpdate::Held {
            now: vec![
                Hold::new(held(Guard::Leavers, "bob"), Some("c0ffee".into())),
                Hold::new(held(Guard::Gain, "new"), None),
                Hold::new(held_title(), None),
            ],
            over: vec![held(Guard::Create, "ada")],
        },
    ]
}

fn held(guard: Guard, user: &'static str) -> HoldKey {
    HoldKey { guard, object: Object::User(user.into()), facet: Facet::Life, value: None }
}

fn held_title() -> HoldKey {
    let value = HeldValue::of(&HashKey::new([7; 32]), "title", &"Chief".into());
    HoldKey { facet: Facet::Attribute("title".into()), value: Some(value), ..held(Guard::Update, "ada") }
}

fn settlements() -> Vec<Settled> {
    let key = |object, facet| ChangeKey { app: "hr".into(), object, facet };
    let ada = || Object::User("ada".into());
    let all = [
        (key(ada(), Facet::Life), OutcomeKind::Written),
        (key(ada(), Facet::Attribute("username".into())), OutcomeKind::Already),
        (key(ada(), Facet::Role("admin".into())), OutcomeKind::Refused),
        (key(Object::Group("platform".into()), Facet::Member("ada".into())), OutcomeKind::Unknown),
        (key(Object::Role("admin".into()), Facet::UnmanagedMember("x 9".into())), OutcomeKind::NotSent),
        (key(Object::Account("77".into()), Facet::Life), OutcomeKind::Written),
    ];
    all.into_iter().map(|(key, outcome)| Settled { key, outcome }).collect()
}

/// What the run that dies sets out to take away.
fn losses() -> BTreeSet<Loss> {
    let loss =
        |guard, who, of: Option<Object>| Loss { guard, who, of: of.map(key), typed_by: None, allowed: false };
    [
        loss(Guard::Deprovision, Object::User("bob".into()), None),
        loss(Guard::Deprovision, Object::Account("77".into()), None),
        loss(Guard::Membership, Object::User("ada".into()), Some(Object::Group("platform".into()))),
        Loss {
            allowed: true,
            ..loss(Guard::Revoke, Object::User("ada".into()), Some(Object::Role("admin".into())))
        },
    ]
    .into()
}

fn last_steps() -> Vec<LedgerUpdate> {
    let applied = Applied {
        commit: Some("c0ffee".into()),
        at: now(),
        people: 3,
        users_per_file: [("access/a.yaml".into(), 2), ("access/b.yaml".into(), 1)].into(),
    };
    vec![
        LedgerUpdate::Endpoint("https://hr.example/scim/v2".into()),
        LedgerUpdate::Roles([("admin".into(), "Administrator".into())].into()),
        LedgerUpdate::FormerRoles([FormerRole { role: "admin".into(), value: "Root".into() }].into()),
        LedgerUpdate::NotLost { run: "r1".into(), lost: losses().into_iter().take(1).collect() },
        LedgerUpdate::Completed(now()),
        LedgerUpdate::Applied(applied),
        intervened("ada", Hand::Disabled),
        intervened("ada", Hand::Revoked("admin".into())),
        intervened("bob", Hand::Deleted),
        LedgerUpdate::Released { user: "bob".into(), hand: Hand::Deleted },
    ]
}

fn intervened(user: &'static str, hand: Hand) -> LedgerUpdate {
    LedgerUpdate::Intervened(Intervention {
        user: user.into(),
        hand,
        at: at("2026-11-18T00:00:00Z"),
        commit: Some("c0ffee".into()),
        lines: "00000000000000aa".parse().unwrap(),
        decided: false,
        decided_at: None,
    })
}

/// Every file below a folder, each under its name. The clock of the test adds fractions of a second: they are cut off.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    let clock = regex::Regex::new(r"2026-11-20T10:0(\d):\d\d(\.\d+)?Z").unwrap();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                    let text = std::fs::read_to_string(&path).unwrap();
                    if name != "lock" {
                        all.insert(name, clock.replace_all(&text, "2026-11-20T10:0${1}:00Z").into_owned());
                    }
                }
            }
        }
    }
    all
}

fn listing(title: &str, files: &BTreeMap<String, String>) -> String {
    let file = |(name, text): (&String, &String)| format!("--- {title}: {name}\n{text}");
    files.iter().map(file).collect()
}

#[test]
fn a_whole_ledger_has_these_bytes() {
    let world = sample();
    let results = world.folder.path();

    // A run that dies: lease, intents and results lie beside the state.
    let mut asked = request(results, "r1", "hr", &["ada", "bob"]);
    asked.commit = Some("c0ffee".into());
    let member = ChangeKey {
        app: "hr".into(),
        object: Object::Group("platform".into()),
        facet: Facet::Member("ada".into()),
    };
    asked.losses = [("hr".into(), losses())].into();
    asked.apps[0].1.push(Intent { key: member, looked_up: false });
    let run = world.store().begin(asked, &mut |_| true).unwrap();
    run.record(&settlements(), &steps()).unwrap();
    run.recorder(&"hr".into()).record(&[], &last_steps()[..2]).unwrap();
    drop(run);
    let died = files(&world.at(""));
    let local = files(&results.join("runs"));

    // The next one finds it, and ends well.
    let run = begin(&world.store(), results, "r2", "hr", &["bob"]).unwrap();
    run.record(&[settled("hr", "bob", OutcomeKind::Written)], &[put("bob", "3")]).unwrap();
    run.finish(vec![Finish { app: "hr".into(), updates: last_steps(), leftover_settled: true }]).unwrap();
    let ended = files(&world.at(""));

    let all = listing("died", &died) + &listing("local", &local) + &listing("ended", &ended);
    insta::assert_snapshot!(all);

    // What was read is what would be written: a copy of the files is the same ledger.
    for kept in [&died, &ended] {
        let copy = sample();
        std::fs::remove_dir_all(copy.at("")).unwrap();
        for (name, text) in kept {
            std::fs::create_dir_all(copy.at(name).parent().unwrap()).unwrap();
            copy.write(name, text);
        }
        let read = copy.store().read().unwrap().snapshot;
        assert_eq!(read.apps["hr"].users.len(), 4);
        if kept == &ended {
            assert_eq!(read.apps, world.store().read().unwrap().snapshot.apps);
        }
    }
}
