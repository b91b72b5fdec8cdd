//! Declared ids: sorted, each with its place, and found by name.

use std::collections::HashMap;

use rayon::slice::ParallelSliceMut;

use crate::model::{Diagnostic, Span};

use super::cursor::Cursor;

/// One declared name.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'a> {
    /// The id.
    pub id: &'a str,
    /// The key that declares it.
    pub key: Cursor<'a>,
    /// What stands below it.
    pub value: Cursor<'a>,
}

/// All names of one kind, sorted.
#[derive(Debug, Default)]
pub struct Names<'a> {
    sorted: Vec<Declared<'a>>,
    numbers: HashMap<&'a str, u32>,
}

impl<'a> Names<'a> {
    /// Collects the section `section` of all files. A name declared in two places is reported with both and kept once.
    pub fn collect(roots: &[Cursor<'a>], section: &str, what: &str, found: &mut Vec<Diagnostic>) -> Self {
        Self::collect_with(roots, section, what, u32::MAX, found)
    }

    /// As [`Names::collect`]. Files from number `built_in` on are the program's own; their names are reserved.
    pub fn collect_with(
        roots: &[Cursor<'a>],
        section: &str,
        what: &str,
        built_in: u32,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut sorted: Vec<Declared<'a>> = roots
            .iter()
            .filter_map(|root| root.get(section))
            .flat_map(|section| section.entries())
            .map(|(key, value)| Declared { id: key.text(), key, value })
            .filter(|declared| !declared.id.starts_with("x-"))
            .collect();
        sorted.par_sort_by(|a, b| (a.id, a.key.span()).cmp(&(b.id, b.key.span())));
        sorted.dedup_by(|later, first| {
            if later.id != first.id {
                return false;
            }
            let (span, before) = (later.key.span(), first.key.span());
            // In one file it is a duplicate key, which the loader has reported.
            if span.file >= built_in {
                found.push(taken(what, later.id, before, span));
            } else if span.file != before.file {
                found.push(duplicate(what, later.id, span, before));
            }
            true
        });
        let mut numbers = HashMap::with_capacity(sorted.len());
        numbers.extend(sorted.iter().enumerate().map(|(no, declared)| (declared.id, no as u32)));
        Self { sorted, numbers }
    }

    /// The number of a name.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// Where a name is declared.
    pub fn place(&self, id: &str) -> Option<Span> {
        let number = self.number(id)?;
        self.sorted.get(number as usize).map(|declared| declared.key.span())
    }

    /// All of them, sorted by id.
    pub fn all(&self) -> &[Declared<'a>] {
        &self.sorted
    }

    /// The ids.
    pub fn ids(&self) -> impl Iterator<Item = &'a str> + Clone + '_ {
        self.sorted.iter().map(|declared| declared.id)
    }
}

/// The finding about a name that is declared twice.
pub fn duplicate(what: &str, id: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate", span, format!("the {what} `{id}` is declared twice"))
        .with_related(first, "first here")
        .with_hint("ids are unique across all files: rename one of the two or remove it")
}

fn taken(what: &str, id: &str, span: Span, built_in: Span) -> Diagnostic {
    Diagnostic::error("duplicate", span, format!("the {what} `{id}` is built in"))
        .with_related(built_in, "here")
        .with_hint("choose another id, and name it where it is to be used")
}
