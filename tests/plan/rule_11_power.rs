//! Rules 10 and 11: power is lost and gained under guards of its own.

use insta::assert_snapshot;

use super::world::{World, world};

/// This many people, of whom the first ones are admins, by value.
pub(super) fn admins(people: usize, admins: usize) -> World {
    let world = (0..people).fold(world().completed(), |world, number| {
        let id = format!("p{number}");
        let roles = if number < admins { "[ADMIN,member]" } else { "[member]" };
        let link = if number < admins { "[admin,member]" } else { "[member]" };
        world
            .person(&id, "")
            .yaml(
                &format!("access/{id}.yaml"),
                &format!("assignments: [{{app: hr, role: member, members: [user:{id}]}}]"),
            )
            .account(&format!("{number} userName={id}@x.example externalId={id} roles={roles}"))
            .link(&format!("{id} {number} roles={link}"))
    });
    world
        .mapping("{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id, roles: account.roles}}")
        .app("roles: {admin: {privileged: true, value: ADMIN}, member: {}}")
        .managed("admin=ADMIN member=member")
}

pub(super) fn line(world: World, members: &[usize]) -> World {
    let members: Vec<_> = members.iter().map(|number| format!("user:p{number}")).collect();
    let line = format!("assignments: [{{app: hr, role: admin, members: [{}]}}]", members.join(", "));
    world.yaml("access/admins.yaml", &line)
}

#[test]
fn rule_11_a_privileged_role_does_not_lose_all_or_most_holders_by_a_lost_line() {
    // One of three: an ordinary day.
    assert_snapshot!(line(admins(9, 3), &[0, 1]).plan().guards(), @"ok revoke: 1 person, 4 allowed (half of 9)");
    // Two of three, both of two, the only one.
    assert_snapshot!(line(admins(9, 3), &[0]).plan().short(), @r"
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p2/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 3 holders would lose it without a declaration
    ");
    assert_snapshot!(line(admins(9, 2), &[]).plan().short(), @r"
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    assert_snapshot!(line(admins(9, 1), &[]).plan().short(), @r"
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration
    ");
    assert_snapshot!(line(admins(9, 1), &[]).allow("privileged", 1).plan().guards(), @r"
    allowed privileged of role:admin: 1 of 1 holder would lose it without a declaration [--allow 1]
    ok revoke: 1 person, 4 allowed (half of 9)
    ");
}

#[test]
fn rule_11_one_loses_power_and_another_gains_it() {
    let handed_over = line(admins(9, 1), &[1]);
    assert_snapshot!(handed_over.plan().short(), @r"
    7 grant role user:p1/role:admin: nothing -> admin (config) privileged
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged
    ");
    // The loss waits for the grant.
    let held = handed_over.app("guard: {gain: 0}");
    assert_snapshot!(held.plan().short(), @r"
    7 grant role user:p1/role:admin: nothing -> admin (config) privileged HELD by guard:gain
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged HELD by guard:gain
    TRIPPED gain: 1 person, 0 allowed
    ");
    // All of two replaced at once.
    assert_snapshot!(line(admins(9, 2), &[3, 4]).plan().guards(), @r"
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration [--allow 2]
    ok gain: 2 people, 3 allowed
    ok revoke: 2 people, 4 allowed (half of 9)
    ");
}

/// The app may refuse the grant in every run.
#[test]
fn rule_11_one_of_several_holders_who_loses_power_waits_for_no_grant() {
    let handed_over = line(admins(9, 3), &[1, 2, 5]).app("guard: {gain: 0}");
    assert_snapshot!(handed_over.plan().short(), @"
    7 grant role user:p5/role:admin: nothing -> admin (config) privileged HELD by guard:gain
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged
    TRIPPED gain: 1 person, 0 allowed
    ");
    let gone = line(admins(9, 3).without("p0").drop_yaml("access/p0.yaml"), &[1, 2, 5]);
    assert_snapshot!(gone.app("guard: {gain: 0}").plan().short(), @"
    7 grant role user:p5/role:admin: nothing -> admin (config) privileged HELD by guard:gain
    9 disable user:p0 (config)
    TRIPPED gain: 1 person, 0 allowed
    ");
}

#[test]
fn rule_11_power_goes_with_the_account_too() {
    let gone = admins(9, 2).without("p0").drop_yaml("access/p0.yaml");
    let gone = line(gone, &[1]);
    assert_snapshot!(gone.plan().guards(), @"ok deprovision: 1 person, 4 allowed (half of 9)");
    let both = admins(9, 2).without("p0").drop_yaml("access/p0.yaml");
    let both = both.without("p1").drop_yaml("access/p1.yaml");
    assert_snapshot!(both.plan().short(), @r"
    9 disable user:p0 (config) HELD by guard:privileged
    9 disable user:p1 (config) HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    // One is declared to leave, the other loses the role by a lost line: nobody is left.
    let mixed = line(admins(9, 2), &[]).person("p0", "status: left");
    assert_snapshot!(mixed.plan().short(), @r"
    1 disable user:p0 (left)
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration
    ");
    // Declared leaving alone is never held by it.
    let declared = line(admins(9, 1), &[0]).person("p0", "status: left");
    assert_snapshot!(declared.plan().guards(), @"ok leavers: 1 person, 4 allowed (half of 9)");
}

#[test]
fn rule_11_power_that_was_given_in_the_app_is_taken_away() {
    let world = admins(9, 0).account("3 userName=p3@x.example externalId=p3 roles=[ADMIN,member]");
    assert_snapshot!(line(world, &[]).plan().short(), @"8 revoke role user:p3/role:admin: ADMIN -> nothing (drift) privileged");
}

#[test]
fn rule_11_gains_of_power_are_counted() {
    assert_snapshot!(line(admins(9, 1), &[0, 1, 2, 3]).plan().guards(), @"ok gain: 3 people, 3 allowed");
    assert_snapshot!(line(admins(9, 1), &[0, 1, 2, 3, 4]).plan().short(), @r"
    7 grant role user:p1/role:admin: nothing -> admin (config) privileged HELD by guard:gain
    7 grant role user:p2/role:admin: nothing -> admin (config) privileged HELD by guard:gain
    7 grant role user:p3/role:admin: nothing -> admin (config) privileged HELD by guard:gain
    7 grant role user:p4/role:admin: nothing -> admin (config) privileged HELD by guard:gain
    TRIPPED gain: 4 people, 3 allowed
    ");
    let mut first = line(admins(9, 0), &[0, 1, 2, 3, 4]);
    first.ledger.completed = None;
    assert_snapshot!(first.plan().guards(), @"ok gain: 5 people, 5 allowed");
}

#[test]
fn rule_10_a_role_with_the_value_of_a_privileged_one_is_power() {
    let world = admins(9, 1)
        .app_once("roles: {admin: {privileged: true, value: ADMIN}, boss: {value: ADMIN}, member: {}}");
    let line = "assignments: [{app: hr, role: boss, members: [user:p0, user:p1]}]";
    assert_snapshot!(world.yaml("access/boss.yaml", line).plan().short(), @r"
    7 grant role user:p0/role:boss: nothing -> boss (config) privileged HELD by guard:privileged
    7 grant role user:p1/role:boss: nothing -> boss (config) privileged
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration
    ");
}

#[test]
fn rule_10_a_role_that_was_privileged_at_the_last_applied_commit_is_power() {
    let before = line(admins(9, 2), &[0, 1]);
    let marked = "roles: {admin: {privileged: true, value: ADMIN}, member: {}}";
    let plain = line(admins(9, 2), &[]).without_app(marked).app("roles: {admin: {value: ADMIN}, member: {}}");
    assert_snapshot!(plain.before(before).plan().short(), @r"
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
}

/// A privileged role, kept as `how`, that two people hold at the last applied commit.
pub(super) fn owners(how: &str) -> World {
    world()
        .mapping("{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id, roles: account.roles}}")
        .people(&["ada", "bob", "cyd"])
        .app(&format!("roles: {{owner: {{{how}, privileged: true}}, member: {{value: M}}}}"))
        .yaml("access/owners.yaml", "assignments: [{app: hr, role: owner, members: [user:ada, user:bob]}]")
        .assign("member", "user:ada, user:bob, user:cyd")
        .completed()
        .applied()
        .applied()
}

#[test]
fn rule_11_a_privileged_role_that_is_given_up_keeps_its_holders() {
    let dropped =
        |how: &str| owners(how).drop_yaml("access/owners.yaml").app_once("roles: {member: {value: M}}");
    let held = |told: &str| {
        let lines: Vec<_> = told.lines().filter(|line| line.contains("revoke role")).collect();
        assert_eq!(lines.len(), 2, "{told}");
        assert!(lines.iter().all(|line| line.ends_with("privileged HELD by guard:privileged")), "{told}");
        assert!(told.contains("privileged of role:owner: 2 of 2 holders"), "{told}");
    };
    for how in ["group: Owners", "value: OWNER"] {
        held(&dropped(how).plan().short());
    }
    let group = || dropped("group: Owners");
    held(&group().app("groups: {remove: delete}").plan().short());
    // An earlier id does not matter.
    let renamed = owners("group: Owners")
        .app_once("roles: {boss: {group: Owners, privileged: true, previously: [owner]}, member: {value: M}}")
        .yaml("access/owners.yaml", "assignments: [{app: hr, role: boss, members: [user:ada, user:bob]}]")
        .applied();
    let given_up = renamed.drop_yaml("access/owners.yaml").app_once("roles: {member: {value: M}}");
    assert_snapshot!(given_up.plan().short(), @r"
    8 revoke role user:ada/role:boss: boss -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:bob/role:boss: boss -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:boss: 2 of 2 holders would lose it without a declaration
    ");
    let given_up = given_up.allow("privileged", 2);
    assert_snapshot!(given_up.plan().short(), @r"
    8 revoke role user:ada/role:boss: boss -> nothing (config) privileged
    8 revoke role user:bob/role:boss: boss -> nothing (config) privileged
    allowed privileged of role:boss: 2 of 2 holders would lose it without a declaration
    ");
    assert_snapshot!(given_up.applied().plan().short(), @r"
    9 forget role:boss (config)
    ! advice: --allow hr:privileged=2 lets nothing pass: the guard holds nobody in this plan
    ");
}

/// Two people with accounts, and one privileged role that is a group with these holders.
fn group_admins(holders: &str) -> World {
    world()
        .completed()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        .app("default_access: provision")
        .app("roles: {admin: {privileged: true, group: Admins}}")
        .has("ada", "1")
        .has("bob", "2")
        .group("g1 Admins: 1")
        .group_link("role:admin g1: ada")
        .yaml("access/admins.yaml", &format!("assignments: [{{app: hr, role: admin, members: [{holders}]}}]"))
}

#[test]
fn rule_11_a_person_who_is_declared_to_lose_power_is_no_loser_besides() {
    // The only holder is suspended, and the line goes in the same commit.
    assert_snapshot!(group_admins("").person("ada", "status: suspended").plan().short(), @r"
    1 disable user:ada (left)
    8 revoke role user:ada/role:admin: admin -> nothing (config) privileged
    ! nobody holds a role now role:admin: everybody who held it is declared to have left
    ");
    // Without the declaration it is held.
    assert_snapshot!(group_admins("").plan().guards(), @r"
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration [--allow 1]
    ok revoke: 1 person, 2 allowed
    ");
}

#[test]
fn rule_11_a_renamed_role_is_one_role() {
    let before = line(admins(9, 2), &[0, 1]);
    let renamed = |members: &[usize]| {
        let world = line(admins(9, 2), members).before(before.clone());
        let roles = "roles: {root: {privileged: true, value: ADMIN, previously: [admin]}, member: {}}";
        let members: Vec<_> = members.iter().map(|number| format!("user:p{number}")).collect();
        let line = format!("assignments: [{{app: hr, role: root, members: [{}]}}]", members.join(", "));
        world.app_once(roles).yaml("access/admins.yaml", &line)
    };
    assert_snapshot!(renamed(&[0, 1]).plan().short(), @"");
    // Accounts that go are counted once, and so is the base of gains.
    let gone = ["p0", "p1"]
        .iter()
        .fold(renamed(&[]), |world, id| world.without(id).drop_yaml(&format!("access/{id}.yaml")));
    assert_snapshot!(gone.plan().guards(), @r"
    TRIPPED privileged of role:root: 2 of 2 holders would lose it without a declaration [--allow 2]
    ok deprovision: 2 people, 4 allowed (half of 9)
    ");
    assert_snapshot!(renamed(&[0, 1, 2]).plan().guards(), @"ok gain: 1 person, 3 allowed");
}

#[test]
fn rule_11_power_in_another_spelling_is_power() {
    let roles = "roles: {admin: {privileged: true, value: ADMIN}, helper: {value: Admin}, member: {}}";
    let world = line(admins(9, 2), &[0, 1]).app_once(roles);
    let world = world.yaml("access/h.yaml", "assignments: [{app: hr, role: helper, members: [user:p4]}]");
    assert_snapshot!(world.plan().short(), @"7 grant role user:p4/role:helper: nothing -> helper (config) privileged");
}

#[test]
fn rule_11_the_other_half_of_a_move_out_of_a_privileged_role_is_held_with_it() {
    let roles = "roles: {admin: {privileged: true, value: ADMIN}, auditor: {value: AUDIT}, member: {}}";
    let moved = line(admins(9, 2), &[]).app_once(roles);
    let moved =
        moved.yaml("access/m.yaml", "assignments: [{app: hr, role: auditor, members: [user:p0, user:p1]}]");
    assert_snapshot!(moved.plan().short(), @r"
    7 grant role user:p0/role:auditor: nothing -> auditor (config) HELD by guard:privileged
    7 grant role user:p1/role:auditor: nothing -> auditor (config) HELD by guard:privileged
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    // A later commit and another count release neither half.
    let later = moved.applied().app("guard: {revoke: 9}");
    assert_snapshot!(later.plan().short(), @r"
    7 grant role user:p0/role:auditor: nothing -> auditor (config) HELD by guard:privileged
    7 grant role user:p1/role:auditor: nothing -> auditor (config) HELD by guard:privileged
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    assert_snapshot!(later.allow("privileged", 2).plan().short(), @r"
    7 grant role user:p0/role:auditor: nothing -> auditor (config)
    7 grant role user:p1/role:auditor: nothing -> auditor (config)
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged
    allowed privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
}

/// The role `admin` stored as another value.
fn stored_otherwise(world: World) -> World {
    world.app_once("roles: {admin: {privileged: true, value: BOSS}, member: {}}")
}

#[test]
fn rule_11_a_role_under_its_former_value_is_that_role() {
    // Both of two admins lose it by the commit that changes the value.
    let both = stored_otherwise(line(admins(9, 2), &[]));
    assert_snapshot!(both.plan().short(), @r"
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    let one_of_two = both.app("guard: {min_members: {admin: 1}}").allow("privileged", 2);
    assert_snapshot!(one_of_two.plan().short(), @r"
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) privileged
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:min_members
    allowed privileged of role:admin: 2 of 2 holders would lose it without a declaration
    TRIPPED min_members of role:admin: 1 removal held, at least 1 active holder must remain, 2 now
    ");
    // One loses it and another gets it: the loss waits for the grant.
    let handed_over = stored_otherwise(line(admins(9, 1), &[1])).app("guard: {gain: 0}");
    assert_snapshot!(handed_over.plan().short(), @r"
    7 grant role user:p1/role:admin: nothing -> admin (config) privileged HELD by guard:gain
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:gain
    TRIPPED gain: 1 person, 0 allowed
    ");
}

#[test]
fn rule_11_another_value_of_a_role_that_people_keep_is_no_gain_and_no_loss_of_power() {
    let kept = stored_otherwise(line(admins(20, 4), &[0, 1, 2, 3]));
    assert_snapshot!(kept.plan().short(), @r"
    7 grant role user:p0/role:admin: ADMIN -> admin (config)
    7 grant role user:p1/role:admin: ADMIN -> admin (config)
    7 grant role user:p2/role:admin: ADMIN -> admin (config)
    7 grant role user:p3/role:admin: ADMIN -> admin (config)
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config)
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config)
    8 revoke role user:p2/role:admin=ADMIN: ADMIN -> nothing (config)
    8 revoke role user:p3/role:admin=ADMIN: ADMIN -> nothing (config)
    ");
    assert_snapshot!(kept.applied().plan().short(), @"");
    // A newcomer gains it, and is counted against those who have the former value.
    let more = stored_otherwise(line(admins(20, 4), &[0, 1, 2, 3, 4]));
    assert_snapshot!(more.plan().guards(), @"ok gain: 1 person, 3 allowed");
    // A role that gave no power before gives it by its new value.
    let now_power = stored_otherwise(line(admins(20, 1), &[0]))
        .app_once("roles: {admin: {privileged: true, value: ADMIN}, member: {value: ADMIN}}");
    assert_snapshot!(now_power.plan().guards(), @"TRIPPED gain: 20 people, 10 allowed (half of 20) [--allow 20]");
}

#[test]
fn rule_11_the_limit_for_one_role_counts_its_former_values() {
    let lost = line(admins(200, 40), &[]).app_once("roles: {admin: {value: BOSS}, member: {}}");
    assert_snapshot!(lost.app("guard: {revoke: 50}").plan().guards(), @r"
    ok revoke: 40 people, 50 allowed
    TRIPPED revoke of role:admin: 40 people, 20 allowed (half of 40) [--allow 40]
    ");
}

#[test]
fn rule_11_a_former_value_stays_until_the_grant_of_todays_value_is_done() {
    let kept = stored_otherwise(line(admins(9, 2), &[0, 1]));
    let held = kept
        .app("users: {scope: all}")
        .yaml("access/policies.yaml", "policies: {apart: {conflict: [hr/admin, hr/member]}}");
    assert_snapshot!(held.plan().short(), @r"
    7 grant role user:p0/role:admin: ADMIN -> admin (config) HELD by policy:apart
    7 grant role user:p1/role:admin: ADMIN -> admin (config) HELD by policy:apart
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) HELD by policy:apart
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config) HELD by policy:apart
    ");
}

/// What was held stays held, even if somebody else gets the role by a later commit.
#[test]
fn rule_11_a_later_grant_releases_no_loss_that_was_held() {
    let held = line(admins(9, 1), &[]).applied();
    assert_eq!(held.ledger.holds.len(), 1);
    let later = line(held, &[1]);
    assert_snapshot!(later.plan().short(), @r"
    7 grant role user:p1/role:admin: nothing -> admin (config) privileged
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged: 1 person held since commit c0ffee
    ");
    assert_snapshot!(later.allow("privileged", 1).plan().guards(), @r"
    ok gain: 1 person, 3 allowed
    ok revoke: 1 person, 4 allowed (half of 9)
    allowed privileged: 1 person held since commit c0ffee [--allow 1]
    ");
}

/// A role on an account that is off is nobody's power: the only holder who can use it keeps it.
#[test]
fn rule_11_a_grant_to_an_account_that_is_off_replaces_nobody() {
    let mut world = admins(9, 1);
    world.things.get_mut("1").unwrap().active = false;
    assert_snapshot!(line(world, &[1]).plan().guards(), @r"
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration [--allow 1]
    ok revoke: 1 person, 4 allowed (half of 9)
    ");
}
