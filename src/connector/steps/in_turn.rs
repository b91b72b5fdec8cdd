//! A write that takes several requests, sent one after the other.

use crate::connector::error::ConnectorError;
use crate::model::op::OutcomeState;

use super::outcome::{already, refused, told};
use super::rounds::{Next, Rounds};
use super::sent::{Request, send};

impl Rounds<'_> {
    /// Sends requests in turn until one does not get through.
    pub async fn send_in_turn(&mut self, requests: Result<Vec<Request<'_>>, ConnectorError>) -> Next {
        let requests = match requests {
            Ok(requests) => requests,
            Err(error) => return Next::End(refused(told(&error), false)),
        };
        let count = requests.len();
        let mut last = None;
        for (done, request) in requests.into_iter().enumerate() {
            let sent = send(self.of.http, request, self.of.gate).await;
            match self.settle(sent).await {
                Next::Taken(answer) => last = Some(answer),
                Next::End(mut outcome) if done > 0 => {
                    partly(&mut outcome.state, done, count);
                    return Next::End(outcome);
                }
                next => return next,
            }
        }
        match last {
            Some(answer) => Next::Taken(answer),
            // Differences that no request can express, such as an entry that is not there being taken away.
            None => Next::End(already(None)),
        }
    }
}

/// The end of a write some of whose requests were taken before.
pub fn partly(state: &mut OutcomeState, done: usize, count: usize) {
    let before = format!("; {done} of {count} requests were taken before");
    match state {
        OutcomeState::Refused { why, .. } | OutcomeState::Unknown { why } => why.push_str(&before),
        // Some of it was sent.
        OutcomeState::NotSent { why } => {
            *state = OutcomeState::Unknown { why: format!("{why}{before}") };
        }
        OutcomeState::Written | OutcomeState::Already => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_by_half_is_never_called_not_sent() {
        let mut state = OutcomeState::NotSent { why: "the lease is gone".to_owned() };
        partly(&mut state, 1, 3);
        let why = "the lease is gone; 1 of 3 requests were taken before".to_owned();
        assert_eq!(state, OutcomeState::Unknown { why });
    }
}
