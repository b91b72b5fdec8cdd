//! Where the characters of an expression stand in the file, whatever the scalar's notation.

use crate::model::expr_source::ExprSource;

use super::arena::{Kind, Notation};
use super::cursor::Cursor;

/// The text of a scalar with a table from its characters to the file's.
pub fn expr_source(node: Cursor<'_>) -> ExprSource {
    let span = node.span();
    let text = node.text();
    let segments = match node.kind() {
        Kind::OwnedStr => {
            let source = &node.view().src[span.start as usize..span.end as usize];
            segments(source, text, span.start, node.notation())
        }
        _ => vec![(0, span.start)],
    };
    ExprSource { text: text.into(), span, segments: segments.into() }
}

/// Aligns a scalar's source with its text. White space at line ends is folded or cut by YAML, so there both sides
/// skip it; everything else has to agree character by character, else nothing is claimed.
fn segments(source: &str, text: &str, offset: u32, notation: Notation) -> Vec<(u32, u32)> {
    let mut walk = Walk { source, text, at: 0, in_text: 0, offset, fresh: true, found: Vec::new() };
    match notation {
        Notation::Single | Notation::Double => walk.at = 1,
        // Empty lines before the content belong to the text, but the source begins after them.
        Notation::Block => {
            walk.at = source.len() - source.trim_start().len();
            walk.in_text = text.len() - text.trim_start().len();
        }
        Notation::Plain => {}
    }
    while walk.in_text < text.len() {
        if walk.step(notation).is_none() {
            return Vec::new();
        }
    }
    walk.found
}

struct Walk<'s> {
    source: &'s str,
    text: &'s str,
    at: usize,
    in_text: usize,
    offset: u32,
    /// The next character begins a stretch.
    fresh: bool,
    found: Vec<(u32, u32)>,
}

impl Walk<'_> {
    /// One character or one line end. `None`: the two cannot be aligned.
    fn step(&mut self, notation: Notation) -> Option<()> {
        let rest = &self.source[self.at..];
        let wanted = self.text[self.in_text..].chars().next()?;
        let Some(here) = rest.chars().next() else {
            // The source may end before trailing line ends of the text.
            return self.text[self.in_text..].trim().is_empty().then(|| self.in_text = self.text.len());
        };
        let line_end = rest.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
        if line_end {
            let skipped = rest.len() - rest.trim_start().len();
            self.at += skipped;
            let left = &self.text[self.in_text..];
            self.in_text += left.len() - left.trim_start().len();
            self.fresh = true;
            return Some(());
        }
        match (notation, here) {
            (Notation::Double, '\\') => {
                let length = escape_length(rest)?;
                self.at += length;
                if rest.as_bytes().get(1).is_some_and(|b| matches!(b, b'\n' | b'\r')) {
                    let left = &self.source[self.at..];
                    self.at += left.len() - left.trim_start().len();
                } else {
                    self.found.push((self.in_text as u32, self.offset + (self.at - length) as u32));
                    self.in_text += wanted.len_utf8();
                }
                self.fresh = true;
            }
            (Notation::Single, '\'') if rest.starts_with("''") => {
                self.found.push((self.in_text as u32, self.offset + self.at as u32));
                self.at += 2;
                self.in_text += 1;
                self.fresh = true;
            }
            _ if here == wanted => {
                if self.fresh {
                    self.found.push((self.in_text as u32, self.offset + self.at as u32));
                    self.fresh = false;
                }
                self.at += here.len_utf8();
                self.in_text += here.len_utf8();
            }
            _ => return None,
        }
        Some(())
    }
}

/// Bytes of an escape in double quotes.
fn escape_length(rest: &str) -> Option<usize> {
    let letter = rest[1..].chars().next()?;
    Some(match letter {
        'x' => 4,
        'u' => 6,
        'U' => 10,
        other => 1 + other.len_utf8(),
    })
    .filter(|length| rest.is_char_boundary(*length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::arena::build;

    /// For every character of the expression that is not white space: the character of the file it points at.
    fn aligned(yaml: &str, expected: &str) {
        let arena = build(0, yaml, &mut Vec::new()).unwrap();
        let view = arena.view(0, yaml);
        let source = expr_source(Cursor::root(&view).unwrap().get("e").unwrap());
        assert_eq!(&*source.text, expected);
        assert!(!source.segments.is_empty(), "no alignment for {yaml:?}");
        for (at, c) in expected.char_indices() {
            if c.is_whitespace() || c == '\u{e9}' || c == '"' || c == '\'' {
                continue;
            }
            let span = source.span_of(at as u32, (at + c.len_utf8()) as u32);
            let shown = &yaml[span.start as usize..span.end as usize];
            assert_eq!(shown, c.to_string(), "{yaml:?} at {at}");
        }
    }

    #[test]
    fn every_notation_is_aligned() {
        aligned("e: user.email == x\n", "user.email == x");
        aligned("e: 'user.email'\n", "user.email");
        aligned("e: \"user.email\"\n", "user.email");
        aligned("e: 'it''s'' x'\n", "it's' x");
        aligned("e: \"a == \\\"b\\\" && c\"\n", "a == \"b\" && c");
        aligned("e: \"caf\\u00e9 + b\"\n", "café + b");
        aligned("e: a &&\n  b &&\n   c\n", "a && b && c");
        aligned("e: |\n  a &&\n    b\n  c\n", "a &&\n  b\nc\n");
        aligned("e: >-\n  a &&\n  b\n\n  c\n", "a && b\nc");
        aligned("e: >- # why\n  a\n  b\n", "a b");
        aligned("e: 'a\n  b'\n", "a b");
        aligned("e: |\n\n  \"a\" ==\n  'it''s'\n", "\n\"a\" ==\n'it''s'\n");
        aligned("e: \"a\\\n  b\"\n", "ab");
        aligned("e: |\r\n  a &&\r\n  b\r\n", "a &&\nb\n");
        aligned("e: [1]\n".replace("[1]", "\"ü && x\"").as_str(), "ü && x");
    }
}
