//! Updates that free a unique value come before those that take it; a cycle is refused naming its members (safety.md 3).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::notice::NoticeKind;
use super::settle::Settling;
use crate::catalog::{self, Uniqueness};
use crate::model::change::{Change, ChangeKind, Facet, Object, Shown, Verdict};
use crate::model::{Kind, Path, UserId};

/// The phase that writes attributes (safety.md 14).
const PHASE: u8 = 3;

/// A unique value: attribute and folded text.
type Taken = (String, String);

impl Settling<'_, '_> {
    pub(super) fn order_unique_values(&mut self) {
        let mut holders: HashMap<Taken, UserId> = HashMap::new();
        let mut takers: Vec<(UserId, Taken)> = Vec::new();
        for change in &self.changes {
            let (Object::User(id), Some(path)) = (&change.key.object, self.unique_path(change)) else {
                continue;
            };
            let value = |shown: &Shown| {
                shown.hash?;
                let text = shown.text.as_ref()?;
                Some((path.to_string(), text.to_lowercase()))
            };
            holders.extend(value(&change.old).map(|old| (old, id.clone())));
            takers.extend(value(&change.new).map(|new| (id.clone(), new)));
        }
        // Who has to wait for whom.
        let mut waits: BTreeMap<UserId, BTreeSet<UserId>> = BTreeMap::new();
        for (taker, value) in takers {
            if let Some(holder) = holders.get(&value).filter(|holder| **holder != taker) {
                waits.entry(taker).or_default().insert(holder.clone());
            }
        }
        let listed = |(taker, holders): (&UserId, &BTreeSet<UserId>)| {
            (taker.clone(), holders.iter().cloned().collect())
        };
        self.work.waits = waits.iter().map(listed).collect();
        let stuck = self.level(waits);
        if !stuck.is_empty() {
            self.refuse(stuck);
        }
    }

    /// The path of an update that is to be done and writes a unique attribute.
    fn unique_path<'c>(&self, change: &'c Change) -> Option<&'c Path> {
        let (path, _) = change.want.as_ref()?;
        let is_update = change.kind == ChangeKind::Update && change.verdict.is_do();
        (is_update && matches!(change.key.facet, Facet::Attribute(_)) && self.is_unique(path)).then_some(path)
    }

    fn is_unique(&self, path: &Path) -> bool {
        let desired = self.input().desired;
        let matching = desired
            .mapping
            .is_some_and(|mapping| mapping.matching.contains(path));
        let schema = catalog::attribute(&desired.app.connector, Kind::User, path);
        matching || schema.is_some_and(|schema| schema.uniqueness != Uniqueness::None)
    }

    /// Levels by waiting. What is left waits for ever: in a cycle, or behind one.
    fn level(&mut self, mut waits: BTreeMap<UserId, BTreeSet<UserId>>) -> BTreeMap<UserId, BTreeSet<UserId>> {
        let mut behind: BTreeMap<UserId, Vec<UserId>> = BTreeMap::new();
        for (taker, holders) in &waits {
            for holder in holders {
                behind.entry(holder.clone()).or_default().push(taker.clone());
            }
        }
        let mut ready: Vec<UserId> = behind
            .keys()
            .filter(|id| !waits.contains_key(*id))
            .cloned()
            .collect();
        while let Some(done) = ready.pop() {
            let next = self.work.levels.get(&done).copied().unwrap_or(0) + 1;
            for taker in behind.remove(&done).unwrap_or_default() {
                let level = self.work.levels.entry(taker.clone()).or_default();
                *level = next.max(*level);
                let Some(holders) = waits.get_mut(&taker) else {
                    continue;
                };
                holders.remove(&done);
                if holders.is_empty() {
                    waits.remove(&taker);
                    ready.push(taker);
                }
            }
        }
        waits.keys().for_each(|id| _ = self.work.levels.remove(id));
        waits
    }

    /// Holds the attributes of everybody who is stuck, all of them: an address beside a login that stays would be somebody
    /// else's. Those in a cycle are named together.
    fn refuse(&mut self, mut stuck: BTreeMap<UserId, BTreeSet<UserId>>) {
        let all: BTreeSet<UserId> = stuck.keys().cloned().collect();
        // Whoever nobody waits for is behind a cycle, not in it.
        loop {
            let awaited: BTreeSet<UserId> = stuck.values().flatten().cloned().collect();
            let before = stuck.len();
            stuck.retain(|id, _| awaited.contains(id));
            if stuck.len() == before {
                break;
            }
        }
        let names = stuck.keys().map(UserId::as_str).collect::<Vec<_>>().join(", ");
        let cycle =
            format!("{names} would take each other's unique values, and no app can do that in one step");
        let wait = format!("somebody whose unique value they would take cannot let go of it: {cycle}");
        let why = |id: &UserId| if stuck.contains_key(id) { &cycle } else { &wait };
        for place in 0..self.changes.len() {
            let change = &self.changes[place];
            let is_held =
                change.phase == PHASE && change.kind == ChangeKind::Update && change.verdict.is_do();
            let (Object::User(id), true) = (&change.key.object, is_held) else {
                continue;
            };
            if all.contains(id) {
                let (by, why) = ("unique-values".into(), why(id).clone());
                self.changes[place].verdict = Verdict::Held { by, why };
            }
        }
        let hint = "give one of them another value first, apply, then set the final ones";
        for id in &all {
            self.notice(NoticeKind::Ambiguous, id, why(id).clone(), Some(hint));
        }
    }
}
