//! Lines of `links:` for people, groups and roles that have another account or group already (safety.md 2). They have no effect, and the
//! plan says so.

use super::context::Context;
use crate::model::Kind;
use crate::model::app::ManualLink;
use crate::model::change::Object;
use crate::model::ledger::GroupKey;
use crate::plan::command;
use crate::plan::notice::{Notice, NoticeKind};

pub(super) fn notices(cx: &Context) -> Vec<Notice> {
    let app = cx.input.desired.app;
    let of_people = app.links.iter().filter_map(|(user, line)| {
        let ManualLink::To { remote, span } = line else { return None };
        let link = cx.links().of_id(user).filter(|_| cx.differ.idle.get(remote) == Some(user))?;
        let (own, kept) = (&cx.link(link).remote, cx.row(link).kept_under());
        let is_there = cx.differ.is_seen(Kind::User, remote);
        let text =
            format!("`links:` names account {remote}, and account {own} is {user}'s: the line has no effect");
        let hint =
            format!("take the line out; if the entry of {own} is wrong, {}", command::unlink(&app.id, kept));
        // A line about an account that is gone harms nobody.
        let kind = if is_there { NoticeKind::NotAdopted } else { NoticeKind::Advice };
        Some(cx.notice_at(kind, Object::User(user.clone()), text, Some(&hint), Some(*span)))
    });
    let of_groups = app.group_links.iter().filter_map(|(key, (remote, span))| {
        let link = cx.input.ledger.groups.get(key).filter(|link| link.remote != *remote)?;
        let own = cx.differ.seen.groups.contains_key(&link.remote).then_some(&link.remote)?;
        let object = match key {
            GroupKey::Group(id) => Object::Group(id.clone()),
            GroupKey::Role(id) => Object::Role(id.clone()),
        };
        let text = format!(
            "`links:` names group {remote}, and group {own} is that of {object}: the line has no effect"
        );
        Some(cx.notice_at(NoticeKind::Advice, object, text, Some("take the line out"), Some(*span)))
    });
    of_people.chain(of_groups).collect()
}
