//! What another hand did in the app, and whether it is held (safety.md 13): an account that was disabled or deleted, a
//! privileged role that was taken away. It is released by name, or by an edit of the person's own lines that was made after
//! it was first seen.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::company::Status;
use crate::model::hash::ShortHash;
use crate::model::intervention::{Hand, Intervention};
use crate::model::ledger::{Attempt, LedgerUpdate, Link, OpenIntent};
use crate::model::time::{Ago, Timestamp};
use crate::model::{RoleNo, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::NoticeKind;
use crate::plan::reading::answers::Past;
use crate::plan::reading::links::LinkNo;
use crate::plan::reading::was_out;
use crate::plan::release;
use crate::resolve::{PastApp, own_life, own_lines};

/// The judgement on something that another hand did.
pub(crate) enum Judged {
    /// Released: it is given back, because of this.
    Released(String),
    /// Seen for the first time: the plan announces it, and the ledger remembers it.
    New,
    /// The ledger knows it, and it stands.
    Stands,
}

/// With what the ledger learns, and what the plan counts as standing. A name that another app has held for longer releases only what
/// an earlier plan of this app saw: it was typed for that one.
pub(crate) fn judge(cx: &Context, user: UserNo, hand: Hand) -> (Judged, Decision) {
    let id = cx.user_id(user);
    let Some(known) = entry(cx, id, &hand) else {
        return match release::at_first_sight(cx, id, &hand) {
            Some(said) => (Judged::Released(said), Decision::default()),
            None => (Judged::New, first_seen(cx, user, hand.clone()).and(not_yet(cx, id, &hand))),
        };
    };
    if let Some(said) = release::typed(cx, id, &hand) {
        return (Judged::Released(said), Decision::default());
    }
    if is_edited(cx, user, known, &hand) {
        return (Judged::Released(an_edit(&hand).to_owned()), Decision::default());
    }
    (Judged::Stands, Decision { standing: vec![(id.clone(), hand)], ..Decision::default() })
}

/// What was seen of another hand, against an account that is to be bound.
pub(crate) enum Binding {
    /// Nothing was seen.
    Free,
    /// It is released, because of this.
    Released(String),
    /// It stands.
    Stands(Hand),
}

/// An account that takes the place of one that another hand deleted, or that is the one that another hand turned off, is no way round
/// what was seen: a line of `links:` says who is meant, and not whether (safety.md 2, 13).
pub(crate) fn against_binding(cx: &Context, user: UserNo, is_off: bool) -> Binding {
    let id = cx.user_id(user);
    let hands = [Hand::Deleted].into_iter().chain(is_off.then_some(Hand::Disabled));
    let mut released = Binding::Free;
    for hand in hands.filter(|hand| entry(cx, id, hand).is_some()) {
        let said = || release::typed(cx, id, &Hand::Disabled).filter(|_| is_off);
        released = match judge(cx, user, hand.clone()).0 {
            Judged::Released(why) => Binding::Released(why),
            Judged::New | Judged::Stands => match said() {
                Some(said) => Binding::Released(said),
                None => return Binding::Stands(hand),
            },
        };
    }
    released
}

/// Which edit releases something.
fn an_edit(hand: &Hand) -> &'static str {
    match hand {
        Hand::Disabled | Hand::Deleted | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => {
            "an edit of its person's lines"
        }
        Hand::Revoked(_) => "an edit of a line that names the person and leads to it",
    }
}

/// Says that a name releases nothing that this plan sees for the first time.
fn not_yet(cx: &Context, id: &UserId, hand: &Hand) -> Decision {
    let Some(said) = release::by_name(cx, id, hand) else { return Decision::default() };
    let what = match hand {
        Hand::Disabled | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => {
            "that the account was disabled in the app".to_owned()
        }
        Hand::Deleted => "that the account was deleted in the app".to_owned(),
        Hand::Revoked(role) => format!("that role {role} was taken away in the app"),
    };
    let text = format!("{said} releases nothing here: {what} is seen by this plan for the first time");
    let hint = format!("apply this plan, and then repeat with {said}");
    cx.notice(NoticeKind::NotReleased, id, text, Some(&hint)).into()
}

/// What the ledger learns of something that it does not know yet.
pub(crate) fn first_seen(cx: &Context, user: UserNo, hand: Hand) -> Decision {
    let (id, text) = (cx.user_id(user), today(cx, user, &hand));
    seen(cx, id, hand, &text, cx.input.commit.map(Into::into))
}

/// The same of the person of an entry, whom perhaps no file declares any more: their lines are those of the commit that did last.
/// Where none can be read, no edit releases it.
pub(crate) fn first_seen_of(cx: &Context, link: LinkNo, hand: Hand) -> Decision {
    let row = cx.row(link);
    // No line leads to a role of an app that is given up: those of the last applied commit count.
    if let Some(user) = row.number.filter(|_| cx.input.desired.app.removed.is_none()) {
        return first_seen(cx, user, hand);
    }
    let commits = (row.link.commit.as_ref(), cx.input.ledger.applied_commit());
    let lines = |tree| names(cx, &row.user, &hand).iter().find_map(|(id, hand)| then(tree, id, hand));
    match cx.answers.declared(commits, "them", lines) {
        Ok((commit, text)) => seen(cx, &row.user, hand, &text, Some(commit.into())),
        Err(_) => seen(cx, &row.user, hand, "", cx.input.commit.map(Into::into)),
    }
}

fn seen(cx: &Context, id: &UserId, hand: Hand, text: &str, commit: Option<Arc<str>>) -> Decision {
    if entry(cx, id, &hand).is_some() {
        return Decision::default();
    }
    let lines = lines(cx, id, &hand, text);
    let (user, at) = (id.clone(), cx.input.resolved.at);
    let (decided, decided_at) = (false, None);
    let seen = Intervention { user, hand, at, commit, lines, decided, decided_at };
    let seen = LedgerUpdate::Intervened(seen);
    Decision { observed: vec![seen], ..Decision::default() }
}

/// What the ledger learns if the person's own lines were edited since this was seen, and nothing can be given back yet, because the
/// person is out: that it is released stays known until the account is back, with the commit that proves it.
pub(crate) fn decided_since(cx: &Context, user: UserNo, hand: Hand) -> Option<LedgerUpdate> {
    let id = cx.user_id(user);
    let known = entry(cx, id, &hand).filter(|known| !is_decided(cx, user, known, &hand))?;
    let commit = cx.input.commit.map(Into::into);
    is_edited(cx, user, known, &hand).then(|| LedgerUpdate::Decided { user: id.clone(), hand, commit })
}

/// True if git confirms that the person's own lines were edited while the person was out: the commit that is named for it comes after
/// the one that saw what was done, and has other lines. The ledger's own word turns nothing on (safety.md 5).
fn is_decided(cx: &Context, user: UserNo, known: &Intervention, hand: &Hand) -> bool {
    if !known.decided {
        return false;
    }
    let (Some(seen), Some(commit)) = (&known.commit, &known.decided_at) else {
        return cx.input.commit.is_none();
    };
    let names = names(cx, cx.user_id(user), hand);
    let says = |commit| lines_at(cx, user, commit, &names).map(|text| says(cx, known, &names, &text));
    cx.answers.is_after(seen, commit) && says(seen) == Some(true) && says(commit) == Some(false)
}

/// True if the person's own lines were edited since this was seen.
fn is_edited(cx: &Context, user: UserNo, known: &Intervention, hand: &Hand) -> bool {
    let names = names(cx, cx.user_id(user), hand);
    let is_decided = || is_decided(cx, user, known, hand);
    (!says(cx, known, &names, &today(cx, user, hand)) && is_true(cx, user, known, &names)) || is_decided()
}

/// True if the account was turned off or deleted by another hand, and an edit of the person's own lines has released it.
pub(crate) fn is_released(cx: &Context, user: UserNo, hand: &Hand) -> bool {
    entry(cx, cx.user_id(user), hand).is_some_and(|known| is_edited(cx, user, known, hand))
}

/// What was done, under today's ids of the person and the role and under the earlier ones.
pub(super) fn names(cx: &Context, id: &UserId, hand: &Hand) -> Vec<(UserId, Hand)> {
    let app = cx.input.desired.app;
    let hands: Vec<Hand> = match hand {
        Hand::Revoked(role) => match app.role_once(role) {
            Some(role) => app.roles[role.index()].ids().cloned().map(Hand::Revoked).collect(),
            None => vec![hand.clone()],
        },
        Hand::Disabled | Hand::Deleted | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => {
            vec![hand.clone()]
        }
    };
    let of = |id: UserId| hands.iter().map(move |hand| (id.clone(), hand.clone()));
    cx.ids_of(id).cloned().flat_map(of).collect()
}

fn known<'c>(cx: &Context<'_, 'c>, names: &[(UserId, Hand)]) -> Option<&'c Intervention> {
    names.iter().find_map(|name| cx.input.ledger.interventions.get(name))
}

/// The entry of the ledger, which may still use earlier ids.
pub(crate) fn entry<'c>(cx: &Context<'_, 'c>, id: &UserId, hand: &Hand) -> Option<&'c Intervention> {
    known(cx, &names(cx, id, hand))
}

/// The person's own lines of today.
fn today(cx: &Context, user: UserNo, hand: &Hand) -> String {
    match hand {
        Hand::Disabled | Hand::Deleted => {
            let declared = &cx.input.resolved.company.users[user.index()];
            own_life(declared.status, &declared.dates)
        }
        Hand::Revoked(role) => {
            let role = cx.input.desired.app.role_once(role);
            role.map(|role| own_lines(cx.input.desired, user, role)).unwrap_or_default()
        }
        Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => String::new(),
    }
}

/// The person's own lines at a commit; none if it does not declare the person.
fn then(past: &PastApp, id: &UserId, hand: &Hand) -> Option<String> {
    match hand {
        Hand::Disabled | Hand::Deleted => Some(past.person(id)?.life()),
        Hand::Revoked(role) => past.roles.get(role)?.lines.get(id).cloned(),
        Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => None,
    }
}

fn lines(cx: &Context, id: &UserId, hand: &Hand, text: &str) -> ShortHash {
    cx.input.key.texts([id.as_str(), &hand.to_string(), text])
}

/// True if these are the lines that the entry remembers. It was written under one of these names.
fn says(cx: &Context, known: &Intervention, names: &[(UserId, Hand)], text: &str) -> bool {
    names.iter().any(|(id, hand)| lines(cx, id, hand, text) == known.lines)
}

/// True if the entry says what its commit says: an entry that was edited or copied releases nobody.
fn is_true(cx: &Context, user: UserNo, known: &Intervention, names: &[(UserId, Hand)]) -> bool {
    let Some(commit) = &known.commit else { return cx.input.commit.is_none() };
    lines_at(cx, user, commit, names).is_some_and(|text| says(cx, known, names, &text))
}

/// The person's own lines at a commit, as git says; none if that cannot be said.
fn lines_at(cx: &Context, user: UserNo, commit: &str, names: &[(UserId, Hand)]) -> Option<String> {
    let of_today = || names.first().map(|(_, hand)| today(cx, user, hand));
    match cx.answers.past(commit) {
        Some(Past::Tree(tree)) => names.iter().find_map(|(id, hand)| then(tree, id, hand)),
        Some(Past::Same) => of_today(),
        Some(Past::Unknown(_)) => None,
        None => cx.differ.is_today(commit).then(of_today)?,
    }
}

/// True if git says that the person was to have no active account when we disabled or deleted it, and nobody saw another hand do `hand`
/// since. The ledger's own word turns nothing on, and what was seen of another hand counts until it is released (safety.md 5).
pub(crate) fn is_off_by_us(cx: &Context, user: UserNo, link: &Link, hand: &Hand) -> bool {
    let id = cx.user_id(user);
    entry(cx, id, hand).is_none() && was_out::is_off_by_us(cx.differ, cx.answers, id, link)
}

/// True if an interrupted run set out to turn the account off, as git says. Whether it came to that nobody knows: it may have been killed
/// before, and another hand turned the account off since.
pub(crate) fn was_to_be_off(cx: &Context, id: &UserId, link: &Link) -> bool {
    let mut open = cx.interrupted(id).iter();
    let is_said = |attempt: &Attempt| {
        let commit = attempt.commit.as_ref();
        commit.is_some_and(|commit| {
            was_out::was_turned_off(cx.differ, cx.answers, (id, link), commit, attempt.at)
        })
    };
    match cx.input.commit {
        None => open.next().is_some(),
        Some(_) => open.any(|intent| intent.attempts.iter().any(is_said)),
    }
}

/// True if the account is off because an interrupted run created it and came no further, and nobody saw another hand turn it off.
pub(crate) fn is_left_off_at_creation(cx: &Context, id: &UserId, link: &Link) -> bool {
    let is_seen = entry(cx, id, &Hand::Disabled).is_some();
    !is_seen && cx.interrupted(id).iter().any(|intent| intent.looked_up && created(intent, link))
}

/// True if the intent was to create this account.
fn created(intent: &OpenIntent, link: &Link) -> bool {
    let began = intent.attempts.first().map(|attempt| attempt.at);
    link.created.zip(began).is_some_and(|(created, began)| created.is_after(began))
}

/// Why an account that is off or gone counts as disabled or deleted by another hand.
pub(crate) fn why_not_ours(cx: &Context, (id, link): (&UserId, Option<&Link>), was_done: &str) -> String {
    let Some((link, (since, commit))) = link.and_then(|link| Some((link, link.off_at()?))) else {
        return match cx.interrupted(id).is_empty() {
            true => format!("{was_done} in the app, not by rolecall"),
            false => format!(
                "{was_done} in the app: an interrupted run of rolecall may have set out to do it, and has no answer from the app"
            ),
        };
    };
    let (at, since) = (since, Ago::since(since, cx.input.resolved.at));
    let because = match commit {
        None => "its entry names no commit".to_owned(),
        Some(commit) => match cx.answers.past(commit) {
            Some(Past::Unknown(why)) => why.to_string(),
            Some(Past::Tree(_) | Past::Same) | None => {
                match was_out::was_out(cx.differ, cx.answers, id, commit, at) {
                    true => format!("no commit before {commit:.12} is known to declare {id}"),
                    false => format!("commit {commit:.12} declares an active account"),
                }
            }
        },
    };
    let what = if link.state.is_gone() { "deleted" } else { "disabled" };
    format!("that rolecall {what} this account {since} stands in the ledger alone: {because}")
}

/// True if the person had left, or had passed an end, when we disabled the account: turning it on is shown first.
pub(crate) fn had_left(cx: &Context, user: UserNo, link: &Link) -> bool {
    let id = cx.user_id(user);
    let had_left = |commit: Option<&Arc<str>>, since: Timestamp| {
        let tree = commit.and_then(|commit| cx.answers.tree(commit));
        let then = tree.and_then(|tree| cx.ids_of(id).find_map(|id| tree.person(id)));
        then.is_some_and(|person| person.status == Status::Left || person.end.is_some_and(|end| end <= since))
    };
    link.off_at().is_some_and(|(since, commit)| had_left(commit, since))
}

/// True if the person's own lines were edited since the role was taken away in the app, and lead to it no more: if they do again
/// later, that is a grant like any other.
fn is_given_up(cx: &Context, id: &UserId, hand: &Hand) -> bool {
    let Hand::Revoked(role) = hand else { return false };
    let desired = cx.input.desired;
    if desired.app.removed.is_some() {
        return false;
    }
    let user = cx.number(cx.links().today(id));
    let role = desired.app.role_once(role);
    user.zip(role).is_some_and(|(user, role)| {
        !desired.roles[role.index()].yes.contains(user.0) && is_released(cx, user, hand)
    })
}

/// What is over without a request: the account is on again, or the role is there again or given up.
pub(crate) fn over(cx: &Context, holds: impl Fn(&UserId, RoleNo) -> bool) -> Vec<LedgerUpdate> {
    let known = cx.input.ledger.interventions.keys().filter(|(id, hand)| {
        if is_given_up(cx, id, hand) {
            return true;
        }
        let Some(link) = cx.links().of_id(id).filter(|link| cx.is_usable(*link) && cx.is_on(*link)) else {
            return false;
        };
        match hand {
            Hand::Disabled => true,
            Hand::Deleted => !cx.row(link).is_tombstone(),
            Hand::Revoked(role) => {
                let role = cx.input.desired.app.role_once(role);
                role.is_some_and(|role| holds(id, role))
            }
            // Its own step says when it is over.
            Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => false,
        }
    });
    known.flat_map(|entry| released(cx, entry)).collect()
}

/// What ends an entry of the ledger: under the id that it has, and under the one to which this plan moves it.
pub(super) fn released(cx: &Context, (user, hand): &(UserId, Hand)) -> impl Iterator<Item = LedgerUpdate> {
    let today = match hand {
        Hand::Revoked(role) => Hand::Revoked(cx.input.desired.app.todays_role(role).clone()),
        Hand::Disabled | Hand::Deleted | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => hand.clone(),
    };
    let names = BTreeSet::from([(user.clone(), hand.clone()), (cx.links().today(user).clone(), today)]);
    names.into_iter().map(|(user, hand)| LedgerUpdate::Released { user, hand })
}
