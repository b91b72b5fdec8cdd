//! The declared ids of one kind: sorted and numbered, each with its place.

use std::collections::HashMap;

use rayon::slice::ParallelSliceMut;

use crate::model::{Diagnostic, Span};

use super::cursor::Cursor;

/// One declared id.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'a> {
    pub id: &'a str,
    /// The key that declares it.
    pub key: Cursor<'a>,
    /// The value of that key.
    pub value: Cursor<'a>,
}

/// All declared ids of one kind, sorted. The number of an id is its place in this order.
#[derive(Debug, Default)]
pub struct Names<'a> {
    sorted: Vec<Declared<'a>>,
    numbers: HashMap<&'a str, u32>,
    /// Those that are notes for people, because they begin with `x-`.
    notes: HashMap<&'a str, Span>,
}

impl<'a> Names<'a> {
    /// Collects the ids in `section` of all files. An id that is declared in two files is kept once, and a finding names
    /// both places. `kind` is the word for the ids in messages: "user".
    pub fn collect(roots: &[Cursor<'a>], section: &str, kind: &str, found: &mut Vec<Diagnostic>) -> Self {
        Self::collect_with(roots, section, kind, u32::MAX, found)
    }

    /// Like [`Names::collect`]. Files with the number `first_built_in` or a higher one are the program's own, and their
    /// ids are reserved.
    pub fn collect_with(
        roots: &[Cursor<'a>],
        section: &str,
        kind: &str,
        first_built_in: u32,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let (mut sorted, notes): (Vec<Declared<'a>>, Vec<Declared<'a>>) = roots
            .iter()
            .filter_map(|root| root.get(section))
            .flat_map(|section| section.entries())
            .map(|(key, value)| Declared { id: key.text(), key, value })
            .partition(|declared| !declared.id.starts_with("x-"));
        sorted.par_sort_by(|a, b| (a.id, a.key.span()).cmp(&(b.id, b.key.span())));
        sorted.dedup_by(|later, first| {
            if later.id != first.id {
                return false;
            }
            let (span, before) = (later.key.span(), first.key.span());
            // Twice in one file is a duplicate key, which the loader has reported.
            if span.file >= first_built_in {
                found.push(reserved(kind, later.id, before, span));
            } else if span.file != before.file {
                found.push(duplicate(kind, later.id, span, before));
            }
            true
        });
        let mut numbers = HashMap::with_capacity(sorted.len());
        numbers.extend(sorted.iter().enumerate().map(|(no, declared)| (declared.id, no as u32)));
        let notes = notes.iter().map(|declared| (declared.id, declared.key.span())).collect();
        Self { sorted, numbers, notes }
    }

    /// The number of an id.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// The place where an id is declared.
    pub fn place(&self, id: &str) -> Option<Span> {
        let number = self.number(id)?;
        self.sorted.get(number as usize).map(|declared| declared.key.span())
    }

    /// The finding about a name that stands in the files as a note, which declares nothing.
    pub fn is_a_note(&self, code: &'static str, what: &str, id: &str, span: Span) -> Option<Diagnostic> {
        let place = self.notes.get(id)?;
        let message =
            format!("the {what} `{id}` is ignored: a key that begins with `x-` is a note for people");
        Some(Diagnostic::error(code, span, message).with_related(*place, "the note"))
    }

    /// All declared ids, sorted.
    pub fn all(&self) -> &[Declared<'a>] {
        &self.sorted
    }

    /// The ids alone, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &'a str> + Clone + '_ {
        self.sorted.iter().map(|declared| declared.id)
    }
}

/// The finding about an id that is declared twice.
pub fn duplicate(kind: &str, id: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate", span, format!("the {kind} `{id}` is declared twice"))
        .with_related(first, "first here")
        .with_hint("ids are unique across all files: rename one of the two or remove it")
}

/// The finding about an id that the program declares itself.
fn reserved(kind: &str, id: &str, span: Span, built_in: Span) -> Diagnostic {
    Diagnostic::error("duplicate", span, format!("the {kind} `{id}` is built in"))
        .with_related(built_in, "here")
        .with_hint("choose another id, and name it where it is to be used")
}
