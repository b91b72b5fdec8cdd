//! A plan file is a claim: only what a fresh plan finds as well, and equal, is done (design.md 4).

use std::collections::BTreeMap;

use crate::model::change::{Change, ChangeKey, Verdict};
use crate::plan::{AppPlan, AppStatus, Plan};

/// Short name of the verdict on changes that were not in the plan that was accepted.
pub const MOVED: &str = "moved";

/// Holds back everything in `fresh` that `accepted` does not hold equally, and names what `accepted` held that is not
/// there any more. True if nothing moved.
pub fn to_accepted(fresh: &mut AppPlan, accepted: &AppPlan) -> Vec<ChangeKey> {
    let claims: BTreeMap<&ChangeKey, &Change> =
        accepted.to_do().map(|change| (&change.key, change)).collect();
    let mut moved = Vec::new();
    for change in fresh.changes.iter_mut().filter(|change| change.verdict.is_do()) {
        if claims
            .get(&change.key)
            .is_some_and(|claim| is_equal(claim, change))
        {
            continue;
        }
        let why = "it is not in the plan that was accepted, or differs from it: plan again".to_owned();
        change.verdict = Verdict::Held {
            by: MOVED.into(),
            why,
        };
        moved.push(change.key.clone());
    }
    let there: Vec<_> = fresh.changes.iter().map(|change| &change.key).collect();
    if fresh.status == AppStatus::Planned {
        moved.extend(
            claims
                .keys()
                .filter(|key| !there.contains(key))
                .map(|key| (*key).clone()),
        );
    }
    moved.sort();
    moved.dedup();
    moved
}

/// The same effect: what is compared is what the plan's id is made of.
fn is_equal(claim: &Change, change: &Change) -> bool {
    let sets = |change: &Change| -> Vec<_> {
        change
            .sets
            .iter()
            .map(|set| (set.path.clone(), set.value.clone()))
            .collect()
    };
    claim.kind == change.kind
        && claim.old.hash == change.old.hash
        && claim.new.hash == change.new.hash
        && claim.new.text == change.new.text
        && claim.remote == change.remote
        && sets(claim) == sets(change)
}

/// The accepted plan of an app.
pub fn accepted<'p>(plan: &'p Plan, app: &AppPlan) -> Option<&'p AppPlan> {
    plan.apps
        .iter()
        .find(|accepted| accepted.app == app.app && accepted.endpoint == app.endpoint)
}
