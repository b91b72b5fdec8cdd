//! What a stored plan has to be besides well-formed: its order, its keys, and kinds that fit what they are about, so that
//! a rendered file cannot say one thing and key another.

use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::plan::{AppPlan, AppStatus, Plan};

/// Checks the form of a plan that was read.
pub(super) fn check(plan: &Plan) -> Result<(), String> {
    let is_hex = plan.id.len() == 16 && plan.id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hex {
        return Err("`id` is not 16 hexadecimal digits".to_owned());
    }
    if let Some(pair) = plan.apps.windows(2).find(|pair| pair[0].app >= pair[1].app) {
        return Err(format!("app '{}' is there twice or out of order", pair[1].app));
    }
    plan.apps.iter().try_for_each(app)
}

fn app(app: &AppPlan) -> Result<(), String> {
    for pair in app.changes.windows(2) {
        if pair[0].key >= pair[1].key {
            return Err(format!("change {} is there twice or out of order", pair[1].key));
        }
    }
    for change in &app.changes {
        if change.key.app != app.app {
            return Err(format!("change {} stands under app '{}'", change.key, app.app));
        }
        if !fits(change) {
            return Err(format!("change {} cannot be of kind '{}'", change.key, change.kind.as_str()));
        }
    }
    let goes_on = |change: &Change| match app.status {
        AppStatus::Planned => true,
        AppStatus::Stopped { .. } => change.is_typed_leaving(),
        AppStatus::Unreadable { .. } | AppStatus::Disabled => false,
    };
    if !app.to_do().all(goes_on) {
        return Err(format!("app '{}' was not planned, yet has changes to do", app.app));
    }
    Ok(())
}

fn fits(change: &Change) -> bool {
    let group = matches!(change.key.object, Object::Group(_) | Object::Role(_));
    let facet = &change.key.facet;
    let is_life = *facet == Facet::Life;
    let of_member = matches!(facet, Facet::Member(_) | Facet::UnmanagedMember(_));
    match change.kind {
        ChangeKind::Create | ChangeKind::Enable | ChangeKind::Disable | ChangeKind::Delete => {
            is_life && !group
        }
        ChangeKind::Adopt | ChangeKind::Forget | ChangeKind::Relink => is_life,
        ChangeKind::GroupCreate | ChangeKind::GroupDelete => is_life && group,
        ChangeKind::GroupRename => group && matches!(facet, Facet::Life | Facet::Attribute(_)),
        ChangeKind::Update => matches!(facet, Facet::Attribute(_)),
        ChangeKind::Continue => matches!(facet, Facet::Attribute(_)) && !group,
        ChangeKind::MemberAdd | ChangeKind::MemberRemove => group && of_member,
        ChangeKind::RoleGrant | ChangeKind::RoleRevoke if group => of_member,
        ChangeKind::RoleGrant | ChangeKind::RoleRevoke => facet.role().is_some(),
    }
}
