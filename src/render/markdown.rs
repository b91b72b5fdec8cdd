//! A plain summary for the page of a CI job: bounded, with everything from outside escaped.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::figures::{counted, number};
use super::line::{Line, Tone};
use super::sections::{Block, Counted, Fold, Items, Section, sections};
use super::status;
use super::subject::{Names, Subject};
use super::totals::summary_line;
use super::words;
use crate::model::change::{Change, Verdict};
use crate::model::time::Timestamp;
use crate::plan::{AppPlan, Inputs, Notice, Plan};

/// Lines of one section before the rest is counted.
const LINES: usize = 50;
/// Bytes after which no further app is written out; job pages take 1 MiB.
const BYTES: usize = 600_000;

/// The plan as Markdown.
pub fn markdown(plan: &Plan) -> String {
    let mut out = String::new();
    let inputs = &plan.inputs;
    let _ = writeln!(out, "## rolecall plan {}\n", plain(&plan.id));
    let _ = writeln!(out, "**{}**\n", plain(&summary_line(plan)));
    for line in status::inputs(inputs) {
        let _ = writeln!(out, "- {}", neutral(&line));
    }
    for (index, app) in plan.apps.iter().enumerate() {
        if out.len() > BYTES {
            let left = counted((plan.apps.len() - index) as u64, "further app is", "further apps are");
            let _ = writeln!(out, "\n**Cut here: {left} in the plan but not on this page.**");
            break;
        }
        one_app(&mut out, app, inputs);
    }
    out
}

fn one_app(out: &mut String, app: &AppPlan, inputs: &Inputs) {
    let _ = writeln!(out, "\n### {}\n", plain(app.app.as_str()));
    for line in status::app(app, inputs.partial) {
        let _ = writeln!(out, "{}", neutral(&line));
    }
    for section in sections(app.into(), false) {
        write(out, &section, &app.people, inputs.at);
    }
}

/// Writes a heading and one line for each item, so that a long section is cut between items and says how many are left.
fn write(out: &mut String, section: &Section, names: &Names, at: Timestamp) {
    let _ = writeln!(out, "\n#### {}\n", section.title);
    let lines = lines(&section.items, names, at);
    for line in lines.iter().take(LINES) {
        let _ = writeln!(out, "- {}", neutral(line));
    }
    let more = lines.len().saturating_sub(LINES) as u64;
    if more > 0 {
        let _ = writeln!(out, "- **… and {} more, in the plan but not on this page**", number(more));
    }
}

fn lines(items: &Items, names: &Names, at: Timestamp) -> Vec<Line> {
    let change = |change: &&Change| self::change(change, names);
    let in_blocks = |blocks: &[Block]| -> Vec<Line> {
        blocks.iter().flat_map(|block| &block.changes).map(change).collect()
    };
    match items {
        Items::Notices(_, notices) => notices.iter().map(|one| notice(one, names)).collect(),
        Items::Decisions(changes) | Items::Ledger(changes) => changes.iter().map(change).collect(),
        Items::Blocks(blocks) => in_blocks(blocks),
        Items::Privileged { above, blocks } => {
            let above = above.iter().map(|subject| subject.line(names).plain(": ").plain(words::ABOVE));
            above.chain(in_blocks(blocks)).collect()
        }
        Items::Folds(folds) => folds.iter().map(fold).collect(),
        Items::Held(held) => held.iter().flat_map(|by| by.alike.iter().flatten()).map(change).collect(),
        Items::Guards(guards) => guards.iter().map(guard).collect(),
        Items::Coming(coming) => coming.iter().map(|one| words::coming(one, at)).collect(),
    }
}

fn notice(notice: &Notice, names: &Names) -> Line {
    let line = words::notice(notice, names);
    match &notice.hint {
        Some(hint) => line.plain("; hint: ").plain(hint),
        None => line,
    }
}

fn guard(counted: &Counted) -> Line {
    let guard = counted.guard;
    let (word, tone) = words::guard(guard);
    let line = Line::new().add(tone, word).plain(" ").plain(guard.sentence());
    if guard.tripped { line.plain("; hint: ").plain(guard.hint()) } else { line }
}

fn fold(fold: &Fold) -> Line {
    match fold.first() {
        Some(first) => fold.headline().join(words::cause(first.cause, "")),
        None => Line::new(),
    }
}

fn change(change: &Change, names: &Names) -> Line {
    let line = Subject::of(&change.key).line(names).plain(": ").join(said(change));
    match &change.verdict {
        Verdict::Held { by, why } => line.plain(format!("; held by {by}: {why}")),
        Verdict::Do => line,
    }
}

fn said(change: &Change) -> Line {
    let (sign, tone) = words::sign(change.kind);
    let mut line = Line::new().add(tone, sign).plain(" ").join(words::what(change));
    line = line.join(words::cause(change.cause, ""));
    for (index, reason) in change.reasons.iter().enumerate() {
        let word = if index == 0 { " because " } else { ", " };
        line = line.plain(word).join(words::fact(reason));
    }
    line
}

/// A short text from outside.
fn plain(text: &str) -> String {
    neutral(&Line::new().plain(text))
}

/// A line, whose text is escaped already. Every character that Markdown, HTML or a forge gives a meaning to (mentions, issue
/// numbers, bare links, emoji) becomes a numeric character reference, which none of them reads as markup. Alarms are bold.
fn neutral(line: &Line) -> String {
    let (mut text, mut bold) = (String::new(), BTreeSet::new());
    for piece in line.pieces() {
        let start = text.len();
        text.push_str(piece.text.as_str());
        if piece.tone == Tone::Alarm && start < text.len() {
            // Two alarms side by side are one.
            if !bold.remove(&start) {
                bold.insert(start);
            }
            bold.insert(text.len());
        }
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        if bold.contains(&at) {
            out.push_str("**");
        }
        let means_something = match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '!' | '|' | '~' | '&'
            | '@' | '$' => true,
            '+' | '-' | '=' => at == 0,
            '.' | ')' => is_list_number(&text[..at]) || text[..at].to_ascii_lowercase().ends_with("www"),
            ':' => starts_link_or_emoji(&text[at + 1..]),
            _ => false,
        };
        if means_something {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    if bold.contains(&text.len()) {
        out.push_str("**");
    }
    out
}

fn is_list_number(before: &str) -> bool {
    before.len() <= 9 && !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit())
}

/// `://` or `:tada:`.
fn starts_link_or_emoji(after: &str) -> bool {
    after.starts_with("//") || after.split(' ').next().is_some_and(|word| word.contains(':'))
}
