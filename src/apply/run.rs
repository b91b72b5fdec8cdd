//! A running apply of one app.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use super::index::Index;
use super::job::Job;
use super::kinds::Kinds;
use super::seats::Seats;

/// A running apply: the job, its changes by key, and whether it has to end early.
pub(super) struct Apply<'a> {
    pub job: &'a Job<'a>,
    pub index: Index<'a>,
    /// What this run learned of its kinds of writes.
    pub kinds: Kinds,
    /// What this run learned of the seats of the app.
    pub seats: Seats,
    /// Why nothing more may be written in this app: the lease is gone.
    pub halt: OnceLock<String>,
}

impl<'a> Apply<'a> {
    pub(super) fn new(job: &'a Job<'a>) -> Self {
        Self {
            job,
            index: Index::of(job.plan),
            kinds: Kinds::default(),
            seats: Seats::default(),
            halt: OnceLock::new(),
        }
    }

    /// Why no new request may begin.
    pub(super) fn stopped(&self) -> Option<String> {
        let told = || {
            let stopped = self.job.stop.load(Ordering::SeqCst);
            stopped.then(|| "the run was stopped".to_owned())
        };
        self.halt.get().cloned().or_else(told)
    }
}
