//! Rule 7: the clock of the machine, against the ledger and against the app's own clock.

use insta::assert_snapshot;

use super::world::{World, time, world};

/// One person for each thing that a date can decide, and for each that it does not. Their accounts are there.
fn company() -> World {
    let members = "user:plain, user:left, user:off, user:ended, user:notyet, user:starts, \
        {member: user:expired, expires: 2026-03-01}, {member: user:soon, start: 2026-09-01}, \
        {member: user:until, expires: 2027-01-01}";
    let world = world()
        .people(&["plain", "expired", "soon", "until", "absent", "moved"])
        .person("left", "status: left")
        .person("off", "status: suspended")
        .person("ended", "end: 2026-03-01")
        .person("notyet", "start: 2026-09-01")
        .person("starts", "start: 2026-03-01")
        .yaml(
            "access/g.yaml",
            "groups: {team: {name: Team, members: [{member: user:plain, expires: 2026-03-01}, {member: user:off, start: 2026-09-01}]}}",
        )
        .app("roles: {admin: {group: Admins}, editor: {group: Editors}}")
        .app("groups: {push: [team]}")
        .app("users: {scope: all}")
        .assign("admin", "{member: user:plain, expires: 2026-03-01}, {member: user:until, start: 2026-03-01}")
        .assign("editor", members)
        .group("t Team: 1 2")
        .group("a Admins: 1")
        .group("e Editors: 1 2 3 4 5")
        .group_link("group:team t: plain off")
        .group_link("role:admin a: plain")
        .group_link("role:editor e: plain left off ended notyet")
        .completed();
    let linked = ["plain", "off", "left", "ended", "notyet", "absent"];
    linked
        .into_iter()
        .zip(["1", "2", "3", "4", "5", "6"])
        .fold(world, |world, (id, remote)| world.has(id, remote))
        .without("absent")
}

fn ahead(mut world: World, seconds: i64) -> World {
    world.app_clock = Some(jiff::SignedDuration::from_secs(seconds));
    world
}

const YEAR: i64 = 365 * 86_400;

#[test]
fn rule_07_a_clock_that_the_app_contradicts_decides_nothing_by_date() {
    assert_snapshot!(company().plan().short(), @r"
    1 disable user:ended (expiry)
    1 revoke role user:ended/role:editor: editor -> nothing (expiry)
    1 disable user:left (left)
    1 revoke role user:left/role:editor: editor -> nothing (left)
    1 disable user:off (left)
    1 revoke role user:plain/role:admin: admin -> nothing (expiry)
    1 remove member group:team/member:plain (expiry)
    4 create user:expired (config)
    4 create user:moved (config)
    4 create user:soon (config)
    4 create user:starts (config)
    4 create user:until (config)
    7 grant role user:starts/role:editor: nothing -> editor (config)
    7 grant role user:until/role:admin: nothing -> admin (config)
    7 grant role user:until/role:editor: nothing -> editor (config)
    8 revoke role user:notyet/role:editor: editor -> nothing (config)
    8 remove member group:team/member:off (config)
    9 disable user:absent (config)
    9 disable user:notyet (config)
    ");
    let doubted = ahead(company(), -YEAR).plan();
    assert_snapshot!(doubted.short(), @r"
    1 disable user:ended (expiry) HELD by clock
    1 revoke role user:ended/role:editor: editor -> nothing (expiry) HELD by clock
    1 disable user:left (left)
    1 revoke role user:left/role:editor: editor -> nothing (left)
    1 disable user:off (left)
    1 revoke role user:plain/role:admin: admin -> nothing (expiry) HELD by clock
    1 remove member group:team/member:plain (expiry) HELD by clock
    4 create user:expired (config)
    4 create user:moved (config)
    4 create user:soon (config)
    4 create user:starts (config) HELD by clock
    4 create user:until (config)
    7 grant role user:starts/role:editor: nothing -> editor (config) HELD by clock
    7 grant role user:until/role:admin: nothing -> admin (config) HELD by clock
    7 grant role user:until/role:editor: nothing -> editor (config) HELD by clock
    8 revoke role user:notyet/role:editor: editor -> nothing (config) HELD by clock
    8 remove member group:team/member:off (config) HELD by clock
    9 disable user:absent (config)
    9 disable user:notyet (config) HELD by clock
    ! the clock is in doubt: the clock of this machine says 2026-06-15T00:00:00Z, the app's answers say 2025-06-15T00:00:00Z: 11 changes that a date decides are held
    ! overdue user:ended: access ended on 2026-03-01, 106 days ago, and is held back by clock
    ! overdue user:plain: role admin ended on 2026-03-01, 106 days ago, and is held back by clock
    ");
    assert_snapshot!(doubted.hints("the clock is in doubt"), @"set the clock of this machine; if the app's clock is the wrong one, `limits: {clock: ignore}` in this app");
    // What a date does not decide is the same.
    let undated = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.contains("HELD") && !line.starts_with('!'))
            .map(str::to_owned)
            .collect()
    };
    let right = company().plan().short();
    assert!(undated(&doubted.short()).iter().all(|line| right.contains(line)));
    assert_eq!(
        ahead(company(), YEAR).plan().short().matches("HELD by clock").count(),
        doubted.short().matches("HELD by clock").count()
    );
}

#[test]
fn rule_07_a_clock_before_the_last_instant_in_the_ledger_decides_nothing_by_date() {
    let mut world =
        world().person("ada", "end: 2026-03-01").assign("", "user:ada").has("ada", "1").completed();
    world.ledger.completed = Some(time("2027-06-15"));
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:ada (expiry) HELD by clock
    ! the clock is in doubt: the clock of this machine says 2026-06-15T00:00:00Z, the last instant in the ledger is 2027-06-15T00:00:00Z: 1 change that a date decides is held
    ! overdue user:ada: access ended on 2026-03-01, 106 days ago, and is held back by clock
    ");
    assert_snapshot!(world.plan().hints("the clock is in doubt"), @"set the clock of this machine; if an earlier run had a wrong one, `rolecall ledger reclock --reason TEXT`");
    world.ledger.completed = Some(time("2026-06-15T00:05:00Z"));
    assert_snapshot!(world.plan().short(), @"1 disable user:ada (expiry)");
}

#[test]
fn rule_07_clocks_that_differ_by_five_minutes_agree() {
    let world =
        || world().person("ada", "end: 2026-03-01").assign("", "user:ada").has("ada", "1").completed();
    let expired = world().plan().short();
    for seconds in [-300, 0, 300] {
        assert_eq!(ahead(world(), seconds).plan().short(), expired, "{seconds}");
    }
    for seconds in [-301, 301] {
        assert!(ahead(world(), seconds).plan().short().contains("HELD by clock"), "{seconds}");
    }
    // Neither with `--at`, nor where the app's clock is known to be wrong.
    let mut rehearsal = ahead(world(), YEAR);
    rehearsal.real_time = false;
    assert_eq!(rehearsal.plan().short(), expired);
    assert_eq!(ahead(world(), YEAR).app("limits: {clock: ignore}").plan().short(), expired);
}

/// `clock: ignore` is about the clock of the app, and not about the instants in the ledger.
#[test]
fn rule_07_an_app_with_a_wrong_clock_hides_no_future_in_the_ledger() {
    let world = ahead(world().person("ada", "end: 2026-03-01").assign("", "user:ada").has("ada", "1"), YEAR);
    let mut world = world.app("limits: {clock: ignore}");
    world.ledger.completed = Some(time("2026-07-01"));
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:ada (expiry) HELD by clock
    ! the clock is in doubt: the clock of this machine says 2026-06-15T00:00:00Z, the last instant in the ledger is 2026-07-01T00:00:00Z: 1 change that a date decides is held
    ! overdue user:ada: access ended on 2026-03-01, 106 days ago, and is held back by clock
    ");
    world.ledger.completed = Some(time("2026-06-01"));
    assert_snapshot!(world.plan().short(), @"1 disable user:ada (expiry)");
}

#[test]
fn rule_07_without_a_date_a_wrong_clock_is_only_said() {
    let world =
        world().people(&["ada", "bob"]).assign("", "user:ada").has("ada", "1").has("bob", "2").completed();
    assert_snapshot!(ahead(world, -YEAR).plan().short(), @r"
    9 disable user:bob (config)
    ! advice: the clock of this machine says 2026-06-15T00:00:00Z, the app's answers say 2025-06-15T00:00:00Z
    ");
}

#[test]
fn rule_07_a_deletion_after_a_while_waits_for_the_right_clock() {
    let mut world = world()
        .people(&["ada"])
        .app("users: {deprovision: delete, delete_after: 30d}")
        .person("bob", "status: left")
        .assign("", "user:ada")
        .has("ada", "1")
        .account("2 userName=bob@x.example externalId=bob inactive")
        .link("bob 2")
        .completed();
    let since = time("2026-01-01");
    world.ledger.users.get_mut("bob").unwrap().state =
        rolecall::model::ledger::LinkState::Disabled { since, commit: None };
    assert_snapshot!(world.plan().short(), @"9 delete user:bob (left)");
    assert_snapshot!(ahead(world, -YEAR).plan().short(), @r"
    9 delete user:bob (left) HELD by clock
    ! the clock is in doubt: the clock of this machine says 2026-06-15T00:00:00Z, the app's answers say 2025-06-15T00:00:00Z: 1 change that a date decides is held
    ");
}

#[test]
fn rule_07_an_apply_by_a_clock_in_doubt_is_not_taken_down() {
    let world = world().people(&["ada"]).assign("", "user:ada").has("ada", "1").completed();
    assert!(!world.plan().app().work.clock_in_doubt);
    assert!(ahead(world, YEAR).plan().app().work.clock_in_doubt);
}

#[test]
fn rule_07_what_a_wrong_clock_holds_of_many_people_is_one_entry() {
    let six = (0..6).fold(world().completed(), |world, number| {
        let id = format!("p{number}");
        world.person(&id, "end: 2026-03-01").assign("", &format!("user:{id}")).has(&id, &number.to_string())
    });
    assert_snapshot!(ahead(six, YEAR).plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 6 people declared

    hr  https://hr.example/scim
      nothing to do; 6 changes held back

      Held back, not done by apply: 6 changes
        by clock: a date decides this, and the clock of this machine says 2026-06-15T00:00:00Z, the app's answers say 2027-06-15T00:00:00Z
          - disable account, 6 people  (expiry): p0 (p0 Test, p0@x.example), p1 (p1 Test, p1@x.example), p2 (p2 Test, p2@x.example), p3 (p3 Test, p3@x.example), p4 (p4 Test, p4@x.example), p5 (p5 Test, p5@x.example)

      The clock is in doubt (1)
        ! the clock of this machine says 2026-06-15T00:00:00Z, the app's answers say 2027-06-15T00:00:00Z: 6 changes that a date decides are held
          hint: set the clock of this machine; if the app's clock is the wrong one, `limits: {clock: ignore}` in this app

      Overdue (1)
        ! access ended on 2026-03-01, 106 days ago, and is held back by clock, for 6 people: p0, p1, p2, p3, p4, p5  access/people.yaml:2

    Total: nothing to do; 6 changes held back
    ");
}
