//! From what all pages said to a draft: every person and group is decided, once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::compare::Reference;
use super::differ::{Differ, Input, SeenLink};
use super::draft::Draft;
use super::finish::Answers;
use super::found::Found;
use super::links::{LinkNo, Links};
use super::notice::Notice;
use super::work::Work;
use crate::model::change::{Cause, Change, ChangeKey, Facet, Object};
use crate::model::ledger::{LedgerUpdate, Link, LinkState};
use crate::model::remote::{Kind, Presence};
use crate::model::time::Timestamp;
use crate::model::{RemoteId, RoleId, UserId, UserNo};
use crate::resolve::{DesiredApp, DesiredAttribute};

/// A person's account as far as memberships and references care.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// Its id; `None` while it is to be created.
    pub remote: Option<RemoteId>,
}

/// Accounts by [`UserNo`].
pub(super) struct Accounts(Vec<Option<Held>>);

impl Accounts {
    fn of(people: usize) -> Self {
        Self(vec![None; people])
    }

    pub fn get(&self, user: UserNo) -> Option<&Held> {
        self.0.get(user.index())?.as_ref()
    }
}

/// A reference that waits until it is known who has which account.
pub(super) enum Waiting {
    /// Of a linked account, by its place among what was found.
    Read(LinkNo, usize),
    /// Of one that this plan makes or takes over.
    New(Box<Reference>),
}

/// Deciding under way.
pub(super) struct Settling<'s, 'a> {
    pub differ: &'s Differ<'a>,
    pub answers: &'s Answers,
    pub changes: Vec<Change>,
    pub notices: Vec<Notice>,
    pub work: Work,
    pub creates: Vec<(UserNo, Cause, Vec<DesiredAttribute>)>,
    pub references: Vec<(UserNo, Waiting)>,
    pub accounts: Accounts,
    pub adopted: BTreeSet<UserNo>,
    pub claimed: BTreeMap<RemoteId, UserId>,
    pub kept: Vec<UserId>,
    /// What `users.actions` or the app do not allow: what, and the remedy; people.
    pub forbidden: BTreeMap<(String, String), Vec<UserId>>,
    pub moves: Vec<(UserId, UserId, RemoteId)>,
    pub observed_links: BTreeMap<UserId, Link>,
    /// When the end came that a change carries out.
    pub ends: BTreeMap<ChangeKey, Timestamp>,
    /// Wanted groups that an unlinked member, by its folded name in the group, is in.
    pub insiders: HashMap<String, Vec<usize>>,
    /// Groups that nobody has linked, by folded name.
    pub free_groups: HashMap<String, Vec<RemoteId>>,
    pub candidates: HashMap<UserNo, Vec<(usize, RemoteId)>>,
    /// Groups of the app that stand for privileged roles.
    pub privileged_groups: Vec<(RoleId, RemoteId)>,
    /// People of whom some role or membership cannot be said.
    pub doubtful: RoaringBitmap,
    frozen: BTreeSet<UserId>,
    /// People whose life an earlier run set out to change without a known end; true if it had looked for an account and
    /// found none.
    interrupted: HashMap<UserId, bool>,
    /// What an interrupted run set out to do, and whether it had looked that nobody was there.
    begun: HashMap<&'a ChangeKey, bool>,
}

impl<'s, 'a> Settling<'s, 'a> {
    pub(super) fn new(differ: &'s Differ<'a>, answers: &'s Answers) -> Self {
        let mut candidates: HashMap<UserNo, Vec<(usize, RemoteId)>> = HashMap::new();
        for row in differ.seen.unlinked.values() {
            for candidate in &row.candidates {
                candidates.entry(candidate.user).or_default().push((candidate.rank, row.remote.clone()));
            }
        }
        let mut interrupted: HashMap<UserId, bool> = HashMap::new();
        for intent in &differ.input.ledger.intents {
            if let (Object::User(id), Facet::Life) = (&intent.key.object, &intent.key.facet) {
                *interrupted.entry(id.clone()).or_default() |= intent.looked_up;
            }
        }
        let mut begun: HashMap<&ChangeKey, bool> = HashMap::new();
        for intent in &differ.input.ledger.intents {
            *begun.entry(&intent.key).or_default() |= intent.looked_up;
        }
        Self {
            differ,
            answers,
            changes: Vec::new(),
            notices: differ.early_notices(),
            work: Work::default(),
            creates: Vec::new(),
            references: Vec::new(),
            accounts: Accounts::of(differ.input.resolved.company.users.len()),
            adopted: BTreeSet::new(),
            claimed: BTreeMap::new(),
            kept: Vec::new(),
            forbidden: BTreeMap::new(),
            moves: Vec::new(),
            observed_links: BTreeMap::new(),
            ends: BTreeMap::new(),
            insiders: HashMap::new(),
            free_groups: HashMap::new(),
            candidates,
            privileged_groups: Vec::new(),
            doubtful: doubtful(differ.input.desired),
            frozen: differ.links.frozen.iter().cloned().collect(),
            interrupted,
            begun,
        }
    }

    /// The recipe.
    pub(super) fn run(mut self) -> Draft {
        self.index_groups();
        // Undeclared people first: a suspected rename freezes the new id as well.
        for link in self.differ.links.numbers() {
            if self.differ.links.row(link).number.is_none() {
                self.undeclared(link);
            }
        }
        for user in 0..self.input().resolved.company.users.len() {
            self.declared(UserNo::from(user));
        }
        self.settle_creates();
        self.settle_references();
        self.settle_groups();
        self.settle_unmanaged();
        self.settle_moves();
        self.lose_before_enabling();
        self.order_unique_values();
        self.observe_rest();
        self.summaries();
        self.draft()
    }

    pub(super) fn input(&self) -> &'s Input<'a> {
        &self.differ.input
    }

    pub(super) fn links(&self) -> &'s Links<'a> {
        &self.differ.links
    }

    pub(super) fn link(&self, link: LinkNo) -> &'a Link {
        self.differ.links.row(link).link
    }

    /// The ledger's link of a person, also under an earlier id.
    pub(super) fn link_of(&self, user: UserNo) -> Option<&'a Link> {
        self.links().of_user(user).map(|link| self.link(link))
    }

    pub(super) fn seen(&self, link: LinkNo) -> Option<&'s SeenLink> {
        self.differ.seen.link(link)
    }

    pub(super) fn user_id(&self, user: UserNo) -> &'a UserId {
        &self.differ.input.resolved.company.users[user.index()].id
    }

    pub(super) fn completed(&self) -> bool {
        self.input().ledger.completed.is_some()
    }

    pub(super) fn is_frozen(&self, id: &UserId) -> bool {
        self.frozen.contains(id)
    }

    pub(super) fn freeze(&mut self, id: UserId) {
        self.frozen.insert(id);
    }

    /// True if a protected account is behind this id: nothing is written to it, nor taken from it.
    pub(super) fn is_protected(&self, id: &UserId) -> bool {
        let link = self.links().of_id(id).and_then(|link| self.seen(link));
        link.map_or_else(|| self.differ.protection.names_user(id), |seen| seen.protected)
    }

    pub(super) fn found(&self, link: LinkNo) -> Found {
        let row = self.links().row(link);
        if let Some(seen) = self.seen(link) {
            // An app that empties what it deletes shows a tombstone without any of its values.
            return match row.is_tombstone() && !seen.verified && !seen.protected {
                true => Found::Tombstone(link),
                false => Found::Linked(link),
            };
        }
        if row.is_tombstone() {
            return Found::Tombstone(link);
        }
        match self.answers.get(Kind::User, &row.link.remote) {
            Some(Presence::Gone(_)) => Found::Vanished(link),
            Some(Presence::Unknown { why }) => Found::Unclear { link, why: why.to_string() },
            _ => Found::Unclear { link, why: "the app was not asked".to_owned() },
        }
    }

    /// An earlier run set out to create this account, having looked it up and found nobody (safety.md 2).
    pub(super) fn crashed_create(&self, id: &UserId) -> bool {
        self.interrupted.get(id).copied().unwrap_or(false)
    }

    /// An earlier run set out to turn this account on or off, and its end is not known: what is found is by our hand.
    pub(super) fn interrupted(&self, id: &UserId) -> bool {
        self.interrupted.contains_key(id)
    }

    /// An earlier run set out to do this, and its end is not known: what is found so is by our hand.
    pub(super) fn is_begun(&self, object: &Object, facet: Facet) -> bool {
        self.begun.contains_key(&self.key_of(object, facet))
    }

    /// As [`Settling::crashed_create`], of a group.
    pub(super) fn crashed_group(&self, group: &Object) -> bool {
        let key = self.key_of(group, Facet::Life);
        self.begun.get(&key).copied().unwrap_or(false)
    }

    fn key_of(&self, object: &Object, facet: Facet) -> ChangeKey {
        ChangeKey { app: self.input().desired.app.id.clone(), object: object.clone(), facet }
    }

    /// One change must not happen unless another does.
    pub(super) fn needs(&mut self, change: ChangeKey, needed: ChangeKey) {
        self.work.needs.entry(change).or_default().insert(needed);
    }

    pub(super) fn push(&mut self, mut change: Change) {
        change.path = change.want.as_ref().map(|(path, _)| path.as_str().into());
        self.changes.push(change);
    }

    pub(super) fn observe(&mut self, update: LedgerUpdate) {
        self.work.observed.push(update);
    }

    /// Changes a ledger entry without a request; several observations of one entry add up.
    pub(super) fn observe_link(&mut self, id: &UserId, link: &Link, change: impl FnOnce(&mut Link)) {
        change(self.observed_links.entry(id.clone()).or_insert_with(|| link.clone()));
    }

    pub(super) fn observe_active(&mut self, link: LinkNo, id: &UserId) {
        let known = self.link(link);
        self.observe_link(id, known, |link| link.state = LinkState::Active);
    }

    /// Off, and an interrupted run set out to turn it off.
    pub(super) fn observe_disabled(&mut self, link: LinkNo, id: &UserId) {
        let (known, since) = (self.link(link), self.input().resolved.at);
        if known.state == LinkState::Active && self.interrupted(id) {
            self.observe_link(id, known, |link| link.state = LinkState::Disabled { since });
        }
    }

    pub(super) fn hold_account(&mut self, user: UserNo, remote: &RemoteId) {
        let remote = Some(remote.clone());
        self.accounts.0[user.index()] = Some(Held { remote });
    }

    pub(super) fn hold_new_account(&mut self, user: UserNo) {
        self.accounts.0[user.index()] = Some(Held { remote: None });
    }

    /// Everything collected, as a draft.
    pub(super) fn draft(mut self) -> Draft {
        let bases = self.bases();
        if let Some(only) = self.input().only {
            self.limit_to(only);
        }
        let people = self.people();
        self.work.holders.clone_from(&bases.holders);
        self.work.unhashed = self.input().desired.unhashed_paths();
        self.work.names = self.member_names();
        Draft {
            app: self.input().desired.app.id.clone(),
            endpoint: Arc::from(self.input().endpoint),
            changes: self.changes,
            notices: self.notices,
            coming: self.differ.coming(),
            people,
            work: self.work,
            bases,
            ends: self.ends,
            stopped: None,
        }
    }
}

fn doubtful(desired: &DesiredApp) -> RoaringBitmap {
    let groups = desired.groups.iter().map(|group| &group.holders);
    let mut doubtful = RoaringBitmap::new();
    for holders in desired.roles.iter().chain(groups) {
        doubtful |= &holders.unknown;
    }
    doubtful
}
