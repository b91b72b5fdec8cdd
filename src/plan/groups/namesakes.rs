//! Other groups of the app with the name of a managed one, such as one that was hidden when a second one was made: who is in
//! them may have what the name stands for.

use super::case::GroupCase;
use super::members;
use crate::model::UserNo;
use crate::model::words::{count, first_ten};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, People};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::rows::GroupRow;

/// A notice for each of them in which somebody is, or may be, whom nothing declares to be in the managed one.
pub(super) fn notices(cx: &Context, people: &People, case: &GroupCase, row: &GroupRow) -> Decision {
    let Some(name) = &row.name else { return Decision::default() };
    let others = cx.free_groups.named(name).iter().filter_map(|remote| cx.differ.seen.groups.get(remote));
    others.filter_map(|other| notice(cx, people, case, other)).map(Decision::from).collect()
}

fn notice(cx: &Context, people: &People, case: &GroupCase, other: &GroupRow) -> Option<Notice> {
    let found = members::found(cx, people, None, Some(other));
    let declared = &found.present - &case.wanted.holders.yes;
    let declared = declared.iter().map(|user| cx.user_id(UserNo(user)).to_string());
    let undeclared = found.undeclared.iter().map(ToString::to_string);
    let others = found.unmanaged.iter().chain(&found.nested).cloned();
    let beyond: Vec<String> = declared.chain(undeclared).chain(others).collect();
    let who = match (&found.unread, beyond.len()) {
        (Some(why), _) => format!("its members are not known ({why})"),
        (None, 0) => return None,
        (None, all) => format!(
            "{} in it, not declared for {}: {}",
            count(all, "member is", "members are"),
            case.wanted.object,
            first_ten(&beyond)
        ),
    };
    let name = other.name.as_deref().unwrap_or_default();
    let text = format!("group {} of the app is called \"{name}\" as well: {who}", other.remote);
    let hint = format!(
        "delete it in the app, or give it another name; if it is the right one, {}",
        super::proof::otherwise(cx, case.wanted, &case.key)
    );
    let kind = match case.gives_power {
        true => NoticeKind::StillHasAccess,
        false => NoticeKind::UnmanagedMembers,
    };
    Some(Notice::of_group(kind, &case.wanted.object, text, Some(&hint)))
}
