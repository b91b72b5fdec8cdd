//! Whose account is whose, whatever a ledger says: it is learned when an account is created or adopted, and never changes.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::change::{Facet, Object};
use rolecall::model::ledger::{AppLedger, LinkState};
use rolecall::model::op::Action;
use rolecall::model::{RemoteId, UserId};
use rolecall::plan::{AppStatus, NoticeKind};

use super::app::{Account, App};
use super::blur::Blur;
use super::company::Person;
use super::oracle::Oracle;
use super::target::Written;
use super::world::{Run, World};

#[derive(Default)]
pub struct Truth {
    /// The human behind an account.
    owners: BTreeMap<RemoteId, u32>,
    /// The human behind an id: today's, or the last one who had it.
    humans: BTreeMap<String, u32>,
    /// The humans by their logins of today.
    logins: BTreeMap<String, u32>,
    /// The same at the last applied commit.
    applied: BTreeMap<String, u32>,
}

impl Truth {
    /// Learns who has which id.
    pub fn declared(&mut self, world: &World) {
        for person in &world.company.people {
            self.humans.insert(person.id.clone(), person.human);
        }
        let people = world.company.people.iter();
        self.logins = people.map(|person| (person.email.to_lowercase(), person.human)).collect();
    }

    /// Of an account whose entry was just edited away, our id tells whose it is, if the ledger
    /// is empty again, or the login, if git says the same: nothing else does.
    pub fn edited_away(&mut self, world: &World, before: &AppLedger, after: &AppLedger) {
        let app: App = world.target.app().clone();
        let is_in =
            |ledger: &AppLedger, remote: &RemoteId| ledger.users.values().any(|link| link.remote == *remote);
        for (remote, owner) in &mut self.owners {
            if !is_in(before, remote) || is_in(after, remote) {
                continue;
            }
            let account = app.accounts.get(remote.as_str());
            let login = account.and_then(|account| App::text(&account.values, "username"));
            let login = login.unwrap_or_default().to_lowercase();
            let is_new = after.applied_commit().is_none();
            let our_id = account.and_then(|account| App::text(&account.values, "externalid"));
            let of_id = our_id.and_then(|id| self.humans.get(id));
            let of_login =
                self.logins.get(&login).filter(|human| is_new || self.applied.get(&login) == Some(human));
            // The login of one person under the id of another proves nothing.
            let of_login = of_login.filter(|human| of_id.is_none_or(|of_id| of_id == *human));
            // A ledger that is empty again knows of no other person who had the id before.
            let of_id = of_id.filter(|_| is_new);
            if let Some(human) = of_id.or(of_login) {
                *owner = *human;
            }
        }
    }

    /// Learns whose the accounts are that a run created or adopted, and checks that no link leads to another's account.
    pub fn linked(&mut self, before: &AppLedger, after: &AppLedger) -> Result<(), String> {
        if before.applied_commit() != after.applied_commit() {
            self.applied.clone_from(&self.logins);
        }
        for (id, link) in &after.users {
            let is_new = before.users.get(id).is_none_or(|known| known.remote != link.remote);
            let moved = before.users.values().any(|known| known.remote == link.remote);
            let Some(human) = self.humans.get(id.as_str()).filter(|_| is_new) else { continue };
            match self.owners.get(&link.remote) {
                Some(owner) if owner != human && !moved => {
                    return Err(format!("{id} got the account {} of another person", link.remote));
                }
                Some(_) => {}
                None if moved => {}
                None => _ = self.owners.insert(link.remote.clone(), *human),
            }
        }
        Ok(())
    }

    /// True if the account is known to be that of another human than the one behind the id.
    pub fn is_of_another(&self, id: &UserId, remote: &RemoteId) -> bool {
        let owner = self.owners.get(remote);
        owner.zip(self.humans.get(id.as_str())).is_some_and(|(owner, human)| owner != human)
    }

    fn is_of(&self, world: &World, id: &UserId, remote: &RemoteId) -> Result<(), String> {
        let declared = |owner: u32| world.company.people.iter().any(|person| person.human == owner);
        let counts = |owner: u32| super::plays_open_faults() || declared(owner);
        match (self.owners.get(remote), self.humans.get(id.as_str())) {
            (Some(owner), Some(human)) if owner != human && counts(*owner) => {
                Err(format!("{id} is given or takes from the account {remote} of another person"))
            }
            _ => Ok(()),
        }
    }

    /// No write in the name of a person reaches the account of another one, and no account of a declared person who is in
    /// is turned off.
    pub fn written(&self, world: &World, log: &[Written]) -> Result<(), String> {
        let oracle = Oracle::new(&world.company, world.today);
        for written in log {
            let told = |why: String| format!("{why}: {:?}", written.op);
            match &written.op.action {
                Action::UpdateUser { remote, .. } | Action::DeleteUser { remote } => {
                    if let Object::User(id) = &written.op.changes[0].object {
                        self.is_of(world, id, remote).map_err(told)?;
                    }
                }
                Action::Members { add, remove, .. } => {
                    for (key, name) in written.op.changes.iter().zip(add.iter().chain(remove)) {
                        let (Some(id), Some(account)) = (key.person(), written.before.member_id(name)) else {
                            continue;
                        };
                        let is_role = key.facet.role().is_some() || matches!(key.facet, Facet::Member(_));
                        if is_role {
                            self.is_of(world, id, &account.parse().expect("an id")).map_err(told)?;
                        }
                    }
                }
                _ => {}
            }
            for account in super::checks::lost(written) {
                let owner =
                    account.parse().ok().and_then(|remote: RemoteId| self.owners.get(&remote).copied());
                // An account that was theirs under an id that no file declares any more is replaced, not lost.
                let former = written.op.changes.iter().any(|change| match &change.object {
                    Object::User(id) => {
                        world.company.person(id.as_str()).is_none()
                            && self.humans.get(id.as_str()) == owner.as_ref()
                    }
                    _ => false,
                });
                let people = world.company.people.iter().filter(|_| !former);
                let person = people.into_iter().find(|person| Some(person.human) == owner);
                if let Some(person) = person.filter(|person| oracle.should(person).is_some()) {
                    return Err(told(format!("{} is declared and lost the account {account}", person.id)));
                }
            }
        }
        Ok(())
    }

    /// True if the ledger has an entry of the account for the person, under any id, or if the account shows the login or an id of the
    /// person. Below the entry of somebody else, nothing but these tells whose it is once another commit was applied.
    fn is_told(&self, ledger: &AppLedger, person: &Person, remote: &RemoteId, account: &Account) -> bool {
        let is_theirs = |id: &UserId| self.humans.get(id.as_str()) == Some(&person.human);
        let is_linked = ledger.users.iter().any(|(id, link)| link.remote == *remote && is_theirs(id));
        let login = App::text(&account.values, "username");
        let is_id = |text: &str| text == person.id || person.previously.iter().any(|id| id == text);
        is_linked
            || login.is_some_and(|login| login.eq_ignore_ascii_case(&person.email))
            || App::text(&account.values, "externalid").is_some_and(is_id)
    }

    /// Declared leavers who still have an active account after a run are named by it, as far as it can be known.
    pub fn named(&self, world: &World, run: &Run, known: &Known<'_>) -> Result<(), String> {
        let Some(result) = &run.result else { return Ok(()) };
        if run.plan.status != AppStatus::Planned {
            return Ok(());
        }
        let oracle = Oracle::new(&world.company, world.today);
        let app: App = world.target.app().clone();
        let mut named: BTreeSet<&str> = BTreeSet::new();
        for notice in &run.plan.notices {
            if let Some(Object::User(id)) = &notice.subject {
                named.insert(id.as_str());
            }
            // Both people of a contested account stand in one line.
            if notice.kind == NoticeKind::Contested {
                named.extend(notice.text.split([' ', ',']));
            }
        }
        named.extend(run.plan.held().filter_map(|change| change.key.person()).map(UserId::as_str));
        named.extend(result.failed().filter_map(|change| change.key.person()).map(UserId::as_str));
        for person in world.company.people.iter().filter(|person| oracle.is_off(person)) {
            let is_active = |(remote, owner): (&RemoteId, &u32)| {
                *owner == person.human
                    && app.accounts.get(remote.as_str()).is_some_and(|account| {
                        account.active && known.can_tell(self, person, remote, account)
                    })
            };
            // Under any id that the person had: a rename that is only suspected leaves the earlier one.
            let is_named = || named.iter().any(|id| self.humans.get(*id) == Some(&person.human));
            if !named.contains(person.id.as_str()) && !is_named() && self.owners.iter().any(is_active) {
                return Err(format!("{} is out, has an active account, and is not named", person.id));
            }
        }
        Ok(())
    }
}

/// What a run could know.
pub struct Known<'k> {
    pub before: &'k AppLedger,
    pub is_edited: bool,
    pub blur: Blur,
}

impl Known<'_> {
    fn can_tell(&self, truth: &Truth, person: &Person, remote: &RemoteId, account: &Account) -> bool {
        let mut links = self.before.users.values().filter(|link| link.remote == *remote);
        // What rolecall did last counts where the app does not say whether an account is on (safety.md 22).
        let is_off_by_us = links.any(|link| link.state != LinkState::Active);
        // Whose entry was deleted by hand is found by what the account shows, or not at all.
        (self.blur.says_activity(remote) || !is_off_by_us)
            && (!self.is_edited || truth.is_told(self.before, person, remote, account))
    }
}
