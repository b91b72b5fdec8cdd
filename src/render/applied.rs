//! The report after an apply. Its input is plain data that the engine fills from what apply settled.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Style;
use super::json::pretty;
use super::line::{Line, Page, Tone};
use super::subject::{Names, Subject};
use super::words::{self, counted, number};
use crate::model::AppId;
use crate::model::change::{ChangeKey, ChangeKind};
use crate::model::op::OutcomeState;

/// Changes listed before the rest is counted, where nothing went wrong.
const LISTED: usize = 10;

/// What an apply did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// The run's id, as `log` knows it.
    pub run: String,
    /// Id of the plan.
    pub plan: String,
    /// In the order of their ids.
    pub apps: Vec<AppliedApp>,
}

/// What an apply did in one app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppliedApp {
    /// The app.
    pub app: AppId,
    /// Why nothing or not everything was tried: unreadable, stopped, refused, lease lost, interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Every change of the plan that was to be done, sorted by key.
    pub settled: Vec<Settled>,
    /// What the app took and did not keep as it was asked.
    pub not_kept: Vec<NotKept>,
    /// Changes the plan held back.
    pub held: u64,
    /// Names for ids.
    pub people: Names,
}

/// How one change ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// The change.
    pub key: ChangeKey,
    /// What was to happen.
    pub kind: ChangeKind,
    /// It touches a role marked `privileged`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub privileged: bool,
    /// How it ended.
    pub outcome: OutcomeWord,
    /// Why: app, object, method and path, status, what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// An attribute the app did not keep as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotKept {
    /// Which.
    pub key: ChangeKey,
    /// In words, without values that are sensitive.
    pub text: String,
}

/// How a change ended, what went wrong first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeWord {
    /// The app said no; nothing changed.
    Refused,
    /// Sent, and no answer that can be trusted.
    Unknown,
    /// The plan no longer held when it came to it: not sent.
    Moved,
    /// Not sent: stopped before.
    NotSent,
    /// It was so already.
    Already,
    /// The app took it.
    Written,
}

impl OutcomeWord {
    /// The word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            OutcomeWord::Refused => "refused",
            OutcomeWord::Unknown => "unknown, asked about in the next run",
            OutcomeWord::Moved => "not as planned any more",
            OutcomeWord::NotSent => "not sent",
            OutcomeWord::Already => "so already",
            OutcomeWord::Written => "done",
        }
    }

    /// True if the app now is as the plan wants it.
    pub fn is_done(self) -> bool {
        matches!(self, OutcomeWord::Already | OutcomeWord::Written)
    }

    fn tone(self) -> Tone {
        match self {
            OutcomeWord::Refused | OutcomeWord::Unknown => Tone::Alarm,
            OutcomeWord::Moved | OutcomeWord::NotSent => Tone::Change,
            OutcomeWord::Already | OutcomeWord::Written => Tone::Gain,
        }
    }
}

impl From<&OutcomeState> for OutcomeWord {
    fn from(state: &OutcomeState) -> Self {
        match state {
            OutcomeState::Written => OutcomeWord::Written,
            OutcomeState::Already => OutcomeWord::Already,
            OutcomeState::Refused { .. } => OutcomeWord::Refused,
            OutcomeState::Unknown { .. } => OutcomeWord::Unknown,
            OutcomeState::NotSent { .. } => OutcomeWord::NotSent,
        }
    }
}

type Outcomes<'a> = BTreeMap<OutcomeWord, Vec<&'a Settled>>;

impl AppliedApp {
    fn outcomes(&self) -> Outcomes<'_> {
        let mut outcomes = Outcomes::new();
        for settled in &self.settled {
            outcomes.entry(settled.outcome).or_default().push(settled);
        }
        outcomes
    }
}

/// The report as JSON: what [`Applied`] says, in that order.
pub fn json(applied: &Applied) -> String {
    pretty(applied)
}

/// The report for a terminal: what went wrong in full, the rest counted; `-v` lists all.
pub fn text(applied: &Applied, style: &Style) -> String {
    let mut page = Page::new(style);
    let heading = Line::new()
        .add(Tone::Strong, "Applied plan ")
        .solid(Tone::Strong, &applied.plan);
    page.line(
        0,
        &heading
            .plain("  ")
            .add(Tone::Faint, "run ")
            .solid(Tone::Faint, &applied.run),
    );
    for app in &applied.apps {
        page.gap();
        page.line(0, &Line::new().solid(Tone::Strong, app.app.as_str()));
        one_app(&mut page, app, style.verbose);
    }
    page.gap();
    page.line(
        0,
        &Line::new()
            .add(Tone::Strong, "Total: ")
            .plain(summary_line(applied)),
    );
    page.finish()
}

/// `41 done, 1 refused; 12 held back`.
pub fn summary_line(applied: &Applied) -> String {
    let mut counts: BTreeMap<OutcomeWord, u64> = BTreeMap::new();
    let mut held = 0;
    for app in &applied.apps {
        held += app.held;
        for settled in &app.settled {
            *counts.entry(settled.outcome).or_default() += 1;
        }
    }
    sentence(
        &counts,
        held,
        applied.apps.iter().filter(|app| app.stopped.is_some()).count() as u64,
    )
}

fn sentence(counts: &BTreeMap<OutcomeWord, u64>, held: u64, stopped: u64) -> String {
    let words = counts
        .iter()
        .rev()
        .map(|(outcome, count)| format!("{} {}", number(*count), outcome.as_str()));
    let mut line = words.collect::<Vec<_>>().join(", ");
    if line.is_empty() {
        line = "nothing was to be done".to_owned();
    }
    if held > 0 {
        line.push_str(&format!("; {} held back", number(held)));
    }
    if stopped > 0 {
        line.push_str(&format!("; {}", counted(stopped, "app stopped", "apps stopped")));
    }
    line
}

fn one_app(page: &mut Page, app: &AppliedApp, verbose: u8) {
    let outcomes = app.outcomes();
    if let Some(why) = &app.stopped {
        page.line(2, &Line::new().add(Tone::Alarm, "STOPPED").plain(": ").plain(why));
    }
    let counts = outcomes
        .iter()
        .map(|(outcome, list)| (*outcome, list.len() as u64))
        .collect();
    page.line(2, &Line::new().plain(sentence(&counts, app.held, 0)));
    for (outcome, list) in &outcomes {
        if outcome.is_done() && verbose == 0 {
            continue;
        }
        page.gap();
        let title = format!(
            "{} ({})",
            words::capital(outcome.as_str()),
            number(list.len() as u64)
        );
        page.line(2, &Line::new().add(outcome.tone(), title));
        listed(
            page,
            list,
            app,
            !matches!(outcome, OutcomeWord::Refused | OutcomeWord::Unknown) && verbose == 0,
        );
    }
    if !app.not_kept.is_empty() {
        page.gap();
        page.line(
            2,
            &Line::new().add(
                Tone::Strong,
                format!("Not kept by the app ({})", number(app.not_kept.len() as u64)),
            ),
        );
        for note in &app.not_kept {
            let line = Line::new()
                .plain("! ")
                .join(Subject::of(&note.key).line(&app.people));
            page.line(4, &line.plain("  ").plain(&note.text));
        }
    }
}

/// Changes under the reason they share, in order of their keys.
fn listed(page: &mut Page, list: &[&Settled], app: &AppliedApp, short: bool) {
    let mut by_why: Vec<(Option<&str>, Vec<&Settled>)> = Vec::new();
    let mut places: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for settled in list {
        let why = settled.why.as_deref();
        let place = *places.entry(why).or_insert_with(|| {
            by_why.push((why, Vec::new()));
            by_why.len() - 1
        });
        if let Some((_, same)) = by_why.get_mut(place) {
            same.push(settled);
        }
    }
    for (why, same) in by_why {
        let shown = if short { same.len().min(LISTED) } else { same.len() };
        for settled in &same[..shown] {
            let (sign, tone) = words::sign(settled.kind);
            let line = Line::new()
                .add(tone, sign)
                .plain(" ")
                .join(Subject::of(&settled.key).line(&app.people));
            let line = line.plain("  ").join(words::act(settled.kind, &settled.key));
            let line = if settled.privileged {
                line.plain(", ").add(Tone::Alarm, "privileged")
            } else {
                line
            };
            page.line(4, &line);
        }
        if shown < same.len() {
            let more = format!(
                "… and {} more (-v lists them)",
                number((same.len() - shown) as u64)
            );
            page.line(4, &Line::new().add(Tone::Strong, more));
        }
        if let Some(why) = why {
            page.line(8, &Line::new().plain(why));
        }
    }
}
