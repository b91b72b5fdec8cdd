//! Rule 13: what another hand did is held in every way round it: `links:`, an account in the place of a deleted one, a person who was
//! out in between, a name that was typed for another app.

use insta::assert_snapshot;
use rolecall::model::Value;

use super::rule_13_drift::{auditors, disabled_by_somebody, settled};
use super::world::{World, world};

/// Without the entry of ada, as after `ledger unlink`.
fn unlinked(mut world: World) -> World {
    world.ledger.users.remove("ada");
    world
}

fn linked_to(world: World, account: &str) -> World {
    world.app(&format!("links: {{ada: {account}}}"))
}

/// Another hand took the roles of ada.
fn stripped(mut world: World) -> World {
    match world.things.get_mut("new-role:auditor") {
        Some(group) => group.members.as_mut().unwrap().clear(),
        None => {
            let account = world.things.get_mut("new-ada").unwrap();
            account.values.insert("roles".into(), Value::List(vec!["member".into()]));
        }
    }
    world
}

fn on(world: &World, account: &str) -> bool {
    world.things[account].active
}

#[test]
fn rule_13_an_account_that_a_line_of_links_turns_on_is_said_first() {
    let off = linked_to(unlinked(disabled_by_somebody()), "new-ada");
    assert_snapshot!(off.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared
    
    hr  https://hr.example/scim
      1 to adopt
    
      Turned on again (1)
        ! account new-ada of ada is bound and turned on because of the line of `links:`  access/hr.yaml:7
    
      Gaining privileged access (1)
        = ada (ada Test)  adopt account new-ada (ada@x.example) and turn it on, privileged  (config)
            because `links:` names account new-ada for user:ada  access/hr.yaml:7
    
      Guards
        ok       gain: 1 person, 3 allowed
    
    Total: 1 to adopt
    ");
    assert!(on(&off.applied(), "new-ada"));
    // So are several, and they count as a gain.
    let many = (0..5).fold(world().completed(), |world, number| {
        let id = format!("p{number}");
        world.people(&[&id]).account(&format!("{number} userName={id}@x.example inactive"))
    });
    let names: Vec<String> = (0..5).map(|number| format!("p{number}: \"{number}\"")).collect();
    let many = many.app("users: {scope: all}").app(&format!("links: {{{}}}", names.join(", ")));
    assert_snapshot!(many.plan().guards(), @"TRIPPED gain: 5 people, 3 allowed [--allow 5]");
}

/// Without power it is no adoption of which nothing is sent, either.
#[test]
fn rule_13_an_account_that_is_turned_on_stands_with_what_is_sent() {
    let off = world().people(&["ada"]).assign("", "user:ada").completed();
    let off = off.account("1 userName=ada@x.example externalId=ada inactive").app("links: {ada: \"1\"}");
    let told = off.plan().text();
    assert!(told.contains("People (1)") && told.contains("and turn it on"), "{told}");
    assert!(!told.contains("nothing is sent"), "{told}");
}

#[test]
fn rule_13_a_line_of_links_releases_nothing() {
    let seen = linked_to(unlinked(disabled_by_somebody().applied()), "new-ada");
    assert_snapshot!(seen.plan().short(), @r"
    3 adopt user:ada (config)
    ! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada
    ! left as another hand left it user:ada: account new-ada (ada@x.example) is bound and stays off, because the account of ada was disabled in the app, first seen on 2026-06-15, today
    ");
    assert_snapshot!(seen.plan().hints("left as another hand left it"), @r"
    `--enable USER` turns one on, and so does a change of the person's status, start or end
    `--enable ada` turns it on, and so does a change of ada's status, start or end
    ");
    let bound = seen.applied();
    assert!(!on(&bound, "new-ada"));
    assert_snapshot!(bound.plan().short(), @"! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada");
    // A name or an edit of the person's own lines releases it, before and after.
    assert_snapshot!(seen.clone().enable("ada").plan().short(), @r"
    4 adopt user:ada: inactive -> active (config) privileged
    ! turned on again user:ada: account new-ada of ada is bound and turned on because of --enable ada
    ");
    for released in [seen.clone().enable("ada"), seen.person("ada", "end: 2027-01-01")] {
        assert!(on(&released.applied(), "new-ada"));
    }
    assert!(on(&bound.clone().enable("ada").applied(), "new-ada"));
    assert!(on(&bound.person("ada", "end: 2027-01-01").applied(), "new-ada"));
}

/// Security deleted the account, and another one is off.
#[test]
fn rule_13_an_account_that_is_off_does_not_come_on_in_the_place_of_a_deleted_one() {
    let seen = settled().gone("new-ada").applied().account("9 userName=ada@x.example inactive");
    let seen = linked_to(seen, "\"9\"");
    assert_snapshot!(seen.plan().short(), @r"
    3 adopt user:ada (config)
    ! left as another hand left it user:ada: account 9 (ada@x.example) is bound and stays off, because the account of ada was deleted in the app, first seen on 2026-06-15, today
    ");
    let bound = seen.applied();
    assert!(!on(&bound, "9"));
    assert_snapshot!(bound.plan().short(), @r"
    ! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada
    ! left as another hand left it: 1 privileged role was taken away in the app, not by rolecall, and does not come back with the account: ada (admin)
    ");
    let back = bound.enable("ada").applied();
    assert!(on(&back, "9"));
    assert_snapshot!(back.applied().plan().short(), @"");
}

#[test]
fn rule_13_an_account_in_the_place_of_a_deleted_one_is_not_bound() {
    let seen = settled().gone("new-ada").applied().account("9 userName=ada@x.example");
    for world in [seen.clone(), linked_to(seen.clone(), "\"9\""), unlinked(seen.clone())] {
        let told = world.plan();
        assert_eq!(told.app().changes.len(), 0, "{}", told.short());
    }
    assert_snapshot!(seen.plan().short(), @r"
    ! left as another hand left it: 1 account is not made again, because it was deleted in the app, first seen on 2026-06-15, today: ada
    ! left as another hand left it user:ada: account 9 (ada@x.example) is not bound, because the account of ada was deleted in the app, first seen on 2026-06-15, today
    ");
    assert_snapshot!(seen.plan().hints("left as another hand left it"), @r"
    `--recreate USER` makes one again, and so does a change of the person's status, start or end
    `--recreate ada` binds it, and so does a change of ada's status, start or end
    ");
    let unmanaged = seen.clone().app("unmanaged: disable").auth("none").plan();
    assert_eq!(unmanaged.app().changes.len(), 0, "{}", unmanaged.short());
    assert_snapshot!(seen.clone().recreate("ada").plan().short(), @r"
    3 adopt user:ada (config)
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    7 grant role user:ada/role:member: nothing -> member (drift)
    ! turned on again user:ada: account 9 of ada is bound, though another hand deleted the former one, because of --recreate ada
    ");
    let edited = seen.person("ada", "end: 2027-01-01").applied();
    assert_eq!(edited.ledger.users["ada"].remote.as_str(), "9");
    assert!(edited.applied().ledger.interventions.keys().all(|(_, hand)| hand.to_string() != "deleted"));
    // What no plan saw is an adoption like any other.
    let unseen = settled().gone("new-ada").account("9 userName=ada@x.example holds=\"role admin\"");
    assert_snapshot!(unseen.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared
    
    hr  https://hr.example/scim
      1 to adopt, 1 role to grant; 1 change held back
    
      Held for you to decide, not done by apply
        ! ada (ada Test)  grant role admin on account ada@x.example, privileged  (drift)
            held by drift: this privileged role was taken away in the app, not by rolecall; --enable ada gives it back, and so does a later change of a line that names ada and leads to it
            because user:ada is assigned hr/admin  access/a.yaml:1
    
      Gaining privileged access (1)
        = ada (ada Test)  adopt account 9 (ada@x.example), privileged  (config)
            because account 9 (ada@x.example) matches user:ada by userName  access/people.yaml:2
                and the account already has role admin
          + grant role member  (drift)
              because user:ada is assigned hr/member  access/a.yaml:1
    
      Guards
        ok       gain: 1 person, 3 allowed
    
    Total: 1 to adopt, 1 role to grant; 1 change held back
    ");
}

#[test]
fn rule_01_our_id_alone_does_not_take_the_place_of_an_account() {
    let world = world()
        .people(&["ada"])
        .assign("", "user:ada")
        .completed()
        .applied()
        .applied()
        .gone("new-ada")
        .account("9 userName=evil@x.example externalId=ada");
    assert_snapshot!(world.plan().short(), @"! not adopted user:ada: account 9 (evil@x.example) matches, but only its externalId is ada's: no other value that tells accounts apart is, neither today nor at the last applied commit");
}

#[test]
fn rule_13_an_account_that_vanished_while_its_person_was_out_was_deleted_by_another_hand() {
    let role = |line: &str| ("access/a.yaml", format!("assignments: [{line}]"));
    let none = role("");
    let all =
        role("{app: hr, role: admin, members: [user:ada]}, {app: hr, role: member, members: [user:ada]}");
    let out: [fn(World) -> World; 3] = [
        |world| world.yaml("access/a.yaml", "assignments: []"),
        |world| world.app_once("users: {filter: user.id != \"ada\"}"),
        |world| world.without("ada").people(&["bob"]).yaml("access/a.yaml", "assignments: []"),
    ];
    assert_eq!(none.1, "assignments: []");
    for out in out {
        let gone = out(settled().gone("new-ada"));
        let told = gone.plan().short();
        assert!(
            told.contains("1 account was deleted in the app, not by rolecall, while its person"),
            "{told}"
        );
        let gone = gone.applied();
        let quiet = gone.plan().short();
        assert!(!quiet.contains("another hand"), "{quiet}");
        let back =
            |person: &str| gone.clone().person("ada", person).app_once("users: {}").yaml(all.0, &all.1);
        let held = back("").plan().short();
        assert!(held.contains("1 account is not made again, because it was deleted in the app"), "{held}");
        assert_eq!(back("").plan().app().to_do().count(), 0, "{held}");
        for released in [back("").recreate("ada"), back("end: 2027-01-01")] {
            let told = released.plan().short();
            assert!(
                told.contains("4 create user:ada (drift)\n") && told.contains("! turned on again"),
                "{told}"
            );
            // The role went with the account, and is released on its own.
            assert!(!told.contains("role:admin"), "{told}");
        }
    }
    // Whom we had turned off before was not deleted by another hand.
    let ours = settled().person("ada", "status: suspended").applied().gone("new-ada").applied();
    assert_snapshot!(ours.person("ada", "").plan().short(), @r"
    4 create user:ada (config)
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged
    7 grant role user:ada/role:member: nothing -> member (config)
    ");
}

#[test]
fn rule_13_a_privileged_role_that_was_taken_before_our_disabling_does_not_come_back() {
    for world in [settled(), auditors()] {
        let outs: [fn(World) -> World; 3] = [
            |world| world.person("ada", "status: suspended"),
            |world| world.person("ada", "status: left"),
            |world| world.app_once("users: {filter: user.id != \"ada\"}"),
        ];
        for out in outs {
            let off = out(stripped(world.clone()));
            let told = off.plan().short();
            assert!(told.contains("1 privileged role was taken away in the app, not by rolecall"), "{told}");
            let back = off.applied().person("ada", "").app_once("users: {}");
            let told = back.plan().short();
            assert!(told.contains("4 enable user:ada"), "{told}");
            assert!(
                told.contains("1 privileged role is not given again, because it was taken away"),
                "{told}"
            );
            assert!(!told.contains("privileged\n"), "{told}");
            let given = back.enable("ada").plan().short();
            assert!(given.contains("! given again user:ada"), "{given}");
        }
        // What was there comes back.
        let there = world.person("ada", "status: suspended").applied().person("ada", "");
        assert!(!there.plan().short().contains("another hand"), "{}", there.plan().short());
    }
}

#[test]
fn rule_13_a_release_is_said_first_though_the_person_was_out_in_between() {
    let disabled = disabled_by_somebody().applied();
    let deleted = settled().gone("new-ada").applied();
    for seen in [disabled, deleted] {
        for status in ["status: suspended", "status: left"] {
            let back = seen.clone().person("ada", status).applied().person("ada", "");
            let told = back.plan().short();
            assert!(told.contains("! turned on again user:ada"), "{told}");
            assert!(told.contains("because of an edit of its person's lines"), "{told}");
            let done = back.applied();
            assert!(on(&done, "new-ada"));
            let left = done.applied().ledger.interventions;
            assert!(left.keys().all(|(_, hand)| hand.to_string() == "revoked:admin"), "{left:?}");
        }
    }
}

/// `--enable ada` that was typed for another app, which has held ada for longer.
fn for_another(mut world: World, id: &str) -> World {
    for said in [&mut world.enable, &mut world.recreate] {
        said.of_others.insert(id.parse().unwrap());
    }
    world
}

#[test]
fn rule_13_a_name_for_another_app_releases_only_what_was_seen_before() {
    let off = for_another(disabled_by_somebody().enable("ada"), "ada");
    assert_snapshot!(off.plan().short(), @r"
    4 enable user:ada (drift) privileged HELD by drift
    ! not released user:ada: --enable ada releases nothing here: that the account was disabled in the app is seen by this plan for the first time
    ");
    assert_snapshot!(off.plan().hints("not released"), @"apply this plan, and then repeat with --enable ada");
    let gone = for_another(settled().gone("new-ada").recreate("ada"), "ada");
    assert_snapshot!(gone.plan().short(), @r"
    4 create user:ada (drift) HELD by drift
    ! not released user:ada: --recreate ada releases nothing here: that the account was deleted in the app is seen by this plan for the first time
    ");
    let taken = for_another(stripped(settled()).enable("ada"), "ada");
    assert_snapshot!(taken.plan().short(), @r"
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    ! not released user:ada: --enable ada releases nothing here: that role admin was taken away in the app is seen by this plan for the first time
    ");
    // As the hint says; also where the plan is about this person only.
    for seen in [off.applied(), off.only("ada").unfinished()] {
        assert!(on(&seen.applied(), "new-ada"));
    }
    // The name that this app's own plan prints works as typed.
    assert!(on(&disabled_by_somebody().enable("ada").applied(), "new-ada"));
}
