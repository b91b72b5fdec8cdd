//! Licences and seats of an app. Once a new account, or one that is turned on, is refused because none is free, the others wait
//! until all that takes accounts away is done; then they are tried once more (safety.md 14).

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::task::Task;
use crate::model::op::{Action, Outcome};

/// So many refusals one after the other show that no seat is free. One alone may be about one person: whether a refusal is about
/// seats is read from the app's words.
const SHOWN_BY: u32 = 3;

/// What this run knows of the seats of the app.
#[derive(Default)]
pub(super) struct Seats(Mutex<Known>);

#[derive(Default)]
enum Known {
    /// Nobody was refused.
    #[default]
    Free,
    /// Somebody was refused: the others wait for what frees seats.
    Full,
    /// Nothing that frees a seat is still to come: refusals since the last account that the app took.
    Last { refusals: u32, why: String },
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
        match &*self.known() {
            _ if !takes_one(task) => Seat::Tried,
            Known::Full => Seat::Later,
            Known::Last { refusals, why } if *refusals >= SHOWN_BY => {
                Seat::None(format!("not sent, because no licence or seat is free in the app: {why}"))
            }
            Known::Free | Known::Last { .. } => Seat::Tried,
        }
    }

    /// Learns from how a task ended, and says what becomes of it.
    pub(super) fn after(&self, task: &Task, outcome: &Outcome) -> Seat {
        if !takes_one(task) {
            return Seat::Tried;
        }
        match &mut *self.known() {
            Known::Last { refusals, why } if outcome.needs_seat => {
                *refusals += 1;
                *why = outcome.state.why().unwrap_or_default().to_owned();
                Seat::Tried
            }
            Known::Last { refusals, .. } if outcome.state.is_done() => {
                *refusals = 0;
                Seat::Tried
            }
            known if outcome.needs_seat => {
                *known = Known::Full;
                Seat::Later
            }
            _ => Seat::Tried,
        }
    }

    /// True if something waits. From now on it is tried, and waits no more.
    pub(super) fn try_again(&self) -> bool {
        let last = Known::Last { refusals: 0, why: String::new() };
        matches!(std::mem::replace(&mut *self.known(), last), Known::Full)
    }
}

/// A new account, and one that is turned on.
fn takes_one(task: &Task) -> bool {
    matches!(task.op.action, Action::CreateUser { .. } | Action::UpdateUser { active: Some(true), .. })
}
