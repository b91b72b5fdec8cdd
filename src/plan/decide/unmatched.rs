//! New accounts for people who may have one that nobody has matched (safety.md 11).

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::decision::Decision;
use crate::catalog::Meaning;
use crate::model::change::ChangeKind;
use crate::model::folded::{folded, folded_value};
use crate::model::ledger::{LinkState, Origin};
use crate::model::seen::Activity;
use crate::model::{RemoteId, UserId, UserNo, Want};
use crate::plan::reading::namesakes::{Namesake, Shows};

/// Fewer accounts with an address of the tree say nothing about how it matches.
const FEW: usize = 4;

/// The people who are to get an account and may have one.
#[derive(Debug, Clone, Default)]
pub(super) struct Unmatched {
    /// What is known of each: the account that looks like theirs.
    pub people: BTreeMap<UserId, Option<String>>,
    /// Active accounts with an address in a domain of the tree, if fewer than half of them belong to somebody.
    pub in_domain: u64,
}

/// From a short listing nothing follows.
pub(super) fn of(cx: &Context, decided: &Decision) -> Unmatched {
    let creates = decided.changes.iter().filter(|change| change.kind == ChangeKind::Create);
    let created: Vec<&UserId> = creates.filter_map(|change| change.key.person()).collect();
    if created.is_empty() || cx.differ.short.users.is_some() {
        return Unmatched::default();
    }
    let adopted: BTreeSet<&RemoteId> = decided.adopted.iter().map(|(_, remote)| remote).collect();
    let in_domain = strangers_in_domain(cx, &adopted);
    let said = |id: &UserId| {
        let user = cx.number(id)?;
        let found = cx.differ.seen.namesakes.get(&user)?;
        // `links:` says whose an account is.
        let is_open = |holder: &RemoteId| !adopted.contains(holder) && !cx.differ.manual.contains_key(holder);
        let one = found.iter().find(|one| is_open(&one.holder))?;
        Some(shown(cx, user, one))
    };
    let people = created.into_iter().map(|id| (id.clone(), said(id)));
    Unmatched { people: people.filter(|(_, said)| said.is_some() || in_domain > 0).collect(), in_domain }
}

/// The number of active accounts with an address in a domain of the tree, if fewer than half of at least four belong to
/// somebody, before the first apply has run to its end. Accounts that we created say nothing.
fn strangers_in_domain(cx: &Context, adopted: &BTreeSet<&RemoteId>) -> u64 {
    if cx.is_completed() {
        return 0;
    }
    let unlinked = cx.differ.seen.unlinked.values();
    let unlinked =
        unlinked.filter(|row| row.in_domain && !row.protected && cx.activity(row) != Activity::Off);
    let (adopted, strangers): (Vec<_>, Vec<_>) = unlinked.partition(|row| adopted.contains(&row.remote));
    let linked = cx.links().numbers().filter(|link| {
        let known = cx.link(*link);
        let in_domain = cx.seen(*link).is_some_and(|seen| seen.in_domain);
        in_domain && known.origin == Origin::Adopted && known.state == LinkState::Active && cx.is_on(*link)
    });
    let matched = adopted.len() + linked.count();
    let all = matched + strangers.len();
    if all >= FEW && 2 * matched < all { all as u64 } else { 0 }
}

/// `account 7 (ada.old) has the same emails.value`.
fn shown(cx: &Context, user: UserNo, one: &Namesake) -> String {
    let login = one.name.as_deref().unwrap_or("no login");
    let same = match one.shows {
        Shows::Address => match address_path(cx, user) {
            Some(path) => format!("the same {path}, which would match it"),
            None => "the same e-mail, which no attribute of the mapping gives".to_owned(),
        },
        Shows::FullName => "the same full name".to_owned(),
    };
    format!("account {} ({login}) has {same}", one.holder)
}

/// The attribute in which the mapping gives the address of a person.
fn address_path(cx: &Context, user: UserNo) -> Option<String> {
    let address = folded(&cx.input.resolved.company.users[user.index()].email);
    let attributes = cx.differ.attributes(user).ok()?;
    let is_it =
        |want: &Want| matches!(want, Want::Is(value) if folded_value(value).as_deref() == Some(&address));
    let mut paths = attributes.iter().filter(|attribute| is_it(&attribute.want));
    paths.find(|attribute| attribute.meaning == Meaning::Plain).map(|attribute| attribute.path.to_string())
}
