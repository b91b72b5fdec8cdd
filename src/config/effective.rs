//! An app as it takes effect: every value with the place it comes from, for `show app`.

use serde_json::Value as Json;

use crate::catalog::Catalog;
use crate::model::limit::Limit;
use crate::model::span::Place;
use crate::model::{FileSet, Guard, Kind};

use super::arena;
use super::arena::Arena;
use super::cursor::Cursor;
use super::include::ROOT_FILE;
use super::loaded::Loaded;
use super::merged::{Field, Merged};
use super::schema;
use super::typed::company::app_defaults;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Written at the app.
    App,
    /// Written below `defaults:`.
    Defaults,
    /// Said by the app's connector.
    Connector,
    /// Nobody wrote it: what the program does if nothing is said.
    BuiltIn,
}

/// One value of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Dotted path below the app, such as `users.scope`.
    pub path: String,
    /// The value in one line.
    pub value: String,
    /// Where it is written; `None` if it is built in.
    pub place: Option<Place>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Sections of an app that have defaults of their own, and where the schema states them.
const SECTIONS: [(&str, &str); 3] =
    [("users", "/$defs/appUsers"), ("groups", "/$defs/appGroups"), ("limits", "/$defs/limits")];

/// The rows of an app, sorted by path; `None` if there is no such app.
pub fn effective_app(loaded: &Loaded, id: &str) -> Option<Vec<Row>> {
    let app = loaded.company.as_ref()?.app(id)?;
    let (own, own_text) = parse(&loaded.files, app.span.file)?;
    let root_number = loaded.files.iter().find(|(_, file)| &*file.name == ROOT_FILE)?.0;
    let root = parse(&loaded.files, root_number);
    let root_view = root.as_ref().map(|(arena, text)| arena.view(root_number, text));
    let own_view = own.view(app.span.file, own_text);
    let node = Cursor::root(&own_view)?.get("apps")?.get(id)?;
    let defaults = app_defaults(root_view.as_ref().and_then(Cursor::root));
    let merged = Merged::over(node, defaults);
    let mut rows = Vec::new();
    written("", &merged, &loaded.files, &mut rows);
    of_connector(&merged, app, loaded, &mut rows);
    built_in(&merged, app, &loaded.catalog, &mut rows);
    rows.sort_by(|a, b| a.path.split('.').cmp(b.path.split('.')));
    Some(rows)
}

fn parse(files: &FileSet, number: u32) -> Option<(Arena, &str)> {
    let text = files.get(number)?.text.as_str();
    let arena = arena::build(number, text, &mut Vec::new())?;
    Some((arena, text))
}

fn written(prefix: &str, of: &Merged<'_>, files: &FileSet, rows: &mut Vec<Row>) {
    for Field { key, value } in of.fields() {
        let path = format!("{prefix}{}", key.text());
        if value.node.is_map() && !value.fields().is_empty() {
            written(&format!("{path}."), &value, files, rows);
            continue;
        }
        rows.push(Row {
            path,
            value: flow(value.node),
            place: files.place(value.node.span()),
            origin: if value.inherited { Origin::Defaults } else { Origin::App },
        });
    }
}

/// A value in one line.
fn flow(node: Cursor<'_>) -> String {
    if node.is_seq() {
        let items: Vec<_> = node.items().map(flow).collect();
        return format!("[{}]", items.join(", "));
    }
    if node.is_map() {
        let entries: Vec<_> =
            node.entries().map(|(key, value)| format!("{}: {}", key.text(), flow(value))).collect();
        return format!("{{{}}}", entries.join(", "));
    }
    node.text().to_owned()
}

/// Settings that a preset says and the app does not.
fn of_connector(merged: &Merged<'_>, app: &crate::model::App, loaded: &Loaded, rows: &mut Vec<Row>) {
    let Some(connector) = loaded.catalog.get(&app.connector) else { return };
    let written = merged.get("settings").map(|field| field.value);
    for setting in connector.settings() {
        let said = written.and_then(|written| {
            setting.name.split('.').try_fold(written, |of, key| Some(of.get(key)?.value))
        });
        if said.is_none() {
            let place = connector.declared().and_then(|_| loaded.files.place(setting.span));
            let value = setting.value.to_string();
            rows.push(Row {
                path: format!("settings.{}", setting.name),
                value,
                place,
                origin: Origin::Connector,
            });
        }
    }
}

fn built_in(merged: &Merged<'_>, app: &crate::model::App, catalog: &Catalog, rows: &mut Vec<Row>) {
    let schema = schema::document();
    properties(schema, "/$defs/app", "", Some(merged), rows);
    for (section, definition) in SECTIONS {
        let of = merged.get(section).map(|field| field.value);
        properties(schema, definition, &format!("{section}."), of.as_ref(), rows);
    }
    for (section, kind) in [("users", Kind::User), ("groups", Kind::Group)] {
        let of = merged.get(section).map(|field| field.value);
        let mapping = catalog.get(&app.connector).map(|connector| connector.mapping(kind));
        if let Some(mapping) = mapping.filter(|_| of.is_none_or(|of| of.get("mapping").is_none())) {
            rows.push(row(format!("{section}.mapping"), mapping.to_string()));
        }
    }
    let users = merged.get("users").map(|field| field.value);
    let deletes = users
        .and_then(|users| users.get("deprovision"))
        .is_some_and(|field| field.value.node.text() == "delete");
    if deletes && users.is_some_and(|users| users.get("delete_after").is_none()) {
        rows.push(row("users.delete_after".into(), "30d".into()));
    }
    let guard = merged.get("guard").map(|field| field.value);
    for one in Guard::limited() {
        let said = |key: &str| guard.is_some_and(|guard| guard.get(key).is_some());
        if !said(one.name()) && !said(&format!("{one}_percent")) {
            rows.push(row(format!("guard.{one}"), one.terms(Limit::default()).to_string()));
        }
    }
    let roles = merged.get("roles").map(|field| field.value.fields()).unwrap_or_default();
    for Field { key, value } in roles {
        let prefix = format!("roles.{}.", key.text());
        if value.get("value").is_none() && value.get("group").is_none() {
            rows.push(row(format!("{prefix}value"), key.text().to_owned()));
        }
        properties(schema, "/$defs/role", &prefix, Some(&value), rows);
    }
}

/// Adds the defaults that the schema states and nobody overrides.
fn properties(schema: &Json, place: &str, prefix: &str, of: Option<&Merged<'_>>, rows: &mut Vec<Row>) {
    let properties = schema.pointer(&format!("{place}/properties")).and_then(Json::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let Some(default) = property.get("default") else {
            continue;
        };
        if of.is_none_or(|of| of.get(name).is_none()) {
            rows.push(row(format!("{prefix}{name}"), plain(default)));
        }
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn row(path: String, value: String) -> Row {
    Row { path, value, place: None, origin: Origin::BuiltIn }
}
