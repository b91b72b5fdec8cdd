//! Groups.

use crate::config::merged::Merged;
use crate::config::names::Declared;
use crate::model::Group;

use super::principal;
use super::reader::Reader;

/// Reads one group.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, declared: Declared<'a>) -> Group {
    let of = Merged::from(declared.value);
    Group {
        id: reader.id(declared.id),
        previously: reader.ids(&of, "previously"),
        name: reader.shared(&of, "name").unwrap_or_else(|| declared.id.into()),
        description: reader.shared(&of, "description"),
        owners: principal::principals(reader, &of, "owners"),
        members: principal::members(reader, &of, "members"),
        rule: reader.expression(&of, "rule"),
        span: declared.key.span(),
    }
}
