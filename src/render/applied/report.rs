//! The report as text.

use std::collections::BTreeMap;

use super::{Applied, AppliedApp, OutcomeWord, Settled};
use crate::render::figures::{counted, number};
use crate::render::line::{Line, Tone};
use crate::render::page::Page;
use crate::render::style::Style;
use crate::render::subject::Subject;
use crate::render::words;

/// Changes listed before the rest is counted, where nothing went wrong.
const LISTED: usize = 10;

/// The report for a terminal: what went wrong in full, the rest counted; `-v` lists all.
pub fn text(applied: &Applied, style: &Style) -> String {
    let mut page = Page::new(style);
    let heading = Line::new().add(Tone::Strong, "Applied plan ").solid(Tone::Strong, &applied.plan);
    page.line(0, &heading.plain("  ").add(Tone::Faint, "run ").solid(Tone::Faint, &applied.run));
    for app in &applied.apps {
        page.gap();
        page.line(0, &Line::new().solid(Tone::Strong, app.app.as_str()));
        one_app(&mut page, app, style.verbose);
    }
    page.gap();
    page.line(0, &Line::new().add(Tone::Strong, "Total: ").plain(summary_line(applied)));
    page.finish()
}

/// The report for the page of a CI job: the text, fenced, so that nothing in it is markup.
pub fn markdown(applied: &Applied) -> String {
    let text = text(applied, &Style::PLAIN);
    let ticks = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((ticks + 1).max(3));
    format!("{fence}text\n{}\n{fence}\n", text.trim_end())
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
    sentence(&counts, held, applied.apps.iter().filter(|app| app.stopped.is_some()).count() as u64)
}

fn sentence(counts: &BTreeMap<OutcomeWord, u64>, held: u64, stopped: u64) -> String {
    let words =
        counts.iter().rev().map(|(outcome, count)| format!("{} {}", number(*count), outcome.as_str()));
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
    let mut outcomes: BTreeMap<OutcomeWord, Vec<&Settled>> = BTreeMap::new();
    for settled in &app.settled {
        outcomes.entry(settled.outcome).or_default().push(settled);
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
            OutcomeWord::Unknown => ", the next run asks about it before it repeats anything",
            _ => "",
        };
        let title = format!("{} ({}){note}", words::capital(outcome.as_str()), number(list.len() as u64));
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
            &Line::new()
                .add(Tone::Strong, format!("Not kept by the app ({})", number(app.not_kept.len() as u64))),
        );
        for note in &app.not_kept {
            let line = Line::new().plain("! ").join(Subject::of(&note.key).line(&app.people));
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
            let line =
                Line::new().add(tone, sign).plain(" ").join(Subject::of(&settled.key).line(&app.people));
            let line = line.plain("  ").join(words::act(settled.kind, &settled.key));
            let line =
                if settled.privileged { line.plain(", ").add(Tone::Alarm, "privileged") } else { line };
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
