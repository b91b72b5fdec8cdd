//! What a person or another program reads: a [`Plan`], and the report after an apply, as text, JSON and Markdown.
//!
//! No decisions here, only reading order. Rooms used: `plan`, `model`. Everything that came from outside (a file, an app)
//! passes [`escape`] on its way to a terminal or a page.
//!
//! What is said about an app, and in which order, is one list of sections, as data; text and Markdown write it down.
//!
//! * [`text`]: for the person who decides: losses first, then privileged access, people, folded lines, totals last
//! * [`json`]: the public form, also what `plan --out` stores; [`parse_plan`] reads it back as hostile input
//! * [`markdown`]: the same sections, bounded, for the page of a CI job
//! * [`warnings()`]: what is held or stopped, in a line each
//! * [`applied`]: the report after an apply

pub mod applied;
mod figures;
mod json;
mod line;
mod markdown;
mod page;
mod sections;
mod status;
mod style;
mod subject;
mod text;
mod totals;
mod value;
mod warnings;
mod wire_check;
mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use crate::model::escape::escape;
pub use json::{PLAN_FILE_LIMIT, PlanFileError, json, parse_plan};
pub use markdown::markdown;
pub use style::Style;
pub use text::text;
pub use totals::summary_line;
pub use warnings::{Warning, warnings};

#[cfg(doc)]
use crate::plan::Plan;
