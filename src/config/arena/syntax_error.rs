//! Syntax errors in words that say what to do.

use granit_parser::{ErrorKind, ScanError};

use crate::model::{Diagnostic, Span};

use super::MAX_DEPTH;

/// The finding about a file that is not YAML.
pub(super) fn diagnostic(file: u32, src: &str, error: &ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(src.len()) as u32;
    let (message, hint) = match error.kind() {
        ErrorKind::RecursionLimitExceeded => (
            format!("nested deeper than {MAX_DEPTH} levels"),
            "nothing in this language needs so many levels",
        ),
        ErrorKind::DirectiveDisallowed => ("YAML directives are not allowed".to_owned(), "remove the line"),
        ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation => {
            ("a tab where only spaces may stand".to_owned(), "indent with spaces")
        }
        ErrorKind::UnclosedQuotedScalar => ("a quote is not closed".to_owned(), "add the missing quote"),
        ErrorKind::UnclosedFlowCollection { open } => (
            format!("`{open}` is not closed"),
            "add the missing bracket; text that begins with a bracket needs quotes",
        ),
        ErrorKind::UnexpectedCharacter { character } => (
            format!("the character `{}` cannot stand here", character.escape_default()),
            "put text with special characters in quotes",
        ),
        ErrorKind::ExpectedFlowSequenceSeparator => (
            "a list in brackets is not closed, or a comma is missing".to_owned(),
            "add the missing `]` or `,`; it may be missing a few lines above. Put text with brackets or braces, such as `a[0]`, in quotes",
        ),
        ErrorKind::ExpectedFlowMappingSeparator => (
            "a mapping in braces is not closed, or a comma is missing".to_owned(),
            "add the missing `}` or `,`; it may be missing a few lines above. Put text with brackets or braces, such as `/users/{id}`, in quotes",
        ),
        ErrorKind::ExpectedBlockMappingKey => {
            ("expected a key here".to_owned(), "indent this line as the keys it belongs to")
        }
        ErrorKind::ExpectedBlockSequenceEntry => (
            "expected an entry of a list here".to_owned(),
            "begin it with `- `, indented as the entries before",
        ),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a colon cannot stand here".to_owned(),
            "put text that holds `: ` in quotes; check the indentation of this line",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "expected `key: value`".to_owned(),
            "add the missing colon, or put text that goes on over lines in quotes",
        ),
        kind => (
            format!("not readable as YAML: {kind}"),
            "check the indentation and the colons of this line and the one before; put text with special \
             characters in quotes",
        ),
    };
    Diagnostic::error("yaml-syntax", Span::new(file, at, at), message)
        .with_hint(hint)
        .with_label("the whole file is left out")
}
