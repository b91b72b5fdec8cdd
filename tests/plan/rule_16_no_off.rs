//! Rule 16: an app that cannot turn accounts off. There the delete is the loss itself.

use insta::assert_snapshot;

use super::world::{World, world};

/// Ada and Bob have accounts that rolecall created.
fn company() -> World {
    with("")
}

fn with(more: &str) -> World {
    world()
        .people(&["ada", "bob"])
        .app(&format!("users: {{scope: all, deprovision: delete, delete_after: 30d{more}}}"))
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .applied()
        .cannot(|able| able.disable_users = false)
}

#[test]
fn rule_16_leavers_are_deleted_at_once() {
    let left = company().person("ada", "status: left");
    assert_snapshot!(left.plan().short(), @"1 delete user:ada (left)");
    assert_snapshot!(left.plan().why("user:ada"), @"user:ada is declared left access/people.yaml:2");
    let ended = company().person("ada", "end: 2026-06-01");
    assert_snapshot!(ended.plan().short(), @"1 delete user:ada (expiry)");
    // The tombstone keeps what is known, and the next plan is empty.
    assert_snapshot!(left.applied().plan().short(), @"");
}

#[test]
fn rule_16_the_absent_are_deleted_once_the_time_has_passed() {
    let absent = company().without("ada");
    assert_snapshot!(absent.plan().short(), @"! still has access user:ada: is not declared any more, and still has an active account: it is deleted from 2026-07-15 00:00 UTC on");
    let seen = absent.applied();
    assert_snapshot!(seen.clone().at("2026-07-01").plan().short(), @"! still has access user:ada: is not declared any more, and still has an active account: it is deleted from 2026-07-15 00:00 UTC on; first seen on 2026-06-15, 16 days ago");
    // It counts on the day on which it is done.
    let due = seen.at("2026-07-16");
    assert_snapshot!(due.plan().short(), @"9 delete user:ada (config)");
    assert_snapshot!(due.plan().guards(), @"ok deprovision: 1 person, 1 allowed (half of 2)");
}

#[test]
fn rule_16_nobody_else_is_deleted() {
    let suspended = company().person("ada", "status: suspended");
    assert_snapshot!(suspended.plan().short(), @"! still has access user:ada: the account is active, and this app cannot disable accounts");
    let out_of_scope =
        with(", filter: 'user.title != \"Temp\"'").person("ada", "title: Temp").person("bob", "title: Boss");
    assert_snapshot!(out_of_scope.plan().short(), @r"
    3 update user:bob/attribute:title: nothing -> Boss (config)
    ! still has access user:ada: is to have no account here any more, and this app cannot turn accounts off
    ");
    let adopted = company().link("ada 1 adopted").person("ada", "status: left");
    assert_snapshot!(adopted.plan().short(), @"! still has access user:ada: has an active account, which rolecall did not create and so does not delete");
    let may = adopted.app("delete_adopted: true");
    assert_snapshot!(may.plan().short(), @"1 delete user:ada (left)");
}

/// Source guards stop no declared leaver, also where leaving means the delete.
#[test]
fn rule_16_a_guard_of_the_source_stops_no_leaver() {
    let lost = company().person("ada", "status: left").applied_people("40 access/people.yaml=40");
    assert_snapshot!(lost.plan().short(), @"1 delete user:ada (left)");
}

/// An account that stays on loses the roles that its person is not declared to have any more.
#[test]
fn rule_16_a_leaver_whose_account_stays_loses_the_roles() {
    let company = |origin: &str, deprovision: &str| {
        world()
            .people(&["ada", "bob"])
            .app("roles: {admin: {value: ADMIN, privileged: true, precedence: 1}, user: {value: USER, precedence: 2}}")
            .mapping("{match: [userName], attributes: {userName: user.email, userType: account.role}}")
            .assign("admin", "user:ada")
            .assign("user", "user:bob")
            .app(&format!("users: {{deprovision: {deprovision}}}"))
            .completed()
            .account("1 userName=ada@x.example userType=ADMIN")
            .account("2 userName=bob@x.example userType=USER")
            .link(&format!("ada 1 {origin} roles=[admin]"))
            .link("bob 2 roles=[user]")
            .applied()
            .cannot(|able| able.disable_users = false)
    };
    let adopted = company("adopted", "delete").person("ada", "status: left");
    assert_snapshot!(adopted.plan().short(), @r"
    1 revoke role user:ada/role:admin: ADMIN -> nothing (left) privileged
    ! nobody holds a role now role:admin: everybody who held it is declared to have left
    ! still has access user:ada: has an active account, which rolecall did not create and so does not delete
    ");
    let kept = company("", "keep").person("ada", "status: left");
    assert_snapshot!(kept.plan().short(), @r"
    1 revoke role user:ada/role:admin: ADMIN -> nothing (left) privileged
    ! nobody holds a role now role:admin: everybody who held it is declared to have left
    ! overdue user:ada: is declared to have no access, and still has an active account
    ");
    let out = company("", "delete").yaml("access/assign-0.yaml", "assignments: []");
    assert_snapshot!(out.plan().short(), @r"
    8 revoke role user:ada/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    ! still has access user:ada: is to have no account here any more, and this app cannot turn accounts off
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration
    ");
}
