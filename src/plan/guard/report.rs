//! The report of a guard: its count, its limit, and the sentences about them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::change::Object;
use crate::model::guard::{Counts, Guard};
use crate::model::limit::Share;
use crate::model::words::count;

/// So many pairs of person and account are shown in a sentence.
const PAIRS: usize = 3;

/// The result of a guard: its count with base and limit, and whether it stops anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GuardReport {
    pub guard: Guard,
    /// The group, role or attribute, if the guard counts one of them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Counted in this plan.
    pub count: u64,
    /// Counted in the last 24 hours, and added to the count of this plan.
    pub recent: u64,
    /// The number that a share is of.
    pub base: u64,
    /// The largest number that passes; for `min_members` the number of holders that must remain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The share of the base that this number is, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// The guard holds changes back or stops the app: the count is over the limit and not allowed. A report of
    /// `min_members` exists only if it holds a removal back.
    pub tripped: bool,
    /// The count is over the limit, but `--allow` names the guard and this count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allowed: bool,
    /// The number for `--allow`, if the count is over the limit: the people whom this guard holds in this plan, over all
    /// its groups, roles and attributes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow: Option<u64>,
    /// Set if an earlier run held these people, and nobody has allowed it: since which commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// The first ten people or objects concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<String>,
    /// The app, for the hint.
    pub app: String,
}

/// Since when people are held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Since {
    /// The commit; `None` for files that are in no commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Arc<str>>,
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.commit {
            Some(commit) => write!(f, "since commit {commit:.12}"),
            None => f.write_str("by an earlier run"),
        }
    }
}

impl GuardReport {
    /// Settles a count that is over the limit: `people` is what this guard would hold in all.
    pub(super) fn settle(&mut self, people: u64, allowed: &[Allowance]) {
        self.allow = Some(people);
        self.allowed = allowed.iter().any(|one| one.guard == self.guard && one.count == people);
        self.tripped = !self.allowed;
    }

    /// The report of people whom an earlier run held.
    pub(super) fn held(self, since: Since) -> Self {
        Self { since: Some(since), tripped: true, ..self }
    }

    /// True if the count is over the limit, allowed or not.
    pub fn is_over(&self) -> bool {
        self.tripped || self.allowed
    }

    /// Count, base, limit and window in one sentence.
    pub fn sentence(&self) -> String {
        if let Some(since) = &self.since {
            let people = count(self.count as usize, "person", "people");
            return format!("{}: {people} held {since}", self.guard);
        }
        match self.guard.row().counts {
            Counts::Changes(_) if self.guard == Guard::Unmatched => self.sentence_of_unmatched(),
            Counts::Losses(_) | Counts::Changes(_) => self.sentence_of_changes(),
            Counts::Power(_) if self.guard == Guard::Privileged => self.sentence_of_power(),
            Counts::Power(_) => self.sentence_of_changes(),
            Counts::People => self.sentence_of_people(),
            Counts::Holders => self.sentence_of_holders(),
        }
    }

    fn sentence_of_changes(&self) -> String {
        let of = self.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
        let recent = match self.recent {
            0 => String::new(),
            recent => format!(" and {recent} more in the last 24 hours"),
        };
        let people = count(self.count as usize, "person", "people");
        format!("{}{of}: {people}{recent}, {}", self.guard, self.allowed())
    }

    /// With the first pairs of person and account; the base is there if all new accounts count.
    fn sentence_of_unmatched(&self) -> String {
        let why = match self.base {
            0 => String::new(),
            all => format!(
                ", and fewer than half of {all} active accounts with an address of the tree's domains belong to somebody"
            ),
        };
        let pairs: Vec<&str> =
            self.first.iter().filter(|one| one.contains(": ")).map(String::as_str).collect();
        let shown = pairs.iter().take(PAIRS).copied().collect::<Vec<_>>().join("; ");
        let pairs = if shown.is_empty() { shown } else { format!(": {shown}") };
        let people = count(self.count as usize, "person", "people");
        format!("{}: {people} may have an account already, {}{why}{pairs}", self.guard, self.allowed())
    }

    fn sentence_of_power(&self) -> String {
        let of = self.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
        let holders = count(self.base as usize, "holder", "holders");
        let recent = match self.recent {
            0 => String::new(),
            recent => format!(" and {recent} more in the last 24 hours"),
        };
        format!("{}{of}: {} of {holders}{recent} would lose it without a declaration", self.guard, self.count)
    }

    /// The largest number that passes, and where it comes from.
    fn allowed(&self) -> String {
        let share = self.share.map(|share| format!(" ({share} of {})", self.base)).unwrap_or_default();
        self.limit.map_or_else(|| "no limit".to_owned(), |limit| format!("{limit} allowed{share}"))
    }

    fn sentence_of_people(&self) -> String {
        let (gone, base) = (self.count, self.base);
        let allowed = self.allowed();
        match &self.of {
            None if self.is_nobody_declared() => {
                format!("source: nobody is declared any more, of {base} before")
            }
            None => format!(
                "source: {gone} of the {base} people who had an account {} declared nowhere any more, {allowed}",
                if gone == 1 { "is" } else { "are" },
            ),
            Some(of) => format!(
                "source: {of}: {gone} of its {base} people who had an account {} declared nowhere any more, {allowed}",
                if gone == 1 { "is" } else { "are" },
            ),
        }
    }

    fn sentence_of_holders(&self) -> String {
        format!(
            "{} of {}: {} held, at least {} must remain, {} now",
            self.guard,
            self.of.as_deref().unwrap_or("a role"),
            count(self.count as usize, "removal", "removals"),
            count(self.limit.unwrap_or_default() as usize, "active holder", "active holders"),
            self.base,
        )
    }

    /// The remedy.
    pub fn hint(&self) -> String {
        let Self { guard, app, .. } = self;
        let allow = self.allow.unwrap_or(self.count);
        match guard.row().counts {
            Counts::Changes(_) if *guard == Guard::Unmatched => format!(
                "if an account is the person's own, add the attribute that both have to `match` of the mapping, or name the account below `links:`; if not, repeat with --allow {app}:{guard}={allow}"
            ),
            Counts::Losses(_) | Counts::Changes(_) | Counts::Power(_) => {
                format!(
                    "if this is meant, repeat with --allow {app}:{guard}={allow}; if not, take the edit back"
                )
            }
            Counts::People if self.is_nobody_declared() => {
                "look for files that are missing or not included; an app is given up with `removed:`"
                    .to_owned()
            }
            Counts::People => format!(
                "look for files that are missing or not included; if it is meant, repeat with --allow {app}:{guard}={allow}"
            ),
            Counts::Holders => {
                let of = self.of.as_deref().unwrap_or("the role");
                let role = of.strip_prefix("role:").unwrap_or(of);
                format!("give {role} to another person first, or lower `guard.{guard}.{role}` of app {app}")
            }
        }
    }

    /// True if nobody is declared any more: that has no limit.
    fn is_nobody_declared(&self) -> bool {
        self.of.is_none() && self.limit.is_none()
    }
}

/// `--allow APP:GUARD=N`: counts only if N is exactly the number of people whom the guard would hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    pub guard: Guard,
    /// N.
    pub count: u64,
}

/// The report of a guard with the changes that it holds back if it tripped.
pub struct Judged {
    pub report: GuardReport,
    /// Whom it counted.
    pub people: BTreeSet<Object>,
    /// Places in `Draft::changes`.
    pub hold: Vec<usize>,
}
