//! The clock of an app, as the `Date` of its answers shows it (RFC 9110 section 6.6.1).

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::SignedDuration;
use reqwest::header::{AGE, DATE, HeaderMap};

/// How far an app's clock is ahead of this machine's. Behind one address there may be several servers: if one of them agrees
/// with this machine, the clock of this machine is right. So the smallest difference counts.
#[derive(Default)]
pub(super) struct AppClock(Mutex<Option<SignedDuration>>);

impl AppClock {
    /// Takes in the headers of an answer that has just come.
    pub(super) fn see(&self, headers: &HeaderMap) {
        let Some(ahead) = ahead(headers, SystemTime::now()) else { return };
        let mut least = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if least.is_none_or(|least| ahead.abs() < least.abs()) {
            *least = Some(ahead);
        }
    }

    /// The smallest difference so far; `None` if no answer had a date.
    pub(super) fn ahead(&self) -> Option<SignedDuration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer from a cache has the date at which it was made, and its age since then.
fn ahead(headers: &HeaderMap, now: SystemTime) -> Option<SignedDuration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let age = text(AGE).and_then(|age: &str| age.trim().parse().ok()).unwrap_or_default();
    let date = httpdate::parse_http_date(text(DATE)?).ok()?.checked_add(Duration::from_secs(age))?;
    match date.duration_since(now) {
        Ok(ahead) => SignedDuration::try_from(ahead).ok(),
        Err(behind) => SignedDuration::try_from(behind.duration()).ok()?.checked_neg(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        all.iter().map(|(name, text)| (name.parse().unwrap(), text.parse().unwrap())).collect()
    }

    #[test]
    fn the_date_of_an_answer_and_its_age_are_the_clock_of_the_app() {
        let now = httpdate::parse_http_date("Sun, 22 Nov 2026 10:00:00 GMT").unwrap();
        let ahead = |all: &[(&'static str, &str)]| ahead(&headers(all), now).map(|ahead| ahead.as_secs());
        assert_eq!(ahead(&[("date", "Sun, 22 Nov 2026 10:07:00 GMT")]), Some(420));
        assert_eq!(ahead(&[("date", "Sat, 22 Nov 2025 10:00:00 GMT")]), Some(-365 * 86_400));
        assert_eq!(ahead(&[("date", "Sun, 22 Nov 2026 09:00:00 GMT"), ("age", "3600")]), Some(0));
        assert_eq!(ahead(&[("date", "today"), ("age", "-1")]), None);
        let huge = [("date", "Sun, 22 Nov 2026 10:00:00 GMT"), ("age", "18446744073709551615")];
        assert_eq!(ahead(&huge), None);
        assert_eq!(ahead(&[]), None);
    }

    #[test]
    fn of_several_servers_the_one_that_agrees_counts() {
        let clock = AppClock::default();
        assert_eq!(clock.ahead(), None);
        let of = |seconds: i64| {
            let date = SystemTime::now()
                - Duration::from_secs(1000).saturating_sub(Duration::from_secs(seconds as u64));
            clock.see(&headers(&[("date", &httpdate::fmt_http_date(date))]));
            clock.ahead().unwrap().as_secs()
        };
        assert!((-1002..=-1000).contains(&of(0)));
        assert!((-2..=0).contains(&of(1000)));
        assert!((-2..=0).contains(&of(500)));
    }
}
