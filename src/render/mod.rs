//! What a person or another program reads: a [`Plan`], and the report after an apply, as text, JSON and Markdown.
//!
//! No decisions here, only reading order. Rooms used: `plan`, `model`. Everything that came from outside (a file, an app)
//! passes [`escape`] on its way to a terminal or a page.
//!
//! * [`text`]: for the person who decides: losses first, then privileged access, people, folded lines, totals last
//! * [`json`]: the public form, also what `plan --out` stores; [`parse_plan`] reads it back as hostile input
//! * [`markdown`]: a bounded summary for the page of a CI job
//! * [`applied`]: the report after an apply

pub mod applied;
mod fold;
mod json;
mod layout;
mod line;
mod markdown;
mod page;
mod subject;
mod text;
mod totals;
mod value;
mod wire_check;
mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use crate::model::escape::escape;
pub use json::{PLAN_FILE_LIMIT, PlanFileError, json, parse_plan};
pub use markdown::markdown;
pub use text::text;
pub use totals::summary_line;

#[cfg(doc)]
use crate::plan::Plan;

/// How text is to look. It changes the form only, never what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours; never the only carrier of a meaning.
    pub colour: bool,
    /// 0: alike changes are folded. 1: nothing is. 2: keys and ids in the app as well.
    pub verbose: u8,
    /// Columns to wrap at; 0 never wraps.
    pub width: usize,
}

impl Style {
    /// For files and pipes: no colour, no wrapping, folded.
    pub const PLAIN: Style = Style { colour: false, verbose: 0, width: 0 };
}
