//! A group of the app that is taken over with what it already is: its name, its members, its power (safety.md 4).

use super::case::GroupCase;
use super::membership::Membership;
use crate::model::folded::folded;
use crate::model::words::count;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::differ::WantedGroup;
use crate::plan::reading::rows::GroupRow;

/// The notice at the top; none about a group without members that has the declared name.
pub(super) fn notice(
    cx: &Context,
    case: &GroupCase,
    row: &GroupRow,
    wanted: &WantedGroup,
    members: &Membership,
) -> Decision {
    let found = members.present.len() as usize + members.undeclared.len() + members.unmanaged.len();
    let name = row.name.as_deref().unwrap_or("no name");
    let is_same = wanted.name.as_ref() == Some(&folded(name));
    if is_same && found == 0 && members.nested.is_empty() && members.unread.is_none() {
        return Decision::default();
    }
    let to_come = (&case.wanted.holders.yes - &members.present - &cx.input.desired.suspended).len() as usize;
    let mut text = format!("takes over group {} (\"{name}\")", row.remote);
    if !is_same && wanted.has_our_id_of(row) {
        text.push_str(", which has our id of it");
    }
    if case.gives_power {
        text.push_str(", which gives a privileged role");
    }
    if let Some(gone) = case.known {
        text.push_str(&format!(", in place of group {}, which is gone", gone.remote));
    }
    text.push_str(&match &members.unread {
        Some(why) => format!(": its members are not known ({why})"),
        None => format!(": {}", count(found, "member is in it", "members are in it")),
    });
    if !members.nested.is_empty() {
        text.push_str(&format!(", with {}", count(members.nested.len(), "group", "groups")));
    }
    text.push_str(&match to_come {
        0 => ", and nobody is to come".to_owned(),
        1 => ", and 1 more is to come".to_owned(),
        more => format!(", and {more} more are to come"),
    });
    let hint = "if it is another group, give this one another name, or name the right one below `links:`";
    Notice::of_group(NoticeKind::TakesOver, &case.wanted.object, text, Some(hint)).into()
}
