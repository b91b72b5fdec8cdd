//! Rule 13: drift correction does not undo security's hand.

use insta::assert_snapshot;

use super::world::{World, world};

pub(super) fn settled() -> World {
    world()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {admin: {privileged: true}, member: {}}")
        .people(&["ada"])
        .yaml("access/a.yaml", "assignments: [{app: hr, role: admin, members: [user:ada]}, {app: hr, role: member, members: [user:ada]}]")
        .completed()
        .applied()
        .applied()
}

pub(super) fn disabled_by_somebody() -> World {
    let mut world = settled();
    world.things.get_mut("new-ada").unwrap().active = false;
    world
}

#[test]
fn rule_13_an_account_somebody_else_disabled_is_held() {
    let outcome = disabled_by_somebody().plan();
    assert_snapshot!(outcome.short(), @"4 enable user:ada (drift) privileged HELD by drift");
    assert_snapshot!(outcome.why("user:ada"), @r"
    user:ada is assigned hr/admin access/a.yaml:1
    held: this account was disabled in the app, not by rolecall; --enable ada turns it on, and so does a later change of status, start or end
    ");
}

#[test]
fn rule_13_enable_or_a_change_in_yaml_turns_it_on() {
    assert_snapshot!(disabled_by_somebody().applied().enable("ada").plan().short(), @r"
    4 enable user:ada (config) privileged
    ! turned on again user:ada: account new-ada of ada is turned on again because of --enable ada
    ");
    // An edit that was made before the ledger saw the account off is no decision about that.
    let before = disabled_by_somebody().person("ada", "end: 2027-01-01");
    assert_snapshot!(before.plan().short(), @"4 enable user:ada (drift) privileged HELD by drift");
    let seen = disabled_by_somebody().applied();
    let changed = seen.clone().person("ada", "end: 2027-01-01");
    assert_snapshot!(changed.plan().short(), @r"
    4 enable user:ada (config) privileged
    ! turned on again user:ada: account new-ada of ada is turned on again because of an edit of its person's lines
    ");
    assert_snapshot!(changed.applied().plan().short(), @"");
    let suspended = seen.clone().person("ada", "status: suspended").applied();
    assert_snapshot!(suspended.person("ada", "").plan().short(), @r"
    4 enable user:ada (config) privileged
    ! turned on again user:ada: account new-ada of ada was disabled on 2026-06-15, today, and is turned on again because of an edit of its person's lines
    ");
    // A change of the person's other grants, or of everybody's, releases nobody.
    let grants =
        seen.clone().yaml("access/a.yaml", "assignments: [{app: hr, role: member, members: [user:ada]}]");
    assert_snapshot!(grants.plan().short(), @"! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada");
    let title = seen.clone().person("ada", "title: Boss").app("labels: {env: prod}");
    assert_snapshot!(title.plan().short(), @"! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada");
    // An entry that was edited or copied releases nobody.
    let mut edited = seen;
    let entry = edited.ledger.interventions.values_mut().next().unwrap();
    entry.lines = "00000000000000aa".parse().unwrap();
    assert_snapshot!(edited.plan().short(), @"! left as another hand left it: 1 account stays off, because it was disabled in the app, first seen on 2026-06-15, today: ada");
}

/// Two people who have what a group gives; another hand has turned one account off.
fn one_of_all_disabled() -> World {
    let mut world = world()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {member: {}, viewer: {}}")
        .people(&["ada", "bob"])
        .yaml("access/all.yaml", "groups: {all: {members: [user:ada, user:bob]}}")
        .yaml("access/a.yaml", "assignments: [{app: hr, role: member, members: [group:all]}]")
        .completed()
        .applied()
        .applied();
    world.things.get_mut("new-ada").unwrap().active = false;
    world
}

#[test]
fn rule_13_a_change_for_everybody_turns_nobody_on() {
    let line = |line: &str| ("access/a.yaml", format!("assignments: [{line}]"));
    let changes = [
        line("{app: hr, role: member, members: [group:all]}, {app: hr, role: viewer, members: [group:all]}"),
        line("{app: hr, role: viewer, members: [group:all]}"),
        line("{app: hr, role: member, members: [{member: group:all, expires: 2027-01-01}]}"),
        line("{app: hr, role: member, members: [{member: group:all, start: 2026-06-01}]}"),
        (
            "access/all.yaml",
            "groups: {all: {members: [user:ada, user:bob], rule: has(user.title)}}".to_owned(),
        ),
    ];
    for (file, text) in changes {
        // The commit may be older than the disabling, and be applied later.
        let pending = one_of_all_disabled().yaml(file, &text).plan().short();
        assert!(pending.contains("4 enable user:ada (drift) HELD by drift"), "{text}: {pending}");
        let seen = one_of_all_disabled().applied().yaml(file, &text).plan().short();
        assert!(seen.contains("! left as another hand left it: 1 account stays off"), "{text}: {seen}");
        assert!(!seen.contains("enable user:ada"), "{text}: {seen}");
    }
}

#[test]
fn rule_13_an_account_that_is_on_again_is_not_held_any_more() {
    let mut seen = disabled_by_somebody().applied();
    assert_eq!(seen.ledger.interventions.len(), 1);
    seen.things.get_mut("new-ada").unwrap().active = true;
    let on = seen.applied();
    assert!(on.ledger.interventions.is_empty());
    assert_snapshot!(on.plan().short(), @"");
}

#[test]
fn rule_13_an_app_may_turn_idle_accounts_off() {
    let idle = disabled_by_somebody().app("drift: {activity: report}");
    assert_snapshot!(idle.plan().short(), @"! drift, left as it is user:ada: the account was disabled in the app");
    assert_snapshot!(idle.enable("ada").plan().short(), @r"
    4 enable user:ada (config) privileged
    ! turned on again user:ada: account new-ada of ada is turned on again because of --enable ada
    ");
}

#[test]
fn rule_13_a_leaver_whose_account_is_on_again_comes_first() {
    let mut left = settled().person("ada", "status: left").applied();
    left.things.get_mut("new-ada").unwrap().active = true;
    assert_snapshot!(left.plan().short(), @r"
    1 disable user:ada (left)
    ! nobody holds a role now role:admin: everybody who held it is declared to have left
    ! on again user:ada: rolecall disabled account new-ada on 2026-06-15, today, and it is on again
    ");
    assert!(left.plan().app().is_partial());
}

#[test]
fn rule_13_what_we_disabled_we_turn_on_again() {
    let suspended = settled().person("ada", "status: suspended").applied();
    assert!(!suspended.things["new-ada"].active);
    assert_snapshot!(suspended.plan().short(), @"");
    assert_snapshot!(suspended.person("ada", "").plan().short(), @"4 enable user:ada (config) privileged");
}

pub(super) fn stripped() -> World {
    let mut world = settled();
    let roles = rolecall::model::Value::List(vec![]);
    world.things.get_mut("new-ada").unwrap().values.insert("roles".into(), roles);
    world
}

#[test]
fn rule_13_a_privileged_role_somebody_else_took_away_is_held() {
    let outcome = stripped().plan();
    assert_snapshot!(outcome.short(), @r"
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    7 grant role user:ada/role:member: nothing -> member (drift)
    ");
    assert_snapshot!(outcome.why("user:ada/role:admin"), @r"
    user:ada is assigned hr/admin access/a.yaml:1
    held: this privileged role was taken away in the app, not by rolecall; --enable ada gives it back, and so does a later change of a line that names ada and leads to it
    ");
    assert_snapshot!(stripped().applied().enable("ada").plan().short(), @r"
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged
    ! given again user:ada: role admin of ada was taken away in the app, and is given again because of --enable ada
    ");
    let seen = stripped().applied();
    assert_snapshot!(seen.clone().person("ada", "end: 2027-01-01").plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (admin)");
    let line = "{app: hr, role: admin, members: [{member: user:ada, expires: 2027-01-01}]}";
    let line = format!("assignments: [{line}, {{app: hr, role: member, members: [user:ada]}}]");
    assert_snapshot!(seen.yaml("access/a.yaml", &line).plan().short(), @r"
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged
    ! given again user:ada: role admin of ada was taken away in the app, and is given again because of an edit of a line that names the person and leads to it
    ");
    assert_snapshot!(stripped().app("drift: report").plan().short(), @r"
    ! drift, left as it is user:ada: lost role admin in the app
    ! drift, left as it is user:ada: lost role member in the app
    ");
}

#[test]
fn rule_13_a_privileged_role_that_is_a_group() {
    let world = world()
        .people(&["ada", "bob"])
        .app("roles: {auditor: {group: Auditors, privileged: true}}")
        .assign("auditor", "user:ada, user:bob")
        .completed()
        .applied()
        .applied();
    let mut stripped = world;
    stripped.things.get_mut("new-role:auditor").unwrap().members.as_mut().unwrap().clear();
    assert_snapshot!(stripped.plan().short(), @r"
    7 grant role user:ada/role:auditor: nothing -> auditor (drift) privileged HELD by drift
    7 grant role user:bob/role:auditor: nothing -> auditor (drift) privileged HELD by drift
    ");
}

#[test]
fn rule_13_access_gained_by_drift_is_taken_away_and_named() {
    let mut world = settled()
        .yaml("access/a.yaml", "assignments: [{app: hr, role: member, members: [user:ada]}]")
        .allow("privileged", 1)
        .applied();
    let roles = rolecall::model::Value::List(vec!["member".into(), "admin".into()]);
    world.things.get_mut("new-ada").unwrap().values.insert("roles".into(), roles);
    assert_snapshot!(world.plan().short(), @r"
    8 revoke role user:ada/role:admin: admin -> nothing (drift) privileged
    ! advice: --allow hr:privileged=1 lets nothing pass: the guard holds nobody in this plan
    ");
}

#[test]
fn rule_13_an_account_somebody_else_deleted_is_held() {
    let world = settled().gone("new-ada");
    assert_snapshot!(world.plan().short(), @"4 create user:ada (drift) HELD by drift");
    assert_snapshot!(world.plan().why("user:ada"), @r"
    user:ada is assigned hr/admin access/a.yaml:1
    held: account new-ada was deleted in the app, not by rolecall; --recreate ada makes a new one, and so does a later change of status, start or end
    ");
    assert_snapshot!(world.applied().plan().short(), @"! left as another hand left it: 1 account is not made again, because it was deleted in the app, first seen on 2026-06-15, today: ada");
    assert_snapshot!(world.applied().plan().hints("left as another hand left it"), @"`--recreate USER` makes one again, and so does a change of the person's status, start or end");
    assert_snapshot!(world.applied().recreate("ada").plan().short(), @r"
    4 create user:ada (drift)
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    7 grant role user:ada/role:member: nothing -> member (drift)
    ! turned on again user:ada: account new-ada of ada was deleted in the app, and another one is made because of --recreate ada
    ");
    assert_snapshot!(world.applied().person("ada", "start: 2026-06-01").plan().short(), @r"
    4 create user:ada (drift)
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    7 grant role user:ada/role:member: nothing -> member (drift)
    ! turned on again user:ada: account new-ada of ada was deleted in the app, and another one is made because of an edit of its person's lines
    ");
    assert_snapshot!(world.app("drift: report").plan().short(), @"! drift, left as it is user:ada: account new-ada is gone from the app");
}

/// Like `settled`, with the extra `lines`: the second apply finds nothing to change.
fn windowed(person: &str, lines: &str) -> World {
    settled()
        .app_once("roles: {admin: {privileged: true}, member: {}, third: {}}")
        .person("ada", person)
        .yaml("access/b.yaml", &format!("groups: {{late: {{members: [{{member: user:ada, expires: 2026-06-20}}], rule: has(user.title) && user.title == \"Boss\"}}}}\nassignments: [{lines}]"))
        .applied()
        .applied()
}

#[test]
fn rule_13_time_alone_gives_nothing_back() {
    let cases = [
        ("", "{app: hr, role: third, members: [{member: user:ada, expires: 2026-06-20}]}"),
        ("", "{app: hr, role: third, members: [{member: user:ada, start: 2026-06-20}]}"),
        ("", "{app: hr, role: third, members: [group:late]}"),
        ("", "{app: hr, role: third, members: [{member: group:late, start: 2026-06-16}]}"),
        (
            "start: 2026-06-01, title: Boss",
            "{app: hr, role: third, members: [{member: group:late, start: 2026-06-18, expires: 2026-06-19}]}",
        ),
    ];
    for (person, lines) in cases {
        let world = windowed(person, lines);
        let mut disabled = world.clone();
        disabled.things.get_mut("new-ada").unwrap().active = false;
        let mut stripped = world.clone();
        stripped.things.get_mut("new-ada").unwrap().values.remove("roles");
        for day in ["2026-06-15", "2026-06-18", "2026-06-19", "2026-06-25"] {
            let told = disabled.clone().at(day).plan().short();
            assert_eq!(told.trim(), "4 enable user:ada (drift) privileged HELD by drift", "{lines} at {day}");
            let told = stripped.clone().at(day).plan().short();
            assert!(
                told.contains("role:admin: nothing -> admin (drift) privileged HELD by drift"),
                "{lines} at {day}: {told}"
            );
        }
        // So it is with what the ledger knows by then, while other lines are edited.
        for seen in [&disabled, &stripped] {
            let seen = seen.applied().people(&["bob"]);
            for day in ["2026-06-16", "2026-06-18", "2026-06-19", "2026-06-25"] {
                let told = seen.clone().at(day).plan().short();
                assert!(told.contains("! left as another hand left it: 1 "), "{lines} at {day}: {told}");
                assert!(!told.contains("enable") && !told.contains("role:admin"), "{lines} at {day}: {told}");
            }
        }
        let renewed = disabled.applied().person("ada", "end: 2026-12-31");
        let told = renewed.at("2026-06-25").plan().short();
        assert!(told.contains("4 enable user:ada (config) privileged\n"), "{lines}: {told}");
    }
}

pub(super) fn auditors() -> World {
    world()
        .people(&["ada"])
        .app("roles: {auditor: {group: Auditors, privileged: true}}")
        .assign("auditor", "user:ada")
        .completed()
        .applied()
        .applied()
}

#[test]
fn rule_13_an_account_that_is_made_again_gets_back_nothing_privileged() {
    let mut again = settled().gone("new-ada").applied().recreate("ada").applied();
    for _ in 0..3 {
        again = again.applied();
        let told = again.plan().short();
        assert!(told.starts_with("! left as another hand left it: 1 privileged role"), "{told}");
    }
    assert_eq!(again.clone().enable("ada").applied().plan().short(), "");
    let declared = again.person("ada", "status: left").applied();
    let back = declared.person("ada", "").plan().short();
    assert!(back.contains("enable user:ada (config)"), "{back}");
    assert!(!back.contains("role:admin") && back.contains("ada (admin)"), "{back}");
}

#[test]
fn rule_13_a_privileged_group_or_its_member_that_is_made_again_gets_back_nothing() {
    let mut account = auditors().gone("new-ada");
    account.things.get_mut("new-role:auditor").unwrap().members.as_mut().unwrap().clear();
    for world in [account.applied().recreate("ada").applied(), auditors().gone("new-role:auditor").applied()]
    {
        let told = world.applied().plan().short();
        assert!(told.starts_with("! left as another hand left it: 1 privileged role"), "{told}");
        assert_eq!(world.enable("ada").applied().plan().short(), "");
    }
}

#[test]
fn rule_13_an_account_somebody_made_again_gets_back_nothing_privileged() {
    let again = |world: World| world.gone("new-ada").account("9 userName=ada@x.example externalId=ada");
    let told = again(settled()).plan().short();
    assert!(told.contains("role:admin: nothing -> admin (drift) privileged HELD by drift"), "{told}");
    assert!(told.contains("role:member: nothing -> member (drift)\n"), "{told}");
    assert_snapshot!(again(settled()).applied().plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (admin)");
    let mut group = again(auditors());
    group.things.get_mut("new-role:auditor").unwrap().members.as_mut().unwrap().clear();
    let told = group.applied().plan().short();
    assert!(told.starts_with("! left as another hand left it: 1 privileged role"), "{told}");
}

#[test]
fn rule_13_somebody_who_left_and_returns_gets_what_is_declared() {
    for (world, role) in [(settled(), "admin"), (auditors(), "auditor")] {
        let mut gone = world.person("ada", "status: left").applied().gone("new-ada");
        for thing in gone.things.values_mut() {
            thing.members.iter_mut().for_each(std::collections::BTreeSet::clear);
        }
        let back = gone.applied().person("ada", "").plan().short();
        assert!(back.contains("4 create user:ada (config)"), "{back}");
        let granted = format!("role:{role}: nothing -> {role} (config) privileged\n");
        assert!(back.contains(&granted), "{back}");
    }
}

/// Three people whose accounts are off, gone or without a privileged role by another hand, of four.
fn of_four(world: impl Fn(World, &str) -> World) -> World {
    let people = ["ada", "bob", "eve", "kim"];
    let company = people.iter().fold(settled(), |company, id| {
        let lines = format!("assignments: [{{app: hr, role: member, members: [user:{id}]}}]");
        company.person(id, "").yaml(&format!("access/{id}.yaml"), &lines)
    });
    let company = company.allow("gain", 9).applied().applied();
    people[1..].iter().fold(company, |company, id| world(company, id))
}

fn off(mut world: World, id: &str) -> World {
    world.things.get_mut(&format!("new-{id}")).unwrap().active = false;
    world
}

#[test]
fn rule_13_many_accounts_are_released_by_their_number() {
    let off = of_four(off);
    assert_snapshot!(off.plan().short(), @r"
    4 enable user:bob (drift) HELD by drift
    4 enable user:eve (drift) HELD by drift
    4 enable user:kim (drift) HELD by drift
    ! advice: --allow hr:gain=9 lets nothing pass: the guard holds nobody in this plan
    ");
    assert_snapshot!(off.plan().why("user:bob"), @r"
    user:bob is assigned hr/member access/bob.yaml:1
    held: this account was disabled in the app, not by rolecall; --enable hr=3 turns all 3 on, --enable USER one of them; so does a later change of the person's status, start or end
    ");
    assert_snapshot!(off.clone().enable_all(3).plan().short(), @r"
    4 enable user:bob (config)
    4 enable user:eve (config)
    4 enable user:kim (config)
    ! turned on again user:bob: account new-bob of bob is turned on again because of --enable hr=3
    ! turned on again user:eve: account new-eve of eve is turned on again because of --enable hr=3
    ! turned on again user:kim: account new-kim of kim is turned on again because of --enable hr=3
    ! advice: --allow hr:gain=9 lets nothing pass: the guard holds nobody in this plan
    ");
    // A wrong number releases nobody, and the right one is named.
    assert_snapshot!(off.clone().enable_all(2).plan().short(), @r"
    4 enable user:bob (drift) HELD by drift
    4 enable user:eve (drift) HELD by drift
    4 enable user:kim (drift) HELD by drift
    ! not released: --enable hr=2 releases nobody: 3 accounts are held as disabled in the app
    ! advice: --allow hr:gain=9 lets nothing pass: the guard holds nobody in this plan
    ");
    assert_snapshot!(off.clone().enable_all(2).plan().hints("not released"), @r"if all of them are meant, repeat with --enable hr=3");
    // Those who are known and those who are new are one number.
    let known = off.clone().applied();
    assert_snapshot!(known.plan().hints("left as another hand left it"), @r"`--enable hr=3` turns all 3 on, `--enable USER` one of them; so does a change of the person's status, start or end");
    let mut later = known;
    later.things.get_mut("new-ada").unwrap().active = false;
    assert_snapshot!(later.plan().hints("left as another hand left it"), @r"`--enable hr=4` turns all 4 on, `--enable USER` one of them; so does a change of the person's status, start or end");
    assert_eq!(later.clone().enable_all(4).plan().app().to_do().count(), 4);
    assert_eq!(later.clone().enable_all(3).plan().app().to_do().count(), 0);
    // A person who is named is not counted; a plan about one person counts that person alone.
    assert_eq!(later.clone().enable("eve").enable_all(3).plan().app().to_do().count(), 4);
    let one = later.only("bob");
    assert_snapshot!(one.clone().enable_all(4).plan().short(), @r"
    ! not released: --enable hr=4 releases nobody: 1 account is held as disabled in the app
    ! advice: --allow hr:gain=9 lets nothing pass: the guard holds nobody in this plan
    ");
    assert_eq!(one.enable_all(1).plan().app().to_do().count(), 1);
    // Nobody is held: the number has nothing to do.
    assert_snapshot!(settled().enable_all(3).plan().short(), @r"! advice: --enable hr=3 releases nobody: no account is held as disabled in the app");
}

#[test]
fn rule_13_many_deleted_accounts_are_made_again_by_their_number() {
    let gone = of_four(|world, id| world.gone(&format!("new-{id}")));
    assert_snapshot!(gone.plan().short(), @r"
    4 create user:bob (drift) HELD by drift
    4 create user:eve (drift) HELD by drift
    4 create user:kim (drift) HELD by drift
    ! advice: --allow hr:gain=9 lets nothing pass: the guard holds nobody in this plan
    ");
    assert_snapshot!(gone.plan().why("user:bob"), @r"
    user:bob is assigned hr/member access/bob.yaml:1
    held: these accounts were deleted in the app, not by rolecall; --recreate hr=3 makes all 3 again, --recreate USER one of them; so does a later change of the person's status, start or end
    ");
    assert_snapshot!(gone.clone().recreate_all(3).plan().short(), @r"
    4 create user:bob (drift)
    4 create user:eve (drift)
    4 create user:kim (drift)
    7 grant role user:bob/role:member: nothing -> member (drift)
    7 grant role user:eve/role:member: nothing -> member (drift)
    7 grant role user:kim/role:member: nothing -> member (drift)
    ! turned on again user:bob: account new-bob of bob was deleted in the app, and another one is made because of --recreate hr=3
    ! turned on again user:eve: account new-eve of eve was deleted in the app, and another one is made because of --recreate hr=3
    ! turned on again user:kim: account new-kim of kim was deleted in the app, and another one is made because of --recreate hr=3
    ! advice: --allow hr:gain=9 lets nothing pass: the guard holds nobody in this plan
    ");
    assert_snapshot!(gone.clone().recreate_all(4).plan().hints("not released"), @r"if all of them are meant, repeat with --recreate hr=3");
    assert_eq!(gone.clone().enable_all(3).plan().app().to_do().count(), 0);
    // A person has named the number: `create` does not ask for it once more.
    let strict = gone.app("guard: {create: 0}");
    assert_snapshot!(strict.clone().recreate_all(3).plan().short(), @r"
    4 create user:bob (drift)
    4 create user:eve (drift)
    4 create user:kim (drift)
    7 grant role user:bob/role:member: nothing -> member (drift)
    7 grant role user:eve/role:member: nothing -> member (drift)
    7 grant role user:kim/role:member: nothing -> member (drift)
    ! turned on again user:bob: account new-bob of bob was deleted in the app, and another one is made because of --recreate hr=3
    ! turned on again user:eve: account new-eve of eve was deleted in the app, and another one is made because of --recreate hr=3
    ! turned on again user:kim: account new-kim of kim was deleted in the app, and another one is made because of --recreate hr=3
    ! advice: --allow hr:gain=9 lets nothing pass: the guard holds nobody in this plan
    ");
}

#[test]
fn rule_13_a_number_gives_no_power_back() {
    let mut world = settled();
    world.things.get_mut("new-ada").unwrap().values.remove("roles");
    assert!(
        world
            .clone()
            .enable_all(1)
            .plan()
            .short()
            .contains("role:admin: nothing -> admin (drift) privileged HELD")
    );
}
