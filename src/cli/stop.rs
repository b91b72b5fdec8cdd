//! SIGINT and SIGTERM: before the first write the run ends at once. After it, open requests are finished, the ledger is
//! saved, and the remaining changes are named.

use std::sync::atomic::{AtomicU8, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::engine::Engine;

static SIGNAL: AtomicU8 = AtomicU8::new(0);

/// Watches for signals on the engine's runtime. A second signal ends the process at once, as a crash would.
#[expect(
    clippy::print_stderr,
    reason = "a signal is answered with --quiet, too, and whatever the printer does"
)]
pub(super) fn watch(engine: &Engine) {
    let (stop, at_stake) = (engine.stop.clone(), engine.at_stake.clone());
    engine.spawn(async move {
        let Ok(mut signals) = Signals::watch() else { return };
        loop {
            let code = signals.next().await;
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

/// Both signals, from now on.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Watches for them. It has to be called in the runtime.
    ///
    /// # Errors
    /// Signals cannot be watched on this machine.
    pub(super) fn watch() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next one, and gives its exit status.
    pub(super) async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
        }
    }
}

/// The exit status of the signal that came, if one came.
pub(super) fn code() -> Option<u8> {
    Some(SIGNAL.load(Ordering::SeqCst)).filter(|code| *code != 0)
}
