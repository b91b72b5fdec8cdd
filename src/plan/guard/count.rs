//! What every guard shares: picking changes, counting them, comparing with a limit.

use std::collections::BTreeSet;

use super::Bench;
use super::limits::{self, Default};
use super::report::{GuardReport, Judged};
use crate::model::app::Limit;
use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::model::ledger::Losses;
use crate::plan::draft::Draft;

/// One guard's count: what it is called, against what it counts, and what it holds back.
pub struct Count<'c> {
    /// Key of the `guard:` section.
    pub guard: &'c str,
    /// As set for the app.
    pub set: Limit,
    /// If it is not set.
    pub default: Default,
    /// What the percentage is of.
    pub base: u64,
    /// Places of the counted changes.
    pub counted: Vec<usize>,
    /// Counted besides, such as the members of a deleted group.
    pub more: u64,
    /// Places of what is held back.
    pub hold: Vec<usize>,
}

impl Count<'_> {
    /// Compares and reports; nothing if there is nothing to count.
    pub fn judge(self, draft: &Draft, bench: &Bench) -> Vec<Judged> {
        if self.counted.is_empty() {
            return Vec::new();
        }
        let limit = self.default.with(self.set, self.base);
        let mut report = blank(draft, self.guard, self.base);
        (report.limit, report.percent) = (limit.count, limit.percent);
        report.count = (self.counted.len() as u64).saturating_add(self.more);
        report.recent = recent(bench, self.guard);
        report.first = first_ten(draft, &self.counted);
        let lost = report.count.saturating_add(report.recent);
        let over = limits::is_over(limit, lost, self.base);
        limits::decide(&mut report, over, bench.allowed);
        vec![Judged { report, hold: self.hold }]
    }
}

/// True if somebody loses the account.
pub fn is_account_loss(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::Disable | ChangeKind::Delete)
}

/// True for a loss of this kind that nobody declared.
pub fn is_implicit(change: &Change, kind: ChangeKind) -> bool {
    change.kind == kind && !change.cause.is_declared()
}

/// Places of the changes that are to be done and that `which` picks.
pub fn select(draft: &Draft, which: impl Fn(&Change) -> bool) -> Vec<usize> {
    let picked =
        |(index, change): (usize, &Change)| (change.verdict.is_do() && which(change)).then_some(index);
    draft.changes.iter().enumerate().filter_map(picked).collect()
}

/// What a tripped count guard holds back: everything somebody would lose without it being declared.
pub fn implicit_losses(draft: &Draft) -> Vec<usize> {
    select(draft, |change| change.kind.is_loss() && !change.cause.is_declared())
}

/// A report that has counted nothing yet.
pub fn blank(draft: &Draft, guard: &str, base: u64) -> GuardReport {
    GuardReport {
        guard: guard.to_owned(),
        of: None,
        count: 0,
        recent: 0,
        base,
        limit: None,
        percent: None,
        tripped: false,
        allowed: false,
        first: Vec::new(),
        app: draft.app.to_string(),
    }
}

/// The first ten people or objects concerned, each once.
pub fn first_ten(draft: &Draft, counted: &[usize]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut first = Vec::new();
    for index in counted {
        let name = subject(draft, &draft.changes[*index]);
        if first.len() < 10 && seen.insert(name.clone()) {
            first.push(name);
        }
    }
    first
}

/// Whom a change is about, for people.
fn subject(draft: &Draft, change: &Change) -> String {
    if let Some(id) = change.key.person() {
        return match draft.people.get(id) {
            Some(name) => format!("{id} ({name})"),
            None => id.to_string(),
        };
    }
    match (&change.key.facet, &change.key.object) {
        (Facet::Stranger(remote), _) | (_, Object::Account(remote)) => format!("account {remote}"),
        (_, object) => object.to_string(),
    }
}

/// Losses of the last 24 hours under this guard.
fn recent(bench: &Bench, guard: &str) -> u64 {
    sum(young(bench).filter_map(|losses| losses.counts.get(guard)))
}

/// Members a group lost in the last 24 hours.
pub fn recent_of(bench: &Bench, group: &str) -> u64 {
    let of = |losses: &Losses| {
        let mut groups = losses.groups.iter();
        groups.find(|(key, _)| key.as_str() == group).map(|(_, count)| *count)
    };
    sum(young(bench).filter_map(of).collect::<Vec<_>>().iter())
}

fn young<'b>(bench: &'b Bench) -> impl Iterator<Item = &'b Losses> {
    let horizon = bench.at.as_second() - crate::model::ledger::LOSS_WINDOW_HOURS * 3600;
    bench.recent.iter().filter(move |losses| losses.at.as_second() > horizon)
}

/// What the ledger says need not be a number that adds up.
fn sum<'n>(counts: impl Iterator<Item = &'n u64>) -> u64 {
    counts.fold(0, |sum, count| sum.saturating_add(*count))
}
