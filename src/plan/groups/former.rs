//! Managed groups that nobody declares any more (safety.md 4).

use std::collections::BTreeSet;

use super::find::{account_named, group_row, member_link};
use super::{inherited, proof};
use crate::model::app::GroupRemove;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Reason, Verdict};
use crate::model::fact::Fact;
use crate::model::ledger::{GroupKey, GroupLink, LedgerUpdate};
use crate::model::seen::Seen;
use crate::model::{RoleId, UserId, UserNo};
use crate::plan::command;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, People};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::rows::{GroupRow, MemberRef};
use crate::plan::reading::shown::InGroup;
use crate::plan::roles::revocations::{revocation, revoke};

pub(super) fn decide(cx: &Context, people: &People, key: &GroupKey, link: &GroupLink) -> Decision {
    let object = key.object();
    let app = cx.input.desired.app;
    if app.removed.is_some() {
        return forget(cx, object, link, cx.input.given_up());
    }
    let notice = |kind: NoticeKind, text: String, hint: Option<&str>| {
        Decision::from(Notice::of_group(kind, &object, text, hint))
    };
    let row = match group_row(cx, &link.remote) {
        Ok(row) => row,
        Err(why) => return notice(NoticeKind::Undecided, why, None),
    };
    // Only a role and a deleted group take access away from people; otherwise the ledger just forgets the group.
    let removes_access = matches!(object, Object::Role(_)) || app.groups.remove == GroupRemove::Delete;
    let reason = Reason::from(Fact::NotDeclaredHere(object.clone()));
    let Some(row) = row else {
        return forget(cx, object, link, reason);
    };
    if cx.differ.has_new_endpoint {
        let text = "is not declared any more, and cannot be proved to be the same group at the new endpoint: it is left alone".to_owned();
        let hint = "remove it in the app by hand if it should go";
        return notice(NoticeKind::Advice, text, Some(hint));
    }
    if let (true, Some(why)) = (removes_access, proof::undeclared(cx, key, link)) {
        let text = "is not declared, and the ledger cannot prove that it ever was".to_owned();
        let hint = format!("if the entry is wrong, {}", command::unlink(&app.id, key));
        let unproved = vec![(why, object.clone())];
        return Decision { unproved, ..notice(NoticeKind::Undecided, text, Some(&hint)) };
    }
    let conflict = proof::conflict(cx, &object, link, row, None).map(|conflict| conflict.why);
    if let (true, Some(why)) = (removes_access, conflict) {
        let hint = format!("it is left alone: {}", command::unlink(&app.id, key));
        return notice(NoticeKind::LinkConflict, why, Some(&hint));
    }
    let dated = Decision { observed: dated(cx, key, link).into_iter().collect(), ..Decision::default() };
    if let Object::Role(role) = &object {
        return dated.and(former_role(cx, people, role, link, reason));
    }
    if app.groups.remove == GroupRemove::Delete {
        return dated.and(delete(cx, key, object, link, reason));
    }
    let mut decided = Decision::default();
    if !link.members.is_empty() {
        let text = format!(
            "the group stays in the app with its members; rolecall managed {} of them (`groups.remove: keep`)",
            link.members.len()
        );
        let hint = "set `groups.remove: delete` before taking it out, or remove them in the app";
        decided.add(notice(NoticeKind::UnmanagedMembers, text, Some(hint)));
    }
    decided.and(forget(cx, object, link, reason))
}

/// An entry without a commit of its own was declared at the last applied commit. It gets that one now, because the next
/// applied commit does not declare it (safety.md 1).
fn dated(cx: &Context, key: &GroupKey, link: &GroupLink) -> Option<LedgerUpdate> {
    let applied = cx.input.commit.and(cx.input.ledger.applied_commit()).filter(|_| link.commit.is_none())?;
    let link = GroupLink { commit: Some(applied.clone()), ..cx.links().with_todays_members(link) };
    Some(LedgerUpdate::PutGroup { key: key.clone(), link })
}

/// The ledger forgets the group; nothing changes in the app.
fn forget(cx: &Context, object: Object, link: &GroupLink, reason: Reason) -> Decision {
    let mut change = cx.change_of(object, Facet::Life, ChangeKind::Forget, Cause::Config);
    change.remote = Some(link.remote.clone());
    change.reasons = vec![reason];
    change.into()
}

fn delete(cx: &Context, key: &GroupKey, object: Object, link: &GroupLink, reason: Reason) -> Decision {
    if !cx.input.capabilities.delete_groups {
        let text =
            format!("group {} should be deleted, and groups cannot be deleted in this app", link.remote);
        let hint = "delete it in the app, or set `groups.remove: keep`";
        return Notice::of_group(NoticeKind::NotPossible, &object, text, Some(hint)).into();
    }
    let mut change = cx.change_of(object, Facet::Life, ChangeKind::GroupDelete, Cause::Config);
    change.remote = Some(link.remote.clone());
    change.reasons = vec![reason];
    let mut deleted = Vec::new();
    if let Some(member) = protected_member(cx, link) {
        change.verdict = Verdict::Held {
            by: "protect".into(),
            why: format!(
                "its member {member} is protected and is not taken out of anything: delete the group by hand, or set `groups.remove: keep`"
            ),
        };
    } else if let Some(members) = members(cx, link) {
        // The guards count unmanaged members too, because they lose the group as well.
        deleted.push((key.clone(), members.iter().filter_map(|member| loser(cx, member)).collect()));
    } else {
        change.verdict = Verdict::Held {
            by: "members".into(),
            why: "its members could not be read, so nobody can say who would lose it: delete the group by hand, or set `groups.remove: keep`".to_owned(),
        };
    }
    Decision { deleted, ..cx.removal(change).into() }
}

/// The members as the app shows them; none if it does not.
fn members<'s>(cx: &Context<'s, '_>, link: &GroupLink) -> Option<&'s [MemberRef]> {
    match cx.holders(cx.differ.seen.groups.get(&link.remote)?) {
        Seen::Is(members) => Some(members),
        Seen::None => Some(&[]),
        Seen::Unread(_) => None,
    }
}

/// The members of a group as the guards count them, as far as the app shows them.
pub(super) fn everybody_in(cx: &Context, row: &GroupRow) -> BTreeSet<Object> {
    let members = match cx.holders(row) {
        Seen::Is(members) => members,
        Seen::None | Seen::Unread(_) => &[],
    };
    members.iter().filter_map(|member| loser(cx, member)).collect()
}

/// A member as the guards count it. A name that cannot be an account's id stands for nobody.
pub(super) fn loser(cx: &Context, member: &MemberRef) -> Option<Object> {
    match (member_link(cx, member), member) {
        (Some(link), _) => Some(Object::User(cx.row(link).user.clone())),
        (None, MemberRef::Other(text) | MemberRef::Group(text)) => text.parse().ok().map(Object::Account),
        (None, MemberRef::Linked(_)) => None,
    }
}

/// A protected person or account that the app shows as a member, by name.
fn protected_member(cx: &Context, link: &GroupLink) -> Option<String> {
    members(cx, link)?.iter().find_map(|member| protected_name(cx, member))
}

/// The name of a member who is protected.
pub(super) fn protected_name(cx: &Context, member: &MemberRef) -> Option<String> {
    if let Some(link) = member_link(cx, member) {
        let id = &cx.row(link).user;
        return cx.is_protected(id).then(|| id.to_string());
    }
    let MemberRef::Other(text) = member else {
        return None;
    };
    let row = account_named(cx, text)?;
    row.protected.then(|| text.to_string())
}

/// A role that was a group: the people to whom rolecall gave it lose it, unless they keep it as a value. The ledger forgets it
/// in the plan after that.
fn former_role(cx: &Context, people: &People, role: &RoleId, link: &GroupLink, reason: Reason) -> Decision {
    let in_group = linked_members(cx, link);
    let managed = link.members.iter().map(|id| cx.links().today(id));
    let holders: Vec<&UserId> = managed.filter(|id| in_group.contains(id)).collect();
    let row = cx.differ.seen.groups.get(&link.remote);
    let is_mixed = row.is_some_and(|row| matches!(cx.members(row), InGroup::Mixed(_)));
    let (holders, others): (Vec<&UserId>, Vec<&UserId>) =
        holders.into_iter().partition(|id| !is_mixed || cx.links().is_among(&link.added, id));
    let stays = others.into_iter().filter(|id| !people.is_frozen(id));
    let stays: Decision = stays.map(|id| inherited::stays(cx, &Object::Role(role.clone()), id)).collect();
    if holders.is_empty() {
        let app = cx.input.desired.app;
        // The entry of a role that has another id today moves to that one first.
        let today = app.todays_role(role);
        let reason = match app.role_once(role) {
            Some(number) => cx.input.reason(Fact::NoGroupNow(today.clone()), app.roles[number.index()].span),
            None => reason,
        };
        return stays.and(forget(cx, Object::Role(today.clone()), link, reason));
    }
    let losers = holders.into_iter().filter(|id| !people.is_frozen(id) && !cx.is_protected(id));
    stays.and(losers.map(|id| revoke_former_role(cx, id, role)).collect())
}

fn revoke_former_role(cx: &Context, id: &UserId, role: &RoleId) -> Decision {
    let Some(found) = cx.links().of_id(id) else {
        return Decision::default();
    };
    let desired = cx.input.desired;
    let remote = &cx.link(found).remote;
    let number = desired.app.role_once(role);
    let role = desired.app.todays_role(role);
    let user = cx.number(id);
    let mut change: Change = match user {
        Some(user) => revocation(cx, user, id, Some(remote), role, Cause::Config, ""),
        None => {
            let facet = Facet::Role(role.clone());
            let mut change = cx.change(id, facet, ChangeKind::RoleRevoke, Cause::Config);
            change.remote = Some(remote.clone());
            change.reasons = vec![Fact::NotDeclared(id.clone()).into()];
            change
        }
    };
    if let Some(number) = number {
        change.key.facet = Facet::FormerGroup(role.clone());
        let has_value = desired.role_value(number).is_some();
        let is_held = |user: UserNo| desired.roles_of(user).any(|role| role == number);
        change.revalued = has_value && user.is_some_and(is_held);
        change.privileged &= !change.revalued;
        if user.is_some() && change.cause != Cause::Expiry {
            let span = desired.app.roles[number.index()].span;
            change.reasons = vec![cx.input.reason(Fact::NoGroupNow(role.clone()), span)];
        }
    }
    revoke(cx, id, change)
}

/// People with a link who are in a group: from the app, or from the ledger if the app shows no members.
fn linked_members<'s>(cx: &'s Context, link: &'s GroupLink) -> BTreeSet<&'s UserId> {
    match members(cx, link) {
        Some(members) => {
            let links = members.iter().filter_map(|member| member_link(cx, member));
            links.map(|link| &cx.row(link).user).collect()
        }
        None => link.members.iter().map(|id| cx.links().today(id)).collect(),
    }
}
