//! The one account without a link that belongs to a person, if it is certain (safety.md 2).

use super::standing::is_leaver;
use super::{collision, former_values};
use crate::model::app::ManualLink;
use crate::model::change::Object;
use crate::model::seen::Activity;
use crate::model::{RemoteId, Span, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::matching::Candidate;
use crate::plan::reading::rows::UnlinkedRow;
use crate::resolve::Standing;

pub(crate) enum Match<'s> {
    One(&'s UnlinkedRow),
    None,
    /// It is not certain, and the notice says why. Nothing changes for the person.
    Unclear(Notice),
}

pub(crate) fn candidate<'s>(cx: &Context<'s, '_>, user: UserNo, id: &UserId) -> Match<'s> {
    if let Some(ManualLink::To { remote, span }) = cx.input.desired.app.links.get(id) {
        return by_hand(cx, id, remote, *span);
    }
    if let Some(duplicate) = cx.differ.index().duplicate(user) {
        return Match::Unclear(shared_value(cx, id, duplicate));
    }
    let mut rows: Vec<_> = cx.candidates.get(&user).into_iter().flatten().collect();
    if let Some(notice) = named_for_another(cx, user, id, &rows) {
        return Match::Unclear(notice);
    }
    rows.retain(|(_, remote)| cx.differ.manual.get(remote).is_none_or(|owner| owner == id));
    rows.sort();
    let Some((rank, remote)) = rows.first() else { return Match::None };
    let Some(row) = cx.differ.seen.unlinked.get(remote) else { return Match::None };
    if rows.len() > 1 {
        let list: Vec<_> = rows.iter().map(|(rank, remote)| describe_match(cx, *rank, remote)).collect();
        let text = format!("{} accounts match {id}: {}", rows.len(), list.join(", "));
        return Match::Unclear(ambiguous(cx, id, text));
    }
    let is_out = is_out(cx, user);
    let others = row.candidates.iter().filter(|other| other.user != user && is_free(cx, other.user));
    // Among people who are to have no account, it may belong to any person with the value.
    let is_rival = |other: &&Candidate| !self::is_out(cx, other.user) || (is_out && other.rank == *rank);
    let rival = others.clone().find(is_rival);
    if is_out && others.clone().any(|other| carries_our_id(cx, other.user, cx.user_id(other.user), row)) {
        // The account says that it is another person's.
        return Match::None;
    }
    let contest = others.clone().find(|other| self::is_out(cx, other.user) != is_out);
    if let Some(other) = contest.filter(|_| !carries_our_id(cx, user, id, row)) {
        return Match::Unclear(contested(cx, user, other.user, row));
    }
    if let Some(rival) = rival {
        let text = format!("account {} matches both {id} and {}", row.remote, cx.user_id(rival.user));
        return Match::Unclear(ambiguous(cx, id, text));
    }
    Match::One(row)
}

/// An account that `links:` gives to another person, and that matches somebody who is out: it may be theirs still (safety.md 1, 2).
fn named_for_another(cx: &Context, user: UserNo, id: &UserId, rows: &[&(usize, RemoteId)]) -> Option<Notice> {
    if !is_leaver(cx, user, &cx.input.desired.standing(user)) {
        return None;
    }
    rows.iter().find_map(|(rank, remote)| {
        let owner = cx.differ.manual.get(remote).filter(|owner| *owner != id)?;
        let row = cx.differ.seen.unlinked.get(remote).filter(|row| cx.activity(row) != Activity::Off)?;
        let name = row.name.as_deref().unwrap_or("no name");
        let path = cx.differ.index().path(*rank).map(ToString::to_string).unwrap_or_default();
        let text =
            format!("account {remote} ({name}) is active and has the {path} of {id}, and `links:` names it for {owner}");
        let hint = format!(
            "if it is {id}'s, take {owner} out of `links:`; if it is {owner}'s, give the account another {path} in the app"
        );
        Some(cx.notice(NoticeKind::StillHasAccess, id, text, Some(&hint)))
    })
}

/// True for a person who is to have no account here.
fn is_out(cx: &Context, user: UserNo) -> bool {
    matches!(cx.input.desired.standing(user), Standing::Out(_) | Standing::Ignored | Standing::Suspended)
}

/// True for a person without an account of their own here.
fn is_free(cx: &Context, user: UserNo) -> bool {
    cx.links().of_user(user).is_none_or(|link| cx.row(link).is_tombstone())
}

/// True if the account carries the id of this person.
fn carries(cx: &Context, id: &UserId, row: &UnlinkedRow) -> bool {
    cx.number(id).is_some_and(|user| carries_our_id(cx, user, id, row))
}

/// True if the account itself says whose it is.
fn carries_our_id(cx: &Context, user: UserNo, id: &UserId, row: &UnlinkedRow) -> bool {
    let ours = cx.input.desired.our_id(user);
    let shown = row.our_id.as_deref().filter(|_| cx.differ.maps_our_id);
    shown.is_some_and(|shown| ours.as_deref() == Some(shown) || (ours.is_none() && shown == id.as_str()))
}

/// An account that matches a person who is out and another who is in: it may be either's, and nothing is done (safety.md 2).
fn contested(cx: &Context, user: UserNo, other: UserNo, row: &UnlinkedRow) -> Notice {
    let (inside, outside) = if is_out(cx, user) { (other, user) } else { (user, other) };
    let (inside, outside) = (cx.user_id(inside), cx.user_id(outside));
    let name = row.name.as_deref().unwrap_or("no name");
    let text = format!(
        "account {} ({name}) matches {inside}, who is to have an account, and {outside}, who is not: nothing is done, and {outside} may still have access",
        row.remote
    );
    let hint = format!(
        "{}; if it is {inside}'s, `links: {{{inside}: \"{}\"}}`; if it is {outside}'s, give {inside} another login in the app or another address",
        collision::if_one_person(cx, inside, outside),
        row.remote
    );
    cx.notice(NoticeKind::Contested, inside, text, Some(&hint))
}

/// Two people have the same desired value, so the wrong one could get the account.
fn shared_value(cx: &Context, id: &UserId, duplicate: Candidate) -> Notice {
    let path = cx.differ.index().path(duplicate.rank).map(ToString::to_string).unwrap_or_default();
    ambiguous(cx, id, format!("{} is to have the same {path} as {id}", cx.user_id(duplicate.user)))
}

fn by_hand<'s>(cx: &Context<'s, '_>, id: &UserId, remote: &RemoteId, span: Span) -> Match<'s> {
    if let Some(row) = cx.differ.seen.unlinked.get(remote) {
        // The line says who is meant, and not whether: an account with another person's values alone is not theirs.
        let is_own = row.candidates.iter().any(|candidate| Some(candidate.user) == cx.number(id));
        let is_own = is_own || carries(cx, id, row) || former_values::had_value_of(cx, id, row);
        let other = row.candidates.first().filter(|_| !is_own);
        return match other {
            None => Match::One(row),
            Some(other) => {
                let path = cx.differ.index().path(other.rank).map(ToString::to_string).unwrap_or_default();
                let text = format!(
                    "`links:` names account {remote}, which has the {path} of {}",
                    cx.user_id(other.user)
                );
                let hint =
                    "correct the entry below `links:`, or give the account the right values in the app";
                let object = Object::User(id.clone());
                Match::Unclear(cx.notice_at(NoticeKind::LinkConflict, object, text, Some(hint), Some(span)))
            }
        };
    }
    let text = match cx.links().of_remote(remote.as_str()) {
        Some(other) => format!("`links:` names account {remote}, which belongs to {}", cx.row(other).user),
        None => format!("`links:` names account {remote}, which is not in the app"),
    };
    let hint = "correct the entry below `links:`";
    let notice = cx.notice_at(NoticeKind::NotAdopted, Object::User(id.clone()), text, Some(hint), Some(span));
    Match::Unclear(notice)
}

fn describe_match(cx: &Context, rank: usize, remote: &RemoteId) -> String {
    let by = cx.differ.index().path(rank).map(|path| format!(" by {path}")).unwrap_or_default();
    format!("{remote}{by}")
}

fn ambiguous(cx: &Context, id: &UserId, text: String) -> Notice {
    let hint = "decide by hand below `links:`, or put the values in the app right";
    cx.notice(NoticeKind::Ambiguous, id, text, Some(hint))
}
