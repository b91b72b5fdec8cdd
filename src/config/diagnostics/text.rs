//! Findings for people, in the look of rustc.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::model::diagnostic::Severity;
use crate::model::{Diagnostic, FileSet, Span};

use super::window::{self, Window};
use super::{UNSHOWN, escape};

/// How findings are shown.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// With colours.
    pub color: bool,
    /// How many are shown before the rest is only counted.
    pub most: usize,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            color: false,
            most: 50,
        }
    }
}

/// Renders findings that are already [sorted](crate::model::Diagnostics::sorted). If not all are shown, errors go
/// before warnings.
pub fn text(findings: &[Diagnostic], files: &FileSet, look: Look) -> String {
    let renderer = if look.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let shown = select(findings, look.most);
    let mut out = String::new();
    for diagnostic in &shown {
        out.push_str(&one(diagnostic, files, &renderer));
        out.push_str("\n\n");
    }
    let left = findings.len() - shown.len();
    if left > 0 {
        out.push_str(&format!("… and {left} more\n\n"));
    }
    out
}

fn select(findings: &[Diagnostic], most: usize) -> Vec<&Diagnostic> {
    let errors = findings.iter().filter(|d| d.severity == Severity::Error).count();
    let mut warnings_left = most.saturating_sub(errors);
    let mut errors_left = most;
    findings
        .iter()
        .filter(|diagnostic| {
            let left = match diagnostic.severity {
                Severity::Error => &mut errors_left,
                Severity::Warning => &mut warnings_left,
            };
            let take = *left > 0;
            *left = left.saturating_sub(1);
            take
        })
        .collect()
}

fn one(diagnostic: &Diagnostic, files: &FileSet, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(escape(&diagnostic.message))
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    let shown = !UNSHOWN.contains(&diagnostic.code);
    if let Some(window) = diagnostic.span.and_then(|span| window::around(files, span)) {
        group = if shown {
            group.element(snippet(
                window,
                AnnotationKind::Primary,
                diagnostic.label.as_deref(),
            ))
        } else {
            group.element(
                Origin::path(window.file)
                    .line(window.line as usize)
                    .char_column(window.column as usize),
            )
        };
    }
    for (span, text) in related(diagnostic) {
        if let Some(window) = window::around(files, *span) {
            group = group.element(snippet(window, AnnotationKind::Context, Some(text)));
        }
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.with_name("hint").message(escape(hint)));
    }
    renderer.render(&[group])
}

/// Other places, but not the finding's own if it is listed among them as well.
fn related(diagnostic: &Diagnostic) -> impl Iterator<Item = &(Span, String)> {
    diagnostic.related.iter()
}

fn snippet<'a>(
    window: Window,
    kind: AnnotationKind,
    label: Option<&str>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let mut mark = kind.span(window.mark);
    if let Some(label) = label {
        mark = mark.label(escape(label).into_owned());
    }
    Snippet::source(window.text)
        .line_start(window.first_line)
        .path(window.file)
        .fold(false)
        .annotation(mark)
}
