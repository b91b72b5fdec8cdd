//! Renamed ids: the move in the ledger is shown as a change of its own if the person has no other change of life.

use std::collections::HashSet;

use super::context::Context;
use super::decision::{Decision, Move};
use crate::model::RoleId;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object};
use crate::model::fact::Fact;
use crate::model::intervention::Hand;
use crate::model::ledger::{AppLedger, GroupKey, LedgerUpdate};

pub(super) fn decide_all(cx: &Context, decided: &Decision) -> Decision {
    let lives = decided.changes.iter().filter(|change| change.key.facet == Facet::Life);
    let taken: HashSet<&Object> = lives.map(|change| &change.key.object).collect();
    let untold = decided.moves.iter().filter(|moved| !taken.contains(&Object::User(moved.to.clone())));
    Decision { changes: untold.map(|moved| shown(cx, moved)).collect(), ..Decision::default() }
}

/// Roles that are kept as values and that the ledger knows by an earlier id, with their former group if they had one. A role that
/// is a group moves with its group.
pub(super) fn of_value_roles(cx: &Context) -> impl Iterator<Item = LedgerUpdate> {
    let (app, ledger) = (cx.input.desired.app, cx.input.ledger);
    let values = app.roles.iter().filter(|role| role.kind.value().is_some());
    let ids = values.flat_map(|role| role.previously.iter().map(|from| (from, &role.id)));
    let keys = ids.map(|(from, to)| (GroupKey::Role(from.clone()), from, GroupKey::Role(to.clone())));
    let moved = keys.filter(|(key, from, _)| is_known(ledger, key, from));
    moved.map(|(from, _, to)| LedgerUpdate::MoveGroup { from, to })
}

/// True if the ledger names this role anywhere.
fn is_known(ledger: &AppLedger, key: &GroupKey, role: &RoleId) -> bool {
    let is_it = |facet: &Facet| facet.role() == Some(role);
    let mut links = ledger.users.values();
    let mut lost = ledger.losses.iter().flat_map(|losses| &losses.lost);
    ledger.groups.contains_key(key)
        || ledger.roles.contains_key(role)
        || ledger.former_roles.iter().any(|former| former.role == *role)
        || links.any(|link| link.roles.contains(role) || link.found_roles.contains(role))
        || ledger.interventions.keys().any(|(_, hand)| matches!(hand, Hand::Revoked(of) if of == role))
        || ledger.given.keys().any(|(of, _)| of == key)
        || lost.any(|loss| loss.of.as_ref() == Some(key))
        || ledger.holds.keys().any(|hold| is_it(&hold.facet))
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
