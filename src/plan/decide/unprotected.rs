//! Protection that resolves to nothing protects nothing (safety.md 15): until it does, what nobody declared is not removed.

use super::context::Context;
use crate::model::app::Protected;
use crate::model::change::{Change, Verdict};
use crate::plan::reading::protect::Unmet;

/// Entries of `protect` that are no account of the app. A person without one is none either.
fn unmet<'a>(cx: &Context<'_, 'a>) -> impl Iterator<Item = &'a Protected> {
    let protect = &cx.input.desired.app.protect;
    cx.differ.protection.unmet().into_iter().filter_map(|place| protect.get(place))
}

/// Those of the app itself.
pub(super) fn unmet_here<'a>(cx: &Context<'_, 'a>) -> impl Iterator<Item = &'a Protected> {
    unmet(cx).filter(|entry| !entry.inherited)
}

/// Those of the defaults, which may be accounts of another app.
pub(super) fn unmet_of_defaults(cx: &Context) -> Vec<Unmet> {
    let inherited = unmet(cx).filter(|entry| entry.inherited);
    let place = |entry: &Protected| cx.input.files.place(entry.span);
    inherited.map(|entry| Unmet { text: entry.text.clone(), place: place(entry) }).collect()
}

/// Holds the removals of accounts and members that nobody declared, if it is not known what has to stay.
pub(super) fn hold(cx: &Context, changes: &mut [Change]) {
    let mut removals =
        changes.iter_mut().filter(|change| change.takes_from_stranger() && change.verdict.is_do()).peekable();
    if removals.peek().is_none() {
        return;
    }
    let Some(why) = why(cx) else { return };
    for change in removals {
        change.verdict = Verdict::Held { by: "protect".into(), why: why.clone() };
    }
}

fn why(cx: &Context) -> Option<String> {
    if let Some(entry) = unmet_here(cx).next() {
        let text = &entry.text;
        // What a short listing does not show may be there.
        return Some(match cx.differ.short.users {
            Some(_) => format!(
                "`protect` names {text}, which is none of the accounts that were listed, and nobody can say whom it should protect"
            ),
            None => format!(
                "`protect` names {text}, which is no account of this app, and nobody can say whom it should protect: correct the entry, or take it out"
            ),
        });
    }
    let app = cx.input.desired.app;
    let is_said = app.auth.as_ref().is_some_and(|auth| auth.account.is_some());
    let is_known = is_said || !cx.input.own.is_empty() || app.is_sandbox();
    let why = "the app does not tell which account the connection itself has: write it as `auth.account`, or `none` if it has none";
    (!is_known).then(|| why.to_owned())
}
