//! Pages of a list with a total that are asked for side by side. The server is ours: it shows how the engine reads, and not that a real
//! app answers so.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Json, Response};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::support::program::{Output, Repo};

/// Accounts of the app.
const PEOPLE: usize = 12;
/// Rows of a page.
pub const PAGE: usize = 3;

/// The rows of a page of an app with so many accounts.
pub fn rows(page: usize, people: usize) -> Vec<Value> {
    let row = |number: usize| json!({"id": number, "login": format!("p{number}"), "email": format!("p{number}@x.example"), "name": "P", "role": "member", "state": "active"});
    (0..people).map(row).skip((page - 1) * PAGE).take(PAGE).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Habit {
    /// The second page is answered once the third was asked for.
    WaitsForTheThird,
    /// The second page has two rows, whatever is asked for.
    ShortInTheMiddle,
    /// The total is another one, so many times.
    TotalChanges(usize),
    /// The second page has a row of the first one, so many times.
    RowMoves(usize),
}

struct Shared {
    habit: Habit,
    third: Notify,
    times: AtomicUsize,
    asked: Mutex<Vec<String>>,
}

async fn users(State(app): State<Arc<Shared>>, Query(query): Query<BTreeMap<String, String>>) -> Response {
    let page: usize = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    app.asked.lock().expect("no handler panicked").push(page.to_string());
    let mut rows = rows(page, PEOPLE);
    let mut total = PEOPLE;
    match (app.habit, page) {
        (Habit::WaitsForTheThird, 3) => app.third.notify_one(),
        (Habit::WaitsForTheThird, 2) => {
            let waited = tokio::time::timeout(Duration::from_secs(20), app.third.notified()).await;
            if waited.is_err() {
                return (axum::http::StatusCode::INTERNAL_SERVER_ERROR, "one after the other")
                    .into_response();
            }
        }
        (Habit::ShortInTheMiddle, 2) => rows.truncate(2),
        (Habit::TotalChanges(times), 3) if app.times.fetch_add(1, Ordering::SeqCst) < times => total += 1,
        (Habit::RowMoves(times), 2) if app.times.fetch_add(1, Ordering::SeqCst) < times => {
            rows[0]["id"] = json!(0);
        }
        _ => {}
    }
    Json(json!({"items": rows, "total": total})).into_response()
}

/// What a plan says, and which pages were asked for, in order.
fn plan(habit: Habit) -> (Output, Vec<String>) {
    let times = AtomicUsize::new(0);
    let app = Arc::new(Shared { habit, third: Notify::new(), times, asked: Mutex::new(Vec::new()) });
    let router = Router::new().route("/users", axum::routing::get(users)).with_state(app.clone());
    let output = planned(router, include_str!("../documents/desk.yaml"), "{key: {env: DESK_KEY}}");
    let mut asked = app.asked.lock().expect("no handler panicked").clone();
    asked.sort();
    (output, asked)
}

/// What a plan says of an app with this list of users and no teams. Pages of the document are small.
pub fn planned(router: Router, document: &str, auth: &str) -> Output {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let empty = axum::routing::get(|| async { Json(json!({"items": [], "total": 0})) });
    let router = router.route("/teams", empty);
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
    let document = document.replace("max: 100", &format!("max: {PAGE}"));
    let repo = Repo::new();
    repo.file("rolecall.yaml", "version: 1\nsecrets:\n  DESK_KEY: {app: desk, host: 127.0.0.1}\n")
        .file("access/connector.yaml", document)
        .file(
            "access/app.yaml",
            format!("apps:\n  desk: {{connector: desk, url: {url}, auth: {auth}, users: {{scope: all}}}}\n"),
        )
        .file("access/people.yaml", "users: {ada: {name: Ada, email: ada@x.example}}\n")
        .file(".gitignore", ".rolecall\n");
    repo.rolecall(["ledger", "init", "--local"]).run().ends_with(0);
    repo.commit("A company");
    repo.rolecall(["plan"]).env("DESK_KEY", "hush").run()
}

/// All twelve accounts are there, each once, and nothing is concluded from a list that is short.
fn is_whole(output: &Output) -> bool {
    assert!(output.stdout.contains("12 active accounts"), "{}", output.stdout);
    !output.stdout.contains("did not show all")
}

#[test]
fn pages_behind_the_first_are_under_way_together() {
    let (output, asked) = plan(Habit::WaitsForTheThird);
    assert!(is_whole(&output), "{}", output.stdout);
    assert_eq!(asked[..4], ["1", "2", "3", "4"], "each page once");
}

#[test]
fn a_short_page_in_the_middle_makes_the_list_short() {
    // Pages of this app have numbers: what a page leaves out is in no other one.
    let (output, _) = plan(Habit::ShortInTheMiddle);
    assert!(output.stdout.contains("11 active accounts"), "{}", output.stdout);
}

#[test]
fn a_list_that_changes_while_it_is_read_is_read_once_more() {
    for habit in [Habit::TotalChanges, Habit::RowMoves] {
        let (output, _) = plan(habit(1));
        assert!(is_whole(&output), "{}", output.stdout);
        let (output, _) = plan(habit(9));
        assert_eq!(output.status, 3, "{}", output.stdout);
    }
}
