//! The send loop.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LOCATION};
use tokio::time::Instant;

use super::throttle::{Request, TurnedAway, WORTH_SAYING};
use super::token::Carried;
use super::{Answer, Call, Http, Login, Side, asked, body, headers, pause, retry};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::model::Event;
use crate::model::time::Timestamp;

/// How long a request may wait for its turn once the run is being stopped.
const GRACE: Duration = Duration::from_secs(2);

/// Tokens with which one request is tried: each may end while the request is on its way.
const MAX_TOKENS: u32 = 4;

impl Http {
    /// Sends one request, again where that is safe and helps. Any status is an answer.
    ///
    /// # Errors
    /// No answer, or one that cannot be read; [`ErrorKind::NotSent`] if the gate is closed before the first try.
    pub async fn send(&self, call: &Call<'_>) -> Result<Answer, ConnectorError> {
        let mut tries = 0;
        let mut first_turned_away = None;
        let mut last = None;
        loop {
            // A request that was tried waits no longer.
            let grace = if last.is_some() { Duration::ZERO } else { GRACE };
            let slot = tokio::select! {
                slot = self.throttle.enter() => slot,
                () = pause::after_stop(&self.stop, grace) => return self.stopped(call, last),
            };
            tokio::select! {
                () = self.turn() => {}
                () = pause::after_stop(&self.stop, grace) => return self.stopped(call, last),
            }
            if let Side::Write(gate) = call.side
                && let Err(why) = gate(self.limits.timeout)
            {
                // What was sent before the gate closed is what counts.
                return last.unwrap_or_else(|| Err(self.failure(call, ErrorKind::NotSent, why)));
            }
            let sent = Instant::now();
            let result = self.once(call).await;
            drop(slot);
            tries += 1;
            if retry::is_turned_away(&result) {
                let now = Instant::now();
                let first = *first_turned_away.get_or_insert(now);
                if !self.wait_for_others(call, tries, &Request { sent, first, now }, &result) {
                    return result;
                }
            } else if !self.wait_alone(call, tries, sent, &result).await {
                return result;
            }
            last = Some(result);
        }
    }

    /// Waits for the rate; once more if the app asked for a pause meanwhile, because those that waited together would go together.
    async fn turn(&self) {
        self.bucket.take().await;
        while self.throttle.pause_is_over().await {
            self.bucket.take().await;
        }
    }

    fn stopped(
        &self,
        call: &Call<'_>,
        last: Option<Result<Answer, ConnectorError>>,
    ) -> Result<Answer, ConnectorError> {
        let why = "the run is being stopped, and the app wants no request yet";
        last.unwrap_or_else(|| Err(self.failure(call, ErrorKind::NotSent, why)))
    }

    /// After a request was turned away, no request goes for a while. False if it is given up.
    fn wait_for_others(
        &self,
        call: &Call<'_>,
        tries: u32,
        request: &Request,
        result: &Result<Answer, ConnectorError>,
    ) -> bool {
        let asked = result.as_ref().ok().and_then(|answer| answer.retry_after);
        match self.throttle.turned_away(request, asked) {
            TurnedAway::GiveUp => false,
            TurnedAway::Wait { pause, is_news } => {
                self.announce(call, tries, pause, result, is_news);
                true
            }
        }
    }

    /// After a request failed, it alone waits, unless the app asks for a pause. False if it is not repeated.
    async fn wait_alone(
        &self,
        call: &Call<'_>,
        tries: u32,
        sent: Instant,
        result: &Result<Answer, ConnectorError>,
    ) -> bool {
        let mut asked = None;
        if retry::is_trouble(result) {
            self.throttle.narrow();
            asked = result.as_ref().ok().and_then(|answer| answer.retry_after).map(retry::allowed);
            asked.into_iter().for_each(|pause| self.throttle.close(pause));
        } else if let Ok(answer) = result {
            self.throttle.passed(sent);
            if answer.status < 429 {
                self.budget.earn();
            }
        }
        let Some(pause) = retry::pause(call.repeat, tries, result).filter(|_| self.budget.spend()) else {
            return false;
        };
        let is_news = asked.is_some_and(|asked| asked >= WORTH_SAYING);
        self.announce(call, tries, pause, result, is_news);
        pause::wait_unless_stopped(&self.stop, pause).await
    }

    /// `is_news` says that people want to know.
    fn announce(
        &self,
        call: &Call<'_>,
        tries: u32,
        pause: Duration,
        result: &Result<Answer, ConnectorError>,
        is_news: bool,
    ) {
        let why: Arc<str> = match result {
            Ok(answer) => format!("answered {}", answer.status).into(),
            Err(error) => error.what.as_str().into(),
        };
        if is_news && let Ok(until) = Timestamp::now().checked_add(pause) {
            let (app, why) = (self.app.clone(), why.clone());
            self.events.emit(Event::Pause { app, after: pause, until, why });
        }
        self.events.emit(Event::Retry {
            app: self.app.clone(),
            path: call.url.path().into(),
            attempt: tries,
            after: pause,
            why,
        });
    }

    /// Waits before a caller that looked first makes its request again. False if the request should not be made.
    pub async fn pause(&self, tries: u32, asked: Option<Duration>, why: &ConnectorError) -> bool {
        if !self.budget.spend() {
            return false;
        }
        let pause = retry::asked_or_backoff(asked, tries);
        self.events.emit(Event::Retry {
            app: self.app.clone(),
            path: why.path.clone().unwrap_or_default(),
            attempt: tries,
            after: pause,
            why: why.what.as_str().into(),
        });
        pause::wait_unless_stopped(&self.stop, pause).await
    }

    /// Sends a request once; with another token, if the app does not know the one in use any more.
    async fn once(&self, call: &Call<'_>) -> Result<Answer, ConnectorError> {
        let login = match call.side {
            Side::Read => self.logins.read.as_ref(),
            Side::ReadAsWriter | Side::Write(_) => self.logins.write.as_ref(),
        };
        let Some(Login::Token(tokens)) = login else {
            return self.signed(call, login, None).await;
        };
        let mut refusal = None;
        for _ in 0..MAX_TOKENS {
            let token = match (tokens.carried().await, refusal) {
                (Ok(token), _) => token,
                // The refusal is what is known.
                (Err(_), Some(answer)) => return Ok(answer),
                (Err(error), None) => return Err(ConnectorError::without_token(error)),
            };
            let answer = self.signed(call, login, Some(&token)).await?;
            if answer.status != 401 {
                tokens.accepted(token.number);
                return Ok(answer);
            }
            let may_go = match call.side {
                Side::Write(gate) => gate(self.limits.timeout).is_ok(),
                Side::Read | Side::ReadAsWriter => true,
            };
            if !tokens.refused(token.number) || !may_go {
                return Ok(answer);
            }
            refusal = Some(answer);
        }
        refusal.ok_or_else(|| self.failure(call, ErrorKind::Auth, "no token was accepted"))
    }

    async fn signed(
        &self,
        call: &Call<'_>,
        login: Option<&Login>,
        token: Option<&Carried>,
    ) -> Result<Answer, ConnectorError> {
        let url = self.query.added_to(call.url.clone());
        let request = self.client.request(call.method.clone(), url).timeout(self.limits.timeout);
        let Some(request) = headers::complete(request, call, &self.headers, login, token) else {
            let what = "the credential or version holds a character that a header cannot hold";
            return Err(self.failure(call, ErrorKind::Config, what));
        };
        let start = Instant::now();
        let result = self.exchange(call, request).await;
        self.events.emit(Event::Request {
            app: self.app.clone(),
            method: call.method_name().into(),
            path: call.url.path().into(),
            status: match &result {
                Ok(answer) => Some(answer.status),
                Err(error) => error.status,
            },
            millis: start.elapsed().as_millis() as u64,
        });
        result
    }

    async fn exchange(
        &self,
        call: &Call<'_>,
        request: reqwest::RequestBuilder,
    ) -> Result<Answer, ConnectorError> {
        let response = request.send().await.map_err(|error| {
            let (kind, what) = transport(&error, self.limits.timeout);
            self.failure(call, kind, what)
        })?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        self.clock.see(&headers);
        let body = body::read(response, body::MAX_BODY).await.map_err(|(kind, what)| {
            self.error(kind, what).with_request(call.method_name(), call.url.path(), Some(status))
        })?;
        Ok(Answer {
            method: call.method_name(),
            path: call.url.path().to_owned(),
            status,
            media_type: text(&headers, &CONTENT_TYPE)
                .map(|text| text.split(';').next().unwrap_or_default().trim().to_owned()),
            etag: text(&headers, &ETAG),
            location: text(&headers, &LOCATION),
            retry_after: asked::pause(&headers),
            body: body::without_prefix(body, self.dialect.prefix.as_deref()),
            headers: Box::new(headers),
        })
    }

    fn failure(&self, call: &Call<'_>, kind: ErrorKind, what: impl Into<String>) -> ConnectorError {
        self.error(kind, what).with_request(call.method_name(), call.url.path(), None)
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The reason why no answer came, without the URL, because its query carries personal data.
fn transport(error: &reqwest::Error, timeout: Duration) -> (ErrorKind, String) {
    let mut causes: Vec<&(dyn Error + 'static)> = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    let tls = causes.iter().find_map(|cause| tls_error(*cause));
    // An alert on a connection that stood says nothing about what the app took before.
    if let Some(tls) = tls.as_ref().filter(|_| error.is_connect()) {
        return (ErrorKind::Tls, format!("no trusted connection: {tls}"));
    }
    let root = tls.or_else(|| causes.last().map(ToString::to_string));
    if error.is_connect() {
        let what = if error.is_timeout() {
            "could not connect in time".to_owned()
        } else {
            format!("could not connect: {}", root.unwrap_or_default())
        };
        return (ErrorKind::Unreachable, what);
    }
    if error.is_timeout() {
        let what = format!("no answer within {} s", timeout.as_secs_f64());
        return (ErrorKind::Timeout, what);
    }
    let what = match root {
        Some(root) => format!("the connection broke: {root}"),
        None => "the connection broke".to_owned(),
    };
    (ErrorKind::Broken, what)
}

/// rustls' own words, which may sit inside I/O errors.
fn tls_error(cause: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(error.to_string());
    }
    tls_error(cause.downcast_ref::<std::io::Error>()?.get_ref()?)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// A server that takes a request and then breaks TLS; its address.
    fn breaks_tls() -> String {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let session = rustls::ServerConnection::new(config.clone()).unwrap();
                let mut stream = rustls::StreamOwned::new(session, stream);
                if stream.read(&mut [0; 4096]).is_ok() {
                    stream.sock.write_all(b"this is no TLS record").ok();
                }
            }
        });
        address
    }

    #[tokio::test]
    async fn only_a_failed_handshake_proves_that_nothing_was_sent() {
        rustls::crypto::ring::default_provider().install_default().ok();
        let url = format!("https://{}/", breaks_tls());
        let kind = async |builder: reqwest::ClientBuilder| {
            let client = builder.no_proxy().build().unwrap();
            let error = client.post(&url).body("{}").send().await.unwrap_err();
            transport(&error, Duration::from_secs(5))
        };
        let (untrusted, _) = kind(reqwest::Client::builder()).await;
        assert_eq!(untrusted, ErrorKind::Tls);
        let trusting = reqwest::Client::builder().tls_danger_accept_invalid_certs(true);
        let (later, what) = kind(trusting).await;
        assert_eq!(later, ErrorKind::Broken, "{what}");
        assert!(what.starts_with("the connection broke: "), "{what}");
    }
}
