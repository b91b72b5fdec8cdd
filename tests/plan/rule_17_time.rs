//! Rule 17: time.

use insta::assert_snapshot;

use super::world::{World, world};

fn window(line: &str) -> World {
    world().person("ada", line).assign("", "user:ada").completed()
}

#[test]
fn rule_17_an_end_is_the_last_whole_day() {
    let world = window("end: 2026-06-15").has("ada", "1");
    assert_eq!(world.clone().at("2026-06-15T23:59:59Z").plan().short(), "");
    assert_snapshot!(world.at("2026-06-16").plan().short(), @"1 disable user:ada (expiry)");
}

#[test]
fn rule_17_a_start_is_the_first_whole_day() {
    let world = window("start: 2026-06-16");
    assert_eq!(world.clone().at("2026-06-15T23:59:59Z").plan().short(), "");
    let world = world.applied_people("1 access/people.yaml=1");
    assert_snapshot!(world.at("2026-06-16").plan().short(), @"4 create user:ada (start)");
}

#[test]
fn rule_17_a_plan_is_valid_until_something_changes_by_itself_at_most_a_day() {
    let until = |world: World| world.plan().plan.inputs.valid_until.to_string();
    assert_eq!(until(window("")), "2026-06-16T00:00:00Z");
    assert_eq!(until(window("end: 2026-06-15").at("2026-06-15T10:00:00Z")), "2026-06-16T00:00:00Z");
    let soon = window("").yaml(
        "access/g.yaml",
        "groups: {team: {members: [{member: user:ada, expires: 2026-06-15T01:30:00Z}]}}",
    );
    assert_eq!(until(soon), "2026-06-15T01:30:00Z");
    assert_eq!(until(window("end: 2026-06-14")), "2026-06-16T00:00:00Z");
}

#[test]
fn rule_17_what_will_begin_or_end_is_listed() {
    let world = window("end: 2026-06-20")
        .yaml("access/b.yaml", "users: {bob: {name: {given: B, family: B}, email: b@x.example, start: 2026-06-18}}")
        .yaml("access/c.yaml", "assignments: [{app: hr, members: [{member: user:bob, expires: 2026-06-25}, {member: user:ada, expires: 2027-01-01}]}]")
        .has("ada", "1");
    assert_snapshot!(world.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 2 people declared

    hr  https://hr.example/scim
      No changes. 1 account in hr matches the repository.

      Coming by itself
        2026-06-18 00:00 UTC (in 3 days)  user:bob starts  access/b.yaml:1
        2026-06-21 00:00 UTC (in 6 days)  user:ada ends  access/people.yaml:2
        2026-06-26 00:00 UTC (in 11 days)  user:bob in hr ends  access/c.yaml:1

    Total: no changes
    ");
}

#[test]
fn rule_17_who_begins_through_a_rule_is_listed_unless_the_filter_keeps_them_out() {
    let world = window("end: 2027-06-20")
        .yaml(
            "access/b.yaml",
            "users: {bob: {name: {given: B, family: B}, email: b@x.example, title: Boss, start: 2026-06-18}}",
        )
        .yaml("access/c.yaml", "groups: {bosses: {name: Bosses, rule: user.title == \"Boss\"}}")
        .yaml("access/d.yaml", "assignments: [{app: hr, members: [user:ada, group:bosses]}]")
        .has("ada", "1");
    let begins = "2026-06-18 00:00 UTC (in 3 days)  user:bob starts  access/b.yaml:1";
    assert!(world.plan().text().contains(begins), "{}", world.plan().text());
    let filtered = world.app("users: {filter: user.title != \"Boss\" || !has(user.title)}");
    assert!(!filtered.plan().text().contains("bob"), "{}", filtered.plan().text());
}

#[test]
fn rule_17_many_overdue_ends_of_one_kind_are_one_line() {
    let mut world =
        world().completed().app("users: {scope: all}").app("guard: {leavers: 0}").applied_people("5");
    for (id, remote) in ["a", "b", "c", "d", "e"].into_iter().zip(["1", "2", "3", "4", "5"]) {
        world = world.person(id, "end: 2026-06-03").has(id, remote);
    }
    let plan = world.plan().short();
    let overdue: Vec<_> = plan.lines().filter(|line| line.starts_with("! overdue")).collect();
    assert_snapshot!(overdue.join("\n"), @"! overdue: access ended on 2026-06-03, 12 days ago, and is held back by guard:leavers, for 5 people: a, b, c, d, e");
}

#[test]
fn rule_17_an_overdue_end_is_listed_with_its_age() {
    let alone = window("end: 2026-06-03").has("ada", "1").app("guard: {leavers: 1}").applied_people("1");
    let mut world = alone.person("bob", "end: 2026-06-04").has("bob", "2").assign("", "user:bob");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:ada (expiry) HELD by guard:leavers
    1 disable user:bob (expiry) HELD by guard:leavers
    ! overdue user:ada: access ended on 2026-06-03, 12 days ago, and is held back by guard:leavers
    ! overdue user:bob: access ended on 2026-06-04, 11 days ago, and is held back by guard:leavers
    TRIPPED leavers: 2 people, 1 allowed
    ");
    world.ledger.completed = None;
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:ada (expiry) HELD by first-apply
    1 disable user:bob (expiry) HELD by first-apply
    ! still has access user:ada: has an active account, and no full apply of this app has run to its end
    ! still has access user:bob: has an active account, and no full apply of this app has run to its end
    ");
    let keeps = window("end: 2026-06-03").has("ada", "1").app("users: {deprovision: keep}");
    assert_snapshot!(keeps.plan().short(), @"! overdue user:ada: ended on 2026-06-03, 12 days ago, and still has an active account");
}

#[test]
fn rule_17_the_chain_of_an_expiry_names_the_line_that_ended() {
    let world = world()
        .people(&["ada"])
        .yaml("access/g.yaml", "groups:\n  inner: {members: [user:ada]}\n  outer:\n    members:\n      - {member: group:inner, expires: 2026-06-01}\n")
        .assign("", "group:outer")
        .completed()
        .has("ada", "1");
    assert_snapshot!(world.plan().short(), @"1 disable user:ada (expiry)");
    assert_snapshot!(world.plan().why("user:ada"), @"what assigned user:ada expired on 2026-06-01, 14 days ago access/g.yaml:5");
}

#[test]
fn rule_17_the_end_of_time_is_a_time() {
    let world = world()
        .person("ada", "end: 9999-12-28")
        .assign("", "user:ada")
        .completed()
        .has("ada", "1")
        .at("9999-12-30T00:00:00Z");
    assert_snapshot!(world.plan().short(), @"1 disable user:ada (expiry)");
    assert!(world.plan().plan.inputs.valid_until > world.at);
}

#[test]
fn rule_17_the_reason_somebody_wrote_down_is_in_the_chain() {
    let world = world()
        .people(&["ada", "bob"])
        .yaml(
            "access/c.yaml",
            "groups:
  inner: {members: [{member: user:ada, reason: INC-1}]}
  team: {members: [{member: group:inner, reason: INC-2}]}
assignments:
  - {app: hr, members: [{member: group:team, reason: INC-3}, {member: user:bob, expires: 2026-12-01, reason: \"INC-4, \\e[2J\"}]}
",
        )
        .completed();
    assert_snapshot!(world.plan().why("user:ada"), @r#"
    group:team is assigned hr ("INC-3") access/c.yaml:5
    group:inner is a member of group:team ("INC-2") access/c.yaml:3
    user:ada is a member of group:inner ("INC-1") access/c.yaml:2
    "#);
    let bob = world.plan().why("user:bob");
    assert!(bob.starts_with("user:bob is assigned hr (\"INC-4, "), "{bob}");
    let text = world.plan().text();
    assert!(text.contains("INC-4") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn rule_17_never_has_no_end() {
    let never = "groups: {team: {members: [{member: user:ada, expires: 9999-12-31}]}}";
    let world = world()
        .person("ada", "end: 9999-12-31")
        .yaml("access/g.yaml", never)
        .assign("", "group:team")
        .completed()
        .has("ada", "1");
    assert_eq!(world.clone().plan().short(), "");
    assert!(!world.clone().plan().text().contains("Coming by itself"));
    assert_eq!(world.clone().at("9999-12-30").plan().short(), "");
    // An expression reads the day that is written.
    let ends = world.app(r#"users: {filter: 'user.end == date("9999-12-31")'}"#);
    assert_eq!(ends.plan().short(), "");
}
