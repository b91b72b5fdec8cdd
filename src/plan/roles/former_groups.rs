use std::collections::{BTreeMap, HashSet};

use crate::model::RoleNo;
use crate::plan::reading::links::LinkNo;

/// Groups of roles that are values today.
pub(in crate::plan) type FormerGroups = BTreeMap<RoleNo, FormerGroup>;

pub(in crate::plan) struct FormerGroup {
    /// What people call it.
    pub name: String,
    pub members: HashSet<LinkNo>,
}
