//! The destinations of events: notes to stderr, a line of progress on a terminal, JSON lines to the file of `--events`.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use indicatif::{ProgressBar, ProgressStyle};

use super::exit::Status;
use super::printer::Printer;
use crate::model::escape::escape_json;
use crate::model::event::{Event, EventSink};

/// The sink of a run: `events` is the file of `--events`, or `-`.
///
/// # Errors
/// The file of `--events` cannot be written: already printed.
pub(super) fn sink(events: Option<&Path>, printer: &Printer) -> Result<Arc<dyn EventSink>, Status> {
    let lines: Option<Box<dyn Write + Send>> = match events {
        None => None,
        Some(path) if path.as_os_str() == "-" => Some(Box::new(std::io::stderr())),
        Some(path) => match File::create(path) {
            Ok(file) => Some(Box::new(file)),
            Err(error) => return Err(printer.failed(&format!("--events {}: {error}", path.display()), None)),
        },
    };
    // Progress is shown on a terminal only, and is erased at the end.
    let bar = printer.is_watched().then(|| {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar
    });
    Ok(Arc::new(Sink { printer: *printer, bar, lines: lines.map(Mutex::new), counts: Mutex::default() }))
}

struct Sink {
    printer: Printer,
    bar: Option<ProgressBar>,
    lines: Option<Mutex<Box<dyn Write + Send>>>,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    rows: u64,
    settled: u64,
}

impl EventSink for Sink {
    fn emit(&self, event: Event) {
        if let (Some(lines), Ok(text)) = (&self.lines, serde_json::to_string(&event))
            && let Ok(mut lines) = lines.lock()
        {
            let _ = writeln!(lines, "{}", escape_json(&text));
        }
        if let Some(note) = note(&event) {
            let say = || self.printer.say(&note);
            match &self.bar {
                Some(bar) => bar.suspend(say),
                None => say(),
            }
        }
        if let (Some(bar), Ok(mut counts)) = (&self.bar, self.counts.lock()) {
            match &event {
                Event::Page { app, rows, .. } => {
                    counts.rows += *rows as u64;
                    bar.set_message(format!("reading {app}: {} objects", counts.rows));
                }
                Event::Settled { key, .. } => {
                    counts.settled += 1;
                    bar.set_message(format!("applying {}: {} changes", key.app, counts.settled));
                }
                _ => {}
            }
            bar.tick();
        }
    }
}

/// What people read of an event, if they do.
fn note(event: &Event) -> Option<String> {
    match event {
        Event::Note { app: Some(app), text } => Some(format!("note: {app}: {text}")),
        Event::Note { app: None, text } => Some(format!("note: {text}")),
        Event::Pause { app, after, until, why } => Some(format!(
            "note: {app}: {why}: no request for {} s, until {}",
            after.as_secs_f64().ceil(),
            until.strftime("%H:%M:%S UTC")
        )),
        _ => None,
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
