//! A finding inside an expression, before its place in the file is known.

use crate::model::Diagnostic;
use crate::model::expr_source::ExprSource;

/// Byte range in the text of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct At {
    pub start: u32,
    pub end: u32,
}

impl At {
    /// The range between offsets into a text below the size limit.
    pub(super) fn new(start: usize, end: usize) -> Self {
        let narrow = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }

    /// The range from the start of this one to the end of `last`.
    pub(super) fn to(self, last: At) -> Self {
        Self { start: self.start, end: last.end }
    }

    /// The text of the range, shortened for a message.
    pub(super) fn snippet(self, text: &str) -> String {
        const MOST: usize = 60;
        let part = text.get(self.start as usize..self.end as usize).unwrap_or_default();
        let mut line: String = part.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((cut, _)) = line.char_indices().nth(MOST) {
            line.truncate(cut);
            line.push('…');
        }
        line
    }
}

/// One finding.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub code: &'static str,
    pub at: At,
    pub message: String,
    pub label: Option<&'static str>,
    pub hints: Vec<String>,
}

impl Problem {
    pub(super) fn new(code: &'static str, at: At, message: impl Into<String>) -> Self {
        Self { code, at, message: message.into(), label: None, hints: Vec::new() }
    }

    pub(super) fn label(mut self, label: &'static str) -> Self {
        self.label = Some(label);
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a hint if there is one.
    pub(super) fn maybe_hint(mut self, hint: Option<impl Into<String>>) -> Self {
        self.hints.extend(hint.map(Into::into));
        self
    }

    /// The finding as an error in the file.
    pub(super) fn error(self, source: &ExprSource) -> Diagnostic {
        let span = source.span_of(self.at.start, self.at.end);
        let plain = Diagnostic::error(self.code, span, String::new());
        self.dress(plain)
    }

    fn dress(self, plain: Diagnostic) -> Diagnostic {
        Diagnostic { message: self.message, label: self.label.map(str::to_owned), hints: self.hints, ..plain }
    }
}
