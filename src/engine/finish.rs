//! The updates of the ledger at the end of an app's apply.

use super::plan::Planned;
use super::{ApplyOptions, Configuration, Engine, restrict};
use crate::ledger::Finish;
use crate::model::ledger::{Applied, LedgerUpdate};
use crate::model::result::AppResult;
use crate::plan::AppStatus;

/// The updates of the ledger at the end of an app's apply.
pub(super) fn finish(
    engine: &Engine,
    config: &Configuration,
    planned: &Planned,
    options: &ApplyOptions,
    result: &AppResult,
) -> Finish {
    let at = engine.clock.now();
    let plan = planned.plan.apps.iter().find(|plan| plan.app == result.app);
    let app = config.company.app(result.app.as_str());
    let mut updates = Vec::new();
    let full = !options.plan.selection.is_partial()
        && !options.partial
        && result.is_settled()
        && plan.is_some_and(|plan| {
            plan.status == AppStatus::Planned && !plan.work.clock_in_doubt && !restrict::has_moved(plan)
        });
    if let (true, Some(app), Some(plan)) = (full, app, plan) {
        updates.push(LedgerUpdate::Completed(at));
        let roles = config.programs.values_of_roles(app);
        let roles = roles.map(|(role, value)| (role.id.clone(), value.clone()));
        let failed = result.failed().map(|change| &change.key);
        updates.extend(plan.value_roles(roles, failed));
        let people = config.company.users.len() as u64;
        updates.push(LedgerUpdate::Applied(Applied {
            commit: config.inputs.clean_commit().map(Into::into),
            at,
            people,
            users_per_file: config.company.users_per_file.clone(),
        }));
    }
    Finish { app: result.app.clone(), updates, leftover_settled: full }
}
