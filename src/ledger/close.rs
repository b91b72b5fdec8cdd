//! The end of a run: its results go into the shards, its lease is given back, in one write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::change::ChangeKey;
use crate::model::ledger::{LedgerUpdate, Settled};
use crate::model::time::Timestamp;
use crate::model::{AppId, LedgerSnapshot};

use super::checkpoint::ours;
use super::convert::Names;
use super::decode::{self, AppState};
use super::encode;
use super::error::LedgerError;
use super::outcomes::{self, Outcomes};
use super::rules;
use super::run::{Inner, Queued, Run};
use super::view::{Edits, Entry};

/// The end of one app's apply.
#[derive(Debug, Clone)]
pub struct Finish {
    /// The app.
    pub app: AppId,
    /// Last steps: `Applied`, `Completed`, `Losses` …
    pub updates: Vec<LedgerUpdate>,
    /// True if this run read the app completely, so that what earlier runs left open is known now.
    pub leftover_settled: bool,
}

impl Run {
    /// Everything was tried: folds all results and `finals` into the ledger, drops the intents of this run except those
    /// whose outcome is `unknown`, gives the lease back. One write.
    ///
    /// # Errors
    /// If the lease was lost or the write did not come through: the results are in the local result file, and the next
    /// run asks the apps about every intent.
    pub fn finish(mut self, finals: Vec<Finish>) -> Result<LedgerSnapshot, LedgerError> {
        self.stop();
        close(&self.inner, finals, true)
    }

    /// Stopped on the way: folds what is known, leaves every open intent for the next run, gives the lease back. One
    /// write.
    ///
    /// # Errors
    /// As [`Run::finish`].
    pub fn abandon(mut self) -> Result<LedgerSnapshot, LedgerError> {
        self.stop();
        close(&self.inner, Vec::new(), false)
    }
}

fn close(inner: &Inner, finals: Vec<Finish>, finished: bool) -> Result<LedgerSnapshot, LedgerError> {
    let queue = inner.book().queue.clone();
    if let Some(stranger) = finals.iter().find(|last| !inner.apps.contains(&last.app)) {
        return Err(LedgerError::Refused(format!(
            "run {} does not hold app {}",
            inner.run, stranger.app
        )));
    }
    let names = Names::default();
    let mut after = None;
    inner.store.write(&mut |view, root, key| {
        let now = inner.wall();
        let mut edits = Edits::new();
        let mut apps = BTreeMap::new();
        let mut runs: BTreeMap<Arc<str>, Vec<Settled>> = BTreeMap::from([(inner.run.clone(), Vec::new())]);
        for app in &inner.apps {
            ours(inner, view, app)?;
            let mut state = decode::app(view, app, &names)?;
            for (run, settled) in state.take_pending() {
                runs.entry(run.into()).or_default().extend(settled);
            }
            let own = runs.entry(inner.run.clone()).or_default();
            fold(&mut state, app, &queue, own);
            let last = finals.iter().find(|last| last.app == *app);
            last.iter()
                .flat_map(|last| last.updates.iter().cloned())
                .for_each(|update| state.ledger.fold(update));
            if finished {
                let unknown = unknown(own);
                let settled = last.is_some_and(|last| last.leftover_settled);
                state.intents.retain(|intent| match intent.run == inner.run {
                    true => unknown.contains(&intent.key),
                    false => !settled,
                });
            }
            state.lease = None;
            rules::one_to_one(&state.ledger).map_err(|(_, why)| {
                LedgerError::Refused(format!("the results of {app} are not kept: {why}"))
            })?;
            edits.extend(encode::app(app, &state));
            apps.insert(app.clone(), tidy(state));
        }
        let how = if finished { "finished" } else { "stopped" };
        for (run, settled) in runs {
            let own = run == inner.run;
            let mut report = Outcomes::interrupted(&run, settled, now);
            if own {
                report.plan = Some(inner.plan.clone());
                report.holder = Some(inner.holder.clone());
                report.started = Some(inner.now);
                report.how = how.into();
            }
            edits.extend(outcomes::edits(view, root.serial, &report)?);
        }
        after = Some(LedgerSnapshot {
            id: root.id.as_str().into(),
            serial: root.serial,
            key: key.clone(),
            apps,
        });
        Ok((edits, entry(inner, how, now)))
    })?;
    inner.book().queue.clear();
    after.ok_or_else(|| LedgerError::Refused("the ledger was not written".to_owned()))
}

/// The model's part, its intents as they are now.
fn tidy(state: AppState) -> crate::model::ledger::AppLedger {
    let open = state
        .intents
        .into_iter()
        .map(|intent| crate::model::ledger::Intent {
            key: intent.key,
            looked_up: intent.looked_up,
        });
    crate::model::ledger::AppLedger {
        intents: open.collect(),
        lease: None,
        ..state.ledger
    }
}

fn fold(state: &mut AppState, app: &AppId, queue: &[Queued], own: &mut Vec<Settled>) {
    let mut closed = BTreeSet::new();
    for queued in queue.iter().filter(|queued| queued.app == *app) {
        queued
            .updates
            .iter()
            .cloned()
            .for_each(|update| state.ledger.fold(update));
        decode::note(&mut closed, &queued.settled);
        own.extend(queued.settled.iter().cloned());
    }
    state.intents.retain(|intent| !closed.contains(&intent.key));
}

/// Changes whose last outcome is `unknown`.
fn unknown(settled: &[Settled]) -> BTreeSet<ChangeKey> {
    let mut unknown = BTreeSet::new();
    for one in settled {
        match decode::is_closed(one) {
            true => unknown.remove(&one.key),
            false => unknown.insert(one.key.clone()),
        };
    }
    unknown
}

fn entry(inner: &Inner, how: &str, now: Timestamp) -> Entry {
    let apps: Vec<_> = inner.apps.iter().map(AppId::as_str).collect();
    Entry {
        what: format!("{how} {}", apps.join(", ")),
        run: Some(inner.run.to_string()),
        author: Some(inner.holder.to_string()),
        reason: None,
        at: now,
    }
}
