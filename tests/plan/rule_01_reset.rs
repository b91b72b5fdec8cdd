//! Rule 1: an app that lost its accounts is answered as a whole.

use insta::assert_snapshot;
use rolecall::plan::Releases;

use super::notation;
use super::rule_01_links::ten;
use super::world::{World, world};

fn shrunk(world: World) -> World {
    (0..6).fold(world, |world, number| world.gone(&number.to_string()))
}

#[test]
fn rule_01_a_reset_is_answered_as_a_whole() {
    let reset = || shrunk(ten(true));
    assert_snapshot!(reset().plan().short(), @r"STOPPED by link-conflicts: 4 of 10 linked accounts have vanished from the app, and more than 3 stop the app: is this the right endpoint and tenant? 2 more accounts were not listed, and not asked for. If they are really gone, `--recreate hr=6` makes them again, and `rolecall ledger forget hr --vanished=6 --reason TEXT` drops their links: p0, p1, p2, p3");
    // The number that the message names works as it stands there.
    let plan = reset().recreate_all(6).plan();
    assert_eq!(plan.asked, ["0", "1", "2", "3", "4", "5"]);
    assert_eq!(plan.app().to_do().count(), 6);
    assert_snapshot!(plan.short(), @r"
    4 create user:p0 (drift)
    4 create user:p1 (drift)
    4 create user:p2 (drift)
    4 create user:p3 (drift)
    4 create user:p4 (drift)
    4 create user:p5 (drift)
    ! turned on again user:p0: account 0 of p0 was deleted in the app, and another one is made because of --recreate hr=6
    ! turned on again user:p1: account 1 of p1 was deleted in the app, and another one is made because of --recreate hr=6
    ! turned on again user:p2: account 2 of p2 was deleted in the app, and another one is made because of --recreate hr=6
    ! turned on again user:p3: account 3 of p3 was deleted in the app, and another one is made because of --recreate hr=6
    ! turned on again user:p4: account 4 of p4 was deleted in the app, and another one is made because of --recreate hr=6
    ! turned on again user:p5: account 5 of p5 was deleted in the app, and another one is made because of --recreate hr=6
    ");
    let mut done = reset().recreate_all(6).applied();
    done.recreate = Releases::default();
    assert_eq!(done.plan().short(), "");
    // Another number releases nobody.
    assert_snapshot!(reset().recreate_all(5).plan().short(), @r"STOPPED by link-conflicts: 6 of 10 linked accounts have vanished from the app, and more than 3 stop the app: is this the right endpoint and tenant? --recreate hr=5 is another number, and releases nobody. If they are really gone, `--recreate hr=6` makes them again, and `rolecall ledger forget hr --vanished=6 --reason TEXT` drops their links: p0, p1, p2, p3, p4, p5");
    assert_eq!(reset().recreate_all(5).plan().app().to_do().count(), 0);
    // Accounts that the app does not list are counted; whether they are gone shows when they are asked for.
    let mut hidden = reset();
    let (id, thing) = notation::account("0 userName=p0@x.example externalId=p0");
    hidden.unlisted.insert(id, thing);
    assert_snapshot!(hidden.clone().recreate_all(6).plan().short(), @r"
    4 create user:p1 (drift) HELD by drift
    4 create user:p2 (drift) HELD by drift
    4 create user:p3 (drift) HELD by drift
    ! not all was shown: 2 linked accounts were not listed, and nothing changes for their people: p4, p5
    ! not all was shown: the listing of accounts did not show all of them: it left out user 0 (p0@x.example), which the app shows when asked for it; nothing is concluded from what is missing
    ! not released: --recreate hr=6 releases nobody: 3 accounts are held as deleted in the app
    ");
    assert_snapshot!(hidden.recreate_all(5).plan().short(), @r"
    4 create user:p1 (drift) HELD by drift
    4 create user:p2 (drift) HELD by drift
    4 create user:p3 (drift) HELD by drift
    ! not all was shown: 2 linked accounts were not listed, and nothing changes for their people: p4, p5
    ! not all was shown: the listing of accounts did not show all of them: it left out user 0 (p0@x.example), which the app shows when asked for it; nothing is concluded from what is missing
    ! not released: --recreate hr=5 releases nobody: 3 accounts are held as deleted in the app
    ");
}

/// Two of those who remain were disabled in the app.
#[test]
fn rule_01_the_numbers_of_a_reset_and_of_disabled_accounts_work_side_by_side() {
    let mut world = shrunk(ten(true));
    for id in ["8", "9"] {
        world.things.get_mut(id).expect("an account that is there").active = false;
    }
    let number = |world: &World, kind: &str| {
        let plan = world.clone().plan();
        plan.app().to_do().filter(|change| change.kind.as_str() == kind).count()
    };
    let both = world.clone().recreate_all(6).enable_all(2);
    assert_eq!((number(&both, "create"), number(&both, "enable")), (6, 2));
    // Each number releases those of its own option only.
    let one = world.clone().recreate_all(6);
    assert_eq!((number(&one, "create"), number(&one, "enable")), (6, 0));
    let wrong = world.recreate_all(6).enable_all(6);
    assert_eq!((number(&wrong, "create"), number(&wrong, "enable")), (6, 0));
    assert_snapshot!(wrong.plan().hints("not released"), @"if all of them are meant, repeat with --enable hr=2");
}

#[test]
fn rule_01_a_number_for_vanished_accounts_answers_no_conflict() {
    let world = (6..10).fold(shrunk(ten(true)), |world, number| {
        world.account(&format!("{number} userName=x{number} externalId=x{number}"))
    });
    let plan = world.recreate_all(6).plan();
    assert!(
        plan.short()
            .starts_with("STOPPED by link-conflicts: 4 of 4 linked accounts look like other people's"),
        "{}",
        plan.short()
    );
    assert_eq!(plan.app().to_do().count(), 0);
}

/// An app that was reset and filled again from a copy: the accounts have new ids.
#[test]
fn rule_01_a_reset_app_that_was_filled_again_is_linked_again() {
    let refilled = (0..6).fold(shrunk(ten(true)), |world, number| {
        world.account(&format!("new{number} userName=p{number}@x.example externalId=p{number}"))
    });
    assert!(refilled.plan().short().starts_with("STOPPED"), "{}", refilled.plan().short());
    let plan = refilled.recreate_all(6).plan();
    assert_eq!(plan.short().matches("adopt user:").count(), 6, "{}", plan.short());
}

/// Another app behind the same address has none of our accounts: nobody is created there.
#[test]
fn rule_01_an_app_without_one_known_account_creates_nothing() {
    let world = |known: &str| {
        world()
            .people(&["ada", "bob"])
            .assign("", "user:ada, user:bob")
            .completed()
            .link(known)
            .gone(known.split(' ').nth(1).expect("an id"))
    };
    // One person who is in, and one who is out.
    assert_snapshot!(world("ada 1").plan().short(), @r"
    4 create user:ada (drift) HELD by drift
    4 create user:bob (config) HELD by link
    ");
    let left = world("ada 1").person("ada", "status: left");
    assert_snapshot!(left.plan().short(), @r"
    4 create user:bob (config) HELD by link
    ! left as another hand left it: 1 account was deleted in the app, not by rolecall, while its person is to have none: ada
    ");
    assert_snapshot!(left.plan().why("user:bob"), @r"
    user:bob is assigned hr access/assign-0.yaml:1
    held: not one of 1 account that the ledger knows was found: is this the right endpoint and tenant? If they are really gone, `rolecall ledger forget hr --vanished=1 --reason TEXT` drops their links
    ");
    // The way out works as it is typed: the link of the account that is gone is dropped.
    assert_snapshot!(left.applied().plan().short(), @"4 create user:bob (config)");
}
