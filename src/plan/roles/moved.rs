//! Roles that stand in an attribute which no mapping writes any more, because the mapping keeps roles in another one now (safety.md 16).

use std::collections::BTreeMap;

use super::role_id;
use crate::model::words::{count, first_ten};
use crate::model::{Path, RoleId, UserId};
use crate::plan::decide::context::Context;
use crate::plan::notice::{Notice, NoticeKind};
use crate::resolve::Standing;

/// The attributes in which roles stood at the last applied commit, as git says, and stand no more. None if it wrote no roles.
fn former_paths<'c>(cx: &Context<'c, '_>) -> impl Iterator<Item = &'c Path> {
    let then = cx.differ.applied_tree(cx.answers).into_iter().flat_map(|tree| &tree.role_paths);
    let today: Vec<_> = cx.input.desired.role_paths().map(Path::whole).collect();
    then.filter(move |path| !today.contains(&path.whole()))
}

/// True if roles have moved to this attribute since the last applied commit: what it does not show was never given there, and nobody
/// took it away.
pub(crate) fn is_new(cx: &Context, path: &Path) -> bool {
    let tree = cx.differ.applied_tree(cx.answers);
    tree.is_some_and(|tree| {
        !tree.role_paths.is_empty() && !tree.role_paths.iter().any(|then| then.whole() == path.whole())
    })
}

/// The roles that we gave in the former attribute: who holds them there still, and who lost one and may hold it there.
pub(crate) fn left_in_app(cx: &Context) -> Vec<Notice> {
    let paths: Vec<String> = former_paths(cx).map(ToString::to_string).collect();
    let (Some(place), desired) = (paths.first(), cx.input.desired) else { return Vec::new() };
    let mut holders: BTreeMap<&RoleId, Vec<&UserId>> = BTreeMap::new();
    let mut notices = Vec::new();
    for link in cx.links().numbers().filter(|link| !cx.row(*link).is_tombstone()) {
        let id = &cx.row(link).user;
        let user = cx.row(link).number.filter(|user| desired.standing(*user) == Standing::In);
        let mut lost = Vec::new();
        for role in &cx.link(link).roles {
            let role = desired.app.todays_role(role);
            let is_lost =
                user.is_some_and(|user| !desired.roles_of(user).any(|one| role_id(cx, one) == role));
            match is_lost {
                true => lost.push(role.to_string()),
                false => holders.entry(role).or_default().push(id),
            }
        }
        if !lost.is_empty() {
            let text =
                format!("may still hold {} in {place}, which no mapping writes any more", lost.join(", "));
            let hint = "take it away in the app by hand";
            notices.push(cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)));
        }
    }
    notices.extend(holders.into_iter().map(|(role, ids)| {
        let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let text = format!(
            "role {role} was given to {} in {place}, which no mapping writes any more: {}",
            count(ids.len(), "account", "accounts"),
            first_ten(&names)
        );
        let hint = "take it away there in the app; the ledger forgets it with this plan";
        Notice::of_app(NoticeKind::LeftInApp, text, Some(hint.to_owned()))
    }));
    notices
}
