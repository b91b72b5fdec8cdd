//! Who is released: `--enable` and `--recreate` name a person, or of an app the number of all who are held there. A number
//! releases everybody or, if it is another one, nobody (safety.md 1, 13).

use std::collections::BTreeSet;

use super::decide::context::Context;
use super::decide::decision::Decision;
use super::notice::{Notice, NoticeKind};
use super::reading::input::Input;
use super::releases::{Released, Releases};
use crate::model::UserId;
use crate::model::change::{ChangeKind, Verdict};
use crate::model::intervention::Hand;
use crate::model::ledger::LedgerUpdate;
use crate::model::words::count;

/// What a number can release: accounts. Power that was taken away is given back by name only.
const ACCOUNTS: [Hand; 2] = [Hand::Disabled, Hand::Deleted];

/// Without the ids of the accounts, so that it is one reason for all.
const ALL_DELETED: &str = "these accounts were deleted in the app, not by rolecall";

fn option(hand: &Hand) -> &'static str {
    match hand {
        Hand::Disabled | Hand::Revoked(_) | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => "--enable",
        Hand::Deleted => "--recreate",
    }
}

fn said<'a>(input: &Input<'a>, hand: &Hand) -> &'a Releases {
    match hand {
        Hand::Disabled | Hand::Revoked(_) | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => input.enable,
        Hand::Deleted => input.recreate,
    }
}

/// The number that is given for this app.
pub(crate) fn number(input: &Input<'_>, hand: &Hand) -> Option<u64> {
    said(input, hand).apps.get(&input.desired.app.id).copied()
}

/// The option that releases a person, as it was typed.
pub(crate) fn typed(cx: &Context, id: &UserId, hand: &Hand) -> Option<String> {
    by_name(cx, id, hand).or_else(|| by_number_of(cx, id, hand))
}

/// The option that names a person.
pub(crate) fn by_name(cx: &Context, id: &UserId, hand: &Hand) -> Option<String> {
    said(cx.input, hand).users.contains(id).then(|| format!("{} {id}", option(hand)))
}

/// The same of what this plan sees for the first time: a name that was typed for another app releases nothing of it.
pub(crate) fn at_first_sight(cx: &Context, id: &UserId, hand: &Hand) -> Option<String> {
    let is_for_another = said(cx.input, hand).of_others.contains(id);
    by_name(cx, id, hand).filter(|_| !is_for_another).or_else(|| by_number_of(cx, id, hand))
}

/// The option that releases a person together with all others who are held in this app.
pub(crate) fn by_number_of(cx: &Context, id: &UserId, hand: &Hand) -> Option<String> {
    let number = number(cx.input, hand)?;
    let is_released = cx.released.contains(&(id.clone(), hand.clone()));
    is_released.then(|| format!("{} {}={number}", option(hand), cx.input.desired.app.id))
}

/// True if a number is given for this app.
pub(crate) fn is_by_number(input: &Input<'_>) -> bool {
    ACCOUNTS.iter().any(|hand| number(input, hand).is_some())
}

/// The people whom the given numbers release, of all who are held without them. The number that answers a reset as a whole
/// releases nobody else.
pub(crate) fn by_number(input: &Input<'_>, held: &Decision, reset: &Released) -> Released {
    let is_spent = |hand: &Hand| reset.iter().any(|(_, of)| of == hand);
    let fits = |hand: &&Hand| {
        !is_spent(hand) && number(input, hand) == Some(held_by(input, held, hand).len() as u64)
    };
    let people = |hand: &Hand| {
        let held = held_by(input, held, hand).into_iter();
        held.map(|id| (id.clone(), hand.clone())).collect::<Vec<_>>()
    };
    ACCOUNTS.iter().filter(fits).flat_map(people).collect()
}

/// The people whom `hand` holds, newly or for long, of those that the plan is about.
fn held_by<'d>(input: &Input<'_>, decided: &'d Decision, hand: &Hand) -> BTreeSet<&'d UserId> {
    let standing = decided.standing.iter().filter(|(_, by)| by == hand).map(|(id, _)| id);
    let held = news(&decided.observed, hand).chain(standing);
    held.filter(|id| input.only.is_none_or(|only| only.contains(*id))).collect()
}

/// How all are released whom `hand` holds in this app, if they are several and a number can.
pub(crate) fn of_all(cx: &Context, decided: &Decision, hand: &Hand, quote: &str) -> Option<String> {
    let several = Some(held_by(cx.input, decided, hand).len()).filter(|held| *held > 1)?;
    let what = match hand {
        Hand::Disabled => format!("turns all {several} on"),
        Hand::Deleted => format!("makes all {several} again"),
        Hand::Revoked(_) | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => return None,
    };
    let (option, app) = (option(hand), &cx.input.desired.app.id);
    Some(format!("{quote}{option} {app}={several}{quote} {what}, {quote}{option} USER{quote} one of them"))
}

/// Adds the way out to the reason of each account that is held for the first time. Several have one reason, so that they can
/// be shown together.
pub(crate) fn name_ways_out(cx: &Context, mut decided: Decision) -> Decision {
    for hand in ACCOUNTS {
        let of_all = of_all(cx, &decided, &hand, "");
        let news: BTreeSet<&UserId> = news(&decided.observed, &hand).collect();
        for change in &mut decided.changes {
            let person = change.key.person().filter(|id| news.contains(id)).cloned();
            if let (Some(id), Verdict::Held { by, why }) = (person, &mut change.verdict)
                && **by == *"drift"
                && releases(&hand, change.kind)
            {
                *why = with_way_out(why, &id, &hand, of_all.as_deref());
            }
        }
    }
    decided
}

/// The people of whom the ledger learns that this was done to them.
fn news<'d>(observed: &'d [LedgerUpdate], hand: &Hand) -> impl Iterator<Item = &'d UserId> {
    observed.iter().filter_map(move |update| match update {
        LedgerUpdate::Intervened(seen) if seen.hand == *hand => Some(&seen.user),
        _ => None,
    })
}

/// True for the kind of change that undoes what was done.
fn releases(hand: &Hand, kind: ChangeKind) -> bool {
    match hand {
        Hand::Disabled => kind == ChangeKind::Enable,
        Hand::Deleted => kind == ChangeKind::Create,
        Hand::Revoked(_) => kind == ChangeKind::RoleGrant,
        Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => false,
    }
}

fn with_way_out(why: &str, id: &UserId, hand: &Hand, of_all: Option<&str>) -> String {
    let what = match hand {
        Hand::Disabled => "turns it on",
        Hand::Deleted => "makes a new one",
        Hand::Revoked(_) | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => "gives it back",
    };
    match of_all {
        None => {
            format!("{why}; {} {id} {what}, and so does a later change of status, start or end", option(hand))
        }
        Some(of_all) => {
            let why = if *hand == Hand::Deleted { ALL_DELETED } else { why };
            format!("{why}; {of_all}; so does a later change of the person's status, start or end")
        }
    }
}

/// The people whose account is made again because their number was given.
pub(crate) fn made_again(cx: &Context) -> BTreeSet<UserId> {
    let by_number = cx.released.iter().filter(|(_, hand)| *hand == Hand::Deleted);
    by_number.map(|(id, _)| id.clone()).collect()
}

/// Says which numbers released nobody, and the right ones.
pub(crate) fn refused(cx: &Context, decided: &Decision) -> Vec<Notice> {
    let app = &cx.input.desired.app.id;
    let refused = |hand: &Hand| {
        let number = number(cx.input, hand)?;
        if number == 0 || cx.released.iter().any(|(_, released)| released == hand) {
            return None;
        }
        let option = option(hand);
        let (held, word) = (held_by(cx.input, decided, hand).len(), hand.to_string());
        let held_now = match held {
            0 => "no account is".to_owned(),
            held => count(held, "account is", "accounts are"),
        };
        let text = format!("{option} {app}={number} releases nobody: {held_now} held as {word} in the app");
        let kind = if held == 0 { NoticeKind::Advice } else { NoticeKind::NotReleased };
        let hint = (held > 0).then(|| format!("if all of them are meant, repeat with {option} {app}={held}"));
        Some(Notice::of_app(kind, text, hint))
    };
    ACCOUNTS.iter().filter_map(refused).collect()
}
