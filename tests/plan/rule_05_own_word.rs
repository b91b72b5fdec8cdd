//! Rule 5: that rolecall turned an account off is for git to say. An entry of the ledger that says so leaves nobody out: neither of
//! the count of a guard, nor of what is looked at and said.

use insta::assert_snapshot;
use rolecall::model::ledger::LinkState;
use rolecall::model::seen::Unread;

use super::world::{World, time, world};

const IDS: [&str; 8] = ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"];

/// Eight people with accounts, applied.
fn eight() -> World {
    let assigned = IDS.map(|id| format!("user:{id}")).join(", ");
    let world = world().people(&IDS).assign("", &assigned).completed();
    IDS.iter().fold(world, |world, id| world.has(id, &id[1..])).applied()
}

/// The same, and six of them are out by the next commit.
fn six_left() -> World {
    IDS[..6].iter().fold(eight(), |world, id| world.person(id, "status: left"))
}

/// An edit of the ledger by hand: accounts that rolecall is to have turned off.
fn said_off(mut world: World, ids: &[&str], commit: Option<&str>) -> World {
    for id in ids {
        let link = world.ledger.users.get_mut(*id).expect("an entry");
        link.state = LinkState::Disabled { since: time("2026-06-01"), commit: commit.map(Into::into) };
    }
    world
}

#[test]
fn rule_05_an_entry_that_says_disabled_leaves_nobody_out_of_the_leavers() {
    let tripped = "TRIPPED leavers: 6 people, 4 allowed (half of 8) [--allow 6]";
    assert_eq!(six_left().plan().guards().trim(), tripped);
    let today = six_left().now;
    // Without a commit, at the one that is to be applied now, and at one that is not there.
    for commit in [None, Some(today.as_str()), Some("lost")] {
        let world = said_off(six_left(), &IDS[..6], commit).unreadable("lost");
        let plan = world.plan();
        assert!(plan.guards().starts_with("TRIPPED leavers: 6 people"), "{commit:?}: {}", plan.guards());
        assert_eq!(plan.app().held().count(), 6, "{commit:?}");
    }
    // What the plan says of one of them, who alone is no mass.
    let one = said_off(eight().person("p1", "status: left"), &["p1"], None);
    assert_snapshot!(one.plan().short(), @r"
    1 disable user:p1 (left)
    ! on again user:p1: account 1 is on, and that rolecall disabled this account on 2026-06-01, 14 days ago stands in the ledger alone: commit c0ffee declares an active account
    ");
    // So it is with a tombstone.
    let mut deleted = one;
    let commit = deleted.ledger.applied_commit().cloned();
    deleted.ledger.users.get_mut("p1").unwrap().state = LinkState::Gone { since: time("2026-06-01"), commit };
    assert_snapshot!(deleted.plan().short(), @r"
    1 disable user:p1 (left)
    ! on again user:p1: account 1 is on, and that rolecall deleted this account on 2026-06-01, 14 days ago stands in the ledger alone: commit c0ffee declares an active account
    ");
}

/// Git says that they were out at the commit of the disabling and at the last applied one: they do not count again.
#[test]
fn rule_05_a_disabling_that_git_proves_counts_no_more() {
    let left = six_left().allow("leavers", 6).applied().at("2026-06-20");
    let on = IDS[..6].iter().fold(left, |world, id| {
        world.account(&format!("{} userName={id}@x.example externalId={id}", &id[1..]))
    });
    assert_snapshot!(on.plan().guards(), @"");
    assert_eq!(on.plan().app().to_do().count(), 6, "{}", on.plan().short());
}

/// A stranger's account that is off, and an entry for an id that was never declared: it is time to delete it, says the entry.
#[test]
fn rule_05_the_ledgers_word_deletes_nothing() {
    let created = "2025-01-01T08:00:00Z";
    let world = |then: World| {
        world()
            .people(&["bob"])
            .assign("", "user:bob")
            .completed()
            .has("bob", "2")
            .app("users: {deprovision: delete}")
            .account(&format!("1 userName=eve@x.example inactive created={created}"))
            .link(&format!("eve 1 disabled=2026-01-01 created={created} userName=eve@x.example by=before"))
            .before(then)
    };
    let was_there = world(super::world::world().people(&["bob", "eve"]));
    assert_snapshot!(was_there.plan().short(), @"9 delete user:eve (config)");
    let by_word = world(super::world::world().people(&["bob"]));
    assert!(!by_word.plan().short().contains("delete"), "{}", by_word.plan().short());
}

#[test]
fn rule_05_an_entry_that_says_disabled_or_deleted_hides_no_leaver_of_a_short_listing() {
    let hidden = |mut world: World| {
        let thing = world.things.remove("1").expect("an account");
        world.unlisted.insert("1".to_owned(), thing);
        world.short = Some("10 of 12 came");
        world
    };
    let gone = |mut world: World| {
        let state = LinkState::Gone { since: time("2026-06-01"), commit: None };
        world.ledger.users.get_mut("p1").unwrap().state = state;
        world
    };
    let left = || eight().person("p1", "status: left");
    for world in [said_off(left(), &["p1"], None), gone(left())] {
        let outcome = hidden(world).plan();
        assert_eq!(outcome.asked.first().map(String::as_str), Some("1"));
        assert!(outcome.short().starts_with("1 disable user:p1 (left)"), "{}", outcome.short());
    }
    let absent =
        || eight().without("p1").assign("", "user:p2, user:p3, user:p4, user:p5, user:p6, user:p7, user:p8");
    for world in [said_off(absent(), &["p1"], None), gone(absent())] {
        let short = hidden(world.drop_yaml("access/assign-0.yaml")).plan().short();
        assert!(short.contains("! still has access user:p1: may still have access"), "{short}");
    }
    // Whom git has out since the last apply is not asked for again.
    let off = hidden(left().applied()).plan();
    assert!(!off.asked.contains(&"1".to_owned()), "{:?}", off.asked);
    assert!(!off.short().contains("still has access"), "{}", off.short());
}

/// Where the app does not say whether accounts are on, power counts as lost all the same.
#[test]
fn rule_05_an_entry_that_says_disabled_leaves_nobody_out_of_the_holders_of_power() {
    let admins = |world: World, members: &str| {
        world.yaml(
            "access/admins.yaml",
            &format!("assignments: [{{app: hr, role: admin, members: [{members}]}}]"),
        )
    };
    let roles = eight()
        .app("roles: {admin: {group: Admins, privileged: true}, member: {}}")
        .assign("member", &IDS.map(|id| format!("user:{id}")).join(", "));
    let mut world = admins(roles, "user:p1, user:p2, user:p3, user:p4")
        .group("g1 Admins: 1 2 3 4")
        .group_link("role:admin g1: +p1 +p2 +p3 +p4")
        .applied();
    for id in IDS {
        world.things.get_mut(&id[1..]).unwrap().unsaid = Some(Unread::Form("7".into()));
    }
    let tripped = "TRIPPED privileged of role:admin: 3 of 4 holders";
    let lost = admins(world, "user:p1");
    assert!(lost.plan().guards().contains(tripped), "{}", lost.plan().short());
    let short = said_off(lost, &["p2", "p3", "p4"], None).plan().short();
    assert!(short.contains(tripped), "{short}");
}

/// People who had access at the last applied commit and are declared nowhere any more, and of whom the ledger says that their
/// accounts were deleted.
#[test]
fn rule_05_an_entry_that_says_deleted_hides_no_loss_of_the_source() {
    let world = super::rule_11_guards::company(40);
    let mut lost = (0..11).fold(world.clone(), |world, number| {
        let id = format!("p{number:02}");
        world.without(&id).drop_yaml(&format!("access/p-{id}.yaml"))
    });
    for number in 0..11 {
        lost.ledger.users.get_mut(format!("p{number:02}").as_str()).unwrap().state =
            LinkState::Gone { since: time("2026-06-01"), commit: None };
    }
    let guards = lost.before(world).plan().guards();
    assert!(guards.contains("TRIPPED source: 11 of the 40 people"), "{guards}");
}

/// A hold of a guard does not end by an entry that says that the account is deleted.
#[test]
fn rule_05_an_entry_that_says_deleted_ends_no_hold() {
    let held = six_left().applied();
    assert_eq!(held.ledger.holds.len(), 6);
    let mut forged = held;
    let commit = forged.ledger.applied_commit().cloned();
    for id in &IDS[..6] {
        forged.ledger.users.get_mut(*id).unwrap().state =
            LinkState::Gone { since: time("2026-06-15"), commit: commit.clone() };
    }
    assert_eq!(forged.plan().app().held().count(), 6, "{}", forged.plan().short());
    assert_eq!(forged.clone().applied().ledger.holds.len(), 6);
    // While the accounts are protected, no change of the plan is about them: then the holds alone say what is held.
    let logins = IDS[..6].iter().map(|id| format!("{id}@x.example")).collect::<Vec<_>>().join(", ");
    let protected = forged.app(&format!("protect: [{logins}]"));
    assert_eq!(
        protected.plan().app().to_do().count() + protected.plan().app().held().count(),
        0,
        "{}",
        protected.plan().short()
    );
    assert_eq!(protected.applied().ledger.holds.len(), 6);
}
