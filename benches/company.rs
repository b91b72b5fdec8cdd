//! How the program does with companies of 1,000, 10,000 and 100,000 people, against floors that do the least possible with
//! common parts. It fails if a seeded difference is not found, never because something was slow.
//!
//! ```text
//! cargo bench --bench company                                  # everything
//! cargo bench --bench company -- validate 1000,10000 --pairs 9
//! ```

#![allow(unreachable_pub, clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use support::company::{Company, Size};
use support::measure::{self, Run};
use support::pairs::Pairs;
use support::repo::{PROGRAM, adopt_everybody, commit, folder, rolecall};
use support::{app, floor, tree};

const SEED: u64 = 20_261_122;

fn main() {
    let args: Vec<String> =
        std::env::args().skip(1).filter(|arg| arg != "--bench" && arg != "--test").collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        // Children of the measuring below.
        ["floor-parse", folder] => println!("{:?}", floor::parse(Path::new(folder))),
        ["floor-plan", folder, url] => {
            println!("{:?} {}", floor::parse(Path::new(folder)), floor::fetch(url));
        }
        ["serve", users] => app::serve(&company(users.parse().expect("a number of people"))),
        _ => Settings::read(&args).run(),
    }
}

fn company(users: usize) -> Company {
    Company::generate(Size::of(users), SEED)
}

struct Settings {
    what: Vec<String>,
    sizes: Vec<usize>,
    pairs: usize,
}

impl Settings {
    fn read(args: &[&str]) -> Settings {
        let mut settings = Settings { what: Vec::new(), sizes: Vec::new(), pairs: 5 };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            if *arg == "--pairs" {
                settings.pairs = args.next().and_then(|text| text.parse().ok()).expect("--pairs NUMBER");
            } else if arg.starts_with(|c: char| c.is_ascii_digit()) {
                settings
                    .sizes
                    .extend(arg.split(',').map(|text| text.parse::<usize>().expect("a number of people")));
            } else {
                settings.what.push((*arg).to_owned());
            }
        }
        if settings.sizes.is_empty() {
            settings.sizes = vec![1_000, 10_000, 100_000];
        }
        settings
    }

    fn wants(&self, what: &str) -> bool {
        self.what.is_empty() || self.what.iter().any(|wanted| wanted == what)
    }

    fn run(&self) {
        for users in &self.sizes {
            let company = company(*users);
            let memberships: usize = company.groups.iter().map(|group| group.members.len()).sum();
            println!(
                "\n{users} people, {} groups, {memberships} memberships, {} pairs",
                company.groups.len(),
                self.pairs
            );
            if self.wants("validate") {
                validate(&company, self.pairs);
            }
            if self.wants("plan") {
                plan(company, self.pairs);
            }
        }
    }
}

fn own(tree: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    let run = measure::run(command.args(args), &tree.with_extension("out"));
    assert_eq!(run.status, Some(0), "the floor stands: {}", run.stderr);
    run
}

/// True if the program has this command.
fn has(command: &str) -> bool {
    let output = Command::new(PROGRAM).args([command, "--help"]).output().expect("the program starts");
    let there = output.status.success() && !output.stdout.is_empty();
    if !there {
        println!("{command}: not in this program");
    }
    there
}

fn validate(company: &Company, pairs: usize) {
    if !has("validate") {
        return;
    }
    let tree = folder("validate", company);
    let files = tree::write(company, "http://127.0.0.1:9/scim/v2", &tree);
    let path = tree.to_string_lossy().into_owned();
    let pairs = Pairs::measure(
        pairs,
        || {
            let run = rolecall(&tree, &["validate"]);
            assert_eq!(run.status, Some(0), "the generated company is right:\n{}", run.stderr);
            run
        },
        || own(&tree, &["floor-parse", &path]),
    );
    pairs.report("validate", [Some(1.0), Some(2.0)]);
    a_planted_mistake_is_found(company, &tree, &files);
}

/// Somebody in the middle gets a manager who does not exist.
fn a_planted_mistake_is_found(company: &Company, tree: &Path, files: &[PathBuf]) {
    let number = company.people.len() / 2;
    let right = format!("  u{number:06}:\n");
    let holds = |path: &&PathBuf| std::fs::read_to_string(path).is_ok_and(|text| text.contains(&right));
    let file = files.iter().find(holds).expect("somebody in the middle");
    let text = std::fs::read_to_string(file).expect("the file");
    let (before, after) = text.split_once(&right).expect("the entry");
    let manager = format!("manager: u{:06}", number / 8);
    let after = after.replacen(&manager, "manager: nobody", 1);
    let line = before.lines().count() + 2 + after.lines().take_while(|line| !line.contains("nobody")).count();
    std::fs::write(file, format!("{before}{right}{after}")).expect("the file can be changed");
    let run = rolecall(tree, &["validate"]);
    let place = format!("{}:{line}:", file.strip_prefix(tree).expect("below").display());
    let said = format!("{}{}", run.stdout, run.stderr);
    assert_eq!(run.status, Some(1), "the mistake is found:\n{said}");
    assert!(said.contains(&place), "the mistake is shown at {place}\n{said}");
    println!("{:<28} found at {place}", "a planted mistake");
}

/// An app in a process of its own.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(users: usize) -> Served {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        let mut child = command
            .args(["serve", &users.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the app starts");
        let mut address = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut address).expect("its address");
        Served { child, address: address.trim().to_owned() }
    }

    fn url(&self) -> String {
        format!("http://{}/scim/v2", self.address)
    }

    /// Requests since the last time it was asked.
    fn requests(&self) -> u64 {
        let url = format!("http://{}/requests", self.address);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let text = runtime.block_on(async { reqwest::get(url).await?.text().await });
        text.expect("the app answers").parse().expect("a number")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Plans without a change and with one in a hundred people changed, over loopback, after everybody was adopted.
fn plan(mut company: Company, pairs: usize) {
    if !has("plan") || !has("apply") {
        return;
    }
    rustls::crypto::ring::default_provider().install_default().ok();
    let served = Served::start(company.people.len());
    let tree = folder("plan", &company);
    tree::write(&company, &served.url(), &tree);
    adopt_everybody(&tree);
    let lists = [company.people.len(), company.groups.len()];
    let pages: usize = lists.iter().map(|rows| rows.div_ceil(app::PAGE)).sum();
    // Four for discovery, and one beyond each list whose last page is full.
    let full = lists.iter().filter(|rows| rows.is_multiple_of(app::PAGE)).count();
    let most = pages + 4 + full;
    let path = tree.to_string_lossy().into_owned();
    let measure = |pairs: usize, expected: i32| {
        Pairs::measure(
            pairs,
            || {
                served.requests();
                let run = rolecall(&tree, &["plan", "--detailed-exitcode"]);
                assert_eq!(run.status, Some(expected), "{}\n{}", run.stdout, run.stderr);
                run
            },
            || own(&tree, &["floor-plan", &path, &served.url()]),
        )
    };
    measure(pairs, 0).report("plan, no change", [Some(1.35), None]);
    served.requests();
    rolecall(&tree, &["plan"]);
    let requests = served.requests();
    println!("{:<28} {requests} for {pages} pages (most: {most})", "requests");
    assert!(requests <= most as u64, "a plan without a change sends no more requests than that");
    company.promote(100);
    write_again(&company, &served, &tree);
    measure(pairs, 2).report("plan, 1 % changed", [Some(1.5), None]);
    let changed = company.people.len().div_ceil(100);
    let run = rolecall(&tree, &["plan", "--format", "json"]);
    let titles = run.stdout.matches("\"Chief ").count();
    assert_eq!(titles, changed, "every changed title is in the plan, and no other");
    println!("{:<28} all {changed} found", "planted changes");
}

/// The files again, beside the ledger that is there.
fn write_again(company: &Company, served: &Served, tree: &Path) {
    let fresh = tree.with_extension("again");
    let settings = std::fs::read_to_string(tree.join("rolecall.yaml")).expect("the settings");
    tree::write(company, &served.url(), &fresh);
    std::fs::remove_dir_all(tree.join("access")).expect("the files can be replaced");
    std::fs::rename(fresh.join("access"), tree.join("access")).expect("the files can be replaced");
    std::fs::write(tree.join("rolecall.yaml"), settings).expect("the settings stay");
    commit(tree);
}
