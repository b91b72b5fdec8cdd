//! Policies.

use crate::config::cursor::Cursor;
use crate::config::merged::Merged;
use crate::config::names::Declared;
use crate::model::app::App;
use crate::model::company::{Policy, PolicyRule, RoleRef};
use crate::model::{Diagnostic, Span};

use super::reader::Reader;

/// Reads one policy.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, declared: Declared<'a>, apps: &[App]) -> Policy {
    let of = Merged::from(declared.value);
    let mut roles: Vec<RoleRef> = Vec::new();
    for node in reader.list(&of, "conflict") {
        let Some(role) = role(reader, node, apps) else {
            continue;
        };
        if roles.contains(&role) {
            reader.found.push(
                Diagnostic::error("role-twice", node.span(), format!("`{}` is named twice", node.text()))
                    .with_hint("keep one of the two"),
            );
            continue;
        }
        roles.push(role);
    }
    Policy { name: declared.id.into(), rule: PolicyRule::Conflict(roles), span: declared.key.span() }
}

fn role<'a>(reader: &mut Reader<'_, 'a>, node: Cursor<'a>, apps: &[App]) -> Option<RoleRef> {
    let (app_id, role_id) = reader.str(node)?.split_once('/')?;
    let whole = node.span();
    let world = reader.world;
    let Ok(at) = apps.binary_search_by(|app| app.id.as_str().cmp(app_id)) else {
        reader.found.extend(world.unknown("unknown-app", "app", app_id, whole, &world.apps));
        return None;
    };
    let app = &apps[at];
    let Some(number) = app.role(role_id) else {
        let span = Span::new(whole.file, whole.end.saturating_sub(role_id.len() as u32), whole.end);
        super::guard::unknown_role(reader, app_id, role_id, span, &app.roles);
        return None;
    };
    Some(RoleRef { app: app.id.clone(), role: app.roles[number.index()].id.clone() })
}
