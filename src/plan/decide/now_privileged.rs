//! Roles that are privileged from now on. Nobody gains anything in the app, so the plan says who has them already
//! (safety.md 10).

use super::bases::holders_of;
use super::context::Context;
use super::power;
use crate::model::UserId;
use crate::model::app::Role;
use crate::model::change::Object;
use crate::model::words::{count, first_ten};
use crate::plan::notice::{Notice, NoticeKind};

pub(super) fn notices(cx: &Context) -> Vec<Notice> {
    let Some(past) = power::past(cx.differ, cx.answers) else { return Vec::new() };
    let is_news = |role: &&Role| {
        let then = role.ids().find_map(|id| past.roles.get(id));
        role.privileged && then.is_some_and(|then| !then.privileged)
    };
    let notice = |role: &Role| {
        let holders: Vec<String> = holders_of(cx, &role.id).iter().map(UserId::to_string).collect();
        let text = format!(
            "is privileged from now on, and {} it already: {}",
            count(holders.len(), "person has", "people have"),
            first_ten(&holders)
        );
        let object = Object::Role(role.id.clone());
        (!holders.is_empty()).then(|| cx.notice_at(NoticeKind::Advice, object, text, None, Some(role.span)))
    };
    cx.input.desired.app.roles.iter().filter(is_news).filter_map(notice).collect()
}
