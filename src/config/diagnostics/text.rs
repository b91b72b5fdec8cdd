//! Findings for people, in the look of rustc.

use std::collections::BTreeSet;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::model::diagnostic::Severity;
use crate::model::escape::escape;
use crate::model::{Diagnostic, FileSet, Span};

use super::unshown;
use super::window::{self, Window};

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
        Self { color: false, most: 50 }
    }
}

/// Renders findings that are already [sorted](crate::model::Diagnostics::sorted). If not all are shown, errors go
/// before warnings.
pub fn text(findings: &[Diagnostic], files: &FileSet, look: Look) -> String {
    let renderer = if look.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let hidden = unshown(findings, files);
    let shown = select(findings, look.most);
    let mut out = String::new();
    for diagnostic in &shown {
        out.push_str(&one(diagnostic, files, &hidden, &renderer));
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

fn one(
    diagnostic: &Diagnostic,
    files: &FileSet,
    hidden: &BTreeSet<(u32, u32)>,
    renderer: &Renderer,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(escape(&diagnostic.message)).id(diagnostic.code);
    let mut group = Group::with_title(title);
    let own = diagnostic.span.map(|span| (span, diagnostic.label.as_deref()));
    let others = diagnostic.related.iter().map(|(span, text)| (*span, Some(text.as_str())));
    let mut places: Vec<_> = own.into_iter().chain(others).collect();
    let mut kind = AnnotationKind::Primary;
    while !places.is_empty() {
        let spans: Vec<Span> = places.iter().map(|(span, _)| *span).collect();
        let Some(window) = window::around(files, &spans, hidden) else {
            places.remove(0);
            continue;
        };
        let shown = window.marks.clone();
        if window.is_hidden {
            group = group.element(origin(&window));
        } else if window.is_aligned() {
            let path = window.file.clone();
            group = group.element(snippet(window, &places, kind).path(path));
        } else {
            // Escapes or a cut moved the place: its column is said apart from the lines.
            group = group.element(origin(&window));
            group = group.element(snippet(window, &places, kind));
        }
        let mut marks = shown.iter();
        places.retain(|_| marks.next().is_some_and(Option::is_none));
        kind = AnnotationKind::Context;
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.with_name("hint").message(escape(hint)));
    }
    renderer.render(&[group])
}

fn origin<'a>(window: &Window) -> Origin<'a> {
    Origin::path(window.file.clone()).line(window.line as usize).char_column(window.column as usize)
}

/// The lines of a window with the places that lie in it. The first is what the finding is about.
fn snippet<'a>(
    window: Window,
    places: &[(Span, Option<&str>)],
    first: AnnotationKind,
) -> Snippet<'a, Annotation<'a>> {
    let mut snippet = Snippet::source(window.text).line_start(window.first_line).fold(false);
    for (number, (mark, (_, label))) in window.marks.into_iter().zip(places).enumerate() {
        let Some(mark) = mark else { continue };
        let kind = if number == 0 { first } else { AnnotationKind::Context };
        let label = label.map(|label| escape(label).into_owned());
        snippet = snippet.annotation(kind.span(mark).label(label));
    }
    snippet
}
