//! The report of a guard: its count, its limit, and the sentences about them.

use serde::{Deserialize, Serialize};

use crate::model::guard::{Counts, Guard};

/// A guard's count with its base and limit, and whether it is over the limit.
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
    /// The number that the percentage refers to.
    pub base: u64,
    /// The guard trips above this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The guard trips above this share of the base, once more than three are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u64>,
    /// The count is over the limit, and not allowed.
    pub tripped: bool,
    /// The count is over the limit, and allowed by name and number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allowed: bool,
    /// The first ten people or objects concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<String>,
    /// App, for the hint.
    pub app: String,
}

impl GuardReport {
    /// True if the count is over the limit, allowed or not.
    pub fn is_over(&self) -> bool {
        self.tripped || self.allowed
    }

    /// Count, base, limit and window in one sentence.
    pub fn sentence(&self) -> String {
        match self.guard.row().counts {
            Counts::Losses(_) | Counts::Changes(_) => self.of_changes(),
            Counts::People => self.of_people(),
            Counts::Holders => self.of_holders(),
        }
    }

    fn of_changes(&self) -> String {
        let number = self.limit.map(|limit| limit.to_string());
        let percent = self.percent.map(|percent| format!("{percent} % of {}", self.base));
        let limits: Vec<_> = number.into_iter().chain(percent).collect();
        let limits = if limits.is_empty() {
            "no limit".to_owned()
        } else {
            format!("limit {}", limits.join(if self.guard.stops_above_both() { " and " } else { " or " }))
        };
        let of = self.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
        let recent = match self.recent {
            0 => String::new(),
            recent => format!(" plus {recent} in the last 24 hours"),
        };
        format!("{}{of}: {}{recent}, {limits}", self.guard, self.count)
    }

    fn of_people(&self) -> String {
        let (count, base) = (self.count, self.base);
        let limit = self.limit.unwrap_or_default();
        match &self.of {
            None if self.is_everybody() => {
                format!("source: nobody is declared any more, of {base} before")
            }
            None => format!(
                "source: {count} fewer people are declared than the {base} of the last applied commit, limit {limit}"
            ),
            Some(of) => format!(
                "source: {of}: {count} of its {base} people are declared nowhere any more, limit {limit}"
            ),
        }
    }

    fn of_holders(&self) -> String {
        format!(
            "{} of {}: {} {} held, at least {} active holders have to remain, {} now",
            self.guard,
            self.of.as_deref().unwrap_or("a role"),
            self.count,
            if self.count == 1 { "removal" } else { "removals" },
            self.limit.unwrap_or_default(),
            self.base,
        )
    }

    /// The remedy.
    pub fn hint(&self) -> String {
        let Self { guard, count, app, .. } = self;
        match guard.row().counts {
            Counts::Losses(_) | Counts::Changes(_) => format!(
                "if this is meant, repeat with --allow {app}:{guard}={count}, or raise `guard.{guard}` of app {app}"
            ),
            Counts::People if self.is_everybody() => {
                "look for files that are missing or not included; an app is given up with `removed:`"
                    .to_owned()
            }
            Counts::People => format!(
                "look for files that are missing or not included; if it is meant, repeat with --allow {app}:{guard}={count}"
            ),
            Counts::Holders => {
                let of = self.of.as_deref().unwrap_or("the role");
                let role = of.strip_prefix("role:").unwrap_or(of);
                format!("give {role} to somebody else first, or lower `guard.{guard}.{role}` of app {app}")
            }
        }
    }

    /// True if nobody is declared any more.
    fn is_everybody(&self) -> bool {
        self.of.is_none() && self.count == self.base
    }
}

/// `--allow APP:GUARD=N`: holds only for exactly the planned N.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    pub guard: Guard,
    /// The planned count.
    pub count: u64,
}

/// A guard's count with the changes it holds back if it trips.
pub struct Judged {
    pub report: GuardReport,
    /// Places in `Draft::changes`.
    pub hold: Vec<usize>,
}
