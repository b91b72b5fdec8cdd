//! What the plan says of other hands: what it gives back, and why; what it leaves as another hand left it (safety.md 13).

use std::collections::BTreeMap;

use super::hands::entry;
use crate::model::change::{Change, Facet, Object};
use crate::model::intervention::{Hand, Intervention};
use crate::model::ledger::{LedgerUpdate, Link, LinkState};
use crate::model::time::Ago;
use crate::model::words::{count, first_ten};
use crate::model::{RemoteId, Span, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::rows::UnlinkedRow;
use crate::plan::release;

/// Shown first: an account that is turned on after it was held, or after its person had left.
pub(crate) fn turned_on(cx: &Context, user: UserNo, link: Option<&Link>, hand: &Hand, why: &str) -> Notice {
    let id = cx.user_id(user);
    let since = match link.map(|link| &link.state) {
        Some(LinkState::Disabled { since, .. }) => {
            format!(" was disabled {}, and", Ago::since(*since, cx.input.resolved.at))
        }
        Some(LinkState::Gone { since, .. }) if *hand == Hand::Disabled => {
            format!(" was deleted {}, and", Ago::since(*since, cx.input.resolved.at))
        }
        Some(LinkState::Active | LinkState::Gone { .. }) | None => String::new(),
    };
    let account = link.map_or("the account".to_owned(), |link| format!("account {}", link.remote));
    let what = match hand {
        Hand::Deleted => "was deleted in the app, and another one is made",
        Hand::Disabled | Hand::Revoked(_) | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => {
            "is turned on again"
        }
    };
    let text = format!("{account} of {id}{since} {what} because of {why}");
    let span = cx.input.resolved.company.users[user.index()].life_span;
    cx.notice_at(NoticeKind::TurnedOn, Object::User(id.clone()), text, None, Some(span))
}

/// Shown first: a privileged role that another hand had taken away, and that is given again.
pub(crate) fn given_again(cx: &Context, id: &UserId, grant: &Change, why: &str) -> Notice {
    let role = grant.new.text.as_deref().unwrap_or_default();
    let text = format!("role {role} of {id} was taken away in the app, and is given again because of {why}");
    let place = grant.reasons.iter().find_map(|reason| reason.place.clone());
    Notice { place, ..cx.notice(NoticeKind::GivenAgain, id, text, None) }
}

/// Shown first: an account that this plan binds and turns on, or binds although another hand had deleted the former one.
pub(crate) fn bound(
    cx: &Context,
    id: &UserId,
    remote: &RemoteId,
    why: &str,
    place: Span,
    is_off: bool,
) -> Notice {
    let what = match is_off {
        true => "is bound and turned on",
        false => "is bound, though another hand deleted the former one,",
    };
    let text = format!("account {remote} of {id} {what} because of {why}");
    cx.notice_at(NoticeKind::TurnedOn, Object::User(id.clone()), text, None, Some(place))
}

/// An account of a person whose account another hand deleted or turned off: it is bound and stays off, or it is not bound.
pub(crate) fn against_binding(
    cx: &Context,
    id: &UserId,
    row: &UnlinkedRow,
    hand: &Hand,
    is_off: bool,
) -> Notice {
    let seen = entry(cx, id, hand).map(|seen| Ago::since(seen.at, cx.input.resolved.at));
    let since = seen.map(|seen| format!(", first seen {seen}")).unwrap_or_default();
    let (remote, name) = (&row.remote, row.name.as_deref().unwrap_or("no name"));
    let (bound, option) = match is_off {
        true => ("is bound and stays off", "`--enable"),
        false => ("is not bound", "`--recreate"),
    };
    let does = if is_off { "turns it on" } else { "binds it" };
    let text = format!(
        "account {remote} ({name}) {bound}, because the account of {id} was {hand} in the app{since}"
    );
    let hint = format!("{option} {id}` {does}, and so does a change of {id}'s status, start or end");
    cx.notice(NoticeKind::Intervened, id, text, Some(&hint))
}

/// One line for all interventions that the ledger knows and that stand.
pub(crate) fn standing(cx: &Context, decided: &Decision) -> Vec<Notice> {
    let mut kinds: BTreeMap<HandKind, Vec<&(UserId, Hand)>> = BTreeMap::new();
    for one in &decided.standing {
        let kind = match one.1 {
            Hand::Disabled => HandKind::Disabled,
            Hand::Deleted => HandKind::Deleted,
            Hand::Revoked(_) | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => HandKind::Revoked,
        };
        kinds.entry(kind).or_default().push(one);
    }
    kinds.into_iter().map(|(kind, all)| one_line(cx, decided, kind, &all)).collect()
}

/// What stands in one line, in the order of the lines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum HandKind {
    Disabled,
    Deleted,
    /// Roles, whichever they are.
    Revoked,
}

fn one_line(cx: &Context, decided: &Decision, kind: HandKind, all: &[&(UserId, Hand)]) -> Notice {
    let oldest = all.iter().filter_map(|(id, hand)| entry(cx, id, hand)).map(|seen| seen.at).min();
    let since =
        oldest.map(|at| format!(", first seen {}", Ago::since(at, cx.input.resolved.at))).unwrap_or_default();
    let names: Vec<String> = all
        .iter()
        .map(|(id, hand)| match hand {
            Hand::Revoked(role) => format!("{id} ({role})"),
            Hand::Disabled | Hand::Deleted | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => {
                id.to_string()
            }
        })
        .collect();
    let names = first_ten(&names);
    let (text, hint) = match kind {
        HandKind::Disabled => (
            format!(
                "{} disabled in the app{since}: {names}",
                count(all.len(), "account stays off, because it was", "accounts stay off, because they were")
            ),
            "`--enable USER` turns one on, and so does a change of the person's status, start or end",
        ),
        HandKind::Deleted => (
            format!(
                "{} deleted in the app{since}: {names}",
                count(
                    all.len(),
                    "account is not made again, because it was",
                    "accounts are not made again, because they were"
                )
            ),
            "`--recreate USER` makes one again, and so does a change of the person's status, start or end",
        ),
        HandKind::Revoked => (
            format!(
                "{} taken away in the app{since}: {names}",
                count(
                    all.len(),
                    "privileged role is not given again, because it was",
                    "privileged roles are not given again, because they were"
                )
            ),
            "`--enable USER` gives it back, and so does a change of a line that names the person and leads to the role",
        ),
    };
    let hint = match release::of_all(cx, decided, &all[0].1, "`") {
        Some(of_all) => format!("{of_all}; so does a change of the person's status, start or end"),
        None => hint.to_owned(),
    };
    Notice::of_app(NoticeKind::Intervened, text, Some(hint))
}

/// What this plan sees for the first time of people who are to have no account, or whose account is off: no change of it is held.
pub(crate) fn news(cx: &Context, decided: &Decision) -> Vec<Notice> {
    let is_said = |user: &UserId, hand: &Hand| {
        let facet = match hand {
            Hand::Revoked(role) => Facet::Role(role.clone()),
            Hand::Disabled | Hand::Deleted | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => Facet::Life,
        };
        let key = cx.key(Object::User(user.clone()), facet);
        decided.changes.iter().any(|change| change.key == key)
    };
    let seen: Vec<&Intervention> = decided
        .observed
        .iter()
        .filter_map(|update| match update {
            LedgerUpdate::Intervened(seen) => Some(seen),
            _ => None,
        })
        .filter(|seen| !is_said(&seen.user, &seen.hand))
        .collect();
    let deleted = seen.iter().filter(|seen| seen.hand == Hand::Deleted).map(|seen| seen.user.to_string());
    let roles = seen.iter().filter_map(|seen| match &seen.hand {
        Hand::Revoked(role) => Some(format!("{} ({role})", seen.user)),
        Hand::Disabled | Hand::Deleted | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => None,
    });
    let (deleted, roles): (Vec<String>, Vec<String>) = (deleted.collect(), roles.collect());
    let mut notices = Vec::new();
    if !deleted.is_empty() {
        let text = format!(
            "{} deleted in the app, not by rolecall, while {} to have none: {}",
            count(deleted.len(), "account was", "accounts were"),
            if deleted.len() == 1 { "its person is" } else { "their people are" },
            first_ten(&deleted)
        );
        let hint = "if the person is to have one again, `--recreate USER` makes it, and so does a change of status, start or end";
        notices.push(Notice::of_app(NoticeKind::Intervened, text, Some(hint.to_owned())));
    }
    if !roles.is_empty() {
        let text = format!(
            "{} taken away in the app, not by rolecall, and {} not come back with the account: {}",
            count(roles.len(), "privileged role was", "privileged roles were"),
            if roles.len() == 1 { "does" } else { "do" },
            first_ten(&roles)
        );
        let hint = "once the account is on, `--enable USER` gives it back, and so does a change of a line that names the person and leads to the role";
        notices.push(Notice::of_app(NoticeKind::Intervened, text, Some(hint.to_owned())));
    }
    notices
}
