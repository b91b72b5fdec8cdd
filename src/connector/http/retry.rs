//! When to send again, and how long to wait first.

use std::time::Duration;

use super::{Answer, Repeat, backoff};
use crate::connector::error::{ConnectorError, ErrorKind};

/// Tries of one request that fails, the first included.
const MAX_TRIES: u32 = 5;
/// Tries of a request that got no answer in time: each costs the whole timeout.
const MAX_TIMEOUTS: u32 = 2;
/// Tries to connect.
const MAX_CONNECTS: u32 = 3;
/// Longest pause after a failure that an app can ask for.
const MAX_ASKED: Duration = Duration::from_secs(60);

/// True if the app turned the request away, so that nothing was done (RFC 6585 section 4).
pub(super) fn is_turned_away(result: &Result<Answer, ConnectorError>) -> bool {
    matches!(result, Ok(answer) if answer.status == 429)
}

/// True if the app, or something in front of it, is in trouble.
pub(super) fn is_trouble(result: &Result<Answer, ConnectorError>) -> bool {
    match result {
        Ok(answer) => matches!(answer.status, 502..=504),
        Err(error) => matches!(error.kind(), ErrorKind::Broken | ErrorKind::Unreachable),
    }
}

/// How long to wait before the next try of a request that failed; `None` if there is none. `tries` counts those made.
pub(super) fn pause(repeat: Repeat, tries: u32, result: &Result<Answer, ConnectorError>) -> Option<Duration> {
    let is_safe = repeat == Repeat::Safe;
    match result {
        Ok(answer) => {
            let may = is_safe && matches!(answer.status, 502..=504) && tries < MAX_TRIES;
            may.then(|| asked_or_backoff(answer.retry_after, tries))
        }
        Err(error) => {
            let most = match error.kind() {
                // Nothing was sent, so any request may be repeated.
                ErrorKind::Unreachable => MAX_CONNECTS,
                ErrorKind::Broken if is_safe => MAX_TRIES,
                ErrorKind::Timeout if is_safe => MAX_TIMEOUTS,
                _ => 0,
            };
            (tries < most).then(|| backoff::after_failures(tries))
        }
    }
}

/// The pause that the app asked for, up to a limit, but not less than our own pause.
pub(super) fn asked_or_backoff(asked: Option<Duration>, tries: u32) -> Duration {
    asked.map(allowed).unwrap_or_default().max(backoff::after_failures(tries))
}

/// The pause that an app in trouble asks for, up to a limit.
pub(super) fn allowed(asked: Duration) -> Duration {
    asked.min(MAX_ASKED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<u64>) -> Answer {
        Answer {
            method: "GET",
            path: String::new(),
            status,
            media_type: None,
            etag: None,
            location: None,
            retry_after: retry_after.map(Duration::from_secs),
            headers: Box::default(),
            body: Vec::new(),
        }
    }

    fn failed(kind: ErrorKind) -> Result<Answer, ConnectorError> {
        Err(ConnectorError::new(&"a".into(), kind, "x"))
    }

    #[test]
    fn only_what_is_safe_is_repeated() {
        use ErrorKind::*;
        for status in [502, 503, 504] {
            assert!(pause(Repeat::Safe, 1, &Ok(answer(status, None))).is_some());
            assert!(pause(Repeat::AfterALook, 1, &Ok(answer(status, None))).is_none());
            assert!(is_trouble(&Ok(answer(status, None))));
        }
        for status in [200, 400, 401, 404, 409, 429, 500, 501] {
            assert!(pause(Repeat::Safe, 1, &Ok(answer(status, None))).is_none());
            assert!(!is_trouble(&Ok(answer(status, None))));
            assert_eq!(is_turned_away(&Ok(answer(status, None))), status == 429);
        }
        assert!(pause(Repeat::AfterALook, 1, &failed(Unreachable)).is_some());
        for kind in [Broken, Timeout] {
            assert!(pause(Repeat::Safe, 1, &failed(kind)).is_some());
            assert!(pause(Repeat::AfterALook, 1, &failed(kind)).is_none());
        }
        assert!(pause(Repeat::Safe, 1, &failed(Tls)).is_none());
        assert!(pause(Repeat::Safe, MAX_TRIES, &Ok(answer(503, None))).is_none());
    }

    #[test]
    fn an_app_in_trouble_can_ask_for_a_pause_but_not_for_any() {
        let waits = |seconds| pause(Repeat::Safe, 1, &Ok(answer(503, Some(seconds)))).unwrap();
        assert_eq!(waits(7), Duration::from_secs(7));
        assert_eq!(waits(86400), MAX_ASKED);
        assert!(waits(0) >= Duration::from_millis(125));
    }
}
