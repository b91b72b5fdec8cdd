//! `unlink`, `forget`, `unlock`: each writes to the ledger with author and reason, and never to an app.

use reqwest::Method;
use serde_json::json;

use super::World;
use crate::support::commands;

#[test]
fn a_wrong_link_is_dropped_and_the_account_stays() {
    let world = World::new();
    let unlinked = world.run(&["ledger", "unlink", "wiki", "ada", "--reason", "wrong account"]);
    insta::assert_snapshot!(unlinked.snapshot());
    let shown = world.run(&["ledger", "list"]).ends_with(0).stdout;
    assert!(shown.contains("2 active"), "{shown}");
    world.server.account("ada@acme.example");
    let again = world.run(&["ledger", "unlink", "wiki", "ada", "--reason", "twice"]).ends_with(1);
    assert!(again.stderr.contains("knows no account of 'ada'"), "{}", again.stderr);
    // The account still matches, so the next plan adopts it.
    let plan = world.run(&["plan", "--detailed-exitcode"]).ends_with(2).stdout;
    assert!(plan.contains("adopt"), "{plan}");
}

/// The message says of each person what the next plan does, and the next plan does it.
#[test]
fn what_the_next_plan_does_with_a_dropped_link_is_said() {
    let world = World::new();
    let tree = world.repo.read("rolecall.yaml");
    let tree = tree
        .replace("email: bob@acme.example}", "email: bob@acme.example, status: left}")
        .replace("members: [user:ada, user:bob, user:grace]", "members: [user:ada, user:bob]");
    world.repo.file("rolecall.yaml", tree.clone());
    world.publish("bob left, and grace lost the app");
    let args = ["ledger", "unlink", "wiki", "ada", "bob", "grace", "--reason", "wrong accounts"];
    insta::assert_snapshot!("for_each_person", world.run(&args).snapshot());
    let plan = world.run(&["plan"]).stdout;
    for line in [
        "adopt account u-0001 (ada@acme.example)",
        "! account u-0002 (bob@acme.example) is active",
        "adopt account u-0002 (bob@acme.example)",
        "! grace is to have no account here, and account u-0003 (grace@acme.example) matches and is active",
    ] {
        assert!(plan.contains(line), "{line}: {plan}");
    }
    // Another policy, and nobody's declaration.
    let tree = tree.replace("    connector: scim\n", "    connector: scim\n    adopt: listed\n");
    let tree =
        tree.replace("  grace: {name: {given: Grace, family: Hopper}, email: grace@acme.example}\n", "");
    world.repo.file("rolecall.yaml", tree);
    world.publish("grace is not declared");
    let rebuilt = ["ledger", "rebuild", "wiki", "--yes", "--reason", "back"];
    world.run(&rebuilt).ends_with(0);
    insta::assert_snapshot!("with_another_policy", world.run(&args).snapshot());
    let plan = world.run(&["plan"]).stdout;
    for line in ["Not adopted", "! account u-0002 (bob@acme.example) is active", "it is not taken over"] {
        assert!(plan.contains(line), "{line}: {plan}");
    }
}

/// The id is written into the command as the ledger has it.
#[test]
fn the_command_that_a_plan_names_works_as_it_is_typed() {
    let world = World::new();
    let tree =
        world.repo.read("rolecall.yaml").replace("  ada: {", "  adele: {").replace("user:ada", "user:adele");
    world.repo.file("rolecall.yaml", tree);
    world.publish("another id");
    let plan = world.run(&["plan"]).stdout;
    let mut named: Vec<_> =
        commands::named(&plan).into_iter().filter(|named| named.contains("unlink")).collect();
    // Both sides of the suspected rename name it.
    named.dedup();
    assert_eq!(named, ["rolecall ledger unlink wiki ada --reason TEXT"], "{plan}");
    let typed: Vec<&str> = named[0].split_whitespace().skip(1).collect();
    world.run(&typed).ends_with(0);
    let plan = world.run(&["plan"]).stdout;
    assert!(plan.contains("adopt") && !plan.contains("renamed?"), "{plan}");
}

#[test]
fn a_wrong_link_of_a_group_is_dropped_too() {
    let world = World::new();
    let args = ["ledger", "unlink", "wiki", "group:staff", "role:editor", "--reason", "not ours"];
    let unlinked = world.run(&args);
    insta::assert_snapshot!(unlinked.snapshot());
    let again = world.run(&args).ends_with(1).stderr;
    assert!(again.contains("knows no group of 'group:staff'"), "{again}");
    // The group keeps its members: the plan finds it by its name and removes nobody.
    let plan = world.run(&["plan", "--detailed-exitcode"]).ends_with(2).stdout;
    assert!(plan.contains("adopt group") && !plan.contains("remove"), "{plan}");
    world.run(&["apply", "--yes"]).ends_with(0);
    world.run(&["plan", "--detailed-exitcode"]).ends_with(0);
}

/// The link remembers people who were removed from the group in the app.
#[test]
fn the_group_of_a_privileged_role_stays_linked() {
    let world = World::new();
    let tree = std::fs::read_to_string(world.repo.path().join("rolecall.yaml")).unwrap();
    let tree = tree.replace("{group: Editors,", "{group: Editors, privileged: true,");
    std::fs::write(world.repo.path().join("rolecall.yaml"), tree).unwrap();
    let refused = world.run(&["ledger", "unlink", "wiki", "role:editor", "--reason", "not ours"]);
    insta::assert_snapshot!(refused.snapshot());
    let list = world.run(&["ledger", "list"]).ends_with(0).stdout;
    assert!(list.contains("2 groups"), "{list}");
}

#[test]
fn no_write_without_a_reason() {
    let world = World::bare();
    for args in [
        &["ledger", "unlink", "wiki", "ada"][..],
        &["ledger", "forget", "wiki", "ada"],
        &["ledger", "unlock", "wiki"],
        &["ledger", "reprove", "wiki", "--commit", "HEAD"],
        &["ledger", "rehome", "wiki", "--yes"],
        &["ledger", "rebuild", "wiki", "--yes"],
        &["ledger", "unlink", "wiki", "ada", "--reason", ""],
    ] {
        let refused = world.run(args).ends_with(1);
        assert!(refused.stderr.contains("--reason"), "{}", refused.stderr);
    }
    let pretended = ["ledger", "unlock", "wiki", "--reason", "x", "--at", "2030-01-01T00:00:00Z"];
    let refused = world.run(&pretended).ends_with(1);
    assert!(refused.stderr.contains("takes no --at"), "{}", refused.stderr);
}

#[test]
fn only_an_account_that_is_gone_is_forgotten() {
    let world = World::new();
    let here = world.run(&["ledger", "forget", "wiki", "ada", "--reason", "left long ago"]);
    insta::assert_snapshot!("still_there", here.snapshot());
    let id = world.server.account("ada@acme.example");
    world.server.send(Method::DELETE, &format!("/Users/{id}"), json!(null));
    let both = world.run(&["ledger", "forget", "wiki", "ada", "bob", "--reason", "gone"]).ends_with(4);
    assert!(both.stderr.contains("of 'bob' is still in app wiki"), "{}", both.stderr);
    assert!(world.run(&["ledger", "list"]).stdout.contains("3 active"), "all or nobody");
    let gone = world.run(&["ledger", "forget", "wiki", "ada", "--reason", "deleted by hand"]).ends_with(0);
    assert_eq!(gone.stderr, "forgot ada in app wiki\n");
    let log = world.run(&["log", "--user", "ada", "-n", "1"]).ends_with(0).stdout;
    assert!(
        log.contains("forget ada in wiki  by Grace Hopper <grace@acme.example>: deleted by hand"),
        "{log}"
    );
}

/// The app lost all accounts but one: the message of the plan names the two answers, and each works as it stands there.
#[test]
fn a_reset_is_answered_as_a_whole() {
    let world = World::new();
    for name in ["ada@acme.example", "bob@acme.example", "grace@acme.example"] {
        let id = world.server.account(name);
        world.server.send(Method::DELETE, &format!("/Users/{id}"), json!(null));
    }
    let stopped = world.run(&["plan"]).ends_with(4).stdout;
    let command = |from: &str| stopped[stopped.find(from).unwrap()..].split('`').next().unwrap().to_owned();
    let (recreate, forget) = (command("--recreate"), command("rolecall ledger forget"));
    assert_eq!(recreate, "--recreate wiki=3");
    let mut plan = vec!["plan"];
    plan.extend(recreate.split(' '));
    let made = world.run(&plan).ends_with(0).stdout;
    assert!(made.contains("create") && made.contains("because of --recreate wiki=3"), "{made}");
    insta::assert_snapshot!(
        "another_number",
        world.run(&["ledger", "forget", "wiki", "--vanished=2", "--reason", "reset"]).snapshot()
    );
    assert!(world.run(&["ledger", "list"]).stdout.contains("3 active"), "all or nobody");
    let words: Vec<_> = forget.split(' ').skip(1).collect();
    let forgot = world.run(&words).ends_with(0);
    assert_eq!(forgot.stderr, "forgot ada, bob, grace in app wiki\n");
    let log = world.run(&["log", "--user", "ada", "-n", "1"]).ends_with(0).stdout;
    assert!(log.contains("forget ada, bob, grace in wiki"), "{log}");
    let again = world.run(&["ledger", "forget", "wiki", "--vanished=3", "--reason", "twice"]).ends_with(4);
    assert!(again.stderr.contains("0 linked accounts are gone"), "{}", again.stderr);
    world.run(&["apply", "--yes"]).ends_with(0);
    world.plan_is_empty();
}

/// An account that another endpoint does not have is not gone.
#[test]
fn at_another_endpoint_nothing_is_forgotten() {
    let mut world = World::new();
    world.server.emptied();
    world.point();
    for who in ["ada", "--vanished=3"] {
        let refused = world.run(&["ledger", "forget", "wiki", who, "--reason", "gone"]).ends_with(1);
        assert!(refused.stderr.contains("the ledger's links belong to"), "{}", refused.stderr);
        assert!(refused.stderr.contains("`rolecall ledger rehome wiki` comes first"), "{}", refused.stderr);
    }
    assert!(world.run(&["ledger", "list"]).stdout.contains("3 active"));
}

/// The number is typed as it was printed.
#[test]
fn a_number_that_confirms_is_digits_alone() {
    let world = World::new();
    for odd in ["+1", "01"] {
        let vanished = format!("--vanished={odd}");
        world.run(&["ledger", "forget", "wiki", &vanished, "--reason", "gone"]).ends_with(1);
        for (option, value) in [("--allow", "wiki:create="), ("--enable", "wiki="), ("--recreate", "wiki=")] {
            let refused = world.run(&["plan", option, &format!("{value}{odd}")]).ends_with(1);
            assert!(refused.stderr.contains(&format!("{value}{odd}")), "{}", refused.stderr);
        }
    }
}

#[test]
fn an_account_that_is_there_is_not_vanished() {
    let world = World::new();
    let id = world.server.account("ada@acme.example");
    world.server.send(Method::DELETE, &format!("/Users/{id}"), json!(null));
    let forgot = world.run(&["ledger", "forget", "wiki", "--vanished=1", "--reason", "gone"]).ends_with(0);
    assert_eq!(forgot.stderr, "forgot ada in app wiki\n");
    let both = world.run(&["ledger", "forget", "wiki", "bob", "--vanished=1", "--reason", "x"]).ends_with(1);
    assert!(both.stderr.contains("cannot be used with"), "{}", both.stderr);
}

#[test]
fn an_app_that_does_not_answer_proves_nothing() {
    let mut world = World::new();
    let id = world.server.account("ada@acme.example");
    world.server.send(Method::DELETE, &format!("/Users/{id}"), json!(null));
    let token = world.server.token();
    world.server.stop();
    let forgotten = world.repo.rolecall(["ledger", "forget", "wiki", "ada", "--reason", "gone"]);
    let silent = forgotten.env("WIKI_TOKEN", token).run().ends_with(1);
    assert!(silent.stderr.contains("error: "), "{}", silent.stderr);
}

#[test]
fn a_lease_of_a_dead_run_is_ended_by_hand() {
    let world = World::new();
    let free = world.run(&["ledger", "unlock", "wiki", "--reason", "just looking"]).ends_with(0);
    assert_eq!(free.stderr, "no run holds app wiki: there was nothing to do\n");
    world.hold("2999-01-01T00:00:00Z");
    let held = world.run(&["ledger", "list"]).ends_with(0).stdout;
    assert!(held.contains("held by eve@elsewhere, run r-dead, until 2999-01-01T00:00:00Z"), "{held}");
    let refused = world.run(&["ledger", "unlink", "wiki", "ada", "--reason", "x"]).ends_with(4);
    assert!(refused.stderr.contains("is being applied by eve@elsewhere"), "{}", refused.stderr);
    let ended = world.run(&["ledger", "unlock", "wiki", "--reason", "that machine is gone"]).ends_with(0);
    assert_eq!(ended.stderr, "ended the lease of run r-dead on app wiki\n");
    world.run(&["apply", "--yes"]).ends_with(0);
}

#[test]
fn a_future_in_the_ledger_is_set_back_by_hand() {
    let world = World::new();
    let fine = world.run(&["ledger", "reclock", "--reason", "just looking"]).ends_with(0);
    assert!(fine.stderr.ends_with(": no instant lies in the future\n"), "{}", fine.stderr);
    world.write_ledger("apps/wiki/state.json", |state| {
        let mut state: serde_json::Value = serde_json::from_str(&state).unwrap();
        state["applied"]["at"] = "2999-01-01T00:00:00Z".into();
        state.to_string()
    });
    world.repo.replace(
        "rolecall.yaml",
        "email: bob@acme.example",
        "email: bob@acme.example, end: 2026-01-31",
    );
    world.repo.commit("Bob has left").push();
    let held = world.run(&["apply", "--yes"]).ends_with(3);
    assert!(
        held.stdout.contains("the last instant in the ledger is 2999-01-01T00:00:00Z"),
        "{}",
        held.stdout
    );
    assert!(held.stdout.contains("`rolecall ledger reclock --reason TEXT`"), "{}", held.stdout);
    let set = world.run(&["ledger", "reclock", "--reason", "the build server was a year ahead"]).ends_with(0);
    assert!(set.stderr.ends_with(": set back what lay in the future in wiki\n"), "{}", set.stderr);
    let applied = world.run(&["apply", "--yes"]).ends_with(0);
    assert!(applied.stdout.contains("disable account"), "{}", applied.stdout);
    assert!(world.run(&["log"]).stdout.contains("the build server was a year ahead"));
}

impl World {
    /// Edits a file of the ledger by hand, in another clone.
    pub(super) fn write_ledger(&self, file: &str, edit: impl Fn(String) -> String) {
        let clone = self.repo.fresh_clone();
        clone.git(["checkout", "--quiet", "rolecall/ledger"]);
        clone.file(file, edit(clone.read(file))).commit("edited");
        clone.git(["push", "--quiet", "origin", "rolecall/ledger"]);
    }

    /// Puts a lease of another run into the ledger, as a run in another clone does.
    fn hold(&self, expires: &str) {
        let clone = self.repo.fresh_clone();
        clone.git(["checkout", "--quiet", "rolecall/ledger"]);
        let lease = format!(
            r#"{{"run": "r-dead", "holder": "eve@elsewhere", "plan": "p", "renewed": "2026-01-01T00:00:00Z", "expires": "{expires}"}}"#
        );
        clone.file("apps/wiki/lease.json", lease).commit("held");
        clone.git(["push", "--quiet", "origin", "rolecall/ledger"]);
    }
}

/// A write for nothing would leave a reason that explains nothing.
#[test]
fn links_that_are_proved_get_no_other_commit() {
    let world = World::new();
    let serial = |world: &World| world.run(&["ledger", "list", "-o", "json"]).json()[0]["serial"].clone();
    let before = serial(&world);
    assert!(!before.is_null());
    let args = ["ledger", "reprove", "wiki", "--commit", "HEAD", "--reason", "to be sure"];
    let said = world.run(&args).ends_with(0).stderr;
    assert!(said.contains("every link names a commit of the present history"), "{said}");
    assert_eq!(before, serial(&world));
}

/// A clone without history takes no commit for lost.
#[test]
fn a_shallow_clone_proves_nothing_anew() {
    let world = World::new();
    world.repo.file("README.md", "later").commit("later").push();
    let url = format!("file://{}", world.repo.remote_path().display());
    let path = world.repo.world().join("shallow");
    world.repo.git(["clone", "--quiet", "--depth", "1", &url, path.to_str().unwrap()]);
    let args =
        ["-C", path.to_str().unwrap(), "ledger", "reprove", "wiki", "--commit", "HEAD", "--reason", "x"];
    let said = world.run(&args).ends_with(1).stderr;
    assert!(said.contains("this clone is shallow") && said.contains("--unshallow"), "{said}");
}

/// After the history was rewritten nobody leaves until a person says which commit proves the links.
#[test]
fn another_commit_proves_links_whose_own_is_lost() {
    let world = World::new();
    let repo = &world.repo;
    repo.git(["commit", "--quiet", "--amend", "-m", "rewritten"]);
    let declared = repo.head();
    repo.replace(
        "rolecall.yaml",
        "  bob: {name: {given: Bob, family: Byrne}, email: bob@acme.example}\n",
        "",
    );
    repo.replace("rolecall.yaml", "user:bob, ", "").commit("bob leaves");
    let plan = world.run(&["plan", "--detailed-exitcode"]);
    assert!(!plan.stdout.contains("disable"), "{}", plan.stdout);
    insta::assert_snapshot!("the_commit_of_a_leaver_is_lost", plan.snapshot());

    let lost = world.run(&["ledger", "reprove", "wiki", "--commit", "HEAD@{2}", "--reason", "amended"]);
    insta::assert_snapshot!("a_lost_commit_proves_nothing", lost.ends_with(1).snapshot());
    let after = ["ledger", "reprove", "wiki", "--commit", "HEAD", "--reason", "amended"];
    // Bob is not declared there any more: his link keeps the commit that is lost.
    insta::assert_snapshot!("a_commit_that_declares_some", world.run(&after).ends_with(0).snapshot());
    assert!(!world.run(&["plan"]).stdout.contains("disable"));
    let proved = world.run(&["ledger", "reprove", "wiki", "--commit", &declared, "--reason", "amended"]);
    assert!(proved.ends_with(0).stderr.contains("1 link proved by commit"));
    let plan = world.run(&["plan", "--detailed-exitcode"]).ends_with(2).stdout;
    assert!(plan.contains("disable") && plan.contains("bob"), "{plan}");
}

/// After the history was rewritten, the entries of several people name a commit that is lost.
#[test]
fn rule_01_a_lost_commit_is_named_once_with_the_command_that_mends_it() {
    let world = World::new();
    world.repo.git(["commit", "--quiet", "--amend", "-m", "rewritten"]);
    let text = world.repo.read("rolecall.yaml");
    let keep = |line: &&str| !line.starts_with("  bob:") && !line.starts_with("  grace:");
    let text: String = text.lines().filter(keep).map(|line| format!("{line}\n")).collect();
    let text = text.replace("[user:ada, user:bob, user:grace]", "[user:ada]");
    world.repo.file("rolecall.yaml", text).commit("bob and grace leave");
    let plan = world.run(&["plan"]).ends_with(3).stdout;
    assert_eq!(plan.matches("by the ledger alone").count(), 2, "{plan}");
    assert_eq!(plan.matches("ledger reprove wiki").count(), 1, "{plan}");
    assert_eq!(plan.matches("which is named there").count(), 1, "{plan}");
    assert!(plan.contains("no commit proves the ledger's entries of bob, grace: commit "), "{plan}");
}
