//! What people can do in the app at one moment. It is read from the app itself, so that it is no matter of what a plan says.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::Value;
use rolecall::model::change::Object;
use rolecall::model::ledger::{AppLedger, GroupKey};

use super::company::POWER;
use crate::simulation::app::App;

/// What a person may lose, by the guard that counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    Account,
    /// `membership`
    Group,
    /// `revoke`
    Role,
}

/// An account.
struct Shown {
    /// Groups and roles; none if it is inactive.
    access: BTreeSet<(Access, String)>,
    /// The values of all other attributes.
    values: BTreeMap<String, String>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Groups {
    /// A group is its id in the app.
    ById,
    /// A group is its name: one that was deleted and made again is the same.
    ByName,
}

pub struct Picture {
    accounts: BTreeMap<String, Shown>,
    /// Accounts with a role of power, by role.
    power: BTreeMap<&'static str, BTreeSet<String>>,
    /// The person of an account.
    people: BTreeMap<String, String>,
}

/// The difference that a mistake made.
#[derive(Default, Debug)]
pub struct Harm {
    /// People who lost access: the account, a group or a role.
    pub lost: BTreeSet<String>,
    /// The same by what they lost. What falls with an account is not lost once more.
    pub lost_of: BTreeMap<Access, BTreeSet<String>>,
    /// Roles of power that had holders and have none.
    pub emptied: Vec<&'static str>,
    /// People who have come to have power.
    pub empowered: BTreeSet<String>,
    /// People whose account has another value somewhere.
    pub overwritten: BTreeSet<String>,
    /// People whose account is another person's now.
    pub handed: BTreeSet<String>,
}

impl Picture {
    pub fn of(app: &App, ledger: &AppLedger, groups: Groups) -> Self {
        let mut accounts: BTreeMap<String, Shown> = BTreeMap::new();
        for (id, account) in app.accounts.iter().filter(|(_, account)| account.active) {
            let roles = account.values.get("roles").map(texts).unwrap_or_default();
            let others = account.values.iter().filter(|(key, _)| &***key != "roles");
            let shown = Shown {
                access: roles
                    .into_iter()
                    .map(|role| (Access::Role, role))
                    .chain([(Access::Account, String::new())])
                    .collect(),
                values: others.map(|(key, value)| (key.to_string(), value.to_string())).collect(),
            };
            accounts.insert(id.clone(), shown);
        }
        let name = |group: &str| match groups {
            Groups::ById => group.to_owned(),
            Groups::ByName => {
                let name = app.teams.get(group).and_then(|team| App::text(&team.values, "displayname"));
                name.unwrap_or(group).to_owned()
            }
        };
        let of_roles: BTreeSet<&str> = ledger
            .groups
            .iter()
            .filter(|(key, _)| key.is_role())
            .map(|(_, link)| link.remote.as_str())
            .collect();
        for (group, team) in &app.teams {
            let access = if of_roles.contains(group.as_str()) { Access::Role } else { Access::Group };
            let group = name(group);
            for id in &team.members {
                accounts
                    .entry(id.clone())
                    .and_modify(|shown| _ = shown.access.insert((access, group.clone())));
            }
        }
        let power = POWER.map(|role| {
            let key = GroupKey::of(&Object::Role(role.parse().expect("an id")));
            let group = key.and_then(|key| ledger.groups.get(&key)).map(|link| name(link.remote.as_str()));
            let has = |shown: &Shown| {
                shown.access.iter().any(|(_, name)| name == role || group.as_ref() == Some(name))
            };
            let holders = accounts.iter().filter(|(_, shown)| has(shown));
            (role, holders.map(|(id, _)| id.clone()).collect())
        });
        let people =
            ledger.users.iter().map(|(id, link)| (link.remote.to_string(), id.to_string())).collect();
        Self { accounts, power: power.into(), people }
    }

    fn person(&self, account: &str) -> String {
        self.people.get(account).cloned().unwrap_or_else(|| account.to_owned())
    }

    /// The person and the account, for all active linked accounts.
    pub fn accounts(&self) -> Vec<(String, String)> {
        let linked = self.accounts.keys().filter_map(|id| Some((self.people.get(id)?.clone(), id.clone())));
        linked.collect()
    }

    /// The people who hold a role of power.
    pub fn holders(&self, role: &str) -> Vec<String> {
        self.power.get(role).into_iter().flatten().map(|id| self.person(id)).collect()
    }

    /// Roles of power that have holders here and none in the later picture.
    pub fn emptied(&self, later: &Picture) -> Vec<&'static str> {
        let is_emptied = |role: &&'static str| !self.power[role].is_empty() && later.power[role].is_empty();
        POWER.iter().copied().filter(|role| is_emptied(role)).collect()
    }

    /// What is different in the later picture, apart from these people, who were to change.
    pub fn harm(&self, later: &Picture, besides: &BTreeSet<String>) -> Harm {
        let mut emptied = self.emptied(later);
        emptied.retain(|role| self.holders(role).iter().any(|id| !besides.contains(id)));
        let mut harm = Harm { emptied, ..Harm::default() };
        for (id, shown) in &self.accounts {
            let person = self.person(id);
            if besides.contains(&person) {
                continue;
            }
            let now = later.accounts.get(id);
            let gone: BTreeSet<Access> = match now {
                None => BTreeSet::from([Access::Account]),
                Some(now) => shown.access.difference(&now.access).map(|(access, _)| *access).collect(),
            };
            for access in gone {
                harm.lost.insert(person.clone());
                harm.lost_of.entry(access).or_default().insert(person.clone());
            }
            if now.is_some_and(|now| now.values != shown.values) {
                harm.overwritten.insert(person.clone());
            }
            let owner = later.people.get(id);
            let had_another =
                |owner: &String| *owner != person && self.people.values().any(|known| known == owner);
            if owner.is_some_and(had_another) {
                harm.handed.insert(person);
            }
        }
        for (role, holders) in &later.power {
            let new = holders.difference(&self.power[role]).map(|id| later.person(id));
            harm.empowered.extend(new.filter(|person| !besides.contains(person)));
        }
        harm
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().map(ToString::to_string).collect(),
        Value::Null => Vec::new(),
        single => vec![single.to_string()],
    }
}
