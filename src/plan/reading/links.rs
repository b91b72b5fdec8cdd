//! Links as this plan uses them. Ids that were renamed with `previously` are already moved.

use std::collections::{BTreeSet, HashMap};

use crate::model::change::Object;
use crate::model::company::Company;
use crate::model::ledger::{AppLedger, GroupLink, Link};
use crate::model::{AppId, RemoteId, UserId, UserNo};
use crate::plan::command;
use crate::plan::notice::{Notice, NoticeKind};

/// A link's place in [`Links`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LinkNo(pub u32);

impl LinkNo {
    /// As an index.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// One link.
pub(crate) struct LinkRow<'l> {
    /// The id it belongs to now.
    pub user: UserId,
    /// The declared person, if there is one.
    pub number: Option<UserNo>,
    /// The id it is kept under, if that is another one.
    pub moved_from: Option<UserId>,
    pub link: &'l Link,
}

impl LinkRow<'_> {
    /// The id in the ledger.
    pub(crate) fn kept_under(&self) -> &UserId {
        self.moved_from.as_ref().unwrap_or(&self.user)
    }

    /// True for an account that was deleted or proven gone.
    pub(crate) fn is_tombstone(&self) -> bool {
        self.link.state.is_gone()
    }
}

/// All links of an app.
pub(crate) struct Links<'l> {
    rows: Vec<LinkRow<'l>>,
    by_remote: HashMap<&'l str, LinkNo>,
    /// Tombstones whose id the app gave to another account.
    given_on: HashMap<&'l RemoteId, LinkNo>,
    /// By [`UserNo`].
    by_user: Vec<Option<LinkNo>>,
    /// Today's ids by earlier ones.
    renamed: HashMap<UserId, UserId>,
    /// Links that are kept under an earlier id, by today's.
    moved: HashMap<UserId, LinkNo>,
    /// Accounts that two entries claim: the account, and the ids of both in the ledger (safety.md 1).
    pub shared: Vec<(RemoteId, UserId, UserId)>,
    /// Notices for the plan.
    pub notices: Vec<Notice>,
    /// People whose links contradict each other: nothing changes for them.
    pub frozen: Vec<UserId>,
}

impl<'l> Links<'l> {
    /// Reads the ledger's links with today's ids.
    pub(crate) fn new(company: &Company, app: &AppId, ledger: &'l AppLedger) -> Self {
        let mut links = Self {
            rows: Vec::with_capacity(ledger.users.len()),
            by_remote: HashMap::with_capacity(ledger.users.len()),
            given_on: HashMap::new(),
            by_user: vec![None; company.users.len()],
            renamed: HashMap::new(),
            moved: HashMap::new(),
            shared: Vec::new(),
            notices: Vec::new(),
            frozen: Vec::new(),
        };
        let renamed = renames(company, app, ledger, &mut links);
        let declared = company.users_in_order(ledger.users.keys());
        for ((id, link), number) in ledger.users.iter().zip(declared) {
            let number = number.or_else(|| renamed.get(id).copied());
            let user = number.map_or_else(|| id.clone(), |number| company.users[number.index()].id.clone());
            let moved_from = (user != *id).then(|| id.clone());
            let place = LinkNo(links.rows.len() as u32);
            if let Some(other) = links.by_remote.insert(link.remote.as_str(), place) {
                let other = links.rows[other.index()].kept_under().clone();
                links.shared.push((link.remote.clone(), other, id.clone()));
            }
            if let Some(earlier) = &moved_from {
                links.renamed.insert(earlier.clone(), user.clone());
                links.moved.insert(user.clone(), place);
            }
            if let Some(number) = number {
                links.by_user[number.index()] = Some(place);
            }
            links.rows.push(LinkRow { user, number, moved_from, link });
        }
        links
    }

    pub(crate) fn row(&self, number: LinkNo) -> &LinkRow<'l> {
        &self.rows[number.index()]
    }

    /// The link to an account.
    pub(crate) fn of_remote(&self, remote: &str) -> Option<LinkNo> {
        self.by_remote.get(remote).copied()
    }

    /// The tombstone of the account that had this id before.
    pub(crate) fn former_of(&self, remote: &RemoteId) -> Option<LinkNo> {
        self.given_on.get(remote).copied()
    }

    /// Tombstones under whose ids `is_other` knows another account: from now on they stand for no account of the app.
    pub(super) fn give_on(&mut self, is_other: impl Fn(&RemoteId) -> bool) -> Vec<LinkNo> {
        let open = self.rows.iter().filter(|row| row.is_tombstone() && is_other(&row.link.remote));
        let open: Vec<&'l RemoteId> = open.map(|row| &row.link.remote).collect();
        let given: Vec<_> = open
            .into_iter()
            .filter_map(|remote| Some((remote, self.by_remote.remove(remote.as_str())?)))
            .collect();
        self.given_on.extend(given.iter().copied());
        given.into_iter().map(|(_, link)| link).collect()
    }

    /// The link of a person.
    pub(crate) fn of_user(&self, user: UserNo) -> Option<LinkNo> {
        *self.by_user.get(user.index())?
    }

    /// The link of an id of today, declared or not.
    pub(crate) fn of_id(&self, id: &UserId) -> Option<LinkNo> {
        let kept = self.rows.binary_search_by(|row| row.kept_under().cmp(id)).ok();
        kept.filter(|place| self.rows[*place].moved_from.is_none())
            .map(|place| LinkNo(place as u32))
            .or_else(|| self.moved.get(id).copied())
    }

    /// True if a set of the ledger, which may still hold an earlier id, holds this person.
    pub(crate) fn is_among(&self, set: &BTreeSet<UserId>, id: &UserId) -> bool {
        set.contains(id) || {
            let row = self.of_id(id).map(|link| self.row(link));
            row.and_then(|row| row.moved_from.as_ref()).is_some_and(|earlier| set.contains(earlier))
        }
    }

    /// Today's id for an id of the ledger.
    pub(crate) fn today<'i>(&'i self, id: &'i UserId) -> &'i UserId {
        self.renamed.get(id).unwrap_or(id)
    }

    /// The entry of a group with today's ids of its members.
    pub(crate) fn with_todays_members(&self, link: &GroupLink) -> GroupLink {
        let today = |ids: &BTreeSet<UserId>| ids.iter().map(|id| self.today(id).clone()).collect();
        GroupLink { members: today(&link.members), added: today(&link.added), ..link.clone() }
    }

    /// The numbers of all links.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = LinkNo> + use<> {
        (0..self.rows.len() as u32).map(LinkNo)
    }

    /// Links that stand for an account, tombstones excepted.
    pub(crate) fn live(&self) -> u64 {
        self.rows.iter().filter(|row| !row.is_tombstone()).count() as u64
    }
}

/// Ids in the ledger that a declared person names as `previously`.
fn renames(company: &Company, app: &AppId, ledger: &AppLedger, links: &mut Links) -> HashMap<UserId, UserNo> {
    let mut renamed = HashMap::new();
    for (number, user) in company.users.iter().enumerate() {
        let mut kept = ledger.users.get_key_value(&user.id).map(|(id, _)| id);
        for old in user.previously.iter().filter(|old| ledger.users.contains_key(*old)) {
            let Some(kept) = kept else {
                renamed.insert(old.clone(), UserNo::from(number));
                kept = Some(old);
                continue;
            };
            links.frozen.extend([user.id.clone(), old.clone()]);
            links.notices.push(Notice {
                kind: NoticeKind::Ambiguous,
                subject: Some(Object::User(user.id.clone())),
                text: format!("{kept} and {old} are ids of one person, and both have an account here: neither is changed"),
                hint: Some(format!(
                    "take {old} out of `previously` if it is another person; if not, drop the entry of the wrong account: {} or {}",
                    command::unlink(app, kept),
                    command::unlink(app, old)
                )),
                place: None,
            });
        }
    }
    renamed
}
