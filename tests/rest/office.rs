//! An invented app with the habits of several real ones: text before its JSON, pages that are smaller than asked for, whole
//! objects only, ids that no floating-point number holds, members in batches, a manager with calls of its own. It is ours, so
//! it shows how the engine behaves, and not that a real app behaves so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::support::proxy::Proxy;
use crate::support::proxy::then::{self, Then};

/// The first id: no double-precision number holds it.
const FIRST: u64 = 9_007_199_254_740_993;
/// The most rows of a page, whatever is asked for.
const PAGE: usize = 2;

#[derive(Default)]
pub struct Data {
    made: u64,
    pub people: BTreeMap<u64, Map<String, Value>>,
    pub teams: BTreeMap<u64, (String, BTreeSet<u64>)>,
    pub managers: BTreeMap<u64, u64>,
    /// The desks of people, made by a request of their own.
    pub desks: BTreeMap<u64, String>,
    /// What becomes of a request for a desk: its status, and whether it has its effect.
    pub desk_fault: Option<(u16, bool)>,
    /// People whom a team shows because a team inside it has them.
    pub inside: BTreeMap<u64, BTreeSet<u64>>,
    /// How it searches.
    pub search: Search,
    /// Roles on projects: account, role, project.
    pub grants: BTreeSet<(u64, u64, u64)>,
    /// People who may be in no team.
    pub unwelcome: BTreeSet<u64>,
    /// Teams that a directory fills.
    pub directory: BTreeSet<u64>,
    /// So many batches of members are done for their first member only, and answered as failed.
    pub halves: usize,
    /// Each request, as method, path and body.
    pub log: Vec<(String, String, String)>,
}

/// How an app searches for a login.
#[derive(Default, Clone, Copy)]
pub enum Search {
    /// It finds who has it.
    #[default]
    Finds,
    /// It finds everybody.
    Ignores,
    /// It finds nobody.
    FindsNobody,
}

pub struct Office {
    data: Arc<Mutex<Data>>,
    pub url: String,
    _runtime: tokio::runtime::Runtime,
}

impl Office {
    pub fn start() -> Office {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let data = Arc::new(Mutex::new(Data::default()));
        let router = Router::new().fallback(answer).with_state(data.clone());
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Office { data, url, _runtime: runtime }
    }

    /// A proxy before it.
    pub fn behind(&self) -> Proxy {
        Proxy::to(self.url.trim_start_matches("http://").parse().unwrap(), "")
    }

    pub fn data(&self) -> MutexGuard<'_, Data> {
        self.data.lock().expect("no handler panicked")
    }

    /// What it holds, for a hook that runs while it answers.
    pub fn keeper(&self) -> Arc<Mutex<Data>> {
        self.data.clone()
    }

    /// The account with this login.
    pub fn person(&self, login: &str) -> Map<String, Value> {
        let data = self.data();
        data.people.values().find(|person| person["username"] == login).expect("a person").clone()
    }

    pub fn id(&self, login: &str) -> u64 {
        self.person(login)["id"].as_u64().expect("an id")
    }

    /// The login of the manager of this person.
    pub fn manager(&self, login: &str) -> Option<String> {
        let id = self.id(login);
        let data = self.data();
        let manager = data.people.get(data.managers.get(&id)?)?;
        manager["username"].as_str().map(str::to_owned)
    }

    /// The logins of a team.
    pub fn team(&self, title: &str) -> Vec<String> {
        let data = self.data();
        let (_, members) = data.teams.values().find(|(name, _)| name == title).expect("a team");
        let login = |id: &u64| data.people[id]["username"].as_str().expect("a login").to_owned();
        let mut logins: Vec<_> = members.iter().map(login).collect();
        logins.sort();
        logins
    }

    /// Requests with these methods and paths so far.
    pub fn count(&self, method: &str, part: &str) -> usize {
        self.data().log.iter().filter(|(of, path, _)| of == method && path.contains(part)).count()
    }
}

fn search(data: &Data, query: &BTreeMap<String, String>) -> Response {
    let wanted = query.get("name").map(String::as_str).unwrap_or_default();
    let is_found = |person: &&Map<String, Value>| {
        let login = person["username"].as_str().unwrap_or_default();
        match data.search {
            Search::Finds => login.eq_ignore_ascii_case(wanted),
            Search::Ignores => true,
            Search::FindsNobody => false,
        }
    };
    let found: Vec<Value> =
        data.people.values().filter(is_found).map(|person| Value::Object(shown(person))).collect();
    told(200, &json!({"list": found}))
}

/// Changes the JSON of an answer, and leaves what stands before it.
pub fn rewritten(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Then {
    then::rewrite(move |_, mut answer| {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let at = text.find(['{', '[']).unwrap_or(text.len());
        if let Ok(mut json) = serde_json::from_str(&text[at..]) {
            change(&mut json);
            answer.body = format!("{}{json}", &text[..at]).into_bytes();
        }
        answer
    })
}

fn told(status: u16, body: &Value) -> Response {
    let text = format!("throw 'not for scripts';\n{body}");
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("content-type", "application/json;charset=UTF-8")], text).into_response()
}

fn failed(status: u16, code: &str, message: &str) -> Response {
    told(status, &json!({"error": {"status": status, "code": code, "message": message}}))
}

async fn answer(
    State(data): State<Arc<Mutex<Data>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut data = data.lock().expect("no handler panicked");
    let text = String::from_utf8_lossy(&body).into_owned();
    data.log.push((method.to_string(), uri.to_string(), text.clone()));
    if headers.get("authorization").is_none_or(|key| key != "Key hush") {
        return (StatusCode::FOUND, [("location", "/login")], "").into_response();
    }
    let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    // Each tenant of this app has the same people.
    let parts: Vec<&str> = uri.path().split('/').skip(3).collect();
    let query: BTreeMap<_, _> =
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    // A login may stand in the place of an id.
    let logins: BTreeMap<String, u64> = data
        .people
        .iter()
        .map(|(id, person)| (person["username"].as_str().unwrap_or_default().to_owned(), *id))
        .collect();
    let number = |text: &str| text.parse::<u64>().ok().or(logins.get(text).copied()).unwrap_or(0);
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["people", "@me"]) => told(200, &json!({"id": 1, "username": "robot"})),
        ("GET", ["rights"]) => {
            told(200, &json!({"admin": true, "scopes": "people teams", "roles": ["user", "admin"]}))
        }
        ("GET", ["roles"]) => told(200, &json!([{"id": 1, "name": "user"}, {"id": 2, "name": "admin"}])),
        ("GET", ["projects"]) => told(200, &json!([{"id": FIRST, "name": "web"}])),
        ("GET", ["grants"]) => {
            let row = |(account, role, project): &(u64, u64, u64)| json!({"account": account, "role": role, "project": project});
            told(200, &json!(data.grants.iter().map(row).collect::<Vec<_>>()))
        }
        ("POST" | "DELETE", ["grants"]) => {
            let part = |name: &str| body[name].as_u64();
            match (part("account"), part("role"), part("project")) {
                (Some(account), Some(role), Some(project)) => {
                    let grant = (account, role, project);
                    let _ =
                        if method == "POST" { data.grants.insert(grant) } else { data.grants.remove(&grant) };
                    StatusCode::NO_CONTENT.into_response()
                }
                _ => failed(400, "badGrant", "account, role and project are numbers"),
            }
        }
        ("GET", ["people"]) => people(&data, &query),
        ("GET", ["search"]) => search(&data, &query),
        ("POST", ["people"]) => create(&mut data, &query, body),
        ("GET", ["people", id]) => match data.people.get(&number(id)) {
            Some(person) => told(200, &Value::Object(shown(person))),
            None => failed(404, "contentMissing", "no such person"),
        },
        ("PUT", ["people", id]) => replace(&mut data, number(id), body),
        ("DELETE", ["people", id]) => match data.people.remove(&number(id)) {
            Some(_) => (StatusCode::ACCEPTED, "").into_response(),
            None => failed(404, "contentMissing", "no such person"),
        },
        ("GET", ["people", id, "desk"]) => match data.desks.get(&number(id)) {
            Some(desk) => told(200, &json!({"number": desk})),
            None => failed(404, "contentMissing", "no desk"),
        },
        ("POST", ["people", id, "desk"]) => {
            let fault = data.desk_fault;
            if fault.is_none_or(|(_, has_effect)| has_effect) {
                let desk = body["number"].as_str().unwrap_or_default().to_owned();
                assert!(data.desks.insert(number(id), desk).is_none(), "a second desk");
            }
            match fault {
                Some((status, _)) => failed(status, "desk", "no desk is free"),
                None => StatusCode::NO_CONTENT.into_response(),
            }
        }
        ("GET", ["people", id, "manager"]) => match data.managers.get(&number(id)) {
            Some(manager) => told(200, &json!({"id": manager})),
            None => failed(404, "contentMissing", "no manager"),
        },
        ("PUT", ["people", manager, "reports", id]) => {
            data.managers.insert(number(id), number(manager));
            StatusCode::NO_CONTENT.into_response()
        }
        ("DELETE", ["people", manager, "reports", id]) => {
            match data.managers.get(&number(id)) == Some(&number(manager)) {
                true => _ = data.managers.remove(&number(id)),
                false => return failed(409, "wrong", "not a report"),
            }
            StatusCode::NO_CONTENT.into_response()
        }
        ("GET", ["teams"]) => {
            let all: Vec<_> = data.teams.iter().map(|found| team(&data, found)).collect();
            told(200, &json!(all))
        }
        ("POST", ["teams"]) => {
            data.made += 1;
            let id = FIRST + data.made;
            data.teams.insert(id, (body["title"].as_str().unwrap_or_default().to_owned(), BTreeSet::new()));
            told(201, &json!({"id": id, "title": body["title"]}))
        }
        ("GET", ["teams", id]) => match data.teams.get_key_value(&number(id)) {
            Some(found) => told(200, &team(&data, found)),
            None => failed(404, "contentMissing", "no such team"),
        },
        ("PATCH", ["teams", id]) => {
            let title = body["title"].as_str().unwrap_or_default().to_owned();
            data.teams.get_mut(&number(id)).expect("a team").0 = title;
            StatusCode::NO_CONTENT.into_response()
        }
        ("POST", ["teams", id, "members"]) => {
            let uris: Vec<&str> = body.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let of = |uri: &&str| {
                let id = number(uri.strip_prefix("http://")?.split_once("/api/acme/people/")?.1);
                data.people.contains_key(&id).then_some(id)
            };
            let ids: Option<Vec<u64>> = uris.iter().map(of).collect();
            let is_welcome = |id: &u64| !data.unwelcome.contains(id);
            match ids.filter(|ids| ids.len() <= 2 && ids.iter().all(is_welcome)) {
                Some(ids) if data.halves > 0 => {
                    data.halves -= 1;
                    data.teams.get_mut(&number(id)).expect("a team").1.extend(ids.first());
                    failed(500, "broken", "something went wrong")
                }
                Some(ids) => {
                    data.teams.get_mut(&number(id)).expect("a team").1.extend(ids);
                    StatusCode::NO_CONTENT.into_response()
                }
                None => failed(400, "badMember", "one of them is nobody or unwelcome, or there are too many"),
            }
        }
        ("DELETE", ["teams", id, "members", member]) => {
            match data.teams.get_mut(&number(id)).expect("a team").1.remove(&number(member)) {
                true => StatusCode::NO_CONTENT.into_response(),
                false => failed(404, "contentMissing", "not a member"),
            }
        }
        _ => failed(404, "noSuchThing", "there is no such address"),
    }
}

fn team(data: &Data, (id, (title, members)): (&u64, &(String, BTreeSet<u64>))) -> Value {
    let inside = data.inside.get(id).into_iter().flatten();
    let all: BTreeSet<&u64> = members.iter().chain(inside).collect();
    let shown =
        |id: &u64| json!({"id": id, "username": data.people.get(id).map(|person| &person["username"])});
    let members: Vec<_> = all.into_iter().map(shown).collect();
    json!({"id": id, "title": title, "members": members, "directory": data.directory.contains(id)})
}

/// As the app shows a person: with what may not be sent back.
fn shown(person: &Map<String, Value>) -> Map<String, Value> {
    let mut shown = person.clone();
    shown.remove("password");
    shown.insert("displayName".to_owned(), person["username"].clone());
    shown.insert("resources".to_owned(), json!({"self": {"allowed": ["GET", "PUT"]}}));
    shown
}

fn people(data: &Data, query: &BTreeMap<String, String>) -> Response {
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
    let all = query.get("filter").is_some_and(|filter| filter == "all");
    let rows: Vec<_> =
        data.people.values().filter(|person| all || person["state"] == "on").map(shown).collect();
    let (start, count) = (number("startIndex"), number("count").min(PAGE));
    let page: Vec<_> = rows.iter().skip(start).take(count).collect();
    let next = start + page.len();
    let links = match next < rows.len() && !page.is_empty() {
        true => json!({"next": format!("/api/acme/people?startIndex={next}&count={count}")}),
        false => json!({}),
    };
    told(200, &json!({"list": page, "startIndex": start, "itemsPerPage": page.len(), "links": links}))
}

fn create(data: &mut Data, query: &BTreeMap<String, String>, body: Value) -> Response {
    let Value::Object(mut person) = body else { return failed(400, "bad", "no object") };
    let has = |name: &str| person.get(name).is_some_and(|value| !value.is_null());
    if !has("username") || !has("password") || query.get("welcome").is_none_or(|welcome| welcome != "false") {
        return failed(400, "bad", "username and password are required, and welcome=false");
    }
    if data.people.values().any(|other| other["username"] == person["username"]) {
        return failed(409, "taken", "the username is taken");
    }
    data.made += 1;
    let id = FIRST + data.made;
    person.insert("id".to_owned(), json!(id));
    person.insert("created".to_owned(), json!(jiff::Timestamp::now().as_millisecond()));
    person.entry("state").or_insert(json!("on"));
    data.people.insert(id, person);
    (StatusCode::CREATED, [("location", format!("/api/acme/people/{id}"))], "").into_response()
}

fn replace(data: &mut Data, id: u64, body: Value) -> Response {
    let Value::Object(person) = body else { return failed(400, "bad", "no object") };
    let Some(before) = data.people.get(&id) else {
        return failed(404, "contentMissing", "no such person");
    };
    if person.contains_key("resources") || person.contains_key("displayName") {
        return failed(400, "readOnly", "resources and displayName are not yours");
    }
    if person.get("username") != before.get("username") {
        return failed(409, "fixed", "the username cannot change");
    }
    let mut person = person;
    person.insert("password".to_owned(), before["password"].clone());
    data.people.insert(id, person);
    StatusCode::NO_CONTENT.into_response()
}
