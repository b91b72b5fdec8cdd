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
