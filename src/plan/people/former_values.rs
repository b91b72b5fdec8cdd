//! Accounts without a link that match a person only by values which another person had at the last applied commit: such a value may
//! still stand for that person (safety.md 1). The next applied commit does not say so any more, so the ledger remembers the commit that
//! does, until it is known whose the account is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::claim;
use super::hands;
use crate::model::folded::folded_value;
use crate::model::intervention::{Hand, Intervention};
use crate::model::ledger::LedgerUpdate;
use crate::model::{Path, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::answers::Past;
use crate::plan::reading::rows::UnlinkedRow;
use crate::resolve::PastApp;

/// Why a person's values prove nothing of an account, and whose they may be.
struct Doubt<'c> {
    why: String,
    of: Option<&'c UserId>,
}

/// Why the account is not adopted.
pub(super) fn refusal(cx: &Context, user: UserNo, id: &UserId, row: &UnlinkedRow) -> Option<String> {
    Some(doubt(cx, user, id, row)?.why)
}

/// Our id, or one value that was nobody else's, is enough.
fn doubt<'c>(cx: &Context<'c, '_>, user: UserNo, id: &UserId, row: &UnlinkedRow) -> Option<Doubt<'c>> {
    let shows_our_id = || row.our_id.as_deref().is_some_and(|external| claim::is_our_id(cx, id, external));
    if cx.differ.maps_our_id && shows_our_id() {
        return None;
    }
    let mut taken = None;
    for (path, value) in matching(cx, user, row) {
        let doubt = former_owner(cx, id, &path, &value)?;
        taken.get_or_insert(doubt);
    }
    taken
}

/// What is said instead of a new account: the person's account may be one that another person matches by values which were this
/// person's.
pub(super) fn instead_of_new(cx: &Context, user: UserNo, id: &UserId) -> Option<Notice> {
    let given_up = given_up(cx, user, id);
    if given_up.is_empty() {
        return None;
    }
    let mut others: Vec<&UserNo> = cx.candidates.keys().filter(|other| **other != user).collect();
    others.sort_unstable();
    let rows =
        others.into_iter().flat_map(|other| cx.candidates[other].iter().map(move |(_, row)| (*other, row)));
    let mut rows = rows.filter_map(|(other, remote)| Some((other, cx.differ.seen.unlinked.get(remote)?)));
    let (path, other, row) = rows.find_map(|(other, row)| {
        let shown = matching(cx, other, row);
        let (path, _) = shown.into_iter().find(|value| given_up.contains(value))?;
        let other = cx.user_id(other);
        let is_named = cx.differ.manual.contains_key(&row.remote);
        let is_ours = !is_named
            && doubt(cx, cx.number(other)?, other, row)?
                .of
                .is_some_and(|of| cx.ids_of(id).any(|own| own == of));
        is_ours.then_some((path, other, row))
    })?;
    let (account, name) = (&row.remote, row.name.as_deref().unwrap_or("no name"));
    let text = format!(
        "no account is created: account {account} ({name}) has the {path} that {id} had, and that is {other}'s today"
    );
    let hint =
        format!("say whose it is: `links: {{{id}: \"{account}\"}}` or `links: {{{other}: \"{account}\"}}`");
    Some(cx.notice(NoticeKind::NotAdopted, id, text, Some(&hint)))
}

/// True if the account shows a value that the person had, and that is another one's today.
pub(super) fn had_value_of(cx: &Context, id: &UserId, row: &UnlinkedRow) -> bool {
    let Some(user) = cx.number(id) else { return false };
    let given_up = given_up(cx, user, id);
    let mut others = row.candidates.iter().map(|candidate| candidate.user);
    !given_up.is_empty()
        && others.any(|other| matching(cx, other, row).iter().any(|value| given_up.contains(value)))
}

/// Values that the person had at the last applied commit, or at one that the ledger remembers for such an account, and has no more.
fn given_up(cx: &Context, user: UserNo, id: &UserId) -> BTreeSet<(Path, String)> {
    let known = cx.input.ledger.interventions.iter().filter(|((_, hand), _)| *hand == Hand::NotAdopted);
    let known = known.filter_map(|(_, seen)| cx.answers.tree(seen.commit.as_ref()?));
    let trees = cx.differ.applied_tree(cx.answers).into_iter().chain(known);
    let of_tree = |tree: &PastApp| -> Vec<(Path, String)> {
        let Some(person) = cx.ids_of(id).find_map(|id| tree.person(id)) else { return Vec::new() };
        let values = tree.paths.iter().cloned().zip(person.folded_values());
        values.filter_map(|(path, value)| Some((path, value?))).collect()
    };
    let mut given_up: BTreeSet<_> = trees.flat_map(of_tree).collect();
    if !given_up.is_empty() {
        for (path, value) in cx.input.desired.identifying(user) {
            if let Some(value) = folded_value(&value) {
                given_up.remove(&(path, value));
            }
        }
    }
    given_up
}

/// The identifying values of today that the account shows, folded.
fn matching(cx: &Context, user: UserNo, row: &UnlinkedRow) -> Vec<(Path, String)> {
    let today = cx.input.desired.identifying(user);
    let attributes = cx.differ.attributes(user);
    let shown = attributes.iter().flatten().zip(&row.values);
    let matching = shown.filter_map(|(attribute, value)| {
        let (path, wanted) = today.iter().find(|(path, _)| *path == attribute.path)?;
        let shown = folded_value(value.shown()?)?;
        (folded_value(wanted)? == shown).then(|| (path.clone(), shown))
    });
    matching.collect()
}

/// Who else had a value at the last applied commit, or at the one that the ledger remembers; nobody if the value proves the person.
fn former_owner<'c>(cx: &Context<'c, '_>, id: &UserId, path: &Path, value: &str) -> Option<Doubt<'c>> {
    let own: Vec<&UserId> = cx.ids_of(id).collect();
    let is_open = |other: &&UserId| !has_proved_link(cx, other);
    let doubt = |of: &'c UserId, when: &str| Doubt {
        why: format!("{of} had its {path} at {when}, and nothing else tells whose it is"),
        of: Some(of),
    };
    if let Some(other) = cx.owners().former_other(&own, path, value).filter(is_open) {
        return Some(doubt(other, "the last applied commit"));
    }
    let seen = hands::entry(cx, id, &Hand::NotAdopted)?;
    let commit = seen.commit.as_ref()?;
    match cx.answers.past(commit) {
        Some(Past::Tree(tree)) => {
            let other = other_owner(tree, &own, path, value).filter(is_open)?;
            Some(doubt(other, &format!("commit {commit:.12}")))
        }
        Some(Past::Unknown(unknown)) => {
            let why = format!("its {path} may have been another person's at commit {commit:.12}: {unknown}");
            Some(Doubt { why, of: None })
        }
        Some(Past::Same) | None => None,
    }
}

/// Another person who had this value at a commit, if none of these ids had it.
fn other_owner<'t>(tree: &'t PastApp, own: &[&UserId], path: &Path, value: &str) -> Option<&'t UserId> {
    let column = tree.paths.iter().position(|known| known == path)?;
    let had = |id: &UserId| {
        let values = tree.person(id).map(|person| person.folded_values().nth(column).flatten());
        values.flatten().is_some_and(|had| had == value)
    };
    match own.iter().any(|id| had(id)) {
        true => None,
        false => tree.people().iter().map(|person| &person.id).find(|id| had(id)),
    }
}

/// True if a person has another account, which is proved to be theirs.
fn has_proved_link(cx: &Context, id: &UserId) -> bool {
    let link = cx.links().of_id(cx.links().today(id));
    link.is_some_and(|link| cx.seen(link).is_some() && cx.is_verified(link))
}

/// What the ledger learns: the commit that says whose value it was, and what is over.
pub(crate) fn remember(cx: &Context, decided: &Decision) -> Decision {
    let adopted: BTreeSet<UserNo> = decided.adopted.iter().map(|(user, _)| *user).collect();
    let mut open: BTreeSet<UserId> = BTreeSet::new();
    for (user, rows) in &cx.candidates {
        let id = cx.user_id(*user);
        let rows = rows.iter().filter_map(|(_, remote)| cx.differ.seen.unlinked.get(remote));
        if !adopted.contains(user) && rows.clone().any(|row| refusal(cx, *user, id, row).is_some()) {
            open.insert(id.clone());
        }
    }
    let commit: Option<&Arc<str>> = cx.differ.applied_commit();
    let is_known = |id: &&UserId| hands::entry(cx, id, &Hand::NotAdopted).is_some();
    let news = open.iter().filter(|id| !is_known(id)).map(|id| {
        LedgerUpdate::Intervened(Intervention {
            user: id.clone(),
            hand: Hand::NotAdopted,
            at: cx.input.resolved.at,
            commit: commit.cloned(),
            lines: cx.input.key.texts([id.as_str(), &Hand::NotAdopted.to_string(), ""]),
            decided: false,
            decided_at: None,
        })
    });
    let known = cx.input.ledger.interventions.keys().filter(|(_, hand)| *hand == Hand::NotAdopted);
    // Absence from a short list ends nothing.
    let is_over = |id: &UserId| {
        let today = cx.links().today(id);
        let is_bound =
            cx.number(today).is_some_and(|user| adopted.contains(&user)) || has_proved_link(cx, today);
        is_bound || (!open.contains(today) && cx.differ.short.users.is_none())
    };
    let over = known.filter(|(id, _)| is_over(id)).flat_map(|entry| hands::released(cx, entry));
    Decision { observed: news.chain(over).collect(), ..Decision::default() }
}
