//! The report after an apply: a [`RunResult`] as text, Markdown or JSON.

mod report;
mod warnings;

use super::json::pretty;
use crate::model::result::RunResult;

pub use report::{markdown, summary_line, text};
pub use warnings::warnings;

/// The report as JSON: the fields of [`RunResult`], in their order.
pub fn json(result: &RunResult) -> String {
    pretty(result)
}
