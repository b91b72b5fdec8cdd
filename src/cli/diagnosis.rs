//! Internal problems that stop nothing: on stderr from `-v` on.

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;

/// Shows them from `-v` on.
pub(super) fn start(verbose: u8) {
    if verbose > 0 {
        // Fails only where there is one already.
        let _ = tracing::subscriber::set_global_default(subscriber());
    }
}

/// Only our own messages are shown: those of the HTTP client may hold secrets that a log must not have.
fn subscriber() -> impl Subscriber + Send + Sync {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("rolecall=debug"))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_words_are_shown() {
        tracing::subscriber::with_default(subscriber(), || {
            assert!(tracing::enabled!(tracing::Level::WARN));
            assert!(!tracing::enabled!(target: "reqwest", tracing::Level::ERROR));
            assert!(!tracing::enabled!(target: "hyper_util::client", tracing::Level::DEBUG));
        });
    }
}
