//! Notices of one kind.

use super::context::{Context, more};
use crate::plan::{Notice, NoticeKind};
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::words;

/// Notices of a kind that concern a decision, listed before the rest is counted.
const SERIOUS: usize = 30;
/// Others.
const OTHERS: usize = 10;

/// Writes them with their hints.
pub(super) fn write(page: &mut Page, kind: NoticeKind, notices: &[&Notice], tone: Tone, ctx: &Context) {
    let shown = ctx.first(notices, most(kind));
    for (index, notice) in shown.iter().enumerate() {
        page.line(4, &Line::new().add(tone, "!").plain(" ").join(words::notice(notice, ctx.names)));
        // A hint that the next one repeats is printed once, after the last.
        let next = shown.get(index + 1).and_then(|next| next.hint.as_ref());
        if let Some(hint) = notice.hint.as_ref().filter(|hint| next != Some(hint)) {
            page.line(6, &Line::new().add(Tone::Strong, "hint: ").plain(hint));
        }
    }
    more(page, 4, notices.len() - shown.len());
}

fn most(kind: NoticeKind) -> usize {
    match kind {
        NoticeKind::StillHasAccess | NoticeKind::Owed | NoticeKind::LinkConflict | NoticeKind::Overdue => {
            usize::MAX
        }
        kind if kind.is_partial() || kind == NoticeKind::Drift => SERIOUS,
        _ => OTHERS,
    }
}
