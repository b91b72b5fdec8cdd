//! One server process. It always ends with its value.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use tempfile::TempDir;

use super::install::Installed;
use super::kinds::Kind;

/// The longest wait for the line that says where the server listens. It is long because all cores may be compiling.
const START: Duration = Duration::from_secs(60);

pub struct Process {
    pub kind: &'static Kind,
    pub address: SocketAddr,
    pub token: String,
    pid: u32,
    child: Mutex<Child>,
    folder: TempDir,
    tenants: AtomicUsize,
}

impl Process {
    /// Starts the server and returns once it listens. The server chooses a free port and prints it, so that no other process
    /// can take the port in between.
    pub fn start(kind: &'static Kind, installed: &Installed) -> Process {
        // In the build folder, so that the files of a killed test are removed with it.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder for the server");
        let token = random_token();
        let data = folder.path().to_string_lossy().into_owned();
        if let Some(template) = kind.template {
            fs::copy(installed.folder.join(template), folder.path().join(template))
                .expect("a copy of the template");
        }
        let log = File::create(folder.path().join("log")).expect("a log for the server");
        let child = Command::new(&installed.interpreter)
            .args(kind.start.iter().map(|arg| arg.replace("{data}", &data)))
            .current_dir(&installed.folder)
            .env("SERVER_TOKEN", &token)
            .env("PYTHONUNBUFFERED", "1")
            // The server ends when this pipe is closed, which happens at any end of the test.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                let (name, program, needs) =
                    (kind.name, installed.interpreter.display(), kind.tools.needed());
                panic!("{name} does not start\n  ran:   {program}\n  needs: {needs}\n  got:   {error}");
            }
        };
        let Some(port) = announced_port(&mut child) else {
            let _ = child.kill();
            let _ = child.wait();
            let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            panic!("{} does not listen after {} s:\n{log}", kind.name, START.as_secs());
        };
        Process {
            kind,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            token,
            pid: child.id(),
            child: Mutex::new(child),
            folder,
            tenants: AtomicUsize::new(0),
        }
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    pub fn next_tenant(&self) -> usize {
        self.tenants.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    pub fn close_input(&self) {
        drop(self.child().stdin.take());
    }

    /// Kills the process and reaps it. No test needs data that the server would save at a clean end.
    pub fn stop(&self) {
        let mut child = self.child();
        let _ = child.kill();
        let _ = child.wait();
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Reads the line `listening on PORT`; none if the process ends or prints nothing in time. Later output is read too, so
/// that the process never waits for a full pipe.
fn announced_port(child: &mut Child) -> Option<u16> {
    let output = child.stdout.take()?;
    let (port, announced) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("listening on ") {
                let _ = port.send(number.parse().ok());
            }
        }
    });
    announced.recv_timeout(START).ok().flatten()
}

fn random_token() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
