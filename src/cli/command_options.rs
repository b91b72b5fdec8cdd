//! The global options that each command takes. The others are refused: an ignored option lets the user believe in a
//! narrower run than the real one.

use super::exit::Status;
use super::globals::{Format, Globals};
use super::printer::Printer;

/// A global option that only some commands take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GlobalOption {
    Rev,
    At,
    Sandbox,
    Json,
    Markdown,
    Events,
    App,
    Label,
    User,
    StateDir,
}

use GlobalOption::{App, At, Events, Json, Label, Markdown, Rev, Sandbox, StateDir, User};

/// All of them, as they are written on the command line.
const CHOICES: [(GlobalOption, &str); 10] = [
    (Rev, "--rev"),
    (At, "--at"),
    (Sandbox, "--sandbox"),
    (Json, "-o json"),
    (Markdown, "-o markdown"),
    (Events, "--events"),
    (App, "--app"),
    (Label, "-l"),
    (User, "--user"),
    (StateDir, "--state-dir"),
];

/// The options of each command, besides `-C`, `--color`, `-q` and `-v`, which every command takes.
const TABLE: [(&str, &[GlobalOption]); 25] = [
    ("init", &[Json]),
    ("validate", &[Rev, At, Json]),
    ("plan", &[Rev, At, Sandbox, Json, Markdown, Events, App, Label, User, StateDir]),
    ("apply", &[At, Sandbox, Json, Markdown, Events, App, Label, User, StateDir]),
    ("check", &[Rev, Sandbox, Json, Events, App, Label, StateDir]),
    ("show", &[Json, Markdown]),
    ("show app", &[Rev, Json]),
    ("ledger init", &[Json]),
    ("ledger list", &[Rev, At, Sandbox, Json, Events, App, Label, StateDir]),
    ("ledger show", &[Rev, At, Sandbox, Json, Events, User, StateDir]),
    ("ledger unlink", &[Rev, Sandbox, Events, StateDir]),
    ("ledger forget", &[Rev, Sandbox, Events, StateDir]),
    ("ledger unlock", &[Rev, Sandbox, Events, StateDir]),
    ("ledger reclock", &[Rev, Sandbox, Events, StateDir]),
    ("ledger reprove", &[Rev, Sandbox, Events, StateDir]),
    ("ledger rehome", &[Rev, Sandbox, Json, Events, StateDir]),
    ("ledger rebuild", &[Rev, Sandbox, Json, Events, StateDir]),
    ("log", &[Rev, Sandbox, Json, Events, App, Label, User, StateDir]),
    ("schema", &[Json]),
    ("mapping", &[Rev, Json]),
    ("connectors", &[Rev, Json]),
    ("connectors show", &[Rev, App]),
    ("sandbox serve", &[Rev, Json, StateDir]),
    ("completions", &[]),
    ("version", &[Json]),
];

/// The remedy, if it is another one than to leave the option out.
fn instead(command: &str, choice: GlobalOption) -> Option<&'static str> {
    Some(match (command, choice) {
        ("apply", Rev) => "--commit REV applies another commit; the sandbox applies the working directory",
        ("ledger init", Sandbox) => {
            "the sandbox makes its own ledger: leave --sandbox out; `rolecall apply --sandbox` needs nothing"
        }
        ("ledger init", Rev) => "it writes rolecall.yaml in the working directory: leave --rev out",
        (_, At) if command.starts_with("ledger ") => {
            "a write to the ledger carries the current time: leave --at out"
        }
        ("ledger show" | "sandbox serve", App) => "name the app without an option",
        ("sandbox serve", Sandbox) => "it serves the sandbox of the app in any case: leave --sandbox out",
        ("ledger unlink" | "ledger forget", User) => "name the people behind the app",
        (_, Markdown) => "-o text or -o json",
        _ => return None,
    })
}

/// Refuses the options that a command does not take.
///
/// # Errors
/// One was given: already printed.
pub(super) fn check(command: &str, globals: &Globals, printer: &Printer) -> Result<(), Status> {
    let taken = of(command);
    let given = |choice: GlobalOption| match choice {
        Rev => globals.rev.is_some(),
        At => globals.at.is_some(),
        Sandbox => globals.sandbox,
        Json => globals.format == Format::Json,
        Markdown => globals.format == Format::Markdown,
        Events => globals.events.is_some(),
        App => !globals.apps.is_empty(),
        Label => !globals.labels.is_empty(),
        User => !globals.users.is_empty(),
        StateDir => globals.state_dir.is_some(),
    };
    let refused = CHOICES.iter().find(|(choice, _)| given(*choice) && !taken.contains(choice));
    let Some((choice, text)) = refused else {
        return Ok(());
    };
    let hint = instead(command, *choice).map_or_else(|| format!("it takes {}", words(taken)), str::to_owned);
    Err(printer.failed(&format!("`rolecall {command}` takes no {text}"), Some(&hint)))
}

fn of(command: &str) -> &'static [GlobalOption] {
    TABLE.iter().find(|(name, _)| *name == command).map_or(&[], |(_, taken)| taken)
}

fn words(taken: &[GlobalOption]) -> String {
    let names = CHOICES.iter().filter(|(choice, _)| taken.contains(choice));
    let mut names: Vec<_> =
        ["-C", "--color", "-q", "-v"].into_iter().chain(names.map(|(_, text)| *text)).collect();
    let last = names.pop().unwrap_or_default();
    format!("{} and {last}", names.join(", "))
}

/// The help of each command ends with the options of `rolecall` that it takes.
pub(super) fn in_help(command: clap::Command) -> clap::Command {
    let names = TABLE.iter().map(|(name, taken)| {
        let text = format!("Of the global options it takes {}.", words(taken));
        (*name, text)
    });
    names.fold(command, |command, (name, text)| {
        let (first, second) =
            name.split_once(' ').map_or((name, None), |(first, second)| (first, Some(second)));
        command.mut_subcommand(first, |below| match second {
            None => below.after_help(text),
            Some(second) => below.mut_subcommand(second, |below| below.after_help(text)),
        })
    })
}
