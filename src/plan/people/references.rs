//! References from one account to another, which are judged after the accounts of all people are known.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::attributes::{reference_to, remember, update};
use crate::model::change::{Cause, ChangeKind, Facet, Object, Phase, Shown};
use crate::model::ledger::{Hashes, Link};
use crate::model::seen::Seen;
use crate::model::{UserId, UserNo, Value, Want};
use crate::plan::compare::{Reference, Verdict};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Account, Decision, NotKept, People, Waiting};
use crate::plan::value_cause::{Difference, confirmed, judge};
use crate::resolve::DesiredAttribute;

/// References that are judged on one thread.
const PART: usize = 4096;

/// References of existing accounts, and those of new ones that had to wait. `links` are the entries of accounts that this
/// plan takes over or links again.
pub(crate) fn decide_all(
    cx: &Context,
    people: &People,
    references: &[(UserNo, Waiting)],
    links: &[(UserId, Link)],
) -> Decision {
    let links: BTreeMap<&UserId, &Link> = links.iter().map(|(id, link)| (id, link)).collect();
    let decide = |(user, waiting): &(UserNo, Waiting)| match waiting {
        Waiting::New(reference) => decide(cx, people, *user, None, reference, &links),
        Waiting::Read(link, at) => {
            let findings = cx.seen(*link).and_then(|seen| seen.findings.as_deref());
            match findings.and_then(|findings| findings.references.get(*at)) {
                Some(reference) => decide(cx, people, *user, Some(cx.link(*link)), reference, &links),
                None => Decision::default(),
            }
        }
    };
    let parts = references.par_chunks(PART).map(|part| part.iter().map(decide).collect::<Decision>());
    parts.collect::<Vec<_>>().into_iter().collect()
}

fn decide(
    cx: &Context,
    people: &People,
    user: UserNo,
    link: Option<&Link>,
    reference: &Reference,
    links: &BTreeMap<&UserId, &Link>,
) -> Decision {
    let id = cx.user_id(user);
    let Some(attribute) = cx.input.desired.reference(reference.place, &reference.to) else {
        return Decision::default();
    };
    if people.is_frozen(id) || people.is_frozen(&reference.to) {
        return Decision::default();
    }
    let target = cx.number(&reference.to);
    let account = target.and_then(|target| people.account(target));
    let attribute = match account {
        Some(_) => attribute,
        // A reference is not cleared if its person is undecided, or if the account cannot be used for now, for example
        // because it was disabled in the app.
        None if target.is_some_and(|target| may_have_account(cx, target)) => return Decision::default(),
        None => DesiredAttribute { want: Want::Clear, ..attribute },
    };
    let key = attribute.path.key().clone();
    let known = || link.and_then(|link| link.values.get(&key));
    let wanted = match account {
        Some(_) => Value::str(reference.to.as_str()),
        None => Value::Null,
    };
    let shown = reference.actual.shown().and_then(Value::as_str);
    let is_right = match (&reference.actual, account) {
        // What the app was last told is what counts.
        (Seen::Unread(_), None) => {
            known().is_none_or(|known| known.asked == cx.input.key.value(&key, &wanted))
        }
        (Seen::Unread(_), _) => known().is_some_and(|known| known.asked == cx.input.key.value(&key, &wanted)),
        (Seen::None, None) => true,
        (Seen::Is(_), None) => shown == Some(""),
        (_, Some(Account::There(remote))) => shown == Some(remote.as_str()),
        (_, Some(Account::New)) => false,
    };
    if is_right {
        return match account {
            Some(_) => remember_reference(cx, id, &attribute, reference, known(), links),
            None => Decision::default(),
        };
    }
    let actual = match &reference.actual {
        Seen::Is(actual) => Some((actual, as_our_id(cx, actual))),
        Seen::None | Seen::Unread(_) => None,
    };
    let difference = match (&reference.actual, &actual) {
        (Seen::Unread(_), _) => Difference::Change(Cause::Config),
        (_, Some((_, ours))) => judge(cx.input.key, &key, &wanted, ours, known()),
        (_, None) => judge(cx.input.key, &key, &wanted, &Value::Null, known()),
    };
    let cause = match difference {
        Difference::Change(cause) => cause,
        Difference::Again { .. } => Cause::Config,
        Difference::NotKept { since } => {
            let object = Object::User(id.clone());
            return NotKept { path: attribute.path.clone(), object, since }.into();
        }
    };
    let mut change = cx.change(id, Facet::Attribute(key.clone()), ChangeKind::Update, cause);
    change.phase = Phase::Refer;
    change.remote = people.account(user).and_then(Account::remote).cloned();
    change.old =
        actual.map_or_else(Shown::default, |(actual, ours)| shown_reference(cx, &key, actual, &ours));
    change.new = cx.shown_want(&attribute);
    change.reasons = cx.input.why_attribute(user, &attribute);
    change.reasons.extend(Verdict::Differs(difference).repeated(cx.input.resolved.at).map(Into::into));
    change.write(&attribute.path, &attribute.want);
    let references_to = reference_to(cx, &change, &reference.actual);
    update(cx, id, change).and(Decision { references_to, ..Decision::default() })
}

fn may_have_account(cx: &Context, user: UserNo) -> bool {
    let desired = cx.input.desired;
    desired.unknown.contains_key(&user)
        || desired.active.contains(user.0)
        || desired.suspended.contains(user.0)
}

/// Remembers a correct reference on an account that this plan takes over, or one that an interrupted run wrote.
fn remember_reference(
    cx: &Context,
    id: &UserId,
    attribute: &DesiredAttribute,
    reference: &Reference,
    known: Option<Hashes>,
    links: &BTreeMap<&UserId, &Link>,
) -> Decision {
    if attribute.sensitive {
        return Decision::default();
    }
    let key = attribute.path.key();
    let ours = Value::str(reference.to.as_str());
    let hashes = || Hashes::of(cx.input.key, key, &ours, &ours, cx.input.resolved.at);
    if links.contains_key(id) {
        let link_values = vec![(id.clone(), key.clone(), hashes())];
        return Decision { link_values, ..Decision::default() };
    }
    let is_begun = cx.is_begun(&Object::User(id.clone()), Facet::Attribute(key.clone()));
    let is_read = matches!(reference.actual, Seen::Is(_));
    let confirmed = || confirmed(cx.input.key, key, (&ours, &ours), known, None).filter(|_| is_read);
    let news = is_begun.then(hashes).or_else(confirmed);
    let update = news.and_then(|hashes| remember(cx, id, key, hashes));
    Decision { link_updates: update.into_iter().collect(), ..Decision::default() }
}

/// References are remembered as our ids (safety.md 8): an account of ours by its person, any other by its own id.
fn as_our_id(cx: &Context, actual: &Value) -> Value {
    let link = actual.as_str().and_then(|remote| cx.links().of_remote(remote));
    link.map_or_else(|| actual.clone(), |link| Value::str(cx.row(link).user.as_str()))
}

fn shown_reference(cx: &Context, key: &str, actual: &Value, ours: &Value) -> Shown {
    let text = if ours == actual { format!("account {actual}") } else { format!("user:{ours}") };
    Shown { text: Some(text), hash: Some(cx.input.key.value(key, ours)) }
}
