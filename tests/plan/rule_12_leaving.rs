//! Rule 12: declared leaving is not absence.

use insta::assert_snapshot;

use super::world::{World, time, world};

fn ten() -> World {
    (0..10).fold(world().completed().app("guard: {deprovision: 2}"), |world, number| {
        let id = format!("p{number}");
        let file = format!("access/p-{id}.yaml");
        world
            .person(&id, "")
            .yaml(&file, &format!("assignments: [{{app: hr, members: [user:{id}]}}]"))
            .has(&id, &number.to_string())
    })
}

#[test]
fn rule_12_leavers_have_their_own_budget() {
    let world = (0..6).fold(ten(), |world, number| world.person(&format!("p{number}"), "status: left"));
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:p0 (left) HELD by guard:leavers
    1 disable user:p1 (left) HELD by guard:leavers
    1 disable user:p2 (left) HELD by guard:leavers
    1 disable user:p3 (left) HELD by guard:leavers
    1 disable user:p4 (left) HELD by guard:leavers
    1 disable user:p5 (left) HELD by guard:leavers
    TRIPPED leavers: 6 people, 5 allowed
    ");
    assert_snapshot!(world.plan().why("user:p0"), @r"
    user:p0 is declared left access/people.yaml:2
    held: leavers: 6 people, 5 allowed
    ");
    let limited = world.app_once("guard: {leavers: 6}");
    assert_snapshot!(limited.plan().short(), @r"
    1 disable user:p0 (left) HELD by guard:leavers
    1 disable user:p1 (left) HELD by guard:leavers
    1 disable user:p2 (left) HELD by guard:leavers
    1 disable user:p3 (left) HELD by guard:leavers
    1 disable user:p4 (left) HELD by guard:leavers
    1 disable user:p5 (left) HELD by guard:leavers
    TRIPPED leavers: 6 people, 5 allowed (half of 10)
    ");
}

#[test]
fn rule_12_one_leaver_alone_passes_whatever_the_limit() {
    let limited = ten().app_once("guard: {leavers: 0}");
    let one = limited.clone().person("p0", "status: left");
    assert_snapshot!(one.plan().short(), @"1 disable user:p0 (left)");
    let two = one.person("p1", "status: left");
    assert_snapshot!(two.plan().short(), @r"
    1 disable user:p0 (left) HELD by guard:leavers
    1 disable user:p1 (left) HELD by guard:leavers
    TRIPPED leavers: 2 people, 1 allowed
    ");
}

#[test]
fn rule_12_a_tripped_guard_holds_implicit_removals_only() {
    let world = ten()
        .person("p0", "status: left")
        .person("p1", "end: 2026-06-14")
        .person("p2", "status: suspended")
        .yaml(
            "access/p-p3.yaml",
            "assignments: [{app: hr, members: [{member: user:p3, expires: 2026-06-14}]}]",
        )
        .without("p4")
        .drop_yaml("access/p-p4.yaml")
        .drop_yaml("access/p-p5.yaml")
        .app("users: {filter: user.id != \"p6\"}")
        .person("p7", "title: New");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:p0 (left)
    1 disable user:p1 (expiry)
    1 disable user:p2 (left)
    1 disable user:p3 (expiry)
    3 update user:p7/attribute:title: nothing -> New (config)
    9 disable user:p4 (config) HELD by guard:deprovision
    9 disable user:p5 (config) HELD by guard:deprovision
    9 disable user:p6 (config) HELD by guard:deprovision
    TRIPPED deprovision: 3 people, 2 allowed
    ");
    for id in ["p1", "p3", "p4", "p5", "p6"] {
        let reasons = world.plan().why(&format!("user:{id}"));
        assert!(!reasons.is_empty(), "{id}");
    }
    assert_snapshot!(world.plan().why("user:p3"), @"what assigned user:p3 expired on 2026-06-14, 1 day ago access/p-p3.yaml:1");
    assert_snapshot!(world.plan().why("user:p5"), @r"
    user:p5 is not assigned access/people.yaml:6
    held: deprovision: 3 people, 2 allowed
    ");
    assert_snapshot!(world.plan().why("user:p6"), @r"
    the filter leaves out user:p6 access/hr.yaml:7
    held: deprovision: 3 people, 2 allowed
    ");
}

/// All people of `ten` have a second assignment, which ended long ago.
fn covered_before() -> World {
    (0..10).fold(ten(), |world, number| {
        let line =
            format!("assignments: [{{app: hr, members: [{{member: user:p{number}, expires: 2026-01-31}}]}}]");
        world.yaml(&format!("access/old-p{number}.yaml"), &line)
    })
}

fn without_lines(world: World) -> World {
    (0..4).fold(world, |world, number| world.drop_yaml(&format!("access/p-p{number}.yaml")))
}

#[test]
fn rule_12_an_end_of_long_ago_declares_nothing_that_is_lost_today() {
    let world = covered_before().applied();
    assert_snapshot!(world.plan().short(), @"");
    let lost = without_lines(world);
    assert_snapshot!(lost.plan().short(), @r"
    9 disable user:p0 (config) HELD by guard:deprovision
    9 disable user:p1 (config) HELD by guard:deprovision
    9 disable user:p2 (config) HELD by guard:deprovision
    9 disable user:p3 (config) HELD by guard:deprovision
    TRIPPED deprovision: 4 people, 2 allowed
    ");
    assert_snapshot!(lost.plan().why("user:p0"), @r"
    user:p0 is not assigned access/people.yaml:2
    held: deprovision: 4 people, 2 allowed
    ");
}

#[test]
fn rule_12_a_line_that_just_ended_is_declared_however_often_it_is_tried() {
    let ended = |world: World, number: usize| {
        let line =
            format!("assignments: [{{app: hr, members: [{{member: user:p{number}, expires: 2026-06-14}}]}}]");
        world.yaml(&format!("access/p-p{number}.yaml"), &line)
    };
    let world = (0..4).fold(covered_before().applied(), ended);
    let lost = (4..8).fold(world, |world, number| world.drop_yaml(&format!("access/p-p{number}.yaml")));
    let first = lost.plan().short();
    assert_snapshot!(first, @r"
    1 disable user:p0 (expiry)
    1 disable user:p1 (expiry)
    1 disable user:p2 (expiry)
    1 disable user:p3 (expiry)
    9 disable user:p4 (config) HELD by guard:deprovision
    9 disable user:p5 (config) HELD by guard:deprovision
    9 disable user:p6 (config) HELD by guard:deprovision
    9 disable user:p7 (config) HELD by guard:deprovision
    TRIPPED deprovision: 4 people, 2 allowed
    ");
    // The ledger after a run whose disables failed.
    let mut again = lost.clone();
    for update in lost.plan().app().work.observed.clone() {
        again.ledger.fold(update);
    }
    assert_eq!(again.plan().short(), first);
}

#[test]
fn rule_12_an_end_of_long_ago_declares_no_loss_of_a_role_or_membership() {
    let old = "expires: 2026-01-31";
    let world = makers()
        .person("bob", "")
        .app("groups: {push: [team]}")
        .yaml("access/g.yaml", "groups: {all: {members: [user:ada]}, old: {members: [user:ada]}, team: {members: [group:all, {member: group:old, expires: 2026-01-31}]}}")
        .assign("maker", &format!("{{member: user:ada, {old}}}"))
        .assign("maker", "group:all")
        .assign("reader", "user:ada, user:bob")
        .account("1 userName=ada@x.example roles=[maker,reader]")
        .link("ada 1 roles=[maker,reader]")
        .account("2 userName=bob@x.example roles=[reader]")
        .link("bob 2 roles=[reader]")
        .group("g1 team: 1")
        .group_link("group:team g1: ada")
        .applied();
    assert_snapshot!(world.plan().short(), @"");
    let lost = world.yaml("access/g.yaml", "groups: {all: {members: [user:bob]}, old: {members: [user:ada]}, team: {members: [group:all, {member: group:old, expires: 2026-01-31}]}}");
    assert_snapshot!(lost.plan().short(), @r"
    7 grant role user:bob/role:maker: nothing -> maker (config)
    7 add member group:team/member:bob (config)
    8 revoke role user:ada/role:maker: maker -> nothing (config)
    8 remove member group:team/member:ada (config)
    ");
    assert_snapshot!(lost.plan().why("user:ada/role:maker"), @"nothing assigns maker to user:ada any more access/hr.yaml:6");
}

fn makers() -> World {
    world()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {maker: {}, checker: {precedence: 2}, reader: {precedence: 3}}")
        .yaml("access/policy.yaml", "policies: {maker-checker: {conflict: [hr/maker, hr/checker]}}")
        .people(&["ada"])
        .completed()
        .managed("maker=maker checker=checker reader=reader")
}

#[test]
fn rule_12_a_policy_holds_back_grants_never_a_removal() {
    let world = makers()
        .assign("maker", "user:ada")
        .assign("checker", "user:ada")
        .account("1 userName=ada@x.example roles=[maker,reader]")
        .link("ada 1 roles=[maker,reader]");
    assert_snapshot!(world.plan().short(), @r"
    7 grant role user:ada/role:checker: nothing -> checker (config) HELD by policy:maker-checker
    8 revoke role user:ada/role:reader: reader -> nothing (config)
    ");
    assert_snapshot!(world.plan().why("user:ada/role:checker"), @r"
    user:ada is assigned hr/checker access/assign-2.yaml:1
    held: policy maker-checker forbids ada to hold hr/checker beside hr/maker: take one of them away in the repository
    ");
    assert_snapshot!(world.findings(), @r"
    Policy access/policy.yaml:1 policy-conflict: ada would hold hr/maker and hr/checker, which policy maker-checker forbids
      hint: take one of them away; until then none of them is granted, and what is there stays
    ");
}

#[test]
fn rule_12_a_policy_holds_back_the_grants_of_a_new_account() {
    let world =
        makers().assign("maker", "user:ada").assign("checker", "user:ada").assign("reader", "user:ada");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:ada (config)
    7 grant role user:ada/role:checker: nothing -> checker (config) HELD by policy:maker-checker
    7 grant role user:ada/role:maker: nothing -> maker (config) HELD by policy:maker-checker
    7 grant role user:ada/role:reader: nothing -> reader (config)
    ");
}

#[test]
fn rule_12_a_policy_across_apps_holds_back_both() {
    let world = makers()
        .yaml(
            "access/pay.yaml",
            "apps: {pay: {connector: scim, url: 'http://127.0.0.1:1/scim', roles: {payer: {}}, users: {mapping: accounts}}}\nassignments: [{app: pay, role: payer, members: [user:ada]}]",
        )
        .yaml("access/policy.yaml", "policies: {two-hands: {conflict: [hr/maker, pay/payer]}}")
        .assign("maker", "user:ada");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:ada (config)
    7 grant role user:ada/role:maker: nothing -> maker (config) HELD by policy:two-hands
    ");
    assert_snapshot!(world.findings(), @r"
    Policy access/policy.yaml:1 policy-conflict: ada would hold hr/maker and pay/payer, which policy two-hands forbids
      hint: take one of them away; until then none of them is granted, and what is there stays
    ");
}

/// Twenty people in files that were applied on 2026-06-14; six of them have this.
fn six_of_twenty(then: &str, now: &str) -> World {
    let company = |more: &str| {
        let accounts = (0..20).fold(world().completed(), |world, number| {
            let id = format!("p{number:02}");
            world
                .person(&id, if number < 6 { more } else { "" })
                .assign("", &format!("user:{id}"))
                .has(&id, &number.to_string())
        });
        accounts.applied_people("20")
    };
    company(now).before(company(then))
}

#[test]
fn rule_12_a_date_lapses_only_if_it_went_by() {
    let guards = |then: &str, now: &str| six_of_twenty(then, now).plan().guards();
    // It stood in the files when they were applied, before its instant.
    assert_snapshot!(guards("end: 2026-06-14", "end: 2026-06-14"), @"");
    // It was typed when it was over: a wrong year, or a day that nobody saw go by.
    assert_snapshot!(guards("", "end: 2025-12-31"), @"TRIPPED leavers: 6 people, 5 allowed [--allow 6]");
    assert_snapshot!(guards("", "end: 2026-06-14"), @"TRIPPED leavers: 6 people, 5 allowed [--allow 6]");
    assert_snapshot!(guards("end: 2027-06-14", "end: 2026-06-14"), @"TRIPPED leavers: 6 people, 5 allowed [--allow 6]");
}

/// Of a commit that cannot be read nobody knows which dates stood there.
#[test]
fn rule_12_a_date_is_typed_if_the_applied_commit_cannot_be_read() {
    let world = six_of_twenty("end: 2026-06-14", "end: 2026-06-14");
    assert_snapshot!(world.clone().unreadable("before").plan().guards(), @"TRIPPED leavers: 6 people, 5 allowed [--allow 6]");
    // These are the files of that commit.
    let mut same = world;
    same.now = "before".to_owned();
    assert_snapshot!(same.plan().guards(), @"");
}

#[test]
fn rule_12_an_expiry_lapses_only_if_it_went_by() {
    let company = |inner: &str, outer: &str| {
        let members: Vec<_> = (0..20).map(|number| format!("user:p{number:02}")).collect();
        let file = format!(
            "groups: {{inner: {{members: [{}]}}, outer: {{members: [{{member: group:inner{inner}}}]}}}}",
            members.join(", ")
        );
        let accounts = (0..20).fold(world().completed(), |world, number| {
            let id = format!("p{number:02}");
            world.person(&id, "").has(&id, &number.to_string())
        });
        let accounts = accounts.yaml("access/g.yaml", &file);
        accounts.assign("", &format!("{{member: group:outer{outer}}}")).applied_people("20")
    };
    let now = ", expires: 2026-06-14";
    let guards = |world: World, then: World| world.before(then).plan().guards();
    assert_snapshot!(guards(company("", now), company("", now)), @"");
    assert_snapshot!(guards(company(now, ""), company(now, "")), @"");
    assert_snapshot!(guards(company("", now), company("", "")), @"TRIPPED leavers: 20 people, 5 allowed [--allow 20]");
    assert_snapshot!(guards(company(now, ""), company("", ", expires: 2027-01-01")), @"TRIPPED leavers: 20 people, 5 allowed [--allow 20]");
}

#[test]
fn rule_12_a_date_that_went_by_stays_so_until_the_loss_is_done() {
    let world = six_of_twenty("end: 2026-06-14", "end: 2026-06-14");
    let failed = without_success(world.clone());
    assert_eq!(failed.plan().short(), world.plan().short());
    assert_snapshot!(failed.plan().guards(), @"");
    // An edit of the date makes it a date that is typed, and the ledger forgets the other one.
    let edited =
        (0..6).fold(failed, |world, number| world.person(&format!("p{number:02}"), "end: 2026-06-10"));
    assert_snapshot!(edited.plan().guards(), @"TRIPPED leavers: 6 people, 5 allowed [--allow 6]");
    let forgotten = without_success(edited);
    assert!(forgotten.ledger.users.values().all(|link| link.went_by.is_empty()));
}

/// The ledger after an apply in which every loss fails, and which is taken down nevertheless.
fn without_success(mut world: World) -> World {
    let plan = world.plan();
    plan.app().work.observed.iter().cloned().for_each(|update| world.ledger.fold(update));
    if let Some(applied) = &mut world.ledger.applied {
        applied.at = world.at;
    }
    world
}

/// Each loss has its own date.
#[test]
fn rule_12_two_dates_of_one_person_go_by() {
    let group = |expires: &str| {
        let members = (0..20).map(|number| match number {
            0..6 => format!("{{member: user:p{number:02}, expires: {expires}}}"),
            _ => format!("user:p{number:02}"),
        });
        format!("{{members: [{}]}}", members.collect::<Vec<_>>().join(", "))
    };
    let groups = format!("groups: {{a: {}, b: {}}}", group("2026-06-12"), group("2026-06-13"));
    let company = world().completed().yaml("access/g.yaml", &groups).app("groups: {push: [a, b]}");
    let company = (0..20).fold(company.app("users: {scope: all}"), |world, number| {
        let id = format!("p{number:02}");
        world.person(&id, "").has(&id, &number.to_string())
    });
    let (people, accounts): (Vec<_>, Vec<_>) =
        (0..20).map(|number| (format!("p{number:02}"), number.to_string())).unzip();
    let company = ["a", "b"].into_iter().fold(company, |world, name| {
        let world = world.group(&format!("g-{name} {name}: {}", accounts.join(" ")));
        world.group_link(&format!("group:{name} g-{name}: {}", people.join(" ")))
    });
    let mut world = company.clone().before(company);
    if let Some(applied) = &mut world.ledger.applied {
        applied.at = time("2026-06-10");
    }
    let plan = world.plan();
    assert_eq!(plan.short().matches("remove member").count(), 12, "{}", plan.short());
    assert_snapshot!(plan.guards(), @"");
    let again = without_success(world).plan();
    assert_eq!(again.short(), plan.short());
    assert_snapshot!(again.guards(), @"");
}

#[test]
fn rule_12_another_time_zone_makes_no_date_go_by() {
    let six = (0..6).fold(ten(), |world, number| world.person(&format!("p{number}"), "end: 2026-06-15"));
    let before = six.timezone("Pacific/Honolulu").at("2026-06-15T09:00:00Z").applied();
    assert_snapshot!(before.plan().short(), @"");
    // The day ends at 10:00 there.
    let moved = before.timezone("Pacific/Kiritimati").at("2026-06-15T11:00:00Z");
    assert_snapshot!(moved.plan().guards(), @"TRIPPED leavers: 6 people, 5 allowed [--allow 6]");
}
