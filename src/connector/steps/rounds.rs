//! Look, write, look again: the rounds of one write, and what the end of each request means for the op.

use std::time::Duration;

use crate::connector::Gate;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Answer, Http};
use crate::model::op::Outcome;
use crate::model::{Kind, RemoteId};

use super::look::Found;
use super::outcome::{not_sent, refused, refused_by, told, unknown};
use super::sent::{Sent, may_pass};

/// Writes that fail one after the other before we stop.
const MAX_FAILURES: u32 = 4;

/// How an op ends whose last request was turned away: that one was not done. `unclear` is the one before it, after which
/// nothing had changed yet.
pub fn turned_away(unclear: Option<ConnectorError>, error: &ConnectorError) -> Outcome {
    let then = |first: &ConnectorError| format!("{first}; the next try was turned away: {}", told(error));
    match &unclear {
        None => refused(told(error), false),
        Some(first) if has_failed(first) => refused(then(first), false),
        Some(first) => unknown(then(first)),
    }
}

/// True if the app says that it failed: what it has not done by now it will not do.
fn has_failed(error: &ConnectorError) -> bool {
    matches!(error.status, Some(500..=503))
}

/// What the rounds of one write have in common.
#[derive(Clone, Copy)]
pub struct Write<'w> {
    /// The app.
    pub http: &'w Http,
    /// The kind of the object that is written.
    pub kind: Kind,
    /// Asked before every request.
    pub gate: Gate<'w>,
    /// Several changes in one, so that a refusal may be about one of them.
    pub is_batch: bool,
    /// Adds to a refusal what to do, in the words of the protocol.
    pub hint: &'w (dyn Fn(ConnectorError) -> ConnectorError + Send + Sync),
}

/// The rounds so far.
pub struct Rounds<'w> {
    pub(super) of: Write<'w>,
    /// How many writes were sent.
    pub sent: u32,
    /// The last one, if it may have happened.
    pub unclear: Option<ConnectorError>,
    /// The error by which the app refused the write, with what to do.
    pub refusal: Option<ConnectorError>,
    /// The same write may be sent once more.
    may_resend: bool,
    /// Failures one after the other.
    failures: u32,
    /// How many values were still missing at the last look.
    open: usize,
    /// How often the version was outdated.
    outdated: u32,
    /// The last write was not done, because another client had changed the object since the look.
    pub is_outdated: bool,
}

/// What to do after a write.
pub enum Next {
    /// Look again.
    Again,
    /// It is settled.
    End(Outcome),
    /// The app took it.
    Taken(Answer),
}

impl<'w> Rounds<'w> {
    /// Nothing sent yet.
    pub fn of(write: Write<'w>) -> Self {
        Self {
            of: write,
            sent: 0,
            unclear: None,
            refusal: None,
            may_resend: false,
            failures: 0,
            open: 0,
            outdated: 0,
            is_outdated: false,
        }
    }

    /// The object as a look found it.
    ///
    /// # Errors
    /// How the op ends if that cannot be said.
    pub fn looked<D>(&self, id: &RemoteId, found: Result<Found<D>, ConnectorError>) -> Result<D, Outcome> {
        let error = match found {
            Ok(Found::Here(document)) => return Ok(document),
            Ok(Found::Gone(_)) => {
                let what = format!("the {} {id} is gone", self.of.kind);
                self.of.http.error(ErrorKind::NotFound, what).with_hint("plan again")
            }
            Ok(Found::Unknown(error)) | Err(error) => error,
        };
        Err(match &self.unclear {
            Some(first) => unknown(format!("{first}; and looking again failed: {}", told(&error))),
            // The app took it: only how it is now cannot be told.
            None if self.sent > 0 => {
                unknown(format!("the app took it, and looking again failed: {}", told(&error)))
            }
            None => match error.kind() {
                ErrorKind::NotFound | ErrorKind::Auth | ErrorKind::Forbidden => refused(told(&error), false),
                _ => not_sent(format!("nothing was sent, because looking first failed: {}", told(&error))),
            },
        })
    }

    /// How the op ends after a look, if the last write did not happen and should not be sent again. `open` is the number of
    /// values that are still missing. A write of which a part took effect did happen.
    pub fn given_up(&mut self, open: usize) -> Option<Outcome> {
        if std::mem::replace(&mut self.open, open) > open {
            self.unclear = None;
            self.failures = 0;
        }
        let error = self.unclear.as_ref().filter(|_| !self.may_resend)?;
        Some(if has_failed(error) {
            refused(format!("{}; looked again: nothing changed", told(error)), self.of.is_batch)
        } else {
            unknown(format!("{}; looked again: it is not so yet", told(error)))
        })
    }

    /// Counts a write request, and says what its end means for the op.
    pub async fn settle(&mut self, sent: Sent) -> Next {
        self.sent += 1;
        self.is_outdated = matches!(sent, Sent::Outdated(_));
        match sent {
            Sent::Taken(answer) => Next::Taken(answer),
            Sent::Kept(error) => {
                self.sent -= 1;
                Next::End(match self.unclear.take() {
                    Some(first) => unknown(format!("{first}; then stopped: {error}")),
                    None => not_sent(told(&error)),
                })
            }
            Sent::Outdated(error) => {
                self.outdated += 1;
                if self.outdated > 1 {
                    let kind = self.of.kind;
                    let why = format!("{error}; another client keeps changing this {kind}: run again later");
                    return Next::End(refused(why, false));
                }
                self.sent -= 1;
                Next::Again
            }
            Sent::Refused(error) => {
                // Not about one member: the credential, or the request as such.
                let about_all = matches!(error.status, Some(300..=399 | 401 | 403 | 405 | 501));
                let error = self.refusal.insert((self.of.hint)(error));
                Next::End(refused_by(error, self.of.is_batch && !about_all))
            }
            Sent::Later(error) => Next::End(turned_away(self.unclear.take(), &error)),
            Sent::Unclear(error, pause) => self.look_again(error, pause).await,
        }
    }

    /// After a write that may have happened, the next look decides. Values that are still missing are sent once more where
    /// that may help.
    async fn look_again(&mut self, error: ConnectorError, pause: Option<Duration>) -> Next {
        self.failures += 1;
        let may = may_pass(&error) && self.failures < MAX_FAILURES;
        self.may_resend = may && self.of.http.pause(self.failures, pause, &error).await;
        self.unclear = Some(error);
        Next::Again
    }
}
