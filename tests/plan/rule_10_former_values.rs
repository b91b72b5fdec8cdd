//! Rule 10: a role under a former value is that role, however many roles the app keeps and whatever the value is today.

use insta::assert_snapshot;

use super::world::{World, world};

/// Six people, of whom the first two have a privileged role. The app keeps one role of each account, or all of them.
pub(super) fn company(mapped: &str) -> World {
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

pub(super) fn line(role: &str, people: &[usize]) -> String {
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

/// The app keeps all roles of an account; the first `admins` people have the privileged one.
fn all_roles(admins: usize) -> World {
    let people: Vec<usize> = (0..admins).collect();
    let world = (2..admins).fold(company("roles: account.roles"), |world, number| {
        world
            .account(&format!("{number} userName=p{number}@x.example roles=[ADMIN,READER]"))
            .link(&format!("p{number} {number} roles=[admin,reader]"))
    });
    let world = world.yaml("access/admins.yaml", &line("admin", &people));
    let then = world.clone();
    world.before(then)
}

const AS_GROUP: &str = "roles: {admin: {group: Admins, privileged: true}, reader: {value: READER}}";
const AS_VALUE: &str = "roles: {admin: {value: ADMIN, privileged: true}, reader: {value: READER}}";

#[test]
fn rule_10_a_value_that_becomes_a_group_goes_after_the_grant() {
    // Nobody gains or loses power by it, however many they are.
    let moved = all_roles(4).app_once(AS_GROUP);
    assert_snapshot!(moved.plan().short(), @r"
    6 create group role:admin: nothing -> Admins (config)
    7 grant role user:p0/role:admin: ADMIN -> admin (config)
    7 grant role user:p1/role:admin: ADMIN -> admin (config)
    7 grant role user:p2/role:admin: ADMIN -> admin (config)
    7 grant role user:p3/role:admin: ADMIN -> admin (config)
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config)
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config)
    8 revoke role user:p2/role:admin=ADMIN: ADMIN -> nothing (config)
    8 revoke role user:p3/role:admin=ADMIN: ADMIN -> nothing (config)
    ");
    let after = moved.applied();
    assert_snapshot!(after.plan().short(), @"");
    assert!(after.ledger.former_roles.is_empty() && !after.ledger.roles.contains_key("admin"));
    // While the grant is held, the value stays.
    let policy = "policies: {apart: {conflict: [hr/admin, hr/reader]}}";
    assert_snapshot!(all_roles(2).app_once(AS_GROUP).yaml("access/p.yaml", policy).plan().short(), @r"
    6 create group role:admin: nothing -> Admins (config)
    7 grant role user:p0/role:admin: ADMIN -> admin (config) HELD by policy:apart
    7 grant role user:p1/role:admin: ADMIN -> admin (config) HELD by policy:apart
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) HELD by policy:apart
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config) HELD by policy:apart
    ");
    // If the group cannot be made, nobody is granted anything, and everybody keeps the value.
    let without = moved.cannot(|can| can.create_groups = false);
    assert_snapshot!(without.plan().short(), @r"
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) HELD by former-role
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config) HELD by former-role
    8 revoke role user:p2/role:admin=ADMIN: ADMIN -> nothing (config) HELD by former-role
    8 revoke role user:p3/role:admin=ADMIN: ADMIN -> nothing (config) HELD by former-role
    ! not possible role:admin: the app has no such group, and groups cannot be created there
    ");
    // A newcomer gains it.
    let more = all_roles(2).app_once(AS_GROUP).yaml("access/admins.yaml", &line("admin", &[0, 1, 2]));
    assert_snapshot!(more.plan().guards(), @"ok gain: 1 person, 3 allowed");
    // Who loses it by the same commit is a holder.
    let lost = all_roles(2).app_once(AS_GROUP).drop_yaml("access/admins.yaml");
    assert_snapshot!(lost.plan().short(), @r"
    6 create group role:admin: nothing -> Admins (config)
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 2 of 2 holders would lose it without a declaration
    ");
}

#[test]
fn rule_10_a_group_that_becomes_a_value_goes_after_the_grant() {
    let as_group = all_roles(4).app_once(AS_GROUP).applied();
    let moved = as_group.clone().app_once(AS_VALUE);
    assert_snapshot!(moved.plan().short(), @r"
    7 grant role user:p0/role:admin: group Admins -> admin (config)
    7 grant role user:p1/role:admin: group Admins -> admin (config)
    7 grant role user:p2/role:admin: group Admins -> admin (config)
    7 grant role user:p3/role:admin: group Admins -> admin (config)
    8 revoke role user:p0/former-group:admin: admin -> nothing (config)
    8 revoke role user:p1/former-group:admin: admin -> nothing (config)
    8 revoke role user:p2/former-group:admin: admin -> nothing (config)
    8 revoke role user:p3/former-group:admin: admin -> nothing (config)
    ");
    assert_snapshot!(moved.plan().why("user:p0/former-group:admin"), @"role admin is not a group any more access/hr.yaml:6");
    let after = moved.applied();
    assert_snapshot!(after.plan().short(), @"9 forget role:admin (config)");
    assert!(after.applied().ledger.groups.is_empty());
    // While the grant is held, they stay in the group.
    let policy = "policies: {apart: {conflict: [hr/admin, hr/reader]}}";
    assert_snapshot!(moved.yaml("access/p.yaml", policy).plan().short(), @r"
    7 grant role user:p0/role:admin: group Admins -> admin (config) HELD by policy:apart
    7 grant role user:p1/role:admin: group Admins -> admin (config) HELD by policy:apart
    7 grant role user:p2/role:admin: group Admins -> admin (config) HELD by policy:apart
    7 grant role user:p3/role:admin: group Admins -> admin (config) HELD by policy:apart
    8 revoke role user:p0/former-group:admin: admin -> nothing (config) HELD by policy:apart
    8 revoke role user:p1/former-group:admin: admin -> nothing (config) HELD by policy:apart
    8 revoke role user:p2/former-group:admin: admin -> nothing (config) HELD by policy:apart
    8 revoke role user:p3/former-group:admin: admin -> nothing (config) HELD by policy:apart
    ");
    // Who loses it by the same commit is a holder, under an earlier id, too.
    let lost = as_group.clone().app_once(AS_VALUE).drop_yaml("access/admins.yaml");
    assert_snapshot!(lost.plan().short(), @r"
    8 revoke role user:p0/former-group:admin: admin -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/former-group:admin: admin -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p2/former-group:admin: admin -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p3/former-group:admin: admin -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 4 of 4 holders would lose it without a declaration
    TRIPPED revoke: 4 people, 3 allowed (half of 6)
    TRIPPED revoke of role:admin: 4 people, 3 allowed (all but one of 4)
    ");
    let renamed =
        "roles: {root: {value: ADMIN, privileged: true, previously: [admin]}, reader: {value: READER}}";
    let lost = as_group.app_once(renamed).drop_yaml("access/admins.yaml");
    assert_snapshot!(lost.plan().short(), @r"
    8 revoke role user:p0/former-group:root: root -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p1/former-group:root: root -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p2/former-group:root: root -> nothing (config) privileged HELD by guard:privileged
    8 revoke role user:p3/former-group:root: root -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:root: 4 of 4 holders would lose it without a declaration
    TRIPPED revoke: 4 people, 3 allowed (half of 6)
    TRIPPED revoke of role:root: 4 people, 3 allowed (all but one of 4)
    ");
    let held = lost.applied().at("2026-06-18");
    assert_eq!(held.plan().app().held().count(), 4, "{}", held.plan().short());
    let done = held.allow("privileged", 4).allow("revoke", 4).applied();
    assert_snapshot!(done.plan().short(), @r"
    9 forget role:root (config)
    ! advice: --allow hr:privileged=4 lets nothing pass: the guard holds nobody in this plan
    ! advice: --allow hr:revoke=4 lets nothing pass: the guard holds nobody in this plan
    ");
}

#[test]
fn rule_11_the_value_or_group_of_another_privileged_role_is_a_gain() {
    let both = "roles: {admin: {value: ADMIN, privileged: true}, owner: {value: OWNER, privileged: true}, reader: {value: READER}}";
    let world = all_roles(2).app_once(both);
    let then = world.clone();
    let world = world.before(then);
    let of_owners = |how: &str| {
        let roles = format!("roles: {{admin: {{{how}, privileged: true}}, reader: {{value: READER}}}}");
        world.clone().app_once(&roles).plan().guards()
    };
    assert_snapshot!(of_owners("value: OWNER"), @"ok gain: 2 people, 3 allowed");
    assert_snapshot!(of_owners("value: BOSS"), @"");
    // In another form, too.
    let was_group = both.replace("value: OWNER", "group: Owners");
    let then = all_roles(2).app_once(&was_group);
    let roles = "roles: {admin: {group: Owners, privileged: true}, reader: {value: READER}}";
    assert_snapshot!(all_roles(2).before(then).app_once(roles).plan().guards(), @"ok gain: 2 people, 3 allowed");
}

/// This many people with one role, which gives no power, under a value that the next commit changes.
fn renamed(people: usize) -> World {
    let ids: Vec<usize> = (0..people).collect();
    let world = (0..people).fold(world().completed(), |world, number| {
        let id = format!("p{number}");
        let account = format!("{number} userName={id}@x.example roles=[EDITOR]");
        world.person(&id, "").account(&account).link(&format!("{id} {number} roles=[editor]"))
    });
    world
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .managed("editor=EDITOR")
        .app("roles: {editor: {value: WRITER}}")
        .yaml("access/editors.yaml", &line("editor", &ids))
}

#[test]
fn rule_11_another_value_of_a_role_is_an_update_and_no_loss() {
    let few = renamed(12).plan();
    assert_eq!(few.guards(), "");
    assert_eq!(few.app().to_do().count(), 24, "{}", few.short());
    // The former value stays with the grant that is held.
    let many = renamed(25).plan();
    assert_snapshot!(many.guards(), @"TRIPPED update of role:editor: 25 people, 20 allowed [--allow 25]");
    assert_eq!(many.app().to_do().count(), 0, "{}", many.short());
    assert_snapshot!(renamed(25).allow("update", 25).plan().guards(), @"allowed update of role:editor: 25 people, 20 allowed [--allow 25]");
    // Where one role fits, too: there the grant alone overwrites it.
    let single = |world: World| {
        let world =
            world.mapping("{match: [userName], attributes: {userName: user.email, userType: account.role}}");
        (0..25).fold(world, |world, number| {
            world.account(&format!("{number} userName=p{number}@x.example userType=EDITOR"))
        })
    };
    assert_snapshot!(single(renamed(25)).plan().guards(), @"TRIPPED update of role:editor: 25 people, 20 allowed [--allow 25]");
}

fn stored_as(world: World, value: &str) -> World {
    let roles = format!(
        "roles: {{admin: {{value: {value}, precedence: 1, privileged: true}}, reader: {{value: READER, precedence: 9}}}}"
    );
    world.app_once(&roles)
}

#[test]
fn rule_10_a_value_that_an_unfinished_run_gave_is_known() {
    for company in [all_roles(2), one_role()] {
        let second = stored_as(company, "SUPER");
        // An apply of one person, or one that was stopped, and then a third value.
        let mut third = stored_as(second.clone().only("p0").unfinished(), "ROOT");
        third.only = None;
        let told = third.plan().short();
        for line in ["p0/role:admin: SUPER -> admin (config)\n", "p1/role:admin: ADMIN -> admin (config)\n"] {
            assert!(told.contains(&format!("7 grant role user:{line}")), "{told}");
        }
        assert_eq!(third.plan().app().held().count(), 0, "{told}");
        let done = third.applied();
        assert_eq!(done.plan().short(), "");
        assert!(done.ledger.former_roles.is_empty());
        // Taken back; and nobody has it any more.
        assert_eq!(stored_as(second.unfinished(), "ADMIN").applied().plan().short(), "");
        let lost = third.drop_yaml("access/admins.yaml").plan();
        let held = lost.app().held().filter(|change| change.kind.is_loss()).count();
        assert_eq!(held, 2, "{}", lost.short());
        assert!(lost.guards().contains("privileged of role:admin: 2 of 2 holders"), "{}", lost.guards());
    }
}

#[test]
fn rule_10_a_new_role_that_an_unfinished_run_gave_is_taken_from_those_to_whom_it_gave_it() {
    // p2 had the value before; rolecall gave it to p0, and set out to give it to p1.
    let mut world = all_roles(0)
        .app_once("roles: {reader: {value: READER}}")
        .account("0 userName=p0@x.example roles=[READER]")
        .account("1 userName=p1@x.example roles=[READER]")
        .account("2 userName=p2@x.example roles=[ADMIN,READER]")
        .link("p0 0 roles=[reader]")
        .link("p1 1 roles=[reader]");
    world.ledger.roles.remove("admin");
    let then = world.clone().drop_yaml("access/admins.yaml");
    let given = stored_as(world.before(then), "ADMIN").yaml("access/admins.yaml", &line("admin", &[0]));
    let given =
        given.unfinished().account("1 userName=p1@x.example roles=[ADMIN,READER]").granted("p1", "admin");
    let gone = given.app_once("roles: {reader: {value: READER}}").drop_yaml("access/admins.yaml");
    assert_snapshot!(gone.plan().short(), @r"
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config)
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config)
    ! members nobody declared user:p2: holds ADMIN, which is no declared role: it stays
    ");
    assert_snapshot!(gone.applied().plan().short(), @"! members nobody declared user:p2: holds ADMIN, which is no declared role: it stays");
}
