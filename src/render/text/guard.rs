//! What one guard counted.

use crate::plan::GuardReport;
use crate::render::figures::number;
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::sections::Counted;
use crate::render::words;

/// Writes what came of it, what it counted, and what to do.
pub(super) fn write(page: &mut Page, counted: &Counted) {
    let guard = counted.guard;
    let (word, tone) = words::guard(guard);
    let line = Line::new().add(tone, format!("{word:<8}")).plain(" ").plain(guard.sentence());
    page.line(4, &line);
    if counted.names_people {
        people(page, guard);
    }
    if guard.tripped {
        page.line(13, &Line::new().add(Tone::Strong, "hint: ").plain(guard.hint()));
    }
}

fn people(page: &mut Page, guard: &GuardReport) {
    if !guard.first.is_empty() {
        let more = guard.count.saturating_sub(guard.first.len() as u64);
        let more = if more > 0 { format!(" … and {} more", number(more)) } else { String::new() };
        page.line(13, &Line::new().plain(format!("{}{more}", guard.first.join(", "))));
    }
}
