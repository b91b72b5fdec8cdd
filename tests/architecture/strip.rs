//! Removes comments and literals from Rust text. Line breaks stay, so that lines keep their numbers.

/// Replaces comments, strings and characters with spaces.
pub fn strip(text: &str) -> String {
    blank(text, |_| true)
}

/// Replaces comments with spaces.
pub fn strip_comments(text: &str) -> String {
    blank(text, |literal| literal.starts_with("//") || literal.starts_with("/*"))
}

fn blank(text: &str, is_blanked: impl Fn(&str) -> bool) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some(first) = rest.chars().next() {
        let length = literal(rest, &out);
        if length > 0 && !is_blanked(&rest[..length]) {
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        } else if length > 0 {
            let breaks = rest[..length].matches('\n');
            out.push(' ');
            breaks.for_each(|line| out.push_str(line));
            rest = &rest[length..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// The length of the comment or literal that begins here; 0 if none begins.
fn literal(rest: &str, before: &str) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if rest.starts_with('"') {
        return quoted(rest, '"');
    }
    let in_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let raw = rest.trim_start_matches('b').trim_start_matches('r');
    if rest.starts_with(['r', 'b']) && !in_word && raw.starts_with(['"', '#']) {
        return raw_string(rest);
    }
    if rest.starts_with('\'') {
        return character(rest);
    }
    0
}

fn block_comment(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if rest[at..].starts_with("*/") {
            (at, depth) = (at + 2, depth - 1);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of a literal from its opening quote to its closing one; escaped characters are skipped.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The length of `r"…"`, `r#"…"#` or `b"…"`; 0 for a raw identifier.
fn raw_string(rest: &str) -> usize {
    let quote = rest.find('"').unwrap_or(rest.len());
    let head = &rest[..quote];
    if !head.chars().all(|c| "rb#".contains(c)) {
        return 0;
    }
    if !head.contains('r') {
        return quote + quoted(&rest[quote..], '"');
    }
    let end = format!("\"{}", "#".repeat(head.matches('#').count()));
    let inside = rest.get(quote + 1..).unwrap_or_default();
    inside.find(&end).map_or(rest.len(), |at| quote + 1 + at + end.len())
}

/// The length of a character literal; 0 for a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => quoted(rest, '\''),
        (Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 0,
    }
}
