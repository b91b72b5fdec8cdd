//! Assembles the [`Draft`] from all decisions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bases;
use super::context::Context;
use super::decision::{Decision, LinkUpdate, People};
use super::falls;
use super::moves;
use super::unique::Order;
use super::unprotected;
use super::widening;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object, Phase};
use crate::model::ledger::{Hashes, LedgerUpdate, Link, PersonHashes};
use crate::model::{UserId, UserNo, time};
use crate::plan::draft::{Bases, Draft};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::plan_type::Coming;
use crate::plan::reading::links::LinkRow;
use crate::plan::roles::former;
use crate::plan::work::Work;
use crate::resolve::EdgeKind;

/// How far ahead coming starts and ends are shown, in days.
const COMING_DAYS: i64 = 14;

/// `typed` are the losses by a date that did not go by.
pub(super) fn draft(
    cx: &Context,
    people: &People,
    decided: Decision,
    order: Order,
    typed: BTreeSet<ChangeKey>,
) -> Draft {
    let widening = widening::before(cx, &decided);
    let bases = Bases { typed, widening, ..bases::of(cx, people, &decided) };
    let falls = falls::of(&decided.changes, &decided.references_to);
    let Decision { changes, notices, ends, .. } = decided;
    let is_seen = |update: &LedgerUpdate| matches!(update, LedgerUpdate::Intervened(_));
    let moved = decided.moves.iter().map(|moved| moved.to.clone()).collect();
    let (seen, observed): (Vec<_>, Vec<_>) = decided.observed.into_iter().partition(is_seen);
    let work = Work {
        links: links(decided.links, decided.link_values),
        group_links: decided.group_links.into_iter().collect(),
        group_attributes: decided.group_attributes.into_iter().collect(),
        member_lists: decided.member_lists.into_iter().collect(),
        losses: BTreeMap::new(),
        falls,
        roles: decided.roles.into_iter().collect(),
        persons: persons(cx, &changes),
        lapses: decided.lapses.into_iter().collect(),
        levels: order.levels,
        needs: needs(decided.needs),
        former_values: former::values(cx),
        holders: bases.holders.clone(),
        waits: order.waits,
        names: member_names(cx, people),
        unhashed: cx.input.desired.unhashed_paths(),
        identifying: cx
            .input
            .desired
            .identifying_paths()
            .into_iter()
            .map(|path| path.key().clone())
            .collect(),
        unproved: !cx.differ.unproved.is_empty()
            || notices.iter().any(|notice| notice.kind == NoticeKind::LinkConflict),
        clock_in_doubt: cx.differ.doubt.is_some(),
        has_date_gone_by: has_date_gone_by(cx),
        unmet_protect: unprotected::unmet_of_defaults(cx),
        has_short_accounts: cx.differ.short.users.is_some(),
        held: None,
        observed: decided
            .moves
            .into_iter()
            .map(|moved| LedgerUpdate::MoveUser { from: moved.from, to: moved.to })
            .chain(moves::of_value_roles(cx))
            .chain(observed)
            .chain(updated_links(cx, decided.link_updates, &moved))
            // Last, because an account that is gone ends what was seen of it, and nothing of another account.
            .chain(seen)
            .collect(),
    };
    let proved_leavers = changes.iter().filter(|change| change.is_typed_leaving());
    let proved_leavers = proved_leavers.filter_map(|change| change.key.person());
    let is_proved = |id: &&UserId| {
        cx.links().of_id(id).is_some_and(|link| cx.seen(link).is_some() && cx.is_verified(link))
    };
    let proved_leavers = proved_leavers.filter(is_proved).cloned().collect();
    let changes = changes.into_iter().map(|change| with_login(cx, people, change)).collect();
    let draft = Draft {
        proved_leavers,
        app: cx.input.desired.app.id.clone(),
        endpoint: Arc::from(cx.input.endpoint),
        changes,
        notices,
        coming: coming(cx),
        people: BTreeMap::new(),
        work,
        bases,
        ends: ends.into_iter().collect(),
        stopped: None,
    };
    let draft = match cx.input.only {
        Some(only) => limited(draft, only),
        None => draft,
    };
    Draft { people: names(cx, &draft.changes, &draft.notices), ..draft }
}

fn links(links: Vec<(UserId, Link)>, values: Vec<(UserId, Arc<str>, Hashes)>) -> BTreeMap<UserId, Link> {
    let mut links: BTreeMap<UserId, Link> = links.into_iter().collect();
    for (id, path, hashes) in values {
        if let Some(link) = links.get_mut(&id) {
            link.values.insert(path, hashes);
        }
    }
    links
}

fn needs(pairs: Vec<(ChangeKey, ChangeKey)>) -> BTreeMap<ChangeKey, BTreeSet<ChangeKey>> {
    let mut needs: BTreeMap<ChangeKey, BTreeSet<ChangeKey>> = BTreeMap::new();
    for (change, needed) in pairs {
        needs.entry(change).or_default().insert(needed);
    }
    needs
}

/// Where access to an account changes, or the account comes to have power, the line shows the login that the app has for it.
fn with_login(cx: &Context, people: &People, mut change: Change) -> Change {
    let remote = match (change.kind, &change.key.object, &change.key.facet) {
        (
            ChangeKind::Disable
            | ChangeKind::Enable
            | ChangeKind::Delete
            | ChangeKind::Adopt
            | ChangeKind::Relink,
            Object::User(_),
            _,
        ) => change.remote.as_ref(),
        (ChangeKind::RoleGrant | ChangeKind::Update, Object::User(_), _) if change.privileged => {
            change.remote.as_ref()
        }
        // Such a change has the id of the group.
        (ChangeKind::MemberAdd, _, Facet::Member(id)) if change.privileged => {
            cx.number(id).and_then(|user| people.account(user)?.remote())
        }
        _ => None,
    };
    change.login = remote.and_then(|remote| match cx.links().of_remote(remote.as_str()) {
        Some(link) => cx.seen(link)?.name.clone(),
        None => cx.differ.seen.unlinked.get(remote)?.name.clone(),
    });
    change
}

/// Ledger entries of people after all their updates. An entry under an earlier id that this plan does not move, because its
/// person is in a conflict, stays under that id: two entries would be linked to one account.
fn updated_links(
    cx: &Context,
    updates: Vec<(UserId, LinkUpdate)>,
    moved: &BTreeSet<UserId>,
) -> impl Iterator<Item = LedgerUpdate> {
    let mut links: BTreeMap<UserId, Link> = BTreeMap::new();
    for (id, update) in updates {
        let row = cx.links().of_id(&id).map(|link| cx.row(link));
        let kept_under = row.map(LinkRow::kept_under).filter(|_| !moved.contains(&id));
        let id = kept_under.cloned().unwrap_or(id);
        let known = || row.map(|row| row.link.clone());
        if let Some(link) = links.remove(&id).or_else(known) {
            links.insert(id, update.apply(link));
        }
    }
    links.into_iter().map(|(id, link)| LedgerUpdate::PutUser { id, link })
}

/// Who each declared person is that a change is about.
fn persons(cx: &Context, changes: &[Change]) -> BTreeMap<UserId, PersonHashes> {
    let people: BTreeSet<UserNo> = changes.iter().filter_map(|change| person(cx, change)).collect();
    people.into_iter().map(|user| (cx.user_id(user).clone(), cx.person(user))).collect()
}

/// The declared person a change is about.
pub(super) fn person(cx: &Context, change: &Change) -> Option<UserNo> {
    cx.number(change.key.person()?)
}

/// Account names, if the app names members by them.
fn member_names(cx: &Context, people: &People) -> BTreeMap<UserId, Arc<str>> {
    if !cx.differ.members_by_name {
        return BTreeMap::new();
    }
    let linked = cx.links().numbers().filter_map(|link| {
        let name = cx.seen(link)?.name.clone()?;
        Some((cx.row(link).user.clone(), name))
    });
    let adopted = people.holder_of.iter().filter_map(|(remote, user)| {
        let name = cx.differ.seen.unlinked.get(remote)?.name.clone()?;
        Some((cx.user_id(*user).clone(), name))
    });
    linked.chain(adopted).collect()
}

/// Starts and ends of the next days that concern this app.
fn coming(cx: &Context) -> Vec<Coming> {
    let resolved = cx.input.resolved;
    let until = time::after(resolved.at, 24 * COMING_DAYS);
    let near = cx.input.desired.edges_between(&resolved.edges, resolved.at, until);
    near.map(|edge| Coming {
        at: edge.at,
        text: format!("{} {}", edge.what, if edge.kind == EdgeKind::Starts { "starts" } else { "ends" }),
        place: cx.input.files.place(edge.span),
    })
    .collect()
}

/// True if a date that concerns this app came since its last completed apply.
fn has_date_gone_by(cx: &Context) -> bool {
    let resolved = cx.input.resolved;
    let applied = cx.input.ledger.applied.as_ref();
    applied.is_some_and(|applied| {
        cx.input.desired.edges_between(&resolved.edges, applied.at, resolved.at).next().is_some()
    })
}

/// Limits a draft to the people of `--user`. A group that one of them has to join is still created.
fn limited(mut draft: Draft, only: &BTreeSet<UserId>) -> Draft {
    let concerns = |change: &Change| change.key.person().is_some_and(|user| only.contains(user));
    let joined: BTreeSet<Object> = draft
        .changes
        .iter()
        .filter(|change| concerns(change))
        .map(|change| change.key.object.clone())
        .collect();
    draft.changes.retain(|change| {
        concerns(change)
            || (change.phase == Phase::Groups
                && change.key.facet == Facet::Life
                && joined.contains(&change.key.object))
    });
    draft.notices.retain(|notice| match &notice.subject {
        Some(Object::User(id)) => only.contains(id),
        _ => notice.kind == NoticeKind::NotReleased,
    });
    draft.work.lapses.retain(|id, _| only.contains(id));
    draft
        .work
        .observed
        // What was seen of another hand is released by name only once it is known.
        .retain(|update| match update {
            LedgerUpdate::MoveUser { to, .. } => only.contains(to),
            LedgerUpdate::Intervened(seen) => only.contains(&seen.user),
            _ => false,
        });
    draft
}

/// Names of all people in the plan.
fn names(cx: &Context, changes: &[Change], notices: &[Notice]) -> BTreeMap<UserId, String> {
    let company = cx.input.resolved.company;
    let changed = changes.iter().filter_map(|change| person(cx, change));
    let said = notices.iter().filter_map(|notice| match &notice.subject {
        Some(Object::User(id)) => cx.number(id),
        _ => None,
    });
    changed
        .chain(said)
        .map(|user| {
            let user = &company.users[user.index()];
            (user.id.clone(), user.name.shown().into_owned())
        })
        .collect()
}
