//! Members of pushed groups who have no account in the app, because nothing assigns it to them: their group is without them there. It is said once,
//! before the group is pushed for the first time.

use super::context::Context;
use crate::model::UserNo;
use crate::model::words::first_ten;
use crate::plan::notice::{Notice, NoticeKind};
use crate::resolve::{DesiredGroup, OutReason, Standing};

pub(super) fn notice(cx: &Context) -> Option<Notice> {
    let desired = cx.input.desired;
    let is_without = |user: &UserNo| {
        let standing = desired.standing(*user);
        matches!(standing, Standing::Out(OutReason::NotAssigned | OutReason::Filtered))
    };
    let is_new =
        |wanted: &&DesiredGroup| !wanted.keys(desired).any(|key| cx.input.ledger.groups.contains_key(&key));
    let lines = desired.groups.iter().filter(is_new).filter_map(|wanted| {
        let members = &cx.input.resolved.groups.of(wanted.group?).yes;
        let without = members.iter().map(UserNo).filter(is_without);
        let names: Vec<String> = without.map(|user| cx.user_id(user).to_string()).collect();
        (!names.is_empty()).then(|| format!("{} without {}", wanted.object, first_ten(&names)))
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| {
        let text = format!(
            "pushed groups have members who have no account in this app, and are no members there: {}",
            lines.join("; ")
        );
        let hint = "assign the app to them if they are to be members there";
        Notice::of_app(NoticeKind::Advice, text, Some(hint.to_owned()))
    })
}
