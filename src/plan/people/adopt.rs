//! Taking over an existing account. It is always a line of the plan (safety.md 2).

use super::attributes::{self, unmappable};
use super::hands::{self, Binding};
use super::hands_said;
use super::refusal::{leaver_refusal, refusal};
use super::{claim, continued, leave};
use crate::model::app::{Deprovision, ManualLink};
use crate::model::change::{Cause, Change, ChangeKind, Facet, Reason};
use crate::model::company::ApplyWhen;
use crate::model::fact::Fact;
use crate::model::intervention::Hand;
use crate::model::ledger::{Hashes, Link, LinkState, Origin};
use crate::model::seen::{Activity, Seen};
use crate::model::{AttributeHashes, RoleNo, Span, UserId, UserNo, Value, Want};
use crate::plan::compare::{self, Findings};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, Waiting};
use crate::plan::notice::NoticeKind;
use crate::plan::reading::rows::UnlinkedRow;
use crate::plan::roles::{self, Holder};

pub(crate) fn adopt(cx: &Context, user: UserNo, id: &UserId, row: &UnlinkedRow) -> Decision {
    let listed = cx.differ.manual.get(&row.remote) == Some(id);
    let findings = compare_unlinked(cx, user, row);
    let origin = claim::origin(cx, user, id, row, &findings);
    let refusal = match origin {
        Origin::Created => None,
        Origin::Adopted => refusal(cx, user, id, row, listed, &findings),
    };
    if let Some(why) = refusal {
        return refused(cx, id, row, &why);
    }
    if let Some(why) = &findings.error {
        return unmappable(cx, id, why);
    }
    let is_off = cx.activity(row) == Activity::Off;
    let binding = hands::against_binding(cx, user, is_off);
    if let (Binding::Stands(hand), false) = (&binding, is_off) {
        let said = hands_said::against_binding(cx, id, row, hand, is_off);
        // It is no account of nobody: a person has to decide about it.
        return Decision { standing: vec![(id.clone(), hand.clone())], ..Decision::freeze(id, said) };
    }
    let cause = if origin == Origin::Created { Cause::Retry } else { Cause::Config };
    let mut change = cx.change(id, Facet::Life, ChangeKind::Adopt, cause);
    change.remote = Some(row.remote.clone());
    change.reasons = adoption_reasons(cx, user, row, listed, origin);
    let former = former_person(cx, id, row);
    let steps = cx.input.capabilities.create_steps.iter().filter(|_| origin == Origin::Created);
    let open_steps = steps.cloned().collect();
    let entry = Link { origin, open_steps, ..adoption_link(cx, user, row, &findings) };
    if let Binding::Stands(hand) = &binding {
        let said = hands_said::against_binding(cx, id, row, hand, is_off);
        return bound_off(cx, user, entry, change).and(said.into()).and(former);
    }
    if is_off {
        // The adoption also turns the account on, because a separate change would have the same key.
        change.turn_on();
    }
    let said = why_first(cx, user, id, &binding, is_off && origin == Origin::Adopted);
    let said = said.map(|(why, place)| hands_said::bound(cx, id, &row.remote, &why, place, is_off));
    let holder = Holder { user, id, remote: &row.remote, link: None };
    let attributes = attributes::decide(cx, &holder, &findings);
    let later = entry.open_steps.iter().map(|step| continued::of_account(cx, id, &row.remote, step));
    let changes = std::iter::once(change).chain(later).collect();
    let taken = Decision {
        adopted: vec![(user, row.remote.clone())],
        links: vec![(id.clone(), entry)],
        changes,
        notices: said.into_iter().collect(),
        ..Decision::account(user, &row.remote)
    };
    let references = findings.references.into_iter().map(Box::new);
    let references = references.map(|reference| (user, Waiting::New(reference))).collect();
    taken.and(attributes).and(Decision { references, ..Decision::default() }).and(former)
}

/// Why an account is bound that another hand had deleted or turned off, or one that is off: it is said first, with the line.
fn why_first(
    cx: &Context,
    user: UserNo,
    id: &UserId,
    binding: &Binding,
    is_turned_on: bool,
) -> Option<(String, Span)> {
    let own = cx.input.resolved.company.users[user.index()].life_span;
    match (binding, cx.input.desired.app.links.get(id)) {
        (Binding::Released(why), _) => Some((why.clone(), own)),
        (_, Some(ManualLink::To { span, .. })) if is_turned_on => {
            Some(("the line of `links:`".to_owned(), *span))
        }
        _ => None,
    }
}

/// The account is bound and stays off: another hand turned it off, or deleted the one before.
fn bound_off(cx: &Context, user: UserNo, entry: Link, change: Change) -> Decision {
    let id = cx.user_id(user).clone();
    let seen = hands::first_seen(cx, user, Hand::Disabled);
    let standing = seen.observed.is_empty().then(|| (id.clone(), Hand::Disabled));
    let bound = Decision {
        adopted: vec![(user, entry.remote.clone())],
        links: vec![(id, Link { state: LinkState::Active, ..entry })],
        changes: vec![change],
        standing: standing.into_iter().collect(),
        ..Decision::default()
    };
    bound.and(seen)
}

/// The app gave the id of a deleted account to this one: apply drops the entry of the former person (safety.md 16).
fn former_person(cx: &Context, id: &UserId, row: &UnlinkedRow) -> Decision {
    let former = cx.links().former_of(&row.remote).map(|link| &cx.row(link).user);
    let notice = former.filter(|former| *former != id).map(|former| {
        let text = format!("account {} has the id of the deleted account of {former}", row.remote);
        let hint = "the app gave the id again: the ledger forgets the deleted account";
        cx.notice(NoticeKind::Advice, id, text, Some(hint))
    });
    notice.map(Decision::from).unwrap_or_default()
}

fn refused(cx: &Context, id: &UserId, row: &UnlinkedRow, why: &str) -> Decision {
    let name = row.name.as_deref().unwrap_or("no name");
    let text = format!("account {} ({name}) matches, but {why}", row.remote);
    let hint = if row.protected {
        "take it out of `protect:` if rolecall should manage it, or leave the person out with `links: {…: ignore}`".to_owned()
    } else {
        format!("if it is theirs, say so: `links: {{{id}: \"{}\"}}`", row.remote)
    };
    Decision::freeze(id, cx.notice(NoticeKind::NotAdopted, id, text, Some(&hint)))
}

fn compare_unlinked(cx: &Context, user: UserNo, row: &UnlinkedRow) -> Findings {
    compare::account(&cx.differ.comparison(), cx.differ.attributes(user), (user, None), &row.values)
}

/// A leaver whose account rolecall does not know yet: adopted by this plan, disabled by the next (safety.md 5).
pub(crate) fn adopt_leaver(cx: &Context, user: UserNo, id: &UserId, row: &UnlinkedRow) -> Decision {
    let users = &cx.input.desired.app.users;
    if users.deprovision.is_keep() || !users.actions.deprovision {
        return match users.deprovision {
            Deprovision::Keep { said: false } => {
                let text = "is to have no account here, and an active one is theirs".to_owned();
                cx.notice(NoticeKind::StillHasAccess, id, text, Some(leave::by_hand(cx))).into()
            }
            _ => Decision { kept: vec![id.clone()], ..Decision::default() },
        };
    }
    let listed = cx.differ.manual.get(&row.remote) == Some(id);
    let name = row.name.as_deref().unwrap_or("no name");
    let is = match cx.activity(row) {
        Activity::Unread(_) => "may be active",
        Activity::On | Activity::Off => "is active",
    };
    let access = format!("account {} ({name}) {is}", row.remote);
    if let Some(why) = leaver_refusal(cx, user, id, row, listed) {
        let hint =
            format!("it is not taken over, because {why}; disable it in the app, or name it below `links:`");
        return Decision::freeze(id, cx.notice(NoticeKind::StillHasAccess, id, access, Some(&hint)));
    }
    let mut change = cx.change(id, Facet::Life, ChangeKind::Adopt, Cause::Left);
    change.remote = Some(row.remote.clone());
    let findings = compare_unlinked(cx, user, row);
    let origin = claim::origin(cx, user, id, row, &findings);
    change.reasons = adoption_reasons(cx, user, row, listed, origin);
    let hint = match cx.is_completed() {
        _ if !cx.input.capabilities.disable_users => {
            "this plan adopts the account, and this app cannot turn accounts off: take the access away in the app by hand, or let `delete_adopted: true` delete it"
        }
        true => "this plan adopts the account, and the next one disables it",
        false => {
            "this plan adopts the account, and the next one disables it, held by guard:takeover until it is allowed"
        }
    };
    Decision {
        adopted: vec![(user, row.remote.clone())],
        links: vec![(
            id.clone(),
            Link { adopted_out: !cx.is_completed(), origin, ..adoption_link(cx, user, row, &findings) },
        )],
        changes: vec![change],
        ..cx.notice(NoticeKind::StillHasAccess, id, access, Some(hint)).into()
    }
}

fn adoption_reasons(
    cx: &Context,
    user: UserNo,
    row: &UnlinkedRow,
    listed: bool,
    origin: Origin,
) -> Vec<Reason> {
    let id = cx.user_id(user);
    let (remote, user_id) = (row.remote.clone(), id.clone());
    if let (true, Some(ManualLink::To { span, .. })) = (listed, cx.input.desired.app.links.get(id)) {
        return vec![cx.input.reason(Fact::Linked { remote, user: user_id }, *span)];
    }
    if origin == Origin::Created {
        return vec![Fact::CreatedAccount { remote, user: user_id }.into()];
    }
    let rank = row.candidates.iter().find(|candidate| candidate.user == user).map(|candidate| candidate.rank);
    let by = rank.and_then(|rank| cx.differ.index().path(rank)).cloned();
    let fact = Fact::Matches { remote, name: row.name.clone(), user: user_id, by };
    vec![cx.input.reason(fact, cx.input.resolved.company.users[user.index()].span)]
}

/// The ledger entry of an account that is taken over: values that are as desired are remembered as kept.
fn adoption_link(cx: &Context, user: UserNo, row: &UnlinkedRow, findings: &Findings) -> Link {
    let input = cx.input;
    let mut values = AttributeHashes::default();
    for (attribute, actual) in cx.differ.attributes(user).iter().flatten().zip(&row.values) {
        let differs =
            findings.differences.iter().any(|difference| difference.attribute.path == attribute.path);
        let is_roles = attribute.stores_roles();
        let unhashed = attribute.sensitive || attribute.apply == ApplyWhen::Create || is_roles;
        let shown = match actual {
            Seen::Is(actual) => actual,
            Seen::None => &Value::Null,
            Seen::Unread(_) => continue,
        };
        if let (Want::Is(value), false, false) = (&attribute.want, differs, unhashed) {
            let key = attribute.path.key();
            let hashes = Hashes::of(input.key, key, value, shown, input.resolved.at);
            values.insert(key.clone(), hashes);
        }
    }
    let held = findings.roles.iter().flat_map(|roles| &roles.held);
    let declared: Vec<_> = input.desired.roles_of(user).collect();
    let (held, found): (Vec<&RoleNo>, Vec<&RoleNo>) = held.partition(|role| declared.contains(role));
    let id_of = |role: &RoleNo| input.desired.app.roles[role.index()].id.clone();
    let former = roles::replaced_link(cx, user).into_iter().flat_map(|link| link.roles.clone());
    Link {
        state: match cx.activity(row) {
            Activity::On | Activity::Unread(_) => LinkState::Active,
            // The adoption turns it on; until that is done, it counts as disabled by us.
            Activity::Off => {
                LinkState::Disabled { since: input.resolved.at, commit: input.commit.map(Into::into) }
            }
        },
        commit: input.commit.map(Into::into),
        created: row.created,
        roles: held.into_iter().map(id_of).chain(former).collect(),
        found_roles: found.into_iter().map(id_of).collect(),
        person: cx.person(user),
        values,
        ..Link::new(row.remote.clone(), Origin::Adopted)
    }
}
