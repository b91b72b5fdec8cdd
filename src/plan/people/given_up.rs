//! An app that is given up (`removed:`): accounts stay or are disabled, then they are forgotten (safety.md 4). People who are declared to
//! leave, or absent, still lose theirs, or the plan says that they keep it (safety.md 1, 12).

use super::found::{Found, keeps_unlisted, moved, unclear, unlisted, unusable};
use super::leave::{self, Leaving};
use super::{hands, untouched};
use crate::model::app::Removed;
use crate::model::change::{Cause, ChangeKind, Facet};
use crate::model::intervention::Hand;
use crate::model::ledger::LinkState;
use crate::model::{UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::reading::links::LinkNo;
use crate::resolve::Standing;

/// A person of an app that is given up; none if no file declares them.
pub(crate) fn decide(
    cx: &Context,
    id: &UserId,
    declared: Option<(UserNo, &Standing)>,
    found: Found,
) -> Decision {
    let (company, at) = (cx.input.resolved.company, cx.input.resolved.at);
    let leaver = declared.filter(|(user, standing)| standing.is_declared_out(company, *user, at));
    let loses = declared.is_none() || leaver.is_some();
    let link = match found {
        Found::Nothing => return Decision::default(),
        Found::Unclear { link, why } => return unclear(cx, link, id, &why),
        Found::Unlisted => {
            let link = cx.links().of_id(id).filter(|_| loses);
            return link.map_or_else(|| unlisted(id), |link| keeps_unlisted(cx, link, id));
        }
        Found::Linked(link) | Found::Vanished(link) | Found::Tombstone(link) => link,
    };
    let (removed, seen) = (cx.input.desired.app.removed, cx.seen(link));
    if removed == Some(Removed::Disable) && cx.is_on(link) && seen.is_some_and(|seen| !seen.protected) {
        return unusable(cx, link, id).unwrap_or_else(|| disable(cx, id, link, leaver));
    }
    let stays = match removed {
        _ if !loses || seen.is_none() => Decision::default(),
        Some(Removed::Disable) => untouched::protected(cx, id, link),
        Some(Removed::Keep) | None => untouched::given_up(cx, id, link),
    };
    let mut change = cx.change(id, Facet::Life, ChangeKind::Forget, Cause::Config);
    change.remote = Some(cx.link(link).remote.clone());
    change.reasons = vec![cx.input.given_up()];
    stays.and(by_another_hand(cx, id, link)).and(moved(cx, link, id)).and(change.into())
}

/// Somebody who is declared to leave loses the account for that, and not because the app is given up: no guard of absence holds it.
fn disable(cx: &Context, id: &UserId, link: LinkNo, leaver: Option<(UserNo, &Standing)>) -> Decision {
    let Some((user, Standing::Out(out))) = leaver else {
        return leave::disable(cx, link, id, Cause::Config, vec![cx.input.given_up()], None);
    };
    let (cause, reasons) = leave::why(cx, user, *out);
    let ended = cx.input.ended(user, *out);
    let leaving = Leaving { id, link, cause, reasons, may_delete: false, ended };
    let again = leave::on_again(cx, &leaving);
    again.and(leave::disable(cx, link, id, cause, leaving.reasons, ended))
}

/// What another hand did to an account is kept when its entry is forgotten: an app that is taken up again does not undo it (safety.md 13).
fn by_another_hand(cx: &Context, id: &UserId, link: LinkNo) -> Decision {
    let known = cx.link(link);
    let is_open = known.state == LinkState::Active && !known.unconfirmed;
    if !is_open || hands::is_left_off_at_creation(cx, id, known) {
        return Decision::default();
    }
    let hand = match cx.seen(link) {
        None => Hand::Deleted,
        Some(_) if cx.is_on(link) || cx.input.desired.app.idle_accounts_stay_off => {
            return Decision::default();
        }
        Some(_) => Hand::Disabled,
    };
    hands::first_seen_of(cx, link, hand)
}
