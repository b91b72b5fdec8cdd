//! An invented app with few fields and many habits: its paths have ids or logins, its answers to a create show the new object or
//! nothing, it keeps logins as they are or in lower case. It is ours, so it shows how the engine behaves.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::support::program::{Output, Repo};

#[derive(Default)]
pub struct Data {
    made: u64,
    /// Accounts by number.
    pub people: BTreeMap<u64, Map<String, Value>>,
    /// Groups by name, with the numbers of their members.
    pub teams: BTreeMap<String, Vec<u64>>,
    /// Logins are kept in lower case.
    pub lower: bool,
    /// The answer to a create shows the new object.
    pub shows: bool,
    /// The list of accounts says that it has one more than it shows.
    pub hides: bool,
    /// Once members were written, a look at a group fails.
    pub loses_teams: bool,
    has_written_members: bool,
    /// Who gets an account by another hand as soon as a plan has read all lists.
    pub arrives: Option<Value>,
    /// Each request, as method and path.
    pub log: Vec<(String, String)>,
}

pub struct Hub {
    data: Arc<Mutex<Data>>,
    pub repo: Repo,
    _runtime: tokio::runtime::Runtime,
}

const DOCUMENT: &str = r#"connectors:
  hub:
    connector: 1
    title: Hub
    auth: {key: {header: X-Key}}
    answers: {error: {text: error}}
    page: {by: offset, at: start, size: count, max: 2, total: total}
    users:
      path: /users
      rows: items
      id: id
      attributes: {login: {is: login, required: true, unique: true}, email: {is: email}}
      active: {at: state, is: ["on"], not: ["off"]}
    groups:
      path: /teams
      rows: items
      id: name
      attributes: {name: {is: name, required: true, fixed: true}}
      members: {list: {in: members}, account: id, add: {PUT: "/teams/{group}/members/{account}"}, remove: {DELETE: "/teams/{group}/members/{account}"}}
mappings:
  hub-users: {match: [login], attributes: {login: user.id, email: user.email}}
  hub-groups: {match: [name], attributes: {name: group.name}}
"#;

/// Accounts are addressed by login, which is the id.
pub const BY_NAME: (&str, &str) = (
    "      id: id\n      attributes: {login: {is: login, required: true, unique: true}, ",
    "      id: login\n      attributes: {login: {is: login, required: true, unique: true, fixed: true}, ",
);

/// Accounts have an id that stays, and are addressed by login.
pub const BY_KEY: (&str, &str) = ("      id: id\n", "      id: id\n      key: login\n");

impl Hub {
    /// A company of these people, with these edits of the document.
    pub fn of(people: &[&str], edits: &[(&str, &str)]) -> Hub {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let data = Arc::new(Mutex::new(Data::default()));
        let router = Router::new().fallback(answer).with_state(data.clone());
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let document = edits.iter().fold(DOCUMENT.to_owned(), |text, (old, new)| {
            assert_eq!(text.matches(old).count(), 1, "{old}");
            text.replace(old, new)
        });
        let app = format!(
            "apps:\n  hub:\n    connector: hub\n    url: {url}\n    auth: {{key: {{env: HUB_KEY}}, account: none}}\n    roles: {{user: {{}}}}\n    groups: {{push: [all]}}\n    limits: {{concurrency: 8}}\n    guard: {{deprovision: 100, unmatched: 100}}\nassignments:\n  - {{app: hub, role: user, members: [group:all]}}\n"
        );
        let users = people.iter().map(|id| format!("  {id}: {{name: {id}, email: {id}@acme.example}}\n"));
        let members: Vec<_> = people.iter().map(|id| format!("user:{id}")).collect();
        let company = format!(
            "users:\n{}groups:\n  all: {{name: everybody, members: [{}]}}\n",
            users.collect::<String>(),
            members.join(", ")
        );
        let repo = Repo::new();
        repo.file("rolecall.yaml", "version: 1\nsecrets:\n  HUB_KEY: {app: hub, host: 127.0.0.1}\n")
            .file("access/connector.yaml", document)
            .file("access/people.yaml", company)
            .file("access/app.yaml", app)
            .file(".gitignore", ".rolecall\n");
        let hub = Hub { data, repo, _runtime: runtime };
        hub.run(&["ledger", "init", "--local"]).ends_with(0);
        hub.repo.commit("A company");
        hub
    }

    pub fn data(&self) -> MutexGuard<'_, Data> {
        self.data.lock().expect("no handler panicked")
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.repo.rolecall(args.iter().copied()).env("HUB_KEY", "hush").run()
    }

    pub fn apply(&self, old: &str, new: &str) -> Output {
        self.repo.replace("access/people.yaml", old, new).commit("A change");
        self.run(&["apply", "--yes"])
    }

    /// Nothing is left to do, and nothing is unclear.
    pub fn is_settled(&self) {
        let plan = self.run(&["plan", "--detailed-exitcode"]).ends_with(0);
        assert!(!plan.stdout.contains("cannot tell"), "{}", plan.stdout);
    }

    /// The logins of a team.
    pub fn team(&self, name: &str) -> Vec<String> {
        let data = self.data();
        let login = |id: &u64| data.people[id]["login"].as_str().expect("a login").to_owned();
        let mut logins: Vec<_> = data.teams[name].iter().map(login).collect();
        logins.sort();
        logins
    }

    /// An administrator deletes an account by hand.
    pub fn delete(&self, login: &str) {
        self.data().people.retain(|_, person| person["login"] != login);
    }

    /// Requests with this method whose path begins so.
    pub fn count(&self, method: &str, path: &str) -> usize {
        self.data().log.iter().filter(|(of, at)| of == method && at.starts_with(path)).count()
    }
}

fn told(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("content-type", "application/json")], body.to_string()).into_response()
}

fn failed(status: u16, message: &str) -> Response {
    told(status, &json!({"error": message}))
}

impl Data {
    /// Whom a segment of a path names: an id, or a login.
    fn named(&self, segment: &str) -> Option<u64> {
        let id = segment.parse().ok().filter(|id| self.people.contains_key(id));
        id.or_else(|| self.people.iter().find(|(_, person)| person["login"] == segment).map(|(id, _)| *id))
    }

    fn create(&mut self, body: &Value, login: Option<&str>) -> Response {
        let Value::Object(mut person) = body.clone() else { return failed(400, "no object") };
        let mut login = login.or(body["login"].as_str()).unwrap_or_default().to_owned();
        if self.lower {
            login = login.to_lowercase();
        }
        if self.named(&login).is_some() {
            return failed(409, "the login is taken");
        }
        self.made += 1;
        let id = self.made;
        person.insert("id".to_owned(), json!(id));
        person.insert("login".to_owned(), json!(login));
        person.entry("state").or_insert(json!("on"));
        let shown = if self.shows { Value::Object(person.clone()) } else { json!({}) };
        self.people.insert(id, person);
        told(201, &shown)
    }

    fn team(&self, name: &str) -> Option<Value> {
        let member = |id: &u64| {
            let person = self.people.get(id)?;
            Some(json!({"id": id, "login": person["login"]}))
        };
        let members: Vec<_> = self.teams.get(name)?.iter().filter_map(member).collect();
        Some(json!({"name": name, "members": members}))
    }

    fn create_team(&mut self, name: &str) -> Response {
        self.teams.insert(name.to_owned(), Vec::new());
        told(201, &json!({}))
    }
}

async fn answer(State(data): State<Arc<Mutex<Data>>>, method: Method, uri: Uri, body: Bytes) -> Response {
    let is_create = method == Method::POST || method == Method::PUT;
    let response = at(&data, &method, &uri, &body);
    if is_create {
        // Others are served while the answer to a create is on its way.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    response
}

fn at(data: &Mutex<Data>, method: &Method, uri: &Uri, body: &Bytes) -> Response {
    let mut data = data.lock().expect("no handler panicked");
    data.log.push((method.to_string(), uri.path().to_owned()));
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let parts: Vec<&str> = uri.path().split('/').skip(1).collect();
    let query: BTreeMap<_, _> =
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
    let page = |all: Vec<Value>, hidden: usize| {
        let total = all.len() + hidden;
        let rows: Vec<_> = all.into_iter().skip(number("start")).take(number("count")).collect();
        told(200, &json!({"items": rows, "total": total}))
    };
    let none = || failed(404, "there is no such thing");
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["users"]) => {
            let hidden = usize::from(data.hides);
            page(data.people.values().cloned().map(Value::Object).collect(), hidden)
        }
        ("POST", ["users"]) => data.create(&body, None),
        ("POST", ["users", login]) => data.create(&body, Some(login)),
        ("PUT", ["users", login]) => match data.named(login) {
            Some(id) => {
                let person = data.people.get_mut(&id).expect("a person");
                person.extend(body.as_object().cloned().unwrap_or_default());
                told(200, &json!({}))
            }
            None => data.create(&body, Some(login)),
        },
        ("GET", ["users", of]) => match data.named(of) {
            Some(id) => told(200, &Value::Object(data.people[&id].clone())),
            None => none(),
        },
        ("PATCH", ["users", of]) => match data.named(of) {
            Some(id) => {
                let person = data.people.get_mut(&id).expect("a person");
                person.extend(body.as_object().cloned().unwrap_or_default());
                told(200, &json!({}))
            }
            None => none(),
        },
        ("DELETE", ["users", of]) => match data.named(of) {
            Some(id) => {
                data.people.remove(&id);
                StatusCode::NO_CONTENT.into_response()
            }
            None => none(),
        },
        ("GET", ["teams"]) => {
            if let Some(person) = data.arrives.take() {
                let id = person["id"].as_u64().expect("an id");
                data.people.insert(id, person.as_object().expect("a person").clone());
            }
            let teams: Vec<_> = data.teams.keys().filter_map(|name| data.team(name)).collect();
            page(teams, 0)
        }
        ("POST", ["teams"]) => data.create_team(body["name"].as_str().unwrap_or_default()),
        ("POST", ["teams", name]) => data.create_team(name),
        ("GET", ["teams", _]) if data.loses_teams && data.has_written_members => {
            failed(500, "the database is gone")
        }
        ("GET", ["teams", name]) => data.team(name).map_or_else(none, |team| told(200, &team)),
        ("PATCH", ["teams", name]) => {
            let ids = body["members"].as_array().into_iter().flatten();
            let ids = ids.filter_map(|id| data.named(&id.as_str().map_or(id.to_string(), str::to_owned)));
            let ids = ids.collect();
            data.teams.insert((*name).to_owned(), ids);
            data.has_written_members = true;
            told(200, &json!({}))
        }
        ("PUT", ["teams", name, "members", of]) => {
            let Some(id) = data.named(of) else { return none() };
            data.has_written_members = true;
            match data.teams.get_mut(*name) {
                Some(members) => members.push(id),
                None => return none(),
            }
            StatusCode::NO_CONTENT.into_response()
        }
        ("DELETE", ["teams", name, "members", of]) => {
            let Some(id) = data.named(of) else { return none() };
            if let Some(members) = data.teams.get_mut(*name) {
                members.retain(|member| *member != id);
            }
            StatusCode::NO_CONTENT.into_response()
        }
        _ => none(),
    }
}
