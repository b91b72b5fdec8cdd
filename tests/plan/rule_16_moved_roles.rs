//! Rule 16: a mapping that keeps roles in another attribute leaves those of the former one in the app, and says whose they are.

use insta::assert_snapshot;
use rolecall::model::Value;

use super::rule_13_drift::settled;
use super::world::World;

const MOVED: &str = "{match: [userName], attributes: {userName: user.email, entitlements: account.roles}}";

/// Ada has admin and member in `roles`, and the mapping keeps roles in `entitlements` now.
fn moved() -> World {
    settled().mapping(MOVED)
}

#[test]
fn rule_16_roles_that_move_to_another_attribute_are_left_in_the_former_one() {
    assert_snapshot!(moved().plan().short(), @r"
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged
    7 grant role user:ada/role:member: nothing -> member (config)
    ! left in the app: role admin was given to 1 account in roles, which no mapping writes any more: ada
    ! left in the app: role member was given to 1 account in roles, which no mapping writes any more: ada
    ");
    assert_snapshot!(moved().applied().plan().short(), @"");
    // Who loses a role may hold it there still.
    let lost = moved().yaml("access/a.yaml", "assignments: [{app: hr, role: member, members: [user:ada]}]");
    assert_snapshot!(lost.plan().short(), @r"
    7 grant role user:ada/role:member: nothing -> member (config)
    ! still has access user:ada: may still hold admin in roles, which no mapping writes any more
    ! left in the app: role member was given to 1 account in roles, which no mapping writes any more: ada
    ");
    assert!(lost.plan().app().is_partial());
    // Nothing is left of a mapping that is as it was.
    assert_snapshot!(settled().plan().short(), @"");
}

#[test]
fn rule_13_a_role_that_the_new_attribute_does_not_show_was_not_taken_away() {
    // What holds the grant makes no other hand of it.
    let held = moved().app("guard: {gain: 0}").applied().without_app("guard: {gain: 0}");
    assert_snapshot!(held.allow("gain", 1).plan().short(), @r"
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged
    allowed gain: 1 person held since commit c2
    ");
    // What another hand takes later is held, and what was seen before stands.
    let mut taken = moved().applied();
    let roles = Value::List(vec!["member".into()]);
    taken.things.get_mut("new-ada").unwrap().values.insert("entitlements".into(), roles.clone());
    assert_snapshot!(taken.plan().short(), @"7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift");
    let mut seen = settled();
    seen.things.get_mut("new-ada").unwrap().values.insert("roles".into(), roles);
    assert_snapshot!(seen.applied().mapping(MOVED).plan().short(), @r"
    7 grant role user:ada/role:member: nothing -> member (config)
    ! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (admin)
    ! left in the app: role admin was given to 1 account in roles, which no mapping writes any more: ada
    ! left in the app: role member was given to 1 account in roles, which no mapping writes any more: ada
    ");
    // A person who leaves in that commit had the role, and gets it back with the account.
    let back = moved().person("ada", "status: suspended").applied().person("ada", "");
    assert_snapshot!(back.plan().short(), @r"
    4 enable user:ada (config)
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged
    7 grant role user:ada/role:member: nothing -> member (config)
    ");
    // Nor does it matter that the new attribute could not be read in that plan.
    let unread =
        moved().account("new-ada userName=ada@x.example roles=[admin,member] entitlements=?").applied();
    assert!(unread.ledger.users["ada"].roles.is_empty(), "{}", unread.plan().text());
}
