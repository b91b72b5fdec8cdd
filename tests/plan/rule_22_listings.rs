//! From a listing that did not show everything nothing follows that needs absence, and nothing else stops (safety.md 22).

use insta::assert_snapshot;
use rolecall::model::Kind;
use rolecall::model::ledger::Origin;

use super::world::{World, world};

const WHY: &str = "totalResults says 12, 10 came";

/// Five people with accounts, and a sixth without one, in an app whose listing is short.
fn short() -> World {
    let ids = ["p0", "p1", "p2", "p3", "p4"];
    let mut world = world()
        .people(&ids)
        .people(&["new"])
        .assign("", "user:p0, user:p1, user:p2, user:p3, user:p4, user:new")
        .completed();
    for (number, id) in ids.iter().enumerate() {
        world = world.has(id, &number.to_string());
    }
    world.short = Some(WHY);
    world
}

/// The same, but an account is left out.
fn hidden(mut world: World, remote: &str) -> World {
    let thing = world.things.remove(remote).expect("an account");
    world.unlisted.insert(remote.to_owned(), thing);
    world
}

#[test]
fn rule_22_leavers_whom_a_short_listing_did_not_show_are_asked_for_and_disabled() {
    let outcome = hidden(short().person("p0", "status: left"), "0").plan();
    assert_eq!(outcome.asked.first().map(String::as_str), Some("0"));
    assert!(outcome.short().starts_with("1 disable user:p0 (left)"), "{}", outcome.short());
}

#[test]
fn rule_22_others_whom_a_short_listing_did_not_show_are_left_alone() {
    let outcome = hidden(short(), "1").plan();
    assert!(!outcome.asked.contains(&"1".to_owned()));
    assert_snapshot!(outcome.short(), @r"
    4 create user:new (config)
    ! not all was shown: 1 linked account was not listed, and nothing changes for their people: p1
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ");
    // Absence from the tree is no reason to ask, or to take anything away.
    assert_snapshot!(hidden(short(), "1").without("p1").yaml("access/assign-0.yaml", "assignments: [{app: hr, members: [user:p0, user:p2, user:p3, user:p4, user:new]}]").plan().short(), @r"
    4 create user:new (config)
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ! still has access user:p1: may still have access: account 1 was not listed, and is left alone
    ");
}

#[test]
fn rule_22_a_create_goes_on_if_the_look_ups_find_nobody() {
    let outcome = short().plan();
    assert_eq!(outcome.asked, ["externalId=new", "userName=new@x.example"]);
    assert_snapshot!(outcome.short(), @r"
    4 create user:new (config)
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ");
    let mut blind = short();
    blind.capabilities.filter = false;
    assert_snapshot!(blind.plan().short(), @r"
    ! not all was shown: 1 account is not created, because the listing may have left accounts of theirs out: new
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ");
    let taken = hidden(short().account("9 userName=new@x.example"), "9");
    assert_snapshot!(taken.plan().short(), @r"
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ! not adopted user:new: account 9 (new@x.example) matches, but the listing of accounts did not show all of them, and another one may match too: totalResults says 12, 10 came
    ");
}

/// The account of somebody who had another id before may still carry that one.
#[test]
fn rule_22_a_create_looks_for_earlier_ids_too() {
    let renamed = |world: World| world.person("new", "previously: [old], email: new@x.example");
    assert_eq!(renamed(short()).plan().asked, ["externalId=new", "userName=new@x.example", "externalId=old"]);
    let taken = hidden(short().account("9 userName=old@x.example externalId=old"), "9");
    let plan = renamed(taken).plan();
    assert!(plan.app().changes.is_empty(), "{}", plan.short());
}

#[test]
fn rule_22_nothing_is_adopted_from_a_short_listing_except_by_hand() {
    let world = short().account("9 userName=new@x.example externalId=new");
    assert_snapshot!(world.plan().short(), @r"
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ! not adopted user:new: account 9 (new@x.example) matches, but the listing of accounts did not show all of them, and another one may match too: totalResults says 12, 10 came
    ");
    assert_snapshot!(world.app("links: {new: '9'}").plan().short(), @r"
    3 adopt user:new (config)
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ");
}

#[test]
fn rule_22_unmanaged_accounts_wait_for_a_complete_listing() {
    let mut world = short().account("9 userName=x@x.example").app("unmanaged: disable");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:new (config)
    ! not all was shown: the listing of accounts did not show all of them: totalResults says 12, 10 came; nothing is concluded from what is missing
    ! unmanaged accounts: 1 active account nobody declared for this app: x@x.example
    ! advice: unmanaged accounts are left alone: the listing of accounts did not show all of them: totalResults says 12, 10 came
    ");
    world.short = None;
    assert_snapshot!(world.plan().short(), @r"
    4 create user:new (config)
    ! unmanaged accounts: 1 active account nobody declared for this app: x@x.example
    ! advice: unmanaged accounts are left alone: only 5 of 6 desired people have a linked account, 95 % are needed
    ");
}

#[test]
fn rule_22_a_short_listing_of_groups_makes_no_group_twice() {
    let mut world =
        short().yaml("access/g.yaml", "groups: {team: {members: [user:p0]}}").app("groups: {push: [team]}");
    world.short = None;
    world.short_groups = Some("a row has no id");
    let outcome = world.plan();
    assert_eq!(outcome.asked, ["displayName=team"]);
    assert_snapshot!(outcome.short(), @r"
    4 create user:new (config)
    6 create group group:team: nothing -> team (config)
    7 add member group:team/member:p0 (config)
    ! not all was shown: the listing of groups did not show all of them: a row has no id; nothing is concluded from what is missing
    ");
    assert_snapshot!(hidden(world.group("g1 team: 0"), "g1").plan().short(), @r"
    4 create user:new (config)
    ! not all was shown: the listing of groups did not show all of them: a row has no id; nothing is concluded from what is missing
    ! undecided group:team: is not adopted, because the listing of groups may have left another one of its name out: a row has no id
    ");
}

#[test]
fn rule_22_an_account_of_which_nothing_can_be_matched_may_be_anybodys() {
    let mut world = short();
    world.short = None;
    let odd = world.clone().account("9 userName=? externalId=?");
    let outcome = odd.plan();
    assert_eq!(outcome.asked, ["externalId=new", "userName=new@x.example"]);
    assert_snapshot!(outcome.short(), @r"
    4 create user:new (config)
    ! not all was shown: the listing of accounts did not show all of them: nothing that accounts are matched by can be read of 9: its form is not understood: {}; nothing is concluded from what is missing
    ! unmanaged accounts: 1 active account nobody declared for this app: 9
    ");
    // One value is enough to tell that it is nobody's here.
    let half = world.account("9 userName=eve@x.example externalId=?");
    assert_eq!(half.plan().asked, [] as [&str; 0]);
}

#[test]
fn rule_22_a_list_that_is_not_found_is_empty_only_where_nothing_is_known() {
    let mut told = Vec::new();
    let mut known = short();
    (known.short, known.not_found) = (None, Some(Kind::User));
    told.push(known.plan().short());
    let mut unknown = world().people(&["ada"]).assign("", "user:ada").completed();
    unknown.not_found = Some(Kind::User);
    told.push(unknown.plan().short());
    told.push(unknown.app("links: {ada: \"1\"}").plan().short());
    let mut groups = world()
        .people(&["ada"])
        .app("groups: {push: [platform]}")
        .yaml("access/groups.yaml", "groups: {platform: {members: [user:ada]}}")
        .assign("", "user:ada");
    groups.not_found = Some(Kind::Group);
    told.push(groups.plan().short());
    let known = groups
        .account("1 userName=ada@x.example externalId=ada")
        .link("ada 1")
        .group_link("group:platform g1: ada");
    told.push(known.plan().short());
    assert_snapshot!(told.join("\n"), @r"
    4 create user:new (config)
    ! not all was shown: the listing of accounts did not show all of them: the list was answered 404; nothing is concluded from what is missing

    4 create user:ada (config)
    ! advice: the app is taken to have no users: the list was answered 404

    ! not all was shown: the listing of accounts did not show all of them: the list was answered 404; nothing is concluded from what is missing
    ! not adopted user:ada: `links:` names account 1, which is not in the app

    4 create user:ada (config)
    6 create group group:platform: nothing -> platform (config)
    7 add member group:platform/member:ada (config)
    ! advice: the app is taken to have no groups: the list was answered 404

    6 create group group:platform: nothing -> platform (drift)
    7 add member group:platform/member:ada (drift)
    ! not all was shown: the listing of groups did not show all of them: the list was answered 404; nothing is concluded from what is missing
    ");
}

/// What was created a short while ago may be missing in a list, and says nothing of the others.
#[test]
fn rule_22_an_account_that_we_created_just_now_may_be_missing_in_the_list() {
    let world = |link: &str| {
        let mut world =
            hidden(short(), "1").link(link).account("9 userName=x@x.example").app("unmanaged: disable");
        world.short = None;
        world.yaml(
            "access/assign-0.yaml",
            "assignments: [{app: hr, members: [user:p0, user:p1, user:p2, user:p3, user:p4]}]",
        )
    };
    for (link, is_short) in [
        ("p1 1 created=2026-06-14T23:50:01Z", false),
        ("p1 1 created=2026-06-15T00:04:00Z", false),
        ("p1 1 created=2026-06-14T23:50:00Z", true),
        ("p1 1 created=2026-06-15T00:06:00Z", true),
        ("p1 1 adopted created=2026-06-14T23:59:00Z", true),
        ("p1 1", true),
    ] {
        let outcome = world(link).plan();
        assert_eq!(outcome.short().contains("not all was shown"), is_short, "{link}: {}", outcome.short());
        assert_eq!(outcome.short().contains("disable account:9"), !is_short, "{link}: {}", outcome.short());
        assert!(
            outcome.asked.contains(&"1".to_owned()) && !outcome.short().contains("p1\n"),
            "{}",
            outcome.short()
        );
    }
}

#[test]
fn rule_22_a_group_that_we_created_just_now_may_be_missing_in_the_list() {
    let world = |created: &str, origin: Origin| {
        let world = world()
            .people(&["ada"])
            .assign("", "user:ada")
            .has("ada", "1")
            .yaml("access/g.yaml", "groups: {team: {members: [user:ada]}, more: {members: [user:ada]}}")
            .app("groups: {push: [team, more]}")
            .completed()
            .group(&format!("g1 team: 1 created={created}"))
            .group_link("group:team g1: ada");
        let mut world = hidden(world, "g1");
        world.ledger.groups.values_mut().for_each(|link| link.origin = origin);
        world.plan().short()
    };
    assert_snapshot!(world("2026-06-14T23:55:00Z", Origin::Created), @r"
    6 create group group:more: nothing -> more (config)
    7 add member group:more/member:ada (config)
    ");
    assert_snapshot!(world("2026-06-14T23:45:00Z", Origin::Created), @r"
    6 create group group:more: nothing -> more (config)
    7 add member group:more/member:ada (config)
    ! not all was shown: the listing of groups did not show all of them: it left out group g1 (team), which the app shows when asked for it; nothing is concluded from what is missing
    ");
    assert_eq!(
        world("2026-06-14T23:55:00Z", Origin::Adopted),
        world("2026-06-14T23:45:00Z", Origin::Created)
    );
}
