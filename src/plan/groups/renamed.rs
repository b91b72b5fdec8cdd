//! A group or role whose id was changed without `previously`: the plan reports it and does not guess (safety.md 3).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::key::ledger_key;
use crate::model::change::Object;
use crate::model::folded::folded;
use crate::model::ledger::GroupKey;
use crate::plan::decide::context::Context;
use crate::plan::notice::{Notice, NoticeKind};

/// Desired groups without a link, by their place, whose name belongs to a group that is linked under an id that is not
/// desired any more. `known` are the keys of the ledger that are still desired.
pub(super) fn suspected(cx: &Context, known: &BTreeSet<GroupKey>) -> BTreeMap<usize, GroupKey> {
    let ledger = &cx.input.ledger.groups;
    let former = ledger.iter().filter(|(key, _)| !known.contains(*key));
    let named = former.filter_map(|(key, link)| {
        let name = cx.differ.seen.groups.get(&link.remote)?.name.as_ref()?;
        Some((folded(name), key))
    });
    let named: HashMap<String, &GroupKey> = named.collect();
    let mut suspected = BTreeMap::new();
    for (place, group) in cx.differ.groups.iter().enumerate().filter(|_| !named.is_empty()) {
        let wanted = &cx.input.desired.groups[group.place];
        let is_new = GroupKey::of(&wanted.object)
            .is_some_and(|key| !ledger.contains_key(&ledger_key(cx.input, wanted, &key)));
        let old = group.name.as_ref().and_then(|name| named.get(name));
        if let (true, Some(old)) = (is_new, old) {
            suspected.insert(place, (*old).clone());
        }
    }
    suspected
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
