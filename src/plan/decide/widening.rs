//! Groups and roles that many people enter by this plan: who was in them before, and by which lines.

use std::collections::BTreeMap;

use super::bases::{group_holders, holders_of};
use super::context::Context;
use super::decision::Decision;
use crate::model::UserNo;
use crate::model::change::{Cause, Change, Reason};
use crate::model::ledger::GroupKey;
use crate::plan::widened::{MANY, Widening, group_it_enters, line};

/// Nothing before the first completed apply: until then nobody knows what is usual.
pub(super) fn before(cx: &Context, decided: &Decision) -> BTreeMap<GroupKey, Widening> {
    if !cx.is_completed() {
        return BTreeMap::new();
    }
    let mut entering: BTreeMap<GroupKey, Vec<&Change>> = BTreeMap::new();
    for change in &decided.changes {
        if let Some(group) = group_it_enters(change) {
            entering.entry(group).or_default().push(change);
        }
    }
    let many = entering.into_iter().filter(|(_, changes)| changes.len() > MANY);
    many.map(|(group, changes)| (group.clone(), before_of(cx, &group, &changes))).collect()
}

fn before_of(cx: &Context, group: &GroupKey, entering: &[&Change]) -> Widening {
    let mut people = match group {
        GroupKey::Group(_) => group_holders(cx, &group.object()),
        GroupKey::Role(role) => holders_of(cx, role),
    };
    // Whom the app has lost was there before; the files give them nothing new.
    let back = entering.iter().filter(|change| change.cause == Cause::Drift);
    people.extend(back.filter_map(|change| change.key.person().cloned()));
    let reasons = people.iter().filter_map(|id| cx.number(id)).flat_map(|user| why(cx, group, user));
    let lines = reasons.filter_map(|reason| reason.place.as_ref().map(line)).collect();
    Widening { people, lines }
}

fn why(cx: &Context, group: &GroupKey, user: UserNo) -> Vec<Reason> {
    let desired = cx.input.desired;
    match group {
        GroupKey::Role(role) => {
            let role = desired.app.role(role.as_str());
            role.map(|role| cx.input.why_role(user, role)).unwrap_or_default()
        }
        GroupKey::Group(_) => {
            let wanted = desired.groups.iter().find(|wanted| wanted.object == group.object());
            let pushed = wanted.and_then(|wanted| wanted.group);
            pushed.map(|group| cx.input.why_member(user, group)).unwrap_or_default()
        }
    }
}
