//! Entries of `protect` that are merged from `defaults` are meant for one app of many: they protect nothing only if they are no
//! account of any app (safety.md 15). They are judged after all apps are planned.

use std::collections::{BTreeMap, BTreeSet};

use super::guard::dependents;
use super::notice::{Notice, NoticeKind};
use super::plan_type::{AppPlan, AppStatus};
use super::reading::protect::Unmet;
use crate::model::app::App;
use crate::model::change::Verdict;
use crate::model::folded::folded;
use crate::model::words::first_ten;
use crate::model::{AppId, Company};

/// Holds the removals of strangers in every app that has an entry of the defaults which is no account of any app that was read,
/// and says which entry.
pub fn hold(company: &Company, plans: &mut [AppPlan]) {
    let met = met(company, plans);
    let doubt = doubt(company, plans);
    for plan in plans.iter_mut().filter(|plan| plan.status == AppStatus::Planned) {
        let unmet = std::mem::take(&mut plan.work.unmet_protect);
        let unmet: Vec<Unmet> =
            unmet.into_iter().filter(|entry| !met.contains(&folded(&entry.text))).collect();
        let Some(first) = unmet.first() else { continue };
        let of = match &doubt {
            None => "no account of any app".to_owned(),
            Some(doubt) => format!("none of the accounts that were listed ({doubt})"),
        };
        let text = format!("`protect` of the defaults names {}, which is {of}", first.text);
        let out = "correct the entry, or take it out";
        let mut why = format!("{text}, and nobody can say whom it should protect");
        if doubt.is_none() {
            why.push_str(&format!(": {out}"));
        }
        for change in
            plan.changes.iter_mut().filter(|change| change.takes_from_stranger() && change.verdict.is_do())
        {
            change.verdict = Verdict::Held { by: "protect".into(), why: why.clone() };
        }
        dependents::hold(&mut plan.changes, &plan.work.needs, &plan.work.falls);
        // What was not listed may have the account: nothing is said against the entry.
        if doubt.is_none() {
            plan.notices.push(Notice {
                kind: NoticeKind::Advice,
                subject: None,
                text,
                hint: Some(out.to_owned()),
                place: first.place.clone(),
            });
            plan.notices.sort();
        }
    }
}

/// Entries of the defaults that are an account of some app.
fn met(company: &Company, plans: &[AppPlan]) -> BTreeSet<String> {
    let apps: BTreeMap<&AppId, &App> = company.apps.iter().map(|app| (&app.id, app)).collect();
    let mut met = BTreeSet::new();
    for plan in plans.iter().filter(|plan| plan.status == AppStatus::Planned) {
        let unmet: BTreeSet<String> =
            plan.work.unmet_protect.iter().map(|entry| folded(&entry.text)).collect();
        let inherited =
            apps.get(&plan.app).into_iter().flat_map(|app| &app.protect).filter(|entry| entry.inherited);
        met.extend(inherited.map(|entry| folded(&entry.text)).filter(|entry| !unmet.contains(entry)));
    }
    met
}

/// The apps that have entries of the defaults, and that were not read, or not as a whole.
fn doubt(company: &Company, plans: &[AppPlan]) -> Option<String> {
    let inherits = |app: &&App| app.protect.iter().any(|entry| entry.inherited);
    let (mut unread, mut short) = (Vec::new(), Vec::new());
    for app in company.apps.iter().filter(inherits) {
        match plans.iter().find(|plan| plan.app == app.id && plan.status == AppStatus::Planned) {
            None => unread.push(app.id.to_string()),
            Some(plan) if plan.work.has_short_accounts => short.push(app.id.to_string()),
            Some(_) => {}
        }
    }
    let parts = [("not read", unread), ("a short listing", short)];
    let parts = parts.iter().filter(|(_, apps)| !apps.is_empty());
    let parts: Vec<_> = parts.map(|(what, apps)| format!("{what}: {}", first_ten(apps))).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}
