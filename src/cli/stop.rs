//! SIGINT and SIGTERM: before the first write the run ends at once. After it, open requests are finished, the ledger is
//! saved, and the remaining changes are named.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::engine::Engine;

static SIGNAL: AtomicU8 = AtomicU8::new(0);

/// Watches for signals on the engine's runtime. A second signal ends the process at once, as a crash would.
#[expect(
    clippy::print_stderr,
    reason = "a signal is answered with --quiet, too, and whatever the printer does"
)]
pub(super) fn watch(engine: &Engine) {
    use tokio::signal::unix::{SignalKind, signal};
    let (stop, at_stake) = (engine.stop.clone(), engine.at_stake.clone());
    engine.spawn(async move {
        let (Ok(mut interrupt), Ok(mut terminate)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            return;
        };
        loop {
            let code = tokio::select! {
                _ = interrupt.recv() => 130,
                _ = terminate.recv() => 143,
            };
            if stop.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(code));
            }
            if !at_stake.load(Ordering::SeqCst) {
                eprintln!("stopped; nothing was written");
                std::process::exit(i32::from(code));
            }
            SIGNAL.store(code, Ordering::SeqCst);
            eprintln!("stopping: open requests are finished first; a second signal ends the run at once");
        }
    });
}

/// The exit status of the signal that came, if one came.
pub(super) fn code() -> Option<u8> {
    Some(SIGNAL.load(Ordering::SeqCst)).filter(|code| *code != 0)
}
