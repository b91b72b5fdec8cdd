//! Installs a server into the build folder, once: under a lock that all test processes share, from exact pins, redone if an
//! earlier attempt did not reach its end.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::kinds::Kind;

/// The file that is written last: a folder without it is an incomplete installation.
const STAMP: &str = "installed";
/// The time limit of one step of an installation, with downloads.
const LIMIT: Duration = Duration::from_secs(600);

/// The interpreter that installs and runs a server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tools {
    Python,
    Node,
}

impl Tools {
    /// The programs that the machine needs.
    pub fn needed(self) -> &'static str {
        match self {
            Tools::Python => "python3 with its venv module (Debian: apt-get install python3 python3-venv)",
            Tools::Node => "node, version 18 or newer, and npm",
        }
    }
}

/// A finished installation.
pub struct Installed {
    pub folder: PathBuf,
    pub interpreter: PathBuf,
}

/// The installation of this kind, made now if there is none.
pub fn once(kind: &Kind) -> Installed {
    once_below(&build_folder(), kind)
}

/// Like [`once`], in the given folder.
pub fn once_below(parent: &Path, kind: &Kind) -> Installed {
    let folder = parent.join(format!("{}-{}", kind.name, pins(kind)));
    let interpreter = match kind.tools {
        Tools::Python => folder.join("venv/bin/python"),
        Tools::Node => PathBuf::from("node"),
    };
    let installed = Installed { folder, interpreter };
    fs::create_dir_all(parent).expect("the build folder can be written");
    let lock = File::create(parent.join(format!("{}.lock", kind.name))).expect("a lock file");
    lock.lock().expect("the lock of the installation");
    if !is_whole(&installed, kind) {
        install(&installed, kind);
    }
    installed
}

fn is_whole(installed: &Installed, kind: &Kind) -> bool {
    // If the interpreter was replaced, the link to it leads nowhere.
    let runs = kind.tools == Tools::Node || installed.interpreter.exists();
    runs && installed.folder.join(STAMP).exists()
}

fn install(installed: &Installed, kind: &Kind) {
    let folder = &installed.folder;
    let _ = fs::remove_dir_all(folder);
    for (path, content) in kind.files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder for the server");
        fs::write(path, content).expect("the server's files can be written");
    }
    match kind.tools {
        Tools::Python => {
            step(folder, "python3", &["-m", "venv", "venv"], kind.tools.needed());
            let pip = ["-m", "pip", "install", "--no-deps", "--no-input", "--disable-pip-version-check"];
            let args = [&pip[..], &["-r", "requirements.txt"]].concat();
            step(folder, "venv/bin/python", &args, "a Python package index to install from");
        }
        Tools::Node => {
            step(folder, "node", &["--version"], kind.tools.needed());
            let ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
            step(folder, "npm", &ci, "npm, and an npm registry to install from");
        }
    }
    if !kind.prepare.is_empty() {
        step(folder, &installed.interpreter.to_string_lossy(), kind.prepare, "the installed server");
    }
    fs::write(folder.join(STAMP), "").expect("the stamp can be written");
}

/// Runs one command of an installation; `needs` goes into the message if it fails.
fn step(folder: &Path, program: &str, args: &[&str], needs: &str) {
    // A relative program name with a slash is relative to the folder of the test.
    let path = if program.contains('/') { folder.join(program) } else { PathBuf::from(program) };
    let shown = format!("{program} {}", args.join(" "));
    let log_file = folder.join("install.log");
    let log = File::options().append(true).create(true).open(&log_file).expect("a log of the installation");
    let mut command = Command::new(path);
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command.stdout(log.try_clone().expect("a second handle")).stderr(log);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => panic!("{}", missing(program, needs, &error.to_string())),
    };
    let started = Instant::now();
    let status = loop {
        match child.try_wait().expect("the state of an installing process") {
            Some(status) => break status,
            None if started.elapsed() > LIMIT => {
                let _ = child.kill();
                let _ = child.wait();
                panic!("{}", missing(&shown, needs, &format!("no end after {} s", LIMIT.as_secs())));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    if !status.success() {
        let log = fs::read_to_string(log_file).unwrap_or_default();
        panic!("{}", missing(&shown, needs, &format!("{status}\n{log}")));
    }
}

/// The message of a failed step.
fn missing(what: &str, needs: &str, why: &str) -> String {
    format!(
        "the tests run against real servers, and one of them could not be installed\n  \
         ran:   {what}\n  needs: {needs}\n  got:   {why}"
    )
}

/// A hash of the files of an installation, for the name of its folder.
fn pins(kind: &Kind) -> String {
    let mut hasher = blake3::Hasher::new();
    for (path, content) in kind.files {
        hasher.update(format!("{path}\0{}\0{content}", content.len()).as_bytes());
    }
    hasher.finalize().to_hex()[..12].to_string()
}

fn build_folder() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().expect("cargo's scratch folder is below the build folder").join("test-servers")
}
