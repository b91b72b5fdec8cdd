//! The lines above the sections: how a plan was made, and what became of each app.

use super::figures::{counted, instant};
use super::line::{Line, Tone};
use super::totals::Totals;
use crate::plan::{AppPlan, AppStatus, Inputs, NoticeKind};

/// Where the plan comes from, how long it holds, and what is unusual about it.
pub(crate) fn inputs(inputs: &Inputs) -> Vec<Line> {
    let window = Line::new()
        .plain("made for ")
        .solid(Tone::Plain, instant(inputs.at))
        .plain(", valid until ")
        .solid(Tone::Plain, instant(inputs.valid_until))
        .plain(format!(", {} declared", counted(inputs.people, "person", "people")));
    let warnings = [
        (inputs.rehearsal, "rehearsal for the time given with --at: this plan cannot be applied"),
        (inputs.partial, "partial plan: selectors were given, and nothing outside them was compared"),
        (inputs.ledger.is_empty(), "no ledger yet: `rolecall ledger init` makes one"),
    ];
    let warnings = warnings.into_iter().filter(|(is_so, _)| *is_so);
    let warnings = warnings.map(|(_, text)| Line::new().add(Tone::Alarm, text));
    [source(inputs), window].into_iter().chain(warnings).collect()
}

fn source(inputs: &Inputs) -> Line {
    let Some(commit) = &inputs.commit else {
        return Line::new().plain("not a git commit: the files as they are");
    };
    let short: String = commit.chars().take(12).collect();
    let line = Line::new().plain("commit ").solid(Tone::Plain, short);
    if inputs.dirty {
        let warning = "with changes that are not committed: only a sandbox can be changed by this plan";
        line.plain(" ").add(Tone::Alarm, warning)
    } else {
        line
    }
}

/// What became of an app, or how much is to be done in it. In a partial plan, `is_partial`.
pub(crate) fn app(app: &AppPlan, is_partial: bool) -> Vec<Line> {
    let alarm = |words: &str| Line::new().add(Tone::Alarm, words);
    match &app.status {
        AppStatus::Planned => vec![Line::new().list(Tone::Plain, &planned(app, is_partial))],
        AppStatus::Unreadable { why } => {
            vec![alarm("NOT READ: nothing was planned here").plain(": ").plain(why)]
        }
        AppStatus::Stopped { by, why } => {
            let line = alarm("STOPPED").plain(" by ").solid(Tone::Plain, by).plain(": ").plain(why);
            let held = Totals::of(app).held();
            let count = counted(held, "change is held back", "changes are held back");
            let held = (held > 0).then_some(count);
            let rest = match (app.to_do().next().is_some(), held) {
                (false, None) => return vec![line],
                (false, Some(held)) => format!("Nothing will be done here; {held}."),
                (true, None) => "Only people who are left or suspended lose access here.".to_owned(),
                (true, Some(held)) => {
                    format!("Only people who are left or suspended lose access here; {held}.")
                }
            };
            vec![line, Line::new().plain(rest)]
        }
        AppStatus::Disabled => vec![alarm("NOT CONTACTED").plain(": enabled is false")],
    }
}

fn planned(app: &AppPlan, is_partial: bool) -> String {
    let id = &app.app;
    let accounts = counted(app.accounts, "account", "accounts");
    let verb = if app.accounts == 1 { "matches" } else { "match" };
    match () {
        () if !app.changes.is_empty() => Totals::of(app).words(),
        () if is_partial => format!("No changes in this selection; {accounts} read in {id}."),
        () if is_quiet(app) => format!("No changes. {accounts} in {id} {verb} the repository."),
        () => format!("No changes, but see below; {accounts} read in {id}."),
    }
}

/// True if the app is as the repository says and there is nothing to read about it.
pub(crate) fn is_quiet(app: &AppPlan) -> bool {
    let says_little = |kind| matches!(kind, NoticeKind::Advice | NoticeKind::NotEntitled);
    app.status == AppStatus::Planned
        && app.changes.is_empty()
        && app.notices.iter().all(|notice| says_little(notice.kind))
}
