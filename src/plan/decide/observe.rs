//! Updates of the ledger from people whose accounts are as desired, and from ends that have passed.

use std::collections::BTreeSet;

use super::assemble::person;
use super::context::Context;
use super::decision::{Decision, LinkUpdate, People};
use crate::model::change::{Change, ChangeKind, Object};
use crate::model::{UserId, UserNo};
use crate::plan::notice::NoticeKind;
use crate::plan::people::lapse::is_news;
use crate::resolve::Standing;

pub(super) fn decide_all(cx: &Context, people: &People, decided: &Decision) -> Decision {
    lives(cx, people, &decided.changes).and(lapses(cx, people, decided))
}

/// Remembers the hash of today's declaration for each person whose account is as desired.
fn lives(cx: &Context, people: &People, changes: &[Change]) -> Decision {
    // Apply remembers it once these changes are done.
    let owed = |change: &&Change| {
        matches!(change.kind, ChangeKind::Enable | ChangeKind::RoleGrant) && change.verdict.is_do()
    };
    let owed: BTreeSet<&Object> = changes.iter().filter(owed).map(|change| &change.key.object).collect();
    let mut link_updates = Vec::new();
    for link in cx.links().numbers() {
        let row = cx.row(link);
        let Some(user) = row.number else { continue };
        if !cx.is_usable(link)
            || !cx.is_on(link)
            || people.is_frozen(&row.user)
            || owed.contains(&Object::User(row.user.clone()))
            || !matches!(cx.input.desired.standing(user), Standing::In)
        {
            continue;
        }
        // What an entry remembers of its person is renewed with the files, and not worked out on a day without a change.
        let is_open = row.link.person.is_empty() || cx.differ.applied_commit().is_some();
        let person = is_open.then(|| cx.person(user)).filter(|person| *person != row.link.person);
        link_updates.extend(person.map(|person| (row.user.clone(), LinkUpdate::Person(person))));
        let life = cx.life(user);
        if row.link.life != Some(life) {
            link_updates.push((row.user.clone(), LinkUpdate::Life(life)));
        }
    }
    Decision { link_updates, ..Decision::default() }
}

/// Ends that have passed. They count at once for people who have an account and lose nothing by this plan. For other
/// people with a change they count once the losses are done.
fn lapses(cx: &Context, people: &People, decided: &Decision) -> Decision {
    let desired = cx.input.desired;
    let mut observed = Decision::default();
    if desired.ends.is_empty() || cx.differ.doubt.is_some() {
        return observed;
    }
    let owing = owing(decided);
    let changed: BTreeSet<UserNo> = decided.changes.iter().filter_map(|change| person(cx, change)).collect();
    for (user, end) in &desired.ends {
        let id = cx.user_id(*user);
        if !is_news(cx, *user, *end)
            || people.is_frozen(id)
            || !matches!(desired.standing(*user), Standing::In)
        {
            continue;
        }
        let link = cx.links().of_user(*user).filter(|_| !owing.contains(id));
        if link.is_some_and(|link| cx.is_usable(link)) {
            observed.link_updates.push((id.clone(), LinkUpdate::Lapsed(*end)));
        } else if changed.contains(user) {
            observed.lapses.push((id.clone(), *end));
        }
    }
    observed
}

/// People who lose something by this plan, or by a later one.
fn owing(decided: &Decision) -> BTreeSet<&UserId> {
    let losses = decided.changes.iter().filter_map(Change::loser);
    let later = decided.notices.iter().filter_map(|notice| match &notice.subject {
        Some(Object::User(id)) if notice.kind == NoticeKind::UnmanagedMembers => Some(id),
        _ => None,
    });
    losses.chain(later).collect()
}
