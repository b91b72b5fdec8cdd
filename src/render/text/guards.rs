//! What guards hold back, and what they counted.

use std::collections::BTreeMap;

use super::sections::heading;
use super::{Context, block, folds};
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Verdict};
use crate::plan::{AppPlan, AppStatus, GuardReport};
use crate::render::layout::Layout;
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::subject::Subject;
use crate::render::words::{self, counted, number};

/// Held people named before the rest is counted.
const NAMED: usize = 10;

/// Alike among the held: the same act for the same cause.
type Likeness<'p> = (ChangeKind, Option<&'p Object>, Option<&'p Facet>, Cause);

/// Held changes, by what holds them.
pub(super) fn held(page: &mut Page, app: &AppPlan, layout: &Layout, ctx: &Context) {
    if layout.held.is_empty() {
        return;
    }
    let count = layout.held.values().map(Vec::len).sum::<usize>();
    let count = counted(count as u64, "change", "changes");
    heading(page, Tone::Change, &format!("Held back, not done by apply: {count}"));
    for (by, changes) in &layout.held {
        let line = Line::new().plain("by ").solid(Tone::Strong, by);
        let line = match shared_why(changes).filter(|why| !is_said_elsewhere(app, why)) {
            Some(why) => line.plain(": ").plain(why),
            None => line,
        };
        page.line(4, &line);
        let own_why = shared_why(changes).is_none();
        for alike in alike(changes) {
            if ctx.unfolds() || own_why {
                each(page, &alike, own_why, ctx);
            } else {
                together(page, &alike, ctx);
            }
        }
    }
}

/// True for what the app's state or the guards' own section says.
fn is_said_elsewhere(app: &AppPlan, why: &str) -> bool {
    matches!(app.status, AppStatus::Stopped { .. }) || app.guards.iter().any(|guard| guard.sentence() == why)
}

fn why(change: &Change) -> &str {
    match &change.verdict {
        Verdict::Held { why, .. } => why,
        Verdict::Do => "",
    }
}

fn shared_why<'p>(changes: &[&'p Change]) -> Option<&'p str> {
    let first = why(changes.first()?);
    changes.iter().all(|change| why(change) == first).then_some(first)
}

fn alike<'p>(changes: &[&'p Change]) -> Vec<Vec<&'p Change>> {
    let mut groups: BTreeMap<Likeness<'p>, Vec<&'p Change>> = BTreeMap::new();
    for change in changes {
        let kind = words::effect(change.kind, &change.key);
        let key = match (&change.key.object, &change.key.facet) {
            (object @ (Object::Group(_) | Object::Role(_)), Facet::Member(_) | Facet::Stranger(_)) => {
                (kind, Some(object), None, change.cause)
            }
            (_, facet) => (kind, None, Some(facet), change.cause),
        };
        groups.entry(key).or_default().push(change);
    }
    groups.into_values().collect()
}

fn each(page: &mut Page, changes: &[&Change], own_why: bool, ctx: &Context) {
    for change in changes {
        let (sign, tone) = words::sign(change.kind);
        let line = Line::new().add(tone, sign).plain(" ").join(Subject::of(&change.key).line(ctx.names));
        page.line(6, &line.plain("  ").join(words::what(change)).join(words::cause(change.cause, "")));
        if own_why {
            page.line(10, &Line::new().plain(why(change)));
        }
        block::detail(page, 10, change, ctx);
        block::reasons(page, 10, change);
    }
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
    page.line(6, &line.join(folds::names(changes, NAMED, Some(ctx.names))));
}

/// What each guard counted.
pub(super) fn counts(page: &mut Page, app: &AppPlan, layout: &Layout, ctx: &Context) {
    if app.guards.is_empty() {
        return;
    }
    heading(page, Tone::Strong, "Guards");
    for guard in &app.guards {
        let (word, tone) = match (guard.tripped, guard.allowed) {
            (true, _) => ("TRIPPED", Tone::Alarm),
            (false, true) => ("allowed", Tone::Change),
            (false, false) => ("ok", Tone::Faint),
        };
        let line = Line::new().add(tone, format!("{word:<8}")).plain(" ").plain(sentence(guard));
        page.line(4, &line);
        if !guard.tripped {
            continue;
        }
        if !layout.held.contains_key(guard.short_name().as_str()) || ctx.unfolds() {
            first(page, guard);
        }
        page.line(13, &Line::new().add(Tone::Strong, "hint: ").plain(hint(guard)));
    }
}

fn first(page: &mut Page, guard: &GuardReport) {
    if !guard.first.is_empty() {
        let more = guard.count.saturating_sub(guard.first.len() as u64);
        let more = if more > 0 { format!(" … and {} more", number(more)) } else { String::new() };
        page.line(13, &Line::new().plain(format!("{}{more}", guard.first.join(", "))));
    }
}

/// Count, base, limit and window.
pub(in crate::render) fn sentence(guard: &GuardReport) -> String {
    match (guard.guard.as_str(), guard.limit, guard.percent) {
        ("min_members", Some(least), _) => format!(
            "min_members of {}: {} held, at least {least} active holders have to remain, {} now",
            guard.of.as_deref().unwrap_or("a role"),
            counted(guard.count, "removal", "removals"),
            number(guard.base),
        ),
        (_, None, None) => {
            let text = guard.sentence();
            text.strip_suffix(", limit ").map_or(text.clone(), |start| format!("{start}, no limit"))
        }
        _ => guard.sentence(),
    }
}

/// What to do about a guard that tripped.
pub(in crate::render) fn hint(guard: &GuardReport) -> String {
    match (guard.guard.as_str(), guard.of.as_deref()) {
        ("min_members", Some(of)) => {
            let role = of.strip_prefix("role:").unwrap_or(of);
            let app = &guard.app;
            format!("give {role} to somebody else first, or lower `guard.min_members.{role}` of app {app}")
        }
        _ => guard.hint(),
    }
}
