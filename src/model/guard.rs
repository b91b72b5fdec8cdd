//! The guards (safety.md 11, 12, 14). Each is one row: its name, what it counts, against what, its limit if nothing is
//! said, and its sentence. The table of rules in `plan::guard` says how each is judged and what it holds back.
//!
//! Everything that speaks of a guard reads its row: the plan, the losses that apply writes down, `guard:` in the files and
//! its schema, `show app`, `--allow`, and the messages.
//!
//! Long because every guard is a row of one table.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::change::{Change, ChangeKind};
use super::counted::{
    Known, gives_other_value, is_creation, is_gain_of_power, is_login_change, is_loss_of_power,
    is_membership_loss, is_revocation, is_takeover, is_typed_account_loss, is_undeclared_account_loss,
    is_unmatched_creation, is_update,
};
use super::group_key::GroupKey;
use super::id::RoleId;
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
    /// Power lost without a declaration: a privileged role that its holders lose together.
    Privileged,
    /// People who gain power.
    Gain,
    /// Accounts created for people who may have one.
    Unmatched,
    /// What people had before rolecall came.
    Takeover,
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
    /// What a share is of.
    pub base: Base,
    /// The limit if nothing is said: the smallest of these terms. No term is no limit.
    pub default: &'static [Term],
    /// The limit before the first completed apply, in shares of the declared people, if it is another one.
    pub at_first: &'static [Term],
    /// The limit for values that are cleared, if another one holds for these.
    pub cleared: &'static [Term],
    /// The groups of which each one has a limit of its own, [`of_one_group`]. Every group has one guard.
    pub each_of: Option<fn(&GroupKey) -> bool>,
    /// A number and a percentage, as the schema shows them.
    pub examples: &'static [u64],
}

/// Which changes a guard counts.
#[derive(Clone, Copy)]
pub enum Counts {
    /// Losses of access. Apply writes them down, and plans of the next 24 hours count them too.
    Losses(fn(&Change, &Known<'_>) -> bool),
    /// Other changes, of this plan alone.
    Changes(fn(&Change, &Known<'_>) -> bool),
    /// Losses and gains of power, of each role that gives it. They are written down like other losses.
    Power(fn(&Change, &Known<'_>) -> bool),
    /// No change: people with an account who are missing from the files.
    People,
    /// No change: holders that a role keeps.
    Holders,
}

/// What a share is of: a number of people, before the plan and before what was lost in the last 24 hours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Linked active accounts.
    Accounts,
    /// Linked accounts, inactive ones included.
    Links,
    /// People in any managed group.
    Members,
    /// People with any managed role.
    Grantees,
    /// Linked accounts that have a value there.
    Values,
    /// Active holders of any role that gives power.
    Power,
    /// Active accounts with an address in a domain of the tree, before the first completed apply.
    InDomain,
    /// People who had an account at the last applied commit.
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
            Base::Members => "the people in any managed group",
            Base::Grantees => "the people with any managed role",
            Base::Values => "the linked accounts that have a value there",
            Base::Power => "the active holders of privileged roles",
            Base::InDomain => {
                "the active accounts with an address of the tree's domains, before the first completed apply"
            }
            Base::People => "the people who had an account then",
            Base::Holders => "the active holders",
        }
    }
}

/// A file that is gone may have declared this many people with an account who are declared nowhere else.
pub const GONE_FILE: Term = Term::number(3);

/// The limit for one group or role that had this many members, of so many people in any: half of more than eight, all but
/// one of four to eight, and never less than 5 % of all of them.
pub fn of_one_group(had: u64, people: u64) -> Terms {
    let least = people / 20;
    match had {
        _ if had <= least.max(3) => Terms::of(&[], Limit::default()),
        4..=8 => Term::AllButOne.into(),
        _ => Term::Half { least }.into(),
    }
}

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
        Guard::Privileged,
        Guard::Gain,
        Guard::Unmatched,
        Guard::Takeover,
        Guard::MinMembers,
    ];

    /// What is known of it.
    pub fn row(self) -> &'static Row {
        match self {
            Guard::Deprovision => &Row {
                name: "deprovision",
                title: "Deprovisioning",
                sentence: "Most people who may lose their account in one plan, unless it is declared",
                counts: Counts::Losses(is_undeclared_account_loss),
                base: Base::Accounts,
                default: const {
                    &[Term::share(5, 5), Term::share(10, 1), Term::Half { least: 1 }, Term::number(250)]
                },
                at_first: &[],
                cleared: &[],
                each_of: None,
                examples: &[10, 5],
            },
            Guard::Membership => &Row {
                name: "membership",
                title: "Memberships",
                sentence: "Most people who may be taken out of a group in one plan",
                counts: Counts::Losses(is_membership_loss),
                base: Base::Members,
                default: const {
                    &[Term::share(5, 25), Term::share(25, 5), Term::Half { least: 2 }, Term::number(500)]
                },
                at_first: &[],
                cleared: &[],
                each_of: Some(is_pushed),
                examples: &[25, 25],
            },
            Guard::Revoke => &Row {
                name: "revoke",
                title: "Roles",
                sentence: "Most people who may lose a role in one plan",
                counts: Counts::Losses(is_revocation),
                base: Base::Grantees,
                default: const {
                    &[Term::share(5, 25), Term::share(25, 5), Term::Half { least: 2 }, Term::number(500)]
                },
                at_first: &[],
                cleared: &[],
                each_of: Some(GroupKey::is_role),
                examples: &[25, 25],
            },
            Guard::Login => &Row {
                name: "login",
                title: "Logins",
                sentence: "Most people whose login, or another value that they are found by, may be overwritten in one plan",
                counts: Counts::Changes(is_login_change),
                base: Base::Accounts,
                default: const { &[Term::share(5, 2), Term::Half { least: 1 }, Term::number(250)] },
                at_first: &[],
                cleared: &[],
                each_of: None,
                examples: &[5, 2],
            },
            Guard::Update => &Row {
                name: "update",
                title: "Updates",
                sentence: "Most people of whom one attribute, or the value of one role that they keep, may be overwritten in one plan, or cleared; an empty one may always be filled",
                counts: Counts::Changes(is_update),
                base: Base::Values,
                default: const { &[Term::share(20, 25), Term::number(2_500)] },
                at_first: &[],
                cleared: const { &[Term::share(3, 10), Term::number(100)] },
                each_of: None,
                examples: &[500, 25],
            },
            Guard::Create => &Row {
                name: "create",
                title: "Creations",
                sentence: "Most accounts that may be created in one plan, once an apply of the app has run to its end",
                counts: Counts::Changes(is_creation),
                base: Base::Links,
                default: const { &[Term::share(20, 25), Term::number(500)] },
                at_first: &[],
                cleared: &[],
                each_of: None,
                examples: &[20, 25],
            },
            Guard::Leavers => &Row {
                name: "leavers",
                title: "Leavers",
                sentence: "Most people who may lose their account because they are typed as out, by `left`, `suspended`, or a date that was over when it was written; one alone always passes",
                counts: Counts::Losses(is_typed_account_loss),
                base: Base::Accounts,
                default: const { &[Term::share(5, 5), Term::Half { least: 1 }, Term::number(500)] },
                at_first: &[],
                cleared: &[],
                each_of: None,
                examples: &[50, 20],
            },
            Guard::Source => &Row {
                name: "source",
                title: "Shrunken source",
                sentence: "Most people with an account whom the tree may lose since the last applied commit. A file that is gone may have had at most three of them",
                counts: Counts::People,
                base: Base::People,
                default: const { &[Term::share(10, 5), Term::Half { least: 3 }, Term::number(500)] },
                at_first: &[],
                cleared: &[],
                each_of: None,
                examples: &[10, 5],
            },
            Guard::Privileged => &Row {
                name: "privileged",
                title: "Privileged roles",
                sentence: "Most people who may lose a privileged role without a declaration, where all of its holders lose it, or at least two and more than half. If one loses it and another gains it, that counts as none",
                counts: Counts::Power(is_loss_of_power),
                base: Base::Power,
                default: const { &[Term::number(0)] },
                at_first: &[],
                cleared: &[],
                each_of: None,
                examples: &[2, 50],
            },
            Guard::Gain => &Row {
                name: "gain",
                title: "Gains of power",
                sentence: "Most people who may gain a privileged role in 24 hours",
                counts: Counts::Power(is_gain_of_power),
                base: Base::Power,
                default: const { &[Term::Half { least: 3 }, Term::number(10)] },
                at_first: const { &[Term::share(5, 10)] },
                cleared: &[],
                each_of: None,
                examples: &[5, 50],
            },
            Guard::Unmatched => &Row {
                name: "unmatched",
                title: "Unmatched accounts",
                sentence: "Most people for whom an account may be created although an account without a link has their e-mail. Until an apply of the app has run to its end, the same full name counts too, and every new account if fewer than half of at least four active accounts with an address of the tree's domains belong to somebody",
                counts: Counts::Changes(is_unmatched_creation),
                base: Base::InDomain,
                default: const { &[Term::number(0)] },
                at_first: &[],
                cleared: &[],
                each_of: None,
                examples: &[2, 50],
            },
            Guard::Takeover => &Row {
                name: "takeover",
                title: "Takeovers",
                sentence: "Most people who may lose what they had before rolecall came: a membership or role that was found when the group or role was adopted, or, as leavers, an account that the first apply adopted",
                counts: Counts::Losses(is_takeover),
                base: Base::Accounts,
                default: const { &[Term::number(0)] },
                at_first: &[],
                cleared: &[],
                each_of: None,
                examples: &[10, 5],
            },
            Guard::MinMembers => &Row {
                name: "min_members",
                title: "Fewest holders",
                sentence: "For each role, how many active accounts have to hold it after each step",
                counts: Counts::Holders,
                base: Base::Holders,
                default: &[],
                at_first: &[],
                cleared: &[],
                each_of: None,
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

    /// True if it counts this change.
    pub fn counts(self, change: &Change, known: &Known<'_>) -> bool {
        match self.row().counts {
            Counts::Losses(counts) | Counts::Changes(counts) | Counts::Power(counts) => counts(change, known),
            Counts::People | Counts::Holders => false,
        }
    }

    /// True if what it counts is a gain, and not a loss.
    pub fn counts_gains(self) -> bool {
        self == Guard::Gain
    }

    /// True if it holds a value, and neither a loss nor a gain: another value is another decision. Power is a gain whatever else
    /// stands beside it.
    pub fn holds_values(self) -> bool {
        matches!(self, Guard::Login | Guard::Update)
    }

    /// True for a change of the kind that it can hold: a hold of a loss says nothing about giving the same back, nor about another
    /// value of a role that people keep.
    pub fn may_hold(self, change: &Change) -> bool {
        let (kind, is_loss) = (change.kind, change.kind.is_loss());
        match self {
            Guard::Deprovision
            | Guard::Leavers
            | Guard::Takeover
            | Guard::Membership
            | Guard::Revoke
            | Guard::Privileged => is_loss && !change.revalued,
            Guard::Gain => !is_loss && !change.revalued,
            Guard::Login => kind == ChangeKind::Update,
            Guard::Update => kind == ChangeKind::Update || gives_other_value(change),
            Guard::Create | Guard::Unmatched => kind == ChangeKind::Create,
            Guard::Source | Guard::MinMembers => false,
        }
    }

    /// What holds: settings over the default. One leaver alone always passes (safety.md 11).
    pub fn terms(self, set: Limit) -> Terms {
        let least = u64::from(self == Guard::Leavers);
        let set = Limit { count: set.count.map(|count| count.max(least)), ..set };
        Terms::of(self.row().default, set)
    }

    /// What holds before the first completed apply: settings over the default.
    pub fn terms_at_first(self, set: Limit) -> Terms {
        Terms::of(self.row().at_first, set)
    }

    /// What holds for values that are cleared: settings over the default.
    pub fn terms_of_cleared(self, set: Limit) -> Terms {
        Terms::of(self.row().cleared, set)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::change::{Cause, ChangeKey, Facet, Object};

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
        let none = BTreeSet::new();
        let typed = BTreeSet::from([key.clone()]);
        let count = |kind, cause, typed: &BTreeSet<ChangeKey>| {
            let known = Known {
                completed: true,
                login_paths: &[],
                folded_paths: &[],
                adopted: &BTreeSet::new(),
                begun: &none,
                unmatched: &Default::default(),
                released: &BTreeSet::new(),
                takeovers: &none,
                off: &BTreeSet::new(),
                turned_on: &BTreeSet::new(),
                typed,
                power_taken: &Default::default(),
            };
            let change = Change::new(key.clone(), kind, cause);
            let counts = |guard: &Guard| matches!(guard.row().counts, Counts::Losses(counts) if counts(&change, &known));
            Guard::ALL.into_iter().filter(counts).count()
        };
        for kind in ChangeKind::ALL {
            assert_eq!(count(kind, Cause::Config, &none), usize::from(kind.is_loss()), "{kind:?}");
            assert_eq!(count(kind, Cause::Expiry, &typed), usize::from(kind.is_loss()), "{kind:?}");
            assert_eq!(count(kind, Cause::Takeover, &none), usize::from(kind.is_loss()), "{kind:?}");
        }
    }

    #[test]
    fn every_group_has_one_guard() {
        for group in [GroupKey::Group("platform".into()), GroupKey::Role("admin".into())] {
            let is_of = |guard: &Guard| guard.row().each_of.is_some_and(|is_of| is_of(&group));
            assert_eq!(Guard::ALL.into_iter().filter(is_of).count(), 1, "{group}");
        }
    }
}
