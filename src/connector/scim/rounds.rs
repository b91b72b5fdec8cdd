//! Look, write, look again: the rounds of one write, and what the end of each request means for the op.

use std::time::Duration;

use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::Answer;
use crate::model::op::Outcome;
use crate::model::{Kind, RemoteId};

use super::Scim;
use super::get::{Document, Found};
use super::sent::{Sent, may_pass, not_sent, refused, told, unknown, with_value_hint};
use super::settings::Etag;

/// Writes that fail one after the other before we stop.
const MAX_FAILURES: u32 = 4;

/// What is known of the writes of earlier rounds.
#[derive(Default)]
pub struct Rounds {
    /// How many writes were sent.
    pub sent: u32,
    /// The last one, if it may have happened.
    pub unclear: Option<ConnectorError>,
    /// A change of members; true if some are taken away.
    members: Option<bool>,
    is_batch: bool,
    /// The same write may be sent once more.
    may_resend: bool,
    /// Failures one after the other.
    failures: u32,
    /// How much was not so yet at the last look.
    open: usize,
    /// How often the version was outdated.
    outdated: u32,
}

impl Rounds {
    /// No change of members sent yet. A batch carries several, so that a refusal may be about one of them.
    pub fn of_members(is_batch: bool, removes: bool) -> Self {
        Self { members: Some(removes), is_batch, ..Self::default() }
    }

    /// After a look that showed how much is not so yet: how the op ends, if the last write did not happen and should not
    /// be sent again. A write of which something took effect was one.
    pub fn given_up(&mut self, open: usize) -> Option<Outcome> {
        if std::mem::replace(&mut self.open, open) > open {
            self.unclear = None;
            self.failures = 0;
        }
        let error = self.unclear.as_ref().filter(|_| !self.may_resend)?;
        let has_failed = matches!(error.status, Some(500..=503));
        Some(if has_failed {
            refused(format!("{}; looked again: nothing changed", told(error)), self.is_batch)
        } else {
            unknown(format!("{}; looked again: it is not so yet", told(error)))
        })
    }
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

impl Scim {
    /// The object as it is, or how the op ends if that cannot be said.
    pub(super) async fn look(&self, kind: Kind, id: &RemoteId, rounds: &Rounds) -> Result<Document, Outcome> {
        let error = match self.fetch(kind, id).await {
            Ok(Found::Here(document)) => return Ok(document),
            Ok(Found::Gone(_)) => {
                let what = format!("the {kind} {id} is gone");
                self.http.error(ErrorKind::NotFound, what).with_hint("plan again")
            }
            Ok(Found::Unknown(error)) | Err(error) => error,
        };
        Err(match &rounds.unclear {
            Some(first) => unknown(format!("{first}; and looking again failed: {}", told(&error))),
            None => match error.kind() {
                ErrorKind::NotFound | ErrorKind::Auth | ErrorKind::Forbidden => refused(told(&error), false),
                _ => not_sent(format!("nothing was sent, because looking first failed: {}", told(&error))),
            },
        })
    }

    /// What a write request's end means for the op.
    pub(super) async fn settle(&self, kind: Kind, sent: Sent, rounds: &mut Rounds) -> Next {
        match sent {
            Sent::Taken(answer) => Next::Taken(answer),
            Sent::Kept(error) => {
                rounds.sent -= 1;
                Next::End(match rounds.unclear.take() {
                    Some(first) => unknown(format!("{first}; then stopped: {error}")),
                    None => not_sent(told(&error)),
                })
            }
            Sent::Outdated(error) => {
                rounds.outdated += 1;
                if rounds.outdated > 1 {
                    let why = format!("{error}; somebody else keeps changing this {kind}: run again later");
                    return Next::End(refused(why, false));
                }
                rounds.sent -= 1;
                Next::Again
            }
            Sent::Refused(error) => {
                // Not about one member: the credential, or the request as such.
                let about_all = matches!(error.status, Some(300..=399 | 401 | 403 | 405 | 501));
                let error = with_style_hint(kind, rounds.members, error);
                Next::End(refused(told(&error), rounds.is_batch && !about_all))
            }
            Sent::Later(error, _) => Next::End(refused(told(&error), false)),
            Sent::Unclear(error, pause) => self.look_again(error, pause, rounds).await,
        }
    }

    /// After a write that may have happened: the next look decides; what it still lacks is sent once more where that
    /// may help.
    async fn look_again(&self, error: ConnectorError, pause: Option<Duration>, rounds: &mut Rounds) -> Next {
        rounds.failures += 1;
        let may = may_pass(&error) && rounds.failures < MAX_FAILURES;
        rounds.may_resend = may && self.http.pause(rounds.failures, pause, &error).await;
        rounds.unclear = Some(error);
        Next::Again
    }

    /// The version to send, if any.
    ///
    /// # Errors
    /// The settings require one and there is none.
    pub(super) fn required_version<'d>(
        &self,
        document: &'d Document,
    ) -> Result<Option<&'d str>, ConnectorError> {
        match &document.version {
            Some(version) => Ok(Some(version)),
            None if self.settings.etag == Etag::Require => Err(self
                .http
                .error(ErrorKind::Config, "the app gave no version, and `settings.etag` requires one")
                .with_hint("set `settings.etag: if-advertised`")),
            None => Ok(None),
        }
    }
}

/// What to do about a refused write, where another style may be what the app understands.
fn with_style_hint(kind: Kind, members: Option<bool>, error: ConnectorError) -> ConnectorError {
    let is_style = matches!(error.status, Some(405 | 501));
    let hint = match (members, error.method, kind) {
        (Some(true), ..) if is_style || error.status == Some(400) => {
            "another `settings.members.remove_style` may be what this app understands"
        }
        (Some(false), ..) if error.status == Some(400) => {
            "it may be that the account is gone, or of another kind: the next plan shows it"
        }
        (Some(_), ..) if error.status == Some(409) => "run again: somebody else may have changed the group",
        (None, Some("PATCH"), Kind::User) if is_style => "set `settings.update.users: put`",
        (None, Some("PATCH"), Kind::Group) if is_style => "set `settings.update.groups: put`",
        (None, Some("PUT"), Kind::User) if is_style => "set `settings.update.users: patch`",
        (None, Some("PUT"), Kind::Group) if is_style => "set `settings.update.groups: patch`",
        _ => return with_value_hint(error),
    };
    error.with_hint(hint)
}
