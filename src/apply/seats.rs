//! Licences and seats of an app. Once a new account, or one that is turned on, is refused because none is free, the others wait
//! until all that takes accounts away is done; then they are tried once more (safety.md 14).

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::task::Task;
use crate::model::op::{Action, Outcome};

/// What this run knows of the seats of the app.
#[derive(Default)]
pub(super) struct Seats(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// In the app's words.
    full: Option<String>,
    /// Nothing that frees a seat is still to come.
    is_last: bool,
}

/// What becomes of a task that needs a seat.
pub(super) enum Seat {
    /// It is tried, or has been.
    Tried,
    /// It waits for what frees seats.
    Later,
    /// It is not sent: why.
    None(String),
}

impl Seats {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What becomes of a task before it is sent.
    pub(super) fn before(&self, task: &Task) -> Seat {
        let known = self.known();
        match &known.full {
            Some(_) if takes_one(task) && !known.is_last => Seat::Later,
            Some(why) if takes_one(task) => {
                Seat::None(format!("not sent, because no licence or seat is free in the app: {why}"))
            }
            _ => Seat::Tried,
        }
    }

    /// Learns from how a task ended, and says what becomes of it.
    pub(super) fn after(&self, task: &Task, outcome: &Outcome) -> Seat {
        if !outcome.needs_seat || !takes_one(task) {
            return Seat::Tried;
        }
        let mut known = self.known();
        known.full = outcome.state.why().map(str::to_owned);
        if known.is_last { Seat::Tried } else { Seat::Later }
    }

    /// True if something waits. From now on it is tried, and waits no more.
    pub(super) fn try_again(&self) -> bool {
        let mut known = self.known();
        known.is_last = true;
        known.full.take().is_some()
    }
}

/// A new account, and one that is turned on.
fn takes_one(task: &Task) -> bool {
    matches!(task.op.action, Action::CreateUser { .. } | Action::UpdateUser { active: Some(true), .. })
}
