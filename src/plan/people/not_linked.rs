//! Active accounts without a link that are a declared person's who is to have none, and who is no leaver: out of the scope, or before
//! the start. An account that matches only people who are out is theirs (safety.md 2), whatever `unmanaged` says but `ignore`.

use super::candidate::{Match, candidate};
use super::standing::is_leaver;
use crate::model::UserNo;
use crate::model::app::Unmanaged;
use crate::model::change::{Change, Object};
use crate::model::seen::Activity;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, People};
use crate::plan::notice::NoticeKind;
use crate::plan::reading::rows::UnlinkedRow;
use crate::resolve::{OutReason, Standing};

/// The accounts, each with its person, in the order of the people. Leavers have a step of their own.
pub(crate) fn of_people_out<'s>(cx: &Context<'s, '_>, people: &People) -> Vec<(UserNo, &'s UnlinkedRow)> {
    if cx.input.desired.app.unmanaged == Unmanaged::Ignore {
        return Vec::new();
    }
    let is_open = |user: &UserNo| {
        let standing = cx.input.desired.standing(*user);
        let is_out = matches!(standing, Standing::Out(out) if out != OutReason::AppGivenUp);
        let has_none = cx.link_of(*user).is_none_or(|link| link.state.is_gone());
        let id = cx.user_id(*user);
        let is_left_alone = people.is_frozen(id) || cx.differ.protection.names_user(id);
        is_out && has_none && !is_left_alone && !is_leaver(cx, *user, &standing)
    };
    let mut matched: Vec<UserNo> = cx.candidates.keys().copied().filter(is_open).collect();
    matched.sort_unstable();
    let theirs = matched.into_iter().filter_map(|user| match candidate(cx, user, cx.user_id(user)) {
        Match::One(row) => Some((user, row)),
        Match::None | Match::Unclear(_) => None,
    });
    // What `protect` names is said where it is read.
    theirs.filter(|(_, row)| cx.activity(row) == Activity::On && !row.protected).collect()
}

/// Says whose they are, unless this plan turns them off, or accounts of people who are out stay by configuration.
pub(crate) fn decide(cx: &Context, theirs: &[(UserNo, &UnlinkedRow)], changes: &[Change]) -> Decision {
    let users = &cx.input.desired.app.users;
    let stays = users.deprovision.is_keep() || !users.actions.deprovision;
    let decided = theirs.iter().map(|(user, row)| {
        let id = cx.user_id(*user);
        let object = Object::Account(row.remote.clone());
        let is_taken = |change: &Change| change.key.object == object && change.kind.is_loss();
        if changes.iter().any(|change| is_taken(change) && change.verdict.is_do()) {
            return Decision::default();
        }
        if stays {
            return Decision { kept: vec![id.clone()], ..Decision::default() };
        }
        let is = match cx.input.desired.standing(*user) {
            Standing::Out(OutReason::NotYet) => "starts later",
            _ => "is to have no account here",
        };
        let name = row.name.as_deref().unwrap_or("no name");
        let text = format!("{id} {is}, and account {} ({name}) matches and is active", row.remote);
        let hint =
            "disable it in the app by hand, or assign the app to its person; if it is to stay, let `protect:` name it";
        cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)).into()
    });
    decided.collect()
}
