//! One notice for a message that concerns many people.

use std::collections::BTreeMap;

use super::context::Context;
use super::decision::Decision;
use crate::model::UserId;
use crate::model::seen::Activity;
use crate::model::words::{count, first_ten};
use crate::plan::notice::{Notice, NoticeKind};

pub(super) fn decide_all(cx: &Context, decided: &Decision) -> Decision {
    let mut notices = forbidden(&decided.forbidden);
    notices.extend(kept(&decided.kept));
    notices.extend(short(cx, decided));
    notices.extend(activity_not_shown(cx));
    notices.extend(not_entitled(cx));
    notices.extend(unmet_protection(cx));
    Decision { notices, ..Decision::default() }
}

fn forbidden(forbidden: &[(&'static str, &'static str, UserId)]) -> Vec<Notice> {
    let mut people: BTreeMap<(&str, &str), Vec<&UserId>> = BTreeMap::new();
    for (what, remedy, id) in forbidden {
        people.entry((what, remedy)).or_default().push(id);
    }
    let notice = |((what, remedy), ids): ((&str, &str), Vec<&UserId>)| {
        let text = format!(
            "`users.actions` does not allow to {what} {}: {}",
            count(ids.len(), "account", "accounts"),
            names(ids)
        );
        Notice::of_app(NoticeKind::Advice, text, Some(remedy.to_owned()))
    };
    people.into_iter().map(notice).collect()
}

fn kept(kept: &[UserId]) -> Option<Notice> {
    (!kept.is_empty()).then(|| {
        let text = format!(
            "{} active although nothing here asks for it: {}",
            count(kept.len(), "account stays", "accounts stay"),
            names(kept)
        );
        let hint = Some("`users.deprovision: keep` says so".to_owned());
        Notice::of_app(NoticeKind::Advice, text, hint)
    })
}

/// A listing that did not show everything, and whom that concerns.
fn short(cx: &Context, decided: &Decision) -> Vec<Notice> {
    let short = &cx.differ.short;
    let hint =
        || Some("plan again; if it stays so, `rolecall check` reads the listings and says more".to_owned());
    let mut notices = Vec::new();
    for (what, why) in [("accounts", &short.users), ("groups", &short.groups)] {
        if let Some(why) = why {
            let text = format!(
                "the listing of {what} did not show all of them: {why}; nothing is concluded from what is missing"
            );
            notices.push(Notice::of_app(NoticeKind::ShortListing, text, hint()));
        }
    }
    if !decided.unlisted.is_empty() {
        let text = format!(
            "{} not listed, and nothing changes for their people: {}",
            count(decided.unlisted.len(), "linked account was", "linked accounts were"),
            names(&decided.unlisted)
        );
        notices.push(Notice::of_app(NoticeKind::ShortListing, text, None));
    }
    if !decided.waiting.is_empty() {
        let text = format!(
            "{} not created, because the listing may have left accounts of theirs out: {}",
            count(decided.waiting.len(), "account is", "accounts are"),
            names(&decided.waiting)
        );
        notices.push(Notice::of_app(NoticeKind::ShortListing, text, None));
    }
    notices
}

/// Accounts of which the app does not say whether they are active.
fn activity_not_shown(cx: &Context) -> Option<Notice> {
    let linked = cx.links().numbers().filter_map(|link| cx.seen(link)).map(|seen| &seen.activity);
    let unlinked = cx.differ.seen.unlinked.values().map(|row| &row.activity);
    let unread = linked
        .chain(unlinked)
        .filter(|activity| matches!(cx.differ.seen.shown.activity(activity), Activity::Unread(_)));
    let unread = unread.count();
    (unread > 0).then(|| {
        let text = format!(
            "the app does not say of {} whether it is active: what rolecall did last counts, and such an account is adopted only below `links:`",
            count(unread, "account", "accounts")
        );
        Notice::of_app(NoticeKind::Advice, text, None)
    })
}

fn not_entitled(cx: &Context) -> Option<Notice> {
    let skipped: Vec<_> = cx.input.desired.not_entitled().map(|user| cx.user_id(user)).collect();
    (!skipped.is_empty()).then(|| {
        let text = format!(
            "{} assigned without a role (Default Access): {}",
            count(skipped.len(), "person", "people"),
            names(skipped)
        );
        let hint = Some("assign a role, or set `default_access: provision`".to_owned());
        Notice::of_app(NoticeKind::NotEntitled, text, hint)
    })
}

/// Entries of `protect:` that protect nothing.
fn unmet_protection(cx: &Context) -> Vec<Notice> {
    let protect = &cx.input.desired.app.protect;
    let unmet = cx.differ.protection.unmet().into_iter().map(|place| &protect[place]);
    let unknown = unmet.filter(|entry| cx.input.resolved.company.user(&entry.text).is_none());
    let notice = unknown.map(|entry| Notice {
        kind: NoticeKind::Advice,
        subject: None,
        text: format!("`protect` names {}, which is no account of this app", entry.text),
        hint: Some("correct the entry, or take it out".to_owned()),
        place: cx.input.files.place(entry.span),
    });
    notice.collect()
}

fn names<'i>(ids: impl IntoIterator<Item = &'i UserId>) -> String {
    first_ten(&ids.into_iter().map(UserId::to_string).collect::<Vec<_>>())
}
