//! How text looks.

/// How text is to look. It changes the form only, never the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours; never the only carrier of a meaning.
    pub colour: bool,
    /// 0: alike changes are folded. 1: nothing is. 2: keys and ids in the app as well.
    pub verbose: u8,
    /// Columns to wrap at; 0 never wraps.
    pub width: usize,
}

impl Style {
    /// For files and pipes: no colour, no wrapping, folded.
    pub const PLAIN: Style = Style { colour: false, verbose: 0, width: 0 };
}
