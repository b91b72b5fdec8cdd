//! A token bucket on tokio's clock, so that tests can run it on paused time.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// Lets requests through at a rate. A short burst of up to one second's worth is allowed.
pub(super) struct Bucket {
    per_second: Option<f64>,
    state: Mutex<State>,
}

struct State {
    /// The next request may go at this time if there is no burst.
    next: Option<Instant>,
    /// No request goes before this.
    closed_until: Option<Instant>,
}

impl Bucket {
    /// `None` lets everything through.
    pub(super) fn new(per_second: Option<f64>) -> Self {
        Self {
            per_second: per_second.filter(|rate| rate.is_finite() && *rate > 0.0),
            state: Mutex::new(State { next: None, closed_until: None }),
        }
    }

    /// Waits for a token.
    pub(super) async fn take(&self) {
        let now = Instant::now();
        let at = self.reserve(now);
        // A sleep until now would still wait for the timer's next tick.
        if at > now {
            tokio::time::sleep_until(at).await;
        }
        // The app may have asked for a pause while this one waited.
        while let Some(until) = self.closed() {
            tokio::time::sleep_until(until).await;
        }
    }

    /// Gives no token before `until`, because the app said that it gets too many requests.
    pub(super) fn close_until(&self, until: Instant) {
        let mut state = self.lock();
        state.closed_until = state.closed_until.max(Some(until));
    }

    fn closed(&self) -> Option<Instant> {
        self.lock().closed_until.filter(|until| *until > Instant::now())
    }

    /// The generic cell rate algorithm: one instant instead of a count of tokens.
    fn reserve(&self, now: Instant) -> Instant {
        let Some(rate) = self.per_second else {
            return now;
        };
        let step = Duration::from_secs_f64((1.0 / rate).min(3600.0));
        let burst = step.mul_f64((rate - 1.0).max(0.0).floor());
        let mut state = self.lock();
        let full = now.checked_sub(burst).unwrap_or(now);
        let next = state.next.map_or(full, |next| next.max(full));
        state.next = Some(next + step);
        next.max(now)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
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
    fn the_rate_holds_after_a_burst() {
        run(async {
            let bucket = Bucket::new(Some(100.0));
            let took = seconds_for(&bucket, 120).await;
            assert!((0.15..0.5).contains(&took), "{took}");
            assert!(seconds_for(&Bucket::new(None), 1000).await < 0.2);
        });
    }

    #[test]
    fn a_closed_bucket_lets_nobody_through() {
        run(async {
            let bucket = Bucket::new(None);
            bucket.close_until(Instant::now() + Duration::from_millis(50));
            assert!(seconds_for(&bucket, 1).await >= 0.05);
        });
    }
}
