//! Text from outside, made harmless: nothing in it may move the cursor, change a colour, turn the direction of reading
//! or hide a character (safety.md 19).

use std::borrow::Cow;
use std::fmt::Write;

/// Text that passed [`escape`] or [`quote`]; the only text a line takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Escaped(String);

impl Escaped {
    /// Escapes `text`.
    pub(crate) fn of(text: &str) -> Self {
        Self(escape(text).into_owned())
    }

    /// Escapes `text`, in quotes.
    pub(crate) fn quoted(text: &str) -> Self {
        Self(format!("\"{}\"", body(text, true)))
    }

    /// Escapes a part of a text that stands inside quotes, without adding them.
    pub(crate) fn inside_quotes(text: &str) -> Self {
        Self(body(text, true).into_owned())
    }

    /// The harmless text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Makes control, bidirectional and invisible characters visible: newline as `\n`, ESC as `\u{1b}`. A backslash is
/// doubled only where it would otherwise read as such an escape.
pub fn escape(text: &str) -> Cow<'_, str> {
    body(text, false)
}

fn body(text: &str, in_quotes: bool) -> Cow<'_, str> {
    let suspicious = |c: char| is_hidden(c) || c == '\\' || (in_quotes && c == '"');
    if !text.contains(suspicious) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' if in_quotes => out.push_str("\\\""),
            '\\' => {
                let reads_as_escape = chars.peek().is_none_or(|next| {
                    matches!(next, 'n' | 'r' | 't' | 'u' | '\\' | '"') || is_hidden(*next)
                });
                out.push_str(if reads_as_escape { "\\\\" } else { "\\" });
            }
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// True for characters a reader cannot see, or that change how others are seen: control characters, bidirectional
/// marks, zero-width characters, fillers, tags, and spaces that only look like a space.
pub(crate) fn is_hidden(c: char) -> bool {
    match c {
        ' '..='~' => false,
        c if c.is_control() => true,
        c => matches!(u32::from(c),
            0xa0 | 0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x1680 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
            | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x2800 | 0x3164
            | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffc | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff
            | 0xe000..=0xf8ff | 0xf0000..=0x10ffff),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(escape("\u{1b}[31mroot\u{7}"), "\\u{1b}[31mroot\\u{7}");
        assert_eq!(escape("a\nb\r\tc"), "a\\nb\\r\\tc");
        assert_eq!(escape("ada\u{202e}gro.live"), "ada\\u{202e}gro.live");
        assert_eq!(escape("a\u{200b}b\u{a0}c\u{9b}d"), "a\\u{200b}b\\u{a0}c\\u{9b}d");
    }

    #[test]
    fn letters_of_every_script_stay() {
        for text in ["Zoë Müller", "山田\u{3000}太郎", "Ада", "🙂", "→ … ·"] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn an_escape_and_a_text_that_looks_like_one_differ() {
        assert_eq!(escape("a\\nb"), "a\\\\nb");
        assert_eq!(escape("ACME\\ada"), "ACME\\ada");
        assert_ne!(escape("\\\n"), escape("\\\\n"));
        assert_eq!(Escaped::quoted("a\"b\\").as_str(), "\"a\\\"b\\\\\"");
    }
}
