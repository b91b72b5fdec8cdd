//! The numbers before this plan, of which the percentages of the guards are shares.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::context::Context;
use super::decision::{Decision, People};
use super::held;
use super::power_values;
use super::unmatched;
use crate::model::change::{Change, ChangeKey, ChangeKind, Object};
use crate::model::company::PolicyRule;
use crate::model::counted::{gives_other_value, group_it_leaves, is_account_loss};
use crate::model::intervention::Hand;
use crate::model::ledger::{GroupKey, LinkState, Loss, Losses};
use crate::model::seen::Activity;
use crate::model::time::Timestamp;
use crate::model::{Guard, Path, RoleId, UserId};
use crate::plan::draft::Bases;
use crate::plan::groups::find::members_of;
use crate::plan::notice::NoticeKind;
use crate::plan::reading::answers::Past;
use crate::plan::reading::links::LinkNo;
use crate::plan::reading::was_out;
use crate::plan::release;
use crate::plan::roles::former::is_shown;
use crate::plan::roles::grants::was_given;
use crate::plan::shrunk::{self, Shrunk};

pub(super) fn of(cx: &Context, people: &People, decided: &Decision) -> Bases {
    let ledger = cx.input.ledger;
    let identifying = cx.input.desired.identifying_paths();
    let schema = &cx.input.desired.definition.users;
    let is_folded = |path: &&&Path| schema.attribute(path).is_some_and(|attribute| !attribute.case_exact);
    let adopted = decided.adopted.iter().map(|(user, _)| cx.user_id(*user).clone());
    let values = cx.differ.user_paths.iter().zip(&cx.differ.seen.values);
    let key = |path: &&Path| path.key().clone();
    let unmatched = unmatched::of(cx, decided);
    let bases = Bases { renamed: renamed(cx), ..Bases::default() };
    Bases {
        accounts: accounts(cx),
        links: cx.links().live(),
        values: values.map(|(path, count)| (path.key().clone(), *count)).collect(),
        deleted: decided.deleted.iter().cloned().collect(),
        inside: decided.inside.iter().cloned().collect(),
        takeovers: takeovers(cx, decided),
        off: off_before(cx, decided),
        turned_on: turned_on(cx, decided),
        commit: cx.input.commit.map(Into::into),
        power: cx.power.roles.clone(),
        gaining: decided.gaining.iter().cloned().collect(),
        people: cx.input.resolved.company.users.len() as u64,
        holders: holders(cx).into_iter().chain(power_values::holders(cx, decided)).collect(),
        power_values: decided.power_taken.iter().flat_map(|(_, values)| values).cloned().collect(),
        power_taken: decided.power_taken.iter().cloned().collect(),
        power_given: decided.power_given.iter().cloned().collect(),
        grantees_off: grantees_off(cx, decided),
        completed: cx.is_completed(),
        seen: cx.differ.seen.accounts,
        login_paths: identifying.iter().map(key).collect(),
        folded_paths: identifying.iter().filter(is_folded).map(key).collect(),
        adopted: adopted.collect(),
        unmatched: unmatched.people,
        in_domain: unmatched.in_domain,
        released: release::made_again(cx),
        begun: ledger.intents.iter().map(|intent| intent.key.clone()).collect(),
        undone: BTreeSet::new(),
        taken_back: held::taken_back(cx, people, &decided.changes),
        source: source(cx),
        ..of_losses(cx, decided, bases)
    }
}

/// Parts of the repository that lost people since the last applied commit.
fn source(cx: &Context) -> Vec<Shrunk> {
    let (ledger, resolved) = (cx.input.ledger, cx.input.resolved);
    let applied = ledger.applied_commit();
    let past = match applied.is_some_and(|commit| cx.differ.is_today(commit)) {
        true => Some(&Past::Same),
        false => applied.and_then(|commit| cx.answers.past(commit)),
    };
    shrunk::since_applied(resolved.company, ledger, past, resolved.at)
}

fn takeovers(cx: &Context, decided: &Decision) -> BTreeSet<ChangeKey> {
    let is_adopted_out = |change: &&Change| {
        let link = change.loser().and_then(|id| cx.links().of_id(id));
        is_account_loss(change) && link.is_some_and(|link| cx.link(link).adopted_out)
    };
    let has_found_members = |change: &&Change| {
        let link = GroupKey::of(&change.key.object).and_then(|key| cx.input.ledger.groups.get(&key));
        change.kind == ChangeKind::GroupDelete && link.is_some_and(|link| !link.before.is_empty())
    };
    let taken_over =
        decided.changes.iter().filter(|change| is_adopted_out(change) || has_found_members(change));
    taken_over.map(|change| change.key.clone()).collect()
}

/// People who lose an account that rolecall had turned off before, as git says: it is on again, or it is time to delete it.
fn off_before(cx: &Context, decided: &Decision) -> BTreeSet<UserId> {
    let losers = decided.changes.iter().filter(|change| is_account_loss(change)).filter_map(Change::loser);
    let is_off = |id: &&UserId| {
        let link = cx.links().of_id(id).filter(|link| cx.link(*link).state.is_disabled());
        link.is_some_and(|link| {
            was_out::is_off_by_us(cx.differ, cx.answers, id, cx.link(link))
                && was_out::was_off_before(cx.differ, cx.answers, link)
        })
    };
    losers.filter(is_off).cloned().collect()
}

/// People whose accounts are turned on again by an edit of the files (safety.md 13), if they are several. Whom `--enable` or
/// `--recreate` names is no part of them.
fn turned_on(cx: &Context, decided: &Decision) -> BTreeSet<UserId> {
    let notices = decided.notices.iter().filter(|notice| notice.kind == NoticeKind::TurnedOn);
    let people = notices.filter_map(|notice| match &notice.subject {
        Some(Object::User(id)) => Some(id),
        _ => None,
    });
    let is_named = |id: &UserId| {
        let hands = [Hand::Disabled, Hand::Deleted];
        hands.iter().any(|hand| release::typed(cx, id, hand).is_some())
    };
    let people: BTreeSet<UserId> = people.filter(|id| !is_named(id)).cloned().collect();
    if people.len() > 1 { people } else { BTreeSet::new() }
}

fn renamed(cx: &Context) -> BTreeMap<Object, Vec<Object>> {
    let company = cx.input.resolved.company;
    fn earlier<I>(ids: impl Iterator<Item = I>, object: fn(I) -> Object) -> (Option<Object>, Vec<Object>) {
        let mut ids = ids.map(object);
        (ids.next(), ids.collect())
    }
    let users = company.users.iter().filter(|user| !user.previously.is_empty());
    let users = users.map(|user| earlier(user.ids().cloned(), Object::User));
    let groups = company.groups.iter().map(|group| earlier(group.ids().cloned(), Object::Group));
    let roles = cx.input.desired.app.roles.iter().map(|role| earlier(role.ids().cloned(), Object::Role));
    let all = users.chain(groups).chain(roles).filter(|(_, earlier)| !earlier.is_empty());
    all.filter_map(|(today, earlier)| Some((today?, earlier))).collect()
}

/// Losses by a date that did not go by: it was over at the last apply already, or did not stand in the tree of that commit
/// (safety.md 12). What cannot be read there is not known to have stood there: the guards count such a loss. A date that the ledger
/// notes went by, however often its loss has failed.
pub(super) fn typed(cx: &Context, decided: &Decision) -> BTreeSet<ChangeKey> {
    let Some(applied) = &cx.input.ledger.applied else {
        return BTreeSet::new();
    };
    let today = || {
        cx.input.commit.is_none()
            || cx.input.ledger.applied_commit().is_some_and(|commit| cx.differ.is_today(commit))
    };
    let past = cx.input.ledger.applied_commit().and_then(|commit| cx.answers.past(commit));
    let stood = |key: &ChangeKey, end: &Timestamp| match (past, key.person()) {
        (Some(Past::Tree(tree)), Some(id)) => {
            let mut ids = cx.links().of_id(id).map(|link| cx.row(link).kept_under()).into_iter().chain([id]);
            ids.any(|id| tree.person(id).is_some_and(|person| person.ends.contains(end)))
        }
        (Some(Past::Same), _) => true,
        (Some(Past::Tree(_) | Past::Unknown(_)), _) => false,
        (None, _) => today(),
    };
    let noted = |key: &ChangeKey, end: &Timestamp| {
        let link = key.person().and_then(|id| cx.links().of_id(id));
        link.is_some_and(|link| cx.link(link).went_by.contains(end))
    };
    let is_typed =
        |(key, end): &&(ChangeKey, Timestamp)| !noted(key, end) && (*end <= applied.at || !stood(key, end));
    let typed = decided.ends.iter().filter(is_typed);
    typed.map(|(key, _)| key.clone()).collect()
}

/// What was lost in the last 24 hours.
fn recent<'l>(cx: &'l Context) -> impl Iterator<Item = &'l Loss> {
    let young = |losses: &&Losses| losses.count_at(cx.input.resolved.at);
    cx.input.ledger.losses.iter().filter(young).flat_map(|losses| &losses.lost)
}

/// People who lost this in the last 24 hours, by the guard that counted it.
fn losers<'l>(cx: &'l Context, guards: &'l [Guard]) -> impl Iterator<Item = (&'l UserId, &'l Loss)> {
    let lost = recent(cx).filter(|loss| guards.contains(&loss.guard));
    lost.filter_map(|loss| match &loss.who {
        Object::User(id) => Some((id, loss)),
        Object::Group(_) | Object::Role(_) | Object::Account(_) => None,
    })
}

fn accounts(cx: &Context) -> u64 {
    let links = &cx.input.ledger.users;
    let is_active = |id: &UserId| links.get(id).is_some_and(|link| link.state == LinkState::Active);
    let lost = losers(cx, &[Guard::Deprovision, Guard::Leavers]).map(|(id, _)| id);
    let lost: BTreeSet<&UserId> = lost.filter(|id| !is_active(id)).collect();
    let active = links.values().filter(|link| link.state == LinkState::Active).count();
    (active + lost.len()) as u64
}

/// The numbers that only losses need.
fn of_losses(cx: &Context, decided: &Decision, mut bases: Bases) -> Bases {
    let leaves = |change: &Change| match change.kind {
        ChangeKind::GroupDelete => GroupKey::of(&change.key.object),
        _ => group_it_leaves(change),
    };
    let left: BTreeSet<GroupKey> = decided.changes.iter().filter_map(leaves).collect();
    let (roles, groups): (Vec<&GroupKey>, Vec<&GroupKey>) = left.iter().partition(|key| key.is_role());
    let ledger = cx.input.ledger;
    let links = |role: bool| {
        let of_kind = ledger.groups.iter().filter(move |(key, _)| key.is_role() == role);
        of_kind.flat_map(|(_, link)| &link.members)
    };
    if !groups.is_empty() {
        let lost = losers(cx, &[Guard::Membership]).map(|(id, _)| id);
        bases.members = links(false).chain(lost).collect::<HashSet<_>>().len() as u64;
    }
    if !roles.is_empty() {
        let lost = losers(cx, &[Guard::Revoke]).map(|(id, _)| id);
        let by_value = ledger.users.iter().filter(|(_, link)| !link.roles.is_empty()).map(|(id, _)| id);
        bases.grantees = links(true).chain(by_value).chain(lost).collect::<HashSet<_>>().len() as u64;
    }
    bases.given_up = left.iter().filter(|key| cx.input.desired.holders_of(key).is_none()).cloned().collect();
    let before = |key: &GroupKey| (key.clone(), before(cx, decided, key, &bases.keys_of(key)));
    let revalued = decided.changes.iter().filter(|change| gives_other_value(change));
    let revalued = revalued.filter_map(|change| change.key.facet.role().cloned()).map(GroupKey::Role);
    let concerned: BTreeSet<GroupKey> = left.iter().cloned().chain(revalued).collect();
    bases.per_group = concerned.iter().map(before).collect();
    bases
}

/// The members of a group or holders of a role, which the ledger may know by one of these keys.
fn before(cx: &Context, decided: &Decision, key: &GroupKey, keys: &[GroupKey]) -> u64 {
    if let Some((_, members)) = decided.deleted.iter().find(|(deleted, _)| deleted == key) {
        return members.len() as u64;
    }
    let ledger = cx.input.ledger;
    let is_of = |of: &GroupKey| keys.contains(of);
    let lost = losers(cx, &[Guard::Membership, Guard::Revoke]);
    let lost = lost.filter(|(_, loss)| loss.of.as_ref().is_some_and(is_of));
    let members = keys.iter().filter_map(|key| ledger.groups.get(key)).flat_map(|link| &link.members);
    let by_value = ledger.users.iter().filter(|(_, link)| {
        keys.iter().any(|key| matches!(key, GroupKey::Role(role) if link.roles.contains(role)))
    });
    let all = members.chain(by_value.map(|(id, _)| id)).chain(lost.map(|(id, _)| id));
    all.collect::<HashSet<_>>().len() as u64
}

/// Active holders of every role with `min_members`, in a conflict policy, or of power: from the app, or from the ledger if the app
/// does not show them.
fn holders(cx: &Context) -> BTreeMap<RoleId, BTreeSet<UserId>> {
    let app = cx.input.desired.app;
    let policies = cx.input.resolved.company.policies.iter();
    let in_conflict = policies.flat_map(|policy| {
        let PolicyRule::Conflict(roles) = &policy.rule;
        roles.iter().filter(|role| role.app == app.id).map(|role| &role.role)
    });
    let roles: BTreeSet<&RoleId> =
        app.guard.min_members.keys().chain(in_conflict).chain(&cx.power.roles).collect();
    roles.into_iter().map(|role| (role.clone(), holders_of(cx, role))).collect()
}

/// People who are given a role and whose account is off.
fn grantees_off(cx: &Context, decided: &Decision) -> BTreeSet<UserId> {
    let grants = decided.changes.iter().filter(|change| change.kind == ChangeKind::RoleGrant);
    let is_off = |id: &&UserId| cx.links().of_id(id).is_some_and(|link| !cx.is_on(link));
    grants.filter_map(|change| change.key.person()).filter(is_off).cloned().collect()
}

/// Active holders of one role: by its group and by its value, because it may have been the other one before.
pub(super) fn holders_of(cx: &Context, role: &RoleId) -> BTreeSet<UserId> {
    group_holders(cx, &Object::Role(role.clone())).into_iter().chain(value_holders(cx, role)).collect()
}

/// Active members of a pushed group, or of the group that stands for a role.
pub(super) fn group_holders(cx: &Context, object: &Object) -> BTreeSet<UserId> {
    active(cx, members_of(cx, object))
}

fn value_holders(cx: &Context, role: &RoleId) -> BTreeSet<UserId> {
    let number = cx.input.desired.app.role(role.as_str());
    let holds = |link: &LinkNo| {
        let shown = cx.seen(*link).and_then(|seen| seen.findings.as_ref()?.roles.as_ref());
        match (shown, number) {
            (Some(shown), _) => is_shown(cx, role, shown),
            (None, Some(number)) => was_given(cx, cx.link(*link), number),
            (None, None) => cx.link(*link).roles.contains(role),
        }
    };
    active(cx, cx.links().numbers().filter(holds))
}

fn active(cx: &Context, links: impl IntoIterator<Item = LinkNo>) -> BTreeSet<UserId> {
    let links = links.into_iter().filter(|link| cx.is_on(*link) || is_off_by_word(cx, *link));
    links.map(|link| cx.row(link).user.clone()).collect()
}

/// True for an account that is off by the ledger's word alone: the app does not say, and git does not say so, either.
fn is_off_by_word(cx: &Context, link: LinkNo) -> bool {
    let known = cx.link(link);
    matches!(cx.shown_activity(link), Some(Activity::Unread(_)))
        && known.off_at().is_some()
        && !was_out::is_off_by_us(cx.differ, cx.answers, &cx.row(link).user, known)
}
