//! Renames that no line says and no value of an account proves: the plan suggests `previously:`, and does no more (safety.md 3).

use std::collections::{BTreeMap, BTreeSet};

use super::vanished;
use crate::model::change::Object;
use crate::model::{UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::links::LinkNo;
use crate::resolve::{PastPerson, names_of};

/// A suggestion for each vanished person who is like exactly one new person, who is like no other.
pub(crate) fn suggestions(cx: &Context, decided: &Decision) -> Vec<Notice> {
    let applied = cx.differ.applied_commit();
    let Some(tree) = applied.and_then(|commit| cx.answers.tree(commit)) else { return Vec::new() };
    let new = decided.new_accounts.iter().map(|new| new.user);
    let new: Vec<UserNo> = new.filter(|user| tree.person(cx.user_id(*user)).is_none()).collect();
    if new.is_empty() {
        return Vec::new();
    }
    let is_vanished = |link: &LinkNo| {
        let row = cx.row(*link);
        row.number.is_none() && !row.is_tombstone() && cx.seen(*link).is_some()
    };
    let frozen = |id: &UserId| decided.frozen.contains(id);
    let vanished = cx.links().numbers().filter(is_vanished).map(|link| &cx.row(link).user);
    let gone: Vec<(&UserId, &PastPerson)> =
        vanished::all(cx).into_iter().map(|gone| (gone.id, gone.person)).collect();
    let is_gone: BTreeSet<&UserId> = gone.iter().map(|(id, _)| *id).collect();
    let vanished = vanished.filter_map(|id| Some((id, tree.person(id)?)));
    let vanished = vanished.chain(gone).filter(|(id, _)| !frozen(id));
    let mut pairs: Vec<(&UserId, UserNo, &'static str)> = Vec::new();
    for (old, person) in vanished {
        pairs.extend(new.iter().filter_map(|user| Some((old, *user, likeness(cx, person, *user)?))));
    }
    let mut of_old: BTreeMap<&UserId, usize> = BTreeMap::new();
    let mut of_new: BTreeMap<UserNo, usize> = BTreeMap::new();
    for (old, user, _) in &pairs {
        *of_old.entry(old).or_default() += 1;
        *of_new.entry(*user).or_default() += 1;
    }
    let only = pairs.iter().filter(|(old, user, _)| of_old[old] == 1 && of_new[user] == 1);
    only.map(|(old, user, like)| suggestion(cx, old, *user, like, is_gone.contains(old))).collect()
}

/// What two people have in common: the whole name, or a part of it and the manager.
fn likeness(cx: &Context, old: &PastPerson, new: UserNo) -> Option<&'static str> {
    let company = cx.input.resolved.company;
    let declared = &company.users[new.index()];
    let ([given, family, _], names) = (&old.names, names_of(declared));
    let same_given = given.is_some() && *given == names[0];
    let same_family = family.is_some() && *family == names[1];
    let manager = declared.manager.map(|manager| &company.users[manager.index()].id);
    let same_manager = manager.is_some() && old.manager.as_ref() == manager;
    match (same_given, same_family) {
        (true, true) => Some("the same name"),
        (true, false) if same_manager => Some("the same given name and manager"),
        (false, true) if same_manager => Some("the same family name and manager"),
        _ => None,
    }
}

fn suggestion(cx: &Context, old: &UserId, new: UserNo, like: &str, is_gone: bool) -> Notice {
    let span = cx.input.resolved.company.users[new.index()].span;
    let new = cx.user_id(new);
    let text = format!("{old} is not declared any more, and the new id {new} has {like}");
    let then = match is_gone {
        true => "what another hand did to the account counts for both",
        false => "the account stays",
    };
    let hint = format!(
        "if they are one person, write `previously: [{old}]` below `{new}:` in `users:`, and {then}; if not, there is nothing to do"
    );
    cx.notice_at(NoticeKind::Advice, Object::User(new.clone()), text, Some(&hint), Some(span))
}
