//! Groups.

use crate::config::expr_source::expr_source;
use crate::config::merged::Merged;
use crate::config::names::Declared;
use crate::model::Group;
use crate::model::company::ExprSource;

use super::reader::Reader;

/// Reads one group.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, declared: Declared<'a>) -> Group {
    let of = Merged::from(declared.value);
    Group {
        id: reader.id(declared.id),
        previously: reader.ids(&of, "previously"),
        name: reader.shared(&of, "name").unwrap_or_else(|| declared.id.into()),
        description: reader.shared(&of, "description"),
        owners: reader.principals(&of, "owners"),
        members: reader.members(&of, "members"),
        rule: reader.expression(&of, "rule"),
        span: declared.key.span(),
    }
}

impl<'a> Reader<'_, 'a> {
    /// The source of an expression.
    pub fn expression(&mut self, of: &Merged<'a>, key: &str) -> Option<ExprSource> {
        let node = of.get(key)?.value.node;
        self.str(node)?;
        Some(expr_source(node))
    }
}
