//! What one guard or policy holds back.

use super::block;
use super::context::Context;
use super::fold::names;
use crate::model::change::{Change, Verdict};
use crate::render::figures::counted;
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::sections::{HeldBy, Why};
use crate::render::subject::Subject;
use crate::render::words;

/// Held people named before the rest is counted.
const NAMED: usize = 10;

/// Writes what holds, then each change, or each act with the people it is about.
pub(super) fn write(page: &mut Page, held: &HeldBy, ctx: &Context) {
    let line = Line::new().plain("by ").solid(Tone::Strong, held.by);
    let line = match held.why {
        Why::Shared(why) => line.plain(": ").plain(why),
        Why::SaidElsewhere | Why::Each => line,
    };
    page.line(4, &line);
    for alike in &held.alike {
        if held.is_folded {
            together(page, alike, ctx);
        } else {
            alike.iter().for_each(|change| one(page, change, held.why == Why::Each, ctx));
        }
    }
}

fn one(page: &mut Page, change: &Change, has_own_why: bool, ctx: &Context) {
    let (sign, tone) = words::sign(change.kind);
    let line = Line::new().add(tone, sign).plain(" ").join(Subject::of_change(change).line(ctx.names));
    page.line(6, &line.plain("  ").join(words::what(change)).join(words::cause(change.cause, "")));
    if let Verdict::Held { why, .. } = &change.verdict
        && has_own_why
    {
        page.line(10, &Line::new().plain(why));
    }
    block::detail(page, 10, change, ctx);
    block::reasons(page, 10, change);
}

fn together(page: &mut Page, changes: &[&Change], ctx: &Context) {
    let Some(first) = changes.first() else { return };
    let (sign, tone) = words::sign(first.kind);
    let mut line = Line::new().add(tone, sign).plain(" ").join(words::act_of(first));
    if changes.iter().any(|change| change.privileged) {
        line = line.plain(", ").add(Tone::Alarm, "privileged");
    }
    if changes.len() > 1 {
        line = line.plain(format!(", {}", counted(changes.len() as u64, "person", "people")));
    }
    line = line.join(words::cause(first.cause, "")).plain(": ");
    page.line(6, &line.join(names(changes, NAMED, Some(ctx.names))));
}
