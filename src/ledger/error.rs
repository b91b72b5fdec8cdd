//! What can be wrong with a ledger, and the way out of each.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::model::AppId;
use crate::model::time::Timestamp;

use super::stored;

/// Why the ledger could not be read or written. The message says what happened, [`LedgerError::hint`] what to do.
/// None of these ever stands for an empty ledger (safety.md 5).
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The folder of a `path` ledger is not there, or holds no ledger.
    #[error("there is no ledger in {}", folder.display())]
    FolderAbsent {
        /// Where it should be.
        folder: PathBuf,
    },
    /// The branch is not there.
    #[error("the ledger branch {reference} does not exist in {place}")]
    RefAbsent {
        /// Full ref name.
        reference: Arc<str>,
        /// `remote NAME` or `this clone`.
        place: String,
    },
    /// Ref or remote are not what git knows by that name.
    #[error("the ledger branch cannot be reached: {why}")]
    WrongName {
        /// Which, and what is wrong with it.
        why: String,
    },
    /// The remote did not answer, or refused to be read.
    #[error("the ledger branch {reference} could not be fetched from remote '{remote}': {why}")]
    FetchFailed {
        /// Remote name.
        remote: Arc<str>,
        /// Full ref name.
        reference: Arc<str>,
        /// What git said, credentials removed.
        why: String,
    },
    /// The remote refused the push for another reason than a race.
    #[error("remote '{remote}' did not take the push to {reference}: {why}")]
    PushRefused {
        /// Remote name.
        remote: Arc<str>,
        /// Full ref name.
        reference: Arc<str>,
        /// What git said, credentials removed.
        why: String,
    },
    /// It is a ledger, but not the one `rolecall.yaml` names.
    #[error("the ledger in {place} has id {found}, but rolecall.yaml names {expected}")]
    OtherId {
        /// Where it is.
        place: String,
        /// In `rolecall.yaml`.
        expected: Arc<str>,
        /// In the ledger's root.
        found: Arc<str>,
    },
    /// It is older than what this clone has seen.
    #[error("the ledger in {place} has been rolled back: {seen}")]
    RolledBack {
        /// Where it is.
        place: String,
        /// What it lacks.
        seen: Seen,
        /// The file that remembers what was seen, for the hint.
        watermark: PathBuf,
        /// On a branch, and not in a folder.
        is_branch: bool,
    },
    /// It names apps of which it has nothing any more.
    #[error("the ledger in {place} has lost {}: ledger.json names {}, and the folder is gone", apps(folders), if folders.len() == 1 { "it" } else { "them" })]
    LostApps {
        /// Where it is.
        place: String,
        /// The folders below `apps/`.
        folders: BTreeSet<String>,
        /// On a branch, and not in a folder.
        is_branch: bool,
    },
    /// Another version of rolecall wrote it, in a format that this one does not read.
    #[error(
        "the ledger in {place} has format {found}, of {} rolecall; this version reads formats {} to {known}",
        if is_older(*found, *known) { "an older" } else { "a newer" },
        stored::OLDEST_FORMAT
    )]
    Format {
        /// Where it is.
        place: String,
        /// In the ledger's root.
        found: u64,
        /// Ours.
        known: u64,
    },
    /// A file in it is not what we write.
    #[error("the ledger file {file} is damaged{}: {why}", at(entry.as_deref()))]
    Damaged {
        /// Where the ledger is, and the file in it.
        file: String,
        /// The entry, by its key or line.
        entry: Option<String>,
        /// What is wrong.
        why: String,
    },
    /// `ledger init` found a ledger, or something else, in its place.
    #[error("{place} already exists")]
    Exists {
        /// Folder or ref.
        place: String,
    },
    /// `ledger init` with a `ledger.id` in `rolecall.yaml`, or where this clone has seen a ledger.
    #[error("a ledger with id {id} was in use in {place}; a new one would forget every account it knows")]
    WasUsed {
        /// Where.
        place: String,
        /// Its id.
        id: Arc<str>,
    },
    /// Another run is applying.
    #[error("{}", held_by(.0))]
    Held(Vec<Held>),
    /// The lease was taken over or unlocked while this run worked.
    #[error("this run has lost the lease of {app}: {now}")]
    LeaseLost {
        /// The app.
        app: AppId,
        /// Who has it now, in words.
        now: String,
    },
    /// Other runs' commits won every time.
    #[error("the ledger in {place} was changed by others {attempts} times in a row")]
    Contended {
        /// Where it is.
        place: String,
        /// How often we tried.
        attempts: u32,
    },
    /// A request that makes no sense for this ledger; nothing was changed.
    #[error("{0}")]
    Refused(String),
    /// The operating system said no.
    #[error("cannot {what} {}: {source}", path.display())]
    Io {
        /// A verb: `read`, `write`, `lock`.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The repository said no.
    #[error("cannot {what}: {why}")]
    Git {
        /// What was tried.
        what: String,
        /// Why.
        why: String,
    },
}

/// What this clone has seen of a ledger, and what the ledger does not have any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A higher serial than the one it has now.
    Serial {
        /// The highest one that was seen.
        seen: u64,
        /// In the ledger's root.
        found: u64,
    },
    /// This commit, which is not in its history.
    Commit(String),
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Serial { seen, found } => {
                write!(f, "its serial is {found}, but this clone has seen serial {seen}")
            }
            Self::Commit(commit) => {
                write!(f, "its history does not contain commit {commit}, which this clone has seen")
            }
        }
    }
}

/// A lease or an operating-system lock that another run has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The app; `None` if the whole folder is locked.
    pub app: Option<AppId>,
    /// The run.
    pub run: Arc<str>,
    /// Who: user and host.
    pub holder: Arc<str>,
    pub until: Until,
}

/// Until when another run has what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// A lock: until its holder ends.
    HolderEnds,
    /// A lease that is not over by this machine's clock.
    At(Timestamp),
    /// A lease that is over by this machine's clock, and is watched: if it is not renewed for as long as it lasts, it is
    /// taken over.
    Watched { over: Timestamp, lasts: Duration },
    /// A lease that is over by this machine's clock, and was renewed nevertheless.
    Renewed(Timestamp),
}

impl Held {
    /// True if its run may be dead, and it is found out now whether it is.
    pub fn is_watched(&self) -> bool {
        matches!(self.until, Until::Watched { .. })
    }
}

impl std::fmt::Display for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.app {
            Some(app) => write!(f, "app {app} is being applied by {}", self.holder)?,
            None => write!(f, "the ledger is in use by {}", self.holder)?,
        }
        if !self.run.is_empty() {
            write!(f, " (run {})", self.run)?;
        }
        match self.until {
            Until::HolderEnds => Ok(()),
            Until::At(until) => write!(f, ", who holds the lease until {until:.0}"),
            Until::Watched { over, lasts } => {
                let seconds = i64::try_from(lasts.as_secs()).unwrap_or(i64::MAX);
                let lasts = jiff::SignedDuration::from_secs(seconds);
                write!(
                    f,
                    ", whose lease was over at {over:.0} by this machine's clock, and is taken over if it is not renewed for {lasts:#}"
                )
            }
            Until::Renewed(over) => write!(
                f,
                ", who renews the lease, although it was over at {over:.0} by this machine's clock: one of the two clocks is wrong"
            ),
        }
    }
}

fn held_by(held: &[Held]) -> String {
    let all: Vec<_> = held.iter().map(Held::to_string).collect();
    all.join("; ")
}

fn apps(folders: &BTreeSet<String>) -> String {
    let names: Vec<_> = folders.iter().map(|folder| format!("apps/{folder}")).collect();
    names.join(", ")
}

fn is_older(found: u64, known: u64) -> bool {
    found < known
}

fn at(entry: Option<&str>) -> String {
    entry.map(|entry| format!(" at {entry}")).unwrap_or_default()
}

impl LedgerError {
    /// What to do about it: becomes a `hint:` line.
    pub fn hint(&self) -> String {
        match self {
            Self::FolderAbsent { .. } => {
                "restore the folder from a backup, or correct ledger.path in rolecall.yaml; only if there never was one, \
                 run 'rolecall ledger init'"
                    .to_owned()
            }
            Self::RefAbsent { reference, .. } => format!(
                "if it was deleted, push it back from a clone that has it (git push REMOTE COMMIT:{reference}); correct \
                 ledger.git in rolecall.yaml if it is elsewhere; only if there never was one, run 'rolecall ledger init'"
            ),
            Self::WrongName { .. } => {
                "correct ledger.git in rolecall.yaml, or add the remote with 'git remote add'; without 'remote' the \
                 ledger stays in this clone"
                    .to_owned()
            }
            Self::FetchFailed { remote, .. } => {
                format!("try 'git fetch {remote}' by hand: network, address or credentials; nothing was planned or written")
            }
            Self::PushRefused { reference, .. } => format!(
                "the account that applies needs the right to push {reference} (fast-forwards only); nothing was written \
                 to any app"
            ),
            Self::OtherId { .. } => {
                "point ledger in rolecall.yaml to the right ledger; do not change the id to fit: links of another \
                 ledger belong to other accounts"
                    .to_owned()
            }
            Self::RolledBack { watermark, is_branch, .. } => format!(
                "{}; if the roll-back is deliberate, delete {} and review the next plan with care ('rolecall ledger rebuild APP' \
                 proposes lost links)",
                match is_branch {
                    true => "push the newest ledger back from a clone that has it",
                    false => "put the newest state of the folder back, from a backup or from where it was copied to",
                },
                watermark.display()
            ),
            Self::LostApps { folders, is_branch, .. } => {
                // Most folders have the id of their app as their name.
                let name = folders.first().filter(|name| !name.contains(['%', '~']));
                format!(
                    "{}; what is lost for good is made again, from what the accounts prove, by 'rolecall ledger rebuild {} --yes \
                     --reason TEXT'",
                    match is_branch {
                        true => "undo the commit that dropped it, with 'git revert' and a push to the ledger's branch",
                        false => "restore the folder from a backup",
                    },
                    name.map_or("APP", String::as_str)
                )
            }
            Self::Format { found, known, .. } if is_older(*found, *known) => {
                "use the version of rolecall that wrote it; the changelog of this version says how an older ledger is \
                 carried over"
                    .to_owned()
            }
            Self::Format { .. } => "install the version of rolecall that wrote it, or a newer one".to_owned(),
            Self::Damaged { .. } => {
                "do not edit the ledger by hand; put the file back as it was: on a branch with 'git revert' of the commit that changed \
                 it and a push, in a folder from a backup"
                    .to_owned()
            }
            Self::Exists { .. } => {
                "a ledger is made once; set ledger.id in rolecall.yaml to the id of the one that is there, or name \
                 another place"
                    .to_owned()
            }
            Self::WasUsed { .. } => {
                "restore that ledger; or, to start anew on purpose, use another ref or folder and remove ledger.id from \
                 rolecall.yaml first"
                    .to_owned()
            }
            Self::Held(held) => match held.iter().find_map(|held| held.app.as_ref()) {
                Some(app) => format!(
                    "`apply --wait` waits for it; if that run is dead for certain, `rolecall ledger unlock {app} --reason TEXT` frees the app"
                ),
                None => "`apply --wait` waits for it; the lock ends with its process".to_owned(),
            },
            Self::LeaseLost { .. } => {
                "this run stopped writing; run the same command again: it asks the app about everything unfinished"
                    .to_owned()
            }
            Self::Contended { .. } => "run the same command again; if it persists, apply fewer apps at a time".to_owned(),
            Self::Refused(_) => "'rolecall ledger list' shows what the ledger holds".to_owned(),
            Self::Io { .. } => "check that the folder exists, is writable and the disk is not full".to_owned(),
            Self::Git { .. } => {
                "check the repository with 'git status' and 'git fsck'; in a container, git refuses folders of another \
                 owner: see safe.directory"
                    .to_owned()
            }
        }
    }

    /// True if something was refused rather than broken: exit status 4 instead of 1.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Held(_) | Self::LeaseLost { .. } | Self::RolledBack { .. })
    }

    pub(crate) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }

    pub(crate) fn damaged(file: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Damaged { file: file.into(), entry: None, why: why.into() }
    }
}
