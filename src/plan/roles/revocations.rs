//! Revocations of roles: no longer declared, expired, gained by drift, stored as another value, or outranked.

use std::collections::BTreeSet;

use super::former::{self, origin};
use super::grants::{role_id, was_found, was_given, was_managed};
use super::holder::Holder;
use super::known::KnownValue;
use crate::model::app::{Drift, MembersPolicy};
use crate::model::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object, Phase, Shown};
use crate::model::fact::Fact;
use crate::model::{RemoteId, RoleId, RoleNo, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, LinkUpdate};
use crate::plan::notice::NoticeKind;
use crate::plan::people::beyond;
use crate::plan::people::lapse::is_news;
use crate::plan::role_values::RoleValues;
use crate::resolve::{RoleStorage, why};

/// A key for a value that is no declared role. It is never the key of a role: a role that is a group may have this
/// name.
pub(crate) fn key_of_value(cx: &Context, text: &str) -> RoleId {
    match cx.input.desired.app.role(text) {
        Some(_) => RoleId::of_value(format!("{text}={text}")),
        None => RoleId::of_value(text),
    }
}

/// The revocation of a role where one role fits into the attribute, and another role of the person comes first. Only
/// the grant of the other role replaces this one. Without that grant the role stays, and the changes that wait for its
/// revocation keep waiting.
pub(crate) fn outranked(
    cx: &Context,
    mut revoked: Decision,
    role: &RoleId,
    winner: RoleNo,
    grants: &[Change],
) -> Decision {
    let declared = &cx.input.desired.app.roles[winner.index()];
    let grant = grants.iter().find(|change| change.key.facet == Facet::Role(declared.id.clone()));
    let Some(grant) = grant.map(|grant| &grant.key) else {
        return Decision { changes: Vec::new(), ..revoked };
    };
    let precedence = declared.precedence;
    let fact = Fact::Outranked { role: role.clone(), by: declared.id.clone(), precedence };
    for change in &mut revoked.changes {
        change.reasons = vec![cx.input.reason(fact.clone(), declared.span)];
        change.phase = Phase::Remove;
        revoked.needs.push((grant.clone(), change.key.clone()));
        revoked.needs.push((change.key.clone(), grant.clone()));
    }
    revoked
}

/// The revocation of a declared role that is stored as a value.
pub(crate) fn revoke_value(cx: &Context, holder: &Holder, number: RoleNo, value: &str) -> Decision {
    let Some(link) = holder.link else { return Decision::default() };
    let role = role_id(cx, number);
    let given = was_given(cx, link, number);
    let managed = was_managed(cx, number) || given;
    if !managed && cx.is_completed() {
        let id = holder.id;
        let text = format!(
            "holds the role {role}, which is managed for the first time by this plan and not declared for {id}"
        );
        let hint = "the next plan revokes it, held by guard:takeover until it is allowed; declare it if it is to stay";
        let found = Decision::link_update(id, LinkUpdate::FoundRole(role.clone()));
        return found.and(cx.notice(NoticeKind::UnmanagedMembers, id, text, Some(hint)).into());
    }
    if cx.input.desired.app.groups.members == MembersPolicy::Add && !given {
        return match cx.power.roles.contains(role) {
            true => beyond::has_power(cx, Object::Role(role.clone()), holder.id),
            false => Decision::default(),
        };
    }
    let cause = origin(given, was_found(cx, link, number));
    let change = revocation(cx, holder.user, holder.id, Some(holder.remote), role, cause, value);
    revoke(cx, holder.id, change)
}

/// A revocation of a role, however it is stored, for this cause unless a date takes it.
pub(crate) fn revocation(
    cx: &Context,
    user: UserNo,
    id: &UserId,
    remote: Option<&RemoteId>,
    role: &RoleId,
    cause: Cause,
    value: &str,
) -> Change {
    let app = cx.input.desired.app;
    let number = app.role(role.as_str());
    let lapsed = |role: &RoleNo| cx.input.desired.roles[role.index()].lapsed.contains(user.0);
    let expired = number
        .filter(lapsed)
        .and_then(|role| why::expired(cx.input.resolved, cx.input.desired, user, Some(role)))
        .filter(|(end, _)| is_news(cx, user, *end));
    let cause = if expired.is_some() { Cause::Expiry } else { cause };
    let mut change = cx.change(id, Facet::Role(role.clone()), ChangeKind::RoleRevoke, cause);
    change.remote = remote.cloned();
    change.old =
        Shown { text: Some(if value.is_empty() { role.to_string() } else { value.to_owned() }), hash: None };
    change.privileged = cx.power.roles.contains(role);
    let (user, role) = (id.clone(), role.clone());
    let declared = number.map(|number| app.roles[number.index()].span);
    let (fact, span) = match (declared, cause) {
        (None, _) => (Fact::RoleNotDeclared(role), None),
        (Some(_), Cause::Expiry) => {
            let at = cx.input.ago(expired.map(|(end, _)| end));
            (Fact::RoleExpired { user, role, at }, expired.map(|(_, span)| span).or(declared))
        }
        (Some(_), Cause::Drift) => (Fact::GivenInApp { user, role }, declared),
        (Some(_), Cause::Takeover) => (Fact::FoundThere { user, of: Object::Role(role) }, declared),
        (Some(_), Cause::Config | Cause::Start | Cause::Left | Cause::Unmanaged | Cause::Retry) => {
            (Fact::NoRole { user, role }, declared)
        }
    };
    change.reasons = vec![cx.input.reason(fact, span)];
    change
}

/// A revocation of a role or a removal from a group, unless it is drift that is only reported.
pub(crate) fn revoke(cx: &Context, id: &UserId, mut change: Change) -> Decision {
    let is_of_app = matches!(change.cause, Cause::Drift | Cause::Takeover);
    if is_of_app && cx.input.desired.app.drift == Drift::Report {
        let text = match (change.key.facet.role(), &change.key.object) {
            (Some(role), _) if change.cause == Cause::Drift => {
                format!("gained role {role} in the app")
            }
            (None, object) if change.cause == Cause::Drift => format!("was added to {object} in the app"),
            (Some(role), _) => format!("had role {role} before rolecall came to manage it"),
            (None, object) => format!("was in {object} before rolecall came to manage it"),
        };
        return cx.notice(NoticeKind::Drift, id, text, None).into();
    }
    let mut decided = Decision::default();
    if let (Some(role), Some(user)) = (change.key.facet.role(), cx.number(id)) {
        if let (Cause::Expiry, Some(role)) = (change.cause, cx.input.desired.app.role(role.as_str())) {
            let ended = why::expired(cx.input.resolved, cx.input.desired, user, Some(role));
            decided.ends.extend(ended.map(|(end, _)| (change.key.clone(), end)));
        }
        let app = &cx.input.desired.app.id;
        // A role of a conflict policy goes before its counterpart comes (safety.md 14), or the counterpart waits.
        let counterpart = cx.input.resolved.counterpart(user, app, role).filter(|_| !change.revalued);
        if let Some((_, wanted)) = counterpart {
            change.phase = change.phase.min(Phase::MakeRoom);
            if wanted.app == *app {
                let grant = ChangeKey { facet: Facet::Role(wanted.role.clone()), ..change.key.clone() };
                decided.needs.push((grant, change.key.clone()));
            }
        }
    }
    decided.changes.push(cx.removal(change));
    decided
}

/// Values that are no declared role: former roles of ours are revoked, others stay unless membership is exact. Where one value
/// fits, a grant that is done puts its own there: in place of another value of the same role, or of what is no role of ours.
pub(crate) fn undeclared_values(
    cx: &Context,
    holder: &Holder,
    roles: &RoleValues,
    wanted: &BTreeSet<RoleNo>,
    grants: &[Change],
) -> Decision {
    let replaced =
        roles.attribute.roles == RoleStorage::One && grants.iter().any(|grant| grant.verdict.is_do());
    let exact = cx.input.desired.app.groups.members == MembersPolicy::Exact;
    let mut staying = Vec::new();
    let mut decided = Decision::default();
    for other in &roles.undeclared {
        let text = other.value.to_string();
        match other.known.as_deref() {
            Some(known) if replaced && known.number.is_some_and(|number| wanted.contains(&number)) => {}
            Some(known) if may_go(cx, holder, known) => {
                let revoked = revoke_former(cx, holder, known, roles, &text, wanted, grants);
                let is_new = |change: &Change| decided.changes.iter().all(|known| known.key != change.key);
                if revoked.changes.iter().all(is_new) {
                    decided.add(revoked);
                }
            }
            None if exact && !replaced && !holder.is_adopted() => {
                let key = key_of_value(cx, &text);
                let change =
                    revocation(cx, holder.user, holder.id, Some(holder.remote), &key, Cause::Drift, &text);
                decided.add(revoke(cx, holder.id, change));
            }
            _ => staying.push(text),
        }
    }
    if !staying.is_empty() && roles.attribute.roles == RoleStorage::All {
        let text = format!("holds {}, which is no declared role: it stays", staying.join(", "));
        let hint = "declare the role, or set `groups.members: exact`";
        decided.notices.push(cx.notice(NoticeKind::UnmanagedMembers, holder.id, text, Some(hint)));
    }
    decided
}

/// False for what an account that is taken over has.
fn may_go(cx: &Context, holder: &Holder, known: &KnownValue) -> bool {
    holder.link.is_some_and(|link| former::may_go(cx, known, holder.id, link))
}

/// The revocation of a former value. A person who is to have the role keeps the former value until today's is there. Where one
/// role fits and another one of the person comes first, the role is outranked under its former value as under today's.
fn revoke_former(
    cx: &Context,
    holder: &Holder,
    former: &KnownValue,
    roles: &RoleValues,
    text: &str,
    wanted: &BTreeSet<RoleNo>,
    grants: &[Change],
) -> Decision {
    let desired = cx.input.desired;
    let is_held = |number: &RoleNo| {
        wanted.contains(number) || desired.roles_of(holder.user).any(|role| role == *number)
    };
    let declared = former.number.filter(is_held);
    let is_outranked = |number: &RoleNo| !wanted.contains(number) && desired.role_value(*number).is_some();
    let single = roles.attribute.roles == RoleStorage::One;
    let winner = declared.filter(|number| single && is_outranked(number)).and(wanted.first());
    let kept = declared.filter(|_| winner.is_none());
    let cause = match holder.link {
        Some(link) if kept.is_none() => former::cause(cx, former, holder.id, link),
        Some(_) | None => Cause::Config,
    };
    let mut change = revocation(cx, holder.user, holder.id, Some(holder.remote), &former.role, cause, text);
    change.key.facet = former.facet();
    if former.number.is_some() && change.cause != Cause::Expiry {
        let fact = Fact::StoredOtherwise { role: former.role.clone(), value: text.into() };
        change.reasons = vec![cx.input.reason(fact, cx.input.desired.app.span)];
    }
    change.revalued = kept.is_some();
    change.privileged &= kept.is_none();
    let key = change.key.clone();
    let mut decided = revoke(cx, holder.id, change);
    if let Some(winner) = winner {
        return outranked(cx, decided, &former.role, *winner, grants);
    }
    // Where one role fits, another one may come in its place.
    let place =
        kept.map(|number| if wanted.contains(&number) { Some(number) } else { wanted.first().copied() });
    let facet = place.flatten().map(|role| Facet::Role(role_id(cx, role).clone()));
    let grant = grants.iter().find(|grant| Some(&grant.key.facet) == facet.as_ref());
    decided.needs.extend(grant.map(|grant| (key, grant.key.clone())));
    decided
}
