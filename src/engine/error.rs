//! The errors of the engine's recipes.

use std::fmt;

use crate::ledger::LedgerError;

/// An error with its remedy.
#[derive(Debug)]
pub struct EngineError {
    pub message: String,
    pub hint: String,
    /// A rule refused it (exit status 4); otherwise it failed (exit status 1).
    pub refused: bool,
}

impl EngineError {
    /// An error because something failed.
    pub fn failed(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), refused: false }
    }

    /// An error because a rule refused it.
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { refused: true, ..Self::failed(message, hint) }
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<LedgerError> for EngineError {
    fn from(error: LedgerError) -> Self {
        Self { message: error.to_string(), hint: error.hint(), refused: error.is_refusal() }
    }
}
