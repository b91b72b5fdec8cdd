//! What an app may not list yet: an object whose creation it acknowledged a short while ago (safety.md 22).

use super::differ::Differ;
use crate::model::instants::TOLERANCE;
use crate::model::ledger::Origin;
use crate::model::remote::Kind;
use crate::model::{Created, Remote};

/// So many minutes an app may take until its listings show what it created.
const LAG_MINUTES: i64 = 10;

/// True if we created this object less than ten minutes ago: that a listing lacks it says nothing of the others. An account was
/// created when its entry says so, a group when the app says so; where neither does, it is not known to be new.
pub(in crate::plan) fn is_new(differ: &Differ, remote: &Remote) -> bool {
    let created = match remote.kind {
        Kind::User => {
            let link = differ.links.of_remote(remote.id.as_str()).map(|link| differ.links.row(link).link);
            link.filter(|link| link.origin == Origin::Created).and_then(|link| link.created)
        }
        Kind::Group => {
            let mut links = differ.input.ledger.groups.values();
            let is_ours = links.any(|link| link.remote == remote.id && link.origin == Origin::Created);
            remote.created.filter(|_| is_ours)
        }
    };
    created.is_some_and(|created| is_young(differ, created))
}

/// By a clock that may differ from ours.
fn is_young(differ: &Differ, created: Created) -> bool {
    let age = differ.input.resolved.at.duration_since(created.instant());
    age > -TOLERANCE && age.as_secs() < LAG_MINUTES * 60
}
