//! Later steps of creates. A plan shows each of them beside its create; those that a run left open are continued by the next one.

use std::sync::Arc;

use crate::model::change::{Cause, Change, ChangeKind, Facet};
use crate::model::fact::Fact;
use crate::model::{RemoteId, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::resolve::Standing;

/// Of accounts that this plan creates.
pub(super) fn of_new(cx: &Context, user: UserNo, id: &UserId, cause: Cause) -> Vec<Change> {
    let steps = cx.input.capabilities.create_steps.iter();
    let change = |step: &Arc<str>| {
        let mut change = cx.change(id, Facet::Attribute(step.clone()), ChangeKind::Continue, cause);
        change.reasons = cx.input.why_account(user);
        change
    };
    steps.map(change).collect()
}

/// Of an account that an interrupted run created, or whose create came to no end.
pub(super) fn of_account(cx: &Context, id: &UserId, remote: &RemoteId, step: &Arc<str>) -> Change {
    let mut change = cx.change(id, Facet::Attribute(step.clone()), ChangeKind::Continue, Cause::Retry);
    change.remote = Some(remote.clone());
    change.reasons = vec![Fact::OpenStep { remote: remote.clone(), user: id.clone() }.into()];
    change
}

/// Of all accounts with a link, of people who are to have them.
pub(crate) fn decide_all(cx: &Context, frozen: impl Fn(&UserId) -> bool) -> Decision {
    if !cx.input.desired.app.users.actions.create {
        return Decision::default();
    }
    let mut decided = Decision::default();
    for link in cx.links().numbers().filter(|link| !cx.link(*link).open_steps.is_empty()) {
        let row = cx.row(link);
        let is_in = |user: UserNo| matches!(cx.input.desired.standing(user), Standing::In);
        if row.is_tombstone() || !row.number.is_some_and(is_in) || frozen(&row.user) {
            continue;
        }
        if cx.seen(link).is_none() || !cx.is_usable(link) || !cx.is_on(link) {
            continue;
        }
        let steps = cx.input.capabilities.create_steps.iter();
        let open = steps.filter(|step| row.link.open_steps.contains(*step));
        decided.changes.extend(open.map(|step| of_account(cx, &row.user, &row.link.remote, step)));
    }
    decided
}
