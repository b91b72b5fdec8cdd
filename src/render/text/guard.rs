//! What one guard counted.

use crate::plan::GuardReport;
use crate::render::figures::number;
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::sections::Counted;
use crate::render::words;

/// Column of a guard's line, and of the lines below it, which stand under its sentence.
const VERDICT: usize = 4;
const BELOW: usize = VERDICT + 8 + 1;

/// Writes the verdict of the guard, its count, and the hint if it tripped.
pub(super) fn write(page: &mut Page, counted: &Counted) {
    let guard = counted.guard;
    let (word, tone) = words::guard(guard);
    let line = Line::new().add(tone, format!("{word:<8}")).plain(" ").plain(guard.sentence());
    page.line(VERDICT, &line);
    if counted.names_people {
        people(page, guard);
    }
    if guard.tripped {
        page.line(BELOW, &Line::new().add(Tone::Strong, "hint: ").plain(guard.hint()));
    }
}

fn people(page: &mut Page, guard: &GuardReport) {
    if !guard.first.is_empty() {
        let more = guard.count.saturating_sub(guard.first.len() as u64);
        let more = if more > 0 { format!(" … and {} more", number(more)) } else { String::new() };
        page.line(BELOW, &Line::new().plain(format!("{}{more}", guard.first.join(", "))));
    }
}
