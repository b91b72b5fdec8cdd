//! `rolecall log`

use super::exit::Status;
use super::globals::{Format, Globals};
use super::plan::{load, refuse};
use super::printer::Printer;
use super::table::table;
use crate::engine::Selection;
use crate::engine::history::{Entry, EntryKind, WrittenIn, log};
use crate::model::App;
use crate::model::change::ChangeKey;
use crate::model::time::Timestamp;
use crate::render::escape;

/// Show the history, newest first: runs of apply with the outcome of every change, and writes to the ledger by hand
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show only this app
    #[arg(value_name = "APP")]
    app: Option<String>,
    /// Show at most this many entries
    #[arg(short = 'n', long = "max-count", value_name = "N", default_value_t = 10)]
    most: usize,
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    try_run(globals, args, &printer).unwrap_or_else(|status| status)
}

fn try_run(globals: &Globals, args: &Args, printer: &Printer) -> Result<Status, Status> {
    let config = load(globals, printer)?;
    let wanted = Wanted {
        app: args.app.clone(),
        selection: globals.selection(printer)?,
        declared: &config.company.apps,
    };
    let engine = globals.engine(printer)?;
    let found = log(&engine, &config);
    let entries: Vec<Entry> =
        found.entries.into_iter().filter_map(|entry| wanted.narrow(entry)).take(args.most).collect();
    if globals.format == Format::Json {
        let rows: Vec<_> = entries.iter().map(as_json).collect();
        printer.json(&rows);
    } else {
        printer.data(&entries.iter().map(text).collect::<Vec<_>>().join("\n"));
    }
    if let Some(status) = found.unreadable.iter().map(|error| refuse(printer, error)).reduce(Status::and) {
        if entries.is_empty() {
            return Err(status);
        }
        printer.warn(
            if entries.iter().all(|entry| entry.from == WrittenIn::Local) {
                "the ledger could not be read: this is from files of this clone"
            } else {
                "a ledger could not be read: this is from the other one and from files of this clone"
            },
            None,
        );
        return Ok(Status::Partly);
    }
    if entries.is_empty() {
        printer.say(if wanted.is_everything() {
            "nothing was applied yet"
        } else {
            "nothing of that was done yet"
        });
    }
    Ok(Status::Done)
}

/// The selection of the user.
struct Wanted<'t> {
    app: Option<String>,
    selection: Selection,
    declared: &'t [App],
}

impl Wanted<'_> {
    fn is_everything(&self) -> bool {
        self.app.is_none() && !self.selection.is_partial()
    }

    fn takes_app(&self, app: &str) -> bool {
        self.app.as_deref().is_none_or(|wanted| wanted == app)
            && app.parse().is_ok_and(|app| self.selection.takes_id(&app, self.declared))
    }

    fn takes(&self, key: &ChangeKey) -> bool {
        let users = &self.selection.users;
        let person = key.person();
        self.takes_app(key.app.as_str())
            && (users.is_empty() || person.is_some_and(|user| users.contains(user)))
    }

    /// The selected part of an entry; none if no part is selected.
    fn narrow(&self, mut entry: Entry) -> Option<Entry> {
        if self.is_everything() {
            return Some(entry);
        }
        let wanted = match &mut entry.kind {
            EntryKind::Run { settled, .. } => {
                settled.retain(|change| self.takes(&change.key));
                !settled.is_empty()
            }
            // The text is "unlink USER from APP" or "rehome APP".
            EntryKind::ByHand { action, .. } => {
                let mut words = action.split([' ', ',']);
                words.clone().any(|word| self.takes_app(word))
                    && (self.selection.users.is_empty()
                        || words.any(|word| self.selection.users.contains(word)))
            }
        };
        wanted.then_some(entry)
    }
}

fn text(entry: &Entry) -> String {
    let who = entry.who.as_ref().map(|who| format!("  by {who}")).unwrap_or_default();
    let place = match entry.from {
        WrittenIn::Ledger => "",
        WrittenIn::Sandbox => "  (sandbox)",
        WrittenIn::Local => "  (this clone only)",
    };
    match &entry.kind {
        EntryKind::ByHand { action, reason } => {
            escape(&format!("{}  {action}{who}{place}: {reason}", instant(entry.at))).into_owned() + "\n"
        }
        EntryKind::Run { run, plan, how, settled, .. } => {
            let plan = plan.as_ref().map(|plan| format!("  plan {plan}")).unwrap_or_default();
            let head = format!("{}  run {run}{who}{plan}  {how}{place}", instant(entry.at));
            let rows: Vec<_> = settled
                .iter()
                .map(|change| vec![change.outcome.as_str().to_owned(), change.key.to_string()])
                .collect();
            let nothing = if rows.is_empty() { "  nothing was to be done\n" } else { "" };
            format!("{}\n{nothing}{}", escape(&head), table(&rows, 2))
        }
    }
}

fn instant(at: Timestamp) -> String {
    format!("{at:.0}")
}

fn as_json(entry: &Entry) -> serde_json::Value {
    match &entry.kind {
        EntryKind::ByHand { action, reason } => serde_json::json!({
            "at": entry.at,
            "by": entry.who,
            "from": entry.from.as_str(),
            "what": action,
            "reason": reason,
        }),
        EntryKind::Run { run, plan, started, how, settled } => {
            let change = |change: &crate::model::ledger::Settled| serde_json::json!({"key": change.key.to_string(), "app": change.key.app, "outcome": change.outcome});
            serde_json::json!({
                "at": entry.at,
                "by": entry.who,
                "from": entry.from.as_str(),
                "run": run,
                "plan": plan,
                "started": started,
                "how": how,
                "changes": settled.iter().map(change).collect::<Vec<_>>(),
            })
        }
    }
}
