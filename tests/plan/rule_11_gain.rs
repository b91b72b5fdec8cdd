//! Rules 10 and 11: whoever comes to have what a privileged role gives gains power, in whatever way.

use insta::assert_snapshot;
use rolecall::model::ledger::{Losses, intend_losses};

use super::rule_11_power::{admins, line};
use super::world::{World, world};

const MAPPED: &str = "{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id, roles: account.roles, entitlements: user.attributes.type, title: user.title}}";

/// These people get this text in an attribute that the mapping writes.
fn typed(world: World, numbers: &[usize], more: &str) -> World {
    numbers.iter().fold(world, |world, number| world.person(&format!("p{number}"), more))
}

#[test]
fn rule_11_a_mapped_attribute_with_the_value_of_a_privileged_role_is_a_gain() {
    let world = line(admins(9, 1), &[0]).mapping(MAPPED);
    let given = typed(world.clone(), &[1, 2, 3, 4], "attributes: {type: ADMIN}");
    assert_snapshot!(given.plan().short(), @r"
    3 update user:p1/attribute:entitlements: nothing -> ADMIN (config) privileged HELD by guard:gain
    3 update user:p2/attribute:entitlements: nothing -> ADMIN (config) privileged HELD by guard:gain
    3 update user:p3/attribute:entitlements: nothing -> ADMIN (config) privileged HELD by guard:gain
    3 update user:p4/attribute:entitlements: nothing -> ADMIN (config) privileged HELD by guard:gain
    TRIPPED gain: 4 people, 3 allowed
    ");
    let one = typed(world.clone(), &[1], "attributes: {type: ADMIN}");
    assert_snapshot!(one.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 9 people declared

    hr  https://hr.example/scim
      1 attribute to update

      Gaining privileged access (1)
        ~ p1 (p1 Test)  update entitlements: (none) → ADMIN on account p1@x.example, privileged  (config)
            because user:p1  access/people.yaml:3
                and mapped to entitlements  rolecall.yaml:9

      Guards
        ok       gain: 1 person, 3 allowed

    Total: 1 attribute to update
    ");
    // It counts in the plans of the next 24 hours, too.
    assert_eq!(one.plan().app().work.losses.values().flatten().count(), 1);
    // A new account may start with it.
    let new = world.clone().person("new", "attributes: {type: ADMIN}").assign("member", "user:new");
    assert_snapshot!(new.plan().short(), @r"
    4 create user:new (config) privileged
    7 grant role user:new/role:member: nothing -> member (config)
    ");
    // Other values give nothing, nor does the word elsewhere, nor a value that is there already.
    let other = typed(world.clone(), &[1], "title: ADMIN, attributes: {type: member}");
    assert_snapshot!(other.plan().short(), @r"
    3 update user:p1/attribute:entitlements: nothing -> member (config)
    3 update user:p1/attribute:title: nothing -> ADMIN (config)
    ");
    let there = typed(world, &[1], "attributes: {type: ADMIN}")
        .account("1 userName=p1@x.example externalId=p1 roles=[member] entitlements=ADMIN");
    assert_snapshot!(there.plan().short(), @"");
}

/// A run that writes down what it intends, as the program does.
fn ran(world: &World) -> World {
    let (run, commit) = (world.now.as_str().into(), Some(world.now.as_str().into()));
    let losses = Losses { run, at: world.at, commit, lost: world.plan().app().losses() };
    let mut next = world.clone();
    intend_losses(&mut next.ledger.losses, losses);
    next.applied()
}

/// Three new admins in each of two runs of one day.
#[test]
fn rule_11_gains_of_a_day_count_together() {
    for by in ["value", "group"] {
        let world = line(admins(20, 1), &[0]);
        let world = match by {
            "value" => world,
            _ => world
                .app_once("roles: {admin: {privileged: true, group: Admins}, member: {}}")
                .mapping("{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id}}")
                .group("g1 Admins: 0")
                .group_link("role:admin g1: +p0"),
        };
        let first = line(world.applied().at("2026-06-16"), &[0, 1, 2, 3]);
        assert_eq!(first.plan().app().held().count(), 0, "{by}: {}", first.plan().short());
        let second = line(ran(&first).at("2026-06-16T01:00:00Z"), &[0, 1, 2, 3, 4]);
        let told = second.plan().guards();
        assert_eq!(
            told.trim(),
            "TRIPPED gain: 1 person and 3 more in the last 24 hours, 3 allowed [--allow 1]",
            "{by}"
        );
        // A day later, and where one of them lost it again, there is room.
        assert!(!second.clone().at("2026-06-17T02:00:00Z").plan().app().is_refused(), "{by}");
        if by == "group" {
            let back = line(ran(&first).at("2026-06-16T01:00:00Z"), &[0, 1, 2]).applied();
            let told = line(back, &[0, 1, 2, 4]).plan();
            assert!(!told.app().is_refused(), "{by}: {}", told.guards());
        }
    }
}

/// People who had left come back: one at a time is an ordinary day.
#[test]
fn rule_13_several_accounts_that_are_turned_on_again_are_a_gain() {
    let world = (0..5).fold(line(admins(20, 1), &[0]), |world, number| {
        world.person(&format!("p{}", number + 5), "status: left")
    });
    let left = world.allow("leavers", 5).applied().at("2026-06-18");
    let back = |count: usize| {
        (0..count).fold(left.clone(), |world, number| world.person(&format!("p{}", number + 5), ""))
    };
    assert_snapshot!(back(1).plan().guards(), @"");
    assert_snapshot!(back(5).plan().guards(), @"TRIPPED gain: 5 people, 3 allowed [--allow 5]");
}

#[test]
fn rule_11_an_attribute_that_held_roles_at_the_last_applied_commit_gives_power() {
    let mapping = |right: &str| {
        format!("{{match: [userName], attributes: {{userName: user.email, userType: {right}}}}}")
    };
    let roles = "roles: {admin: {privileged: true, value: ADMIN}}";
    let people = |world: World| world.people(&["ada", "bob"]).has("ada", "1").has("bob", "2").completed();
    let before = people(world()).app(roles).mapping(&mapping("account.roles")).assign("admin", "user:ada");
    let now = people(world()).person("bob", "attributes: {type: ADMIN}");
    let now = now.app("users: {scope: all}").mapping(&mapping("user.attributes.type"));
    assert_snapshot!(now.before(before).plan().short(), @"3 update user:bob/attribute:usertype: nothing -> ADMIN (config) privileged");
}

#[test]
fn rule_11_a_value_that_becomes_that_of_a_privileged_role_is_a_gain() {
    let roles = |boss: &str| {
        format!("roles: {{admin: {{privileged: true, value: ADMIN}}, boss: {{value: {boss}}}, member: {{}}}}")
    };
    let bosses = |value: &str| {
        let world = (1..5).fold(line(admins(9, 1), &[0]), |world, number| {
            let id = format!("p{number}");
            world
                .account(&format!("{number} userName={id}@x.example externalId={id} roles=[BOSS,member]"))
                .link(&format!("{id} {number} roles=[boss,member]"))
        });
        let members = "assignments: [{app: hr, role: boss, members: [user:p1, user:p2, user:p3, user:p4]}]";
        world.app_once(&roles(value)).managed("boss=BOSS").yaml("access/bosses.yaml", members)
    };
    assert_snapshot!(bosses("BOSS").plan().short(), @"");
    assert_snapshot!(bosses("ADMIN").before(bosses("BOSS")).plan().short(), @r"
    7 grant role user:p1/role:boss: BOSS -> boss (config) privileged HELD by guard:gain
    7 grant role user:p2/role:boss: BOSS -> boss (config) privileged HELD by guard:gain
    7 grant role user:p3/role:boss: BOSS -> boss (config) privileged HELD by guard:gain
    7 grant role user:p4/role:boss: BOSS -> boss (config) privileged HELD by guard:gain
    8 revoke role user:p1/role:boss=BOSS: BOSS -> nothing (config) HELD by guard:gain
    8 revoke role user:p2/role:boss=BOSS: BOSS -> nothing (config) HELD by guard:gain
    8 revoke role user:p3/role:boss=BOSS: BOSS -> nothing (config) HELD by guard:gain
    8 revoke role user:p4/role:boss=BOSS: BOSS -> nothing (config) HELD by guard:gain
    TRIPPED gain: 4 people, 3 allowed
    ");
}

#[test]
fn rule_11_a_role_that_becomes_privileged_says_who_has_it() {
    let plain = "roles: {admin: {value: ADMIN}, member: {}}";
    let before = line(admins(9, 4), &[0, 1, 2, 3]).app_once(plain);
    let now = line(admins(9, 4), &[0, 1, 2, 3]);
    assert_snapshot!(now.clone().before(before).plan().short(), @"! advice role:admin: is privileged from now on, and 4 people have it already: p0, p1, p2, p3");
    assert_snapshot!(now.clone().before(now).plan().short(), @"");
}

#[test]
fn rule_11_a_precedence_that_moves_people_onto_a_privileged_role_is_a_gain() {
    let world = |precedence: u32| {
        let world = line(admins(9, 0), &[1, 2, 3, 4]).mapping("{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id, userType: account.role}}");
        let world = world.app_once(&format!(
            "roles: {{admin: {{privileged: true, value: ADMIN, precedence: {precedence}}}, member: {{precedence: 5}}}}"
        ));
        (0..9).fold(world, |world, number| {
            world.account(&format!(
                "{number} userName=p{number}@x.example externalId=p{number} userType=member"
            ))
        })
    };
    assert_snapshot!(world(9).plan().short(), @"");
    assert_snapshot!(world(1).before(world(9)).plan().guards(), @r"
    TRIPPED gain: 4 people, 3 allowed [--allow 4]
    ok revoke: 4 people, 4 allowed (half of 9)
    ");
}

/// A privileged role that is a group, and a pushed group with people who are not in it yet.
fn team(world: World) -> World {
    let people = ["ada", "bob", "cy", "dan", "eve"];
    let world = people
        .iter()
        .zip(1..)
        .fold(world.completed(), |world, (id, number)| world.person(id, "").has(id, &number.to_string()));
    world
        .app("users: {scope: all}")
        .yaml(
            "access/g.yaml",
            "groups: {staff: {name: Staff, members: [user:bob, user:cy, user:dan, user:eve]}}",
        )
        .group("g1 Admins: 1")
}

const ADMINS: &str = "roles: {admin: {privileged: true, group: Admins}}";

#[test]
fn rule_11_a_group_that_is_bound_to_that_of_a_privileged_role_is_a_gain() {
    let before = team(world()).app(ADMINS).assign("admin", "user:ada");
    let bound = team(world()).app("groups: {push: [staff]}").app("links: {group:staff: g1}");
    assert_snapshot!(bound.before(before).plan().short(), @r#"
    6 adopt group:staff: nothing -> Staff (config)
    6 rename group group:staff/attribute:displayname: Admins -> Staff (config)
    7 add member group:staff/member:bob (config) privileged HELD by guard:gain
    7 add member group:staff/member:cy (config) privileged HELD by guard:gain
    7 add member group:staff/member:dan (config) privileged HELD by guard:gain
    7 add member group:staff/member:eve (config) privileged HELD by guard:gain
    ! groups taken over group:staff: takes over group g1 ("Admins"), which gives a privileged role: 1 member is in it, and 4 more are to come
    ! members nobody declared user:ada: is a member of group:staff, which this plan takes over, and is not declared to be
    TRIPPED gain: 4 people, 3 allowed
    "#);
}

#[test]
fn rule_11_a_group_that_gets_the_name_of_a_privileged_one_is_a_gain() {
    let staff = |world: World| {
        world
            .app("groups: {push: [staff]}")
            .group("g2 Staff: 2 3 4 9")
            .group_link("group:staff g2: bob cy dan")
            .gone("g1")
    };
    let before = staff(team(world())).app(ADMINS).assign("admin", "user:ada");
    let named = "groups: {staff: {name: ADMINS, members: [user:bob, user:cy, user:dan, user:eve]}}";
    let renamed = staff(team(world())).yaml("access/g.yaml", named);
    assert_snapshot!(renamed.clone().before(before).plan().short(), @r"
    6 rename group group:staff/attribute:displayname: Staff -> ADMINS (config) privileged HELD by guard:gain
    7 add member group:staff/member:eve (config) privileged HELD by guard:gain
    ! members nobody declared group:staff: 1 member nobody declared: 9
    TRIPPED gain: 5 people, 3 allowed
    ");
    // Without power it is an ordinary rename.
    let before = staff(team(world()));
    assert_snapshot!(renamed.before(before).plan().short(), @r"
    6 rename group group:staff/attribute:displayname: Staff -> ADMINS (config)
    7 add member group:staff/member:eve (config)
    ! members nobody declared group:staff: 1 member nobody declared: 9
    ");
}

#[test]
fn rule_11_members_of_a_group_inside_a_privileged_one_gain_power() {
    let world = team(world()).app(ADMINS).app("groups: {push: [staff]}").assign("admin", "user:ada");
    let world = world
        .group("g1 Admins: 1 g3")
        .group("g3 Everybody: g2")
        .group("g2 Staff: ")
        .group_link("role:admin g1: ada")
        .group_link("group:staff g2: ");
    assert_snapshot!(world.clone().plan().short(), @r"
    7 add member group:staff/member:bob (config) privileged HELD by guard:gain
    7 add member group:staff/member:cy (config) privileged HELD by guard:gain
    7 add member group:staff/member:dan (config) privileged HELD by guard:gain
    7 add member group:staff/member:eve (config) privileged HELD by guard:gain
    ! members nobody declared role:admin: 1 group is in it, whose people have what it gives: Everybody (g3), with people who are not known
    TRIPPED gain: 4 people, 3 allowed
    ");
    let outside = world.group("g1 Admins: 1");
    assert_snapshot!(outside.plan().guards(), @"");
}

/// A group of the app that a privileged role comes to name: whoever is in it holds the role from then on.
#[test]
fn rule_10_who_is_in_a_group_that_a_privileged_role_is_bound_to_gains_power() {
    let company = |members: &str| {
        let world = world()
            .people(&["ada", "bob", "cy", "dan", "eve"])
            .app("roles: {member: {group: Members}}")
            .assign("member", "user:ada, user:bob, user:cy, user:dan, user:eve")
            .completed()
            .applied()
            .applied();
        world
            .group(&format!("g9 Board: {members}"))
            .without_app("roles: {member: {group: Members}}")
            .app("roles: {member: {group: Members}, board: {group: Board, privileged: true}}")
            .yaml("access/b.yaml", "assignments: [{app: hr, role: board, members: [user:ada]}]")
    };
    assert_snapshot!(company("new-ada new-bob").plan().short(), @r#"
    6 adopt role:board: nothing -> Board (config) privileged
    ! groups taken over role:board: takes over group g9 ("Board"), which gives a privileged role: 2 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of role:board, which this plan takes over, and is not declared to be
    "#);
    let held = company("new-ada new-bob new-cy new-dan");
    assert_snapshot!(held.plan().short(), @r#"
    6 adopt role:board: nothing -> Board (config) privileged HELD by guard:gain
    ! groups taken over role:board: takes over group g9 ("Board"), which gives a privileged role: 4 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of role:board, which this plan takes over, and is not declared to be
    ! members nobody declared user:cy: is a member of role:board, which this plan takes over, and is not declared to be
    ! members nobody declared user:dan: is a member of role:board, which this plan takes over, and is not declared to be
    TRIPPED gain: 4 people, 3 allowed
    "#);
    assert_snapshot!(held.clone().allow("gain", 4).plan().short(), @r#"
    6 adopt role:board: nothing -> Board (config) privileged
    ! groups taken over role:board: takes over group g9 ("Board"), which gives a privileged role: 4 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of role:board, which this plan takes over, and is not declared to be
    ! members nobody declared user:cy: is a member of role:board, which this plan takes over, and is not declared to be
    ! members nobody declared user:dan: is a member of role:board, which this plan takes over, and is not declared to be
    allowed gain: 4 people, 3 allowed
    "#);
    // Before the first completed apply it is what the company had.
    let mut first = held;
    first.ledger.completed = None;
    assert_snapshot!(first.plan().short(), @r#"
    6 adopt role:board: nothing -> Board (config)
    ! groups taken over role:board: takes over group g9 ("Board"), which gives a privileged role: 4 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of role:board, which this plan takes over, and is not declared to be
    ! members nobody declared user:cy: is a member of role:board, which this plan takes over, and is not declared to be
    ! members nobody declared user:dan: is a member of role:board, which this plan takes over, and is not declared to be
    "#);
}

/// The value of an attribute that no role keeps is power like a role: it is not lost by all or most of its holders at once.
#[test]
fn rule_11_a_mapped_attribute_that_overwrites_power_counts_as_its_loss() {
    let people = |typed: &[usize], shown: &[usize]| {
        let world = (0..9).fold(world().completed(), |world, number| {
            let (id, is_shown) = (format!("p{number}"), shown.contains(&number));
            let more = if typed.contains(&number) {
                "attributes: {type: ADMIN}"
            } else {
                "attributes: {type: staff}"
            };
            let value = if is_shown { "ADMIN" } else { "staff" };
            world
                .person(&id, more)
                .yaml(
                    &format!("access/{id}.yaml"),
                    &format!("assignments: [{{app: hr, role: member, members: [user:{id}]}}]"),
                )
                .account(&format!(
                    "{number} userName={id}@x.example externalId={id} roles=[member] entitlements=[{value}]"
                ))
                .link(&format!("{id} {number} roles=[member]"))
        });
        world
            .mapping(MAPPED)
            .app("roles: {admin: {privileged: true, value: ADMIN}, member: {}}")
            .managed("admin=ADMIN member=member")
    };
    // The only one; two of three.
    assert_snapshot!(people(&[], &[0]).plan().short(), @r"
    3 update user:p0/attribute:entitlements: [ADMIN] -> staff (config) HELD by guard:privileged
    TRIPPED privileged of entitlements=admin: 1 of 1 holder would lose it without a declaration
    ");
    assert_snapshot!(people(&[0], &[0, 1, 2]).plan().short(), @r"
    3 update user:p1/attribute:entitlements: [ADMIN] -> staff (config) HELD by guard:privileged
    3 update user:p2/attribute:entitlements: [ADMIN] -> staff (config) HELD by guard:privileged
    TRIPPED privileged of entitlements=admin: 2 of 3 holders would lose it without a declaration
    ");
    assert_snapshot!(people(&[0], &[0, 1, 2]).allow("privileged", 2).plan().guards(), @"allowed privileged of entitlements=admin: 2 of 3 holders would lose it without a declaration [--allow 2]");
    // One of three is an ordinary day, and so is one who takes the place of another.
    assert_snapshot!(people(&[0, 1], &[0, 1, 2]).plan().short(), @"3 update user:p2/attribute:entitlements: [ADMIN] -> staff (config)");
    assert_snapshot!(people(&[1], &[0]).plan().short(), @r"
    3 update user:p0/attribute:entitlements: [ADMIN] -> staff (config)
    3 update user:p1/attribute:entitlements: [staff] -> ADMIN (config) privileged
    ");
}
