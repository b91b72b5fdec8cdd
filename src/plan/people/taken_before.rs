//! Values that the app refused, because an account has them that no list may show (safety.md 2). The plan asks about that account; what it
//! shows is foreseen as for any other one.

use super::hands;
use crate::model::intervention::Hand;
use crate::model::ledger::LedgerUpdate;
use crate::model::remote::{Kind, Presence};
use crate::model::{RemoteId, UserId};
use crate::plan::decide::context::Context;

/// What the ledger knows no more: the account is gone or the person's own, or has no value that the person is to have.
pub(crate) fn over(cx: &Context) -> Vec<LedgerUpdate> {
    let known = cx.input.ledger.interventions.keys().filter(|(id, hand)| match hand {
        Hand::Taken(holder) => !stands(cx, id, holder),
        _ => false,
    });
    known.flat_map(|entry| hands::released(cx, entry)).collect()
}

fn stands(cx: &Context, id: &UserId, holder: &RemoteId) -> bool {
    let is_unknown = matches!(cx.answers.get(Kind::User, holder), Some(Presence::Unknown { .. }));
    let user = cx.number(cx.links().today(id));
    let taken = user.and_then(|user| cx.differ.seen.taken.get(&user));
    is_unknown || taken.is_some_and(|taken| taken.iter().any(|taken| taken.holder == *holder))
}
