//! The ledger's own word turns nothing on, and what was seen of another hand counts until it is released (rules 5 and 13).

use std::sync::Arc;

use insta::assert_snapshot;
use rolecall::model::Value;
use rolecall::model::ledger::LinkState;

use super::rule_13_drift::{auditors, disabled_by_somebody, settled, stripped};
use super::world::World;

#[test]
fn rule_13_the_ledgers_word_alone_turns_nothing_on() {
    // The entry says that we disabled the account, at a commit that declares the person active: another hand did it.
    let mut world = settled();
    let commit = world.ledger.applied.as_ref().unwrap().commit.clone();
    world.ledger.users.get_mut("ada").unwrap().state = LinkState::Disabled { since: world.at, commit };
    world.things.get_mut("new-ada").unwrap().active = false;
    assert_snapshot!(world.plan().short(), @"4 enable user:ada (drift) privileged HELD by drift");
}

/// What was seen of another hand counts until it is released, whatever an entry of the ledger or an open intent says.
#[test]
fn rule_13_what_was_seen_counts_more_than_an_entry_that_says_it_was_us() {
    let seen = disabled_by_somebody().applied();
    assert_eq!(seen.ledger.interventions.len(), 1);
    let stands = "! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada";
    // An entry from the time when ada was suspended.
    let mut restored = seen.clone();
    restored.ledger.users.get_mut("ada").unwrap().state =
        LinkState::Disabled { since: restored.at, commit: Some("left".into()) };
    assert_eq!(restored.plan().short().trim(), stands);
    assert_eq!(seen.intent("ada").plan().short().trim(), stands);
}

/// The same of a tombstone: it takes up an account that is off, or makes another one, only if git says that the person was out.
#[test]
fn rule_13_a_tombstone_alone_turns_nothing_on_and_makes_nothing() {
    let mut off = disabled_by_somebody();
    let commit = off.ledger.applied_commit().cloned();
    off.ledger.users.get_mut("ada").unwrap().state = LinkState::Gone { since: off.at, commit };
    assert_snapshot!(off.plan().short(), @"4 relink user:ada: inactive -> active (drift) privileged HELD by drift");
    let gone = off.clone().gone("new-ada");
    assert_snapshot!(gone.plan().short(), @"4 create user:ada (drift) HELD by drift");
    // She had left by then.
    off.ledger.users.get_mut("ada").unwrap().state =
        LinkState::Gone { since: off.at, commit: Some("left".into()) };
    assert_snapshot!(off.plan().short(), @r"
    4 relink user:ada: inactive -> active (config) privileged
    ! turned on again user:ada: account new-ada of ada was deleted on 2026-06-15, today, and is turned on again because of its person's declaration
    ");
    assert_snapshot!(off.gone("new-ada").plan().short(), @r"
    4 create user:ada (config)
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged
    7 grant role user:ada/role:member: nothing -> member (config)
    ");
}

#[test]
fn rule_13_who_was_deleted_by_another_hand_stays_so_without_an_entry() {
    let mut seen = settled().gone("new-ada").applied();
    seen.ledger.users.remove("ada");
    assert_snapshot!(seen.plan().short(), @"! left as another hand left it: 1 account is not made again, because it was deleted in the app, first seen on 2026-06-15, today: ada");
    assert_snapshot!(seen.clone().recreate("ada").plan().short(), @r"
    4 create user:ada (drift)
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    7 grant role user:ada/role:member: nothing -> member (drift)
    ! turned on again user:ada: the account of ada was deleted in the app, and another one is made because of --recreate ada
    ");
    let left = seen.clone().person("ada", "status: left").applied();
    assert_snapshot!(left.person("ada", "").plan().short(), @r"
    4 create user:ada (drift)
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    7 grant role user:ada/role:member: nothing -> member (drift)
    ! turned on again user:ada: the account of ada was deleted in the app, and another one is made because of an edit of its person's lines
    ");
    assert_snapshot!(seen.person("ada", "start: 2026-06-01").plan().short(), @r"
    4 create user:ada (drift)
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    7 grant role user:ada/role:member: nothing -> member (drift)
    ! turned on again user:ada: the account of ada was deleted in the app, and another one is made because of an edit of its person's lines
    ");
}

/// An app may delete accounts some time after they were turned off.
#[test]
fn rule_13_an_account_that_vanished_after_our_own_disabling_is_made_again() {
    let left = settled().person("ada", "status: left").applied();
    let gone = left.clone().gone("new-ada");
    assert_snapshot!(gone.person("ada", "").plan().short(), @r"
    4 create user:ada (config)
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged
    7 grant role user:ada/role:member: nothing -> member (config)
    ");
}

/// A restored backup turns it on, under the same id: of a leaver, and of somebody whom no file declares any more.
#[test]
fn rule_13_a_deleted_account_that_is_on_again_comes_first() {
    let on_again = |gone: World| {
        let on = gone.clone().account("new-ada userName=ada@x.example externalId=ada");
        let outcome = on.plan();
        assert!(outcome.app().is_partial(), "{}", outcome.short());
        outcome.short()
    };
    let left = settled().person("ada", "status: left").app("users: {deprovision: delete, delete_after: 1d}");
    let deleted = left.applied().at("2026-06-17").applied();
    assert!(deleted.ledger.users["ada"].state.is_gone());
    assert_snapshot!(on_again(deleted.at("2026-06-20")), @r"
    1 disable user:ada (left)
    ! nobody holds a role now role:admin: everybody who held it is declared to have left
    ! on again user:ada: account new-ada was deleted on 2026-06-17, 3 days ago, and it is on again
    ");
    let absent = settled().person("bob", "").without("ada").yaml("access/a.yaml", "assignments: []");
    let absent = absent.app("users: {deprovision: delete, delete_after: 1d}");
    let mut deleted = absent.allow("privileged", 1).applied().at("2026-06-17").applied();
    deleted.allowed.clear();
    assert!(deleted.ledger.users["ada"].state.is_gone());
    let short = on_again(deleted.at("2026-06-20"));
    let said =
        "! on again user:ada: account new-ada was deleted on 2026-06-17, 3 days ago, and it is on again";
    assert!(short.contains(said), "{short}");
}

/// A role that another hand took away stays so, whatever an entry says of who had it.
#[test]
fn rule_13_a_privileged_role_is_not_given_again_because_an_entry_forgot_it() {
    let mut seen = settled();
    let roles = Value::List(vec!["member".into()]);
    seen.things.get_mut("new-ada").unwrap().values.insert("roles".into(), roles);
    let mut seen = seen.applied();
    assert_snapshot!(seen.plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (admin)");
    seen.ledger.users.get_mut("ada").unwrap().roles.clear();
    assert_snapshot!(seen.plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (admin)");
    let mut group = auditors();
    group.things.get_mut("new-role:auditor").unwrap().members.as_mut().unwrap().clear();
    let mut group = group.applied();
    group.ledger.groups.values_mut().for_each(|link| link.members.clear());
    assert_snapshot!(group.plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (auditor)");
    // Who is declared without the role, and with it again, is given it.
    let lines = (0..4).map(|number| format!("access/assign-{number}.yaml"));
    let without = lines.fold(group, |world, lines| world.drop_yaml(&lines)).assign("", "user:ada").applied();
    assert!(without.ledger.interventions.is_empty());
    assert_snapshot!(without.assign("auditor", "user:ada").plan().short(), @r"
    4 enable user:ada (config)
    7 grant role user:ada/role:auditor: nothing -> auditor (config) privileged
    ");
}

#[test]
fn rule_13_what_another_hand_did_is_known_by_earlier_ids() {
    let lines = |admin: &str| {
        format!(
            "assignments: [{{app: hr, role: root, members: [{admin}]}}, {{app: hr, role: member, members: [user:eve]}}]"
        )
    };
    let renamed = |admin: &str| {
        let seen =
            stripped().applied().without("ada").person("eve", "previously: [ada], email: ada@x.example");
        let seen =
            seen.app_once("roles: {root: {value: admin, privileged: true, previously: [admin]}, member: {}}");
        seen.yaml("access/a.yaml", &lines(admin)).at("2026-06-20")
    };
    // Other names are no decision about the person.
    assert_snapshot!(renamed("user:eve").plan().short(), @r"
    3 relink user:eve: ada -> nothing (config)
    ! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, 5 days ago: eve (root)
    ");
    let later = renamed("user:eve").applied();
    assert_snapshot!(later.plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, 5 days ago: eve (root)");
    // An edit of the line is one, with the rename and after it.
    let edited = "{member: user:eve, expires: 2027-01-01}";
    assert_snapshot!(renamed(edited).plan().short(), @r"
    3 relink user:eve: ada -> nothing (config)
    7 grant role user:eve/role:root: nothing -> root (config) privileged
    ! given again user:eve: role root of eve was taken away in the app, and is given again because of an edit of a line that names the person and leads to it
    ");
    assert_snapshot!(later.yaml("access/a.yaml", &lines(edited)).plan().short(), @r"
    7 grant role user:eve/role:root: nothing -> root (config) privileged
    ! given again user:eve: role root of eve was taken away in the app, and is given again because of an edit of a line that names the person and leads to it
    ");
}

/// An edit that released an account while its person was out is known by its commit, and git has to confirm it.
#[test]
fn rule_13_the_ledgers_word_alone_is_no_decision() {
    let stands = "! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada";
    let earlier = settled().person("ada", "end: 2027-02-01").applied();
    let mut seen = earlier.person("ada", "");
    seen.things.get_mut("new-ada").unwrap().active = false;
    let (before, seen) = (seen.ledger.applied_commit().cloned(), seen.applied());
    let (at, later) = (seen.ledger.applied_commit().cloned(), seen.person("ada", "title: Boss").applied());
    assert_eq!(later.plan().short().trim(), stands);
    let edited = |commit: Option<Arc<str>>| {
        let mut edited = later.clone();
        let entry = edited.ledger.interventions.values_mut().next().unwrap();
        (entry.decided, entry.decided_at) = (true, commit);
        edited
    };
    // No commit; the one that saw it; one with other lines, from before; one without an edit; one that git does not know.
    let none = [None, at, before, later.ledger.applied_commit().cloned(), Some("lost".into())];
    for commit in none {
        let edited = edited(commit.clone()).unreadable("lost");
        assert_eq!(edited.plan().short().trim(), stands, "{commit:?}");
    }
    // The edit itself, after other applies too.
    let suspended = later.person("ada", "status: suspended").applied();
    let commit = suspended.ledger.applied_commit().cloned();
    let known = suspended.ledger.interventions.values().next().unwrap();
    assert_eq!((known.decided, &known.decided_at), (true, &commit));
    let again = suspended.applied().applied();
    assert_eq!(again.ledger.interventions.values().next().unwrap().decided_at, commit);
    assert_snapshot!(again.person("ada", "").plan().short(), @r"
    4 enable user:ada (config) privileged
    ! turned on again user:ada: account new-ada of ada was disabled on 2026-06-15, today, and is turned on again because of an edit of its person's lines
    ");
    // A ledger of an earlier version, which names no commit.
    let mut old = suspended.clone();
    old.ledger.interventions.values_mut().next().unwrap().decided_at = None;
    assert!(old.clone().person("ada", "").plan().short().contains(stands));
    assert!(!old.applied().person("ada", "").plan().short().contains(stands));
}
