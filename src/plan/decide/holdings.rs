//! What the accounts that this plan binds can do already (safety.md 2): it stands on the line that binds the account,
//! whether an adoption, `links:` or `previously:` binds it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::context::Context;
use super::decision::Decision;
use crate::model::change::{Change, Facet, Object};
use crate::model::fact::Fact;
use crate::model::remote::{Held, HeldKind, Kind, Presence};
use crate::model::seen::{Seen, Unread};
use crate::model::words::{count, first_ten};
use crate::model::{RemoteId, UserId};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::questions::LOOKED_AT;
use crate::plan::reading::rows::{ListedHoldings, MemberRef};
use crate::resolve::Standing;

/// Adds to each line that binds an account what the account can do already, and marks the line if that is power.
pub(super) fn show(cx: &Context, mut decided: Decision) -> Decision {
    let adopted = decided.adopted.iter().map(|(user, remote)| (cx.user_id(*user).clone(), remote.clone()));
    let moved = decided.moves.iter().map(|moved| (moved.to.clone(), moved.remote.clone()));
    let bound: BTreeMap<UserId, RemoteId> = moved.chain(adopted).collect();
    if bound.is_empty() {
        return decided;
    }
    let listings_are_whole = listings_are_whole(cx, bound.values());
    let memberships = memberships(cx, bound.values());
    let mut shown: Vec<(&UserId, Look)> = Vec::new();
    for change in &mut decided.changes {
        if let (Object::User(id), Facet::Life) = (&change.key.object, &change.key.facet)
            && let Some((id, remote)) = bound.get_key_value(id)
            && change.remote.as_ref() == Some(remote)
        {
            let look = Look::of(cx, remote, listings_are_whole);
            let known = memberships.get(remote).map_or(&[][..], Vec::as_slice);
            show_on(cx, &look, known, change);
            shown.push((id, look));
        }
    }
    let notices = none_shown(&shown).into_iter().chain(not_looked_at(&shown));
    decided.and(Decision { notices: notices.collect(), ..Decision::default() })
}

/// What is known of an account.
enum Look<'s> {
    /// All that the app shows.
    All(&'s Seen<Vec<Held>>),
    /// The account was not looked at, and the listing may have left something out beside this.
    Part(&'s [Held]),
    InVain(Arc<str>),
    Gone,
}

impl<'s> Look<'s> {
    fn of(cx: &Context<'s, '_>, remote: &RemoteId, listings_are_whole: bool) -> Self {
        match cx.answers.get(Kind::User, remote) {
            Some(Presence::Here(account)) => match &account.holds {
                Seen::Unread(why) if !is_left_out(why) => Look::InVain(why.to_string().into()),
                all => Look::All(all),
            },
            Some(Presence::Unknown { why }) => Look::InVain(why.clone()),
            Some(Presence::Gone(_)) => Look::Gone,
            None => match listed(cx, remote) {
                Some(listed) if listed.are_whole() || listings_are_whole => Look::All(&listed.all),
                Some(ListedHoldings { all: Seen::Is(all), .. }) => Look::Part(all),
                Some(_) | None => Look::Part(&[]),
            },
        }
    }
}

fn is_left_out(why: &Unread) -> bool {
    matches!(why, Unread::LeftOut | Unread::NotShown)
}

fn listed<'s>(cx: &Context<'s, '_>, remote: &RemoteId) -> Option<&'s ListedHoldings> {
    cx.differ.seen.unlinked.get(remote)?.holds.as_deref()
}

/// True if no account that was looked at showed more than its row of the listing, and each place was shown by at least one: the
/// rows of the others show all as well. An account that could not be read proves nothing.
fn listings_are_whole<'b>(cx: &Context, bound: impl Iterator<Item = &'b RemoteId>) -> bool {
    let mut kinds = BTreeSet::new();
    for remote in bound {
        let Some(Presence::Here(account)) = cx.answers.get(Kind::User, remote) else { continue };
        let Some(row) = listed(cx, remote) else { continue };
        let is_read = !matches!(&account.holds, Seen::Unread(why) if !is_left_out(why));
        if !is_read || all(&account.holds) != all(&row.all) {
            return false;
        }
        kinds.extend(all(&account.holds).into_iter().map(|held| held.what));
    }
    kinds.len() >= places(cx)
}

/// The number of places that may show what an account has: the attributes that give access, unless the app says that it has
/// none of that name, and groups.
fn places(cx: &Context) -> usize {
    let access = cx.input.desired.definition.users.access.iter();
    access.filter(|path| !cx.input.schemas.users.lacks(path)).count() + 1
}

fn all(holds: &Seen<Vec<Held>>) -> BTreeSet<&Held> {
    holds.shown().into_iter().flatten().collect()
}

/// The managed groups that show one of these accounts as a member, whatever the account itself shows.
pub(super) fn memberships<'b>(
    cx: &Context,
    bound: impl Iterator<Item = &'b RemoteId>,
) -> HashMap<&'b RemoteId, Vec<Held>> {
    let bound: HashMap<&str, &RemoteId> = bound.map(|remote| (remote.as_str(), remote)).collect();
    let mut known: HashMap<&RemoteId, Vec<Held>> = HashMap::new();
    for (id, row) in &cx.differ.seen.groups {
        for member in cx.holders(row).shown().into_iter().copied().flatten() {
            let remote = match member {
                MemberRef::Other(text) => bound.get(&**text),
                MemberRef::Linked(link) => bound.get(cx.link(*link).remote.as_str()),
                MemberRef::Group(_) => None,
            };
            if let Some(remote) = remote {
                let name = cx.differ.seen.shown.group(id.as_str()).cloned().flatten();
                let (what, id) = (HeldKind::Group, Arc::from(id.as_str()));
                let held = Held { what, name: name.unwrap_or_else(|| Arc::clone(&id)), id: Some(id) };
                known.entry(*remote).or_default().push(held);
            }
        }
    }
    known
}

fn show_on(cx: &Context, look: &Look, known: &[Held], change: &mut Change) {
    let (held, missing) = match look {
        Look::All(Seen::Is(all)) => (all.as_slice(), None),
        // One notice says it where no account shows anything; elsewhere an app leaves out what is empty.
        Look::All(Seen::None | Seen::Unread(_)) => (&[][..], None),
        Look::Gone => return,
        Look::Part(part) => (*part, Some(Fact::NotLookedAt)),
        Look::InVain(why) => (&[][..], Some(Fact::LookedInVain(why.clone()))),
    };
    let shows = |group: &Held| {
        held.iter().any(|one| one.what == group.what && (one.id == group.id || one.name == group.name))
    };
    let held: Vec<Held> = held.iter().chain(known.iter().filter(|group| !shows(group))).cloned().collect();
    // A person who is to have no account gains nothing by the line.
    let user = change.key.person().and_then(|id| cx.number(id));
    let is_in = user.is_some_and(|user| cx.input.desired.standing(user) == Standing::In);
    change.privileged |= is_in && held.iter().any(|held| cx.is_power(held));
    let held = (!held.is_empty()).then_some(Fact::Holds(held));
    change.reasons.extend(held.into_iter().chain(missing).map(Into::into));
}

/// The notice that no account that was looked at shows what it has.
fn none_shown(bound: &[(&UserId, Look)]) -> Option<Notice> {
    let looked_at: Vec<_> = bound
        .iter()
        .filter_map(|(_, look)| match look {
            Look::All(holds) => Some(holds),
            Look::Part(_) | Look::InVain(_) | Look::Gone => None,
        })
        .collect();
    let none = !looked_at.is_empty() && looked_at.iter().all(|holds| matches!(holds, Seen::Unread(_)));
    none.then(|| {
        let accounts = count(looked_at.len(), "account that is bound shows", "accounts that are bound show");
        let text = format!(
            "{accounts} neither roles nor entitlements nor groups: the app does not show them, or there are none"
        );
        let hint = "look in the app what the account can do, before you apply".to_owned();
        Notice::of_app(NoticeKind::Advice, text, Some(hint))
    })
}

/// The notice of accounts that were too many to look at each.
fn not_looked_at(bound: &[(&UserId, Look)]) -> Option<Notice> {
    let open = bound.iter().filter(|(_, look)| matches!(look, Look::Part(_)));
    let people: Vec<String> = open.map(|(id, _)| id.to_string()).collect();
    (!people.is_empty()).then(|| {
        let text = format!(
            "{} not looked at, because a plan looks at {LOOKED_AT} at most: {}",
            count(people.len(), "account that is bound was", "accounts that are bound were"),
            first_ten(&people)
        );
        let hint = "look in the app what they can do, or bind fewer at a time with `--user`".to_owned();
        Notice::of_app(NoticeKind::Advice, text, Some(hint))
    })
}
