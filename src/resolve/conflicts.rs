//! Who breaks which conflict policy: nobody may hold two of its roles.

use roaring::RoaringBitmap;

use super::desired::DesiredApp;
use super::membership::Holders;
use crate::model::company::{Company, PolicyRule, RoleRef};

/// Who breaks one policy.
#[derive(Debug, Clone, Default)]
pub struct Conflict {
    /// People who are to hold two of its roles.
    pub broken: RoaringBitmap,
    /// Those, and people of whom it cannot be said: nothing more is granted to them.
    pub blocked: RoaringBitmap,
}

/// Works out every policy.
pub(super) fn conflicts(company: &Company, apps: &[DesiredApp]) -> Vec<Conflict> {
    let of = |policy: &crate::model::company::Policy| {
        let PolicyRule::Conflict(roles) = &policy.rule;
        let holders: Vec<_> = roles.iter().filter_map(|role| holders(apps, role)).collect();
        Conflict {
            broken: twice(holders.iter().map(|holders| holders.yes.clone())),
            blocked: twice(holders.iter().map(|holders| &holders.yes | &holders.unknown)),
        }
    };
    company.policies.iter().map(of).collect()
}

/// Members of at least two sets.
fn twice(sets: impl Iterator<Item = RoaringBitmap>) -> RoaringBitmap {
    let (mut once, mut twice) = (RoaringBitmap::new(), RoaringBitmap::new());
    for set in sets {
        twice |= &once & &set;
        once |= set;
    }
    twice
}

pub(super) fn holders<'a>(apps: &'a [DesiredApp], role: &RoleRef) -> Option<&'a Holders> {
    let app = apps.binary_search_by(|desired| desired.app.id.cmp(&role.app)).ok().map(|at| &apps[at])?;
    let number = app.app.role(role.role.as_str())?;
    app.roles.get(number.index())
}
