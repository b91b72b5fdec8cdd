//! git as others set it up: hooks of the repository, variables of another repository's hook, clones of build servers.

use std::fs;

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;

/// A change that an apply has to carry out.
fn retitled(title: &str) -> Chat {
    let chat = Chat::converged(Ledger::Git);
    chat.edit("access/people.yaml", "title: Analyst", &format!("title: {title}")).commit("A title");
    chat
}

#[test]
#[cfg(unix)]
fn a_hook_of_the_repository_neither_runs_nor_stops_an_apply() {
    use std::os::unix::fs::PermissionsExt;
    let chat = retitled("Director");
    for name in ["pre-push", "pre-commit", "post-checkout", "reference-transaction"] {
        chat.repo.file(&format!(".git/hooks/{name}"), "#!/bin/sh\necho ran >> ../hook-ran\nexit 1\n");
        let hook = chat.repo.path().join(".git/hooks").join(name);
        fs::set_permissions(hook, fs::Permissions::from_mode(0o755)).expect("a hook");
    }
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.account("ada@acme.example")["title"], "Director");
    assert!(!chat.repo.world().join("hook-ran").exists());
    chat.is_calm();
}

#[test]
fn variables_of_another_repositorys_hook_do_not_matter() {
    let chat = retitled("Director");
    let other = chat.repo.world().join("other");
    chat.repo.git(["init", "--quiet", &other.to_string_lossy()]);
    let apply = chat
        .rolecall(&["apply", "--yes"])
        .env("GIT_DIR", other.join(".git").display())
        .env("GIT_INDEX_FILE", other.join(".git/index").display())
        .env("GIT_WORK_TREE", other.display())
        .env("GIT_COMMON_DIR", other.join(".git").display())
        .env("GIT_OBJECT_DIRECTORY", other.join(".git/objects").display())
        .env("GIT_QUARANTINE_PATH", other.join(".git/objects/incoming").display())
        .env("GIT_PREFIX", "access/");
    apply.run().ends_with(0);
    assert_eq!(chat.account("ada@acme.example")["title"], "Director");
    chat.is_calm();
}

#[test]
fn a_commit_counts_by_the_history_it_is_in_and_not_by_what_is_checked_out() {
    let chat = retitled("Director");
    // A build server checks out a commit, and no branch.
    let detached = chat.repo.fresh_clone();
    detached.git(["checkout", "--quiet", "--detach"]);
    detached.git(["branch", "--quiet", "--delete", "--force", "main"]);
    chat.run_in(&detached, &["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.account("ada@acme.example")["title"], "Director");
    // The branch of a merge queue holds a commit that is not merged yet.
    let queued = chat.repo.fresh_clone();
    queued.git(["checkout", "--quiet", "-b", "gh-readonly-queue/main/pr-7"]);
    queued.replace("access/people.yaml", "title: Director", "title: Chief").commit("Proposed");
    let refused = chat.run_in(&queued, &["apply", "--yes"]).ends_with(4);
    assert!(refused.stderr.contains("is not in origin/main"), "{}", refused.stderr);
    assert_eq!(chat.account("ada@acme.example")["title"], "Director");
}
