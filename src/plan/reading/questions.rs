//! The questions that have to be answered before a decision: whether an object is there that a listing did not show, and
//! whether a value is free. From a short listing nothing follows that needs absence (safety.md 22).

use super::answers::{Answers, Question};
use super::differ::{Differ, WantedGroup};
use super::links::LinkNo;
use super::rows::{GroupRow, ListedHoldings, MemberRef, RowMembers, UnlinkedRow};
use super::shown::InGroup;
use super::{matching, shown, was_out};
use crate::model::intervention::Hand;
use crate::model::ledger::GroupKey;
use crate::model::remote::Kind;
use crate::model::seen::Unread;
use crate::model::{Path, RemoteId, UserId, UserNo, Value};
use crate::plan::groups::key::ledger_key;
use crate::resolve::Standing;

/// Managed groups without members in the listing that are asked for one by one, to see whether that helps.
pub(in crate::plan) const FIRST_GROUPS: usize = 3;
/// Groups inside managed groups that are asked for at most.
const NESTED: usize = 50;
/// Accounts that are looked at most, to see what they can do already.
pub(in crate::plan) const LOOKED_AT: usize = 200;
/// People whose values are looked up at most, if the listing of accounts is short.
const LOOKED_UP: usize = 200;

/// Objects that the ledger or `links:` name, that no page showed, and that were not asked for yet.
pub(in crate::plan) fn missing(differ: &Differ<'_>, answers: &Answers) -> Vec<(Kind, RemoteId)> {
    let is_short = differ.short.users.is_some();
    let unseen = differ.links.numbers().filter(|link| differ.seen.link(*link).is_none());
    // A short listing may leave out thousands: only those are asked for who are to lose their accounts.
    let unseen = unseen.filter(|link| match is_short {
        true => is_leaver(differ, answers, *link),
        false => !differ.links.row(*link).is_tombstone(),
    });
    let links = unseen.map(|link| (Kind::User, &differ.links.row(link).link.remote));
    let manual = differ.manual.keys().chain(differ.idle.keys()).map(|remote| (Kind::User, remote));
    // An account that no list may show, and because of which the app refused a value before.
    let taken = differ.input.ledger.interventions.keys().filter_map(|(_, hand)| match hand {
        Hand::Taken(remote) => Some((Kind::User, remote)),
        _ => None,
    });
    let groups = differ.input.ledger.groups.values().map(|group| &group.remote);
    let groups = groups.chain(differ.manual_groups.keys()).map(|remote| (Kind::Group, remote));
    let unseen = links
        .chain(manual)
        .chain(taken.take(LOOKED_UP))
        .chain(groups.filter(|_| differ.needs_groups()))
        .filter(|(kind, id)| !differ.is_seen(*kind, id) && answers.get(*kind, id).is_none());
    let mut missing: Vec<_> = unseen.map(|(kind, id)| (kind, id.clone())).collect();
    missing.sort();
    missing.dedup();
    missing
}

/// A person who is declared to have no access, and whose account we have not turned off yet, as git says.
fn is_leaver(differ: &Differ<'_>, answers: &Answers, link: LinkNo) -> bool {
    let row = differ.links.row(link);
    let is_out = row.number.is_some_and(|user| is_declared_out(differ, user));
    is_out && !was_out::was_off_before(differ, answers, link)
}

fn is_declared_out(differ: &Differ<'_>, user: UserNo) -> bool {
    let desired = differ.input.desired;
    desired.standing(user).is_declared_out(desired.company, user, desired.at)
}

fn is_in(differ: &Differ<'_>, user: UserNo) -> bool {
    matches!(differ.input.desired.standing(user), Standing::In)
}

/// Managed groups whose members the listing does not show, to be asked for one by one: a few first, and the others only if
/// that helps.
pub(in crate::plan) fn unread_groups(differ: &Differ<'_>, answers: &Answers) -> Vec<RemoteId> {
    if !differ.input.capabilities.groups {
        return Vec::new();
    }
    let is_asked = |row: &&GroupRow| answers.get(Kind::Group, &row.remote).is_some();
    let (asked, open): (Vec<&GroupRow>, Vec<&GroupRow>) = differ.seen.groups.values().partition(is_asked);
    let helped = asked.iter().any(|row| row.members.everybody().is_some());
    let unread = open.into_iter().filter(|row| {
        matches!(
            shown::members(differ, row),
            InGroup::Unread(Unread::LeftOut | Unread::Form(_) | Unread::Cut(_))
        )
    });
    let unread = unread.map(|row| row.remote.clone());
    let mut questions: Vec<RemoteId> = match asked.len() {
        _ if helped => unread.collect(),
        tried if tried < FIRST_GROUPS => unread.take(FIRST_GROUPS - tried).collect(),
        _ => Vec::new(),
    };
    questions.extend(taken_over(differ, answers));
    questions.sort();
    questions.dedup();
    questions
}

/// Groups that this plan may take over and whose members the listing leaves out: each is asked for once, because nobody knows yet
/// whether it has any (safety.md 22).
fn taken_over(differ: &Differ, answers: &Answers) -> Vec<RemoteId> {
    let has_link = |group: &WantedGroup| {
        let wanted = &differ.input.desired.groups[group.place];
        let key = GroupKey::of(&wanted.object).map(|key| ledger_key(&differ.input, wanted, &key));
        key.is_some_and(|key| differ.input.ledger.groups.contains_key(&key))
    };
    let is_left_out = |row: &&GroupRow| {
        matches!(row.members, RowMembers::Unread(Unread::LeftOut))
            && !differ.group_links.contains_key(&row.remote)
            && answers.get(Kind::Group, &row.remote).is_none()
    };
    let rows = differ.seen.groups.values().filter(is_left_out);
    let is_meant = |row: &&GroupRow| {
        let mut meant = differ.groups.iter().filter(|group| !has_link(group));
        differ.manual_groups.contains_key(&row.remote) || meant.any(|group| group.may_be(row))
    };
    rows.filter(is_meant).map(|row| row.remote.clone()).collect()
}

/// Accounts that this plan may bind to a person and of which the listing did not show all that they can do already (safety.md
/// 2): first those of people who are to have one.
pub(in crate::plan) fn to_be_bound(differ: &Differ<'_>, answers: &Answers) -> Vec<RemoteId> {
    let company = differ.input.resolved.company;
    let is_selected = |id: &UserId| differ.input.only.is_none_or(|only| only.contains(id));
    let is_new = |user: UserNo| {
        is_selected(&company.users[user.index()].id)
            && differ.links.of_user(user).is_none_or(|link| differ.seen.link(link).is_none())
    };
    let matches = |row: &UnlinkedRow, is_meant: fn(&Differ<'_>, UserNo) -> bool| {
        let mut users = row.candidates.iter().map(|candidate| candidate.user);
        users.any(|user| is_meant(differ, user) && is_new(user))
    };
    let by_hand = |row: &UnlinkedRow| differ.manual.get(&row.remote).is_some_and(is_selected);
    let gains = |row: &&UnlinkedRow| matches(row, is_in) || by_hand(row);
    let open = || differ.seen.unlinked.values().filter(|row| !row.protected);
    let leavers = open().filter(|row| !gains(row) && matches(row, is_declared_out));
    let unlinked = open().filter(gains).chain(leavers);
    let renamed = differ.links.numbers().map(|link| differ.links.row(link));
    let renamed =
        renamed.filter(|row| row.moved_from.is_some() && !row.is_tombstone() && is_selected(&row.user));
    let unlinked = unlinked.filter(|row| !row.holds.as_deref().is_some_and(ListedHoldings::are_whole));
    let bound = renamed.map(|row| &row.link.remote).chain(unlinked.map(|row| &row.remote));
    let open = bound.take(LOOKED_AT).filter(|id| answers.get(Kind::User, id).is_none());
    open.cloned().collect()
}

/// Groups of the app inside managed groups, whose people have what the managed group gives.
pub(in crate::plan) fn nested_groups(differ: &Differ<'_>, answers: &Answers) -> Vec<RemoteId> {
    let members = differ.seen.groups.values().filter_map(|row| row.members.everybody());
    let mut nested: Vec<RemoteId> = members
        .flatten()
        .filter_map(|member| match member {
            MemberRef::Group(id) => id.parse().ok(),
            MemberRef::Other(id) if differ.seen.shown.group(id).is_some() => id.parse().ok(),
            MemberRef::Linked(_) | MemberRef::Other(_) => None,
        })
        .collect();
    nested.sort();
    nested.dedup();
    nested.truncate(NESTED);
    nested.retain(|id| answers.get(Kind::Group, id).is_none());
    nested
}

/// If a listing is short, what is to be created is looked up first, by every value that tells objects apart.
pub(in crate::plan) fn look_ups(differ: &Differ<'_>, answers: &Answers) -> Vec<Question> {
    if !differ.input.capabilities.filter {
        return Vec::new();
    }
    let mut questions = Vec::new();
    if differ.short.users.is_some() {
        let users = (0..differ.input.resolved.company.users.len()).map(UserNo::from);
        let new = users.filter(|user| needs_account(differ, *user)).take(LOOKED_UP);
        for (path, value) in new.flat_map(|user| identifying(differ, user)) {
            if answers.holders(Kind::User, &path, &value).is_none() {
                questions.push(Question::Holders(Kind::User, path, value));
            }
        }
    }
    if differ.short.groups.is_some() {
        let is_listed = |group: &WantedGroup| differ.seen.groups.values().any(|row| group.may_be(row));
        let new = differ.groups.iter().filter(|group| !is_listed(group));
        for (path, value) in new.flat_map(WantedGroup::identifying) {
            if answers.holders(Kind::Group, &path, &value).is_none() {
                questions.push(Question::Holders(Kind::Group, path, value));
            }
        }
    }
    questions
}

/// A person who is to have an account, and of whom neither the ledger nor the listing knows one.
fn needs_account(differ: &Differ<'_>, user: UserNo) -> bool {
    let link = differ.links.of_user(user);
    is_in(differ, user)
        && link.is_none_or(|link| differ.links.row(link).is_tombstone() && differ.seen.link(link).is_none())
}

/// The values that tell this person's account apart from others. It may still have our id under an earlier id of the person.
pub(in crate::plan) fn identifying(differ: &Differ<'_>, user: UserNo) -> Vec<(Path, Value)> {
    let mut values = differ.input.desired.identifying(user);
    if !values.is_empty() {
        values.extend(matching::earlier_ids(differ.input.desired, user));
    }
    values
}
