//! The journal: every request and outcome of a run as JSON lines, ids and keys only.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde::Serialize;

use crate::ledger::append_whole;
use crate::model::event::{Event, EventSink};
use crate::model::time::Timestamp;

/// A file that records events, and hands them on.
pub struct Journal {
    file: Mutex<File>,
    next: Arc<dyn EventSink>,
}

#[derive(Serialize)]
struct Line<'e> {
    at: Timestamp,
    #[serde(flatten)]
    event: &'e Event,
}

impl Journal {
    /// Opens a file to append to; its folders are made.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn append(path: &Path, next: Arc<dyn EventSink>) -> std::io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
            // No journal gets into a commit by `git add .`. One that stands where no file may be made is still a journal.
            let ignored = folder.join(".gitignore");
            if !ignored.exists() {
                let _ = std::fs::write(ignored, "*\n");
            }
        }
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self { file: Mutex::new(file), next })
    }
}

impl EventSink for Journal {
    fn emit(&self, event: Event) {
        let line = Line { at: Timestamp::now(), event: &event };
        if let (Ok(mut text), Ok(mut file)) = (serde_json::to_string(&line), self.file.lock()) {
            text.push('\n');
            // A journal that cannot be written must not stop a run: results are kept by the ledger.
            let _ = append_whole(&mut file, text.as_bytes());
        }
        self.next.emit(event);
    }
}
