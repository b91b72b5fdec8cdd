//! Updates that free a unique value, or the name of a group, come before those that take it. A cycle is refused, and
//! the message names its members (safety.md 3).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::context::Context;
use super::decision::Decision;
use crate::catalog::Uniqueness;
use crate::model::Path;
use crate::model::change::{Change, ChangeKind, Facet, Object, Phase, Shown, Verdict};
use crate::model::folded::folded;
use crate::plan::notice::{Notice, NoticeKind};

/// A unique value: attribute and folded text.
type Taken = (String, String);

/// The objects that each object waits for.
type Waits = BTreeMap<Object, BTreeSet<Object>>;

/// The order in which updates are carried out.
#[derive(Default)]
pub(super) struct Order {
    /// Levels of updates: lower ones first.
    pub levels: BTreeMap<Object, u32>,
    /// The objects that take a unique value, each with the objects that have to free it first.
    pub waits: BTreeMap<Object, Vec<Object>>,
}

/// Orders the updates, and holds those that cannot be ordered.
pub(super) fn order(cx: &Context, mut decided: Decision) -> (Decision, Order) {
    let waits = waits(cx, &decided.changes);
    let listed =
        |(taker, holders): (&Object, &BTreeSet<Object>)| (taker.clone(), holders.iter().cloned().collect());
    let listed = waits.iter().map(listed).collect();
    let (levels, stuck) = levels(waits);
    let (people, groups): (Waits, Waits) =
        stuck.into_iter().partition(|(object, _)| matches!(object, Object::User(_)));
    for stuck in [people, groups].into_iter().filter(|stuck| !stuck.is_empty()) {
        let refusal = Refusal::of(stuck);
        decided.notices.extend(refusal.notice(cx));
        decided.changes = decided.changes.into_iter().map(|change| refusal.hold(change)).collect();
    }
    (decided, Order { levels, waits: listed })
}

fn waits(cx: &Context, changes: &[Change]) -> Waits {
    let mut holders: HashMap<Taken, Object> = HashMap::new();
    let mut takers: Vec<(Object, Taken)> = Vec::new();
    for change in changes {
        let Some(path) = unique_path(cx, change) else {
            continue;
        };
        let value = |shown: &Shown| {
            shown.hash?;
            let text = shown.text.as_ref()?;
            Some((path.clone(), folded(text)))
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
    waits
}

/// The unique attribute that an update writes, if it is to be done.
fn unique_path(cx: &Context, change: &Change) -> Option<String> {
    let (path, _) = change.want.as_ref()?;
    let is_unique = match (change.kind, &change.key.object, &change.key.facet) {
        (ChangeKind::Update, Object::User(_), Facet::Attribute(_)) => is_unique(cx, path),
        (kind, ..) => kind == ChangeKind::GroupRename,
    };
    // Group names and account values are told apart.
    let of = if change.kind == ChangeKind::GroupRename { "group " } else { "" };
    (is_unique && change.verdict.is_do()).then(|| format!("{of}{path}"))
}

fn is_unique(cx: &Context, path: &Path) -> bool {
    let desired = cx.input.desired;
    let matching = desired.mapping.is_some_and(|mapping| mapping.matching.contains(path));
    let schema = desired.definition.users.attribute(path);
    matching || schema.is_some_and(|schema| schema.uniqueness != Uniqueness::None)
}

/// The level of each object, and the objects that wait for ever: they are in a cycle, or behind one.
fn levels(mut waits: Waits) -> (BTreeMap<Object, u32>, Waits) {
    let mut levels: BTreeMap<Object, u32> = BTreeMap::new();
    let mut behind: BTreeMap<Object, Vec<Object>> = BTreeMap::new();
    for (taker, holders) in &waits {
        for holder in holders {
            behind.entry(holder.clone()).or_default().push(taker.clone());
        }
    }
    let mut ready: Vec<Object> = behind.keys().filter(|id| !waits.contains_key(*id)).cloned().collect();
    while let Some(done) = ready.pop() {
        let next = levels.get(&done).copied().unwrap_or(0) + 1;
        for taker in behind.remove(&done).unwrap_or_default() {
            let level = levels.entry(taker.clone()).or_default();
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
    levels.retain(|object, _| !waits.contains_key(object));
    (levels, waits)
}

/// Updates that wait for ever. All attributes of these people are held, because a new address beside an old login would
/// mix two people. The members of a cycle are named together, once.
struct Refusal {
    all: BTreeSet<Object>,
    in_cycle: BTreeSet<Object>,
    of_people: bool,
    cycle: String,
}

impl Refusal {
    fn of(mut stuck: Waits) -> Self {
        let all: BTreeSet<Object> = stuck.keys().cloned().collect();
        // An object that no other waits for is behind a cycle, not in it.
        loop {
            let awaited: BTreeSet<Object> = stuck.values().flatten().cloned().collect();
            let before = stuck.len();
            stuck.retain(|object, _| awaited.contains(object));
            if stuck.len() == before {
                break;
            }
        }
        let of_people = all.iter().any(|object| matches!(object, Object::User(_)));
        let names = stuck.keys().map(Object::name).collect::<Vec<_>>().join(", ");
        let what = if of_people { "unique values" } else { "names" };
        let cycle = format!("{names} would take each other's {what}, and no app can do that in one step");
        Self { all, in_cycle: stuck.into_keys().collect(), of_people, cycle }
    }

    fn hold(&self, mut change: Change) -> Change {
        let is_update = matches!(change.kind, ChangeKind::Update | ChangeKind::GroupRename)
            && matches!(change.key.facet, Facet::Attribute(_))
            && (!self.of_people || change.phase == Phase::Update);
        if is_update && change.verdict.is_do() && self.all.contains(&change.key.object) {
            let cycle = &self.cycle;
            let why = match (self.in_cycle.contains(&change.key.object), self.of_people) {
                (true, _) => cycle.clone(),
                (false, true) => {
                    format!("an account whose unique value they would take cannot give it up: {cycle}")
                }
                (false, false) => {
                    format!("the group whose name it would take cannot give it up: {cycle}")
                }
            };
            change.verdict = Verdict::Held { by: "unique-values".into(), why };
        }
        change
    }

    fn notice(&self, cx: &Context) -> Option<Notice> {
        let hint = match self.of_people {
            true => "give one of them another value first, apply, then set the final ones",
            false => "give one of them another name first, apply, then set the final ones",
        };
        let (kind, text) = (NoticeKind::NotPossible, self.cycle.clone());
        Some(match self.in_cycle.first()? {
            Object::User(first) => cx.notice(kind, first, text, Some(hint)),
            first => Notice::of_group(kind, first, text, Some(hint)),
        })
    }
}
