//! Rule 1: every line that disables, enables, adopts, deletes or gives power has the account's own login.

use insta::assert_snapshot;
use rolecall::render;

use super::outcome::Outcome;
use super::rule_11_guards::{company, without};
use super::rule_11_power::{admins, line};
use super::world::world;

/// The lines of a format that have this text, without blanks around them.
fn lines(page: &str, text: &str) -> String {
    let found = page.lines().map(str::trim).filter(|line| line.contains(text));
    found.collect::<Vec<_>>().join("\n")
}

fn both(outcome: &Outcome, text: &str) -> String {
    format!("{}\n{}", lines(&outcome.text(), text), lines(&render::markdown(&outcome.plan), text))
}

#[test]
fn rule_01_a_mapped_attribute_that_gives_power_has_the_login() {
    let world = line(admins(9, 1), &[0])
        .mapping("{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id, roles: account.roles, entitlements: user.attributes.type, title: user.title}}")
        .account("1 userName=root@x.example externalId=p1 roles=[member]")
        .person("p1", "title: Analyst, attributes: {type: ADMIN}");
    assert_snapshot!(both(&world.plan(), "update entitlements"), @r"
    ~ update entitlements: (none) → ADMIN on account root@x.example, privileged  (config)
    - p1 (p1 Test): &#126; update entitlements: (none) → ADMIN on account root&#64;x.example, **privileged**  (config) because user:p1  access/people.yaml:3, mapped to entitlements  rolecall.yaml:9
    ");
}

#[test]
fn rule_01_a_membership_that_gives_power_has_the_login() {
    let world = world()
        .completed()
        .people(&["ada", "bob", "cy"])
        .assign("admin", "user:ada")
        .app("users: {scope: all}")
        .app("roles: {admin: {privileged: true, group: Admins}}")
        .app("groups: {push: [staff, others]}")
        .yaml(
            "access/g.yaml",
            "groups: {staff: {members: [user:bob, user:cy]}, others: {members: [user:bob]}}",
        )
        .has("ada", "1")
        .account("2 userName=root@x.example externalId=bob")
        .link("bob 2")
        .group("g1 Admins: 1 g2")
        .group("g2 staff: ")
        .group("g3 others: ")
        .group_link("role:admin g1: ada")
        .group_link("group:staff g2: ")
        .group_link("group:others g3: ");
    assert_snapshot!(both(&world.plan(), "add to group"), @r"
    + add to group staff on account root@x.example, privileged  (config)
    + add to group others  (config)
    + add to group staff, privileged  (config)
    - bob (bob Test): + add to group staff on account root&#64;x.example, **privileged**  (config) because user:bob is a member of group:staff  access/g.yaml:1
    - bob (bob Test): + add to group others  (config) because user:bob is a member of group:others  access/g.yaml:1
    - cy (cy Test): + add to group staff, **privileged**  (config) because user:cy is a member of group:staff  access/g.yaml:1
    ");
}

#[test]
fn rule_01_held_lines_of_many_have_the_logins() {
    let world = without(company(20), 0..6)
        .account("0 userName=root@x.example externalId=p00")
        .account("1 userName=p01 externalId=p01");
    assert_snapshot!(both(&world.plan(), "p01"), @r"
        - disable account, 6 people  (config): p00 (p00 Test, root@x.example), p01 (p01 Test), p02 (p02 Test, p02@x.example), p03 (p03 Test, p03@x.example), p04 (p04 Test, p04@x.example), p05 (p05 Test, p05@x.example)
        - p01 (p01 Test): - disable account p01  (config) because user:p01 is not assigned  access/people.yaml:3; held by guard&#58;deprovision: deprovision: 6 people, 5 allowed
        ");
}
