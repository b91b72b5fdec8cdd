//! Renamed ids: the move in the ledger is shown as a change of its own if the person has no other change of life.

use std::collections::HashSet;

use super::context::Context;
use super::decision::{Decision, Move};
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object};
use crate::model::fact::Fact;

pub(super) fn decide_all(cx: &Context, decided: &Decision) -> Decision {
    let lives = decided.changes.iter().filter(|change| change.key.facet == Facet::Life);
    let taken: HashSet<&Object> = lives.map(|change| &change.key.object).collect();
    let untold = decided.moves.iter().filter(|moved| !taken.contains(&Object::User(moved.to.clone())));
    Decision { changes: untold.map(|moved| shown(cx, moved)).collect(), ..Decision::default() }
}

fn shown(cx: &Context, Move { from, to, remote }: &Move) -> Change {
    let mut change = cx.change(to, Facet::Life, ChangeKind::Relink, Cause::Config);
    change.remote = Some(remote.clone());
    change.old.text = Some(from.to_string());
    let fact = Fact::Renamed { user: to.clone(), from: from.clone() };
    let span = cx.number(to).map(|number| cx.input.resolved.company.users[number.index()].span);
    change.reasons = vec![cx.input.reason(fact, span)];
    change
}
