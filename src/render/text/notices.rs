//! What the plan has to say besides its changes.

use std::collections::BTreeSet;

use super::Context;
use super::sections::{heading, more};
use crate::plan::{AppPlan, Notice, NoticeKind};
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::subject::{Names, Subject};
use crate::render::words::{self, number};

/// Notices of a kind that concern a decision, listed before the rest is counted.
const SERIOUS: usize = 30;
/// Others.
const OTHERS: usize = 10;

/// Leavers who can still get in: before everything else.
pub(super) fn urgent(page: &mut Page, app: &AppPlan, ctx: &Context) {
    for kind in kinds(app).into_iter().filter(|kind| is_urgent(*kind)) {
        section(page, app, kind, ctx);
    }
}

/// Everything else, in the order of the kinds.
pub(super) fn others(page: &mut Page, app: &AppPlan, ctx: &Context) {
    for kind in kinds(app).into_iter().filter(|kind| !is_urgent(*kind)) {
        section(page, app, kind, ctx);
    }
}

/// True for what is printed first of all.
pub(in crate::render) fn is_urgent(kind: NoticeKind) -> bool {
    matches!(kind, NoticeKind::StillHasAccess | NoticeKind::Owed)
}

/// The kinds an app has, each once, in order.
pub(in crate::render) fn kinds(app: &AppPlan) -> Vec<NoticeKind> {
    let mut kinds: Vec<_> = app.notices.iter().map(|notice| notice.kind).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn section(page: &mut Page, app: &AppPlan, kind: NoticeKind, ctx: &Context) {
    let mut notices: Vec<&Notice> = app.notices.iter().filter(|notice| notice.kind == kind).collect();
    // Of two people, both named in the sentence: it is theirs, and said once.
    if kind == NoticeKind::RenameSuspected {
        let mut said = BTreeSet::new();
        notices.retain(|notice| said.insert(&notice.text));
    }
    let tone = match kind {
        kind if is_urgent(kind) => Tone::Alarm,
        kind if kind.is_partial() || kind == NoticeKind::Overdue => Tone::Change,
        NoticeKind::Drift => Tone::Drift,
        _ => Tone::Strong,
    };
    heading(page, tone, &format!("{} ({})", words::capital(kind.heading()), number(notices.len() as u64)));
    let most = match kind {
        NoticeKind::StillHasAccess | NoticeKind::Owed | NoticeKind::LinkConflict | NoticeKind::Overdue => {
            usize::MAX
        }
        kind if kind.is_partial() || kind == NoticeKind::Drift => SERIOUS,
        _ => OTHERS,
    };
    let shown = ctx.show(most, notices.len());
    for (index, notice) in notices[..shown].iter().enumerate() {
        let line = Line::new().add(tone, "!").plain(" ").join(said(notice, ctx.names));
        let line = match &notice.place {
            Some(place) => line.plain("  ").join(words::at(place)),
            None => line,
        };
        page.line(4, &line);
        // A hint that the next one repeats is printed once, after the last.
        let next = notices[..shown].get(index + 1).and_then(|next| next.hint.as_ref());
        if let Some(hint) = notice.hint.as_ref().filter(|hint| next != Some(hint)) {
            page.line(6, &Line::new().add(Tone::Strong, "hint: ").plain(hint));
        }
    }
    more(page, 4, notices.len() - shown);
}

/// The text, with its subject in front unless it names it.
pub(in crate::render) fn said(notice: &Notice, names: &Names) -> Line {
    let text = Line::new().plain(&notice.text);
    match notice.subject.as_ref() {
        Some(object) if !mentions(&notice.text, Subject::of_object(object).id()) => {
            Subject::of_object(object).line(names).plain(": ").join(text)
        }
        _ => text,
    }
}

/// True if `id` stands in `text` as a word of its own.
fn mentions(text: &str, id: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(id).any(|(at, found)| {
        ends(text[..at].chars().next_back()) && ends(text[at + found.len()..].chars().next())
    })
}
