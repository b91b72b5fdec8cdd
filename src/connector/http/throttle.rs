//! How many requests may be under way: as many as `limits.concurrency` says, and one at a time after the app turned a
//! request away or broke off, until one passes. Then there are more again, one more for each request that passes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use super::backoff;

/// A request that the app turns away again and again, while it takes others, is given up after so many times
/// `limits.wait`.
const LONGEST: u32 = 2;

/// A pause of this length is told to people.
pub(super) const WORTH_SAYING: Duration = Duration::from_secs(3);

/// Lets requests to one app through.
pub(super) struct Throttle {
    slots: Semaphore,
    /// Requests that may be under way at most.
    most: usize,
    /// How long the app may take no request, before requests are given up.
    wait: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Requests that may be under way now.
    width: usize,
    /// Requests under way that are more than that: their slots are not given back.
    surplus: usize,
    /// Requests that were sent before this say nothing about the app as it is now.
    narrowed: Option<Instant>,
    /// No request goes before this.
    closed_until: Option<Instant>,
    /// Since when the app has turned every request away.
    refusing: Option<Instant>,
    /// How many it has turned away since then, one after the other.
    streak: u32,
}

/// The place of a request that is under way.
pub(super) struct Slot<'t> {
    throttle: &'t Throttle,
}

/// A request that was turned away.
pub(super) struct Request {
    /// When it was sent last.
    pub sent: Instant,
    /// When it was turned away first.
    pub first: Instant,
    pub now: Instant,
}

/// What follows for a request that was turned away.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TurnedAway {
    /// It may be sent again after this time. `is_news` says that nobody was told of a pause of this length.
    Wait { pause: Duration, is_news: bool },
    /// It is given up.
    GiveUp,
}

impl Throttle {
    /// All open.
    pub(super) fn new(most: usize, wait: Duration) -> Self {
        let state = State { width: most, ..State::default() };
        Self { slots: Semaphore::new(most), most, wait, state: Mutex::new(state) }
    }

    /// Waits until a request may go.
    pub(super) async fn enter(&self) -> Slot<'_> {
        if let Ok(permit) = self.slots.acquire().await {
            permit.forget();
        }
        let slot = Slot { throttle: self };
        self.pause_is_over().await;
        slot
    }

    /// Waits for the end of the pause that the app asked for. True if there was one.
    pub(super) async fn pause_is_over(&self) -> bool {
        let mut waited = false;
        // The app may ask for a longer pause while this one waits.
        while let Some(until) = self.closed() {
            sleep_until(until).await;
            waited = true;
        }
        waited
    }

    /// A request that was sent at this time was answered.
    pub(super) fn passed(&self, sent: Instant) {
        let mut state = self.lock();
        if state.narrowed.is_some_and(|narrowed| sent < narrowed) {
            return;
        }
        (state.refusing, state.streak) = (None, 0);
        if state.width < self.most {
            state.width += 1;
            match state.surplus {
                0 => self.slots.add_permits(1),
                _ => state.surplus -= 1,
            }
        }
    }

    /// The app is in trouble: one request at a time from now on.
    pub(super) fn narrow(&self) {
        self.narrow_in(&mut self.lock(), Instant::now());
    }

    /// No request goes for this time.
    pub(super) fn close(&self, pause: Duration) {
        let mut state = self.lock();
        state.closed_until = state.closed_until.max(Some(Instant::now() + pause));
    }

    /// A request was turned away; `asked` is the pause that the app asks for.
    pub(super) fn turned_away(&self, request: &Request, asked: Option<Duration>) -> TurnedAway {
        let Request { sent, first, now } = *request;
        let mut state = self.lock();
        // Requests that were under way together are turned away together, which counts once.
        if state.streak == 0 || state.narrowed.is_none_or(|narrowed| sent >= narrowed) {
            state.streak += 1;
        }
        self.narrow_in(&mut state, now);
        let refusing = *state.refusing.get_or_insert(now);
        let pause = asked.unwrap_or_default().max(backoff::while_busy(state.streak));
        let end = now + pause;
        if end > refusing + self.wait || end > first + self.wait * LONGEST {
            return TurnedAway::GiveUp;
        }
        let before = state.closed_until.unwrap_or(now).max(now);
        state.closed_until = Some(before.max(end));
        let longer = end.saturating_duration_since(before);
        TurnedAway::Wait { pause, is_news: longer >= WORTH_SAYING }
    }

    fn narrow_in(&self, state: &mut State, now: Instant) {
        let cut = state.width.saturating_sub(1);
        state.surplus += cut - self.slots.forget_permits(cut);
        state.width -= cut;
        state.narrowed = Some(now);
    }

    fn closed(&self) -> Option<Instant> {
        self.lock().closed_until.filter(|until| *until > Instant::now())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut state = self.throttle.lock();
        match state.surplus {
            0 => self.throttle.slots.add_permits(1),
            _ => state.surplus -= 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_secs(300);

    /// A request that is turned away at once, for the first time.
    fn at(now: Instant) -> Request {
        Request { sent: now, first: now, now }
    }

    fn pause(turned_away: TurnedAway) -> Duration {
        match turned_away {
            TurnedAway::Wait { pause, .. } => pause,
            TurnedAway::GiveUp => panic!("given up"),
        }
    }

    /// How many requests may enter.
    fn room(throttle: &Throttle) -> usize {
        throttle.slots.available_permits()
    }

    #[tokio::test]
    async fn one_at_a_time_until_one_passes() {
        let throttle = Throttle::new(4, WAIT);
        let slots = [throttle.enter().await, throttle.enter().await, throttle.enter().await];
        assert_eq!(room(&throttle), 1);
        let (sent, now) = (Instant::now(), Instant::now() + Duration::from_millis(9));
        let pauses = slots.map(|_| pause(throttle.turned_away(&Request { sent, first: now, now }, None)));
        assert!(pauses.iter().all(|pause| *pause <= Duration::from_secs(1)), "{pauses:?}: counted once");
        assert_eq!(room(&throttle), 1);
        assert!(throttle.closed().is_some());
        throttle.passed(sent);
        assert_eq!(room(&throttle), 1, "it was sent before");
        for width in [2, 3, 4, 4] {
            throttle.passed(now + Duration::from_secs(2));
            assert_eq!(room(&throttle), width);
        }
    }

    #[tokio::test]
    async fn requests_under_way_keep_their_places() {
        let throttle = Throttle::new(3, WAIT);
        let slots = [throttle.enter().await, throttle.enter().await, throttle.enter().await];
        throttle.narrow();
        throttle.narrow();
        throttle.passed(Instant::now());
        assert_eq!(room(&throttle), 0);
        drop(slots);
        assert_eq!(room(&throttle), 2);
    }

    #[tokio::test]
    async fn nobody_enters_before_the_end_of_a_pause() {
        let throttle = Throttle::new(2, WAIT);
        let start = Instant::now();
        throttle.close(Duration::from_millis(50));
        let _slot = throttle.enter().await;
        assert!(start.elapsed() >= Duration::from_millis(50));
    }

    #[test]
    fn pauses_grow_while_nothing_passes() {
        let throttle = Throttle::new(1, WAIT);
        let first = Instant::now();
        let (mut now, mut pauses) = (first, Vec::new());
        while let TurnedAway::Wait { pause, .. } =
            throttle.turned_away(&Request { sent: now, first, now }, None)
        {
            pauses.push(pause);
            now += pause;
        }
        assert!(
            pauses.len() < 25 && pauses.iter().any(|pause| *pause > Duration::from_secs(10)),
            "{pauses:?}"
        );
        assert!(now - first <= WAIT && now - first > WAIT / 2, "{:?}", now - first);
        // Others do not wait as long again.
        let end = first + WAIT;
        assert_eq!(throttle.turned_away(&at(end), None), TurnedAway::GiveUp);
        throttle.passed(end);
        assert!(pause(throttle.turned_away(&at(end), None)) <= Duration::from_secs(1));
    }

    #[test]
    fn an_app_can_ask_for_a_pause_but_not_for_any() {
        let throttle = Throttle::new(1, WAIT);
        let now = Instant::now();
        let ask = |seconds| throttle.turned_away(&at(now), Some(Duration::from_secs(seconds)));
        let long = Duration::from_secs(7);
        assert_eq!(ask(7), TurnedAway::Wait { pause: long, is_news: true });
        assert_eq!(ask(7), TurnedAway::Wait { pause: long, is_news: false });
        assert!(pause(ask(0)) >= Duration::from_millis(500));
        assert_eq!(ask(86_400), TurnedAway::GiveUp);
    }

    #[test]
    fn one_request_that_never_passes_is_given_up_although_others_pass() {
        let throttle = Throttle::new(2, WAIT);
        let first = Instant::now();
        let mut now = first;
        let asked = Some(Duration::from_secs(20));
        while throttle.turned_away(&Request { sent: now, first, now }, asked) != TurnedAway::GiveUp {
            now += Duration::from_secs(20);
            throttle.passed(now);
        }
        assert!(now - first > WAIT && now - first <= WAIT * LONGEST, "{:?}", now - first);
    }
}
