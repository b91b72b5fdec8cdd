//! Ledger data alone removes nobody. If no file declares a person or a group, then the commit in the ledger's entry has
//! to declare it before it is removed, and has to be an ancestor of the applied one (safety.md 6).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::catalog::Catalog;
use crate::config::{self, Source};
use crate::git::Repo;
use crate::git::ancestry::{Ancestry, is_ancestor_or_equal};
use crate::model::app::RoleKind;
use crate::model::change::Object;
use crate::model::ledger::{AppLedger, GroupKey, LinkState};
use crate::model::{App, Company, UserId};

/// People and groups in the ledger that no file declares and that no known commit has declared, each with the reason.
#[derive(Default)]
pub(super) struct Missing {
    /// People.
    pub users: BTreeMap<UserId, String>,
    /// Pushed groups, and roles that are groups.
    pub groups: BTreeMap<GroupKey, String>,
}

/// The declarations of one commit.
struct Declared {
    users: BTreeSet<UserId>,
    groups: BTreeSet<GroupKey>,
}

/// Looks for all of them in the commits that their entries name. For a group whose entry names none, the last applied
/// commit is used.
pub(super) fn missing(
    (root, catalog): (&Path, &Catalog),
    company: &Company,
    app: &App,
    ledger: &AppLedger,
    commit: Option<&str>,
) -> Missing {
    let mut commits = Commits { root, catalog, app, commit, known: BTreeMap::new() };
    let renamed: BTreeSet<&UserId> = company.users.iter().flat_map(|user| &user.previously).collect();
    let declared = company.users_in_order(ledger.users.keys());
    let absent = ledger.users.iter().zip(declared).filter(|((id, link), number)| {
        let is_gone = matches!(link.state, LinkState::Gone { .. });
        number.is_none() && !is_gone && !renamed.contains(id)
    });
    let mut missing = Missing::default();
    for ((id, link), _) in absent {
        let named = link.commit.as_deref();
        if let Err(why) = commits.prove(named, "them", |declared| declared.users.contains(id)) {
            missing.users.insert(id.clone(), why);
        }
    }
    let today = groups_of(company, app);
    let applied = ledger.applied.as_ref().and_then(|applied| applied.commit.as_deref());
    for (key, link) in ledger.groups.iter().filter(|(key, _)| !today.contains(key)) {
        let named = link.commit.as_deref().or(applied);
        if let Err(why) = commits.prove(named, "it", |declared| declared.groups.contains(key)) {
            missing.groups.insert(key.clone(), why);
        }
    }
    missing
}

/// The commits that were read.
struct Commits<'c> {
    root: &'c Path,
    /// The connectors that trees may name.
    catalog: &'c Catalog,
    app: &'c App,
    /// The commit to be applied.
    commit: Option<&'c str>,
    known: BTreeMap<&'c str, Result<Declared, String>>,
}

impl<'c> Commits<'c> {
    fn prove(
        &mut self,
        named: Option<&'c str>,
        whom: &str,
        is_declared: impl Fn(&Declared) -> bool,
    ) -> Result<(), String> {
        let named = named.ok_or("its entry names no commit")?;
        let (place, app, commit) = ((self.root, self.catalog), self.app, self.commit);
        let found = self.known.entry(named).or_insert_with(|| declared_at(place, app, named, commit));
        match found {
            Err(why) => Err(why.clone()),
            Ok(declared) if is_declared(declared) => Ok(()),
            Ok(_) => Err(format!("commit {named:.12}, which its entry names, does not declare {whom}")),
        }
    }
}

/// Groups an app is to have, under today's ids and earlier ones.
fn groups_of(company: &Company, app: &App) -> BTreeSet<GroupKey> {
    let pushed = app.groups.push.iter().map(|(group, _)| &company.groups[group.index()]);
    let pushed = pushed.flat_map(|group| std::iter::once(&group.id).chain(&group.previously));
    let pushed = pushed.map(|id| Object::Group(id.clone()));
    let roles = app.roles.iter().filter(|role| matches!(role.kind, RoleKind::Group(_)));
    let roles = roles.flat_map(|role| std::iter::once(&role.id).chain(&role.previously));
    let roles = roles.map(|id| Object::Role(id.clone()));
    pushed.chain(roles).filter_map(|object| GroupKey::of(&object)).collect()
}

/// Everything a commit declares, if the commit to be applied contains it.
fn declared_at(
    (root, catalog): (&Path, &Catalog),
    app: &App,
    named: &str,
    commit: Option<&str>,
) -> Result<Declared, String> {
    let Some(commit) = commit else {
        return Err("the files are in no commit".to_owned());
    };
    let repo =
        Repo::discover(root).map_err(|error| error.message)?.ok_or("the files are in no git repository")?;
    match is_ancestor_or_equal(&repo.git_directory(), named, commit).map_err(|error| error.to_string())? {
        Ancestry::Yes => {}
        Ancestry::No => {
            return Err(format!("commit {named:.12}, which its entry names, is not part of {commit:.12}"));
        }
        Ancestry::Undecidable { why } => return Err(why),
    }
    let source = Source::open(root, Some(named)).map_err(|finding| finding.message)?;
    let company = config::load(&source, catalog).company;
    let company =
        company.ok_or_else(|| format!("commit {named:.12}, which its entry names, cannot be read"))?;
    let mut ids = std::iter::once(&app.id).chain(&app.previously);
    let then = ids.find_map(|id| company.app(id.as_str()));
    let groups = then.map(|app| groups_of(&company, app)).unwrap_or_default();
    Ok(Declared { groups, users: company.users.into_iter().map(|user| user.id).collect() })
}
