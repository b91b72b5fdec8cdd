//! Apps that turn requests away, and tokens that end, while eight pages are under way together. The server is ours, and decides by the
//! number of requests, not by time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::ahead::{PAGE, planned, rows};

/// Accounts of the app; the last page is full.
const PEOPLE: usize = 40 * PAGE;

#[derive(Default)]
struct App {
    /// Requests for pages.
    requests: usize,
    /// Requests that are turned away, by number.
    turns_away: Vec<usize>,
    /// Pages that were answered.
    answered: Vec<usize>,
    /// How many times a token is good; without it no token is wanted.
    uses: Option<usize>,
    /// How many times each token was used.
    used: Vec<usize>,
    /// Requests that came with a token that had ended.
    ended: usize,
    /// Requests for a token that are under way.
    asking: usize,
    most_asking: usize,
}

type Shared = Arc<Mutex<App>>;

fn lock(app: &Shared) -> MutexGuard<'_, App> {
    app.lock().expect("no handler panicked")
}

async fn users(
    State(app): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let page: usize = query["page"].parse().expect("a number");
    {
        let mut app = lock(&app);
        app.requests += 1;
        if app.turns_away.contains(&app.requests) {
            return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1")]).into_response();
        }
        if let Some(uses) = app.uses {
            let token = headers.get("authorization").and_then(|text| text.to_str().ok());
            let token: Option<usize> = token.and_then(|text| text.strip_prefix("Bearer t")?.parse().ok());
            let used = token.and_then(|number| app.used.get_mut(number)).filter(|used| **used < uses);
            let Some(used) = used else {
                app.ended += 1;
                return StatusCode::UNAUTHORIZED.into_response();
            };
            *used += 1;
        }
        app.answered.push(page);
    }
    // So that others are under way at the same time.
    tokio::time::sleep(Duration::from_millis(20)).await;
    Json(json!({"items": rows(page, PEOPLE), "total": PEOPLE})).into_response()
}

async fn token(State(app): State<Shared>) -> Json<Value> {
    let number = {
        let mut app = lock(&app);
        app.asking += 1;
        app.most_asking = app.most_asking.max(app.asking);
        app.used.push(0);
        app.used.len() - 1
    };
    tokio::time::sleep(Duration::from_millis(50)).await;
    lock(&app).asking -= 1;
    Json(json!({"access_token": format!("t{number}"), "expires_in": 3600}))
}

const KEY: &str = "auth: {key: {header: X-Api-Key}}";
const LOGIN: &str = r#"auth:
      login:
        needs: {user: text, password: secret}
        token: {POST: /login, json: {user: "{user}", password: "{password}"}, read: {token: access_token, expires_in: expires_in}}
        send: {header: Authorization, value: "Bearer {token}"}"#;

/// What the app was asked for by a plan, which sees all its accounts.
fn asked(app: App, auth: &str) -> App {
    let app = Arc::new(Mutex::new(app));
    let router = Router::new().route("/users", get(users)).route("/login", post(token));
    let form = if lock(&app).uses.is_some() { LOGIN } else { KEY };
    let document = include_str!("../documents/desk.yaml").replace(KEY, form);
    let output = planned(router.with_state(app.clone()), &document, auth);
    let stdout = &output.stdout;
    assert!(stdout.contains(&format!("{PEOPLE} active accounts")), "{stdout}{}", output.stderr);
    assert!(!stdout.contains("did not show all"), "{stdout}");
    let asked = std::mem::take(&mut *lock(&app));
    let mut answered = asked.answered.clone();
    answered.sort_unstable();
    // One more, because the last page is full.
    assert_eq!(answered, (1..=PEOPLE / PAGE + 1).collect::<Vec<_>>(), "each page is answered once");
    asked
}

#[test]
fn pages_that_are_turned_away_come_once_and_none_is_lost() {
    // The first page, one of eight, and one that is alone after that.
    let app = App { turns_away: vec![1, 7, 10], ..App::default() };
    let asked = asked(app, "{key: {env: DESK_KEY}}");
    assert_eq!(asked.requests, asked.answered.len() + 3);
}

#[test]
fn a_token_that_ends_under_eight_requests_is_asked_for_once() {
    // A repeat finds a token that the seven others have not used up.
    let app = App { uses: Some(16), ..App::default() };
    let asked = asked(app, "{login: {user: ada, password: {env: DESK_KEY}}, account: none}");
    assert_eq!(asked.most_asking, 1, "never two requests for a token at once");
    assert_eq!(asked.used.len(), asked.answered.len().div_ceil(16), "one token after the other");
    assert!(asked.ended >= 2, "tokens did end: {}", asked.ended);
    assert_eq!(asked.requests, asked.answered.len() + asked.ended, "each refused request is repeated once");
}
