//! The only place that writes to the terminal: data to stdout, text for people to stderr.

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::Status;
use crate::model::escape::{escape, escape_json};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Writes to stdout and stderr.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printer {
    stdout_colour: bool,
    stderr_colour: bool,
    quiet: bool,
}

impl Printer {
    /// Decides once whether stdout and stderr have colours.
    pub(super) fn new(colour: Colour, quiet: bool) -> Self {
        let has_colour = |is_terminal: bool| match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        Self {
            stdout_colour: has_colour(std::io::stdout().is_terminal()),
            stderr_colour: has_colour(std::io::stderr().is_terminal()),
            quiet,
        }
    }

    /// True if stdout has colours.
    pub(super) fn colours_stdout(&self) -> bool {
        self.stdout_colour
    }

    /// True if stderr has colours.
    pub(super) fn colours_stderr(&self) -> bool {
        self.stderr_colour
    }

    /// True if a person is likely to see stderr: it is a terminal, and there is no `--quiet`.
    pub(super) fn is_watched(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// True if only errors are printed.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The column at which text on stdout wraps; 0 if it is no terminal, and lines stay whole.
    pub(super) fn width(&self) -> usize {
        if !std::io::stdout().is_terminal() {
            return 0;
        }
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        columns.unwrap_or_else(|| usize::from(terminal_width().unwrap_or(100)))
    }

    /// Prints data to stdout. A reader that closes the pipe early is no error, such as `head`. If data is lost in another
    /// way, the command fails at its end, see [`has_lost_data`].
    pub(super) fn data(&self, text: &str) {
        let Err(error) = to_stdout(text) else { return };
        if error.kind() != ErrorKind::BrokenPipe && !DATA_LOST.swap(true, Ordering::Relaxed) {
            let hint = "the output is lost: check where stdout leads";
            self.failed(&format!("cannot write to stdout: {error}"), Some(hint));
        }
    }

    /// Prints data as JSON to stdout.
    pub(super) fn json(&self, value: &impl serde::Serialize) {
        self.data(&escape_json(&serde_json::to_string_pretty(value).unwrap_or_default()));
    }

    /// Prints text for people to stderr, with control characters escaped; nothing with `--quiet`.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            self.print_escaped(&escape(text));
        }
    }

    /// Prints text for people that the caller has escaped to stderr, also with `--quiet`.
    pub(super) fn print_escaped(&self, text: &str) {
        let mut err = std::io::stderr().lock();
        let _ = writeln!(err, "{text}");
    }

    /// Prints `error: …` with a `hint: …` line, and returns the status of a failure.
    pub(super) fn failed(&self, message: &str, hint: Option<&str>) -> Status {
        self.problem("error", message, hint);
        Status::Failed
    }

    /// Prints `refused: …` with a `hint: …` line, and returns the status of a refusal: a rule forbids what was asked.
    pub(super) fn refused(&self, message: &str, hint: Option<&str>) -> Status {
        self.problem("refused", message, hint);
        Status::Refused
    }

    /// Prints `warning: …` with a `hint: …` line; nothing with `--quiet`.
    pub(super) fn warn(&self, message: &str, hint: Option<&str>) {
        if !self.quiet {
            self.problem("warning", message, hint);
        }
    }

    fn problem(&self, word: &str, message: &str, hint: Option<&str>) {
        self.print_escaped(&format!("{word}: {}", escape(message)));
        if let Some(hint) = hint {
            self.print_escaped(&format!("  hint: {}", escape(hint)));
        }
    }
}

/// Set when data could not be written.
static DATA_LOST: AtomicBool = AtomicBool::new(false);

/// True if data could not be written; the error is already printed.
pub(super) fn has_lost_data() -> bool {
    DATA_LOST.load(Ordering::Relaxed)
}

fn to_stdout(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') && !text.is_empty() {
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn terminal_width() -> Option<u16> {
    dialoguer::console::Term::stdout().size_checked().map(|(_, columns)| columns)
}
