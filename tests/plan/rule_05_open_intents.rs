//! Rule 5: an open intent is no proof that we turned an account off.

use insta::assert_snapshot;
use rolecall::model::ledger::LinkState;

use super::world::{World, time, world};

/// Ada's account is off, and the ledger knows nothing of it.
fn off() -> World {
    world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        .completed()
        .has("bob", "2")
        .account("1 userName=ada@x.example externalId=ada inactive")
        .link("ada 1 by=c1")
}

fn suspended() -> World {
    off().person("ada", "status: suspended")
}

#[test]
fn rule_05_an_interrupted_run_turned_off_only_who_was_out_as_git_says() {
    assert_snapshot!(off().plan().short(), @"4 enable user:ada (drift) HELD by drift");
    // The run was killed between the disabling and its record, and Ada has returned.
    let at = "2026-06-14T12:00:00Z";
    let ours = off().attempted("ada", at, "c2").commit("c2", suspended());
    assert_snapshot!(ours.plan().short(), @"4 enable user:ada (config)");
    // The run was about another change: Ada was in.
    let other = off().attempted("ada", at, "then").commit("then", off());
    assert_snapshot!(other.plan().short(), @"4 enable user:ada (drift) HELD by drift");
    // Nothing is known of the run, or of its commit.
    assert_snapshot!(off().intent("ada").plan().short(), @"4 enable user:ada (drift) HELD by drift");
    let lost = off().attempted("ada", at, "then").unreadable("then");
    assert_snapshot!(lost.plan().short(), @"4 enable user:ada (drift) HELD by drift");
}

#[test]
fn rule_05_a_later_interruption_takes_no_proof_away() {
    let at = "2026-06-14T12:00:00Z";
    let twice = off().attempted("ada", at, "c2").commit("c2", suspended());
    let twice = twice.attempted("ada", "2026-06-14T13:00:00Z", "c0ffee");
    assert_snapshot!(twice.plan().short(), @"4 enable user:ada (config)");
}

#[test]
fn rule_05_a_date_that_came_before_the_run_says_that_it_was_us() {
    let ended = || off().person("ada", "end: 2026-06-13");
    let before = off().attempted("ada", "2026-06-13T12:00:00Z", "c2").commit("c2", ended());
    assert_snapshot!(before.plan().short(), @"4 enable user:ada (drift) HELD by drift");
    let after = off().attempted("ada", "2026-06-14T12:00:00Z", "c2").commit("c2", ended());
    assert_snapshot!(after.plan().short(), @r"
    4 enable user:ada (config)
    ! turned on again user:ada: account 1 of ada is turned on again because of its person's declaration
    ");
}

#[test]
fn rule_05_an_account_off_counts_as_turned_off_by_us_only_with_that_proof() {
    let state = |world: World| world.applied().ledger.users["ada"].state.clone();
    let at = "2026-06-14T12:00:00Z";
    let is_ours = |world: World| matches!(state(world), LinkState::Disabled { .. });
    assert!(is_ours(suspended().attempted("ada", at, "c0ffee")));
    assert!(!is_ours(suspended().attempted("ada", at, "then").commit("then", off())));
    assert!(!is_ours(suspended().intent("ada")));
    // Nobody declares Ada any more.
    let absent = || off().without("ada").drop_yaml("access/assign-0.yaml").assign("", "user:bob");
    let then = || world().people(&["bob"]);
    let absent = || absent().commit("c1", off());
    assert!(is_ours(absent().attempted("ada", at, "c2").commit("c2", then())));
    assert!(!is_ours(absent().attempted("ada", at, "c2").commit("c2", off())));
}

#[test]
fn rule_05_from_a_person_who_had_no_account_yet_no_run_took_it() {
    let absent = || world().people(&["bob"]);
    let linked = |of_ada: &str| off().link(&format!("ada 1 by={of_ada}")).commit(of_ada, off());
    let (given_back, held) = ("4 enable user:ada (config)", "4 enable user:ada (drift) HELD by drift");
    let at = "2026-06-14T12:00:00Z";
    for out in [absent, suspended] {
        // The run was killed between the disabling and its record, and Ada has returned.
        let killed = linked("c2").attempted("ada", at, "c3").commit("c3", out());
        assert_eq!(killed.plan().short().trim(), given_back);
        // An intent that somebody wrote into the ledger names a commit of the time before.
        let forged = linked("c2").attempted("ada", at, "c1").commit("c1", out());
        assert_eq!(forged.plan().short().trim(), held);
        // So does an entry that says disabled, or deleted.
        let said = |of_ada: &str, state: LinkState| {
            let mut world = linked(of_ada).commit("c3", out());
            world.ledger.users.get_mut("ada").unwrap().state = state;
            world
        };
        let (since, commit) = (time("2026-06-14"), Some("c3".into()));
        for state in
            [LinkState::Disabled { since, commit: commit.clone() }, LinkState::Gone { since, commit }]
        {
            let returned = said("c2", state.clone()).plan().short();
            assert!(returned.contains("(config)") && !returned.contains("HELD"), "{state:?}: {returned}");
            let forged = said("c4", state.clone()).plan().short();
            assert!(forged.contains("HELD by drift"), "{state:?}: {forged}");
            // The commit that the entry names has to declare the person.
            let lost = said("c2", state.clone()).commit("c2", absent()).plan().short();
            assert!(lost.contains("HELD by drift"), "{state:?}: {lost}");
        }
    }
}

#[test]
fn rule_05_a_rollback_that_is_taken_back_gives_the_account_back() {
    // Ada was hired by c4, and a rollback to c3, at which nobody declares her, turned the account off.
    let absent = world().people(&["bob"]);
    let back = off().link("ada 1 by=c4 userName=ada@x.example").commit("c4", off()).commit("c3", absent);
    let mut back = back.applied_people("1");
    back.ledger.applied.as_mut().unwrap().commit = Some("c3".into());
    let state = LinkState::Disabled { since: time("2026-06-14"), commit: Some("c3".into()) };
    back.ledger.users.get_mut("ada").unwrap().state = state;
    assert_snapshot!(back.plan().short(), @"4 enable user:ada (config)");
}

#[test]
fn rule_05_an_account_that_stays_off_keeps_its_proof() {
    let since = time("2026-06-14");
    let commit = || Some("c3".into());
    // An account that the app goes on listing is bound again, and may not be turned on at once.
    let mut bound = off().link("ada 1 by=c2").commit("c2", off()).commit("c3", world().people(&["bob"]));
    bound.ledger.users.get_mut("ada").unwrap().state = LinkState::Gone { since, commit: commit() };
    assert_eq!(bound.plan().app().work.links["ada"].commit.as_deref(), Some("c2"));
    // Of somebody who is out under a new id, today's commit says that they are.
    let renamed = |status: &str| {
        let line = format!("email: ada@x.example, status: {status}, previously: [ada]");
        let world = off().without("ada").drop_yaml("access/assign-0.yaml").person("lovelace", &line);
        world.assign("", "user:lovelace, user:bob").commit("c2", off()).commit("c3", suspended())
    };
    let mut out = renamed("suspended").link("ada 1 by=c2");
    out.ledger.users.get_mut("ada").unwrap().state = LinkState::Disabled { since, commit: commit() };
    let moved = out.applied().ledger.users["lovelace"].clone();
    let today = Some("c0ffee".into());
    assert_eq!(moved.state, LinkState::Disabled { since, commit: today.clone() });
    assert_eq!(moved.commit, today);
    // Of somebody who is back under a new id, the earlier commits do.
    let mut back = renamed("active").link("ada 1 by=c2");
    back.ledger.users.get_mut("ada").unwrap().state = LinkState::Disabled { since, commit: commit() };
    assert_snapshot!(back.plan().short(), @r"
    3 update user:lovelace/attribute:externalid: ada -> lovelace (config)
    4 enable user:lovelace (config)
    ");
}

#[test]
fn rule_05_a_quiet_day_reads_no_commit_for_an_intent() {
    let mut on = off().attempted("ada", "2026-06-14T12:00:00Z", "then").unreadable("then");
    on.things.get_mut("1").unwrap().active = true;
    assert_snapshot!(on.plan().short(), @"");
}
