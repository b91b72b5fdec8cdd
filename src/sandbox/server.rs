use std::{
    fmt::{self, Write},
    path::PathBuf,
    sync::{Arc, RwLock},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

use super::SandboxError;
use super::http::{ROOT, Shared, router};
use super::store::Store;

/// The time that `stop` gives to open requests.
const GRACE: Duration = Duration::from_secs(2);

/// The options of a sandbox.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SandboxOptions {
    /// The data folder, such as `.rolecall/sandbox/APP`. It is made if it is missing. If it is deleted, the sandbox
    /// starts empty.
    pub data_dir: PathBuf,
    /// How long to wait for another process to leave the folder. Default: one second.
    pub lock_wait: Duration,
    /// The longest request body, in bytes. Default: 4 MiB; a longer one is answered with 413.
    pub max_body: usize,
    /// The largest number of resources on one page, at least 1. Default: 200, so that paging is used.
    pub page_size: usize,
}

impl SandboxOptions {
    /// The default options, with the data in `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            lock_wait: Duration::from_secs(1),
            max_body: 4 << 20,
            page_size: 200,
        }
    }
}

/// A running sandbox: an HTTP server for one app, on a free port of 127.0.0.1. It must be used within the tokio runtime
/// that started it.
///
/// If it is dropped, it stops too, but it does not wait for open requests and reports no errors. Answered changes are
/// never lost, not even if the process is killed.
pub struct Sandbox {
    base_url: String,
    token: SecretString,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// True if there is a sandbox that speaks this protocol.
    pub fn speaks(protocol: &str) -> bool {
        protocol == "scim"
    }

    /// Reads the data folder, locks it, and serves it.
    ///
    /// # Errors
    ///
    /// The folder is in use, cannot be read or written, or holds files that no sandbox wrote; or there is no free port.
    pub async fn start(options: SandboxOptions) -> Result<Self, SandboxError> {
        let SandboxOptions { data_dir, lock_wait, max_body, page_size } = options;
        let path = data_dir.clone();
        let opened = tokio::task::spawn_blocking(move || Store::open(&path, lock_wait)).await;
        let store = opened.map_err(|error| SandboxError::io("open", data_dir, error.into()))??;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(SandboxError::Listen)?;
        let address = listener.local_addr().map_err(SandboxError::Listen)?;
        let base_url = format!("http://{address}{ROOT}");
        let token = SecretString::from(random_token()?);
        let shared = Arc::new(Shared {
            store: RwLock::new(store),
            base: base_url.clone(),
            token: blake3::hash(token.expose_secret().as_bytes()),
            max_body,
            page: page_size.max(1),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let service = axum::serve(listener, router(Arc::clone(&shared)));
        let server = tokio::spawn(async move {
            let until = async {
                // A message and a dropped sandbox both mean stop.
                let _ = stopped.await;
            };
            if let Err(error) = service.with_graceful_shutdown(until).await {
                tracing::warn!(%error, "the sandbox's server ended");
            }
        });
        Ok(Self { base_url, token, shared, stop: Some(stop), server })
    }

    /// `http://127.0.0.1:PORT/scim/v2`: the URL for the connector.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The bearer token of every request: random, and new with each start.
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
        self.shared.write().close()
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
        if let Err(error) = self.shared.write().close() {
            tracing::warn!(%error, "the sandbox's files were not tidied");
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// 256 random bits, in hexadecimal.
fn random_token() -> Result<String, SandboxError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| SandboxError::Random(error.to_string()))?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
