//! Documents of an app about itself (RFC 7644 section 4). Many apps have none, or wrong ones, so they are read leniently,
//! settings override them, and nothing in them is an error.

use std::sync::Arc;

use reqwest::Url;
use serde_json::{Map, Value as Json};

use crate::catalog::Definition;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Call, Http, Side};
use crate::model::capabilities::Capabilities;
use crate::model::path::{CORE_GROUP, CORE_USER};

use super::extract::boolean;
use super::json::{get, text};
use super::learned::Learned;
use super::schemas::Schemas;
use super::session::Session;
use super::settings::Settings;
use crate::connector::steps::{Index, Tried};

/// The number of rows that is asked for at once never exceeds this, whatever an app says it takes.
const MAX_PAGE_SIZE: u64 = 1000;
/// An app that says it takes fewer rows than this probably means something else.
const MIN_PAGE_SIZE: u64 = 10;

/// Asks the app about itself.
///
/// # Errors
/// It cannot be reached.
pub(super) async fn discover(
    definition: &Arc<Definition>,
    http: Http,
    settings: Settings,
) -> Result<Session, ConnectorError> {
    let (config, types, schemas, reader, writer) = if settings.discovery {
        tokio::join!(
            document(&http, "ServiceProviderConfig", Side::Read),
            document(&http, "ResourceTypes", Side::Read),
            document(&http, "Schemas", Side::Read),
            document(&http, "Me", Side::Read),
            own_writer(&http),
        )
    } else {
        (Ok(None), Ok(None), Ok(None), Ok(None), Ok(None))
    };
    let config = config?.unwrap_or_default();
    let types = Types::read(&resources(types?), &http.endpoint.collection(""));
    let schemas = resources(schemas?);
    let mut own_names = http.own_names().to_vec();
    for me in [reader?, writer?].into_iter().flatten() {
        let names = ["id", "userName", "externalId"].iter();
        own_names.extend(names.filter_map(|name| get(&me, name).and_then(text)));
    }
    Ok(Session {
        has_versions: settings.can.etag.or(supported(&config, "etag")).unwrap_or(false),
        has_patch: settings.can.patch.or(supported(&config, "patch")),
        is_discovered: describes_scim(&config),
        most_rows: most_rows(&config),
        learned: Learned::new(settings.paging),
        capabilities: capabilities(&definition.capabilities, &settings, &config, &types),
        users: types.users.unwrap_or_else(|| "/Users".into()),
        groups: types.groups.unwrap_or_else(|| "/Groups".into()),
        schemas: Schemas::read(definition, &schemas, &settings.single_valued),
        own_names,
        index: Index::default(),
        look_ups: Tried::default(),
        http: Arc::new(http),
        settings,
    })
}

/// The account of the credential for writes, if it is another one and can be used.
async fn own_writer(http: &Http) -> Result<Option<Map<String, Json>>, ConnectorError> {
    match http.is_writable() && http.has_split_logins() {
        true => document(http, "Me", Side::ReadAsWriter).await,
        false => Ok(None),
    }
}

/// A document about the app; `None` if it does not have it or answers something else.
async fn document(
    http: &Http,
    name: &str,
    side: Side<'_>,
) -> Result<Option<Map<String, Json>>, ConnectorError> {
    let call = Call { side, ..Call::get(http.endpoint.collection(name)) };
    match http.send(&call).await {
        Ok(answer) => Ok(http.document(&answer).ok()),
        Err(error) if matches!(error.kind(), ErrorKind::Unreachable | ErrorKind::Tls | ErrorKind::Config) => {
            Err(error)
        }
        Err(_) => Ok(None),
    }
}

fn resources(document: Option<Map<String, Json>>) -> Vec<Json> {
    match document.as_ref().and_then(|map| get(map, "Resources")) {
        Some(Json::Array(list)) => list.clone(),
        _ => Vec::new(),
    }
}

/// True for a ServiceProviderConfig (RFC 7643 section 5), and not for anything else that may answer there.
fn describes_scim(config: &Map<String, Json>) -> bool {
    let is_named = |schema: &Json| schema.as_str().is_some_and(|urn| urn.contains("ServiceProviderConfig"));
    let schemas = match get(config, "schemas") {
        Some(Json::Array(urns)) => urns.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    let parts = ["patch", "bulk", "filter", "changePassword", "sort", "etag"];
    schemas.iter().any(is_named) || parts.iter().any(|part| supported(config, part).is_some())
}

/// `NAME.supported` of a ServiceProviderConfig.
fn supported(config: &Map<String, Json>, name: &str) -> Option<bool> {
    get(get(config, name)?.as_object()?, "supported").and_then(boolean)
}

/// What `/ResourceTypes` says.
#[derive(Debug, Default)]
struct Types {
    users: Option<Arc<str>>,
    groups: Option<Arc<str>>,
    /// Types are listed, accounts among them, so that a type which is not listed does not exist.
    is_complete: bool,
}

impl Types {
    fn read(resources: &[Json], base: &Url) -> Self {
        let mut types = Self::default();
        for entry in resources.iter().filter_map(Json::as_object) {
            let word = |name| get(entry, name).and_then(Json::as_str).unwrap_or_default();
            let is = |urn: &str, name: &str| {
                word("schema").eq_ignore_ascii_case(urn) || word("name").eq_ignore_ascii_case(name)
            };
            let endpoint = relative(word("endpoint"), base);
            if is(CORE_USER, "User") {
                types.users = types.users.or(endpoint);
                types.is_complete = true;
            } else if is(CORE_GROUP, "Group") {
                types.groups = types.groups.or(endpoint.or_else(|| Some("/Groups".into())));
            }
        }
        types
    }
}

/// A path below the base; anything else could send requests somewhere else. Some apps write the base's path, or the
/// whole URL, in front of it.
fn relative(endpoint: &str, base: &Url) -> Option<Arc<str>> {
    let base_path = base.path().trim_end_matches('/');
    let path = endpoint
        .strip_prefix(base.as_str().trim_end_matches('/'))
        .or_else(|| endpoint.strip_prefix(base_path).filter(|rest| rest.starts_with('/')))
        .unwrap_or(endpoint);
    let path = path.strip_prefix('/').unwrap_or(path);
    let is_plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    path.split('/').all(is_plain).then(|| format!("/{path}").into())
}

fn capabilities(
    most: &Capabilities,
    settings: &Settings,
    config: &Map<String, Json>,
    types: &Types,
) -> Capabilities {
    let can = &settings.can;
    let groups = can.groups.unwrap_or(!types.is_complete || types.groups.is_some());
    let discovered = largest_page(config);
    Capabilities {
        create_users: most.create_users && can.create_users.unwrap_or(true),
        create_steps: Vec::new(),
        update_users: most.update_users && can.update_users.unwrap_or(true),
        disable_users: most.disable_users && can.disable_users.unwrap_or(true),
        delete_users: most.delete_users && can.delete_users.unwrap_or(true),
        groups,
        create_groups: groups && most.create_groups && can.create_groups.unwrap_or(true),
        rename_groups: groups && most.rename_groups && can.rename_groups.unwrap_or(true),
        delete_groups: groups && settings.delete_groups,
        members_by: settings.members_by,
        filter: can.filter.or(supported(config, "filter")).unwrap_or(most.filter),
        page_size: settings.page_size.or(discovered).unwrap_or(most.page_size),
        members_batch: settings.members_batch.unwrap_or(most.members_batch),
        members_cap: settings.members_cap.or(most.members_cap),
        members_mixed: false,
        reads_back: settings.reread,
    }
}

/// The most rows the app says it gives at once: `pagination.maxPageSize` (RFC 9865) or `filter.maxResults`.
fn most_rows(config: &Map<String, Json>) -> Option<u64> {
    let most = |of: &str, name: &str| get(get(config, of)?.as_object()?, name)?.as_u64();
    most("pagination", "maxPageSize").or_else(|| most("filter", "maxResults"))
}

/// The number of rows to ask for, by what the app says.
fn largest_page(config: &Map<String, Json>) -> Option<u32> {
    let rows = most_rows(config)?;
    (rows >= MIN_PAGE_SIZE).then(|| rows.min(MAX_PAGE_SIZE) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::scim;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn base() -> Url {
        Url::parse("https://a.example/v2").unwrap()
    }

    fn of(config: Json, types: &[Json]) -> Capabilities {
        let settings = Settings::read(&BTreeMap::new()).unwrap();
        capabilities(
            &scim::definition().capabilities,
            &settings,
            config.as_object().unwrap(),
            &Types::read(types, &base()),
        )
    }

    #[test]
    fn an_app_that_says_nothing_can_do_everything() {
        assert_eq!(of(json!({}), &[]), scim::definition().capabilities);
    }

    #[test]
    fn what_is_said_is_believed() {
        let config = json!({"filter": {"supported": false, "maxResults": 200}});
        let user = json!({"name": "User", "endpoint": "/People", "schema": CORE_USER});
        let found = of(config, std::slice::from_ref(&user));
        assert!(!found.filter && !found.groups && found.page_size == 200);
        assert_eq!(Types::read(&[user], &base()).users.as_deref(), Some("/People"));
    }

    #[test]
    fn endpoints_stay_below_the_base() {
        let relative = |endpoint| relative(endpoint, &base());
        for good in ["/Users", "Users", "/v2/Users", "https://a.example/v2/Users"] {
            assert_eq!(relative(good).as_deref(), Some("/Users"), "{good}");
        }
        assert_eq!(relative("/v2x/Users").as_deref(), Some("/v2x/Users"));
        for bad in ["", "/", "https://evil.example/Users", "../x", "/a/../b", "/Users?x", "/a//b"] {
            assert_eq!(relative(bad), None, "{bad}");
        }
    }

    #[test]
    fn absurd_page_sizes_are_not_taken() {
        let size = |most: u64| of(json!({"filter": {"maxResults": most}}), &[]).page_size;
        assert_eq!((size(0), size(1), size(50), size(99_999)), (100, 100, 50, 1000));
    }
}
