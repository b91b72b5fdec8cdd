//! Assignments: each goes to every app it names.

use std::sync::Arc;

use crate::config::cursor::Cursor;
use crate::config::merged::{Field, Merged};
use crate::model::app::{App, Assignment};
use crate::model::{Diagnostic, Span};

use super::guard::unknown_role;
use super::principal;
use super::reader::Reader;

/// Reads one assignment: the apps it is for, by number, and what it says.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, node: Cursor<'a>, apps: &[App]) -> Vec<(usize, Assignment)> {
    if !node.is_map() {
        return Vec::new();
    }
    let of = Merged::from(node);
    let first = node.children().next().map_or(node.span(), |key| key.span());
    let targets = targets(reader, &of, apps, first);
    let members: Arc<[_]> = principal::members(reader, &of, "members").into();
    let role = of.get("role");
    let span = role.map_or(first, |field| field.value.node.span());
    let mut assignments = Vec::new();
    for app in targets {
        let role = match role {
            None => None,
            Some(field) => {
                let Some(number) = role_of(reader, &field, &apps[app]) else {
                    continue;
                };
                Some(number)
            }
        };
        assignments.push((app, Assignment { role, members: members.clone(), span }));
    }
    assignments
}

fn role_of<'a>(reader: &mut Reader<'_, 'a>, field: &Field<'a>, app: &App) -> Option<crate::model::RoleNo> {
    let node = field.value.node;
    let id = reader.str(node)?;
    let number = app.role(id);
    if number.is_none() {
        unknown_role(reader, app.id.as_str(), id, node.span(), &app.roles);
    }
    number
}

fn targets<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>, apps: &[App], first: Span) -> Vec<usize> {
    match (of.get("app"), of.get("labels")) {
        (Some(field), None) => named(reader, &field, apps),
        (None, Some(field)) => labelled(reader, &field, apps),
        (Some(_), Some(labels)) => {
            reader.found.push(
                Diagnostic::error(
                    "assignment-target",
                    labels.key.span(),
                    "an assignment names apps or labels, not both",
                )
                .with_hint("remove one of the two, or write two assignments"),
            );
            Vec::new()
        }
        (None, None) if reader.has_other_keys(of, &["app", "labels", "role", "members"]) => Vec::new(),
        (None, None) => {
            reader.found.push(
                Diagnostic::error("assignment-target", first, "the assignment names no app")
                    .with_hint("add `app: ID`, `app: [ID, ID]` or `labels: {env: prod}`"),
            );
            Vec::new()
        }
    }
}

fn named<'a>(reader: &mut Reader<'_, 'a>, field: &Field<'a>, apps: &[App]) -> Vec<usize> {
    let node = field.value.node;
    let nodes: Vec<_> = if node.is_seq() { node.items().collect() } else { vec![node] };
    let mut found: Vec<usize> = Vec::new();
    for node in nodes {
        let Some(id) = reader.str(node) else { continue };
        let Ok(at) = apps.binary_search_by(|app| app.id.as_str().cmp(id)) else {
            let world = reader.world;
            reader.found.extend(world.unknown("unknown-app", "app", id, node.span(), &world.apps));
            continue;
        };
        if found.contains(&at) {
            reader.found.push(
                Diagnostic::error("app-twice", node.span(), format!("the app `{id}` is named twice"))
                    .with_hint("keep one of the two"),
            );
        } else {
            found.push(at);
        }
    }
    found
}

fn labelled<'a>(reader: &mut Reader<'_, 'a>, field: &Field<'a>, apps: &[App]) -> Vec<usize> {
    let mut wanted = Vec::new();
    for Field { key, value } in field.value.fields() {
        wanted.extend(reader.str(value.node).map(|text| (key.text(), text)));
    }
    let found: Vec<usize> = apps
        .iter()
        .enumerate()
        .filter(|(_, app)| {
            wanted.iter().all(|(key, text)| app.labels.get(*key).is_some_and(|label| **label == **text))
        })
        .map(|(at, _)| at)
        .collect();
    let hidden = &reader.world.hidden;
    if found.is_empty() && !wanted.iter().all(|(_, text)| hidden.may_declare(text)) {
        let labels: Vec<_> = wanted.iter().map(|(key, text)| format!("{key}={text}")).collect();
        reader.found.push(
            Diagnostic::warning(
                "no-such-labels",
                field.key.span(),
                format!("no app has the labels {}", labels.join(", ")),
            )
            .with_hint("correct the labels; `rolecall show app NAME` prints those of an app"),
        );
    }
    found
}
