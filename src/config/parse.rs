//! One file: from text to a validated arena.

use crate::model::Diagnostic;
use crate::model::span::SourceFile;

use super::arena::Arena;
use super::cursor::Cursor;
use super::include::ROOT_FILE;
use super::source::file::Problem;
use super::{arena, root, schema};

/// A file after parsing and validation.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// Its nodes; empty if it could not be read.
    pub arena: Arena,
    /// What is known of it is not all that it says.
    pub hidden: bool,
    /// Its text is not known either.
    pub unread: bool,
    /// What was found.
    pub found: Vec<Diagnostic>,
    /// Byte ranges that the typed reader is silent about.
    pub refused: Vec<(u32, u32)>,
}

/// Parses and validates one file.
pub(super) fn parse(number: u32, file: &SourceFile, problem: Option<&Problem>) -> Parsed {
    let mut parsed = Parsed::default();
    if let Some(problem) = problem {
        let at = problem.at as u32;
        let span = crate::model::Span::new(number, at, at);
        parsed.found.push(
            Diagnostic::error(problem.code, span, problem.message.clone()).with_hint(problem.hint.clone()),
        );
        parsed.hidden = true;
        parsed.unread = true;
        return parsed;
    }
    let Some(arena) = arena::build(number, &file.text, &mut parsed.found) else {
        parsed.hidden = true;
        return parsed;
    };
    parsed.hidden = arena.partial;
    parsed.refused = arena.refused.clone();
    let view = arena.view(number, &file.text);
    if let Some(node) = Cursor::root(&view).filter(|node| !node.is_null()) {
        let mut found = Vec::new();
        if &*file.name != ROOT_FILE && !file.is_built_in {
            root::misplaced(node, &mut found);
        }
        let mut refused = Vec::new();
        schema::check(node, &mut found, &mut refused);
        // What the loader refused has been reported; a broken value must not be reported a second time.
        found.retain(|diagnostic| !inside(diagnostic, &parsed.refused));
        parsed.found.append(&mut found);
        parsed.refused.append(&mut refused);
    }
    parsed.arena = arena;
    parsed.refused.sort_unstable();
    parsed
}

/// True if a finding lies in one of the ranges.
pub(super) fn inside(diagnostic: &Diagnostic, ranges: &[(u32, u32)]) -> bool {
    diagnostic
        .span
        .is_some_and(|span| ranges.iter().any(|(start, end)| *start <= span.start && span.end <= *end))
}
