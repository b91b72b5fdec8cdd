//! `rolecall ledger unlink`

use super::Desk;
use super::people::People;
use super::sign::by;
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::engine::care::unlink::unlink;
use crate::model::UserId;

/// Drop the link between a person and an account that is not theirs; the account itself is not touched
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    people: People,
}

pub fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let desk = Desk::open(globals, printer)?;
    let entry = desk.entry(&args.people.app)?;
    let users = args.people.users();
    let author = args.people.signature.author.name(&desk);
    let by = by(&desk, &author, &args.people.signature.reason);
    let accounts = unlink(&entry, &users, &by).map_err(|error| desk.refuse(&error))?;
    for (user, account) in users.iter().zip(accounts) {
        printer.say(&format!(
            "unlinked {user} from account {account} of app {}; the account is as it was",
            entry.id
        ));
    }
    let user = users.first().map(UserId::as_str).unwrap_or_default();
    printer.say(&format!(
        "what still matches is adopted again by the next plan: `links: {{{user}: ignore}}` or `links: {{{user}: \"ID\"}}` below the app decides"
    ));
    Ok(Status::Done)
}
