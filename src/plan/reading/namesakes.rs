//! People who are to have an account, and accounts without a link that show the same address or the same full name: a second account
//! for somebody who has one would be no new account (safety.md 11).

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::model::company::User;
use crate::model::folded::folded;
use crate::model::{Remote, RemoteId, UserNo};
use crate::resolve::{DesiredApp, Standing};

/// An account without a link that shows what a person without an account is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) struct Namesake {
    pub user: UserNo,
    pub shows: Shows,
    /// The account.
    pub holder: RemoteId,
    /// Its login.
    pub name: Option<Arc<str>>,
}

/// What an account shows of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum Shows {
    Address,
    FullName,
}

/// The people who are to have an account, by hashes of what they are called. Those who have one are among them: whether it is
/// gone, and another one is to be made, shows at the end of the listing only.
pub(in crate::plan) struct Namesakes<'a> {
    users: &'a [User],
    addresses: Vec<(u64, UserNo)>,
    /// Empty once an apply has run to its end: then a name alone says nothing.
    names: Vec<(u64, UserNo)>,
    /// Domains of the addresses of all people, for the first apply.
    domains: HashSet<String>,
}

impl<'a> Namesakes<'a> {
    pub(super) fn new(desired: &DesiredApp<'a>, completed: bool) -> Self {
        let users = &desired.company.users;
        let is_in = |user: &UserNo| matches!(desired.standing(*user), Standing::In);
        let wanted: Vec<UserNo> = (0..users.len()).map(UserNo::from).filter(is_in).collect();
        let mut addresses: Vec<_> =
            wanted.iter().map(|user| (hash(&folded(&users[user.index()].email)), *user)).collect();
        let mut names: Vec<(u64, UserNo)> = match completed {
            true => Vec::new(),
            false => {
                let of = |user: &UserNo| {
                    full_names(&users[user.index()])
                        .into_iter()
                        .map(|name| (hash(&name), *user))
                        .collect::<Vec<_>>()
                };
                wanted.iter().flat_map(of).collect()
            }
        };
        addresses.sort_unstable();
        names.sort_unstable();
        let domains = match completed {
            true => HashSet::new(),
            false => users.iter().filter_map(|user| domain(&user.email)).collect(),
        };
        Self { users, addresses, names, domains }
    }

    /// The people whose address, or else whose full name, an account shows.
    pub(super) fn of(&self, remote: &Remote) -> Vec<Namesake> {
        let mut found = BTreeSet::new();
        for address in addresses(remote) {
            let is_same = |user: &UserNo| folded(&self.users[user.index()].email) == address;
            found.extend(with(&self.addresses, &address).filter(is_same).map(|user| (user, Shows::Address)));
        }
        for name in remote.full_names.iter().filter(|_| !self.names.is_empty()).map(|name| folded(name)) {
            let is_same = |user: &UserNo| full_names(&self.users[user.index()]).contains(&name);
            let named = with(&self.names, &name).filter(is_same);
            let named: Vec<UserNo> = named.filter(|user| !found.contains(&(*user, Shows::Address))).collect();
            found.extend(named.into_iter().map(|user| (user, Shows::FullName)));
        }
        let namesake = |(user, shows)| {
            let (holder, name) = (remote.id.clone(), remote.name.clone());
            Namesake { user, shows, holder, name }
        };
        found.into_iter().map(namesake).collect()
    }

    /// True if an account has an address in a domain of the tree. Asked before the first apply has run to its end only.
    pub(super) fn is_in_domain(&self, remote: &Remote) -> bool {
        !self.domains.is_empty()
            && addresses(remote)
                .any(|address| domain(&address).is_some_and(|domain| self.domains.contains(&domain)))
    }
}

/// The people with this hash.
fn with(people: &[(u64, UserNo)], text: &str) -> impl Iterator<Item = UserNo> {
    let wanted = hash(text);
    let from = people.partition_point(|(hash, _)| *hash < wanted);
    people[from..].iter().take_while(move |(hash, _)| *hash == wanted).map(|(_, user)| *user)
}

/// The addresses of an account, its login included, folded.
fn addresses(remote: &Remote) -> impl Iterator<Item = String> {
    remote.emails.iter().chain(&remote.name).filter(|text| text.contains('@')).map(|text| folded(text))
}

/// What a person is called as a whole, folded.
fn full_names(user: &User) -> Vec<String> {
    let mut names = vec![folded(&user.name.shown())];
    if let (Some(given), Some(family)) = (user.name.given(), user.name.family()) {
        names.push(folded(&format!("{given} {family}")));
    }
    names.sort();
    names.dedup();
    names
}

fn domain(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    (!domain.is_empty()).then(|| folded(domain))
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
