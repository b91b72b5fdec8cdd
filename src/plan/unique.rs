//! Updates that free a unique value come before those that take it; a cycle is refused naming its members (safety.md 3).

use std::collections::{BTreeMap, HashMap};

use super::notice::NoticeKind;
use super::settle::Settling;
use crate::catalog::{self, Uniqueness};
use crate::model::change::{ChangeKind, Facet, Object, Verdict};
use crate::model::{Kind, Path, UserId};

impl Settling<'_, '_> {
    pub(super) fn order_unique_values(&mut self) {
        let mut holders: HashMap<(String, String), UserId> = HashMap::new();
        let mut takers: Vec<(UserId, (String, String))> = Vec::new();
        for change in self
            .changes
            .iter()
            .filter(|change| change.kind == ChangeKind::Update && change.verdict.is_do())
        {
            let (Object::User(id), Facet::Attribute(path)) = (&change.key.object, &change.key.facet) else {
                continue;
            };
            if !change.want.as_ref().is_some_and(|(path, _)| self.is_unique(path)) {
                continue;
            }
            let value =
                |text: &Option<String>| text.as_ref().map(|text| (path.to_string(), text.to_lowercase()));
            if let Some(old) = value(&change.old.text) {
                holders.insert(old, id.clone());
            }
            if let Some(new) = value(&change.new.text) {
                takers.push((id.clone(), new));
            }
        }
        // Who has to wait for whom.
        let mut waits: BTreeMap<UserId, Vec<UserId>> = BTreeMap::new();
        for (taker, value) in takers {
            if let Some(holder) = holders.get(&value).filter(|holder| **holder != taker) {
                waits.entry(taker).or_default().push(holder.clone());
            }
        }
        self.work.waits.clone_from(&waits);
        self.level(waits);
    }

    fn is_unique(&self, path: &Path) -> bool {
        let matching = self
            .input()
            .desired
            .mapping
            .is_some_and(|mapping| mapping.matching.contains(path));
        let schema = catalog::attribute(&self.input().desired.app.connector, Kind::User, path);
        matching || schema.is_some_and(|schema| schema.uniqueness != Uniqueness::None)
    }

    /// Levels by waiting; whoever waits for ever is in a cycle or behind one.
    fn level(&mut self, mut waits: BTreeMap<UserId, Vec<UserId>>) {
        let mut level = 0;
        while !waits.is_empty() {
            let ready: Vec<_> = waits
                .iter()
                .filter(|(_, holders)| holders.iter().all(|holder| !waits.contains_key(holder)))
                .map(|(id, _)| id.clone())
                .collect();
            if ready.is_empty() {
                return self.refuse_cycle(waits.into_keys().collect());
            }
            level += 1;
            for id in ready {
                waits.remove(&id);
                self.work.levels.insert(id, level);
            }
        }
    }

    fn refuse_cycle(&mut self, members: Vec<UserId>) {
        let names = members.iter().map(UserId::as_str).collect::<Vec<_>>().join(", ");
        let why =
            format!("{names} would take each other's unique values, and no app can do that in one step");
        for change in &mut self.changes {
            let Object::User(id) = &change.key.object else {
                continue;
            };
            let is_unique = change.kind == ChangeKind::Update;
            if is_unique && members.contains(id) && change.verdict.is_do() {
                change.verdict = Verdict::Held {
                    by: "unique-values".into(),
                    why: why.clone(),
                };
            }
        }
        let hint = "give one of them another value first, apply, then set the final ones";
        for id in &members {
            self.notice(NoticeKind::Ambiguous, id, why.clone(), Some(hint));
        }
    }
}
