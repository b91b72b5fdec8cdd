//! A running program, and a way to kill it from another thread.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::{Output, World};

/// The time between two looks at the state of a process.
const TICK: Duration = Duration::from_millis(4);
/// The longest wait of a kill until the process to kill is known.
const AIM: Duration = Duration::from_secs(20);

type Shared = Arc<Mutex<Child>>;

/// A running program; killed if it is dropped before its end.
pub struct Running {
    child: Shared,
    pid: u32,
    world: Arc<World>,
    args: Vec<OsString>,
    files: (PathBuf, PathBuf),
    limit: Duration,
    started: (Instant, SystemTime),
}

impl Running {
    pub(super) fn new(
        child: Child,
        world: Arc<World>,
        args: Vec<OsString>,
        files: (PathBuf, PathBuf),
        limit: Duration,
    ) -> Running {
        let pid = child.id();
        let started = (Instant::now(), SystemTime::now());
        Running { child: Arc::new(Mutex::new(child)), pid, world, args, files, limit, started }
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// What it has written to stdout so far.
    pub fn stdout(&self) -> String {
        read(&self.files.0)
    }

    /// What it has written to stderr so far.
    pub fn stderr(&self) -> String {
        read(&self.files.1)
    }

    /// Waits until stderr contains the text; fails if the program ends or its time is over first.
    pub fn wait_for(&self, text: &str) {
        loop {
            let ended = self.ended();
            let stderr = self.stderr();
            if stderr.contains(text) {
                return;
            }
            assert!(ended.is_none(), "the program ended without saying {text:?}:\n{stderr}");
            assert!(self.started.0.elapsed() < self.limit, "the program never said {text:?}:\n{stderr}");
            std::thread::sleep(TICK);
        }
    }

    /// Sends a signal by name, as `INT` or `TERM`.
    pub fn signal(&self, name: &str) {
        // Under the lock no thread reaps the process, so its id is still valid.
        let mut child = lock(&self.child);
        if child.try_wait().ok().flatten().is_none() {
            let kill = Command::new("sh")
                .args(["-c", "kill -s \"$1\" \"$2\"", "sh", name])
                .arg(self.pid.to_string())
                .status();
            assert!(kill.is_ok_and(|status| status.success()), "SIG{name} to the program");
        }
    }

    /// Waits for its end; fails if its time is over first.
    pub fn wait(self) -> Output {
        loop {
            if let Some(status) = self.ended() {
                return self.output(status);
            }
            if self.started.0.elapsed() > self.limit {
                kill(&self.child);
                let (out, err) = (self.stdout(), self.stderr());
                panic!(
                    "{:?} did not end in {:?}\n--- stdout\n{out}\n--- stderr\n{err}",
                    self.args, self.limit
                );
            }
            std::thread::sleep(TICK);
        }
    }

    fn ended(&self) -> Option<ExitStatus> {
        lock(&self.child).try_wait().expect("the state of a child process")
    }

    fn output(&self, status: ExitStatus) -> Output {
        Output {
            status: status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default()),
            signal: status.signal(),
            stdout: self.stdout(),
            stderr: self.stderr(),
            elapsed: self.started.0.elapsed(),
            world: self.world.clone(),
            args: self.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect(),
            started: self.started.1,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        kill(&self.child);
    }
}

/// A process that another thread kills, such as a proxy at a certain request. The kill waits for [`Victim::aim`], because
/// a program may send its first request before the test knows its process.
#[derive(Clone, Default)]
pub struct Victim {
    shared: Arc<(Mutex<Aim>, Condvar)>,
}

#[derive(Default)]
struct Aim {
    child: Option<Shared>,
    struck: Option<Struck>,
}

/// The result of a kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Struck {
    /// The process was running, and was killed.
    Killed,
    /// The process had already ended by itself, so the test proves nothing.
    TooLate,
}

impl Victim {
    pub fn new() -> Victim {
        Victim::default()
    }

    /// This is the process to kill.
    pub fn aim(&self, at: &Running) {
        lock(&self.shared.0).child = Some(at.child.clone());
        self.shared.1.notify_all();
    }

    /// Kills it with SIGKILL and returns once it is dead.
    pub fn strike(&self) {
        let aim = lock(&self.shared.0);
        let waited = self.shared.1.wait_timeout_while(aim, AIM, |aim| aim.child.is_none());
        let (mut aim, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if let Some(child) = aim.child.clone() {
            aim.struck = Some(kill(&child));
        }
    }

    /// The result of the kill; none if there was no kill.
    pub fn struck(&self) -> Option<Struck> {
        lock(&self.shared.0).struck
    }
}

fn kill(child: &Shared) -> Struck {
    let mut child = lock(child);
    let _ = child.kill();
    match child.wait().ok().and_then(|status| status.signal()) {
        Some(9) => Struck::Killed,
        _ => Struck::TooLate,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(path: &PathBuf) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}
