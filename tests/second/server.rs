//! The invented app: an HTTP server with an interface that is not SCIM.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

/// The number of rows in a page.
const PAGE: usize = 2;

/// The data of the app.
#[derive(Default)]
pub struct Data {
    next: u32,
    /// The attributes of each person, by key.
    pub people: BTreeMap<String, Map<String, Value>>,
    /// The label and the members of each team, by key.
    pub teams: BTreeMap<String, (String, BTreeSet<String>)>,
    /// The accepted writes, as method and path.
    pub writes: Vec<String>,
}

/// The running app; it ends when the value is dropped.
pub struct Server {
    data: Arc<Mutex<Data>>,
    pub url: String,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Starts the app, in which people have an attribute with the random name `drawn`.
    pub fn start(drawn: &str) -> Server {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let data = Arc::new(Mutex::new(Data::default()));
        let app = App { data: data.clone(), drawn: drawn.into() };
        let router = Router::new()
            .route("/api/people", get(people).post(hire))
            .route("/api/people/{key}", get(person).patch(change_person))
            .route("/api/teams", get(teams).post(found))
            .route("/api/teams/{key}", get(team).patch(rename).delete(dissolve))
            .route("/api/teams/{key}/crew", get(crew))
            .route("/api/teams/{key}/crew/{login}", axum::routing::put(join).delete(leave))
            .with_state(app);
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}/api", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Server { data, url, _runtime: runtime }
    }

    pub fn data(&self) -> MutexGuard<'_, Data> {
        self.data.lock().expect("no handler panicked")
    }

    /// An attribute of the person with this login.
    pub fn of(&self, login: &str, attribute: &str) -> Value {
        self.data().person(login)[attribute].clone()
    }

    /// Changes an attribute in the app, without rolecall.
    pub fn set(&self, login: &str, attribute: &str, value: &str) {
        let mut data = self.data();
        let person = data.people.values_mut().find(|person| person["login"] == login).expect("a person");
        person.insert(attribute.to_owned(), value.into());
    }

    /// The logins of each team.
    pub fn crews(&self) -> String {
        let data = self.data();
        let crew = |(label, crew): &(String, BTreeSet<String>)| {
            format!("{label}: {}\n", crew.iter().cloned().collect::<Vec<_>>().join(" "))
        };
        let mut lines: Vec<_> = data.teams.values().map(crew).collect();
        lines.sort();
        lines.concat()
    }
}

impl Data {
    fn person(&self, login: &str) -> &Map<String, Value> {
        self.people.values().find(|person| person["login"] == login).expect("a person with this login")
    }

    fn key(&mut self, letter: char) -> String {
        self.next += 1;
        format!("{letter}{:04}", self.next)
    }
}

#[derive(Clone)]
struct App {
    data: Arc<Mutex<Data>>,
    drawn: Arc<str>,
}

impl App {
    fn data(&self) -> MutexGuard<'_, Data> {
        self.data.lock().expect("no handler panicked")
    }

    /// Records an accepted write.
    fn note(&self, what: String) {
        self.data().writes.push(what);
    }
}

type Refusal = (StatusCode, Json<Value>);

fn refusal(status: StatusCode, problem: &str, says: &str) -> Refusal {
    (status, Json(json!({"problem": problem, "says": says})))
}

fn no_such() -> Refusal {
    refusal(StatusCode::NOT_FOUND, "no-such", "there is nothing with this key")
}

/// One page, and the token of the next page if there is one.
fn page(rows: Vec<(String, Value)>, name: &str, query: &BTreeMap<String, String>) -> Response {
    let token = |key: &str| format!("after:{}", key.chars().rev().collect::<String>());
    let begin = match query.get("after") {
        None => 0,
        Some(after) => match rows.iter().position(|(key, _)| token(key) == *after) {
            Some(place) => place + 1,
            None => return refusal(StatusCode::BAD_REQUEST, "bad-token", after).into_response(),
        },
    };
    let shown: Vec<_> = rows[begin..].iter().take(PAGE).collect();
    let mut body = json!({name: shown.iter().map(|(_, row)| row).collect::<Vec<_>>()});
    if let Some((last, _)) = shown.last().filter(|_| begin + PAGE < rows.len()) {
        body["more"] = token(last).into();
    }
    Json(body).into_response()
}

async fn people(State(app): State<App>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let rows = app.data().people.iter().map(|(key, person)| (key.clone(), person.clone().into())).collect();
    page(rows, "people", &query)
}

async fn person(State(app): State<App>, Path(key): Path<String>) -> Result<Json<Value>, Refusal> {
    app.data().people.get(&key).map(|person| Json(person.clone().into())).ok_or_else(no_such)
}

/// Refuses a body with an unknown attribute.
fn known(app: &App, body: &Map<String, Value>) -> Result<(), Refusal> {
    let names = ["login", "label", "state", &app.drawn];
    match body.keys().find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(refusal(StatusCode::BAD_REQUEST, "unknown-attribute", name)),
        None => Ok(()),
    }
}

async fn hire(
    State(app): State<App>,
    Json(mut body): Json<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    known(&app, &body)?;
    let mut data = app.data();
    if data.people.values().any(|person| person["login"] == body["login"]) {
        return Err(refusal(StatusCode::CONFLICT, "login-taken", "another person has this login"));
    }
    let key = data.key('p');
    body.insert("key".to_owned(), key.as_str().into());
    body.entry("state").or_insert_with(|| "on".into());
    data.people.insert(key, body.clone());
    data.writes.push(format!("hire {}", body["login"].as_str().unwrap_or_default()));
    Ok((StatusCode::CREATED, Json(body.into())))
}

async fn change_person(
    State(app): State<App>,
    Path(key): Path<String>,
    Json(body): Json<Map<String, Value>>,
) -> Result<Json<Value>, Refusal> {
    known(&app, &body)?;
    let mut data = app.data();
    let person = data.people.get_mut(&key).ok_or_else(no_such)?;
    person.extend(body.into_iter().filter(|(_, value)| !value.is_null()));
    let person = person.clone();
    data.writes.push(format!("change {}", person["login"].as_str().unwrap_or_default()));
    Ok(Json(person.into()))
}

fn shown(key: &str, label: &str) -> Value {
    json!({"key": key, "label": label})
}

async fn teams(State(app): State<App>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let rows = app.data().teams.iter().map(|(key, (label, _))| (key.clone(), shown(key, label))).collect();
    page(rows, "teams", &query)
}

async fn team(State(app): State<App>, Path(key): Path<String>) -> Result<Json<Value>, Refusal> {
    app.data().teams.get(&key).map(|(label, _)| Json(shown(&key, label))).ok_or_else(no_such)
}

async fn found(
    State(app): State<App>,
    Json(body): Json<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let label = body["label"].as_str().unwrap_or_default().to_owned();
    let mut data = app.data();
    let key = data.key('t');
    data.teams.insert(key.clone(), (label.clone(), BTreeSet::new()));
    data.writes.push(format!("found {label}"));
    Ok((StatusCode::CREATED, Json(shown(&key, &label))))
}

async fn rename(
    State(app): State<App>,
    Path(key): Path<String>,
    Json(body): Json<Map<String, Value>>,
) -> Result<Json<Value>, Refusal> {
    let label = body["label"].as_str().unwrap_or_default().to_owned();
    app.data().teams.get_mut(&key).ok_or_else(no_such)?.0 = label.clone();
    app.note(format!("rename {label}"));
    Ok(Json(shown(&key, &label)))
}

async fn dissolve(State(app): State<App>, Path(key): Path<String>) -> Result<StatusCode, Refusal> {
    let (label, _) = app.data().teams.remove(&key).ok_or_else(no_such)?;
    app.note(format!("dissolve {label}"));
    Ok(StatusCode::NO_CONTENT)
}

async fn crew(State(app): State<App>, Path(key): Path<String>) -> Result<Json<Value>, Refusal> {
    app.data().teams.get(&key).map(|(_, crew)| Json(json!({"crew": crew}))).ok_or_else(no_such)
}

async fn join(
    State(app): State<App>,
    Path((key, login)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let mut data = app.data();
    if !data.people.values().any(|person| person["login"] == login.as_str()) {
        return Err(refusal(StatusCode::BAD_REQUEST, "no-such-login", &login));
    }
    let (label, crew) = data.teams.get_mut(&key).ok_or_else(no_such)?;
    crew.insert(login.clone());
    let what = format!("join {label} {login}");
    data.writes.push(what);
    Ok(StatusCode::NO_CONTENT)
}

async fn leave(
    State(app): State<App>,
    Path((key, login)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let mut data = app.data();
    let (label, crew) = data.teams.get_mut(&key).ok_or_else(no_such)?;
    crew.remove(&login);
    let what = format!("leave {label} {login}");
    data.writes.push(what);
    Ok(StatusCode::NO_CONTENT)
}
