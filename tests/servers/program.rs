//! Programs run in a hermetic environment and within their time, and their output can be compared.

use std::path::Path;
use std::time::Duration;

use crate::support::program::{Program, Repo};

fn shell(repo: &Repo, script: &str) -> Program {
    repo.program(Path::new("sh"), ["-c", script])
}

#[test]
fn the_program_under_test_runs() {
    let repo = Repo::new().file("rolecall.yaml", "version: 1\n").commit("first");
    assert_eq!(repo.rolecall(["--version"]).run().signal, None);
}

#[test]
fn nothing_of_the_persons_environment_is_seen() {
    let repo = Repo::new();
    let out =
        shell(&repo, "env | sed 's/=.*//' | grep -v -e PWD -e SHLVL -e '^_$' | sort | tr '\\n' ' '; cat")
            .env("EXTRA", 1);
    let out = out.stdin("typed").run();
    let common = "GIT_AUTHOR_EMAIL GIT_AUTHOR_NAME GIT_CEILING_DIRECTORIES GIT_COMMITTER_EMAIL GIT_COMMITTER_NAME \
                  GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_TERMINAL_PROMPT HOME LANG";
    let seen = out.stdout.replace("LD_LIBRARY_PATH ", "").replace("LLVM_PROFILE_FILE ", "");
    assert_eq!(seen, format!("EXTRA {common} PATH TMPDIR TZ XDG_CONFIG_HOME typed"));
}

#[test]
fn the_same_steps_make_the_same_commit() {
    let make = || Repo::new().file("access/users.yaml", "users: {}\n").commit("first").remote();
    let (one, two) = (make(), make());
    assert_eq!(one.head(), two.head());
    let second = one.replace("access/users.yaml", "{}", "{ada: {}}").commit("second").push();
    let clone = one.fresh_clone();
    assert_eq!(clone.head(), second.head());
    assert_eq!(clone.read("access/users.yaml"), "users: {ada: {}}\n");
    assert!(!clone.remove("access").exists("access/users.yaml"));
    assert_eq!(one.git(["log", "--format=%an %at", "-1"]), "Grace Hopper 1767225720\n");
}

#[test]
fn a_program_that_takes_too_long_is_killed() {
    let repo = Repo::plain();
    let run = shell(&repo, "echo started; exec sleep 100").within(Duration::from_millis(300));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.run().status));
    let message = panic.expect_err("it fails").downcast::<String>().expect("a message");
    assert!(message.contains("did not end in 300ms") && message.contains("started"), "{message}");
}

#[test]
fn signals_are_sent_and_seen() {
    let repo = Repo::plain();
    let script = "trap 'echo stopped; exit 143' TERM; echo ready >&2; while :; do sleep 0.05; done";
    let running = shell(&repo, script).spawn();
    running.wait_for("ready");
    running.signal("TERM");
    let out = running.wait();
    assert_eq!((out.status, out.signal, out.stdout.as_str()), (143, None, "stopped\n"));
}

#[test]
fn a_snapshot_masks_what_changes_from_run_to_run() {
    let repo = Repo::new().file("a", "").commit("first").remote();
    repo.file(".rolecall/journal/r-7x2k.jsonl", "");
    let script = r#"
        pwd; git rev-parse HEAD; git rev-parse --short=9 HEAD
        echo "http://127.0.0.1:40123/v2 run r-7x2k took 1.25s, limit 30s"
        date -u +%Y-%m-%dT%H:%M:%SZ; echo 2031-03-04T05:06:07Z
        echo 0123456789abcdef0123456789abcdef deadbee 17e429dd-3b38-434e-8ff8-cfad4b7f9d18 >&2; exit 3"#;
    insta::assert_snapshot!(shell(&repo, script).run().ends_with(3).snapshot(), @r"
    status: 3
    --- stdout
    [TMP]/repo
    [COMMIT]
    [COMMIT]
    http://127.0.0.1:[PORT]/v2 run [RUN] took [DURATION], limit 30s
    [TIME]
    2031-03-04T05:06:07Z
    --- stderr
    [ID] deadbee [ID]
    ");
}

#[test]
fn a_time_given_as_an_argument_is_not_masked() {
    let repo = Repo::plain();
    let now = shell(&repo, "date -u +%Y-%m-%dT%H:%M:%SZ").run().stdout;
    let out = repo.program(Path::new("echo"), ["--at", now.trim()]).run();
    assert_eq!(out.snapshot(), format!("status: 0\n--- stdout\n--at {now}"));
}
