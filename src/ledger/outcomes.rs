//! How each change of the last runs ended, keys only: what `log` reads first.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::ledger::Settled;
use crate::model::time::Timestamp;

use super::error::LedgerError;
use super::layout::{self, RUNS};
use super::text;
use super::view::{Edits, View};

/// Files kept.
const KEPT: usize = 50;

/// How one run ended. A run of several apps that was interrupted may be in several of these, one per app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// The run.
    pub run: Arc<str>,
    /// The plan it applied, if it wrote this itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Arc<str>>,
    /// Who, if it wrote this itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Arc<str>>,
    /// When it began, if it wrote this itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Timestamp>,
    /// When this was written.
    pub ended: Timestamp,
    /// `finished`, `stopped` or `interrupted`.
    pub how: Arc<str>,
    /// The changes in the order in which they were settled.
    #[serde(default)]
    pub settled: Vec<Settled>,
}

impl Outcomes {
    /// Of a run that another one tidied up after.
    pub(crate) fn interrupted(run: &str, settled: Vec<Settled>, ended: Timestamp) -> Self {
        Self {
            run: run.into(),
            plan: None,
            holder: None,
            started: None,
            ended,
            how: "interrupted".into(),
            settled,
        }
    }
}

/// The edits that add a report and drop the oldest ones.
pub(crate) fn edits(view: &dyn View, serial: u64, report: &Outcomes) -> Result<Edits, LedgerError> {
    let head = Outcomes { settled: Vec::new(), ..report.clone() };
    let lines: Vec<_> = report.settled.iter().map(text::line).collect();
    let list = match lines.is_empty() {
        true => "[]".to_owned(),
        false => format!("[\n{}\n]", lines.join(",\n")),
    };
    let head = text::line(&head).replace("\"settled\":[]}", &format!("\"settled\":{list}}}\n"));
    let name = layout::numbered(serial, &report.run);
    let mut edits = Edits::from([(format!("{RUNS}/{name}.json"), Some(head.into_bytes()))]);
    let there = view.list(RUNS)?;
    let old = there.iter().take((there.len() + 1).saturating_sub(KEPT));
    edits.extend(old.map(|name| (format!("{RUNS}/{name}"), None)));
    Ok(edits)
}

/// True if this run has written its report.
pub(crate) fn is_there(view: &dyn View, run: &str) -> Result<bool, LedgerError> {
    let of = |name: &String| layout::read_numbered(name.strip_suffix(".json")?).map(|(_, of)| of == run);
    Ok(view.list(RUNS)?.iter().any(|name| of(name) == Some(true)))
}

/// The last reports, newest first.
pub(crate) fn last(view: &dyn View, most: usize) -> Result<Vec<Outcomes>, LedgerError> {
    let names = view.list(RUNS)?;
    let read = |name: &String| {
        let path = format!("{RUNS}/{name}");
        let bytes = view.read(&path)?.unwrap_or_default();
        text::json(&view.name(&path), &bytes)
    };
    names.iter().rev().take(most).map(read).collect()
}
