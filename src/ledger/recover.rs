//! A clone whose own run was killed knows more than the ledger: the results that had not been pushed are in its local
//! result file. They are handed in before the next plan is made, so that less has to be asked again.

use std::path::Path;

use crate::model::AppId;
use crate::model::stored_link::Names;
use crate::model::time::Timestamp;

use super::decode;
use super::error::LedgerError;
use super::file::read_file;
use super::layout;
use super::pending;
use super::stored::Record;
use super::text::{self, Torn};
use super::view::{Edits, Entry, View};

/// What `Store::recover` handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The app.
    pub app: AppId,
    /// The run that was interrupted.
    pub run: String,
    /// How many results.
    pub results: usize,
}

/// The write that hands in what was found.
pub(crate) fn edits(found: Vec<(Recovered, Vec<Record>)>, serial: u64, now: Timestamp) -> (Edits, Entry) {
    let runs: Vec<_> = found.iter().map(|(one, _)| one.run.as_str()).collect();
    let entry = Entry {
        what: format!("recover results of {}", runs.join(", ")),
        run: None,
        author: None,
        reason: None,
        at: now,
    };
    let edits = found.into_iter().map(|(what, records)| {
        let name = layout::numbered(serial, &what.run);
        let path = format!("{}/pending/{name}.jsonl", layout::app_folder(&what.app));
        (path, Some(text::jsonl(records)))
    });
    (edits.collect(), entry)
}

/// The results that the ledger does not have yet, by app.
pub(crate) fn find(view: &dyn View, results: &Path) -> Result<Vec<(Recovered, Vec<Record>)>, LedgerError> {
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
        let known = decode::app(view, &app, &names)?.seqs.get(&*lease.run).copied().unwrap_or_default();
        let file = path.display().to_string();
        let records: Vec<Record> = text::lines(&file, &bytes, Torn::Tolerate)?;
        pending::numbered_rightly(&file, &records)?;
        let ours = |record: &Record| record.seq > known && record.app.as_ref() == Some(&app);
        let records: Vec<_> =
            records.into_iter().filter(ours).map(|record| Record { app: None, ..record }).collect();
        if !records.is_empty() {
            let what = Recovered { app, run: lease.run.to_string(), results: records.len() };
            found.push((what, records));
        }
    }
    Ok(found)
}
