//! Privileged roles that another hand took from an account before we turned it off, or beside turning it off: they do not come back with
//! it (safety.md 13).

use super::hands;
use crate::model::RoleId;
use crate::model::intervention::Hand;
use crate::model::ledger::{GroupKey, LinkState};
use crate::model::seen::Seen;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, People};
use crate::plan::groups::find::member_link;
use crate::plan::reading::links::LinkNo;
use crate::plan::roles::former::is_shown;
use crate::plan::roles::moved;
use crate::resolve::Standing;

/// What the ledger learns of accounts that are on as it says, and that are off now or are to be turned off. Of an account that we had
/// turned off before, the roles were there at our disabling.
pub(crate) fn decide_all(cx: &Context, people: &People) -> Decision {
    let is_open = |link: &LinkNo| {
        let row = cx.row(*link);
        let standing = row.number.map(|user| cx.input.desired.standing(user));
        let loses = match standing {
            None | Some(Standing::Out(_) | Standing::Suspended) => true,
            Some(Standing::In) => !cx.is_on(*link),
            Some(Standing::Ignored | Standing::Unknown(_)) => false,
        };
        loses && row.link.state == LinkState::Active && cx.is_usable(*link) && !people.is_frozen(&row.user)
    };
    let open = cx.links().numbers().filter(is_open);
    let taken = open.flat_map(|link| {
        let lacking = ours(cx, link).filter(move |role| lacks(cx, link, role));
        lacking.map(move |role| hands::first_seen_of(cx, link, Hand::Revoked(role.clone())))
    });
    taken.collect()
}

/// The privileged roles that the ledger says we gave, by today's ids.
pub(crate) fn ours<'c>(cx: &'c Context, link: LinkNo) -> impl Iterator<Item = &'c RoleId> {
    let known = cx.link(link);
    let is_ours = move |role: &&RoleId| {
        let by_group = |id: &RoleId| {
            let group = cx.input.ledger.groups.get(&GroupKey::Role(id.clone()));
            group.is_some_and(|group| cx.links().is_among(&group.members, &cx.row(link).user))
        };
        ids(cx, role).any(|id| known.roles.contains(id) || by_group(id))
    };
    let today = cx.power.roles.iter().filter(|role| cx.input.desired.app.todays_role(role) == *role);
    today.filter(is_ours)
}

/// Today's id of a role and earlier ones.
fn ids<'c>(cx: &'c Context, role: &'c RoleId) -> impl Iterator<Item = &'c RoleId> {
    let app = cx.input.desired.app;
    let declared = app.role_once(role).map(|role| app.roles[role.index()].ids());
    std::iter::once(role).chain(declared.into_iter().flatten())
}

/// True if the app shows that the account has the role neither by a group nor by a value. What was not read says nothing.
fn lacks(cx: &Context, link: LinkNo, role: &RoleId) -> bool {
    let known = cx.link(link);
    let by_value = ids(cx, role).any(|id| known.roles.contains(id));
    if by_value {
        let findings = cx.seen(link).and_then(|seen| seen.findings.as_deref());
        let shown = findings.and_then(|findings| findings.roles.as_deref());
        let shown = shown.filter(|shown| !moved::is_new(cx, &shown.attribute.path));
        return shown.is_some_and(|shown| !is_shown(cx, role, shown));
    }
    let groups = ids(cx, role).filter_map(|id| cx.input.ledger.groups.get(&GroupKey::Role(id.clone())));
    let mut rows = groups.map(|group| cx.differ.seen.groups.get(&group.remote));
    rows.all(|row| match row.map(|row| cx.holders(row)) {
        Some(Seen::Is(members)) => !members.iter().any(|member| member_link(cx, member) == Some(link)),
        Some(Seen::None) => true,
        Some(Seen::Unread(_)) | None => false,
    })
}
