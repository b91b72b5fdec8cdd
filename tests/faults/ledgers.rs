//! The ledger: missing, of another company, rolled back, edited, in use; and commits that were applied before.

use std::fs;
use std::time::Duration;

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;
use crate::support::program::{Repo, Struck, Victim};
use crate::support::proxy::{Edge, then, when};

const BRANCH: &str = "rolecall/ledger";

#[test]
fn a_ledger_branch_that_is_not_what_it_was() {
    let chat = Chat::converged(Ledger::Git);
    let first = remote(&chat.repo, &["rev-parse", BRANCH]);
    let before = chat.proxy.count();
    chat.edit("access/people.yaml", "title: Analyst", "title: Director").commit("A title");
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert!(chat.proxy.count() > before);
    let newest = remote(&chat.repo, &["rev-parse", BRANCH]);
    let writes = chat.proxy.writes().len();

    // The branch was rolled back: this clone has seen a newer commit.
    let reference = format!("refs/heads/{BRANCH}");
    remote(&chat.repo, &["update-ref", &reference, &first]);
    insta::assert_snapshot!("rolled_back", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]).ends_with(4);
    // A fresh clone cannot notice this. Links are proved before they are used, so nothing is harmed.
    let clone = chat.repo.fresh_clone();
    let plan = chat.run_in(&clone, &["plan"]);
    insta::assert_snapshot!("rolled_back_in_a_fresh_clone", chat.text_of(&plan));

    // The branch is missing.
    remote(&chat.repo, &["update-ref", "-d", &reference]);
    insta::assert_snapshot!("branch_missing", chat.shown(&["plan"]));
    insta::assert_snapshot!("branch_missing_apply", chat.shown(&["apply", "--yes"]));
    // The remote is gone.
    let moved = chat.repo.world().join("elsewhere.git");
    fs::rename(chat.repo.remote_path(), &moved).expect("the remote moves");
    insta::assert_snapshot!("remote_missing", chat.shown(&["plan"]));
    fs::rename(&moved, chat.repo.remote_path()).expect("the remote comes back");
    remote(&chat.repo, &["update-ref", &reference, &newest]);

    // The ledger has another id than rolecall.yaml names.
    let ours = id(&chat);
    chat.edit("rolecall.yaml", &ours, "0123456789abcdef0123456789abcdef");
    insta::assert_snapshot!("foreign", chat.shown(&["plan"]));
    chat.edit("rolecall.yaml", "0123456789abcdef0123456789abcdef", &ours);

    assert_eq!(chat.proxy.writes().len(), writes);
    chat.is_calm();
}

#[test]
fn a_ledger_folder_that_is_not_what_it_was() {
    let chat = Chat::converged(Ledger::Path);
    let writes = chat.proxy.writes().len();
    let folder = chat.repo.world().join("ledger");
    let away = chat.repo.world().join("away");
    fs::rename(&folder, &away).expect("the ledger moves");
    insta::assert_snapshot!("folder_missing", chat.shown(&["plan"]));
    fs::create_dir(&folder).expect("an empty folder");
    insta::assert_snapshot!("folder_empty", chat.shown(&["plan"]));
    fs::remove_dir(&folder).expect("it is empty");
    fs::rename(&away, &folder).expect("the ledger comes back");

    let users = folder.join("apps/chat/users/all.json");
    let good = fs::read_to_string(&users).expect("the links");
    fs::write(&users, &good[..good.len() / 2]).expect("half of them");
    insta::assert_snapshot!("torn", chat.shown(&["plan"]));
    // The ledger links Bob to Ada's account.
    let (ada, bob) = (chat.id("ada@acme.example"), chat.id("bob@acme.example"));
    fs::write(&users, good.replace(&bob, &ada)).expect("a link that lies");
    insta::assert_snapshot!("two_links_to_one_account", chat.shown(&["plan"]));
    // The links of Bob and Ada are swapped: the ledger is consistent, but the accounts do not match.
    fs::write(&users, good.replace(&bob, "BOB").replace(&ada, &bob).replace("BOB", &ada))
        .expect("links that lie");
    insta::assert_snapshot!("swapped_links", chat.shown(&["plan"]));
    // The link of Kim is given to a person whom no file declares.
    fs::write(&users, good.replace("\"kim\"", "\"mallory\"")).expect("a stranger");
    insta::assert_snapshot!("a_link_of_nobody_declared", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]);
    assert_eq!(chat.account("kim@acme.example")["active"], true);
    fs::write(&users, &good).expect("as it was");
    assert_eq!(chat.proxy.writes().len(), writes);
}

#[test]
fn a_group_that_the_ledger_alone_knows_is_left_alone() {
    let chat = Chat::converged(Ledger::Path);
    let members = chat.members("Engineering");
    assert!(!members.is_empty());
    let groups = chat.repo.world().join("ledger/apps/chat/groups/all.json");
    let good = fs::read_to_string(&groups).expect("the groups");
    chat.edit("rolecall.yaml", "push: [engineering, everybody]", "push: [everybody], remove: delete")
        .commit("Engineering is pushed no more");
    fs::write(&groups, good.replace("group:engineering", "group:mallory")).expect("a group of nobody");
    insta::assert_snapshot!("a_group_of_nobody_declared", chat.shown(&["plan"]));
    chat.run(&["apply", "--yes"]);
    assert_eq!(chat.members("Engineering"), members);
    // A group that was declared once may be removed.
    let now = fs::read_to_string(&groups).expect("the groups");
    fs::write(&groups, now.replace("group:mallory", "group:engineering")).expect("as it was");
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert!(chat.members("Engineering").is_empty(), "the group is gone");
}

#[test]
fn somebody_else_is_applying() {
    for ledger in [Ledger::Git, Ledger::Path] {
        let name = |what: &str| format!("{what}_{ledger:?}").to_lowercase();
        let chat = Chat::new(ledger);
        chat.edit("rolecall.yaml", "lease: 6s", "lease: 2m")
            .edit("rolecall.yaml", "limits: {timeout: 1s}", "limits: {timeout: 20s}")
            .commit("A long lease");
        chat.proxy.arm(when::write().after(2), then::hang());
        let first = chat.rolecall(&["apply", "--yes"]).spawn();
        wait_until(|| chat.proxy.writes().len() >= 3);
        let clone = chat.repo.fresh_clone();
        let second = chat.run_in(&clone, &["apply", "--yes"]);
        insta::assert_snapshot!(name("lease_live"), chat.ending(&second));
        let plan = chat.run_in(&clone, &["plan"]);
        plan.ends_with(0);
        // The run dies. A lock ends with its holder; a lease does not, but can be removed by hand.
        drop(first);
        chat.proxy.heal();
        if ledger == Ledger::Git {
            chat.run_in(&clone, &["apply", "--yes"]).ends_with(4);
            let unlock = ["ledger", "unlock", "chat", "--reason", "it was killed"];
            insta::assert_snapshot!("unlocked", chat.text_of(&chat.run_in(&clone, &unlock)));
        }
        goes_on(&chat, &clone, &["apply", "--yes"], &name("after_a_dead_holder"));
    }
}

#[test]
fn a_lease_that_has_run_out_is_taken_over() {
    let chat = killed_at_the_third_write();
    let clone = chat.repo.fresh_clone();
    goes_on(&chat, &clone, &["apply", "--yes", "--wait"], "lease_expired");
}

#[test]
fn a_clone_whose_run_was_killed_hands_in_what_it_found_out() {
    let chat = killed_at_the_third_write();
    goes_on(&chat, &chat.repo, &["apply", "--yes", "--wait"], "results_handed_in");
}

#[test]
fn results_are_believed_only_from_where_no_commit_can_write() {
    let chat = killed_at_the_third_write();
    let run = {
        let runs = fs::read_dir(chat.repo.path().join(".git/rolecall/runs")).expect("the results");
        runs.flatten().find_map(|file| file.file_name().into_string().ok()).expect("one run")
    };
    let forged = r#"{"seq":1,"app":"chat","settled":[],"updates":[{"forget-user":"ada"}]}"#;
    let file = format!(".rolecall/runs/{run}");
    // A build server may have restored it; it was never in a commit.
    let clone = chat.repo.fresh_clone();
    clone.file(&file, format!("{forged}\n"));
    goes_on(&chat, &clone, &["apply", "--yes", "--wait"], "results_not_believed");

    clone.git(["add", "--force", &file]);
    clone.commit("The results of a run").push();
    let clone = chat.repo.fresh_clone();
    for command in [&["validate"][..], &["plan"], &["apply", "--yes"]] {
        let refused = chat.run_in(&clone, command).ends_with(1);
        assert!(refused.stderr.contains("git tracks files of runs"), "{}", refused.stderr);
    }
    insta::assert_snapshot!("results_in_a_commit", chat.text_of(&chat.run_in(&clone, &["plan"])));
    // The way out that the message names works as it stands there.
    clone.git(["rm", "-r", "--cached", "--quiet", ".rolecall/runs"]);
    clone.git(["commit", "--quiet", "--message", "No results of runs"]);
    clone.push();
    chat.run_in(&clone, &["apply", "--yes"]).ends_with(0);

    // A folder that was named with --state-dir is believed, unless git has files there.
    let state = ["--state-dir", "state", "apply", "--yes"];
    clone.replace("access/people.yaml", "title: Analyst", "title: Director").commit("A title").push();
    chat.run_in(&clone, &state).ends_with(0);
    clone.file(&format!("state/runs/{run}"), format!("{forged}\n"));
    clone.git(["add", "--force", "state/runs"]);
    clone.replace("access/people.yaml", "title: Director", "title: Chief").commit("Another title").push();
    let refused = chat.run_in(&clone, &state).ends_with(1);
    assert!(refused.stderr.contains("where results of runs are kept: state/runs/"), "{}", refused.stderr);
}

#[test]
fn a_working_tree_hands_in_what_was_killed_in_another_one() {
    let chat = killed_at_the_third_write();
    chat.repo.git(["worktree", "add", "--quiet", "--detach", "../second"]);
    let folder = chat.repo.world().join("second");
    let args = ["-C", folder.to_str().expect("a path"), "apply", "--yes", "--wait"];
    let applied = chat.run(&args).ends_with(0);
    assert!(applied.stderr.contains("results of the interrupted run"), "{}", applied.stderr);
}

fn killed_at_the_third_write() -> Chat {
    let chat = Chat::new(Ledger::Git);
    let victim = Victim::new();
    chat.proxy.arm(when::write().at(3), then::kill(Edge::AfterEffect, &victim));
    let first = chat.rolecall(&["apply", "--yes"]).spawn();
    victim.aim(&first);
    first.wait();
    assert_eq!(victim.struck(), Some(Struck::Killed));
    chat.proxy.heal();
    chat
}

#[test]
fn a_lease_that_cannot_be_renewed_ends_the_writing() {
    let chat = Chat::new(Ledger::Git);
    chat.edit("rolecall.yaml", "limits: {timeout: 1s}", "limits: {timeout: 1s, concurrency: 1}")
        .edit("rolecall.yaml", "lease: 6s", "lease: 3s")
        .commit("One at a time");
    let (from, to) = (chat.repo.remote_path(), chat.repo.world().join("elsewhere.git"));
    let hide = {
        let (from, to) = (from.clone(), to.clone());
        move |_: &crate::support::wire::Request| fs::rename(&from, &to).expect("the remote goes away")
    };
    chat.proxy.arm(when::write().at(2), then::run(Edge::BeforeServer, hide));
    chat.proxy.arm(when::write(), then::delay(Duration::from_millis(700)));
    let output = chat.run(&["apply", "--yes"]);
    assert_eq!(output.status, 4, "{}", chat.text_of(&output));
    let said = output.stderr.clone();
    assert!(
        said.contains("app chat: the lease of run") && said.contains("run the same command again"),
        "{said}"
    );
    fs::rename(&to, &from).expect("the remote comes back");
    chat.proxy.heal();
    chat.edit("rolecall.yaml", "lease: 3s", "lease: 6s").commit("A longer lease");
    goes_on(&chat, &chat.repo.fresh_clone(), &["apply", "--yes", "--wait"], "lease_not_renewed");
}

/// Another clone finishes the interrupted apply, and nobody has two accounts.
fn goes_on(chat: &Chat, clone: &Repo, args: &[&str], name: &str) {
    let output = chat.run_in(clone, args).ends_with(0);
    insta::assert_snapshot!(name, said(&chat.text_of(&output)));
    for person in ["ada", "bob", "eve", "kim"] {
        assert_eq!(chat.proxy.created("userName", &format!("{person}@acme.example")), 1, "{person}");
    }
    chat.run_in(clone, &["plan", "--detailed-exitcode"]).ends_with(0);
}

#[test]
fn a_real_app_that_turns_into_a_sandbox() {
    let chat = Chat::converged(Ledger::Git);
    let url = format!("url: {}", chat.proxy.base_url());
    chat.edit("rolecall.yaml", &url, "url: \"sandbox:\"")
        .edit("access/people.yaml", "title: Analyst", "title: Analyst, status: left")
        .commit("A rehearsal is merged");
    let plan = chat.run(&["plan"]).ends_with(4);
    insta::assert_snapshot!(
        "real_app_as_sandbox",
        chat.text_of(&plan).replace(&chat.proxy.base_url(), "[URL]")
    );
    let requests = chat.proxy.count();
    for args in [&["apply", "--yes"][..], &["apply", "--yes", "--app", "chat"]] {
        let applied = chat.run(args).ends_with(4);
        assert!(!applied.stdout.contains("to create"), "{}", applied.stdout);
    }
    assert_eq!(chat.proxy.count(), requests);
    // A rehearsal with the ledger of the sandbox goes on working.
    let rehearsed = chat.run(&["apply", "--yes", "--sandbox"]).ends_with(0);
    assert!(rehearsed.stdout.contains("accounts to create"), "{}", rehearsed.stdout);
    chat.edit("rolecall.yaml", "url: \"sandbox:\"", &url).commit("The url is back");
    chat.run(&["apply", "--yes"]).ends_with(0);
}

#[test]
fn a_commit_that_was_there_before() {
    let chat = Chat::converged(Ledger::Git);
    let old = chat.repo.head();
    chat.edit(
        "access/people.yaml",
        "department: Sales, manager: bob",
        "department: Sales, manager: bob, status: left",
    )
    .commit("Eve leaves");
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.account("eve@acme.example")["active"], false);
    insta::assert_snapshot!("old_commit", chat.shown(&["apply", "--yes", "--commit", &old]));
    chat.repo.git(["checkout", "--quiet", &old]);
    chat.run(&["apply", "--yes"]).ends_with(4);
    assert_eq!(chat.account("eve@acme.example")["active"], false);
    chat.repo.git(["checkout", "--quiet", "main"]);

    // The commit is on a branch that is not merged.
    chat.repo.git(["checkout", "--quiet", "-b", "proposal"]);
    chat.edit("access/people.yaml", "title: Analyst", "title: Director");
    chat.repo.commit("A proposal");
    insta::assert_snapshot!("commit_of_another_branch", chat.shown(&["apply", "--yes"]));
    chat.repo.git(["checkout", "--quiet", "main"]);

    // Going back on purpose turns nobody on who was out at the last applied commit.
    insta::assert_snapshot!("rollback_to", chat.shown(&["apply", "--yes", "--rollback-to", &old]));
    assert_eq!(chat.account("eve@acme.example")["active"], false);
}

/// Nor does it turn on who was suspended then, had come back at the commit to which it goes back, and has left since.
#[test]
fn a_commit_at_which_somebody_had_come_back() {
    let chat = Chat::converged(Ledger::Git);
    let status = |was: &str, is: &str| {
        let line = |more: &str| format!("department: Sales, manager: bob{more}");
        chat.edit("access/people.yaml", &line(was), &line(is))
    };
    status("", ", status: suspended").commit("Eve is suspended");
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.account("eve@acme.example")["active"], false);
    status(", status: suspended", "").commit("Eve is back");
    let back = chat.repo.head();
    status("", ", status: left").commit("Eve leaves");
    chat.run(&["apply", "--yes"]).ends_with(0);
    insta::assert_snapshot!(
        "rollback_to_somebody_back",
        chat.shown(&["apply", "--yes", "--rollback-to", &back])
    );
    assert_eq!(chat.account("eve@acme.example")["active"], false);
}

/// Going back takes back what the last run gave, as a commit that reverts it does: no guard holds it.
#[test]
fn rule_11_a_rollback_takes_back_what_the_last_run_gave() {
    let chat = Chat::converged(Ledger::Git);
    let old = chat.repo.head();
    chat.edit("rolecall.yaml", "members: [user:ada]}", "members: [user:ada, user:bob, user:eve, user:kim]}")
        .commit("Everybody is an admin");
    chat.run(&["apply", "--yes"]).ends_with(0);
    let is_admin = |person: &str| {
        let roles = chat.account(&format!("{person}@acme.example"))["roles"].to_string();
        roles.contains("ADMIN")
    };
    assert!(["ada", "bob", "eve", "kim"].into_iter().all(is_admin));
    let applied = chat.run(&["apply", "--yes", "--rollback-to", &old]).ends_with(0);
    assert!(
        applied.stdout.contains("3 people leave role:admin, which no guard but min_members counts"),
        "{}",
        applied.stdout
    );
    assert!(is_admin("ada") && !["bob", "eve", "kim"].into_iter().any(is_admin));
}

/// Runs git in the bare remote.
fn remote(repo: &Repo, args: &[&str]) -> String {
    let path = repo.remote_path();
    let mut all = vec!["-C", path.to_str().expect("a path")];
    all.extend(args);
    repo.git(all).trim().to_owned()
}

/// The ledger's id, as rolecall.yaml names it.
fn id(chat: &Chat) -> String {
    let root = chat.repo.read("rolecall.yaml");
    let (_, rest) = root.split_once("ledger: {id: ").expect("a ledger");
    rest.split(',').next().expect("an id").to_owned()
}

/// The status and stderr without numbers: the number of remaining and of open changes differs from run to run. So does
/// whether a lease is over by the clock when it is seen.
fn said(text: &str) -> String {
    let (status, rest) = text.split_once("--- stdout\n").unwrap_or((text, ""));
    let said = rest.split_once("--- stderr\n").map_or("", |(_, said)| said);
    let numbers = regex::Regex::new(r"\b\d+ open change").expect("a pattern");
    let said = numbers.replace_all(said, "[N] open change");
    let results = regex::Regex::new(r"\b\d+ results? of").expect("a pattern");
    let said = results.replace_all(&said, "[N] results of");
    let waiting =
        regex::Regex::new(r"(?m)^(note: waiting: .*), who(?:se| holds).*\n(?:note: waiting: .*\n)?");
    let said = waiting.expect("a pattern").replace_all(&said, "$1, [UNTIL]\n");
    format!("{status}{said}")
}

fn wait_until(mut is_so: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it never came to that");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn check_says_whether_the_branch_can_be_thrown_away() {
    let chat = Chat::new(Ledger::Git);
    insta::assert_snapshot!("unprotected", chat.shown(&["check"]));
    for key in ["receive.denyNonFastForwards", "receive.denyDeletes"] {
        remote(&chat.repo, &["config", key, "true"]);
    }
    let output = chat.run(&["check"]).ends_with(0);
    assert!(output.stdout.contains("is protected against force pushes and deletion"), "{}", output.stdout);
}

/// A program named `git` that reports another version and otherwise calls the git of this machine.
fn another_git(chat: &Chat, says: &str) -> String {
    let path = std::env::var("PATH").expect("a search path");
    chat.repo.file("../bin/git", format!(
        "#!/bin/sh\nif [ \"$1\" = --version ]; then echo '{says}'; exit; fi\nPATH='{path}' exec git \"$@\"\n"
    ));
    let folder = chat.repo.world().join("bin");
    let file = folder.join("git");
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("it can be run");
    format!("{}:{path}", folder.display())
}

#[test]
fn check_names_a_git_that_is_too_old() {
    let chat = Chat::new(Ledger::Git);
    let check = |says: &str| chat.rolecall(&["check"]).env("PATH", another_git(&chat, says)).run();
    let old = check("git version 2.30.2");
    assert_eq!(old.status, 1, "{}", old.stderr);
    assert!(
        old.stderr.contains("git 2.30 is older than 2.39, the oldest that is supported"),
        "{}",
        old.stderr
    );
    assert!(old.stderr.contains("install git 2.39 or newer"), "{}", old.stderr);
    let none = check("not the git you know");
    assert!(
        none.stderr.contains("`git --version` names no version: not the git you know"),
        "{}",
        none.stderr
    );
    check("git version 2.50.0.windows.1").ends_with(0);
}
