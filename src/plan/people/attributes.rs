//! Attributes of existing accounts as changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::Meaning;
use crate::model::app::Drift;
use crate::model::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object, Shown};
use crate::model::company::ApplyWhen;
use crate::model::ledger::Hashes;
use crate::model::seen::Seen;
use crate::model::{Path, RoleId, UserId, UserNo, Value, Want};
use crate::plan::compare::{AttributeDifference, Findings, Unchanged};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, LinkUpdate, NotKept, Waiting};
use crate::plan::notice::NoticeKind;
use crate::plan::own_schema::cannot_be_changed;
use crate::plan::people::collision;
use crate::plan::reading::links::LinkNo;
use crate::plan::roles::{self, Holder};

/// Attributes of a linked account. References are decided in a later step.
pub(crate) fn of_linked(cx: &Context, user: UserNo, id: &UserId, link: LinkNo) -> Decision {
    let Some(findings) = cx.seen(link).and_then(|seen| seen.findings.as_deref()) else {
        return Decision::default();
    };
    if let Some(why) = &findings.error {
        return unmappable(cx, id, why);
    }
    let known = cx.link(link);
    let holder = Holder { user, id, remote: &known.remote, link: Some(known) };
    let decided = decide(cx, &holder, findings);
    let waiting = Decision {
        references: (0..findings.references.len()).map(|at| (user, Waiting::Read(link, at))).collect(),
        link_updates: begun(cx, user, id, findings)
            .into_iter()
            .chain(findings.confirmed.iter().filter_map(|(path, hashes)| remember(cx, id, path, *hashes)))
            .collect(),
        ..Decision::default()
    };
    waiting.and(decided)
}

/// A value that an interrupted run began to write, and that the app shows now, was written by us. The ledger remembers
/// it, so that drift can be told from configuration later (safety.md 8).
fn begun(cx: &Context, user: UserNo, id: &UserId, findings: &Findings) -> Vec<(UserId, LinkUpdate)> {
    if cx.input.ledger.intents.is_empty() {
        return Vec::new();
    }
    let differs = |path: &Path| {
        let mut differences = findings.differences.iter();
        differences.any(|difference| difference.attribute.path == *path)
    };
    let mut updates = Vec::new();
    for attribute in cx.differ.attributes(user).into_iter().flatten() {
        let path = &attribute.path;
        let Want::Is(value) = &attribute.want else {
            continue;
        };
        let unhashed =
            attribute.sensitive || attribute.apply == ApplyWhen::Create || attribute.stores_roles();
        if unhashed || differs(path) {
            continue;
        }
        if cx.is_begun(&Object::User(id.clone()), Facet::Attribute(path.key().clone())) {
            let (key, at) = (cx.input.key, cx.input.resolved.at);
            updates.extend(remember(cx, id, path.key(), Hashes::of(key, path.key(), value, value, at)));
        }
    }
    updates
}

/// Remembers hashes in the ledger entry of a linked person, unless they are there already.
pub(crate) fn remember(
    cx: &Context,
    id: &UserId,
    path: &Arc<str>,
    hashes: Hashes,
) -> Option<(UserId, LinkUpdate)> {
    let known = cx.link(cx.links().of_id(id)?);
    let is_known = |known: Hashes| {
        known.asked == hashes.asked && known.kept == hashes.kept && known.proof == hashes.proof
    };
    let is_there = known.values.get(path).is_some_and(is_known);
    (!is_there).then(|| (id.clone(), LinkUpdate::Value(path.clone(), hashes)))
}

/// Attributes and roles of an account that was compared.
pub(crate) fn decide(cx: &Context, holder: &Holder, findings: &Findings) -> Decision {
    let differences = findings.differences.iter().map(|difference| attribute(cx, holder, difference));
    let attributes: Decision = differences.collect();
    match (&findings.roles, &findings.unread_roles) {
        (_, Some(why)) => attributes.and(roles::unread(cx, holder, why)),
        (Some(roles), None) => attributes.and(roles::decide(cx, holder, roles)),
        (None, None) => attributes,
    }
}

fn attribute(cx: &Context, holder: &Holder, difference: &AttributeDifference) -> Decision {
    let AttributeDifference { attribute, actual, verdict } = difference;
    let cause = match verdict.cause() {
        Ok(cause) => cause,
        Err(Unchanged::NotKept { since }) => {
            let object = Object::User(holder.id.clone());
            return NotKept { path: attribute.path.clone(), object, since }.into();
        }
        Err(Unchanged::Immutable) => {
            let text = cannot_be_changed(&[attribute.path.to_string()]);
            let hint = "map it with `apply: create`, or put the declared value right";
            return cx.notice(NoticeKind::NotPossible, holder.id, text, Some(hint)).into();
        }
    };
    if let Some(taken) = collision::in_the_way(cx, holder.user, Some(&attribute.path)) {
        let what = format!("{} does not change", attribute.path);
        return collision::notice(cx, holder.id, taken, &what).into();
    }
    let key = attribute.path.key();
    let mut change = cx.change(holder.id, Facet::Attribute(key.clone()), ChangeKind::Update, cause);
    change.remote = Some(holder.remote.clone());
    change.identity = attribute.meaning != Meaning::Plain;
    change.old = cx.shown_seen(key, actual, attribute.sensitive);
    change.new = cx.shown_want(attribute);
    let given = cx.power.given(&attribute.path, &attribute.want, Some(actual));
    let taken = cx.power.taken(&attribute.path, &attribute.want, actual);
    change.privileged = !given.is_empty();
    change.write(&attribute.path, &attribute.want);
    change.reasons = cx.input.why_attribute(holder.user, attribute);
    change.reasons.extend(verdict.repeated(cx.input.resolved.at).map(Into::into));
    let references_to = match cx.input.desired.refers(&attribute.path) {
        true => reference_to(cx, &change, actual),
        false => Vec::new(),
    };
    let power = |roles: BTreeSet<RoleId>| match roles.is_empty() {
        true => Vec::new(),
        false => vec![(change.key.clone(), roles)],
    };
    let (power_given, power_taken) = (power(given), power(taken));
    let beside = Decision { references_to, power_given, power_taken, ..Decision::default() };
    update(cx, holder.id, change).and(beside)
}

/// The person to whose account the attribute refers in the app, for a change that takes the reference away.
pub(crate) fn reference_to(cx: &Context, change: &Change, actual: &Seen<Value>) -> Vec<(ChangeKey, UserId)> {
    let remote = actual.shown().and_then(Value::as_str);
    let link = remote.and_then(|remote| cx.links().of_remote(remote));
    link.map(|link| (change.key.clone(), cx.row(link).user.clone())).into_iter().collect()
}

/// An update of an attribute, if it is allowed and possible.
pub(crate) fn update(cx: &Context, id: &UserId, change: Change) -> Decision {
    let Facet::Attribute(path) = &change.key.facet else {
        return change.into();
    };
    if !cx.input.desired.app.users.actions.update {
        let remedy = "add `update` to `users.actions` if it should";
        return Decision::forbid("change attributes of", remedy, id);
    }
    if !cx.input.capabilities.update_users {
        let text = format!("{path} differs, and this app lets nobody change accounts");
        let hint = "put it right in the app by hand, or map it with `apply: create`";
        return cx.notice(NoticeKind::NotPossible, id, text, Some(hint)).into();
    }
    if change.cause == Cause::Drift && cx.input.desired.app.drift == Drift::Report {
        let text = |shown: &Shown| shown.text.clone().unwrap_or_else(|| "nothing".to_owned());
        let text = format!("{path} is {} in the app, and should be {}", text(&change.old), text(&change.new));
        return cx.notice(NoticeKind::Drift, id, text, None).into();
    }
    change.into()
}

/// The mapping could not be evaluated, so the person keeps the values of the account.
pub(crate) fn unmappable(cx: &Context, id: &UserId, why: &str) -> Decision {
    let hint = "until this is put right, nothing changes for this person in this app";
    Decision::freeze(id, cx.notice(NoticeKind::Undecided, id, why.to_owned(), Some(hint)))
}
