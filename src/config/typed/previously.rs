//! Earlier ids: none may still exist, and no two things may claim the same one (safety.md 3).

use std::collections::BTreeMap;

use crate::config::cursor::Cursor;
use crate::model::{Diagnostic, Span};

/// Checks the `previously:` lists of one kind. `things` gives each id with its declaration.
pub fn check<'a>(
    what: &str,
    things: impl IntoIterator<Item = (&'a str, Cursor<'a>)>,
    declared: impl Fn(&str) -> Option<Span>,
    found: &mut Vec<Diagnostic>,
) {
    let mut claimed: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    for (id, value) in things {
        let Some(list) = value.get("previously") else {
            continue;
        };
        for node in list.items() {
            let (old, span) = (node.text(), node.span());
            if old == id {
                found.push(
                    Diagnostic::error("previously", span, format!("`{old}` is the present id itself"))
                        .with_hint("remove it from `previously`"),
                );
            } else if let Some(present) = declared(old) {
                found.push(
                    Diagnostic::error(
                        "previously",
                        span,
                        format!("`{id}` was previously `{old}`, but the {what} `{old}` still exists"),
                    )
                    .with_related(present, "declared here")
                    .with_hint("remove one of the two: an earlier id is free once its owner is renamed"),
                );
            } else if let Some((other, first)) = claimed.get(old) {
                found.push(
                    Diagnostic::error(
                        "previously",
                        span,
                        format!("both `{other}` and `{id}` were previously the {what} `{old}`"),
                    )
                    .with_related(*first, "first here")
                    .with_hint("only one of them can take over its accounts"),
                );
            } else {
                claimed.insert(old, (id, span));
            }
        }
    }
}
