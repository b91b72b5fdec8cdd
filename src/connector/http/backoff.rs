//! Pauses of our own: they double, and vary at random.

use std::time::Duration;

/// First pause after a failure; doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause of our own after a failure.
const MAX_PAUSE: Duration = Duration::from_secs(10);
/// First pause after the app has turned a request away without saying for how long; doubles.
const FIRST_BUSY: Duration = Duration::from_secs(1);
/// Longest of these.
const MAX_BUSY: Duration = Duration::from_secs(30);

/// The pause after the app has turned away this many requests one after the other.
pub(super) fn while_busy(streak: u32) -> Duration {
    jittered(doubled(FIRST_BUSY, streak).min(MAX_BUSY))
}

/// The pause after this many failures of one request.
pub(super) fn after_failures(tries: u32) -> Duration {
    jittered(doubled(FIRST_PAUSE, tries).min(MAX_PAUSE))
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(1 << times.saturating_sub(1).min(16))
}

/// Between a half and the whole of a pause, so that requests which failed together are not repeated together.
fn jittered(whole: Duration) -> Duration {
    let mut bytes = [0; 2];
    // Without randomness all wait the longest time, which is safe.
    let share = match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX),
        Err(_) => 1.0,
    };
    whole.mul_f64(0.5 + share / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit() {
        for tries in 1..40 {
            assert!((FIRST_PAUSE / 2..=MAX_PAUSE).contains(&after_failures(tries)));
            assert!((FIRST_BUSY / 2..=MAX_BUSY).contains(&while_busy(tries)));
        }
        assert!(while_busy(6) >= MAX_BUSY / 2);
    }
}
