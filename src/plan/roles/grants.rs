//! Roles that are given.

use crate::model::app::Drift;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Shown, Verdict};
use crate::model::intervention::Hand;
use crate::model::ledger::Link;
use crate::model::{RemoteId, RoleId, RoleNo, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::NoticeKind;
use crate::plan::people::hands::{self, Judged};
use crate::plan::people::{hands_said, interrupted};

/// A grant of a role, however it is stored.
pub(crate) fn grant(
    cx: &Context,
    user: UserNo,
    id: &UserId,
    remote: Option<&RemoteId>,
    role: RoleNo,
    cause: Cause,
) -> Change {
    let declared = &cx.input.desired.app.roles[role.index()];
    let mut change = cx.change(id, Facet::Role(declared.id.clone()), ChangeKind::RoleGrant, cause);
    change.remote = remote.cloned();
    change.new = Shown { text: Some(declared.id.to_string()), hash: None };
    change.privileged = cx.power.roles.contains(&declared.id);
    change.reasons = cx.input.why_role(user, role);
    change
}

/// The grant, unless the role was taken away in the app and stays so. A privileged role that was taken away there is held
/// (safety.md 13). Roles that were there when we disabled the account come back with it.
pub(crate) fn grant_unless_drift(cx: &Context, user: UserNo, id: &UserId, mut change: Change) -> Decision {
    if change.cause == Cause::Drift
        && let Facet::Role(role) = &change.key.facet
        && let Some(link) = cx.link_of(user)
        && hands::is_off_by_us(cx, user, link, &Hand::Revoked(role.clone()))
    {
        change.cause = Cause::Config;
    }
    if change.cause == Cause::Drift
        && let Facet::Role(role) = &change.key.facet
        && interrupted::took(cx, user, role)
    {
        change.cause = Cause::Config;
    }
    if let Facet::Role(role) = &change.key.facet
        && hands::entry(cx, id, &Hand::Revoked(role.clone())).is_some()
    {
        // What was seen of another hand counts, whatever the entry of the account or the group says.
        change.cause = Cause::Drift;
    }
    if change.cause != Cause::Drift {
        return permitted(cx, user, change).into();
    }
    if cx.input.desired.app.drift == Drift::Report {
        let text = format!("lost role {} in the app", change.new.text.unwrap_or_default());
        return cx.notice(NoticeKind::Drift, id, text, None).into();
    }
    let Facet::Role(role) = change.key.facet.clone() else { return permitted(cx, user, change).into() };
    if !change.privileged {
        return permitted(cx, user, change).into();
    }
    let hand = Hand::Revoked(role);
    let (judged, noted) = hands::judge(cx, user, hand);
    match judged {
        Judged::Stands => noted,
        Judged::Released(why) => {
            change.cause = Cause::Config;
            let change = permitted(cx, user, change);
            let said = change.verdict.is_do().then(|| hands_said::given_again(cx, id, &change, &why));
            Decision { notices: said.into_iter().collect(), ..change.into() }
        }
        Judged::New => {
            let why = format!(
                "this privileged role was taken away in the app, not by rolecall; --enable {id} gives it back, and so does a later change of a line that names {id} and leads to it"
            );
            change.verdict = Verdict::Held { by: "drift".into(), why };
            noted.and(permitted(cx, user, change).into())
        }
    }
}

/// A policy holds back grants, never a removal (safety.md 12).
fn permitted(cx: &Context, user: UserNo, mut change: Change) -> Change {
    if let Facet::Role(role) = &change.key.facet {
        let app = &cx.input.desired.app.id;
        if let Some((policy, why)) = cx.input.resolved.forbids(user, app, role) {
            change.verdict = Verdict::Held { by: format!("policy:{policy}").into(), why };
        }
    }
    change
}

/// True if the ledger says that we gave this role, under its id or an earlier one.
pub(crate) fn was_given(cx: &Context, link: &Link, role: RoleNo) -> bool {
    cx.input.desired.app.roles[role.index()].ids().any(|id| link.roles.contains(id))
}

/// True if the role was managed at the end of a full apply, under its id or an earlier one.
pub(crate) fn was_managed(cx: &Context, role: RoleNo) -> bool {
    cx.input.desired.app.roles[role.index()].ids().any(|id| cx.input.ledger.roles.contains_key(id))
}

/// True if the account had the role when rolecall came to manage it, under its id or an earlier one.
pub(crate) fn was_found(cx: &Context, link: &Link, role: RoleNo) -> bool {
    cx.input.desired.app.roles[role.index()].ids().any(|id| link.found_roles.contains(id))
}

pub(crate) fn role_id<'a>(cx: &Context<'_, 'a>, role: RoleNo) -> &'a RoleId {
    &cx.input.desired.app.roles[role.index()].id
}
