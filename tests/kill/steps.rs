//! An invented app that a document describes, and whose accounts are made by two requests: the account, and its desk.

use serde_json::{Value, json};

use crate::kill::app::{App, Known, Place, Sample, count};
use crate::kill::company;
use crate::rest::company::document;
use crate::rest::office::Office;
use crate::rest::steps::EDITS;
use crate::support::proxy::Proxy;

/// Titles, which the company of the loop has.
const MORE: [(&str, &str); 2] = [
    ("        level: {type: integer}\n", "        title: {}\n"),
    ("      level: {value: 3, apply: create}\n", "      title: user.title\n"),
];

impl App for Office {
    const PREFIX: &str = "steps-";
    const ID: &str = "office";
    const SECRET: &str = "OFFICE_KEY";
    const NAMES: [(&str, &str); 2] = [("users", "username"), ("groups", "title")];
    const SAMPLE: Sample = Sample {
        at_each_edge: &["POST /people", "POST /people/ID/desk"],
        before: &["GET /people/ID/desk"],
        after: &["PUT /people/ID", "POST /teams/ID/members"],
        in_flight: None,
    };

    fn start() -> Office {
        Office::start()
    }

    fn fresh(&self) -> Office {
        Office::start()
    }

    fn behind(&self) -> Proxy {
        Office::behind(self)
    }

    fn secret(&self) -> &str {
        "hush"
    }

    fn files(&self, at: &Place<'_>, later: bool) -> Vec<(&'static str, String)> {
        let edits: Vec<_> = EDITS.iter().chain(&MORE).copied().collect();
        let mut files = company::people(later);
        files.push(("access/connector.yaml", document(&edits)));
        files.push(("rolecall.yaml", root(at, later)));
        files
    }

    fn dump(&self) -> Value {
        let data = self.data();
        let name = |id: &u64| data.people.get(id).map(|person| person["username"].clone());
        let users: Vec<Value> = data
            .people
            .iter()
            .map(|(id, person)| {
                let mut person = person.clone();
                person.insert("id".to_owned(), json!("(id)"));
                person.insert("created".to_owned(), json!("(time)"));
                person.insert("password".to_owned(), json!("(drawn)"));
                person.insert("manager".to_owned(), json!(data.managers.get(id).and_then(name)));
                person.insert("desk".to_owned(), json!(data.desks.contains_key(id)));
                Value::Object(person)
            })
            .collect();
        let teams = data.teams.values().map(|(title, members)| {
            let members = sorted(members.iter().filter_map(name).collect());
            json!({"title": title, "members": members})
        });
        json!({"users": sorted(users), "groups": sorted(teams.collect())})
    }

    fn known(&self) -> Known {
        let data = self.data();
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let people = data.people.iter().map(|(id, person)| (id.to_string(), text(person.get("username"))));
        let teams = data.teams.iter().map(|(id, (title, _))| (id.to_string(), title.clone()));
        Known {
            names: people.chain(teams).collect(),
            titles: data
                .people
                .iter()
                .map(|(id, person)| (id.to_string(), text(person.get("title"))))
                .collect(),
        }
    }

    fn kind(&self, method: &str, path: &str) -> String {
        let below = path.split('/').skip(3);
        let shown = below.map(|part| if part.parse::<u64>().is_ok() { "ID" } else { part });
        format!("{method} /{}", shown.collect::<Vec<_>>().join("/"))
    }

    fn is_worth_it(requests: &[String], dump: &Value) {
        let count = |kind: &str| count(requests, kind);
        assert!(count("POST /people") >= 10, "creates: {requests:#?}");
        assert!(count("POST /people/ID/desk") >= 10, "second steps: {requests:#?}");
        assert!(count("POST /teams") >= 1, "a new group: {requests:#?}");
        assert!(count("PUT /people/ID") >= 4, "updates: {requests:#?}");
        assert!(count("POST /teams/ID/members") >= 6, "batches: {requests:#?}");
        let of = |login: &str| {
            let users = dump["users"].as_array().expect("users");
            users.iter().find(|user| user["username"] == login).expect(login)
        };
        assert_eq!(of("fay")["state"], "off", "a leaver is disabled");
        assert_eq!(of("gus")["state"], "off", "a person who is not declared any more is disabled");
        assert_eq!(of("new-02")["manager"], "new-10", "a new reference");
        assert_eq!(of("bob")["manager"], "new-01", "a moved reference");
        assert!(dump["users"].as_array().expect("users").iter().all(|user| user["desk"] == true), "{dump}");
    }
}

fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(Value::to_string);
    values
}

/// `rolecall.yaml`, before or after the change.
fn root(at: &Place<'_>, later: bool) -> String {
    let Place { ledger, url, host, width } = at;
    let (push, auditors) = company::moved(later);
    format!(
        r#"version: 1
{ledger}
secrets:
  OFFICE_KEY: {{app: office, host: "{host}"}}
apps:
  office:
    connector: office
    url: {url}
    auth: {{key: {{env: OFFICE_KEY}}}}
    settings: {{tenant: acme, desks: true}}
    roles:
      member: {{value: user, precedence: 20}}
      admin: {{value: admin, precedence: 10, privileged: true}}
      auditor: {{group: Auditors, precedence: 15}}
    limits: {{timeout: 1s, concurrency: {width}}}
    groups: {{push: [{push}]}}
assignments:
  - {{app: office, role: member, members: [group:everybody]}}
  - {{app: office, role: admin, members: [user:ada]}}
  - {{app: office, role: auditor, members: [{auditors}]}}
"#
    )
}
