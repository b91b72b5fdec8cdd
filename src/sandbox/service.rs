use axum::http::StatusCode;
use serde_json::{Value, json};

use super::draft::Draft;
use super::fault::Fault;
use super::id::Id;
use super::kind::Kind;
use super::query::ListRequest;
use super::render::{Renderer, version};
use super::state::{Entry, State};
use super::store::Store;
use super::target::Object;
use super::{patch, shape};

/// A resource in an answer, before the attributes are selected.
#[derive(Debug)]
pub(super) struct Shown {
    pub resource: Object,
    pub location: String,
    pub version: String,
}

/// Adds a resource (RFC 7644 section 3.3). Users are active by default.
pub(super) fn create(store: &mut Store, base: &str, kind: Kind, body: &Object) -> Result<Shown, Fault> {
    let mut attributes = shape::resource(kind, body)?;
    if kind == Kind::User {
        attributes.entry("active").or_insert(Value::Bool(true));
    }
    let id = store.create(kind, Draft::new(kind, attributes)?)?;
    get(store, base, id)
}

/// One resource (RFC 7644 section 3.4.1).
pub(super) fn get(store: &Store, base: &str, id: Id) -> Result<Shown, Fault> {
    let state = store.state()?;
    let entry = entry(state, id)?;
    let renderer = Renderer { state, base };
    Ok(Shown {
        resource: renderer.resource(id, entry),
        location: renderer.location(id),
        version: version(entry),
    })
}

/// Replaces all writable attributes (RFC 7644 section 3.5.1). A missing attribute is cleared, except `active`: a client
/// that does not send it must not enable a disabled account.
pub(super) fn replace(
    store: &mut Store,
    base: &str,
    id: Id,
    body: &Object,
    if_match: Option<&str>,
) -> Result<Shown, Fault> {
    let entry = unchanged(store, id, if_match)?;
    let mut attributes = shape::resource(id.kind, body)?;
    if let Some(active) = entry.attributes.get("active") {
        attributes.entry("active").or_insert_with(|| active.clone());
    }
    store.update(id, Draft::new(id.kind, attributes)?)?;
    get(store, base, id)
}

/// Changes parts of a resource: all operations are done or none (RFC 7644 section 3.5.2).
pub(super) fn modify(
    store: &mut Store,
    base: &str,
    id: Id,
    body: &Object,
    if_match: Option<&str>,
) -> Result<Shown, Fault> {
    unchanged(store, id, if_match)?;
    let before = get(store, base, id)?.resource;
    let attributes = patch::apply(id.kind, before, body)?;
    store.update(id, Draft::new(id.kind, attributes)?)?;
    get(store, base, id)
}

/// Removes a resource for good (RFC 7644 section 3.6).
pub(super) fn delete(store: &mut Store, id: Id, if_match: Option<&str>) -> Result<(), Fault> {
    unchanged(store, id, if_match)?;
    store.delete(id)
}

/// One page of the resources that match the filter, in the order of their creation (RFC 7644 section 3.4.2).
pub(super) fn list(
    store: &Store,
    base: &str,
    kind: Kind,
    request: &ListRequest,
    page: usize,
) -> Result<Value, Fault> {
    let state = store.state()?;
    let renderer = Renderer { state, base };
    let skip = request.start - 1;
    let take = request.count.unwrap_or(page).min(page);
    let (total, shown): (usize, Vec<Object>) = match &request.filter {
        None => {
            let rows = state.all(kind).skip(skip).take(take);
            (state.all(kind).count(), rows.map(|(id, entry)| renderer.resource(id, entry)).collect())
        }
        Some(filter) => {
            let render = |(id, entry)| renderer.resource(id, entry);
            let fitting: Vec<Object> = match filter.unique_key(kind) {
                Some(key) => {
                    let found = state.named(kind, key).and_then(|id| Some((id, state.get(id)?)));
                    found.into_iter().map(render).collect()
                }
                None => state.all(kind).map(render).filter(|resource| filter.matches(resource)).collect(),
            };
            (fitting.len(), fitting.into_iter().skip(skip).take(take).collect())
        }
    };
    let resources: Vec<Value> =
        shown.into_iter().map(|resource| request.projection.apply(kind, resource).into()).collect();
    Ok(list_response(total, request.start, resources))
}

/// The envelope of a list (RFC 7644 section 3.4.2).
pub(super) fn list_response(total: usize, start: usize, resources: Vec<Value>) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// The resource, if the client has seen its current version (RFC 7644 section 3.14).
fn unchanged<'a>(store: &'a Store, id: Id, if_match: Option<&str>) -> Result<&'a Entry, Fault> {
    let entry = entry(store.state()?, id)?;
    match if_match {
        Some(tags) if !names_version(tags, &version(entry)) => Err(Fault::plain(
            StatusCode::PRECONDITION_FAILED,
            format!("{id} has changed: it is now version {}", version(entry)),
        )),
        _ => Ok(entry),
    }
}

/// True if a list of entity tags contains this one, compared weakly (RFC 9110 section 8.8.3.2).
pub(super) fn names_version(tags: &str, version: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    tags.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == opaque(version))
}

fn entry(state: &State, id: Id) -> Result<&Entry, Fault> {
    state.get(id).ok_or_else(|| Fault::not_found(&id.to_string()))
}
