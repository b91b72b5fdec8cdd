//! The meaning of a person's standing: leaving or only not assigned, starting or configured.

use crate::model::UserNo;
use crate::model::change::{Cause, Reason};
use crate::model::fact::{self, Fact};
use crate::plan::decide::context::Context;
use crate::resolve::Standing;

pub(crate) fn why_suspended(cx: &Context, user: UserNo) -> Vec<Reason> {
    let declared = &cx.input.resolved.company.users[user.index()];
    let fact = Fact::Standing { user: declared.id.clone(), standing: fact::Standing::Suspended };
    vec![cx.input.reason(fact, declared.life_span)]
}

/// `start`, if it came after the last applied commit.
pub(crate) fn start_or_config(cx: &Context, user: UserNo) -> Cause {
    let start = cx.input.resolved.company.users[user.index()].window.start;
    let applied = cx.input.ledger.applied.as_ref().map(|applied| applied.at);
    match (start, applied) {
        (Some(start), Some(applied)) if applied < start => Cause::Start,
        _ => Cause::Config,
    }
}

/// True if the person is declared to have no access, not merely without an assignment.
pub(crate) fn is_leaver(cx: &Context, user: UserNo, standing: &Standing) -> bool {
    let desired = cx.input.desired;
    standing.is_declared_out(desired.company, user, desired.at)
}
