//! Rule 11: guards count effects.

use insta::assert_snapshot;
use rolecall::model::Guard;
use rolecall::model::change::Object;
use rolecall::model::ledger::{Loss, Losses};

use super::world::{World, world};

/// This many people with an account, named from `p00`, each with an assignment.
pub(super) fn company(count: usize) -> World {
    (0..count).fold(world().completed(), |world, number| {
        let id = format!("p{number:02}");
        let file = format!("access/p-{id}.yaml");
        world
            .person(&id, "")
            .yaml(&file, &format!("assignments: [{{app: hr, members: [user:{id}]}}]"))
            .has(&id, &number.to_string())
    })
}

/// What a run took away, from people.
pub(super) fn lost(at: &str, guard: Guard, of: Option<&str>, people: &[&str]) -> Losses {
    let of = of.map(|of| of.parse().unwrap());
    let loss = |id: &&str| Loss {
        guard,
        who: Object::User(id.parse().unwrap()),
        of: of.clone(),
        typed_by: None,
        allowed: false,
    };
    Losses {
        run: "r0".into(),
        at: super::world::time(at),
        commit: Some("c0ffee".into()),
        lost: people.iter().map(loss).collect(),
    }
}

pub(super) fn without(world: World, gone: std::ops::Range<usize>) -> World {
    gone.fold(world, |world, number| world.drop_yaml(&format!("access/p-p{number:02}.yaml")))
}

#[test]
fn rule_11_deprovision_counts_people_who_lose_the_account() {
    assert_snapshot!(without(company(20), 0..5).plan().short(), @r"
    9 disable user:p00 (config)
    9 disable user:p01 (config)
    9 disable user:p02 (config)
    9 disable user:p03 (config)
    9 disable user:p04 (config)
    ");
    let outcome = without(company(20), 0..6).plan();
    assert_snapshot!(outcome.short(), @r"
    9 disable user:p00 (config) HELD by guard:deprovision
    9 disable user:p01 (config) HELD by guard:deprovision
    9 disable user:p02 (config) HELD by guard:deprovision
    9 disable user:p03 (config) HELD by guard:deprovision
    9 disable user:p04 (config) HELD by guard:deprovision
    9 disable user:p05 (config) HELD by guard:deprovision
    TRIPPED deprovision: 6 people, 5 allowed
    ");
    assert!(outcome.app().is_refused());
    assert_snapshot!(outcome.text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 20 people declared

    hr  https://hr.example/scim
      nothing to do; 6 changes held back

      Held back, not done by apply: 6 changes
        by guard:deprovision
          - disable account, 6 people  (config): p00 (p00 Test, p00@x.example), p01 (p01 Test, p01@x.example), p02 (p02 Test, p02@x.example), p03 (p03 Test, p03@x.example), p04 (p04 Test, p04@x.example), p05 (p05 Test, p05@x.example)

      Guards
        TRIPPED  deprovision: 6 people, 5 allowed
                 hint: if this is meant, repeat with --allow hr:deprovision=6; if not, take the edit back

    Total: nothing to do; 6 changes held back
    ");
}

#[test]
fn rule_11_allow_holds_for_exactly_the_planned_number() {
    let world = without(company(20), 0..6);
    assert_snapshot!(world.clone().allow("deprovision", 6).plan().short(), @r"
    9 disable user:p00 (config)
    9 disable user:p01 (config)
    9 disable user:p02 (config)
    9 disable user:p03 (config)
    9 disable user:p04 (config)
    9 disable user:p05 (config)
    allowed deprovision: 6 people, 5 allowed
    ");
    assert_snapshot!(world.clone().allow("deprovision", 5).plan().short(), @r"
    9 disable user:p00 (config) HELD by guard:deprovision
    9 disable user:p01 (config) HELD by guard:deprovision
    9 disable user:p02 (config) HELD by guard:deprovision
    9 disable user:p03 (config) HELD by guard:deprovision
    9 disable user:p04 (config) HELD by guard:deprovision
    9 disable user:p05 (config) HELD by guard:deprovision
    ! not released: --allow hr:deprovision=5 lets nothing pass: the guard holds 6 people
    TRIPPED deprovision: 6 people, 5 allowed
    ");
    // The plan names the number that would fit, and says so of a guard that holds nobody; one number that fits is enough.
    assert_snapshot!(world.clone().allow("deprovision", 5).plan().hints("not released"), @"if all of them are meant, repeat with --allow hr:deprovision=6");
    assert!(
        world
            .clone()
            .allow("deprovision", 6)
            .allow("deprovision", 5)
            .plan()
            .short()
            .starts_with("9 disable user:p00 (config)\n")
    );
    assert_snapshot!(world.allow("revoke", 6).plan().short(), @r"
    9 disable user:p00 (config) HELD by guard:deprovision
    9 disable user:p01 (config) HELD by guard:deprovision
    9 disable user:p02 (config) HELD by guard:deprovision
    9 disable user:p03 (config) HELD by guard:deprovision
    9 disable user:p04 (config) HELD by guard:deprovision
    9 disable user:p05 (config) HELD by guard:deprovision
    ! advice: --allow hr:revoke=6 lets nothing pass: the guard holds nobody in this plan
    TRIPPED deprovision: 6 people, 5 allowed
    ");
}

#[test]
fn rule_11_limits_can_be_set() {
    let world = without(company(20), 0..6);
    assert_snapshot!(world.app("guard: {deprovision: 6}").plan().short(), @r"
    9 disable user:p00 (config)
    9 disable user:p01 (config)
    9 disable user:p02 (config)
    9 disable user:p03 (config)
    9 disable user:p04 (config)
    9 disable user:p05 (config)
    ");
}

#[test]
fn rule_11_the_last_24_hours_count_too() {
    let mut world = without(company(20), 0..3);
    let losses = |at: &str| lost(at, Guard::Deprovision, None, &["x1", "x2", "x3"]);
    world.ledger.losses = vec![losses("2026-06-13T23:00:00Z")];
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:p00 (config)
    9 disable user:p01 (config)
    9 disable user:p02 (config)
    ");
    world.ledger.losses = vec![losses("2026-06-14T12:00:00Z")];
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:p00 (config) HELD by guard:deprovision
    9 disable user:p01 (config) HELD by guard:deprovision
    9 disable user:p02 (config) HELD by guard:deprovision
    TRIPPED deprovision: 3 people and 3 more in the last 24 hours, 5 allowed
    ");
}

#[test]
fn rule_11_a_selection_does_not_hide_what_was_lost_before() {
    let mut world = without(company(20), 0..6).only("p00");
    world.ledger.losses = vec![lost("2026-06-15", Guard::Deprovision, None, &["x1", "x2", "x3", "x4", "x5"])];
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:p00 (config) HELD by guard:deprovision
    TRIPPED deprovision: 1 person and 5 more in the last 24 hours, 5 allowed
    ");
}

pub(super) fn grouped(count: usize, keep: usize, app: &str) -> World {
    let members: Vec<_> = (0..keep).map(|number| format!("user:p{number:02}")).collect();
    let inside: Vec<_> = (0..count).map(|number| number.to_string()).collect();
    let linked: Vec<_> = (0..count).map(|number| format!("p{number:02}")).collect();
    company(count)
        .yaml("access/g.yaml", &format!("groups: {{team: {{members: [{}]}}}}", members.join(", ")))
        .app(app)
        .group(&format!("g1 team: {}", inside.join(" ")))
        .group_link(&format!("group:team g1: {}", linked.join(" ")))
}

#[test]
fn rule_11_membership_counts_removals_of_the_app_and_of_one_group() {
    let push = "groups: {push: [team]}";
    assert_snapshot!(grouped(12, 7, push).plan().short(), @r"
    8 remove member group:team/member:p07 (config)
    8 remove member group:team/member:p08 (config)
    8 remove member group:team/member:p09 (config)
    8 remove member group:team/member:p10 (config)
    8 remove member group:team/member:p11 (config)
    ");
    let outcome = grouped(12, 6, push).plan();
    assert_snapshot!(outcome.short(), @r"
    8 remove member group:team/member:p06 (config) HELD by guard:membership
    8 remove member group:team/member:p07 (config) HELD by guard:membership
    8 remove member group:team/member:p08 (config) HELD by guard:membership
    8 remove member group:team/member:p09 (config) HELD by guard:membership
    8 remove member group:team/member:p10 (config) HELD by guard:membership
    8 remove member group:team/member:p11 (config) HELD by guard:membership
    TRIPPED membership: 6 people, 5 allowed
    ");
    let all = grouped(8, 0, push).allow("membership", 7);
    assert_snapshot!(all.plan().short(), @r"
    8 remove member group:team/member:p00 (config) HELD by guard:membership
    8 remove member group:team/member:p01 (config) HELD by guard:membership
    8 remove member group:team/member:p02 (config) HELD by guard:membership
    8 remove member group:team/member:p03 (config) HELD by guard:membership
    8 remove member group:team/member:p04 (config) HELD by guard:membership
    8 remove member group:team/member:p05 (config) HELD by guard:membership
    8 remove member group:team/member:p06 (config) HELD by guard:membership
    8 remove member group:team/member:p07 (config) HELD by guard:membership
    ! not released: --allow hr:membership=7 lets nothing pass: the guard holds 8 people
    TRIPPED membership: 8 people, 4 allowed (half of 8)
    TRIPPED membership of group:team: 8 people, 7 allowed (all but one of 8)
    ");
}

#[test]
fn rule_11_what_a_group_lost_in_the_last_24_hours_counts_too() {
    let mut world = grouped(31, 28, "groups: {push: [team]}");
    let gone: Vec<String> = (0..14).map(|number| format!("x{number}")).collect();
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    let of_team = |at: &str| lost(at, Guard::Membership, Some("group:team"), &gone);
    world.ledger.losses = vec![of_team("2026-06-13T23:00:00Z")];
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:p28 (config)
    8 remove member group:team/member:p29 (config)
    8 remove member group:team/member:p30 (config)
    ");
    world.ledger.losses = vec![of_team("2026-06-14T12:00:00Z")];
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:p28 (config) HELD by guard:membership
    8 remove member group:team/member:p29 (config) HELD by guard:membership
    8 remove member group:team/member:p30 (config) HELD by guard:membership
    TRIPPED membership: 3 people and 14 more in the last 24 hours, 11 allowed (25 % of 45)
    ");
    // A small group is over its own limit, where the total is not.
    let few = |count: usize| (0..count).map(|number| format!("p{number:02}")).collect::<Vec<_>>();
    let members: Vec<_> = few(7).iter().map(|id| format!("user:{id}")).collect();
    let mut world = grouped(40, 40, "groups: {push: [team, few]}")
        .yaml("access/h.yaml", &format!("groups: {{few: {{members: [{}]}}}}", members.join(", ")))
        .group("g2 few: 0 1 2 3 4 5 6 7 8 9")
        .group_link(&format!("group:few g2: {}", few(10).join(" ")));
    let held = |world: &World| world.plan().short().matches("HELD by guard:membership").count();
    assert_eq!(held(&world), 0);
    world.ledger.losses =
        vec![lost("2026-06-14T12:00:00Z", Guard::Membership, Some("group:few"), &gone[..6])];
    assert_eq!(held(&world), 3);
    assert!(world.plan().short().ends_with(
        "TRIPPED membership of group:few: 3 people and 6 more in the last 24 hours, 8 allowed (half of 16)\n"
    ));
    world.ledger.losses =
        vec![lost("2026-06-14T12:00:00Z", Guard::Membership, Some("group:team"), &gone[..6])];
    assert_eq!(held(&world), 0, "another group lost them");
}

#[test]
fn rule_11_numbers_of_any_size_are_counted_with() {
    let mut world =
        (0..5).fold(without(company(20), 0..5), |world, number| world.without(&format!("p{number:02}")));
    world = world.applied_people("18446744073709551615 access/people.yaml=18446744073709551615");
    world.ledger.applied.as_mut().unwrap().commit = None;
    assert_snapshot!(world.plan().guards(), @"ok deprovision: 5 people, 5 allowed");
}

#[test]
fn rule_11_one_large_group_is_judged_by_itself() {
    let others: Vec<_> = (0..40).map(|number| format!("p{number:02}")).collect();
    let all: Vec<_> = (0..40).map(|number| number.to_string()).collect();
    let users: Vec<_> = others.iter().map(|id| format!("user:{id}")).collect();
    let world = grouped(40, 40, "groups: {push: [team, few]}")
        .yaml("access/h.yaml", "groups: {few: {members: []}}")
        .group(&format!("g2 few: {}", all[..10].join(" ")))
        .group_link(&format!("group:few g2: {}", others[..10].join(" ")));
    assert!(users.len() == 40);
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:few/member:p00 (config) HELD by guard:membership
    8 remove member group:few/member:p01 (config) HELD by guard:membership
    8 remove member group:few/member:p02 (config) HELD by guard:membership
    8 remove member group:few/member:p03 (config) HELD by guard:membership
    8 remove member group:few/member:p04 (config) HELD by guard:membership
    8 remove member group:few/member:p05 (config) HELD by guard:membership
    8 remove member group:few/member:p06 (config) HELD by guard:membership
    8 remove member group:few/member:p07 (config) HELD by guard:membership
    8 remove member group:few/member:p08 (config) HELD by guard:membership
    8 remove member group:few/member:p09 (config) HELD by guard:membership
    TRIPPED membership of group:few: 10 people, 5 allowed (half of 10)
    ");
}

#[test]
fn rule_11_a_deleted_group_counts_all_its_members() {
    let world = grouped(30, 30, "groups: {remove: delete}");
    assert_snapshot!(world.plan().short(), @r"
    9 delete group group:team (config) HELD by guard:membership
    TRIPPED membership: 30 people, 7 allowed (25 % of 30)
    ");
    assert_snapshot!(world.allow("membership", 30).plan().short(), @r"
    9 delete group group:team (config)
    allowed membership: 30 people, 7 allowed (25 % of 30)
    ");
    let small = grouped(3, 3, "groups: {remove: delete}");
    assert_snapshot!(small.plan().short(), @r"
    9 delete group group:team (config) HELD by guard:membership
    TRIPPED membership: 3 people, 2 allowed
    ");
}

#[test]
fn rule_11_a_deleted_group_counts_strangers_too() {
    let members: String = (0..40).map(|number| format!(" s{number}")).collect();
    let world = grouped(3, 3, "groups: {remove: delete}").group(&format!("g1 team: 0 1 2{members}"));
    assert_snapshot!(world.plan().short(), @r"
    9 delete group group:team (config) HELD by guard:membership
    TRIPPED membership: 43 people, 2 allowed
    ");
    assert_eq!(world.allow("membership", 43).applied().things.len(), 3, "the group is gone");
}

#[test]
fn rule_11_a_group_whose_members_cannot_be_read_is_not_deleted() {
    let world = grouped(3, 3, "groups: {remove: delete}").group("g1 team: ?");
    assert_snapshot!(world.plan().short(), @"9 delete group group:team (config) HELD by members");
    assert_snapshot!(world.plan().why("group:team"), @r"
    group:team is not declared for this app any more
    held: its members could not be read, so nobody can say who would lose it: delete the group by hand, or set `groups.remove: keep`
    ");
}

#[test]
fn rule_11_revoke_counts_roles() {
    let world = (0..5).fold(world().completed(), |world, number| {
        let id = format!("p{number}");
        world
            .person(&id, "")
            .assign("member", &format!("user:{id}"))
            .account(&format!("{number} userName={id}@x.example roles=[admin,member]"))
            .link(&format!("{id} {number} roles=[admin,member]"))
    });
    let world = world
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {admin: {privileged: true}, member: {}}")
        .managed("admin=admin member=member");
    assert_snapshot!(world.plan().short(), @r"
    8 revoke role user:p0/role:admin: admin -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin: admin -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p2/role:admin: admin -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p3/role:admin: admin -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p4/role:admin: admin -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 5 of 5 holders would lose it without a declaration
    TRIPPED revoke: 5 people, 2 allowed (half of 5)
    TRIPPED revoke of role:admin: 5 people, 4 allowed (all but one of 5)
    ");
}

#[test]
fn rule_11_login_counts_people_whose_login_changes() {
    let change = |world: World, count: usize| {
        (0..count).fold(world, |world, number| {
            world.person(&format!("p{number:02}"), &format!("email: new{number}@x.example"))
        })
    };
    assert_snapshot!(change(company(20), 3).plan().short(), @r"
    3 update user:p00/attribute:username: p00@x.example -> new0@x.example (config)
    3 update user:p01/attribute:username: p01@x.example -> new1@x.example (config)
    3 update user:p02/attribute:username: p02@x.example -> new2@x.example (config)
    ");
    assert_snapshot!(change(company(20), 6).plan().short(), @r"
    3 update user:p00/attribute:username: p00@x.example -> new0@x.example (config) HELD by guard:login
    3 update user:p01/attribute:username: p01@x.example -> new1@x.example (config) HELD by guard:login
    3 update user:p02/attribute:username: p02@x.example -> new2@x.example (config) HELD by guard:login
    3 update user:p03/attribute:username: p03@x.example -> new3@x.example (config) HELD by guard:login
    3 update user:p04/attribute:username: p04@x.example -> new4@x.example (config) HELD by guard:login
    3 update user:p05/attribute:username: p05@x.example -> new5@x.example (config) HELD by guard:login
    TRIPPED login: 6 people, 5 allowed
    ");
}

#[test]
fn rule_11_a_first_external_id_is_no_login_change() {
    let world = (0..8).fold(company(8), |world, number| {
        world
            .account(&format!("{number} userName=p{number:02}@x.example"))
            .app_once("guard: {update_percent: 100}")
    });
    assert_snapshot!(world.plan().short(), @r"
    3 update user:p00/attribute:externalid: nothing -> p00 (config)
    3 update user:p01/attribute:externalid: nothing -> p01 (config)
    3 update user:p02/attribute:externalid: nothing -> p02 (config)
    3 update user:p03/attribute:externalid: nothing -> p03 (config)
    3 update user:p04/attribute:externalid: nothing -> p04 (config)
    3 update user:p05/attribute:externalid: nothing -> p05 (config)
    3 update user:p06/attribute:externalid: nothing -> p06 (config)
    3 update user:p07/attribute:externalid: nothing -> p07 (config)
    ");
}

#[test]
fn rule_11_update_counts_one_attribute_over_many_accounts() {
    let title = |world: World, count: usize| {
        (0..count).fold(world, |world, number| world.person(&format!("p{number:02}"), "title: Same"))
    };
    // Filling an empty attribute never counts.
    assert_snapshot!(title(company(40), 40).plan().guards(), @"");
    let titled = |world: World, count: usize| {
        (0..count).fold(world, |world, number| {
            let id = format!("p{number:02}");
            world
                .account(&format!("{number} userName={id}@x.example externalId={id} title=Old"))
                .link(&format!("{id} {number} title=Old"))
        })
    };
    assert_snapshot!(title(titled(company(40), 40), 20).plan().guards(), @"TRIPPED update of title (cleared): 20 people, 4 allowed (10 % of 40) [--allow 20]");
    assert_snapshot!(title(titled(company(40), 40), 21).plan().guards(), @r"
    TRIPPED update of title: 21 people, 20 allowed [--allow 40]
    TRIPPED update of title (cleared): 19 people, 4 allowed (10 % of 40) [--allow 40]
    ");
    assert_snapshot!(titled(company(40), 3).plan().guards(), @"");
    assert_snapshot!(titled(company(40), 4).plan().guards(), @"TRIPPED update of title (cleared): 4 people, 3 allowed [--allow 4]");
    assert_snapshot!(titled(company(40), 4).app("guard: {update: 4}").plan().guards(), @"");
    let adopted = title(
        (0..8).fold(world(), |world, number| {
            let id = format!("p{number:02}");
            world
                .person(&id, "")
                .assign("", &format!("user:{id}"))
                .account(&format!("{number} userName={id}@x.example"))
        }),
        8,
    );
    assert!(adopted.plan().app().guards.iter().all(|guard| !guard.tripped));
}

#[test]
fn rule_11_create_counts_new_accounts_after_the_first_apply() {
    let newcomers = |world: World, count: usize| {
        (0..count).fold(world, |world, number| {
            let id = format!("new{number:02}");
            world.person(&id, "").assign("", &format!("user:{id}"))
        })
    };
    assert!(!newcomers(company(20), 20).plan().app().is_refused());
    assert_snapshot!(newcomers(company(20), 21).plan().guards(), @"TRIPPED create: 21 people, 20 allowed [--allow 21]");
    let limits = "guard: {create: 3, create_percent: 100}";
    let outcome = newcomers(company(8), 4)
        .app(limits)
        .yaml("access/g.yaml", "groups: {team: {members: [user:new00]}}")
        .app("groups: {push: [team]}")
        .plan();
    assert_snapshot!(outcome.short(), @r"
    4 create user:new00 (config) HELD by guard:create
    4 create user:new01 (config) HELD by guard:create
    4 create user:new02 (config) HELD by guard:create
    4 create user:new03 (config) HELD by guard:create
    6 create group group:team: nothing -> team (config)
    7 add member group:team/member:new00 (config) HELD by guard:create
    TRIPPED create: 4 people, 3 allowed
    ");
    let mut first = newcomers(company(8), 4).app(limits);
    first.ledger.completed = None;
    assert!(!first.plan().app().is_refused());
}

#[test]
fn rule_11_accounts_that_are_made_again_are_guarded_from_the_start() {
    let mut world = company(8).app("guard: {create: 1, create_percent: 10}").gone("0").gone("1");
    world = world.applied().recreate("p00").recreate("p01");
    world.ledger.completed = None;
    let world = world.person("new", "").assign("", "user:new");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:new (config)
    4 create user:p00 (drift) HELD by guard:create
    4 create user:p01 (drift) HELD by guard:create
    ! turned on again user:p00: account 0 of p00 was deleted in the app, and another one is made because of --recreate p00
    ! turned on again user:p01: account 1 of p01 was deleted in the app, and another one is made because of --recreate p01
    TRIPPED create: 2 people, 1 allowed
    ");
}

/// One count for all account losses: people without an assignment and unmanaged accounts.
#[test]
fn rule_11_unmanaged_accounts_count_like_people() {
    let world = without(company(20), 0..2)
        .app("unmanaged: disable")
        .app("guard: {deprovision: 3, deprovision_percent: 100}")
        .account("90 userName=stranger")
        .account("91 userName=visitor");
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:p00 (config) HELD by guard:deprovision
    9 disable user:p01 (config) HELD by guard:deprovision
    9 disable account:90: stranger -> nothing (unmanaged) HELD by guard:deprovision
    9 disable account:91: visitor -> nothing (unmanaged) HELD by guard:deprovision
    TRIPPED deprovision: 4 people, 3 allowed
    ");
}
