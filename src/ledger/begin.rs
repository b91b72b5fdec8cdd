//! Taking the lease: one write before the first request to an app, with everything the run sets out to do
//! (safety.md 7).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::model::AppId;
use crate::model::ledger::{self, Attempt, Intent, Lease, LedgerSnapshot, Losses};
use crate::model::stored_link::Names;
use crate::model::time::Timestamp;

use super::app_state::AppState;
use super::begun::{BeginRequest, Begun, Leftover};
use super::decode;
use super::encode;
use super::error::{Held, LedgerError};
use super::held;
use super::intend;
use super::layout;
use super::lease::{self, Watched};
use super::rules::AppLinks;
use super::run::Run;
use super::store::Store;
use super::text;
use super::view::{Edits, Entry, View};

impl Store {
    /// Takes the lease of every app in the request and writes down all intents, in one write. The ledger is read again
    /// under the lease: compare [`Run::version`] with that of the plan. While another run holds an app, and this one waits
    /// or watches whether that lease is renewed, `waiting` is told so now and then, and says whether to go on.
    ///
    /// # Errors
    /// [`LedgerError::Held`] if another run holds an app; every error of [`Store::read`]. Nothing was written then.
    pub fn begin(
        &self,
        request: BeginRequest,
        waiting: &mut dyn FnMut(&[Held]) -> bool,
    ) -> Result<Run, LedgerError> {
        if !layout::is_plain(&request.run) {
            return Err(LedgerError::Refused(format!("'{}' cannot be a run's id", request.run)));
        }
        let started = Instant::now();
        let who = format!("{}, run {}", request.holder, request.run);
        self.backend.hold(&who, request.wait, &mut |held| waiting(std::slice::from_ref(held)))?;
        let begun = self.take(&request, started, waiting);
        if begun.is_err() {
            self.backend.release();
        }
        Ok(Run::start(self.share(), request, started, begun?))
    }

    fn take(
        &self,
        request: &BeginRequest,
        started: Instant,
        waiting: &mut dyn FnMut(&[Held]) -> bool,
    ) -> Result<Begun, LedgerError> {
        let mut watched = Watched::default();
        let pause = (request.lease / 4).clamp(Duration::from_millis(100), Duration::from_secs(5));
        loop {
            let held = match self.try_take(request, started, &mut watched) {
                Err(LedgerError::Held(held)) => held,
                other => return other,
            };
            let waits = request.wait.is_some_and(|wait| started.elapsed() < wait);
            let may_go_on = waits || held.iter().all(Held::is_watched);
            if !may_go_on || !waiting(&held) {
                return Err(LedgerError::Held(held));
            }
            std::thread::sleep(pause);
        }
    }

    fn try_take(
        &self,
        request: &BeginRequest,
        started: Instant,
        watched: &mut Watched,
    ) -> Result<Begun, LedgerError> {
        let names = Names::default();
        let mut begun = None;
        self.write(&mut |view, root, key| {
            let asked_at = Instant::now();
            let now = lease::after(request.now, started.elapsed());
            let mut taken = Begun {
                snapshot: LedgerSnapshot {
                    id: root.id.as_str().into(),
                    serial: root.serial,
                    key: key.clone(),
                    apps: BTreeMap::new(),
                },
                versions: BTreeMap::new(),
                leftover: Vec::new(),
                links: BTreeMap::new(),
                asked_at,
            };
            let mut held = Vec::new();
            let mut edits = Edits::new();
            for (app, intents) in &request.apps {
                let mut state = decode::app(view, app, &names)?;
                let name = layout::app_name(app);
                if state.files.is_empty() && root.apps.as_ref().is_some_and(|named| named.contains(&name)) {
                    return Err(self.lost_apps([name].into()));
                }
                // An operating-system lock, which is ours now, takes the place of a lease.
                let lease = state.ledger.lease.as_ref().filter(|_| !self.backend.is_locked_by_system());
                if let Some(other) = lease.and_then(|lease| watched.look(app, lease, now)) {
                    held.push(other);
                    continue;
                }
                taken.leftover.extend(leftover(app, &state));
                taken.versions.insert(app.clone(), state.version(&layout::app_folder(app)));
                edits.extend(lease_edits(view, request, app, intents, &state, now)?);
                taken.links.insert(app.clone(), AppLinks::of(&state.ledger));
                state.ledger.lease = None;
                taken.snapshot.apps.insert(app.clone(), state.ledger);
            }
            if !held.is_empty() {
                return Err(LedgerError::Held(held));
            }
            begun = Some(taken);
            Ok((edits, begin_entry(request, now)))
        })?;
        begun.ok_or_else(|| LedgerError::Refused("the ledger was not written".to_owned()))
    }
}

fn leftover(app: &AppId, state: &AppState) -> Vec<Leftover> {
    let mut runs: BTreeMap<Arc<str>, Vec<Intent>> = BTreeMap::new();
    if let Some(lease) = &state.ledger.lease {
        runs.entry(lease.run.clone()).or_default();
    }
    for intent in &state.ledger.intents {
        runs.entry(intent.run.clone()).or_default().push(intent.intent());
    }
    let of = |(run, intents): (Arc<str>, Vec<Intent>)| {
        let lease = state.ledger.lease.as_ref().filter(|lease| lease.run == run);
        Leftover { app: app.clone(), interrupted: lease.map(|lease| lease.holder.clone()), run, intents }
    };
    runs.into_iter().map(of).collect()
}

fn lease_edits(
    view: &dyn View,
    request: &BeginRequest,
    app: &AppId,
    intents: &[Intent],
    state: &AppState,
    now: Timestamp,
) -> Result<Edits, LedgerError> {
    let folder = layout::app_folder(app);
    let mut edits = Edits::new();
    // Not from `state`, which has results folded in that are still to come in files of their own.
    let before = decode::state(view, &folder)?;
    let mut kept = before.unwrap_or_else(|| encode::state(app, &state.ledger));
    let lost = request.losses.get(app).cloned().unwrap_or_default();
    let held = request.held.get(app).map_or(&[][..], Vec::as_slice);
    let held = held::file(view, &folder, &mut kept, held)?;
    let values = request.values.get(app).into_iter().flatten().cloned();
    let known = kept.former_roles.len();
    ledger::intend_values(&mut kept.former_roles, &kept.roles, values);
    let has_news = (request.commit.is_some() && kept.begun != request.commit)
        || kept.former_roles.len() > known
        || !lost.is_empty()
        || held.is_some();
    if state.files.is_empty() || has_news {
        kept.begun = request.commit.clone().or(kept.begun);
        let losses =
            Losses { run: request.run.clone(), at: request.now, commit: request.commit.clone(), lost };
        ledger::intend_losses(&mut kept.lost, losses);
        edits.insert(format!("{folder}/state.json"), Some(text::pretty(&kept)));
    }
    let lease = Lease {
        run: request.run.clone(),
        holder: request.holder.clone(),
        plan: request.plan.clone(),
        renewed: now,
        expires: lease::after(now, request.lease),
    };
    edits.insert(format!("{folder}/lease.json"), Some(text::pretty(&lease)));
    edits.extend(held.map(|(path, bytes)| (path, Some(bytes))));
    let attempt = Attempt { at: now, commit: request.commit.clone() };
    edits.extend(intend::edits(&request.run, app, intents, &attempt, state));
    Ok(edits)
}

fn begin_entry(request: &BeginRequest, now: Timestamp) -> Entry {
    let apps: Vec<_> = request.apps.iter().map(|(app, _)| app.as_str()).collect();
    let intents: usize = request.apps.iter().map(|(_, intents)| intents.len()).sum();
    Entry {
        what: format!("begin {} ({intents} changes intended)", apps.join(", ")),
        run: Some(request.run.to_string()),
        author: Some(request.holder.to_string()),
        reason: None,
        at: now,
    }
}
