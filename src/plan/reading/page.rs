//! The findings of one page of a listing. Pages may be judged in any order and on any thread; their objects are dropped
//! then.

use super::creation::{self, Creation};
use super::differ::Differ;
use super::identity::Evidence;
use super::links::{LinkNo, LinkRow};
use super::matching::Candidate;
use super::namesakes::{Namesake, Shows};
use super::rows::{GroupRow, LinkedRow, ListedHoldings, MemberRef, PageDiff, RowMembers, UnlinkedRow};
use super::taken::Taken;
use super::{evidence, former, listed_power, role_list, shown_facts};
use crate::model::ledger::LinkState;
use crate::model::remote::{Member, Members, Page};
use crate::model::{Kind, Remote, UserNo};
use crate::plan::compare::{self, Findings};
use crate::resolve::Standing;

impl Differ<'_> {
    /// Judges one page.
    pub fn page(&self, page: &Page) -> PageDiff {
        let none = || vec![0; self.user_paths.len()];
        let mut diff = PageDiff { values: none(), shows: none(), ..PageDiff::default() };
        for row in &page.rows {
            match row.kind {
                Kind::Group => {
                    let shows_members = row.members.everybody().is_some();
                    diff.all_groups.push((row.id.clone(), row.name.clone(), shows_members));
                    diff.groups.extend(self.group_row(row));
                }
                Kind::User => {
                    diff.shows_roles |= role_list::is_shown(self, row);
                    for (count, value) in diff.shows.iter_mut().zip(&row.attributes) {
                        *count += u64::from(shown_facts::is_shown(value));
                    }
                    match self.link_of(row) {
                        Some(link) => {
                            for (count, value) in diff.values.iter_mut().zip(&row.attributes) {
                                *count += u64::from(value.shown().is_some());
                            }
                            let news = creation::news(self, self.links.row(link).link, row.created);
                            diff.created.extend(news.map(|created| (link, created)));
                            let linked = self.linked_row(link, row);
                            diff.taken.extend(self.taken(row, Some(&linked)));
                            diff.linked.push(linked);
                        }
                        None => {
                            diff.taken.extend(self.taken(row, None));
                            let unlinked = self.unlinked_row(row);
                            diff.namesakes.extend(self.namesakes_of(row, &unlinked));
                            diff.unlinked.push(unlinked);
                        }
                    }
                }
            }
        }
        diff
    }

    /// The link of an account. A tombstone stands for it only while the account may be the one that it remembers: an app may
    /// give its ids again (safety.md 16).
    fn link_of(&self, remote: &Remote) -> Option<LinkNo> {
        let number = self.links.of_remote(remote.id.as_str())?;
        let row = self.links.row(number);
        let is_remembered = || match evidence::of(self, number, remote) {
            Evidence::Id | Evidence::Value(..) => true,
            Evidence::Shown(shown) => match Creation::of(self, row.link, shown.created) {
                Creation::Unchanged => true,
                _ if !shown.remembered.is_empty() => true,
                Creation::Changed(..) => false,
                // Some apps go on listing what was deleted, without its values.
                Creation::Unsaid => shown.values.is_empty() && shown.our_id.is_none(),
            },
        };
        (!row.is_tombstone() || is_remembered()).then_some(number)
    }

    pub(in crate::plan) fn linked_row(&self, number: LinkNo, remote: &Remote) -> LinkedRow {
        let row = self.links.row(number);
        let compared = row.number.filter(|user| self.is_compared(&self.input.desired.standing(*user)));
        let findings = match compared {
            Some(user) => {
                let whose = (user, Some(row.link));
                compare::account(&self.comparison(), self.attributes(user), whose, &remote.attributes)
            }
            None => self.roles_before_off(row, remote),
        };
        let evidence = evidence::of(self, number, remote);
        let protected = self.protection.covers(remote, Some(&row.user));
        let findings = (!findings.is_empty()).then(|| Box::new(findings));
        LinkedRow {
            link: number,
            activity: remote.activity.clone(),
            evidence,
            protected,
            name: remote.name.clone(),
            in_domain: self.is_in_domain(remote),
            lookalike: self.lookalike(row.number.is_none(), remote),
            findings,
        }
    }

    /// The values of an account that other people are to have. An account that is as its own person is to have it needs no
    /// look.
    fn taken(&self, remote: &Remote, row: Option<&LinkedRow>) -> Vec<Taken> {
        // A deleted account that the app goes on listing may be another person's than the one who has the id today.
        let own = row.map(|row| self.links.row(row.link)).filter(|own| !own.is_tombstone());
        let user = own.and_then(|own| own.number);
        let is_settled = row.zip(user).is_some_and(|(row, user)| self.has_own_values(user, row));
        match is_settled {
            true => Vec::new(),
            false => {
                let schema = &self.input.desired.definition.users;
                self.wanters().of(schema, remote, user)
            }
        }
    }

    /// True if a person is to have an account, and it has the values that tell accounts apart.
    fn has_own_values(&self, user: UserNo, row: &LinkedRow) -> bool {
        let is_in = matches!(self.input.desired.standing(user), Standing::In);
        let Some(findings) = row.findings.as_deref() else { return is_in };
        let paths = self.input.desired.identifying_paths();
        let differs =
            findings.differences.iter().any(|difference| paths.contains(&&difference.attribute.path));
        is_in && findings.error.is_none() && !differs
    }

    /// Accounts that stay while their people are out, or that are left alone by hand, are compared for the roles they still hold.
    fn is_compared(&self, standing: &Standing) -> bool {
        let app = self.input.desired.app;
        let stays = app.users.deprovision.is_keep() || !app.users.actions.deprovision;
        match standing {
            Standing::In => true,
            Standing::Out(_) => stays && app.removed.is_none() && !app.roles.is_empty(),
            Standing::Ignored => app.removed.is_none() && !app.roles.is_empty(),
            Standing::Suspended | Standing::Unknown(_) => false,
        }
    }

    /// The roles that an account shows that is about to be turned off: one that another hand took is not given back with the account
    /// (safety.md 13).
    fn roles_before_off(&self, row: &LinkRow, remote: &Remote) -> Findings {
        let standing = row.number.map(|user| (user, self.input.desired.standing(user)));
        let is_on_yet = row.link.state == LinkState::Active && !row.link.roles.is_empty();
        match standing {
            Some((user, Standing::Out(_) | Standing::Suspended)) if is_on_yet => {
                let whose = (user, Some(row.link));
                let all =
                    compare::account(&self.comparison(), self.attributes(user), whose, &remote.attributes);
                Findings { roles: all.roles, ..Findings::default() }
            }
            _ => Findings::default(),
        }
    }

    fn lookalike(&self, undeclared: bool, remote: &Remote) -> Option<UserNo> {
        let schema = &self.input.desired.definition.users;
        let candidates =
            if undeclared { self.index().candidates(schema, &remote.attributes) } else { Vec::new() };
        let users = candidates.into_iter().map(|candidate| candidate.user);
        users.into_iter().find(|user| self.links.of_user(*user).is_none())
    }

    fn unlinked_row(&self, remote: &Remote) -> UnlinkedRow {
        let schema = &self.input.desired.definition.users;
        let candidates = self.index().candidates(schema, &remote.attributes);
        let by_hand = self.manual.contains_key(&remote.id);
        let is_open = self.lists_holdings() && (by_hand || !candidates.is_empty());
        let holds = || ListedHoldings { all: remote.holds.clone(), in_part: remote.holds_in_part };
        let values = if candidates.is_empty() && !by_hand { Vec::new() } else { remote.attributes.clone() };
        UnlinkedRow {
            remote: remote.id.clone(),
            name: remote.name.clone(),
            our_id: remote.our_id.clone(),
            created: remote.created,
            activity: remote.activity.clone(),
            protected: self.protection.covers(remote, None) || self.matches_protected(&candidates),
            unmatchable: self.index().unread(&remote.attributes),
            in_domain: self.is_in_domain(remote),
            identity: if (by_hand || candidates.is_empty()) && self.compares_former {
                former::identity(self, remote)
            } else {
                Vec::new()
            },
            candidates,
            holds: is_open.then(|| Box::new(holds())),
            power: listed_power::of(self, remote),
            values,
        }
    }

    /// The people without an account whom an account looks like. `protect` says that it is nobody's. An account that matches somebody is not another person's for the sake of a name.
    fn namesakes_of(&self, remote: &Remote, row: &UnlinkedRow) -> Vec<Namesake> {
        if row.protected {
            return Vec::new();
        }
        let found = self.namesakes().of(remote).into_iter();
        found.filter(|one| one.shows == Shows::Address || row.candidates.is_empty()).collect()
    }

    fn is_in_domain(&self, remote: &Remote) -> bool {
        self.input.ledger.completed.is_none() && self.namesakes().is_in_domain(remote)
    }

    fn matches_protected(&self, candidates: &[Candidate]) -> bool {
        let users = &self.input.resolved.company.users;
        let named = |candidate: &Candidate| self.protection.covers_match(&users[candidate.user.index()].id);
        candidates.iter().any(named)
    }

    fn group_row(&self, remote: &Remote) -> Option<GroupRow> {
        if !self.concerns_group(&remote.id, remote.name.as_ref(), remote.our_id.as_ref()) {
            return None;
        }
        let reference = |member: &Member| match self.links.of_remote(&member.name) {
            _ if member.kind == Some(Kind::Group) => MemberRef::Group(member.name.clone()),
            Some(link) if !self.members_by_name => MemberRef::Linked(link),
            _ => MemberRef::Other(member.name.clone()),
        };
        let members = match &remote.members {
            Members::Shown(members) => RowMembers::Shown(members.iter().map(reference).collect()),
            Members::Mixed(members) => RowMembers::Mixed(members.iter().map(reference).collect()),
            Members::Unread(why) => RowMembers::Unread(why.clone()),
        };
        Some(GroupRow {
            remote: remote.id.clone(),
            name: remote.name.clone(),
            our_id: remote.our_id.clone(),
            values: remote.attributes.clone(),
            members,
        })
    }
}
