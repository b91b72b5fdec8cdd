//! Tokens that are asked for. One request at a time asks; the others go on with the token in use while it is good, and wait
//! for the new one when it is not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as Shared, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::HeaderName;
use serde_json::Value as Json;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::connector::error::ConnectorError;
use crate::connector::secrets::Secret;

/// A token is asked for again so long before its end.
const EARLY: Duration = Duration::from_secs(60);
/// After a new token that the app refused as well, so long no other refusal is answered with a new one: the app does not mean
/// the token then.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks the app, or the server that signs in for it, for a token.
pub(crate) trait TokenSource: Send + Sync {
    /// Asks once.
    ///
    /// # Errors
    /// There is no answer, or it has no token.
    fn ask(&self) -> BoxFuture<'_, Result<Granted, ConnectorError>>;
}

/// An answer with a token.
#[derive(Clone)]
pub(crate) struct Granted {
    /// What the header says.
    pub header: Secret,
    /// How long the token is good, if the answer says it.
    pub life: Option<Duration>,
    /// What else the answer says, by name.
    pub facts: BTreeMap<Arc<str>, Json>,
}

/// A credential that is exchanged for a token.
pub(crate) struct TokenLogin {
    source: Arc<dyn TokenSource>,
    /// The header that carries the token.
    pub header: HeaderName,
    /// What may never be shown.
    secrets: Shared<Vec<Secret>>,
    /// Whoever asks for a token holds it.
    asking: Mutex<()>,
    known: Shared<Known>,
}

#[derive(Default)]
struct Known {
    /// The token in use.
    current: Option<Current>,
    /// When the app last refused a token that had just been asked for because it refused another one.
    in_vain: Option<Instant>,
}

struct Current {
    granted: Granted,
    number: u64,
    /// It is asked for again from then on.
    renew_at: Option<Instant>,
    /// It is good until then.
    end: Option<Instant>,
    /// The app took a request with it.
    was_accepted: bool,
    was_refused: bool,
    /// It takes the place of one that the app refused.
    after_refusal: bool,
}

/// What can be done with the token in use.
enum State<T> {
    Good(T),
    /// It is good for a while longer, and somebody should ask for the next one.
    Ageing(T),
    /// There is none, or it is at its end.
    Gone,
}

/// A token as a request carries it.
pub(crate) struct Carried {
    pub value: Secret,
    /// Which of the tokens of this connection it is.
    pub number: u64,
}

impl TokenLogin {
    /// Nothing is asked for yet. `secrets` are those of which the credential is made.
    pub(crate) fn new(source: Arc<dyn TokenSource>, header: HeaderName, secrets: Vec<Secret>) -> Self {
        let (asking, known) = Default::default();
        Self { source, header, secrets: Shared::new(secrets), asking, known }
    }

    /// The token, asked for if there is none or it is old.
    ///
    /// # Errors
    /// There is none.
    pub(crate) async fn carried(&self) -> Result<Carried, ConnectorError> {
        self.with_current(|current| Carried { value: current.granted.header.clone(), number: current.number })
            .await
    }

    /// What the answer with the token says besides it.
    ///
    /// # Errors
    /// There is no token.
    pub(crate) async fn facts(&self) -> Result<BTreeMap<Arc<str>, Json>, ConnectorError> {
        self.with_current(|current| current.granted.facts.clone()).await
    }

    async fn with_current<T>(&self, get: impl Fn(&Current) -> T) -> Result<T, ConnectorError> {
        // One asks. The others go on with a token that is good for a while longer, or wait.
        let state = self.known().state(Instant::now(), &get);
        let _asking = match (state, self.asking.try_lock()) {
            (State::Good(got), _) | (State::Ageing(got), Err(_)) => return Ok(got),
            (_, Ok(asking)) => asking,
            (State::Gone, Err(_)) => self.asking.lock().await,
        };
        // Who waited finds what the other one got.
        let before = self.known().state(Instant::now(), &get);
        if let State::Good(got) = before {
            return Ok(got);
        }
        match (self.source.ask().await, before) {
            (Ok(granted), _) => {
                self.secrets.lock().unwrap_or_else(PoisonError::into_inner).push(granted.header.clone());
                Ok(get(self.known().replace(granted, Instant::now())))
            }
            (Err(_), State::Ageing(got)) => {
                self.known().ask_later(Instant::now());
                Ok(got)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// The app took a request with this token.
    pub(super) fn accepted(&self, number: u64) {
        self.known().accepted(number);
    }

    /// The app does not know this token any more. False if another one would not help.
    pub(super) fn refused(&self, number: u64) -> bool {
        self.known().refused(number, Instant::now())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn secrets(&self) -> Vec<Secret> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Known {
    fn state<T>(&self, now: Instant, get: impl Fn(&Current) -> T) -> State<T> {
        let is_past = |at: Option<Instant>| at.is_some_and(|at| now >= at);
        match &self.current {
            Some(current) if !is_past(current.renew_at) => State::Good(get(current)),
            Some(current) if !is_past(current.end) => State::Ageing(get(current)),
            Some(_) | None => State::Gone,
        }
    }

    fn replace(&mut self, granted: Granted, now: Instant) -> &Current {
        let before = self.current.as_ref();
        let number = before.map_or(0, |before| before.number + 1);
        let after_refusal = before.is_some_and(|before| before.was_refused);
        // A token without a life would be asked for with each request: a refusal says when it is over.
        let life = granted.life.filter(|life| !life.is_zero());
        self.current.insert(Current {
            renew_at: life.and_then(|life| now.checked_add(renewed_after(life))),
            end: life.and_then(|life| now.checked_add(life)),
            granted,
            number,
            was_accepted: false,
            was_refused: false,
            after_refusal,
        })
    }

    fn accepted(&mut self, number: u64) {
        if let Some(in_use) = self.current.as_mut().filter(|in_use| in_use.number == number) {
            in_use.was_accepted = true;
        }
    }

    fn refused(&mut self, number: u64, now: Instant) -> bool {
        let tried_in_vain = self.in_vain.is_some_and(|at| now < at + PATIENCE);
        let Some(in_use) = self.current.as_mut().filter(|in_use| in_use.number == number) else {
            // A newer one is in use already.
            return true;
        };
        let is_over = in_use.end.is_some_and(|end| now >= end);
        let is_in_vain = !is_over && in_use.after_refusal && !in_use.was_accepted;
        if is_in_vain {
            self.in_vain = Some(now);
        }
        if is_in_vain || tried_in_vain && !is_over {
            return false;
        }
        (in_use.renew_at, in_use.end, in_use.was_refused) = (Some(now), Some(now), true);
        true
    }

    /// The next try is half-way to the end of the token in use.
    fn ask_later(&mut self, now: Instant) {
        if let Some(current) = &mut self.current
            && let Some(end) = current.end
        {
            current.renew_at = Some(now + end.saturating_duration_since(now) / 2);
        }
    }
}

/// At four fifths of its life, and at most [`EARLY`] before its end.
fn renewed_after(life: Duration) -> Duration {
    (life * 4 / 5).max(life.saturating_sub(EARLY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::error::ErrorKind;
    use futures_util::future::{FutureExt, join_all};
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    struct Counting {
        asked: AtomicU64,
        fails: AtomicBool,
        life: Option<Duration>,
    }

    impl TokenSource for Counting {
        fn ask(&self) -> BoxFuture<'_, Result<Granted, ConnectorError>> {
            async {
                let number = self.asked.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(5)).await;
                if self.fails.load(Ordering::SeqCst) {
                    return Err(ConnectorError::new(
                        &"app".parse().unwrap(),
                        ErrorKind::Unreachable,
                        "no answer",
                    ));
                }
                Ok(Granted {
                    header: Secret::new(format!("t{number}")),
                    life: self.life,
                    facts: BTreeMap::new(),
                })
            }
            .boxed()
        }
    }

    fn login(life: Option<Duration>) -> (Arc<Counting>, TokenLogin) {
        let source = Arc::new(Counting { asked: AtomicU64::new(0), fails: AtomicBool::new(false), life });
        let login = TokenLogin::new(source.clone(), HeaderName::from_static("x-token"), Vec::new());
        (source, login)
    }

    #[tokio::test]
    async fn many_ask_once() {
        let (source, login) = login(None);
        let all = join_all((0..8).map(|_| login.carried())).await;
        assert!(all.into_iter().all(|carried| carried.unwrap().value.expose() == "t0"));
        assert_eq!(source.asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_token_that_is_refused_is_replaced_once() {
        let (source, login) = login(None);
        let first = login.carried().await.unwrap().number;
        assert!((0..8).all(|_| login.refused(first)));
        let second = login.carried().await.unwrap();
        assert_eq!((second.value.expose(), second.number), ("t1", 1));
        // An answer that was on its way with the earlier one is repeated with the later one.
        assert!(login.refused(first));
        assert_eq!(login.carried().await.unwrap().number, 1);
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
        assert_eq!(login.secrets().len(), 2);
    }

    fn granted(life: Option<Duration>) -> Granted {
        Granted { header: Secret::new("t".to_owned()), life, facts: BTreeMap::new() }
    }

    /// Some apps answer 401 to what the credential may not do: no token helps there.
    #[test]
    fn a_refusal_that_a_new_token_does_not_mend_asks_for_no_further_one() {
        let (mut known, start) = (Known::default(), Instant::now());
        known.replace(granted(None), start);
        known.accepted(0);
        assert!(known.refused(0, start));
        known.replace(granted(None), start);
        assert!(!known.refused(1, start), "the new one is refused as well");
        // Other requests are taken with it, and those that are not change nothing.
        known.accepted(1);
        assert!((0..20).all(|_| !known.refused(1, start)));
        assert!(matches!(known.state(start, |_| ()), State::Good(())));
        // Later it may be at its end.
        assert!(known.refused(1, start + PATIENCE));
        assert!(matches!(known.state(start + PATIENCE, |_| ()), State::Gone));
    }

    /// A token whose life is over when it arrives says nothing about the next one.
    #[test]
    fn a_short_token_is_replaced_as_often_as_it_ends() {
        let (mut known, start) = (Known::default(), Instant::now());
        let life = Duration::from_secs(1);
        for number in 0..5 {
            let asked = start + 2 * life * number;
            known.replace(granted(Some(life)), asked);
            assert!(known.refused(u64::from(number), asked + life));
        }
    }

    #[test]
    fn a_token_ages_before_its_end() {
        let (mut known, start) = (Known::default(), Instant::now());
        let is = |known: &Known, seconds| match known.state(start + Duration::from_secs(seconds), |_| ()) {
            State::Good(()) => "good",
            State::Ageing(()) => "ageing",
            State::Gone => "gone",
        };
        assert_eq!(is(&known, 0), "gone");
        known.replace(granted(Some(Duration::from_secs(10))), start);
        assert_eq!([0, 7, 8, 9, 10].map(|at| is(&known, at)), ["good", "good", "ageing", "ageing", "gone"]);
        known.ask_later(start + Duration::from_secs(8));
        assert_eq!([8, 9, 10].map(|at| is(&known, at)), ["good", "ageing", "gone"]);
        let after = |seconds| renewed_after(Duration::from_secs(seconds)).as_secs();
        assert_eq!((after(10), after(300), after(3600)), (8, 240, 3540));
    }

    #[tokio::test]
    async fn one_renews_a_token_and_nobody_waits_or_fails_meanwhile() {
        let (source, login) = login(Some(Duration::from_secs(3600)));
        login.carried().await.unwrap();
        let in_use = |change: fn(&mut Current)| change(login.known().current.as_mut().unwrap());
        in_use(|current| current.renew_at = Some(Instant::now()));
        source.fails.store(true, Ordering::SeqCst);
        let all = join_all((0..8).map(|_| login.carried())).await;
        assert!(all.into_iter().all(|carried| carried.unwrap().number == 0));
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
        // Behind its end all wait for the one who asks.
        in_use(|current| (current.renew_at, current.end) = (Some(Instant::now()), Some(Instant::now())));
        assert!(login.carried().await.is_err());
        source.fails.store(false, Ordering::SeqCst);
        let all = join_all((0..8).map(|_| login.carried())).await;
        assert!(all.into_iter().all(|carried| carried.unwrap().number == 1));
        assert_eq!(source.asked.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn a_token_without_a_life_is_kept_until_it_is_refused() {
        let (source, login) = login(Some(Duration::ZERO));
        login.carried().await.unwrap();
        login.carried().await.unwrap();
        assert_eq!(source.asked.load(Ordering::SeqCst), 1);
    }
}
