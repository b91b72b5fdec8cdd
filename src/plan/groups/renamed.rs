//! A group or role whose id was changed without `previously`: the plan reports it and does not guess (safety.md 3).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::find::By;
use crate::model::RemoteId;
use crate::model::change::Object;
use crate::model::folded::folded;
use crate::model::ledger::GroupKey;
use crate::plan::decide::context::Context;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::differ::WantedGroup;

/// Desired groups without a link, by their place, that would be a group that is linked under an id that is not desired any
/// more: `links:` names it, or it has their name or our id. `known` are the keys of the ledger that are still desired.
pub(super) fn suspected(cx: &Context, known: &BTreeSet<GroupKey>) -> BTreeMap<usize, GroupKey> {
    let former = Former::of(cx, known);
    let would_be = |group: &WantedGroup| match By::of(cx, &cx.input.desired.groups[group.place]) {
        By::Link(_) => None,
        By::Hand(remote, _) => former.by_remote.get(remote).copied(),
        By::Name => former.may_be(group),
    };
    let groups = cx.differ.groups.iter().enumerate().filter(|_| !former.by_remote.is_empty());
    groups.filter_map(|(place, group)| Some((place, would_be(group)?.clone()))).collect()
}

/// Groups that are linked under an id that is not desired any more, by what may tell that a desired one is it. Of several, the
/// first key.
#[derive(Default)]
struct Former<'k> {
    by_remote: HashMap<&'k RemoteId, &'k GroupKey>,
    by_name: HashMap<String, &'k GroupKey>,
    by_our_id: HashMap<&'k str, &'k GroupKey>,
}

impl<'k> Former<'k> {
    fn of(cx: &'k Context, known: &BTreeSet<GroupKey>) -> Self {
        let mut former = Self::default();
        for (key, link) in cx.input.ledger.groups.iter().filter(|(key, _)| !known.contains(*key)) {
            former.by_remote.entry(&link.remote).or_insert(key);
            let Some(row) = cx.differ.seen.groups.get(&link.remote) else { continue };
            if let Some(name) = &row.name {
                former.by_name.entry(folded(name)).or_insert(key);
            }
            if let Some(our_id) = &row.our_id {
                former.by_our_id.entry(our_id).or_insert(key);
            }
        }
        former
    }

    fn may_be(&self, group: &WantedGroup) -> Option<&'k GroupKey> {
        let named = group.name.as_ref().and_then(|name| self.by_name.get(name));
        let ours = group.our_id.as_deref().and_then(|our_id| self.by_our_id.get(our_id));
        named.into_iter().chain(ours).min().copied()
    }
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
