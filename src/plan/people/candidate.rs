//! The one account without a link that belongs to a person, if it is certain (safety.md 2).

use crate::model::app::ManualLink;
use crate::model::change::Object;
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
    rows.retain(|(_, remote)| cx.differ.manual.get(remote).is_none_or(|owner| owner == id));
    rows.sort();
    let Some((rank, remote)) = rows.first() else { return Match::None };
    let Some(row) = cx.differ.seen.unlinked.get(remote) else { return Match::None };
    if rows.len() > 1 {
        let list: Vec<_> = rows.iter().map(|(rank, remote)| describe_match(cx, *rank, remote)).collect();
        let text = format!("{} accounts match {id}: {}", rows.len(), list.join(", "));
        return Match::Unclear(ambiguous(cx, id, text));
    }
    let wants = |other: UserNo| {
        matches!(cx.input.desired.standing(other), Standing::In | Standing::Suspended | Standing::Unknown(_))
    };
    // Among people who are to have no account, it may belong to any person with the value.
    let is_out = !wants(user);
    let rival = row
        .candidates
        .iter()
        .filter(|other| wants(other.user) || (is_out && other.rank == *rank))
        .map(|candidate| candidate.user)
        .find(|other| *other != user && cx.links().of_user(*other).is_none());
    if let Some(rival) = rival {
        let text = format!("account {} matches both {id} and {}", row.remote, cx.user_id(rival));
        return Match::Unclear(ambiguous(cx, id, text));
    }
    Match::One(row)
}

/// Two people have the same desired value, so the wrong one could get the account.
fn shared_value(cx: &Context, id: &UserId, duplicate: Candidate) -> Notice {
    let path = cx.differ.index().path(duplicate.rank).map(ToString::to_string).unwrap_or_default();
    ambiguous(cx, id, format!("{} is to have the same {path} as {id}", cx.user_id(duplicate.user)))
}

fn by_hand<'s>(cx: &Context<'s, '_>, id: &UserId, remote: &RemoteId, span: Span) -> Match<'s> {
    if let Some(row) = cx.differ.seen.unlinked.get(remote) {
        return Match::One(row);
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
