//! The plan as text, for the person who decides.

mod block;
mod context;
mod fold;
mod guard;
mod held;
mod notice;
mod section;

use context::Context;

use super::figures::number;
use super::line::{Line, Tone};
use super::page::Page;
use super::sections::sections;
use super::status;
use super::style::Style;
use super::totals::summary_line;
use crate::plan::{AppPlan, Plan};

/// The plan for a terminal: losses and privileged access first, totals last.
pub fn text(plan: &Plan, style: &Style) -> String {
    let mut page = Page::new(style);
    header(&mut page, plan);
    let mut was_quiet = false;
    for app in &plan.apps {
        let is_quiet = status::is_quiet(app) && app.coming.is_empty();
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
    page.line(0, &Line::new().add(Tone::Strong, "Plan ").solid(Tone::Strong, &plan.id));
    for line in status::inputs(&plan.inputs) {
        page.line(2, &line);
    }
}

fn one_app(page: &mut Page, plan: &Plan, app: &AppPlan, verbose: u8) {
    let ctx = Context { names: &app.people, verbose, at: plan.inputs.at };
    let heading = Line::new().solid(Tone::Strong, app.app.as_str()).plain("  ");
    page.line(0, &heading.solid(Tone::Faint, &*app.endpoint));
    for line in status::app(app, plan.inputs.partial) {
        page.line(2, &line);
    }
    for one in sections(app.into(), ctx.unfolds()) {
        section::write(page, &one, &ctx);
    }
}

fn totals(page: &mut Page, plan: &Plan) {
    page.gap();
    let busy = plan.apps.iter().filter(|app| !status::is_quiet(app)).count();
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
