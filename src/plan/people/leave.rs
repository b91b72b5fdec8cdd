//! Losing the account: declared leaving, absence (safety.md 12, 16).

use super::standing::{is_leaver, why_suspended};
use super::{hands, lapse};
use crate::model::app::Deprovision;
use std::time::Duration;

use crate::model::change::{Cause, Change, ChangeKind, Facet, Phase, Reason};
use crate::model::fact::Fact;
use crate::model::intervention::Hand;
use crate::model::ledger::{LinkState, Origin};
use crate::model::seen::Activity;
use crate::model::time::{self, Ago, Timestamp};
use crate::model::{UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, LinkUpdate};
use crate::plan::notice::NoticeKind;
use crate::plan::reading::links::LinkNo;
use crate::plan::reading::was_out;
use crate::plan::roles::{self, Holder};
use crate::resolve::{OutReason, Standing};

/// A person who is to have no active account.
pub(crate) struct Leaving<'r> {
    pub id: &'r UserId,
    pub link: LinkNo,
    pub cause: Cause,
    pub reasons: Vec<Reason>,
    /// Left or absent: the account may be deleted in time. Leaving the scope never deletes.
    pub may_delete: bool,
    /// The declared end.
    pub ended: Option<Timestamp>,
}

/// Takes the account of a declared person who has no access any more.
pub(crate) fn take_away_declared(
    cx: &Context,
    user: UserNo,
    id: &UserId,
    link: LinkNo,
    out: OutReason,
) -> Decision {
    let out = lapse::today(cx, user, out);
    let (cause, reasons) = why(cx, user, out);
    let may_delete = matches!(out, OutReason::Left | OutReason::Ended);
    let ended = cx.input.ended(user, out);
    take_away(cx, Leaving { id, link, cause, reasons, may_delete, ended })
}

/// Why a declared person loses the account.
pub(super) fn why(cx: &Context, user: UserNo, out: OutReason) -> (Cause, Vec<Reason>) {
    match out {
        OutReason::Left => (Cause::Left, cx.input.why_out(user, out)),
        OutReason::Ended => (Cause::Expiry, cx.input.why_out(user, out)),
        _ if is_leaver(cx, user, &Standing::Out(out)) => (Cause::Left, why_suspended(cx, user)),
        OutReason::Lapsed => (Cause::Expiry, cx.input.why_out(user, out)),
        OutReason::NotYet | OutReason::Filtered | OutReason::NotEntitled => {
            (Cause::Config, cx.input.why_out(user, out))
        }
        OutReason::NotAssigned | OutReason::AppGivenUp => (Cause::Config, cx.input.why_out(user, out)),
    }
}

/// Turns off the account of a person who is suspended. It is never deleted (safety.md 16).
pub(super) fn suspend(cx: &Context, user: UserNo, id: &UserId, link: LinkNo) -> Decision {
    let (cause, reasons) = (Cause::Left, why_suspended(cx, user));
    let leaving = Leaving { id, link, cause, reasons, may_delete: false, ended: None };
    on_again(cx, &leaving).and(disable(cx, link, id, cause, leaving.reasons, None))
}

pub(crate) fn take_away(cx: &Context, leaving: Leaving) -> Decision {
    let policy = &cx.input.desired.app.users;
    let active = cx.is_on(leaving.link);
    if policy.deprovision.is_keep() || !policy.actions.deprovision {
        return if active { keeps_account(cx, &leaving) } else { Decision::default() };
    }
    if let (true, false, Deprovision::Delete { after }) =
        (active, cx.input.capabilities.disable_users, policy.deprovision)
    {
        return delete_instead(cx, leaving, after);
    }
    if active {
        let again = on_again(cx, &leaving);
        return again.and(disable(
            cx,
            leaving.link,
            leaving.id,
            leaving.cause,
            leaving.reasons,
            leaving.ended,
        ));
    }
    found_disabled(cx, leaving.link, leaving.id).and(delete_when_due(cx, leaving, policy.deprovision))
}

/// An account that we had disabled, or that was deleted, and that is on: it comes first, because another hand turned it on or the
/// app did not keep it so (safety.md 13).
pub(super) fn on_again(cx: &Context, leaving: &Leaving) -> Decision {
    let (known, is_shown) = (cx.link(leaving.link), cx.shown_activity(leaving.link) == Some(Activity::On));
    let Some((since, _)) = known.off_at().filter(|_| is_shown) else { return Decision::default() };
    let (remote, since) = (&known.remote, Ago::since(since, cx.input.resolved.at));
    let ask = "ask who turned it on; if nobody did, the app does not keep it: disable it in the app by hand";
    let (text, hint) = if !was_out::is_off_by_us(cx.differ, cx.answers, leaving.id, known) {
        let why = hands::why_not_ours(cx, (leaving.id, Some(known)), "it was on");
        (format!("account {remote} is on, and {why}"), "ask who wrote that entry of the ledger")
    } else if known.state.is_gone() {
        (format!("account {remote} was deleted {since}, and it is on again"), ask)
    } else if known.unconfirmed {
        // No read has shown it off since.
        let again = "it is disabled once more; if it stays active, disable it in the app by hand";
        (format!("the app took the disabling of account {remote} {since} and did not keep it"), again)
    } else {
        (format!("rolecall disabled account {remote} {since}, and it is on again"), ask)
    };
    cx.notice(NoticeKind::OnAgain, leaving.id, text, Some(hint)).into()
}

/// The account stays by configuration.
fn keeps_account(cx: &Context, leaving: &Leaving) -> Decision {
    let stays = said_to_stay(cx, leaving);
    loses_roles(cx, leaving, stays)
}

/// The account of a person who is to have none stays on: roles that are not declared any more are taken from it.
fn loses_roles(cx: &Context, leaving: &Leaving, stays: Decision) -> Decision {
    let findings = cx.seen(leaving.link).and_then(|seen| seen.findings.as_deref());
    let roles = findings.and_then(|findings| findings.roles.as_ref());
    let Some(user) = cx.row(leaving.link).number else { return stays };
    let known = cx.link(leaving.link);
    let holder = Holder { user, id: leaving.id, remote: &known.remote, link: Some(known) };
    let Some(roles) = roles else {
        let unread = findings.and_then(|findings| findings.unread_roles.as_ref());
        return match unread {
            Some(why) => stays.and(roles::unread(cx, &holder, why)),
            None => stays,
        };
    };
    let mut taken = roles::decide(cx, &holder, roles);
    if leaving.cause.is_declared() {
        for change in &mut taken.changes {
            (change.cause, change.phase) = (leaving.cause, Phase::Leave);
            change.reasons.clone_from(&leaving.reasons);
        }
    }
    stays.and(Decision::account(user, &known.remote)).and(taken)
}

fn said_to_stay(cx: &Context, leaving: &Leaving) -> Decision {
    let id = leaving.id;
    let deprovision = cx.input.desired.app.users.deprovision;
    let by_policy = deprovision == Deprovision::Keep { said: true };
    // What nobody wrote down as a decision about leavers stops their removal (safety.md 1).
    let (kind, hint) = match deprovision {
        Deprovision::Keep { said: true } => (NoticeKind::Overdue, "`users.deprovision: keep` says so"),
        Deprovision::Keep { said: false } => (NoticeKind::StillHasAccess, by_hand(cx)),
        Deprovision::Disable | Deprovision::Delete { .. } => {
            let hint =
                "`users.actions` has no `deprovision`: add it, or turn the account off in the app by hand";
            (NoticeKind::StillHasAccess, hint)
        }
    };
    if let Some(ended) = leaving.ended {
        let since = Ago::ended(ended, cx.input.resolved.at);
        let text = format!("ended {since}, and still has an active account");
        cx.notice(kind, id, text, Some(hint)).into()
    } else if leaving.cause == Cause::Left {
        let text = "is declared to have no access, and still has an active account".to_owned();
        cx.notice(kind, id, text, Some(hint)).into()
    } else if by_policy {
        Decision { kept: vec![id.clone()], ..Decision::default() }
    } else if cx.row(leaving.link).number.is_none() {
        let text = "is not declared any more, and still has an active account".to_owned();
        cx.notice(kind, id, text, Some(hint)).into()
    } else if deprovision.is_keep() {
        let text = "is to have no account here any more, and still has an active one".to_owned();
        cx.notice(kind, id, text, Some(hint)).into()
    } else {
        Decision::forbid("disable", "add `deprovision` to `users.actions` if it should", id)
    }
}

/// What to do about an account of an app that cannot turn accounts off (safety.md 16).
pub(super) fn by_hand(cx: &Context) -> &'static str {
    match cx.input.capabilities.delete_users {
        true => {
            "this app cannot turn accounts off: `users: {deprovision: delete}` deletes the accounts of leavers, and `users: {deprovision: keep}` says that they stay"
        }
        false => {
            "this app cannot turn accounts off: take the access away in the app by hand; `users: {deprovision: keep}` says that it stays"
        }
    }
}

/// In an app that cannot turn accounts off, the delete is the loss itself: at once for declared leavers, and after `delete_after` for
/// people whom no file declares any more. Who is out of the scope only is never deleted (safety.md 16).
fn delete_instead(cx: &Context, leaving: Leaving, after: Duration) -> Decision {
    let (id, known, at) = (leaving.id, cx.link(leaving.link), cx.input.resolved.at);
    let stays = |text: String, hint: &str| -> Decision {
        loses_roles(cx, &leaving, cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)).into())
    };
    if !leaving.may_delete {
        let text = "is to have no account here any more, and this app cannot turn accounts off".to_owned();
        let hint =
            "take the access away in the app by hand; only accounts of people who have left are deleted";
        return stays(text, hint);
    }
    if !cx.input.capabilities.delete_users {
        let text =
            "has an active account, and this app can neither turn accounts off nor delete them".to_owned();
        return stays(text, "take the access away in the app by hand");
    }
    if known.origin == Origin::Adopted && !cx.input.desired.app.delete_adopted {
        let text = "has an active account, which rolecall did not create and so does not delete".to_owned();
        return stays(text, "`delete_adopted: true` lets it; or take the access away in the app by hand");
    }
    if !leaving.cause.is_declared() {
        let due = hands::entry(cx, id, &Hand::Remains).map(|seen| time::later(seen.at, after));
        if due.is_none_or(|due| due > at) {
            let due = due.unwrap_or_else(|| time::later(at, after));
            let text = format!(
                "is not declared any more, and still has an active account: it is deleted from {} on",
                due.strftime("%Y-%m-%d %H:%M UTC")
            );
            return stays(
                text,
                "`status: left` deletes it with the next apply; a file that was lost by mistake can come back until then",
            );
        }
    }
    let mut change = cx.change(id, Facet::Life, ChangeKind::Delete, leaving.cause);
    change.remote = Some(known.remote.clone());
    change.reasons = leaving.reasons;
    if leaving.cause.is_declared() {
        change.phase = Phase::Leave;
    }
    lost(cx, id, change, leaving.ended)
}

fn delete_when_due(cx: &Context, leaving: Leaving, deprovision: Deprovision) -> Decision {
    let known = cx.link(leaving.link);
    let (LinkState::Disabled { since, .. }, Deprovision::Delete { after }) = (&known.state, deprovision)
    else {
        return Decision::default();
    };
    let owned = known.origin == Origin::Created || cx.input.desired.app.delete_adopted;
    if !leaving.may_delete || !owned || !known.is_disabled_for(after, cx.input.resolved.at) {
        return Decision::default();
    }
    if !cx.input.capabilities.delete_users {
        let text = "the account is due for deletion, and this app cannot delete accounts".to_owned();
        let hint = "delete it in the app by hand, or set `users.deprovision: disable`";
        return cx.notice(NoticeKind::NotPossible, leaving.id, text, Some(hint)).into();
    }
    let mut change = cx.change(leaving.id, Facet::Life, ChangeKind::Delete, leaving.cause);
    change.remote = Some(known.remote.clone());
    change.reasons = leaving.reasons;
    let disabled = Ago::since(*since, cx.input.resolved.at);
    change.reasons.push(Fact::DeletionDue { disabled }.into());
    change.new.text = cx.input.desired.definition.deletion.told();
    cx.removal(change).into()
}

/// Turns an account off; `ended` is when the declared end came.
pub(crate) fn disable(
    cx: &Context,
    link: LinkNo,
    id: &UserId,
    cause: Cause,
    reasons: Vec<Reason>,
    ended: Option<Timestamp>,
) -> Decision {
    if !cx.input.capabilities.disable_users {
        let text = "the account is active, and this app cannot disable accounts".to_owned();
        let hint = "turn it off in the app by hand";
        return cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)).into();
    }
    let mut change = cx.change(id, Facet::Life, ChangeKind::Disable, cause);
    change.remote = Some(cx.link(link).remote.clone());
    change.reasons = reasons;
    lost(cx, id, change, ended)
}

/// The loss of an account; before the first completed apply it is only said.
fn lost(cx: &Context, id: &UserId, mut change: Change, ended: Option<Timestamp>) -> Decision {
    let mut decided = Decision::default();
    let is_delete = change.kind == ChangeKind::Delete;
    if is_delete {
        change.new.text = cx.input.desired.definition.deletion.told();
    }
    if change.cause.is_declared() && !cx.is_completed() {
        let text = "has an active account, and no full apply of this app has run to its end".to_owned();
        let hint = match is_delete {
            true => "apply this plan; the next one deletes the account",
            false => "apply this plan; the next one disables the account",
        };
        decided.notices.push(cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)));
    } else {
        decided.ends.extend(ended.map(|ended| (change.key.clone(), ended)));
    }
    decided.and(cx.removal(change).into())
}

/// The account is off. If an interrupted run created it and came no further, that is ours. If another hand turned it off, and the person's
/// own lines have been edited since then, it is off by the files now: they decide when it comes back (safety.md 13). If an interrupted run
/// set out to turn it off, it is off by the files, and perhaps by another hand: that counts as seen, and is released like any other.
pub(crate) fn found_disabled(cx: &Context, link: LinkNo, id: &UserId) -> Decision {
    let is_released =
        || cx.row(link).number.is_some_and(|user| hands::is_released(cx, user, &Hand::Disabled));
    let known = cx.link(link);
    if known.state != LinkState::Active {
        return Decision::default();
    }
    let (since, commit) = (cx.input.resolved.at, cx.input.commit.map(Into::into));
    let off = Decision::link_update(id, LinkUpdate::State(LinkState::Disabled { since, commit }));
    if is_released() || hands::is_left_off_at_creation(cx, id, known) {
        off
    } else if hands::was_to_be_off(cx, id, known) {
        off.and(hands::first_seen_of(cx, link, Hand::Disabled))
    } else {
        Decision::default()
    }
}
