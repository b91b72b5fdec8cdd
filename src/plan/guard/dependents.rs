//! What must not happen because something else is held back, and what is overdue because of it.

use std::collections::{HashMap, HashSet};

use super::super::age;
use crate::model::UserId;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object, Verdict};
use crate::model::time::Timestamp;
use crate::plan::draft::Draft;
use crate::plan::notice::{Notice, NoticeKind};

/// Holds back what needs a held change: grants that wait for a revocation, and everything of somebody whose account is
/// not made, adopted or turned on.
pub fn hold(draft: &mut Draft) {
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
            let why = format!("it waits for {}, which is held back", words(needs));
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
    for (place, verdict) in held {
        let change = &mut draft.changes[place];
        if change.verdict.is_do() {
            change.verdict = verdict;
        }
    }
}

fn words(change: &Change) -> String {
    match &change.key.facet {
        Facet::Role(role) => format!("the revocation of {role}"),
        _ => change.key.to_string(),
    }
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
