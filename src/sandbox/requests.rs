//! The requests that an emulator got, for tests. Credentials are in headers, and headers are not noted; bodies are, so that
//! notes stay in memory.

use std::sync::{Arc, Mutex, PoisonError};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
    /// The body; empty if there is none.
    pub body: String,
}

/// The notes of a sandbox. A clone shows the same notes.
#[derive(Debug, Clone, Default)]
pub struct Requests(Arc<Mutex<Vec<Noted>>>);

impl Requests {
    /// All requests so far.
    pub fn all(&self) -> Vec<Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn note(&self, request: Noted) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    }
}
