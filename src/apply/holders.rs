//! `min_members` while applying: a removal waits for its adds, and is held if they failed (safety.md 14).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{RoleId, UserId};

/// Takes one holder away if enough remain; true if the removal may be sent. Somebody who is no confirmed holder may
/// always lose the role.
pub fn may_lose(
    holders: &mut BTreeMap<String, BTreeSet<UserId>>,
    role: &RoleId,
    id: &UserId,
    least: u64,
) -> bool {
    let Some(confirmed) = holders.get_mut(role.as_str()) else {
        return true;
    };
    if !confirmed.contains(id) {
        return true;
    }
    if (confirmed.len() as u64) <= least {
        return false;
    }
    confirmed.remove(id);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_holders_stay() {
        let (role, ada, bob) = (RoleId::from("admin"), UserId::from("ada"), UserId::from("bob"));
        let mut holders = BTreeMap::from([("admin".to_owned(), BTreeSet::from([ada.clone(), bob.clone()]))]);
        assert!(may_lose(&mut holders, &role, &ada, 1));
        assert!(!may_lose(&mut holders, &role, &bob, 1));
        assert!(may_lose(&mut holders, &role, &ada, 1), "no holder any more");
        assert!(
            may_lose(&mut holders, &RoleId::from("other"), &bob, 1),
            "no limit"
        );
    }
}
