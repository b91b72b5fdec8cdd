//! What commits say: "git says" (safety.md). A commit is read at most once for a plan, and only if its files differ from
//! today's.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::catalog::Catalog;
use crate::config::{self, Inputs, Source};
use crate::git::Repo;
use crate::git::ancestry::{Ancestry, first_parents, is_ancestor_or_equal};
use crate::model::{App, AppId, UserNo};
use crate::plan::{Course, Past};
use crate::resolve::{PastApp, Programs, Resolved};

/// So many commits are told apart by what they say of leavers: each may have to be read whole.
const LONGEST_LINE: usize = 32;

/// The commits that a plan has asked about.
pub(super) struct PastTrees<'e> {
    root: &'e Path,
    /// The connectors that trees may name.
    catalog: &'e Catalog,
    /// What today's files were read from.
    today: &'e Inputs,
    known: Mutex<BTreeMap<Arc<str>, Arc<OnceLock<Said>>>>,
}

/// What a commit says about all apps.
enum Said {
    Same,
    Apps {
        apps: BTreeMap<AppId, Arc<PastApp>>,
        /// For an app that the commit does not declare: its people.
        people: Arc<PastApp>,
    },
    Unknown(Arc<str>),
}

impl<'e> PastTrees<'e> {
    pub(super) fn new(root: &'e Path, catalog: &'e Catalog, today: &'e Inputs) -> Self {
        Self { root, catalog, today, known: Mutex::default() }
    }

    /// What a commit says about an app, under today's id or an earlier one.
    pub(super) fn of(&self, app: &App, commit: &Arc<str>) -> Past {
        let place = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.entry(commit.clone()).or_default().clone()
        };
        let said = place.get_or_init(|| self.read(commit).unwrap_or_else(|why| Said::Unknown(why.into())));
        match said {
            Said::Same => Past::Same,
            Said::Unknown(why) => Past::Unknown(why.clone()),
            Said::Apps { apps, people } => Past::Tree(of_app(apps, people, app)),
        }
    }

    fn read(&self, commit: &str) -> Result<Said, String> {
        let Some(today) = self.today.commit.as_deref() else {
            return Err("the files are in no commit".to_owned());
        };
        let repo = self.repo()?;
        if self.is_lost(commit)? {
            return Err(format!("commit {commit:.12}, which is named there, is not part of {today:.12}"));
        }
        let source = Source::open(self.root, Some(commit)).map_err(|finding| finding.message)?;
        if !self.today.dirty && self.is_same(&source, today) {
            return Ok(Said::Same);
        }
        self.load(&repo, &source, commit)
    }

    fn repo(&self) -> Result<Repo, String> {
        let repo = Repo::discover(self.root).map_err(|error| error.message)?;
        repo.ok_or_else(|| "the files are in no git repository".to_owned())
    }

    /// True if a commit is lost: it is no part of the history of today's files.
    ///
    /// # Errors
    /// It cannot be decided, as in a shallow clone: why.
    pub(super) fn is_lost(&self, commit: &str) -> Result<bool, String> {
        let today = self.today.commit.as_deref().ok_or("the files are in no commit")?;
        let found = is_ancestor_or_equal(&self.repo()?.git_directory(), commit, today);
        match found.map_err(|error| error.to_string())? {
            Ancestry::Yes => Ok(false),
            Ancestry::No => Ok(true),
            Ancestry::Undecidable { why } => Err(why),
        }
    }

    /// True if the second commit comes after the first one; false if that cannot be said.
    pub(super) fn is_after(&self, first: &str, second: &str) -> bool {
        let Ok(repo) = self.repo() else { return false };
        let found = is_ancestor_or_equal(&repo.git_directory(), first, second);
        first != second && matches!(found, Ok(Ancestry::Yes))
    }

    /// True if today's commit comes before this one; false if that cannot be said.
    fn is_before(&self, later: &str) -> bool {
        self.today.commit.as_deref().is_some_and(|today| self.is_after(today, later))
    }

    /// The commits of the branch after the applied one, up to today's, the oldest first. Empty if that cannot be said.
    pub(super) fn line_after(&self, applied: Option<&Arc<str>>) -> Vec<Arc<str>> {
        let (Some(applied), Some(today)) = (applied, self.today.commit.as_deref()) else { return Vec::new() };
        let Ok(repo) = self.repo() else { return Vec::new() };
        let line = first_parents(&repo.git_directory(), applied, today, LONGEST_LINE).unwrap_or_default();
        line.into_iter().map(Into::into).collect()
    }

    /// What a commit declares about an app, read whole.
    ///
    /// # Errors
    /// It cannot be read: why.
    pub(super) fn declared(&self, app: &App, commit: &str) -> Result<Arc<PastApp>, String> {
        let repo = self.repo()?;
        let source = Source::open(self.root, Some(commit)).map_err(|finding| finding.message)?;
        match self.load(&repo, &source, commit)? {
            Said::Apps { apps, people } => Ok(of_app(&apps, &people, app)),
            Said::Same | Said::Unknown(_) => Err(format!("commit {commit:.12} cannot be read")),
        }
    }

    /// How today's files stand to the last applied commit.
    pub(super) fn course(&self, app: &App, applied: Option<&Arc<str>>) -> Course {
        let applied = applied.filter(|_| self.today.commit.is_some() && !app.is_sandbox());
        let Some(applied) = applied else { return Course::Onward };
        let said = match self.is_lost(applied) {
            Ok(false) => return Course::Onward,
            Ok(true) => self.declared(app, applied),
            Err(why) => Err(why),
        };
        let said = said.map_or_else(|why| Past::Unknown(why.into()), Past::Tree);
        if self.is_before(applied) { Course::Back(said) } else { Course::Aside(said) }
    }

    /// What the commit of a run says. Files that go back do not contain the runs after them: those are in the history of the commit
    /// that was applied last.
    pub(super) fn of_run(
        &self,
        app: &App,
        commit: &Arc<str>,
        course: &Course,
        applied: Option<&Arc<str>>,
    ) -> Past {
        let said = self.of(app, commit);
        let is_between = || applied.is_some_and(|last| commit == last || self.is_after(commit, last));
        match (said, course) {
            (Past::Unknown(why), Course::Back(_)) if is_between() => {
                self.declared(app, commit).map_or(Past::Unknown(why), Past::Tree)
            }
            (said, _) => said,
        }
    }

    fn load(&self, repo: &Repo, source: &Source, commit: &str) -> Result<Said, String> {
        let at = repo.time_of(commit).map_err(|error| error.message)?;
        // Findings of that tree stop nothing: it was applied once, perhaps by a version with other rules.
        let loaded = config::load(source, self.catalog);
        let company = loaded
            .company
            .ok_or_else(|| format!("commit {commit:.12}, which is named there, cannot be read"))?;
        let (programs, _) = Programs::compile(&company, &loaded.catalog);
        let resolved = Resolved::new(&company, &programs, at);
        let file = |user: UserNo| {
            let declared = loaded.files.get(company.users[user.index()].span.file)?;
            Some(declared.name.clone())
        };
        let apps = resolved.apps.iter();
        let apps =
            apps.map(|desired| (desired.app.id.clone(), Arc::new(PastApp::of(&resolved, desired, file))));
        Ok(Said::Apps { apps: apps.collect(), people: Arc::new(PastApp::without_app(&company, file)) })
    }

    /// True if the files that count are the same objects in both commits.
    fn is_same(&self, then: &Source, today: &str) -> bool {
        let today = Source::open(self.root, Some(today));
        today.is_ok_and(|today| config::is_same(&today, then))
    }
}

/// An app under today's id or an earlier one; its people, if the commit does not declare it.
fn of_app(apps: &BTreeMap<AppId, Arc<PastApp>>, people: &Arc<PastApp>, app: &App) -> Arc<PastApp> {
    let mut ids = std::iter::once(&app.id).chain(&app.previously);
    ids.find_map(|id| apps.get(id)).unwrap_or(people).clone()
}
