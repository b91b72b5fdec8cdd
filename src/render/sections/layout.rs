//! The reading order of one app: what takes access away, what gives privilege, the other people, what many share.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::{self, Fold};
use crate::model::change::{Change, ChangeKind, Facet, Verdict};
use crate::model::guard::Guard;
use crate::render::subject::Subject;

/// From this many new accounts on, those alike are folded.
const MANY_CREATES: usize = 10;

/// Held changes of more people than this that share a reason word for word wait for one decision, not for one each.
const DECIDED_EACH: usize = 3;

/// Everything that happens to one person, account or group, in reading order.
#[derive(Debug)]
pub(crate) struct Block<'p> {
    pub subject: Subject<'p>,
    /// Losses, privileged gains, life, gains, updates.
    pub changes: Vec<&'p Change>,
}

/// The changes of one app by section. Every change is in exactly one of them.
#[derive(Debug, Default)]
pub(super) struct Layout<'p> {
    /// Held, and waiting for a person: no guard that counts.
    pub to_decide: Vec<&'p Change>,
    /// Held, and waiting for one decision about many people: by what holds them, and the reason that they share.
    pub to_decide_together: BTreeMap<(&'p str, &'p str), Vec<&'p Change>>,
    /// People and groups that lose something, each with all of its changes.
    pub losing: Vec<Block<'p>>,
    /// The others that gain something privileged, each with all of its changes.
    pub privileged: Vec<Block<'p>>,
    /// Groups themselves, deleted ones excepted.
    pub groups: Vec<Block<'p>>,
    /// The other people with a change that is not folded.
    pub people: Vec<Block<'p>>,
    /// Changes that many people share.
    pub folds: Vec<Fold<'p>>,
    /// Adopted accounts and groups.
    pub adoptions: Vec<&'p Change>,
    /// Links and tombstones that only the ledger knows.
    pub ledger: Vec<&'p Change>,
    /// Held back by what holds many alike, by its short name.
    pub held: BTreeMap<&'p str, Vec<&'p Change>>,
}

impl<'p> Layout<'p> {
    /// Sorts an app's changes. With `unfold`, nothing is folded. In an app that is stopped, no change waits for a decision.
    pub(super) fn of(changes: &'p [Change], is_stopped: bool, unfold: bool) -> Self {
        let mut layout = Self::default();
        let mut blocks: BTreeMap<Subject<'p>, Vec<&'p Change>> = BTreeMap::new();
        let common = common_reasons(changes);
        for change in changes {
            match (&change.verdict, change.kind) {
                (Verdict::Held { by, why }, _) if !is_stopped && needs_decision(change, by) => {
                    match common.contains(why.as_str()) {
                        // One notice at the top says it for all of them.
                        true if **by == *"clock" => layout.held.entry(by).or_default().push(change),
                        true => layout.to_decide_together.entry((by, why)).or_default().push(change),
                        false => layout.to_decide.push(change),
                    }
                }
                (Verdict::Held { by, .. }, _) => layout.held.entry(by).or_default().push(change),
                // An account with power is access that its person gains, whatever binds it; one that is turned on is written to.
                (_, ChangeKind::Adopt) if !change.privileged && !change.turns_on() => {
                    layout.adoptions.push(change);
                }
                (_, ChangeKind::Forget | ChangeKind::Relink) if !change.privileged && !change.turns_on() => {
                    layout.ledger.push(change);
                }
                _ => blocks.entry(Subject::of_change(change)).or_default().push(change),
            }
        }
        let mut rest = BTreeMap::new();
        for (subject, changes) in blocks {
            let block = Block { subject, changes: sorted(changes) };
            if block.changes.iter().any(|change| change.kind.is_loss()) {
                layout.losing.push(block);
            } else if block.changes.iter().any(|change| change.privileged) {
                layout.privileged.push(block);
            } else if subject.is_group() {
                layout.groups.push(block);
            } else {
                rest.insert(subject, block.changes);
            }
        }
        layout.losing.sort_by_key(|block| (gravity(block), block.subject));
        if !unfold {
            layout.fold(&mut rest);
        }
        let people = rest.into_iter().filter(|(_, changes)| !changes.is_empty());
        layout.people =
            people.map(|(subject, changes)| Block { subject, changes: sorted(changes) }).collect();
        layout
    }

    /// Takes the changes that many people share out of `rest`. A person whose account is created or enabled in a block of
    /// their own keeps all changes in it.
    fn fold(&mut self, rest: &mut BTreeMap<Subject<'p>, Vec<&'p Change>>) {
        let of_life = |change: &&&'p Change| change.key.facet == Facet::Life;
        let creates: Vec<&'p Change> = rest
            .values()
            .filter_map(|changes| changes.iter().find(of_life).copied())
            .filter(|change| change.kind == ChangeKind::Create)
            .collect();
        let mut folded = BTreeSet::new();
        if creates.len() >= MANY_CREATES {
            for fold in fold::creates(&creates) {
                folded.extend(fold.changes.iter().map(|change| Subject::of_change(change)));
                self.folds.push(fold);
            }
        }
        let mut alike = Vec::new();
        for (subject, changes) in rest.iter_mut() {
            if changes.iter().any(|change| change.key.facet == Facet::Life) && !folded.contains(subject) {
                continue;
            }
            changes.retain(|change| {
                let is_folded_create = change.kind == ChangeKind::Create;
                let is_alike = !is_folded_create && fold::may_fold(change);
                if is_alike {
                    alike.push(*change);
                }
                !is_folded_create && !is_alike
            });
        }
        let (folds, single) = fold::alike(alike);
        self.folds.extend(folds);
        for change in single {
            rest.entry(Subject::of_change(change)).or_default().push(change);
        }
    }
}

/// Held changes that no raised limit settles: security's hand in the app, and declared leavers nobody can replace
/// (safety.md 13, 14). They are printed first.
fn needs_decision(change: &Change, by: &str) -> bool {
    !by.starts_with("guard:") || *by == *Guard::MinMembers.short_name() && change.cause.is_declared()
}

/// The reasons that hold changes of many people.
fn common_reasons(changes: &[Change]) -> BTreeSet<&str> {
    let mut people: BTreeMap<&str, BTreeSet<Subject>> = BTreeMap::new();
    for change in changes {
        let subject = Subject::of_change(change);
        if let (Verdict::Held { why, .. }, Subject::Person(_)) = (&change.verdict, subject) {
            people.entry(why).or_default().insert(subject);
        }
    }
    people.retain(|_, held| held.len() > DECIDED_EACH);
    people.into_keys().collect()
}

fn sorted(mut changes: Vec<&Change>) -> Vec<&Change> {
    changes.sort_by(|a, b| (rank(a), &a.key).cmp(&(rank(b), &b.key)));
    changes
}

fn rank(change: &Change) -> u8 {
    let is_life = change.key.facet == Facet::Life;
    match change.kind {
        kind if kind.is_loss() && is_life => 0,
        ChangeKind::Create | ChangeKind::Enable | ChangeKind::GroupCreate => 1,
        kind if kind.is_loss() && change.privileged => 2,
        kind if kind.is_loss() => 3,
        _ if change.privileged => 4,
        ChangeKind::Update | ChangeKind::GroupRename => 6,
        _ => 5,
    }
}

/// Whole accounts before parts of them.
fn gravity(block: &Block) -> u8 {
    let has = |kind: ChangeKind| block.changes.iter().any(|change| change.kind == kind);
    match () {
        () if has(ChangeKind::Delete) => 0,
        () if has(ChangeKind::Disable) => 1,
        () if has(ChangeKind::GroupDelete) => 2,
        () if block.changes.iter().any(|change| change.privileged) => 3,
        () => 4,
    }
}
