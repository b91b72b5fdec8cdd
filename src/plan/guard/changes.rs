//! Guards over what changes: logins, one attribute of many, new accounts.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Bench;
use super::count::{Count, blank, first_ten, select};
use super::limits::{self, Default};
use super::report::{GuardReport, Judged};
use crate::model::app::Limit;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object};
use crate::plan::draft::Draft;

/// People whose matching, unique or login attributes change. A value that was unassigned is no change of how somebody
/// signs in.
pub fn login(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let is_login = |change: &Change| match (&change.key.object, &change.key.facet) {
        (Object::User(_), Facet::Attribute(path)) => {
            draft.bases.login_paths.contains(path) && change.old.text.is_some()
        }
        _ => false,
    };
    let hold = select(draft, is_login);
    let mut people = BTreeSet::new();
    let counted = hold.iter().filter(|index| people.insert(&draft.changes[**index].key.object));
    let count = Count {
        guard: "login",
        set: bench.limits.login,
        default: Default { count: Some(5), share: 0, percent: Some(2) },
        base: draft.bases.accounts,
        counted: counted.copied().collect(),
        more: 0,
        hold,
    };
    count.judge(draft, bench)
}

/// One attribute changed on a large part of all accounts. What changes about an account that this plan creates or
/// adopts is part of that; so it is after an interruption between the two.
pub fn update(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let mut attributes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, change) in draft.changes.iter().enumerate() {
        if let (Object::User(id), Facet::Attribute(path), true) =
            (&change.key.object, &change.key.facet, change.verdict.is_do())
        {
            let is_new = change.remote.is_none() || draft.bases.adopted.contains(id);
            if !is_new && !draft.bases.begun.contains(&change.key) {
                attributes.entry(path).or_default().push(index);
            }
        }
    }
    let of_one = |(path, counted): (&str, Vec<usize>)| {
        let count = Count {
            guard: "update",
            set: bench.limits.update,
            default: Default { count: None, share: 0, percent: Some(25) },
            base: draft.bases.accounts,
            hold: counted.clone(),
            counted,
            more: 0,
        };
        let mut judged = count.judge(draft, bench);
        judged.iter_mut().for_each(|judged| judged.report.of = Some(path.to_owned()));
        judged.retain(|judged| judged.report.tripped || judged.report.allowed);
        judged
    };
    attributes.into_iter().flat_map(of_one).collect()
}

/// Accounts created: stops only if both limits are passed; not before the first completed apply, but re-creates always.
pub fn create(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let completed = draft.bases.completed;
    let counted = select(draft, |change| {
        change.kind == ChangeKind::Create && (completed || change.cause == Cause::Drift)
    });
    if counted.is_empty() {
        return Vec::new();
    }
    let limit = Limit {
        count: bench.limits.create.count.or(Some(20)),
        percent: bench.limits.create.percent.or(Some(25)),
    };
    let base = draft.bases.links;
    let mut report = GuardReport {
        limit: limit.count,
        percent: limit.percent,
        count: counted.len() as u64,
        first: first_ten(draft, &counted),
        ..blank(draft, "create", base)
    };
    let over_count = limit.count.is_none_or(|most| report.count > most);
    let over_percent = limit.percent.is_none_or(|percent| report.count * 100 > percent * base);
    limits::decide(&mut report, over_count && over_percent, bench.allowed);
    let people: HashSet<_> = counted.iter().map(|index| draft.changes[*index].key.object.clone()).collect();
    let hold = select(draft, |change| people.contains(&change.key.object));
    vec![Judged { report, hold }]
}
