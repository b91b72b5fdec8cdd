//! `rolecall ledger unlink`

use super::Desk;
use super::sign::{Signature, by};
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::ledger::By;
use crate::model::UserId;

/// Drop the link between a person and an account that is not theirs; the account itself is not touched
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which app
    #[arg(value_name = "APP")]
    app: String,
    /// Whose link
    #[arg(value_name = "USER")]
    user: String,
    #[command(flatten)]
    signature: Signature,
}

pub fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let desk = Desk::for_writing(globals, printer)?;
    let entry = desk.entry(&args.app)?;
    let user = UserId::from(args.user.as_str());
    let author = args.signature.author.name(&desk);
    let by: By<'_> = by(&desk, &author, &args.signature.reason);
    let unlinked = entry.ledger.store.unlink(&entry.id, &user, &by);
    unlinked.map_err(|error| desk.refuse(&error.into()))?;
    let known = entry.known();
    let account = known
        .users
        .get(&user)
        .map(|link| link.remote.to_string())
        .unwrap_or_default();
    printer.say(&format!(
        "unlinked {user} from account {account} of app {}; the account is as it was",
        entry.id
    ));
    printer.say(&format!(
        "if it still matches, the next plan adopts it again: `links: {{{user}: ignore}}` or `links: {{{user}: \"ID\"}}` below the app decides"
    ));
    Ok(Status::Done)
}
