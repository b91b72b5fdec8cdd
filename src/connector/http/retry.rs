//! When to send again, and how long to wait first.

use std::time::{Duration, SystemTime};

use super::{Answer, Repeat};
use crate::connector::error::{ConnectorError, ErrorKind};

/// Tries of one request, the first included.
const MAX_TRIES: u32 = 5;
/// Tries of a request that got no answer in time: each costs the whole timeout.
const MAX_TIMEOUTS: u32 = 2;
/// Tries to connect.
const MAX_CONNECTS: u32 = 3;
/// First pause; doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause of our own.
const MAX_PAUSE: Duration = Duration::from_secs(10);
/// Longest pause an app can ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// How long to wait before the next try; `None` if there is none. `tries` counts those made.
pub(super) fn pause(repeat: Repeat, tries: u32, result: &Result<Answer, ConnectorError>) -> Option<Duration> {
    match result {
        Ok(answer) if matches!(answer.status, 429 | 502 | 503 | 504) => {
            let may = match repeat {
                Repeat::Safe => true,
                Repeat::Refused => answer.status == 429,
                Repeat::Unsent => false,
            };
            (may && tries < MAX_TRIES).then(|| asked_or_backoff(answer.retry_after, tries))
        }
        Ok(_) => None,
        Err(error) => {
            let most = match error.kind() {
                // Nothing was sent, so any request may be repeated.
                ErrorKind::Unreachable => MAX_CONNECTS,
                ErrorKind::Broken if repeat == Repeat::Safe => MAX_TRIES,
                ErrorKind::Timeout if repeat == Repeat::Safe => MAX_TIMEOUTS,
                _ => 0,
            };
            (tries < most).then(|| backoff(tries))
        }
    }
}

/// The pause that the app asked for, up to a limit, but not less than our own pause.
pub(super) fn asked_or_backoff(asked: Option<Duration>, tries: u32) -> Duration {
    asked.unwrap_or_default().min(MAX_RETRY_AFTER).max(backoff(tries))
}

/// Between a half and the whole of a pause that doubles, so that requests which failed together are not repeated
/// together.
fn backoff(tries: u32) -> Duration {
    let whole = FIRST_PAUSE.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(MAX_PAUSE);
    let mut bytes = [0; 2];
    // Without randomness all wait the longest time, which is safe.
    let share = match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX),
        Err(_) => 1.0,
    };
    whole.mul_f64(0.5 + share / 2.0)
}

/// `Retry-After` as seconds or as an HTTP date (RFC 9110 section 10.2.3); a date that has passed is zero.
pub(super) fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    Some(at.duration_since(now).unwrap_or_default())
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
            body: Vec::new(),
        }
    }

    fn failed(kind: ErrorKind) -> Result<Answer, ConnectorError> {
        Err(ConnectorError::new(&"a".into(), kind, "x"))
    }

    #[test]
    fn retry_after_has_two_forms() {
        let now = httpdate::parse_http_date("Sun, 22 Nov 2026 10:00:00 GMT").unwrap();
        let read = |text| retry_after(text, now).map(|pause| pause.as_secs());
        assert_eq!(read("7"), Some(7));
        assert_eq!(read("Sun, 22 Nov 2026 10:00:09 GMT"), Some(9));
        assert_eq!(read("Sun, 22 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-1"), None);
        assert_eq!(read("99999999999999999999"), Some(u64::MAX));
    }

    #[test]
    fn only_what_is_safe_is_repeated() {
        use ErrorKind::*;
        for status in [429, 502, 503, 504] {
            assert!(pause(Repeat::Safe, 1, &Ok(answer(status, None))).is_some());
            assert!(pause(Repeat::Unsent, 1, &Ok(answer(status, None))).is_none());
            assert_eq!(pause(Repeat::Refused, 1, &Ok(answer(status, None))).is_some(), status == 429);
        }
        for status in [200, 400, 401, 404, 409, 500, 501] {
            assert!(pause(Repeat::Safe, 1, &Ok(answer(status, None))).is_none());
        }
        assert!(pause(Repeat::Unsent, 1, &failed(Unreachable)).is_some());
        for kind in [Broken, Timeout] {
            assert!(pause(Repeat::Safe, 1, &failed(kind)).is_some());
            assert!(pause(Repeat::Unsent, 1, &failed(kind)).is_none());
        }
        assert!(pause(Repeat::Safe, 1, &failed(Tls)).is_none());
        assert!(pause(Repeat::Safe, MAX_TRIES, &Ok(answer(503, None))).is_none());
    }

    #[test]
    fn an_app_can_ask_for_a_pause_but_not_for_any() {
        let waits = |seconds| pause(Repeat::Safe, 1, &Ok(answer(429, Some(seconds)))).unwrap();
        assert_eq!(waits(7), Duration::from_secs(7));
        assert_eq!(waits(86400), MAX_RETRY_AFTER);
        assert!(waits(0) >= FIRST_PAUSE / 2);
    }

    #[test]
    fn pauses_grow_to_a_limit() {
        for tries in 1..40 {
            let pause = backoff(tries);
            assert!(pause >= FIRST_PAUSE / 2 && pause <= MAX_PAUSE);
        }
    }
}
