//! Activity that an app does not say is unread: our own acknowledged writes are what counts (safety.md 22).

use insta::assert_snapshot;

use super::world::{World, world};

fn ada(sign: &str) -> World {
    world()
        .people(&["ada"])
        .assign("", "user:ada")
        .completed()
        .account(&format!("1 userName=ada@x.example externalId=ada {sign}"))
}

#[test]
fn rule_22_what_we_did_last_counts_where_the_app_does_not_say() {
    for sign in ["active:left-out", "active:odd"] {
        let world = ada(sign).link("ada 1");
        let short = world.plan().short();
        assert!(!short.contains("user:ada") && short.contains("does not say"), "{short}");
        let left = world.person("ada", "status: left");
        let short = left.plan().short();
        assert!(short.starts_with("1 disable user:ada (left)"), "{short}");
        let disabled = left.link("ada 1 disabled=2026-06-01");
        let by_word = disabled.clone().before(ada(sign));
        let short = by_word.plan().short();
        assert!(short.starts_with("1 disable user:ada (left)"), "{short}");
        let disabled = disabled.applied_people("1");
        let short = disabled.plan().short();
        assert!(!short.contains("disable user:ada"), "it is not repeated: {short}");
        let back = disabled.person("ada", "");
        let short = back.plan().short();
        assert!(short.starts_with("4 enable user:ada (config)"), "{short}");
    }
}

#[test]
fn rule_22_an_account_whose_activity_is_unread_is_adopted_only_by_hand() {
    assert_snapshot!(ada("active:left-out").plan().short(), @r"
    ! not adopted user:ada: account 1 (ada@x.example) matches, but it cannot be said whether it is active: the app leaves it out
    ! advice: the app does not say of 1 account whether it is active: what rolecall did last counts, and such an account is adopted only below `links:`
    ");
    assert_snapshot!(ada("active:left-out").app("links: {ada: '1'}").plan().short(), @r"
    3 adopt user:ada (config)
    ! advice: the app does not say of 1 account whether it is active: what rolecall did last counts, and such an account is adopted only below `links:`
    ");
}

#[test]
fn rule_22_left_out_is_on_where_only_off_is_shown() {
    let shown_off = ada("active:left-out").link("ada 1").account("2 userName=x@x.example inactive");
    assert_snapshot!(shown_off.plan().short(), @"");
    let shown_on = shown_off.clone().account("3 userName=y@x.example");
    assert_snapshot!(shown_on.plan().short(), @r"
    ! unmanaged accounts: 1 active account nobody declared for this app: y@x.example
    ! advice: the app does not say of 1 account whether it is active: what rolecall did last counts, and such an account is adopted only below `links:`
    ");
}

#[test]
fn rule_22_unmanaged_accounts_of_unread_activity_are_left_alone() {
    let world = ada("").link("ada 1").account("2 userName=x@x.example active:odd").app("unmanaged: disable");
    assert_snapshot!(world.plan().short(), @"! advice: the app does not say of 1 account whether it is active: what rolecall did last counts, and such an account is adopted only below `links:`");
}

#[test]
fn rule_22_an_account_that_was_never_on_since_we_created_it_is_not_on_yet() {
    let invited = ada("inactive").link("ada 1 unconfirmed");
    assert_snapshot!(invited.plan().short(), @"! advice: 1 account was created and not on yet, as where people are invited: ada");
    // Once it was on, turning it off is security's hand.
    let accepted = ada("").link("ada 1 unconfirmed").applied();
    assert_snapshot!(accepted.plan().short(), @"");
    let off = accepted.account("1 userName=ada@x.example externalId=ada inactive");
    assert_snapshot!(off.plan().short(), @"4 enable user:ada (drift) HELD by drift");
}

#[test]
fn rule_13_a_disabling_that_was_not_kept_is_said_first() {
    let left = ada("").person("ada", "status: left");
    let kept = left.clone().link("ada 1 disabled=2026-06-01 unconfirmed");
    assert_snapshot!(kept.plan().short(), @r"
    1 disable user:ada (left)
    ! on again user:ada: the app took the disabling of account 1 on 2026-06-01, 14 days ago and did not keep it
    ");
    let again = left.link("ada 1 disabled=2026-06-01");
    assert_snapshot!(again.plan().short(), @r"
    1 disable user:ada (left)
    ! on again user:ada: rolecall disabled account 1 on 2026-06-01, 14 days ago, and it is on again
    ");
}
