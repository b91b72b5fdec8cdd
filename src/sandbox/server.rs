//! A sandbox that runs: starting it, and stopping it.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use secrecy::SecretString;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

use super::SandboxError;
use super::ground::{Ground, Kept, Ready};
use super::key::{self, Key};
use super::plays::Plays;
use super::requests::Requests;

/// The time that `stop` gives to open requests.
const GRACE: Duration = Duration::from_secs(2);

/// The options of a sandbox.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SandboxOptions {
    /// The data folder, such as `.rolecall/sandbox/APP`. It is made if it is missing. If it is deleted, the sandbox
    /// starts empty.
    pub data_dir: PathBuf,
    /// The app. Default: a SCIM server.
    pub plays: Plays,
    /// The port. Default: 0, a free one.
    pub port: u16,
    /// How long to wait for another process to leave the folder. Default: one second.
    pub lock_wait: Duration,
    /// The longest request body, in bytes. Default: 4 MiB; a longer one is answered with 413.
    pub max_body: usize,
    /// The largest number of SCIM resources on one page, at least 1. Default: 200, so that paging is used.
    pub page_size: usize,
    /// Where an app that is no SCIM server notes its requests. Default: nowhere.
    pub requests: Option<Requests>,
}

impl SandboxOptions {
    /// The default options, with the data in `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            plays: Plays::default(),
            port: 0,
            lock_wait: Duration::from_secs(1),
            max_body: 4 << 20,
            page_size: 200,
            requests: None,
        }
    }
}

/// A running sandbox: an HTTP server for one app, on 127.0.0.1. It must be used within the tokio runtime that started it.
///
/// If it is dropped, it stops too, but it does not wait for open requests and reports no errors. Answered changes are
/// never lost, not even if the process is killed.
pub struct Sandbox {
    base_url: String,
    user: Option<&'static str>,
    token: SecretString,
    kept: Arc<dyn Kept>,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Reads the data folder, locks it, and serves it.
    ///
    /// # Errors
    ///
    /// The folder is in use, cannot be read or written, or holds files that no sandbox of this app wrote; or the port is
    /// not free.
    pub async fn start(options: SandboxOptions) -> Result<Self, SandboxError> {
        let SandboxOptions { data_dir, plays, port, lock_wait, max_body, page_size, requests } = options;
        let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(SandboxError::Listen)?;
        let address = listener.local_addr().map_err(SandboxError::Listen)?;
        let token = key::random()?;
        let ground = Ground {
            origin: format!("http://{address}"),
            key: Key::of(&token),
            max_body,
            page: page_size.max(1),
            requests,
        };
        let user = plays.user();
        let path = data_dir.clone();
        let opened = tokio::task::spawn_blocking(move || plays.ready(&path, lock_wait, ground)).await;
        let opened = opened.map_err(|error| SandboxError::io("open", data_dir, error.into()))??;
        let Ready { router, kept, base_url } = opened;
        let (stop, stopped) = oneshot::channel::<()>();
        let service = axum::serve(listener, router);
        let server = tokio::spawn(async move {
            let until = async {
                // A message and a dropped sandbox both mean stop.
                let _ = stopped.await;
            };
            if let Err(error) = service.with_graceful_shutdown(until).await {
                tracing::warn!(%error, "the sandbox's server ended");
            }
        });
        Ok(Self { base_url, user, token, kept, stop: Some(stop), server })
    }

    /// The URL for the connector, such as `http://127.0.0.1:PORT/scim/v2`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The name of its own account, with which the secret is a password; none if the secret is a bearer token.
    pub fn user(&self) -> Option<&'static str> {
        self.user
    }

    /// The secret of every request: random, and new with each start.
    pub fn token(&self) -> &SecretString {
        &self.token
    }

    /// Stops accepting requests, lets open ones finish, merges the files, and releases the folder.
    ///
    /// # Errors
    ///
    /// The files cannot be merged; they are complete all the same.
    pub async fn stop(mut self) -> Result<(), SandboxError> {
        self.signal();
        if timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
        self.kept.close()
    }

    fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The server may have ended already.
            let _ = stop.send(());
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.signal();
        if let Err(error) = self.kept.close() {
            tracing::warn!(%error, "the sandbox's files were not tidied");
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
