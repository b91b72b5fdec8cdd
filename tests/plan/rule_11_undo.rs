//! Rule 11: undoing is never held, and git proves it.

use insta::assert_snapshot;

use super::rule_11_guards::company;
use super::world::World;

fn team(world: World, members: std::ops::Range<usize>) -> World {
    let members: Vec<String> = members.map(|number| format!("user:p{number:02}")).collect();
    let team = format!("groups: {{team: {{name: Team, members: [{}]}}}}", members.join(", "));
    world.yaml("access/team.yaml", &team)
}

/// Thirty people, ten of them in a group.
fn ten() -> World {
    let ids: Vec<String> = (0..10).map(|number| format!("p{number:02}")).collect();
    let accounts: Vec<String> = (0..10).map(|number| number.to_string()).collect();
    let world = company(30)
        .app("groups: {push: [team]}")
        .group(&format!("g1 Team: {}", accounts.join(" ")))
        .group_link(&format!("group:team g1: {}", ids.join(" ")));
    team(world, 0..10).applied()
}

#[test]
fn rule_11_what_a_run_gave_is_taken_back_without_a_guard() {
    // A commit that meant one person adds all of them, and is taken back two days later.
    let wide = team(ten().at("2026-06-16"), 0..30).applied();
    let undone = team(wide.clone().at("2026-06-18"), 0..10);
    assert_snapshot!(undone.plan().guards(), @"");
    assert_eq!(undone.plan().app().held().count(), 0);
    assert_snapshot!(undone.plan().notices("taken back"), @"20 people leave group:team, which no guard but min_members counts: the run of commit c1 gave it, and this plan takes it back");
    // Other commits were applied in between.
    let later = wide.clone().person("p29", "title: Chief").applied();
    assert_snapshot!(team(later.at("2026-06-17"), 0..10).plan().guards(), @"");
    // Four days later it is a removal like any other.
    assert_snapshot!(team(wide.at("2026-06-20"), 0..10).plan().guards(), @r"
    TRIPPED membership: 20 people, 7 allowed (25 % of 30) [--allow 20]
    TRIPPED membership of group:team: 20 people, 15 allowed (half of 30) [--allow 20]
    ");
}

#[test]
fn rule_11_who_was_there_before_is_no_undoing() {
    // One of those who were in before goes as well: everything counts.
    let wide = team(ten().at("2026-06-16"), 0..30).applied();
    assert_snapshot!(team(wide.clone().at("2026-06-17"), 1..10).plan().guards(), @r"
    TRIPPED membership: 21 people, 7 allowed (25 % of 30) [--allow 21]
    TRIPPED membership of group:team: 21 people, 15 allowed (half of 30) [--allow 21]
    ");
    // The people who were in before go, and those who came stay.
    assert_snapshot!(team(wide.at("2026-06-17"), 10..30).plan().guards(), @r"TRIPPED membership: 10 people, 7 allowed (25 % of 30) [--allow 10]");
}

#[test]
fn rule_11_only_what_one_run_gave_can_be_undone() {
    let first = team(ten().at("2026-06-16"), 0..20).applied();
    let second = team(first.at("2026-06-17"), 0..30).applied();
    // What two runs gave is more than one of them.
    assert_snapshot!(team(second.clone().at("2026-06-18"), 0..10).plan().guards(), @r"
    TRIPPED membership: 20 people, 7 allowed (25 % of 30) [--allow 20]
    TRIPPED membership of group:team: 20 people, 15 allowed (half of 30) [--allow 20]
    ");
    assert_snapshot!(team(second.at("2026-06-18"), 0..20).plan().guards(), @"");
}

#[test]
fn rule_11_the_first_apply_cannot_be_undone_by_it() {
    let mut world = ten();
    world.ledger.earlier.clear();
    assert_snapshot!(team(world.at("2026-06-16"), 0..2).plan().guards(), @r"
    TRIPPED membership: 8 people, 5 allowed [--allow 8]
    TRIPPED membership of group:team: 8 people, 5 allowed (half of 10) [--allow 8]
    ");
}

#[test]
fn rule_11_a_commit_that_cannot_be_read_proves_nothing() {
    let mut wide = team(ten().at("2026-06-16"), 0..30).applied();
    wide.commits.clear();
    assert_snapshot!(team(wide.at("2026-06-17"), 0..10).plan().guards(), @r"
    TRIPPED membership: 20 people, 7 allowed (25 % of 30) [--allow 20]
    TRIPPED membership of group:team: 20 people, 15 allowed (half of 30) [--allow 20]
    ");
}

#[test]
fn rule_11_who_was_renamed_meanwhile_was_there_before() {
    let wide = team(ten().at("2026-06-16"), 0..30).without("p00").person("zoe", "previously: [p00]");
    let line = "assignments: [{app: hr, members: [user:zoe]}]";
    let wide = wide.drop_yaml("access/p-p00.yaml").yaml("access/p-zoe.yaml", line);
    let members = |from: usize, to: usize| {
        let all = (from..to).map(|number| format!("user:p{number:02}")).collect::<Vec<_>>().join(", ");
        format!("groups: {{team: {{name: Team, members: [{all}]}}}}")
    };
    let with_zoe = members(1, 30).replace("members: [", "members: [user:zoe, ");
    let wide = wide.yaml("access/team.yaml", &with_zoe).applied();
    assert_snapshot!(wide.clone().at("2026-06-17").yaml("access/team.yaml", &members(1, 10)).plan().guards(), @r"
    TRIPPED membership: 21 people, 7 allowed (25 % of 30) [--allow 21]
    TRIPPED membership of group:team: 21 people, 15 allowed (half of 30) [--allow 21]
    ");
}

#[test]
fn rule_11_accounts_are_never_undone() {
    // The same commit gave them their accounts.
    let wide = (30..60).fold(team(ten().at("2026-06-16"), 0..10), |world, number| {
        let id = format!("p{number:02}");
        let line = format!("assignments: [{{app: hr, members: [user:{id}]}}]");
        world.person(&id, "").yaml(&format!("access/p-{id}.yaml"), &line)
    });
    let wide = wide.allow("create", 30).applied().at("2026-06-17");
    let undone = (30..60).fold(wide, |world, number| world.drop_yaml(&format!("access/p-p{number:02}.yaml")));
    assert_snapshot!(undone.plan().guards(), @r"TRIPPED deprovision: 30 people, 5 allowed [--allow 30]");
}

#[test]
fn rule_11_a_group_that_was_renamed_meanwhile_was_no_gift() {
    let crew = |world: World, members: std::ops::Range<usize>| {
        let members: Vec<String> = members.map(|number| format!("user:p{number:02}")).collect();
        let list = members.join(", ");
        let crew = format!("groups: {{crew: {{name: Team, previously: [team], members: [{list}]}}}}");
        world.yaml("access/team.yaml", &crew).app_once("groups: {push: [crew]}")
    };
    let renamed = crew(ten().at("2026-06-16"), 0..10).applied();
    assert_snapshot!(crew(renamed.at("2026-06-17"), 0..2).plan().guards(), @r"
    TRIPPED membership: 8 people, 5 allowed [--allow 8]
    TRIPPED membership of group:crew: 8 people, 5 allowed (half of 10) [--allow 8]
    ");
}

#[test]
fn rule_11_what_no_run_gave_cannot_be_taken_back() {
    // The first edit is held, the second one takes it back and sends nothing, and the third is the first one again.
    let held = team(ten().at("2026-06-16"), 0..1).applied();
    assert_eq!(held.plan().app().held().count(), 9);
    let back = team(held.at("2026-06-16T08:00:00Z"), 0..10).applied();
    assert_eq!(back.plan().app().changes.len(), 0);
    let again = team(back.at("2026-06-16T16:00:00Z"), 0..1).plan();
    assert_eq!(again.app().held().count(), 9, "{}", again.short());
}

/// Values that the accounts had before the role was declared were not given by the run that declared it.
#[test]
fn rule_11_a_role_that_was_found_cannot_be_taken_back() {
    let found = |world: World, people: usize| {
        let world = (0..people).fold(world, |world, number| {
            let id = format!("p{number:02}");
            world.account(&format!("{number} userName={id}@x.example externalId={id} roles=[OLD]"))
        });
        world
            .mapping("{match: [userName], attributes: {userName: user.email, externalId: user.id, roles: account.roles}}")
            .app("roles: {old: {value: OLD}}")
            .app("default_access: provision")
    };
    let members = (0..20).map(|number| format!("user:p{number:02}")).collect::<Vec<_>>().join(", ");
    let line = format!("assignments: [{{app: hr, role: old, members: [{members}]}}]");
    let before = found(company(30), 20).applied().at("2026-06-16");
    // A commit declares for everybody what the accounts have, and is taken back.
    let declared = before.yaml("access/old.yaml", &line).applied().at("2026-06-17");
    assert_eq!(declared.plan().app().changes.len(), 0, "{}", declared.plan().short());
    let reverted = declared.drop_yaml("access/old.yaml").plan();
    assert_eq!(reverted.app().to_do().count(), 0, "{}", reverted.short());
    assert_snapshot!(reverted.guards(), @r"
    TRIPPED revoke: 20 people, 5 allowed (25 % of 20) [--allow 20]
    TRIPPED revoke of role:old: 20 people, 10 allowed (half of 20) [--allow 20]
    ");
}

/// What was held first, and then turns out to take back what a run gave, is held no longer.
#[test]
fn rule_11_undoing_ends_a_hold() {
    let wide = team(ten().at("2026-06-16"), 0..30).applied();
    let mut unread = team(wide.at("2026-06-17"), 0..10);
    let commits = std::mem::take(&mut unread.commits);
    let mut held = unread.applied();
    assert_eq!(held.ledger.holds.len(), 20);
    // The history can be read again.
    held.commits.extend(commits);
    assert_snapshot!(held.plan().guards(), @"");
}
