//! Values that no two users may share.

use std::collections::HashMap;

use crate::model::company::AttributeDecl;
use crate::model::id::AttributeNo;
use crate::model::{Diagnostic, Span};

/// Compares the values of unique attributes, in the order of the users.
pub fn check(
    declarations: &[AttributeDecl],
    values: impl IntoIterator<Item = (AttributeNo, String, Span)>,
    found: &mut Vec<Diagnostic>,
) {
    let mut seen: HashMap<(AttributeNo, String), Span> = HashMap::new();
    for (number, value, span) in values {
        let Some(decl) = declarations.get(number.index()) else {
            continue;
        };
        let shown = if decl.sensitive {
            String::new()
        } else {
            format!(" `{value}`")
        };
        match seen.entry((number, value)) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(span);
            }
            std::collections::hash_map::Entry::Occupied(entry) => found.push(
                Diagnostic::error(
                    "not-unique",
                    span,
                    format!(
                        "the value{shown} of the unique attribute `{}` is used twice",
                        decl.name
                    ),
                )
                .with_related(*entry.get(), "first here")
                .with_hint("give one of the two another value; upper and lower case count as one"),
            ),
        }
    }
}
