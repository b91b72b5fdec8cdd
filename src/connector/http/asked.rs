//! How long an app asks us to wait. There is one standard header for it, and several that apps use instead.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Headers that say when a limit starts anew: the drafts of the IETF up to 06, GitHub, GitLab, Okta.
const RESETS: [&str; 3] = ["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"];
/// The header of the drafts from 07 on: `limit=10, remaining=0, reset=7`, later `"name";r=0;t=7`.
const RATE_LIMIT: &str = "ratelimit";
/// A limit that starts anew may let requests through before, so that no longer pause is taken from one.
const LONGEST_RESET: Duration = Duration::from_secs(60);
/// A number of seconds up to this is a duration. A larger one is an instant, or it is not understood.
const LONGEST_DURATION: f64 = 86_400.0;
/// The same for `Retry-After`, where durations are the rule.
const LONGEST_RETRY_AFTER: f64 = 366.0 * 86_400.0;
/// A number counts as an instant if the instant is no further away than this.
const NEAR: f64 = 86_400.0;

/// The pause that the headers of an answer ask for: from now, by the app's own clock where the answer has it.
pub(super) fn pause(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let now = text(DATE.as_str()).and_then(|date| httpdate::parse_http_date(date).ok());
    let now = now.unwrap_or_else(SystemTime::now);
    if let Some(pause) = text(RETRY_AFTER.as_str()).and_then(|text| read(text, now, LONGEST_RETRY_AFTER)) {
        return Some(pause);
    }
    let reset = text(RATE_LIMIT).and_then(of_fields);
    let reset = reset.or_else(|| RESETS.iter().find_map(|name| read(text(name)?, now, LONGEST_DURATION)));
    reset.map(|pause| pause.min(LONGEST_RESET))
}

/// A number of seconds, a number of seconds or milliseconds since 1970, an HTTP date (RFC 9110 section 5.6.7) or a date of
/// RFC 3339. An instant that has passed is zero. `longest` is the largest number that is a duration.
fn read(text: &str, now: SystemTime, longest: f64) -> Option<Duration> {
    let text = text.trim();
    let until = |at: SystemTime| at.duration_since(now).unwrap_or_default();
    if text.starts_with(|c: char| c.is_ascii_digit())
        && let Ok(number) = text.parse::<f64>()
    {
        return number_read(number, now, longest);
    }
    if let Ok(at) = httpdate::parse_http_date(text) {
        return Some(until(at));
    }
    let at: Timestamp = text.parse().ok()?;
    Some(until(at.into()))
}

/// Some apps send an instant even in `Retry-After`.
fn number_read(number: f64, now: SystemTime, longest: f64) -> Option<Duration> {
    let now = now.duration_since(UNIX_EPOCH).ok()?.as_secs_f64();
    for instant in [number, number / 1000.0] {
        if (instant - now).abs() <= NEAR {
            return Some(Duration::from_secs_f64((instant - now).max(0.0)));
        }
    }
    (number <= longest).then(|| Duration::from_secs_f64(number))
}

/// The longest wait among the limits that are used up, or among all if none says that it is.
fn of_fields(text: &str) -> Option<Duration> {
    // Up to draft 07 the limits of one item are parted by commas as well, and there is one item only.
    let items: Vec<&str> = match text.contains(';') {
        true => text.split(',').collect(),
        false => vec![text],
    };
    let number = |item: &str, names: [&str; 2]| {
        item.split([';', ',']).find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let name = name.trim();
            let is_meant = names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted));
            value.trim().parse::<f64>().ok().filter(|number| is_meant && *number >= 0.0)
        })
    };
    let waits = items.iter().filter_map(|item| {
        let wait = number(item, ["t", "reset"])?;
        (wait <= LONGEST_DURATION).then_some((number(item, ["r", "remaining"]) == Some(0.0), wait))
    });
    let (_, wait) = waits.max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
    Some(Duration::from_secs_f64(wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "Sun, 22 Nov 2026 10:00:00 GMT";

    /// What these headers ask for, in seconds.
    fn asks(headers: &[(&'static str, &str)]) -> Option<f64> {
        let mut all = HeaderMap::new();
        for (name, text) in [("date", NOW)].iter().chain(headers) {
            all.insert(*name, text.parse().unwrap());
        }
        pause(&all).map(|pause| pause.as_secs_f64())
    }

    #[test]
    fn retry_after_has_two_forms_and_one_that_is_wrong() {
        let read = |text| asks(&[("retry-after", text)]);
        assert_eq!(read("7"), Some(7.0));
        assert_eq!(read("Sun, 22 Nov 2026 10:00:09 GMT"), Some(9.0));
        assert_eq!(read("Sun, 22 Nov 2026 09:00:00 GMT"), Some(0.0));
        assert_eq!(read("604800"), Some(604_800.0), "a week is said as it is");
        // An instant, as some apps send it.
        assert_eq!(read("1795341605"), Some(5.0));
        for other in ["soon", "-1", "", "1e999", "NaN", "99999999999999999999"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_reset_is_a_duration_or_an_instant() {
        for name in ["X-RateLimit-Reset", "X-Rate-Limit-Reset", "RateLimit-Reset"] {
            let name: &'static str = name.to_ascii_lowercase().leak();
            let read = |text| asks(&[(name, text)]);
            assert_eq!(read("6"), Some(6.0), "{name}");
            assert_eq!(read("1.5"), Some(1.5), "{name}");
            assert_eq!(read("1795341604"), Some(4.0), "{name}: seconds since 1970");
            assert_eq!(read("1795341604500"), Some(4.5), "{name}: milliseconds since 1970");
            assert_eq!(read("1795341590"), Some(0.0), "{name}: it has passed");
            assert_eq!(read("2026-11-22T10:00:08Z"), Some(8.0), "{name}");
            assert_eq!(read("Sun, 22 Nov 2026 10:00:09 GMT"), Some(9.0), "{name}");
            assert_eq!(read("3000"), Some(60.0), "{name}: requests may pass before");
            assert_eq!(read("1795345200"), Some(60.0), "{name}");
            // Neither a duration of ours nor an instant of this time.
            for other in ["90000000", "150933900", "99999999999999999999", "1795341604500000", "soon"] {
                assert_eq!(read(other), None, "{name}: {other}");
            }
        }
    }

    #[test]
    fn the_header_of_the_drafts_names_several_limits() {
        let read = |text| asks(&[("ratelimit", text)]);
        assert_eq!(read("limit=100, remaining=0, reset=30"), Some(30.0));
        assert_eq!(read(r#""default";r=0;t=12"#), Some(12.0));
        assert_eq!(read(r#""day";r=50;t=40, "second";r=0;t=2"#), Some(2.0));
        assert_eq!(read(r#""day";r=0;t=40, "second";r=0;t=2"#), Some(40.0));
        assert_eq!(read(r#""day";r=5"#), None);
        assert_eq!(read("nonsense"), None);
    }

    #[test]
    fn retry_after_goes_first() {
        assert_eq!(asks(&[("retry-after", "2"), ("x-ratelimit-reset", "40")]), Some(2.0));
        assert_eq!(asks(&[("retry-after", "soon"), ("x-ratelimit-reset", "40")]), Some(40.0));
        assert_eq!(asks(&[]), None);
    }
}
