//! One notice for a message that concerns many people.

use std::collections::BTreeMap;

use super::context::Context;
use super::decision::Decision;
use crate::model::UserId;
use crate::model::words::{count, first_ten};
use crate::plan::notice::{Notice, NoticeKind};

pub(super) fn decide_all(cx: &Context, decided: &Decision) -> Decision {
    let mut notices = forbidden(&decided.forbidden);
    notices.extend(kept(&decided.kept));
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
