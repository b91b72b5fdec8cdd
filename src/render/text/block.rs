//! One person, account or group with everything that happens to it.

use super::context::Context;
use crate::model::change::{Change, ChangeKind, Facet};
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::sections::Block;
use crate::render::{value, words};

/// Writes a block. A single change, or what happens to the account as a whole, stands on the first line.
pub(super) fn write(page: &mut Page, block: &Block, ctx: &Context) {
    let [first, rest @ ..] = block.changes.as_slice() else {
        return;
    };
    let name = block.subject.line(ctx.names);
    let is_life = first.key.facet == Facet::Life;
    // The sign in front tells of the account as a whole; a change of a part of it has a sign of its own.
    let (sign, tone) = if is_life { words::sign(first.kind) } else { ("~", Tone::Change) };
    let mut line = Line::new().add(tone, sign).plain(" ").join(name);
    if rest.is_empty() || is_life {
        line = line.plain("  ");
        let (own, own_tone) = words::sign(first.kind);
        if own != sign {
            line = line.add(own_tone, own).plain(" ");
        }
        page.line(4, &line.join(words::what(first)).join(words::cause(first.cause, "")));
        detail(page, 8, first, ctx);
        reasons(page, 8, first);
        others(page, rest, Some(first), ctx);
    } else {
        page.line(4, &line);
        others(page, &block.changes, None, ctx);
    }
}

fn others<'p>(page: &mut Page, changes: &[&'p Change], mut last: Option<&'p Change>, ctx: &Context) {
    for change in changes {
        let same = last.is_some_and(|last| !change.reasons.is_empty() && last.reasons == change.reasons);
        let remark = if same { "; same reason" } else { "" };
        let (sign, tone) = words::sign(change.kind);
        let line = Line::new().add(tone, sign).plain(" ").join(words::what(change));
        page.line(6, &line.join(words::cause(change.cause, remark)));
        detail(page, 10, change, ctx);
        if !same {
            reasons(page, 10, change);
        }
        last = Some(change);
    }
}

/// The chain of facts, one line each.
pub(super) fn reasons(page: &mut Page, indent: usize, change: &Change) {
    for (index, reason) in change.reasons.iter().enumerate() {
        page.line(indent, &words::link(index, words::fact(reason)));
    }
}

/// With `-v` the attributes of a new account; with `-vv` the key and the id in the app.
pub(super) fn detail(page: &mut Page, indent: usize, change: &Change, ctx: &Context) {
    if ctx.verbose > 0 && change.kind == ChangeKind::Create {
        let widest = change.sets.iter().map(|set| set.path.len()).max().unwrap_or(0).min(48);
        for set in &change.sets {
            let gap = " ".repeat(widest.saturating_sub(set.path.len()) + 2);
            let line = Line::new().solid(Tone::Plain, &*set.path).plain(gap);
            page.line(indent, &line.join(value::value(&set.value, Tone::Plain)));
        }
    }
    if ctx.verbose > 1 {
        let line = Line::new().solid(Tone::Faint, format!("key {}", change.key));
        let line = match &change.remote {
            Some(remote) => line.solid(Tone::Faint, format!(", id in the app {remote}")),
            None => line,
        };
        page.line(indent, &line.add(Tone::Faint, format!(", step {}", change.phase.number())));
    }
}
