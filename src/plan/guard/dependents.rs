//! Changes that are held because another change is held, and ends that are overdue because of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::Guard;
use crate::model::UserId;
use crate::model::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object, Verdict};
use crate::model::time::{Ago, Timestamp};
use crate::model::words::first_ten;
use crate::plan::draft::Draft;
use crate::plan::notice::{Notice, NoticeKind};

/// Holds back each change that needs a held change: a grant that waits for a revocation, an account that would give
/// back something that is not taken away, every gain of a person whose account is not created, adopted or turned on,
/// what falls with an account that stays, and the other half of a move. One held change may lead to the next.
pub(crate) fn hold(changes: &mut [Change], needs: &Needs, falls: &BTreeMap<ChangeKey, ChangeKey>) {
    while hold_once(changes, needs, falls) {}
}

/// The changes that each change needs.
type Needs = BTreeMap<ChangeKey, BTreeSet<ChangeKey>>;

fn hold_once(changes: &mut [Change], needs: &Needs, falls: &BTreeMap<ChangeKey, ChangeKey>) -> bool {
    let mut held: Vec<(usize, Verdict)> = Vec::new();
    {
        let stuck = changes.iter().filter(|change| !change.verdict.is_do());
        let stuck: HashMap<&ChangeKey, &Change> = stuck.map(|change| (&change.key, change)).collect();
        let without: HashMap<&UserId, &Verdict> = changes.iter().filter_map(without_account).collect();
        let stays: HashMap<(&UserId, ChangeKind), &Change> =
            changes.iter().filter_map(half_of_move).collect();
        let open = changes.iter().enumerate();
        for (place, change) in open.filter(|(_, change)| change.verdict.is_do()) {
            let person = change.key.person();
            let mut needed = needs.get(&change.key).into_iter().flatten();
            if let Some(needed) = needed.find_map(|key| stuck.get(key)) {
                held.extend(waits(change, needed).map(|verdict| (place, verdict)));
            } else if let Some(verdict) = person.and_then(|id| without.get(id)) {
                held.extend((!change.kind.is_loss()).then(|| (place, (*verdict).clone())));
            } else if let Some(loss) = falls.get(&change.key).and_then(|loss| stuck.get(loss)) {
                // A reference that moves on to another account is right whether or not this one stays.
                let moves_on = change.kind == ChangeKind::Update && change.new.text.is_some();
                held.extend((!moves_on).then(|| (place, loss.verdict.clone())));
            } else if let Some(stays) = person.and_then(|id| stays.get(&(id, change.kind))) {
                held.extend((change.cause == Cause::Config).then(|| (place, stays.verdict.clone())));
            }
        }
    }
    let news = !held.is_empty();
    for (place, verdict) in held {
        changes[place].verdict = verdict;
    }
    news
}

/// A person whom a guard keeps in a group or role, and the kind of the other half, if this is a move to another one.
fn half_of_move(change: &Change) -> Option<((&UserId, ChangeKind), &Change)> {
    let Verdict::Held { by, .. } = &change.verdict else { return None };
    let (guards, other) = match change.kind {
        ChangeKind::MemberRemove => (&[Guard::Membership][..], ChangeKind::MemberAdd),
        ChangeKind::RoleRevoke => (&[Guard::Revoke, Guard::Privileged][..], ChangeKind::RoleGrant),
        _ => return None,
    };
    let is_kept = guards.iter().any(|guard| **by == *guard.short_name());
    is_kept.then_some(((change.key.person()?, other), change))
}

/// The verdict of a change that needs a held one.
fn waits(change: &Change, needed: &Change) -> Option<Verdict> {
    let Verdict::Held { by, .. } = &needed.verdict else {
        return None;
    };
    Some(Verdict::Held { by: by.clone(), why: why(change, needed) })
}

/// Why a change is held if the change that it needs is held.
fn why(change: &Change, needs: &Change) -> String {
    if change.key.facet == Facet::Life {
        let back = match needs.key.facet.role() {
            Some(role) => format!("role {role}"),
            None => format!("membership of {}", needs.key.object),
        };
        return format!("it would give back {back}: taking that away is held back");
    }
    let words = match needs.key.facet.role() {
        Some(role) if !needs.kind.is_loss() => format!("the grant of {role}"),
        Some(role) => format!("the revocation of {role}"),
        None => needs.key.to_string(),
    };
    format!("it waits for {words}, which is held back")
}

/// A person whose account is not created, adopted or turned on.
fn without_account(change: &Change) -> Option<(&UserId, &Verdict)> {
    let gains = matches!(
        change.kind,
        ChangeKind::Create | ChangeKind::Adopt | ChangeKind::Enable | ChangeKind::Relink
    );
    match (&change.key.object, &change.key.facet) {
        (Object::User(id), Facet::Life) if gains && !change.verdict.is_do() => Some((id, &change.verdict)),
        _ => None,
    }
}

/// So many notices that say the same stand one by one.
const ALIKE: usize = 3;

/// Adds a notice for each end that has come and that this plan does not carry out, with its age (safety.md 17).
pub(crate) fn overdue(draft: &mut Draft, now: Timestamp) {
    let mut said: HashSet<(Object, Timestamp)> = HashSet::new();
    let mut notices: BTreeMap<String, Vec<Notice>> = BTreeMap::new();
    for change in &draft.changes {
        let (Verdict::Held { by, .. }, Some(end)) = (&change.verdict, draft.ends.get(&change.key)) else {
            continue;
        };
        let Some(id) = change.key.person() else { continue };
        let subject = Object::User(id.clone());
        if !said.insert((subject.clone(), *end)) {
            continue;
        }
        let what = match (&change.key.object, &change.key.facet, change.key.facet.role()) {
            (_, _, Some(role)) => format!("role {role}"),
            (group, Facet::Member(_), None) => format!("membership of {group}"),
            (_, _, None) => "access".to_owned(),
        };
        let text = format!("{what} ended {}, and is held back by {by}", Ago::ended(*end, now));
        notices.entry(text.clone()).or_default().push(Notice {
            kind: NoticeKind::Overdue,
            subject: Some(subject),
            text,
            hint: None,
            place: change.reasons.iter().find_map(|reason| reason.place.clone()),
        });
    }
    let folded = notices.into_iter().flat_map(|(text, alike)| match alike.len() > ALIKE {
        true => vec![for_many(&text, &alike)],
        false => alike,
    });
    draft.notices.extend(folded);
}

/// One notice in place of those that say the same of many people.
fn for_many(text: &str, alike: &[Notice]) -> Notice {
    let people = alike.iter().filter_map(|notice| match &notice.subject {
        Some(Object::User(id)) => Some(id.to_string()),
        _ => None,
    });
    let people: Vec<String> = people.collect();
    let text = format!("{text}, for {} people: {}", people.len(), first_ten(&people));
    Notice {
        place: alike.iter().find_map(|notice| notice.place.clone()),
        ..Notice::of_app(NoticeKind::Overdue, text, None)
    }
}
