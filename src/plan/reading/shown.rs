//! What the listings as a whole show: only with it can an answer that leaves something out be judged (safety.md 22).

use std::collections::HashSet;

use super::differ::Differ;
use super::links::LinkNo;
use super::rows::{GroupRow, MemberRef, RowMembers};
use crate::model::UserId;
use crate::model::folded::folded;
use crate::model::ledger::GroupLink;
use crate::model::seen::{self, Seen, Unread};

/// Who is in a group, as far as the app shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) enum InGroup<'r> {
    /// These are in it.
    Members(&'r [MemberRef]),
    /// These have what it gives; some of them are perhaps only in a group inside it.
    Mixed(&'r [MemberRef]),
    Nobody,
    Unread(Unread),
}

impl<'r> InGroup<'r> {
    /// Those who have what the group gives, whether they are in it or in a group inside it.
    pub(in crate::plan) fn holders(self) -> Seen<&'r [MemberRef]> {
        match self {
            InGroup::Members(members) | InGroup::Mixed(members) => Seen::Is(members),
            InGroup::Nobody => Seen::None,
            InGroup::Unread(why) => Seen::Unread(why),
        }
    }
}

/// The members of a group. A list that is left out means that there are none only if nothing says otherwise: neither
/// the ledger nor another group of this app. A list that may have been cut is no list.
pub(in crate::plan) fn members<'r>(differ: &Differ<'_>, row: &'r GroupRow) -> InGroup<'r> {
    let link = differ.group_links.get(&row.remote).copied();
    if let Some(members) = row.members.everybody() {
        match link.filter(|link| may_be_cut(differ, link, members)) {
            Some(_) => return InGroup::Unread(Unread::Cut(members.len() as u64)),
            None if members.is_empty() => return InGroup::Nobody,
            None => {}
        }
    }
    match &row.members {
        RowMembers::Shown(members) => InGroup::Members(members),
        RowMembers::Mixed(members) => InGroup::Mixed(members),
        RowMembers::Unread(Unread::LeftOut)
            if !differ.seen.shown.members && link.is_none_or(|link| link.members.is_empty()) =>
        {
            InGroup::Nobody
        }
        RowMembers::Unread(why) => InGroup::Unread(why.clone()),
    }
}

/// The link of a member, by id or by name.
pub(in crate::plan) fn member_link(differ: &Differ<'_>, member: &MemberRef) -> Option<LinkNo> {
    match member {
        MemberRef::Linked(link) => Some(*link),
        MemberRef::Other(text) => {
            let remote = differ.seen.by_name.get(&folded(text))?;
            differ.links.of_remote(remote.as_str())
        }
        MemberRef::Group(_) => None,
    }
}

/// True if the number of members is one at which lists are cut, and people are missing. Where the app's limit is only a guess,
/// they have to be people whom we added with the app's word for it, and nobody else.
fn may_be_cut(differ: &Differ<'_>, link: &GroupLink, members: &[MemberRef]) -> bool {
    let cap = differ.input.capabilities.members_cap;
    let is_cap = match cap {
        Some(cap) => members.len() == cap as usize,
        None => seen::may_be_cut(members.len()),
    };
    if !is_cap {
        return false;
    }
    let there: HashSet<LinkNo> = members.iter().filter_map(|member| member_link(differ, member)).collect();
    let kept: HashSet<&UserId> = there.iter().map(|link| differ.links.row(*link).kept_under()).collect();
    // Most are there under the id that the ledger has: few have to be looked up.
    let is_missing = |id: &&UserId| {
        let found = || differ.links.of_id(differ.links.today(id));
        !kept.contains(*id) && found().is_some_and(|found| !there.contains(&found))
    };
    let missing: Vec<&UserId> = link.members.iter().filter(is_missing).collect();
    !missing.is_empty() && (cap.is_some() || missing.into_iter().all(|id| link.added.contains(id)))
}
