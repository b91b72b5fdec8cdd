//! How long resolving and comparing take at the size of a large company. Not part of the ordinary run:
//! `cargo test --release --test plan_speed -- --ignored --nocapture`, with PEOPLE=10000 for a smaller one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Instant;

use rolecall::catalog::SCIM_CAPABILITIES;
use rolecall::config::{self, BuiltInConnector, BuiltIns, Source};
use rolecall::model::hash::HashKey;
use rolecall::model::ledger::{AppLedger, Link, LinkState, Origin};
use rolecall::model::remote::{Complete, Members, Page, Walk};
use rolecall::model::{Kind, Remote, Value};
use rolecall::plan::guard::{self, Bench};
use rolecall::plan::{Answers, Differ, Ends, Input};
use rolecall::resolve::{Programs, Resolved};

const ROOT: &str = "
version: 1
apps:
  hr:
    connector: scim
    url: http://127.0.0.1:9/scim
    users: {mapping: m}
    groups: {push: PUSH}
assignments: [{app: hr, members: [group:all]}]
mappings:
  m:
    match: [externalId, userName]
    attributes:
      userName: user.email
      externalId: user.id
      name.givenName: user.name.given
      name.familyName: user.name.family
      displayName: user.name.display
      title: user.title
";

struct Sizes {
    people: usize,
    groups: usize,
}

/// People, groups of which everybody is in about five, and one group with a rule that holds for all.
fn files(sizes: &Sizes) -> Vec<(String, String)> {
    let mut people = String::from("users:\n");
    for number in 0..sizes.people {
        let _ = writeln!(
            people,
            "  p{number}: {{name: {{given: Given{number}, family: Family{number}}}, email: p{number}@x.example, title: T}}"
        );
    }
    let mut groups = String::from("groups:\n  all: {rule: 'user.title == \"T\"'}\n");
    for group in 0..sizes.groups {
        let _ = write!(groups, "  g{group}: {{members: [");
        for number in members_of(group, sizes) {
            let _ = write!(groups, "user:p{number},");
        }
        groups += "]}\n";
    }
    let push: Vec<_> = (0..sizes.groups).map(|group| format!("g{group}")).collect();
    let root = ROOT.replace("PUSH", &format!("[{}]", push.join(", ")));
    vec![
        ("rolecall.yaml".into(), root),
        ("access/people.yaml".into(), people),
        ("access/groups.yaml".into(), groups),
    ]
}

fn members_of(group: usize, sizes: &Sizes) -> BTreeSet<usize> {
    let each = sizes.people * 484 / 100 / sizes.groups;
    (0..each)
        .map(|step| (group * 7919 + step * 61) % sizes.people)
        .collect()
}

fn remote(
    kind: Kind,
    id: String,
    values: &BTreeMap<&str, String>,
    paths: &[rolecall::model::Path],
    members: Members,
) -> Remote {
    let text = |name: &str| values.get(name).map(|text| text.as_str().into());
    Remote {
        id: id.as_str().into(),
        kind,
        active: Some(true),
        external_id: text("externalid"),
        name: text(if kind == Kind::User {
            "username"
        } else {
            "displayname"
        }),
        emails: Vec::new(),
        attributes: paths
            .iter()
            .map(|path| {
                values
                    .get(&**path.key())
                    .map_or(Value::Null, |text| Value::str(text.as_str()))
            })
            .collect(),
        members,
        version: None,
    }
}

#[test]
#[ignore = "a measurement"]
fn resolving_and_comparing_a_large_company() {
    let people = std::env::var("PEOPLE")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    let sizes = Sizes {
        people,
        groups: people / 50,
    };
    let built_ins = BuiltIns {
        connectors: vec![BuiltInConnector {
            name: "scim",
            settings_schema: r#"{"type": "object"}"#,
            mappings: "mappings: {g: {match: [displayName], attributes: {displayName: group.name}}}\n",
            users_mapping: "m",
            groups_mapping: "g",
        }],
    };
    let clock = Instant::now();
    let loaded = config::load(&Source::in_memory(files(&sizes)), &built_ins);
    assert!(!loaded.diagnostics.has_errors());
    println!("load            {:?}", clock.elapsed());
    let company = loaded.company.unwrap();
    let clock = Instant::now();
    let (programs, _) = Programs::compile(&company);
    println!("compile         {:?}", clock.elapsed());
    let clock = Instant::now();
    let resolved = Resolved::new(&company, &programs, "2026-06-15T00:00:00Z".parse().unwrap());
    println!("resolve         {:?}", clock.elapsed());
    let clock = Instant::now();
    assert!(!resolved.findings().has_errors());
    println!("findings        {:?}", clock.elapsed());

    // What the ledger looks like once everything was applied is what a first plan observes.
    let key = HashKey::new([7; 32]);
    let mut ledger = AppLedger {
        endpoint: "e".into(),
        completed: Some(resolved.at),
        ..AppLedger::default()
    };
    for number in 0..sizes.people {
        let link = Link {
            remote: format!("r{number}").as_str().into(),
            origin: Origin::Created,
            state: LinkState::Active,
            commit: None,
            life: None,
            roles: BTreeSet::new(),
            values: BTreeMap::new(),
        };
        ledger.users.insert(format!("p{number}").as_str().into(), link);
    }
    let none = BTreeSet::new();
    for round in ["first", "second"] {
        let desired = &resolved.apps[0];
        let input = Input {
            resolved: &resolved,
            desired,
            files: &loaded.files,
            ledger: &ledger,
            key: &key,
            capabilities: &SCIM_CAPABILITIES,
            endpoint: "e",
            own: &[],
            enable: &none,
            only: None,
            commit: None,
        };
        let clock = Instant::now();
        let mut differ = Differ::new(input);
        println!("{round}: new      {:?}", clock.elapsed());
        let requests = differ.requests();
        let users: Vec<_> = (0..sizes.people)
            .map(|number| {
                let values = BTreeMap::from([
                    ("username", format!("p{number}@x.example")),
                    ("externalid", format!("p{number}")),
                    ("name.givenname", format!("Given{number}")),
                    ("name.familyname", format!("Family{number}")),
                    ("displayname", format!("Given{number} Family{number}")),
                    ("title", "T".to_owned()),
                ]);
                remote(
                    Kind::User,
                    format!("r{number}"),
                    &values,
                    &requests[0].paths,
                    Members::Unread,
                )
            })
            .collect();
        let groups: Vec<_> = (0..sizes.groups)
            .map(|group| {
                let values = BTreeMap::from([("displayname", format!("g{group}"))]);
                let members = members_of(group, &sizes)
                    .into_iter()
                    .map(|number| format!("r{number}").into());
                let members = Members::Complete(members.collect());
                remote(
                    Kind::Group,
                    format!("rg{group}"),
                    &values,
                    &requests[1].paths,
                    members,
                )
            })
            .collect();
        let pages: Vec<Page> = users
            .chunks(100)
            .chain(groups.chunks(100))
            .map(|rows| Page { rows: rows.to_vec() })
            .collect();
        let clock = Instant::now();
        let said: Vec<_> = pages.iter().map(|page| differ.page(page)).collect();
        println!("{round}: pages    {:?} on one thread", clock.elapsed());
        let clock = Instant::now();
        said.into_iter().for_each(|page| differ.merge(page));
        println!("{round}: merge    {:?}", clock.elapsed());
        let clock = Instant::now();
        let walk = || Walk::Complete(Complete::of_rows(0));
        let ends = Ends {
            users: walk(),
            groups: Some(walk()),
        };
        let draft = differ.finish(&ends, &Answers::default()).unwrap();
        println!("{round}: finish   {:?}", clock.elapsed());
        let clock = Instant::now();
        let bench = Bench {
            limits: &desired.app.guard,
            recent: &[],
            allowed: &[],
            at: resolved.at,
        };
        let plan = guard::judge(draft, &bench);
        println!(
            "{round}: judge    {:?}, {} changes",
            clock.elapsed(),
            plan.changes.len()
        );
        for update in plan.work.observed {
            ledger.fold(update);
        }
        for (key, link) in plan.work.group_links {
            ledger.groups.insert(key.clone(), link);
        }
    }
}
