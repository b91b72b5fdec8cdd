//! The data that every step may read: input, pages, answers, and the tables that are made from them once.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use roaring::RoaringBitmap;

use super::power::Power;
use crate::model::change::{ChangeKey, Facet, Object};
use crate::model::folded::folded;
use crate::model::ledger::{Link, LinkState, OpenIntent};
use crate::model::remote::{Held, HeldKind};
use crate::model::seen::{Activity, Seen};
use crate::model::{RemoteId, UserId, UserNo};
use crate::plan::groups::free::FreeGroups;
use crate::plan::reading::answers::Answers;
use crate::plan::reading::commits::open_lives;
use crate::plan::reading::differ::Differ;
use crate::plan::reading::input::Input;
use crate::plan::reading::links::{LinkNo, LinkRow, Links};
use crate::plan::reading::owners::Owners;
use crate::plan::reading::rows::{GroupRow, LinkedRow, MemberRef, UnlinkedRow};
use crate::plan::reading::shown::InGroup;
use crate::plan::reading::{shown, was_out};
use crate::plan::releases::Released;
use crate::plan::roles::former_groups::FormerGroups;
use crate::resolve::DesiredApp;

/// Read only, and shared by all steps.
pub(crate) struct Context<'s, 'a> {
    pub differ: &'s Differ<'a>,
    pub input: &'s Input<'a>,
    pub answers: &'s Answers,
    /// Accounts without a link that match a person: rank of the matching attribute, account.
    pub candidates: HashMap<UserNo, Vec<(usize, RemoteId)>>,
    /// Groups that nobody has linked.
    pub free_groups: FreeGroups,
    /// Wanted groups by a member without a link, named in folded case as the group names it. Made when an account is adopted.
    pub unlinked_members: OnceLock<HashMap<String, Vec<usize>>>,
    /// Ids of accounts by their folded form; nothing if two accounts differ by case only. Made when a member has the id of no
    /// account.
    folded_ids: OnceLock<HashMap<String, Option<RemoteId>>>,
    /// What stands in the place of our id on accounts of ours. Made when a stranger's account is to be removed.
    our_ids: OnceLock<HashSet<Arc<str>>>,
    /// Made when an account may be the one that an interrupted run created.
    value_owners: OnceLock<Owners<'s>>,
    /// Groups of roles that are values today. Made when a role is given.
    pub former_groups: OnceLock<FormerGroups>,
    /// What gives power.
    pub power: Power,
    /// People for whom a role or a membership is unknown.
    pub doubtful: RoaringBitmap,
    /// What earlier runs began to change in the life of people, with an unknown result.
    interrupted: HashMap<&'a UserId, Vec<&'a OpenIntent>>,
    /// Changes that an interrupted run began; true if that run had looked for the object and found none.
    begun: HashMap<&'a ChangeKey, bool>,
    /// People whom a number releases.
    pub released: Released,
}

impl<'s, 'a> Context<'s, 'a> {
    pub(crate) fn new(differ: &'s Differ<'a>, answers: &'s Answers, released: Released) -> Self {
        let mut candidates: HashMap<UserNo, Vec<(usize, RemoteId)>> = HashMap::new();
        for row in differ.seen.unlinked.values() {
            for candidate in &row.candidates {
                candidates.entry(candidate.user).or_default().push((candidate.rank, row.remote.clone()));
            }
        }
        let mut begun: HashMap<&ChangeKey, bool> = HashMap::new();
        for intent in &differ.input.ledger.intents {
            *begun.entry(&intent.key).or_default() |= intent.looked_up;
        }
        Self {
            differ,
            input: &differ.input,
            answers,
            candidates,
            unlinked_members: OnceLock::new(),
            free_groups: FreeGroups::of(differ),
            folded_ids: OnceLock::new(),
            our_ids: OnceLock::new(),
            value_owners: OnceLock::new(),
            former_groups: OnceLock::new(),
            power: Power::of(differ, answers),
            doubtful: doubtful(differ.input.desired),
            interrupted: open_lives(differ.input.ledger),
            begun,
            released,
        }
    }

    pub(crate) fn links(&self) -> &'s Links<'a> {
        &self.differ.links
    }

    pub(crate) fn row(&self, link: LinkNo) -> &'s LinkRow<'a> {
        self.differ.links.row(link)
    }

    pub(crate) fn link(&self, link: LinkNo) -> &'a Link {
        self.row(link).link
    }

    /// The ledger's link of a person, also under an earlier id.
    pub(crate) fn link_of(&self, user: UserNo) -> Option<&'a Link> {
        self.links().of_user(user).map(|link| self.link(link))
    }

    pub(crate) fn seen(&self, link: LinkNo) -> Option<&'s LinkedRow> {
        self.differ.seen.link(link)
    }

    /// True if the linked account was seen, is the person's own, and may be written.
    pub(crate) fn is_usable(&self, link: LinkNo) -> bool {
        self.is_verified(link) && self.seen(link).is_some_and(|seen| !seen.protected)
    }

    /// True if the linked account is proved to be the person's own.
    pub(crate) fn is_verified(&self, link: LinkNo) -> bool {
        !self.differ.unproved.contains_key(&link)
    }

    /// Whether an account without a link can be used.
    pub(crate) fn activity(&self, row: &UnlinkedRow) -> Activity {
        self.differ.seen.shown.activity(&row.activity)
    }

    /// Whether a linked account that was seen can be used: as the app shows it, or as we last left it where the app does
    /// not say. That we turned off the account of somebody who is out is for git to say, too (safety.md 5).
    pub(crate) fn is_on(&self, link: LinkNo) -> bool {
        let Some(seen) = self.seen(link) else { return false };
        match self.differ.seen.shown.activity(&seen.activity) {
            Activity::On => true,
            Activity::Off => false,
            Activity::Unread(_) if self.link(link).state == LinkState::Active => true,
            Activity::Unread(_) => {
                was_out::is_out(self.differ, self.row(link))
                    && !was_out::was_off_before(self.differ, self.answers, link)
            }
        }
    }

    /// Whether a linked account can be used, as the app shows it; none if it was not seen.
    pub(crate) fn shown_activity(&self, link: LinkNo) -> Option<Activity> {
        Some(self.differ.seen.shown.activity(&self.seen(link)?.activity))
    }

    /// The account that a group knows by an id in another spelling: members equal to one known id but for case are that id,
    /// unless another account has it exactly so (safety.md 22).
    pub(crate) fn spelt_otherwise(&self, id: &str) -> Option<&RemoteId> {
        let known = self.folded_ids.get_or_init(|| {
            let linked = self.links().numbers().map(|link| &self.link(link).remote);
            let mut known: HashMap<String, Option<RemoteId>> = HashMap::new();
            for id in linked.chain(self.differ.seen.unlinked.keys()) {
                let same = known.entry(folded(id.as_str()));
                same.and_modify(|one| *one = None).or_insert_with(|| Some(id.clone()));
            }
            known
        });
        known.get(&folded(id))?.as_ref()
    }

    /// True for an account with a value in the place of our id that is none of ours: another system manages it (safety.md 10).
    pub(crate) fn has_another_owner(&self, row: &UnlinkedRow) -> bool {
        let Some(external) = row.our_id.as_deref().filter(|text| !text.is_empty()) else { return false };
        let ours = self.our_ids.get_or_init(|| {
            let users = &self.input.resolved.company.users;
            let mapped = (0..users.len()).filter_map(|user| self.input.desired.our_id(UserNo::from(user)));
            let declared = users.iter().flat_map(|user| std::iter::once(&user.id).chain(&user.previously));
            let known = self.input.ledger.users.keys().chain(declared);
            mapped.chain(known.map(|id| id.as_str().into())).collect()
        });
        !ours.contains(external)
    }

    /// The members of a group (safety.md 22).
    pub(in crate::plan) fn members<'r>(&self, row: &'r GroupRow) -> InGroup<'r> {
        shown::members(self.differ, row)
    }

    /// Those who have what a group gives, directly or perhaps by a group inside it.
    pub(crate) fn holders<'r>(&self, row: &'r GroupRow) -> Seen<&'r [MemberRef]> {
        self.members(row).holders()
    }

    pub(crate) fn user_id(&self, user: UserNo) -> &'a UserId {
        &self.input.resolved.company.users[user.index()].id
    }

    pub(crate) fn number(&self, id: &UserId) -> Option<UserNo> {
        self.input.resolved.company.user(id.as_str())
    }

    /// Today's id of a person, then the earlier ones, under which the ledger and other commits may know them.
    pub(crate) fn ids_of<'i>(&'i self, id: &'i UserId) -> impl Iterator<Item = &'i UserId> {
        let company = self.input.resolved.company;
        let earlier = self.number(id).map(|user| &company.users[user.index()].previously);
        std::iter::once(id).chain(earlier.into_iter().flatten())
    }

    /// True if a full apply has run to its end.
    pub(crate) fn is_completed(&self) -> bool {
        self.input.ledger.completed.is_some()
    }

    /// True if this, on an account, is power (safety.md 10).
    pub(crate) fn is_power(&self, held: &Held) -> bool {
        self.power.is_held(held, |id| self.differ.seen.shown.group(id)?.clone())
    }

    /// The name of what an account has; of a group, the name in the list of groups.
    pub(crate) fn name_of(&self, held: &Held) -> Arc<str> {
        let id = held.id.as_ref().unwrap_or(&held.name);
        let group = Some(id).filter(|_| held.what == HeldKind::Group);
        let name = group.and_then(|id| self.differ.seen.shown.group(id)?.clone());
        name.unwrap_or_else(|| held.name.clone())
    }

    /// The people to whom values belong, today and at the last applied commit.
    pub(crate) fn owners(&self) -> &Owners<'s> {
        let applied = || self.differ.applied_tree(self.answers);
        self.value_owners.get_or_init(|| Owners::of(self.differ, applied()))
    }

    /// True if a protected account is behind this id: nothing is written to it, nor taken from it.
    pub(crate) fn is_protected(&self, id: &UserId) -> bool {
        let seen = self.links().of_id(id).and_then(|link| self.seen(link));
        seen.map_or_else(|| self.differ.protection.names_user(id), |seen| seen.protected)
    }

    /// What earlier runs began to change in the life of a person, with an unknown result. It is a hint: the account and git
    /// have to say the same (safety.md 2, 5).
    pub(crate) fn interrupted(&self, id: &UserId) -> &[&'a OpenIntent] {
        self.interrupted.get(id).map_or(&[], Vec::as_slice)
    }

    /// The people in whose life earlier runs began to change something, in the order of their ids.
    pub(crate) fn interrupted_people(&self) -> impl Iterator<Item = &'a UserId> + use<'a> {
        let mut people: Vec<&UserId> = self.interrupted.keys().copied().collect();
        people.sort_unstable();
        people.into_iter()
    }

    /// True if an earlier run began this change, with an unknown result: the state that is found was made by us.
    pub(crate) fn is_begun(&self, object: &Object, facet: Facet) -> bool {
        self.begun.contains_key(&self.key(object.clone(), facet))
    }

    /// True if an earlier run began to create this group, after it had looked for one and found none.
    pub(crate) fn is_crashed_group(&self, group: &Object) -> bool {
        self.begun.get(&self.key(group.clone(), Facet::Life)).copied().unwrap_or(false)
    }

    pub(crate) fn key(&self, object: Object, facet: Facet) -> ChangeKey {
        ChangeKey { app: self.input.desired.app.id.clone(), object, facet }
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
