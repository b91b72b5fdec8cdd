//! What a child process takes: wall time, CPU time of all its threads, peak memory.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run took and gave.
pub struct Run {
    pub wall: Duration,
    /// User and system, in steps of 10 ms.
    pub cpu: Duration,
    /// Largest resident size seen, looked at every millisecond, in KiB.
    pub peak: u64,
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end; its output goes to files in `scratch`.
pub fn run(command: &mut Command, scratch: &Path) -> Run {
    fs::create_dir_all(scratch).expect("a folder for output");
    let output: [PathBuf; 2] = ["stdout", "stderr"].map(|name| scratch.join(name));
    let [out, err] = output.each_ref().map(|path| File::create(path).expect("a file for output"));
    let before = children();
    let begin = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().expect("the program starts");
    let file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let status = loop {
        peak = high_water(&file).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let wall = begin.elapsed();
    let [stdout, stderr] = output.map(|path| fs::read_to_string(path).unwrap_or_default());
    Run { wall, cpu: children().saturating_sub(before), peak, status: status.code(), stdout, stderr }
}

fn high_water(file: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// CPU time of all children that have ended: fields 16 and 17 of /proc/self/stat, in hundredths of a second.
fn children() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields = after_name.split_whitespace().skip(13).take(2);
    let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
