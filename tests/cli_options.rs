//! The options of every command: an option that a command does not take is refused, and the help says so.

use crate::support::program::{Output, Repo};

/// The options, with the values that make them complete.
const CHOICES: [(&str, &[&str]); 10] = [
    ("--rev", &["--rev", "HEAD"]),
    ("--at", &["--at", "2026-11-22T12:00:00Z"]),
    ("--sandbox", &["--sandbox"]),
    ("-o json", &["-o", "json"]),
    ("-o markdown", &["-o", "markdown"]),
    ("--events", &["--events", "-"]),
    ("--app", &["--app", "x"]),
    ("-l", &["-l", "env=prod"]),
    ("--user", &["--user", "ada"]),
    ("--state-dir", &["--state-dir", "state"]),
];

/// The arguments that a command needs besides options.
fn arguments(command: &str) -> &'static [&'static str] {
    match command {
        "show" => &["plan.json"],
        "show app" | "ledger show" | "sandbox serve" => &["playground"],
        "ledger unlink" | "ledger forget" => &["playground", "ada", "--reason", "x"],
        "ledger unlock" => &["playground", "--reason", "x"],
        "ledger reclock" => &["--reason", "x"],
        "ledger reprove" => &["playground", "--commit", "HEAD", "--reason", "x"],
        "ledger rehome" | "ledger rebuild" => &["playground"],
        "mapping" | "connectors show" => &["scim"],
        "completions" => &["bash"],
        _ => &[],
    }
}

fn repo() -> Repo {
    let repo = Repo::new();
    run(&repo, &["init"]).ends_with(0);
    repo
}

fn run(repo: &Repo, args: &[&str]) -> Output {
    repo.rolecall(args.iter().copied()).run()
}

#[test]
fn data_that_cannot_be_written_is_a_failure() {
    let repo = repo();
    for args in [vec!["schema"], vec!["validate", "-o", "json"], vec!["plan", "--sandbox", "-o", "json"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_rolecall"));
        let output = program.args(&args).current_dir(repo.path()).stdout(full).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert!(stderr.contains("error: cannot write to stdout: "), "{stderr}");
    }
}

#[test]
fn a_path_cannot_move_the_cursor() {
    let repo = repo();
    let strange = "p\u{1b}[31m.json";
    for args in [["plan", "--sandbox", "--out", strange], ["ledger", "init", "--path", strange]] {
        let said = run(&repo, &args).stderr;
        assert!(said.contains("p\\u{1b}[31m.json"), "{said}");
        assert!(!said.contains('\u{1b}'), "{said}");
    }
}

/// All commands that can be run, such as `ledger list`.
fn commands(repo: &Repo, above: &str) -> Vec<String> {
    let help = run(repo, &[above.split_whitespace().collect(), vec!["--help"]].concat()).stdout;
    let section = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = section
        .take_while(|line| !line.trim().is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    let mut all = Vec::new();
    for name in names {
        let name = format!("{above} {name}").trim().to_owned();
        let below = commands(repo, &name);
        // `show` takes a plan or a command.
        if below.is_empty() || name == "show" {
            all.push(name);
        }
        all.extend(below);
    }
    all
}

#[test]
fn what_a_command_does_not_take_is_refused_and_its_help_says_so() {
    let repo = repo();
    let commands = commands(&repo, "");
    assert_eq!(commands.len(), 24, "{commands:?}");
    for command in &commands {
        let words: Vec<&str> = command.split(' ').collect();
        let help = run(&repo, &[words.clone(), vec!["--help"]].concat()).stdout;
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, taken) =
            help.split_once("Of the global options it takes ").unwrap_or_else(|| panic!("{command}: {help}"));
        let taken = format!(" {} ", taken.replace([',', '.'], ""));
        for (name, option) in CHOICES {
            if taken.contains(&format!(" {name} ")) {
                continue;
            }
            let all = [words.clone(), arguments(command).to_vec(), option.to_vec()].concat();
            let out = run(&repo, &all).ends_with(1);
            let message = format!("error: `rolecall {command}` takes no {name}\n  hint: ");
            assert!(out.stderr.starts_with(&message), "{all:?}: {}", out.stderr);
            assert_eq!(out.stdout, "");
        }
    }
}

#[test]
fn catalogues_are_json_on_request() {
    let repo = Repo::plain();
    let json = |args: &[&str]| run(&repo, &[args, &["-o", "json"]].concat()).ends_with(0).json();
    assert_eq!(json(&["connectors"])[0]["name"], "scim");
    assert_eq!(json(&["schema"])[0]["name"], "rolecall");
    let mapping = json(&["mapping", "scim"]);
    assert!(mapping["mappings"]["scim-users"]["attributes"].is_object(), "{mapping}");
}

#[test]
fn a_misspelt_person_is_an_error() {
    let repo = repo();
    let text = repo.read("access/people.yaml");
    let id = text.lines().find_map(|line| line.strip_prefix("  ")?.strip_suffix(':')).unwrap();
    let misspelt = format!("{id}x");
    for command in ["plan", "apply"] {
        let out = repo.rolecall([command, "--user", &misspelt]).run();
        let out = match command {
            "plan" => out.ends_with(1),
            _ => run(&repo, &["apply", "--yes", "--user", &misspelt]).ends_with(1),
        };
        assert_eq!(
            out.stderr,
            format!(
                "error: --user {misspelt}: neither the files nor the ledger know this user\n  hint: did you mean `{id}`?\n"
            )
        );
    }
    run(&repo, &["plan", "--user", id]).ends_with(0);
    run(&repo, &["apply", "--yes"]).ends_with(0);
    // A person who was removed from the files is known by the link.
    let gone = repo.replace("access/people.yaml", &format!("  {id}:\n"), "  somebody:\n");
    let out = run(&gone, &["plan", "--user", id]);
    assert!(!out.stderr.contains("neither"), "{}", out.stderr);
}

#[test]
fn check_tells_programs_too_and_takes_one_name() {
    let repo = repo();
    let out = run(&repo, &["check", "-o", "json"]).ends_with(0).json();
    assert_eq!(out["apps"][0]["app"], "playground");
    assert_eq!(out["apps"][0]["findings"][0]["level"], "ok");
    let both = run(&repo, &["check", "playground", "--app", "play*"]).ends_with(1);
    assert!(both.stderr.contains("name the app once"), "{}", both.stderr);
    let nobody = run(&repo, &["check", "--app", "nothing"]).ends_with(1);
    assert!(nobody.stderr.contains("no app is selected"), "{}", nobody.stderr);
}

#[test]
fn labels_choose_in_the_ledger_and_the_log() {
    let repo = repo();
    run(&repo, &["apply", "--yes"]).ends_with(0);
    let file = "access/apps/playground.yaml";
    let labelled = repo.replace(file, "  playground:\n", "  playground:\n    labels: {env: test}\n");
    for (label, found) in [("env=test", true), ("env=prod", false)] {
        let list = run(&labelled, &["ledger", "list", "-l", label]).ends_with(0).stdout;
        assert_eq!(list.contains("  playground"), found, "{list}");
        let log = run(&labelled, &["log", "-l", label]).ends_with(0).stdout;
        assert_eq!(log.contains("playground"), found, "{log}");
    }
}

#[test]
fn the_sandbox_applies_the_working_directory() {
    let repo = repo();
    for option in ["--commit", "--rollback-to"] {
        let out = run(&repo, &["apply", "--yes", "--sandbox", option, "HEAD"]).ends_with(1);
        assert!(
            out.stderr.starts_with("error: the sandbox applies the working directory\n"),
            "{}",
            out.stderr
        );
    }
}

#[test]
fn an_applied_plan_can_be_shown_on_a_page() {
    let out = run(&repo(), &["apply", "--yes", "-o", "markdown"]).ends_with(0);
    assert!(
        out.stdout.starts_with("```text\nApplied plan ") && out.stdout.ends_with("\n```\n"),
        "{}",
        out.stdout
    );
}
