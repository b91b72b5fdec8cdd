//! Whether a passed `expires` is the reason for a loss. It is only if it passed after the person was last found to lack
//! nothing. If an older assignment expired long ago and another one ended now, the older one is not the reason.

use crate::model::UserNo;
use crate::model::time::Timestamp;
use crate::plan::decide::context::Context;
use crate::resolve::OutReason;

/// True if the ledger does not know this end yet.
pub(crate) fn is_news(cx: &Context, user: UserNo, end: Timestamp) -> bool {
    let known = cx.link_of(user).and_then(|link| link.lapsed);
    known.is_none_or(|known| end > known)
}

/// Why a person is out, as far as it explains a loss of today.
pub(crate) fn today(cx: &Context, user: UserNo, out: OutReason) -> OutReason {
    let ended = cx.input.ended(user, out);
    match out {
        OutReason::Lapsed if !ended.is_some_and(|end| is_news(cx, user, end)) => OutReason::NotAssigned,
        other => other,
    }
}
