//! Accounts that are turned on again: after our own disabling, after a return, or held (safety.md 13, 16).

use super::attributes::{self, unmappable};
use super::standing::start_or_config;
use crate::model::change::{Cause, ChangeKind, Facet, Verdict};
use crate::model::ledger::{Link, LinkState};
use crate::model::{UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::NoticeKind;
use crate::plan::reading::links::LinkNo;

/// Why the mapping of a seen account could not be evaluated.
fn mapping_error<'s>(cx: &Context<'s, '_>, link: LinkNo) -> Option<&'s str> {
    cx.seen(link)?.findings.as_ref()?.error.as_deref()
}

/// The account is off and should be on. We turned it off, or a person in the app did (safety.md 13).
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
    let ours = matches!(known.state, LinkState::Disabled { .. }) || cx.is_interrupted(id);
    let changed = known.life.is_some_and(|known| known != cx.life(user));
    let asked = cx.input.enable.contains(id);
    let cause = if ours || changed { start_or_config(cx, user) } else { Cause::Drift };
    let mut change = cx.change(id, Facet::Life, ChangeKind::Enable, cause);
    change.remote = Some(known.remote.clone());
    change.reasons = cx.input.why_account(user);
    if ours || changed || asked {
        let attributes = attributes::of_linked(cx, user, id, link);
        return Decision::account(user, &known.remote).and(attributes).and(change.into());
    }
    let why = format!(
        "this account was disabled in the app, not by rolecall; --enable {id} or a change of status, start, end or grants turns it on"
    );
    change.verdict = Verdict::Held { by: "drift".into(), why };
    change.into()
}

/// An id that returns takes up its own account again (safety.md 16).
pub(crate) fn returns(cx: &Context, user: UserNo, id: &UserId, link: LinkNo, active: bool) -> Decision {
    if let Some(why) = mapping_error(cx, link) {
        return unmappable(cx, id, why);
    }
    let known = cx.link(link);
    let mut change = cx.change(id, Facet::Life, ChangeKind::Relink, Cause::Config);
    change.remote = Some(known.remote.clone());
    if !active {
        change.turn_on();
    }
    change.reasons = cx.input.why_account(user);
    let entry = Link {
        state: match active {
            true => LinkState::Active,
            // Until it is turned on, it counts as disabled by us.
            false => {
                LinkState::Disabled { since: cx.input.resolved.at, commit: cx.input.commit.map(Into::into) }
            }
        },
        life: Some(cx.life(user)),
        commit: cx.input.commit.map(Into::into),
        person: cx.person(user),
        ..known.clone()
    };
    let returned =
        Decision { links: vec![(id.clone(), entry)], changes: vec![change], ..Decision::default() };
    Decision::account(user, &known.remote).and(returned).and(attributes::of_linked(cx, user, id, link))
}
