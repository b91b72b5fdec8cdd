//! What every server of a sandbox stands on, and what it shows of itself.

use std::sync::Arc;

use axum::Router;

use super::SandboxError;
use super::key::Key;
use super::requests::Requests;

/// What stands in place of each part of a credential that is no secret: the name of the sandbox's own account.
pub const USER: &str = "sandbox";

/// What a server is started with.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
    pub key: Key,
    /// The longest body, in bytes.
    pub max_body: usize,
    /// The largest number of rows on a page, unless the app has a limit of its own.
    pub page: usize,
    /// Where requests are noted.
    pub requests: Option<Requests>,
}

/// The data behind a server.
pub(super) trait Kept: Send + Sync {
    /// Merges the files and releases the folder. Requests that come later are refused.
    ///
    /// # Errors
    /// The files cannot be merged; they are complete all the same.
    fn close(&self) -> Result<(), SandboxError>;
}

/// A server that is ready to listen.
pub(super) struct Ready {
    pub router: Router,
    pub kept: Arc<dyn Kept>,
    /// The URL for the connector.
    pub base_url: String,
}
