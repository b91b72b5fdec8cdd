//! Groups of the app inside a managed group: their people have what it gives (safety.md 4).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::case::GroupCase;
use super::change::declared_here;
use super::find::is_group;
use crate::model::app::{MembersPolicy, Nested};
use crate::model::change::{Cause, ChangeKind, Facet, Shown};
use crate::model::remote::{Kind, Member, Members, Presence};
use crate::model::words::{count, first_ten};
use crate::model::{RemoteId, UserId};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::{Notice, NoticeKind};

/// The groups inside, called groups, with their people counted once; removed where the policy says so.
pub(super) fn decide(cx: &Context, case: &GroupCase, groups: &[String]) -> Decision {
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
    text.push_str(&match people(cx, groups) {
        Some(people) => format!(", with {}", count(people.len(), "person", "people")),
        None => ", with people who are not known".to_owned(),
    });
    let hint = match (is_removed, policy.members) {
        (true, _) => "`nested: remove` removes it",
        (false, MembersPolicy::Exact) => "`groups.nested: remove` removes it",
        (false, _) => "take it out of the group in the app if it should not be there",
    };
    let notice = Notice::of_group(NoticeKind::UnmanagedMembers, &case.wanted.object, text, Some(hint));
    let removals = groups.iter().filter(|_| is_removed).map(|id| remove(cx, case, id));
    Decision::from(notice).and(removals.collect())
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

fn remove(cx: &Context, case: &GroupCase, group: &str) -> Decision {
    let (object, facet) = (case.wanted.object.clone(), Facet::UnmanagedMember(group.into()));
    let mut change = cx.change_of(object, facet, ChangeKind::MemberRemove, Cause::Unmanaged);
    change.remote = case.row.map(|row| row.remote.clone());
    change.old = Shown { text: Some(format!("group {}", name(cx, group))), hash: None };
    change.reasons = vec![declared_here(cx, case.wanted)];
    cx.removal(change).into()
}

/// `Contractors (g2)`.
fn name(cx: &Context, id: &str) -> String {
    let name = cx.differ.seen.shown.group(id).and_then(Option::as_ref);
    name.map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
}

/// The people of these groups, each once; none if not all of them are known.
fn people(cx: &Context, groups: &[String]) -> Option<BTreeSet<Arc<str>>> {
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

/// None if the app does not show the members.
fn shown(cx: &Context, group: &str) -> Option<Inside> {
    let id: RemoteId = group.parse().ok()?;
    let Some(Presence::Here(remote)) = cx.answers.get(Kind::Group, &id) else { return None };
    let Members::Shown(members) = &remote.members else { return None };
    let is_person = |member: &&Member| member.kind != Some(Kind::Group) && !is_group(cx, &member.name);
    let people = members.iter().filter(is_person).map(|member| member.name.clone());
    let has_groups = !members.iter().all(|member| is_person(&member));
    let cap = cx.input.capabilities.members_cap.map(|cap| cap as usize);
    Some(Inside { people: people.collect(), are_all: !has_groups && cap != Some(members.len()) })
}
