//! The result of a step, as a value. The recipe adds the decisions up and hands on the parts that later steps need.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::change::{Cause, Change, ChangeKey, Object};
use crate::model::intervention::Hand;
use crate::model::ledger::{GroupKey, GroupLink, Hashes, LedgerUpdate, Link, LinkState, PersonHashes};
use crate::model::op::MemberList;
use crate::model::time::Timestamp;
use crate::model::{Created, Path, RemoteId, RoleId, UserId, UserNo, Want};
use crate::plan::compare::Reference;
use crate::plan::decide::context::Context;
use crate::plan::notice::Notice;
use crate::plan::reading::links::LinkNo;
use crate::plan::work::RoleWork;
use crate::resolve::DesiredAttribute;

/// The decision about one person, one group or one step. Most of its lists are empty.
#[derive(Default)]
pub(crate) struct Decision {
    pub changes: Vec<Change>,
    pub notices: Vec<Notice>,
    /// Entries of the ledger that no commit proves: why, and whose. The plan says each reason once.
    pub unproved: Vec<(String, Object)>,
    /// People for whom nothing may change.
    pub frozen: Vec<UserId>,
    /// The account of each person.
    pub accounts: Vec<(UserNo, Account)>,
    /// Accounts that this plan takes over, with their people.
    pub adopted: Vec<(UserNo, RemoteId)>,
    pub new_accounts: Vec<NewAccount>,
    pub references: Vec<(UserNo, Waiting)>,
    /// People whose account stays by configuration.
    pub kept: Vec<UserId>,
    /// People whose account was created and was not on since: they were invited.
    pub not_on_yet: Vec<UserId>,
    /// People whose linked account a short listing did not show.
    pub unlisted: Vec<UserId>,
    /// People whose account is not created, because a short listing may have left one out.
    pub waiting: Vec<UserId>,
    /// Actions that `users.actions` or the app do not allow: text, remedy, person. The plan shows each text once for
    /// all its people.
    pub forbidden: Vec<(&'static str, &'static str, UserId)>,
    /// Values that the app does not keep. The plan shows each attribute once for all its accounts or groups.
    pub not_kept: Vec<NotKept>,
    pub moves: Vec<Move>,
    /// Updates of ledger entries of people that need no request.
    pub link_updates: Vec<(UserId, LinkUpdate)>,
    /// The last passed `expires` of people who lose something by this plan. It counts as over once the losses are done.
    pub lapses: Vec<(UserId, Timestamp)>,
    /// The time of the end that a change carries out.
    pub ends: Vec<(ChangeKey, Timestamp)>,
    /// The first change must not happen unless the second one does.
    pub needs: Vec<(ChangeKey, ChangeKey)>,
    /// Ledger entries of accounts that are adopted or linked again.
    pub links: Vec<(UserId, Link)>,
    /// Values that are added to [`Decision::links`].
    pub link_values: Vec<(UserId, Arc<str>, Hashes)>,
    pub roles: Vec<(UserId, RoleWork)>,
    pub group_links: Vec<(GroupKey, GroupLink)>,
    pub group_attributes: Vec<(GroupKey, Vec<(Path, Want)>)>,
    /// Groups that were seen to have no members, or of which perhaps not all are shown.
    pub member_lists: Vec<(GroupKey, MemberList)>,
    /// The members of each group that is deleted.
    pub deleted: Vec<(GroupKey, BTreeSet<Object>)>,
    /// The people of each group that is taken out of another one, without those who stay in that one.
    pub inside: Vec<(ChangeKey, BTreeSet<Object>)>,
    /// The members who gain power by a change of their group.
    pub gaining: Vec<(ChangeKey, BTreeSet<Object>)>,
    /// Power that an attribute gives by its value and that a change takes away, each value with its attribute as if it were a role.
    pub power_taken: Vec<(ChangeKey, BTreeSet<RoleId>)>,
    /// The same for changes that give it.
    pub power_given: Vec<(ChangeKey, BTreeSet<RoleId>)>,
    /// References to the account of a person, in the app before the plan, that a change removes or replaces.
    pub references_to: Vec<(ChangeKey, UserId)>,
    /// Updates of the ledger about groups that need no request.
    pub observed: Vec<LedgerUpdate>,
    /// What people keep whose accounts are left alone.
    pub beyond: Vec<Beyond>,
    /// Who holds what gives power and is not declared to, where `members: add` leaves it: by name, as the app has it.
    pub undeclared_power: Vec<(Object, String)>,
    /// Interventions of other hands that the ledger knows, and that stand.
    pub standing: Vec<(UserId, Hand)>,
    /// Groups of the app that stand for privileged roles.
    pub privileged_groups: Vec<(RoleId, RemoteId)>,
}

/// A role or group that a person keeps beyond the files.
pub(crate) struct Beyond {
    pub user: UserNo,
    pub what: Object,
    pub is_power: bool,
}

/// An account that a person has.
#[derive(Debug, Clone)]
pub(crate) enum Account {
    There(RemoteId),
    /// This plan creates the account.
    New,
}

impl Account {
    pub(crate) fn remote(&self) -> Option<&RemoteId> {
        match self {
            Account::There(remote) => Some(remote),
            Account::New => None,
        }
    }
}

pub(crate) struct NewAccount {
    pub user: UserNo,
    pub cause: Cause,
    pub attributes: Vec<DesiredAttribute>,
}

/// A reference that is judged after the accounts of all people are known.
pub(crate) enum Waiting {
    /// A reference of a linked account, by its place among the findings.
    Read(LinkNo, usize),
    /// A reference of an account that this plan creates or takes over.
    New(Box<Reference>),
}

/// A value that the app does not keep.
pub(crate) struct NotKept {
    pub path: Path,
    pub object: Object,
    pub since: Timestamp,
}

/// An account that the ledger still holds under an earlier id.
pub(crate) struct Move {
    pub from: UserId,
    pub to: UserId,
    pub remote: RemoteId,
}

/// An update of the ledger entry of one person. Several updates of one entry add up.
pub(crate) enum LinkUpdate {
    State(LinkState),
    /// The account is gone, and with it the roles. If it returns, it gets the roles that are declared then.
    Gone {
        since: Timestamp,
        commit: Option<Arc<str>>,
    },
    Roles(BTreeSet<RoleId>),
    /// A value role that the account had when it was first managed.
    FoundRole(RoleId),
    /// Such a role that the account has no more, or that is declared now.
    FoundRoleOver(RoleId),
    /// The person is in again: the account is no longer that of a leaver whom the first apply found.
    NotOut,
    Value(Arc<str>, Hashes),
    /// A read has shown the account as we left it.
    Confirmed,
    Person(PersonHashes),
    /// When the app created the account.
    Created(Created),
    /// The commit that declares the person.
    Commit(Arc<str>),
    Lapsed(Timestamp),
    WentBy(BTreeSet<Timestamp>),
}

impl LinkUpdate {
    pub(crate) fn apply(self, mut link: Link) -> Link {
        match self {
            LinkUpdate::State(state) => link.state = state,
            LinkUpdate::Gone { since, commit } => {
                link.state = LinkState::Gone { since, commit };
                link.roles.clear();
            }
            LinkUpdate::Roles(roles) => link.roles = roles,
            LinkUpdate::FoundRole(role) => _ = link.found_roles.insert(role),
            LinkUpdate::FoundRoleOver(role) => _ = link.found_roles.remove(&role),
            LinkUpdate::NotOut => link.adopted_out = false,
            LinkUpdate::Value(path, hashes) => link.values.insert(path, hashes),
            LinkUpdate::Confirmed => link.unconfirmed = false,
            LinkUpdate::Person(person) => link.person = person,
            LinkUpdate::Created(created) => link.created = Some(created),
            LinkUpdate::Commit(commit) => link.commit = Some(commit),
            LinkUpdate::Lapsed(end) => link.lapsed = Some(end),
            LinkUpdate::WentBy(ends) => link.went_by = ends,
        }
        link
    }
}

impl Decision {
    pub(crate) fn forbid(what: &'static str, remedy: &'static str, id: &UserId) -> Self {
        Self { forbidden: vec![(what, remedy, id.clone())], ..Self::default() }
    }

    pub(crate) fn account(user: UserNo, remote: &RemoteId) -> Self {
        Self { accounts: vec![(user, Account::There(remote.clone()))], ..Self::default() }
    }

    pub(crate) fn link_update(id: &UserId, update: LinkUpdate) -> Self {
        Self { link_updates: vec![(id.clone(), update)], ..Self::default() }
    }

    /// Nothing changes for this person, and the notice says why.
    pub(crate) fn freeze(id: &UserId, notice: Notice) -> Self {
        Self { frozen: vec![id.clone()], ..notice.into() }
    }

    /// Both decisions, in this order.
    pub(crate) fn and(mut self, other: Decision) -> Self {
        self.add(other);
        self
    }

    pub(crate) fn add(&mut self, other: Decision) {
        self.changes.extend(other.changes);
        self.notices.extend(other.notices);
        self.unproved.extend(other.unproved);
        self.frozen.extend(other.frozen);
        self.accounts.extend(other.accounts);
        self.adopted.extend(other.adopted);
        self.new_accounts.extend(other.new_accounts);
        self.references.extend(other.references);
        self.kept.extend(other.kept);
        self.not_on_yet.extend(other.not_on_yet);
        self.unlisted.extend(other.unlisted);
        self.waiting.extend(other.waiting);
        self.forbidden.extend(other.forbidden);
        self.not_kept.extend(other.not_kept);
        self.moves.extend(other.moves);
        self.link_updates.extend(other.link_updates);
        self.lapses.extend(other.lapses);
        self.ends.extend(other.ends);
        self.needs.extend(other.needs);
        self.links.extend(other.links);
        self.link_values.extend(other.link_values);
        self.roles.extend(other.roles);
        self.group_links.extend(other.group_links);
        self.group_attributes.extend(other.group_attributes);
        self.member_lists.extend(other.member_lists);
        self.deleted.extend(other.deleted);
        self.gaining.extend(other.gaining);
        self.inside.extend(other.inside);
        self.power_taken.extend(other.power_taken);
        self.power_given.extend(other.power_given);
        self.references_to.extend(other.references_to);
        self.observed.extend(other.observed);
        self.beyond.extend(other.beyond);
        self.undeclared_power.extend(other.undeclared_power);
        self.standing.extend(other.standing);
        self.privileged_groups.extend(other.privileged_groups);
    }
}

impl FromIterator<Decision> for Decision {
    fn from_iter<I: IntoIterator<Item = Decision>>(decisions: I) -> Self {
        let mut all = Self::default();
        for decision in decisions {
            all.add(decision);
        }
        all
    }
}

impl From<Change> for Decision {
    fn from(change: Change) -> Self {
        Self { changes: vec![change], ..Self::default() }
    }
}

impl From<Notice> for Decision {
    fn from(notice: Notice) -> Self {
        Self { notices: vec![notice], ..Self::default() }
    }
}

impl From<NotKept> for Decision {
    fn from(not_kept: NotKept) -> Self {
        Self { not_kept: vec![not_kept], ..Self::default() }
    }
}

/// The decisions about all people that later steps need.
pub(crate) struct People {
    pub frozen: BTreeSet<UserId>,
    /// By [`UserNo`].
    accounts: Vec<Option<Account>>,
    adopted: BTreeSet<UserNo>,
    /// The person of each adopted account.
    pub holder_of: BTreeMap<RemoteId, UserNo>,
}

impl People {
    pub(crate) fn of(cx: &Context, decided: &Decision) -> Self {
        let mut accounts = vec![None; cx.input.resolved.company.users.len()];
        for (user, account) in &decided.accounts {
            accounts[user.index()] = Some(account.clone());
        }
        let holders = decided.adopted.iter().map(|(user, remote)| (remote.clone(), *user));
        Self {
            frozen: decided.frozen.iter().cloned().collect(),
            accounts,
            adopted: decided.adopted.iter().map(|(user, _)| *user).collect(),
            holder_of: holders.collect(),
        }
    }

    pub(crate) fn account(&self, user: UserNo) -> Option<&Account> {
        self.accounts.get(user.index())?.as_ref()
    }

    pub(crate) fn is_frozen(&self, id: &UserId) -> bool {
        self.frozen.contains(id)
    }

    /// True if this plan takes over an account for this person.
    pub(crate) fn is_adopted(&self, user: UserNo) -> bool {
        self.adopted.contains(&user)
    }
}
