//! The sections of one app. Each writes nothing if it has nothing to say.

use super::{Context, block};
use crate::model::change::{Change, ChangeKind, Verdict};
use crate::plan::AppPlan;
use crate::render::layout::{Block, Layout};
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::subject::Subject;
use crate::render::words::{self, counted, number};

/// Adoptions listed before the rest is counted.
const ADOPTIONS: usize = 20;
/// Ends and starts listed before the rest is counted.
const COMING: usize = 10;

/// Writes a heading after an empty line.
pub(super) fn heading(page: &mut Page, tone: Tone, text: &str) {
    page.gap();
    page.line(2, &Line::new().add(tone, text));
}

/// `and 24 more (-v lists them)`.
pub(super) fn more(page: &mut Page, indent: usize, count: usize) {
    if count > 0 {
        let text = format!("… and {} more (-v lists them)", number(count as u64));
        page.line(indent, &Line::new().add(Tone::Strong, text));
    }
}

/// Held changes that wait for a person.
pub(super) fn to_decide(page: &mut Page, layout: &Layout, ctx: &Context) {
    if layout.to_decide.is_empty() {
        return;
    }
    heading(page, Tone::Alarm, "Held for you to decide, not done by apply");
    for change in &layout.to_decide {
        let line =
            Line::new().add(Tone::Alarm, "!").plain(" ").join(Subject::of(&change.key).line(ctx.names));
        page.line(4, &line.plain("  ").join(words::what(change)).join(words::cause(change.cause, "")));
        if let Verdict::Held { by, why } = &change.verdict {
            let line = Line::new().plain("held by ").solid(Tone::Strong, by).plain(": ").plain(why);
            page.line(8, &line);
        }
        block::detail(page, 8, change, ctx);
        block::reasons(page, 8, change);
    }
}

/// Everybody who loses something.
pub(super) fn losing(page: &mut Page, layout: &Layout, ctx: &Context) {
    if layout.losing.is_empty() {
        return;
    }
    let losses =
        || layout.losing.iter().flat_map(|block| &block.changes).filter(|change| change.kind.is_loss());
    let count = |wanted: ChangeKind| {
        losses().filter(|change| words::effect(change.kind, &change.key) == wanted).count() as u64
    };
    let parts: Vec<_> = [
        (ChangeKind::Delete, "account deleted", "accounts deleted"),
        (ChangeKind::Disable, "account disabled", "accounts disabled"),
        (ChangeKind::GroupDelete, "group deleted", "groups deleted"),
        (ChangeKind::RoleRevoke, "role revoked", "roles revoked"),
        (ChangeKind::MemberRemove, "membership removed", "memberships removed"),
    ]
    .into_iter()
    .filter(|(kind, ..)| count(*kind) > 0)
    .map(|(kind, one, many)| counted(count(kind), one, many))
    .collect();
    heading(page, Tone::Alarm, &format!("Losing access: {}", parts.join(", ")));
    blocks(page, &layout.losing, ctx);
}

/// Everybody who gains privilege. Who also loses something stands above, and is named here.
pub(super) fn privileged(page: &mut Page, layout: &Layout, ctx: &Context) {
    let gains = |block: &&Block| {
        let gained = |change: &&Change| change.privileged && !change.kind.is_loss();
        block.changes.iter().copied().any(|change| gained(&change))
    };
    let above: Vec<&Block> = layout.losing.iter().filter(gains).collect();
    let count = above.len() + layout.privileged.len();
    if count == 0 {
        return;
    }
    heading(page, Tone::Alarm, &format!("Gaining privileged access ({})", number(count as u64)));
    for block in above {
        let line = Line::new().add(Tone::Change, "~").plain(" ").join(block.subject.line(ctx.names));
        page.line(4, &line.plain("  see above, under losing access"));
    }
    blocks(page, &layout.privileged, ctx);
}

/// Groups created, renamed or updated.
pub(super) fn groups(page: &mut Page, layout: &Layout, ctx: &Context) {
    if !layout.groups.is_empty() {
        heading(page, Tone::Strong, "Groups");
        blocks(page, &layout.groups, ctx);
    }
}

/// Everybody else.
pub(super) fn people(page: &mut Page, layout: &Layout, ctx: &Context) {
    if !layout.people.is_empty() {
        heading(page, Tone::Strong, &format!("People ({})", number(layout.people.len() as u64)));
        blocks(page, &layout.people, ctx);
    }
}

fn blocks(page: &mut Page, blocks: &[Block], ctx: &Context) {
    for one in blocks {
        block::write(page, one, ctx);
    }
}

/// Accounts and groups that become ours.
pub(super) fn adoptions(page: &mut Page, layout: &Layout, ctx: &Context) {
    let count = layout.adoptions.len();
    if count == 0 {
        return;
    }
    let title = format!("Adopting what exists already, nothing is sent ({})", number(count as u64));
    heading(page, Tone::Strong, &title);
    listed(page, &layout.adoptions, ADOPTIONS, ctx);
}

/// Links and tombstones.
pub(super) fn ledger(page: &mut Page, layout: &Layout, ctx: &Context) {
    if !layout.ledger.is_empty() {
        heading(page, Tone::Strong, "In the ledger only, nothing is sent");
        listed(page, &layout.ledger, ADOPTIONS, ctx);
    }
}

fn listed(page: &mut Page, changes: &[&Change], most: usize, ctx: &Context) {
    let shown = ctx.show(most, changes.len());
    for change in &changes[..shown] {
        let (sign, tone) = words::sign(change.kind);
        let line = Line::new().add(tone, sign).plain(" ").join(Subject::of(&change.key).line(ctx.names));
        page.line(4, &line.plain("  ").join(words::what(change)).join(words::cause(change.cause, "")));
        block::detail(page, 8, change, ctx);
        block::reasons(page, 8, change);
    }
    more(page, 4, changes.len() - shown);
}

/// What will begin or end by itself.
pub(super) fn coming(page: &mut Page, app: &AppPlan, ctx: &Context) {
    if app.coming.is_empty() {
        return;
    }
    heading(page, Tone::Strong, "Coming by itself");
    let shown = ctx.show(COMING, app.coming.len());
    for coming in &app.coming[..shown] {
        let when = format!("{} ({})", words::instant(coming.at), words::distance(ctx.at, coming.at));
        let line = Line::new().solid(Tone::Plain, when).plain("  ").plain(&coming.text);
        let line = match &coming.place {
            Some(place) => line.plain("  ").join(words::at(place)),
            None => line,
        };
        page.line(4, &line);
    }
    more(page, 4, app.coming.len() - shown);
}
