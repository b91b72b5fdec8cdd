//! Finds the group of the app that is meant, and the account that a member is.

use std::collections::HashMap;

use super::key::ledger_key;
use crate::model::change::Object;
use crate::model::folded::folded;
use crate::model::ledger::{GroupKey, GroupLink};
use crate::model::remote::{Kind, Presence};
use crate::model::seen::Seen;
use crate::model::{RemoteId, Span, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::reading::differ::WantedGroup;
use crate::plan::reading::links::LinkNo;
use crate::plan::reading::rows::{GroupRow, MemberRef, UnlinkedRow};
use crate::plan::reading::shown;
use crate::resolve::DesiredGroup;

/// What says which group of the app a desired one is.
#[derive(Clone, Copy)]
pub(crate) enum By<'s> {
    Link(&'s GroupLink),
    /// `links:` names it, there.
    Hand(&'s RemoteId, Span),
    /// Its name in the app, or our id.
    Name,
}

impl<'s> By<'s> {
    pub(crate) fn of(cx: &Context<'s, '_>, wanted: &DesiredGroup) -> Self {
        let Some(key) = GroupKey::of(&wanted.object) else { return Self::Name };
        if let Some(link) = cx.input.ledger.groups.get(&ledger_key(cx.input, wanted, &key)) {
            return Self::Link(link);
        }
        let by_hand = cx.input.desired.app.group_links.get(&key);
        by_hand.map_or(Self::Name, |(remote, span)| Self::Hand(remote, *span))
    }

    pub(crate) fn link(self) -> Option<&'s GroupLink> {
        match self {
            Self::Link(link) => Some(link),
            Self::Hand(..) | Self::Name => None,
        }
    }

    /// The row of the group; none if there is no such group.
    ///
    /// # Errors
    /// It is not known whether it exists, or which one it is; the text says so.
    pub(crate) fn row(
        self,
        cx: &Context<'s, '_>,
        group: &WantedGroup,
    ) -> Result<Option<&'s GroupRow>, String> {
        match self {
            // The group was made again under another id.
            Self::Link(link) => match group_row(cx, &link.remote)? {
                Some(row) => Ok(Some(row)),
                None => group_without_link(cx, group),
            },
            Self::Hand(remote, _) => group_row(cx, remote),
            Self::Name => group_without_link(cx, group),
        }
    }
}

/// The link of a desired group, and its row in the app.
pub(crate) fn group_found<'s>(
    cx: &Context<'s, '_>,
    group: &WantedGroup,
) -> (Option<&'s GroupLink>, Option<&'s GroupRow>) {
    let wanted = &cx.input.desired.groups[group.place];
    let by = By::of(cx, wanted);
    (by.link(), by.row(cx, group).ok().flatten())
}

/// The people in a group; of a role, in the group that it is, or that it was before it became a value or was given up. From the
/// app, or from the ledger if the app does not show them.
pub(crate) fn members_of(cx: &Context, object: &Object) -> Vec<LinkNo> {
    let desired = cx.input.desired;
    let mut wanted = cx.differ.groups.iter();
    let (link, row) = match wanted.find(|group| desired.groups[group.place].object == *object) {
        // A member of a group that this plan takes over holds the role already.
        Some(group) => group_found(cx, group),
        None => {
            let link = keys_of(cx, object).iter().find_map(|key| cx.input.ledger.groups.get(key));
            (link, link.and_then(|link| cx.differ.seen.groups.get(&link.remote)))
        }
    };
    match row.map(|row| cx.holders(row)) {
        Some(Seen::Is(members)) => members.iter().filter_map(|member| member_link(cx, member)).collect(),
        Some(Seen::None) => Vec::new(),
        None | Some(Seen::Unread(_)) => {
            let known = link.into_iter().flat_map(|link| &link.members);
            known.filter_map(|id| cx.links().of_id(cx.links().today(id))).collect()
        }
    }
}

/// The keys under which the ledger may know a group that is not desired: of a role, by all of its ids.
pub(super) fn keys_of(cx: &Context, object: &Object) -> Vec<GroupKey> {
    let app = cx.input.desired.app;
    let ids = match object {
        Object::Role(role) => app.role_once(role).map(|role| app.roles[role.index()].ids()),
        _ => None,
    };
    let ids = ids.into_iter().flatten().cloned().map(GroupKey::Role);
    GroupKey::of(object).into_iter().chain(ids).collect()
}

/// True if the app says that the group is gone.
pub(super) fn is_gone(cx: &Context, remote: &RemoteId) -> bool {
    let is_seen = cx.differ.seen.groups.contains_key(remote);
    !is_seen && matches!(cx.answers.get(Kind::Group, remote), Some(Presence::Gone(_)))
}

/// The row of a linked group; none if it is proven gone.
///
/// # Errors
/// It is not known whether the group exists; the text says why.
pub(crate) fn group_row<'s>(cx: &Context<'s, '_>, remote: &RemoteId) -> Result<Option<&'s GroupRow>, String> {
    if let Some(row) = cx.differ.seen.groups.get(remote) {
        return Ok(Some(row));
    }
    match cx.answers.get(Kind::Group, remote) {
        Some(Presence::Gone(_)) => Ok(None),
        Some(Presence::Unknown { why }) => {
            Err(format!("cannot tell whether group {remote} is still there: {why}"))
        }
        Some(Presence::Here(_)) | None => Err(format!("cannot tell whether group {remote} is still there")),
    }
}

/// The group without a link that has the name of a desired one, or our id of it.
///
/// # Errors
/// Several groups have one of the two, or the group has something of another desired group as well.
fn group_without_link<'s>(cx: &Context<'s, '_>, group: &WantedGroup) -> Result<Option<&'s GroupRow>, String> {
    let object = |group: &WantedGroup| &cx.input.desired.groups[group.place].object;
    let row = match cx.free_groups.candidates(group).as_slice() {
        [] => return Ok(None),
        [one] => cx.differ.seen.groups.get(*one),
        several => {
            let rows = several.iter().filter_map(|id| cx.differ.seen.groups.get(*id));
            let named = rows.clone().all(|row| group.has_name_of(row));
            let ids: Vec<_> = rows.map(|row| called(row, !named)).collect();
            let what = if named { "the name" } else { "the name or our id" };
            return Err(format!(
                "{} groups in the app have {what} of {}: {}",
                several.len(),
                object(group),
                ids.join(", ")
            ));
        }
    };
    let Some(row) = row else { return Ok(None) };
    let is_other = |other: &&WantedGroup| other.place != group.place && other.may_be(row);
    match cx.differ.groups.iter().find(is_other) {
        None => Ok(Some(row)),
        Some(other) => {
            let (first, second) = if group.has_name_of(row) { (group, other) } else { (other, group) };
            Err(format!(
                "group {} of the app has the name of {} and our id of {}",
                row.remote,
                object(first),
                object(second)
            ))
        }
    }
}

fn called(row: &GroupRow, with_name: bool) -> String {
    match &row.name {
        Some(name) if with_name => format!("{} (\"{name}\")", row.remote),
        _ => row.remote.to_string(),
    }
}

/// The managed groups that an unlinked account is in, without a declaration (safety.md 2).
pub(crate) fn memberships_beyond<'s>(
    cx: &Context<'s, '_>,
    user: UserNo,
    row: &UnlinkedRow,
) -> impl Iterator<Item = (&'s WantedGroup, &'s DesiredGroup)> {
    let members = cx.unlinked_members.get_or_init(|| unlinked_members(cx));
    let known_as = match cx.differ.members_by_name {
        true => row.name.as_deref(),
        false => Some(row.remote.as_str()),
    };
    let places = known_as.and_then(|name| members.get(&folded(name))).into_iter().flatten();
    let (differ, desired) = (cx.differ, cx.input.desired);
    let groups =
        places.map(|place| &differ.groups[*place]).map(|group| (group, &desired.groups[group.place]));
    groups.filter(move |(_, wanted)| !wanted.holders.yes.contains(user.0)).collect::<Vec<_>>().into_iter()
}

/// The places of the wanted groups that an account without a link is a member of, by what the groups call it. Where it is not
/// certain which group is meant, all that it may be count.
fn unlinked_members(cx: &Context) -> HashMap<String, Vec<usize>> {
    let mut members: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, group) in cx.differ.groups.iter().enumerate() {
        let by = By::of(cx, &cx.input.desired.groups[group.place]);
        let rows: Vec<&GroupRow> = match by.row(cx, group) {
            Ok(row) => row.into_iter().collect(),
            Err(_) => {
                let candidates = cx.free_groups.candidates(group).into_iter();
                candidates.filter_map(|remote| cx.differ.seen.groups.get(remote)).collect()
            }
        };
        let shown: Vec<_> = rows.into_iter().map(|row| cx.holders(row)).collect();
        for member in shown.iter().filter_map(Seen::shown).copied().flatten() {
            if let MemberRef::Other(text) = member {
                members.entry(folded(text)).or_default().push(place);
            }
        }
    }
    members
}

/// The link of a member, by id or by name.
pub(crate) fn member_link(cx: &Context, member: &MemberRef) -> Option<LinkNo> {
    shown::member_link(cx.differ, member).or_else(|| match member {
        MemberRef::Other(text) if !cx.differ.members_by_name => {
            let remote = cx.spelt_otherwise(text)?;
            cx.links().of_remote(remote.as_str())
        }
        MemberRef::Linked(_) | MemberRef::Other(_) | MemberRef::Group(_) => None,
    })
}

/// The account without a link that a group knows by this name or id.
pub(crate) fn account_named<'s>(cx: &Context<'s, '_>, member: &str) -> Option<&'s UnlinkedRow> {
    let by_name = cx.differ.seen.by_name.get(&folded(member));
    let remote = by_name.map_or(member, |id| id.as_str());
    let exact = cx.differ.seen.unlinked.get(remote);
    exact.or_else(|| cx.differ.seen.unlinked.get(cx.spelt_otherwise(member)?))
}

/// True for a member that the app does not call a group and that is one: its id is no account's, and the listing of groups
/// has it.
pub(super) fn is_group(cx: &Context, member: &str) -> bool {
    let is_account = || cx.links().of_remote(member).is_some() || account_named(cx, member).is_some();
    cx.differ.seen.shown.group(member).is_some() && !is_account()
}
