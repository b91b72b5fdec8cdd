//! What a guard counted, and what it says when it trips.

use serde::{Deserialize, Serialize};

/// A guard's count, against what, and whether that was too much.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GuardReport {
    /// Key of the `guard:` section, such as `deprovision`.
    pub guard: String,
    /// The group, role or attribute, if the guard counts one of them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// In this plan.
    pub count: u64,
    /// Of the same kind in the last 24 hours, counted with it.
    pub recent: u64,
    /// What the percentage is of.
    pub base: u64,
    /// Stops above this many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Stops above this share of the base, once more than three are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u64>,
    /// It was too much.
    pub tripped: bool,
    /// It was too much, and allowed by name and number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allowed: bool,
    /// The first ten people or objects concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<String>,
    /// App, for the hint.
    pub app: String,
}

impl GuardReport {
    /// Short name for verdicts, such as `guard:deprovision`.
    pub fn short_name(&self) -> String {
        format!("guard:{}", self.guard)
    }

    /// Count, base, limit and window in one sentence.
    pub fn sentence(&self) -> String {
        if self.guard == "source" {
            return self.source_sentence();
        }
        let mut limits = Vec::new();
        if let Some(limit) = self.limit {
            limits.push(limit.to_string());
        }
        if let Some(percent) = self.percent {
            limits.push(format!("{percent} % of {}", self.base));
        }
        let of = self.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
        let recent = match self.recent {
            0 => String::new(),
            recent => format!(" plus {recent} in the last 24 hours"),
        };
        let limits = if limits.is_empty() {
            "no limit".to_owned()
        } else {
            format!("limit {}", limits.join(if self.guard == "create" { " and " } else { " or " }))
        };
        format!("{}{of}: {}{recent}, {limits}", self.guard, self.count)
    }

    fn source_sentence(&self) -> String {
        let (count, base) = (self.count, self.base);
        let limit = self.limit.unwrap_or_default();
        match &self.of {
            None if count == base => {
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

    /// What to do about it.
    pub fn hint(&self) -> String {
        if self.guard == "source" && self.count == self.base && self.of.is_none() {
            return "look for files that are missing or not included; an app is given up with `removed:`"
                .to_owned();
        }
        if self.guard == "source" {
            return format!(
                "look for files that are missing or not included; if it is meant, repeat with --allow {}:source={}",
                self.app, self.count
            );
        }
        format!(
            "if this is meant, repeat with --allow {}:{}={}, or raise `guard.{}` of app {}",
            self.app, self.guard, self.count, self.guard, self.app
        )
    }
}

/// `--allow APP:GUARD=N`: holds only for exactly the planned N.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The guard.
    pub guard: String,
    /// The planned count.
    pub count: u64,
}

/// A guard's count with the changes it holds back if it trips.
pub struct Judged {
    /// What it counted.
    pub report: GuardReport,
    /// Places in `Draft::changes`.
    pub hold: Vec<usize>,
}
