//! Losses of access that did not happen. All of them were written down with the intents, and count in the plans of the
//! next 24 hours (safety.md 11).

use super::run::Apply;
use crate::model::ledger::{LedgerUpdate, Loss, Settled};
use crate::model::op::OutcomeKind;

/// The losses of changes of which the app answered that nothing was done, or which were not sent.
pub(super) fn not_lost(apply: &Apply<'_>, settled: &[Settled]) -> Option<LedgerUpdate> {
    let is_undone = |one: &&Settled| matches!(one.outcome, OutcomeKind::Refused | OutcomeKind::NotSent);
    let losses = |one: &Settled| apply.job.plan.work.losses.get(&one.key);
    let lost: Vec<Loss> = settled.iter().filter(is_undone).filter_map(losses).flatten().cloned().collect();
    (!lost.is_empty()).then(|| LedgerUpdate::NotLost { run: apply.job.run.clone(), lost })
}
