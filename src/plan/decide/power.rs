//! Power: what a privileged role gives (safety.md 10).

use std::collections::BTreeSet;

use crate::model::RoleId;
use crate::model::app::RoleKind;
use crate::plan::reading::answers::Answers;
use crate::plan::reading::differ::Input;
use crate::resolve::PastApp;

/// The roles that give power: privileged now or at the last applied commit, or stored as the value or group of such a
/// role.
pub(super) fn roles(input: &Input, answers: &Answers) -> BTreeSet<RoleId> {
    let applied = input.ledger.applied.as_ref().and_then(|applied| applied.commit.as_deref());
    let past = applied.and_then(|commit| answers.tree(commit));
    let before = || past.into_iter().flat_map(|past: &PastApp| &past.roles);
    let now = || input.desired.app.roles.iter();
    let kinds: Vec<&RoleKind> = now()
        .filter(|role| role.privileged)
        .map(|role| &role.kind)
        .chain(before().filter(|(_, role)| role.privileged).map(|(_, role)| &role.kind))
        .collect();
    let is_power = |kind: &RoleKind| kinds.iter().any(|power| is_same(power, kind));
    let today = now().filter(|role| is_power(&role.kind)).map(|role| role.id.clone());
    today.chain(before().filter(|(_, role)| is_power(&role.kind)).map(|(id, _)| id.clone())).collect()
}

/// True if the app stores both in the same way.
fn is_same(one: &RoleKind, other: &RoleKind) -> bool {
    match (one.value(), other.value()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}
