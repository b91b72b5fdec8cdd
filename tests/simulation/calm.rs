//! The end of a story: without faults, each difference is removed or reported, and the app has the desired state.

use std::collections::BTreeSet;

use rolecall::model::UserId;
use rolecall::model::change::{Facet, Object};
use rolecall::model::ledger::{AppLedger, GroupKey, LinkState};
use rolecall::model::op::OutcomeKind;
use rolecall::plan::NoticeKind;

use super::app::{App, Team};
use super::company::Person;
use super::oracle::{Oracle, Should};
use super::truth::Truth;
use super::world::{Run, World};

/// People and accounts that the final check skips, because the program reported why it does not change them.
pub struct Excused {
    pub people: BTreeSet<String>,
    pub objects: BTreeSet<String>,
    /// Accounts that differ because the app refuses a value that another account has.
    pub conflicts: BTreeSet<String>,
    /// People who lose something only after another one got it, which such a refusal prevents (docs/status.md).
    pub waiting: BTreeSet<String>,
}

impl Excused {
    pub fn of(run: &Run) -> Self {
        let mut excused = Self {
            people: BTreeSet::new(),
            objects: BTreeSet::new(),
            conflicts: BTreeSet::new(),
            waiting: BTreeSet::new(),
        };
        let said = run.plan.notices.iter().filter(|notice| notice.kind.is_partial());
        let held = run.plan.held().map(|change| &change.key.object);
        for object in said.filter_map(|notice| notice.subject.as_ref()).chain(held) {
            match object {
                Object::User(id) => _ = excused.people.insert(id.to_string()),
                other => _ = excused.objects.insert(other.to_string()),
            }
        }
        for change in run.plan.held() {
            if let Facet::Member(id) = &change.key.facet {
                excused.people.insert(id.to_string());
            }
        }
        excused.people.extend(run.undecided.iter().cloned());
        let overdue = run.plan.notices.iter().filter(|notice| notice.kind == NoticeKind::Overdue);
        for object in overdue.filter_map(|notice| notice.subject.as_ref()) {
            if let Object::User(id) = object {
                excused.people.insert(id.to_string());
            }
        }
        let failed = run.result.iter().flat_map(rolecall::model::result::AppResult::failed);
        for change in failed {
            let is_conflict = change.outcome == OutcomeKind::Refused
                && change.why.as_deref().is_some_and(|why| why.starts_with("409"));
            if let (Object::User(id), true) = (&change.key.object, is_conflict) {
                excused.conflicts.insert(id.to_string());
            }
        }
        // Those who wait for a value that a refused account keeps.
        let results = run.result.iter().flat_map(|result| &result.changes);
        let waiting =
            results.filter(|one| one.outcome == OutcomeKind::NotSent && !excused.conflicts.is_empty());
        let waiting: Vec<_> = waiting.filter_map(|one| Some((one.key.person()?.to_string(), one))).collect();
        let for_another =
            waiting.iter().filter(|(_, one)| one.why.as_ref().is_some_and(|why| is_for_another(why)));
        excused.waiting = for_another.map(|(id, _)| id.clone()).collect();
        excused.conflicts.extend(waiting.into_iter().map(|(id, _)| id));
        excused
    }
}

/// True if a change was not sent for what another change was to do first: the grant of a role, or another holder of it.
fn is_for_another(why: &str) -> bool {
    why.starts_with("it waits for the grant of ")
        || why.contains(" is among the last active holders of role ")
}

pub struct Calm<'w> {
    pub world: &'w World,
    pub ledger: AppLedger,
    pub excused: Excused,
    /// Whose account is whose, if the ledger was edited by hand.
    pub truth: Option<&'w Truth>,
}

impl Calm<'_> {
    /// Checks that all other people have the desired accounts, groups and roles.
    pub fn judge(&self) -> Result<(), String> {
        let oracle = Oracle::new(&self.world.company, self.world.today);
        let app = self.world.target.app();
        for person in &self.world.company.people {
            let excused = self.excused.people.contains(&person.id)
                || self.excused.conflicts.contains(&person.id)
                || oracle.is_doubtful(person);
            if excused {
                continue;
            }
            self.person(&app, &oracle, person).map_err(|why| format!("{}: {why}", person.id))?;
        }
        for (id, link) in &self.ledger.users {
            let is_declared = self.world.company.people.iter().any(|person| {
                person.id == id.as_str() || person.previously.iter().any(|old| old == id.as_str())
            });
            let account = app.accounts.get(link.remote.as_str());
            if !is_declared
                && !self.excused.people.contains(id.as_str())
                && !self.excused.waiting.contains(id.as_str())
                // An entry that was edited by hand names the account of another person.
                && !self.truth.is_some_and(|truth| truth.is_of_another(id, &link.remote))
                && account.is_some_and(|account| account.active)
            {
                return Err(format!("{id} is not declared any more and has an active account"));
            }
        }
        Ok(())
    }

    fn person(&self, app: &App, oracle: &Oracle, person: &Person) -> Result<(), String> {
        let link = self.ledger.users.get(person.id.as_str());
        let link = link.filter(|link| !matches!(link.state, LinkState::Gone { .. }));
        let account = link.and_then(|link| app.accounts.get(link.remote.as_str()));
        let Some(should) = oracle.should(person) else {
            return match account {
                Some(account) if account.active => Err("has an active account".to_owned()),
                _ => Ok(()),
            };
        };
        if self.truth.is_some() && self.leads_to_the_protected_account(app, person) {
            // The entry was edited by hand, and a protected account is left alone.
            return Ok(());
        }
        let (Some(link), Some(account)) = (link, account) else {
            return Err("has no account".to_owned());
        };
        if !account.active {
            return Err("has an inactive account".to_owned());
        }
        let wishes = [
            ("username", Some(&person.email)),
            ("externalid", Some(&person.id)),
            ("title", person.title.as_ref()),
            ("displayname", Some(&person.name)),
        ];
        for (key, wish) in wishes {
            let is = App::text(&account.values, key);
            let is_free = app.dropped.contains(key) || app.shouted.contains(key);
            if is != wish.map(String::as_str) && !is_free {
                return Err(format!("{key} is {is:?} instead of {wish:?}"));
            }
        }
        self.roles(account, oracle, &should)?;
        self.groups(app, person, link.remote.as_str(), &should)
    }

    /// An entry that shows nothing of its person stays under the earlier id.
    fn leads_to_the_protected_account(&self, app: &App, person: &Person) -> bool {
        let mut ids = std::iter::once(&person.id).chain(&person.previously);
        let link = ids.find_map(|id| self.ledger.users.get(id.as_str()));
        let account = link.and_then(|link| app.accounts.get(link.remote.as_str()));
        account.and_then(|account| App::text(&account.values, "username")) == Some("BreakGlass@acme.example")
    }

    fn roles(&self, account: &super::app::Account, oracle: &Oracle, should: &Should) -> Result<(), String> {
        let conf = &self.world.company.app;
        let key = if conf.single { "usertype" } else { "roles" };
        let declared: BTreeSet<_> =
            conf.roles.iter().filter(|role| role.group.is_none()).map(|role| role.id.clone()).collect();
        let value = account.values.get(key).cloned().unwrap_or_default();
        let shown: BTreeSet<String> = match &value {
            rolecall::model::Value::List(items) => items.iter().map(ToString::to_string).collect(),
            rolecall::model::Value::Null => BTreeSet::new(),
            single => BTreeSet::from([single.to_string()]),
        };
        let has: BTreeSet<_> = shown.intersection(&declared).cloned().collect();
        let wanted = oracle.values(should);
        let is_right = match conf.members {
            "add" => wanted.is_subset(&has) || conf.single,
            _ => wanted == has,
        };
        is_right.then_some(()).ok_or_else(|| format!("has the roles {has:?} instead of {wanted:?}"))
    }

    fn groups(&self, app: &App, person: &Person, account: &str, should: &Should) -> Result<(), String> {
        let conf = &self.world.company.app;
        let pushed =
            conf.push.iter().map(|id| (Object::Group(id.parse().unwrap()), should.groups.contains(id)));
        let roles = conf.roles.iter().filter(|role| role.group.is_some());
        let roles = roles.map(|role| {
            let object = Object::Role(role.id.parse().unwrap());
            (object, should.roles.contains(&role.id))
        });
        for (object, wanted) in pushed.chain(roles) {
            if self.excused.objects.contains(&object.to_string()) {
                continue;
            }
            let key = GroupKey::of(&object).ok_or("no group")?;
            let link = self.ledger.groups.get(&key).ok_or_else(|| format!("{object} is not linked"))?;
            let team: Option<&Team> = app.teams.get(link.remote.as_str());
            let team = team.ok_or_else(|| format!("{object} is not there"))?;
            let cap = self.world.target.capabilities.members_cap;
            if cap.is_some_and(|most| team.members.len() >= most as usize) {
                // The app does not show them all, so nobody can say who is missing.
                continue;
            }
            let is_in = team.members.contains(account);
            let stays = conf.members == "add" && !link.added.contains(&person.id.parse::<UserId>().unwrap());
            if is_in != wanted && !(is_in && stays) {
                return Err(format!("is in {object}: {is_in} instead of {wanted}"));
            }
        }
        Ok(())
    }
}
