//! What is wrong, where, and what to do about it. Rendered in one place, `config::diagnostics`.

use super::span::Span;

/// What a diagnostic stops (safety.md, "Always").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Syntax, schema, references, duplicates, static expression errors: stops plan and apply.
    Tree,
    /// Concerns one person or group: freezes it, the rest goes on.
    Subject,
    /// Holds back grants, never a removal.
    Policy,
}

/// Whether it stops anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Must be put right.
    Error,
    /// Should be looked at.
    Warning,
}

/// One finding. Build it with [`Diagnostic::error`] and the `with_…` methods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable short name, such as `unknown-user`: for tests, filters and the documentation.
    pub code: &'static str,
    /// What it stops.
    pub class: Class,
    /// Error or warning.
    pub severity: Severity,
    /// What happened, one line, no full stop.
    pub message: String,
    /// Where; `None` only if no place in a file can be named.
    pub span: Option<Span>,
    /// A few words beside the caret.
    pub label: Option<String>,
    /// Other places that matter, each with a few words.
    pub related: Vec<(Span, String)>,
    /// What to do: each becomes a `hint:` line.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error of the whole tree.
    pub fn error(code: &'static str, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self {
            code,
            class: Class::Tree,
            severity: Severity::Error,
            message: shortened(message.into()),
            span: span.into(),
            label: None,
            related: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A warning.
    pub fn warning(code: &'static str, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// True for an error of the class that stops everything.
    pub fn stops_tree(&self) -> bool {
        self.severity == Severity::Error && self.class == Class::Tree
    }

    /// Makes it concern one subject only.
    pub fn of_subject(mut self) -> Self {
        self.class = Class::Subject;
        self
    }

    /// Makes it a policy finding.
    pub fn of_policy(mut self) -> Self {
        self.class = Class::Policy;
        self
    }

    /// A few words beside the caret.
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(shortened(label.into()));
        self
    }

    /// A hint: what to do.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(shortened(hint.into()));
        self
    }

    /// Another place that matters.
    pub fn with_related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, shortened(text.into())));
        self
    }
}

/// Longest word of a message that is shown whole, in characters.
const WORD: usize = 400;
/// The number of characters that are shown of a longer one.
const SHOWN: usize = 80;

/// Cuts long words: a message repeats text from files, and a word there may have any length.
fn shortened(text: String) -> String {
    if text.len() <= WORD {
        return text;
    }
    let mut out = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let count = word.trim_end().chars().count();
        if count <= WORD {
            out.push_str(word);
            continue;
        }
        out.extend(word.chars().take(SHOWN));
        out.push_str(&format!("… ({count} characters)"));
        out.extend(word.chars().last().filter(|last| last.is_whitespace()));
    }
    out
}

/// Findings of a run: collected, never first-only.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.found.extend(others);
    }

    /// True if there is an error of any class.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// True if there is an error of the class that stops everything.
    pub fn stops_tree(&self) -> bool {
        self.found.iter().any(Diagnostic::stops_tree)
    }

    /// How many errors and warnings.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.found.iter().filter(|d| d.severity == Severity::Error).count();
        (errors, self.found.len() - errors)
    }

    /// Sorted by place, then code and message, without repeats: the same input gives the same list.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| {
            (a.span.is_none(), a.span, a.severity, a.code, &a.message).cmp(&(
                b.span.is_none(),
                b.span,
                b.severity,
                b.code,
                &b.message,
            ))
        });
        self.found.dedup();
        self.found
    }

    /// In the order found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// True if nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_word_is_cut() {
        let long = "é".repeat(100_000);
        let error =
            Diagnostic::error("x", None, format!("the anchor `{long}` is not\nallowed")).with_hint(&*long);
        let shown = "é".repeat(79);
        assert_eq!(error.message, format!("the anchor `{shown}… (100002 characters) is not\nallowed"));
        assert!(error.hints[0].len() < 200);
        let many = "word ".repeat(1000);
        assert_eq!(Diagnostic::error("x", None, many.clone()).message, many);
    }
}
