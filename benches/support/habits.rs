//! What an app is like besides what it shows: it takes its time, lets so many requests a second through, wants a token that ends.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::app::PAGE;

/// How long a request for a token takes, so that a second one would be seen beside it.
const SIGNING_IN: Duration = Duration::from_millis(100);

/// What an app is like. The default answers everything at once.
#[derive(Clone, Copy, Default)]
pub struct Habits {
    /// The most rows of a page; without it [`PAGE`].
    pub page: Option<usize>,
    /// Each request takes so long.
    pub delay: Duration,
    /// Requests that it lets through in each second of its own clock; it answers 429 to all others.
    pub per_second: Option<u64>,
    /// A request needs a token that is not older than this.
    pub token_life: Option<Duration>,
}

/// What an app was asked for.
#[derive(Clone, Default)]
pub struct Log {
    /// Requests that were answered, by their target.
    pub answered: BTreeMap<String, u64>,
    /// Requests that came when the second was full.
    pub turned_away: u64,
    /// Requests without a token, or with one that had ended.
    pub unknown: u64,
    /// When tokens were asked for.
    pub tokens: Vec<Instant>,
    /// The most requests for a token that were under way together.
    pub tokens_at_once: u64,
    /// The most requests that were under way together.
    pub at_once: u64,
}

impl Log {
    /// Requests that were answered.
    pub fn requests(&self) -> u64 {
        self.answered.values().sum()
    }

    /// Requests that were answered a second time.
    pub fn doubled(&self) -> u64 {
        self.answered.values().map(|times| times - 1).sum()
    }
}

/// An app, how it is now, and what it was asked for.
#[derive(Default)]
pub struct Life(Mutex<State>);

#[derive(Default)]
struct State {
    habits: Habits,
    log: Log,
    /// All requests, however they were answered.
    requests: u64,
    /// The second that is counted, and the requests that were let through in it.
    second: (u64, u64),
    begin: Option<Instant>,
    under_way: u64,
    asking: u64,
}

impl Life {
    pub fn turn(&self, habits: Habits) {
        *self.lock() = State { habits, begin: Some(Instant::now()), ..State::default() };
    }

    pub fn log(&self) -> Log {
        self.lock().log.clone()
    }

    /// Rows of a page.
    pub fn page(&self) -> usize {
        self.lock().habits.page.unwrap_or(PAGE)
    }

    /// Requests since the last time it was asked.
    pub fn requests(&self) -> u64 {
        std::mem::take(&mut self.lock().requests)
    }

    /// Lets a request through, or not.
    pub async fn pass(&self, request: Request, next: Next) -> Response {
        let token = request.headers().get(header::AUTHORIZATION).and_then(|text| text.to_str().ok());
        let number = token.and_then(|text| text.strip_prefix("Bearer t")).and_then(|text| text.parse().ok());
        let target = request.uri().to_string();
        let delay = match self.lock().begin(number) {
            Ok(delay) => delay,
            // RFC 9110 section 10.2.3: seconds.
            Err(StatusCode::TOO_MANY_REQUESTS) => {
                return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response();
            }
            Err(refusal) => return refusal.into_response(),
        };
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let answer = next.run(request).await;
        let mut state = self.lock();
        state.under_way -= 1;
        *state.log.answered.entry(target).or_default() += 1;
        answer
    }

    /// A new token.
    pub async fn token(&self) -> Value {
        let number = {
            let mut state = self.lock();
            state.asking += 1;
            state.log.tokens.push(Instant::now());
            state.log.tokens_at_once = state.log.tokens_at_once.max(state.asking);
            state.log.tokens.len() - 1
        };
        tokio::time::sleep(SIGNING_IN).await;
        let mut state = self.lock();
        state.asking -= 1;
        // A token is good from the moment at which it is given.
        state.log.tokens[number] = Instant::now();
        let life = state.habits.token_life.unwrap_or(Duration::from_secs(3600));
        json!({"access_token": format!("t{number}"), "expires_in": life.as_secs()})
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How long the request takes, if it is let through. `token` is the number of its token.
    fn begin(&mut self, token: Option<usize>) -> Result<Duration, StatusCode> {
        self.requests += 1;
        if let Some(life) = self.habits.token_life {
            let given = token.and_then(|number| self.log.tokens.get(number));
            if given.is_none_or(|given| given.elapsed() > life) {
                self.log.unknown += 1;
                return Err(StatusCode::UNAUTHORIZED);
            }
        }
        if let Some(most) = self.habits.per_second {
            let second = self.begin.map_or(0, |begin| begin.elapsed().as_secs());
            if self.second.0 != second {
                self.second = (second, 0);
            }
            if self.second.1 == most {
                self.log.turned_away += 1;
                return Err(StatusCode::TOO_MANY_REQUESTS);
            }
            self.second.1 += 1;
        }
        self.under_way += 1;
        self.log.at_once = self.log.at_once.max(self.under_way);
        Ok(self.habits.delay)
    }
}
