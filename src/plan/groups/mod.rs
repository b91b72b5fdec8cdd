//! Decisions about groups. A group is found by its link or, once, by its name or our id (safety.md 4).
//!
//! * [`decide_all`]: every desired group, then [`former`] ones
//! * [`find`] and [`proof`]: which group of the app is meant, and who is in it
//! * [`change`] and [`adoption`]: the group itself; [`members`], [`unmanaged_members`] and [`nested`]: who joins and leaves

mod adoption;
mod before;
mod case;
mod change;
pub(super) mod find;
mod former;
pub(super) mod free;
mod inherited;
pub(super) mod key;
mod members;
mod membership;
mod name_taken;
mod namesakes;
mod nested;
mod proof;
mod renamed;
mod unmanaged_members;
mod vanished;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::model::Kind;
use crate::model::change::{ChangeKind, Facet, Object};
use crate::model::folded::folded;
use crate::model::ledger::{GroupKey, GroupLink, LedgerUpdate};
use crate::model::op::MemberList;
use crate::model::seen::Unread;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, People};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::differ::WantedGroup;
use crate::plan::reading::rows::GroupRow;
use crate::plan::reading::shown::InGroup;
use crate::resolve::DesiredAttribute;

use case::GroupCase;
use find::{By, group_found};
use key::ledger_key;
use membership::Membership;
use vanished::Vanished;

pub(super) fn decide_all(cx: &Context, people: &People) -> Decision {
    let desired = cx.input.desired;
    let wanted = desired.groups.iter();
    let known =
        wanted.filter_map(|wanted| Some(ledger_key(cx.input, wanted, &GroupKey::of(&wanted.object)?)));
    let mut known: BTreeSet<GroupKey> = known.collect();
    let suspected = renamed::suspected(cx, &known);
    let found = cx.differ.groups.par_iter().map(|group| {
        let (link, row) = group_found(cx, group);
        members::found(cx, people, link, row)
    });
    let found: Vec<Membership> = found.collect();
    let vanished = Vanished::of(cx);
    let wanted: Vec<Decision> = found
        .par_iter()
        .enumerate()
        .map(|(place, found)| match suspected.get(&place) {
            Some(old) => {
                let wanted = &desired.groups[cx.differ.groups[place].place];
                Decision::from(renamed::notice(cx, &wanted.object, old))
            }
            None if vanished.has(place) => Decision::default(),
            None => wanted_group(cx, people, &cx.differ.groups[place], found),
        })
        .collect();
    let mut decided: Decision = wanted.into_iter().collect();
    decided.add(vanished.notice(cx));
    known.extend(suspected.into_values());
    for (key, link) in cx.input.ledger.groups.iter().filter(|(key, _)| !known.contains(*key)) {
        decided.add(former::decide(cx, people, key, link));
    }
    decided
}

fn wanted_group(cx: &Context, people: &People, group: &WantedGroup, found: &Membership) -> Decision {
    let wanted = &cx.input.desired.groups[group.place];
    let Some(key) = GroupKey::of(&wanted.object) else {
        return Decision::default();
    };
    if !cx.input.capabilities.groups {
        let text = "this app has no groups".to_owned();
        let hint = "take it out of `groups.push`, or give the role a `value:`";
        return Notice::of_group(NoticeKind::NotPossible, &wanted.object, text, Some(hint)).into();
    }
    match &group.attributes {
        Err(why) => {
            let hint = "until this is put right, nothing changes in this group";
            Notice::of_group(NoticeKind::Undecided, &wanted.object, why.clone(), Some(hint)).into()
        }
        Ok(attributes) => decide(cx, people, group, key, attributes, found),
    }
}

fn decide(
    cx: &Context,
    people: &People,
    group: &WantedGroup,
    key: GroupKey,
    attributes: &[DesiredAttribute],
    members: &Membership,
) -> Decision {
    let (wanted, name) = (&cx.input.desired.groups[group.place], group.name.as_deref());
    let kept_under = ledger_key(cx.input, wanted, &key);
    let notice = |kind: NoticeKind, text: String, hint: &str| {
        Decision::from(Notice::of_group(kind, &wanted.object, text, Some(hint)))
    };
    let by = By::of(cx, wanted);
    let link = by.link();
    let row = match (by.row(cx, group), by) {
        (Ok(None) | Err(_), By::Hand(remote, span)) => {
            let text = format!("`links:` names group {remote}, which is not in the app");
            let hint = "correct the entry below `links:`";
            let object = wanted.object.clone();
            return cx.notice_at(NoticeKind::NotAdopted, object, text, Some(hint), Some(span)).into();
        }
        (Err(why), By::Link(link)) if !find::is_gone(cx, &link.remote) => {
            let hint = "nothing changes in this group until the app shows whether it is there";
            return notice(NoticeKind::Undecided, why, hint);
        }
        (Err(why), By::Name | By::Link(_)) => {
            let first = cx.free_groups.candidates(group).first().map(ToString::to_string);
            let hint = format!(
                "name the right one below `links:`, such as `{key}: \"{}\"`; or rename one of them in the app",
                first.unwrap_or_default()
            );
            return notice(NoticeKind::Ambiguous, why, &hint);
        }
        (Ok(row), _) => row,
    };
    let adopted = row.is_some_and(|row| link.is_none_or(|link| link.remote != row.remote));
    if let (Some(link), Some(row), false) = (link, row, adopted) {
        let called = row.name.as_ref().map(|name| folded(name));
        if cx.differ.has_new_endpoint && called.as_deref() != name {
            let text = format!(
                "group {} at the new endpoint is called \"{}\": it is not proved to be the same group",
                row.remote,
                row.name.as_deref().unwrap_or_default()
            );
            let otherwise = proof::otherwise(cx, wanted, &kept_under);
            let hint = format!("rename it in the app if it is; if not, {otherwise}");
            return notice(NoticeKind::LinkConflict, text, &hint);
        }
        let meant = proof::Wanted { group: wanted, attributes, name };
        if let Some(conflict) = proof::conflict(cx, &wanted.object, link, row, Some(&meant)) {
            let hint = conflict.hint(cx, wanted, &kept_under);
            return notice(NoticeKind::LinkConflict, conflict.why, &hint);
        }
    }
    let mut decided = Decision::default();
    if kept_under != key {
        decided.observed.push(LedgerUpdate::MoveGroup { from: kept_under, to: key.clone() });
        // The commit of the entry declares the earlier id only.
        if let (Some(link), Some(commit)) = (link, cx.input.commit) {
            let link = GroupLink { commit: Some(commit.into()), ..cx.links().with_todays_members(link) };
            decided.observed.push(LedgerUpdate::PutGroup { key: key.clone(), link });
        }
    }
    let gives_power = row.is_some_and(|row| cx.power.is_group(&row.remote))
        || name.is_some_and(|name| cx.power.is_name(name));
    let own = link.filter(|_| !adopted);
    let case = GroupCase {
        wanted,
        key,
        link: own,
        known: link,
        row,
        adopted,
        gives_power,
        is_mixed: members.is_mixed,
    };
    match case.row {
        None if !cx.input.capabilities.create_groups => {
            let text = "the app has no such group, and groups cannot be created there".to_owned();
            return decided.and(notice(NoticeKind::NotPossible, text, "create it in the app"));
        }
        None if !is_free(cx, &case, group) => {
            let why = cx.differ.short.groups.as_deref().unwrap_or_default();
            let text = format!("is not created, because the listing of groups may have left it out: {why}");
            return decided.and(notice(
                NoticeKind::Undecided,
                text,
                "plan again; if it stays so, ask the makers of the app",
            ));
        }
        Some(_) if adopted && !matches!(by, By::Hand(..)) && cx.differ.short.groups.is_some() => {
            let why = cx.differ.short.groups.as_deref().unwrap_or_default();
            let text = format!(
                "is not adopted, because the listing of groups may have left another one of its name out: {why}"
            );
            return decided.and(notice(
                NoticeKind::Undecided,
                text,
                "plan again; if it stays so, ask the makers of the app",
            ));
        }
        None => match proof::misplaced(cx, group) {
            Some((row, other)) => {
                let name = row.name.as_deref().unwrap_or("no name");
                let text = format!(
                    "is not made again: group {} (\"{name}\") shows itself to be it, and stands in the ledger's entry of {other}",
                    row.remote
                );
                return decided.and(notice(NoticeKind::LinkConflict, text, &proof::put_right(&other)));
            }
            None => decided.add(change::create(cx, &case, attributes)),
        },
        Some(row) => {
            if adopted {
                let before = before::accounts(cx, people, &case, members);
                decided.add(change::adopt(cx, &case, row, attributes, before));
                decided.add(adoption::notice(cx, &case, row, group, members));
            } else {
                decided.add(namesakes::notices(cx, people, &case, row));
            }
            decided.add(change::attributes(cx, &case, row, attributes));
            let list = match cx.members(row) {
                InGroup::Nobody => MemberList::Empty,
                InGroup::Unread(Unread::Cut(_)) => MemberList::Cut,
                InGroup::Members(_) | InGroup::Mixed(_) | InGroup::Unread(_) => MemberList::Whole,
            };
            decided.member_lists.push((case.key.clone(), list));
            comes_to_give_power(cx, &case, row, &mut decided);
        }
    }
    decided.and(members::decide(cx, people, &case, members))
}

/// Everybody who is in a group gains power if the plan gives it the name of a group that gives power, or makes it the group of a
/// privileged role (safety.md 10). What is taken over before the first completed apply was power before rolecall came, and a
/// group that was made again stands for the one that was there.
fn comes_to_give_power(cx: &Context, case: &GroupCase, row: &GroupRow, decided: &mut Decision) {
    let is_power_already = match &case.wanted.object {
        Object::Role(role) => cx.power.gives_no_more(&Facet::Role(role.clone())),
        _ => true,
    };
    let is_renamed = case.gives_power && !cx.power.is_group(&row.remote);
    let is_bound = case.gives_power && case.known.is_none() && cx.is_completed() && !is_power_already;
    let changes = decided.changes.iter_mut().filter(|change| match change.kind {
        ChangeKind::GroupRename => is_renamed,
        ChangeKind::Adopt => is_bound,
        _ => false,
    });
    for change in changes {
        change.privileged = true;
        decided.gaining.push((change.key.clone(), former::everybody_in(cx, row)));
    }
}

/// True if it is certain that the app does not have the group: a linked group is proven gone, a complete listing says so, or the
/// look-ups do.
fn is_free(cx: &Context, case: &GroupCase, group: &WantedGroup) -> bool {
    if cx.differ.short.groups.is_none() || case.link.is_some() {
        return true;
    }
    let mut values = group.identifying().peekable();
    values.peek().is_some()
        && values.all(|(path, value)| {
            let holders = cx.answers.holders(Kind::Group, &path, &value);
            holders.is_some_and(|holders| holders.as_ref().is_ok_and(Vec::is_empty))
        })
}
