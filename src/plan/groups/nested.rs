//! Groups of the app inside a managed group: their people have what it gives (safety.md 4).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::case::GroupCase;
use super::change::declared_here;
use super::find::{is_group, member_link};
use super::former::{loser, protected_name};
use super::membership::Membership;
use crate::model::app::{MembersPolicy, Nested};
use crate::model::change::{Cause, ChangeKind, Facet, Shown, Verdict};
use crate::model::company::Group;
use crate::model::ledger::GroupKey;
use crate::model::remote::{Kind, Member, Presence};
use crate::model::words::{count, first_ten};
use crate::model::{GroupId, Remote, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, People};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::rows::MemberRef;

/// The groups inside, called groups, with their people counted once; removed where the policy says so.
pub(super) fn decide(cx: &Context, people: &People, case: &GroupCase, found: &Membership) -> Decision {
    let groups = &found.nested;
    if groups.is_empty() {
        return Decision::default();
    }
    let policy = &cx.input.desired.app.groups;
    let is_removed =
        policy.members == MembersPolicy::Exact && policy.nested == Nested::Remove && !case.adopted;
    let names: Vec<_> = groups.iter().map(|id| name(cx, id)).collect();
    let mut text = format!(
        "{} in it, whose people have what it gives: {}",
        count(groups.len(), "group is", "groups are"),
        first_ten(&names)
    );
    text.push_str(&match people_of(cx, groups) {
        Some(people) => format!(", with {}", count(people.len(), "person", "people")),
        None => ", with people who are not known".to_owned(),
    });
    let hint = match (is_removed, policy.members) {
        (true, _) => "`nested: remove` removes it",
        (false, MembersPolicy::Exact) => "`groups.nested: remove` removes it",
        (false, _) => "take it out of the group in the app if it should not be there",
    };
    let notice = Notice::of_group(NoticeKind::UnmanagedMembers, &case.wanted.object, text, Some(hint));
    let is_others = |id: &&String| is_removed && has_another_owner(cx, id);
    let (others, own): (Vec<&String>, Vec<&String>) = groups.iter().partition(is_others);
    let removals = own.into_iter().filter(|_| is_removed).map(|id| remove(cx, people, case, found, id));
    Decision::from(notice).and(removals.collect()).and(of_others(cx, case, &others))
}

/// Groups that another system manages stay in the group, as accounts do (safety.md 10).
fn of_others(cx: &Context, case: &GroupCase, groups: &[&String]) -> Decision {
    if groups.is_empty() {
        return Decision::default();
    }
    let what = count(
        groups.len(),
        "group in it has the id of another system and stays",
        "groups in it have ids of other systems and stay",
    );
    let names: Vec<_> = groups.iter().map(|id| name(cx, id)).collect();
    let text = format!("{what}: {}", first_ten(&names));
    let hint = "if nothing else manages the group, take it out of this one by hand";
    Notice::of_group(NoticeKind::UnmanagedMembers, &case.wanted.object, text, Some(hint)).into()
}

/// True for a group with a value in the place of our id that is none of ours.
fn has_another_owner(cx: &Context, group: &str) -> bool {
    let external = here(cx, group).and_then(|group| group.our_id.as_deref());
    let Some(external) = external.filter(|text| !text.is_empty()) else { return false };
    let declared = cx.input.resolved.company.groups.iter().flat_map(Group::ids);
    let mapped = cx.differ.groups.iter().filter_map(|group| group.our_id.as_deref());
    let known = cx.input.ledger.groups.keys().map(|key| match key {
        GroupKey::Group(id) => id.as_str(),
        GroupKey::Role(role) => role.as_str(),
    });
    !declared.map(GroupId::as_str).chain(mapped).chain(known).any(|ours| ours == external)
}

/// A notice for each person who loses the membership and keeps what it gives by a group inside.
pub(super) fn kept_by(cx: &Context, case: &GroupCase, groups: &[String], id: &UserId) -> Decision {
    let Some(link) = cx.links().of_id(id) else { return Decision::default() };
    let known_as: [Option<&str>; 2] = [
        Some(cx.row(link).link.remote.as_str()),
        cx.seen(link).and_then(|seen| seen.name.as_deref()).filter(|_| cx.differ.members_by_name),
    ];
    let is_in = |group: &&String| {
        let inside = shown(cx, group);
        inside.is_some_and(|inside| known_as.iter().flatten().any(|known| inside.people.contains(*known)))
    };
    let Some(group) = groups.iter().find(is_in) else {
        return Decision::default();
    };
    let text = format!(
        "leaves {} and keeps what it gives by group {}, which is inside it",
        case.wanted.object,
        name(cx, group)
    );
    let hint = "take the person out of that group in the app, or that group out of this one";
    cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)).into()
}

/// The people of the group lose what this one gives: the guards count them. Where they are not all known, nobody can say who would.
fn remove(cx: &Context, people: &People, case: &GroupCase, found: &Membership, group: &str) -> Decision {
    let (object, facet) = (case.wanted.object.clone(), Facet::UnmanagedMember(group.into()));
    let mut change = cx.change_of(object, facet, ChangeKind::MemberRemove, Cause::Unmanaged);
    change.remote = case.row.map(|row| row.remote.clone());
    change.old = Shown { text: Some(format!("group {}", name(cx, group))), hash: None };
    change.reasons = vec![declared_here(cx, case.wanted)];
    let members = shown(cx, group).filter(|inside| inside.are_all).map(|inside| inside.people);
    let members: Option<Vec<MemberRef>> = members.map(|all| all.into_iter().map(MemberRef::Other).collect());
    let mut inside = Vec::new();
    match members {
        None => {
            let why = "its people are not all known, so nobody can say who would lose what it gives: take it out of the group in the app by hand";
            change.verdict = Verdict::Held { by: "members".into(), why: why.to_owned() };
        }
        Some(members) => match members.iter().find_map(|member| protected_name(cx, member)) {
            Some(member) => {
                let why = format!(
                    "its member {member} is protected and is not taken out of anything: take it out of the group in the app by hand"
                );
                change.verdict = Verdict::Held { by: "protect".into(), why };
            }
            None => {
                let losers = members.iter().filter(|member| !stays(cx, people, case, found, member));
                inside.push((change.key.clone(), losers.filter_map(|member| loser(cx, member)).collect()));
            }
        },
    }
    Decision { inside, ..cx.removal(change).into() }
}

/// True for somebody who is in the outer group without the group inside, or joins it by this plan. Whoever is taken out of it by
/// name is counted by that.
fn stays(cx: &Context, people: &People, case: &GroupCase, found: &Membership, member: &MemberRef) -> bool {
    let Some(row) = member_link(cx, member).map(|link| cx.row(link)) else {
        return matches!(member, MemberRef::Other(text) if found.unmanaged.iter().any(|known| **known == **text));
    };
    let joins = |user: UserNo| {
        let is_free = !people.is_frozen(&row.user) && !cx.is_protected(&row.user);
        case.wanted.holders.yes.contains(user.0) && is_free && people.account(user).is_some()
    };
    match row.number {
        Some(user) => found.present.contains(user.0) || joins(user),
        None => found.undeclared.contains(&row.user),
    }
}

/// `Contractors (g2)`.
fn name(cx: &Context, id: &str) -> String {
    let name = cx.differ.seen.shown.group(id).and_then(Option::as_ref);
    name.map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
}

/// The people of these groups, each once; none if not all of them are known.
fn people_of(cx: &Context, groups: &[String]) -> Option<BTreeSet<Arc<str>>> {
    let mut all = BTreeSet::new();
    for inside in groups.iter().map(|group| shown(cx, group)) {
        let Inside { people, are_all: true } = inside? else { return None };
        all.extend(people);
    }
    Some(all)
}

/// The people whom the app shows in a group.
struct Inside {
    people: BTreeSet<Arc<str>>,
    /// The list is not cut, and no group stands in it.
    are_all: bool,
}

/// The group, as the app shows it when it is asked for.
fn here<'c>(cx: &'c Context, group: &str) -> Option<&'c Remote> {
    match cx.answers.get(Kind::Group, &group.parse().ok()?) {
        Some(Presence::Here(remote)) => Some(remote),
        Some(Presence::Gone(_) | Presence::Unknown { .. }) | None => None,
    }
}

/// None if the app does not show the members.
fn shown(cx: &Context, group: &str) -> Option<Inside> {
    let remote = here(cx, group)?;
    let members = remote.members.everybody()?;
    let is_person = |member: &&Member| member.kind != Some(Kind::Group) && !is_group(cx, &member.name);
    let people = members.iter().filter(is_person).map(|member| member.name.clone());
    let has_groups = !members.iter().all(|member| is_person(&member));
    let cap = cx.input.capabilities.members_cap.map(|cap| cap as usize);
    Some(Inside { people: people.collect(), are_all: !has_groups && cap != Some(members.len()) })
}
