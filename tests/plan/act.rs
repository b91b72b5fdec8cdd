//! Carries out a plan: every change succeeds, and the ledger records all of them.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::change::{Change, ChangeKind, Facet, Object};
use rolecall::model::intervention::Hand;
use rolecall::model::ledger::{
    Applied, FormerRole, GroupKey, GroupLink, Hashes, LedgerUpdate, Link, LinkState, Origin, Proof,
    intend_values,
};
use rolecall::model::{Company, Kind, Path, RoleId, UserId, Value, Want};
use rolecall::plan::AppPlan;

use super::notation::{Thing, key};
use super::outcome::{Compiled, Outcome};
use super::world::World;

impl World {
    /// The world after a full apply of its plan. Held changes stay undone.
    pub fn applied(&self) -> World {
        let (outcome, compiled) = (self.plan(), self.compile());
        let mut world = self.acted(&outcome, &compiled);
        let app = compiled.company.app("hr").unwrap();
        let roles = compiled.programs.values_of_roles(app);
        let roles = roles.map(|(role, value)| (role.id.clone(), value.clone()));
        let roles = outcome.app().value_roles(roles, []);
        let updates = [
            LedgerUpdate::Endpoint(world.endpoint.clone()),
            LedgerUpdate::Completed(world.at),
            LedgerUpdate::Applied(Applied {
                commit: Some(self.now.as_str().into()),
                at: world.at,
                people: compiled.company.users.len() as u64,
                users_per_file: compiled.company.users_per_file.clone(),
            }),
        ];
        roles.into_iter().chain(updates).for_each(|update| world.ledger.fold(update));
        world.ledger.intents.clear();
        world.line.clear();
        world
    }

    /// The world after an apply that did all of its plan, and that was no full one or did not come to its end.
    pub fn unfinished(&self) -> World {
        self.acted(&self.plan(), &self.compile())
    }

    fn acted(&self, outcome: &Outcome, compiled: &Compiled) -> World {
        let mut world = self.clone();
        // The files of this run are what git says of its commit; what is written next is another commit.
        let mut then = self.clone();
        then.commits.clear();
        world.commits.insert(self.now.clone(), then);
        world.ledger.begun = Some(self.now.as_str().into());
        let mut act = Act { world: &mut world, plan: outcome.app(), company: &compiled.company };
        act.run();
        let owing = outcome.app().changes.iter().filter(|change| !change.verdict.is_do());
        let owing: BTreeSet<_> = owing.filter_map(rolecall::model::Change::loser).collect();
        for (id, end) in &outcome.app().work.lapses {
            if let (false, Some(link)) = (owing.contains(id), world.ledger.users.get_mut(id)) {
                link.lapsed = Some(*end);
            }
        }
        world.now = format!("c{}", world.commits.len());
        world
    }
}

struct Act<'w> {
    world: &'w mut World,
    plan: &'w AppPlan,
    company: &'w Company,
}

impl Act<'_> {
    fn run(&mut self) {
        let ledger = &mut self.world.ledger;
        intend_values(&mut ledger.former_roles, &ledger.roles, self.plan.given_values());
        for update in self.plan.observed() {
            self.world.ledger.fold(update);
        }
        let mut changes: Vec<Change> = self.plan.to_do().cloned().collect();
        changes.sort_by_key(|change| change.phase);
        for change in &changes {
            match change.key.object.clone() {
                Object::User(id) => self.person(&id, change),
                Object::Account(remote) => match change.kind {
                    ChangeKind::Delete => _ = self.world.things.remove(remote.as_str()),
                    _ => self.thing(remote.as_str()).active = false,
                },
                object => self.group(&object, change),
            }
        }
    }

    fn thing(&mut self, remote: &str) -> &mut Thing {
        self.world.things.get_mut(remote).unwrap_or_else(|| panic!("no {remote} in the app"))
    }

    fn link(&mut self, id: &UserId) -> &mut Link {
        self.world.ledger.users.get_mut(id).unwrap_or_else(|| panic!("no link of {id}"))
    }

    fn person(&mut self, id: &UserId, change: &Change) {
        match (&change.kind, &change.key.facet) {
            (ChangeKind::Create, _) => self.create(id, change),
            (ChangeKind::Adopt | ChangeKind::Relink, _) => {
                if let Some(link) = self.plan.work.links.get(id) {
                    let link = match change.turns_on() {
                        true => Link { state: LinkState::Active, ..link.clone() },
                        false => link.clone(),
                    };
                    self.thing(link.remote.clone().as_str()).active |= change.turns_on();
                    let id = id.clone();
                    self.world.ledger.fold(LedgerUpdate::PutUser { id, link });
                }
            }
            (ChangeKind::Forget, _) => self.world.ledger.fold(LedgerUpdate::ForgetUser(id.clone())),
            (ChangeKind::Delete, _) => {
                let since = self.world.at;
                let commit = Some(self.world.now.as_str().into());
                let link = self.link(id);
                link.state = LinkState::Gone { since, commit };
                let remote = link.remote.clone();
                self.world.things.remove(remote.as_str());
            }
            (ChangeKind::Disable | ChangeKind::Enable, _) => {
                let active = change.kind == ChangeKind::Enable;
                let since = self.world.at;
                let remote = self.link(id).remote.clone();
                self.link(id).state = if active {
                    LinkState::Active
                } else {
                    LinkState::Disabled { since, commit: Some(self.world.now.as_str().into()) }
                };
                self.thing(remote.as_str()).active = active;
            }
            (_, Facet::Attribute(_)) => {
                let remote = self.link(id).remote.clone();
                if let Some((path, want)) = change.want.clone() {
                    self.write(remote.as_str(), &path, &want);
                    let hashes = self.hashes(&path, &want);
                    self.link(id).values.insert(path.key().clone(), hashes);
                }
            }
            (_, Facet::FormerGroup(role)) => {
                let key = GroupKey::Role(role.clone());
                let group = self.world.ledger.groups.get(&key).cloned().expect("the group of the role");
                let remote = self.link(id).remote.clone();
                self.member(&key, &group, id, remote.as_str(), false);
            }
            (_, Facet::FormerRole(former)) => self.former_role(id, former, change.revalued),
            (_, Facet::Role(role)) => self.role(id, role, change.kind == ChangeKind::RoleGrant),
            _ => panic!("{change:?}"),
        }
        let hand = match (change.kind, &change.key.facet) {
            (ChangeKind::Enable, _) => Some(Hand::Disabled),
            (ChangeKind::Create, _) => Some(Hand::Deleted),
            (ChangeKind::RoleGrant, Facet::Role(role)) => Some(Hand::Revoked(role.clone())),
            _ => None,
        };
        if let Some(hand) = hand {
            self.world.ledger.fold(LedgerUpdate::Released { user: id.clone(), hand });
        }
    }

    fn create(&mut self, id: &UserId, change: &Change) {
        let remote = format!("new-{id}");
        let taken = self.world.things.insert(remote.clone(), Thing::new(Kind::User));
        assert!(taken.is_none(), "{id} was created twice");
        let mut values = BTreeMap::new();
        for (path, want) in change.sets.iter().filter_map(|setting| setting.want.clone()) {
            self.write(&remote, &path, &want);
            values.insert(path.key().clone(), self.hashes(&path, &want));
        }
        let former = self.world.ledger.users.get(id);
        let former = former.filter(|link| !matches!(link.state, LinkState::Gone { .. }));
        let link = Link {
            commit: Some(self.world.now.as_str().into()),
            roles: former.map(|link| link.roles.clone()).unwrap_or_default(),
            values: values.into_iter().collect(),
            ..Link::new(remote.parse().unwrap(), Origin::Created)
        };
        let id = id.clone();
        self.world.ledger.fold(LedgerUpdate::PutUser { id, link });
    }

    fn settled(&self, want: &Want) -> Value {
        match want {
            Want::Is(value) => value.clone(),
            Want::Ref(to) => {
                self.world.ledger.users.get(to).map_or(Value::Null, |link| Value::str(link.remote.as_str()))
            }
            Want::Clear | Want::Keep => Value::Null,
        }
    }

    fn write(&mut self, remote: &str, path: &Path, want: &Want) {
        let value = self.settled(want);
        self.thing(remote).values.insert(path.key().to_string(), value);
    }

    fn hashes(&self, path: &Path, want: &Want) -> Hashes {
        let value = match want {
            Want::Ref(to) => Value::str(to.as_str()),
            other => self.settled(other),
        };
        let hash = key().value(path.key(), &value);
        Hashes { asked: hash, kept: hash, at: self.world.at, proof: Proof::Read }
    }

    fn former_role(&mut self, id: &UserId, former: &FormerRole, is_kept: bool) {
        if !is_kept {
            self.link(id).roles.remove(&former.role);
            self.link(id).found_roles.remove(&former.role);
        }
        self.value(id, &Facet::FormerRole(former.clone()), false);
    }

    fn role(&mut self, id: &UserId, role: &RoleId, grant: bool) {
        let group = GroupKey::of(&Object::Role(role.clone())).unwrap();
        let remote = self.link(id).remote.clone();
        let app = self.company.app("hr").expect("the app");
        let declared = app.role(role.as_str()).map(|number| &app.roles[number.index()].kind);
        let is_value = declared.is_some_and(|kind| kind.value().is_some());
        if let Some(link) = self.world.ledger.groups.get(&group).cloned().filter(|_| !is_value) {
            return self.member(&group, &link, id, remote.as_str(), grant);
        }
        if grant {
            self.link(id).roles.insert(role.clone());
            self.world.ledger.fold(LedgerUpdate::Granted { user: id.clone(), role: role.clone() });
        } else {
            self.link(id).roles.remove(role);
            self.link(id).found_roles.remove(role);
        }
        self.value(id, &Facet::Role(role.clone()), grant);
    }

    fn value(&mut self, id: &UserId, facet: &Facet, grant: bool) {
        let remote = self.link(id).remote.clone();
        let Some(work) = self.plan.work.roles.get(id) else { panic!("no role work for {id}") };
        let value = work.values.get(facet).cloned().unwrap_or_else(|| panic!("no value for {facet:?}"));
        let slot = self.thing(remote.as_str()).values.entry(work.path.key().to_string()).or_default();
        let mut values = match std::mem::take(slot) {
            Value::List(values) => values,
            Value::Null => Vec::new(),
            single => vec![single],
        };
        values.retain(|held| *held != value);
        if grant && work.single {
            values.clear();
        }
        if grant {
            values.push(value);
        }
        *slot = if work.single { values.pop().unwrap_or_default() } else { Value::List(values) };
    }

    fn member(&mut self, key: &GroupKey, link: &GroupLink, id: &UserId, remote: &str, add: bool) {
        let members = self.thing(link.remote.as_str()).members.get_or_insert_default();
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        if add {
            members.insert(remote.to_owned());
            added.push(id.clone());
        } else {
            members.remove(remote);
            removed.push(id.clone());
        }
        let (key, found) = (key.clone(), Vec::new());
        self.world.ledger.fold(LedgerUpdate::Members { key, added, found, removed });
    }

    fn group(&mut self, object: &Object, change: &Change) {
        let key = GroupKey::of(object).unwrap();
        match (change.kind, &change.key.facet) {
            (ChangeKind::GroupCreate, _) => {
                let remote = format!("new-{object}");
                let wants = self.plan.work.group_attributes[&key].clone();
                self.world.things.insert(remote.clone(), Thing::new(Kind::Group));
                for (path, want) in &wants {
                    self.write(&remote, path, want);
                }
                let former = self.world.ledger.groups.get(&key).filter(|_| key.is_role());
                let link = GroupLink {
                    members: former.map(|link| link.members.clone()).unwrap_or_default(),
                    values: wants
                        .iter()
                        .map(|(path, want)| (path.key().clone(), self.hashes(path, want)))
                        .collect(),
                    ..GroupLink::new(remote.parse().unwrap(), Origin::Created)
                };
                self.world.ledger.groups.insert(key, link);
            }
            (ChangeKind::Adopt, _) => {
                let link = self.plan.work.group_links[&key].clone();
                self.world.ledger.groups.insert(key.clone(), link);
                for update in self.plan.work.observed.clone() {
                    if matches!(&update, LedgerUpdate::Members { key: of, .. } if *of == key) {
                        self.world.ledger.fold(update);
                    }
                }
            }
            (ChangeKind::GroupDelete, _) => {
                let link = self.world.ledger.groups.remove(&key).unwrap();
                self.world.things.remove(link.remote.as_str());
            }
            (ChangeKind::Forget, _) => _ = self.world.ledger.groups.remove(&key),
            (_, Facet::Attribute(_)) => {
                let remote = self.world.ledger.groups[&key].remote.clone();
                let (path, want) = change.want.clone().unwrap();
                self.write(remote.as_str(), &path, &want);
                let hashes = self.hashes(&path, &want);
                self.world.ledger.groups.get_mut(&key).unwrap().values.insert(path.key().clone(), hashes);
            }
            (kind, Facet::Member(id)) => {
                let link = self.world.ledger.groups[&key].clone();
                let remote = self.link(id).remote.clone();
                self.member(&key, &link, id, remote.as_str(), kind == ChangeKind::MemberAdd);
            }
            (_, Facet::UnmanagedMember(remote)) => {
                let group = self.world.ledger.groups[&key].remote.clone();
                self.thing(group.as_str()).members.get_or_insert_default().remove(&**remote);
            }
            _ => panic!("{change:?}"),
        }
        let _ = self.company;
    }
}
