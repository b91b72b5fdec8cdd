//! Replaces the parts of an output that differ from run to run:
//!
//! | what | becomes |
//! | --- | --- |
//! | the temporary folder | `[TMP]` |
//! | a port on loopback | `127.0.0.1:[PORT]` |
//! | a run id, as the file names below `.rolecall/journal` give it | `[RUN]` |
//! | a commit id, whole or abbreviated, of a repository of the test | `[COMMIT]` |
//! | any other 40, 64 digits of hex; 32 digits or a UUID | `[HASH]`, `[ID]` |
//! | a time from an hour before the run to 25 hours after it | `[TIME]` |
//! | the id of a plan, which the ledger's random key enters | `Plan [ID]` |
//! | a duration in milliseconds or with a fraction | `[DURATION]` |
//!
//! Times near the `--at` of the run stay, even if that is today: they come from the arguments, not from the clock. Whole
//! seconds stay, as they come from the configuration.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};
use regex::{Captures, Regex};

use super::World;

static PORT: LazyLock<Regex> = LazyLock::new(|| regex(r"(127\.0\.0\.1|localhost|\[::1\]):\d{2,5}\b"));
static HEX: LazyLock<Regex> = LazyLock::new(|| regex(r"\b[0-9a-f]{7,64}\b"));
static UUID: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"));
static TIME: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"));
static PLAN: LazyLock<Regex> = LazyLock::new(|| regex(r"\b([Pp]lan) [0-9a-f]{16}\b"));
/// The form in which a plan shows times to people.
static MINUTE: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC\b"));
static DURATION: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(\d+\.\d+ ?(s|ms|µs)|\d+ ?(ms|µs))\b"));

pub fn mask(text: &str, world: &World, args: &[String], started: SystemTime) -> String {
    let mut text = text.replace(&*world.root().to_string_lossy(), "[TMP]");
    for run in run_ids(world) {
        text = text.replace(&run, "[RUN]");
    }
    let text = PORT.replace_all(&text, "$1:[PORT]");
    let text = PLAN.replace_all(&text, "$1 [ID]");
    let text = UUID.replace_all(&text, "[ID]");
    let commits = commits(world);
    let text = HEX.replace_all(&text, |found: &Captures| hex(&found[0], &commits));
    let clock = Clock::of(args, started);
    let text = TIME.replace_all(&text, |found: &Captures| clock.mask(&found[0]));
    let text = MINUTE.replace_all(&text, |found: &Captures| {
        let time = clock.mask(&format!("{}T{}:00Z", &found[1], &found[2]));
        if time.starts_with('[') { time } else { found[0].to_owned() }
    });
    DURATION.replace_all(&text, "[DURATION]").into_owned()
}

fn hex(digits: &str, commits: &[String]) -> String {
    if digits.len() <= 40 && commits.iter().any(|commit| commit.starts_with(digits)) {
        return "[COMMIT]".to_string();
    }
    match digits.len() {
        40 | 64 => "[HASH]".to_string(),
        32 => "[ID]".to_string(),
        _ => digits.to_string(),
    }
}

/// The range of times that come from the clock of the machine.
struct Clock {
    started: Timestamp,
    at: Option<Timestamp>,
}

impl Clock {
    fn of(args: &[String], started: SystemTime) -> Clock {
        let after = args.iter().position(|arg| arg == "--at").and_then(|at| args.get(at + 1));
        let joined = args.iter().find_map(|arg| arg.strip_prefix("--at="));
        let at = after.map(String::as_str).or(joined).and_then(|text| text.parse().ok());
        Clock { started: Timestamp::try_from(started).expect("a time of this age"), at }
    }

    fn mask(&self, text: &str) -> String {
        let Ok(time) = text.parse::<Timestamp>() else {
            return text.to_string();
        };
        let within = |middle: Timestamp, before: i64, after: i64| {
            let apart = time.duration_since(middle);
            apart >= SignedDuration::from_hours(-before) && apart <= SignedDuration::from_hours(after)
        };
        let wanted = self.at.is_some_and(|at| within(at, 48, 48));
        if within(self.started, 1, 25) && !wanted { "[TIME]".to_string() } else { text.to_string() }
    }
}

/// The ids of runs that left a journal in one of the repositories.
fn run_ids(world: &World) -> Vec<String> {
    let journals = world.repositories().into_iter().map(|path| path.join(".rolecall/journal"));
    let files = journals.filter_map(|folder| folder.read_dir().ok()).flatten().flatten();
    let names = files.map(|file| file.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    names.flatten().filter(|name| name.len() >= 4 && !name.starts_with('.')).collect()
}

/// Every commit that a repository of the test has or had.
fn commits(world: &World) -> Vec<String> {
    world.repositories().iter().flat_map(|path| commits_of(world, path)).collect()
}

fn commits_of(world: &World, repository: &Path) -> Vec<String> {
    let mut command = Command::new("git");
    world.furnish(&mut command);
    let output = command.args(["rev-list", "--all", "--reflog"]).current_dir(repository).output();
    let output = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).lines().map(str::to_string).collect()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file")
}
