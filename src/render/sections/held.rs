//! Changes that a guard or a policy holds back, by what holds them.

use std::collections::BTreeMap;

use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Verdict};
use crate::plan::GuardReport;
use crate::render::subject::effect;

/// The changes that one guard or policy holds.
#[derive(Debug)]
pub(crate) struct HeldBy<'p> {
    /// The short name of the guard or policy.
    pub by: &'p str,
    /// Where the reason stands.
    pub why: Why<'p>,
    /// The changes, grouped by [`Likeness`].
    pub alike: Vec<Vec<&'p Change>>,
    /// True if changes that are alike are one line.
    pub is_folded: bool,
}

/// Where the reader finds why the changes are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why<'p> {
    /// All are held for this reason.
    Shared(&'p str),
    /// All are held for one reason, which the status of the app or the section of the guards gives.
    SaidElsewhere,
    /// The reasons differ: each change has its own.
    Each,
}

/// Held changes are alike if they do the same for the same cause: for members, in the same group or role (the object);
/// else, to the same side of any object (the facet).
type Likeness<'p> = (ChangeKind, Option<&'p Object>, Option<&'p Facet>, Cause);

impl<'p> HeldBy<'p> {
    /// The changes that `by` holds. An app that is stopped gives the reason in its status.
    pub(super) fn new(
        by: &'p str,
        changes: Vec<&'p Change>,
        guards: &[GuardReport],
        is_stopped: bool,
        unfold: bool,
    ) -> Self {
        let why = match shared_reason(&changes) {
            None => Why::Each,
            Some(reason) if is_stopped || guards.iter().any(|guard| guard.sentence() == reason) => {
                Why::SaidElsewhere
            }
            Some(reason) => Why::Shared(reason),
        };
        Self { by, why, alike: alike(changes), is_folded: !unfold && why != Why::Each }
    }
}

fn shared_reason<'p>(changes: &[&'p Change]) -> Option<&'p str> {
    let mut reasons = changes.iter().filter_map(|change| match &change.verdict {
        Verdict::Held { why, .. } => Some(why.as_str()),
        Verdict::Do => None,
    });
    let first = reasons.next()?;
    reasons.all(|reason| reason == first).then_some(first)
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
