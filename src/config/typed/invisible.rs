//! Invisible characters: an error in texts that are always compared, noted in those that something may compare.

use crate::config::cursor::Cursor;
use crate::config::expr_source::expr_source;
use crate::model::alphabet;
use crate::model::invisible::{self, Invisible, InvisibleText, Joiners, code_point};
use crate::model::{Diagnostic, Span};

use super::reader::Reader;

/// Reports such a character in a text that is always compared. A sensitive text is reported at `owner`.
pub(super) fn demand<'a>(
    reader: &mut Reader<'_, 'a>,
    node: Cursor<'a>,
    owner: Option<Span>,
    whose: impl FnOnce() -> String,
    joiners: Joiners,
) {
    if let Some(invisible) = node.as_str().and_then(|text| Invisible::find(text, joiners)) {
        let span = owner.unwrap_or_else(|| place(node, invisible.at, invisible.character));
        reader.found.push(invisible.error(span, &whose()));
    }
}

/// Notes such a character in a text that a rule, a filter or a mapping may compare. The person is known later.
pub(super) fn note(
    node: Cursor<'_>,
    owner: Option<Span>,
    joiners: Joiners,
    field: impl FnOnce() -> String,
) -> Option<InvisibleText> {
    let invisible = Invisible::find(node.as_str()?, joiners)?;
    let span = owner.unwrap_or_else(|| place(node, invisible.at, invisible.character));
    Some(InvisibleText { user: None, field: field().into(), invisible, span })
}

/// A name of a person that nobody could read is none.
pub(super) fn demand_some<'a>(reader: &mut Reader<'_, 'a>, node: Cursor<'a>, key: &str) {
    let Some(text) = node.as_str().filter(|text| invisible::is_blank(text)) else { return };
    let held: Vec<String> = text.chars().take(3).map(code_point).collect();
    let message = format!("`{key}` holds no character that can be seen, only {}", held.join(", "));
    reader
        .found
        .push(Diagnostic::error("wrong-value", node.span(), message).with_hint(
            "write the name, or remove the key: one of `given`, `family` and `display` is enough",
        ));
}

/// Warns of a word that mixes alphabets, such as one Cyrillic letter among Latin ones.
pub(super) fn warn_of_mixed<'a>(reader: &mut Reader<'_, 'a>, node: Cursor<'a>, key: &str) {
    let Some(mixed) = node.as_str().and_then(alphabet::mixed) else { return };
    let ((first, of_first), (other, of_other)) = (mixed.first, mixed.other);
    let message = format!("a word of `{key}` has letters of two alphabets, {of_first} and {of_other}");
    let hint = format!(
        "{} is {of_first} and {} is {of_other}; letters that look alike are not the same: type the address anew, \
         unless it is meant so",
        code_point(first),
        code_point(other)
    );
    let span = place(node, mixed.at, other);
    reader.found.push(Diagnostic::warning("mixed-alphabets", span, message).with_hint(hint));
}

/// Where a character of a scalar stands in the file.
fn place(node: Cursor<'_>, at: usize, character: char) -> Span {
    let at = at as u32;
    expr_source(node).span_of(at, at + character.len_utf8() as u32)
}
