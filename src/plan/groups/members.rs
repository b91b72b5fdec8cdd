//! The members of a managed group, compared with the desired ones (safety.md 10).

use roaring::RoaringBitmap;

use super::case::GroupCase;
use super::find::{account_named, is_group, member_link};
use super::membership::Membership;
use super::{before, inherited, nested, unmanaged_members};
use crate::model::app::Drift;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Phase, Reason};
use crate::model::fact::Fact;
use crate::model::ledger::{GroupLink, LedgerUpdate};
use crate::model::time::Timestamp;
use crate::model::{UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Account, Decision, People};
use crate::plan::notice::NoticeKind;
use crate::plan::people::lapse::{is_news, today};
use crate::plan::people::{beyond, interrupted};
use crate::plan::reading::rows::{GroupRow, MemberRef};
use crate::plan::reading::shown::InGroup;
use crate::plan::roles::grants::{grant, grant_unless_drift};
use crate::plan::roles::other_form;
use crate::plan::roles::revocations::{revocation, revoke};
use crate::plan::roles::role_id;
use crate::resolve::{OutReason, Standing, why};

/// The members of a group in the app, and according to the ledger.
pub(super) fn found(
    cx: &Context,
    people: &People,
    link: Option<&GroupLink>,
    row: Option<&GroupRow>,
) -> Membership {
    let in_group = row.map(|row| cx.members(row));
    let is_mixed = matches!(in_group, Some(InGroup::Mixed(_)));
    match in_group {
        Some(InGroup::Members(members) | InGroup::Mixed(members)) => {
            let shown = shown_members(cx, people, members);
            let (known, lost) = known_members(cx, link, &shown.present);
            Membership { known, lost, is_mixed, ..shown }
        }
        None | Some(InGroup::Nobody) => {
            let (known, lost) = known_members(cx, link, &RoaringBitmap::new());
            Membership { known, lost, ..Membership::default() }
        }
        Some(InGroup::Unread(why)) => {
            let (known, lost) = known_members(cx, link, &RoaringBitmap::new());
            // People who are not declared any more are owed a removal until it is acknowledged.
            let undeclared = lost.clone();
            let (present, unread) = (known.clone(), Some(why));
            Membership { present, undeclared, known, lost, unread, ..Membership::default() }
        }
    }
}

fn shown_members(cx: &Context, people: &People, members: &[MemberRef]) -> Membership {
    let (mut present, mut undeclared) = (Vec::new(), Vec::new());
    let (mut unmanaged, mut nested) = (Vec::new(), Vec::new());
    for member in members {
        let row = member_link(cx, member).map(|link| cx.row(link));
        match (row, member) {
            (Some(row), _) => match row.number {
                // This is the id of an account that is gone: the account that replaces it has to join.
                Some(user) if matches!(people.account(user), Some(Account::New)) => {}
                Some(user) => present.push(user.0),
                None => undeclared.push(row.user.clone()),
            },
            (None, MemberRef::Group(text)) => nested.push(text.to_string()),
            // An id that is no account's and that the listing of groups has is a group's.
            (None, MemberRef::Other(text)) if is_group(cx, text) => nested.push(text.to_string()),
            (None, MemberRef::Other(text)) => match adopted_by(cx, people, text) {
                Some(user) => present.push(user.0),
                None => unmanaged.push(text.to_string()),
            },
            (None, MemberRef::Linked(_)) => {}
        }
    }
    unmanaged.sort();
    nested.sort();
    present.sort_unstable();
    let present = present.into_iter().collect();
    Membership { present, undeclared, unmanaged, nested, ..Membership::default() }
}

/// The person for whom this plan takes the account over.
fn adopted_by(cx: &Context, people: &People, member: &str) -> Option<UserNo> {
    people.holder_of.get(&account_named(cx, member)?.remote).copied()
}

/// Declared and other members in the ledger. Most of them are in the group, and both lists have the same order, so only
/// a few have to be looked up.
fn known_members(
    cx: &Context,
    link: Option<&GroupLink>,
    present: &RoaringBitmap,
) -> (RoaringBitmap, Vec<UserId>) {
    let (mut known, mut lost) = (RoaringBitmap::new(), Vec::new());
    let mut present = present.iter().map(UserNo).peekable();
    for id in link.into_iter().flat_map(|link| &link.members) {
        let id = cx.links().today(id);
        while present.next_if(|user| cx.user_id(*user) < id).is_some() {}
        let number = match present.next_if(|user| cx.user_id(*user) == id) {
            Some(user) => Some(user),
            None => match cx.links().of_id(id) {
                Some(link) => cx.row(link).number,
                None => cx.number(id),
            },
        };
        match number {
            Some(user) => _ = known.insert(user.0),
            None => lost.push(id.clone()),
        }
    }
    (known, lost)
}

/// Compares the members of one group.
pub(super) fn decide(cx: &Context, people: &People, case: &GroupCase, found: &Membership) -> Decision {
    let mut decided = Decision::default();
    if let (Object::Role(role), true, Some(row)) = (&case.wanted.object, case.wanted.privileged, case.row) {
        decided.privileged_groups.push((role.clone(), row.remote.clone()));
    }
    decided.add(add_missing(cx, people, case, &found.present));
    let declared = &case.wanted.holders;
    for user in &found.present - &declared.yes - &declared.unknown {
        let removed = remove_surplus(cx, people, case, UserNo(user));
        if !removed.changes.is_empty() {
            decided.add(nested::kept_by(cx, case, &found.nested, cx.user_id(UserNo(user))));
        }
        decided.add(removed);
    }
    for id in &found.undeclared {
        let removed = unmanaged_members::remove_undeclared(cx, people, case, id);
        if removed.changes.is_empty() && found.unread.is_none() {
            decided.add(left_in(cx, case, id));
        }
        if !removed.changes.is_empty() {
            decided.add(nested::kept_by(cx, case, &found.nested, id));
        }
        decided.add(removed);
    }
    if let Some(why) = &found.unread {
        decided.add(unmanaged_members::unread(cx, case, why, unnameable(cx, &found.undeclared)));
    }
    decided.add(inherited::shown(cx, people, case, found));
    decided.add(nested::decide(cx, people, case, found));
    decided.add(unmanaged_members::decide(cx, people, case, &found.unmanaged));
    if leaves_power(cx, case) {
        let accounts = found.unmanaged.iter().map(|member| beyond::account_name(cx, member));
        let strangers = accounts.map(|name| (case.wanted.object.clone(), name));
        decided.undeclared_power.extend(strangers);
    }
    decided.observed.extend(managed_members_update(cx, people, case, found));
    decided.observed.extend(before::update(cx, people, case, found));
    decided
}

/// The number of former members without an account that could be named to the app.
fn unnameable(cx: &Context, undeclared: &[UserId]) -> usize {
    undeclared.iter().filter(|id| cx.links().of_id(id).is_none_or(|link| cx.row(link).is_tombstone())).count()
}

fn add_missing(cx: &Context, people: &People, case: &GroupCase, present: &RoaringBitmap) -> Decision {
    let missing = &case.wanted.holders.yes - present - &cx.input.desired.suspended;
    missing.iter().map(|user| add(cx, people, case, UserNo(user))).collect()
}

fn add(cx: &Context, people: &People, case: &GroupCase, user: UserNo) -> Decision {
    let id = cx.user_id(user);
    let Some(account) = people.account(user) else {
        return Decision::default();
    };
    if cx.is_protected(id) || people.is_frozen(id) {
        return Decision::default();
    }
    let had = case.known.is_some_and(|link| cx.links().is_among(&link.members, id));
    let cause = if had { Cause::Drift } else { Cause::Config };
    if let Some(role) = case.wanted.role {
        let change = grant(cx, user, id, account.remote(), role, cause);
        let mut granted = grant_unless_drift(cx, user, id, change);
        let other = other_form::former_value(cx, user, role).filter(|_| cause != Cause::Drift);
        for change in &mut granted.changes {
            change.privileged |= case.gives_power;
            if other.is_some() {
                *change = other_form::granted_anew(cx, change.clone(), other.clone());
            }
        }
        return granted;
    }
    if had && cx.input.desired.app.drift == Drift::Report {
        let text = format!("was taken out of {} in the app", case.wanted.object);
        return cx.notice(NoticeKind::Drift, id, text, None).into();
    }
    let mut change = membership(cx, case, id, ChangeKind::MemberAdd, cause);
    change.privileged = case.gives_power;
    if let Some(group) = case.wanted.group {
        change.reasons = cx.input.why_member(user, group);
    }
    change.into()
}

fn membership(cx: &Context, case: &GroupCase, id: &UserId, kind: ChangeKind, cause: Cause) -> Change {
    let mut change = cx.change_of(case.wanted.object.clone(), Facet::Member(id.clone()), kind, cause);
    change.remote = case.row.map(|row| row.remote.clone());
    change
}

fn remove_surplus(cx: &Context, people: &People, case: &GroupCase, user: UserNo) -> Decision {
    let id = cx.user_id(user);
    if people.is_frozen(id) || people.is_adopted(user) {
        return Decision::default();
    }
    let standing = match cx.input.desired.standing(user) {
        Standing::Ignored => return keeps(cx, case, user),
        _ if cx.is_protected(id) => return keeps(cx, case, user),
        Standing::Unknown(_) => return Decision::default(),
        Standing::Out(out) => Standing::Out(today(cx, user, out)),
        with_account @ (Standing::In | Standing::Suspended) => with_account,
    };
    if case.adopted {
        return unmanaged_members::found(cx, case, id);
    }
    let ours = case.link.is_some_and(|link| cx.links().is_among(&link.members, id));
    let added = case.link.is_some_and(|link| cx.links().is_among(&link.added, id));
    if case.keeps_others(cx) && !added {
        return match case.is_mixed && ours && matches!(standing, Standing::In | Standing::Suspended) {
            true => inherited::stays(cx, &case.wanted.object, id),
            false => left_in(cx, case, id),
        };
    }
    let ended = membership_ended(cx, case, user, &standing);
    let cause = match &standing {
        Standing::Out(OutReason::Left) => Cause::Left,
        _ if ended.is_some() => Cause::Expiry,
        _ if ours => Cause::Config,
        _ if before::was_there(cx, case, id) => Cause::Takeover,
        _ => Cause::Drift,
    };
    let mut change = removal(cx, people, case, user, cause);
    change.reasons = match &standing {
        Standing::Out(out) => cx.input.why_out(user, *out),
        _ => vec![not_a_member(cx, case, id, cause, ended)],
    };
    let ended = ended.filter(|_| cause == Cause::Expiry).map(|ended| (change.key.clone(), ended));
    let ends = Decision { ends: ended.into_iter().collect(), ..Decision::default() };
    ends.and(revoke(cx, id, change))
}

/// A member who is not declared, and whose account is left alone.
fn keeps(cx: &Context, case: &GroupCase, user: UserNo) -> Decision {
    let wanted = case.wanted;
    let of_group = || wanted.group.map(|group| cx.input.resolved.groups.of(group));
    let is_left_out = match wanted.role {
        Some(role) => cx.input.desired.is_left_out_of(role, user),
        None => of_group().is_some_and(|all| all.yes.contains(user.0) || all.unknown.contains(user.0)),
    };
    let added = case.link.is_some_and(|link| cx.links().is_among(&link.added, cx.user_id(user)));
    let is_free = case.keeps_others(cx) && !added;
    match is_left_out {
        true => Decision::default(),
        false if is_free => left_in(cx, case, cx.user_id(user)),
        false => beyond::keeps(cx, user, wanted.object.clone(), case.gives_power),
    }
}

/// True for a group that gives power and from which only those are taken whom rolecall added.
fn leaves_power(cx: &Context, case: &GroupCase) -> bool {
    case.gives_power && !case.adopted && case.keeps_others(cx)
}

/// A member who is not declared, whom rolecall did not add, and who stays.
fn left_in(cx: &Context, case: &GroupCase, id: &UserId) -> Decision {
    match leaves_power(cx, case) {
        true => beyond::has_power(cx, case.wanted.object.clone(), id),
        false => Decision::default(),
    }
}

/// Leaving a pushed group is a change of the group; leaving the group of a role is a change of the person.
fn removal(cx: &Context, people: &People, case: &GroupCase, user: UserNo, cause: Cause) -> Change {
    let id = cx.user_id(user);
    let Some(role) = case.wanted.role else {
        return membership(cx, case, id, ChangeKind::MemberRemove, cause);
    };
    // A person who loses a role may have no account any more: the link still says which one it was.
    let has = people.account(user).and_then(Account::remote);
    let remote = has.or_else(|| cx.link_of(user).map(|link| &link.remote));
    let change = revocation(cx, user, id, remote, role_id(cx, role), cause, "");
    Change { phase: Phase::of(&change.key.object, change.kind, cause), cause, ..change }
}

/// The time at which the reason for the membership ended, if it did: `end`, or the `expires` of an assignment.
fn membership_ended(cx: &Context, case: &GroupCase, user: UserNo, standing: &Standing) -> Option<Timestamp> {
    if let Standing::Out(out @ (OutReason::Ended | OutReason::Lapsed)) = standing {
        return cx.input.ended(user, *out);
    }
    let (resolved, desired) = (cx.input.resolved, cx.input.desired);
    let ended = match case.wanted.group {
        _ if !case.wanted.holders.lapsed.contains(user.0) => None,
        Some(group) => why::membership_expired(resolved, group, user),
        None => why::expired(resolved, desired, user, case.wanted.role),
    };
    ended.map(|(end, _)| end).filter(|end| is_news(cx, user, *end))
}

fn not_a_member(
    cx: &Context,
    case: &GroupCase,
    id: &UserId,
    cause: Cause,
    ended: Option<Timestamp>,
) -> Reason {
    let (user, object) = (id.clone(), case.wanted.object.clone());
    let fact = match cause {
        Cause::Expiry => Fact::MembershipExpired { user, of: object, at: cx.input.ago(ended) },
        Cause::Drift => Fact::AddedInApp { user, to: object },
        Cause::Takeover => Fact::FoundThere { user, of: object },
        Cause::Config | Cause::Start | Cause::Left | Cause::Unmanaged | Cause::Retry => {
            Fact::NoMembership { user, of: object }
        }
    };
    let declared = case.wanted.group.map(|group| cx.input.resolved.company.groups[group.index()].span);
    cx.input.reason(fact, declared.unwrap_or(case.wanted.span))
}

/// The update of the ledger: members who are declared and found in the app are managed from now on; members who are
/// neither are not. A member whom an interrupted run began to add counts as added by us. Of people whom this plan does not judge, and
/// where it cannot be said who is a member, nothing is forgotten: that somebody took them out is seen once they are judged (safety.md 9, 13).
fn managed_members_update(
    cx: &Context,
    people: &People,
    case: &GroupCase,
    members: &Membership,
) -> Option<LedgerUpdate> {
    let Membership { present, known, .. } = members;
    let wanted = &case.wanted.holders.yes;
    let found = (present & wanted) - known;
    let found = found.iter().map(|user| cx.user_id(UserNo(user)).clone());
    let (added, found): (Vec<_>, Vec<_>) = found.partition(|id| is_begun_member(cx, case, id));
    // These are neither in the group nor declared, so they are not managed any more.
    let gone = known - present - wanted - &case.wanted.holders.unknown;
    let gone = gone.iter().map(|user| cx.user_id(UserNo(user)).clone());
    // What an interrupted run took is given anew, and no other hand took it.
    let taken = case.wanted.role.map(|role| role_id(cx, role)).into_iter().flat_map(|role| {
        let lacking = (known & wanted) - present;
        let lacking: Vec<UserNo> = lacking.iter().map(UserNo).collect();
        lacking.into_iter().filter(move |user| interrupted::took(cx, *user, role))
    });
    let gone = gone.chain(taken.map(|user| cx.user_id(user).clone()));
    let lost = members.lost.iter().filter(|id| !members.undeclared.contains(id));
    let removed = gone.chain(lost.cloned());
    let is_judged = |id: &UserId| !people.is_frozen(id) && !cx.is_protected(id) && !is_ignored(cx, id);
    let removed: Vec<_> = removed.filter(is_judged).collect();
    let is_news = !added.is_empty() || !found.is_empty() || !removed.is_empty();
    is_news.then(|| LedgerUpdate::Members { key: case.key.clone(), added, found, removed })
}

/// True for a person who is left out by hand.
fn is_ignored(cx: &Context, id: &UserId) -> bool {
    cx.number(id).is_some_and(|user| cx.input.desired.standing(user) == Standing::Ignored)
}

fn is_begun_member(cx: &Context, case: &GroupCase, id: &UserId) -> bool {
    match &case.wanted.object {
        Object::Role(role) => cx.is_begun(&Object::User(id.clone()), Facet::Role(role.clone())),
        group => cx.is_begun(group, Facet::Member(id.clone())),
    }
}
