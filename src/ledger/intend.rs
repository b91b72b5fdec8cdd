//! What a run sets out to do, on record before the first request: the next run asks about all of it if this one dies
//! (safety.md 7).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::AppId;
use crate::model::holds::Hold;
use crate::model::ledger::{self, Attempt, FormerRole, Intent, Loss, Losses, OpenIntent};
use crate::model::stored_link::Names;

use super::app_state::AppState;
use super::decode;
use super::error::LedgerError;
use super::held;
use super::layout;
use super::lease;
use super::run::Run;
use super::text;
use super::view::Edits;

/// What a run sets out to do in an app.
#[derive(Debug, Clone)]
pub struct Intended {
    pub app: AppId,
    pub intents: Vec<Intent>,
    /// Values of roles that are to be given.
    pub values: BTreeSet<FormerRole>,
    /// The losses of access among them.
    pub lost: BTreeSet<Loss>,
    /// What guards hold newly.
    pub held: Vec<Hold>,
}

impl Run {
    /// Adds to what this run sets out to do, in one write: what was found under the lease and is done as well. The losses
    /// take the place of those that it intended before.
    ///
    /// # Errors
    /// The lease was lost, or the write did not come through: nothing of it may be sent.
    pub fn intend(&self, more: &[Intended]) -> Result<(), LedgerError> {
        let session = &self.session;
        let names = Names::default();
        let count: usize = more.iter().map(|more| more.intents.len()).sum();
        session.store.write(&mut |view, _, _| {
            let mut edits = Edits::new();
            for Intended { app, intents, values, lost, held } in more {
                lease::of_run(&session.run, view, app)?;
                let state = decode::app(view, app, &names)?;
                edits.extend(self::edits(&session.run, app, intents, &session.attempt(), &state));
                let folder = layout::app_folder(app);
                let Some(mut kept) = decode::state(view, &folder)? else { continue };
                let before = (kept.lost.clone(), kept.former_roles.len());
                ledger::intend_values(&mut kept.former_roles, &kept.roles, values.iter().cloned());
                let losses = Losses {
                    run: session.run.clone(),
                    at: session.now,
                    commit: kept.begun.clone(),
                    lost: lost.clone(),
                };
                ledger::intend_losses(&mut kept.lost, losses);
                let held = held::file(view, &folder, &mut kept, held)?;
                if kept.lost != before.0 || kept.former_roles.len() > before.1 || held.is_some() {
                    edits.insert(format!("{folder}/state.json"), Some(text::pretty(&kept)));
                }
                edits.extend(held.map(|(path, bytes)| (path, Some(bytes))));
            }
            Ok((edits, session.entry(format!("{count} more changes intended"))))
        })?;
        Ok(())
    }
}

/// Puts a run's intents beside those that are open; the same change again is that run's now.
pub(crate) fn edits(
    run: &Arc<str>,
    app: &AppId,
    intents: &[Intent],
    attempt: &Attempt,
    state: &AppState,
) -> Edits {
    let again: BTreeSet<_> = intents.iter().map(|intent| &intent.key).collect();
    let open = state.ledger.intents.iter().filter(|intent| !again.contains(&intent.key)).cloned();
    let before: BTreeMap<_, _> = state.ledger.intents.iter().map(|intent| (&intent.key, intent)).collect();
    // What this run has set out to do already is not another attempt.
    let ours = intents.iter().map(|intent| match before.get(&intent.key) {
        Some(before) if before.run == *run => {
            OpenIntent { looked_up: before.looked_up || intent.looked_up, ..(*before).clone() }
        }
        before => OpenIntent::new(run.clone(), intent, attempt, before.copied()),
    });
    let all: Vec<_> = open.chain(ours).collect();
    let path = format!("{}/intents.jsonl", layout::app_folder(app));
    if all.is_empty() && !state.files.contains_key(&path) {
        return Edits::new();
    }
    Edits::from([(path, (!all.is_empty()).then(|| text::jsonl(all)))])
}
