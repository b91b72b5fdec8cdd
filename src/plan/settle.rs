//! From what all pages said to a draft: look-ups are asked for, then every person and group is decided.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::compare::Reference;
use super::differ::{Differ, Input, SeenLink};
use super::draft::Draft;
use super::found::Found;
use super::links::{LinkNo, Links};
use super::notice::{Notice, NoticeKind};
use super::page::UnlinkedRow;
use super::work::Work;
use crate::model::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object, Shown, Verdict};
use crate::model::hash::ShortHash;
use crate::model::ledger::{Hashes, LedgerUpdate, Link, LinkState};
use crate::model::remote::{Kind, Presence, Walk};
use crate::model::{RemoteId, UserId, UserNo, Value};
use crate::resolve::{DesiredAttribute, Standing};

/// Objects that were not listed although the ledger knows them: "is it still there?"
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// Each to be answered by a `get`.
    pub gets: Vec<(Kind, RemoteId)>,
}

/// Answers so far.
#[derive(Debug, Default)]
pub struct Answers {
    known: BTreeMap<(Kind, RemoteId), Presence>,
}

impl Answers {
    /// Adds an answer.
    pub fn add(&mut self, kind: Kind, id: RemoteId, presence: Presence) {
        self.known.insert((kind, id), presence);
    }

    pub(super) fn get(&self, kind: Kind, id: &RemoteId) -> Option<&Presence> {
        self.known.get(&(kind, id.clone()))
    }
}

/// How the listings ended.
#[derive(Debug, Clone)]
pub struct Ends {
    /// Accounts.
    pub users: Walk,
    /// Groups, if they were listed.
    pub groups: Option<Walk>,
}

/// A person's account as far as memberships and references care.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// Its id; `None` while it is to be created.
    pub remote: Option<RemoteId>,
}

/// Deciding under way.
pub(super) struct Settling<'s, 'a> {
    pub differ: &'s Differ<'a>,
    pub answers: &'s Answers,
    pub changes: Vec<Change>,
    pub notices: Vec<Notice>,
    pub work: Work,
    pub creates: Vec<(UserNo, Cause, Vec<DesiredAttribute>)>,
    pub references: Vec<(UserNo, Reference, Option<Hashes>)>,
    pub accounts: HashMap<UserNo, Held>,
    pub adopted: BTreeSet<UserNo>,
    pub claimed: BTreeMap<RemoteId, UserId>,
    pub kept: Vec<UserId>,
    pub forbidden: BTreeMap<(String, String), Vec<UserId>>,
    pub recreated: u64,
    pub moves: Vec<(UserId, UserId, RemoteId)>,
    pub observed_links: BTreeMap<UserId, Link>,
    frozen: BTreeSet<UserId>,
    candidates: HashMap<UserNo, Vec<(usize, RemoteId)>>,
    linked_remotes: HashMap<RemoteId, LinkNo>,
}

impl Differ<'_> {
    /// Ends the comparison.
    ///
    /// # Errors
    /// [`Needs`], to be answered; then call again with the answers added.
    pub fn finish(&mut self, ends: &Ends, answers: &Answers) -> Result<Draft, Needs> {
        if let Some((by, why)) = self.source_guard(ends) {
            return Ok(self.stopped(by, why));
        }
        self.take_in(answers);
        let missing = self.missing(answers);
        let limit = self.vanished_limit();
        let gone = self
            .links
            .numbers()
            .filter(|link| self.is_gone(*link, answers))
            .count() as u64;
        if gone > limit {
            return Ok(self.too_many(gone, limit, "have vanished from the app"));
        }
        if !missing.is_empty() {
            // Ask for as many as could trip the guard first: a mass disappearance then costs a few requests only.
            let first = usize::try_from(limit + 1).unwrap_or(usize::MAX);
            let batch = if answers.known.is_empty() {
                first
            } else {
                usize::MAX
            };
            return Err(Needs {
                gets: missing.into_iter().take(batch).collect(),
            });
        }
        let conflicts = self
            .seen
            .linked
            .values()
            .filter(|seen| !seen.verified && !seen.protected)
            .count() as u64;
        if gone + conflicts > limit {
            return Ok(self.too_many(
                gone + conflicts,
                limit,
                "have vanished from the app or look like somebody else's",
            ));
        }
        Ok(Settling::new(self, answers).run())
    }

    /// What stops the whole app (safety.md 12).
    fn source_guard(&self, ends: &Ends) -> Option<(&'static str, String)> {
        for (what, walk) in [("accounts", Some(&ends.users)), ("groups", ends.groups.as_ref())] {
            if let Some(Walk::Incomplete { why }) = walk {
                return Some((
                    "short-listing",
                    format!("the listing of {what} does not add up: {why}; nothing is concluded from it"),
                ));
            }
        }
        let before = &*self.input.ledger.endpoint;
        if self.moved && self.input.desired.app.moved_from.as_deref() != Some(before) {
            let app = &self.input.desired.app.id;
            return Some((
                "wrong-endpoint",
                format!(
                    "the ledger's links belong to {before}, but app {app} now names {}; if the app has moved, set `moved_from: {before}`, and every link is proved again",
                    self.input.endpoint
                ),
            ));
        }
        None
    }

    /// More than this many links vanished or in conflict stop the app (safety.md 1).
    fn vanished_limit(&self) -> u64 {
        (self.links.live() / 100).max(3)
    }

    fn too_many(&self, count: u64, limit: u64, what: &str) -> Draft {
        let why = format!(
            "{count} of {} linked accounts {what}, more than {limit}: is this the right endpoint and tenant? If they are really gone, `rolecall ledger forget` them",
            self.links.live()
        );
        self.stopped("link-conflicts", why)
    }

    fn stopped(&self, by: &str, why: String) -> Draft {
        Draft {
            stopped: Some((by.to_owned(), why)),
            ..Settling::new(self, &Answers::default()).draft()
        }
    }

    fn is_gone(&self, link: LinkNo, answers: &Answers) -> bool {
        let row = self.links.row(link);
        !row.is_tombstone() && matches!(answers.get(Kind::User, &row.link.remote), Some(Presence::Gone(_)))
    }

    /// Objects that the listing lost, but that are there.
    fn take_in(&mut self, answers: &Answers) {
        let here = answers.known.values().filter_map(|presence| match presence {
            Presence::Here(remote) => Some((**remote).clone()),
            _ => None,
        });
        let page = crate::model::Page {
            rows: here
                .filter(|remote| !self.is_seen(remote.kind, &remote.id))
                .collect(),
        };
        let diff = self.page(&page);
        self.merge(diff);
    }

    fn is_seen(&self, kind: Kind, id: &RemoteId) -> bool {
        match kind {
            Kind::User => match self.links.of_remote(id.as_str()) {
                Some(link) => self.seen.linked.contains_key(&link),
                None => self.seen.unlinked.contains_key(id),
            },
            Kind::Group => self.seen.groups.iter().any(|group| group.remote == *id),
        }
    }

    /// What the ledger or `links:` name, and no page showed, and nobody has asked about.
    fn missing(&self, answers: &Answers) -> Vec<(Kind, RemoteId)> {
        let links = self
            .links
            .rows()
            .iter()
            .filter(|row| !row.is_tombstone())
            .map(|row| (Kind::User, &row.link.remote));
        let manual = self.manual.keys().map(|remote| (Kind::User, remote));
        let groups = self
            .input
            .ledger
            .groups
            .values()
            .map(|group| (Kind::Group, &group.remote));
        let unseen = links
            .chain(manual)
            .chain(groups)
            .filter(|(kind, id)| !self.is_seen(*kind, id) && answers.get(*kind, id).is_none());
        let mut missing: Vec<_> = unseen.map(|(kind, id)| (kind, id.clone())).collect();
        missing.sort();
        missing.dedup();
        missing
    }
}

impl<'s, 'a> Settling<'s, 'a> {
    fn new(differ: &'s Differ<'a>, answers: &'s Answers) -> Self {
        let mut candidates: HashMap<UserNo, Vec<(usize, RemoteId)>> = HashMap::new();
        for row in differ.seen.unlinked.values() {
            for candidate in &row.candidates {
                candidates
                    .entry(candidate.user)
                    .or_default()
                    .push((candidate.rank, row.remote.clone()));
            }
        }
        let linked_remotes = differ
            .links
            .numbers()
            .map(|link| (differ.links.row(link).link.remote.clone(), link))
            .collect();
        Self {
            differ,
            answers,
            changes: Vec::new(),
            notices: differ.early_notices(),
            work: Work::default(),
            creates: Vec::new(),
            references: Vec::new(),
            accounts: HashMap::new(),
            adopted: BTreeSet::new(),
            claimed: BTreeMap::new(),
            kept: Vec::new(),
            forbidden: BTreeMap::new(),
            recreated: 0,
            moves: Vec::new(),
            observed_links: BTreeMap::new(),
            frozen: differ.links.frozen.iter().cloned().collect(),
            candidates,
            linked_remotes,
        }
    }

    /// The recipe.
    fn run(mut self) -> Draft {
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

    pub(super) fn seen(&self, link: LinkNo) -> Option<&'s SeenLink> {
        self.differ.seen.linked.get(&link)
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

    pub(super) fn found(&self, user: UserNo) -> Found {
        let Some(link) = self.links().of_user(user) else {
            return Found::Nothing;
        };
        let row = self.links().row(link);
        if self.seen(link).is_some() {
            return Found::Linked(link);
        }
        if row.is_tombstone() {
            return Found::Tombstone(link);
        }
        match self.answers.get(Kind::User, &row.link.remote) {
            Some(Presence::Gone(_)) => Found::Vanished(link),
            Some(Presence::Unknown { why }) => Found::Unclear {
                link,
                why: why.to_string(),
            },
            _ => Found::Unclear {
                link,
                why: "the app was not asked".to_owned(),
            },
        }
    }

    /// The one unlinked account that belongs to a person; none if there is none, or if it cannot be told.
    pub(super) fn candidate(&mut self, user: UserNo, id: &UserId) -> Option<UnlinkedRow> {
        use crate::model::app::ManualLink;
        if let Some(ManualLink::To { remote, span }) = self.input().desired.app.links.get(id) {
            if let Some(row) = self.differ.seen.unlinked.get(remote) {
                return Some(row.clone());
            }
            let text = match self.linked_remotes.get(remote) {
                Some(other) => format!(
                    "`links:` names account {remote}, which belongs to {}",
                    self.links().row(*other).user
                ),
                None => format!("`links:` names account {remote}, which is not in the app"),
            };
            let place = self.input().files.place(*span);
            let hint = Some("correct the entry below `links:`".to_owned());
            self.notices.push(Notice {
                kind: NoticeKind::NotAdopted,
                subject: Some(Object::User(id.clone())),
                text,
                hint,
                place,
            });
            self.freeze(id.clone());
            return None;
        }
        let mut rows = self.candidates.get(&user).cloned().unwrap_or_default();
        rows.retain(|(_, remote)| self.differ.manual.get(remote).is_none_or(|owner| owner == id));
        rows.sort();
        let first = rows.first()?;
        let row = self.differ.seen.unlinked.get(&first.1)?.clone();
        if rows.len() > 1 {
            let list: Vec<_> = rows
                .iter()
                .map(|(rank, remote)| self.describe_match(*rank, remote))
                .collect();
            let text = format!("{} accounts match {id}: {}", rows.len(), list.join(", "));
            self.ambiguous(id, text);
            return None;
        }
        let rival = row
            .candidates
            .iter()
            .map(|candidate| candidate.user)
            .find(|other| {
                let wants = matches!(
                    self.input().desired.standing(*other),
                    Standing::In | Standing::Suspended
                );
                *other != user && wants && self.links().of_user(*other).is_none()
            });
        if let Some(rival) = rival {
            let text = format!(
                "account {} matches both {id} and {}",
                row.remote,
                self.user_id(rival)
            );
            self.ambiguous(id, text);
            return None;
        }
        Some(row)
    }

    fn describe_match(&self, rank: usize, remote: &RemoteId) -> String {
        let by = self
            .differ
            .index
            .path(rank)
            .map(|path| format!(" by {path}"))
            .unwrap_or_default();
        format!("{remote}{by}")
    }

    fn ambiguous(&mut self, id: &UserId, text: String) {
        self.freeze(id.clone());
        self.notice(
            NoticeKind::Ambiguous,
            id,
            text,
            Some("decide by hand below `links:`, or put the values in the app right"),
        );
    }

    pub(super) fn tombstone_of(&self, id: &UserId) -> Option<&'a RemoteId> {
        let link = self.input().ledger.users.get(id)?;
        matches!(link.state, LinkState::Gone { .. }).then_some(&link.remote)
    }

    /// An earlier run set out to create this account, having looked it up and found nobody (safety.md 2).
    pub(super) fn crashed_create(&self, id: &UserId) -> bool {
        self.input().ledger.intents.iter().any(|intent| {
            intent.looked_up
                && intent.key.object == Object::User(id.clone())
                && intent.key.facet == Facet::Life
        })
    }

    /// Hash of what is declared about a person's life in this app.
    pub(super) fn life(&self, user: UserNo) -> ShortHash {
        let declared = &self.input().resolved.company.users[user.index()];
        let date =
            |date: Option<crate::model::time::Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let mut texts = vec![
            declared.status.as_str().to_owned(),
            date(declared.dates.start),
            date(declared.dates.end),
        ];
        let app = self.input().desired.app;
        texts.extend(
            self.input()
                .desired
                .roles_of(user)
                .map(|role| app.roles[role.index()].id.to_string()),
        );
        texts.push(
            matches!(
                self.input().desired.standing(user),
                Standing::In | Standing::Suspended
            )
            .to_string(),
        );
        self.input().key.texts(texts.iter().map(String::as_str))
    }

    pub(super) fn change(
        &self,
        id: &UserId,
        facet: Facet,
        kind: ChangeKind,
        cause: Cause,
        phase: u8,
    ) -> Change {
        self.change_of(Object::User(id.clone()), facet, kind, cause, phase)
    }

    pub(super) fn change_of(
        &self,
        object: Object,
        facet: Facet,
        kind: ChangeKind,
        cause: Cause,
        phase: u8,
    ) -> Change {
        Change {
            key: ChangeKey {
                app: self.input().desired.app.id.clone(),
                object,
                facet,
            },
            kind,
            remote: None,
            old: Shown::default(),
            new: Shown::default(),
            sets: Vec::new(),
            cause,
            privileged: false,
            reasons: Vec::new(),
            verdict: Verdict::Do,
            phase,
            want: None,
        }
    }

    pub(super) fn push(&mut self, change: Change) {
        self.changes.push(change);
    }

    pub(super) fn observe(&mut self, update: LedgerUpdate) {
        self.work.observed.push(update);
    }

    pub(super) fn shown(&self, path: &str, value: &Value, sensitive: bool) -> Shown {
        if value.is_null() {
            return Shown::default();
        }
        if sensitive {
            return Shown {
                text: Some("(sensitive)".to_owned()),
                hash: None,
            };
        }
        Shown {
            text: Some(value.to_string()),
            hash: Some(self.input().key.value(path, value)),
        }
    }

    pub(super) fn hold_account(&mut self, user: UserNo, link: LinkNo) {
        self.accounts.insert(
            user,
            Held {
                remote: Some(self.link(link).remote.clone()),
            },
        );
    }

    pub(super) fn hold_new_account(&mut self, user: UserNo) {
        self.accounts.insert(user, Held { remote: None });
    }

    pub(super) fn hold_adopted(&mut self, user: UserNo, row: &UnlinkedRow) {
        self.accounts.insert(
            user,
            Held {
                remote: Some(row.remote.clone()),
            },
        );
    }

    pub(super) fn renamed(&mut self, link: LinkNo, id: &UserId) {
        if let Some(from) = self.links().row(link).moved_from.clone() {
            self.moves
                .push((from, id.clone(), self.link(link).remote.clone()));
        }
    }

    pub(super) fn observe_active(&mut self, link: LinkNo, id: &UserId) {
        let known = self.link(link);
        self.observe_link(id, known, |link| link.state = LinkState::Active);
    }

    /// Moves of the ledger; shown as a change of their own where the person has no other change of life.
    fn settle_moves(&mut self) {
        for (from, to, remote) in std::mem::take(&mut self.moves) {
            let taken = self.changes.iter().any(|change| {
                change.key.object == Object::User(to.clone()) && change.key.facet == Facet::Life
            });
            if !taken {
                let mut change = self.change(&to, Facet::Life, ChangeKind::Relink, Cause::Config, 3);
                change.remote = Some(remote);
                change.old.text = Some(from.to_string());
                change.new.text = None;
                let number = self.input().resolved.company.user(to.as_str());
                let span = number.map(|number| self.input().resolved.company.users[number.index()].span);
                change.reasons = vec![self.input().reason(format!("user:{to} was user:{from}"), span)];
                self.push(change);
            }
            self.work.observed.insert(0, LedgerUpdate::MoveUser { from, to });
        }
    }

    /// Everything collected, as a draft.
    fn draft(mut self) -> Draft {
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
            stopped: None,
        }
    }
}
