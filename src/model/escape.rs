//! Text from outside, made harmless: nothing in it may move the cursor, change a colour, turn the direction of reading
//! or hide a character (safety.md 19). Every output uses this one set of characters.

use std::borrow::Cow;
use std::fmt::Write;

/// Makes control, bidirectional and invisible characters visible: newline as `\n`, ESC as `\u{1b}`. A backslash is
/// doubled only where it would otherwise read as such an escape.
pub fn escape(text: &str) -> Cow<'_, str> {
    escaped(text, false)
}

/// The same for a text that stands inside double quotes: quotes are escaped too.
pub fn escape_quoted(text: &str) -> Cow<'_, str> {
    escaped(text, true)
}

fn escaped(text: &str, in_quotes: bool) -> Cow<'_, str> {
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
            c => push_visible(c, &mut out),
        }
    }
    Cow::Owned(out)
}

/// Adds one character as it is, or as `\u{1b}` if it is hidden: for lines of a file, whose backslashes stay single.
pub fn push_visible(c: char, out: &mut String) {
    if is_hidden(c) {
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    } else {
        out.push(c);
    }
}

/// The same JSON with its hidden characters as `\u` escapes. They can only stand in strings, line ends apart, so the
/// document says the same.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let is_unsafe = |c: char| c != '\n' && is_hidden(c);
    if !json.contains(is_unsafe) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    let mut units = [0; 2];
    for c in json.chars() {
        if is_unsafe(c) {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// True for characters a reader cannot see, or that change how others are seen: control characters, bidirectional
/// marks, zero-width characters, fillers, tags, private and non-characters, and spaces that only look like a space.
pub fn is_hidden(c: char) -> bool {
    match c {
        ' '..='~' => false,
        c if c.is_control() => true,
        c => matches!(u32::from(c),
            0xa0 | 0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x1680 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
            | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x2800 | 0x3164
            | 0xfdd0..=0xfdef | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffc | 0xfffe..=0xffff
            | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff
            | 0xe000..=0xf8ff | 0xf0000..=0x0010_ffff),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each class with its first, its last and one between.
    const HIDDEN: [(&str, &[u32]); 17] = [
        ("control characters of ASCII", &[0x0, 0x7, 0x1b, 0x1f, 0x7f]),
        ("control characters of Latin-1", &[0x80, 0x85, 0x9b, 0x9f]),
        ("spaces that only look like a space", &[0xa0, 0x1680, 0x2000, 0x2007, 0x200a, 0x202f, 0x205f]),
        ("zero-width characters", &[0x200b, 0x200c, 0x200d, 0x2060, 0xfeff]),
        ("bidirectional marks", &[0x61c, 0x200e, 0x200f]),
        ("bidirectional embeddings and overrides", &[0x202a, 0x202c, 0x202e]),
        ("bidirectional isolates", &[0x2066, 0x2068, 0x2069]),
        ("invisible operators and shaping controls", &[0x2061, 0x2064, 0x206a, 0x206f]),
        ("line and paragraph separators", &[0x2028, 0x2029]),
        ("hyphens and joiners that are not shown", &[0xad, 0x34f]),
        ("fillers and blanks", &[0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0]),
        ("variation selectors", &[0x180b, 0x180d, 0x180f, 0xfe00, 0xfe0f, 0xe0100, 0xe01ef]),
        ("annotations and object replacement", &[0xfff9, 0xfffa, 0xfffb, 0xfffc]),
        ("controls of music and shorthand", &[0x1bca0, 0x1bca3, 0x1d173, 0x1d17a]),
        ("tags", &[0xe0001, 0xe0020, 0xe0041, 0xe007f]),
        ("private characters", &[0xe000, 0xf8ff, 0xf0000, 0x0010_fffd]),
        ("noncharacters", &[0xfdd0, 0xfdef, 0xfffe, 0xffff]),
    ];

    #[test]
    fn nothing_reaches_the_terminal_unseen() {
        for (class, members) in HIDDEN {
            for member in members.iter().map(|code| char::from_u32(*code).unwrap()) {
                assert!(is_hidden(member), "{class}: {member:?}");
                let text = format!("a{member}b");
                for out in [escape(&text), escape_quoted(&text), escape_json(&text)] {
                    assert!(!out.contains(is_hidden), "{class}: {out:?}");
                }
                let mut line = String::new();
                text.chars().for_each(|c| push_visible(c, &mut line));
                assert!(!line.contains(is_hidden), "{class}: {line:?}");
            }
        }
    }

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
        assert_eq!(escape_quoted("a\"b\\"), "a\\\"b\\\\");
    }

    #[test]
    fn escaped_json_says_the_same() {
        let value = serde_json::json!({"name\u{202e}": ["a\u{9b}b\n", "tag \u{e0041}", "plain"]});
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let escaped = escape_json(&text);
            assert!(!escaped.contains(|c| c != '\n' && is_hidden(c)), "{escaped}");
            assert!(escaped.contains("\\udb40\\udc41"), "{escaped}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
        }
    }
}
