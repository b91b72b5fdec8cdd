//! Access that remains although its person is to have none: the plan says since when, and the ledger remembers it until the
//! access is gone (safety.md 1).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{former, hands};
use crate::model::UserId;
use crate::model::change::{Change, Object};
use crate::model::intervention::{Hand, Intervention};
use crate::model::ledger::LedgerUpdate;
use crate::model::time::Ago;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::NoticeKind;

/// Adds its age to each notice that says so, and what the ledger learns.
pub(crate) fn with_ages(cx: &Context, mut decided: Decision) -> Decision {
    let at = cx.input.resolved.at;
    let mut said = BTreeSet::new();
    for notice in decided.notices.iter_mut().filter(|notice| notice.kind == NoticeKind::StillHasAccess) {
        let Some(Object::User(id)) = &notice.subject else { continue };
        if let Some(seen) = hands::entry(cx, id, &Hand::Remains) {
            notice.text = format!("{}; first seen {}", notice.text, Ago::since(seen.at, at));
        }
        said.insert(id.clone());
    }
    let is_known = |id: &&UserId| hands::entry(cx, id, &Hand::Remains).is_some();
    let first_seen = |id: &UserId| {
        let lines = cx.input.key.texts([id.as_str(), &Hand::Remains.to_string(), ""]);
        LedgerUpdate::Intervened(Intervention {
            user: id.clone(),
            hand: Hand::Remains,
            at,
            commit: former_of(cx, id),
            lines,
            decided: false,
            decided_at: None,
        })
    };
    let news: Vec<_> = said.iter().filter(|id| !is_known(id)).map(first_seen).collect();
    let over = over(cx, &decided, &said);
    decided.observed.extend(news);
    decided.observed.extend(over);
    decided
}

/// The commit that says who a person was whom no file declares any more, and whose account has no entry: the next applied one
/// does not say it.
fn former_of(cx: &Context, id: &UserId) -> Option<Arc<str>> {
    let is_seen = || cx.links().of_id(id).is_some_and(|link| cx.seen(link).is_some());
    if cx.number(id).is_some() || is_seen() {
        return None;
    }
    let applied = cx.differ.applied_commit();
    let declares = |commit: &&Arc<str>| cx.answers.tree(commit).is_some_and(|tree| tree.person(id).is_some());
    let begun = || former::begun_for(cx, id).map(|(commit, _, _)| commit);
    applied.filter(declares).or_else(begun).cloned()
}

/// The entries of people whose access is gone, or is theirs again. One that this plan takes, or that it cannot judge, stays.
fn over(cx: &Context, decided: &Decision, said: &BTreeSet<UserId>) -> Vec<LedgerUpdate> {
    // The ledger may still use earlier ids.
    let today = |id| cx.links().today(id);
    let known = cx.input.ledger.interventions.keys().filter(|(_, hand)| *hand == Hand::Remains);
    let known: Vec<_> = known.filter(|(id, _)| !said.contains(today(id))).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let mut open: BTreeSet<&UserId> = decided.changes.iter().filter_map(Change::loser).collect();
    open.extend(&decided.frozen);
    let over = known.into_iter().filter(|(id, _)| !open.contains(today(id)));
    over.flat_map(|entry| hands::released(cx, entry)).collect()
}
