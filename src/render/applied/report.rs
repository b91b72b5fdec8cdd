//! The report as text.

use std::collections::BTreeMap;

use crate::model::op::OutcomeKind;
use crate::model::result::{AppResult, ChangeResult, NotKept, RunResult};
use crate::model::words::first_ten;
use crate::render::figures::{counted, number};
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::style::Style;
use crate::render::subject::Subject;
use crate::render::words;

/// Changes listed before the rest is counted, where nothing went wrong.
const LISTED: usize = 10;

/// The report for a terminal: what went wrong in full, the rest counted; `-v` lists all.
pub fn text(result: &RunResult, style: &Style) -> String {
    let mut page = Page::new(style);
    let heading = Line::new().add(Tone::Strong, "Applied plan ").solid(Tone::Strong, &result.plan);
    page.line(0, &heading.plain("  ").add(Tone::Faint, "run ").solid(Tone::Faint, &result.run));
    for app in &result.apps {
        page.gap();
        page.line(0, &Line::new().solid(Tone::Strong, app.app.as_str()));
        one_app(&mut page, app, style.verbose);
    }
    page.gap();
    page.line(0, &Line::new().add(Tone::Strong, "Total: ").plain(summary_line(result)));
    page.finish()
}

/// The report for the page of a CI job: the text, fenced, so that nothing in it is markup.
pub fn markdown(result: &RunResult) -> String {
    let text = text(result, &Style::PLAIN);
    let ticks = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((ticks + 1).max(3));
    format!("{fence}text\n{}\n{fence}\n", text.trim_end())
}

/// `41 done, 1 refused; 12 held back`.
pub fn summary_line(result: &RunResult) -> String {
    let mut counts: BTreeMap<OutcomeKind, u64> = BTreeMap::new();
    let mut held = 0;
    for app in &result.apps {
        held += app.held;
        for change in &app.changes {
            *counts.entry(change.outcome).or_default() += 1;
        }
    }
    sentence(&counts, held, result.apps.iter().filter(|app| app.stopped.is_some()).count() as u64)
}

fn sentence(counts: &BTreeMap<OutcomeKind, u64>, held: u64, stopped: u64) -> String {
    let words = counts.iter().rev().map(|(outcome, count)| format!("{} {}", number(*count), word(*outcome)));
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

fn one_app(page: &mut Page, app: &AppResult, verbose: u8) {
    let mut outcomes: BTreeMap<OutcomeKind, Vec<&ChangeResult>> = BTreeMap::new();
    for change in &app.changes {
        outcomes.entry(change.outcome).or_default().push(change);
    }
    if let Some(why) = &app.stopped {
        page.line(2, &Line::new().add(Tone::Alarm, "STOPPED").plain(": ").plain(why));
    }
    let counts = outcomes.iter().map(|(outcome, list)| (*outcome, list.len() as u64)).collect();
    page.line(2, &Line::new().plain(sentence(&counts, app.held, 0)));
    for (outcome, list) in &outcomes {
        if outcome.is_done() && verbose == 0 {
            continue;
        }
        page.gap();
        let note = match outcome {
            OutcomeKind::Unknown => ", the next run asks about it before it repeats anything",
            OutcomeKind::Refused | OutcomeKind::NotSent => "",
            OutcomeKind::Already | OutcomeKind::Written => "",
        };
        let title = format!("{} ({}){note}", words::capital(word(*outcome)), number(list.len() as u64));
        page.line(2, &Line::new().add(tone(*outcome), title));
        listed(
            page,
            list,
            app,
            !matches!(outcome, OutcomeKind::Refused | OutcomeKind::Unknown) && verbose == 0,
        );
    }
    if !app.side_effects.is_empty() {
        page.gap();
        let title = format!("Side effects ({})", number(app.side_effects.len() as u64));
        page.line(2, &Line::new().add(Tone::Alarm, title));
        for effect in &app.side_effects {
            let line = Line::new().plain("! ").join(Subject::of(&effect.key).line(&app.people));
            page.line(4, &line.plain("  ").plain(&effect.text));
        }
    }
    if !app.not_kept.is_empty() {
        page.gap();
        page.line(
            2,
            &Line::new()
                .add(Tone::Strong, format!("Not kept by the app ({})", number(app.not_kept.len() as u64))),
        );
        let mut by_text: BTreeMap<&str, Vec<&NotKept>> = BTreeMap::new();
        for note in &app.not_kept {
            by_text.entry(&note.text).or_default().push(note);
        }
        for (text, notes) in by_text {
            let line = match notes.as_slice() {
                [note] => {
                    let subject = Subject::of(&note.key).line(&app.people);
                    Line::new().plain("! ").join(subject).plain("  ").plain(text)
                }
                // What many have in common is one line.
                several => {
                    let names: Vec<_> = several.iter().map(|note| note.name()).collect();
                    Line::new().plain("! ").plain(text).plain(format!(", for {}", first_ten(&names)))
                }
            };
            page.line(4, &line);
        }
    }
}

/// Changes under the reason they share, in order of their keys.
fn listed(page: &mut Page, list: &[&ChangeResult], app: &AppResult, short: bool) {
    let mut by_why: Vec<(Option<&str>, Vec<&ChangeResult>)> = Vec::new();
    let mut places: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for change in list {
        let why = change.why.as_deref();
        let place = *places.entry(why).or_insert_with(|| {
            by_why.push((why, Vec::new()));
            by_why.len() - 1
        });
        if let Some((_, same)) = by_why.get_mut(place) {
            same.push(change);
        }
    }
    for (why, same) in by_why {
        let shown = if short { same.len().min(LISTED) } else { same.len() };
        for change in &same[..shown] {
            let (sign, tone) = words::sign(change.kind);
            let line =
                Line::new().add(tone, sign).plain(" ").join(Subject::of(&change.key).line(&app.people));
            let line = line.plain("  ").join(words::act(change.kind, &change.key));
            let line = if change.privileged { line.plain(", ").add(Tone::Alarm, "privileged") } else { line };
            page.line(4, &line);
        }
        if shown < same.len() {
            let more = format!("… and {} more (-v lists them)", number((same.len() - shown) as u64));
            page.line(4, &Line::new().add(Tone::Strong, more));
        }
        if let Some(why) = why {
            page.line(8, &Line::new().plain(why));
        }
    }
}

/// The word for people.
fn word(outcome: OutcomeKind) -> &'static str {
    match outcome {
        OutcomeKind::Refused => "refused",
        OutcomeKind::Unknown => "unknown",
        OutcomeKind::NotSent => "not sent",
        OutcomeKind::Already => "so already",
        OutcomeKind::Written => "done",
    }
}

fn tone(outcome: OutcomeKind) -> Tone {
    match outcome {
        OutcomeKind::Refused | OutcomeKind::Unknown => Tone::Alarm,
        OutcomeKind::NotSent => Tone::Change,
        OutcomeKind::Already | OutcomeKind::Written => Tone::Gain,
    }
}
