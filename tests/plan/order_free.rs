//! A plan has the same bytes for any order and size of pages and any number of threads.

use proptest::prelude::*;
use rolecall::render;

use super::outcome::Paging;
use super::world::{World, world};

/// A company with most kinds of changes at once, varied by a seed.
fn busy(seed: u64) -> World {
    let pick = |salt: u64, of: u64| {
        let mixed = (seed ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed >> 33) % of
    };
    let mut world = world()
        .mapping("{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id, title: user.title, roles: account.roles}}")
        .app("roles: {admin: {privileged: true}, member: {precedence: 2}, auditor: {group: Auditors}}")
        .app("groups: {push: [team, crew], members: linked, remove: delete}")
        .app("guard: {min_members: {admin: 1}}")
        .managed("admin=admin member=member")
        .group("g3 Old: 1 2 3")
        .group_link("group:old g3: p1 p2");
    if pick(1, 4) > 0 {
        world = world.completed();
    }
    let (mut team, mut crew, mut admins, mut inside) = (vec![], vec![], vec![], vec![]);
    for number in 0..24_u64 {
        let id = format!("p{number}");
        let life =
            ["", "status: left", "end: 2026-06-01", "status: suspended", "title: New", "email: p1@x.example"];
        if pick(number + 10, 8) > 0 {
            world = world.person(&id, life[pick(number + 100, 6) as usize]);
            if number % 2 == 0 {
                world = world.assign("member", &format!("user:{id}"));
            }
            [&mut team, &mut crew, &mut admins][pick(number + 200, 3) as usize].push(format!("user:{id}"));
        }
        if pick(number + 300, 3) > 0 {
            let off = if pick(number + 400, 4) == 0 { " inactive" } else { "" };
            world = world
                .account(&format!("{number} userName={id}@x.example externalId={id} roles=[member]{off}"));
            inside.push(number.to_string());
        }
        // Most links are valid: if many accounts are gone, nothing is planned.
        let is_linked = if inside.last() == Some(&number.to_string()) {
            pick(number + 500, 2) == 0
        } else {
            pick(number + 600, 12) == 0
        };
        if is_linked {
            world = world.link(&format!("{id} {number} roles=[member]"));
        }
    }
    world
        .yaml("access/g.yaml", &format!("groups: {{team: {{members: [{}]}}, crew: {{name: Crew, members: [{}]}}}}", team.join(", "), crew.join(", ")))
        .yaml("access/admins.yaml", &format!("assignments: [{{app: hr, role: admin, members: [{}]}}, {{app: hr, role: auditor, members: [group:crew]}}]", admins.join(", ")))
        .group(&format!("g1 team: {}", inside.join(" ")))
        .group(&format!("g2 crew: {}", inside.join(" ")))
        .group(&format!("g4 Auditors: {}", inside.join(" ")))
}

fn bytes(world: &World, paging: Paging) -> String {
    render::json(&world.plan_paged(paging).plan)
}

/// Without enough changes in the random companies, the tests below would prove little.
#[test]
fn most_of_these_companies_are_planned_and_busy() {
    let plans: Vec<_> = (1..30).map(|seed| busy(seed).plan()).collect();
    let planned = plans.iter().filter(|outcome| outcome.app().status == rolecall::plan::AppStatus::Planned);
    let busy = planned.filter(|outcome| outcome.app().changes.len() > 10).count();
    assert!(busy >= 15, "{busy} of {}", plans.len());
}

#[test]
fn always_pages_in_any_order_and_size_give_the_same_bytes() {
    for seed in 1..30 {
        let world = busy(seed);
        let whole = bytes(&world, Paging::default());
        for (size, order) in [(1, 3), (2, 7), (5, 11), (7, 0)] {
            let paging = Paging { size, order: order * seed };
            assert_eq!(whole, bytes(&world, paging), "seed {seed}, {paging:?}");
        }
    }
}

#[test]
fn always_one_thread_and_many_give_the_same_bytes() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (one, many) = (pool(1), pool(16));
    for seed in 1..10 {
        let world = busy(seed);
        let paging = Paging { size: 3, order: seed };
        assert_eq!(
            one.install(|| bytes(&world, paging)),
            many.install(|| bytes(&world, paging)),
            "seed {seed}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Keys are unique, and an undecided person has no changes.
    #[test]
    fn always_keys_are_unique_and_frozen_people_untouched(seed in 1_u64..1_000_000) {
        let outcome = busy(seed).plan();
        let app = outcome.app();
        let mut keys: Vec<_> = app.changes.iter().map(|change| &change.key).collect();
        let all = keys.len();
        keys.dedup();
        prop_assert_eq!(all, keys.len(), "{}", outcome.short());
        let frozen: Vec<_> = app.notices.iter().filter(|notice| {
            use rolecall::plan::NoticeKind::{Ambiguous, LinkConflict, NotAdopted, RenameSuspected};
            matches!(notice.kind, Ambiguous | LinkConflict | NotAdopted | RenameSuspected)
        }).filter_map(|notice| notice.subject.clone()).collect();
        for change in app.to_do() {
            prop_assert!(!frozen.contains(&change.key.object), "{} in\n{}", change.key, outcome.short());
        }
    }

    /// After two applies, the plan has no more changes to do. The rest is held, or a notice names it.
    #[test]
    fn always_a_plan_that_was_carried_out_leaves_nothing_to_do(seed in 1_u64..1_000_000) {
        let world = busy(seed).app_once("guard: {deprovision: 999, deprovision_percent: 100, membership: 999, membership_percent: 100, revoke: 999, revoke_percent: 100, login: 999, login_percent: 100, update_percent: 100}");
        let after = world.applied().applied().applied();
        let outcome = after.plan();
        let stopped = !matches!(outcome.app().status, rolecall::plan::AppStatus::Planned);
        prop_assert!(stopped || outcome.app().to_do().next().is_none(), "first:\n{}\nlast:\n{}", world.plan().short(), outcome.short());
    }
}
