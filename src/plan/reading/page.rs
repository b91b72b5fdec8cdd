//! The findings of one page of a listing. Pages may be judged in any order and on any thread; their objects are dropped
//! then.

use super::differ::Differ;
use super::evidence;
use super::links::LinkNo;
use super::matching::Candidate;
use super::rows::{GroupRow, LinkedRow, MemberRef, PageDiff, RowMembers, UnlinkedRow};
use crate::model::app::Deprovision;
use crate::model::remote::{Member, Members, Page};
use crate::model::{Kind, Remote, UserNo};
use crate::plan::compare::{self, Findings};
use crate::resolve::Standing;

impl Differ<'_> {
    /// Judges one page.
    pub fn page(&self, page: &Page) -> PageDiff {
        let mut diff = PageDiff { values: vec![0; self.user_paths.len()], ..PageDiff::default() };
        for row in &page.rows {
            match row.kind {
                Kind::Group => {
                    let shows_members = matches!(row.members, Members::Shown(_));
                    diff.all_groups.push((row.id.clone(), row.name.clone(), shows_members));
                    diff.groups.extend(self.group_row(row));
                }
                Kind::User => match self.links.of_remote(row.id.as_str()) {
                    Some(link) => {
                        for (count, value) in diff.values.iter_mut().zip(&row.attributes) {
                            *count += u64::from(value.shown().is_some());
                        }
                        diff.linked.push(self.linked_row(link, row));
                    }
                    None => diff.unlinked.push(self.unlinked_row(row)),
                },
            }
        }
        diff
    }

    pub(in crate::plan) fn linked_row(&self, number: LinkNo, remote: &Remote) -> LinkedRow {
        let row = self.links.row(number);
        let compared = row.number.filter(|user| self.is_compared(&self.input.desired.standing(*user)));
        let findings = match compared {
            Some(user) => {
                compare::account(self.input.desired, self.input.key, user, Some(row.link), &remote.attributes)
            }
            None => Findings::default(),
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
            lookalike: self.lookalike(row.number.is_none(), remote),
            findings,
        }
    }

    /// Accounts that stay while their people are out are compared for the roles they still hold.
    fn is_compared(&self, standing: &Standing) -> bool {
        let app = self.input.desired.app;
        let stays = app.users.deprovision == Deprovision::Keep || !app.users.actions.deprovision;
        match standing {
            Standing::In => true,
            Standing::Out(_) => stays && app.removed.is_none() && !app.roles.is_empty(),
            Standing::Suspended | Standing::Ignored | Standing::Unknown(_) => false,
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
        let values = if candidates.is_empty() && !by_hand { Vec::new() } else { remote.attributes.clone() };
        UnlinkedRow {
            remote: remote.id.clone(),
            name: remote.name.clone(),
            our_id: remote.our_id.clone(),
            activity: remote.activity.clone(),
            protected: self.protection.covers(remote, None) || self.matches_protected(&candidates),
            candidates,
            values,
        }
    }

    fn matches_protected(&self, candidates: &[Candidate]) -> bool {
        let users = &self.input.resolved.company.users;
        let named = |candidate: &Candidate| self.protection.names_user(&users[candidate.user.index()].id);
        candidates.iter().any(named)
    }

    fn group_row(&self, remote: &Remote) -> Option<GroupRow> {
        if !self.group_links.contains_key(&remote.id)
            && !remote.name.as_ref().is_some_and(|name| self.is_wanted_name(name))
        {
            return None;
        }
        let reference = |member: &Member| match self.links.of_remote(&member.name) {
            _ if member.kind == Some(Kind::Group) => MemberRef::Group(member.name.clone()),
            Some(link) if !self.members_by_name => MemberRef::Linked(link),
            _ => MemberRef::Other(member.name.clone()),
        };
        let members = match &remote.members {
            Members::Shown(members) => RowMembers::Shown(members.iter().map(reference).collect()),
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
