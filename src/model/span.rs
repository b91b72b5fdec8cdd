//! Where something was written.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

/// A byte range in one file of a [`FileSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file's place in the set.
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end` in `file`.
    pub fn new(file: u32, start: u32, end: u32) -> Self {
        Self { file, start, end: end.max(start) }
    }
}

/// A position for people: 1-based line and column, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// File name relative to the repository's root, with `/`.
    pub file: Arc<str>,
    /// 1-based line.
    pub line: u32,
    /// 1-based column, counted in characters.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One file that was read, with its text.
#[derive(Debug)]
pub struct SourceFile {
    /// Name relative to the repository's root, with `/`.
    pub name: Arc<str>,
    /// The whole text.
    pub text: String,
    /// It is part of the program, and of no tree.
    pub is_built_in: bool,
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// A file with this name and text.
    pub fn new(name: impl Into<Arc<str>>, text: String) -> Self {
        Self { name: name.into(), text, is_built_in: false, lines: OnceLock::new() }
    }

    /// A file of the program itself.
    pub fn built_in(name: &str, text: String) -> Self {
        Self { is_built_in: true, ..Self::new(format!("built-in/{name}"), text) }
    }

    /// Byte offsets at which lines begin; worked out at the first use.
    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    /// 1-based line and column of a byte offset; an offset past the end is the end.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let column = self.text[starts[line] as usize..offset].chars().count();
        (line as u32 + 1, column as u32 + 1)
    }

    /// Byte range of a 1-based line, without its line end.
    pub fn line_range(&self, line: u32) -> std::ops::Range<usize> {
        let starts = self.line_starts();
        let index = (line.max(1) as usize - 1).min(starts.len() - 1);
        let start = starts[index] as usize;
        let end = starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        start..start + self.text[start..end].trim_end_matches(['\n', '\r']).len()
    }
}

/// All files of one run, in the order of their names.
#[derive(Debug, Default)]
pub struct FileSet {
    files: Vec<SourceFile>,
    root: Option<PathBuf>,
}

impl FileSet {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The folder that the names are relative to, if it is known.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Says which folder the names are relative to.
    pub fn set_root(&mut self, root: Option<PathBuf>) {
        self.root = root;
    }

    /// Adds a file and gives its number.
    pub fn add(&mut self, file: SourceFile) -> u32 {
        self.files.push(file);
        (self.files.len() - 1) as u32
    }

    /// The file with this number.
    pub fn get(&self, file: u32) -> Option<&SourceFile> {
        self.files.get(file as usize)
    }

    /// All files with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &SourceFile)> {
        self.files.iter().enumerate().map(|(number, file)| (number as u32, file))
    }

    /// Where a span begins, for people. `None` for a span of a file that is not in this set.
    pub fn place(&self, span: Span) -> Option<Place> {
        let file = self.get(span.file)?;
        let (line, column) = file.line_column(span.start);
        Some(Place { file: file.name.clone(), line, column })
    }

    /// The text of a span; empty if it does not lie in this set.
    pub fn text(&self, span: Span) -> &str {
        let text = self.get(span.file).map_or("", |file| file.text.as_str());
        text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let mut files = FileSet::new();
        let file = files.add(SourceFile::new("a.yaml", "ä: 1\nbö: 2\n".to_owned()));
        let place = files.place(Span::new(file, 11, 12)).unwrap();
        assert_eq!(place.to_string(), "a.yaml:2:5");
        assert_eq!(files.text(Span::new(file, 11, 12)), "2");
        assert_eq!(files.get(file).unwrap().line_range(2), 6..12);
    }

    #[test]
    fn an_offset_past_the_end_or_inside_a_character_is_not_a_panic() {
        let file = SourceFile::new("a.yaml", "ä".to_owned());
        assert_eq!(file.line_column(1), (1, 1));
        assert_eq!(file.line_column(99), (1, 2));
    }
}
