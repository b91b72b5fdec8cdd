//! A value with its path and the characteristics of its attribute.

use crate::catalog::AttributeSchema;
use crate::model::{Kind, Path, Value};

use super::schemas::Schemas;

/// One value that is to be written.
#[derive(Clone, Copy)]
pub(super) struct Set<'s> {
    pub path: &'s Path,
    /// Null unassigns.
    pub value: &'s Value,
    /// Characteristics of the attribute, if they are known.
    pub schema: Option<AttributeSchema>,
    /// Brackets mean the one entry that the app keeps.
    pub is_single: bool,
}

impl<'s> Set<'s> {
    /// A value for an attribute of an object of this kind.
    pub(super) fn of(schemas: &Schemas, kind: Kind, path: &'s Path, value: &'s Value) -> Self {
        Self { path, value, schema: schemas.of(kind, path), is_single: schemas.is_single(path) }
    }
}
