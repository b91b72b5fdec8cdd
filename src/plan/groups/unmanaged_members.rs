//! Members of a managed group who are not declared (safety.md 10).

use super::before;
use super::case::GroupCase;
use super::change::declared_here;
use super::find::account_named;
use super::inherited;
use crate::model::UserId;
use crate::model::app::MembersPolicy;
use crate::model::change::{Cause, ChangeKind, Facet, Object, Shown};
use crate::model::fact::Fact;
use crate::model::remote::{Kind, Members, Presence};
use crate::model::seen::Unread;
use crate::model::words::{count, first_ten};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, People};
use crate::plan::decide::unmanaged::is_in_question;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::rows::UnlinkedRow;
use crate::plan::roles::revocations::revoke;

/// A linked member who is not declared, in a group that this plan takes over: it says what will happen (safety.md 10).
pub(super) fn found(cx: &Context, case: &GroupCase, id: &UserId) -> Decision {
    let text = format!(
        "is a member of {}, which this plan takes over, and is not declared to be",
        case.wanted.object
    );
    let hint = match cx.input.desired.app.groups.members {
        _ if case.is_mixed => {
            "the app shows people of groups inside it as well: nobody is taken out whom rolecall did not add; declare them, or take them out in the app"
        }
        MembersPolicy::Add => {
            "`groups.members: add` leaves them in it; take them out of the group in the app, or declare them"
        }
        MembersPolicy::Linked | MembersPolicy::Exact => {
            "the next plan takes them out, held by guard:takeover until it is allowed; declare them if they are to stay"
        }
    };
    cx.notice(NoticeKind::UnmanagedMembers, id, text, Some(hint)).into()
}

/// A member whose person is not declared any more.
pub(super) fn remove_undeclared(cx: &Context, people: &People, case: &GroupCase, id: &UserId) -> Decision {
    if people.is_frozen(id) || cx.is_protected(id) {
        return Decision::default();
    }
    if case.adopted {
        return found(cx, case, id);
    }
    let added = case.link.is_some_and(|link| link.added.contains(id));
    if case.keeps_others(cx) && !added {
        let ours = case.link.is_some_and(|link| link.members.contains(id));
        return match case.is_mixed && ours {
            true => inherited::stays(cx, &case.wanted.object, id),
            false => Decision::default(),
        };
    }
    let (object, facet, kind) = match &case.wanted.object {
        Object::Role(role) => (Object::User(id.clone()), Facet::Role(role.clone()), ChangeKind::RoleRevoke),
        group => (group.clone(), Facet::Member(id.clone()), ChangeKind::MemberRemove),
    };
    let ours = case.link.is_some_and(|link| link.members.contains(id));
    let was_there = !ours && before::was_there(cx, case, id);
    let cause = if was_there { Cause::Takeover } else { Cause::Config };
    let mut change = cx.change_of(object, facet, kind, cause);
    change.remote = case.row.map(|row| row.remote.clone());
    change.privileged = case.wanted.privileged;
    change.reasons = vec![Fact::NotDeclared(id.clone()).into()];
    if was_there {
        change.reasons.push(Fact::FoundThere { user: id.clone(), of: case.wanted.object.clone() }.into());
    }
    revoke(cx, id, change)
}

/// Members that the app does not show: we name those whom we added, and nobody else.
pub(super) fn unread(cx: &Context, case: &GroupCase, why: &Unread, unnameable: usize) -> Decision {
    let object = &case.wanted.object;
    let why = said_by_look(cx, case).unwrap_or_else(|| why.to_string());
    let text = format!("its members cannot be read, so that removals cannot be verified: {why}");
    let hint = "members whom rolecall added are removed by name; look at the others in the app";
    let told = Decision::from(Notice::of_group(NoticeKind::Advice, object, text, Some(hint)));
    if unnameable == 0 {
        return told;
    }
    let text = format!(
        "{} still have access: the members cannot be read, and their accounts are not known any more",
        count(unnameable, "former member may", "former members may")
    );
    let hint = "look at the members of the group in the app";
    told.and(Notice::of_group(NoticeKind::StillHasAccess, object, text, Some(hint)).into())
}

/// Why the group does not show its members either when it is asked for: a listing that leaves them out says less.
fn said_by_look(cx: &Context, case: &GroupCase) -> Option<String> {
    match cx.answers.get(Kind::Group, &case.row?.remote)? {
        Presence::Here(remote) => {
            let Members::Unread(why) = &remote.members else { return None };
            Some(why.to_string())
        }
        Presence::Unknown { why } => Some(why.to_string()),
        Presence::Gone(_) => None,
    }
}

/// Members whose account belongs to no person: removed if membership is exact, named otherwise.
pub(super) fn decide(cx: &Context, people: &People, case: &GroupCase, members: &[String]) -> Decision {
    let policy = cx.input.desired.app.groups.members;
    if members.is_empty() || (case.keeps_others(cx) && !case.adopted) {
        return Decision::default();
    }
    if policy != MembersPolicy::Exact || case.adopted {
        let text = format!(
            "{}: {}",
            count(members.len(), "member nobody declared", "members nobody declared"),
            first_ten(members)
        );
        let hint = match policy {
            _ if case.is_mixed => {
                "they may be in a group inside it, and rolecall takes out only whom it added"
            }
            MembersPolicy::Exact => {
                "this plan takes the group over; the next one takes them out, held by guard:takeover until it is allowed"
            }
            MembersPolicy::Add => "`groups.members: add` leaves them in it",
            MembersPolicy::Linked => "`groups.members: exact` removes them",
        };
        return Notice::of_group(NoticeKind::UnmanagedMembers, &case.wanted.object, text, Some(hint)).into();
    }
    let has_another_owner = |member: &&String| {
        let row = account_named(cx, member).filter(|row| !stays(cx, people, row));
        row.is_some_and(|row| cx.has_another_owner(row))
    };
    let (others, members): (Vec<&String>, Vec<&String>) = members.iter().partition(has_another_owner);
    let removed: Decision = members.iter().map(|member| remove(cx, people, case, member)).collect();
    let removed = removed.and(in_question(cx, people, case, &members));
    if others.is_empty() {
        return removed;
    }
    let what = count(
        others.len(),
        "member has the id of another system and stays",
        "members have ids of other systems and stay",
    );
    let others: Vec<String> = others.into_iter().cloned().collect();
    let text = format!("{what}: {}", first_ten(&others));
    let hint = "if nothing else manages the account, take it out of the group by hand";
    removed.and(Notice::of_group(NoticeKind::UnmanagedMembers, &case.wanted.object, text, Some(hint)).into())
}

/// Members that stay under `members: exact`, because a person has to decide about their accounts: they are named.
fn in_question(cx: &Context, people: &People, case: &GroupCase, members: &[&String]) -> Decision {
    let rows = members.iter().filter_map(|member| account_named(cx, member));
    let rows = rows.filter(|row| !row.protected && is_in_question(cx, people, row));
    let names: Vec<String> =
        rows.map(|row| row.name.as_deref().unwrap_or(row.remote.as_str()).to_owned()).collect();
    if names.is_empty() {
        return Decision::default();
    }
    let what = count(
        names.len(),
        "member nobody declared stays, because a person has to decide about the account",
        "members nobody declared stay, because a person has to decide about the accounts",
    );
    let hint = "`links:` says whose an account is; or take it out of the group by hand";
    let text = format!("{what}: {}", first_ten(&names));
    Notice::of_group(NoticeKind::UnmanagedMembers, &case.wanted.object, text, Some(hint)).into()
}

/// True for an account that is protected, or about which a person has to decide.
fn stays(cx: &Context, people: &People, row: &UnlinkedRow) -> bool {
    row.protected || is_in_question(cx, people, row)
}

fn remove(cx: &Context, people: &People, case: &GroupCase, member: &str) -> Decision {
    let row = account_named(cx, member);
    if row.is_some_and(|row| stays(cx, people, row)) {
        return Decision::default();
    }
    let name = row.and_then(|row| row.name.clone());
    let (object, facet) = (case.wanted.object.clone(), Facet::UnmanagedMember(member.into()));
    let was_there = before::was_there_unmanaged(cx, case, member);
    let cause = if was_there { Cause::Takeover } else { Cause::Unmanaged };
    let mut change = cx.change_of(object, facet, ChangeKind::MemberRemove, cause);
    change.remote = case.row.map(|row| row.remote.clone());
    change.old = Shown { text: name.map(|name| name.to_string()), hash: None };
    change.reasons = vec![declared_here(cx, case.wanted)];
    if was_there {
        change.reasons.push(Fact::FoundMember { of: case.wanted.object.clone() }.into());
    }
    cx.removal(change).into()
}
