//! Updates that free a unique value, or the name of a group, come before those that take it; a cycle is refused naming its
//! members (safety.md 3).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::notice::NoticeKind;
use super::settle::Settling;
use crate::catalog::{self, Uniqueness};
use crate::model::change::{Change, ChangeKind, Facet, Object, Phase, Shown, Verdict};
use crate::model::{Kind, Path};

/// A unique value: attribute and folded text.
type Taken = (String, String);

/// Who waits for whom.
type Waits = BTreeMap<Object, BTreeSet<Object>>;

impl Settling<'_, '_> {
    pub(super) fn order_unique_values(&mut self) {
        let mut holders: HashMap<Taken, Object> = HashMap::new();
        let mut takers: Vec<(Object, Taken)> = Vec::new();
        for change in &self.changes {
            let Some(path) = self.unique_path(change) else {
                continue;
            };
            let value = |shown: &Shown| {
                shown.hash?;
                let text = shown.text.as_ref()?;
                Some((path.clone(), text.to_lowercase()))
            };
            let object = &change.key.object;
            holders.extend(value(&change.old).map(|old| (old, object.clone())));
            takers.extend(value(&change.new).map(|new| (object.clone(), new)));
        }
        let mut waits = Waits::new();
        for (taker, value) in takers {
            if let Some(holder) = holders.get(&value).filter(|holder| **holder != taker) {
                waits.entry(taker).or_default().insert(holder.clone());
            }
        }
        let listed = |(taker, holders): (&Object, &BTreeSet<Object>)| {
            (taker.clone(), holders.iter().cloned().collect())
        };
        self.work.waits = waits.iter().map(listed).collect();
        let stuck = self.level(waits);
        let (people, groups): (Waits, Waits) =
            stuck.into_iter().partition(|(object, _)| matches!(object, Object::User(_)));
        for stuck in [people, groups].into_iter().filter(|stuck| !stuck.is_empty()) {
            self.refuse(stuck);
        }
    }

    /// What is unique of what an update that is to be done writes.
    fn unique_path(&self, change: &Change) -> Option<String> {
        let (path, _) = change.want.as_ref()?;
        let is_unique = match (change.kind, &change.key.object, &change.key.facet) {
            (ChangeKind::Update, Object::User(_), Facet::Attribute(_)) => self.is_unique(path),
            (kind, ..) => kind == ChangeKind::GroupRename,
        };
        // Names of groups are apart from what accounts have.
        let of = if change.kind == ChangeKind::GroupRename { "group " } else { "" };
        (is_unique && change.verdict.is_do()).then(|| format!("{of}{path}"))
    }

    fn is_unique(&self, path: &Path) -> bool {
        let desired = self.input().desired;
        let matching = desired.mapping.is_some_and(|mapping| mapping.matching.contains(path));
        let schema = catalog::attribute(&desired.app.connector, Kind::User, path);
        matching || schema.is_some_and(|schema| schema.uniqueness != Uniqueness::None)
    }

    /// Levels by waiting. What is left waits for ever: in a cycle, or behind one.
    fn level(&mut self, mut waits: Waits) -> Waits {
        let mut behind: BTreeMap<Object, Vec<Object>> = BTreeMap::new();
        for (taker, holders) in &waits {
            for holder in holders {
                behind.entry(holder.clone()).or_default().push(taker.clone());
            }
        }
        let mut ready: Vec<Object> = behind.keys().filter(|id| !waits.contains_key(*id)).cloned().collect();
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
    /// else's. Those in a cycle are named together, once.
    fn refuse(&mut self, mut stuck: Waits) {
        let all: BTreeSet<Object> = stuck.keys().cloned().collect();
        // Whoever nobody waits for is behind a cycle, not in it.
        loop {
            let awaited: BTreeSet<Object> = stuck.values().flatten().cloned().collect();
            let before = stuck.len();
            stuck.retain(|object, _| awaited.contains(object));
            if stuck.len() == before {
                break;
            }
        }
        let of_people = all.iter().any(|object| matches!(object, Object::User(_)));
        let name = |object: &Object| match object {
            Object::User(id) => id.to_string(),
            other => other.to_string(),
        };
        let names = stuck.keys().map(name).collect::<Vec<_>>().join(", ");
        let what = if of_people { "unique values" } else { "names" };
        let cycle = format!("{names} would take each other's {what}, and no app can do that in one step");
        let wait = match of_people {
            true => format!("somebody whose unique value they would take cannot let go of it: {cycle}"),
            false => format!("the group whose name it would take cannot let go of it: {cycle}"),
        };
        for change in &mut self.changes {
            let is_update = matches!(change.kind, ChangeKind::Update | ChangeKind::GroupRename)
                && matches!(change.key.facet, Facet::Attribute(_))
                && (!of_people || change.phase == Phase::Update);
            if is_update && change.verdict.is_do() && all.contains(&change.key.object) {
                let is_member = stuck.contains_key(&change.key.object);
                let why = if is_member { &cycle } else { &wait };
                let (by, why) = ("unique-values".into(), why.clone());
                change.verdict = Verdict::Held { by, why };
            }
        }
        let hint = match of_people {
            true => "give one of them another value first, apply, then set the final ones",
            false => "give one of them another name first, apply, then set the final ones",
        };
        match stuck.into_keys().next() {
            Some(Object::User(first)) => self.notice(NoticeKind::NotPossible, &first, cycle, Some(hint)),
            Some(first) => self.group_notice(NoticeKind::NotPossible, &first, cycle, Some(hint)),
            None => {}
        }
    }
}
