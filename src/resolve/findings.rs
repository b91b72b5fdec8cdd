//! Everything that can be said of a resolved repository without a network.

use rayon::prelude::*;

use super::desired::DesiredApp;
use super::resolved::Resolved;
use super::{duplicates, policy};
use crate::model::Diagnostics;

/// What cannot be evaluated or told apart: one pass over every desired account, for `validate` and `plan`.
pub fn findings(resolved: &Resolved) -> Diagnostics {
    let mut found = Diagnostics::new();
    for list in [
        resolved.groups.findings(resolved.company),
        duplicates::findings(&resolved.apps),
        policy::findings(resolved),
    ] {
        found.extend(list);
    }
    let per_app: Vec<_> = resolved.apps.par_iter().map(DesiredApp::findings).collect();
    per_app.into_iter().for_each(|list| found.extend(list));
    found
}
