//! What another hand did in the app, and whether it is held (safety.md 13): an account that was disabled or deleted, a
//! privileged role that was taken away. It is released by name, or by an edit of the person's own lines that was made after
//! it was first seen.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::hash::ShortHash;
use crate::model::intervention::{Hand, Intervention};
use crate::model::ledger::{Attempt, LedgerUpdate, Link, LinkState, OpenIntent};
use crate::model::time::Ago;
use crate::model::words::{count, first_ten};
use crate::model::{RoleNo, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::answers::Past;
use crate::plan::reading::was_out;
use crate::plan::release;
use crate::resolve::{PastApp, own_life, own_lines};

/// The judgement on something that another hand did.
pub(crate) enum Judged {
    /// Released: it is given back.
    Released,
    /// Seen for the first time: the plan announces it, and the ledger remembers it.
    New,
    /// The ledger knows it, and it stands.
    Stands,
}

/// With what the ledger learns, and what the plan counts as standing.
pub(crate) fn judge(cx: &Context, user: UserNo, hand: Hand, is_said: bool) -> (Judged, Decision) {
    let id = cx.user_id(user);
    let today = today(cx, user, &hand);
    let names = names(cx, id, &hand);
    let known = known(cx, &names);
    match known {
        _ if is_said => (Judged::Released, Decision::default()),
        None => (Judged::New, first_seen(cx, user, hand)),
        Some(known) if !says(cx, known, &names, &today) && is_true(cx, known, &names) => {
            (Judged::Released, Decision::default())
        }
        Some(_) => (Judged::Stands, Decision { standing: vec![(id.clone(), hand)], ..Decision::default() }),
    }
}

/// What the ledger learns of something that it does not know yet.
pub(crate) fn first_seen(cx: &Context, user: UserNo, hand: Hand) -> Decision {
    let id = cx.user_id(user);
    if entry(cx, id, &hand).is_some() {
        return Decision::default();
    }
    let lines = lines(cx, id, &hand, &today(cx, user, &hand));
    let (user, at, commit) = (id.clone(), cx.input.resolved.at, cx.input.commit.map(Into::into));
    let seen = LedgerUpdate::Intervened(Intervention { user, hand, at, commit, lines });
    Decision { observed: vec![seen], ..Decision::default() }
}

/// What is released because the person's own lines were edited since it was seen that another hand had disabled or deleted
/// the account.
pub(crate) fn decided_since(cx: &Context, user: UserNo, hand: Hand) -> Option<LedgerUpdate> {
    let id = cx.user_id(user);
    entry(cx, id, &hand)?;
    let released = LedgerUpdate::Released { user: id.clone(), hand: hand.clone() };
    matches!(judge(cx, user, hand, false), (Judged::Released, _)).then_some(released)
}

/// What was done, under today's ids of the person and the role and under the earlier ones.
fn names(cx: &Context, id: &UserId, hand: &Hand) -> Vec<(UserId, Hand)> {
    let app = cx.input.desired.app;
    let hands: Vec<Hand> = match hand {
        Hand::Revoked(role) => match app.role_once(role) {
            Some(role) => app.roles[role.index()].ids().cloned().map(Hand::Revoked).collect(),
            None => vec![hand.clone()],
        },
        Hand::Disabled | Hand::Deleted | Hand::Remains => vec![hand.clone()],
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
        Hand::Remains => String::new(),
    }
}

/// The person's own lines at a commit; none if it does not declare the person.
fn then(past: &PastApp, id: &UserId, hand: &Hand) -> Option<String> {
    match hand {
        Hand::Disabled | Hand::Deleted => Some(past.person(id)?.life()),
        Hand::Revoked(role) => past.roles.get(role)?.lines.get(id).cloned(),
        Hand::Remains => None,
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
fn is_true(cx: &Context, known: &Intervention, names: &[(UserId, Hand)]) -> bool {
    let Some(commit) = &known.commit else { return cx.input.commit.is_none() };
    match cx.answers.past(commit) {
        Some(Past::Tree(tree)) => {
            let then = names.iter().find_map(|(id, hand)| then(tree, id, hand));
            then.is_some_and(|text| says(cx, known, names, &text))
        }
        Some(Past::Same | Past::Unknown(_)) | None => false,
    }
}

/// True if git says that the person was to have no active account when we disabled or deleted it, and nobody saw another hand do `hand`
/// since. The ledger's own word turns nothing on, and what was seen of another hand counts until it is released (safety.md 5).
pub(crate) fn is_off_by_us(cx: &Context, user: UserNo, link: &Link, hand: &Hand) -> bool {
    let id = cx.user_id(user);
    entry(cx, id, hand).is_none() && was_out::is_off_by_us(cx.differ, cx.answers, id, link)
}

/// True if an interrupted run left the account off, and nobody saw another hand do it: the run set out to turn it off, as git says,
/// or it had created it.
pub(crate) fn is_off_by_interruption(cx: &Context, id: &UserId, link: &Link) -> bool {
    if entry(cx, id, &Hand::Disabled).is_some() {
        return false;
    }
    let mut open = cx.interrupted(id).iter();
    match cx.input.commit {
        None => open.next().is_some(),
        Some(_) => open.any(|intent| {
            let is_off = |attempt: &Attempt| {
                attempt
                    .commit
                    .as_ref()
                    .is_some_and(|commit| was_out::was_out(cx.differ, cx.answers, id, commit, attempt.at))
            };
            (intent.looked_up && created(intent, link)) || intent.attempts.iter().any(is_off)
        }),
    }
}

/// True if the intent was to create this account.
fn created(intent: &OpenIntent, link: &Link) -> bool {
    let began = intent.attempts.first().map(|attempt| attempt.at);
    link.created.zip(began).is_some_and(|(created, began)| created.is_after(began))
}

/// Why an account that is off or gone counts as disabled or deleted by another hand.
pub(crate) fn why_not_ours(cx: &Context, link: Option<&Link>, was_done: &str) -> String {
    let Some((link, (since, commit))) = link.and_then(|link| Some((link, link.off_at()?))) else {
        return format!("{was_done} in the app, not by rolecall");
    };
    let since = Ago::since(since, cx.input.resolved.at);
    let because = match commit {
        None => "its entry names no commit".to_owned(),
        Some(commit) => match cx.answers.past(commit) {
            Some(Past::Unknown(why)) => why.to_string(),
            Some(Past::Tree(_) | Past::Same) | None => {
                format!("commit {commit:.12} declares an active account")
            }
        },
    };
    let what = if link.state.is_gone() { "deleted" } else { "disabled" };
    format!("that rolecall {what} this account {since} stands in the ledger alone: {because}")
}

/// True if the person had left, or had passed an end, when we disabled the account: turning it on is shown first.
pub(crate) fn had_left(cx: &Context, user: UserNo, link: &Link) -> bool {
    let Some((since, Some(commit))) = link.off_at() else { return false };
    let Some(tree) = cx.answers.tree(commit) else { return false };
    let then = cx.ids_of(cx.user_id(user)).find_map(|id| tree.person(id));
    then.is_some_and(|person| {
        person.status == crate::model::company::Status::Left || person.end.is_some_and(|end| end <= since)
    })
}

/// Shown first: an account that is turned on after it was held, or after its person had left.
pub(crate) fn turned_on(cx: &Context, user: UserNo, link: Option<&Link>, hand: &Hand, why: &str) -> Notice {
    let id = cx.user_id(user);
    let since = match link.map(|link| &link.state) {
        Some(LinkState::Disabled { since, .. }) => {
            format!(" was disabled {}, and", Ago::since(*since, cx.input.resolved.at))
        }
        Some(LinkState::Gone { since, .. }) if *hand == Hand::Disabled => {
            format!(" was deleted {}, and", Ago::since(*since, cx.input.resolved.at))
        }
        Some(LinkState::Active | LinkState::Gone { .. }) | None => String::new(),
    };
    let account = link.map_or("the account".to_owned(), |link| format!("account {}", link.remote));
    let what = match hand {
        Hand::Deleted => "was deleted in the app, and another one is made",
        Hand::Disabled | Hand::Revoked(_) | Hand::Remains => "is turned on again",
    };
    let text = format!("{account} of {id}{since} {what} because of {why}");
    let declared = &cx.input.resolved.company.users[user.index()];
    let object = crate::model::change::Object::User(id.clone());
    cx.notice_at(NoticeKind::TurnedOn, object, text, None, Some(declared.life_span))
}

/// One line for all interventions that the ledger knows and that stand.
pub(crate) fn standing(cx: &Context, decided: &Decision) -> Vec<Notice> {
    let mut kinds: BTreeMap<HandKind, Vec<&(UserId, Hand)>> = BTreeMap::new();
    for one in &decided.standing {
        let kind = match one.1 {
            Hand::Disabled => HandKind::Disabled,
            Hand::Deleted => HandKind::Deleted,
            Hand::Revoked(_) | Hand::Remains => HandKind::Revoked,
        };
        kinds.entry(kind).or_default().push(one);
    }
    kinds.into_iter().map(|(kind, all)| one_line(cx, decided, kind, &all)).collect()
}

/// What stands in one line, in the order of the lines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum HandKind {
    Disabled,
    Deleted,
    /// Roles, whichever they are.
    Revoked,
}

fn one_line(cx: &Context, decided: &Decision, kind: HandKind, all: &[&(UserId, Hand)]) -> Notice {
    let oldest = all.iter().filter_map(|(id, hand)| entry(cx, id, hand)).map(|seen| seen.at).min();
    let since =
        oldest.map(|at| format!(", first seen {}", Ago::since(at, cx.input.resolved.at))).unwrap_or_default();
    let names: Vec<String> = all
        .iter()
        .map(|(id, hand)| match hand {
            Hand::Revoked(role) => format!("{id} ({role})"),
            Hand::Disabled | Hand::Deleted | Hand::Remains => id.to_string(),
        })
        .collect();
    let names = first_ten(&names);
    let (text, hint) = match kind {
        HandKind::Disabled => (
            format!(
                "{} disabled in the app{since}: {names}",
                count(all.len(), "account stays off, because it was", "accounts stay off, because they were")
            ),
            "`--enable USER` turns one on, and so does a change of the person's status, start or end",
        ),
        HandKind::Deleted => (
            format!(
                "{} deleted in the app{since}: {names}",
                count(
                    all.len(),
                    "account is not made again, because it was",
                    "accounts are not made again, because they were"
                )
            ),
            "`--recreate USER` makes one again, and so does a change of the person's status, start or end",
        ),
        HandKind::Revoked => (
            format!(
                "{} taken away in the app{since}: {names}",
                count(
                    all.len(),
                    "privileged role is not given again, because it was",
                    "privileged roles are not given again, because they were"
                )
            ),
            "`--enable USER` gives it back, and so does a change of a line that names the person and leads to the role",
        ),
    };
    let hint = match release::of_all(cx, decided, &all[0].1, "`") {
        Some(of_all) => format!("{of_all}; so does a change of the person's status, start or end"),
        None => hint.to_owned(),
    };
    Notice::of_app(NoticeKind::Intervened, text, Some(hint))
}

/// True if the person's own lines were edited since the role was taken away in the app, and lead to it no more: if they do again
/// later, that is a grant like any other.
fn is_given_up(cx: &Context, id: &UserId, hand: &Hand) -> bool {
    let Hand::Revoked(role) = hand else { return false };
    let desired = cx.input.desired;
    let user = cx.number(cx.links().today(id));
    let role = desired.app.role_once(role);
    user.zip(role).is_some_and(|(user, role)| {
        !desired.roles[role.index()].yes.contains(user.0)
            && matches!(judge(cx, user, hand.clone(), false), (Judged::Released, _))
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
            Hand::Remains => false,
        }
    });
    known.flat_map(|entry| released(cx, entry)).collect()
}

/// What ends an entry of the ledger: under the id that it has, and under the one to which this plan moves it.
pub(super) fn released(cx: &Context, (user, hand): &(UserId, Hand)) -> impl Iterator<Item = LedgerUpdate> {
    let today = match hand {
        Hand::Revoked(role) => Hand::Revoked(cx.input.desired.app.todays_role(role).clone()),
        Hand::Disabled | Hand::Deleted | Hand::Remains => hand.clone(),
    };
    let names = BTreeSet::from([(user.clone(), hand.clone()), (cx.links().today(user).clone(), today)]);
    names.into_iter().map(|(user, hand)| LedgerUpdate::Released { user, hand })
}
