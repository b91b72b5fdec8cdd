//! Rule 10: membership has an owner.

use insta::assert_snapshot;

use super::world::{World, world};

/// ada is a declared member; bob is not declared; cy was added by rolecall and is not declared any more; 9 is unmanaged.
pub(super) fn team(policy: &str) -> World {
    world()
        .people(&["ada", "bob", "cy"])
        .assign("", "user:ada, user:bob, user:cy")
        .yaml("access/g.yaml", "groups: {team: {members: [user:ada]}}")
        .app(&format!("groups: {{push: [team], members: {policy}}}"))
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .has("cy", "3")
        .account("9 userName=stranger")
        .group("g1 team: 1 2 3 9")
        .group_link("group:team g1: ada +cy")
        .app("unmanaged: ignore")
}

#[test]
fn rule_10_linked_decides_for_linked_accounts_and_reports_unmanaged_members() {
    assert_snapshot!(team("linked").plan().short(), @r"
    8 remove member group:team/member:bob (drift)
    8 remove member group:team/member:cy (config)
    ! members nobody declared group:team: 1 member nobody declared: 9
    ");
    assert_snapshot!(team("linked").plan().why("group:team/member:bob"), @"in the app user:bob was added to group:team, not by rolecall access/g.yaml:1");
    assert_snapshot!(team("linked").plan().why("group:team/member:cy"), @"nothing makes user:cy a member of group:team any more access/g.yaml:1");
}

#[test]
fn rule_10_exact_removes_strangers_too() {
    let world = team("exact").allow("membership", 3);
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:bob (drift)
    8 remove member group:team/member:cy (config)
    8 remove member group:team/stranger:9: stranger -> nothing (unmanaged)
    allowed membership: 3 people, 2 allowed
    ");
    assert_snapshot!(world.applied().plan().short(), @"! advice: --allow hr:membership=3 lets nothing pass: the guard holds nobody in this plan");
}

/// An app may keep the id of a deleted account in its groups. That id is not the new account of the person.
#[test]
fn rule_10_an_account_made_again_joins_its_groups_in_the_same_plan() {
    let world = world()
        .people(&["ada"])
        .assign("", "user:ada")
        .yaml("access/g.yaml", "groups: {team: {members: [user:ada]}}")
        .app("groups: {push: [team]}")
        .completed()
        .has("ada", "1")
        .gone("1")
        .group("g1 team: 1")
        .group_link("group:team g1: ada")
        .applied()
        .recreate("ada");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:ada (drift)
    7 add member group:team/member:ada (drift)
    ! turned on again user:ada: account 1 of ada was deleted in the app, and another one is made because of --recreate ada
    ");
    assert_snapshot!(world.applied().plan().short(), @"! members nobody declared group:team: 1 member nobody declared: 1");
}

#[test]
fn rule_10_exact_spares_protected_undecided_and_ignored_accounts() {
    let world = team("exact")
        .person("dan", "status: active")
        .assign("", "user:dan")
        .people(&["eli"])
        .app("links: {eli: ignore}")
        .app("protect: [stranger, fay]")
        .people(&["fay"])
        .account("4 userName=dan@x.example externalId=other")
        .account("5 userName=eli@x.example")
        .account("6 userName=fay@x.example")
        .group("g1 team: 1 4 5 6 9");
    assert_snapshot!(world.plan().short(), @r#"
    ! not adopted user:dan: account 4 (dan@x.example) matches, but its externalId is "other", which is not ours
    ! members nobody declared group:team: 2 members nobody declared stay, because a person has to decide about the accounts: dan@x.example, eli@x.example
    "#);
}

#[test]
fn rule_10_add_removes_only_what_we_added() {
    assert_snapshot!(team("add").plan().short(), @"8 remove member group:team/member:cy (config)");
}

#[test]
fn rule_10_the_plan_that_adopts_a_group_removes_no_one() {
    let mut world = team("exact");
    world.ledger.groups.clear();
    assert_snapshot!(world.plan().short(), @r#"
    6 adopt group:team: nothing -> team (config)
    ! groups taken over group:team: takes over group g1 ("team"): 4 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared user:cy: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared group:team: 1 member nobody declared: 9
    "#);
    assert_snapshot!(world.applied().plan().short(), @r"
    8 remove member group:team/member:bob (takeover) HELD by guard:takeover
    8 remove member group:team/member:cy (takeover) HELD by guard:takeover
    8 remove member group:team/stranger:9: stranger -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 3 people, 0 allowed
    ");
}

#[test]
fn rule_10_members_of_undeclared_people_leave() {
    let world = team("linked").has("eve", "7").group("g1 team: 1 7").group_link("group:team g1: ada eve");
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:eve (config)
    9 disable user:eve (config)
    ");
}

#[test]
fn rule_10_members_named_by_user_name() {
    let world = team("linked")
        .cannot(|able| able.members_by = rolecall::model::capabilities::MemberKey::Name)
        .group("g1 team: ADA@x.example bob@x.example stranger");
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:bob (drift)
    ! members nobody declared group:team: 1 member nobody declared: stranger
    ");
}

#[test]
fn rule_10_drift_of_membership_is_put_back_or_reported() {
    let world = team("linked").group("g1 team: 2").group_link("group:team g1: ada bob");
    let world = world.yaml("access/g.yaml", "groups: {team: {members: [user:ada, user:bob]}}");
    assert_snapshot!(world.plan().short(), @"7 add member group:team/member:ada (drift)");
    assert_snapshot!(world.app("drift: report").plan().short(), @"! drift, left as it is user:ada: was taken out of group:team in the app");
    let gained = team("linked").app("drift: report");
    assert_snapshot!(gained.plan().short(), @r"
    8 remove member group:team/member:cy (config)
    ! drift, left as it is user:bob: was added to group:team in the app
    ! members nobody declared group:team: 1 member nobody declared: 9
    ");
}

fn roles(policy: &str) -> World {
    world()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .people(&["ada"])
        .app("roles: {admin: {value: ADMIN, precedence: 1, privileged: true}, member: {precedence: 2}}")
        .app(&format!("groups: {{members: {policy}}}"))
        .assign("member", "user:ada")
        .completed()
        .managed("admin=ADMIN member=member old=OLD")
        .account("1 userName=ada@x.example roles=[ADMIN,member,OLD,ROOT]")
        .link("ada 1 roles=[member]")
}

#[test]
fn rule_10_roles_follow_the_same_rule() {
    assert_snapshot!(roles("linked").plan().short(), @r"
    8 revoke role user:ada/role:admin: ADMIN -> nothing (drift) privileged
    8 revoke role user:ada/role:old: OLD -> nothing (config)
    ! members nobody declared user:ada: holds ROOT, which is no declared role: it stays
    ");
    assert_snapshot!(roles("linked").plan().why("user:ada/role:admin"), @"in the app user:ada was given admin, not by rolecall access/hr.yaml:6");
    assert_snapshot!(roles("exact").plan().short(), @r"
    8 revoke role user:ada/role:ROOT: ROOT -> nothing (drift)
    8 revoke role user:ada/role:admin: ADMIN -> nothing (drift) privileged
    8 revoke role user:ada/role:old: OLD -> nothing (config)
    ");
    assert_snapshot!(roles("exact").applied().plan().short(), @"");
    assert_snapshot!(roles("add").plan().short(), @r"
    ! privileged access that no line gives role:admin: 1 account has this access, and by `members: add` it is taken only from people to whom rolecall gave it: ada
    ! members nobody declared user:ada: holds OLD, ROOT, which is no declared role: it stays
    ");
}

#[test]
fn rule_10_the_plan_that_first_manages_a_role_revokes_it_from_no_one() {
    let mut world = roles("linked");
    world.ledger.roles.remove("admin");
    assert_snapshot!(world.plan().short(), @r"
    8 revoke role user:ada/role:old: OLD -> nothing (config)
    ! members nobody declared user:ada: holds ROOT, which is no declared role: it stays
    ! members nobody declared user:ada: holds the role admin, which is managed for the first time by this plan and not declared for ada
    ");
    assert_snapshot!(world.applied().plan().short(), @r"
    8 revoke role user:ada/role:admin: ADMIN -> nothing (takeover) privileged HELD by guard:privileged
    ! members nobody declared user:ada: holds ROOT, which is no declared role: it stays
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration
    TRIPPED takeover: 1 person, 0 allowed
    ");
}

#[test]
fn rule_10_a_renamed_role_stays_ours_without_a_request() {
    let world = roles("linked").account("1 userName=ada@x.example roles=[member]");
    let world = world
        .without_app(
            "roles: {admin: {value: ADMIN, precedence: 1, privileged: true}, member: {precedence: 2}}",
        )
        .app("roles: {staff: {value: member, previously: [member]}}")
        .drop_yaml("access/assign-0.yaml")
        .assign("staff", "user:ada");
    assert_snapshot!(world.plan().short(), @"");
    let after = world.applied();
    assert_eq!(after.ledger.users["ada"].roles, [rolecall::model::RoleId::from("staff")].into());
    let out = after.drop_yaml("access/assign-0.yaml").app("users: {scope: all}");
    assert_snapshot!(out.plan().short(), @"8 revoke role user:ada/role:staff: member -> nothing (config)");
}

#[test]
fn rule_10_a_role_stored_as_another_value_is_replaced() {
    let world = roles("linked").account("1 userName=ada@x.example roles=[member]");
    let world = world
        .without_app(
            "roles: {admin: {value: ADMIN, precedence: 1, privileged: true}, member: {precedence: 2}}",
        )
        .app("roles: {member: {value: STAFF}}");
    assert_snapshot!(world.plan().short(), @r"
    7 grant role user:ada/role:member: member -> member (config)
    8 revoke role user:ada/role:member=member: member -> nothing (config)
    ");
    let after = world.applied();
    assert_snapshot!(after.plan().short(), @"");
    assert_eq!(after.things["1"].values["roles"].to_string(), "[STAFF]");
}

fn one_role() -> World {
    roles("linked")
        .mapping("{match: [userName], attributes: {userName: user.email, userType: account.role}}")
        .account("1 userName=ada@x.example userType=member")
}

#[test]
fn rule_10_where_one_role_fits_the_lowest_precedence_wins() {
    let world = one_role().assign("admin", "user:ada");
    assert_snapshot!(world.plan().short(), @r"
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged
    8 revoke role user:ada/role:member: member -> nothing (config)
    ");
    assert_snapshot!(world.plan().why("user:ada/role:member"), @"the app holds one role, and admin comes before member (precedence 1) access/hr.yaml:6");
    assert_snapshot!(world.applied().plan().short(), @"");
}

#[test]
fn rule_10_a_foreign_value_that_is_replaced_is_shown() {
    let world = one_role().account("1 userName=ada@x.example userType=ROOT");
    assert_snapshot!(world.plan().short(), @"7 grant role user:ada/role:member: ROOT -> member (drift)");
    let former = one_role().account("1 userName=ada@x.example userType=OLD");
    assert_snapshot!(former.plan().short(), @r"
    7 grant role user:ada/role:member: nothing -> member (drift)
    8 revoke role user:ada/role:old: OLD -> nothing (config)
    ");
    assert_snapshot!(former.applied().plan().short(), @"");
}

#[test]
fn rule_10_a_role_cannot_hide_in_a_larger_expression() {
    let mapped = |to: &str| {
        roles("linked")
            .mapping(&format!("{{match: [userName], attributes: {{userName: user.email, userType: {to}}}}}"))
    };
    let derived = mapped(r#"'account.role == "ADMIN" ? "Admin" : "Member"'"#);
    assert_snapshot!(derived.mistakes(), @r"
    Tree rolecall.yaml:9 derived-role: userType of app hr is worked out from roles: nobody could see a grant, or take one back
      hint: map `account.role` or `account.roles` itself, and give each role the `value:` it has in the app
    ");
    assert_snapshot!(mapped("{expr: account.role, apply: create}").mistakes(), @r"
    Tree rolecall.yaml:9 derived-role: userType of app hr holds roles and is written once only: nobody could take one back
      hint: take `apply: create` away: roles are always kept as declared
    ");
    assert_snapshot!(mapped("account.role, roles: account.roles").mistakes(), @r"
    Tree rolecall.yaml:9 derived-role: userType of app hr is a second attribute that holds roles: only one of them could be kept as declared
      hint: map `account.role` or `account.roles`, once
    ");
    assert_snapshot!(mapped("account.role").mistakes(), @"");
}

#[test]
fn rule_10_a_role_that_is_a_group() {
    let world = world()
        .people(&["ada", "bob"])
        .app("roles: {auditor: {group: Auditors, privileged: true}}")
        .assign("auditor", "user:ada")
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .group("g1 auditors: 2")
        .group_link("role:auditor g1: bob");
    assert_snapshot!(world.plan().short(), @r"
    6 rename group role:auditor/attribute:displayname: auditors -> Auditors (config)
    7 grant role user:ada/role:auditor: nothing -> auditor (config) privileged
    8 revoke role user:bob/role:auditor: auditor -> nothing (config) privileged
    9 disable user:bob (config)
    ");
    let after = world.applied();
    assert_snapshot!(after.plan().short(), @"");
    let former = after
        .without_app("roles: {auditor: {group: Auditors, privileged: true}}")
        .drop_yaml("access/assign-0.yaml")
        .assign("", "user:ada");
    assert_snapshot!(former.plan().short(), @r"
    8 revoke role user:ada/role:auditor: auditor -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:auditor: 1 of 1 holder would lose it without a declaration
    ");
    let allowed = former.allow("privileged", 1);
    assert_snapshot!(allowed.applied().plan().short(), @r"
    9 forget role:auditor (config)
    ! advice: --allow hr:privileged=1 lets nothing pass: the guard holds nobody in this plan
    ");
    assert!(allowed.applied().applied().ledger.groups.is_empty());
}

#[test]
fn rule_10_where_one_role_fits_the_old_one_stays_while_the_new_one_is_held() {
    let policy = "policies: {apart: {conflict: [hr/admin, hr/member]}}";
    let world = one_role().assign("admin", "user:ada").yaml("access/p.yaml", policy);
    assert_snapshot!(world.plan().short(), @r"
    7 grant role user:ada/role:admin: nothing -> admin (config) privileged HELD by policy:apart
    8 revoke role user:ada/role:member: member -> nothing (config) HELD by policy:apart
    ");
    assert_snapshot!(world.plan().why("user:ada/role:member"), @r"
    the app holds one role, and admin comes before member (precedence 1) access/hr.yaml:6
    held: it waits for the grant of admin, which is held back
    ");
    let taken =
        one_role().assign("admin", "user:ada").applied().account("1 userName=ada@x.example userType=member");
    assert_snapshot!(taken.plan().short(), @r"
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    8 revoke role user:ada/role:member: member -> nothing (drift) HELD by drift
    ");
    let mut given = taken.app("drift: report");
    given.ledger.users.get_mut("ada").unwrap().roles.insert("member".into());
    assert_snapshot!(given.plan().short(), @"! drift, left as it is user:ada: lost role admin in the app");
}

/// Accounts with the role `admin`, whose change a guard holds, under a value that changes again and again.
fn revalued() -> World {
    let world = (0..3).fold(world().completed(), |world, number| {
        let world = world.person(&format!("p{number}"), "");
        world
            .account(&format!("{number} userName=p{number}@x.example roles=[A]"))
            .link(&format!("p{number} {number} roles=[admin]"))
    });
    world
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {admin: {value: A}}")
        .app("guard: {update: 0}")
        .managed("admin=A")
        .yaml(
            "access/admins.yaml",
            "assignments: [{app: hr, role: admin, members: [user:p0, user:p1, user:p2]}]",
        )
}

fn stored_as(world: World, value: &str) -> World {
    world.app_once(&format!("roles: {{admin: {{value: {value}}}}}"))
}

#[test]
fn rule_10_former_values_of_a_role_are_known_until_no_account_has_them() {
    let second = stored_as(revalued(), "B");
    assert_snapshot!(second.plan().short(), @r"
    7 grant role user:p0/role:admin: A -> admin (config) HELD by guard:update
    7 grant role user:p1/role:admin: A -> admin (config) HELD by guard:update
    7 grant role user:p2/role:admin: A -> admin (config) HELD by guard:update
    8 revoke role user:p0/role:admin=A: A -> nothing (config) HELD by guard:update
    8 revoke role user:p1/role:admin=A: A -> nothing (config) HELD by guard:update
    8 revoke role user:p2/role:admin=A: A -> nothing (config) HELD by guard:update
    TRIPPED update of role:admin: 3 people, 0 allowed
    ");
    // A newcomer gets the second value.
    let line = "assignments: [{app: hr, role: admin, members: [user:p0, user:p1, user:p2, user:p3]}]";
    let second = second.applied().person("p3", "").yaml("access/admins.yaml", line);
    let third = stored_as(second.applied(), "C");
    assert_snapshot!(third.plan().short(), @r"
    7 grant role user:p0/role:admin: A -> admin (config) HELD by guard:update
    7 grant role user:p1/role:admin: A -> admin (config) HELD by guard:update
    7 grant role user:p2/role:admin: A -> admin (config) HELD by guard:update
    7 grant role user:p3/role:admin: B -> admin (config) HELD by guard:update
    8 revoke role user:p0/role:admin=A: A -> nothing (config) HELD by guard:update
    8 revoke role user:p1/role:admin=A: A -> nothing (config) HELD by guard:update
    8 revoke role user:p2/role:admin=A: A -> nothing (config) HELD by guard:update
    8 revoke role user:p3/role:admin=B: B -> nothing (config) HELD by guard:update
    TRIPPED update of role:admin: 4 people, 0 allowed
    ");
    // All of them are revoked when they may be.
    let allowed = third.applied().allow("update", 4);
    assert_snapshot!(allowed.plan().short(), @r"
    7 grant role user:p0/role:admin: A -> admin (config)
    7 grant role user:p1/role:admin: A -> admin (config)
    7 grant role user:p2/role:admin: A -> admin (config)
    7 grant role user:p3/role:admin: B -> admin (config)
    8 revoke role user:p0/role:admin=A: A -> nothing (config)
    8 revoke role user:p1/role:admin=A: A -> nothing (config)
    8 revoke role user:p2/role:admin=A: A -> nothing (config)
    8 revoke role user:p3/role:admin=B: B -> nothing (config)
    allowed update of role:admin: 4 people, 0 allowed
    ");
    assert_snapshot!(allowed.applied().plan().short(), @"! advice: --allow hr:update=4 lets nothing pass: the guard holds nobody in this plan");
    assert_eq!(allowed.applied().ledger.roles.len(), 1);
    // Given up, and renamed, while the revocations are held.
    let given_up = third.applied().app_once("roles: {other: {value: O}}").drop_yaml("access/admins.yaml");
    assert_snapshot!(given_up.app_once("default_access: provision").assign("", "user:p0").plan().short(), @r"
    8 revoke role user:p0/role:admin=A: A -> nothing (config)
    9 disable user:p1 (config) HELD by guard:deprovision
    9 disable user:p2 (config) HELD by guard:deprovision
    9 disable user:p3 (config) HELD by guard:deprovision
    TRIPPED deprovision: 3 people, 2 allowed (half of 4)
    ");
    let renamed = third.applied().app_once("roles: {root: {value: C, previously: [admin]}}");
    let renamed =
        renamed.yaml("access/admins.yaml", "assignments: [{app: hr, role: root, members: [user:p0]}]");
    assert_snapshot!(renamed.plan().short(), @r"
    7 grant role user:p0/role:root: A -> root (config) HELD by guard:update
    8 revoke role user:p0/role:root=A: A -> nothing (config) HELD by guard:update
    9 disable user:p1 (config) HELD by guard:deprovision
    9 disable user:p2 (config) HELD by guard:deprovision
    9 disable user:p3 (config) HELD by guard:deprovision
    TRIPPED deprovision: 3 people, 2 allowed (half of 4)
    TRIPPED update of role:root: 1 person, 0 allowed
    ");
}

#[test]
fn rule_10_a_former_value_is_known_while_its_person_is_suspended() {
    let away =
        stored_as(revalued().app_once("guard: {update: 5}").person("p0", "status: suspended"), "B").applied();
    let back = away.person("p0", "");
    assert_snapshot!(back.plan().short(), @r"
    4 enable user:p0 (config)
    7 grant role user:p0/role:admin: A -> admin (config)
    8 revoke role user:p0/role:admin=A: A -> nothing (config)
    ");
    assert_snapshot!(back.applied().plan().short(), @"");
}

/// A value in the place of our id that is none of ours says that another system manages the account.
#[test]
fn rule_10_accounts_of_another_system_are_left_to_it() {
    let world = world()
        .people(&["ada"])
        .assign("", "user:ada")
        .completed()
        .account("1 userName=ada@x.example externalId=ada")
        .link("ada 1")
        .account("8 userName=robot externalId=okta-77")
        .account("9 userName=stranger")
        .app("unmanaged: disable")
        .app("groups: {push: [team], members: exact}")
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .group("g1 team: 8 9")
        .group_link("group:team g1:");
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/stranger:9: stranger -> nothing (unmanaged)
    9 disable account:9: stranger -> nothing (unmanaged)
    ! unmanaged accounts: 1 active account has the id of another system and is left to it: robot
    ! members nobody declared group:team: 1 member has the id of another system and stays: 8
    ");
}
