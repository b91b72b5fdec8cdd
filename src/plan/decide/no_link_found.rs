//! An app in which not one account of the ledger is found.

use std::collections::BTreeSet;

use super::context::Context;
use crate::model::change::{Change, ChangeKind, Verdict};
use crate::model::intervention::Hand;
use crate::model::words::count;
use crate::model::{RemoteId, UserNo};
use crate::plan::command;
use crate::plan::reading::links::LinkNo;
use crate::plan::release;

/// Holds the new accounts, because it may be another app behind the same address (safety.md 1). Whether an account is made
/// again is decided for each person.
pub(super) fn hold_creates(cx: &Context, adopted: &[(UserNo, RemoteId)], changes: &mut [Change]) {
    let differ = cx.differ;
    let live: Vec<LinkNo> =
        differ.links.numbers().filter(|link| !differ.links.row(*link).is_tombstone()).collect();
    let adopted: BTreeSet<UserNo> = adopted.iter().map(|(user, _)| *user).collect();
    let is_found = |link: &LinkNo| {
        let user = differ.links.row(*link).number;
        differ.seen.link(*link).is_some() || user.is_some_and(|user| adopted.contains(&user))
    };
    let is_said = release::number(&differ.input, &Hand::Deleted).is_some();
    if live.is_empty() || is_said || live.iter().any(is_found) {
        return;
    }
    let why = format!(
        "not one of {} that the ledger knows was found: is this the right endpoint and tenant? If they are really gone, {} drops their links",
        count(live.len(), "account", "accounts"),
        command::forget_vanished(&differ.input.desired.app.id, live.len())
    );
    let is_new = |change: &&mut Change| {
        let link = change.key.person().and_then(|id| differ.links.of_id(id));
        let is_known = link.is_some_and(|link| !differ.links.row(link).is_tombstone());
        change.kind == ChangeKind::Create && !is_known && change.verdict.is_do()
    };
    for change in changes.iter_mut().filter(is_new) {
        change.verdict = Verdict::Held { by: "link".into(), why: why.clone() };
    }
}
