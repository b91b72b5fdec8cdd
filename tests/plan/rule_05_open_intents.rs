//! Rule 5: an open intent is no proof that we turned an account off, and nor is an entry that git does not confirm.

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

/// A run that set out to turn Ada's account off was killed, and nobody knows whether before or after that.
#[test]
fn rule_05_a_run_that_reported_nothing_turned_no_account_off() {
    let held = "4 enable user:ada (drift) HELD by drift";
    let at = "2026-06-14T12:00:00Z";
    assert_eq!(off().plan().short().trim(), held);
    // Git says that the run was to turn the account off; so may another hand have done meanwhile.
    let begun = off().attempted("ada", at, "c2").commit("c2", suspended());
    assert_eq!(begun.plan().short().trim(), held);
    assert_snapshot!(begun.plan().why("user:ada"), @r"
    user:ada is assigned hr access/assign-0.yaml:1
    held: this account was disabled in the app: an interrupted run of rolecall may have set out to do it, and has no answer from the app; --enable ada turns it on, and so does a later change of status, start or end
    ");
    // What the app acknowledged is ours.
    let mut reported = begun.clone();
    reported.ledger.users.get_mut("ada").unwrap().state =
        LinkState::Disabled { since: time(at), commit: Some("c2".into()) };
    assert_snapshot!(reported.plan().short(), @"4 enable user:ada (config)");
    // The run was about another change, or nothing is known of it.
    let other = off().attempted("ada", at, "then").commit("then", off());
    assert_eq!(other.plan().short().trim(), held);
    assert_eq!(off().intent("ada").plan().short().trim(), held);
}

/// Ada is out, her account is off, and the run that was to turn it off reported nothing. It is off by the files, and perhaps by another
/// hand: a change for everybody turns it on no more than any account that another hand turned off, and her own line does.
#[test]
fn rule_05_an_account_off_after_an_interruption_is_perhaps_another_hands_in_every_run() {
    let at = "2026-06-14T12:00:00Z";
    let is_disabled = |world: &World| matches!(world.ledger.users["ada"].state, LinkState::Disabled { .. });
    let of_nobody = || off().yaml("access/assign-0.yaml", "assignments: [{app: hr, members: [user:bob]}]");
    let begun = of_nobody().attempted("ada", at, "c0ffee").commit("c1", off()).applied();
    assert!(is_disabled(&begun));
    let back = begun.yaml("access/assign-0.yaml", "assignments: [{app: hr, members: [user:ada, user:bob]}]");
    assert_snapshot!(back.plan().short(), @"! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada");
    assert_snapshot!(back.enable("ada").plan().short(), @r"
    4 enable user:ada (config)
    ! turned on again user:ada: account 1 of ada was disabled on 2026-06-15, today, and is turned on again because of --enable ada
    ");
    // Her own line was edited after that was seen.
    let suspended = suspended().attempted("ada", at, "c0ffee").commit("c1", off()).applied();
    assert!(is_disabled(&suspended));
    assert_snapshot!(suspended.person("ada", "").plan().short(), @r"
    4 enable user:ada (config)
    ! turned on again user:ada: account 1 of ada was disabled on 2026-06-15, today, and is turned on again because of an edit of its person's lines
    ");
    // The run was not to turn it off, or git cannot say so: another hand did.
    for then in [of_nobody().attempted("ada", at, "then").commit("then", off()), of_nobody().intent("ada")] {
        assert!(!is_disabled(&then.commit("c1", off()).applied()));
    }
    // Nobody declares Ada any more.
    let absent = of_nobody().without("ada").attempted("ada", at, "c2").commit("c1", off());
    let absent = absent.commit("c2", world().people(&["bob"])).applied();
    assert!(is_disabled(&absent) && !absent.ledger.interventions.is_empty());
}

/// An account that a run created as one that is off, and did not turn on, was turned off by nobody.
#[test]
fn rule_05_an_account_that_an_interrupted_run_created_is_turned_on() {
    let at = "2026-06-14T12:00:00Z";
    let created = |when: &str| {
        off().link(&format!("ada 1 by=c1 created={when}")).intent("ada").attempted("ada", at, "c0ffee")
    };
    assert_snapshot!(created("2026-06-14T12:00:01Z").plan().short(), @"4 enable user:ada (config)");
    assert_snapshot!(created("2026-01-01").plan().short(), @"4 enable user:ada (drift) HELD by drift");
}

#[test]
fn rule_05_a_date_that_came_before_the_disabling_says_that_it_was_us() {
    let said = |since: &str| {
        let mut world = off().commit("c2", off().person("ada", "end: 2026-06-13"));
        let state = LinkState::Disabled { since: time(since), commit: Some("c2".into()) };
        world.ledger.users.get_mut("ada").unwrap().state = state;
        world.plan().short()
    };
    assert_snapshot!(said("2026-06-13T12:00:00Z"), @"4 enable user:ada (drift) HELD by drift");
    assert_snapshot!(said("2026-06-14T12:00:00Z"), @r"
    4 enable user:ada (config)
    ! turned on again user:ada: account 1 of ada was disabled on 2026-06-14, 1 day ago, and is turned on again because of its person's declaration
    ");
}

#[test]
fn rule_05_from_a_person_who_had_no_account_yet_no_run_took_it() {
    let absent = || world().people(&["bob"]);
    let linked = |of_ada: &str| off().link(&format!("ada 1 by={of_ada}")).commit(of_ada, off());
    for out in [absent, suspended] {
        // An entry that says disabled or deleted names a commit of the time before, or one after it.
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
