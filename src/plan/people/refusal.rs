//! Why an account that matches a person is not taken over without a line of `links:` (safety.md 2).

use super::{claim, former_values};
use crate::model::app::Adopt;
use crate::model::folded::folded_value;
use crate::model::ledger::{Link, PersonHashes};
use crate::model::seen::Activity;
use crate::model::{Path, UserId, UserNo};
use crate::plan::compare::Findings;
use crate::plan::decide::context::Context;
use crate::plan::groups::find::memberships_beyond;
use crate::plan::reading::likeness::Likeness;
use crate::plan::reading::rows::UnlinkedRow;
use crate::resolve::names_of;

/// Why the account of a leaver may not be taken over without being listed.
pub(super) fn leaver_refusal(
    cx: &Context,
    user: UserNo,
    id: &UserId,
    row: &UnlinkedRow,
    listed: bool,
) -> Option<String> {
    if row.protected {
        return Some("it is protected".to_owned());
    }
    if listed {
        return None;
    }
    policy_refusal(cx, false)
        .or_else(|| short_listing(cx))
        .or_else(|| unknown_activity(cx, row))
        .or_else(|| identity_refusal(cx, id, row))
        .or_else(|| former_values::refusal(cx, user, id, row))
}

/// Another account that was not listed may match as well.
fn short_listing(cx: &Context) -> Option<String> {
    let why = cx.differ.short.users.as_ref()?;
    Some(format!("the listing of accounts did not show all of them, and another one may match too: {why}"))
}

/// Our own writes are all that is known of an account whose activity the app does not show, and there are none yet.
fn unknown_activity(cx: &Context, row: &UnlinkedRow) -> Option<String> {
    match cx.activity(row) {
        Activity::Unread(why) => Some(format!("it cannot be said whether it is active: {why}")),
        Activity::On | Activity::Off => None,
    }
}

fn policy_refusal(cx: &Context, listed: bool) -> Option<String> {
    match cx.input.desired.app.adopt {
        _ if listed => None,
        Adopt::Never => Some("`adopt: never` forbids it".to_owned()),
        Adopt::Listed => Some("`adopt: listed` allows only what stands below `links:`".to_owned()),
        Adopt::Matched => None,
    }
}

/// Why an account may not be taken over without being listed.
pub(super) fn refusal(
    cx: &Context,
    user: UserNo,
    id: &UserId,
    row: &UnlinkedRow,
    listed: bool,
    findings: &Findings,
) -> Option<String> {
    if row.protected {
        return Some("it is protected".to_owned());
    }
    if listed {
        return None;
    }
    let inactive = || (cx.activity(row) == Activity::Off).then(|| "it is inactive".to_owned());
    policy_refusal(cx, false)
        .or_else(|| short_listing(cx))
        .or_else(inactive)
        .or_else(|| unknown_activity(cx, row))
        .or_else(|| identity_refusal(cx, id, row))
        .or_else(|| former_values::refusal(cx, user, id, row))
        .or_else(|| privilege_refusal(cx, user, row, findings))
}

fn identity_refusal(cx: &Context, id: &UserId, row: &UnlinkedRow) -> Option<String> {
    let external = row.our_id.as_deref().filter(|external| !external.is_empty())?;
    let place = cx.input.desired.definition.users.our_id.as_ref()?;
    match claim::is_our_id(cx, id, external) {
        true => id_alone_refusal(cx, id, place, row),
        false => Some(format!("its {place} is \"{external}\", which is not ours")),
    }
}

/// An id is not a person (safety.md 1): it may have been given on. Once an apply has run to its end, another value of the account has
/// to be the person's own, today or at the last applied commit. Where no other value tells accounts apart, the entry of the account
/// that vanished has to remember the person.
fn id_alone_refusal(cx: &Context, id: &UserId, place: &Path, row: &UnlinkedRow) -> Option<String> {
    let user = cx.number(id).filter(|_| cx.is_completed())?;
    let names = names_of(&cx.input.resolved.company.users[user.index()]);
    let is_another = |link: &Link| {
        let now = PersonHashes::of(cx.input.key, &names);
        let is_back = link.off_at().is_some();
        !link.person.is_empty() && !Likeness::of(now.all(), link.person.all(), || false).is_enough(is_back)
    };
    let today = cx.input.desired.identifying(user);
    let is_other = |path: &Path| path != place && today.iter().any(|(other, _)| other == path);
    let attributes = cx.differ.attributes(user);
    let attributes = attributes.iter().flatten().zip(&row.values);
    let shown = attributes.filter(|(attribute, _)| is_other(&attribute.path));
    let shown: Vec<(&Path, String)> = shown
        .filter_map(|(attribute, value)| Some((&attribute.path, folded_value(value.shown()?)?)))
        .collect();
    let tree = cx.differ.applied_tree(cx.answers);
    let then = tree.and_then(|tree| cx.ids_of(id).find_map(|id| Some((tree, tree.person(id)?))));
    let then = then.into_iter().flat_map(|(tree, person)| tree.paths.iter().zip(person.folded_values()));
    let then = then.filter_map(|(path, value)| Some((path, value?)));
    let today = today.iter().filter_map(|(path, value)| Some((path, folded_value(value)?)));
    let is_own = today.chain(then).any(|(path, value)| shown.contains(&(path, value)));
    let is_refused = match shown.is_empty() {
        // Nothing else tells these accounts apart: an account that was lost is made good by who its person was.
        true => cx.link_of(user).is_some_and(is_another),
        false => !is_own,
    };
    is_refused.then(|| {
        format!(
            "only its {place} is {id}'s: no other value that tells accounts apart is, neither today nor at the last applied commit"
        )
    })
}

/// A role or managed membership that nobody declared for this person.
fn privilege_refusal(cx: &Context, user: UserNo, row: &UnlinkedRow, findings: &Findings) -> Option<String> {
    let id = cx.user_id(user);
    let desired = cx.input.desired;
    if desired.roles_undecided(user) {
        return Some(format!("it cannot be said which roles {id} should have"));
    }
    if let Some(roles) = &findings.roles {
        let declared: Vec<_> = desired.roles_of(user).collect();
        let beyond = roles.held.iter().find(|role| !declared.contains(role));
        let beyond = beyond.map(|role| desired.app.roles[role.index()].id.to_string());
        let unknown = roles.undeclared.first().map(|other| format!("\"{}\"", other.value));
        if let Some(role) = beyond.or(unknown) {
            return Some(format!("it holds the role {role}, which {id} is not declared to have"));
        }
    }
    let (_, group) = memberships_beyond(cx, user, row).next()?;
    Some(format!("it is a member of {}, which {id} is not declared to be in", group.object))
}
