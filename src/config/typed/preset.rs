//! Presets: of the tree, and of those that come with the program.

use std::sync::Arc;

use crate::catalog::{Catalog, Definition, Preset};
use crate::config::cursor::Cursor;
use crate::config::node::node;
use crate::config::schema;
use crate::config::world::SettingsCheck;
use crate::model::{Diagnostic, similar};

use super::settings;

/// The connector that a preset makes, and its base; `None` if something is wrong with the preset.
pub fn definition(
    name: &str,
    value: Cursor<'_>,
    known: &Catalog,
    found: &mut Vec<Diagnostic>,
) -> Option<(Definition, Arc<Definition>)> {
    let before = found.len();
    let base = base(value, known, found);
    if let (Some(base), Some(written)) = (&base, value.get("settings")) {
        check(written, base, found);
    }
    let preset = Preset::read(name, &node(value)).map_err(|mut wrong| found.append(&mut wrong)).ok()?;
    let base = base?;
    (found.len() == before).then(|| (Arc::new(preset).definition(&base), base))
}

/// Where the tree declares no mappings for the preset, its apps get those of the base.
pub fn with_mappings(of: Definition, base: &Definition, has: impl Fn(&str) -> bool) -> Definition {
    let one = |own: Arc<str>, other: &Arc<str>| if has(&own) { own } else { other.clone() };
    Definition {
        user_mapping: one(of.user_mapping.clone(), &base.user_mapping),
        group_mapping: one(of.group_mapping.clone(), &base.group_mapping),
        ..of
    }
}

/// A preset is made of a connector that is code: a document says all of its app itself.
fn base(value: Cursor<'_>, known: &Catalog, found: &mut Vec<Diagnostic>) -> Option<Arc<Definition>> {
    let at = value.get("of")?;
    let of = at.text();
    let bases = || known.connectors().filter(|one| one.document.is_none() && one.preset.is_none());
    if let Some(base) = bases().find(|base| &*base.name == of) {
        return Some(base.clone());
    }
    let finding = Diagnostic::error("preset", at.span(), format!("no preset can be made of `{of}`"));
    let hint = similar::hint(of, bases().map(|base| &*base.name), "presets can be made of");
    found.push(hint.into_iter().fold(finding, Diagnostic::with_hint));
    None
}

/// Settings of a preset are those of its base.
fn check(written: Cursor<'_>, base: &Definition, found: &mut Vec<Diagnostic>) {
    let Ok(checker) = SettingsCheck::new(&base.settings_schema) else { return };
    let mut refused = Vec::new();
    schema::check_with(&checker.validator, &checker.schema, (written, "`settings`"), found, &mut refused);
    settings::no_secrets(&written.into(), found);
}
