//! What the accounts that this plan binds can do already (safety.md 2): it stands on the line that binds the account,
//! whether an adoption, `links:` or `previously:` binds it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::decision::Decision;
use crate::model::change::{Change, Facet, Object};
use crate::model::fact::Fact;
use crate::model::remote::{Held, Kind, Presence};
use crate::model::seen::{Seen, Unread};
use crate::model::words::{count, first_ten};
use crate::model::{RemoteId, UserId};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::questions::LOOKED_AT;
use crate::resolve::Standing;

/// Adds to each line that binds an account what the account can do already, and marks the line if that is power.
pub(super) fn show(cx: &Context, mut decided: Decision) -> Decision {
    let adopted = decided.adopted.iter().map(|(user, remote)| (cx.user_id(*user).clone(), remote.clone()));
    let moved = decided.moves.iter().map(|moved| (moved.to.clone(), moved.remote.clone()));
    let bound: BTreeMap<UserId, RemoteId> = moved.chain(adopted).collect();
    if bound.is_empty() {
        return decided;
    }
    let mut shown: Vec<(&UserId, &RemoteId)> = Vec::new();
    for change in &mut decided.changes {
        if let (Object::User(id), Facet::Life) = (&change.key.object, &change.key.facet)
            && let Some((id, remote)) = bound.get_key_value(id)
            && change.remote.as_ref() == Some(remote)
        {
            shown.push((id, remote));
            show_on(cx, remote, change);
        }
    }
    let notices = none_shown(cx, &shown).into_iter().chain(not_looked_at(cx, &shown));
    decided.and(Decision { notices: notices.collect(), ..Decision::default() })
}

fn show_on(cx: &Context, remote: &RemoteId, change: &mut Change) {
    let fact = match cx.answers.get(Kind::User, remote) {
        Some(Presence::Here(account)) => match &account.holds {
            Seen::Is(all) => {
                // A person who is to have no account gains nothing by the line.
                let user = change.key.person().and_then(|id| cx.number(id));
                let is_in = user.is_some_and(|user| cx.input.desired.standing(user) == Standing::In);
                change.privileged |= is_in && all.iter().any(|held| is_power(cx, held));
                Fact::Holds(all.clone())
            }
            // One notice says it where no account shows anything; elsewhere an app leaves out what is empty.
            Seen::None | Seen::Unread(Unread::LeftOut | Unread::NotShown) => return,
            Seen::Unread(why) => Fact::LookedInVain(why.to_string().into()),
        },
        Some(Presence::Unknown { why }) => Fact::LookedInVain(why.clone()),
        Some(Presence::Gone(_)) => return,
        None => Fact::NotLookedAt,
    };
    change.reasons.push(fact.into());
}

fn is_power(cx: &Context, held: &Held) -> bool {
    let name = |id: &str| -> Option<Arc<str>> { cx.differ.seen.shown.group(id)?.clone() };
    cx.power.is_held(held, name)
}

/// The notice that no account that was looked at shows what it has.
fn none_shown(cx: &Context, bound: &[(&UserId, &RemoteId)]) -> Option<Notice> {
    let looked_at: Vec<_> = bound
        .iter()
        .filter_map(|(_, remote)| match cx.answers.get(Kind::User, remote)? {
            Presence::Here(account) => Some(&account.holds),
            Presence::Gone(_) | Presence::Unknown { .. } => None,
        })
        .collect();
    let none = !looked_at.is_empty() && looked_at.iter().all(|holds| matches!(holds, Seen::Unread(_)));
    none.then(|| {
        let accounts = count(looked_at.len(), "account that is bound shows", "accounts that are bound show");
        let text = format!(
            "{accounts} neither roles nor entitlements nor groups: the app does not show them, or there are none"
        );
        let hint = "look in the app what the account can do, before you apply".to_owned();
        Notice::of_app(NoticeKind::Advice, text, Some(hint))
    })
}

/// The notice of accounts that were too many to look at each.
fn not_looked_at(cx: &Context, bound: &[(&UserId, &RemoteId)]) -> Option<Notice> {
    let open = bound.iter().filter(|(_, remote)| cx.answers.get(Kind::User, remote).is_none());
    let people: Vec<String> = open.map(|(id, _)| id.to_string()).collect();
    (!people.is_empty()).then(|| {
        let text = format!(
            "{} not looked at, because a plan looks at {LOOKED_AT} at most: {}",
            count(people.len(), "account that is bound was", "accounts that are bound were"),
            first_ten(&people)
        );
        let hint = "look in the app what they can do, or bind fewer at a time with `--user`".to_owned();
        Notice::of_app(NoticeKind::Advice, text, Some(hint))
    })
}
