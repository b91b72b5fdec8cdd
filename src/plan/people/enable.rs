//! Accounts that are turned on again: after our own disabling, after a return, or held (safety.md 13, 16).

use super::attributes::{self, unmappable};
use super::hands::{self, Judged};
use super::hands_said;
use super::standing::start_or_config;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Verdict};
use crate::model::intervention::Hand;
use crate::model::ledger::{Link, LinkState};
use crate::model::{UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::links::LinkNo;
use crate::plan::release;

/// Why the mapping of a seen account could not be evaluated.
fn mapping_error<'s>(cx: &Context<'s, '_>, link: LinkNo) -> Option<&'s str> {
    cx.seen(link)?.findings.as_ref()?.error.as_deref()
}

/// The account is off and should be on. We turned it off, or a person in the app did (safety.md 13). A tombstone is bound to
/// its account again by the same change (safety.md 16).
pub(crate) fn enable(cx: &Context, user: UserNo, id: &UserId, link: LinkNo) -> Decision {
    if let Some(why) = mapping_error(cx, link) {
        return unmappable(cx, id, why);
    }
    if !cx.input.desired.app.users.actions.update {
        return Decision::forbid("enable", "add `update` to `users.actions` if it should", id);
    }
    if !cx.input.capabilities.disable_users {
        let hint = "turn the account on in the app by hand";
        let text = "the account is off, and this app lets nobody turn accounts on".to_owned();
        return cx.notice(NoticeKind::NotPossible, id, text, Some(hint)).into();
    }
    let known = cx.link(link);
    let ours = hands::is_off_by_us(cx, user, known, &Hand::Disabled)
        || hands::is_left_off_at_creation(cx, id, known);
    let is_gone = known.state.is_gone();
    let kind = if is_gone { ChangeKind::Relink } else { ChangeKind::Enable };
    let mut change = cx.change(id, Facet::Life, kind, start_or_config(cx, user));
    if is_gone {
        change.turn_on();
    }
    change.remote = Some(known.remote.clone());
    change.reasons = cx.input.why_account(user);
    if ours {
        let left = hands::had_left(cx, user, known);
        let shown = left.then(|| {
            hands_said::turned_on(cx, user, Some(known), &Hand::Disabled, "its person's declaration")
        });
        return turn_on(cx, user, id, link, change, shown);
    }
    let given_back = |change: Change, why: &str| {
        let shown = hands_said::turned_on(cx, user, Some(known), &Hand::Disabled, why);
        turn_on(cx, user, id, link, change, Some(shown))
    };
    if cx.input.desired.app.idle_accounts_stay_off {
        // Nothing is held, and the ledger remembers nothing.
        if let Some(said) = release::typed(cx, id, &Hand::Disabled) {
            return given_back(change, &said);
        }
        let text = "the account was disabled in the app".to_owned();
        let hint = "`drift: {activity: report}` leaves it so";
        return cx.notice(NoticeKind::Drift, id, text, Some(hint)).into();
    }
    let (judged, noted) = hands::judge(cx, user, Hand::Disabled);
    match judged {
        Judged::Stands => noted,
        Judged::Released(why) => given_back(change, &why),
        Judged::New => {
            let why = hands::why_not_ours(cx, (id, Some(known)), "this account was disabled");
            change.cause = Cause::Drift;
            change.verdict = Verdict::Held { by: "drift".into(), why };
            noted.and(change.into())
        }
    }
}

fn turn_on(
    cx: &Context,
    user: UserNo,
    id: &UserId,
    link: LinkNo,
    change: Change,
    shown: Option<Notice>,
) -> Decision {
    let known = cx.link(link);
    let attributes = attributes::of_linked(cx, user, id, link);
    let shown = shown.map(Decision::from).unwrap_or_default();
    let bound = match &known.state {
        // Until it is turned on, it counts as disabled by us.
        LinkState::Gone { since, commit } => {
            bound(cx, user, id, link, LinkState::Disabled { since: *since, commit: commit.clone() })
        }
        LinkState::Active | LinkState::Disabled { .. } => Decision::default(),
    };
    Decision::account(user, &known.remote).and(bound).and(attributes).and(change.into()).and(shown)
}

/// An id that returns takes up its own account again, which is on (safety.md 16).
pub(crate) fn returns(cx: &Context, user: UserNo, id: &UserId, link: LinkNo) -> Decision {
    if let Some(why) = mapping_error(cx, link) {
        return unmappable(cx, id, why);
    }
    let known = cx.link(link);
    let mut change = cx.change(id, Facet::Life, ChangeKind::Relink, Cause::Config);
    change.remote = Some(known.remote.clone());
    change.reasons = cx.input.why_account(user);
    let returned = bound(cx, user, id, link, LinkState::Active).and(change.into());
    Decision::account(user, &known.remote).and(returned).and(attributes::of_linked(cx, user, id, link))
}

/// The entry of a tombstone that is none any more.
fn bound(cx: &Context, user: UserNo, id: &UserId, link: LinkNo, state: LinkState) -> Decision {
    let known = cx.link(link);
    // Until the account is on, the commit before that of its disabling is the proof that it was us (safety.md 5).
    let commit = cx.input.commit.filter(|_| state == LinkState::Active).map(Into::into);
    let entry = Link {
        state,
        commit: commit.or_else(|| known.commit.clone()),
        person: cx.person(user),
        created: cx.differ.seen.created.get(&link).copied().or(known.created),
        ..known.clone()
    };
    Decision { links: vec![(id.clone(), entry)], ..Decision::default() }
}
