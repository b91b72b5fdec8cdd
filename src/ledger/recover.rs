//! A clone whose own run was killed knows more than the ledger: the results that had not been pushed are in its local
//! result file. They are handed in before the next plan is made, so that less has to be asked again.

use std::path::Path;

use crate::model::AppId;
use crate::model::time::Timestamp;

use super::convert::Names;
use super::decode;
use super::error::LedgerError;
use super::folder_view::read_file;
use super::layout;
use super::store::Store;
use super::text::{self, Torn};
use super::view::{Entry, View};
use super::wire::WireRecord;

/// What [`Store::recover`] handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The app.
    pub app: AppId,
    /// The run that was interrupted.
    pub run: String,
    /// How many results.
    pub results: usize,
}

impl Store {
    /// Hands in the results of interrupted runs of this clone, from their files in `results` (`.rolecall/runs`). Only of
    /// runs that still have the lease, so that nobody has worked on the app since; and each result once, also if that run
    /// is alive after all and pushes it itself.
    ///
    /// # Errors
    /// As [`Store::read`]; if a result file is damaged elsewhere than in its last line.
    pub fn recover(&self, results: &Path, now: Timestamp) -> Result<Vec<Recovered>, LedgerError> {
        let none = || Ok(Vec::new());
        if self.home.is_locked_by_system() || !results.is_dir() {
            return none();
        }
        let found = self.home.read(|view| {
            self.root(view)?;
            find(view, results)
        })?;
        if found.is_empty() {
            return none();
        }
        let mut recovered = Vec::new();
        self.write(&mut |view, root, _| {
            let found = find(view, results)?;
            recovered = found.iter().map(|(what, _)| what.clone()).collect();
            let edits = found.into_iter().map(|(what, records)| {
                let name = layout::numbered(root.serial, &what.run);
                let path = format!("{}/pending/{name}.jsonl", layout::app_folder(&what.app));
                (path, Some(text::jsonl(records)))
            });
            let runs: Vec<_> = recovered.iter().map(|one| one.run.as_str()).collect();
            let entry = Entry {
                what: format!("recover results of {}", runs.join(", ")),
                run: None,
                author: None,
                reason: None,
                at: now,
            };
            Ok((edits.collect(), entry))
        })?;
        Ok(recovered)
    }
}

/// The results that the ledger does not have yet, by app.
fn find(view: &dyn View, results: &Path) -> Result<Vec<(Recovered, Vec<WireRecord>)>, LedgerError> {
    let mut found = Vec::new();
    let names = Names::default();
    for (app, folder) in decode::apps(view)? {
        let Some(lease) = decode::lease(view, &folder)?.filter(|lease| layout::is_plain(&lease.run)) else {
            continue;
        };
        let path = results.join(format!("{}.jsonl", lease.run));
        let Some(bytes) = read_file(&path)? else {
            continue;
        };
        let known = decode::app(view, &app, &names)?.seqs.get(&lease.run).copied().unwrap_or_default();
        let records: Vec<WireRecord> = text::lines(&path.display().to_string(), &bytes, Torn::Tolerate)?;
        let ours = |record: &WireRecord| record.seq > known && record.app.as_deref() == Some(app.as_str());
        let records: Vec<_> =
            records.into_iter().filter(ours).map(|record| WireRecord { app: None, ..record }).collect();
        if !records.is_empty() {
            let what = Recovered { app, run: lease.run, results: records.len() };
            found.push((what, records));
        }
    }
    Ok(found)
}
