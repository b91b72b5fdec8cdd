//! One declared person: the next step of the life cycle, from the declaration and the findings.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::attributes::unmappable;
use super::candidate::{Match, candidate};
use super::found::{Found, found, freeze, keeps_unlisted, moved, unclear, unlisted, unusable};
use super::hands::{self, Judged};
use super::standing::{is_leaver, start_or_config};
use super::{
    adopt, attributes, beyond, collision, enable, former_values, given_up, hands_said, leave, reserved,
    roles_taken, untouched,
};
use crate::model::app::Drift;
use crate::model::change::{Cause, ChangeKind, Facet, Verdict};
use crate::model::intervention::Hand;
use crate::model::ledger::{Link, LinkState, Origin};
use crate::model::seen::Activity;
use crate::model::{Kind, Path, UserId, UserNo, Value};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Account, Decision, LinkUpdate, NewAccount};
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::links::LinkNo;
use crate::plan::reading::questions;
use crate::resolve::Standing;

/// Number of people that one thread decides in a row.
const AT_ONCE: usize = 1000;

/// Decides about a declared person who is not frozen.
pub(crate) fn decide(cx: &Context, user: UserNo) -> Decision {
    let id = cx.user_id(user);
    let standing = cx.input.desired.standing(user);
    if let Standing::Unknown(why) = &standing {
        return Decision::freeze(id, undecided(cx, id, &standing, why));
    }
    if standing == Standing::Ignored {
        return untouched::ignored(cx, user, id);
    }
    let found = cx.links().of_user(user).map_or(Found::Nothing, |link| found(cx, link));
    if cx.input.desired.app.removed.is_some() {
        return given_up::decide(cx, id, Some((user, &standing)), found);
    }
    let decided = match found {
        Found::Unclear { link, why } => unclear(cx, link, id, &why),
        Found::Unlisted => match (&standing, cx.links().of_user(user)) {
            (Standing::Out(_) | Standing::Suspended, Some(link)) => keeps_unlisted(cx, link, id),
            _ => unlisted(id),
        },
        Found::Linked(link) => linked(cx, user, id, link, &standing),
        Found::Vanished(link) | Found::Tombstone(link) => vanished(cx, user, id, link, &standing),
        Found::Nothing => unlinked(cx, user, id, &standing),
    };
    // Whoever is declared to be out may come back.
    let released = match standing {
        Standing::Out(_) | Standing::Suspended => {
            let hands = [Hand::Disabled, Hand::Deleted];
            hands.into_iter().filter_map(|hand| hands::decided_since(cx, user, hand)).collect()
        }
        Standing::In | Standing::Ignored | Standing::Unknown(_) => Vec::new(),
    };
    let decided = decided.and(Decision { observed: released, ..Decision::default() });
    let undecided = cx.input.desired.unknown.get(&user).map(|why| undecided(cx, id, &standing, why));
    match undecided.or_else(|| doubtful_roles(cx, user, id)) {
        Some(doubt) => decided.and(doubt.into()),
        None => decided,
    }
}

/// Nobody can say whether the person is to have an account here.
fn undecided(cx: &Context, id: &UserId, standing: &Standing, why: &str) -> Notice {
    cx.notice(NoticeKind::Undecided, id, why.to_owned(), Some(standing.until_decided()))
}

/// Decides about all declared people, in order; people who are frozen already are left out.
pub(crate) fn decide_all(cx: &Context, frozen: &[UserId]) -> Decision {
    let frozen: BTreeSet<&UserId> = frozen.iter().collect();
    let people = (0..cx.input.resolved.company.users.len()).map(UserNo::from);
    let people: Vec<UserNo> = people.filter(|user| !frozen.contains(cx.user_id(*user))).collect();
    let parts = people.par_chunks(AT_ONCE).map(|part| part.iter().map(|user| decide(cx, *user)).collect());
    let parts: Vec<Decision> = parts.collect();
    parts.into_iter().collect()
}

/// Roles and memberships that cannot be decided stay as they are, and the plan says so.
fn doubtful_roles(cx: &Context, user: UserNo, id: &UserId) -> Option<Notice> {
    if !cx.doubtful.contains(user.0) {
        return None;
    }
    let desired = cx.input.desired;
    let roles = desired.roles.iter().zip(&desired.app.roles);
    let roles = roles.filter(|(holders, _)| holders.unknown.contains(user.0));
    let groups = desired.groups.iter().filter(|group| group.role.is_none());
    let groups = groups.filter(|group| group.holders.unknown.contains(user.0));
    let mut doubtful: Vec<_> = roles.map(|(_, role)| format!("have role {}", role.id)).collect();
    doubtful.extend(groups.map(|group| format!("be in {}", group.object)));
    (!doubtful.is_empty()).then(|| {
        let text = format!("cannot say whether they should {}", doubtful.join(", "));
        let hint = "it stays as it is until a rule can be decided: give its attributes a value, or guard it with `has(…)`";
        cx.notice(NoticeKind::Undecided, id, text, Some(hint))
    })
}

fn linked(cx: &Context, user: UserNo, id: &UserId, link: LinkNo, standing: &Standing) -> Decision {
    if let Some(instead) = unusable(cx, link, id) {
        let kept = cx.seen(link).filter(|seen| seen.protected).map(|_| beyond::values(cx, user, link));
        let instead = instead.and(untouched::protected(cx, id, link)).and(moved_if_protected(cx, link, id));
        return instead.and(kept.unwrap_or_default());
    }
    let known = cx.link(link);
    let active = cx.is_on(link);
    let decided = match standing {
        Standing::In if known.state.is_gone() && active => enable::returns(cx, user, id, link),
        Standing::In if is_not_on_yet(cx, link) && !cx.input.enable.users.contains(id) => {
            let attributes = attributes::of_linked(cx, user, id, link);
            let invited = Decision { not_on_yet: vec![id.clone()], ..Decision::default() };
            Decision::account(user, &known.remote).and(attributes).and(invited)
        }
        Standing::In if active => {
            let attributes = attributes::of_linked(cx, user, id, link);
            let is_news = known.state != LinkState::Active && attributes.frozen.is_empty();
            let decided = Decision::account(user, &known.remote).and(attributes);
            match is_news {
                true => decided.and(Decision::link_update(id, LinkUpdate::State(LinkState::Active))),
                false => decided,
            }
        }
        Standing::In => enable::enable(cx, user, id, link),
        Standing::Suspended => {
            // Nothing refers to an account that was deleted and that the app goes on listing.
            let has_account = match known.state.is_gone() {
                true => Decision::default(),
                false => Decision::account(user, &known.remote),
            };
            has_account.and(match active {
                true => leave::suspend(cx, user, id, link),
                false => leave::found_disabled(cx, link, id),
            })
        }
        Standing::Out(out) => leave::take_away_declared(cx, user, id, link, *out),
        Standing::Ignored | Standing::Unknown(_) => Decision::default(),
    };
    moved(cx, link, id).and(decided)
}

/// An entry follows its person, whatever protects the account: once the line of `previously:` is gone, nothing else says whose it is.
fn moved_if_protected(cx: &Context, link: LinkNo, id: &UserId) -> Decision {
    let is_protected = cx.seen(link).is_some_and(|seen| seen.protected);
    match is_protected && cx.is_verified(link) {
        true => moved(cx, link, id),
        false => Decision::default(),
    }
}

/// True for an account that we created and that was never seen on since: its person has not accepted the invitation yet.
/// Nobody has turned it off (safety.md 22).
fn is_not_on_yet(cx: &Context, link: LinkNo) -> bool {
    let known = cx.link(link);
    let is_ours = known.origin == Origin::Created && known.state == LinkState::Active && known.unconfirmed;
    is_ours && cx.shown_activity(link) == Some(Activity::Off)
}

/// A link without its account: it vanished, or the ledger has a tombstone.
fn vanished(cx: &Context, user: UserNo, id: &UserId, link: LinkNo, standing: &Standing) -> Decision {
    let is_tombstone = cx.row(link).is_tombstone();
    if !matches!(standing, Standing::In) {
        let moved = moved(cx, link, id);
        return if is_tombstone { moved } else { moved.and(gone(cx, id, link)) };
    }
    match candidate(cx, user, id) {
        Match::One(row) => moved(cx, link, id).and(adopt::adopt(cx, user, id, row)),
        Match::Unclear(why) => Decision::freeze(id, why),
        Match::None if !is_tombstone && cx.input.desired.app.drift == Drift::Report => {
            let text = format!("account {} is gone from the app", cx.link(link).remote);
            let hint = "`drift: report` leaves it so; `drift: revert` makes a new one";
            cx.notice(NoticeKind::Drift, id, text, Some(hint)).into()
        }
        Match::None => moved(cx, link, id).and(made_again(cx, user, id, Some(cx.link(link)))),
    }
}

/// The account that the ledger knows is gone: deleted by us, or after our own disabling, or by another hand. What was seen of
/// another hand counts without an entry, too (safety.md 5, 13).
fn made_again(cx: &Context, user: UserNo, id: &UserId, link: Option<&Link>) -> Decision {
    let is_ours = match link {
        Some(link) => hands::is_off_by_us(cx, user, link, &Hand::Deleted),
        None => hands::entry(cx, id, &Hand::Deleted).is_none(),
    };
    if is_ours {
        return create(cx, user, id, start_or_config(cx, user));
    }
    let (judged, noted) = hands::judge(cx, user, Hand::Deleted);
    match judged {
        Judged::Stands => noted,
        Judged::Released(why) => {
            let shown = hands_said::turned_on(cx, user, link, &Hand::Deleted, &why);
            // Until the new account is there, it counts as deleted by another hand, with or without an entry.
            let seen = hands::first_seen(cx, user, Hand::Deleted);
            create(cx, user, id, Cause::Drift).and(shown.into()).and(seen)
        }
        Judged::New => {
            let mut change = cx.change(id, Facet::Life, ChangeKind::Create, Cause::Drift);
            change.reasons = cx.input.why_account(user);
            let account = link.map_or("the account".to_owned(), |link| format!("account {}", link.remote));
            let why = hands::why_not_ours(cx, (id, link), &format!("{account} was deleted"));
            change.verdict = Verdict::Held { by: "drift".into(), why };
            noted.and(change.into())
        }
    }
}

/// The account of a person who is out was found to be gone. It went by our own disabling if we had turned it off before: the entry keeps
/// the commit of that, which is the proof. One that was on until then was deleted by another hand, which took the privileged roles of
/// ours, too: they stay so if the person returns (safety.md 13).
pub(crate) fn gone(cx: &Context, id: &UserId, link: LinkNo) -> Decision {
    let known = cx.link(link);
    let gone = |since, commit| Decision::link_update(id, LinkUpdate::Gone { since, commit });
    if let LinkState::Disabled { since, commit } = &known.state {
        return gone(*since, commit.clone());
    }
    let gone = gone(cx.input.resolved.at, cx.input.commit.map(Into::into));
    if hands::is_left_off_at_creation(cx, id, known) {
        return gone;
    }
    let roles = roles_taken::ours(cx, link).map(|role| Hand::Revoked(role.clone()));
    let seen = std::iter::once(Hand::Deleted).chain(roles).map(|hand| hands::first_seen_of(cx, link, hand));
    gone.and(seen.collect())
}

fn unlinked(cx: &Context, user: UserNo, id: &UserId, standing: &Standing) -> Decision {
    if cx.differ.protection.names_user(id) {
        return untouched::unlinked(cx, user, id, "`protect` names its person", untouched::NOT_PROTECTED);
    }
    match (standing, candidate(cx, user, id)) {
        (_, Match::Unclear(why)) => freeze(cx, id, why),
        (Standing::In, Match::One(row)) => adopt::adopt(cx, user, id, row),
        (Standing::In, Match::None) => made_again(cx, user, id, None),
        (standing, Match::One(row)) if cx.activity(row) != Activity::Off && is_leaver(cx, user, standing) => {
            adopt::adopt_leaver(cx, user, id, row)
        }
        _ => Decision::default(),
    }
}

fn create(cx: &Context, user: UserNo, id: &UserId, cause: Cause) -> Decision {
    if !cx.input.desired.app.users.actions.create {
        return Decision::forbid("create", "add `create` to `users.actions` if it should", id);
    }
    if !cx.input.capabilities.create_users {
        let text = "this app cannot create accounts".to_owned();
        let hint = "create the account in the app; the next plan adopts it";
        return cx.notice(NoticeKind::NotPossible, id, text, Some(hint)).into();
    }
    if !is_free(cx, user) {
        return Decision { waiting: vec![id.clone()], ..Decision::default() };
    }
    if let Some(taken) = collision::in_the_way(cx, user, None) {
        return Decision::freeze(id, collision::notice(cx, id, taken, "the account is not created"));
    }
    if let Some(notice) = reserved::by_deleted(cx, user, id) {
        return Decision::freeze(id, notice);
    }
    if let Some(notice) = former_values::instead_of_new(cx, user, id) {
        return Decision::freeze(id, notice);
    }
    match cx.differ.attributes(user) {
        Ok(attributes) => Decision {
            accounts: vec![(user, Account::New)],
            new_accounts: vec![NewAccount { user, cause, attributes }],
            ..Decision::default()
        },
        Err(why) => unmappable(cx, id, &why),
    }
}

/// True if it is certain that no account has a value that the new one is to have: a complete listing says so, or the look-ups
/// by all these values (safety.md 22).
fn is_free(cx: &Context, user: UserNo) -> bool {
    if cx.differ.short.users.is_none() {
        return true;
    }
    let values = questions::identifying(cx.differ, user);
    let is_free = |(path, value): &(Path, Value)| {
        let holders = cx.answers.holders(Kind::User, path, value);
        holders.is_some_and(|holders| holders.as_ref().is_ok_and(Vec::is_empty))
    };
    !values.is_empty() && values.iter().all(is_free)
}
