//! Rule 1: an active account without a link that was a former person's, as git says, is access that may remain.

use insta::assert_snapshot;

use rolecall::model::intervention::Hand;

use super::world::{World, world};

/// Ada and Eve have accounts, applied.
fn company() -> World {
    world()
        .people(&["ada", "eve"])
        .app("users: {scope: all}")
        .completed()
        .has("ada", "1")
        .has("eve", "2")
        .applied()
}

/// Eve is in no file any more, and somebody made her account again under another id.
fn made_again(account: &str) -> World {
    company().without("eve").gone("2").account(account)
}

fn said(world: &World) -> String {
    let outcome = world.plan();
    let lines = outcome.short();
    assert_eq!(outcome.app().is_partial(), lines.contains("! still has access"), "{lines}");
    lines.lines().filter(|line| line.contains("still has access")).collect::<Vec<_>>().join("\n")
}

#[test]
fn rule_01_an_account_made_again_of_an_absent_person_may_still_be_access() {
    let by_id = made_again("9 userName=other@x.example externalId=eve");
    assert_snapshot!(said(&by_id), @"! still has access user:eve: may still have access: account 9 (other@x.example) is active and has the externalId of eve, whom no file declares any more; the ledger has account 2 for eve, which is gone");
    let by_login = made_again("9 userName=Eve@x.example");
    assert_snapshot!(said(&by_login), @"! still has access user:eve: may still have access: account 9 (Eve@x.example) is active and has the userName of eve, whom no file declares any more; the ledger has account 2 for eve, which is gone");
    // It stays so, with its age, and ends with the account.
    for world in [by_id, by_login] {
        let next = world.applied().at("2026-06-20").applied();
        let later = said(&next);
        assert!(
            later.contains("of eve, whom no file") && later.ends_with("first seen on 2026-06-15, 5 days ago"),
            "{later}"
        );
        let mut off = next;
        off.things.get_mut("9").unwrap().active = false;
        assert_eq!(said(&off), "");
        let off = off.applied();
        assert!(off.ledger.interventions.keys().all(|(_, hand)| *hand != Hand::Remains));
    }
}

/// A run was killed when it had created the account, and the person was taken out of the files before the next one.
#[test]
fn rule_01_an_account_that_an_interrupted_run_created_is_the_persons_whom_it_was_for() {
    let at = "2026-06-14T12:00:00Z";
    let made = |account: &str| {
        let then = company().people(&["fay"]);
        company().account(account).attempted("fay", at, "then").commit("then", then)
    };
    assert_snapshot!(said(&made("9 userName=x externalId=fay")), @"! still has access user:fay: may still have access: account 9 (x) is active and has the externalId of fay, whom no file declares any more");
    let by_login = made("9 userName=fay@x.example");
    assert_snapshot!(said(&by_login), @"! still has access user:fay: may still have access: account 9 (fay@x.example) is active and has the userName of fay, whom no file declares any more");
    // It stays so when the intent is closed.
    let next = by_login.applied();
    assert!(next.ledger.intents.is_empty());
    assert_snapshot!(said(&next.at("2026-06-20").applied()), @"! still has access user:fay: may still have access: account 9 (fay@x.example) is active and has the userName of fay, whom no file declares any more; first seen on 2026-06-15, 5 days ago");
    // A commit that cannot be read says nothing, nor does an account of nobody.
    assert_eq!(said(&made("9 userName=x@x.example")), "");
    assert_eq!(
        said(&company().account("9 userName=fay@x.example").attempted("fay", at, "then").unreadable("then")),
        ""
    );
}

/// An entry of the ledger that is not there, or whose account is there as well, makes no difference.
#[test]
fn rule_01_an_account_of_an_absent_person_without_an_entry_may_still_be_access() {
    let mut no_entry = made_again("9 userName=eve@x.example");
    no_entry.ledger.users.remove("eve");
    assert_snapshot!(said(&no_entry), @"! still has access user:eve: may still have access: account 9 (eve@x.example) is active and has the userName of eve, whom no file declares any more");
    let again = said(&no_entry.applied().at("2026-06-20"));
    assert!(again.ends_with("; first seen on 2026-06-15, 5 days ago"), "{again}");
    let second = company().without("eve").account("9 userName=e externalId=eve");
    assert_snapshot!(said(&second), @"! still has access user:eve: may still have access: account 9 (e) is active and has the externalId of eve, whom no file declares any more; the ledger has account 2 for eve");
}

/// It came back long after her leaving was applied: the id is ours, and the commit of the entry declares her.
#[test]
fn rule_01_our_id_of_a_former_person_is_known_in_every_run() {
    let gone = company().without("eve").gone("2").applied().at("2026-06-20");
    assert_eq!(said(&gone), "");
    let back = gone.clone().account("9 userName=e externalId=eve");
    assert_snapshot!(said(&back), @"! still has access user:eve: may still have access: account 9 (e) is active and has the externalId of eve, whom no file declares any more; the ledger has account 2 for eve, which is gone");
    // The ledger alone says nothing.
    let mut forged = gone.link("mia 8 gone=2026-01-01 by=c0ffee").account("9 userName=m externalId=mia");
    forged.commits.insert("c0ffee".to_owned(), company());
    assert_eq!(said(&forged), "");
}

#[test]
fn rule_01_an_account_of_nobody_is_no_former_persons() {
    let nobody = |account: &str| said(&made_again(account));
    assert_eq!(nobody("9 userName=new@x.example"), "");
    assert_eq!(nobody("9 userName=new@x.example externalId=00u7"), "");
    // It is off.
    assert_eq!(nobody("9 userName=eve@x.example inactive"), "");
    // Her login is somebody else's today, or she has another id today.
    let given_on = made_again("9 userName=eve@x.example").person("bob", "email: eve@x.example");
    assert!(given_on.plan().short().starts_with("! renamed? user:bob"), "{}", given_on.plan().short());
    let renamed =
        made_again("9 userName=eve@x.example").person("eva", "previously: [eve], email: eva@x.example");
    assert_eq!(said(&renamed), "");
    // It is protected, or this plan turns it off.
    let protected = made_again("9 userName=eve@x.example").app("protect: [eve@x.example]");
    assert_eq!(said(&protected), "");
    let unmanaged = made_again("9 userName=eve@x.example").app("unmanaged: disable");
    assert!(unmanaged.plan().short().contains("disable account:9"), "{}", unmanaged.plan().short());
    assert_eq!(said(&unmanaged), "");
}
