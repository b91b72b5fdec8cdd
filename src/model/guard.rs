//! The guards (safety.md 11, 12, 14). Each is one row: its name, what it counts, against what, its limit if nothing is
//! said, and its sentence. The table of rules in `plan::guard` says how each is judged and what it holds back.
//!
//! Everything that speaks of a guard reads its row: the plan, the losses that apply writes down, `guard:` in the files and
//! its schema, `show app`, `--allow`, and the messages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object};
use super::group_key::GroupKey;
use super::id::{RoleId, UserId};
use super::limit::{Limit, Term, Terms};

/// A guard, by the name that files, plans, ledger and `--allow` use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// Accounts lost without a declaration.
    Deprovision,
    /// Memberships removed.
    Membership,
    /// Roles revoked.
    Revoke,
    /// Login attributes changed.
    Login,
    /// One attribute changed on many accounts.
    Update,
    /// Accounts created.
    Create,
    /// Accounts lost by declaration.
    Leavers,
    /// People missing from the files.
    Source,
    /// Fewest active holders of a role. It stands last: the length of [`Guard::ALL`] hangs on it.
    MinMembers,
}

/// What is known of a guard.
pub struct Row {
    /// Its key in `guard:`.
    pub name: &'static str,
    /// Its title in the schema.
    pub title: &'static str,
    /// The sentence of the schema: what its number is the most of.
    pub sentence: &'static str,
    /// Which changes it counts.
    pub counts: Counts,
    /// What counts once.
    pub unit: Unit,
    /// What a percentage is of.
    pub base: Base,
    /// The limit if nothing is said: the smallest of these terms. No term is no limit.
    pub default: &'static [Term],
    /// The limit for any one group, if it has one.
    pub one_group: Option<OneGroup>,
    /// A number and a percentage, as the schema shows them.
    pub examples: &'static [u64],
}

/// Which changes a guard counts.
#[derive(Clone, Copy)]
pub enum Counts {
    /// Losses of access. Apply writes them down, and plans of the next 24 hours count them too.
    Losses(fn(&Change) -> bool),
    /// Other changes, of this plan alone.
    Changes(fn(&Change, &Known<'_>) -> bool),
    /// No change: people who are missing from the files.
    People,
    /// No change: holders that a role keeps.
    Holders,
}

/// What is known of an app beyond a change itself.
pub struct Known<'k> {
    /// A full apply has run to its end.
    pub completed: bool,
    /// Keys of the attributes people sign in with or are found by.
    pub login_paths: &'k [Arc<str>],
    /// People whom this plan links: changes of their attributes are part of the adoption.
    pub adopted: &'k BTreeSet<UserId>,
    /// Changes that an interrupted run had begun: its guards passed them.
    pub begun: &'k BTreeSet<ChangeKey>,
}

/// What counts once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Each account or person.
    Object,
    /// Each change; a deleted group counts all its members.
    Change,
}

/// What a percentage is of, before the plan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Linked active accounts.
    Accounts,
    /// Linked accounts, inactive ones included.
    Links,
    /// Managed memberships.
    Memberships,
    /// Managed grants.
    Grants,
    /// People declared at the last applied commit.
    People,
    /// Active holders of the role.
    Holders,
}

impl Base {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Base::Accounts => "the linked active accounts",
            Base::Links => "the linked accounts",
            Base::Memberships => "the managed memberships",
            Base::Grants => "the managed grants",
            Base::People => "the people declared then",
            Base::Holders => "the active holders",
        }
    }
}

/// A file that is gone may have declared this many users who are declared nowhere else.
pub const GONE_FILE: Term = Term::Number { least: 3, percent: 0 };

/// The limit for any one group.
pub struct OneGroup {
    /// True for the groups that it is the limit of. Every group has one guard.
    pub is_of: fn(&GroupKey) -> bool,
    /// It holds for groups that had more members than this.
    pub above: u64,
    /// The smallest of these terms.
    pub default: &'static [Term],
}

/// Any one pushed group with more than eight members, by the share alone.
const ONE_PUSHED: OneGroup = OneGroup { is_of: is_pushed, above: 8, default: &[Term::Percent(25)] };

/// The same for the group that stands for a role.
const ONE_ROLE: OneGroup = OneGroup { is_of: GroupKey::is_role, ..ONE_PUSHED };

fn is_pushed(group: &GroupKey) -> bool {
    !group.is_role()
}

impl Guard {
    /// All of them, in the order of the schema. Every guard is in it: else the length does not fit.
    pub const ALL: [Guard; Guard::MinMembers as usize + 1] = [
        Guard::Deprovision,
        Guard::Membership,
        Guard::Revoke,
        Guard::Login,
        Guard::Update,
        Guard::Create,
        Guard::Leavers,
        Guard::Source,
        Guard::MinMembers,
    ];

    /// What is known of it.
    pub fn row(self) -> &'static Row {
        match self {
            Guard::Deprovision => &Row {
                name: "deprovision",
                title: "Deprovisioning",
                sentence: "Most people who may lose their account in one plan",
                counts: Counts::Losses(is_undeclared_account_loss),
                unit: Unit::Object,
                base: Base::Accounts,
                default: &[Term::Number { least: 10, percent: 1 }, Term::Percent(5)],
                one_group: None,
                examples: &[10, 5],
            },
            Guard::Membership => &Row {
                name: "membership",
                title: "Memberships",
                sentence: "Most group memberships that may be removed in one plan",
                counts: Counts::Losses(is_membership_loss),
                unit: Unit::Change,
                base: Base::Memberships,
                default: &[Term::Number { least: 25, percent: 5 }, Term::Percent(25)],
                one_group: Some(ONE_PUSHED),
                examples: &[25, 25],
            },
            Guard::Revoke => &Row {
                name: "revoke",
                title: "Roles",
                sentence: "Most roles that may be revoked in one plan",
                counts: Counts::Losses(is_revocation),
                unit: Unit::Change,
                base: Base::Grants,
                default: &[Term::Number { least: 25, percent: 5 }, Term::Percent(25)],
                one_group: Some(ONE_ROLE),
                examples: &[25, 25],
            },
            Guard::Login => &Row {
                name: "login",
                title: "Logins",
                sentence: "Most accounts whose login attributes may change in one plan",
                counts: Counts::Changes(is_login_change),
                unit: Unit::Object,
                base: Base::Accounts,
                default: &[Term::Number { least: 5, percent: 0 }, Term::Percent(2)],
                one_group: None,
                examples: &[5, 2],
            },
            Guard::Update => &Row {
                name: "update",
                title: "Updates",
                sentence: "Most accounts on which one attribute may change in one plan",
                counts: Counts::Changes(is_update),
                unit: Unit::Object,
                base: Base::Accounts,
                default: &[Term::Percent(25)],
                one_group: None,
                examples: &[500, 25],
            },
            Guard::Create => &Row {
                name: "create",
                title: "Creations",
                sentence: "Most accounts that may be created in one plan; a plan stops only if it exceeds the percentage as well",
                counts: Counts::Changes(is_creation),
                unit: Unit::Object,
                base: Base::Links,
                default: &[Term::Both { number: 20, percent: 25 }],
                one_group: None,
                examples: &[20, 25],
            },
            Guard::Leavers => &Row {
                name: "leavers",
                title: "Leavers",
                sentence: "Most people who may lose access because they are declared to leave",
                counts: Counts::Losses(is_declared_account_loss),
                unit: Unit::Object,
                base: Base::Accounts,
                default: &[],
                one_group: None,
                examples: &[50, 20],
            },
            Guard::Source => &Row {
                name: "source",
                title: "Shrunken source",
                sentence: "Most people whom the tree may lose since the last applied commit",
                counts: Counts::People,
                unit: Unit::Object,
                base: Base::People,
                default: &[Term::Number { least: 10, percent: 5 }],
                one_group: None,
                examples: &[10, 5],
            },
            Guard::MinMembers => &Row {
                name: "min_members",
                title: "Fewest holders",
                sentence: "For each role, how many active accounts have to hold it after each step",
                counts: Counts::Holders,
                unit: Unit::Object,
                base: Base::Holders,
                default: &[],
                one_group: None,
                examples: &[2],
            },
        }
    }

    /// Its key in `guard:`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The guard of this name.
    pub fn named(name: &str) -> Option<Guard> {
        Guard::ALL.into_iter().find(|guard| guard.name() == name)
    }

    /// Short name for verdicts, such as `guard:deprovision`.
    pub fn short_name(self) -> String {
        format!("guard:{}", self.name())
    }

    /// Guards with a limit for the app as a whole, which `--allow` may lift: all but `min_members`.
    pub fn limited() -> impl Iterator<Item = Guard> {
        Guard::ALL.into_iter().filter(|guard| !matches!(guard.row().counts, Counts::Holders))
    }

    /// The guards that count this change as a loss of access.
    pub fn of_loss(change: &Change) -> impl Iterator<Item = Guard> {
        let counts = |guard: &Guard| matches!(guard.row().counts, Counts::Losses(counts) if counts(change));
        Guard::ALL.into_iter().filter(counts)
    }

    /// True if it counts this change.
    pub fn counts(self, change: &Change, known: &Known<'_>) -> bool {
        match self.row().counts {
            Counts::Losses(counts) => counts(change),
            Counts::Changes(counts) => counts(change, known),
            Counts::People | Counts::Holders => false,
        }
    }

    /// True if its number and its percentage both have to be passed.
    pub fn stops_above_both(self) -> bool {
        matches!(self.row().default, [Term::Both { .. }])
    }

    /// What holds: settings over the default.
    pub fn terms(self, set: Limit) -> Terms {
        Terms::of(self.row().default, set)
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The `guard:` section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuardLimits {
    /// What is set, by guard.
    pub limits: BTreeMap<Guard, Limit>,
    /// Fewest active holders of a role after each step.
    pub min_members: BTreeMap<RoleId, u64>,
}

impl GuardLimits {
    /// What is set for a guard.
    pub fn of(&self, guard: Guard) -> Limit {
        self.limits.get(&guard).copied().unwrap_or_default()
    }
}

/// How much a change takes away: a deleted group takes the membership of all its members. One without members still takes
/// something away.
pub fn weight(change: &Change, members: Option<u64>) -> u64 {
    match change.kind {
        ChangeKind::GroupDelete => members.unwrap_or(1).max(1),
        _ => 1,
    }
}

/// The group that a change takes one member out of: a pushed group, or the group that stands for a role.
pub fn group_it_leaves(change: &Change) -> Option<GroupKey> {
    match (change.kind, &change.key.facet) {
        (ChangeKind::MemberRemove, _) => GroupKey::of(&change.key.object),
        (ChangeKind::RoleRevoke, Facet::Role(role)) => Some(GroupKey::Role(role.clone())),
        _ => None,
    }
}

fn is_account_loss(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::Disable | ChangeKind::Delete)
}

fn is_undeclared_account_loss(change: &Change) -> bool {
    is_account_loss(change) && !change.cause.is_declared()
}

fn is_declared_account_loss(change: &Change) -> bool {
    is_account_loss(change) && change.cause.is_declared()
}

fn is_membership_loss(change: &Change) -> bool {
    match change.kind {
        ChangeKind::GroupDelete => true,
        ChangeKind::MemberRemove => !change.cause.is_declared(),
        _ => false,
    }
}

fn is_revocation(change: &Change) -> bool {
    change.kind == ChangeKind::RoleRevoke && !change.cause.is_declared()
}

/// A matching, unique or login attribute that had a value: one that was unassigned changes nothing about how people sign
/// in.
fn is_login_change(change: &Change, known: &Known<'_>) -> bool {
    match (&change.key.object, &change.key.facet) {
        (Object::User(_), Facet::Attribute(path)) => {
            known.login_paths.contains(path) && change.old.text.is_some()
        }
        _ => false,
    }
}

/// An attribute of an account that was there and ours before this plan, and before the run that was interrupted.
fn is_update(change: &Change, known: &Known<'_>) -> bool {
    match (&change.key.object, &change.key.facet) {
        (Object::User(id), Facet::Attribute(_)) => {
            change.remote.is_some() && !known.adopted.contains(id) && !known.begun.contains(&change.key)
        }
        _ => false,
    }
}

/// A new account; before the first completed apply only one that was there before.
fn is_creation(change: &Change, known: &Known<'_>) -> bool {
    change.kind == ChangeKind::Create && (known.completed || change.cause == Cause::Drift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_row_is_the_name_in_stored_plans() {
        for (place, guard) in Guard::ALL.into_iter().enumerate() {
            assert_eq!(guard as usize, place);
            assert_eq!(serde_json::to_value(guard).unwrap(), guard.name());
            assert_eq!(Guard::named(guard.name()), Some(guard));
        }
    }

    /// A new kind of loss has to be counted, and what loses nothing is no loss.
    #[test]
    fn every_loss_that_nobody_declared_has_one_guard() {
        let key = ChangeKey { app: "hr".into(), object: Object::User("ada".into()), facet: Facet::Life };
        for kind in ChangeKind::ALL {
            let change = Change::new(key.clone(), kind, Cause::Config);
            assert_eq!(Guard::of_loss(&change).count(), usize::from(kind.is_loss()), "{kind:?}");
        }
    }

    #[test]
    fn every_group_has_one_guard() {
        for group in [GroupKey::Group("platform".into()), GroupKey::Role("admin".into())] {
            let is_of = |guard: &Guard| guard.row().one_group.as_ref().is_some_and(|one| (one.is_of)(&group));
            assert_eq!(Guard::ALL.into_iter().filter(is_of).count(), 1, "{group}");
        }
    }
}
