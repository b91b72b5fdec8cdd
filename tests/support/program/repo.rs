//! A folder to run the program in, usually a git repository. Every step returns the same repository, so that steps chain. A
//! clone of the value is the same folder.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use super::{Program, World};

/// A folder in a test's world.
#[derive(Clone)]
pub struct Repo {
    world: Arc<World>,
    path: PathBuf,
}

impl Repo {
    /// An empty git repository on branch `main`.
    pub fn new() -> Repo {
        let repo = Repo::plain();
        repo.git(["init", "--quiet", "--initial-branch=main"]);
        repo.world.add_repository(&repo.path);
        repo
    }

    /// An empty folder that is no repository, nor in one.
    pub fn plain() -> Repo {
        let world = Arc::new(World::new());
        let path = world.root().join("repo");
        fs::create_dir(&path).expect("a folder to run in");
        Repo { world, path }
    }

    /// The program under test, in this folder.
    pub fn rolecall<A: Into<OsString>>(&self, args: impl IntoIterator<Item = A>) -> Program {
        self.program(Path::new(env!("CARGO_BIN_EXE_rolecall")), args)
    }

    /// Any program, in this folder.
    pub fn program<A: Into<OsString>>(
        &self,
        executable: &Path,
        args: impl IntoIterator<Item = A>,
    ) -> Program {
        Program::new(self.world.clone(), executable, &self.path).args(args)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder around the repository, for files that must outlive a clone. It is removed with the last value that uses it.
    pub fn world(&self) -> &Path {
        self.world.root()
    }

    /// Writes a file, folders included.
    pub fn file(&self, path: &str, content: impl AsRef<[u8]>) -> Repo {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder for the file");
        fs::write(&path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.clone()
    }

    /// Copies a folder, such as an example of the project, into this one.
    pub fn copy(&self, from: &Path) -> Repo {
        copy_folder(from, &self.path);
        self.clone()
    }

    /// Changes a file; fails if the text is not in it exactly once.
    pub fn replace(&self, path: &str, old: &str, new: &str) -> Repo {
        let content = self.read(path);
        assert_eq!(content.matches(old).count(), 1, "{old:?} is once in {path}:\n{content}");
        self.file(path, content.replace(old, new))
    }

    /// Removes a file or a folder.
    pub fn remove(&self, path: &str) -> Repo {
        let path = self.path.join(path);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.clone()
    }

    pub fn read(&self, path: &str) -> String {
        let path = self.path.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub fn exists(&self, path: &str) -> bool {
        self.path.join(path).exists()
    }

    /// Commits everything that is not ignored, a minute after the commit before it; the first is of 2026-01-01.
    pub fn commit(&self, message: &str) -> Repo {
        let minute = self.world.next();
        self.commit_at(message, &format!("2026-01-01T{:02}:{:02}:00Z", minute / 60 % 24, minute % 60))
    }

    /// Commits with this date as author's and committer's.
    pub fn commit_at(&self, message: &str, date: &str) -> Repo {
        self.git(["add", "--all"]);
        let mut command = self.git_command(["commit", "--quiet", "--allow-empty", "--message", message]);
        command.env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date);
        succeed(command);
        self.clone()
    }

    /// Makes a bare repository beside this one, names it `origin` and pushes `main` there if there is a commit.
    pub fn remote(&self) -> Repo {
        let remote = self.remote_path();
        self.git(["init", "--quiet", "--bare", "--initial-branch=main", &remote.to_string_lossy()]);
        self.world.add_repository(&remote);
        self.git(["remote", "add", "origin", &remote.to_string_lossy()]);
        let born = self.git_command(["rev-parse", "--quiet", "--verify", "HEAD"]).output();
        if born.is_ok_and(|output| output.status.success()) {
            self.git(["push", "--quiet", "--set-upstream", "origin", "main"]);
        }
        self.clone()
    }

    /// The bare repository of [`Repo::remote`].
    pub fn remote_path(&self) -> PathBuf {
        self.world.root().join("remote.git")
    }

    /// Pushes `main` to `origin`.
    pub fn push(&self) -> Repo {
        self.git(["push", "--quiet", "origin", "main"]);
        self.clone()
    }

    /// A new clone of the remote, in the same world.
    pub fn fresh_clone(&self) -> Repo {
        let path = self.world.root().join(format!("clone-{}", self.world.next()));
        self.git(["clone", "--quiet", &self.remote_path().to_string_lossy(), &path.to_string_lossy()]);
        self.world.add_repository(&path);
        Repo { world: self.world.clone(), path }
    }

    /// The commit id of HEAD.
    pub fn head(&self) -> String {
        self.git(["rev-parse", "HEAD"]).trim().to_string()
    }

    /// Runs git here and gives its stdout; fails if it fails.
    pub fn git<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> String {
        succeed(self.git_command(args))
    }

    fn git_command<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new("git");
        command.args(args).current_dir(&self.path);
        self.world.furnish(&mut command);
        command
    }
}

fn succeed(mut command: Command) -> String {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => panic!("the tests need the git program: {error}"),
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{stderr}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder to copy to");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.expect("an entry of the folder");
        // Files that a run left there are not copied.
        if entry.file_name() == ".rolecall" {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a copy of the file");
        }
    }
}
