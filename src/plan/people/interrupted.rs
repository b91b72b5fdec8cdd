//! Roles that an interrupted run took, and did not report on (safety.md 5, 13). An intent is a hint: git has to say the same.

use std::sync::Arc;

use super::hands;
use crate::model::change::{ChangeKey, Facet, Object};
use crate::model::intervention::Hand;
use crate::model::ledger::GroupKey;
use crate::model::{RoleId, UserNo};
use crate::plan::decide::context::Context;

/// True if an interrupted run took a role from the person, and nobody saw another hand do it: the run set out to change who has it, and
/// its commit has the person without it, as git says.
pub(crate) fn took(cx: &Context, user: UserNo, role: &RoleId) -> bool {
    let hand = Hand::Revoked(role.clone());
    let id = cx.user_id(user);
    let names = hands::names(cx, id, &hand);
    if hands::entry(cx, id, &hand).is_some() {
        return false;
    }
    let is_about = |key: &ChangeKey| match (&key.object, &key.facet) {
        (Object::User(id), Facet::Role(role)) => {
            names.iter().any(|(one, hand)| one == id && matches!(hand, Hand::Revoked(of) if of == role))
        }
        _ => false,
    };
    let lacks = |commit: &Arc<str>| {
        let Some(tree) = cx.answers.tree(commit) else { return false };
        !names.iter().any(|(id, hand)| match hand {
            Hand::Revoked(role) => tree.is_holder(&GroupKey::Role(role.clone()), id),
            Hand::Disabled | Hand::Deleted | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => false,
        })
    };
    let mut open = cx.input.ledger.intents.iter().filter(|intent| is_about(&intent.key));
    match cx.input.commit {
        None => open.next().is_some(),
        Some(_) => {
            open.flat_map(|intent| &intent.attempts).filter_map(|attempt| attempt.commit.as_ref()).any(lacks)
        }
    }
}
