//! A ledger in memory with the rules of the real one: intents come before the first write, each result is stored before
//! the next step, and a dead process stores nothing.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rolecall::model::change::ChangeKey;
use rolecall::model::ledger::{
    AppLedger, Attempt, LedgerUpdate, Losses, OpenIntent, Recorder, Settled, intend_losses, intend_values,
};
use rolecall::model::op::OutcomeKind;
use rolecall::model::time::Timestamp;
use rolecall::plan::AppPlan;
use tokio::sync::Notify;

use super::world::intents;

#[derive(Default)]
pub struct Book {
    /// The ledger. An open intent stays until a full run ends.
    pub ledger: AppLedger,
    run: u64,
    unknown: BTreeSet<ChangeKey>,
    records: u64,
    /// The process dies before this record is on disk.
    die_at: Option<u64>,
    /// The disk is full from this record on.
    full_at: Option<u64>,
    /// The lease lasts for this many checks.
    lease: Option<u64>,
}

pub struct Ledger {
    book: Mutex<Book>,
    dead: Arc<AtomicBool>,
    died: Arc<Notify>,
}

/// The faults of the ledger in one run.
#[derive(Clone, Copy, Default)]
pub struct Misfortune {
    pub die_at: Option<u64>,
    pub full_at: Option<u64>,
    pub lease: Option<u64>,
}

impl Book {
    /// The name of the present run.
    pub fn name(&self) -> Arc<str> {
        self.run.to_string().into()
    }
}

impl Ledger {
    pub fn new(dead: Arc<AtomicBool>, died: Arc<Notify>) -> Self {
        Self { book: Mutex::default(), dead, died }
    }

    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("no test thread panicked with the ledger")
    }

    /// The number of records of this run.
    pub fn records(&self) -> u64 {
        self.book().records
    }

    /// The ledger as the next process reads it.
    pub fn read(&self) -> AppLedger {
        self.book().ledger.clone()
    }

    /// The ledger, edited by hand.
    pub fn edit(&self, edit: impl FnOnce(&mut AppLedger)) {
        edit(&mut self.book().ledger);
    }

    pub fn begin(&self, plan: &AppPlan, at: Timestamp, commit: &str, misfortune: Misfortune) {
        let mut book = self.book();
        book.run += 1;
        let run = book.name();
        let losses = Losses { run: run.clone(), at, commit: None, lost: plan.losses() };
        intend_losses(&mut book.ledger.losses, losses);
        let known = &mut book.ledger;
        intend_values(&mut known.former_roles, &known.roles, plan.given_values());
        let attempt = Attempt { at, commit: Some(commit.into()) };
        for intent in intents(plan) {
            let known = &mut book.ledger.intents;
            let before =
                known.iter().position(|open| open.key == intent.key).map(|place| known.remove(place));
            known.push(OpenIntent::new(run.clone(), &intent, &attempt, before.as_ref()));
        }
        book.unknown.clear();
        book.records = 0;
        book.die_at = misfortune.die_at;
        book.full_at = misfortune.full_at;
        book.lease = misfortune.lease;
    }

    /// Ends a run that did not die: stores its last steps and closes its intents, except those with an unknown outcome.
    /// If the run was stopped, every intent without a result stays open.
    pub fn finish(&self, updates: Vec<LedgerUpdate>, full: bool, stopped: bool) {
        let mut book = self.book();
        let run = book.name();
        if !stopped {
            let unknown = std::mem::take(&mut book.unknown);
            book.ledger.intents.retain(|intent| match intent.run == run {
                true => unknown.contains(&intent.key),
                false => !full,
            });
        }
        for update in updates {
            book.ledger.fold(update);
        }
    }
}

/// Refuses a step that gives an account to a second user, or a group to a second key, as the real ledger does.
fn one_to_one(ledger: &AppLedger, step: &LedgerUpdate) -> Result<(), String> {
    let other = match step {
        LedgerUpdate::PutUser { id, link } => {
            let mut users = ledger.users.iter().filter(|(other, _)| *other != id);
            users.find(|(_, other)| other.remote == link.remote).map(|(other, _)| other.to_string())
        }
        LedgerUpdate::PutGroup { key, link } => {
            let mut groups = ledger.groups.iter().filter(|(other, _)| *other != key);
            groups.find(|(_, other)| other.remote == link.remote).map(|(other, _)| other.to_string())
        }
        _ => None,
    };
    other.map_or(Ok(()), |other| Err(format!("{other} is linked to the same id: {step:?}")))
}

impl Recorder for Ledger {
    fn may_send(&self, _timeout: Duration) -> Result<(), String> {
        match &mut self.book().lease {
            None => Ok(()),
            Some(0) => Err("the lease has run out".to_owned()),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    fn record(&self, settled: &[Settled], updates: &[LedgerUpdate]) -> Result<(), String> {
        if self.dead.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut book = self.book();
        book.records += 1;
        if book.die_at == Some(book.records) {
            self.dead.store(true, Ordering::SeqCst);
            self.died.notify_one();
            return Ok(());
        }
        if book.full_at.is_some_and(|at| book.records >= at) {
            return Err("no space left on device".to_owned());
        }
        if book.ledger.users.len() < 500 {
            // Nothing of a record is kept if one step is refused.
            let mut after = book.ledger.clone();
            for update in updates {
                one_to_one(&after, update)?;
                after.fold(update.clone());
            }
            book.ledger = after;
        } else {
            updates.iter().for_each(|update| book.ledger.fold(update.clone()));
        }
        for one in settled {
            if one.outcome == OutcomeKind::Unknown {
                book.unknown.insert(one.key.clone());
            } else {
                book.unknown.remove(&one.key);
                book.ledger.intents.retain(|intent| intent.key != one.key);
            }
        }
        Ok(())
    }
}
