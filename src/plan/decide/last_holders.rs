//! Roles with `min_members` whose last holders end soon: the removal of the last one will be held (safety.md 14).

use super::context::Context;
use crate::model::UserNo;
use crate::model::change::Object;
use crate::model::time::{self, Timestamp};
use crate::plan::notice::{Notice, NoticeKind};

/// How long before the end a plan says so, in days.
const DAYS: i64 = 30;

pub(super) fn notices(cx: &Context) -> Vec<Notice> {
    let (app, resolved) = (cx.input.desired.app, cx.input.resolved);
    let soon = time::after(resolved.at, 24 * DAYS);
    let notice = |role: &crate::model::RoleId| {
        let number = app.role(role.as_str())?;
        let holders = &cx.input.desired.roles[number.index()].yes;
        let end = |user: u32| resolved.company.users[UserNo(user).index()].window.end;
        let ends: Option<Vec<(Timestamp, u32)>> =
            holders.iter().map(|user| Some((end(user).filter(|end| *end <= soon)?, user))).collect();
        let (end, last) = ends?.into_iter().max()?;
        let user = &resolved.company.users[UserNo(last).index()];
        Some(Notice {
            kind: NoticeKind::Advice,
            subject: Some(Object::User(user.id.clone())),
            text: format!(
                "is the last holder of role {role} and ends {}: the removal will be held until another person holds the role",
                end.strftime("%Y-%m-%d %H:%M UTC")
            ),
            hint: Some(format!("give {role} to another person before that")),
            place: cx.input.files.place(user.life_span),
        })
    };
    let with_minimum = app.guard.min_members.iter().filter(|(_, least)| **least > 0);
    with_minimum.filter_map(|(role, _)| notice(role)).collect()
}
