//! Finds paths in code: `a::b::c`, and each path of `use a::{b, c::{d, e}}`.

/// One path that the code uses. A group in braces gives one path for each member.
#[derive(Debug, PartialEq, Eq)]
pub struct Used {
    /// `crate::model::App`
    pub text: String,
    /// The line on which it begins, from 1.
    pub line: usize,
}

impl Used {
    /// True if it is this path or a longer one.
    pub fn starts_with(&self, path: &str) -> bool {
        let rest = self.text.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

/// All paths in code that has no comments and literals.
pub fn in_code(code: &str) -> Vec<Used> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_word(tokens[at].0) {
            at = path(&tokens, at, "", &mut found);
        } else {
            at += 1;
        }
    }
    found
}

type Token<'c> = (&'c str, usize);

/// The tokens of code: words, `::`, and single characters.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let length = if is_word(rest) {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            found.push((&rest[..length], line));
        }
        line += usize::from(first == '\n');
        at += length;
    }
    found
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads one path that begins at a word; returns the place after it.
fn path(tokens: &[Token<'_>], mut at: usize, prefix: &str, found: &mut Vec<Used>) -> usize {
    let line = tokens[at].1;
    let mut text = format!("{prefix}{}", tokens[at].0);
    at += 1;
    while tokens.get(at).is_some_and(|token| token.0 == "::") {
        match tokens.get(at + 1).map(|token| token.0) {
            Some("{") => return group(tokens, at + 2, &format!("{text}::"), found),
            Some(word) if is_word(word) => {
                text = format!("{text}::{word}");
                at += 2;
            }
            Some("*") => {
                text.push_str("::*");
                at += 2;
                break;
            }
            // `path::<T>`
            _ => break,
        }
    }
    found.push(Used { text, line });
    at
}

/// Reads the paths between braces; returns the place after the closing brace.
fn group(tokens: &[Token<'_>], mut at: usize, prefix: &str, found: &mut Vec<Used>) -> usize {
    while at < tokens.len() {
        match tokens[at].0 {
            "}" => return at + 1,
            "as" => at += 2,
            word if is_word(word) => at = path(tokens, at, prefix, found),
            _ => at += 1,
        }
    }
    at
}
