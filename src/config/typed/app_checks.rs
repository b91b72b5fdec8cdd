//! What an app, or two apps together, may not say.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::catalog::rest::Placeholder;
use crate::config::cursor::Cursor;
use crate::config::merged::Merged;
use crate::model::app::{App, Auth, Credential, RoleKind};
use crate::model::company::{Mapping, MappingSource};
use crate::model::folded::folded;
use crate::model::id::MappingId;
use crate::model::secret::{Destination, SecretBinding};
use crate::model::{Diagnostic, Endpoint, Group, Path, Span};

use super::reader::Reader;
use super::secret;
use super::typed_app::TypedApp;

/// An app that is contacted signs in with a credential that is bound to it.
pub fn credentials<'a>(
    reader: &mut Reader<'_, 'a>,
    id: &str,
    of: &Merged<'a>,
    auth: Option<&Auth>,
    endpoint: &Endpoint,
    bindings: &[SecretBinding],
    key: Span,
) {
    let Some(auth) = auth else {
        if of.get("auth").is_none() && !endpoint.is_loopback() {
            reader.found.push(
                Diagnostic::error("missing-key", key, format!("the app `{id}` has no `auth`"))
                    .with_hint("name its credential, such as `auth: {bearer: {env: APP_TOKEN}}`"),
            );
        }
        return;
    };
    let mut credentials = vec![&auth.read];
    if auth.write != auth.read {
        credentials.push(&auth.write);
    }
    for credential in credentials {
        let Some(destination) = destination(reader, of, credential, endpoint) else { continue };
        for (source, span) in credential.secrets() {
            secret::demand_binding(reader, bindings, source, id, &destination, span);
        }
    }
}

/// Where the secrets of a credential go. `None` if that cannot be read: it has been reported.
fn destination<'a>(
    reader: &mut Reader<'_, 'a>,
    of: &Merged<'a>,
    credential: &Credential,
    endpoint: &Endpoint,
) -> Option<Destination> {
    let Credential::Form { form, .. } = credential else {
        return Some(Destination::of_app(endpoint.clone()));
    };
    let connector = of.get("connector").and_then(|field| field.value.node.as_str())?;
    let setting = reader.world.catalog.get(connector)?.token_host(form);
    let written = setting.and_then(|setting| of.get("settings")?.value.get(&setting));
    let node = written.map(|written| written.value.node);
    let host = match node {
        Some(node) => Some(reader.str(node)?),
        None => None,
    };
    let destination = Destination::with_host(endpoint.clone(), host).map_err(|error| {
        let finding = Diagnostic::error(error.code, node.map(|node| node.span()), error.message);
        reader.found.push(finding.with_hint("write host or host:port, without scheme and path"));
    });
    destination.ok()
}

/// Keys that belong to one app and make no sense as a default of all.
const OWN: [&str; 5] = ["previously", "url", "links", "moved_from", "removed"];

/// Defaults hold only what several apps can share.
pub fn defaults(defaults: Cursor<'_>, found: &mut Vec<Diagnostic>) {
    for name in OWN {
        if let Some((key, _)) = defaults.entry(name) {
            found.push(
                Diagnostic::error("not-a-default", key.span(), format!("`{name}` belongs to a single app"))
                    .with_hint("move it to the app it is about"),
            );
        }
    }
}

/// Two apps never share an address: each would undo the other (safety.md 4).
pub fn endpoints(apps: &[TypedApp<'_>], catalog: &Catalog, found: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, &App> = BTreeMap::new();
    for typed in apps {
        let Some(endpoint) = &typed.endpoint else { continue };
        let address = format!("{}{}", endpoint.canonical(), tenant(&typed.app, catalog));
        match seen.get(&address) {
            None => {
                seen.insert(address, &typed.app);
            }
            Some(first) => found.push(
                Diagnostic::error(
                    "same-endpoint",
                    typed.app.url_span,
                    format!("the apps `{}` and `{}` have the same address", first.id, typed.app.id),
                )
                .with_related(first.url_span, "first here")
                .with_hint("one app per address: merge the two, or correct one of the URLs"),
            ),
        }
    }
}

/// The settings that tell apps at one address apart.
fn tenant(app: &App, catalog: &Catalog) -> String {
    let document = catalog.get(&app.connector).and_then(|definition| definition.document.as_ref());
    let names = document.map(|document| document.identity()).unwrap_or_default();
    let told = names.iter().filter_map(|name| match name {
        Placeholder::Setting(setting) => Some(format!(" {setting}={}", app.settings.get(setting)?)),
        _ => None,
    });
    told.collect()
}

/// A group in an app has one source: a pushed group or a role (safety.md 4). Pushed groups are compared by name where
/// the mapping writes that name as it is; any other mapping is compared once it is evaluated.
pub fn remote_groups(
    app: &App,
    catalog: &Catalog,
    groups: &[Group],
    mappings: &BTreeMap<MappingId, Mapping>,
    found: &mut Vec<Diagnostic>,
) {
    let mut seen: BTreeMap<String, (String, Span)> = BTreeMap::new();
    let mut claim = |name: &str, what: String, span: Span, found: &mut Vec<Diagnostic>| {
        let key = folded(name);
        if let Some((first, place)) = seen.get(&key) {
            found.push(
                Diagnostic::error(
                    "remote-group",
                    span,
                    format!("the group `{name}` in the app `{}` is named by {first} and by {what}", app.id),
                )
                .with_related(*place, "first here")
                .with_hint("a group in an app has one source: remove or rename one of the two"),
            );
        } else {
            seen.insert(key, (what, span));
        }
    };
    for role in &app.roles {
        if let RoleKind::Group(name) = &role.kind {
            claim(name, format!("the role `{}`", role.id), role.span, found);
        }
    }
    let as_it_is = mappings.get(&app.groups.mapping).zip(catalog.get(&app.connector));
    let as_it_is = as_it_is.is_some_and(|(mapping, connector)| writes_name(mapping, &connector.groups.name));
    let mut pushed: BTreeMap<_, Span> = BTreeMap::new();
    for (number, span) in &app.groups.push {
        let Some(group) = groups.get(number.index()) else {
            continue;
        };
        if let Some(first) = pushed.insert(*number, *span) {
            found.push(
                Diagnostic::error("pushed-twice", *span, format!("the group `{}` is pushed twice", group.id))
                    .with_related(first, "first here")
                    .with_hint("keep one of the two"),
            );
        } else if as_it_is {
            claim(&group.name, format!("the pushed group `{}`", group.id), *span, found);
        }
    }
}

fn writes_name(mapping: &Mapping, name: &Path) -> bool {
    mapping.attributes.iter().any(|attribute| {
        attribute.path == *name
            && matches!(&attribute.source, MappingSource::Expr(source) if source.text.trim() == "group.name")
    })
}
