//! Rule 16: the life cycle.

use insta::assert_snapshot;

use super::world::{World, world};

fn leaver(life: &str) -> World {
    world()
        .person("ada", life)
        .app("users: {deprovision: delete, delete_after: 30d}")
        .completed()
        .account("1 userName=ada@x.example externalId=ada inactive")
        .link("ada 1 disabled=2026-05-01")
}

#[test]
fn rule_16_delete_is_for_leavers_and_the_absent_after_a_while() {
    assert_snapshot!(leaver("status: left").plan().short(), @"9 delete user:ada (left)");
    assert_snapshot!(leaver("status: left").plan().why("user:ada"), @r"
    user:ada is declared left access/people.yaml:2
    disabled on 2026-05-01, 45 days ago, and `delete_after` has passed
    ");
    assert_snapshot!(leaver("status: left").at("2026-05-30").plan().short(), @"");
    let absent = leaver("").without("ada").people(&["bob"]);
    assert_snapshot!(absent.plan().short(), @"9 delete user:ada (config)");
    assert_snapshot!(absent.cannot(|able| able.delete_users = false).plan().short(), @"! not possible user:ada: the account is due for deletion, and this app cannot delete accounts");
}

#[test]
fn rule_16_suspended_and_out_of_scope_are_never_deleted() {
    assert_snapshot!(leaver("status: suspended").assign("", "user:ada").plan().short(), @"");
    assert_snapshot!(leaver("").plan().short(), @"");
}

#[test]
fn rule_16_an_account_somebody_else_disabled_is_not_deleted() {
    assert_snapshot!(leaver("status: left").link("ada 1").plan().short(), @"");
}

#[test]
fn rule_16_an_id_that_returns_takes_up_its_account() {
    let world = world().people(&["ada"]).assign("", "user:ada").completed().link("ada 1 gone=2026-05-01");
    let inactive = world.clone().account("1 userName=ada@x.example inactive");
    assert_snapshot!(inactive.plan().short(), @r"
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    4 relink user:ada: inactive -> active (config)
    ! turned on again user:ada: account 1 of ada was deleted on 2026-05-01, 45 days ago, and is turned on again because of its person's declaration
    ");
    assert_snapshot!(inactive.applied().plan().short(), @"");
    let emptied = world.clone().account("1 userName=deleted-1 inactive");
    assert_snapshot!(emptied.plan().short(), @"4 create user:ada (config)");
    let another = world.account("2 userName=ada@x.example");
    assert_snapshot!(another.plan().short(), @r"
    3 adopt user:ada (config)
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    ");
    assert_snapshot!(another.applied().plan().short(), @"");
}

#[test]
fn rule_16_deprovision_keep_leaves_the_account_and_takes_the_roles() {
    let world = world()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {admin: {privileged: true}}")
        .app("users: {deprovision: keep}")
        .people(&["ada"])
        .person("bob", "end: 2026-06-01")
        .completed()
        .managed("admin=admin")
        .account("1 userName=ada@x.example roles=[admin]")
        .link("ada 1 roles=[admin]")
        .account("2 userName=bob@x.example roles=[admin]")
        .link("bob 2 roles=[admin]")
        .allow("privileged", 1);
    assert_snapshot!(world.plan().short(), @r"
    1 revoke role user:bob/role:admin: admin -> nothing (expiry) privileged
    8 revoke role user:ada/role:admin: admin -> nothing (config) privileged
    ! overdue user:bob: ended on 2026-06-01, 14 days ago, and still has an active account
    ! advice: 1 account stays active although nothing here asks for it: ada
    allowed privileged of role:admin: 1 of 1 holder would lose it without a declaration
    ");
    assert_snapshot!(world.applied().plan().short(), @r"
    ! overdue user:bob: ended on 2026-06-01, 14 days ago, and still has an active account
    ! advice: --allow hr:privileged=1 lets nothing pass: the guard holds nobody in this plan
    ! advice: 1 account stays active although nothing here asks for it: ada
    ");
}

#[test]
fn rule_16_actions_that_are_not_allowed_are_said_once() {
    let world = world()
        .person("ada", "title: New")
        .people(&["bob", "cy"])
        .app("users: {actions: []}")
        .assign("", "user:ada, user:bob")
        .completed()
        .has("ada", "1")
        .has("cy", "3");
    assert_snapshot!(world.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 3 people declared

    hr  https://hr.example/scim
      No changes. 2 accounts in hr match the repository.

      Advice (3)
        ! `users.actions` does not allow to change attributes of 1 account: ada
          hint: add `update` to `users.actions` if it should
        ! `users.actions` does not allow to create 1 account: bob
          hint: add `create` to `users.actions` if it should
        ! `users.actions` does not allow to disable 1 account: cy
          hint: add `deprovision` to `users.actions` if it should

    Total: no changes
    ");
}

/// Who has left, or is declared nowhere any more, and keeps an account because nobody allows rolecall to turn it off.
#[test]
fn rule_01_leavers_whom_the_actions_do_not_let_us_disable_come_first() {
    let world = world()
        .person("ada", "status: left")
        .person("bob", "end: 2026-06-01")
        .people(&["cy"])
        .app("users: {actions: [create, update]}")
        .assign("", "user:ada, user:bob")
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .has("cy", "3")
        .has("dan", "4");
    let outcome = world.plan();
    assert!(outcome.app().is_partial());
    assert_snapshot!(outcome.short(), @r"
    ! still has access user:ada: is declared to have no access, and still has an active account
    ! still has access user:bob: ended on 2026-06-01, 14 days ago, and still has an active account
    ! still has access user:dan: is not declared any more, and still has an active account
    ! advice: `users.actions` does not allow to disable 1 account: cy
    ");
    assert_snapshot!(outcome.hints("still has access"), @r"
    `users.actions` has no `deprovision`: add it, or turn the account off in the app by hand
    `users.actions` has no `deprovision`: add it, or turn the account off in the app by hand
    `users.actions` has no `deprovision`: add it, or turn the account off in the app by hand
    ");
    assert_snapshot!(world.applied().at("2026-06-20").plan().short(), @r"
    ! still has access user:ada: is declared to have no access, and still has an active account; first seen on 2026-06-15, 5 days ago
    ! still has access user:bob: ended on 2026-06-01, 19 days ago, and still has an active account; first seen on 2026-06-15, 5 days ago
    ! still has access user:dan: may still have access, and nothing is taken: account 4 (dan@x.example) is dan's by the ledger alone; first seen on 2026-06-15, 5 days ago
    ! link conflict: no commit proves the ledger's entry of dan: commit c0ffee, which is named there, does not declare them
    ! advice: `users.actions` does not allow to disable 1 account: cy
    ");
}

#[test]
fn rule_16_what_an_app_cannot_do_is_said() {
    let world = world()
        .person("ada", "title: New")
        .people(&["bob"])
        .person("cy", "status: left")
        .assign("", "user:ada, user:bob")
        .completed()
        .has("ada", "1")
        .has("cy", "3")
        .cannot(|able| (able.create_users, able.update_users, able.disable_users) = (false, false, false));
    assert_snapshot!(world.plan().short(), @r"
    ! still has access user:cy: the account is active, and this app cannot disable accounts
    ! not possible user:ada: title differs, and this app lets nobody change accounts
    ! not possible user:bob: this app cannot create accounts
    ");
}

fn unmanaged(policy: &str) -> World {
    world()
        .people(&["ada", "bob"])
        .assign("", "user:ada")
        .app(&format!("unmanaged: {policy}"))
        .completed()
        .has("ada", "1")
        .account("7 userName=stranger")
        .account("8 userName=sleeper inactive")
        .account("9 userName=bob@x.example")
}

#[test]
fn rule_16_unmanaged_accounts() {
    assert_snapshot!(unmanaged("ignore").plan().short(), @"");
    assert_snapshot!(unmanaged("report").plan().short(), @r"
    ! still has access user:bob: bob is to have no account here, and account 9 (bob@x.example) matches and is active
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger
    ");
    assert_snapshot!(unmanaged("disable").allow("deprovision", 2).plan().short(), @r"
    9 disable account:7: stranger -> nothing (unmanaged)
    9 disable account:9: bob@x.example -> nothing (unmanaged)
    allowed deprovision: 2 people, 1 allowed
    ");
    assert_snapshot!(unmanaged("disable").allow("deprovision", 2).plan().why("account:7"), @"nobody declares this account, and `unmanaged` asks for it access/hr.yaml:2");
    assert_snapshot!(unmanaged("disable").allow("deprovision", 2).plan().why("account:9"), @"it matches user:bob, who is to have no account here, and rolecall does not know it access/hr.yaml:2");
    assert_snapshot!(unmanaged("delete").allow("deprovision", 2).plan().short(), @r"
    9 delete account:7: stranger -> nothing (unmanaged)
    9 disable account:9: bob@x.example -> nothing (unmanaged)
    allowed deprovision: 2 people, 1 allowed
    ");
}

#[test]
fn rule_16_unmanaged_accounts_wait_for_proof() {
    let mut first = unmanaged("disable");
    first.ledger.completed = None;
    assert_snapshot!(first.plan().short(), @r"
    ! still has access user:bob: bob is to have no account here, and account 9 (bob@x.example) matches and is active
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger
    ! advice: unmanaged accounts are left alone: no full apply of this app has run to its end yet
    ");
    let few_links = unmanaged("disable").people(&["new"]).assign("", "user:new");
    assert_snapshot!(few_links.plan().short(), @r"
    4 create user:new (config)
    ! still has access user:bob: bob is to have no account here, and account 9 (bob@x.example) matches and is active
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger
    ! advice: unmanaged accounts are left alone: only 1 of 2 desired people have a linked account, 95 % are needed
    ");
    let nobody = unmanaged("disable").drop_yaml("access/assign-0.yaml");
    assert_snapshot!(nobody.plan().short(), @r"
    9 disable user:ada (config)
    ! still has access user:bob: bob is to have no account here, and account 9 (bob@x.example) matches and is active
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger
    ! advice: unmanaged accounts are left alone: nobody is to have an account here, which looks more like a mistake
    ");
    let undecided = unmanaged("disable").person("bob", "email: bob@x.example").app("links: {bob: ignore}");
    assert_snapshot!(undecided.plan().short(), @"9 disable account:7: stranger -> nothing (unmanaged)");
}

#[test]
fn rule_16_grants_that_no_mapping_manages_any_more_are_left_in_the_app() {
    let with_roles = "{match: [userName], attributes: {userName: user.email, roles: account.roles}}";
    let world = world()
        .mapping(with_roles)
        .app_once("roles: {admin: {}, member: {}}")
        .people(&["ada", "bob"])
        .assign("admin", "user:ada")
        .assign("member", "user:ada, user:bob")
        .completed()
        .applied()
        .applied();
    let gone = world.mapping("{match: [userName], attributes: {userName: user.email}}");
    assert_snapshot!(gone.plan().short(), @r"
    ! left in the app: role admin was given to 1 account and no mapping writes it any more: ada
    ! left in the app: role member was given to 2 accounts and no mapping writes it any more: ada, bob
    ");
}
