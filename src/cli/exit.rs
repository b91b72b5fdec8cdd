//! The exit status of a command.

use std::process::ExitCode;

/// How a command ended. The statuses are ordered: if several apply, the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// 0
    Done,
    /// 2: there are changes.
    Changes,
    /// 3: partly.
    Partly,
    /// 4: refused.
    Refused,
    /// 1: failed.
    Failed,
    /// 130 or 143: stopped by a signal, after the ledger was saved.
    Stopped(u8),
}

impl Status {
    /// The greater of both.
    pub fn and(self, other: Status) -> Status {
        self.max(other)
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Done => 0,
            Status::Changes => 2,
            Status::Partly => 3,
            Status::Refused => 4,
            Status::Failed => 1,
            Status::Stopped(code) => code,
        })
    }
}
