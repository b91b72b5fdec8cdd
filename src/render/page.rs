//! The page that is written: lines wrapped to a width, colours opened and closed.

use std::fmt::Write;

use super::line::{Line, Tone};
use super::style::Style;

/// Something without a break inside, and the spaces before it.
#[derive(Default)]
struct Word<'l> {
    spaces: usize,
    parts: Vec<(Tone, &'l str)>,
    width: usize,
}

/// The text being written.
pub(crate) struct Page {
    colour: bool,
    width: usize,
    out: String,
}

impl Page {
    /// An empty page.
    pub(crate) fn new(style: &Style) -> Self {
        Self { colour: style.colour, width: style.width, out: String::new() }
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// An empty line, unless one is there or nothing is.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Writes a line at `indent`; what does not fit goes on four columns further in.
    pub(crate) fn line(&mut self, indent: usize, line: &Line) {
        let words = words(line);
        let mut column = indent;
        self.spaces(indent);
        let mut tone = Tone::Plain;
        for (index, word) in words.iter().enumerate() {
            if word.parts.first().is_some_and(|(next, _)| *next != tone) {
                self.turn(&mut tone, Tone::Plain);
            }
            let fits = self.width == 0 || column + word.spaces + word.width <= self.width;
            if index > 0 && word.spaces > 0 && !fits && column > indent + 4 {
                self.turn(&mut tone, Tone::Plain);
                self.out.push('\n');
                self.spaces(indent + 4);
                column = indent + 4;
            } else {
                self.spaces(word.spaces);
                column += word.spaces;
            }
            for (part_tone, text) in &word.parts {
                self.turn(&mut tone, *part_tone);
                self.out.push_str(text);
            }
            column += word.width;
        }
        self.turn(&mut tone, Tone::Plain);
        self.out.push('\n');
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }

    fn turn(&mut self, from: &mut Tone, to: Tone) {
        if *from == to {
            return;
        }
        if self.colour {
            if *from != Tone::Plain {
                let _ = write!(self.out, "{:#}", from.ansi());
            }
            let _ = write!(self.out, "{}", to.ansi());
        }
        *from = to;
    }
}

fn words(line: &Line) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut word = Word::default();
    for piece in line.pieces() {
        let mut rest = piece.text.as_str();
        while !rest.is_empty() {
            let run = if piece.solid { 0 } else { rest.len() - rest.trim_start_matches(' ').len() };
            if run > 0 {
                if word.parts.is_empty() {
                    word.spaces += run;
                } else {
                    words.push(std::mem::take(&mut word));
                    word.spaces = run;
                }
                rest = &rest[run..];
                continue;
            }
            let end = if piece.solid { rest.len() } else { rest.find(' ').unwrap_or(rest.len()) };
            word.width += width(&rest[..end]);
            word.parts.push((piece.tone, &rest[..end]));
            rest = &rest[end..];
        }
    }
    if !word.parts.is_empty() {
        words.push(word);
    }
    words
}

/// Columns a text takes on a terminal: two for East Asian wide characters and emoji, none for combining marks.
pub(crate) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f
        | 0x1ab0..=0x1aff
        | 0x1dc0..=0x1dff
        | 0x20d0..=0x20ff
        | 0xfe00..=0xfe0f
        | 0xfe20..=0xfe2f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(width: usize, line: &Line) -> String {
        let mut page = Page::new(&Style { width, ..Style::PLAIN });
        page.line(2, line);
        page.finish()
    }

    #[test]
    fn lines_break_at_spaces_and_never_inside_what_people_copy() {
        let line = Line::new().plain("one two ").solid(Tone::Strong, "an id with spaces").plain(", three");
        assert_eq!(wrapped(14, &line), "  one two\n      an id with spaces,\n      three\n");
        assert_eq!(wrapped(0, &line), "  one two an id with spaces, three\n");
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(wrapped(12, &Line::new().plain("aaaaaa 山田")), "  aaaaaa\n      山田\n");
        assert_eq!(wrapped(13, &Line::new().plain("aaaaaa 山田")), "  aaaaaa 山田\n");
        assert_eq!(width("山田e\u{301}"), 5);
    }

    #[test]
    fn colour_is_closed_before_the_line_ends() {
        let mut page = Page::new(&Style { colour: true, ..Style::PLAIN });
        page.line(0, &Line::new().add(Tone::Loss, "gone now").plain(" yes"));
        assert_eq!(page.finish(), "\u{1b}[31mgone now\u{1b}[0m yes\n");
    }
}
