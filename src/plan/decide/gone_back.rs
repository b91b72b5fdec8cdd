//! Files that go back to a commit before the last applied one turn nobody on who is out there (safety.md 8).

use super::context::Context;
use super::decision::Decision;
use crate::model::UserId;
use crate::model::change::{ChangeKind, Verdict};
use crate::plan::reading::answers::Past;

/// Holds every change that gives an active account to somebody who is out at the last applied commit, or of whom that cannot be said.
pub(super) fn hold(cx: &Context, mut decided: Decision) -> Decision {
    let Some(later) = cx.input.course.left_behind() else { return decided };
    for change in &mut decided.changes {
        let gives_account = change.kind == ChangeKind::Create || change.turns_on();
        let person = change.key.person().filter(|_| gives_account && change.verdict.is_do());
        if let Some(why) = person.and_then(|id| why_held(cx, later, id)) {
            change.verdict = Verdict::Held { by: "rollback".into(), why };
        }
    }
    decided
}

/// Somebody whom the last applied commit does not declare is not out there: a rollback may be meant to bring them back.
fn why_held(cx: &Context, later: &Past, id: &UserId) -> Option<String> {
    let is_in = match later {
        Past::Tree(tree) => {
            let person = cx.ids_of(id).find_map(|id| tree.person(id))?;
            person.is_in(cx.input.resolved.at)
        }
        Past::Same => return None,
        Past::Unknown(why) => {
            return Some(format!(
                "these files go back, and nobody can say whether {id} is out at the commit that was applied last: {why}"
            ));
        }
    };
    let is_out = match is_in {
        Some(true) => return None,
        Some(false) => "is out",
        None => "may be out",
    };
    Some(format!(
        "these files go back, and {id} {is_out} at the commit that was applied last: a rollback turns nobody on who has left since; declare the person in a new commit"
    ))
}
