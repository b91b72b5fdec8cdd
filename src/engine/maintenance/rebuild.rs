//! `ledger rebuild`: lost links, proposed again from the values of accounts and from the ledger's history. The app has
//! to prove every link of the history before it is proposed (safety.md 1, 5).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::LedgerApp;
use super::evidence::{self, Evidence};
use crate::engine::EngineError;
use crate::engine::{Configuration, Engine};
use crate::ledger::By;
use crate::model::ledger::{Link, Origin};
use crate::model::seen::Activity;
use crate::model::{Created, Remote, RemoteId, UserId};
use crate::plan::Protection;
use crate::resolve::Resolved;

/// The links that will be written.
#[derive(Debug)]
pub struct Rebuild {
    /// The endpoint of the accounts.
    pub endpoint: Arc<str>,
    /// New links.
    pub links: Vec<Proposed>,
    /// Links that are not proposed, and why.
    pub left: Vec<(String, String)>,
    /// The number of links in the ledger, which stay.
    pub kept: usize,
    /// The number of accounts that belong to no link.
    pub others: usize,
    /// The ledger has lost the app: writing it is news, even without a link.
    pub is_lost: bool,
    commit: Option<Arc<str>>,
}

/// One proposed link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    pub user: UserId,
    pub remote: RemoteId,
    /// Its name in the app.
    pub name: Option<Arc<str>>,
    /// The account is active.
    pub active: bool,
    /// When the app created it.
    pub created: Option<Created>,
    /// The proof of the link.
    pub proof: String,
    /// The person is declared.
    pub declared: bool,
}

/// Reads the app and the ledger's history. Nothing is written.
///
/// # Errors
/// The app or the history cannot be read, or the links belong to another endpoint.
pub fn examine(engine: &Engine, config: &Configuration, app: &LedgerApp<'_>) -> Result<Rebuild, EngineError> {
    let Some(declared) = app.declared else {
        let hint = "declare it: its accounts have to be read";
        return Err(EngineError::failed(format!("app {} is not declared", app.id), hint));
    };
    app.has_address_of(declared)?;
    let known = app.known();
    let resolved = Resolved::new(&config.company, &config.programs, engine.clock.now());
    let Some(desired) = resolved.app(&declared.id) else {
        return Err(EngineError::failed(format!("app {} is not declared", declared.id), "declare it"));
    };
    let ever = app.ledger.store.remotes_ever(&app.id)?;
    let evidence = evidence::read(engine, config, Some(app), desired)?;
    let here = evidence.endpoint.clone();
    let protection = Protection::new(&declared.protect, &evidence.own());
    let mut found = Findings::new(&evidence, &known.users, &protection);
    found.claim_by_history(&ever);
    found.claim_by_our_ids(config.company.users.iter().map(|user| &user.id), ever.keys());
    let commit = config.inputs.clean_commit();
    let (links, left) = found.settle();
    let taken: BTreeSet<_> =
        known.users.values().map(|link| &link.remote).chain(links.iter().map(|link| &link.remote)).collect();
    Ok(Rebuild {
        endpoint: here,
        others: evidence.accounts().iter().filter(|account| !taken.contains(&account.id)).count(),
        kept: known.users.len(),
        is_lost: app.ledger.read.has_lost(&app.id),
        links,
        left,
        commit: commit.map(Into::into),
    })
}

impl Rebuild {
    /// Writes the links.
    ///
    /// # Errors
    /// The ledger has changed meanwhile, or cannot be written.
    pub fn write(&self, app: &LedgerApp<'_>, by: &By<'_>) -> Result<(), EngineError> {
        app.ledger.store.edit(&app.id, "rebuild", by, &|ledger| {
            if ledger.endpoint.is_empty() {
                ledger.endpoint = self.endpoint.clone();
            }
            if ledger.endpoint != self.endpoint
                || self.links.iter().any(|new| ledger.users.contains_key(&new.user))
            {
                return Err("the ledger has changed meanwhile: run this again".to_owned());
            }
            for new in &self.links {
                ledger.users.insert(new.user.clone(), self.link(new));
            }
            Ok(())
        })?;
        Ok(())
    }

    fn link(&self, new: &Proposed) -> Link {
        Link {
            commit: self.commit.clone().filter(|_| new.declared),
            created: new.created,
            // The maker of the account is unknown. As an adopted account it is never deleted, only disabled. It is not
            // "disabled by us": if the account was disabled meanwhile, that was done in the app for a reason
            // (safety.md 13).
            ..Link::new(new.remote.clone(), Origin::Adopted)
        }
    }
}

/// Claims on accounts, before they are compared with each other.
struct Findings<'a> {
    evidence: &'a Evidence<'a>,
    linked: &'a BTreeMap<UserId, Link>,
    taken: BTreeSet<&'a RemoteId>,
    protection: &'a Protection,
    /// The accounts of each person, with their proofs.
    claims: BTreeMap<UserId, BTreeMap<RemoteId, String>>,
    left: Vec<(String, String)>,
}

impl<'a> Findings<'a> {
    fn new(
        evidence: &'a Evidence<'a>,
        linked: &'a BTreeMap<UserId, Link>,
        protection: &'a Protection,
    ) -> Self {
        Self {
            evidence,
            linked,
            taken: linked.values().map(|link| &link.remote).collect(),
            protection,
            claims: BTreeMap::new(),
            left: Vec::new(),
        }
    }

    /// Claims the newest account that the ledger once linked to a person, if it exists and is proved.
    fn claim_by_history(&mut self, ever: &BTreeMap<UserId, Vec<RemoteId>>) {
        for (user, remotes) in ever.iter().filter(|(user, _)| !self.linked.contains_key(*user)) {
            let there: Vec<&Remote> = remotes.iter().filter_map(|id| self.evidence.account(id)).collect();
            let proved =
                there.iter().find_map(|account| Some((*account, self.evidence.proof(user, account)?)));
            match (proved, there.first()) {
                (Some((account, proof)), _) => {
                    self.claim(user, account, format!("linked before, and {proof}"));
                }
                (None, Some(account)) => {
                    let why = format!(
                        "was linked to account {} ({}), which nothing in the app proves to be theirs any more",
                        account.id,
                        account.name.as_deref().unwrap_or("no name")
                    );
                    self.left.push((user.to_string(), why));
                }
                (None, None) if !remotes.is_empty() => {
                    let why = format!("was linked to account {}, which is not in the app", remotes[0]);
                    self.left.push((user.to_string(), why));
                }
                (None, None) => {}
            }
        }
    }

    /// Claims accounts that carry a person's id.
    fn claim_by_our_ids<'u>(
        &mut self,
        declared: impl Iterator<Item = &'u UserId>,
        known: impl Iterator<Item = &'u UserId>,
    ) {
        let people: BTreeMap<&str, &UserId> = declared.chain(known).map(|id| (id.as_str(), id)).collect();
        for account in self.evidence.accounts() {
            let carried = account.our_id.as_deref().and_then(|id| people.get(id).copied());
            let shown = carried.and_then(|user| Some((user, self.evidence.carries_our_id(user, account)?)));
            let Some((user, place)) = shown else {
                continue;
            };
            if !self.linked.contains_key(user) {
                self.claim(user, account, place.to_string());
            }
        }
    }

    fn claim(&mut self, user: &UserId, account: &Remote, proof: String) {
        if self.taken.contains(&account.id) {
            let why = format!("account {} is linked to another person", account.id);
            return self.left.push((user.to_string(), why));
        }
        if self.protection.covers(account, Some(user)) {
            let why = format!("account {} is protected", account.id);
            return self.left.push((user.to_string(), why));
        }
        let accounts = self.claims.entry(user.clone()).or_default();
        accounts.entry(account.id.clone()).or_insert(proof);
    }

    /// Each person gets one account: if several are claimed, none is proposed.
    fn settle(mut self) -> (Vec<Proposed>, Vec<(String, String)>) {
        let mut owners: BTreeMap<RemoteId, Vec<UserId>> = BTreeMap::new();
        for (user, accounts) in &self.claims {
            for id in accounts.keys() {
                owners.entry(id.clone()).or_default().push(user.clone());
            }
        }
        let mut links = Vec::new();
        for (user, accounts) in std::mem::take(&mut self.claims) {
            let ids: Vec<_> = accounts.keys().map(RemoteId::to_string).collect();
            let rival = accounts.keys().flat_map(|id| &owners[id]).find(|owner| **owner != user);
            if let Some(rival) = rival {
                let why = format!("account {} may be theirs or that of {rival}", ids.join(", "));
                self.left.push((user.to_string(), why));
                continue;
            }
            if ids.len() > 1 {
                let why = format!("accounts {} may all be theirs", ids.join(", "));
                self.left.push((user.to_string(), why));
                continue;
            }
            for (remote, proof) in accounts {
                let account = self.evidence.account(&remote);
                links.push(Proposed {
                    declared: self.evidence.person(&user).is_some(),
                    name: account.and_then(|account| account.name.clone()),
                    created: account.and_then(|account| account.created),
                    active: account.is_none_or(|account| account.activity != Activity::Off),
                    user: user.clone(),
                    remote,
                    proof,
                });
            }
        }
        let proposed: BTreeSet<String> = links.iter().map(|link| link.user.to_string()).collect();
        self.left.retain(|(user, _)| !proposed.contains(user));
        self.left.sort();
        self.left.dedup();
        (links, self.left)
    }
}
