//! Ledger data alone removes nobody: whoever is to be removed because no file declares them has to be found declared in
//! the commit the ledger's entry names, an ancestor of the one applied (safety.md 6).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::tree::built_ins;
use crate::config::{self, Source};
use crate::git::Repo;
use crate::git::ancestry::{Ancestry, is_ancestor_or_equal};
use crate::model::ledger::{AppLedger, LinkState};
use crate::model::{Company, UserId};

/// People the ledger knows, no file declares, and no commit is known to have declared, each with why.
pub fn missing(
    root: &Path,
    company: &Company,
    ledger: &AppLedger,
    commit: Option<&str>,
) -> BTreeMap<UserId, String> {
    let renamed: BTreeSet<&UserId> = company.users.iter().flat_map(|user| &user.previously).collect();
    let live = ledger
        .users
        .iter()
        .filter(|(_, link)| !matches!(link.state, LinkState::Gone { .. }));
    let absent = live.filter(|(id, _)| company.user(id.as_str()).is_none() && !renamed.contains(id));
    let mut commits: BTreeMap<&str, Result<BTreeSet<UserId>, String>> = BTreeMap::new();
    let mut missing = BTreeMap::new();
    for (id, link) in absent {
        let why = match link.commit.as_deref() {
            None => Some("its entry names no commit".to_owned()),
            Some(named) => match commits
                .entry(named)
                .or_insert_with(|| declared_at(root, named, commit))
            {
                Err(why) => Some(why.clone()),
                Ok(people) if people.contains(id) => None,
                Ok(_) => Some(format!(
                    "commit {named:.12}, which its entry names, does not declare them"
                )),
            },
        };
        if let Some(why) = why {
            missing.insert(id.clone(), why);
        }
    }
    missing
}

/// Everybody a commit declares, if the commit to be applied contains it.
fn declared_at(root: &Path, named: &str, commit: Option<&str>) -> Result<BTreeSet<UserId>, String> {
    let Some(commit) = commit else {
        return Err("the files are in no commit".to_owned());
    };
    let repo = Repo::discover(root)
        .map_err(|error| error.message)?
        .ok_or("the files are in no git repository")?;
    match is_ancestor_or_equal(&repo.git_directory(), named, commit).map_err(|error| error.to_string())? {
        Ancestry::Yes => {}
        Ancestry::No => {
            return Err(format!(
                "commit {named:.12}, which its entry names, is not part of {commit:.12}"
            ));
        }
        Ancestry::Undecidable { why } => return Err(why),
    }
    let source = Source::open(root, Some(named)).map_err(|finding| finding.message)?;
    let company = config::load(&source, &built_ins()).company;
    let company =
        company.ok_or_else(|| format!("commit {named:.12}, which its entry names, cannot be read"))?;
    Ok(company.users.into_iter().map(|user| user.id).collect())
}
