//! Values, and what became of them: `[-Senior-]{+Staff+} Platform Engineer`, or old → new.

use similar::{ChangeTag, TextDiff};

use super::figures::number;
use super::line::{Escaped, Line, Tone};
use crate::model::change::Shown;
use crate::model::escape::is_hidden;

/// Longest part of a value that is shown, in characters.
const SHOWN: usize = 240;
/// Texts above this many characters are not compared word by word.
const COMPARED: usize = 20_000;
/// Words for what a plan does not hold; the only values shown in parentheses without quotes.
const STAND_INS: [&str; 3] = ["(sensitive)", "(secret)", "(generated)"];

/// One value. Text that could be taken for something else stands in quotes.
pub(crate) fn value(shown: &Shown, tone: Tone) -> Line {
    match shown.text.as_deref() {
        None => Line::new().add(Tone::Faint, "(none)"),
        Some(text) => one(text, tone),
    }
}

/// Before and after.
pub(crate) fn change(old: &Shown, new: &Shown) -> Line {
    let (Some(before), Some(after)) = (old.text.as_deref(), new.text.as_deref()) else {
        return arrow(value(old, Tone::Loss), value(new, Tone::Gain));
    };
    if before == after {
        let what = if STAND_INS.contains(&after) { ", changed" } else { ", differs in a way not shown" };
        return value(new, Tone::Plain).plain(what);
    }
    if let Some(marked) = words(before, after) {
        return marked;
    }
    let skip = shared_start(before, after);
    arrow(excerpt(before, skip, Tone::Loss), excerpt(after, skip, Tone::Gain))
}

fn arrow(old: Line, new: Line) -> Line {
    old.plain(" → ").join(new)
}

fn one(text: &str, tone: Tone) -> Line {
    excerpt(text, 0, tone)
}

/// The value from character `skip` on, cut at [`SHOWN`].
fn excerpt(text: &str, skip: usize, tone: Tone) -> Line {
    let length = text.chars().count();
    if skip == 0 && length <= SHOWN {
        let escaped = if wants_quotes(text) { Escaped::quoted(text) } else { Escaped::of(text) };
        return Line::new().escaped(tone, escaped, text.contains("  "));
    }
    let cut: String = text.chars().skip(skip).take(SHOWN).collect();
    let mut quoted = Line::new().add(tone, "\"");
    if skip > 0 {
        quoted = quoted.add(Tone::Faint, "…");
    }
    quoted = quoted.escaped(tone, Escaped::inside_quotes(&cut), false);
    if skip + SHOWN < length {
        quoted = quoted.add(Tone::Faint, "…");
    }
    quoted.add(tone, "\"").add(Tone::Faint, format!(" ({} characters)", number(length as u64)))
}

/// How many characters two long texts share at their start, less a little for the eye; 0 if both are short.
fn shared_start(old: &str, new: &str) -> usize {
    if old.chars().count().max(new.chars().count()) <= SHOWN {
        return 0;
    }
    let shared = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    if shared > 60 { shared - 20 } else { 0 }
}

/// True if the bare text could be read as something that this program says.
fn wants_quotes(text: &str) -> bool {
    if STAND_INS.contains(&text) {
        return false;
    }
    text.trim() != text
        || text.is_empty()
        || text.contains(['"', '(', ')', '→', '…'])
        || text.contains(is_hidden)
        || text.contains("  ")
        || text.ends_with([',', ';', ':'])
}

/// The words that differ, marked, if more than half of the text is kept.
fn words(old: &str, new: &str) -> Option<Line> {
    let (before, after) = (old.chars().count(), new.chars().count());
    let marks = ["[-", "-]", "{+", "+}"];
    let is_one_word = !old.trim().contains(' ') || !new.trim().contains(' ');
    if is_one_word || before.max(after) > COMPARED || marks.iter().any(|m| old.contains(m) || new.contains(m))
    {
        return None;
    }
    let diff = TextDiff::from_words(old, new);
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    let mut kept = 0;
    for part in diff.iter_all_changes() {
        if part.tag() == ChangeTag::Equal {
            kept += part.value().chars().count();
        }
        match runs.last_mut() {
            Some((tag, text)) if *tag == part.tag() => text.push_str(part.value()),
            _ => runs.push((part.tag(), part.value().to_owned())),
        }
    }
    (kept * 2 > before.max(after)).then(|| marked(old, new, &runs))
}

fn marked(old: &str, new: &str, runs: &[(ChangeTag, String)]) -> Line {
    let quotes = wants_quotes(old) || wants_quotes(new);
    let is_long = old.chars().count().max(new.chars().count()) > SHOWN;
    let escaped = |text: &str| {
        if quotes { Escaped::inside_quotes(text) } else { Escaped::of(text) }
    };
    let mut line = Line::new();
    if quotes {
        line = line.plain("\"");
    }
    let last = runs.len() - 1;
    for (index, (tag, text)) in runs.iter().enumerate() {
        let (open, tone, close) = match tag {
            ChangeTag::Equal => ("", Tone::Plain, ""),
            ChangeTag::Delete => ("[-", Tone::Loss, "-]"),
            ChangeTag::Insert => ("{+", Tone::Gain, "+}"),
        };
        line = line.add(tone, open);
        let (head, tail) = match tag {
            ChangeTag::Equal if is_long => {
                (if index == 0 { 0 } else { 30 }, if index == last { 0 } else { 30 })
            }
            _ if is_long => (SHOWN, 0),
            _ => (usize::MAX, 0),
        };
        line = match cut(text, head, tail) {
            None => line.escaped(tone, escaped(text), false),
            Some((start, end)) => line.escaped(tone, escaped(&start), false).add(Tone::Faint, "…").escaped(
                tone,
                escaped(&end),
                false,
            ),
        };
        line = line.add(tone, close);
    }
    if quotes { line.plain("\"") } else { line }
}

/// The first `head` and last `tail` characters, if that leaves something out.
fn cut(text: &str, head: usize, tail: usize) -> Option<(String, String)> {
    let length = text.chars().count();
    if length <= head.saturating_add(tail).saturating_add(1) {
        return None;
    }
    Some((text.chars().take(head).collect(), text.chars().skip(length - tail).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Shown {
        Shown { text: Some(text.to_owned()), hash: None }
    }

    fn said(old: &str, new: &str) -> String {
        change(&shown(old), &shown(new)).into_text()
    }

    #[test]
    fn words_are_marked_when_more_than_half_is_kept() {
        assert_eq!(
            said("Senior Platform Engineer", "Staff Platform Engineer"),
            "[-Senior-]{+Staff+} Platform Engineer"
        );
        assert_eq!(said("Platform Engineer", "Platform Engineer II"), "Platform Engineer{+ II+}");
        assert_eq!(said("Analyst", "Senior Analyst"), "Analyst → Senior Analyst");
        assert_eq!(said("Head of Sales", "Chief Revenue Officer"), "Head of Sales → Chief Revenue Officer");
    }

    #[test]
    fn unassigned_empty_and_sensitive_are_told_apart() {
        let none = Shown::default();
        assert_eq!(change(&none, &shown("Analyst")).into_text(), "(none) → Analyst");
        assert_eq!(change(&shown("Analyst"), &none).into_text(), "Analyst → (none)");
        assert_eq!(said("", "(none)"), "\"\" → \"(none)\"");
        assert_eq!(said("(sensitive)", "(sensitive)"), "(sensitive), changed");
    }

    #[test]
    fn a_value_cannot_pose_as_words_of_ours() {
        assert_eq!(said("a", "b (drift)"), "a → \"b (drift)\"");
        assert_eq!(said("a → b", "c"), "\"a → b\" → c");
        assert_eq!(said("x {+y+} z", "x {+y+} w"), "x {+y+} z → x {+y+} w");
        assert_eq!(said("x ", "x"), "\"x \" → x");
        assert_eq!(said("a b c d (x)", "a b c e (x)"), "\"a b c [-d-]{+e+} (x)\"");
        assert_eq!(said("x\u{1b}[2J", "x"), "\"x\\u{1b}[2J\" → x");
    }

    #[test]
    fn long_values_are_cut_but_never_where_they_differ() {
        let long = "lorem ipsum ".repeat(100);
        let text = said(&format!("{long}old"), &format!("{long}new"));
        assert_eq!(text, "…ipsum lorem ipsum lorem ipsum [-old-]{+new+}");
        let tokens = "x".repeat(5_000);
        let text = said(&format!("{tokens}a"), &format!("{tokens}b"));
        assert_eq!(
            text,
            format!("\"…{0}a\" (5,001 characters) → \"…{0}b\" (5,001 characters)", "x".repeat(20))
        );
    }
}
