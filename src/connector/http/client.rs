//! The HTTP client: one per process, shared by all apps, because it holds the connections.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::model::Endpoint;

/// Connections of one process. Cheap to clone; belongs to the tokio runtime it is first used on.
#[derive(Debug, Clone)]
pub struct Network {
    outside: reqwest::Client,
    loopback: reqwest::Client,
    stop: Arc<AtomicBool>,
}

/// A connection that is not up after this long will not come.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

impl Network {
    /// Sets up TLS (rustls on ring, trust from the operating system) and connection pools; sends nothing.
    ///
    /// # Errors
    /// Why TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, String> {
        // Fails only if somebody installed one before, which is as good.
        rustls::crypto::ring::default_provider().install_default().ok();
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT_TIMEOUT)
                .retry(reqwest::retry::never())
                .build()
                .map_err(|error| format!("cannot set up HTTPS: {error}"))
        };
        Ok(Self {
            outside: build(reqwest::Client::builder())?,
            loopback: build(reqwest::Client::builder().no_proxy())?,
            stop: Arc::default(),
        })
    }

    /// Once this is set, nobody waits between two tries any more.
    pub fn stopped_by(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = stop;
        self
    }

    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        self.stop.clone()
    }

    /// A proxy set for the network must not see what stays on this machine.
    pub(super) fn client_for(&self, endpoint: &Endpoint) -> reqwest::Client {
        if endpoint.is_loopback() {
            self.loopback.clone()
        } else {
            self.outside.clone()
        }
    }
}
