//! Tokens that are asked for. One request at a time asks, and all who need a token wait for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as Shared, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::HeaderName;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::connector::error::ConnectorError;
use crate::connector::secrets::Secret;

/// A token is asked for again so long before its end.
const EARLY: Duration = Duration::from_secs(60);

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
    pub facts: BTreeMap<Arc<str>, Arc<str>>,
}

/// A credential that is exchanged for a token.
pub(crate) struct TokenLogin {
    source: Arc<dyn TokenSource>,
    /// The header that carries the token.
    pub header: HeaderName,
    /// What may never be shown.
    secrets: Shared<Vec<Secret>>,
    current: Mutex<Option<Current>>,
}

/// The token in use.
struct Current {
    granted: Granted,
    number: u64,
    renew_at: Option<Instant>,
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
        Self { source, header, secrets: Shared::new(secrets), current: Mutex::new(None) }
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
    pub(crate) async fn facts(&self) -> Result<BTreeMap<Arc<str>, Arc<str>>, ConnectorError> {
        self.with_current(|current| current.granted.facts.clone()).await
    }

    async fn with_current<T>(&self, get: impl FnOnce(&Current) -> T) -> Result<T, ConnectorError> {
        // Other requests wait for this lock, so that many at once ask once.
        let mut current = self.current.lock().await;
        let is_old = |current: &Current| current.renew_at.is_some_and(|at| Instant::now() >= at);
        let number = current.as_ref().map_or(0, |current| current.number + 1);
        if let Some(good) = current.as_ref().filter(|current| !is_old(current)) {
            return Ok(get(good));
        }
        let granted = self.source.ask().await?;
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).push(granted.header.clone());
        let renew_at = granted.life.map(|life| Instant::now() + renewed_after(life));
        let new = current.insert(Current { granted, number, renew_at });
        Ok(get(new))
    }

    /// The app does not know this token any more. False if a newer one is in use already.
    pub(crate) async fn refused(&self, number: u64) {
        let mut current = self.current.lock().await;
        if let Some(in_use) = current.as_mut()
            && in_use.number == number
        {
            in_use.renew_at = Some(Instant::now());
        }
    }

    pub(super) fn secrets(&self) -> Vec<Secret> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// At four fifths of its life, and at most [`EARLY`] before its end.
fn renewed_after(life: Duration) -> Duration {
    (life * 4 / 5).max(life.saturating_sub(EARLY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::{FutureExt, join_all};
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Counting {
        asked: AtomicU64,
        life: Option<Duration>,
    }

    impl TokenSource for Counting {
        fn ask(&self) -> BoxFuture<'_, Result<Granted, ConnectorError>> {
            async {
                let number = self.asked.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(5)).await;
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
        let source = Arc::new(Counting { asked: AtomicU64::new(0), life });
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
        join_all((0..8).map(|_| login.refused(first))).await;
        let second = login.carried().await.unwrap();
        assert_eq!((second.value.expose(), second.number), ("t1", 1));
        // An answer that was on its way with the earlier one.
        login.refused(first).await;
        assert_eq!(login.carried().await.unwrap().number, 1);
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
        assert_eq!(login.secrets().len(), 2);
    }

    #[tokio::test]
    async fn a_token_is_renewed_before_its_end() {
        let (source, login) = login(Some(Duration::from_millis(100)));
        login.carried().await.unwrap();
        login.carried().await.unwrap();
        assert_eq!(source.asked.load(Ordering::SeqCst), 1);
        tokio::time::sleep(Duration::from_millis(100)).await;
        login.carried().await.unwrap();
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
        let after = |seconds| renewed_after(Duration::from_secs(seconds)).as_secs();
        assert_eq!((after(10), after(300), after(3600)), (8, 240, 3540));
    }
}
