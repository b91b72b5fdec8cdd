//! An app that serves a company over SCIM: lists by page, look-ups, single objects. Nobody can write to it.

use std::collections::HashMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use serde_json::json;

use super::company::Company;
use super::resources::{self, Resource};

/// Rows in a page, which the app names as its most.
pub const PAGE: usize = 1000;

struct App {
    users: List,
    groups: List,
    requests: AtomicU64,
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

    fn page(&self, query: &HashMap<String, String>) -> String {
        if let Some(filter) = query.get("filter") {
            let found = self.find(filter);
            return list(1, usize::from(found.is_some()), found.into_iter());
        }
        let number =
            |name: &str, default| query.get(name).and_then(|text| text.parse().ok()).unwrap_or(default);
        let first = number("startIndex", 1usize).max(1);
        let count = number("count", PAGE).min(PAGE);
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
    let app = Arc::new(App {
        users: List::new(resources::users(company)),
        groups: List::new(resources::groups(company)),
        requests: AtomicU64::new(0),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = tokio::net::TcpListener::bind(any).await.expect("a free port");
        println!("{}", listener.local_addr().expect("an address"));
        std::io::stdout().flush().expect("the address is told");
        axum::serve(listener, router(app)).await.expect("it serves");
    });
}

fn router(app: Arc<App>) -> Router {
    let count = middleware::from_fn_with_state(
        app.clone(),
        |State(app): State<Arc<App>>, request, next: middleware::Next| async move {
            app.requests.fetch_add(1, Ordering::Relaxed);
            next.run(request).await
        },
    );
    let scim = Router::new()
        .route("/Users", get(|app: Shared, query: Asked| async move { scim(app.users.page(&query)) }))
        .route("/Groups", get(|app: Shared, query: Asked| async move { scim(app.groups.page(&query)) }))
        .route("/Users/{id}", get(|app: Shared, id: Path<String>| async move { one(&app.users, &id) }))
        .route("/Groups/{id}", get(|app: Shared, id: Path<String>| async move { one(&app.groups, &id) }))
        .route("/ServiceProviderConfig", get(async || scim(config())))
        .layer(count);
    Router::new()
        .nest("/scim/v2", scim)
        // Asked by the measuring, not by the program.
        .route(
            "/requests",
            get(|app: Shared| async move { app.requests.swap(0, Ordering::Relaxed).to_string() }),
        )
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
