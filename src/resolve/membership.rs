//! Who is in which group: nested groups flattened, rules evaluated, unknown kept apart (safety.md 9).

use std::collections::BTreeMap;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::declared_holders::DeclaredHolders;
use super::life::{Life, life};
use super::programs::Programs;
use crate::expr::{Facts, Truth};
use crate::model::company::{Company, Status};
use crate::model::member::{Member, Principal};
use crate::model::time::{Timestamp, Window};
use crate::model::{Diagnostic, GroupNo, UserNo};

/// The people behind a group, a role or an assignment. Bits are user numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Holders {
    /// Proven to be in.
    pub yes: RoaringBitmap,
    /// Cannot be said; disjoint from `yes`.
    pub unknown: RoaringBitmap,
    /// Would be in if no `expires` had passed; disjoint from both.
    pub lapsed: RoaringBitmap,
}

impl Holders {
    fn add(&mut self, other: &Holders, window: Window, at: Timestamp) {
        if window.contains(at) {
            self.yes |= &other.yes;
            self.unknown |= &other.unknown;
            self.lapsed |= &other.lapsed;
        } else if window.is_over(at) {
            self.lapsed |= &other.yes;
            self.lapsed |= &other.lapsed;
        }
    }

    fn add_one(&mut self, user: UserNo, window: Window, at: Timestamp) {
        if window.contains(at) {
            self.yes.insert(user.0);
        } else if window.is_over(at) {
            self.lapsed.insert(user.0);
        }
    }

    /// Proven beats unknown beats lapsed.
    pub(super) fn settle(&mut self) {
        self.unknown -= &self.yes;
        self.lapsed -= &self.yes;
        self.lapsed -= &self.unknown;
    }
}

/// The last passed end per person.
pub type Ends = BTreeMap<UserNo, Timestamp>;

/// Members of every group at one instant.
pub struct Memberships {
    groups: Vec<Holders>,
    /// Per group and person, the end of the last line that led the person there and has ended. Other lines may lead there
    /// today.
    ends: Vec<Ends>,
    /// Per group, the people to whom its lines lead at any time.
    lines: Vec<DeclaredHolders>,
    /// Group and reason per person whose rule could not be decided.
    undecided: Vec<(GroupNo, UserNo, String)>,
    /// Groups whose rule is true for nobody, although there are people.
    without_match: Vec<GroupNo>,
}

impl Memberships {
    /// Works out all groups. People who are not `active` or `suspended` are in no group.
    pub fn resolve(company: &Company, programs: &Programs, at: Timestamp) -> Self {
        let (present, everybody) = (present(company, at), everybody(company));
        let rules: Vec<_> = (0..company.groups.len())
            .into_par_iter()
            .map(|group| rule_members(company, programs, GroupNo::from(group), &everybody))
            .collect();
        let mut groups = vec![Holders::default(); company.groups.len()];
        let mut ends = vec![Ends::new(); company.groups.len()];
        let mut lines = vec![DeclaredHolders::default(); company.groups.len()];
        for group in bottom_up(company) {
            let mut holders = expand(&company.groups[group.index()].members, &groups, at);
            let (yes, unknown) = &rules[group.index()].0;
            holders.yes |= yes;
            holders.unknown |= unknown;
            holders.yes &= &present;
            holders.unknown &= &present;
            holders.settle();
            groups[group.index()] = holders;
            let members = &company.groups[group.index()].members;
            ends[group.index()] = passed(members, &groups, &ends, at);
            lines[group.index()] = DeclaredHolders::of(members, &lines, yes.clone());
        }
        let matches_nobody = |group: &GroupNo| {
            let (yes, unknown) = &rules[group.index()].0;
            let has_rule = programs.rules.get(group.index()).is_some_and(Option::is_some);
            has_rule && yes.is_empty() && unknown.is_empty() && !everybody.is_empty()
        };
        let without_match = (0..company.groups.len()).map(GroupNo::from).filter(matches_nobody).collect();
        let undecided = rules.into_iter().flat_map(|(_, undecided)| undecided);
        let undecided = undecided.filter(|(_, user, _)| present.contains(user.0)).collect();
        Self { groups, ends, lines, undecided, without_match }
    }

    /// The members of one group.
    pub fn of(&self, group: GroupNo) -> &Holders {
        &self.groups[group.index()]
    }

    /// The people behind member lines.
    pub fn expand(&self, members: &[Member], at: Timestamp) -> Holders {
        expand(members, &self.groups, at)
    }

    /// Per person, the end of the last line that led the person into a group and has ended.
    pub fn ends_of(&self, group: GroupNo) -> &Ends {
        &self.ends[group.index()]
    }

    /// Per person, the end of the last of these member lines that led to the person and has ended.
    pub fn ends(&self, members: &[Member], at: Timestamp) -> Ends {
        passed(members, &self.groups, &self.ends, at)
    }

    /// The people to whom the lines of a group lead at any time.
    pub fn lines_of(&self, group: GroupNo) -> &DeclaredHolders {
        &self.lines[group.index()]
    }

    /// The people to whom member lines lead at any time.
    pub fn lines(&self, members: &[Member]) -> DeclaredHolders {
        DeclaredHolders::of(members, &self.lines, RoaringBitmap::new())
    }

    /// The windows in which lines lead to a person as a member of a group.
    pub fn windows(&self, group: GroupNo, user: UserNo) -> Vec<Window> {
        self.lines[group.index()].windows(user)
    }

    /// Rules that could not be decided, a person each, and rules that are true for nobody.
    pub fn findings(&self, company: &Company) -> Vec<Diagnostic> {
        let finding = |(group, user, why): &(GroupNo, UserNo, String)| {
            let group = &company.groups[group.index()];
            let user = &company.users[user.index()];
            let message = format!("cannot say whether {} is in group {}: {why}", user.id, group.id);
            let rule = group.rule.as_ref().map_or(group.span, |rule| rule.span);
            Diagnostic::error("unknown-membership", user.span, message)
                .of_subject()
                .with_related(rule, "the rule")
                .with_hint("give the attribute a value, or guard the rule with `has(…)`; until then nothing changes for this person")
        };
        let matches_nobody = |group: &GroupNo| {
            let group = &company.groups[group.index()];
            let rule = group.rule.as_ref().map_or(group.span, |rule| rule.span);
            let message = format!("the rule of group {} is true for nobody in the tree", group.id);
            Diagnostic::warning("rule-without-match", rule, message).with_hint(
                "compare its texts with what people have: a letter, its case or a blank may differ",
            )
        };
        let undecided = self.undecided.iter().map(finding);
        undecided.chain(self.without_match.iter().map(matches_nobody)).collect()
    }
}

fn expand(members: &[Member], groups: &[Holders], at: Timestamp) -> Holders {
    let mut holders = Holders::default();
    for member in members {
        match member.principal {
            Principal::User(user) => holders.add_one(user, member.window(), at),
            Principal::Group(group) => holders.add(&groups[group.index()], member.window(), at),
        }
    }
    holders.settle();
    holders
}

/// A chain of lines ended when its first one did. Empty, and cheap, where nothing ever expired.
fn passed(members: &[Member], groups: &[Holders], ends: &[Ends], at: Timestamp) -> Ends {
    let mut found = Ends::new();
    let mut add = |user: UserNo, end: Timestamp| {
        let known = found.entry(user).or_insert(end);
        *known = end.max(*known);
    };
    for member in members {
        let window = member.window();
        let over = window.end.filter(|_| window.is_over(at));
        match member.principal {
            Principal::User(user) => {
                if let Some(end) = over {
                    add(user, end);
                }
            }
            Principal::Group(group) if over.is_some() || window.contains(at) => {
                if let Some(end) = over {
                    let there = groups[group.index()].yes.iter();
                    there.for_each(|user| add(UserNo(user), end));
                }
                for (user, inner) in &ends[group.index()] {
                    add(*user, over.map_or(*inner, |end| end.min(*inner)));
                }
            }
            Principal::Group(_) => {}
        }
    }
    found
}

/// People who can hold anything at all.
fn present(company: &Company, at: Timestamp) -> RoaringBitmap {
    let holds = |number: &u32| matches!(life(company, UserNo(*number), at), Life::Active | Life::Suspended);
    (0..company.users.len() as u32).filter(holds).collect()
}

/// People who can hold something now, have held it or will: rules are asked about them.
fn everybody(company: &Company) -> RoaringBitmap {
    let may_hold = |number: &u32| company.users[*number as usize].status != Status::Left;
    (0..company.users.len() as u32).filter(may_hold).collect()
}

type RuleMembers = ((RoaringBitmap, RoaringBitmap), Vec<(GroupNo, UserNo, String)>);

fn rule_members(
    company: &Company,
    programs: &Programs,
    group: GroupNo,
    everybody: &RoaringBitmap,
) -> RuleMembers {
    let Some(Some(program)) = programs.rules.get(group.index()) else {
        return Default::default();
    };
    let (mut yes, mut unknown, mut undecided) = (RoaringBitmap::new(), RoaringBitmap::new(), Vec::new());
    for user in everybody {
        match program.truth(&Facts::user(company, UserNo(user))) {
            Truth::True => _ = yes.insert(user),
            Truth::False => {}
            Truth::Unknown(why) => {
                unknown.insert(user);
                undecided.push((group, UserNo(user), why));
            }
        }
    }
    ((yes, unknown), undecided)
}

/// Groups so that nested ones come first. Cycles are refused by the loader; here they merely end.
fn bottom_up(company: &Company) -> Vec<GroupNo> {
    let nested = |group: GroupNo| {
        company.groups[group.index()].members.iter().filter_map(|member| match member.principal {
            Principal::Group(inner) => Some(inner),
            Principal::User(_) => None,
        })
    };
    let mut order = Vec::with_capacity(company.groups.len());
    let mut seen = vec![false; company.groups.len()];
    for start in 0..company.groups.len() {
        let mut stack = vec![(GroupNo::from(start), false)];
        while let Some((group, done)) = stack.pop() {
            if done {
                order.push(group);
            } else if !std::mem::replace(&mut seen[group.index()], true) {
                stack.push((group, true));
                stack.extend(nested(group).map(|inner| (inner, false)));
            }
        }
    }
    order
}
