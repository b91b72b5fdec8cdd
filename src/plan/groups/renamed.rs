//! A group or role whose id was changed without `previously`: the plan reports it and does not guess (safety.md 3).

use std::collections::{BTreeMap, BTreeSet};

use super::find::By;
use crate::model::change::Object;
use crate::model::ledger::{GroupKey, GroupLink};
use crate::plan::decide::context::Context;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::differ::WantedGroup;

/// Desired groups without a link, by their place, that would be a group that is linked under an id that is not desired any
/// more: `links:` names it, or it has their name or our id. `known` are the keys of the ledger that are still desired.
pub(super) fn suspected(cx: &Context, known: &BTreeSet<GroupKey>) -> BTreeMap<usize, GroupKey> {
    let former: Vec<_> = cx.input.ledger.groups.iter().filter(|(key, _)| !known.contains(*key)).collect();
    let row_of = |link: &GroupLink| cx.differ.seen.groups.get(&link.remote);
    let would_be = |group: &WantedGroup| {
        let by = By::of(cx, &cx.input.desired.groups[group.place]);
        let is_it = |link: &GroupLink| match by {
            By::Link(_) => false,
            By::Hand(remote, _) => link.remote == *remote,
            By::Name => row_of(link).is_some_and(|row| group.may_be(row)),
        };
        former.iter().find(|(_, link)| is_it(link)).map(|(key, _)| (*key).clone())
    };
    let groups = cx.differ.groups.iter().enumerate().filter(|_| !former.is_empty());
    groups.filter_map(|(place, group)| Some((place, would_be(group)?))).collect()
}

/// One notice about the old and the new id.
pub(super) fn notice(cx: &Context, new: &Object, old: &GroupKey) -> Notice {
    let id = |object: &Object| match object {
        Object::User(id) => id.to_string(),
        Object::Group(id) => id.to_string(),
        Object::Role(id) => id.to_string(),
        Object::Account(id) => id.to_string(),
    };
    let before = old.object();
    let same_kind =
        matches!((new, &before), (Object::Group(_), Object::Group(_)) | (Object::Role(_), Object::Role(_)));
    let hint = if same_kind {
        format!(
            "if {new} is the same, add `previously: [{}]` to {}; if not, give it another name",
            id(&before),
            id(new)
        )
    } else {
        format!("give {new} another name, or declare {before} again")
    };
    let text = format!(
        "{before} is not declared for this app any more, and {new} would be the same group of the app: neither is changed"
    );
    let span = cx.input.desired.groups.iter().find(|group| group.object == *new);
    let span = span.map(|group| group.span);
    cx.notice_at(NoticeKind::RenameSuspected, new.clone(), text, Some(&hint), span)
}
