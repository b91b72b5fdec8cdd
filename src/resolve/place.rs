//! What is known of the place that a mapped attribute has in an app.

use crate::catalog::{AttributeSchema, Definition, Meaning};
use crate::model::{Kind, Path};

/// What is known of a mapped attribute, whatever person or group it is evaluated for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub schema: Option<AttributeSchema>,
    pub meaning: Meaning,
    /// Absent clears an optional attribute; a required one, and a matching one, has to have a value.
    pub is_required: bool,
}

impl Place {
    /// Looks it up; `matching` are the mapping's.
    pub(super) fn of(definition: &Definition, kind: Kind, path: &Path, matching: &[Path]) -> Self {
        let of = definition.schema(kind);
        let schema = of.attribute(path);
        let required = schema.is_some_and(|schema| schema.required);
        Self {
            schema,
            meaning: of.meaning(path),
            is_required: required || (kind == Kind::User && matching.contains(path)),
        }
    }
}
