//! The plan as text, for the person who decides.

mod block;
mod folds;
mod guards;
mod notices;
mod sections;

pub(super) use folds::headline;
pub(super) use guards::{hint, sentence};
pub(super) use notices::{is_urgent, kinds, said};

use super::Style;
use super::layout::Layout;
use super::line::{Line, Tone};
use super::page::Page;
use super::subject::Names;
use super::totals::{Totals, summary_line};
use super::words::{counted, instant, number};
use crate::model::time::Timestamp;
use crate::plan::{AppPlan, AppStatus, Inputs, NoticeKind, Plan};

/// What the sections of one app need besides its changes.
struct Context<'p> {
    names: &'p Names,
    verbose: u8,
    at: Timestamp,
}

impl Context<'_> {
    /// True if everything is to be shown.
    fn unfolds(&self) -> bool {
        self.verbose > 0
    }

    /// How many of `all` are shown at first, if `most` would do.
    fn show(&self, most: usize, all: usize) -> usize {
        if self.unfolds() || all <= most { all } else { most }
    }
}

/// The plan for a terminal: losses and privileged access first, totals last.
pub fn text(plan: &Plan, style: &Style) -> String {
    let mut page = Page::new(style);
    header(&mut page, plan);
    let mut was_quiet = false;
    for app in &plan.apps {
        let is_quiet = is_quiet(app) && app.coming.is_empty();
        if !(was_quiet && is_quiet) {
            page.gap();
        }
        was_quiet = is_quiet;
        one_app(&mut page, plan, app, style.verbose);
    }
    totals(&mut page, plan);
    page.finish()
}

fn header(page: &mut Page, plan: &Plan) {
    let inputs = &plan.inputs;
    page.line(0, &Line::new().add(Tone::Strong, "Plan ").solid(Tone::Strong, &plan.id));
    page.line(2, &source(inputs));
    let window = Line::new()
        .plain("made for ")
        .solid(Tone::Plain, instant(inputs.at))
        .plain(", valid until ")
        .solid(Tone::Plain, instant(inputs.valid_until))
        .plain(format!(", {} declared", counted(inputs.people, "person", "people")));
    page.line(2, &window);
    let alarm = |page: &mut Page, text: &str| page.line(2, &Line::new().add(Tone::Alarm, text));
    if inputs.rehearsal {
        alarm(page, "rehearsal for the time given with --at: this plan cannot be applied");
    }
    if inputs.partial {
        alarm(page, "partial: selectors were given, and nothing outside them was judged");
    }
    if inputs.ledger.is_empty() {
        alarm(page, "no ledger yet: `rolecall ledger init` makes one");
    }
}

fn source(inputs: &Inputs) -> Line {
    let line = match &inputs.commit {
        None => return Line::new().plain("not a git commit: the files as they are"),
        Some(commit) => Line::new().plain("commit ").solid(Tone::Plain, short(commit)),
    };
    if inputs.dirty {
        line.plain(" ").add(
            Tone::Alarm,
            "with changes that are not committed: only a sandbox can be changed by this plan",
        )
    } else {
        line
    }
}

/// The first twelve characters of a commit.
fn short(commit: &str) -> String {
    commit.chars().take(12).collect()
}

/// True if the app is as the repository says and there is nothing to read about it.
fn is_quiet(app: &AppPlan) -> bool {
    let says_little = |kind| matches!(kind, NoticeKind::Advice | NoticeKind::NotEntitled);
    app.status == AppStatus::Planned
        && app.changes.is_empty()
        && app.notices.iter().all(|notice| says_little(notice.kind))
}

fn one_app(page: &mut Page, plan: &Plan, app: &AppPlan, verbose: u8) {
    let ctx = Context { names: &app.people, verbose, at: plan.inputs.at };
    let heading = Line::new().solid(Tone::Strong, app.app.as_str()).plain("  ");
    page.line(0, &heading.solid(Tone::Faint, &*app.endpoint));
    let layout = Layout::of(app, ctx.unfolds());
    status(page, plan, app, &layout);
    notices::urgent(page, app, &ctx);
    sections::to_decide(page, &layout, &ctx);
    sections::losing(page, &layout, &ctx);
    sections::privileged(page, &layout, &ctx);
    sections::groups(page, &layout, &ctx);
    sections::people(page, &layout, &ctx);
    folds::section(page, &layout);
    sections::adoptions(page, &layout, &ctx);
    sections::ledger(page, &layout, &ctx);
    guards::held(page, app, &layout, &ctx);
    guards::counts(page, app, &layout, &ctx);
    sections::coming(page, app, &ctx);
    notices::others(page, app, &ctx);
}

/// What became of the app, or how much is to be done.
fn status(page: &mut Page, plan: &Plan, app: &AppPlan, layout: &Layout) {
    let alarm = |line: Line, word: &str| line.add(Tone::Alarm, word);
    match &app.status {
        AppStatus::Planned => page.line(2, &Line::new().list(Tone::Plain, &state(plan, app, layout))),
        AppStatus::Unreadable { why } => {
            page.line(2, &alarm(Line::new(), "NOT READ: nothing was planned here").plain(": ").plain(why));
        }
        AppStatus::Stopped { by, why } => {
            let line = alarm(Line::new(), "STOPPED").plain(" by ").solid(Tone::Plain, by);
            page.line(2, &line.plain(": ").plain(why));
            let held = Totals::of(app).held();
            if held > 0 {
                let count = counted(held, "change", "changes");
                page.line(2, &Line::new().plain(format!("Nothing will be done here; {count} held back.")));
            }
        }
        AppStatus::Disabled => {
            page.line(2, &alarm(Line::new(), "NOT CONTACTED").plain(": enabled is false"));
        }
    }
}

fn state(plan: &Plan, app: &AppPlan, layout: &Layout) -> String {
    let accounts = counted(app.accounts, "account", "accounts");
    match Totals::of(app).words() {
        words if !layout.is_empty() => words,
        _ if plan.inputs.partial => {
            format!("No changes among what was selected; {accounts} seen in {}.", app.app)
        }
        _ if is_quiet(app) && app.accounts == 1 => {
            format!("No changes. 1 account in {} matches the repository.", app.app)
        }
        _ if is_quiet(app) => format!("No changes. {accounts} in {} match the repository.", app.app),
        _ => format!("No changes, but read on; {accounts} seen in {}.", app.app),
    }
}

fn totals(page: &mut Page, plan: &Plan) {
    page.gap();
    let busy = plan.apps.iter().filter(|app| !is_quiet(app)).count();
    if plan.apps.is_empty() {
        page.line(0, &Line::new().plain("No app is selected or declared: nothing to plan."));
        return;
    }
    if plan.apps.len() > 1 {
        let quiet = plan.apps.len() - busy;
        let line =
            format!("{} apps: {} without changes", number(plan.apps.len() as u64), number(quiet as u64));
        page.line(0, &Line::new().plain(line));
    }
    page.line(0, &Line::new().add(Tone::Strong, "Total: ").list(Tone::Plain, &summary_line(plan)));
}
