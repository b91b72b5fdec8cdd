//! What YAML can do and this language does not want: each with its place and what to write instead.

use std::collections::HashMap;

use crate::model::{Diagnostic, Span};

use super::build::Builder;
use crate::config::cursor::Cursor;
use crate::config::scalar;

impl Builder<'_, '_> {
    /// Reports keys that stand in a mapping twice.
    pub(super) fn find_repeated_keys(&mut self, map: u32) {
        let view = self.arena.view(self.file, self.src);
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut few: Vec<(&str, Span)> = Vec::new();
        let mut repeated = Vec::new();
        for (key, _) in Cursor::at(&view, map).entries() {
            let (text, span) = (key.text(), key.span());
            // Most mappings are small: comparing beats hashing.
            let first = if few.len() < 12 {
                let first = few.iter().find(|(name, _)| *name == text).map(|(_, span)| *span);
                if first.is_none() {
                    few.push((text, span));
                }
                first
            } else {
                if seen.is_empty() {
                    seen.extend(few.iter().copied());
                }
                let first = seen.get(text).copied();
                if first.is_none() {
                    seen.insert(text, span);
                }
                first
            };
            if let Some(first) = first {
                repeated.push((text.to_owned(), span, first));
            }
        }
        for (text, span, first) in repeated {
            self.found.push(
                Diagnostic::error("duplicate-key", span, format!("the key `{text}` stands here twice"))
                    .with_related(first, "first here")
                    .with_hint("keep one of the two; neither wins over the other"),
            );
        }
    }

    /// An alias.
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

    /// An anchor.
    pub(super) fn anchor(&mut self, start: u32, end: u32) {
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

    /// `<<` as a key.
    pub(super) fn merge_key(&mut self, start: u32, end: u32) {
        self.drop_entry();
        self.found.push(
            Diagnostic::error("yaml-merge", self.span(start, end), "the merge key `<<` is not allowed")
                .with_hint("write the values out; what every app shares goes below `defaults: {apps: …}`"),
        );
    }

    /// A key that is not text.
    pub(super) fn refuse_key(&mut self, start: u32, end: u32) {
        self.drop_entry();
        self.found.push(
            Diagnostic::error("yaml-key", self.span(start, end), "a key has to be plain text")
                .with_hint("write `name: value`; put the name in quotes if it holds special characters"),
        );
    }

    /// A tag.
    pub(super) fn refuse_tag(&mut self, start: u32, end: u32) {
        let name = self.src.get(start as usize..end as usize).unwrap_or("!");
        self.found.push(
            Diagnostic::error("yaml-tag", self.span(start, end), format!("the tag `{name}` is not allowed"))
                .with_hint("remove it; put text that looks like a number or a boolean in quotes"),
        );
    }

    /// A second document.
    pub(super) fn several_documents(&mut self, start: u32, end: u32) {
        self.found.push(
            Diagnostic::error("yaml-documents", self.span(start, end), "a second document begins here")
                .with_hint(
                    "one file holds one document: remove the `---`, or move what follows to its own file",
                ),
        );
    }

    /// Text that older readers take for something else.
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
