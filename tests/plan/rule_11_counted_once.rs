//! Rule 11: who counts, and who does not count again.

use insta::assert_snapshot;
use rolecall::model::Guard;
use rolecall::model::ledger::{Loss, Losses};

use super::rule_11_guards::{company, grouped, lost, without};
use super::world::{World, time, world};

#[test]
fn rule_11_what_was_allowed_by_name_does_not_count_again() {
    let mut world = without(company(20), 0..1);
    let gone = ["x1", "x2", "x3", "x4", "x5", "x6", "x7"];
    let losses = lost("2026-06-14T12:00:00Z", Guard::Deprovision, None, &gone);
    world.ledger.losses = vec![losses.clone()];
    assert_snapshot!(world.plan().guards(), @"TRIPPED deprovision: 1 person and 7 more in the last 24 hours, 5 allowed [--allow 1]");
    let allowed = losses.lost.into_iter().map(|loss| Loss { allowed: true, ..loss });
    world.ledger.losses = vec![Losses { lost: allowed.collect(), ..losses }];
    assert_snapshot!(world.plan().guards(), @"ok deprovision: 1 person, 5 allowed");
}

#[test]
fn rule_11_what_a_clock_that_was_ahead_wrote_down_does_not_count() {
    let mut world = without(company(20), 0..1);
    world.ledger.losses =
        vec![lost("2027-06-14", Guard::Deprovision, None, &["x1", "x2", "x3", "x4", "x5", "x6"])];
    assert_snapshot!(world.plan().guards(), @"ok deprovision: 1 person, 5 allowed");
}

#[test]
fn rule_11_a_person_who_is_tried_again_counts_once() {
    let mut world = without(company(20), 0..5);
    world.ledger.losses = vec![lost("2026-06-14T12:00:00Z", Guard::Deprovision, None, &["p00", "p01"])];
    assert_snapshot!(world.plan().guards(), @"ok deprovision: 5 people, 5 allowed");
}

#[test]
fn rule_11_leavers_of_another_commit_do_not_count_together() {
    let left = |count: usize| {
        (0..count).fold(company(20), |world, number| world.person(&format!("p{number:02}"), "status: left"))
    };
    let mut world = left(3);
    let losses = lost("2026-06-14T12:00:00Z", Guard::Leavers, None, &["x1", "x2", "x3"]);
    world.ledger.losses = vec![losses.clone()];
    assert_snapshot!(world.plan().guards(), @"TRIPPED leavers: 3 people and 3 more in the last 24 hours, 5 allowed [--allow 3]");
    world.ledger.losses = vec![Losses { commit: Some("decade".into()), ..losses }];
    assert_snapshot!(world.plan().guards(), @"ok leavers: 3 people, 5 allowed");
    // One alone never trips it.
    let two = company(2).person("p00", "status: left");
    assert_snapshot!(two.plan().guards(), @"ok leavers: 1 person, 1 allowed (half of 2)");
}

/// Company of sixty, from which three people left with each of three commits that were not applied in between.
fn three_commits() -> World {
    let leave = |world: World, numbers: std::ops::Range<usize>| {
        numbers.fold(world, |world, number| world.person(&format!("p{number:02}"), "status: left"))
    };
    let world = leave(company(60), 0..3).committed("c1");
    let world = leave(world, 3..6).committed("c2");
    leave(world, 6..9)
}

#[test]
fn rule_11_leavers_count_by_the_commit_that_typed_them() {
    assert_snapshot!(three_commits().plan().guards(), @"ok leavers of commit c2: 3 people, 5 allowed");
    // One of the commits typed too many: those are held, and nobody else.
    let many = (20..40).fold(three_commits().committed("c3"), |world, number| {
        world.person(&format!("p{number:02}"), "status: suspended")
    });
    let plan = many.clone().committed("c4").plan();
    assert_snapshot!(plan.guards(), @"TRIPPED leavers of commit c3: 20 people, 5 allowed [--allow 20]");
    assert_eq!(plan.app().held().count(), 20);
    assert_snapshot!(many.allow("leavers", 20).plan().guards(), @"allowed leavers of commit c3: 20 people, 5 allowed [--allow 20]");
}

/// Eight people left one by one, and the app turned all of them on again: they were typed as out long ago.
#[test]
fn rule_11_leavers_who_are_on_again_do_not_count_again() {
    let mut world = company(20);
    for number in 0..8 {
        world = world
            .person(&format!("p{number:02}"), "status: left")
            .applied()
            .at(&format!("2026-06-{:02}", 16 + number));
    }
    let world = (0..8)
        .fold(world, |world, number| world.account(&format!("{number} userName=p{number:02}@x.example")));
    assert_eq!(world.plan().app().to_do().count(), 8, "{}", world.plan().short());
    assert_snapshot!(world.plan().guards(), @"");
}

/// Six people left with one commit, and one with the next. Three of the six lost their accounts an hour ago.
#[test]
fn rule_11_leavers_of_one_commit_count_together_over_several_runs() {
    let left = |from: usize| {
        let world = (from..6)
            .fold(company(60), |world, number| world.person(&format!("p{number:02}"), "status: left"));
        world.committed("c1").person("p50", "status: left").app("guard: {leavers: 4}")
    };
    assert_snapshot!(left(0).plan().guards(), @"TRIPPED leavers of commit c0ffee: 6 people, 4 allowed [--allow 6]");
    let of_run = |typed_by: Option<&str>| {
        let Losses { lost, .. } = lost("2026-06-14T23:00:00Z", Guard::Leavers, None, &["p00", "p01", "p02"]);
        let typed_by = |loss| Loss { typed_by: typed_by.map(Into::into), ..loss };
        let (run, at) = ("r1".into(), time("2026-06-14T23:00:00Z"));
        Losses { run, at, commit: Some("c1".into()), lost: lost.into_iter().map(typed_by).collect() }
    };
    // That run knew the commit, or it did not.
    for typed_by in [Some("c0ffee"), None] {
        let mut world = left(3);
        world.ledger.losses.push(of_run(typed_by));
        let told = world.plan().guards();
        assert_eq!(
            told.trim(),
            "TRIPPED leavers of commit c0ffee: 3 people and 3 more in the last 24 hours, 4 allowed [--allow 3]"
        );
    }
    // Of the later commit it is another matter.
    let mut world = left(3);
    world.ledger.losses.push(of_run(Some("c1")));
    assert!(!world.plan().app().is_refused());
}

#[test]
fn rule_11_a_date_that_was_over_when_it_was_written_is_typed() {
    let ends = |day: &str| {
        let world = (0..20).fold(company(20), |world, number| {
            world.person(&format!("p{number:02}"), &format!("end: {day}"))
        });
        world.applied_people("20")
    };
    assert_snapshot!(ends("2025-06-14").plan().guards(), @"TRIPPED leavers: 20 people, 5 allowed [--allow 20]");
    assert_snapshot!(ends("2026-06-14").plan().guards(), @"");
}

/// What goes with a person is not counted again, and is held with the account.
#[test]
fn rule_11_what_falls_with_an_account_is_not_counted_again() {
    let teams = ["a", "b", "c", "d"];
    let world = teams.iter().enumerate().fold(company(5), |world, (number, team)| {
        world
            .yaml(
                &format!("access/{team}.yaml"),
                &format!("groups: {{{team}: {{members: [user:p01, user:p02]}}}}"),
            )
            .group(&format!("g{number} {team}: 0 1 2"))
            .group_link(&format!("group:{team} g{number}: p00 p01 p02"))
    });
    let world = world.app("groups: {push: [a, b, c, d]}").drop_yaml("access/p-p00.yaml");
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:a/member:p00 (config)
    8 remove member group:b/member:p00 (config)
    8 remove member group:c/member:p00 (config)
    8 remove member group:d/member:p00 (config)
    9 disable user:p00 (config)
    ");
    assert_snapshot!(world.app("guard: {deprovision: 0}").plan().short(), @r"
    8 remove member group:a/member:p00 (config) HELD by guard:deprovision
    8 remove member group:b/member:p00 (config) HELD by guard:deprovision
    8 remove member group:c/member:p00 (config) HELD by guard:deprovision
    8 remove member group:d/member:p00 (config) HELD by guard:deprovision
    9 disable user:p00 (config) HELD by guard:deprovision
    TRIPPED deprovision: 1 person, 0 allowed
    ");
}

#[test]
fn rule_11_the_other_half_of_a_move_is_held_with_it() {
    let world = grouped(9, 5, "groups: {push: [team, other]}")
        .yaml("access/o.yaml", "groups: {other: {members: [user:p05, user:p06, user:p07, user:p08]}}")
        .group("g2 other:")
        .group_link("group:other g2:");
    assert_snapshot!(world.plan().short(), @r"
    7 add member group:other/member:p05 (config)
    7 add member group:other/member:p06 (config)
    7 add member group:other/member:p07 (config)
    7 add member group:other/member:p08 (config)
    8 remove member group:team/member:p05 (config)
    8 remove member group:team/member:p06 (config)
    8 remove member group:team/member:p07 (config)
    8 remove member group:team/member:p08 (config)
    ");
    assert_snapshot!(world.app("guard: {membership: 3}").plan().short(), @r"
    7 add member group:other/member:p05 (config) HELD by guard:membership
    7 add member group:other/member:p06 (config) HELD by guard:membership
    7 add member group:other/member:p07 (config) HELD by guard:membership
    7 add member group:other/member:p08 (config) HELD by guard:membership
    8 remove member group:team/member:p05 (config) HELD by guard:membership
    8 remove member group:team/member:p06 (config) HELD by guard:membership
    8 remove member group:team/member:p07 (config) HELD by guard:membership
    8 remove member group:team/member:p08 (config) HELD by guard:membership
    TRIPPED membership: 4 people, 3 allowed
    ");
}

#[test]
fn rule_11_one_number_allows_a_guard_for_all_groups() {
    let world = grouped(12, 12, "groups: {push: [team, small, few]}")
        .yaml("access/h.yaml", "groups: {few: {members: []}, small: {members: [user:p03]}}")
        .group("g2 few: 0 1 2 3")
        .group_link("group:few g2: p00 p01 p02 p03")
        .group("g3 small: 3 4 5 6 7")
        .group_link("group:small g3: p03 p04 p05 p06 p07")
        .app("guard: {membership: 9}");
    assert_snapshot!(world.plan().guards(), @r"
    TRIPPED membership: 8 people, 6 allowed (half of 12) [--allow 8]
    TRIPPED membership of group:few: 4 people, 3 allowed (all but one of 4) [--allow 8]
    ");
    assert!(world.clone().allow("membership", 4).plan().app().is_refused());
    assert_snapshot!(world.allow("membership", 8).plan().guards(), @r"
    allowed membership: 8 people, 6 allowed (half of 12) [--allow 8]
    allowed membership of group:few: 4 people, 3 allowed (all but one of 4) [--allow 8]
    ");
}

#[test]
fn rule_11_another_case_is_no_other_login() {
    let world = (0..6).fold(company(6), |world, number| {
        world.person(&format!("p{number:02}"), &format!("email: P{number:02}@X.example"))
    });
    assert_snapshot!(world.plan().guards(), @"");
}

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";

#[test]
fn rule_11_a_boss_who_leaves_costs_nobody_a_guard() {
    let boss = |world: World, boss: &str| {
        (1..8)
            .fold(world, |world, number| world.person(&format!("p{number:02}"), &format!("manager: {boss}")))
    };
    let world = (1..8).fold(company(8), |world, number| {
        world
            .account(&format!("{number} userName=p{number:02}@x.example externalId=p{number:02} {MANAGER}=0"))
            .link(&format!("p{number:02} {number} {MANAGER}=p00"))
    });
    let world = world.mapping(&format!(
        "{{match: [externalId, userName], attributes: {{userName: user.email, externalId: user.id, \"{MANAGER}\": account.ref(user.manager)}}}}"
    ));
    let leaves = boss(world.clone(), "p00").person("p00", "status: left");
    assert_snapshot!(leaves.plan().short(), @r"
    1 disable user:p00 (left)
    5 update user:p01/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config)
    5 update user:p02/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config)
    5 update user:p03/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config)
    5 update user:p04/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config)
    5 update user:p05/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config)
    5 update user:p06/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config)
    5 update user:p07/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config)
    ");
    let held = leaves.person("p07", "status: left").app("guard: {leavers: 1}");
    assert_snapshot!(held.plan().short(), @r"
    1 disable user:p00 (left) HELD by guard:leavers
    1 disable user:p07 (left) HELD by guard:leavers
    5 update user:p01/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config) HELD by guard:leavers
    5 update user:p02/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config) HELD by guard:leavers
    5 update user:p03/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config) HELD by guard:leavers
    5 update user:p04/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config) HELD by guard:leavers
    5 update user:p05/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config) HELD by guard:leavers
    5 update user:p06/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> nothing (config) HELD by guard:leavers
    TRIPPED leavers: 2 people, 1 allowed
    ");
    let gone = world.clone().without("p00").drop_yaml("access/p-p00.yaml");
    assert_snapshot!(gone.plan().guards(), @"ok deprovision: 1 person, 4 allowed (half of 8)");
    let left = boss(world, "p01").person("p00", "status: left").person("p07", "status: left");
    let replaced = left.person("p01", "").app("guard: {leavers: 1}");
    assert_snapshot!(replaced.plan().short(), @r"
    1 disable user:p00 (left) HELD by guard:leavers
    1 disable user:p07 (left) HELD by guard:leavers
    3 update user:p01/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: 0 -> nothing (config) HELD by guard:leavers
    5 update user:p02/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> user:p01 (config)
    5 update user:p03/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> user:p01 (config)
    5 update user:p04/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> user:p01 (config)
    5 update user:p05/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> user:p01 (config)
    5 update user:p06/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value: user:p00 -> user:p01 (config)
    TRIPPED leavers: 2 people, 1 allowed
    ");
}

/// A loss of yesterday that this plan takes back is none any more: one person gives the role up, and another one has it again.
#[test]
fn rule_11_a_loss_that_this_plan_takes_back_leaves_the_window() {
    let admins = |members: &str| {
        world()
            .people(&["ada", "bob", "cy"])
            .app("roles: {admin: {group: Administrators, privileged: true}}")
            .app("users: {scope: all}")
            .yaml("access/a.yaml", &format!("assignments: [{{app: hr, role: admin, members: [{members}]}}]"))
    };
    let applied = admins("user:ada, user:cy").completed().applied().applied();
    let mut next =
        applied.yaml("access/a.yaml", "assignments: [{app: hr, role: admin, members: [user:bob, user:cy]}]");
    let of = Some("role:admin");
    next.ledger.losses = vec![lost("2026-06-14T12:00:00Z", Guard::Privileged, of, &["bob"])];
    assert_snapshot!(next.plan().short(), @r"
    7 grant role user:bob/role:admin: nothing -> admin (config) privileged
    8 revoke role user:ada/role:admin: admin -> nothing (config) privileged
    ");
    assert_snapshot!(next.plan().guards(), @r"
    ok gain: 1 person, 3 allowed
    ok revoke: 1 person, 2 allowed
    ");
    // One that is not taken back counts.
    next.ledger.losses = vec![lost("2026-06-14T12:00:00Z", Guard::Privileged, of, &["dee"])];
    assert_snapshot!(next.plan().guards(), @r"
    TRIPPED privileged of role:admin: 1 of 3 holders and 1 more in the last 24 hours would lose it without a declaration [--allow 1]
    ok gain: 1 person, 3 allowed
    ok revoke: 1 person, 2 allowed
    ");
}

#[test]
fn rule_11_an_account_or_a_membership_that_this_plan_gives_back_leaves_the_window() {
    let company = |members: &str| {
        world()
            .people(&["ada", "bob", "cy"])
            .app("guard: {deprovision: 1, membership: 1}")
            .app("groups: {push: [team]}")
            .yaml("access/g.yaml", &format!("groups: {{team: {{members: [{members}]}}}}"))
            .yaml("access/a.yaml", "assignments: [{app: hr, members: [group:team]}]")
    };
    let next = |then: &str| {
        let mut world = company("user:ada, user:bob, user:cy").completed().applied().applied();
        for members in [then, "user:ada, user:cy"] {
            world = world.applied();
            world = world.yaml("access/g.yaml", &format!("groups: {{team: {{members: [{members}]}}}}"));
        }
        let at = "2026-06-14T12:00:00Z";
        let of_team = lost(at, Guard::Membership, Some("group:team"), &["cy"]);
        world.ledger.losses = vec![lost(at, Guard::Deprovision, None, &["cy"]), of_team];
        world
    };
    assert_snapshot!(next("user:ada, user:bob").plan().short(), @r"
    4 enable user:cy (config)
    7 add member group:team/member:cy (config)
    8 remove member group:team/member:bob (config)
    9 disable user:bob (config)
    ");
    assert_snapshot!(next("user:ada, user:bob, user:cy").plan().guards(), @"TRIPPED deprovision: 1 person and 1 more in the last 24 hours, 1 allowed [--allow 1]");
}
