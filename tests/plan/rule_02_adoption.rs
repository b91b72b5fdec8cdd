//! Rule 2: adoption happens only in a plan.

use insta::assert_snapshot;

use super::world::{World, world};

fn ada() -> World {
    world().people(&["ada"]).assign("", "user:ada").completed()
}

fn with_roles() -> World {
    world()
        .people(&["ada"])
        .app("roles: {admin: {value: ADMIN, precedence: 1}, member: {precedence: 2}}")
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .assign("member", "user:ada")
        .completed()
        .managed("admin=ADMIN member=member")
}

#[test]
fn rule_02_a_matching_account_is_adopted_as_a_line_of_the_plan() {
    let world = ada().account("1 userName=ADA@x.example");
    assert_snapshot!(world.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared

    hr  https://hr.example/scim
      1 to adopt, 1 attribute to update

      People (1)
        ~ ada (ada Test)  update externalId: (none) → ada  (config)
            because user:ada  access/people.yaml:2
                and mapped to externalId  rolecall.yaml:11

      Adopting existing accounts and groups, nothing is sent (1)
        = ada (ada Test)  adopt account 1 (ADA@x.example)  (config)
            because account 1 (ADA@x.example) matches user:ada by userName  access/people.yaml:2

    Total: 1 to adopt, 1 attribute to update
    ");
    assert_snapshot!(world.applied().plan().short(), @"");
}

#[test]
fn rule_02_adopt_never_and_listed() {
    let never = ada().app("adopt: never").account("1 userName=ada@x.example");
    assert_snapshot!(never.plan().short(), @"! not adopted user:ada: account 1 (ada@x.example) matches, but `adopt: never` forbids it");
    let listed = ada().app("adopt: listed").account("1 userName=ada@x.example");
    assert_snapshot!(listed.plan().short(), @"! not adopted user:ada: account 1 (ada@x.example) matches, but `adopt: listed` allows only what stands below `links:`");
    assert_snapshot!(listed.plan().hints("not adopted"), @r#"if it is theirs, say so: `links: {ada: "1"}`"#);
    let named = listed.app(r#"links: {ada: "1"}"#);
    assert_snapshot!(named.plan().short(), @r"
    3 adopt user:ada (config)
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    ");
}

#[test]
fn rule_02_adoption_refused_for_inactive_account() {
    let world = ada().account("1 userName=ada@x.example inactive");
    assert_snapshot!(world.plan().short(), @"! not adopted user:ada: account 1 (ada@x.example) matches, but it is inactive");
    let listed = world.app(r#"links: {ada: "1"}"#);
    assert_snapshot!(listed.plan().short(), @r"
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    4 adopt user:ada: inactive -> active (config)
    ! turned on again user:ada: account 1 of ada is bound and turned on because of the line of `links:`
    ");
}

#[test]
fn rule_02_adoption_refused_for_protected_account() {
    let world =
        ada().app("protect: [ada@x.example]").app(r#"links: {ada: "1"}"#).account("1 userName=ada@x.example");
    assert_snapshot!(world.plan().short(), @"! not adopted user:ada: account 1 (ada@x.example) matches, but it is protected");
}

#[test]
fn rule_02_adoption_refused_for_the_connections_own_account() {
    let mut world = ada().account("1 userName=ada@x.example");
    world.own = vec!["ADA@x.example".into()];
    assert_snapshot!(world.plan().short(), @"! not adopted user:ada: account 1 (ada@x.example) matches, but it is protected");
}

#[test]
fn rule_02_adoption_refused_for_a_foreign_external_id() {
    let world = ada().account("1 userName=ada@x.example externalId=00u1");
    assert_snapshot!(world.plan().short(), @r#"! not adopted user:ada: account 1 (ada@x.example) matches, but its externalId is "00u1", which is not ours"#);
    let unmapped = world.mapping("{match: [userName], attributes: {userName: user.email}}");
    assert_snapshot!(unmapped.plan().short(), @r#"! not adopted user:ada: account 1 (ada@x.example) matches, but its externalId is "00u1", which is not ours"#);
}

#[test]
fn rule_02_adoption_refused_for_a_role_nobody_declared() {
    let world = with_roles().account("1 userName=ada@x.example roles=[ADMIN]");
    assert_snapshot!(world.plan().short(), @"! not adopted user:ada: account 1 (ada@x.example) matches, but it holds the role admin, which ada is not declared to have");
    let unknown = with_roles().account("1 userName=ada@x.example roles=[ROOT]");
    assert_snapshot!(unknown.plan().short(), @r#"! not adopted user:ada: account 1 (ada@x.example) matches, but it holds the role "ROOT", which ada is not declared to have"#);
    let declared = with_roles().account("1 userName=ada@x.example roles=[member]");
    assert_snapshot!(declared.plan().short(), @"3 adopt user:ada (config)");
    assert_snapshot!(declared.applied().plan().short(), @"");
}

#[test]
fn rule_02_adoption_refused_for_a_managed_membership_nobody_declared() {
    let world = ada()
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .app("groups: {push: [team]}")
        .account("1 userName=ada@x.example")
        .group("g1 team: 1")
        .group_link("group:team g1:");
    assert_snapshot!(world.plan().short(), @r"
    ! not adopted user:ada: account 1 (ada@x.example) matches, but it is a member of group:team, which ada is not declared to be in
    ! members nobody declared group:team: 1 member nobody declared: 1
    ");
}

#[test]
fn rule_02_the_plan_that_adopts_takes_nothing_away() {
    let world =
        with_roles().app(r#"links: {ada: "1"}"#).account("1 userName=ada@x.example roles=[ADMIN,member]");
    assert_snapshot!(world.plan().short(), @"3 adopt user:ada (config)");
    assert_snapshot!(world.applied().plan().short(), @r"
    8 revoke role user:ada/role:admin: ADMIN -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
}

#[test]
fn rule_02_two_accounts_of_one_person_are_ambiguous() {
    let world =
        ada().account("1 userName=ada@x.example").account("2 userName=other@x.example externalId=ada");
    assert_snapshot!(world.plan().short(), @"! ambiguous match user:ada: 2 accounts match ada: 2 by externalId, 1 by userName");
}

#[test]
fn rule_02_two_people_of_one_account_are_ambiguous() {
    let world =
        ada().people(&["bob"]).assign("", "user:bob").account("1 userName=bob@x.example externalId=ada");
    assert_snapshot!(world.plan().short(), @r"
    ! ambiguous match user:ada: account 1 matches both ada and bob
    ! ambiguous match user:bob: account 1 matches both bob and ada
    ");
}

#[test]
fn rule_02_a_crashed_create_is_claimed_if_it_had_looked_up() {
    let world = ada().intent("ada").account("1 userName=ada@x.example externalId=ada");
    assert_snapshot!(world.plan().short(), @"3 adopt user:ada (retry)");
    assert_snapshot!(world.plan().why("user:ada"), @"an interrupted run created account 1 for user:ada");
    let link = &world.applied().ledger.users["ada"];
    assert_eq!(link.origin, rolecall::model::ledger::Origin::Created);
}

#[test]
fn rule_02_links_name_accounts_that_must_exist_and_be_free() {
    let missing = ada().app(r#"links: {ada: "9"}"#);
    assert_snapshot!(missing.plan().short(), @"! not adopted user:ada: `links:` names account 9, which is not in the app");
    let taken = ada().people(&["bob"]).assign("", "user:bob").has("bob", "9").app(r#"links: {ada: "9"}"#);
    assert_snapshot!(taken.plan().short(), @"! not adopted user:ada: `links:` names account 9, which belongs to bob");
}

#[test]
fn rule_02_a_person_left_out_by_hand_is_left_alone() {
    let world =
        ada().app("links: {ada: ignore}").app("unmanaged: report").account("1 userName=ada@x.example");
    assert_snapshot!(world.plan().short(), @"");
}

#[test]
fn rule_02_an_adopted_account_is_never_deleted_unless_said() {
    let world = world()
        .person("ada", "status: left")
        .app("users: {deprovision: delete, delete_after: 30d}")
        .completed()
        .account("1 userName=ada@x.example externalId=ada inactive")
        .link("ada 1 adopted disabled=2026-01-01");
    assert_snapshot!(world.plan().short(), @"");
    assert_snapshot!(world.app("delete_adopted: true").plan().short(), @"9 delete user:ada (left)");
}

/// A leaver and a successor who share an address.
fn successor() -> World {
    let sales = "email: sales@x.example";
    world()
        .mapping("{match: [userName], attributes: {userName: user.email, displayName: user.name.given}}")
        .person("old", &format!("{sales}, status: left"))
        .person("new", sales)
        .assign("", "user:old, user:new")
        .account("1 userName=sales@x.example displayName=\"Old Hand\"")
}

#[test]
fn rule_02_an_account_of_a_leaver_or_a_successor_is_contested() {
    assert_snapshot!(successor().plan().short(), @"! contested account user:new: account 1 (sales@x.example) matches new, who is to have an account, and old, who is not: nothing is done, and old may still have access");
    assert_snapshot!(successor().plan().hints("contested account"), @r#"if they are one person, take old out of the files, and put `previously: [old]` below new; if it is new's, `links: {new: "1"}`; if it is old's, give new another login in the app or another address"#);
    assert!(successor().plan().app().is_partial());
    // A person says who is meant.
    assert_snapshot!(successor().app("links: {new: \"1\"}").plan().short(), @r"
    3 adopt user:new (config)
    3 update user:new/attribute:displayname: Old Hand -> new (config)
    ! still has access user:old: may still have access, and nothing is taken: account 1 (sales@x.example) is active and has the userName of old, and `links:` names it for new
    ");
    // The account itself says whose it is.
    let own = successor()
        .mapping("{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id}}")
        .account("1 userName=sales@x.example externalId=new");
    assert_snapshot!(own.plan().short(), @"3 adopt user:new (config)");
    // Only the person who left matches it.
    let other = successor().person("new", "email: new@x.example").completed();
    assert_snapshot!(other.plan().short(), @r"
    3 adopt user:old (left)
    4 create user:new (config)
    ! still has access user:old: account 1 (sales@x.example) is active
    ");
}

#[test]
fn rule_02_a_line_of_links_says_who_is_meant_and_not_whether() {
    let world = world().people(&["ada", "eve"]).assign("", "user:ada, user:eve");
    let taken = world.account("1 userName=ada@x.example").app("links: {eve: \"1\"}");
    assert_snapshot!(taken.plan().short(), @r"
    ! link conflict user:eve: `links:` names account 1, which has the userName of ada
    ! not possible user:ada: the account is not created: userName is on account 1 (ada@x.example), which `links:` names for another person
    ");
}

#[test]
fn rule_02_what_an_account_can_do_already_is_part_of_the_plan() {
    let world = || {
        world()
            .app("roles: {admin: {group: Owners, privileged: true}, member: {value: M}}")
            .mapping("{match: [userName], attributes: {userName: user.email, userType: account.role}}")
            .person("eve", "email: root@x.example")
            .assign("member", "user:eve")
            .completed()
    };
    let taken =
        world().account("1 userName=root@x.example userType=M holds=\"role SUPERADMIN+group Owners\"");
    assert_snapshot!(taken.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared

    hr  https://hr.example/scim
      1 to adopt, 1 group to create

      Gaining privileged access (1)
        = eve (eve Test)  adopt account 1 (root@x.example), privileged  (config)
            because account 1 (root@x.example) matches user:eve by userName  access/people.yaml:2
                and the account already has role SUPERADMIN, group Owners

      Groups
        + group of role admin  create group  (config)
            because role admin of hr is a group  access/hr.yaml:6

      Guards
        ok       gain: 1 person, 3 allowed

    Total: 1 to adopt, 1 group to create
    ");
    assert_eq!(taken.plan().asked, ["1"]);
    let renamed = world()
        .person("eve", "previously: [root], email: root@x.example")
        .account("1 userName=root@x.example userType=M holds=\"entitlement Billing\"")
        .link("root 1 roles=[member]");
    assert_snapshot!(renamed.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared

    hr  https://hr.example/scim
      1 group to create, 1 ledger entry to bind

      Groups
        + group of role admin  create group  (config)
            because role admin of hr is a group  access/hr.yaml:6

      In the ledger only, nothing is sent
        = eve (eve Test)  bind the ledger's entry to account 1 (root@x.example)  (config)
            because user:eve was user:root  access/people.yaml:2
                and the account already has entitlement Billing

    Total: 1 group to create, 1 ledger entry to bind
    ");
}

#[test]
fn rule_02_an_account_that_was_not_looked_at_says_so() {
    let ids: Vec<String> = (0..203).map(|number| format!("p{number:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let all = world().people(&ids).app("users: {scope: all}").completed();
    let all = ids.iter().fold(all, |world, id| {
        world.account(&format!("a{id} userName={id}@x.example holds=\"group Staff\""))
    });
    let plan = all.plan();
    let looked_at = plan.asked.iter().filter(|asked| !asked.contains('=')).count();
    assert_eq!(looked_at, 200);
    let said = |words: &str| {
        let facts = plan.app().changes.iter().flat_map(|change| &change.reasons);
        facts.filter(|reason| reason.fact.to_string() == words).count()
    };
    assert_eq!(said("the account already has group Staff"), 200);
    assert_eq!(said("the account was not looked at: what it can do already is not known"), 3);
    assert_snapshot!(plan.notices("advice"), @r"3 accounts that are bound were not looked at, because a plan looks at 200 at most: p200, p201, p202");
    // The hint works: fewer at a time are looked at.
    let one = all.only("p202").plan();
    assert!(one.why("user:p202").contains("the account already has group Staff"));
    // No answer is no look either, and holding nothing is something that was seen.
    let one = || world().people(&["ada"]).app("users: {scope: all}").completed();
    let silent = one().account("1 userName=ada@x.example").silent("1");
    assert_snapshot!(silent.plan().why("user:ada"), @r"
    account 1 (ada@x.example) matches user:ada by userName access/people.yaml:2
    what the account can do already is not known: an HTML page came instead of JSON
    ");
    let nothing = one().account("1 userName=ada@x.example");
    assert_snapshot!(nothing.plan().why("user:ada"), @r"account 1 (ada@x.example) matches user:ada by userName access/people.yaml:2");
    let hidden = one().account("1 userName=ada@x.example holds=?");
    assert_snapshot!(hidden.plan().short(), @r"
    3 adopt user:ada (config)
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    ! advice: 1 account that is bound shows neither roles nor entitlements nor groups: the app does not show them, or there are none
    ");
    // Another account shows what it has: this one has nothing.
    let mixed = world().people(&["ada", "eve"]).app("users: {scope: all}").completed();
    let mixed = mixed.account("1 userName=ada@x.example holds=?");
    let mixed = mixed.account("2 userName=eve@x.example holds=\"group Staff\"");
    assert_snapshot!(mixed.plan().short(), @r"
    3 adopt user:ada (config)
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    3 adopt user:eve (config)
    3 update user:eve/attribute:externalid: nothing -> eve (config)
    ");
}

#[test]
fn rule_02_power_on_an_account_is_found_by_every_name_of_it() {
    let with_role = |role: &str| {
        world()
            .app(&format!("roles: {{{role}}}"))
            .mapping("{match: [userName], attributes: {userName: user.email, userType: account.role}}")
            .person("eve", "email: root@x.example")
            .assign("", "user:eve")
            .app("default_access: provision")
            .completed()
    };
    let owners = || with_role("admin: {group: Owners, privileged: true}");
    let account = |world: World, holds: &str| {
        let plan = world.account(&format!("1 userName=root@x.example holds=\"{holds}\"")).plan();
        plan.app().changes.iter().any(|change| change.privileged)
    };
    assert!(account(owners(), "group OWNERS"));
    // The app shows the id alone, and the list of groups has the name.
    assert!(account(owners().group("g7 Owners:"), "group g7"));
    let helpers = with_role("helper: {group: Helpers}").before(owners());
    assert!(account(helpers.group("g7 Owners:"), "group g7"));
    // The linked group has another name in the app.
    let renamed = || owners().group("g7 Bosses:").group_link("role:admin g7:");
    assert!(account(renamed(), "group g7:Bosses"));
    assert!(!account(renamed(), "group g8:Staff"));
    // A role is no group, and a group no role.
    assert!(!account(owners(), "role Owners"));
    let root = || with_role("admin: {value: ROOT, privileged: true}");
    assert!(account(root(), "role ROOT"));
    assert!(account(root(), "entitlement ROOT"));
    assert!(!account(root(), "group ROOT"));
    // The role was privileged at the last applied commit, and no file declares it any more.
    assert!(account(with_role("reader: {}").before(root()), "role ROOT"));
    assert!(account(with_role("reader: {}").before(owners()), "group owners"));
    assert!(account(with_role("helper: {group: owners}").before(owners()), "group Owners"));
}

#[test]
fn rule_02_every_line_that_binds_an_account_says_what_it_can_do() {
    let admin = || {
        world()
            .app("roles: {admin: {value: ROOT, privileged: true}}")
            .mapping("{match: [userName], attributes: {userName: user.email, userType: account.role}}")
            .completed()
    };
    // A new id gets an account that is off, and turns it on.
    let renamed = admin()
        .person("eve", "previously: [root], email: root@x.example")
        .app("default_access: provision")
        .assign("", "user:eve")
        .account("1 userName=root@x.example holds=\"entitlement ROOT\" inactive")
        .link("root 1 disabled=2026-06-01");
    assert_snapshot!(renamed.plan().why("user:eve"), @r"
    user:eve is assigned hr access/assign-0.yaml:1
    the account already has entitlement ROOT
    held: that rolecall disabled this account on 2026-06-01, 14 days ago stands in the ledger alone: commit left declares an active account; --enable eve turns it on, and so does a later change of status, start or end
    ");
    assert_snapshot!(renamed.plan().short(), @r"4 enable user:eve (drift) privileged HELD by drift");
    // A leaver gains nothing by being bound.
    let leaver =
        admin().person("old", "status: left").account("1 userName=old@x.example holds=\"role ROOT\"");
    assert_snapshot!(leaver.plan().why("user:old"), @r"
    account 1 (old@x.example) matches user:old by userName access/people.yaml:2
    the account already has role ROOT
    ");
    assert!(leaver.plan().app().changes.iter().all(|change| !change.privileged));
}

fn leaver_and_new() -> World {
    world()
        .person("old", "email: sales@x.example, status: left")
        .person("new", "email: sales@x.example")
        .assign("", "user:old, user:new")
        .completed()
        .account("5 userName=sales@x.example externalId=old inactive")
        .link("old 5 disabled=2026-06-01")
}

#[test]
fn rule_02_a_value_that_a_linked_account_has_is_foreseen_with_its_holder() {
    let world = leaver_and_new();
    assert_snapshot!(world.plan().short(), @"! not possible user:new: the account is not created: userName is on account 5 (sales@x.example) of user:old, who has left");
    assert_snapshot!(world.plan().hints("not possible"), @"if they are one person, take old out of the files, and put `previously: [old]` below new; if not, give new another value, or the account in the app");
    // The leaver and the successor stand in one commit.
    let at_once = world.clone().account("5 userName=sales@x.example externalId=old").link("old 5");
    assert_snapshot!(at_once.plan().short(), @r"
    1 disable user:old (left)
    ! not possible user:new: the account is not created: userName is on account 5 (sales@x.example) of user:old, who has left
    ");
    // Once the account has another value, the new one is created.
    let renamed = world.account("5 userName=old@x.example externalId=old inactive");
    assert_snapshot!(renamed.plan().short(), @"4 create user:new (config)");
}

#[test]
fn rule_02_an_update_to_a_value_that_another_account_has_is_foreseen() {
    let world = leaver_and_new().account("6 userName=new@x.example externalId=new").link("new 6");
    assert_snapshot!(world.plan().short(), @"! not possible user:new: userName does not change: userName is on account 5 (sales@x.example) of user:old, who has left");
}

#[test]
fn rule_02_a_value_that_this_plan_frees_is_free() {
    let world = world()
        .person("ada", "email: countess@x.example")
        .person("bob", "email: ada@x.example")
        .assign("", "user:ada, user:bob")
        .completed()
        .account("1 userName=ada@x.example externalId=ada")
        .link("ada 1");
    assert_snapshot!(world.plan().short(), @r"
    3 update user:ada/attribute:username: ada@x.example -> countess@x.example (config)
    4 create user:bob (config)
    ");
}

/// An entry was copied over another by hand: the account that lost its entry is still its person's, and no second one is made.
#[test]
fn rule_02_an_account_below_another_entry_frees_nothing() {
    let world = world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        .completed()
        .account("1 userName=ada@x.example externalId=ada")
        .account("2 userName=bob@x.example externalId=bob")
        .link("bob 1");
    assert_snapshot!(world.plan().short(), @r"
    ! link conflict user:bob: account 1 (ada@x.example) carries the id ada, which is the id of ada (externalId bob, userName bob@x.example)
    ! not possible user:ada: the account is not created: externalId is on account 1 (ada@x.example) of user:bob
    ");
    // Another login makes no second account either: the account still has the id.
    assert_snapshot!(world.person("ada", "email: countess@x.example").plan().short(), @r"
    ! link conflict user:bob: account 1 (ada@x.example) carries the id ada, which is the id of ada (externalId bob, userName bob@x.example)
    ! not possible user:ada: the account is not created: externalId is on account 1 (ada@x.example) of user:bob
    ");
}
