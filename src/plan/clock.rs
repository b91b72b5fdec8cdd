//! The clock of this machine, compared with the ledger and with the app's clock. If one of them contradicts it, everything
//! that a date decides is held in this app (safety.md 7).

use std::fmt;

use jiff::SignedDuration;

use crate::model::app::ClockCheck;
use crate::model::instants::{self, TOLERANCE};
use crate::model::ledger::AppLedger;
use crate::model::time::Timestamp;

/// What contradicts the clock of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) struct Doubt {
    now: Timestamp,
    /// The last instant in the ledger, if it lies ahead.
    ledger: Option<Timestamp>,
    /// The time by the app's clock, if it is another one.
    app: Option<Timestamp>,
}

impl Doubt {
    /// `ahead` is how far the app's clock is ahead of this machine's. `None` if nothing contradicts it.
    pub(in crate::plan) fn of(
        now: Timestamp,
        check: ClockCheck,
        ledger: &AppLedger,
        ahead: Option<SignedDuration>,
    ) -> Option<Self> {
        let ledger = instants::last(ledger).filter(|last| last.duration_since(now) > TOLERANCE);
        // It is the app's clock that may be wrong: the instants of the ledger come from machines such as this one.
        let ahead = ahead.filter(|_| check != ClockCheck::Ignore);
        let app = ahead.filter(|ahead| ahead.abs() > TOLERANCE);
        let app = app.map(|ahead| now.saturating_add(ahead).unwrap_or(now));
        (ledger.is_some() || app.is_some()).then_some(Self { now, ledger, app })
    }

    /// What to do.
    pub(in crate::plan) fn hint(&self) -> &'static str {
        match (self.ledger, self.app) {
            (_, Some(_)) => {
                "set the clock of this machine; if the app's clock is the wrong one, `limits: {clock: ignore}` in this app"
            }
            _ => {
                "set the clock of this machine; if an earlier run had a wrong one, `rolecall ledger reclock --reason TEXT`"
            }
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the clock of this machine says {:.0}", self.now)?;
        if let Some(app) = self.app {
            write!(f, ", the app's answers say {app:.0}")?;
        }
        if let Some(ledger) = self.ledger {
            write!(f, ", the last instant in the ledger is {ledger:.0}")?;
        }
        Ok(())
    }
}
