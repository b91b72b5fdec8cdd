//! What a run asks for when it takes the lease, and what it is told.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::model::AppId;
use crate::model::holds::Hold;
use crate::model::ledger::{FormerRole, Intent, LedgerSnapshot, Loss};
use crate::model::time::Timestamp;

use super::rules::AppLinks;

/// What a run wants to hold.
#[derive(Debug, Clone)]
pub struct BeginRequest {
    /// The run's id: letters, digits, `-`, `_`, `.`; unique for ever.
    pub run: Arc<str>,
    /// Who: user and host, for the messages of others.
    pub holder: Arc<str>,
    /// The plan being applied.
    pub plan: Arc<str>,
    /// The commit being applied; `None` for a working tree.
    pub commit: Option<Arc<str>>,
    /// The apps with all that is intended in each. All are taken, or none.
    pub apps: Vec<(AppId, Vec<Intent>)>,
    /// The losses of access that are intended in each app, for the guards of the next plans.
    pub losses: BTreeMap<AppId, BTreeSet<Loss>>,
    /// Values of roles that are to be given in each app.
    pub values: BTreeMap<AppId, BTreeSet<FormerRole>>,
    /// What guards hold newly in each app.
    pub held: BTreeMap<AppId, Vec<Hold>>,
    /// How long the lease lasts without renewal.
    pub lease: Duration,
    /// How long to wait for the lease of another run; `None` refuses at once.
    pub wait: Option<Duration>,
    /// The wall clock now.
    pub now: Timestamp,
    /// The local result file, `RUN.jsonl` in a folder of this clone.
    pub results: PathBuf,
}

/// What a run before this one left unfinished: each intent may or may not have happened, so the app is asked before
/// any repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The app.
    pub app: AppId,
    /// The run that left it.
    pub run: Arc<str>,
    /// Who ran it, if it still had the lease: it was interrupted.
    pub interrupted: Option<Arc<str>>,
    /// Intents without a known end.
    pub intents: Vec<Intent>,
}

/// What taking the lease found out.
pub(crate) struct Begun {
    pub snapshot: LedgerSnapshot,
    pub versions: BTreeMap<AppId, Arc<str>>,
    pub leftover: Vec<Leftover>,
    pub links: BTreeMap<AppId, AppLinks>,
    /// When the write began: the lease counts from here, however long it took.
    pub asked_at: Instant,
}
