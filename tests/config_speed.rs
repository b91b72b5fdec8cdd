//! Loading a large company against one single-threaded parse of the same files. Slow, and only meaningful when built
//! for speed: `cargo test --release --test config_speed -- --ignored --nocapture`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rolecall::config::{self, BuiltIns, Source};
use serde::Deserialize;

const USERS: usize = 100_000;
const GROUPS: usize = 2_000;
const MEMBERSHIPS: usize = 484_000;
const FILES: usize = 250;

/// What a floor has to build: everything typed, nothing checked.
#[derive(Deserialize)]
#[allow(dead_code)]
struct File {
    #[serde(default)]
    users: BTreeMap<String, User>,
    #[serde(default)]
    groups: BTreeMap<String, Group>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct User {
    name: Name,
    email: String,
    title: Option<String>,
    department: Option<String>,
    manager: Option<String>,
    start: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Name {
    given: String,
    family: String,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Group {
    name: String,
    members: Vec<String>,
}

fn company() -> Vec<(String, String)> {
    let mut files = vec![(
        "rolecall.yaml".to_owned(),
        "version: 1\nattributes:\n  employeeNumber: {unique: true}\n  kind: {enum: [employee, contractor]}\n"
            .to_owned(),
    )];
    let per_file = USERS / (FILES - 50);
    for file in 0..FILES - 50 {
        let mut text = "users:\n".to_owned();
        for number in file * per_file..(file + 1) * per_file {
            let _ = write!(
                text,
                "  user{number}:\n    name: {{given: Given{number}, family: Family{number}}}\n    email: user{number}@acme.example\n    \
                 title: Engineer {}\n    department: Department {}\n    manager: user{}\n    start: 2020-01-{:02}\n    \
                 attributes: {{employeeNumber: \"{number:07}\", kind: employee}}\n",
                number % 40,
                number % 90,
                number / 10,
                number % 28 + 1,
            );
        }
        files.push((format!("access/users/{file:03}.yaml"), text));
    }
    let per_group = MEMBERSHIPS / GROUPS;
    for file in 0..50 {
        let mut text = "groups:\n".to_owned();
        for group in file * GROUPS / 50..(file + 1) * GROUPS / 50 {
            let _ = write!(text, "  group{group}:\n    name: Group {group}\n    members:\n");
            for member in 0..per_group {
                let _ = writeln!(
                    text,
                    "      - user:user{}",
                    (group * 7919 + member * 104_729) % USERS
                );
            }
        }
        files.push((format!("access/groups/{file:03}.yaml"), text));
    }
    files
}

/// Processor time of this process so far; zero where it cannot be read.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|ticks| ticks.parse::<u64>().ok())
            .unwrap_or(0)
    };
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
}

/// The most memory this process has had so far, as the system says it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| {
        line["VmHWM:".len()..].trim().to_owned()
    })
}

/// What a job costs.
#[derive(Debug)]
#[allow(dead_code)]
struct Cost {
    wall: Duration,
    processor: Duration,
}

fn cost(job: impl FnOnce()) -> Cost {
    let (start, before) = (Instant::now(), processor());
    job();
    Cost {
        wall: start.elapsed(),
        processor: processor() - before,
    }
}

fn floor(files: &[(String, String)]) {
    let mut seen = 0;
    for (_, text) in files.iter().skip(1) {
        let file: File = serde_yaml::from_str(text).unwrap();
        seen += file.users.len() + file.groups.len();
    }
    assert_eq!(seen, USERS + GROUPS);
}

fn load(source: &Source) {
    let loaded = config::load(source, &BuiltIns::default());
    let company = loaded.company.unwrap();
    assert!(!loaded.diagnostics.has_errors());
    assert_eq!(company.users.len(), USERS);
    let memberships: usize = company.groups.iter().map(|group| group.members.len()).sum();
    assert_eq!(memberships, MEMBERSHIPS);
}

#[test]
#[ignore = "slow; run it in a release build"]
fn a_large_company_loads_within_the_time_of_one_parse() {
    let files = company();
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let source = Source::in_memory(files.clone());
    load(&source);
    println!("peak memory after the first load: {}", peak());
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let (floor, load) = (cost(|| floor(&files)), cost(|| load(&source)));
        println!("{} MB: floor {floor:?}, load {load:?}", bytes / 1_000_000);
        ratios.push(load.wall.as_secs_f64() / floor.wall.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.2}", ratios[ratios.len() / 2]);
    assert!(ratios[ratios.len() / 2] <= 1.0, "{ratios:?}");
}
