//! What we did in each app, kept where it cannot be lost: on a git branch or in a folder (safety.md 1, 5 to 8).
//!
//! * [`Store`] opens, reads, begins, maintains; [`Run`] holds the lease and takes down results; [`LedgerError`] says what is
//!   wrong and what to do
//! * both kinds hold the same tree of files (`layout`), read as hostile input (`decode`, `rules`, `model::stored_link`)
//!   and written one entry a line, changed files only (`encode`, `text`)
//! * `folder` writes with an operating-system lock, `branch` with pushes that compare and swap
//!
//! Uses `model` and `git`; reads the clock only to know whether a lease still lasts.

mod app_state;
mod backend;
mod begin;
mod begun;
mod branch;
mod checkpoint;
mod close;
mod decode;
mod encode;
mod error;
mod file;
mod folder;
mod folder_view;
mod held;
mod history;
mod intend;
mod known_apps;
mod layout;
mod lease;
mod link_history;
mod maintenance;
mod outcomes;
mod pending;
mod recover;
mod redo;
mod root;
#[cfg(test)]
mod roundtrip;
mod rules;
mod run;
mod session;
mod store;
mod stored;
mod text;
mod view;
mod watermark;

pub use begun::{BeginRequest, Leftover};
pub use close::Finish;
pub use error::{Held, LedgerError, Seen, Until};
pub use file::append_whole;
pub use history::Written;
pub use intend::Intended;
pub use outcomes::Outcomes;
pub use recover::Recovered;
pub use run::{AppRecorder, Run};
pub use store::{By, ReadLedger, Store};
