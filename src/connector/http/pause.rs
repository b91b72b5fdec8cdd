//! Pauses that end when the run is being stopped.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How often the flag is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Waits for this time and gives true; gives false as soon as the run is being stopped.
pub(super) async fn wait_unless_stopped(stop: &AtomicBool, pause: Duration) -> bool {
    let end = Instant::now() + pause;
    loop {
        if stop.load(Ordering::SeqCst) {
            return false;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        sleep(left.min(LOOK)).await;
    }
}

/// Ends when this time has passed after the run was stopped; without a stop it never ends.
pub(super) async fn after_stop(stop: &AtomicBool, grace: Duration) {
    while !stop.load(Ordering::SeqCst) {
        sleep(LOOK).await;
    }
    sleep(grace).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stop_ends_a_pause() {
        let stop = AtomicBool::new(false);
        assert!(wait_unless_stopped(&stop, Duration::from_millis(60)).await);
        let start = Instant::now();
        let later = async {
            sleep(Duration::from_millis(60)).await;
            stop.store(true, Ordering::SeqCst);
        };
        let (rested, ()) = tokio::join!(wait_unless_stopped(&stop, Duration::from_secs(60)), later);
        after_stop(&stop, Duration::from_millis(10)).await;
        assert!(!rested && start.elapsed() < Duration::from_secs(5));
    }
}
