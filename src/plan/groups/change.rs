//! A group of the app itself: created, adopted, renamed (safety.md 4).

use std::collections::BTreeSet;

use super::case::GroupCase;
use super::name_taken;
use super::proof::otherwise;
use crate::catalog::Meaning;
use crate::model::app::Drift;
use crate::model::change::{Cause, ChangeKind, Facet, Object, Reason, Shown};
use crate::model::fact::Fact;
use crate::model::grant::Target;
use crate::model::ledger::{GroupLink, Hashes, LedgerUpdate, Origin};
use crate::model::seen::Seen;
use crate::model::{AttributeHashes, RemoteId, Value, Want};
use crate::plan::compare::{self, Unchanged};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, NotKept};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::own_schema::cannot_be_changed;
use crate::plan::reading::rows::GroupRow;
use crate::resolve::{DesiredAttribute, DesiredGroup};

/// What a wanted group stands for, if it is a grant: nobody makes or renames it.
fn target<'c>(cx: &Context<'_, 'c>, wanted: &DesiredGroup) -> Option<&'c Target> {
    cx.input.desired.app.roles[wanted.role?.index()].grant.as_deref()
}

pub(super) fn create(cx: &Context, case: &GroupCase, attributes: &[DesiredAttribute]) -> Decision {
    if let Some(target) = target(cx, case.wanted) {
        let parts: Vec<String> = target.parts().map(|(part, name)| format!("{part} \"{name}\"")).collect();
        let text = format!("the app has no such grant: one of {} is not there", parts.join(", "));
        let hint = "correct the names in `grant:`, or make what is missing in the app";
        return Notice::of_group(NoticeKind::NotPossible, &case.wanted.object, text, Some(hint)).into();
    }
    let cause = if case.link.is_some() { Cause::Drift } else { Cause::Config };
    let mut change = cx.change_of(case.wanted.object.clone(), Facet::Life, ChangeKind::GroupCreate, cause);
    change.new = group_name(cx, attributes);
    change.reasons = vec![declared_here(cx, case.wanted)];
    let values = attributes.iter().filter(|attribute| matches!(attribute.want, Want::Is(_)));
    let values = values.map(|attribute| (attribute.path.clone(), attribute.want.clone())).collect();
    Decision { group_attributes: vec![(case.key.clone(), values)], ..change.into() }
}

pub(super) fn adopt(
    cx: &Context,
    case: &GroupCase,
    row: &GroupRow,
    attributes: &[DesiredAttribute],
    before: BTreeSet<RemoteId>,
) -> Decision {
    let crashed = cx.is_crashed_group(&case.wanted.object);
    let (cause, origin) = match crashed {
        true => (Cause::Retry, Origin::Created),
        false => (Cause::Config, Origin::Adopted),
    };
    let mut change = cx.change_of(case.wanted.object.clone(), Facet::Life, ChangeKind::Adopt, cause);
    change.remote = Some(row.remote.clone());
    change.new = group_name(cx, attributes);
    change.reasons = match crashed {
        true => vec![Fact::CreatedGroup(row.remote.clone()).into()],
        false => vec![declared_here(cx, case.wanted)],
    };
    let mut values = AttributeHashes::default();
    for attribute in attributes {
        let actual = cx.differ.group_column(&attribute.path).and_then(|column| row.values.get(column));
        if let (Want::Is(wanted), Some(actual)) = (&attribute.want, actual) {
            let key = attribute.path.key();
            let verdict = compare::one(cx.input.key, attribute, wanted, actual, None);
            if let (None, Seen::Is(actual)) = (verdict, actual) {
                values
                    .insert(key.clone(), Hashes::of(cx.input.key, key, wanted, actual, cx.input.resolved.at));
            }
        }
    }
    // A person who had the role by the former group lost it in the app (safety.md 13).
    let former = case.known.filter(|_| case.key.is_role());
    let link = GroupLink {
        commit: cx.input.commit.map(Into::into),
        members: former.map(|link| link.members.clone()).unwrap_or_default(),
        values,
        // A group that an interrupted run created was empty.
        before: if crashed { BTreeSet::new() } else { before },
        ..GroupLink::new(row.remote.clone(), origin)
    };
    Decision { group_links: vec![(case.key.clone(), link)], ..change.into() }
}

pub(super) fn attributes(
    cx: &Context,
    case: &GroupCase,
    row: &GroupRow,
    attributes: &[DesiredAttribute],
) -> Decision {
    let decided: Decision = attributes.iter().map(|wanted| attribute(cx, case, row, wanted)).collect();
    let observed = confirmed(cx, case, row, attributes).into_iter().collect();
    Decision { observed, ..Decision::default() }.and(decided)
}

/// The entry of a group after a read of values of which so far only the answer to a write told.
fn confirmed(
    cx: &Context,
    case: &GroupCase,
    row: &GroupRow,
    attributes: &[DesiredAttribute],
) -> Option<LedgerUpdate> {
    let known = case.link?;
    let before = cx.links().with_todays_members(known);
    let mut link = before.clone();
    for attribute in attributes {
        let path = attribute.path.key();
        let actual = cx.differ.group_column(&attribute.path).and_then(|column| row.values.get(column));
        if let (Want::Is(wanted), Some(actual)) = (&attribute.want, actual) {
            let (key, hashes) = (cx.input.key, known.values.get(path));
            let verdict = compare::one(key, attribute, wanted, actual, hashes);
            if let Some(hashes) = compare::remembered(key, attribute, (wanted, actual), hashes, verdict) {
                link.values.insert(path.clone(), hashes);
            }
        }
    }
    (link != before).then(|| {
        // The entry may have been moved to this key in the same plan.
        let commit = cx.input.commit.map(Into::into).or(link.commit);
        LedgerUpdate::PutGroup { key: case.key.clone(), link: GroupLink { commit, ..link } }
    })
}

fn attribute(cx: &Context, case: &GroupCase, row: &GroupRow, attribute: &DesiredAttribute) -> Decision {
    let actual = cx.differ.group_column(&attribute.path).and_then(|column| row.values.get(column));
    let Some(actual) = actual else {
        return Decision::default();
    };
    let key = attribute.path.key();
    let wanted = match &attribute.want {
        Want::Is(value) => value.clone(),
        Want::Clear => Value::Null,
        Want::Keep | Want::Ref(_) => return Decision::default(),
    };
    let notice = |kind: NoticeKind, text: String, hint: Option<&str>| {
        Decision::from(Notice::of_group(kind, &case.wanted.object, text, hint))
    };
    let known = case.link.and_then(|link| link.values.get(key));
    let Some(verdict) = compare::one(cx.input.key, attribute, &wanted, actual, known) else {
        return Decision::default();
    };
    let cause = match verdict.cause() {
        Ok(cause) => cause,
        Err(Unchanged::NotKept { since }) => {
            let object = case.wanted.object.clone();
            return NotKept { path: attribute.path.clone(), object, since }.into();
        }
        Err(Unchanged::Immutable) => {
            let text = cannot_be_changed(&[attribute.path.to_string()]);
            let hint = "put the declared value right, or map it with `apply: create`";
            return notice(NoticeKind::NotPossible, text, Some(hint));
        }
    };
    if cause == Cause::Drift && cx.input.desired.app.drift == Drift::Report {
        let text = format!("{} is {} in the app, and should be \"{wanted}\"", attribute.path, said(actual));
        return notice(NoticeKind::Drift, text, None);
    }
    let is_name = attribute.meaning == Meaning::Name;
    if let (true, Some(target)) = (is_name, target(cx, case.wanted)) {
        let text = format!(
            "was {} and is to be {target}: a role does not move from one grant to another",
            said(actual)
        );
        let hint = "give the new grant a role of its own, with a new id, and assign that one";
        return notice(NoticeKind::NotPossible, text, Some(hint));
    }
    if is_name && !cx.input.capabilities.rename_groups {
        let text = format!("is called {} in the app, and groups cannot be renamed there", said(actual));
        return notice(NoticeKind::NotPossible, text, Some("rename it in the app"));
    }
    if let (true, Value::Str(name)) = (is_name, &wanted)
        && let Some(taken) = name_taken::by(cx, row, name)
    {
        let text =
            format!("is not renamed: group {} of the app is called \"{name}\", {}", taken.remote, taken.why);
        let hint = taken.hint(&otherwise(cx, case.wanted, &case.key));
        return notice(NoticeKind::NotPossible, text, Some(&hint));
    }
    let kind = if is_name { ChangeKind::GroupRename } else { ChangeKind::Update };
    let object = case.wanted.object.clone();
    let mut change = cx.change_of(object, Facet::Attribute(key.clone()), kind, cause);
    change.remote = Some(row.remote.clone());
    change.old = cx.shown_seen(key, actual, attribute.sensitive);
    change.new = cx.shown_want(attribute);
    change.reasons = vec![declared_here(cx, case.wanted)];
    change.reasons.extend(verdict.repeated(cx.input.resolved.at).map(Into::into));
    change.write(&attribute.path, &attribute.want);
    Decision { observed: is_name.then(|| dated(cx, case)).flatten().into_iter().collect(), ..change.into() }
}

/// The entry of a group that is to be renamed names the commit that gave it its present name: if the change is held, today's
/// commit becomes the last applied one all the same, and names the group otherwise.
fn dated(cx: &Context, case: &GroupCase) -> Option<LedgerUpdate> {
    let known = case.link.filter(|link| link.commit.is_none())?;
    let commit = cx.input.ledger.applied_commit().filter(|_| cx.input.commit.is_some())?;
    let link = GroupLink { commit: Some(commit.clone()), ..cx.links().with_todays_members(known) };
    Some(LedgerUpdate::PutGroup { key: case.key.clone(), link })
}

fn said(actual: &Seen<Value>) -> String {
    match actual {
        Seen::Is(value) => format!("\"{value}\""),
        Seen::None => "unassigned".to_owned(),
        Seen::Unread(why) => format!("not known ({why})"),
    }
}

fn group_name(cx: &Context, attributes: &[DesiredAttribute]) -> Shown {
    attributes
        .iter()
        .find_map(|attribute| match &attribute.want {
            Want::Is(value) if attribute.meaning == Meaning::Name => {
                Some(cx.shown(attribute.path.key(), value, false))
            }
            _ => None,
        })
        .unwrap_or_default()
}

pub(super) fn declared_here(cx: &Context, wanted: &DesiredGroup) -> Reason {
    let app = cx.input.desired.app.id.clone();
    let fact = match &wanted.object {
        Object::Role(role) => Fact::RoleIsGroup { role: role.clone(), app },
        object => Fact::Pushed { object: object.clone(), app },
    };
    cx.input.reason(fact, wanted.span)
}
