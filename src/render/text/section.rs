//! One section of an app: its title, and its items line by line.

use super::context::{Context, more};
use super::{block, fold, guard, held, notice};
use crate::model::change::{Change, Verdict};
use crate::plan::Coming;
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::sections::{Block, Items, Section};
use crate::render::subject::Subject;
use crate::render::words;

/// Changes of the ledger listed before the rest is counted.
const LEDGER: usize = 20;
/// Ends and starts listed before the rest is counted.
const COMING: usize = 10;

/// Writes a section after an empty line.
pub(super) fn write(page: &mut Page, section: &Section, ctx: &Context) {
    page.gap();
    let title = Line::new().add(section.tone, &section.title);
    let title = match &section.items {
        Items::Folds(_) => title.add(Tone::Faint, "  (-v lists each)"),
        _ => title,
    };
    page.line(2, &title);
    match &section.items {
        Items::Notices(kind, notices) => notice::write(page, *kind, notices, section.tone, ctx),
        Items::Decisions(changes) => changes.iter().for_each(|change| decision(page, change, ctx)),
        Items::Blocks(blocks) => self::blocks(page, blocks, ctx),
        Items::Privileged { above, blocks } => {
            for subject in above {
                let line = Line::new().add(Tone::Change, "~").plain(" ").join(subject.line(ctx.names));
                page.line(4, &line.plain("  ").plain(words::ABOVE));
            }
            self::blocks(page, blocks, ctx);
        }
        Items::Folds(folds) => folds.iter().for_each(|fold| fold::write(page, fold)),
        Items::Ledger(changes) => ledger(page, changes, ctx),
        Items::Held(held) => held.iter().for_each(|by| held::write(page, by, ctx)),
        Items::Guards(guards) => guards.iter().for_each(|counted| guard::write(page, counted)),
        Items::Coming(coming) => self::coming(page, coming, ctx),
    }
}

/// A held change that waits for a person.
fn decision(page: &mut Page, change: &Change, ctx: &Context) {
    let line = Line::new().add(Tone::Alarm, "!").plain(" ").join(Subject::of_change(change).line(ctx.names));
    page.line(4, &line.plain("  ").join(words::what(change)).join(words::cause(change.cause, "")));
    if let Verdict::Held { by, why } = &change.verdict {
        let line = Line::new().plain("held by ").solid(Tone::Strong, by).plain(": ").plain(why);
        page.line(8, &line);
    }
    block::detail(page, 8, change, ctx);
    block::reasons(page, 8, change);
}

fn blocks(page: &mut Page, blocks: &[Block], ctx: &Context) {
    for one in blocks {
        block::write(page, one, ctx);
    }
}

fn ledger(page: &mut Page, changes: &[&Change], ctx: &Context) {
    let shown = ctx.first(changes, LEDGER);
    for change in shown {
        let (sign, tone) = words::sign(change.kind);
        let line = Line::new().add(tone, sign).plain(" ").join(Subject::of_change(change).line(ctx.names));
        page.line(4, &line.plain("  ").join(words::what(change)).join(words::cause(change.cause, "")));
        block::detail(page, 8, change, ctx);
        block::reasons(page, 8, change);
    }
    more(page, 4, changes.len() - shown.len());
}

fn coming(page: &mut Page, coming: &[Coming], ctx: &Context) {
    let shown = ctx.first(coming, COMING);
    for one in shown {
        page.line(4, &words::coming(one, ctx.at));
    }
    more(page, 4, coming.len() - shown.len());
}
