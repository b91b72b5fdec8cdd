//! Updates of the ledger from people whose accounts are as desired, and from ends that have passed.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::person;
use super::bases;
use super::context::Context;
use super::decision::{Decision, LinkUpdate, People};
use crate::model::change::{Change, ChangeKey, Object};
use crate::model::ledger::{LinkState, PersonHashes};
use crate::model::seen::Activity;
use crate::model::time::Timestamp;
use crate::model::words::{count, first_ten};
use crate::model::{RoleId, RoleNo, UserId, UserNo};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::people::hands;
use crate::plan::people::lapse::is_news;
use crate::plan::people::taken_before;
use crate::plan::reading::identity::{Evidence, Unproved};
use crate::plan::reading::links::LinkNo;
use crate::plan::roles::former::is_shown;
use crate::plan::roles::role_id;
use crate::resolve::{Standing, ends_of};

/// `typed` are the losses by a date that did not go by.
pub(super) fn decide_all(
    cx: &Context,
    people: &People,
    decided: &Decision,
    typed: &BTreeSet<ChangeKey>,
) -> Decision {
    let observed = persons(cx, people).and(interventions(cx));
    observed
        .and(lapses(cx, people, decided))
        .and(gone_by(cx, decided, typed))
        .and(confirmed(cx))
        .and(created(cx, people))
        .and(before(cx, people))
}

/// Remembers who each person is whose account is usable. It is renewed with the files, and not worked out on a day without
/// a change.
fn persons(cx: &Context, people: &People) -> Decision {
    let mut link_updates = Vec::new();
    for link in cx.links().numbers() {
        let row = cx.row(link);
        if let Some(forgotten) = namesake(cx, link) {
            link_updates.push((row.user.clone(), LinkUpdate::Person(forgotten)));
            continue;
        }
        let is_open = row.link.person.is_empty() || cx.differ.applied_commit().is_some();
        let Some(user) = row.number.filter(|_| is_open && cx.is_usable(link)) else { continue };
        let person = cx.person(user);
        if person != row.link.person && !people.is_frozen(&row.user) {
            link_updates.push((row.user.clone(), LinkUpdate::Person(person)));
        }
    }
    Decision { link_updates, ..Decision::default() }
}

/// What an entry remembers without the name that another person has too, who got the id: once the files with the newcomer are
/// applied, nothing else says that one name is not enough. Where we turned the account off, the entry says it.
fn namesake(cx: &Context, link: LinkNo) -> Option<PersonHashes> {
    let row = cx.row(link);
    let is_other = matches!(cx.differ.unproved.get(&link), Some(Unproved::OtherPerson(_)));
    let user = row.number.filter(|_| is_other && row.link.off_at().is_none())?;
    let left = row.link.person.without_names_of(&cx.person(user));
    (left != row.link.person && !left.is_empty()).then_some(left)
}

/// Interventions of other hands that are over.
fn interventions(cx: &Context) -> Decision {
    if cx.input.ledger.interventions.is_empty() {
        return Decision::default();
    }
    let app = cx.input.desired.app;
    // A value that was not read is not there again.
    let shows = |id: &UserId, role: &RoleId| {
        let row = cx.links().of_id(id).and_then(|link| cx.seen(link));
        let roles = row.and_then(|row| row.findings.as_ref()?.roles.as_ref());
        roles.is_some_and(|roles| is_shown(cx, role, roles))
    };
    let holds = |id: &UserId, role: RoleNo| {
        let role = &app.roles[role.index()].id;
        shows(id, role) || bases::group_holders(cx, &Object::Role(role.clone())).contains(id)
    };
    let over = hands::over(cx, holds).into_iter().chain(taken_before::over(cx));
    Decision { observed: over.collect(), ..Decision::default() }
}

/// Accounts that a read has shown as we left them: created by us and on, or turned off by us and off.
fn confirmed(cx: &Context) -> Decision {
    let is_as_left = |link: &LinkNo| match (&cx.link(*link).state, cx.shown_activity(*link)) {
        (LinkState::Active, Some(Activity::On)) => true,
        (LinkState::Disabled { .. }, Some(Activity::Off)) => true,
        (LinkState::Active | LinkState::Disabled { .. } | LinkState::Gone { .. }, _) => false,
    };
    let links = cx.links().numbers().filter(|link| cx.link(*link).unconfirmed && is_as_left(link));
    let link_updates = links.map(|link| (cx.row(link).user.clone(), LinkUpdate::Confirmed)).collect();
    Decision { link_updates, ..Decision::default() }
}

/// Creation times that are new: none was known, the endpoint is another one, or the account is another one under the same id
/// that is proved to be the person's by what is so today.
fn created(cx: &Context, people: &People) -> Decision {
    let mut decided = Decision::default();
    let mut made_again = Vec::new();
    for (link, created) in &cx.differ.seen.created {
        let row = cx.row(*link);
        let by_today = cx.seen(*link).is_some_and(|seen| !matches!(seen.evidence, Evidence::Shown(_)));
        let is_proved = cx.is_usable(*link) && (by_today || cx.differ.has_new_endpoint);
        if row.is_tombstone() || !is_proved || people.is_frozen(&row.user) {
            continue;
        }
        if let Some(known) = row.link.created.filter(|_| !cx.differ.has_new_endpoint) {
            made_again.push(format!("{} (account {}, {created}, before {known})", row.user, row.link.remote));
        }
        decided.link_updates.push((row.user.clone(), LinkUpdate::Created(*created)));
    }
    if !made_again.is_empty() {
        let text = format!(
            "{} made again in the app under the same id, and the id or login of today proves whose it is: {}",
            count(made_again.len(), "account was", "accounts were"),
            first_ten(&made_again)
        );
        let hint = "the ledger remembers the new creation time from now on".to_owned();
        decided.notices.push(Notice::of_app(NoticeKind::Advice, text, Some(hint)));
    }
    decided
}

/// What an account had before rolecall came, and has no more or is declared to have; leavers who are in again.
fn before(cx: &Context, people: &People) -> Decision {
    let mut link_updates = Vec::new();
    for link in cx.links().numbers() {
        let row = cx.row(link);
        let is_open = row.link.adopted_out || !row.link.found_roles.is_empty();
        let Some(user) = row.number.filter(|_| is_open && !people.is_frozen(&row.user)) else { continue };
        if row.link.adopted_out && matches!(cx.input.desired.standing(user), Standing::In) {
            link_updates.push((row.user.clone(), LinkUpdate::NotOut));
        }
        let app = cx.input.desired.app;
        let shown = cx.seen(link).and_then(|seen| seen.findings.as_ref()?.roles.as_ref());
        let Some(shown) = shown.filter(|_| !row.link.found_roles.is_empty()) else { continue };
        let is_declared = |role: RoleNo| cx.input.desired.roles[role.index()].yes.contains(user.0);
        for role in &row.link.found_roles {
            let number = app.role_once(role);
            let stays = is_shown(cx, role, shown) && !number.is_some_and(is_declared);
            // What stays is kept under today's id, because the files may not name the earlier one for ever.
            let today = number.map(|number| role_id(cx, number)).filter(|_| stays);
            if !stays || today.is_some_and(|today| today != role) {
                link_updates.push((row.user.clone(), LinkUpdate::FoundRoleOver(role.clone())));
                let kept = today.map(|today| (row.user.clone(), LinkUpdate::FoundRole(today.clone())));
                link_updates.extend(kept);
            }
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

/// Dates that went by since the last apply and take something now: the loss may fail, and the apply is taken down
/// nevertheless. They are kept as long as they stand in the files.
fn gone_by(cx: &Context, decided: &Decision, typed: &BTreeSet<ChangeKey>) -> Decision {
    if cx.input.ledger.applied.is_none() || cx.differ.doubt.is_some() {
        return Decision::default();
    }
    let mut went_by: BTreeMap<LinkNo, BTreeSet<Timestamp>> = BTreeMap::new();
    for link in cx.links().numbers().filter(|link| !cx.link(*link).went_by.is_empty()) {
        went_by.insert(link, still_declared(cx, link));
    }
    for (key, end) in decided.ends.iter().filter(|(key, _)| !typed.contains(key)) {
        if let Some(link) = key.person().and_then(|id| cx.links().of_id(id)) {
            went_by.entry(link).or_default().insert(*end);
        }
    }
    let updates = went_by.into_iter().filter(|(link, ends)| cx.link(*link).went_by != *ends);
    let updates = updates.map(|(link, ends)| (cx.row(link).user.clone(), LinkUpdate::WentBy(ends)));
    Decision { link_updates: updates.collect(), ..Decision::default() }
}

/// The dates of an entry that still stand in the files.
fn still_declared(cx: &Context, link: LinkNo) -> BTreeSet<Timestamp> {
    let declared = cx.row(link).number.map(|user| ends_of(cx.input.resolved, cx.input.desired, user));
    let declared = declared.unwrap_or_default();
    cx.link(link).went_by.iter().filter(|end| declared.contains(end)).copied().collect()
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
