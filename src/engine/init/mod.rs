//! `init`: a starter repository. Existing files are never changed, except for a line that is added to .gitignore.

mod ignore;

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::git::Repo;

/// The starter files: their names, and texts with `@BRANCH@` and `@VERSION@` in them.
const FILES: [(&str, &str); 6] = [
    ("rolecall.yaml", include_str!("starter/rolecall.yaml")),
    ("access/people.yaml", include_str!("starter/people.yaml")),
    ("access/apps/playground.yaml", include_str!("starter/playground.yaml")),
    (".github/workflows/access.yaml", include_str!("starter/workflow.yaml")),
    (".github/install-rolecall.sh", include_str!("starter/install.sh")),
    (".github/CODEOWNERS", include_str!("starter/CODEOWNERS")),
];
/// Other places of a CODEOWNERS file: with a file there, GitHub would read only one of the two.
const OTHER_OWNERS: [&str; 2] = ["CODEOWNERS", "docs/CODEOWNERS"];
/// The branch of a folder that is in no repository yet.
const BRANCH: &str = "main";

/// The starter repository that `init` will write.
pub struct Starter {
    folder: PathBuf,
    branch: String,
    git: Git,
}

/// The position of the folder in a git repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Git {
    /// It is in no repository.
    None,
    /// It is the top folder of one.
    Top,
    /// It is below the top folder of one.
    Below { top: PathBuf },
}

/// The result of `init`.
#[derive(Debug)]
pub struct Made {
    /// New files, relative to the folder.
    pub files: Vec<String>,
    /// A line was added to an existing .gitignore.
    pub ignored: bool,
    pub git: Git,
}

/// Why files were not made, or not all of them.
#[derive(Debug)]
pub enum InitError {
    /// Files are there already, so nothing was written.
    InTheWay(Vec<String>),
    /// The operating system refused it; the files in `made` exist now.
    Io {
        path: PathBuf,
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
        // A name that YAML or a shell could read in another way is left to the user.
        let plain = |name: &String| {
            name.starts_with(|first: char| first.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'))
        };
        Ok(Self { folder, branch: branch.filter(plain).unwrap_or_else(|| BRANCH.to_owned()), git })
    }

    /// Writes the files.
    ///
    /// # Errors
    /// Another file is in the way, and nothing is written then; or the disk refused it.
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

    /// Files with one of our names, or in the place of one of our folders; relative to the folder.
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
