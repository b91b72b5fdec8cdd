//! Files of a ledger that hold more than one thing of the model: strict (`deny_unknown_fields`), as all that is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::intervention::Intervention;
use crate::model::ledger::{Applied, Earlier, FormerRole, LedgerUpdate, Losses, OldLosses, Settled};
use crate::model::stored_text;
use crate::model::time::Timestamp;
use crate::model::{AppId, RoleId};

/// The format that this version writes. An older program refuses it.
pub(crate) const FORMAT: u64 = 2;

/// The oldest format that this version reads. All that format 2 added may be absent; the next write carries the ledger over.
pub(crate) const OLDEST_FORMAT: u64 = 1;

/// `ledger.json`. The key is secret among those who may read the ledger: no `Debug`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Root {
    pub format: u64,
    pub id: String,
    pub serial: u64,
    pub key: String,
    /// The folders of the apps; a root that no version with this list has written has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apps: Option<BTreeSet<String>>,
}

/// Read first, so that another format is named instead of its unknown fields.
#[derive(Deserialize)]
pub(crate) struct RootFormat {
    pub format: u64,
}

/// `state.json` of an app.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StateFile {
    pub app: AppId,
    #[serde(default, skip_serializing_if = "str::is_empty", deserialize_with = "stored_text::endpoint")]
    pub endpoint: Arc<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Applied>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "stored_text::roles")]
    pub roles: BTreeMap<RoleId, Arc<str>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub former_roles: BTreeSet<FormerRole>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Losses>,
    #[serde(default, rename = "losses", skip_serializing)]
    pub old_losses: OldLosses,
    /// Entries in the files beside this one: one that was lost is not taken for people who never were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<Counts>,
}

/// How many entries the files of an app hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counts {
    pub users: u64,
    pub groups: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub holds: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// One line below `pending/`, and of the local result file: what one op did.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// Its number in the run, from 1.
    pub seq: u64,
    /// The app; said in the local file, where several apps share lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<AppId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<Settled>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub updates: Vec<LedgerUpdate>,
}

/// Refuses a step that could not be read back: one such line would make the whole ledger unreadable.
pub(crate) fn readable(step: &LedgerUpdate) -> Result<(), String> {
    let subject = match step {
        LedgerUpdate::PutUser { id, .. } | LedgerUpdate::ForgetUser(id) => format!("user {id}: "),
        LedgerUpdate::MoveUser { to, .. } => format!("user {to}: "),
        LedgerUpdate::PutGroup { key, .. }
        | LedgerUpdate::Members { key, .. }
        | LedgerUpdate::Before { key, .. }
        | LedgerUpdate::ForgetGroup(key) => format!("{key}: "),
        LedgerUpdate::MoveGroup { to, .. } => format!("{to}: "),
        LedgerUpdate::Endpoint(_)
        | LedgerUpdate::Roles(_)
        | LedgerUpdate::FormerRoles(_)
        | LedgerUpdate::NotLost { .. }
        | LedgerUpdate::Held { .. }
        | LedgerUpdate::OldLosses(_)
        | LedgerUpdate::Completed(_)
        | LedgerUpdate::Applied(_) => String::new(),
        LedgerUpdate::Intervened(Intervention { user, .. })
        | LedgerUpdate::Released { user, .. }
        | LedgerUpdate::Decided { user, .. }
        | LedgerUpdate::Granted { user, .. } => format!("user {user}: "),
    };
    // As a value and not as text: the error of a text would name a place in a line that nobody has seen.
    let back = serde_json::to_value(step).and_then(serde_json::from_value::<LedgerUpdate>);
    back.map(|_| ()).map_err(|why| format!("{subject}{why}"))
}
