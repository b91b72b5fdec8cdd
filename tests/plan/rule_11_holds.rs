//! Rule 11: what a guard held stays held until it is allowed, or the files take it back.

use insta::assert_snapshot;
use rolecall::model::Guard;
use rolecall::model::change::Verdict;
use rolecall::model::holds::HoldKey;
use rolecall::model::ledger::LedgerUpdate;

use super::rule_11_guards::{company, lost, without};
use super::world::World;

/// Twenty people, of whom three go while three others went an hour ago: held.
fn held() -> World {
    let mut world = without(company(20), 0..3);
    world.ledger.losses.push(lost("2026-06-14T23:00:00Z", Guard::Deprovision, None, &["x1", "x2", "x3"]));
    assert!(world.plan().app().is_refused());
    world.applied()
}

fn again(world: World, number: usize) -> World {
    let id = format!("p{number:02}");
    let line = format!("assignments: [{{app: hr, members: [user:{id}]}}]");
    world.yaml(&format!("access/p-{id}.yaml"), &line)
}

fn holds(world: &World) -> Vec<&HoldKey> {
    world.ledger.holds.keys().collect()
}

#[test]
fn rule_11_a_hold_outlives_the_losses_that_it_counted() {
    let world = held().at("2026-06-17");
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:p00 (config) HELD by guard:deprovision
    9 disable user:p01 (config) HELD by guard:deprovision
    9 disable user:p02 (config) HELD by guard:deprovision
    TRIPPED deprovision: 3 people held since commit c0ffee
    ");
    // The next commits change nothing about it, and one more person is an ordinary day.
    let world = without(world, 7..8).applied();
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:p00 (config) HELD by guard:deprovision
    9 disable user:p01 (config) HELD by guard:deprovision
    9 disable user:p02 (config) HELD by guard:deprovision
    TRIPPED deprovision: 3 people held since commit c0ffee
    ");
    // A larger limit is for what comes after it.
    assert_snapshot!(world.clone().app("guard: {deprovision: 10}").plan().guards(), @r"
    ok deprovision: 3 people, 9 allowed (half of 19)
    TRIPPED deprovision: 3 people held since commit c0ffee [--allow 3]
    ");
    assert_snapshot!(world.clone().allow("deprovision", 2).plan().guards(), @r"
    ok deprovision: 3 people, 5 allowed
    TRIPPED deprovision: 3 people held since commit c0ffee [--allow 3]
    ");
    let world = world.allow("deprovision", 3);
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:p00 (config)
    9 disable user:p01 (config)
    9 disable user:p02 (config)
    allowed deprovision: 3 people held since commit c0ffee
    ");
    let world = world.applied();
    assert!(holds(&world).is_empty());
}

#[test]
fn rule_11_an_edit_takes_a_hold_back_for_its_people_only() {
    let world = again(held(), 0).at("2026-06-17").applied();
    assert_eq!(holds(&world).len(), 2);
    // p00 goes another time: that is another decision.
    let world = without(world, 0..1);
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:p00 (config)
    9 disable user:p01 (config) HELD by guard:deprovision
    9 disable user:p02 (config) HELD by guard:deprovision
    TRIPPED deprovision: 2 people held since commit c0ffee
    ");
}

#[test]
fn rule_11_declared_leaving_is_not_held_any_more() {
    let world = held().at("2026-06-17").person("p01", "status: left");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:p01 (left)
    9 disable user:p00 (config) HELD by guard:deprovision
    9 disable user:p02 (config) HELD by guard:deprovision
    TRIPPED deprovision: 2 people held since commit c0ffee
    ");
    assert_eq!(holds(&world.applied()).len(), 2);
}

#[test]
fn rule_11_a_plan_of_one_person_keeps_the_holds_of_the_others() {
    let world = again(held(), 0).at("2026-06-17");
    assert_eq!(holds(&world.clone().only("p09").applied()).len(), 3);
    assert_eq!(holds(&world.only("p00").applied()).len(), 2);
}

#[test]
fn rule_11_a_person_who_cannot_be_judged_stays_held() {
    let world = again(held(), 0).at("2026-06-17");
    let mut world = world.yaml("access/conflict.yaml", "users: {}");
    // Another account has the id in its entry: the link of p00 is in conflict.
    world.ledger.users.get_mut("p00").unwrap().remote = "19".parse().unwrap();
    world.ledger.users.get_mut("p19").unwrap().remote = "0".parse().unwrap();
    assert_eq!(holds(&world.applied()).len(), 3);
}

#[test]
fn rule_11_leavers_of_one_commit_stay_held_and_do_not_count_with_those_of_the_next() {
    let typed =
        (0..6).fold(company(20), |world, number| world.person(&format!("p{number:02}"), "status: left"));
    assert_snapshot!(typed.plan().guards(), @r"TRIPPED leavers: 6 people, 5 allowed [--allow 6]");
    let world = typed.applied().person("p09", "status: left");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:p00 (left) HELD by guard:leavers
    1 disable user:p01 (left) HELD by guard:leavers
    1 disable user:p02 (left) HELD by guard:leavers
    1 disable user:p03 (left) HELD by guard:leavers
    1 disable user:p04 (left) HELD by guard:leavers
    1 disable user:p05 (left) HELD by guard:leavers
    1 disable user:p09 (left)
    TRIPPED leavers: 6 people held since commit c0ffee
    ");
    let world = world.applied();
    assert_snapshot!(world.allow("leavers", 6).plan().guards(), @r"allowed leavers: 6 people held since commit c0ffee [--allow 6]");
}

#[test]
fn rule_11_other_guards_remember_too() {
    let titled = (0..30).fold(company(30), |world, number| {
        world
            .person(&format!("p{number:02}"), "title: Chief")
            .account(&format!("{number} userName=p{number:02}@x.example title=Old"))
    });
    let world = titled.applied().at("2026-06-20");
    assert_eq!(holds(&world).len(), 30);
    // Five of them get their title by hand: 25 of 30 are still over the limit, 20 would not be.
    let world = (0..12).fold(world, |world, number| {
        world.account(&format!("{number} userName=p{number:02}@x.example title=Chief"))
    });
    assert_snapshot!(world.plan().guards(), @r"TRIPPED update: 18 people held since commit c0ffee [--allow 18]");
    assert_eq!(holds(&world.applied()).len(), 18);
}

#[test]
fn rule_11_a_held_removal_is_not_done_by_deleting_the_group() {
    let of = |form: fn(usize) -> String, join: &str| (20..70).map(form).collect::<Vec<_>>().join(join);
    let declared = of(|number| format!("user:p{number:02}"), ", ");
    let emptied = emptied()
        .app_once("groups: {push: [g, all], remove: delete}")
        .app("guard: {membership: 50}")
        .yaml("access/all.yaml", &format!("groups: {{all: {{name: All, members: [{declared}]}}}}"))
        .group(&format!("g2 All: {}", of(|number| number.to_string(), " ")))
        .group_link(&format!("group:all g2: {}", of(|number| format!("p{number:02}"), " ")));
    let given_up =
        |world: World| world.drop_yaml("access/g.yaml").app_once("groups: {push: [all], remove: delete}");
    // Without a hold it is one decision, and an ordinary one.
    let deleted = given_up(emptied.clone()).plan();
    assert_eq!(deleted.app().held().count(), 0, "{}", deleted.text());
    let world = given_up(emptied.applied().at("2026-06-18"));
    assert_snapshot!(world.plan().short(), @r"
    9 delete group group:g (config) HELD by guard:membership
    TRIPPED membership: 12 people held since commit c0ffee
    ");
    assert_eq!(holds(&world.applied()).len(), 13);
    assert_eq!(world.allow("membership", 12).plan().app().held().count(), 0);
}

/// Two of three admins were cut; the next commit renames the value of the role.
#[test]
fn rule_11_a_new_value_of_a_role_releases_nothing() {
    let world = super::rule_11_power::line(super::rule_11_power::admins(9, 3), &[0]);
    let held = world.applied().at("2026-06-18");
    assert_eq!(holds(&held).len(), 2);
    let renamed = held.app_once("roles: {admin: {privileged: true, value: BOSS}, member: {}}");
    let told = renamed.plan().short();
    for id in ["p1", "p2"] {
        let line = told.lines().find(|line| line.contains(&format!("revoke role user:{id}"))).expect(&told);
        assert!(line.ends_with("HELD by guard:privileged"), "{told}");
    }
}

#[test]
fn rule_11_one_leaver_alone_is_not_held_for_ever() {
    let typed =
        (0..6).fold(company(20), |world, number| world.person(&format!("p{number:02}"), "status: left"));
    let back = (0..5).fold(typed.applied(), |world, number| world.person(&format!("p{number:02}"), ""));
    assert_snapshot!(back.plan().short(), @"1 disable user:p05 (left)");
    assert!(holds(&back.applied()).is_empty());
}

/// A role of power that is given up with its line is power no more for the next plan. It stays held all the same.
#[test]
fn rule_11_what_was_power_when_it_was_held_stays_held() {
    for how in ["group: Owners", "value: OWNER"] {
        let owners = super::rule_11_power::owners(how);
        let given_up = owners.drop_yaml("access/owners.yaml").app_once("roles: {member: {value: M}}");
        let told = given_up.applied().at("2026-06-18").applied().at("2026-06-21").plan().short();
        let lines: Vec<_> = told.lines().filter(|line| line.contains("revoke role")).collect();
        assert_eq!(lines.len(), 2, "{told}");
        assert!(lines.iter().all(|line| line.ends_with("HELD by guard:privileged")), "{told}");
    }
}

/// A hundred people of whom twelve are in a group that was emptied: held by the limit of one group.
pub(super) fn emptied() -> World {
    let ids: Vec<String> = (0..12).map(|number| format!("p{number:02}")).collect();
    let accounts: Vec<String> = (0..12).map(|number| number.to_string()).collect();
    company(100)
        .app("groups: {push: [g]}")
        .yaml("access/g.yaml", "groups: {g: {name: G, members: []}}")
        .group(&format!("g1 G: {}", accounts.join(" ")))
        .group_link(&format!("group:g g1: {}", ids.join(" ")))
}

fn renamed(world: World) -> World {
    world
        .yaml("access/g.yaml", "groups: {h: {name: G, previously: [g], members: []}}")
        .app_once("groups: {push: [h]}")
}

#[test]
fn rule_11_a_rename_of_a_group_releases_nothing() {
    assert!(
        emptied().plan().guards().contains("membership of group:g: 12 people"),
        "{}",
        emptied().plan().guards()
    );
    // In the same commit, and in the next one.
    for world in [renamed(emptied()), renamed(emptied().applied()).at("2026-06-18")] {
        assert_eq!(world.plan().app().held().count(), 12, "{}", world.plan().short());
        let world = world.applied();
        assert_eq!(holds(&world).len(), 12);
        assert_eq!(world.at("2026-06-21").plan().app().held().count(), 12);
    }
}

#[test]
fn rule_11_losses_of_a_day_count_under_the_new_name_too() {
    let mut world = renamed(emptied());
    let lost_before: Vec<String> = (0..5).map(|number| format!("x{number}")).collect();
    let lost_before: Vec<&str> = lost_before.iter().map(String::as_str).collect();
    world.ledger.losses.push(lost("2026-06-14T23:00:00Z", Guard::Membership, Some("group:g"), &lost_before));
    let few: Vec<String> = (5..12).map(|number| format!("user:p{number:02}")).collect();
    let list = few.join(", ");
    let world = world
        .yaml("access/g.yaml", &format!("groups: {{h: {{name: G, previously: [g], members: [{list}]}}}}"));
    assert_snapshot!(world.plan().guards(), @r"
    TRIPPED membership: 5 people and 5 more in the last 24 hours, 5 allowed [--allow 5]
    TRIPPED membership of group:h: 5 people and 5 more in the last 24 hours, 8 allowed (half of 17) [--allow 5]
    ");
}

#[test]
fn rule_11_a_rename_of_a_person_releases_nobody() {
    let world = held().at("2026-06-17").without("p00").person("zoe", "previously: [p00]");
    assert_eq!(world.plan().app().held().count(), 3, "{}", world.plan().short());
    assert_eq!(holds(&world.applied()).len(), 3);
}

#[test]
fn rule_11_a_new_account_that_was_held_stays_held_after_the_first_apply() {
    let world = (0..6).fold(super::rule_11_unmatched::newcomers(&[]), |world, number| {
        let account = format!("7{number} userName=x{number}.test name=\"p{number} Test\"");
        world.person(&format!("p{number}"), "").account(&account)
    });
    let count = world.plan().app().held().count();
    assert_eq!(count, 6, "{}", world.plan().short());
    let world = world.applied().at("2026-06-17");
    assert_eq!(world.plan().app().held().count(), count, "{}", world.plan().short());
}

/// Nine people of whom six are to have a privileged role.
pub(super) fn gaining() -> World {
    let world = (0..9).fold(company(9), |world, number| {
        let id = format!("p{number:02}");
        world.account(&format!("{number} userName={id}@x.example externalId={id} roles=[]"))
    });
    let world = world
        .mapping("{match: [userName], attributes: {userName: user.email, externalId: user.id, roles: account.roles}}")
        .app("roles: {admin: {privileged: true, value: ADMIN}}")
        .app("default_access: provision")
        .managed("admin=ADMIN");
    (0..6).fold(world, |world, number| {
        let line = format!("assignments: [{{app: hr, role: admin, members: [user:p{number:02}]}}]");
        world.yaml(&format!("access/admin-{number}.yaml"), &line)
    })
}

#[test]
fn rule_11_a_gain_that_was_held_stays_held_when_it_is_power_no_more() {
    let world = gaining();
    assert_eq!(world.plan().app().held().count(), 6, "{}", world.plan().short());
    let world = world.applied().at("2026-06-17").app_once("roles: {admin: {value: ADMIN}}").applied();
    assert_eq!(world.at("2026-06-20").plan().app().held().count(), 6);
}

#[test]
fn rule_11_what_is_held_does_not_hold_the_opposite() {
    // A gain was held. Two of the people got the role by another hand, and their lines are gone.
    let world = (0..2).fold(gaining().applied().at("2026-06-17"), |world, number| {
        let id = format!("p{number:02}");
        world
            .drop_yaml(&format!("access/admin-{number}.yaml"))
            .account(&format!("{number} userName={id}@x.example externalId={id} roles=[ADMIN]"))
    });
    let told = world.plan().short();
    assert_eq!(told.lines().filter(|line| line.contains("HELD by guard:gain")).count(), 4, "{told}");
    assert_eq!(holds(&world.applied()).len(), 4);

    // A removal was held. One of the people was taken out by another hand, and is declared again.
    let accounts: Vec<String> = (1..12).map(|number| number.to_string()).collect();
    let world = emptied()
        .applied()
        .at("2026-06-17")
        .yaml("access/g.yaml", "groups: {g: {name: G, members: [user:p00]}}")
        .group(&format!("g1 G: {}", accounts.join(" ")));
    let told = world.plan().short();
    assert!(told.contains("add member group:g/member:p00"), "{told}");
    let added = told.lines().find(|line| line.contains("member:p00")).unwrap();
    assert!(!added.contains("HELD"), "{told}");
    assert_eq!(holds(&world.applied()).len(), 11);
}

#[test]
fn rule_11_the_ways_out_of_unmatched_work_after_an_apply_too() {
    let world = super::rule_11_unmatched::newcomers(&["ada"])
        .completed()
        .account("7 userName=old.ada email=Ada@X.example");
    let held = world.applied().at("2026-06-17");
    assert_eq!(held.plan().app().held().count(), 1, "{}", held.plan().short());
    let named = held.app("links: {ada: \"7\"}");
    assert_eq!(named.plan().app().held().count(), 0, "{}", named.plan().short());
    assert!(holds(&named.applied()).is_empty());
}

/// Of an allowed number, a part is done: the rest stays held.
#[test]
fn rule_11_what_is_left_out_of_an_apply_stays_held() {
    let allowed = held().at("2026-06-17").allow("deprovision", 3).plan();
    let mut plan = allowed.app().clone();
    let why = "it is not in the plan file".to_owned();
    plan.changes[1].verdict = Verdict::Held { by: "plan".into(), why };
    let over: Vec<HoldKey> = plan
        .observed()
        .into_iter()
        .flat_map(|update| match update {
            LedgerUpdate::Held { over, .. } => over,
            _ => Vec::new(),
        })
        .collect();
    let people: Vec<String> = over.iter().map(|key| key.object.to_string()).collect();
    assert_eq!(people, ["user:p00", "user:p02"]);
}

/// A plan of one person is no way around a hold, at the same commit or at a later one.
#[test]
fn rule_11_held_leavers_are_not_released_one_by_one() {
    let typed =
        (0..8).fold(company(20), |world, number| world.person(&format!("p{number:02}"), "status: left"));
    let world = typed.applied();
    let later = world.clone().person("p19", "title: Boss");
    for mut world in [world, later] {
        for number in 0..8 {
            world = world.only(&format!("p{number:02}"));
            let plan = world.plan();
            assert_eq!(plan.app().to_do().count(), 0, "{}", plan.short());
            world = world.applied();
        }
        assert_eq!(holds(&world).len(), 8);
    }
}
