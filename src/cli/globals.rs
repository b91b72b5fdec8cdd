//! The global options and their meaning; `command_options` lists the commands that take them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use globset::Glob;

use super::exit::Status;
use super::printer::{Colour, Printer};
use super::{findings, progress};
use crate::config::Source;
use crate::engine::{Clock, Engine, Selection};
use crate::model::time::Timestamp;
use crate::model::{FileSet, UserId};
use crate::render::Style;

/// The global options.
#[derive(Debug, Args)]
pub(super) struct Globals {
    /// Look for rolecall.yaml in this folder and the folders above it, not in the working directory
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR")]
    pub directory: Option<PathBuf>,
    /// Read the files from this git revision, not from the working directory
    #[arg(long, global = true, value_name = "REV")]
    pub rev: Option<String>,
    /// Use this instant in place of the current time, such as 2026-11-22T12:00:00Z; such a plan cannot be applied
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// Use an embedded server below .rolecall/sandbox in place of every app, with a ledger of its own
    #[arg(long, global = true)]
    pub sandbox: bool,
    /// Form of the result on stdout
    #[arg(short = 'o', long = "format", global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write the events of the run as JSON lines to this file, or to stderr with `-`
    #[arg(long, global = true, value_name = "FILE|-")]
    pub events: Option<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
    /// Write only errors to stderr
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Show every change on its own, and the inner cause of errors; given twice, ids and keys as well
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Take only apps whose id matches; may be given several times
    #[arg(long = "app", global = true, value_name = "GLOB")]
    pub apps: Vec<String>,
    /// Take only apps with this label; may be given several times, and then all labels have to match
    #[arg(short = 'l', long = "label", global = true, value_name = "LABEL=VALUE")]
    pub labels: Vec<String>,
    /// Take only these people and compare no other; may be given several times
    #[arg(long = "user", global = true, value_name = "ID")]
    pub users: Vec<UserId>,
    /// Keep results of runs, journals and sandboxes in this folder, not in the git directory and .rolecall
    #[arg(long, global = true, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
}

/// The format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// A summary for the page of a CI job
    Markdown,
}

impl Globals {
    /// The printer for these options.
    pub(super) fn printer(&self) -> Printer {
        Printer::new(self.color, self.quiet)
    }

    /// The style of text on stdout.
    pub(super) fn style(&self, printer: &Printer) -> Style {
        Style { colour: printer.colours_stdout(), verbose: self.verbose, width: printer.width() }
    }

    /// The style of text on stderr.
    pub(super) fn style_of_stderr(&self, printer: &Printer) -> Style {
        Style { colour: printer.colours_stderr(), ..self.style(printer) }
    }

    /// The folder in which the search for rolecall.yaml starts.
    pub(super) fn start(&self) -> PathBuf {
        self.directory.clone().unwrap_or_else(|| PathBuf::from("."))
    }

    /// The clock of this run.
    pub(super) fn clock(&self) -> Clock {
        self.at.map_or(Clock::machine(), Clock::fixed)
    }

    /// The apps and people that are selected.
    ///
    /// # Errors
    /// A selector cannot be read. The message is printed already.
    pub(super) fn selection(&self, printer: &Printer) -> Result<Selection, Status> {
        let app_glob = |text: &String| match Glob::new(text) {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(error) => Err(printer
                .failed(&format!("--app {text}: {error}"), Some("a glob such as `15five` or `prod-*`"))),
        };
        let label = |text: &String| match text.split_once('=') {
            Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
            None => Err(printer
                .failed(&format!("-l {text}: not a label"), Some("write LABEL=VALUE, such as env=prod"))),
        };
        Ok(Selection {
            apps: self.apps.iter().map(app_glob).collect::<Result<_, _>>()?,
            labels: self.labels.iter().map(label).collect::<Result<_, _>>()?,
            users: self.users.iter().cloned().collect(),
        })
    }

    /// The engine for the repository around [`Globals::start`].
    ///
    /// # Errors
    /// There is no repository, or the engine cannot start. The message is printed already.
    pub(super) fn engine(&self, printer: &Printer) -> Result<Engine, Status> {
        let root = self.root(printer)?;
        let events = progress::sink(self.events.as_deref(), printer)?;
        let mut engine =
            Engine::new(&root, self.clock(), events).map_err(|why| printer.failed(&why, None))?;
        engine.sandbox = self.sandbox;
        if let Some(folder) = &self.state_dir {
            engine.keep_in(folder);
        }
        Ok(engine)
    }

    /// The folder with rolecall.yaml.
    fn root(&self, printer: &Printer) -> Result<PathBuf, Status> {
        let source = Source::open(&self.start(), None).map_err(|finding| {
            findings::print(printer, &[*finding], &FileSet::new());
            Status::Failed
        })?;
        Ok(source.folder().map_or_else(|| self.start(), ToOwned::to_owned))
    }
}
