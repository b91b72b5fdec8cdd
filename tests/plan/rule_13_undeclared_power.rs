//! Rule 13: access with power that another hand gave, where `members: add` leaves it.

use insta::assert_snapshot;
use rolecall::model::Value;

use super::world::{World, world};

const SAID: &str = "! privileged access that no line gives role:admin";

/// Two administrators by a group of the app or by a value, and two other people.
fn company(role: &str, mapping: &str) -> World {
    world()
        .mapping(&format!("{{match: [userName], attributes: {{userName: user.email{mapping}}}}}"))
        .app("users: {scope: all}")
        .app(&format!("roles: {{admin: {role}, member: {{}}}}"))
        .app("groups: {members: add}")
        .people(&["u1", "u2", "u3", "u4"])
        .yaml("access/admins.yaml", "assignments: [{app: hr, role: admin, members: [user:u1, user:u2]}]")
        .completed()
        .applied()
        .applied()
}

fn add(mut world: World, member: &str) -> World {
    let group = world.things.values_mut().find(|thing| thing.members.is_some()).expect("a group");
    group.members.as_mut().unwrap().insert(member.to_owned());
    world
}

#[test]
fn rule_13_a_member_of_a_privileged_group_whom_no_line_declares_is_said() {
    let added = add(company("{privileged: true, group: Admins}", ", roles: account.roles"), "new-u3");
    assert_snapshot!(added.plan().short(), @"! privileged access that no line gives role:admin: 1 account has this access, and by `members: add` it is taken only from people to whom rolecall gave it: u3");
    assert!(!added.plan().app().is_partial());
    // In every plan, also of people who leave, until the account is off.
    let later = added.applied();
    assert!(later.plan().short().contains(SAID), "{}", later.plan().short());
    let left = later.clone().person("u3", "status: left");
    assert_snapshot!(left.plan().short(), @r"
    1 disable user:u3 (left)
    ! privileged access that no line gives role:admin: 1 account has this access, and by `members: add` it is taken only from people to whom rolecall gave it: u3
    ");
    assert!(!left.applied().plan().short().contains(SAID));
    assert_snapshot!(later.clone().without("u3").plan().short(), @r"
    9 disable user:u3 (config)
    ! privileged access that no line gives role:admin: 1 account has this access, and by `members: add` it is taken only from people to whom rolecall gave it: u3
    ");
    assert_snapshot!(add(later.account("x7 userName=eve@x.example"), "x7").plan().short(), @r"
    ! privileged access that no line gives role:admin: 2 accounts have this access, and by `members: add` it is taken only from people to whom rolecall gave it: eve@x.example, u3
    ! unmanaged accounts: 1 active account nobody declared for this app: eve@x.example (Admins, power)
    ");
}

/// Found members were declared, and are not any more; and nobody without power is said.
#[test]
fn rule_13_a_found_member_who_is_not_declared_any_more_is_said() {
    let role = "{privileged: true, group: Admins}";
    let declared = add(company(role, ", roles: account.roles"), "new-u3")
        .yaml(
            "access/admins.yaml",
            "assignments: [{app: hr, role: admin, members: [user:u1, user:u2, user:u3]}]",
        )
        .applied();
    let not = declared
        .yaml("access/admins.yaml", "assignments: [{app: hr, role: admin, members: [user:u1, user:u2]}]");
    assert_snapshot!(not.plan().short(), @"! privileged access that no line gives role:admin: 1 account has this access, and by `members: add` it is taken only from people to whom rolecall gave it: u3");
    let plain = add(company("{group: Admins}", ", roles: account.roles"), "new-u3");
    assert_snapshot!(plain.plan().short(), @"");
}

#[test]
fn rule_13_a_privileged_value_that_no_line_gives_is_said() {
    let mut world = company("{privileged: true}", ", roles: account.roles");
    let roles = |roles: &[&str]| Value::List(roles.iter().map(|role| (*role).into()).collect());
    world.things.get_mut("new-u3").unwrap().values.insert("roles".to_owned(), roles(&["admin"]));
    world.things.get_mut("new-u4").unwrap().values.insert("roles".to_owned(), roles(&["member"]));
    assert_snapshot!(world.plan().short(), @"! privileged access that no line gives role:admin: 1 account has this access, and by `members: add` it is taken only from people to whom rolecall gave it: u3");
}
