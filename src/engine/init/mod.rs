//! `init`: a repository to start from. What is there already is never touched, but for a line added to .gitignore.

mod ignore;

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::git::Repo;

/// What the files are made of: their names, and texts with `@BRANCH@` and `@VERSION@` in them.
const FILES: [(&str, &str); 6] = [
    ("rolecall.yaml", include_str!("starter/rolecall.yaml")),
    ("access/people.yaml", include_str!("starter/people.yaml")),
    ("access/apps/playground.yaml", include_str!("starter/playground.yaml")),
    (".github/workflows/access.yaml", include_str!("starter/workflow.yaml")),
    (".github/install-rolecall.sh", include_str!("starter/install.sh")),
    (".github/CODEOWNERS", include_str!("starter/CODEOWNERS")),
];
/// Places of a CODEOWNERS file; with one of the others there, GitHub would look at one of the two only.
const OTHER_OWNERS: [&str; 2] = ["CODEOWNERS", "docs/CODEOWNERS"];
/// The branch of a folder that is in no repository yet.
const BRANCH: &str = "main";

/// What `init` is about to make.
pub struct Starter {
    folder: PathBuf,
    branch: String,
    git: Git,
}

/// How the folder stands to git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Git {
    /// In no repository yet.
    None,
    /// The top folder of one.
    Top,
    /// Further down in one.
    Below {
        /// Its top folder.
        top: PathBuf,
    },
}

/// What `init` made.
#[derive(Debug)]
pub struct Made {
    /// New files, relative to the folder.
    pub files: Vec<String>,
    /// A line was added to an existing .gitignore.
    pub ignored: bool,
    /// How the folder stands to git.
    pub git: Git,
}

/// Why nothing, or not all, was made.
#[derive(Debug)]
pub enum InitError {
    /// Something is there already; nothing was written.
    InTheWay(Vec<String>),
    /// The operating system said no; `made` is there now.
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
        /// Files written before.
        made: Vec<String>,
    },
    /// The folder's repository cannot be used.
    Git(String),
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InTheWay(names) => write!(f, "already there: {}", names.join(", ")),
            Self::Io { path, source, .. } => write!(f, "cannot write {}: {source}", path.display()),
            Self::Git(why) => f.write_str(why),
        }
    }
}

impl Starter {
    /// Looks at the folder, which need not exist yet. Nothing is written.
    ///
    /// # Errors
    /// It lies in a repository that cannot be used.
    pub fn new(folder: &Path) -> Result<Self, InitError> {
        let folder = std::path::absolute(folder).map_err(|source| io(folder, source))?;
        let repo = match folder.ancestors().find(|ancestor| ancestor.is_dir()) {
            Some(there) => Repo::discover(there).map_err(|error| InitError::Git(error.message))?,
            None => None,
        };
        let top = repo.as_ref().and_then(Repo::workdir);
        let same = |top: &Path| folder.canonicalize().is_ok_and(|folder| folder == *top);
        let git = match top {
            None => Git::None,
            Some(top) if same(&top) => Git::Top,
            Some(top) => Git::Below { top },
        };
        let branch = repo.as_ref().and_then(Repo::head_branch);
        // A name that YAML or a shell could read in another way is left to the person.
        let plain = |name: &String| {
            name.starts_with(|first: char| first.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'))
        };
        Ok(Self { folder, branch: branch.filter(plain).unwrap_or_else(|| BRANCH.to_owned()), git })
    }

    /// Writes the files.
    ///
    /// # Errors
    /// Something is in the way: nothing is written then. Or the disk said no.
    pub fn write(&self) -> Result<Made, InitError> {
        let occupied = self.in_the_way();
        if !occupied.is_empty() {
            return Err(InitError::InTheWay(occupied));
        }
        let mut made = Vec::new();
        for (name, text) in FILES {
            let path = self.folder.join(name);
            if let Err(source) = create(&path, &self.fill(text)) {
                return Err(InitError::Io { path, source, made });
            }
            made.push(name.to_owned());
        }
        let path = self.folder.join(ignore::FILE);
        let ignored = match ignore::add(&path) {
            Ok(added) => added,
            Err(source) => return Err(InitError::Io { path, source, made }),
        };
        if ignored == ignore::Added::NewFile {
            made.push(ignore::FILE.to_owned());
        }
        Ok(Made { files: made, ignored: ignored == ignore::Added::Line, git: self.git.clone() })
    }

    /// What has one of our names, or stands where one of our folders has to be; relative to the folder.
    fn in_the_way(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.folder.exists() && !self.folder.is_dir() {
            return vec![self.folder.display().to_string()];
        }
        for (name, _) in FILES {
            let parts: Vec<_> = Path::new(name).ancestors().filter(|part| *part != Path::new("")).collect();
            for part in parts.into_iter().rev() {
                let path = self.folder.join(part);
                let is_folder = part != Path::new(name);
                // A link that leads nowhere is in the way as well.
                if path.symlink_metadata().is_ok() && !(is_folder && path.is_dir()) {
                    found.push(part.display().to_string());
                    break;
                }
            }
        }
        let others = OTHER_OWNERS.iter().filter(|name| self.folder.join(name).exists());
        found.extend(others.map(ToString::to_string));
        found.sort();
        found.dedup();
        found
    }

    fn fill(&self, text: &str) -> String {
        let version: Vec<_> = env!("CARGO_PKG_VERSION").split('.').take(2).collect();
        text.replace("@BRANCH@", &self.branch).replace("@VERSION@", &version.join("."))
    }
}

fn io(path: &Path, source: std::io::Error) -> InitError {
    InitError::Io { path: path.to_owned(), source, made: Vec::new() }
}

/// Writes a file that must not exist.
fn create(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::File::options().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}
