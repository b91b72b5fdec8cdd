//! The end of a comparison: what is observed, said once for many, and counted against.

use std::collections::{BTreeMap, BTreeSet};

use super::differ::Differ;
use super::draft::Bases;
use super::links::LinkNo;
use super::members::count;
use super::notice::{Notice, NoticeKind};
use super::plan_type::Coming;
use super::settle::Settling;
use super::source;
use crate::model::app::RoleKind;
use crate::model::change::{Change, ChangeKind, Facet, Object, Phase};
use crate::model::company::PolicyRule;
use crate::model::ledger::{GroupKey, LedgerUpdate, Link, LinkState};
use crate::model::words::first_ten;
use crate::model::{RoleId, UserId, UserNo, time};
use crate::resolve::{EdgeKind, Standing};

/// How far ahead coming starts and ends are shown, in days.
const COMING_DAYS: i64 = 14;

impl Differ<'_> {
    /// Starts and ends of the next days that concern this app.
    pub(super) fn coming(&self) -> Vec<Coming> {
        let resolved = self.input.resolved;
        let until = time::after(resolved.at, 24 * COMING_DAYS);
        let near = resolved.edges.iter().filter(|edge| edge.at > resolved.at && edge.at <= until);
        near.filter(|edge| self.input.desired.is_touched_by(edge))
            .map(|edge| Coming {
                at: edge.at,
                text: format!(
                    "{} {}",
                    edge.what,
                    if edge.kind == EdgeKind::Starts { "starts" } else { "ends" }
                ),
                place: self.input.files.place(edge.span),
            })
            .collect()
    }
}

impl Settling<'_, '_> {
    /// People found as desired: what is declared about them is what the account is by.
    pub(super) fn observe_rest(&mut self) {
        // Apply says when these are done.
        let owed = |change: &&Change| {
            matches!(change.kind, ChangeKind::Enable | ChangeKind::RoleGrant) && change.verdict.is_do()
        };
        let owed: BTreeSet<_> =
            self.changes.iter().filter(owed).map(|change| change.key.object.clone()).collect();
        for link in self.links().numbers() {
            let row = self.links().row(link);
            let Some(user) = row.number else { continue };
            let seen = self.seen(link).is_some_and(|seen| seen.active && seen.verified && !seen.protected);
            if !seen
                || self.is_frozen(&row.user)
                || owed.contains(&Object::User(row.user.clone()))
                || !matches!(self.input().desired.standing(user), Standing::In)
            {
                continue;
            }
            let life = self.life(user);
            if row.link.life != Some(life) {
                self.observe_link(&row.user, row.link, |link| link.life = Some(life));
            }
        }
        self.observe_lapses();
        for (id, link) in std::mem::take(&mut self.observed_links) {
            self.observe(crate::model::ledger::LedgerUpdate::PutUser { id, link });
        }
        let people: BTreeSet<UserNo> = self.changes.iter().filter_map(|change| self.person(change)).collect();
        for user in people {
            let life = self.life(user);
            self.work.lives.insert(self.user_id(user).clone(), life);
        }
    }

    pub(super) fn person(&self, change: &Change) -> Option<UserNo> {
        let id = change.key.person()?;
        self.input().resolved.company.user(id.as_str())
    }

    /// What concerns many people alike is said once.
    pub(super) fn summaries(&mut self) {
        let names = |ids: &[UserId]| first_ten(&ids.iter().map(UserId::to_string).collect::<Vec<_>>());
        for ((what, remedy), ids) in std::mem::take(&mut self.forbidden) {
            let text = format!(
                "`users.actions` does not allow to {what} {}: {}",
                count(ids.len(), "account", "accounts"),
                names(&ids)
            );
            self.advice(NoticeKind::Advice, text, Some(remedy));
        }
        if !self.kept.is_empty() {
            let kept = std::mem::take(&mut self.kept);
            let text = format!(
                "{} active although nothing here asks for it: {}",
                count(kept.len(), "account stays", "accounts stay"),
                names(&kept)
            );
            let hint = Some("`users.deprovision: keep` says so".to_owned());
            self.advice(NoticeKind::Advice, text, hint);
        }
        let skipped: Vec<_> =
            self.input().desired.not_entitled().map(|user| self.user_id(user).clone()).collect();
        if !skipped.is_empty() {
            let text = format!(
                "{} assigned without a role (Default Access): {}",
                count(skipped.len(), "person", "people"),
                names(&skipped)
            );
            let hint = Some("assign a role, or set `default_access: provision`".to_owned());
            self.advice(NoticeKind::NotEntitled, text, hint);
        }
        let protect = &self.input().desired.app.protect;
        for place in self.differ.protection.unmet() {
            let entry = &protect[place];
            if self.input().resolved.company.user(&entry.text).is_some() {
                continue;
            }
            let text = format!("`protect` names {}, which is no account of this app", entry.text);
            let place = self.input().files.place(entry.span);
            self.notices.push(Notice {
                kind: NoticeKind::Advice,
                subject: None,
                text,
                hint: Some("correct the entry, or take it out".to_owned()),
                place,
            });
        }
    }

    /// Names of accounts, where the app names members so.
    pub(super) fn member_names(&self) -> BTreeMap<UserId, std::sync::Arc<str>> {
        if !self.differ.members_by_name {
            return BTreeMap::new();
        }
        let linked = self.links().numbers().filter_map(|link| {
            let name = self.seen(link)?.name.clone()?;
            Some((self.links().row(link).user.clone(), name))
        });
        let claimed = self.claimed.iter().filter_map(|(remote, id)| {
            let name = self.differ.seen.unlinked.get(remote)?.name.clone()?;
            Some((id.clone(), name))
        });
        linked.chain(claimed).collect()
    }

    /// What the guards count against: the state before this plan.
    pub(super) fn bases(&self) -> Bases {
        let ledger = self.input().ledger;
        let active = |link: &&Link| link.state == LinkState::Active;
        let login = self.input().desired.identifying_paths();
        let adopted = self.adopted.iter().map(|user| self.user_id(*user).clone());
        let per_group =
            ledger.groups.iter().map(|(key, link)| (key.as_str().to_owned(), link.members.len() as u64));
        let mut per_group: BTreeMap<_, _> = per_group.collect();
        let pushed: u64 =
            per_group.iter().filter(|(key, _)| key.starts_with("group:")).map(|(_, members)| members).sum();
        let by_group: u64 = per_group.values().sum::<u64>() - pushed;
        let deleted = self.work.deleted.iter();
        per_group.extend(deleted.map(|(key, members)| (key.as_str().to_owned(), *members)));
        let by_value: u64 = ledger.users.values().map(|link| link.roles.len() as u64).sum();
        Bases {
            accounts: ledger.users.values().filter(active).count() as u64,
            memberships: pushed,
            roles: by_group + by_value,
            links: self.links().live(),
            per_group,
            holders: self.holders(),
            completed: self.completed(),
            seen: self.differ.seen.accounts,
            login_paths: login.iter().map(|path| path.key().clone()).collect(),
            adopted: adopted.collect(),
            begun: ledger.intents.iter().map(|intent| intent.key.clone()).collect(),
            source: source::shrunk(self.input().resolved.company, ledger),
        }
    }

    /// Active holders of every role with `min_members` or in a conflict policy, as the app shows them; where it does not,
    /// as the ledger has them.
    fn holders(&self) -> BTreeMap<String, BTreeSet<UserId>> {
        let app = self.input().desired.app;
        let of = |role: &RoleId| match app.role(role.as_str()).map(|role| &app.roles[role.index()].kind) {
            Some(RoleKind::Group(_)) => self.group_holders(role),
            _ => self.value_holders(role),
        };
        let policies = self.input().resolved.company.policies.iter();
        let in_conflict = policies.flat_map(|policy| {
            let PolicyRule::Conflict(roles) = &policy.rule;
            roles.iter().filter(|role| role.app == app.id).map(|role| &role.role)
        });
        let roles: BTreeSet<&RoleId> = app.guard.min_members.keys().chain(in_conflict).collect();
        roles.into_iter().map(|role| (role.to_string(), of(role))).collect()
    }

    fn group_holders(&self, role: &RoleId) -> BTreeSet<UserId> {
        let (object, desired) = (Object::Role(role.clone()), self.input().desired);
        let mut wanted = self.differ.groups.iter();
        let (link, row) = match wanted.find(|group| desired.groups[group.place].object == object) {
            // Whoever is in a group that this plan takes over holds the role already.
            Some(group) => self.group_found(group),
            None => {
                let key = GroupKey::of(&object);
                let link = key.and_then(|key| self.input().ledger.groups.get(&key));
                (link, link.and_then(|link| self.differ.seen.groups.get(&link.remote)))
            }
        };
        let holders: Vec<LinkNo> = match row.and_then(|row| row.members.as_ref()) {
            Some(members) => members.iter().filter_map(|member| self.member_link(member)).collect(),
            None => {
                let known = link.into_iter().flat_map(|link| &link.members);
                let known = known.filter_map(|id| self.links().of_id(self.links().today(id)));
                known.collect()
            }
        };
        self.active(holders)
    }

    fn value_holders(&self, role: &RoleId) -> BTreeSet<UserId> {
        let number = self.input().desired.app.role(role.as_str());
        let holds = |link: &LinkNo| {
            let shown = self.seen(*link).and_then(|seen| seen.findings.as_ref()?.roles.as_ref());
            match (shown, number) {
                (Some(shown), Some(number)) => shown.held.contains(&number),
                _ => self.link(*link).roles.contains(role),
            }
        };
        self.active(self.links().numbers().filter(holds))
    }

    fn active(&self, links: impl IntoIterator<Item = LinkNo>) -> BTreeSet<UserId> {
        links
            .into_iter()
            .filter(|link| self.seen(*link).is_some_and(|seen| seen.active))
            .map(|link| self.links().row(link).user.clone())
            .collect()
    }

    /// `--user`: nothing outside is judged. A group somebody has to join is created all the same.
    pub(super) fn limit_to(&mut self, only: &BTreeSet<UserId>) {
        let concerns = |change: &Change| change.key.person().is_some_and(|user| only.contains(user));
        let joined: BTreeSet<Object> = self
            .changes
            .iter()
            .filter(|change| concerns(change))
            .map(|change| change.key.object.clone())
            .collect();
        self.changes.retain(|change| {
            concerns(change)
                || (change.phase == Phase::Groups
                    && change.key.facet == Facet::Life
                    && joined.contains(&change.key.object))
        });
        self.notices.retain(|notice| match &notice.subject {
            Some(Object::User(id)) => only.contains(id),
            _ => false,
        });
        self.work.lapses.retain(|id, _| only.contains(id));
        self.work
            .observed
            .retain(|update| matches!(update, LedgerUpdate::MoveUser { to, .. } if only.contains(to)));
    }

    /// Names for everybody the plan speaks of.
    pub(super) fn people(&self) -> BTreeMap<UserId, String> {
        let company = self.input().resolved.company;
        let named = self.changes.iter().filter_map(|change| self.person(change));
        let said = self.notices.iter().filter_map(|notice| match &notice.subject {
            Some(Object::User(id)) => company.user(id.as_str()),
            _ => None,
        });
        named
            .chain(said)
            .map(|user| {
                let user = &company.users[user.index()];
                let name = user
                    .display
                    .as_deref()
                    .map_or_else(|| format!("{} {}", user.given, user.family), str::to_owned);
                (user.id.clone(), name)
            })
            .collect()
    }
}
