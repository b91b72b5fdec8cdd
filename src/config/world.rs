//! What the typed readers look things up in.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::tz::TimeZone;
use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

use crate::catalog::{Catalog, Definition};
use crate::model::company::AttributeDecl;
use crate::model::similar;
use crate::model::{Diagnostic, Span};

use super::cursor::Cursor;
use super::cursor_json::ArenaJson;
use super::hidden::Hidden;
use super::names::Names;

/// Names, declarations and settings of the whole tree, before anything is typed.
pub struct World<'a> {
    /// Users.
    pub users: Names<'a>,
    /// Groups.
    pub groups: Names<'a>,
    /// Apps.
    pub apps: Names<'a>,
    /// Mappings, built-in ones among them.
    pub mappings: Names<'a>,
    /// Number of the first built-in file.
    pub first_built_in: u32,
    /// Declared attributes, sorted by name.
    pub attributes: Vec<AttributeDecl>,
    /// Zone of dates without a time.
    pub zone: TimeZone,
    /// Files that could not be read.
    pub hidden: Hidden<'a>,
    /// True if rolecall.yaml could not be read: undeclared attributes are then not reported.
    pub attributes_hidden: bool,
    /// The `secrets:` of rolecall.yaml as written.
    pub secrets: Written<'a>,
    /// The connectors that apps may name.
    pub catalog: &'a Catalog,
    /// What the tree has below `connectors:` and `presets:`, also where something is wrong with it.
    pub own_connectors: [Names<'a>; 2],
    /// Connectors of the apps that use a mapping, by mapping.
    pub mapped_by: HashMap<&'a str, Vec<&'a Definition>>,
    /// Checks of connectors' settings, by connector.
    pub settings: HashMap<&'a str, SettingsCheck>,
    /// How many more names for a "did you mean" may be looked for: each search is slow in a large company.
    pub near_left: AtomicUsize,
}

impl World<'_> {
    /// The finding about a name that nobody declares; none if a hidden file may declare it.
    pub fn unknown(
        &self,
        code: &'static str,
        what: &str,
        id: &str,
        span: Span,
        names: &Names<'_>,
    ) -> Option<Diagnostic> {
        if self.hidden.may_declare(id) {
            return None;
        }
        if let Some(ignored) = names.is_a_note(code, what, id, span) {
            return Some(ignored.with_hint(format!("give the {what} another name")));
        }
        let mut diagnostic = Diagnostic::error(code, span, format!("there is no {what} `{id}`"));
        if let Some(near) = self.near(id, names.ids()) {
            diagnostic = diagnostic.with_hint(format!("did you mean `{near}`?"));
        } else {
            diagnostic = diagnostic.with_hint(format!("declare it below `{what}s:` or correct the id"));
        }
        Some(diagnostic)
    }

    /// The nearest name, as long as looking for one is affordable.
    pub fn near<'n>(&self, id: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        let left =
            self.near_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        left.ok().and_then(|_| similar::nearest(id, names))
    }
}

/// A section as written.
#[derive(Debug, Clone, Copy)]
pub enum Written<'a> {
    /// No file has it.
    Nowhere,
    /// Here.
    Here(Cursor<'a>),
    /// It cannot be read: nothing is said about what it may lack.
    Hidden,
}

/// A connector's schema for `settings:`, ready to be used.
pub struct SettingsCheck {
    /// The schema.
    pub schema: Value,
    /// The same, compiled.
    pub validator: Validator<ArenaJson>,
}

impl SettingsCheck {
    /// Compiles a schema.
    ///
    /// # Errors
    /// The text is not a JSON Schema.
    pub fn new(text: &str) -> Result<Self, String> {
        let schema: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let validator = jsonschema::options_for::<ArenaJson>()
            .with_pattern_options(PatternOptions::regex())
            .build(&schema)
            .map_err(|error| error.to_string())?;
        Ok(Self { schema, validator })
    }
}
