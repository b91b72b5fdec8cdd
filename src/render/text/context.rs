//! What every section of one app needs besides its items.

use crate::model::time::Timestamp;
use crate::render::figures::number;
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::subject::Names;

pub(super) struct Context<'p> {
    pub names: &'p Names,
    pub verbose: u8,
    /// The instant the plan was made for.
    pub at: Timestamp,
}

impl Context<'_> {
    /// True if every change stands alone.
    pub(super) fn unfolds(&self) -> bool {
        self.verbose > 0
    }

    /// The first `most` items, or all if everything is to be shown; the rest is counted with [`more`].
    pub(super) fn first<'i, T>(&self, items: &'i [T], most: usize) -> &'i [T] {
        if self.unfolds() { items } else { &items[..items.len().min(most)] }
    }
}

/// `… and 24 more (-v lists them)`.
pub(super) fn more(page: &mut Page, indent: usize, count: usize) {
    if count > 0 {
        let text = format!("… and {} more (-v lists them)", number(count as u64));
        page.line(indent, &Line::new().add(Tone::Strong, text));
    }
}
