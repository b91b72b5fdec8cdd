//! What many people share, in a few lines each.

use crate::model::change::{Change, ChangeKind};
use crate::render::figures::{counted, number};
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::sections::{Fold, Transition};
use crate::render::subject::{Names, Subject};
use crate::render::{value, words};

/// New accounts named in one line.
const CREATES_NAMED: usize = 30;
/// Other people named in one line.
const NAMED: usize = 10;
/// Different values shown for one attribute.
const VALUES: usize = 4;

/// Writes a headline, its people, and the reasons they share.
pub(super) fn write(page: &mut Page, fold: &Fold) {
    let Some(first) = fold.first() else { return };
    page.line(4, &fold.headline().join(words::cause(first.cause, "")));
    let transitions = fold.transitions();
    if first.kind == ChangeKind::Update && transitions.len() > 1 {
        values(page, &transitions);
    }
    let most = if first.kind == ChangeKind::Create { CREATES_NAMED } else { NAMED };
    page.line(8, &names(&fold.changes, most, None));
    let (reasons, differ) = fold.shared_reasons();
    for (index, reason) in reasons.iter().enumerate() {
        page.line(8, &words::link(index, words::told(&reason.text, reason.place.as_ref())));
    }
    match (reasons.is_empty(), differ) {
        (false, true) => page.line(
            8,
            &Line::new().add(Tone::Faint, "    and further reasons, which differ from person to person"),
        ),
        (true, true) => starts(page, fold),
        (_, false) => {}
    }
}

/// Where the chains begin, most frequent first, when they have no start in common.
fn starts(page: &mut Page, fold: &Fold) {
    let starts = fold.starts();
    for (reason, count) in starts.iter().take(VALUES) {
        let line = Line::new().add(Tone::Faint, format!("{} because ", counted(*count, "person", "people")));
        page.line(8, &line.join(words::told(&reason.text, reason.place.as_ref())));
    }
    let more = starts.len().saturating_sub(VALUES);
    if more > 0 {
        let text = format!("and for {}", counted(more as u64, "other reason", "other reasons"));
        page.line(8, &Line::new().add(Tone::Faint, text));
    }
}

/// The most frequent values; one that only one person has stands with that person.
fn values(page: &mut Page, transitions: &[Transition]) {
    for Transition { first, count } in transitions.iter().take(VALUES) {
        let change = value::change(&first.old, &first.new);
        let line = match count {
            1 => names(&[first], 1, None).plain(": ").join(change),
            _ => change.plain(format!(", on {}", number(*count))),
        };
        page.line(8, &line);
    }
    let more = transitions.len().saturating_sub(VALUES);
    if more > 0 {
        let text = format!("and {}", counted(more as u64, "other value", "other values"));
        page.line(8, &Line::new().plain(text));
    }
}

/// `ada, bob … and 24 more`; if names are given, with them and with the logins of accounts.
pub(super) fn names(changes: &[&Change], most: usize, names: Option<&Names>) -> Line {
    let mut line = Line::new();
    for (index, change) in changes.iter().take(most).enumerate() {
        if index > 0 {
            line = line.plain(", ");
        }
        line = match (Subject::of_change(change), names) {
            (Subject::Person(id), None) => line.solid(Tone::Plain, id.as_str()),
            (subject, names) => {
                line.join(subject.line_with(names.unwrap_or(&Names::new()), change.login.as_deref()))
            }
        };
    }
    match changes.len().saturating_sub(most) {
        0 => line,
        more => line.plain(" ").solid(Tone::Plain, format!("… and {} more", number(more as u64))),
    }
}
