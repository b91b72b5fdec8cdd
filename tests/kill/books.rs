//! The ledger as lines that can be compared between two worlds: ids are replaced by names; times and keyed hashes are left
//! out.

use std::collections::BTreeSet;

use rolecall::model::hash::HashKey;
use rolecall::model::ledger::{Hashes, Link, LinkState};

use crate::kill::app::{App, Known};
use crate::kill::world::World;

/// The content of the ledger as lines.
pub fn lines<A: App>(world: &World<A>) -> Vec<String> {
    let (ledger, key) = world.ledger();
    let Known { names, titles } = world.app.known();
    let name = |remote: &str| names.get(remote).cloned().unwrap_or_else(|| "(nobody)".to_owned());
    let mut lines = vec![
        format!("completed: {}", ledger.completed.is_some()),
        format!(
            "applied: {}",
            ledger.applied.is_some_and(|applied| applied.commit.as_deref() == Some(&*world.head()))
        ),
        format!("roles: {:?}", ledger.roles.keys().map(ToString::to_string).collect::<Vec<_>>()),
        format!("lease: {}", ledger.lease.is_some()),
        format!("intents: {:?}", ledger.intents),
    ];
    lines.extend(ledger.users.iter().map(|(id, link)| {
        let state = match link.state {
            LinkState::Active => "active",
            LinkState::Disabled { .. } => "disabled",
            LinkState::Gone { .. } => "gone",
        };
        format!(
            "{id}: {} {:?} {state} roles {:?} title {} values {}",
            name(link.remote.as_str()),
            link.origin,
            link.roles.iter().map(ToString::to_string).collect::<Vec<_>>(),
            is_remembered(link, &key, titles.get(link.remote.as_str())),
            values(&link.values),
        )
    }));
    lines.extend(ledger.groups.iter().map(|(key, link)| {
        let people = |people: &BTreeSet<rolecall::model::UserId>| {
            people.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        format!(
            "{}: {} {:?} members {} added {} values {}",
            key,
            name(link.remote.as_str()),
            link.origin,
            people(&link.members),
            people(&link.added),
            values(&link.values),
        )
    }));
    lines
}

/// The attributes with hashes in the ledger, and a mark on those that the app did not keep.
fn values(values: &rolecall::model::AttributeHashes) -> String {
    let one = |(path, hashes): (&std::sync::Arc<str>, Hashes)| {
        let kept = if hashes.asked == hashes.kept { "" } else { " (not kept)" };
        format!("{path}{kept}")
    };
    values.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// True if the ledger says that the title in the app was asked for and kept.
fn is_remembered(link: &Link, key: &HashKey, title: Option<&String>) -> bool {
    let hash = title.map(|title| key.value("title", &rolecall::model::Value::str(title.as_str())));
    let known = link.values.get("title");
    known.is_some_and(|known| Some(known.asked) == hash && Some(known.kept) == hash)
}
