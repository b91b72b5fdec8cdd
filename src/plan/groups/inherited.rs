//! Groups of which the app shows the people of groups inside as members (safety.md 22): nobody can say who of them is in the group
//! itself, and so only those are taken out whom rolecall added.

use super::case::GroupCase;
use super::membership::Membership;
use crate::model::change::Object;
use crate::model::words::{count, first_ten};
use crate::model::{UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, People};
use crate::plan::notice::{Notice, NoticeKind};
use crate::resolve::Standing;

/// A person who was declared in the group, is not any more, and was in it before rolecall could add anybody.
pub(super) fn stays(cx: &Context, group: &Object, id: &UserId) -> Decision {
    let text = format!(
        "stays in {group} and is not declared in it any more: rolecall did not add this person, and the app shows people of groups inside it as members too"
    );
    let hint = "take the person out in the app: of this group, or of the group inside it";
    cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)).into()
}

/// People whom the app shows in the group, whom no line declares there, and whom rolecall did not add: they stay, and are named
/// in one line. Where the group gives power, they stand among those who have it.
pub(super) fn shown(cx: &Context, people: &People, case: &GroupCase, found: &Membership) -> Decision {
    if !case.is_mixed || case.adopted || case.gives_power {
        return Decision::default();
    }
    let declared = &case.wanted.holders;
    let others = &found.present - &declared.yes - &declared.unknown;
    let others = others.iter().map(UserNo).filter(|user| {
        let id = cx.user_id(*user);
        let is_known = case.link.is_some_and(|link| cx.links().is_among(&link.members, id));
        let has_account = matches!(cx.input.desired.standing(*user), Standing::In);
        has_account && !is_known && !people.is_frozen(id) && !cx.is_protected(id)
    });
    let names: Vec<String> = others.map(|user| cx.user_id(user).to_string()).collect();
    if names.is_empty() {
        return Decision::default();
    }
    let text = format!(
        "{} shown in it and not declared there: {}",
        count(names.len(), "person is", "people are"),
        first_ten(&names)
    );
    let hint = "they may be in a group inside it, and rolecall takes out only whom it added";
    Notice::of_group(NoticeKind::UnmanagedMembers, &case.wanted.object, text, Some(hint)).into()
}
