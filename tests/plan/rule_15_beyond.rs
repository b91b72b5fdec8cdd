//! Rule 15: what a protected or ignored account has beyond the files is not taken, and the plan says so.

use insta::assert_snapshot;

use super::world::{World, world};

/// Ada and Bob hold a role that gives power, by a group, and are in a pushed group; Ada is in the files no more.
fn admins(more: &str) -> World {
    world()
        .people(&["ada", "bob"])
        .app("roles: {admin: {group: Admins, privileged: true}, member: {precedence: 2}}")
        .app("groups: {push: [team]}")
        .app(more)
        .yaml("access/g.yaml", "groups: {team: {members: [user:bob]}}")
        .assign("member", "user:ada, user:bob")
        .assign("admin", "user:bob")
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .group("g1 Admins: 1 2")
        .group("g2 team: 1 2")
        .group_link("role:admin g1: +ada +bob")
        .group_link("group:team g2: +ada +bob")
}

#[test]
fn rule_15_power_that_an_account_keeps_beyond_the_files_is_said_first() {
    let protected = admins("protect: [ada]").plan();
    assert_snapshot!(protected.short(), @"! still has access user:ada: keeps group:team, role:admin, which gives power, although the files do not give it: `protect` names the account");
    assert!(protected.app().is_partial());
    assert_snapshot!(protected.hints("still has access"), @"declare it, take it away in the app by hand, or take it out of `protect:`");
    let ignored = admins("links: {ada: ignore}");
    assert_snapshot!(ignored.plan().short(), @"! still has access user:ada: keeps group:team, role:admin, which gives power, although the files do not give it: `links:` says ignore");
    // What the files give is nothing beyond.
    let declared = admins("links: {ada: ignore}")
        .assign("admin", "user:ada")
        .yaml("access/g.yaml", "groups: {team: {members: [user:bob, user:ada]}}");
    assert_eq!(declared.plan().short(), "");
    let declared = admins("protect: [ada]")
        .assign("admin", "user:ada")
        .yaml("access/g.yaml", "groups: {team: {members: [user:bob, user:ada]}}");
    assert_eq!(declared.plan().short(), "");
    // An account that is off gives nothing.
    let off = admins("links: {ada: ignore}").account("1 userName=ada@x.example externalId=ada inactive");
    assert_eq!(off.plan().short(), "");
}

#[test]
fn rule_15_a_role_that_an_account_keeps_as_a_value_is_said() {
    let world = |line: &str| {
        world()
            .people(&["ada"])
            .mapping("{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id, roles: account.roles}}")
            .app("roles: {admin: {privileged: true}, member: {precedence: 2}}")
            .app(line)
            .assign("member", "user:ada")
            .completed()
            .account("1 userName=ada@x.example externalId=ada roles=[admin,member]")
            .link("ada 1 roles=[admin,member]")
            .managed("admin=admin member=member")
    };
    assert_snapshot!(world("protect: [ada]").plan().short(), @"! still has access user:ada: keeps role:admin, which gives power, although the files do not give it: `protect` names the account");
    assert_snapshot!(world("links: {ada: ignore}").plan().short(), @"! still has access user:ada: keeps role:admin, which gives power, although the files do not give it: `links:` says ignore");
}

#[test]
fn rule_15_what_many_accounts_keep_is_one_line() {
    let ids = ["p1", "p2", "p3", "p4"];
    let many = |count: usize| {
        let assigned = ids.map(|id| format!("user:{id}")).join(", ");
        let world = world()
            .people(&ids)
            .assign("", &assigned)
            .app("groups: {push: [team]}")
            .app(&format!("protect: [{}]", ids[..count].join(", ")))
            .yaml("access/g.yaml", "groups: {team: {members: []}}")
            .completed()
            .group("g1 team: 1 2 3 4")
            .group_link("group:team g1: p1 p2 p3 p4");
        ids.iter().fold(world, |world, id| world.has(id, &id[1..]))
    };
    let one_by_one = many(1).plan();
    assert_snapshot!(one_by_one.notices("left in the app"), @"keeps group:team although the files do not give it: `protect` names the account");
    assert!(!one_by_one.app().is_partial());
    assert_snapshot!(many(4).plan().short(), @"! left in the app: 4 people keep what the files do not give them, because `protect` or `links:` leaves their accounts alone: p1 (group:team), p2 (group:team), p3 (group:team), p4 (group:team)");
}

/// A break-glass account that no file declares is nobody's.
#[test]
fn rule_15_a_protected_account_of_nobody_keeps_what_it_has_without_a_word() {
    let glass = admins("protect: [breakglass]")
        .account("9 userName=breakglass")
        .group("g1 Admins: 2 9")
        .group("g2 team: 2");
    let short = glass.group_link("role:admin g1: +bob").group_link("group:team g2: +bob").plan().short();
    assert!(!short.contains("still has access") && !short.contains("left in the app"), "{short}");
}
