//! Rules 10 and 13: a value that is given to another role is, on an account that had it before, still what it was.

use insta::assert_snapshot;

use super::rule_10_former_values::{company, line};
use super::world::World;

const MANY: &str = "roles: account.roles";
const ONE: &str = "userType: account.role";

/// Two admins and three auditors, each role under its own name.
fn audited(mapped: &str) -> World {
    let values =
        |own: &str| if mapped == ONE { format!("userType={own}") } else { format!("roles=[{own},READER]") };
    let world = (0..5).fold(company(mapped), |world, number| {
        let (value, role) = if number < 2 { ("ADMIN", "admin") } else { ("AUDIT", "audit") };
        let given = if mapped == ONE { role.to_owned() } else { format!("{role},reader") };
        world
            .account(&format!("{number} userName=p{number}@x.example {}", values(value)))
            .link(&format!("p{number} {number} roles=[{given}]"))
    });
    let world = stored(world, "ADMIN", "AUDIT")
        .managed("audit=AUDIT")
        .yaml("access/auditors.yaml", &line("audit", &[2, 3, 4]));
    let then = world.clone();
    world.before(then)
}

/// The values of `admin` and of `audit`.
fn stored(world: World, admin: &str, audit: &str) -> World {
    let roles = format!(
        "roles: {{admin: {{value: {admin}, precedence: 1, privileged: true}}, audit: {{value: {audit}, precedence: 5}}, reader: {{value: READER, precedence: 9}}}}"
    );
    world.app_once(&roles)
}

#[test]
fn rule_10_two_roles_that_swap_their_values_keep_their_people() {
    let swapped = stored(audited(MANY), "AUDIT", "ADMIN");
    assert_snapshot!(swapped.plan().short(), @r"
    7 grant role user:p0/role:admin: ADMIN -> admin (config)
    7 grant role user:p1/role:admin: ADMIN -> admin (config)
    7 grant role user:p2/role:audit: AUDIT -> audit (config) privileged
    7 grant role user:p3/role:audit: AUDIT -> audit (config) privileged
    7 grant role user:p4/role:audit: AUDIT -> audit (config) privileged
    8 revoke role user:p0/role:admin=ADMIN: ADMIN -> nothing (config)
    8 revoke role user:p1/role:admin=ADMIN: ADMIN -> nothing (config)
    8 revoke role user:p2/role:audit=AUDIT: AUDIT -> nothing (config)
    8 revoke role user:p3/role:audit=AUDIT: AUDIT -> nothing (config)
    8 revoke role user:p4/role:audit=AUDIT: AUDIT -> nothing (config)
    ");
    // The auditors get what gave power.
    assert_snapshot!(swapped.plan().guards(), @"ok gain: 3 people, 3 allowed");
    let after = swapped.applied();
    assert_snapshot!(after.plan().short(), @"");
    assert_eq!(after.things["0"].values["roles"].to_string(), "[READER, AUDIT]");
    assert_eq!(after.things["2"].values["roles"].to_string(), "[READER, ADMIN]");
    // In between, and taken back.
    let half = swapped.only("p0").unfinished();
    let half = half.account("1 userName=p1@x.example roles=[ADMIN,READER,AUDIT]");
    let everybody = |mut world: World| {
        world.only = None;
        world
    };
    assert_snapshot!(everybody(half.clone()).applied().plan().short(), @"");
    assert_snapshot!(everybody(stored(half, "ADMIN", "AUDIT")).applied().plan().short(), @"");
    // Where one role fits.
    let swapped = stored(audited(ONE), "AUDIT", "ADMIN");
    assert_snapshot!(swapped.plan().short(), @r"
    7 grant role user:p0/role:admin: ADMIN -> admin (config)
    7 grant role user:p1/role:admin: ADMIN -> admin (config)
    7 grant role user:p2/role:audit: AUDIT -> audit (config) privileged
    7 grant role user:p3/role:audit: AUDIT -> audit (config) privileged
    7 grant role user:p4/role:audit: AUDIT -> audit (config) privileged
    ");
    assert_snapshot!(swapped.applied().plan().short(), @"");
}

#[test]
fn rule_11_a_value_that_is_given_to_another_role_releases_nothing() {
    // Both admins lost their line.
    for mapped in [MANY, ONE] {
        let lost = audited(mapped).drop_yaml("access/admins.yaml").applied();
        assert_eq!(lost.ledger.holds.len(), 2);
        let moved = stored(lost.at("2026-06-18"), "SUPER", "ADMIN");
        let told = moved.plan().short();
        for id in ["p0", "p1"] {
            let line = format!(
                "8 revoke role user:{id}/role:admin=ADMIN: ADMIN -> nothing (config) privileged HELD by guard:privileged"
            );
            assert!(told.contains(&line), "{told}");
        }
        let later = moved.applied().at("2026-06-21").applied();
        assert!(later.plan().guards().contains("TRIPPED privileged"), "{}", later.plan().short());
        // In the same commit, too.
        let at_once = stored(audited(mapped).drop_yaml("access/admins.yaml"), "SUPER", "ADMIN");
        assert!(at_once.plan().guards().contains("privileged of role:admin: 2 of 2 holders"));
    }
}

#[test]
fn rule_10_a_person_who_is_to_have_the_other_role_keeps_the_value() {
    // An admin who becomes an auditor has the value of that role already.
    let moved = stored(audited(MANY), "SUPER", "ADMIN")
        .yaml("access/admins.yaml", &line("admin", &[1]))
        .yaml("access/auditors.yaml", &line("audit", &[0, 2, 3, 4]));
    let told = moved.plan().short();
    assert!(!told.contains("user:p0"), "{told}");
    let after = moved.applied();
    assert_snapshot!(after.plan().short(), @"");
    // Whoever is to have both gets the one that is missing, and nobody has taken it away.
    let both = stored(audited(MANY), "SUPER", "ADMIN")
        .link("p0 0 roles=[admin,audit,reader]")
        .account("0 userName=p0@x.example roles=[ADMIN,AUDIT,READER]")
        .yaml("access/auditors.yaml", &line("audit", &[0, 2, 3, 4]));
    let told = both.plan().short();
    let of_p0: Vec<_> = told.lines().filter(|line| line.contains("user:p0")).collect();
    assert_snapshot!(of_p0.join("\n"), @r"
    7 grant role user:p0/role:admin: ADMIN -> admin (config)
    8 revoke role user:p0/role:audit=AUDIT: AUDIT -> nothing (config)
    ");
    assert_eq!(both.applied().things["0"].values["roles"].to_string(), "[ADMIN, READER, SUPER]");
}

#[test]
fn rule_13_a_value_that_was_given_in_the_app_is_drift_of_the_role_that_it_is_today() {
    let given =
        stored(audited(MANY), "SUPER", "ADMIN").account("5 userName=p5@x.example roles=[ADMIN,READER]");
    let told = given.plan().short();
    assert!(told.contains("8 revoke role user:p5/role:audit: ADMIN -> nothing (drift)"), "{told}");
    // What was found when the role was taken over is found still.
    let mut found = given;
    found.ledger.users.get_mut("p5").unwrap().found_roles = ["admin".into()].into();
    let told = found.plan().short();
    assert!(told.contains("8 revoke role user:p5/role:admin=ADMIN: ADMIN -> nothing (takeover)"), "{told}");
}

#[test]
fn rule_11_a_role_that_is_split_without_its_old_id_is_lost_by_those_who_do_not_get_the_value() {
    // `admin` is now `boss` and `helper`, and `boss` has its value.
    let roles =
        "roles: {boss: {value: ADMIN, privileged: true}, helper: {value: HELPER}, reader: {value: READER}}";
    let split = company(MANY)
        .app_once(roles)
        .yaml("access/admins.yaml", &line("boss", &[0]))
        .yaml("access/helpers.yaml", &line("helper", &[1]));
    assert_snapshot!(split.plan().short(), @r"
    7 grant role user:p1/role:helper: nothing -> helper (config) HELD by guard:privileged
    8 revoke role user:p1/role:admin: ADMIN -> nothing (config) privileged HELD by guard:privileged
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration
    ");
}
