//! Rule 14: an account that is turned on gives back nothing that is taken away.

use insta::assert_snapshot;

use super::world::{World, world};

fn admins(role: &str) -> World {
    world()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app(&format!("roles: {{admin: {role}, member: {{precedence: 2}}}}"))
        .people(&["ada", "bob"])
        .assign("member", "user:ada, user:bob")
        .yaml("access/admin.yaml", "assignments: [{app: hr, role: admin, members: [user:ada]}]")
        .completed()
        .applied()
        .applied()
}

fn suspended(role: &str) -> World {
    admins(role).person("ada", "status: suspended").applied()
}

#[test]
fn rule_14_what_is_taken_away_is_gone_before_the_account_is_back() {
    for role in ["{privileged: true}", "{privileged: true, group: Admins}"] {
        let back = suspended(role).person("ada", "").drop_yaml("access/admin.yaml");
        let told = back.plan().short().replace(": admin -> nothing", "");
        let lines: Vec<_> = told.lines().collect();
        assert_eq!(
            lines,
            ["2 revoke role user:ada/role:admin (config) privileged", "4 enable user:ada (config)"]
        );
        let held = back.app("guard: {revoke: 0}").plan();
        let lines: Vec<_> = held.short().lines().take(2).map(str::to_owned).collect();
        assert!(lines[1].ends_with("enable user:ada (config) HELD by guard:revoke"), "{lines:?}");
        let why = held.why("user:ada");
        assert!(
            why.ends_with("held: it would give back role admin: taking that away is held back\n"),
            "{why}"
        );
    }
}

#[test]
fn rule_14_an_account_comes_back_after_its_memberships_are_gone() {
    let world = admins("{}").app("groups: {push: [team]}");
    let world = world.yaml("access/g.yaml", "groups: {team: {members: [user:ada, user:bob]}}").applied();
    let world = world.person("ada", "status: suspended").applied();
    let back = world.person("ada", "").yaml("access/g.yaml", "groups: {team: {members: [user:bob]}}");
    assert_snapshot!(back.plan().short(), @r"
    2 remove member group:team/member:ada (config)
    4 enable user:ada (config)
    ");
    let mut first = back;
    first.ledger.completed = None;
    assert_snapshot!(first.plan().short(), @r"
    2 remove member group:team/member:ada (config) HELD by first-apply
    4 enable user:ada (config) HELD by first-apply
    ");
    assert_snapshot!(first.plan().why("user:ada"), @r"
    user:ada is assigned hr/admin access/admin.yaml:1
    held: it would give back membership of group:team: taking that away is held back
    ");
}

#[test]
fn rule_14_somebody_who_returns_loses_the_old_role_first() {
    let mut left = admins("{privileged: true}").person("ada", "status: left").applied();
    let (since, commit) = (left.at, left.ledger.applied_commit().cloned());
    let link = left.ledger.users.get_mut("ada").unwrap();
    link.state = rolecall::model::ledger::LinkState::Gone { since, commit };
    let back = left.person("ada", "").drop_yaml("access/admin.yaml");
    assert_snapshot!(back.plan().short(), @r"
    2 revoke role user:ada/role:admin: admin -> nothing (config) privileged
    4 relink user:ada: inactive -> active (config)
    ! turned on again user:ada: account new-ada of ada was deleted on 2026-06-15, today, and is turned on again because of its person's declaration
    ");
}

#[test]
fn rule_14_an_account_that_comes_back_with_a_privileged_role_says_so() {
    for role in ["{privileged: true}", "{privileged: true, group: Admins}"] {
        let back = suspended(role).person("ada", "").plan();
        assert_eq!(back.short().trim(), "4 enable user:ada (config) privileged");
        assert!(back.text().contains("Gaining privileged access (1)"), "{}", back.text());
    }
}

#[test]
fn rule_14_where_one_role_fits_the_grant_before_the_enable_replaces_the_old_one() {
    let world = admins("{privileged: true}");
    let world =
        world.mapping("{match: [userName], attributes: {userName: user.email, userType: account.role}}");
    let mut world = world.applied().person("ada", "status: suspended").applied();
    world.things.get_mut("new-ada").unwrap().values.insert("usertype".into(), "admin".into());
    let back = world.person("ada", "").drop_yaml("access/admin.yaml");
    assert_snapshot!(back.plan().short(), @r"
    2 revoke role user:ada/role:admin: admin -> nothing (drift) privileged
    2 grant role user:ada/role:member: nothing -> member (config)
    4 enable user:ada (config)
    ");
}
