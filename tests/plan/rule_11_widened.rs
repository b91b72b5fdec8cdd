//! Rule 11: a group or role that more than doubles, by more than 20 people, stands at the top with the line that widened it.

use std::ops::Range;

use insta::assert_snapshot;
use rolecall::render;

use super::world::{World, world};

fn id(number: usize) -> String {
    format!("p{number:03}")
}

fn members(range: Range<usize>) -> String {
    range.map(|number| format!("user:{}", id(number))).collect::<Vec<_>>().join(", ")
}

/// So many people with an account; the first ones are in the group Viewers of the app, and the ledger knows them as `key`.
fn company(key: &str, people: usize, inside: usize) -> World {
    let accounts: Vec<String> = (0..inside).map(|number| number.to_string()).collect();
    let ids: Vec<String> = (0..inside).map(id).collect();
    let world = world()
        .completed()
        .app("users: {scope: all}")
        .group(&format!("g1 Viewers: {}", accounts.join(" ")))
        .group_link(&format!("{key} g1: {}", ids.join(" ")));
    (0..people)
        .fold(world, |world, number| world.person(&id(number), "").has(&id(number), &number.to_string()))
}

/// The role `viewer` is assigned to the group `small`, which the first ones are in, and to the group `large` of all others.
fn assigned(people: usize, inside: usize) -> World {
    let groups = format!(
        "groups:\n  small: {{members: [{}]}}\n  large: {{members: [{}]}}\n",
        members(0..inside),
        members(inside..people)
    );
    company("role:viewer", people, inside)
        .app("roles: {viewer: {group: Viewers}}")
        .yaml("access/groups.yaml", &groups)
        .yaml(
            "access/viewers.yaml",
            "assignments:\n  - app: hr\n    role: viewer\n    members:\n      - group:small\n      - group:large\n",
        )
}

#[test]
fn rule_11_a_role_that_more_than_doubles_stands_at_the_top_with_the_line_that_widened_it() {
    let outcome = assigned(31, 10).plan();
    let text = outcome.text();
    let (top, _) = text.split_once("\n  The same for many people").unwrap();
    assert_snapshot!(top, @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 31 people declared

    hr  https://hr.example/scim
      21 roles to grant

      More than doubled (1)
        ! role viewer gets more than twice as many holders: 10 before this plan, 31 after it  access/viewers.yaml:6
          hint: if so many are not meant, take the edit back
    ");
    let markdown = render::markdown(&outcome.plan);
    let (_, top) = markdown.split_once("#### ").unwrap();
    assert_snapshot!(top.lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    More than doubled (1)

    - role viewer gets more than twice as many holders: 10 before this plan, 31 after it  access/viewers.yaml:6; hint: if so many are not meant, take the edit back
    ");
    let json = render::json(&outcome.plan);
    assert_snapshot!(json.lines().find(|line| line.contains("widened")).unwrap().trim(), @r#"{"kind": "widened", "subject": {"role": "viewer"}, "text": "role viewer gets more than twice as many holders: 10 before this plan, 31 after it", "hint": "if so many are not meant, take the edit back", "place": {"file": "access/viewers.yaml", "line": 6, "column": 9}}"#);
    assert!(!outcome.app().is_partial() && !outcome.app().is_refused());
}

#[test]
fn rule_11_a_group_with_a_wider_rule_stands_at_the_top_with_the_rule() {
    let world = company("group:viewers", 31, 10).app("groups: {push: [viewers]}").yaml(
        "access/groups.yaml",
        "groups:\n  viewers:\n    name: Viewers\n    rule: 'user.email.endsWith(\"@x.example\")'\n",
    );
    let outcome = world.plan();
    assert_snapshot!(outcome.notices("more than doubled"), @"group viewers gets more than twice as many members: 10 before this plan, 31 after it");
    let place = outcome.app().notices[0].place.as_ref().map(|place| format!("{}:{}", place.file, place.line));
    assert_snapshot!(place.unwrap(), @"access/groups.yaml:4");
}

#[test]
fn rule_11_twenty_more_and_twice_as_many_are_not_said() {
    let said = |world: World| world.plan().notices("more than doubled");
    assert_snapshot!(said(assigned(30, 10)), @"");
    assert_snapshot!(said(assigned(50, 25)), @"");
    assert_snapshot!(said(assigned(51, 25)), @"role viewer gets more than twice as many holders: 25 before this plan, 51 after it");
    // Nobody had it before.
    assert_snapshot!(said(assigned(31, 0)), @"");
    // Until the first completed apply, nobody knows what is usual.
    let mut first = assigned(31, 10);
    first.ledger.completed = None;
    assert_snapshot!(said(first), @"");
}

#[test]
fn rule_11_what_is_held_and_what_comes_back_widens_nothing() {
    let said = |world: World| world.plan().notices("more than doubled");
    let privileged = assigned(31, 10)
        .without_app("roles: {viewer: {group: Viewers}}")
        .app("roles: {viewer: {group: Viewers, privileged: true}}");
    assert_snapshot!(said(privileged.clone()), @"");
    assert_snapshot!(said(privileged.allow("gain", 21)), @"role viewer gets more than twice as many holders: 10 before this plan, 31 after it");
    // The app has lost most of the members.
    assert_snapshot!(said(assigned(31, 31).group("g1 Viewers: 0 1 2 3 4 5 6 7 8 9")), @"");
    // As many go as come.
    let moved = assigned(60, 25)
        .yaml("access/viewers.yaml", "assignments: [{app: hr, role: viewer, members: [group:large]}]");
    assert_snapshot!(said(moved.allow("revoke", 25)), @"");
}
