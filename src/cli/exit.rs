//! What the exit status says.

use std::process::ExitCode;

/// How a command ended. Ordered: if several apply, the greatest counts.
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
    /// 130 or 143: stopped by a signal after a clean hand-over.
    Stopped(u8),
}

impl Status {
    /// Both: the one that counts more.
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
