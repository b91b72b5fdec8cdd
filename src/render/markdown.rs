//! A plain summary for the page of a CI job: bounded, with everything from outside escaped.

use std::fmt::Write;

use super::fold::Fold;
use super::layout::{Block, Layout};
use super::line::Line;
use super::subject::Subject;
use super::text::{self, headline, hint, is_urgent, kinds, sentence};
use super::totals::{Totals, summary_line};
use super::words::{self, counted, instant, number};
use crate::model::change::{Change, Verdict};
use crate::model::escape::escape;
use crate::plan::{AppPlan, AppStatus, Plan};

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
    let commit = match (&inputs.commit, inputs.dirty) {
        (Some(commit), dirty) => {
            let short: String = commit.chars().take(12).collect();
            format!(
                "commit {}{}",
                plain(&short),
                if dirty { " **with changes that are not committed**" } else { "" }
            )
        }
        (None, _) => "not a git commit".to_owned(),
    };
    let _ = writeln!(
        out,
        "{commit}; made for {}, valid until {}",
        instant(inputs.at),
        instant(inputs.valid_until)
    );
    for (flag, words) in [
        (inputs.partial, "partial: selectors were given, and nothing outside them was judged"),
        (inputs.rehearsal, "rehearsal for another time: cannot be applied"),
    ] {
        if flag {
            let _ = writeln!(out, "\n**{words}**");
        }
    }
    for (index, app) in plan.apps.iter().enumerate() {
        if out.len() > BYTES {
            let left = counted((plan.apps.len() - index) as u64, "further app is", "further apps are");
            let _ = writeln!(out, "\n**Cut here: {left} in the plan but not on this page.**");
            break;
        }
        one_app(&mut out, app);
    }
    out
}

fn one_app(out: &mut String, app: &AppPlan) {
    let _ = writeln!(out, "\n### {}\n", plain(app.app.as_str()));
    let totals = Totals::of(app).words();
    let state = match &app.status {
        AppStatus::Planned if totals.is_empty() => {
            format!("No changes; {} seen.", counted(app.accounts, "account", "accounts"))
        }
        AppStatus::Planned => plain(&totals),
        AppStatus::Unreadable { why } => format!("**NOT READ, nothing was planned here:** {}", plain(why)),
        AppStatus::Stopped { by, why } => format!("**STOPPED by {}:** {}", plain(by), plain(why)),
        AppStatus::Disabled => "**NOT CONTACTED:** enabled is false".to_owned(),
    };
    let _ = writeln!(out, "{state}");
    let layout = Layout::of(app, false);
    let urgent = kinds(app).into_iter().filter(|kind| is_urgent(*kind));
    urgent.for_each(|kind| notices(out, app, kind));
    changes(out, "Held for you to decide, not done by apply", layout.to_decide.iter().copied(), app);
    blocks(out, "Losing access", &layout.losing, app);
    blocks(out, "Gaining privileged access", &layout.privileged, app);
    blocks(out, "Groups", &layout.groups, app);
    blocks(out, "People", &layout.people, app);
    section(out, "The same for many people", layout.folds.iter().map(fold));
    changes(out, "Adopted, nothing is sent", layout.adoptions.iter().copied(), app);
    changes(out, "In the ledger only, nothing is sent", layout.ledger.iter().copied(), app);
    changes(out, "Held back, not done by apply", layout.held.values().flatten().copied(), app);
    let tripped = app.guards.iter().filter(|guard| guard.tripped);
    section(
        out,
        "Guards that tripped",
        tripped.map(|guard| format!("{}; {}", plain(&sentence(guard)), plain(&hint(guard)))),
    );
    let others = kinds(app).into_iter().filter(|kind| !is_urgent(*kind));
    others.for_each(|kind| notices(out, app, kind));
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let (mut count, mut more) = (0, 0_u64);
    for line in lines {
        if count == LINES {
            more += 1;
            continue;
        }
        if count == 0 {
            let _ = writeln!(out, "\n#### {title}\n");
        }
        count += 1;
        let _ = writeln!(out, "- {line}");
    }
    if more > 0 {
        let _ = writeln!(out, "- **… and {} more, in the plan but not on this page**", number(more));
    }
}

fn notices(out: &mut String, app: &AppPlan, kind: crate::plan::NoticeKind) {
    let of_kind = app.notices.iter().filter(|notice| notice.kind == kind);
    let lines = of_kind.map(|notice| {
        let mut line = text::said(notice, &app.people);
        if let Some(place) = &notice.place {
            line = line.plain("  ").join(words::at(place));
        }
        if let Some(hint) = &notice.hint {
            line = line.plain("; hint: ").plain(hint);
        }
        from_line(line)
    });
    section(out, &words::capital(kind.heading()), lines);
}

fn changes<'p>(out: &mut String, title: &str, changes: impl Iterator<Item = &'p Change>, app: &AppPlan) {
    section(
        out,
        title,
        changes.map(|change| {
            let by = match &change.verdict {
                Verdict::Held { by, why } => format!("; held by {by}: {why}"),
                Verdict::Do => String::new(),
            };
            let line = Subject::of(&change.key).line(&app.people).plain(": ").join(said(change)).plain(by);
            from_line(line)
        }),
    );
}

/// One line per change, so that a person with much to lose cannot be cut in the middle without a count.
fn blocks(out: &mut String, title: &str, blocks: &[Block], app: &AppPlan) {
    let all = blocks.iter().flat_map(|block| &block.changes).copied();
    changes(out, title, all, app);
}

fn fold(fold: &Fold) -> String {
    let line = headline(fold);
    from_line(match fold.first() {
        Some(first) => line.join(words::cause(first.cause, "")),
        None => line,
    })
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

/// A line is escaped for the terminal already; here only for Markdown.
fn from_line(line: Line) -> String {
    neutral(&line.into_text())
}

/// Text from outside: control characters made visible, nothing of it Markdown or HTML.
fn plain(text: &str) -> String {
    neutral(&escape(text))
}

/// Every character that Markdown, HTML or a forge gives a meaning to (mentions, issue numbers, bare links, emoji) becomes
/// a numeric character reference, which none of them reads as markup.
fn neutral(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
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
    out
}

fn is_list_number(before: &str) -> bool {
    before.len() <= 9 && !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit())
}

/// `://` or `:tada:`.
fn starts_link_or_emoji(after: &str) -> bool {
    after.starts_with("//") || after.split(' ').next().is_some_and(|word| word.contains(':'))
}
