//! Checks that hold after every run.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::capabilities::MemberKey;
use rolecall::model::change::{ChangeKey, Facet, Object};
use rolecall::model::ledger::{AppLedger, LinkState};
use rolecall::model::op::Action;
use rolecall::model::{Change, RemoteId, UserId};
use rolecall::plan::AppStatus;

use super::app::App;
use super::oracle::Oracle;
use super::target::Written;
use super::world::{Run, World};

/// The accounts that were lost, by instant, for the window of a day.
#[derive(Default)]
pub struct Window {
    losses: Vec<(i64, BTreeSet<String>)>,
    /// With those of people who are typed as out: all count in the number of accounts before the first loss.
    all: Vec<(i64, BTreeSet<String>)>,
}

impl Window {
    /// Whoever was turned off, on and off again within a day counts once (safety.md 11).
    fn of_a_day(losses: &[(i64, BTreeSet<String>)], now: i64) -> BTreeSet<String> {
        let recent = losses.iter().filter(|(at, _)| *at > now - 24 * 3600);
        recent.flat_map(|(_, accounts)| accounts).cloned().collect()
    }
}

pub struct Check<'w> {
    pub world: &'w World,
    pub run: &'w Run,
    pub before: &'w AppLedger,
    pub decided: bool,
    /// The clock of the machine was wrong, so its day is another one.
    pub is_skewed: bool,
}

impl Check<'_> {
    /// Runs all checks.
    pub fn all(&self, window: &mut Window) -> Result<(), String> {
        let log = self.world.target.log.lock().expect("log").clone();
        let is_stopped = self.run.plan.status != AppStatus::Planned;
        // People who are typed as left or suspended still lose access (safety.md 12).
        let is_typed =
            self.run.plan.to_do().next().is_some() && self.run.plan.to_do().all(Change::is_typed_leaving);
        if is_stopped && !is_typed && !log.is_empty() {
            return Err(format!("{} writes although the app was stopped", log.len()));
        }
        let after = self.world.ledger.read();
        for written in &log {
            self.may_write(written, &after).map_err(|why| format!("{why}: {:?}", written.op))?;
        }
        match self.is_skewed {
            true => Ok(()),
            false => self.guards(&log, window),
        }
    }

    fn change(&self, key: &ChangeKey) -> Result<&Change, String> {
        let planned = self.run.plan.to_do().find(|change| change.key == *key);
        planned.ok_or_else(|| format!("{key} was not planned"))
    }

    fn may_write(&self, written: &Written, after: &AppLedger) -> Result<(), String> {
        for key in &written.op.changes {
            let change = self.change(key)?;
            if self.before.completed.is_none() && change.kind.is_loss() {
                return Err("a removal before the first full apply".to_owned());
            }
            let ((_, Facet::Member(person)) | (Object::User(person), _)) = (&key.object, &key.facet) else {
                continue;
            };
            // Leaving is decided before any expression (safety.md 9): the account that is theirs is taken for it.
            let company = &self.world.company;
            let oracle = Oracle::new(company, self.world.today);
            let is_off = company.person(person.as_str()).is_some_and(|person| oracle.is_off(person));
            let may_go = is_off && change.cause == rolecall::model::Cause::Left;
            if self.run.undecided.contains(person.as_str()) && !may_go {
                return Err(format!("nothing may change for {person}, who is undecided"));
            }
        }
        let before = &written.before;
        match &written.op.action {
            Action::CreateUser { .. } => self.is_first(written),
            Action::UpdateUser { remote, .. } | Action::DeleteUser { remote } => {
                not_protected(before, remote.as_str())?;
                match &written.op.changes[0].object {
                    Object::User(id) => self.owns(id, remote, after),
                    Object::Account(of) if of == remote => self.is_unmanaged(remote),
                    other => Err(format!("{other} does not own {remote}")),
                }
            }
            Action::Members { add, remove, .. } => {
                for (key, name) in written.op.changes.iter().zip(add.iter().chain(remove)) {
                    let id = match before.member_id(name) {
                        Some(id) => id,
                        // The login was changed meanwhile: nobody is taken out by the earlier one.
                        None if before.members_by == MemberKey::Name && remove.contains(name) => continue,
                        None => name.to_string(),
                    };
                    not_protected(before, &id)?;
                    match (&key.object, &key.facet) {
                        (_, Facet::Member(person)) | (Object::User(person), _) => {
                            self.owns(person, &id.parse().unwrap(), after)?;
                        }
                        _ if self.world.company.app.members == "exact" => {}
                        _ => return Err(format!("{name} is unmanaged, and membership is not exact")),
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A create is the first account that rolecall makes for the person.
    fn is_first(&self, written: &Written) -> Result<(), String> {
        let person = super::app::person(&written.op).unwrap_or_default();
        let earlier = self.world.company.person(&person);
        let ids: BTreeSet<_> = earlier
            .map(|person| person.previously.clone())
            .unwrap_or_default()
            .into_iter()
            .chain([person.clone()])
            .collect();
        let is_theirs = |(_, account): &(&String, &super::app::Account)| {
            App::text(&account.values, "externalid").is_some_and(|id| ids.contains(id))
        };
        // Nobody can know of an account that the ledger does not have, and that a listing left out which adds up.
        let forgot = self.world.target.forgot.lock().expect("forgot");
        let is_linked = |id: &str| self.before.users.values().any(|link| link.remote.as_str() == id);
        let is_hidden = |id: &str| forgot.iter().any(|forgotten| forgotten == id) && !is_linked(id);
        match written.before.accounts.iter().find(|one| is_theirs(one) && !is_hidden(one.0)) {
            Some((id, _)) => Err(format!("{person} has account {id} already")),
            None => Ok(()),
        }
    }

    /// True if the account was linked to the person before or after, or is adopted by this plan.
    fn owns(&self, id: &UserId, remote: &RemoteId, after: &AppLedger) -> Result<(), String> {
        let person = self.world.company.person(id.as_str());
        let earlier = person.map(|person| person.previously.clone()).unwrap_or_default();
        let ids = earlier.iter().map(String::as_str).chain([id.as_str()]);
        let links = [&self.before.users, &after.users, &self.run.plan.work.links];
        let owned =
            ids.flat_map(|id| links.map(|links| links.get(id))).flatten().any(|link| link.remote == *remote);
        let not_owned = || format!("{id} is not linked to {remote}");
        owned.then_some(()).ok_or_else(not_owned)
    }

    fn is_unmanaged(&self, remote: &RemoteId) -> Result<(), String> {
        let linked = self.before.users.values().any(|link| link.remote == *remote);
        let allowed = matches!(self.world.company.app.unmanaged, "disable" | "delete");
        match (linked, allowed) {
            (false, true) => Ok(()),
            (true, _) => Err(format!("{remote} is linked")),
            (_, false) => Err(format!("{remote} is unmanaged, and stays")),
        }
    }

    /// Losses of people who are not declared to leave stay below the limits, in one run and in a day.
    fn guards(&self, log: &[Written], window: &mut Window) -> Result<(), String> {
        let oracle = Oracle::new(&self.world.company, self.world.today);
        let people = oracle.people();
        let (mut accounts, mut members) = (BTreeSet::new(), BTreeSet::new());
        let now = self.run.at.as_second();
        let (recent, gone) = (Window::of_a_day(&window.losses, now), Window::of_a_day(&window.all, now));
        window.all.push((now, log.iter().flat_map(lost).collect()));
        for written in log {
            for key in &written.op.changes {
                let change = self.change(key)?;
                let is_off = match (&key.object, &key.facet) {
                    (_, Facet::Member(id)) | (Object::User(id), _) => {
                        people.get(id.as_str()).is_some_and(|person| oracle.is_off(person))
                    }
                    _ => false,
                };
                let cause = change.cause;
                if cause == rolecall::model::Cause::Left && !is_off {
                    return Err(format!("{key}: nobody declared that"));
                }
                let lost = lost(written);
                if key.facet == Facet::Life && !cause.is_declared() && !lost.is_empty() {
                    accounts.extend(lost);
                }
                let goes = |id: &UserId| {
                    let mut lives = self.run.plan.to_do().filter(|one| one.key.facet == Facet::Life);
                    lives.any(|one| one.kind.is_loss() && one.key.person() == Some(id))
                };
                let falls = key.person().is_some_and(goes);
                let is_removal = matches!(key.facet, Facet::Member(_)) && change.kind.is_loss();
                if is_removal && !cause.is_declared() && !falls {
                    members.extend(key.person().cloned());
                }
            }
        }
        let active = self.before.users.values().filter(|link| link.state == LinkState::Active);
        if self.decided {
            return Ok(());
        }
        // Losses are counted when they are intended: a killed run loses none.
        if !accounts.is_empty() {
            window.losses.push((now, accounts.clone()));
        }
        let before: BTreeSet<_> = active.map(|link| link.remote.to_string()).chain(gone).collect();
        let base = before.len() as u64;
        let most = 5.max(base / 20).min(10.max(base / 100)).min(1.max(base / 2)).min(250);
        if !accounts.is_empty() && recent.union(&accounts).count() as u64 > most {
            let (now, earlier) = (accounts.len(), recent.len());
            return Err(format!(
                "{now} people lost their account (and {earlier} on the day before), of {base}"
            ));
        }
        let pushed = self.before.groups.iter().filter(|(key, _)| !key.is_role());
        let base = pushed.flat_map(|(_, group)| &group.members).collect::<BTreeSet<_>>().len() as u64;
        let members = members.len() as u64;
        if members > 5.max(base / 4).min(25.max(base / 20)).min(2.max(base / 2)) {
            return Err(format!("{members} people of {base} were taken out of groups"));
        }
        Ok(())
    }
}

/// The accounts that a write disabled or deleted.
pub fn lost(written: &Written) -> Vec<String> {
    let is_active = |app: &App, id: &String| app.accounts.get(id).is_some_and(|account| account.active);
    let before: BTreeMap<_, _> = written.before.accounts.iter().collect();
    before
        .into_keys()
        .filter(|id| is_active(&written.before, id) && !is_active(&written.after, id))
        .cloned()
        .collect()
}

fn not_protected(app: &App, id: &str) -> Result<(), String> {
    let name = app.accounts.get(id).and_then(|account| App::text(&account.values, "username"));
    match name.map(str::to_lowercase).as_deref() {
        Some("breakglass@acme.example") => Err(format!("{id} is protected")),
        _ => Ok(()),
    }
}
