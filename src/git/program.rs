//! The `git` program, for fetch and push: with the user's credential helpers, SSH agent and proxies, and without ever
//! asking anybody anything.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use regex::Regex;

/// Most of what git says that goes into a message, in characters.
const SAID: usize = 2000;
/// Most of its output that is read, in bytes.
const OUTPUT: u64 = 16 << 20;

/// Why git did not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProgramError {
    /// There is no `git`, or it cannot be started.
    #[error("the git program cannot be started: {0}")]
    NotStarted(String),
    /// It ran too long and was stopped; what it did is not known.
    #[error("git {command} did not end within {seconds} s and was stopped{}", tail(.said))]
    TimedOut {
        /// Its first argument.
        command: String,
        /// How long it was waited for.
        seconds: u64,
        /// What it had said by then.
        said: String,
    },
    /// It ended with an error.
    #[error("git {command} failed{}", tail(.said))]
    Failed {
        /// Its first argument.
        command: String,
        /// What it said on stderr and stdout, credentials removed.
        said: String,
    },
}

fn tail(said: &str) -> String {
    match said.is_empty() {
        true => String::new(),
        false => format!(": {said}"),
    }
}

/// Runs `git ARGS` in a repository and gives its stdout.
///
/// # Errors
/// If it cannot be started, fails, or takes longer than `timeout`.
pub fn run(repository: &Path, args: &[&str], timeout: Duration) -> Result<String, ProgramError> {
    let name = args.first().copied().unwrap_or_default().to_owned();
    let mut command = command(repository);
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| ProgramError::NotStarted(error.to_string()))?;
    let out = collect(child.stdout.take());
    let err = collect(child.stderr.take());
    let ended = wait(&mut child, timeout).map_err(|error| ProgramError::NotStarted(error.to_string()))?;
    let said = || clean(&format!("{} {}", err.text(), out.text()));
    match ended {
        None => Err(ProgramError::TimedOut { command: name, seconds: timeout.as_secs(), said: said() }),
        Some(status) => {
            out.finish();
            err.finish();
            match status.success() {
                true => Ok(out.text()),
                false => Err(ProgramError::Failed { command: name, said: said() }),
            }
        }
    }
}

fn command(path: &Path) -> Command {
    let mut command = Command::new("git");
    let repository = git2::Repository::open(path).ok();
    let directory = repository.as_ref().map_or(path, |repository| repository.path());
    // Relative addresses of remotes count from the working tree.
    if let Some(folder) = repository.as_ref().and_then(|repository| repository.workdir()) {
        command.current_dir(folder);
    }
    // Hooks of the repository are for the people who work in it.
    command.args(["-c", "core.hooksPath=/dev/null"]);
    command.arg("--git-dir").arg(directory).stdin(Stdio::null());
    // Ours is the repository above, also when a hook of another one runs us.
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_NAMESPACE",
        "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_QUARANTINE_PATH",
    ] {
        command.env_remove(name);
    }
    command
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GCM_INTERACTIVE", "never")
        .env("SSH_ASKPASS_REQUIRE", "never");
    if !ssh_is_chosen(repository.as_ref()) {
        command.env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
    }
    // A group of its own: Ctrl-C is for us, who then hand over in good order.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// True if the user has said which ssh to use; that one is not touched.
fn ssh_is_chosen(repository: Option<&git2::Repository>) -> bool {
    let configured = || {
        let config = repository?.config().ok()?;
        Some(config.get_entry("core.sshCommand").is_ok())
    };
    let named = |name: &&str| std::env::var_os(name).is_some();
    ["GIT_SSH_COMMAND", "GIT_SSH"].iter().any(named) || configured() == Some(true)
}

/// Waits for the end; `None` if it did not come in time and the program was killed.
fn wait(child: &mut Child, timeout: Duration) -> std::io::Result<Option<std::process::ExitStatus>> {
    let deadline = Instant::now() + timeout;
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            stop(child)?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// Asks git and its helpers to stop, so that they take their lock files with them; then makes sure.
fn stop(child: &mut Child) -> std::io::Result<()> {
    let group = format!("-{}", child.id());
    let asked = Command::new("kill").args(["-TERM", "--", &group]).stderr(Stdio::null()).status();
    let until = Instant::now() + Duration::from_secs(2);
    while asked.as_ref().is_ok_and(std::process::ExitStatus::success) && Instant::now() < until {
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait().map(|_| ())
}

/// What a pipe has given so far. Helpers that git left behind may hold it open after git is killed, so nobody waits for
/// its end then.
struct Pipe {
    text: Arc<Mutex<Vec<u8>>>,
    reader: Mutex<Option<std::thread::JoinHandle<()>>>,
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> Pipe {
    let text = Arc::new(Mutex::new(Vec::new()));
    let into = text.clone();
    let reader = std::thread::spawn(move || {
        let Some(pipe) = pipe else { return };
        let mut pipe = pipe.take(OUTPUT);
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            into.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..count]);
        }
    });
    Pipe { text, reader: Mutex::new(Some(reader)) }
}

impl Pipe {
    fn finish(&self) {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reader) = reader {
            let _ = reader.join();
        }
    }

    fn text(&self) -> String {
        let bytes = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// What git said, fit for a message: one line, bounded, no credentials, no control characters.
pub fn clean(said: &str) -> String {
    static USER: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"([A-Za-z][A-Za-z0-9+.-]*://)[^/\s]*@").ok());
    static QUERY: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"([A-Za-z][A-Za-z0-9+.-]*://[^\s?'"]*)\?[^\s'"]*"#).ok());
    let (Some(user), Some(query)) = (&*USER, &*QUERY) else {
        return "(not shown)".to_owned();
    };
    let said = user.replace_all(said, "$1***@");
    let said = query.replace_all(&said, "$1?***");
    let words: Vec<_> =
        said.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let mut said = words.join(" ");
    if let Some((end, _)) = said.char_indices().nth(SAID) {
        said.truncate(end);
        said.push('…');
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_and_control_characters_do_not_reach_a_message() {
        let said =
            "fatal: unable to access 'https://bot:s3cret@git.example/x.git/?token=abc':\n\x1b[31mremote: no";
        assert_eq!(
            clean(said),
            "fatal: unable to access 'https://***@git.example/x.git/?***': [31mremote: no"
        );
        assert_eq!(clean("ssh://git@host/x and a@b"), "ssh://***@host/x and a@b");
        assert_eq!(clean("https://a:p@ss@host/x"), "https://***@host/x");
        assert!(clean(&"x".repeat(10_000)).len() < 2100);
    }

    #[test]
    fn a_program_that_does_not_end_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        git2::Repository::init_bare(folder.path()).unwrap();
        let since = Instant::now();
        let args = ["-c", "alias.slow=!sleep 30", "slow"];
        let error = run(folder.path(), &args, Duration::from_millis(300)).unwrap_err();
        assert!(matches!(error, ProgramError::TimedOut { .. }), "{error}");
        assert!(since.elapsed() < Duration::from_secs(10));
    }
}
