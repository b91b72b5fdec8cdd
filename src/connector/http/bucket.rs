//! A token bucket on tokio's clock, so that tests can run it on paused time.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// So much slower than the rate, as a share of it. At exactly 25 in a second a request that comes some milliseconds late and the 25
/// behind it are one too many for a server that counts seconds of its own; with this, the 25 are spread over ten milliseconds more than that.
const SLACK: f64 = 1.01;

/// Lets requests through at a rate, evenly, so that a server that counts in windows of its own does not meet more than the rate.
pub(super) struct Bucket {
    per_second: Option<f64>,
    /// The next request may go at this time.
    next: Mutex<Option<Instant>>,
}

impl Bucket {
    /// `None` lets everything through.
    pub(super) fn new(per_second: Option<f64>) -> Self {
        Self { per_second: per_second.filter(|rate| rate.is_finite() && *rate > 0.0), next: Mutex::new(None) }
    }

    /// Waits for a token.
    pub(super) async fn take(&self) {
        let now = Instant::now();
        let at = self.reserve(now);
        // A sleep until now would still wait for the timer's next tick.
        if at > now {
            tokio::time::sleep_until(at).await;
        }
    }

    /// One instant instead of a count of tokens.
    fn reserve(&self, now: Instant) -> Instant {
        let Some(rate) = self.per_second else {
            return now;
        };
        let step = Duration::from_secs_f64((SLACK / rate).min(3600.0));
        let mut reserved = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let next = reserved.map_or(now, |next| next.max(now));
        *reserved = Some(next + step);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn seconds_for(bucket: &Bucket, requests: usize) -> f64 {
        let start = Instant::now();
        for _ in 0..requests {
            bucket.take().await;
        }
        start.elapsed().as_secs_f64()
    }

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work)
    }

    #[test]
    fn the_rate_holds_from_the_first_request_on() {
        run(async {
            let bucket = Bucket::new(Some(100.0));
            let took = seconds_for(&bucket, 21).await;
            assert!(took >= 0.2 * SLACK, "{took}");
            // A pause earns nothing.
            tokio::time::sleep(Duration::from_millis(100)).await;
            let took = seconds_for(&bucket, 11).await;
            assert!(took >= 0.1, "{took}");
            assert!(seconds_for(&Bucket::new(None), 1000).await < 0.2);
        });
    }
}
