//! The lines around a place: one before, the line, one after; escaped, and cut if they are very long.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::model::escape::{escape, push_visible};
use crate::model::span::SourceFile;
use crate::model::{FileSet, Span};

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
    /// Where the places are in `text`; `None` for one that lies elsewhere.
    pub marks: Vec<Option<Range<usize>>>,
    /// 1-based line and column of the first place.
    pub line: u32,
    pub column: u32,
    /// The line itself is not to be shown.
    pub is_hidden: bool,
}

impl Window {
    /// True if the first place stands in the column in which it stands in the file.
    pub(super) fn is_aligned(&self) -> bool {
        let Some(Some(mark)) = self.marks.first() else {
            return true;
        };
        let before = &self.text[..mark.start];
        let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
        line.chars().count() + 1 == self.column as usize
    }
}

/// The lines around the first span, with those others that lie in them; `None` if it lies in no known file. Lines beside
/// it that are not to be shown are left out.
pub(super) fn around(files: &FileSet, spans: &[Span], hidden: &BTreeSet<(u32, u32)>) -> Option<Window> {
    let main = *spans.first()?;
    let file = files.get(main.file)?;
    let (line, column) = file.line_column(main.start);
    let last = file.line_column(u32::MAX).0;
    let is_hidden = |number: u32| hidden.contains(&(main.file, number));
    let mut first = line.saturating_sub(1).max(1);
    if is_hidden(first) {
        first = line;
    }
    let mut window = Window {
        file: escape(&file.name).into_owned(),
        first_line: first as usize,
        text: String::new(),
        marks: vec![None; spans.len()],
        line,
        column,
        is_hidden: is_hidden(line),
    };
    let lines: Vec<Option<u32>> =
        spans.iter().map(|span| (span.file == main.file).then(|| file.line_column(span.start).0)).collect();
    for number in first..=last.min(line + 1) {
        let range = file.line_range(number);
        if number > line && is_hidden(number) {
            break;
        }
        // The end of the file is not a line.
        if number > line && range.is_empty() && range.start == file.text.len() {
            break;
        }
        let focus = if number == line { main.start as usize } else { range.start };
        let shown = Shown::new(file, range, focus, &mut window.text);
        for (mark, span) in window
            .marks
            .iter_mut()
            .zip(spans)
            .zip(&lines)
            .filter_map(|((mark, span), at)| (*at == Some(number)).then_some((mark, span)))
        {
            *mark = shown.mark(*span);
        }
        window.text.push('\n');
    }
    window.text.pop();
    Some(window)
}

/// One line in the window: where each of its characters went.
struct Shown {
    /// Byte in the file, byte in the window, ascending.
    places: Vec<(usize, usize)>,
    whole: Range<usize>,
}

impl Shown {
    fn new(file: &SourceFile, range: Range<usize>, focus: usize, out: &mut String) -> Self {
        let line = &file.text[range.clone()];
        let long = line.len() > LONGEST;
        let focus = focus.clamp(range.start, range.end) - range.start;
        let begin = if long { floor(line, focus.saturating_sub(BEFORE)) } else { 0 };
        let end = if long { floor(line, begin + LONGEST) } else { line.len() };
        if begin > 0 {
            out.push('…');
        }
        let mut places = Vec::with_capacity(end - begin + 1);
        for (at, c) in line[begin..end].char_indices() {
            places.push((range.start + begin + at, out.len()));
            match c {
                '\t' => out.push_str("    "),
                c => push_visible(c, out),
            }
        }
        places.push((range.start + end, out.len()));
        if end < line.len() {
            out.push('…');
        }
        Self { places, whole: range }
    }

    /// The part of a span that this line shows.
    fn mark(&self, span: Span) -> Option<Range<usize>> {
        let place = |byte: u32| {
            let byte = (byte as usize).min(self.whole.end);
            let at = self.places.partition_point(|(from, _)| *from < byte);
            self.places.get(at).or(self.places.last()).map(|(_, to)| *to)
        };
        let start = place(span.start)?;
        Some(start..place(span.end)?.max(start))
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
