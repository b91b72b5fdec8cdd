//! A plan file is a claim: a change is done only if a new plan has an equal one (design.md 4).

use std::collections::{BTreeMap, BTreeSet};

use super::plan::Planned;
use crate::model::change::{Change, ChangeKey, Verdict};
use crate::plan::{AppPlan, AppStatus, Plan};

/// Short name of the verdict on changes that were not in the accepted plan.
const MOVED: &str = "moved";

/// Differences between the accepted plan and a new one.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    /// New changes that were not accepted, or not in this form: they are held back.
    pub refused: Vec<ChangeKey>,
    /// Accepted changes that are not needed any more.
    pub settled: Vec<ChangeKey>,
}

impl Moved {
    /// Adds the differences of another app.
    pub fn extend(&mut self, other: Moved) {
        self.refused.extend(other.refused);
        self.settled.extend(other.settled);
    }
}

/// Holds back each change that has no equal in the accepted plan. Apps that a partial plan did not look at are left
/// out.
pub fn restrict_to(planned: &mut Planned, accepted: &Plan) -> Moved {
    let mut moved = Moved::default();
    if accepted.inputs.partial {
        planned.plan.inputs.partial = true;
        leave_out(&mut planned.plan.apps, accepted);
    }
    for app in &mut planned.plan.apps {
        let claim = accepted.apps.iter().find(|claim| claim.app == app.app && claim.endpoint == app.endpoint);
        match claim {
            Some(claim) => moved.extend(to_accepted(app, claim)),
            None => moved.refused.extend(to_nothing(app)),
        }
    }
    moved
}

fn leave_out(apps: &mut [AppPlan], accepted: &Plan) {
    let known = accepted.apps.iter().flat_map(|app| &app.changes);
    let known: BTreeSet<&ChangeKey> = known.map(|change| &change.key).collect();
    for app in apps {
        app.changes.retain(|change| known.contains(&change.key));
    }
}

/// True if a change of this app is held because it was not accepted.
pub fn has_moved(app: &AppPlan) -> bool {
    let by_us = |change: &Change| matches!(&change.verdict, Verdict::Held { by, .. } if **by == *MOVED);
    app.held().any(by_us)
}

/// Holds back all changes.
pub fn to_nothing(app: &mut AppPlan) -> Vec<ChangeKey> {
    let changes = app.changes.iter_mut().filter(|change| change.verdict.is_do());
    changes
        .map(|change| hold(change, "the accepted plan does not speak of this app and endpoint: plan again"))
        .collect()
}

fn to_accepted(fresh: &mut AppPlan, accepted: &AppPlan) -> Moved {
    let claims: BTreeMap<&ChangeKey, &Change> =
        accepted.to_do().map(|change| (&change.key, change)).collect();
    let is_claimed = |change: &Change| claims.get(&change.key).is_some_and(|claim| is_equal(claim, change));
    let others = fresh.changes.iter_mut().filter(|change| change.verdict.is_do() && !is_claimed(change));
    let why = "it is not in the plan that was accepted, or differs from it: plan again";
    let refused = others.map(|change| hold(change, why)).collect();
    let there: BTreeSet<_> = fresh.changes.iter().map(|change| &change.key).collect();
    let settled = claims.keys().filter(|key| !there.contains(*key));
    let settled = settled.filter(|_| fresh.status == AppStatus::Planned);
    Moved { refused, settled: settled.map(|key| (*key).clone()).collect() }
}

fn hold(change: &mut Change, why: &str) -> ChangeKey {
    change.verdict = Verdict::Held { by: MOVED.into(), why: why.to_owned() };
    change.key.clone()
}

/// True for the same effect. The fields that make up the plan's id are compared.
fn is_equal(claim: &Change, change: &Change) -> bool {
    let sets = |change: &Change| -> Vec<_> {
        change.sets.iter().map(|set| (set.path.clone(), set.value.clone())).collect()
    };
    claim.kind == change.kind
        && claim.old.hash == change.old.hash
        && claim.new.hash == change.new.hash
        && claim.new.text == change.new.text
        && claim.remote == change.remote
        && sets(claim) == sets(change)
}
