//! What guards hold, for the ledger: what they held before this plan, and what they hold in it (safety.md 11).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::AppId;
use crate::model::change::{Change, ChangeKey};
use crate::model::holds::{Hold, HoldKey, Holds};
use crate::model::ledger::LedgerUpdate;

/// What guards held and hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeldWork {
    /// What the ledger says.
    pub stored: Holds,
    /// The same under today's ids.
    pub today: Holds,
    /// Everything that is held in this plan.
    pub now: BTreeSet<HoldKey>,
    /// What no change of this plan is about, because it is done or the files take it back.
    pub taken_back: BTreeSet<HoldKey>,
    /// What the plan has another value for: the files take the held one back.
    pub other_value: BTreeSet<HoldKey>,
    /// The commit that is planned.
    pub commit: Option<Arc<str>>,
}

impl HeldWork {
    /// What the ledger has to learn of these changes, which are sorted by key: what is held now, and what is so no longer. A
    /// change that something else holds back, or that is not among them, stays as it is.
    pub(crate) fn update(&self, app: &AppId, changes: &[Change]) -> Option<LedgerUpdate> {
        let is_over = |key: &HoldKey| {
            let of: ChangeKey = key.change(app);
            match changes.binary_search_by(|other| other.key.cmp(&of)) {
                Ok(place) => {
                    let change = &changes[place];
                    let is_other = !key.guard.may_hold(change) || self.other_value.contains(key);
                    change.verdict.is_do() || is_other
                }
                Err(_) => self.taken_back.contains(key),
            }
        };
        let Self { stored, today, now, commit, .. } = self;
        let stays = |key: &HoldKey| now.contains(key) || !is_over(key);
        // What is kept under an earlier id moves to today's.
        let over = stored.keys().filter(|key| !(today.contains_key(key) && stays(key)));
        let over: BTreeSet<HoldKey> = over.chain(today.keys().filter(|key| !stays(key))).cloned().collect();
        let over: Vec<HoldKey> = over.into_iter().collect();
        let moved = today.iter().filter(|(key, _)| !stored.contains_key(*key) && stays(key));
        let moved = moved.map(|(key, commit)| Hold::new(key.clone(), commit.clone()));
        let new = now.iter().filter(|key| !today.contains_key(key));
        let new = new.map(|key| Hold::new(key.clone(), commit.clone()));
        let now: Vec<Hold> = moved.chain(new).collect();
        (!now.is_empty() || !over.is_empty()).then_some(LedgerUpdate::Held { now, over })
    }
}
