//! What must not happen because something else is held back, and what is overdue because of it.

use std::collections::{HashMap, HashSet};

use super::super::age;
use crate::model::UserId;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object, Verdict};
use crate::model::time::Timestamp;
use crate::plan::draft::Draft;
use crate::plan::notice::{Notice, NoticeKind};

/// Holds back what needs a held change: grants that wait for a revocation, accounts that would give back what is not
/// taken away, and everything of somebody whose account is not made, adopted or turned on. One may lead to the next.
pub fn hold(draft: &mut Draft) {
    while hold_once(draft) {}
}

fn hold_once(draft: &mut Draft) -> bool {
    let places: HashMap<&ChangeKey, usize> = draft
        .changes
        .iter()
        .enumerate()
        .map(|(place, change)| (&change.key, place))
        .collect();
    let mut held: Vec<(usize, Verdict)> = Vec::new();
    for dependence in &draft.dependences {
        let needs = places.get(&dependence.needs).map(|place| &draft.changes[*place]);
        let waits = places.get(&dependence.change);
        let (Some(needs), Some(place)) = (needs, waits) else {
            continue;
        };
        if let Verdict::Held { by, .. } = &needs.verdict {
            let why = why(&draft.changes[*place], needs);
            held.push((*place, Verdict::Held { by: by.clone(), why }));
        }
    }
    let without: HashMap<UserId, Verdict> = draft.changes.iter().filter_map(without_account).collect();
    if !without.is_empty() {
        for (place, change) in draft.changes.iter().enumerate() {
            let verdict = person(change).and_then(|id| without.get(id));
            if let (Some(verdict), false) = (verdict, change.kind.is_loss()) {
                held.push((place, verdict.clone()));
            }
        }
    }
    let mut news = false;
    for (place, verdict) in held {
        let change = &mut draft.changes[place];
        if change.verdict.is_do() {
            (change.verdict, news) = (verdict, true);
        }
    }
    news
}

/// Why a change is held that needs another one, which is.
pub fn why(change: &Change, needs: &Change) -> String {
    if change.key.facet == Facet::Life {
        let back = match (&needs.key.facet, &needs.key.object) {
            (Facet::Role(role), _) => format!("role {role}"),
            (_, group) => format!("membership of {group}"),
        };
        return format!("it would give back {back}: taking that away is held back");
    }
    let words = match &needs.key.facet {
        Facet::Role(role) if needs.kind.is_loss() => format!("the revocation of {role}"),
        Facet::Role(role) => format!("the grant of {role}"),
        _ => needs.key.to_string(),
    };
    format!("it waits for {words}, which is held back")
}

/// Somebody whose account does not come about or stays off.
fn without_account(change: &Change) -> Option<(UserId, Verdict)> {
    let gains = matches!(
        change.kind,
        ChangeKind::Create | ChangeKind::Adopt | ChangeKind::Enable | ChangeKind::Relink
    );
    match (&change.key.object, &change.key.facet) {
        (Object::User(id), Facet::Life) if gains && !change.verdict.is_do() => {
            Some((id.clone(), change.verdict.clone()))
        }
        _ => None,
    }
}

fn person(change: &Change) -> Option<&UserId> {
    match (&change.key.object, &change.key.facet) {
        (_, Facet::Member(id)) | (Object::User(id), _) => Some(id),
        _ => None,
    }
}

/// Ends that came and that this plan does not carry out, each with its age (safety.md 17).
pub fn overdue(draft: &mut Draft, now: Timestamp) {
    let mut said: HashSet<(Object, Timestamp)> = HashSet::new();
    let mut notices = Vec::new();
    for change in &draft.changes {
        let (Verdict::Held { by, .. }, Some(end)) = (&change.verdict, draft.ends.get(&change.key)) else {
            continue;
        };
        let Some(id) = person(change) else { continue };
        let subject = Object::User(id.clone());
        if !said.insert((subject.clone(), *end)) {
            continue;
        }
        let what = match (&change.key.object, &change.key.facet) {
            (_, Facet::Role(role)) => format!("role {role}"),
            (group, Facet::Member(_)) => format!("membership of {group}"),
            _ => "access".to_owned(),
        };
        notices.push(Notice {
            kind: NoticeKind::Overdue,
            subject: Some(subject),
            text: format!("{what} ended {}, and is held back by {by}", age::ended(*end, now)),
            hint: None,
            place: change.reasons.iter().find_map(|reason| reason.place.clone()),
        });
    }
    draft.notices.extend(notices);
}
