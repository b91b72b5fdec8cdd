//! Changes that a date decides. They are held if the clock is in doubt (safety.md 7).

use super::context::Context;
use super::decision::Decision;
use crate::model::app::{Deprovision, Scope};
use crate::model::change::{Change, ChangeKind, Facet, Object, Verdict};
use crate::model::company::Status;
use crate::model::fact::Fact;
use crate::model::time::Window;
use crate::model::words::count;
use crate::model::{GroupNo, RoleNo, UserNo};
use crate::plan::notice::{Notice, NoticeKind};
use crate::resolve::{OutReason, RoleStorage, Standing};

/// Holds every change that a date decides, and says so once.
pub(super) fn hold(cx: &Context, mut decided: Decision) -> Decision {
    let Some(doubt) = cx.differ.doubt else { return decided };
    let why = format!("a date decides this, and {doubt}");
    let mut held = 0;
    for change in &mut decided.changes {
        if change.verdict.is_do() && is_dated(cx, change) {
            change.verdict = Verdict::Held { by: "clock".into(), why: why.clone() };
            held += 1;
        }
    }
    let (kind, text) = match held {
        0 => (NoticeKind::Advice, doubt.to_string()),
        _ => {
            let what =
                count(held, "change that a date decides is held", "changes that a date decides are held");
            (NoticeKind::Clock, format!("{doubt}: {what}"))
        }
    };
    decided.notices.push(Notice::of_app(kind, text, Some(doubt.hint().to_owned())));
    decided
}

/// True if the change would be another one, or none, at another time.
fn is_dated(cx: &Context, change: &Change) -> bool {
    let person = change.key.person().and_then(|id| cx.number(id));
    match change.kind {
        ChangeKind::Delete if waits_to_delete(cx, change) => true,
        ChangeKind::Disable | ChangeKind::Delete => match person {
            Some(user) => is_out_by_date(cx, user),
            None => matches_somebody_dated(cx, change),
        },
        ChangeKind::RoleRevoke | ChangeKind::MemberRemove => {
            person.is_some_and(|user| is_lost_by_date(cx, user, change))
        }
        ChangeKind::Create | ChangeKind::Continue | ChangeKind::Enable => {
            person.is_some_and(|user| is_in_by_date(cx, user))
        }
        ChangeKind::Adopt | ChangeKind::Relink => {
            change.turns_on() && person.is_some_and(|user| is_in_by_date(cx, user))
        }
        ChangeKind::RoleGrant | ChangeKind::MemberAdd => person.is_some_and(|user| {
            is_in_by_date(cx, user) || windows(cx, user, change).is_none_or(|windows| is_bounded(&windows))
        }),
        ChangeKind::Update => person.is_some_and(|user| is_value_by_date(cx, user, change)),
        ChangeKind::Forget => false,
        ChangeKind::GroupCreate | ChangeKind::GroupRename | ChangeKind::GroupDelete => false,
    }
}

/// True unless it holds at all times.
fn is_bounded(windows: &[Window]) -> bool {
    windows != [Window::ALWAYS]
}

/// `delete_after` is counted from an instant in the ledger.
fn waits_to_delete(cx: &Context, change: &Change) -> bool {
    let waits =
        matches!(cx.input.desired.app.users.deprovision, Deprovision::Delete { after } if !after.is_zero());
    waits && matches!(change.key.object, Object::User(_))
}

/// True if the person has no account now, and has had one or will have one by the same files.
fn is_out_by_date(cx: &Context, user: UserNo) -> bool {
    if cx.input.resolved.company.users[user.index()].status != Status::Active {
        return false;
    }
    match cx.input.desired.standing(user) {
        Standing::Out(OutReason::Ended | OutReason::NotYet | OutReason::Lapsed) => true,
        Standing::Out(OutReason::NotAssigned | OutReason::NotEntitled) => {
            cx.input.desired.account_windows(user).next().is_some()
        }
        Standing::Out(OutReason::Left | OutReason::Filtered | OutReason::AppGivenUp) => false,
        Standing::In | Standing::Suspended | Standing::Ignored | Standing::Unknown(_) => false,
    }
}

/// True if the account of a person hangs on a date: their own, or one of every line that leads to it.
fn is_in_by_date(cx: &Context, user: UserNo) -> bool {
    let desired = cx.input.desired;
    let own = cx.input.resolved.company.users[user.index()].window;
    let assigned = desired.app.users.scope == Scope::Assigned;
    own != Window::ALWAYS
        || (assigned && !desired.account_windows(user).any(|window| window == Window::ALWAYS))
}

/// The windows in which lines lead to what a change gives or takes; `None` if it is nothing that is declared.
fn windows(cx: &Context, user: UserNo, change: &Change) -> Option<Vec<Window>> {
    let (company, app) = (cx.input.resolved.company, cx.input.desired.app);
    let of_role = |role: RoleNo| cx.input.desired.windows(user, role);
    if let Some(role) = change.key.facet.role() {
        return app.role(role.as_str()).map(of_role);
    }
    match (&change.key.facet, &change.key.object) {
        (Facet::Member(_), Object::Role(role)) => app.role(role.as_str()).map(of_role),
        (Facet::Member(_), Object::Group(id)) => {
            let group = company.groups.iter().position(|group| group.id == *id)?;
            Some(cx.input.resolved.groups.windows(GroupNo::from(group), user))
        }
        _ => None,
    }
}

/// True if a role or membership is lost with the account by a date, or is declared for another time.
fn is_lost_by_date(cx: &Context, user: UserNo, change: &Change) -> bool {
    match cx.input.resolved.company.users[user.index()].status {
        Status::Left => false,
        _ if is_out_by_date(cx, user) => true,
        _ => windows(cx, user, change).is_some_and(|windows| {
            let now = cx.input.resolved.at;
            !windows.is_empty() && !windows.iter().any(|window| window.contains(now))
        }),
    }
}

/// True for a value that is worked out from roles of which one has a date.
fn is_value_by_date(cx: &Context, user: UserNo, change: &Change) -> bool {
    let Facet::Attribute(path) = &change.key.facet else { return false };
    let desired = cx.input.desired;
    let is_dated = |(_, windows): (Option<RoleNo>, Vec<Window>)| is_bounded(&windows);
    let is_derived = || {
        let attributes = desired.attributes(user).unwrap_or_default();
        let mut of_roles = attributes.iter().filter(|attribute| attribute.roles != RoleStorage::None);
        of_roles.any(|attribute| attribute.path.key() == path)
    };
    desired.declared(user).any(is_dated) && is_derived()
}

/// True for the account of nobody that would be a person's at another time.
fn matches_somebody_dated(cx: &Context, change: &Change) -> bool {
    change.reasons.iter().any(|reason| match &reason.fact {
        Fact::MatchesOutsider(id) => cx.number(id).is_some_and(|user| is_out_by_date(cx, user)),
        _ => false,
    })
}
