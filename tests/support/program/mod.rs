//! Runs the program as a person would, in a folder and an environment of its own.
//!
//! ```ignore
//! let repo = Repo::new().file("rolecall.yaml", "version: 1\n").commit("first");
//! let out = repo.rolecall(["plan", "--at", "2026-11-22T12:00:00Z"]).env("TOKEN", "t").run();
//! assert_eq!(out.status, 0);
//! insta::assert_snapshot!(out.snapshot());
//! ```

mod output;
mod repo;
mod running;
mod snapshot;
mod world;

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

pub use self::output::Output;
pub use self::repo::Repo;
pub use self::running::{Running, Struck, Victim};
use self::world::World;

/// The time limit of a run, long enough for a busy machine. A test may set another one.
const LIMIT: Duration = Duration::from_secs(60);

/// A program about to run.
pub struct Program {
    world: Arc<World>,
    executable: PathBuf,
    folder: PathBuf,
    args: Vec<OsString>,
    env: Vec<(String, Option<String>)>,
    stdin: Option<String>,
    limit: Duration,
}

impl Program {
    /// The program under test, in an empty folder that is no repository.
    pub fn rolecall<A: Into<OsString>>(args: impl IntoIterator<Item = A>) -> Program {
        Repo::plain().rolecall(args)
    }

    fn new(world: Arc<World>, executable: &Path, folder: &Path) -> Program {
        Program {
            world,
            executable: executable.to_path_buf(),
            folder: folder.to_path_buf(),
            args: Vec::new(),
            env: Vec::new(),
            stdin: None,
            limit: LIMIT,
        }
    }

    pub fn arg(mut self, arg: impl Into<OsString>) -> Program {
        self.args.push(arg.into());
        self
    }

    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Program {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets a variable. Nothing is inherited but PATH; what else there is, see [`world`].
    pub fn env(mut self, name: &str, value: impl ToString) -> Program {
        self.env.push((name.to_string(), Some(value.to_string())));
        self
    }

    pub fn env_remove(mut self, name: &str) -> Program {
        self.env.push((name.to_string(), None));
        self
    }

    /// The standard input, which is a file and not a terminal; empty by default.
    pub fn stdin(mut self, text: &str) -> Program {
        self.stdin = Some(text.to_string());
        self
    }

    /// The time limit; after it the program is killed and the test fails.
    pub fn within(mut self, limit: Duration) -> Program {
        self.limit = limit;
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Output {
        self.spawn().wait()
    }

    /// Starts it.
    pub fn spawn(self) -> Running {
        let (out, err) = self.world.output_files();
        let mut command = Command::new(&self.executable);
        command.args(&self.args).current_dir(&self.folder);
        self.world.furnish(&mut command);
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        match &self.stdin {
            Some(text) => {
                let file = out.with_extension("in");
                std::fs::write(&file, text).expect("the input can be written");
                command.stdin(File::open(file).expect("the input can be read"));
            }
            None => drop(command.stdin(Stdio::null())),
        }
        // Files and not pipes, so that the test does not wait for a child that outlives the program.
        command.stdout(File::create(&out).expect("a file for stdout"));
        command.stderr(File::create(&err).expect("a file for stderr"));
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("{} does not start: {error}", self.executable.display()),
        };
        Running::new(child, self.world, self.args, (out, err), self.limit)
    }
}
