//! Groups.

use crate::config::merged::Merged;
use crate::config::names::Declared;
use crate::model::Group;
use crate::model::invisible::Joiners;

use super::invisible;
use super::principal;
use super::reader::Reader;

/// Reads one group.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, declared: Declared<'a>) -> Group {
    let of = Merged::from(declared.value);
    if let Some(field) = of.get("name") {
        let whose = || format!("the name of the group `{}`", declared.id);
        invisible::demand(reader, field.value.node, None, whose, Joiners::WhereTheyShow);
    }
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
