//! Rule 14: order, and never fewer than `min_members`.

use insta::assert_snapshot;
use rolecall::model::Guard;
use rolecall::model::ledger::LinkState;

use super::world::{World, world};

#[test]
fn rule_14_the_phases() {
    let mapping = r#"{match: [userName, externalId], attributes: {userName: user.email, externalId: user.id, roles: account.roles, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value": account.ref(user.manager)}}"#;
    let world = world()
        .mapping(mapping)
        .app("roles: {admin: {}, reader: {precedence: 2}}")
        .app("groups: {push: [team]}")
        .yaml(
            "access/g.yaml",
            "groups: {team: {members: [user:new, {member: user:old, expires: 2026-06-01}]}}",
        )
        .person("left", "status: left")
        .person("old", "")
        .person("new", "manager: old")
        .person("moved", "email: moved2@x.example")
        .person("out", "")
        .assign("reader", "user:old, user:new, user:moved")
        .yaml(
            "access/x.yaml",
            "assignments: [{app: hr, role: admin, members: [{member: user:old, expires: 2026-06-10}]}]",
        )
        .completed()
        .managed("admin=admin reader=reader")
        .account("1 userName=left@x.example externalId=left roles=[reader]")
        .link("left 1 roles=[reader]")
        .account("2 userName=old@x.example externalId=old roles=[admin,reader]")
        .link("old 2 roles=[admin,reader]")
        .account("3 userName=moved@x.example externalId=moved roles=[reader,admin]")
        .link("moved 3 roles=[reader]")
        .has("out", "4")
        .group("g1 team: 2")
        .group_link("group:team g1: old");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:left (left)
    1 revoke role user:old/role:admin: admin -> nothing (expiry)
    1 remove member group:team/member:old (expiry)
    3 update user:moved/attribute:username: moved@x.example -> moved2@x.example (config)
    4 create user:new (config)
    7 grant role user:new/role:reader: nothing -> reader (config)
    7 add member group:team/member:new (config)
    8 revoke role user:moved/role:admin: admin -> nothing (drift)
    9 disable user:out (config)
    ");
    assert_snapshot!(world.plan().why("user:old/role:admin"), @"the grant of admin to user:old expired on 2026-06-10, 5 days ago access/x.yaml:1");
    assert_snapshot!(world.plan().why("group:team/member:old"), @"what made user:old a member of group:team expired on 2026-06-01, 14 days ago access/g.yaml:1");
    assert_snapshot!(world.applied().plan().short(), @"");
}

fn makers() -> World {
    world()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {maker: {}, checker: {precedence: 2}}")
        .yaml("access/policy.yaml", "policies: {maker-checker: {conflict: [hr/maker, hr/checker]}}")
        .people(&["ada"])
        .assign("checker", "user:ada")
        .completed()
        .managed("maker=maker checker=checker")
        .account("1 userName=ada@x.example roles=[maker]")
        .link("ada 1 roles=[maker]")
}

#[test]
fn rule_14_a_conflicting_role_goes_before_its_counterpart_comes() {
    assert_snapshot!(makers().plan().short(), @r"
    2 revoke role user:ada/role:maker: maker -> nothing (config)
    7 grant role user:ada/role:checker: nothing -> checker (config)
    ");
    assert_snapshot!(makers().applied().plan().short(), @"");
}

#[test]
fn rule_14_the_counterpart_waits_if_the_revocation_is_held() {
    let world = makers().app("guard: {revoke: 0}");
    assert_snapshot!(world.plan().short(), @r"
    2 revoke role user:ada/role:maker: maker -> nothing (config) HELD by guard:revoke
    7 grant role user:ada/role:checker: nothing -> checker (config) HELD by guard:revoke
    TRIPPED revoke: 1 person, 0 allowed
    ");
    assert_snapshot!(world.plan().why("user:ada/role:checker"), @r"
    user:ada is assigned hr/checker access/assign-1.yaml:1
    held: it waits for the revocation of maker, which is held back
    ");
}

fn payers() -> World {
    makers()
        .yaml(
            "access/pay.yaml",
            "apps: {pay: {connector: scim, url: 'http://127.0.0.1:1/scim', roles: {payer: {}, counter: {group: Counters}}, users: {mapping: accounts}}}",
        )
        .yaml(
            "access/policy.yaml",
            "policies: {two-hands: {conflict: [pay/payer, pay/counter, hr/checker]}}",
        )
}

#[test]
fn rule_14_a_counterpart_in_another_app_has_to_be_gone_first() {
    let free = r"
    7 grant role user:ada/role:checker: nothing -> checker (config)
    8 revoke role user:ada/role:maker: maker -> nothing (config)
    ";
    let lines = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned();
    for gone in
        ["ada 1", "ada 1 roles=[other]", "ada 1 disabled=2026-06-01 roles=[payer]", "bob 1 roles=[payer]"]
    {
        let world = payers().elsewhere("pay", gone);
        assert_eq!(lines(&world.plan().short()), lines(free), "{gone}");
    }
    // An entry that says so, and git does not.
    for kept in
        ["ada 1 disabled=2026-06-01 roles=[payer] by=then", "ada 1 gone=2026-06-01 roles=[payer] by=then"]
    {
        let then =
            payers().yaml("access/pays.yaml", "assignments: [{app: pay, role: payer, members: [user:ada]}]");
        let mut there = payers().elsewhere("pay", kept).commit("then", then);
        let link = there.elsewhere.get_mut("pay").unwrap().users.get_mut("ada").unwrap();
        let (LinkState::Disabled { commit, .. } | LinkState::Gone { commit, .. }) = &mut link.state else {
            panic!("{kept}");
        };
        *commit = None;
        let short = there.plan().short();
        assert!(short.contains("checker (config) HELD by conflict"), "{kept}: {short}");
    }
    let there = payers().elsewhere("pay", "ada 1 roles=[payer]");
    assert_snapshot!(there.plan().short(), @r"
    7 grant role user:ada/role:checker: nothing -> checker (config) HELD by conflict
    8 revoke role user:ada/role:maker: maker -> nothing (config)
    ");
    assert_snapshot!(there.plan().why("user:ada/role:checker"), @r"
    user:ada is assigned hr/checker access/assign-1.yaml:1
    held: ada still has payer in app pay as far as the ledger knows, and the app was not read: a plan made after that is gone gives it
    ");
    let mut member = payers().elsewhere("pay", "ada 1");
    let (key, link) = super::notation::group_link("role:counter g1: ada");
    member.elsewhere.get_mut("pay").unwrap().groups.insert(key, link);
    assert_snapshot!(member.plan().short(), @r"
    7 grant role user:ada/role:checker: nothing -> checker (config) HELD by conflict
    8 revoke role user:ada/role:maker: maker -> nothing (config)
    ");
}

/// Admins a, b and c, of whom two must remain.
fn admins() -> World {
    world()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {admin: {privileged: true}, member: {precedence: 2}}")
        .app("guard: {min_members: {admin: 2}, privileged: 9, revoke_percent: 100, deprovision_percent: 100}")
        .people(&["a", "b", "c", "d"])
        .assign("member", "user:a, user:b, user:c, user:d")
        .yaml(
            "access/admins.yaml",
            "assignments: [{app: hr, role: admin, members: [user:a, user:b, user:c]}]",
        )
        .completed()
        .applied()
        .applied()
}

fn admin_lines(world: World, lines: &str) -> World {
    world.yaml("access/admins.yaml", &format!("assignments: [{{app: hr, role: admin, members: [{lines}]}}]"))
}

#[test]
fn rule_14_min_members_holds_what_would_go_under() {
    assert_snapshot!(admin_lines(admins(), "user:a, user:b").plan().short(), @"8 revoke role user:c/role:admin: admin -> nothing (config) privileged");
    let one = admin_lines(admins(), "user:a");
    assert_snapshot!(one.plan().short(), @r"
    8 revoke role user:b/role:admin: admin -> nothing (config) privileged
    8 revoke role user:c/role:admin: admin -> nothing (config) privileged HELD by guard:min_members
    TRIPPED min_members of role:admin: 1 removal held, at least 2 active holders must remain, 3 now
    ");
    assert_snapshot!(one.plan().why("user:c/role:admin"), @r"
    nothing assigns admin to user:c any more access/hr.yaml:6
    held: c is among the last active holders of role admin; at least 2 must remain
    ");
}

#[test]
fn rule_14_members_of_a_group_that_is_taken_over_hold_the_role() {
    let mut world = world()
        .app("roles: {admin: {privileged: true, group: Admins}}")
        .app("guard: {min_members: {admin: 1}}")
        .people(&["a", "b"])
        .assign("admin", "user:a")
        .completed()
        .applied()
        .applied();
    world.ledger.groups.clear();
    assert_snapshot!(world.person("a", "status: left").plan().short(), @r#"
    1 disable user:a (left)
    6 adopt role:admin: nothing -> Admins (config)
    ! nobody holds a role now role:admin: everybody who held it is declared to have left
    ! groups taken over role:admin: takes over group new-role:admin ("Admins"), which gives a privileged role: 1 member is in it, and nobody is to come
    ! members nobody declared user:a: is a member of role:admin, which this plan takes over, and is not declared to be
    "#);
}

#[test]
fn rule_14_min_members_counts_the_adds_of_the_plan() {
    assert_snapshot!(admin_lines(admins(), "user:a, user:d").plan().short(), @r"
    7 grant role user:d/role:admin: nothing -> admin (config) privileged
    8 revoke role user:b/role:admin: admin -> nothing (config) privileged
    8 revoke role user:c/role:admin: admin -> nothing (config) privileged
    ");
}

#[test]
fn rule_14_min_members_never_delays_leaving_except_of_the_last() {
    let two = admins().person("a", "status: left").person("b", "end: 2026-06-01");
    assert_snapshot!(two.plan().short(), @r"
    1 disable user:a (left)
    1 disable user:b (expiry)
    ");
    let all = two.person("c", "status: suspended").allow("leavers", 3);
    assert_snapshot!(all.plan().short(), @r"
    1 disable user:a (left)
    1 disable user:b (expiry) HELD by guard:min_members
    1 disable user:c (left)
    ! overdue user:b: access ended on 2026-06-01, 14 days ago, and is held back by guard:min_members
    allowed leavers: 3 people, 2 allowed (half of 4)
    TRIPPED min_members of role:admin: 1 removal held, at least 2 active holders must remain, 3 now
    ");
}

#[test]
fn rule_14_min_members_holds_an_expired_role_and_lists_it_as_overdue() {
    let world = admin_lines(
        admins(),
        "user:a, {member: user:b, expires: 2026-06-03}, {member: user:c, expires: 2026-06-05}",
    );
    assert_snapshot!(world.plan().short(), @r"
    1 revoke role user:b/role:admin: admin -> nothing (expiry) privileged
    1 revoke role user:c/role:admin: admin -> nothing (expiry) privileged HELD by guard:min_members
    ! overdue user:c: role admin ended on 2026-06-05, 10 days ago, and is held back by guard:min_members
    TRIPPED min_members of role:admin: 1 removal held, at least 2 active holders must remain, 3 now
    ");
    assert_snapshot!(world.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 4 people declared

    hr  https://hr.example/scim
      1 role to revoke; 1 change held back

      Held for you to decide, not done by apply
        ! c (c Test)  revoke role admin, privileged  (expiry)
            held by guard:min_members: c is among the last active holders of role admin; at least 2 must remain
            because the grant of admin to user:c expired on 2026-06-05, 10 days ago  access/admins.yaml:1

      Losing access: 1 role revoked
        ~ b (b Test)  - revoke role admin, privileged  (expiry)
            because the grant of admin to user:b expired on 2026-06-03, 12 days ago  access/admins.yaml:1

      Guards
        ok       revoke: 2 people, 2 allowed (half of 4)
        TRIPPED  min_members of role:admin: 1 removal held, at least 2 active holders must remain, 3 now
                 c
                 hint: give admin to another person first, or lower `guard.min_members.admin` of app hr

      Overdue (1)
        ! c (c Test): role admin ended on 2026-06-05, 10 days ago, and is held back by guard:min_members  access/admins.yaml:1

    Total: 1 role to revoke; 1 change held back
    ");
}

#[test]
fn rule_14_min_members_counts_undeclared_and_inactive_holders_as_the_app_has_them() {
    let world =
        admins().without("c").drop_yaml("access/assign-0.yaml").assign("member", "user:a, user:b, user:d");
    let mut undeclared = admin_lines(world, "user:a, user:b");
    assert_snapshot!(undeclared.plan().short(), @"9 disable user:c (config)");
    undeclared.things.get_mut("new-a").unwrap().active = false;
    assert_snapshot!(undeclared.plan().short(), @r"
    4 enable user:a (drift) privileged HELD by drift
    9 disable user:c (config) HELD by guard:min_members
    TRIPPED min_members of role:admin: 1 removal held, at least 2 active holders must remain, 2 now
    ");
}

#[test]
fn rule_14_the_old_role_stays_while_a_counterpart_in_another_app_holds_back_the_new_one() {
    let world = payers()
        .mapping("{match: [userName], attributes: {userName: user.email, userType: account.role}}")
        .app_once("roles: {maker: {precedence: 2}, checker: {precedence: 1}}")
        .assign("maker", "user:ada")
        .account("1 userName=ada@x.example userType=maker")
        .elsewhere("pay", "ada 1 roles=[payer]");
    assert_snapshot!(world.plan().short(), @r"
    7 grant role user:ada/role:checker: nothing -> checker (config) HELD by conflict
    8 revoke role user:ada/role:maker: maker -> nothing (config) HELD by conflict
    ");
}

#[test]
fn rule_14_min_members_names_everybody_once() {
    let world = world()
        .people(&["ada", "bob"])
        .app("roles: {admin: {group: Admins}}")
        .app("guard: {min_members: {admin: 2}, privileged: 9, revoke_percent: 100, deprovision_percent: 100}")
        .yaml("access/a.yaml", "assignments: [{app: hr, role: admin, members: [user:ada, user:bob]}]")
        .completed()
        .applied()
        .drop_yaml("access/a.yaml");
    let plan = world.plan();
    let held = plan.app().changes.iter().filter(|change| !change.verdict.is_do());
    assert_eq!(held.count(), 4, "{}", plan.short());
    let mut guards = plan.app().guards.iter();
    let report = guards.find(|guard| guard.guard == Guard::MinMembers).unwrap();
    assert_eq!((report.count, report.first.join(", ")), (2, "ada, bob".to_owned()));
}

#[test]
fn rule_14_who_is_typed_as_out_never_waits_and_a_dated_end_is_said_before() {
    let world =
        admins().person("b", "status: left").person("c", "status: left").person("a", "status: suspended");
    assert_snapshot!(world.allow("leavers", 3).plan().short(), @r"
    1 disable user:a (left)
    1 disable user:b (left)
    1 disable user:c (left)
    ! nobody holds a role now role:admin: everybody who held it is declared to have left
    allowed leavers: 3 people, 2 allowed (half of 4)
    ");
    let soon = admin_lines(admins(), "user:a").person("a", "end: 2026-07-01").allow("revoke", 2);
    assert_snapshot!(soon.plan().short(), @r"
    8 revoke role user:b/role:admin: admin -> nothing (config) privileged
    8 revoke role user:c/role:admin: admin -> nothing (config) privileged HELD by guard:min_members
    ! advice: --allow hr:revoke=2 lets nothing pass: the guard holds nobody in this plan
    ! advice user:a: is the last holder of role admin and ends 2026-07-02 00:00 UTC: the removal will be held until another person holds the role
    TRIPPED min_members of role:admin: 1 removal held, at least 2 active holders must remain, 3 now
    ");
    let later = admin_lines(admins(), "user:a").person("a", "end: 2026-07-20").allow("revoke", 2);
    assert_snapshot!(later.plan().short(), @r"
    8 revoke role user:b/role:admin: admin -> nothing (config) privileged
    8 revoke role user:c/role:admin: admin -> nothing (config) privileged HELD by guard:min_members
    ! advice: --allow hr:revoke=2 lets nothing pass: the guard holds nobody in this plan
    TRIPPED min_members of role:admin: 1 removal held, at least 2 active holders must remain, 3 now
    ");
}

#[test]
fn rule_14_an_account_is_turned_on_before_its_attributes_change() {
    let world = world().person("ada", "title: Analyst").assign("", "user:ada").completed().applied();
    let away = world.person("ada", "title: Analyst, status: suspended").applied();
    let back = away.person("ada", "title: Boss, email: countess@x.example");
    assert_snapshot!(back.plan().short(), @r"
    3 update user:ada/attribute:username: ada@x.example -> countess@x.example (config)
    4 enable user:ada (config)
    5 update user:ada/attribute:title: Analyst -> Boss (config)
    ");
}

/// Only `min_members` holds a dated end: power without it goes with its last holder, and the plan names it.
#[test]
fn rule_14_a_dated_end_of_the_last_holder_waits_only_where_there_is_a_minimum() {
    let last = |guard: &str| {
        let world = world()
            .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
            .app("roles: {admin: {privileged: true}, member: {precedence: 2}}")
            .app(guard)
            .people(&["a", "b", "c"])
            .assign("member", "user:a, user:b, user:c");
        admin_lines(world, "user:a").completed().applied().applied().person("a", "end: 2026-06-01")
    };
    assert_snapshot!(last("guard: {revoke: 9}").plan().short(), @r"
    1 disable user:a (expiry)
    ! nobody holds a role now role:admin: everybody who held it is declared to have left
    ");
    assert_snapshot!(last("guard: {min_members: {admin: 0}}").plan().short(), @r"
    1 disable user:a (expiry)
    ! nobody holds a role now role:admin: everybody who held it is declared to have left
    ");
    let soon = |guard| last(guard).person("a", "end: 2026-07-01").plan().short();
    assert_eq!(soon("guard: {min_members: {admin: 0}}"), "");
    assert!(soon("guard: {min_members: {admin: 1}}").contains("the removal will be held"));
    assert_snapshot!(last("guard: {min_members: {admin: 1}}").plan().short(), @r"
    1 disable user:a (expiry) HELD by guard:min_members
    ! overdue user:a: access ended on 2026-06-01, 14 days ago, and is held back by guard:min_members
    TRIPPED min_members of role:admin: 1 removal held, at least 1 active holder must remain, 1 now
    ");
}

/// A role that is a group goes as a change of its own, with the account.
#[test]
fn rule_14_that_nobody_holds_a_role_is_said_where_it_is_a_group_too() {
    let last = |line: &str| {
        let world = world()
            .app("roles: {admin: {privileged: true, group: Admins}, member: {precedence: 2}}")
            .app("guard: {revoke: 9}")
            .people(&["a", "b", "c"])
            .assign("member", "user:a, user:b, user:c");
        let world = admin_lines(world, "user:a").completed().applied().applied();
        world.person("a", line).plan().short()
    };
    let said = "! nobody holds a role now role:admin: everybody who held it is declared to have left";
    for line in ["status: left", "status: suspended", "end: 2026-06-01", "end: 2025-06-01"] {
        let plan = last(line);
        assert!(plan.contains("disable user:a") && plan.contains(said), "{line}: {plan}");
    }
}
