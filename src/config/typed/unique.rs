//! Values that no two users may share.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::model::company::AttributeDecl;
use crate::model::id::AttributeNo;
use crate::model::{Diagnostic, Span};

/// Compares the values of unique attributes; those of each user, in the order of the users.
pub fn check(
    declarations: &[AttributeDecl],
    values: Vec<Vec<(AttributeNo, String, Span)>>,
    found: &mut Vec<Diagnostic>,
) {
    let count = values.iter().map(Vec::len).sum();
    let mut seen: HashMap<(AttributeNo, String), Span> = HashMap::with_capacity(count);
    for (number, value, span) in values.into_iter().flatten() {
        let Some(decl) = declarations.get(number.index()) else {
            continue;
        };
        match seen.entry((number, value)) {
            Entry::Vacant(entry) => _ = entry.insert(span),
            Entry::Occupied(entry) => {
                let shown = match decl.sensitive {
                    true => String::new(),
                    false => format!(" `{}`", entry.key().1),
                };
                let what = format!("the value{shown} of the unique attribute `{}` is used twice", decl.name);
                let twice = Diagnostic::error("not-unique", span, what)
                    .with_related(*entry.get(), "first here")
                    .with_hint("give one of the two another value; upper and lower case count as one");
                found.push(twice);
            }
        }
    }
}
