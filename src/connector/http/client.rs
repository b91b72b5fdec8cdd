//! The HTTP client: one per process, shared by all apps, because it holds the connections.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::model::Endpoint;

/// Connections of one process. Cheap to clone; belongs to the tokio runtime it is first used on.
#[derive(Debug, Clone, Default)]
pub struct Network {
    outside: Arc<Lazy>,
    loopback: Arc<Lazy>,
    stop: Arc<AtomicBool>,
}

/// A client that is set up at its first use, because reading the certificates of the operating system takes a while.
type Lazy = OnceLock<Result<reqwest::Client, String>>;

/// A connection that takes longer than this is given up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

impl Network {
    /// Once this is set, no request waits between two tries any more.
    pub fn stopped_by(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = stop;
        self
    }

    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        self.stop.clone()
    }

    /// Requests to this machine use no proxy, because a proxy of the network must not see them.
    ///
    /// # Errors
    /// Why TLS cannot be set up on this machine.
    pub(super) fn client_for(&self, endpoint: &Endpoint) -> Result<reqwest::Client, String> {
        let builder = reqwest::Client::builder();
        let (client, builder) = match endpoint.is_loopback() {
            true => (&self.loopback, builder.no_proxy()),
            false => (&self.outside, builder),
        };
        client.get_or_init(|| set_up(builder)).clone()
    }
}

/// A client with TLS by rustls on ring and the certificates that the operating system trusts. Nothing is sent.
fn set_up(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, String> {
    // This fails only if a provider was installed before, which is as good.
    rustls::crypto::ring::default_provider().install_default().ok();
    builder
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .retry(reqwest::retry::never())
        .build()
        .map_err(|error| format!("cannot set up HTTPS: {error}"))
}
