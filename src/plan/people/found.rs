//! The findings about a person's account, and whether it may be written.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::standing::is_leaver;
use crate::model::change::Object;
use crate::model::ledger::LinkState;
use crate::model::remote::{Kind, Presence};
use crate::model::seen::Activity;
use crate::model::{UserId, UserNo};
use crate::plan::command;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, LinkUpdate, Move};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::identity::Unproved;
use crate::plan::reading::links::LinkNo;
use crate::plan::reading::rows::UnlinkedRow;
use crate::plan::reading::was_out;
use crate::resolve::Standing;

pub(crate) enum Found {
    /// The linked account was seen.
    Linked(LinkNo),
    /// The linked account is proven gone.
    Vanished(LinkNo),
    /// An earlier apply recorded the account as gone, and it has not come back.
    Tombstone(LinkNo),
    /// The linked account was not listed, and the app does not say whether it is there.
    Unclear { link: LinkNo, why: String },
    /// The listing is short, and the account was not asked for.
    Unlisted,
    /// There is no link.
    Nothing,
}

pub(crate) fn found(cx: &Context, link: LinkNo) -> Found {
    let entry = cx.row(link);
    if let Some(seen) = cx.seen(link) {
        // Some apps go on listing a deleted account, without its values. It is still gone if it has none of the values that
        // would verify it.
        return match entry.is_tombstone() && !cx.is_verified(link) && !seen.protected {
            true => Found::Tombstone(link),
            false => Found::Linked(link),
        };
    }
    let is_short = cx.differ.short.users.is_some();
    if entry.is_tombstone()
        && !(is_short && was_out::is_out(cx.differ, entry) && is_on_but_for_word(cx, link))
    {
        return Found::Tombstone(link);
    }
    match cx.answers.get(Kind::User, &entry.link.remote) {
        Some(Presence::Gone(_)) if entry.is_tombstone() => Found::Tombstone(link),
        Some(Presence::Gone(_)) => Found::Vanished(link),
        Some(Presence::Unknown { why }) => Found::Unclear { link, why: why.to_string() },
        // An account that the app says is there has been seen: `Differ::finish` takes it in like one of a page.
        Some(Presence::Here(_)) | None if is_short => Found::Unlisted,
        Some(Presence::Here(_)) | None => Found::Unclear { link, why: "the app was not asked".to_owned() },
    }
}

/// Nothing changes for a person whose account a short listing did not show; one notice names them all.
pub(crate) fn unlisted(id: &UserId) -> Decision {
    Decision { frozen: vec![id.clone()], unlisted: vec![id.clone()], ..Decision::default() }
}

/// A person who is to have no access, and whose account a short listing did not show (safety.md 1).
pub(crate) fn keeps_unlisted(cx: &Context, link: LinkNo, id: &UserId) -> Decision {
    let entry = cx.link(link);
    if !is_on_but_for_word(cx, link) {
        return unlisted(id);
    }
    let text = format!("may still have access: account {} was not listed, and is left alone", entry.remote);
    let hint = "plan again, or turn the account off in the app by hand";
    Decision::freeze(id, cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)))
}

pub(crate) fn unclear(cx: &Context, link: LinkNo, id: &UserId, why: &str) -> Decision {
    let text = format!("cannot tell whether account {} is still there: {why}", cx.link(link).remote);
    let hint = "nothing changes for this person until the app shows whether it is there";
    freeze(cx, id, cx.notice(NoticeKind::Undecided, id, text, Some(hint)))
}

/// Nothing changes for a person. If the person is to have no account and may have one that is on, that is access that stays,
/// and comes first (safety.md 1).
pub(crate) fn freeze(cx: &Context, id: &UserId, mut notice: Notice) -> Decision {
    if notice.kind != NoticeKind::Contested && may_keep_access(cx, id) {
        notice.kind = NoticeKind::StillHasAccess;
        notice.text = format!("may still have access, and nothing is taken: {}", notice.text);
    }
    Decision::freeze(id, notice)
}

fn may_keep_access(cx: &Context, id: &UserId) -> bool {
    match cx.links().of_id(id) {
        Some(link) if cx.seen(link).is_some() => loses(cx, cx.row(link).number) && cx.is_on(link),
        Some(link) => loses(cx, cx.row(link).number) && is_on_but_for_word(cx, link),
        None => cx.number(id).is_some_and(|user| {
            is_leaver(cx, user, &cx.input.desired.standing(user)) && live_match(cx, user).is_some()
        }),
    }
}

/// Of an account that was not seen, of a person who is out: true unless we turned it off, and git says so, too (safety.md 5).
fn is_on_but_for_word(cx: &Context, link: LinkNo) -> bool {
    !was_out::was_off_before(cx.differ, cx.answers, link)
}

/// An account without a link that matches the person, and that is not known to be off.
pub(super) fn live_match<'s>(cx: &Context<'s, '_>, user: UserNo) -> Option<&'s UnlinkedRow> {
    let matching = cx.candidates.get(&user).into_iter().flatten();
    let mut rows = matching.filter_map(|(_, remote)| cx.differ.seen.unlinked.get(remote));
    rows.find(|row| cx.activity(row) != Activity::Off)
}

/// A leaver who has another account than the one of the ledger's entry: it matches, and is on (safety.md 1, 2).
pub(crate) fn beside_own_entry(cx: &Context) -> Decision {
    let notice = |user: UserNo| {
        let (link, id) = (cx.links().of_user(user)?, cx.user_id(user));
        let is_out = is_leaver(cx, user, &cx.input.desired.standing(user));
        let row = live_match(cx, user).filter(|row| is_out && row.candidates.len() == 1 && !row.protected)?;
        let name = row.name.as_deref().unwrap_or("no name");
        let deleted = if cx.row(link).is_tombstone() { ", which is deleted" } else { "" };
        let text = format!(
            "account {} ({name}) is active and matches; the ledger has account {} for {id}{deleted}",
            row.remote,
            cx.link(link).remote
        );
        let unlink = command::unlink(&cx.input.desired.app.id, cx.row(link).kept_under());
        let hint = format!("disable it in the app by hand; if the entry is wrong, {unlink}");
        Some(cx.notice(NoticeKind::StillHasAccess, id, text, Some(&hint)))
    };
    // Few people match an account without a link.
    let matched: BTreeSet<UserNo> = cx.candidates.keys().copied().collect();
    Decision { notices: matched.into_iter().filter_map(notice).collect(), ..Decision::default() }
}

/// `None` if the linked account may be written. Else the decision to make instead: a protected account is only referred
/// to, an account that looks like another person's freezes the person, and nothing is decided for an account that was
/// not seen.
pub(crate) fn unusable(cx: &Context, link: LinkNo, id: &UserId) -> Option<Decision> {
    let remote = &cx.link(link).remote;
    let Some(seen) = cx.seen(link) else { return Some(Decision::default()) };
    if seen.protected {
        // It can still be referred to.
        let owner = cx.row(link).number;
        return Some(owner.map_or_else(Decision::default, |user| Decision::account(user, remote)));
    }
    let app = &cx.input.desired.app.id;
    let unlink = || command::unlink(app, cx.row(link).kept_under());
    let mut unproved = Vec::new();
    let (why, hint) = match cx.differ.unproved.get(&link)? {
        Unproved::Conflict { why, .. } => (
            why.clone(),
            format!("if it is the right account, correct its values in the app; if not, {}", unlink()),
        ),
        Unproved::OtherPerson(why) => (
            why.clone(),
            format!(
                "`links: {{{id}: \"{remote}\"}}` says that {id} is the same person, and {} that it is another one",
                unlink()
            ),
        ),
        // Why, and what proves the entry, is said once for all entries.
        Unproved::Undeclared(why) => {
            unproved.push((why.clone(), Object::User(id.clone())));
            (format!("is {id}'s by the ledger alone"), format!("if the entry is wrong, {}", unlink()))
        }
    };
    let name = seen.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let ours = cx.row(link).number.map(|user| matching_words(cx, user)).unwrap_or_default();
    let text = format!("account {remote}{name} {why}{ours}");
    let frozen = freeze(cx, id, cx.notice(NoticeKind::LinkConflict, id, text, Some(&hint)));
    Some(Decision { unproved, ..frozen })
}

/// True for a person who is to have no active account.
pub(super) fn loses(cx: &Context, user: Option<UserNo>) -> bool {
    let out = |user| matches!(cx.input.desired.standing(user), Standing::Out(_) | Standing::Suspended);
    user.is_none_or(out)
}

/// People who are to have no access, and whose account stands below the entry of another person: it is not taken from them,
/// and the conflict of the other one does not name them (safety.md 1).
pub(crate) fn below_another_entry(cx: &Context) -> Decision {
    let conflicts = cx.differ.unproved.iter().filter(|(link, _)| cx.is_on(**link));
    let others = conflicts.flat_map(|(link, why)| match why {
        Unproved::Conflict { of, .. } => of.iter().map(|of| (link, of)).collect(),
        Unproved::OtherPerson(_) | Unproved::Undeclared(_) => Vec::new(),
    });
    let notices = others.filter_map(|(link, of)| {
        let id = cx.links().today(of);
        let row = cx.row(*link);
        if !loses(cx, cx.number(id)) {
            return None;
        }
        let name = cx.seen(*link).and_then(|seen| seen.name.as_ref());
        let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
        let text = format!(
            "may still have access: account {}{name} shows itself to be {id}'s, and the ledger has it for {}",
            row.link.remote, row.user
        );
        let unlink = command::unlink(&cx.input.desired.app.id, row.kept_under());
        let hint = format!("disable it in the app if it is; {unlink} drops a wrong entry");
        Some(cx.notice(NoticeKind::StillHasAccess, id, text, Some(&hint)))
    });
    notices.map(Decision::from).collect()
}

/// ` (login ada@acme.example)`: our side of a conflict.
fn matching_words(cx: &Context, user: UserNo) -> String {
    let sensitive = cx.input.desired.sensitive_paths();
    let matching = cx.input.desired.matching(user);
    let shown = matching.iter().filter(|(path, _)| !sensitive.contains(path.key()));
    let words: Vec<_> = shown.map(|(path, value)| format!("{path} {value}")).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

/// The move of a ledger entry that is still kept under an earlier id.
pub(crate) fn moved(cx: &Context, link: LinkNo, id: &UserId) -> Decision {
    let Some(from) = cx.row(link).moved_from.clone() else {
        return Decision::default();
    };
    let known = cx.link(link);
    let moved = Move { from, to: id.clone(), remote: known.remote.clone() };
    let decision = Decision { moves: vec![moved], ..Decision::default() };
    let Some(commit) = cx.input.commit.map(Arc::<str>::from) else { return decision };
    // The commit of the entry declares the earlier id only: from now on this one is the proof (safety.md 1). So it is of an account
    // that we turned off, if its person is out here, too (safety.md 5).
    let is_ours = known.off_at().is_some() && was_out::is_off_by_us(cx.differ, cx.answers, id, known);
    let is_off = is_ours && loses(cx, cx.row(link).number);
    let state = match &known.state {
        LinkState::Disabled { since, .. } if is_off => {
            let commit = Some(commit.clone());
            Some(LinkUpdate::State(LinkState::Disabled { since: *since, commit }))
        }
        LinkState::Gone { since, .. } if is_off => {
            Some(LinkUpdate::Gone { since: *since, commit: Some(commit.clone()) })
        }
        _ if is_ours => return decision,
        LinkState::Active | LinkState::Disabled { .. } | LinkState::Gone { .. } => None,
    };
    let updates = state.into_iter().chain([LinkUpdate::Commit(commit)]);
    Decision { link_updates: updates.map(|update| (id.clone(), update)).collect(), ..decision }
}
