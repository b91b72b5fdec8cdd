//! What an app cannot do, by its capabilities.

use crate::model::capabilities::Capabilities;
use crate::model::op::Action;

/// What the app would have to be able to do, in words; none if it can.
pub fn cannot(can: &Capabilities, action: &Action) -> Option<&'static str> {
    Some(match action {
        Action::CreateUser { .. } if !can.create_users => "create accounts",
        Action::ContinueUser { .. } if !can.create_users => "create accounts",
        Action::UpdateUser { active: Some(false), .. } if !can.disable_users => "disable accounts",
        Action::UpdateUser { set, lists, .. }
            if !can.update_users && (!set.is_empty() || !lists.is_empty()) =>
        {
            "change accounts"
        }
        Action::DeleteUser { .. } if !can.delete_users => "delete accounts",
        Action::CreateGroup { .. } if !can.create_groups => "create groups",
        Action::UpdateGroup { .. } if !can.rename_groups => "rename groups",
        Action::DeleteGroup { .. } if !can.delete_groups => "delete groups",
        Action::Members { .. } if !can.groups => "handle groups",
        _ => return None,
    })
}
