//! The lines around a place: one before, the line, one after; escaped, and cut if they are very long.

use std::ops::Range;

use crate::model::span::SourceFile;
use crate::model::{FileSet, Span};

use super::escape;

/// Longest line shown in full, and how much of a longer one is shown before the place.
const LONGEST: usize = 240;
const BEFORE: usize = 80;

/// A few lines of a file, ready to be shown.
pub(super) struct Window {
    /// The file's name, escaped.
    pub file: String,
    /// Number of the first line.
    pub first_line: usize,
    /// The lines.
    pub text: String,
    /// The place in `text`.
    pub mark: Range<usize>,
    /// 1-based line and column of the place.
    pub line: u32,
    pub column: u32,
}

/// The lines around a span; `None` if it lies in no known file.
pub(super) fn around(files: &FileSet, span: Span) -> Option<Window> {
    let file = files.get(span.file)?;
    let (line, column) = file.line_column(span.start);
    let last = file.line_column(u32::MAX).0;
    let first = line.saturating_sub(1).max(1);
    let mut window = Window {
        file: escape(&file.name).into_owned(),
        first_line: first as usize,
        text: String::new(),
        mark: 0..0,
        line,
        column,
    };
    for number in first..=last.min(line + 1) {
        let range = file.line_range(number);
        if number == line {
            mark_line(file, range, span, &mut window);
        } else if number > line && range.is_empty() && range.start == file.text.len() {
            // The end of the file is not a line.
            break;
        } else {
            plain_line(&file.text[range], &mut window.text);
        }
        window.text.push('\n');
    }
    window.text.pop();
    Some(window)
}

fn plain_line(line: &str, out: &mut String) {
    let cut = floor(line, LONGEST);
    for c in line[..cut].chars() {
        escape::push(c, out);
    }
    if cut < line.len() {
        out.push('…');
    }
}

fn mark_line(file: &SourceFile, range: Range<usize>, span: Span, window: &mut Window) {
    let line = &file.text[range.clone()];
    let from = (span.start as usize).saturating_sub(range.start).min(line.len());
    let to = (span.end as usize)
        .saturating_sub(range.start)
        .clamp(from, line.len());
    let (from, to) = (floor(line, from), floor(line, to));
    let long = line.len() > LONGEST;
    let begin = if long {
        floor(line, from.saturating_sub(BEFORE))
    } else {
        0
    };
    let end = if long {
        floor(line, begin + LONGEST)
    } else {
        line.len()
    };
    if begin > 0 {
        window.text.push('…');
    }
    let mut start = None;
    let mut stop = None;
    for (at, c) in line[begin..end].char_indices() {
        if begin + at == from {
            start = Some(window.text.len());
        }
        if begin + at == to {
            stop = Some(window.text.len());
        }
        escape::push(c, &mut window.text);
    }
    let start = start.unwrap_or(window.text.len());
    window.mark = start..stop.unwrap_or(window.text.len()).max(start);
    if end < line.len() {
        window.text.push('…');
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
