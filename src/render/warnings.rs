//! What is held or stopped, in one line each: for stderr, and as annotations in a build server (safety.md 11).

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{counted, number};
use super::subject::Subject;
use crate::model::change::{Change, Verdict};
use crate::model::span::Place;
use crate::model::words::first_ten;
use crate::plan::{AppPlan, AppStatus, GuardReport, Plan};

/// So many lines of one app before the rest is counted.
const LINES: usize = 10;

/// One line about one app.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// Stable short name: `app-stopped`, `guard-tripped` or `change-held`.
    pub code: &'static str,
    /// In words, not escaped.
    pub text: String,
    /// The line of the files that most of the held changes come from.
    pub place: Option<Place>,
}

/// Each app that is stopped, each guard that holds changes, and each other reason for which changes are held. What a policy
/// holds back is left out if `policies_are_said`.
pub fn warnings(plan: &Plan, policies_are_said: bool) -> Vec<Warning> {
    plan.apps.iter().flat_map(|app| of_app(app, policies_are_said)).collect()
}

fn of_app(app: &AppPlan, policies_are_said: bool) -> Vec<Warning> {
    let mut by_name: BTreeMap<&str, Vec<(&Change, &str)>> = BTreeMap::new();
    for change in app.held() {
        if let Verdict::Held { by, why } = &change.verdict {
            by_name.entry(by).or_default().push((change, why));
        }
    }
    let stop = match &app.status {
        AppStatus::Stopped { by, why } => {
            by_name.remove(by.as_str());
            let text = format!("app {} is stopped by {by}: {why}", app.app);
            Some(Warning { code: "app-stopped", text, place: None })
        }
        AppStatus::Planned | AppStatus::Unreadable { .. } | AppStatus::Disabled => None,
    };
    // An app that is stopped holds what other guards counted.
    let holds =
        |guard: &&GuardReport| stop.is_none() || by_name.contains_key(guard.guard.short_name().as_str());
    let tripped: Vec<&GuardReport> = app.guards.iter().filter(|guard| guard.tripped).filter(holds).collect();
    let guards: BTreeSet<String> = tripped.iter().map(|guard| guard.guard.short_name()).collect();
    by_name.retain(|by, _| !(guards.contains(*by) || (policies_are_said && by.starts_with("policy:"))));
    let others = by_name.into_iter().map(|(by, held)| by_other(app, by, &held));
    let guards = tripped.into_iter().map(|guard| by_guard(app, guard));
    let mut all: Vec<Warning> = stop.into_iter().chain(guards).chain(others).collect();
    let more = all.len().saturating_sub(LINES);
    if more > 0 {
        all.truncate(LINES);
        let text = format!(
            "app {}: and {} hold changes; `rolecall plan` shows all",
            app.app,
            counted(more as u64, "more guard or reason", "more guards and reasons")
        );
        all.push(Warning { code: "change-held", text, place: None });
    }
    all
}

fn by_guard(app: &AppPlan, guard: &GuardReport) -> Warning {
    let sentence = guard.sentence();
    let is_of = |change: &&Change| matches!(&change.verdict, Verdict::Held { why, .. } if *why == sentence);
    let text = format!("app {}: changes are held by guard {sentence}; {}", app.app, guard.hint());
    Warning { code: "guard-tripped", text, place: place(app.held().filter(is_of)) }
}

fn by_other(app: &AppPlan, by: &str, held: &[(&Change, &str)]) -> Warning {
    let subjects: BTreeSet<&str> = held.iter().map(|(change, _)| Subject::of_change(change).id()).collect();
    let subjects: Vec<String> = subjects.into_iter().map(str::to_owned).collect();
    let reasons: BTreeSet<&str> = held.iter().map(|(_, why)| *why).collect();
    let why = match reasons.into_iter().collect::<Vec<_>>().as_slice() {
        [why] => (*why).to_owned(),
        several => format!("{} reasons, which `rolecall plan` shows", number(several.len() as u64)),
    };
    let text = format!(
        "app {}: {} held by {by} ({}): {why}",
        app.app,
        counted(held.len() as u64, "change is", "changes are"),
        first_ten(&subjects)
    );
    Warning { code: "change-held", text, place: place(held.iter().map(|(change, _)| *change)) }
}

/// The line of the first reasons that most changes have in common.
fn place<'p>(changes: impl Iterator<Item = &'p Change>) -> Option<Place> {
    let mut found: BTreeMap<(&str, u32), (usize, &Place)> = BTreeMap::new();
    let places = changes.filter_map(|change| change.reasons.iter().find_map(|reason| reason.place.as_ref()));
    for place in places {
        found.entry((&place.file, place.line)).or_insert((0, place)).0 += 1;
    }
    let most = found.into_iter().min_by_key(|(line, (count, _))| (usize::MAX - count, *line));
    most.map(|(_, (_, place))| place.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{Cause, ChangeKind};
    use crate::model::guard::Guard;
    use crate::model::limit::Share;
    use crate::render::sample::{With, app, guard, life, plan};

    fn texts(app: AppPlan, policies_are_said: bool) -> String {
        let lines = warnings(&plan(vec![app]), policies_are_said).into_iter().map(|warning| {
            let place = warning.place.map(|place| format!("{}:{}", place.file, place.line));
            format!("{} [{}] {}\n", warning.code, place.unwrap_or_default(), warning.text)
        });
        lines.collect()
    }

    #[test]
    fn rule_11_each_guard_and_each_other_reason_is_one_line() {
        let held = |id: &str, by: &str, why: &str| life(id, ChangeKind::Enable, Cause::Drift).held(by, why);
        let tripped = guard(Guard::Deprovision, 8, 40, 2, Share::Percent(5), true);
        let sentence = tripped.sentence();
        let lost = |id: &str, at: &str| {
            let change = life(id, ChangeKind::Disable, Cause::Config).because("nobody declares it", at);
            change.held("guard:deprovision", &sentence)
        };
        let mut wiki = app(
            "wiki",
            vec![
                lost("ada", "access/people.yaml:3"),
                lost("bob", "access/wiki.yaml:7"),
                lost("eve", "access/wiki.yaml:7"),
                // What waits for a held change is said with the guard.
                held("fay", "guard:deprovision", "it waits for the disabling of ada, which is held back"),
                held("kim", "drift", "somebody turned it off").because("kim is in", "access/people.yaml:9"),
                held("lea", "clock", "a date decides this"),
                held("max", "clock", "a date decides this"),
                held("ned", "drift", "somebody else turned it off"),
                held("pia", "policy:hands", "policy hands forbids it"),
                life("zoe", ChangeKind::Enable, Cause::Config),
            ],
        );
        wiki.guards = vec![tripped, guard(Guard::Leavers, 1, 40, 5, Share::Percent(5), false)];
        insta::assert_snapshot!(texts(wiki.clone(), true), @r"
        guard-tripped [access/wiki.yaml:7] app wiki: changes are held by guard deprovision: 8 people, 2 allowed (5 % of 40); if this is meant, repeat with --allow 15five:deprovision=8; if not, take the edit back
        change-held [] app wiki: 2 changes are held by clock (lea, max): a date decides this
        change-held [access/people.yaml:9] app wiki: 2 changes are held by drift (kim, ned): 2 reasons, which `rolecall plan` shows
        ");
        assert!(
            texts(wiki, false)
                .contains("app wiki: 1 change is held by policy:hands (pia): policy hands forbids it")
        );
    }

    #[test]
    fn rule_11_ten_lines_of_one_app_are_enough() {
        let mut wiki = app("wiki", Vec::new());
        let of = |number: usize| {
            let of = Some(format!("group:g{number:02}"));
            GuardReport { of, ..guard(Guard::Membership, 9, 12, 6, Share::Half, true) }
        };
        wiki.guards = (0..13).map(of).collect();
        let lines = texts(wiki, true);
        assert_eq!(lines.lines().count(), 11);
        insta::assert_snapshot!(lines.lines().last().unwrap(), @"change-held [] app wiki: and 3 more guards and reasons hold changes; `rolecall plan` shows all");
    }

    #[test]
    fn rule_11_an_app_that_is_stopped_is_one_line() {
        let mut wiki =
            app("wiki", vec![life("ada", ChangeKind::Disable, Cause::Config).held("guard:source", "why")]);
        wiki.guards = vec![
            guard(Guard::Source, 8, 40, 2, Share::Percent(5), true),
            guard(Guard::Deprovision, 8, 40, 2, Share::Percent(5), true),
        ];
        wiki.status =
            AppStatus::Stopped { by: "guard:source".to_owned(), why: "8 people are gone".to_owned() };
        insta::assert_snapshot!(texts(wiki, true), @"app-stopped [] app wiki is stopped by guard:source: 8 people are gone");
    }
}
