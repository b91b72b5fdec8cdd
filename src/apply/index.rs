//! The changes of a plan by key, phase and person, so that a hundred thousand changes are searched only once.

use std::collections::{BTreeMap, HashMap};

use crate::model::UserId;
use crate::model::change::{Change, ChangeKey, ChangeKind, Object, Phase};
use crate::model::ledger::GroupKey;
use crate::plan::AppPlan;

/// The changes that apply carries out.
pub(super) struct Index<'p> {
    by_key: HashMap<&'p ChangeKey, &'p Change>,
    phases: BTreeMap<Phase, Vec<&'p Change>>,
    people: HashMap<&'p UserId, Vec<&'p Change>>,
    created: Vec<&'p UserId>,
    created_groups: Vec<GroupKey>,
}

impl<'p> Index<'p> {
    pub(super) fn of(plan: &'p AppPlan) -> Self {
        let mut index = Self {
            by_key: HashMap::new(),
            phases: BTreeMap::new(),
            people: HashMap::new(),
            created: Vec::new(),
            created_groups: Vec::new(),
        };
        for change in plan.to_do() {
            index.by_key.insert(&change.key, change);
            index.phases.entry(change.phase).or_default().push(change);
            if let Object::User(id) = &change.key.object {
                index.people.entry(id).or_default().push(change);
                if change.kind == ChangeKind::Create {
                    index.created.push(id);
                }
            }
            if change.kind == ChangeKind::GroupCreate {
                index.created_groups.extend(GroupKey::of(&change.key.object));
            }
        }
        index
    }

    pub(super) fn get(&self, key: &ChangeKey) -> Option<&'p Change> {
        self.by_key.get(key).copied()
    }

    /// The kind of the change with this key.
    pub(super) fn kind(&self, key: &ChangeKey) -> Option<ChangeKind> {
        self.get(key).map(|change| change.kind)
    }

    /// Changes of one phase, in order of their keys.
    pub(super) fn phase(&self, phase: Phase) -> &[&'p Change] {
        self.phases.get(&phase).map_or(&[], Vec::as_slice)
    }

    /// Changes of one person's account, in order of their keys.
    pub(super) fn person(&self, id: &UserId) -> &[&'p Change] {
        self.people.get(id).map_or(&[], Vec::as_slice)
    }

    /// People who get a new account by this plan.
    pub(super) fn created(&self) -> impl Iterator<Item = &'p UserId> {
        self.created.iter().copied()
    }

    /// Groups that this plan makes.
    pub(super) fn created_groups(&self) -> impl Iterator<Item = GroupKey> {
        self.created_groups.iter().cloned()
    }
}
