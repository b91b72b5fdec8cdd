//! Lines of coloured text.

use anstyle::{AnsiColor, Style as Ansi};

use crate::model::escape::{escape, escape_quoted};

/// What a piece of text is; the words say it as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Ordinary.
    Plain,
    /// Headings and ids.
    Strong,
    /// Places, reasons, hints.
    Faint,
    /// Gained.
    Gain,
    /// Lost.
    Loss,
    /// Changed.
    Change,
    /// Read this first.
    Alarm,
    /// Changed in the app.
    Drift,
}

impl Tone {
    /// The colour for a terminal.
    pub(crate) fn ansi(self) -> Ansi {
        let of = |colour: AnsiColor| Ansi::new().fg_color(Some(colour.into()));
        match self {
            Tone::Plain => Ansi::new(),
            Tone::Strong => Ansi::new().bold(),
            Tone::Faint => Ansi::new().dimmed(),
            Tone::Gain => of(AnsiColor::Green),
            Tone::Loss => of(AnsiColor::Red),
            Tone::Change => of(AnsiColor::Yellow),
            Tone::Alarm => of(AnsiColor::Red).bold(),
            Tone::Drift => of(AnsiColor::Magenta),
        }
    }
}

/// Text that passed [`escape`]; the only text a line takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Escaped(String);

impl Escaped {
    /// Escapes `text`.
    pub(crate) fn of(text: &str) -> Self {
        Self(escape(text).into_owned())
    }

    /// Escapes `text`, in quotes.
    pub(crate) fn quoted(text: &str) -> Self {
        Self(format!("\"{}\"", escape_quoted(text)))
    }

    /// Escapes a part of a text that stands inside quotes, without adding them.
    pub(crate) fn inside_quotes(text: &str) -> Self {
        Self(escape_quoted(text).into_owned())
    }

    /// The harmless text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A stretch of text in one tone.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Its tone.
    pub tone: Tone,
    /// What it says.
    pub text: Escaped,
    /// Never broken, even at a space.
    pub solid: bool,
}

/// One line before wrapping.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line(Vec<Piece>);

impl Line {
    /// An empty line.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds text, escaped; it may wrap at its spaces.
    pub(crate) fn add(mut self, tone: Tone, text: impl AsRef<str>) -> Self {
        self.push(tone, Escaped::of(text.as_ref()), false);
        self
    }

    /// Adds ordinary text, escaped.
    pub(crate) fn plain(self, text: impl AsRef<str>) -> Self {
        self.add(Tone::Plain, text)
    }

    /// Adds text that people copy, escaped and never broken.
    pub(crate) fn solid(mut self, tone: Tone, text: impl AsRef<str>) -> Self {
        self.push(tone, Escaped::of(text.as_ref()), true);
        self
    }

    /// Adds text that is escaped already.
    pub(crate) fn escaped(mut self, tone: Tone, text: Escaped, solid: bool) -> Self {
        self.push(tone, text, solid);
        self
    }

    /// Adds a list such as a summary; it wraps after commas and semicolons only.
    pub(crate) fn list(mut self, tone: Tone, text: &str) -> Self {
        for (index, part) in
            text.split(' ').collect::<Vec<_>>().split_inclusive(|word| word.ends_with([',', ';'])).enumerate()
        {
            let gap = if index > 0 { " " } else { "" };
            self = self.plain(gap).solid(tone, part.join(" "));
        }
        self
    }

    /// Adds all of another line.
    pub(crate) fn join(mut self, other: Line) -> Self {
        self.0.extend(other.0);
        self
    }

    /// What it is made of.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    fn push(&mut self, tone: Tone, text: Escaped, solid: bool) {
        self.0.push(Piece { tone, text, solid });
    }

    /// The text alone, on one line.
    #[cfg(test)]
    pub(crate) fn into_text(self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }
}
