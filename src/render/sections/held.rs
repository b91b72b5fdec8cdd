//! Changes that a guard or a policy holds back, by what holds them.

use std::collections::BTreeMap;

use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Verdict};
use crate::plan::GuardReport;
use crate::render::subject::effect;

/// The changes that one guard or policy holds.
#[derive(Debug)]
pub(crate) struct HeldBy<'p> {
    /// Its short name.
    pub by: &'p str,
    pub why: Why<'p>,
    /// The same act for the same cause stands together.
    pub alike: Vec<Vec<&'p Change>>,
    /// Changes that are alike are one line.
    pub is_folded: bool,
}

/// Why changes are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why<'p> {
    /// All for this reason.
    Shared(&'p str),
    /// All for the reason that the status of the app or the section of the guards gives.
    SaidElsewhere,
    /// Each for its own.
    Each,
}

/// What makes held changes the same.
type Likeness<'p> = (ChangeKind, Option<&'p Object>, Option<&'p Facet>, Cause);

impl<'p> HeldBy<'p> {
    /// The changes that `by` holds. In an app that is stopped, its status says why.
    pub(super) fn new(
        by: &'p str,
        changes: Vec<&'p Change>,
        guards: &[GuardReport],
        is_stopped: bool,
        unfold: bool,
    ) -> Self {
        let why = match shared_why(&changes) {
            None => Why::Each,
            Some(why) if is_stopped || guards.iter().any(|guard| guard.sentence() == why) => {
                Why::SaidElsewhere
            }
            Some(why) => Why::Shared(why),
        };
        Self { by, why, alike: alike(changes), is_folded: !unfold && why != Why::Each }
    }
}

fn shared_why<'p>(changes: &[&'p Change]) -> Option<&'p str> {
    let mut reasons = changes.iter().filter_map(|change| match &change.verdict {
        Verdict::Held { why, .. } => Some(why.as_str()),
        Verdict::Do => None,
    });
    let first = reasons.next()?;
    reasons.all(|why| why == first).then_some(first)
}

fn alike(changes: Vec<&Change>) -> Vec<Vec<&Change>> {
    let mut groups: BTreeMap<Likeness, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        let kind = effect(change.kind, &change.key);
        let key = match (&change.key.object, &change.key.facet) {
            (object @ (Object::Group(_) | Object::Role(_)), Facet::Member(_) | Facet::UnmanagedMember(_)) => {
                (kind, Some(object), None, change.cause)
            }
            (_, facet) => (kind, None, Some(facet), change.cause),
        };
        groups.entry(key).or_default().push(change);
    }
    groups.into_values().collect()
}
