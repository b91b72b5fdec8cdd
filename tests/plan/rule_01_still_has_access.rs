//! Rule 1: a person who is out or absent and whose account is left on, whatever the reason, is shown first.

use insta::assert_snapshot;
use rolecall::model::ledger::LedgerUpdate;

use super::world::{World, world};

/// Al is absent, and the account is on.
fn absent() -> World {
    world().person("ada", "email: al@x.example").assign("", "user:ada").completed().has("al", "1")
}

#[test]
fn rule_01_an_absent_person_whose_account_a_new_id_would_match_still_has_access() {
    assert_snapshot!(absent().plan().short(), @r"
    ! still has access user:al: may still have access, and nothing is taken: al is not declared any more, and the new id ada would match its account: neither is changed
    ! renamed? user:ada: al is not declared any more, and the new id ada would match its account: neither is changed
    ");
    // An account that is off gives no access.
    let off =
        absent().account("1 userName=al@x.example externalId=al inactive").link("al 1 disabled=2026-01-01");
    assert_snapshot!(off.plan().short(), @r"
    ! renamed? user:ada: al is not declared any more, and the new id ada would match its account: neither is changed
    ! renamed? user:al: al is not declared any more, and the new id ada would match its account: neither is changed
    ");
}

#[test]
fn rule_01_a_person_who_is_out_still_has_access_if_the_app_does_not_answer() {
    let company =
        || world().people(&["ada", "eve"]).assign("", "user:ada, user:eve").completed().has("ada", "1");
    let unclear = || company().has("eve", "2").unclear("2");
    assert_snapshot!(unclear().plan().short(), @"! undecided user:eve: cannot tell whether account 2 is still there: an HTML page came instead of JSON");
    assert_snapshot!(unclear().person("eve", "status: left").plan().short(), @"! still has access user:eve: may still have access, and nothing is taken: cannot tell whether account 2 is still there: an HTML page came instead of JSON");
    assert_snapshot!(unclear().person("eve", "status: suspended").plan().short(), @"! still has access user:eve: may still have access, and nothing is taken: cannot tell whether account 2 is still there: an HTML page came instead of JSON");
    assert_snapshot!(unclear().without("eve").assign("", "user:ada").drop_yaml("access/assign-0.yaml").plan().short(), @"! still has access user:eve: may still have access, and nothing is taken: cannot tell whether account 2 is still there: an HTML page came instead of JSON");
    let off = unclear().person("eve", "status: left").link("eve 2 disabled=2026-01-01");
    assert_snapshot!(off.clone().before(company()).plan().short(), @"! still has access user:eve: may still have access, and nothing is taken: cannot tell whether account 2 is still there: an HTML page came instead of JSON");
    assert_snapshot!(off.applied_people("2").plan().short(), @"! undecided user:eve: cannot tell whether account 2 is still there: an HTML page came instead of JSON");
}

#[test]
fn rule_01_a_leaver_with_two_accounts_still_has_access() {
    let left = || world().people(&["ada"]).assign("", "user:ada").person("eve", "status: left").completed();
    let unlinked = left().account("1 userName=eve@x.example").account("2 userName=e externalId=eve");
    assert_snapshot!(unlinked.plan().short(), @r"
    4 create user:ada (config)
    ! still has access user:eve: may still have access, and nothing is taken: 2 accounts match eve: 2 by externalId, 1 by userName
    ");
    let off =
        left().account("1 userName=eve@x.example inactive").account("2 userName=e externalId=eve inactive");
    assert_snapshot!(off.plan().short(), @r"
    4 create user:ada (config)
    ! ambiguous match user:eve: 2 accounts match eve: 2 by externalId, 1 by userName
    ");
    let renamed = left().person("eve", "status: left, previously: [ev]").has("ev", "1").has("eve", "2");
    assert_snapshot!(renamed.plan().short(), @r"
    4 create user:ada (config)
    ! still has access user:eve: may still have access, and nothing is taken: eve and ev are ids of one person, and both have an account here: neither is changed
    ");
}

#[test]
fn rule_01_a_leaver_without_a_link_who_is_left_alone_still_has_access() {
    let left = |line: &str| {
        let left = world().people(&["ada"]).assign("", "user:ada").person("eve", "status: left").completed();
        left.account("1 userName=eve@x.example").app(line)
    };
    assert_snapshot!(left("protect: [eve]").plan().short(), @r"
    4 create user:ada (config)
    ! still has access user:eve: has left, and account 1 stays active because `protect` names its person
    ");
    assert_snapshot!(left("links: {eve: ignore}").plan().short(), @r"
    4 create user:ada (config)
    ! still has access user:eve: has left, and account 1 stays active because `links:` says ignore
    ");
    assert_snapshot!(left("links: {eve: ignore}").person("eve", "").plan().short(), @"4 create user:ada (config)");
    let off = left("links: {eve: ignore}").account("1 userName=eve@x.example inactive");
    assert_snapshot!(off.plan().short(), @"4 create user:ada (config)");
}

#[test]
fn rule_01_access_that_remains_is_shown_with_its_age() {
    let world = || world().completed().people(&["bob"]).assign("", "user:ada, user:bob").has("bob", "2");
    let company = world().person("ada", "status: left").account("1 userName=x externalId=eve").link("ada 1");
    let first = company.plan();
    assert_snapshot!(first.short(), @r"! still has access user:ada: may still have access, and nothing is taken: account 1 (x) has none of the matching values of ada, neither today's nor the last ones seen (externalId ada, userName ada@x.example)");
    // It is remembered, however often it is seen.
    let mut later = company.applied().at("2026-06-17").applied().at("2026-06-20");
    assert_snapshot!(later.plan().short(), @r"! still has access user:ada: may still have access, and nothing is taken: account 1 (x) has none of the matching values of ada, neither today's nor the last ones seen (externalId ada, userName ada@x.example); first seen on 2026-06-15, 5 days ago");
    // An id that was renamed keeps the age.
    let renamed = |later: &World, more: &str| {
        let line = format!("assignments: [{{app: hr, members: [{more}]}}]");
        later
            .clone()
            .without("ada")
            .person("lea", "status: left, previously: [ada], email: ada@x.example")
            .yaml("access/assign-0.yaml", &line)
    };
    let lea = renamed(&later, "user:lea, user:bob");
    for world in [lea.clone(), lea.applied().at("2026-06-20")] {
        let told = world.plan().short();
        assert!(told.contains("first seen on 2026-06-15, 5 days ago"), "{told}");
        let observed = world.plan().app().work.observed.clone();
        assert!(
            !observed.iter().any(|update| matches!(update, LedgerUpdate::Released { .. })),
            "{observed:?}"
        );
    }
    // A removal that is planned is not done.
    later = later.account("1 userName=ada@x.example externalId=ada");
    assert_snapshot!(later.plan().short(), @"1 disable user:ada (left)");
    let observed = later.plan().app().work.observed.clone();
    assert!(!observed.iter().any(|update| matches!(update, LedgerUpdate::Released { .. })), "{observed:?}");
    let mut done = later.applied().applied();
    assert!(done.ledger.interventions.is_empty());
    // What is seen again after that is new.
    done = done.account("1 userName=x externalId=eve");
    assert!(!done.plan().short().contains("first seen"), "{}", done.plan().short());
    // The person is to have the account again.
    let back = company.applied().person("ada", "").account("1 userName=ada@x.example externalId=ada");
    assert!(back.applied().ledger.interventions.is_empty());
}

#[test]
fn rule_01_what_stops_a_removal_has_an_age() {
    let company = || {
        world().completed().people(&["bob"]).assign("", "user:ada, user:bob").has("bob", "2").has("ada", "1")
    };
    let left = || company().person("ada", "status: left");
    let cases = [
        company().without("ada").drop_yaml("access/assign-0.yaml").assign("", "user:bob").unclear("1"),
        left().unclear("1"),
        left().app("protect: [ada@x.example]"),
        left().app("links: {ada: ignore}"),
        left().cannot(|capabilities| capabilities.disable_users = false),
    ];
    for world in cases {
        let told = world.plan().short();
        assert!(told.starts_with("! still has access user:ada: "), "{told}");
        let told = world.applied().at("2026-06-17").plan().short();
        assert!(told.contains("; first seen on 2026-06-15, 2 days ago"), "{told}");
    }
}

/// An entry of the ledger was copied over another one: the conflict of that one does not name the leaver.
#[test]
fn rule_01_a_leaver_whose_account_stands_below_another_entry_still_has_access() {
    let company = |eve: &str| {
        let world = world().people(&["ada", "bob"]).person("eve", eve);
        world.assign("", "user:ada, user:bob, user:eve").completed().has("bob", "3")
    };
    let copied = |eve: &str, state: &str| {
        company(eve).account(&format!("2 userName=eve@x.example externalId=eve{state}")).link("ada 2")
    };
    assert_snapshot!(copied("status: left", "").plan().short(), @r"
    ! still has access user:eve: may still have access: account 2 (eve@x.example) shows itself to be eve's, and the ledger has it for ada
    ! link conflict user:ada: account 2 (eve@x.example) carries the id eve, which is the id of eve (externalId ada, userName ada@x.example)
    ");
    assert_snapshot!(copied("status: left", "").plan().hints("still has access"), @r"disable it in the app if it is; `rolecall ledger unlink hr ada --reason TEXT` drops a wrong entry");
    assert!(!copied("status: left", " inactive").plan().short().contains("still has access"));
    assert!(!copied("", "").plan().short().contains("still has access"));
}

#[test]
fn rule_01_a_leaver_is_named_for_a_value_that_has_moved_on() {
    // Eve has left, and Bob gets her address; her account stands below the entry of ada.
    let company = |bob: &str, eve: &str| {
        let world = world().people(&["ada"]).person("bob", &format!("email: {bob}@x.example"));
        let world = world.person("eve", &format!("status: left, email: {eve}@x.example"));
        world.assign("", "user:ada, user:bob, user:eve").completed()
    };
    let then = company("bob", "eve");
    let today = company("eve", "bob").before(then);
    let today =
        today.has("bob", "3").account("2 userName=eve@x.example").link("ada 2 userName=eve@x.example");
    assert_snapshot!(today.plan().short(), @r"
    ! still has access user:eve: may still have access: account 2 (eve@x.example) shows itself to be eve's, and the ledger has it for ada
    ! link conflict user:ada: account 2 (eve@x.example) has the userName of bob, and only the ledger says otherwise (externalId ada, userName ada@x.example)
    ! not possible user:bob: userName does not change: userName is on account 2 (eve@x.example) of user:ada
    ");
}

/// An account may carry an id that its person had before: `previously:` says whose it is.
#[test]
fn rule_01_a_renamed_leaver_whose_account_stands_below_another_entry_still_has_access() {
    let world = world()
        .people(&["ada", "bob"])
        .person("eve2", "status: left, previously: [eve], email: eve2@x.example")
        .assign("", "user:ada, user:bob, user:eve2")
        .completed()
        .has("bob", "3")
        .account("2 userName=eve@x.example externalId=eve")
        .link("ada 2");
    assert_snapshot!(world.plan().short(), @"
    ! still has access user:eve2: may still have access: account 2 (eve@x.example) shows itself to be eve2's, and the ledger has it for ada
    ! link conflict user:ada: account 2 (eve@x.example) carries the id eve, which is the id of eve2 (externalId ada, userName ada@x.example)
    ");
}

/// A leaver with a second account that matches and is on still has access, whatever the ledger's entry leads to.
#[test]
fn rule_01_a_leaver_with_another_account_than_the_entrys_still_has_access() {
    let world = |entry: &str| {
        world()
            .person("ada", "status: left")
            .people(&["bob"])
            .assign("", "user:ada, user:bob")
            .completed()
            .account(entry)
            .link("ada 1")
            .account("2 userName=bob@x.example externalId=bob")
            .link("bob 2")
            .account("3 userName=ada@x.example")
    };
    let off = world("1 userName=ada.old@x.example externalId=ada inactive");
    assert_snapshot!(off.plan().short(), @r"
    ! still has access user:ada: account 3 (ada@x.example) is active and matches; the ledger has account 1 for ada
    ! unmanaged accounts: 1 active account nobody declared for this app: ada@x.example
    ");
    assert!(off.plan().app().is_partial());
    assert_snapshot!(off.plan().hints("still has access"), @"disable it in the app by hand; if the entry is wrong, `rolecall ledger unlink hr ada --reason TEXT`");
    assert_snapshot!(world("1 userName=ada.old@x.example externalId=ada").plan().short(), @r"
    1 disable user:ada (left)
    ! still has access user:ada: account 3 (ada@x.example) is active and matches; the ledger has account 1 for ada
    ! unmanaged accounts: 1 active account nobody declared for this app: ada@x.example
    ");
    // Its own account below a wrong entry.
    assert_snapshot!(world("1 userName=carl@x.example externalId=carl inactive").plan().short(), @r"
    ! still has access user:ada: account 3 (ada@x.example) is active and matches; the ledger has account 1 for ada
    ! link conflict user:ada: account 1 (carl@x.example) has none of the matching values of ada, neither today's nor the last ones seen (externalId ada, userName ada@x.example)
    ");
    // The account that the ledger knows was deleted, and somebody made another one.
    let again = world("4 userName=x@x.example").gone("1").applied();
    assert_snapshot!(again.plan().short(), @r"
    ! still has access user:ada: account 3 (ada@x.example) is active and matches; the ledger has account 1 for ada, which is deleted; first seen on 2026-06-15, today
    ! unmanaged accounts: 2 active accounts nobody declared for this app: ada@x.example, x@x.example
    ");
    let mut quiet = off;
    quiet.things.get_mut("3").unwrap().active = false;
    assert_snapshot!(quiet.plan().short(), @"");
}
