//! The output of a program.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{World, snapshot};

/// The status and the output of a run.
pub struct Output {
    /// The exit status; 128 + signal if a signal ended it.
    pub status: i32,
    /// The signal that ended it.
    pub signal: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub elapsed: Duration,
    pub(super) world: Arc<World>,
    pub(super) args: Vec<String>,
    pub(super) started: SystemTime,
}

impl Output {
    /// Fails with the whole output unless the program ended with this status.
    #[track_caller]
    pub fn ends_with(self, status: i32) -> Output {
        assert_eq!(self.status, status, "{:?}\n{}", self.args, self.raw());
        self
    }

    /// stdout as JSON; fails if it is none.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("not JSON: {error}\n{}", self.raw()))
    }

    /// Status, stdout and stderr as one text in which what differs from run to run is masked; see [`snapshot`].
    pub fn snapshot(&self) -> String {
        self.mask(&self.raw())
    }

    /// A text of this run, masked in the same way: a journal, a file of the ledger.
    pub fn mask(&self, text: &str) -> String {
        snapshot::mask(text, &self.world, &self.args, self.started)
    }

    fn raw(&self) -> String {
        let mut text = format!("status: {}\n", self.status);
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                text += &format!("--- {name}\n{stream}");
                if !stream.ends_with('\n') {
                    text += "\n(no line end)\n";
                }
            }
        }
        text
    }
}
