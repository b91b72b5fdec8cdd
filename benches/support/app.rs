//! An app that serves a company over SCIM: lists by page, look-ups, single objects. Nobody can write to it.

use std::collections::HashMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::company::Company;
use super::habits::{Habits, Life, Log};
use super::resources::{self, Resource};

/// Rows in a page, which the app names as its most.
pub const PAGE: usize = 1000;

struct App {
    users: List,
    groups: List,
    life: Life,
}

impl App {
    fn of(company: &Company) -> Arc<App> {
        Arc::new(App {
            users: List::new(resources::users(company)),
            groups: List::new(resources::groups(company)),
            life: Life::default(),
        })
    }
}

struct List {
    all: Vec<Resource>,
    by_id: HashMap<String, usize>,
    by_key: HashMap<(&'static str, String), usize>,
}

impl List {
    fn new(all: Vec<Resource>) -> List {
        let mut list = List {
            by_id: HashMap::with_capacity(all.len()),
            by_key: HashMap::with_capacity(all.len() * 2),
            all: Vec::new(),
        };
        for (number, resource) in all.iter().enumerate() {
            list.by_id.insert(resource.id.clone(), number);
            for (name, value) in &resource.keys {
                list.by_key.insert((*name, value.to_lowercase()), number);
            }
        }
        list.all = all;
        list
    }

    /// `attribute eq "value"`; anything else finds nobody.
    fn find(&self, filter: &str) -> Option<&Resource> {
        let (name, rest) = filter.split_once(" eq ")?;
        let value = rest.trim().trim_matches('"').to_lowercase();
        let name = ["username", "externalid", "displayname"]
            .into_iter()
            .find(|known| name.trim().eq_ignore_ascii_case(known))?;
        Some(&self.all[*self.by_key.get(&(name, value))?])
    }

    /// A page of at most so many rows.
    fn page(&self, query: &HashMap<String, String>, most: usize) -> String {
        if let Some(filter) = query.get("filter") {
            let found = self.find(filter);
            return list(1, usize::from(found.is_some()), found.into_iter());
        }
        let number =
            |name: &str, default| query.get(name).and_then(|text| text.parse().ok()).unwrap_or(default);
        let first = number("startIndex", 1usize).max(1);
        let count = number("count", most).min(most);
        list(first, self.all.len(), self.all.iter().skip(first - 1).take(count))
    }
}

fn list<'r>(first: usize, total: usize, rows: impl Iterator<Item = &'r Resource>) -> String {
    let bodies: Vec<&str> = rows.map(|resource| resource.body.as_str()).collect();
    format!(
        "{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\"totalResults\":{total},\
         \"startIndex\":{first},\"itemsPerPage\":{},\"Resources\":[{}]}}",
        bodies.len(),
        bodies.join(",")
    )
}

/// Serves until the process ends; prints its address as soon as it listens.
pub fn serve(company: &Company) {
    let app = App::of(company);
    runtime().block_on(async {
        let listener = listener().await;
        println!("{}", listener.local_addr().expect("an address"));
        std::io::stdout().flush().expect("the address is told");
        axum::serve(listener, router(app)).await.expect("it serves");
    });
}

/// An app in this process, on a thread of its own. It ends with this value.
pub struct Here {
    /// Its address, without a path.
    pub url: String,
    app: Arc<App>,
    _runtime: tokio::runtime::Runtime,
}

impl Here {
    pub fn start(company: &Company) -> Here {
        let (app, runtime) = (App::of(company), runtime());
        let listener = runtime.block_on(listener());
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = router(app.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Here { url, app, _runtime: runtime }
    }

    /// From now on it is like this, and nothing was asked for yet.
    pub fn turn(&self, habits: Habits) {
        self.app.life.turn(habits);
    }

    /// What it was asked for since then.
    pub fn log(&self) -> Log {
        self.app.life.log()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime")
}

async fn listener() -> tokio::net::TcpListener {
    tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port")
}

fn router(app: Arc<App>) -> Router {
    let lived = async |State(app): Shared, request: Request, next: Next| app.life.pass(request, next).await;
    let users = async |app: Shared, query: Asked| scim(app.users.page(&query, app.life.page()));
    let groups = async |app: Shared, query: Asked| scim(app.groups.page(&query, app.life.page()));
    let scim = Router::new()
        .route("/Users", get(users))
        .route("/Groups", get(groups))
        .route("/Users/{id}", get(|app: Shared, id: Path<String>| async move { one(&app.users, &id) }))
        .route("/Groups/{id}", get(|app: Shared, id: Path<String>| async move { one(&app.groups, &id) }))
        .route("/ServiceProviderConfig", get(async || scim(config())))
        .layer(middleware::from_fn_with_state(app.clone(), lived));
    Router::new()
        .nest("/scim/v2", scim)
        .route(
            "/token",
            axum::routing::post(async |State(app): Shared| Json::<Value>(app.life.token().await)),
        )
        // Asked by the measuring, not by the program.
        .route("/requests", get(async |State(app): Shared| app.life.requests().to_string()))
        .with_state(app)
}

type Shared = State<Arc<App>>;
type Asked = Query<HashMap<String, String>>;

fn scim(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/scim+json")], body).into_response()
}

fn one(list: &List, id: &str) -> Response {
    match list.by_id.get(id) {
        Some(number) => scim(list.all[*number].body.clone()),
        None => {
            let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"});
            (StatusCode::NOT_FOUND, scim(body.to_string())).into_response()
        }
    }
}

fn config() -> String {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": PAGE},
        "changePassword": {"supported": false},
        "sort": {"supported": false},
        "etag": {"supported": false},
        "authenticationSchemes": [],
    })
    .to_string()
}
