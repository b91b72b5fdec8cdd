//! Rule 10: a role under a former value is that role, however many roles the app keeps and whatever the value is today.

use insta::assert_snapshot;

use super::world::{World, world};

/// Six people, of whom the first two have a privileged role. The app keeps one role of each account, or all of them.
fn company(mapped: &str) -> World {
    let world = (0..6).fold(world().completed(), |world, number| {
        let (id, is_admin) = (format!("p{number}"), number < 2);
        let values = match (mapped, is_admin) {
            ("userType: account.role", true) => "userType=ADMIN",
            ("userType: account.role", false) => "userType=READER",
            (_, true) => "roles=[ADMIN,READER]",
            (_, false) => "roles=[READER]",
        };
        let given = match (mapped, is_admin) {
            ("userType: account.role", true) => "[admin]",
            (_, true) => "[admin,reader]",
            (_, false) => "[reader]",
        };
        world
            .person(&id, "")
            .account(&format!("{number} userName={id}@x.example {values}"))
            .link(&format!("{id} {number} roles={given}"))
    });
    let world = world
        .mapping(&format!("{{match: [userName], attributes: {{userName: user.email, {mapped}}}}}"))
        .app("roles: {admin: {value: ADMIN, precedence: 1, privileged: true}, reader: {value: READER, precedence: 9}}")
        .yaml("access/readers.yaml", &line("reader", &[0, 1, 2, 3, 4, 5]))
        .yaml("access/admins.yaml", &line("admin", &[0, 1]))
        .managed("admin=ADMIN reader=READER");
    let then = world.clone();
    world.before(then)
}

fn line(role: &str, people: &[usize]) -> String {
    let people: Vec<_> = people.iter().map(|number| format!("user:p{number}")).collect();
    format!("assignments: [{{app: hr, role: {role}, members: [{}]}}]", people.join(", "))
}

/// The app keeps one role of each account.
fn one_role() -> World {
    company("userType: account.role")
}

#[test]
fn rule_10_where_one_role_fits_a_former_value_goes_by_a_revocation() {
    // The privileged role is given up with its line: both become readers.
    let given_up = one_role()
        .app_once("roles: {reader: {value: READER, precedence: 9}}")
        .drop_yaml("access/admins.yaml");
    assert_snapshot!(given_up.plan().short(), @r"
    7 grant role user:p0/role:reader: nothing -> reader (config) HELD by guard:privileged
    7 grant role user:p1/role:reader: nothing -> reader (config) HELD by guard:privileged
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    assert_snapshot!(given_up.clone().allow("privileged", 2).plan().short(), @r"
    7 grant role user:p0/role:reader: nothing -> reader (config)
    7 grant role user:p1/role:reader: nothing -> reader (config)
    8 revoke role user:p0/role:admin: ADMIN -> nothing (config) privileged
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged
    allowed privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    let done = given_up.allow("privileged", 2).applied();
    assert_snapshot!(done.plan().short(), @"! advice: --allow hr:privileged=2 lets nothing pass: the guard holds nobody in this plan");
    // Both lose it by the commit that changes its value.
    let stored = "roles: {admin: {value: SUPER, precedence: 1, privileged: true}, reader: {value: READER, precedence: 9}}";
    let lost = one_role().app_once(stored).drop_yaml("access/admins.yaml");
    assert_snapshot!(lost.plan().short(), @r"
    7 grant role user:p0/role:reader: nothing -> reader (config) HELD by guard:privileged
    7 grant role user:p1/role:reader: nothing -> reader (config) HELD by guard:privileged
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    // Both keep it: the grant of today's value takes the place of the former one.
    let kept = one_role().app_once(stored);
    assert_snapshot!(kept.plan().short(), @r"
    7 grant role user:p0/role:admin: ADMIN -> admin (config)
    7 grant role user:p1/role:admin: ADMIN -> admin (config)
    ");
    assert_snapshot!(kept.applied().plan().short(), @"");
}

#[test]
fn rule_10_where_one_role_fits_a_former_value_is_outranked_as_todays_is() {
    // Another role comes before it from now on, and it has another value.
    let roles = "roles: {admin: {value: SUPER, precedence: 5, privileged: true}, reader: {value: READER, precedence: 1}}";
    let outranked = one_role().app_once(roles);
    assert_snapshot!(outranked.plan().short(), @r"
    7 grant role user:p0/role:reader: nothing -> reader (config) HELD by guard:privileged
    7 grant role user:p1/role:reader: nothing -> reader (config) HELD by guard:privileged
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    assert_snapshot!(outranked.plan().why("user:p0/role:admin=ADMIN"), @r"
    the app holds one role, and reader comes before admin (precedence 1) access/hr.yaml:6
    held: privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
    // While the grant of the other role is held, the former value stays.
    let policy = "policies: {apart: {conflict: [hr/admin, hr/reader]}}";
    let apart = outranked.yaml("access/p.yaml", policy).allow("privileged", 2);
    assert_snapshot!(apart.plan().short(), @r"
    7 grant role user:p0/role:reader: nothing -> reader (config) HELD by policy:apart
    7 grant role user:p1/role:reader: nothing -> reader (config) HELD by policy:apart
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by policy:apart
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by policy:apart
    allowed privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
}

#[test]
fn rule_10_where_one_role_fits_a_former_value_that_stays_leaves_no_room() {
    // Of the members of a role, rolecall takes away only what it gave.
    let roles = "roles: {reader: {value: READER, precedence: 9}}";
    let found =
        one_role().link("p0 0").app_once(roles).drop_yaml("access/admins.yaml").app("groups: {members: add}");
    assert_snapshot!(found.plan().short(), @r"
    7 grant role user:p0/role:reader: nothing -> reader (config) HELD by one-role
    7 grant role user:p1/role:reader: nothing -> reader (config)
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged
    ");
    // The plan that takes an account over removes nothing from it.
    let mut adopting = one_role().app_once(roles).drop_yaml("access/admins.yaml").app("links: {p0: \"0\"}");
    adopting.ledger.users.remove("p0");
    assert_snapshot!(adopting.plan().short(), @r"
    3 adopt user:p0 (config)
    7 grant role user:p0/role:reader: nothing -> reader (config) HELD by one-role
    7 grant role user:p1/role:reader: nothing -> reader (config) HELD by guard:privileged
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration
    ");
}
