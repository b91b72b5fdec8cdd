//! The end of a run: its results go into the shards, its lease is given back, in one write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::model::change::ChangeKey;
use crate::model::ledger::{LedgerUpdate, Settled};
use crate::model::stored_link::Names;
use crate::model::time::Timestamp;
use crate::model::{AppId, LedgerSnapshot};

use super::app_state::AppState;
use super::decode;
use super::encode;
use super::error::LedgerError;
use super::lease;
use super::outcomes::{self, Outcomes};
use super::pending;
use super::rules;
use super::run::Run;
use super::session::Session;
use super::stored::{self, Record};
use super::view::{Edits, Entry, View};

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
        // A result that was not taken down leaves its intent open, and no end of an app can be claimed.
        let mut whole = self.session.state().torn.is_none();
        let unreadable = finals.iter().find_map(|last| {
            let updates = last.updates.iter();
            let why = updates.map(stored::readable).find_map(Result::err)?;
            Some(format!("refused by the ledger of {}: {why}", last.app))
        });
        whole &= unreadable.is_none();
        let finals = if whole { finals } else { Vec::new() };
        let closed = close(&self.session, finals, whole)?;
        match unreadable {
            Some(why) => Err(LedgerError::Refused(why)),
            None => Ok(closed),
        }
    }

    /// Stopped on the way: folds what is known, leaves every open intent for the next run, gives the lease back. One
    /// write.
    ///
    /// # Errors
    /// As [`Run::finish`].
    pub fn abandon(mut self) -> Result<LedgerSnapshot, LedgerError> {
        self.stop();
        close(&self.session, Vec::new(), false)
    }
}

/// Tries again for a while: what a run found out is worth more than a few seconds.
fn close(session: &Session, finals: Vec<Finish>, finished: bool) -> Result<LedgerSnapshot, LedgerError> {
    if let Some(other) = finals.iter().find(|last| !session.apps.contains(&last.app)) {
        let why = format!("run {} does not hold app {}", session.run, other.app);
        return Err(LedgerError::Refused(why));
    }
    let mut pauses = [1, 3].into_iter();
    loop {
        let result = close_once(session, &finals, finished);
        let transient = matches!(
            result,
            Err(LedgerError::FetchFailed { .. }
                | LedgerError::PushRefused { .. }
                | LedgerError::Contended { .. })
        );
        match pauses.next().filter(|_| transient) {
            Some(seconds) => std::thread::sleep(Duration::from_secs(seconds)),
            None => return result,
        }
    }
}

fn close_once(session: &Session, finals: &[Finish], finished: bool) -> Result<LedgerSnapshot, LedgerError> {
    let queue = session.state().queue.clone();
    let names = Names::default();
    let how = if finished { "finished" } else { "stopped" };
    let mut after = None;
    session.store.write(&mut |view, root, key| {
        let now = session.wall();
        let mut snapshot = LedgerSnapshot {
            id: root.id.as_str().into(),
            serial: root.serial,
            key: key.clone(),
            apps: BTreeMap::new(),
        };
        if outcomes::is_there(view, &session.run)? {
            // An earlier push came through and only its answer was lost: nothing is left to do but to say so.
            for app in &session.apps {
                snapshot.apps.insert(app.clone(), decode::app(view, app, &names)?.ledger);
            }
            after = Some(snapshot);
            return Ok((Edits::new(), entry(session, "confirmed")));
        }
        let mut edits = Edits::new();
        let mut runs: BTreeMap<Arc<str>, Vec<Settled>> = BTreeMap::from([(session.run.clone(), Vec::new())]);
        for app in &session.apps {
            lease::of_run(&session.run, view, app)?;
            let mut state = decode::app(view, app, &names)?;
            for (run, settled) in state.take_pending() {
                runs.entry(run.into()).or_default().extend(settled);
            }
            let own = runs.entry(session.run.clone()).or_default();
            fold(&mut state, app, &session.run, &queue, own);
            let last = finals.iter().find(|last| last.app == *app);
            last.iter()
                .flat_map(|last| last.updates.iter().cloned())
                .for_each(|update| state.ledger.fold(update));
            if finished {
                close_intents(session, &mut state, own, last.is_some_and(|last| last.leftover_settled));
            }
            state.ledger.lease = None;
            rules::one_to_one(&state.ledger).map_err(|(_, why)| {
                LedgerError::Refused(format!("the results of {app} are not kept: {why}"))
            })?;
            edits.extend(encode::app(app, &state));
            snapshot.apps.insert(app.clone(), state.ledger);
        }
        edits.extend(reports(session, view, root.serial, runs, how, now)?);
        after = Some(snapshot);
        Ok((edits, entry(session, how)))
    })?;
    session.state().queue.clear();
    after.ok_or_else(|| LedgerError::Refused("the ledger was not written".to_owned()))
}

/// Of this run's intents only the `unknown` ones stay; of earlier runs' none, if this run read the whole app.
fn close_intents(session: &Session, state: &mut AppState, own: &[Settled], leftover_settled: bool) {
    let unknown = unknown(own);
    state.ledger.intents.retain(|intent| match intent.run == session.run {
        true => unknown.contains(&intent.key),
        false => !leftover_settled,
    });
}

/// How this run ended, and those whose results it found.
fn reports(
    session: &Session,
    view: &dyn View,
    serial: u64,
    runs: BTreeMap<Arc<str>, Vec<Settled>>,
    how: &str,
    now: Timestamp,
) -> Result<Edits, LedgerError> {
    let mut edits = Edits::new();
    for (run, settled) in runs {
        let mut report = Outcomes::interrupted(&run, settled, now);
        if run == session.run {
            report.plan = Some(session.plan.clone());
            report.holder = Some(session.holder.clone());
            report.started = Some(session.now);
            report.how = how.into();
        }
        edits.extend(outcomes::edits(view, serial, &report)?);
    }
    Ok(edits)
}

fn fold(state: &mut AppState, app: &AppId, run: &str, queue: &[Record], own: &mut Vec<Settled>) {
    let mut closed = BTreeSet::new();
    let pushed = state.seqs.get(run).copied().unwrap_or_default();
    let new = queue.iter().filter(|queued| queued.app.as_ref() == Some(app) && queued.seq > pushed);
    for queued in new {
        queued.updates.iter().cloned().for_each(|update| state.ledger.fold(update));
        pending::note(&mut closed, &queued.settled);
        own.extend(queued.settled.iter().cloned());
    }
    state.ledger.intents.retain(|intent| !closed.contains(&intent.key));
}

/// Changes whose last outcome is `unknown`.
fn unknown(settled: &[Settled]) -> BTreeSet<ChangeKey> {
    let mut unknown = BTreeSet::new();
    for one in settled {
        match pending::is_closed(one) {
            true => unknown.remove(&one.key),
            false => unknown.insert(one.key.clone()),
        };
    }
    unknown
}

fn entry(session: &Session, how: &str) -> Entry {
    let apps: Vec<_> = session.apps.iter().map(AppId::as_str).collect();
    session.entry(format!("{how} {}", apps.join(", ")))
}
