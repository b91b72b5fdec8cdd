use std::path::Path as FilePath;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State, rejection::PathRejection};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::Value;

use super::SandboxError;
use super::answer::json;
use super::discovery::Discovery;
use super::fault::{Fault, quote};
use super::ground::{Ground, Kept, Ready};
use super::id::Id;
use super::key::Key;
use super::kind::Kind;
use super::projection::Projection;
use super::query::{ListRequest, Query};
use super::service::{self, Shown, names_version};
use super::store::Store;
use super::target::Object;

/// The state that every request needs. Files are written under the lock, in the handler: they are local and small.
pub(super) struct Shared {
    pub store: RwLock<Store>,
    /// As in [`Ready::base_url`].
    pub base: String,
    pub key: Key,
    /// The longest body, in bytes.
    pub max_body: usize,
    /// The largest number of resources on a page.
    pub page: usize,
}

impl Shared {
    fn read(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn discovery(&self) -> Discovery<'_> {
        Discovery { base: &self.base, page: self.page }
    }
}

type App = State<Arc<Shared>>;
type Answer = Result<Response, Fault>;

/// The path of the base address.
const ROOT: &str = "/scim/v2";

/// Opens the data folder, and makes the server that shows it.
///
/// # Errors
/// The folder is in use, cannot be read or written, or holds files that no sandbox wrote.
pub(super) fn ready(dir: &FilePath, patience: Duration, ground: Ground) -> Result<Ready, SandboxError> {
    let base_url = format!("{}{ROOT}", ground.origin);
    let shared = Arc::new(Shared {
        store: RwLock::new(Store::open(dir, patience)?),
        base: base_url.clone(),
        key: ground.key,
        max_body: ground.max_body,
        page: ground.page,
    });
    Ok(Ready { router: router(Arc::clone(&shared)), kept: shared, base_url })
}

impl Kept for Shared {
    fn close(&self) -> Result<(), SandboxError> {
        self.write().close()
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let scim = Router::new().route("/{endpoint}", any(collection)).route("/{endpoint}/{id}", any(member));
    Router::new()
        .nest(ROOT, scim)
        .fallback(nowhere)
        .layer(from_fn_with_state(Arc::clone(&shared), authenticate))
        .with_state(shared)
}

async fn authenticate(State(app): App, request: Request, next: Next) -> Response {
    match app.key.is_bearer(request.headers()) {
        true => next.run(request).await,
        false => {
            Fault::plain(StatusCode::UNAUTHORIZED, "the bearer token is missing or wrong").into_response()
        }
    }
}

async fn nowhere(request: Request) -> Fault {
    Fault::not_found(request.uri().path())
}

/// `/Users`, `/Groups`, and the lists about the server itself.
async fn collection(State(app): App, path: Result<Path<String>, PathRejection>, request: Request) -> Answer {
    let Path(endpoint) = path.map_err(bad_path)?;
    let query = Query::of(request.uri())?;
    let Some(kind) = Kind::from_endpoint(&endpoint) else {
        not_built(&endpoint)?;
        let answer = app.discovery().collection(&endpoint).ok_or_else(|| Fault::not_found(&endpoint))?;
        return about(&request, &query, &answer);
    };
    match *request.method() {
        Method::GET => {
            let list = ListRequest::from_query(kind, &query)?;
            Ok(json(StatusCode::OK, &service::list(&app.read(), &app.base, kind, &list, app.page)?))
        }
        Method::POST => {
            let projection = query.projection(kind)?;
            let body = object(&app, request).await?;
            let shown = service::create(&mut app.write(), &app.base, kind, &body)?;
            Ok(resource(StatusCode::CREATED, kind, &projection, shown))
        }
        _ => Ok(not_allowed("GET, POST")),
    }
}

/// `/Users/{id}`, `/Users/.search`, `/Schemas/{urn}`.
async fn member(
    State(app): App,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Answer {
    let Path((endpoint, id)) = path.map_err(bad_path)?;
    let query = Query::of(request.uri())?;
    let Some(kind) = Kind::from_endpoint(&endpoint) else {
        not_built(&endpoint)?;
        return about(&request, &query, &app.discovery().member(&endpoint, &id)?);
    };
    if id == ".search" {
        return search(&app, kind, request).await;
    }
    let found = id.parse().ok().filter(|id: &Id| id.kind == kind);
    let id = found.ok_or_else(|| Fault::not_found(&format!("{endpoint}/{id}")))?;
    let projection = query.projection(kind)?;
    let if_match = tags(request.headers(), &header::IF_MATCH)?;
    let if_match = if_match.as_deref();
    match *request.method() {
        Method::GET => {
            let seen = tags(request.headers(), &header::IF_NONE_MATCH)?;
            let shown = service::get(&app.read(), &app.base, id)?;
            if seen.is_some_and(|seen| names_version(&seen, &shown.version)) {
                return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), &shown.version));
            }
            Ok(resource(StatusCode::OK, kind, &projection, shown))
        }
        Method::PUT => {
            let body = object(&app, request).await?;
            let shown = service::replace(&mut app.write(), &app.base, id, &body, if_match)?;
            Ok(resource(StatusCode::OK, kind, &projection, shown))
        }
        Method::PATCH => {
            let body = object(&app, request).await?;
            let shown = service::modify(&mut app.write(), &app.base, id, &body, if_match)?;
            Ok(resource(StatusCode::OK, kind, &projection, shown))
        }
        Method::DELETE => {
            service::delete(&mut app.write(), id, if_match)?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Ok(not_allowed("GET, PUT, PATCH, DELETE")),
    }
}

/// RFC 7644 section 3.4.3.
async fn search(app: &Shared, kind: Kind, request: Request) -> Answer {
    if request.method() != Method::POST {
        return Ok(not_allowed("POST"));
    }
    let body = object(app, request).await?;
    let list = ListRequest::from_body(kind, &body)?;
    Ok(json(StatusCode::OK, &service::list(&app.read(), &app.base, kind, &list, app.page)?))
}

/// An answer about the server itself: it can be read, and only as a whole (RFC 7644 section 4).
fn about(request: &Request, query: &Query, answer: &Value) -> Answer {
    if request.method() != Method::GET {
        return Ok(not_allowed("GET"));
    }
    if query.get("filter").is_some() {
        return Err(Fault::plain(StatusCode::FORBIDDEN, "this cannot be filtered"));
    }
    Ok(json(StatusCode::OK, answer))
}

fn not_built(endpoint: &str) -> Result<(), Fault> {
    if matches!(endpoint, "Me" | "Bulk" | ".search") {
        return Err(Fault::plain(StatusCode::NOT_IMPLEMENTED, format!("the sandbox has no /{endpoint}")));
    }
    Ok(())
}

/// The body: one JSON object within the limit.
async fn object(app: &Shared, request: Request) -> Result<Object, Fault> {
    let headers = request.headers();
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !["application/scim+json", "application/json"].iter().any(|known| known.eq_ignore_ascii_case(media)) {
        return Err(Fault::plain(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("the Content-Type is {}, not application/scim+json", quote(media)),
        ));
    }
    // Reading fails if the body is too long, or if the client is gone; a client that is gone does not see the answer.
    let bytes = to_bytes(request.into_body(), app.max_body).await.map_err(|_| {
        Fault::plain(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body is longer than {} bytes, or broke off", app.max_body),
        )
    })?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Fault::syntax("the body must be a JSON object")),
        Err(error) => Err(Fault::syntax(format!("the body is not JSON: {error}"))),
    }
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, Fault> {
    let mut all = Vec::new();
    for value in headers.get_all(name) {
        let text = value.to_str().map_err(|_| Fault::value(format!("{name} is not ASCII")))?;
        all.push(text);
    }
    Ok((!all.is_empty()).then(|| all.join(",")))
}

fn bad_path(rejection: PathRejection) -> Fault {
    Fault::plain(StatusCode::BAD_REQUEST, rejection.body_text())
}

fn resource(status: StatusCode, kind: Kind, projection: &Projection, shown: Shown) -> Response {
    let body = Value::Object(projection.apply(kind, shown.resource));
    let mut response = tagged(json(status, &body), &shown.version);
    if let Ok(location) = HeaderValue::from_str(&shown.location) {
        let name = if status == StatusCode::CREATED { header::LOCATION } else { header::CONTENT_LOCATION };
        response.headers_mut().insert(name, location);
    }
    response
}

fn tagged(mut response: Response, version: &str) -> Response {
    if let Ok(version) = HeaderValue::from_str(version) {
        response.headers_mut().insert(header::ETAG, version);
    }
    response
}

fn not_allowed(allow: &'static str) -> Response {
    let fault = Fault::plain(StatusCode::METHOD_NOT_ALLOWED, format!("only {allow} can be used here"));
    let mut response = fault.into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}
