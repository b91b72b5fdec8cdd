//! What YAML allows and this language refuses: each finding has its place and says what to write instead.

use std::collections::HashMap;

use crate::model::{Diagnostic, Span};

use super::build::Builder;
use crate::config::cursor::Cursor;
use crate::config::scalar;

/// The first place of each key of a mapping.
#[derive(Default)]
struct FirstPlaces<'k> {
    /// The first [`FirstPlaces::FEW`] keys. Most mappings are small, and there comparing is faster than hashing.
    few: Vec<(&'k str, Span)>,
    /// All keys, once there are more.
    many: HashMap<&'k str, Span>,
}

impl<'k> FirstPlaces<'k> {
    const FEW: usize = 12;

    /// Adds a key. If it was there already, returns its first place.
    fn add(&mut self, key: &'k str, place: Span) -> Option<Span> {
        if self.few.len() < Self::FEW {
            let first = self.few.iter().find(|(name, _)| *name == key).map(|(_, place)| *place);
            if first.is_none() {
                self.few.push((key, place));
            }
            return first;
        }
        if self.many.is_empty() {
            self.many.extend(self.few.iter().copied());
        }
        let first = self.many.get(key).copied();
        if first.is_none() {
            self.many.insert(key, place);
        }
        first
    }
}

impl Builder<'_, '_> {
    /// Refuses a key that a mapping has twice.
    pub(super) fn refuse_repeated_keys(&mut self, map: u32) {
        let view = self.arena.view(self.file, self.src);
        let mut first_places = FirstPlaces::default();
        for (key, _) in Cursor::at(&view, map).entries() {
            if let Some(first) = first_places.add(key.text(), key.span()) {
                let message = format!("the key `{}` stands here twice", key.text());
                self.found.push(
                    Diagnostic::error("duplicate-key", key.span(), message)
                        .with_related(first, "first here")
                        .with_hint("keep one of the two; neither wins over the other"),
                );
            }
        }
    }

    /// Refuses an alias.
    pub(super) fn refuse_alias(&mut self, start: u32, end: u32) {
        let name = self.src.get(start as usize..end as usize).unwrap_or("*");
        self.found.push(
            Diagnostic::error(
                "yaml-alias",
                self.span(start, end),
                format!("the alias `{name}` is not allowed"),
            )
            .with_hint("write the value out; what every app shares goes below `defaults: {apps: …}`"),
        );
    }

    /// Refuses an anchor.
    pub(super) fn refuse_anchor(&mut self, start: u32, end: u32) {
        let name = self.src.get(start as usize..end as usize).unwrap_or("&");
        self.found.push(
            Diagnostic::error(
                "yaml-anchor",
                self.span(start, end),
                format!("the anchor `{name}` is not allowed"),
            )
            .with_hint("remove it: a value is written where it counts, so that a review sees it there"),
        );
    }

    /// Refuses `<<` as a key, and drops its entry.
    pub(super) fn refuse_merge_key(&mut self, start: u32, end: u32) {
        self.drop_entry();
        self.found.push(
            Diagnostic::error("yaml-merge", self.span(start, end), "the merge key `<<` is not allowed")
                .with_hint("write the values out; what every app shares goes below `defaults: {apps: …}`"),
        );
    }

    /// Refuses a key that is not text, and drops its entry.
    pub(super) fn refuse_key(&mut self, start: u32, end: u32) {
        self.drop_entry();
        self.found.push(
            Diagnostic::error("yaml-key", self.span(start, end), "a key has to be plain text")
                .with_hint("write `name: value`; put the name in quotes if it holds special characters"),
        );
    }

    /// Refuses a tag.
    pub(super) fn refuse_tag(&mut self, start: u32, end: u32) {
        let name = self.src.get(start as usize..end as usize).unwrap_or("!");
        self.found.push(
            Diagnostic::error("yaml-tag", self.span(start, end), format!("the tag `{name}` is not allowed"))
                .with_hint("remove it; put text that looks like a number or a boolean in quotes"),
        );
    }

    /// Refuses a second document.
    pub(super) fn refuse_second_document(&mut self, start: u32, end: u32) {
        self.found.push(
            Diagnostic::error("yaml-documents", self.span(start, end), "a second document begins here")
                .with_hint(
                    "one file holds one document: remove the `---`, or move what follows to its own file",
                ),
        );
    }

    /// Warns of unquoted text that YAML 1.1 takes for another type.
    pub(super) fn warn_yaml_1_1(&mut self, text: &str, start: u32, end: u32) {
        if let Some(other) = scalar::yaml_1_1(text) {
            self.found.push(
                Diagnostic::warning(
                    "yaml-1-1",
                    self.span(start, end),
                    format!("unquoted `{text}` is text here, but older YAML readers take it for {other}"),
                )
                .with_hint(format!("write \"{text}\"")),
            );
        }
    }
}
