//! Rule 1: links are hints, verified before every write.

use insta::assert_snapshot;

use super::world::{World, world};

fn ada() -> World {
    world().person("ada", "title: Analyst").assign("", "user:ada").completed()
}

#[test]
fn rule_01_a_linked_account_with_a_desired_matching_value_is_written() {
    let world = ada().has("ada", "1");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:title: nothing -> Analyst (config)");
    assert_snapshot!(world.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared

    hr  https://hr.example/scim
      1 attribute to update

      People (1)
        ~ ada (ada Test)  update title: (none) → Analyst  (config)
            because user:ada  access/people.yaml:2
                and mapped to title  rolecall.yaml:11

    Total: 1 attribute to update
    ");
    assert_snapshot!(world.applied().plan().short(), @"");
}

#[test]
fn rule_01_a_linked_account_with_our_external_id_is_written_whatever_its_login() {
    let world = ada().account("1 userName=other@x.example externalId=ada").link("ada 1");
    assert_snapshot!(world.plan().short(), @r"
    3 update user:ada/attribute:title: nothing -> Analyst (config)
    3 update user:ada/attribute:username: other@x.example -> ada@x.example (config)
    ");
}

#[test]
fn rule_01_a_linked_account_with_the_last_seen_value_is_written() {
    let mapping = "{match: [userName], attributes: {userName: user.email, title: user.title}}";
    let world = ada()
        .mapping(mapping)
        .person("ada", "email: new@x.example, title: Analyst")
        .account("1 userName=old@x.example title=Analyst")
        .link("ada 1 userName=old@x.example");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:username: old@x.example -> new@x.example (config)");
}

#[test]
fn rule_01_a_linked_account_without_any_known_value_is_a_conflict() {
    let world = ada().account("1 userName=eve@x.example externalId=eve").link("ada 1");
    assert_snapshot!(world.plan().short(), @"! link conflict user:ada: account 1 (eve@x.example) has none of the matching values of ada, neither today's nor the last ones seen (externalId ada, userName ada@x.example)");
    assert_snapshot!(world.plan().hints("link conflict"), @"if it is the right account, correct its values in the app; if not, `rolecall ledger unlink hr ada --reason TEXT`");
}

#[test]
fn rule_01_a_conflict_leaves_memberships_alone() {
    let world = ada()
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .app("groups: {push: [team]}")
        .account("1 userName=eve@x.example externalId=eve")
        .link("ada 1")
        .group("g1 team: 1")
        .group_link("group:team g1: ada");
    assert_snapshot!(world.plan().short(), @"! link conflict user:ada: account 1 (eve@x.example) has none of the matching values of ada, neither today's nor the last ones seen (externalId ada, userName ada@x.example)");
}

#[test]
fn rule_01_an_account_linked_to_one_person_is_no_candidate_for_another() {
    let world = world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        .completed()
        .account("1 userName=bob@x.example externalId=ada")
        .link("ada 1");
    assert_snapshot!(world.plan().short(), @r"
    3 update user:ada/attribute:username: bob@x.example -> ada@x.example (config)
    4 create user:bob (config)
    ");
}

#[test]
fn rule_01_an_account_a_tombstone_names_is_no_candidate() {
    let world = world()
        .people(&["bob"])
        .assign("", "user:bob")
        .completed()
        .account("1 userName=bob@x.example inactive")
        .link("ada 1 gone=2026-01-01 userName=bob@x.example");
    assert_snapshot!(world.plan().short(), @"! not possible user:bob: the account is not created: userName is on account 1 (bob@x.example) of user:ada, who is not declared any more");
}

#[test]
fn rule_01_one_account_of_two_people_stops_the_app() {
    let world = ada().has("ada", "1").link("bob 1");
    assert_snapshot!(world.plan().short(), @r"STOPPED by link-conflicts: the ledger links account 1 to both ada and bob: drop the wrong entry with `rolecall ledger unlink hr ada --reason TEXT` or `rolecall ledger unlink hr bob --reason TEXT`");
}

#[test]
fn rule_01_another_endpoint_stops_the_app() {
    let mut world = ada().has("ada", "1");
    world.ledger.endpoint = "https://old.example/scim".into();
    assert_snapshot!(world.plan().short(), @"STOPPED by wrong-endpoint: the ledger's links belong to https://old.example/scim, but app hr now names https://hr.example/scim; if the app has moved, set `moved_from: https://old.example/scim`, and every link is proved again");
}

#[test]
fn rule_01_moved_from_proves_every_link_again() {
    let mut world = world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        // The ledger keeps the endpoint in its canonical form.
        .app("moved_from: HTTPS://Old.example:443/scim/")
        .completed()
        .has("ada", "1")
        .account("2 userName=eve@x.example externalId=eve")
        .link("bob 2 userName=eve@x.example");
    world.ledger.endpoint = "https://old.example/scim".into();
    assert_snapshot!(world.plan().short(), @"! link conflict user:bob: account 2 (eve@x.example) has none of the matching values of bob, neither today's nor the last ones seen (externalId bob, userName bob@x.example)");
}

#[test]
fn rule_01_moved_from_proves_groups_by_name() {
    let mut world = ada()
        .yaml("access/g.yaml", "groups: {team: {members: [user:ada]}}")
        .app("moved_from: https://old.example/scim")
        .app("groups: {push: [team], remove: delete}")
        .account("1 userName=ada@x.example externalId=ada title=Analyst")
        .link("ada 1")
        .group("g1 Strangers:")
        .group("g2 old:")
        .group_link("group:team g1: ada")
        .group_link("group:old g2: ada");
    world.ledger.endpoint = "https://old.example/scim".into();
    assert_snapshot!(world.plan().short(), @r#"
    ! link conflict group:team: group g1 at the new endpoint is called "Strangers": it is not proved to be the same group
    ! advice group:old: is not declared any more, and cannot be proved to be the same group at the new endpoint: it is left alone
    "#);
}

pub(super) fn ten(linked: bool) -> World {
    (0..10).fold(world().completed(), |world, number| {
        let id = format!("p{number}");
        let world = world.person(&id, "").assign("", &format!("user:{id}"));
        if linked { world.has(&id, &number.to_string()) } else { world.link(&format!("{id} {number}")) }
    })
}

#[test]
fn rule_01_a_few_vanished_accounts_are_made_again_each_with_a_proof() {
    let outcome = ten(true).gone("1").gone("2").applied().recreate("p1").recreate("p2").plan();
    assert_eq!(outcome.asked, ["1", "2"]);
    assert_snapshot!(outcome.short(), @r"
    4 create user:p1 (drift)
    4 create user:p2 (drift)
    ! turned on again user:p1: account 1 of p1 was deleted in the app, and another one is made because of --recreate p1
    ! turned on again user:p2: account 2 of p2 was deleted in the app, and another one is made because of --recreate p2
    ");
}

/// Of 400 linked accounts, so many have vanished.
fn of_400(vanished: usize) -> String {
    let world = (0..400).fold(world().completed().app("users: {scope: all}"), |world, number| {
        let id = format!("p{number}");
        let world = world.person(&id, "");
        if number < vanished {
            world.link(&format!("{id} {number}"))
        } else {
            world.has(&id, &number.to_string())
        }
    });
    world.plan().short()
}

#[test]
fn rule_01_one_percent_of_many_accounts_may_vanish() {
    assert_eq!(of_400(4).matches("HELD by").count(), 4);
    assert_snapshot!(of_400(5), @"STOPPED by link-conflicts: 5 of 400 linked accounts have vanished from the app, and more than 4 stop the app: is this the right endpoint and tenant? If they are really gone, `--recreate hr=5` makes them again, and `rolecall ledger forget hr --vanished=5 --reason TEXT` drops their links: p0, p1, p2, p3, p4");
}

#[test]
fn rule_01_many_vanished_accounts_stop_the_app_after_a_few_questions() {
    let outcome = ten(false).plan();
    assert_eq!(outcome.asked.len(), 4);
    assert_snapshot!(outcome.short(), @r"STOPPED by link-conflicts: 4 of 10 linked accounts have vanished from the app, and more than 3 stop the app: is this the right endpoint and tenant? 6 more accounts were not listed, and not asked for. If they are really gone, `--recreate hr=10` makes them again, and `rolecall ledger forget hr --vanished=10 --reason TEXT` drops their links: p0, p1, p2, p3");
}

#[test]
fn rule_01_many_conflicts_stop_the_app() {
    let world = (0..4).fold(ten(true), |world, number| {
        world.account(&format!("{number} userName=x{number} externalId=x{number}"))
    });
    assert_snapshot!(world.plan().short(), @r"
    STOPPED by link-conflicts: 4 of 10 linked accounts look like other people's accounts, and more than 3 stop the app: is this the right endpoint and tenant? They are: p0, p1, p2, p3
    ! link conflict user:p0: account 0 (x0) has none of the matching values of p0, neither today's nor the last ones seen (externalId p0, userName p0@x.example)
    ! link conflict user:p1: account 1 (x1) has none of the matching values of p1, neither today's nor the last ones seen (externalId p1, userName p1@x.example)
    ! link conflict user:p2: account 2 (x2) has none of the matching values of p2, neither today's nor the last ones seen (externalId p2, userName p2@x.example)
    ! link conflict user:p3: account 3 (x3) has none of the matching values of p3, neither today's nor the last ones seen (externalId p3, userName p3@x.example)
    ");
}

#[test]
fn rule_01_all_of_two_vanished_accounts_stop_the_app() {
    let two = world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob, user:new")
        .person("new", "")
        .completed();
    let two = two.has("ada", "1").has("bob", "2").gone("1");
    assert!(two.plan().short().contains("create user:new"), "{}", two.plan().short());
    assert_snapshot!(two.gone("2").plan().short(), @r"STOPPED by link-conflicts: 2 of 2 linked accounts have vanished from the app, and all of at least 2 stop the app: is this the right endpoint and tenant? If they are really gone, `--recreate hr=2` makes them again, and `rolecall ledger forget hr --vanished=2 --reason TEXT` drops their links: ada, bob");
}

#[test]
fn rule_01_vanished_accounts_of_people_who_are_out_are_only_recorded() {
    let world = (0..6).fold(ten(true), |world, number| {
        let id = format!("p{number}");
        world
            .person(&id, if number % 2 == 0 { "status: left" } else { "end: 2026-01-01" })
            .gone(&number.to_string())
    });
    assert_snapshot!(world.plan().short(), @"! left as another hand left it: 6 accounts were deleted in the app, not by rolecall, while their people are to have none: p0, p1, p2, p3, p4, p5");
    let gone = world.applied().ledger.users.values().filter(|link| link.state.is_gone()).count();
    assert_eq!(gone, 6);
}

#[test]
fn rule_01_a_stopped_app_still_loses_people_who_left_or_are_suspended() {
    let company = || {
        ten(false)
            .person("p7", "status: left")
            .person("p8", "status: suspended")
            .person("p9", "end: 2026-06-01")
            .has("p7", "7")
            .has("p8", "8")
            .has("p9", "9")
            .person("new", "")
            .assign("", "user:new")
    };
    let plan = company().plan();
    assert_snapshot!(plan.short(), @r"
    STOPPED by link-conflicts: 4 of 7 linked accounts have vanished from the app, and more than 3 stop the app: is this the right endpoint and tenant? 3 more accounts were not listed, and not asked for. If they are really gone, `--recreate hr=7` makes them again, and `rolecall ledger forget hr --vanished=7 --reason TEXT` drops their links: p0, p1, p2, p3
    1 disable user:p7 (left)
    1 disable user:p8 (left)
    ");
    assert_eq!(plan.app().work.observed, []);
    // An account that looks like another person's is not taken, but said.
    let other = company().account("7 userName=x externalId=eve");
    assert_snapshot!(other.plan().short(), @r"
    STOPPED by link-conflicts: 4 of 7 linked accounts have vanished from the app, and more than 3 stop the app: is this the right endpoint and tenant? 3 more accounts were not listed, and not asked for. If they are really gone, `--recreate hr=7` makes them again, and `rolecall ledger forget hr --vanished=7 --reason TEXT` drops their links: p0, p1, p2, p3
    1 disable user:p8 (left)
    ! still has access user:p7: may still have access, and nothing is taken: account 7 (x) has none of the matching values of p7, neither today's nor the last ones seen (externalId p7, userName p7@x.example)
    ");
    // So it is with a file that is gone.
    let shrunk =
        (0..7).fold(company(), |world, number| world.has(&format!("p{number}"), &number.to_string()));
    let lost = |world: World| (10..21).fold(world, |world, number| world.without(&format!("p{number}")));
    let shrunk = (10..21).fold(shrunk, |world, number| {
        world.person(&format!("p{number}"), "").has(&format!("p{number}"), &number.to_string())
    });
    let all: Vec<_> = (10..21).map(|number| format!("user:p{number}")).collect();
    let before = shrunk.clone().assign("", &all.join(", "));
    assert_snapshot!(lost(shrunk).before(before).plan().short(), @r"
    STOPPED by guard:source: 11 of the 18 people who had an account are declared nowhere any more, 9 allowed (half of 18); look for files that are missing or not included; if it is meant, repeat with --allow hr:source=11
    1 disable user:p7 (left)
    1 disable user:p8 (left)
    1 disable user:p9 (expiry) HELD by guard:source
    4 create user:new (config) HELD by guard:source
    9 disable user:p10 (config) HELD by guard:source
    9 disable user:p11 (config) HELD by guard:source
    9 disable user:p12 (config) HELD by guard:source
    9 disable user:p13 (config) HELD by guard:source
    9 disable user:p14 (config) HELD by guard:source
    9 disable user:p15 (config) HELD by guard:source
    9 disable user:p16 (config) HELD by guard:source
    9 disable user:p17 (config) HELD by guard:source
    9 disable user:p18 (config) HELD by guard:source
    9 disable user:p19 (config) HELD by guard:source
    9 disable user:p20 (config) HELD by guard:source
    TRIPPED source: 11 of the 18 people who had an account are declared nowhere any more, 9 allowed (half of 18)
    TRIPPED source: access/people.yaml: 11 of its 18 people who had an account are declared nowhere any more, 9 allowed (half of 18)
    TRIPPED deprovision: 11 people, 5 allowed
    ");
}

#[test]
fn rule_01_an_account_that_was_not_listed_but_is_there_counts_as_there() {
    let mut world = ada().has("ada", "1");
    let hidden = world.things.remove("1").unwrap();
    world.unlisted.insert("1".into(), hidden);
    let outcome = world.plan();
    assert_eq!(outcome.asked, ["1"]);
    assert_snapshot!(outcome.short(), @r"
    3 update user:ada/attribute:title: nothing -> Analyst (config)
    ! not all was shown: the listing of accounts did not show all of them: it left out user 1 (ada@x.example), which the app shows when asked for it; nothing is concluded from what is missing
    ");
}

#[test]
fn rule_01_an_unclear_answer_changes_nothing() {
    let world = ada().has("ada", "1").unclear("1");
    assert_snapshot!(world.plan().short(), @"! undecided user:ada: cannot tell whether account 1 is still there: an HTML page came instead of JSON");
    let undeclared = world.without("ada").drop_yaml("access/assign-0.yaml").people(&["bob"]);
    assert_snapshot!(undeclared.plan().short(), @"! still has access user:ada: may still have access, and nothing is taken: cannot tell whether account 1 is still there: an HTML page came instead of JSON");
}

/// An app that keeps no id of ours.
const BY_LOGIN: &str = "{match: [userName], attributes: {userName: user.email}}";

#[test]
fn rule_01_swapped_entries_are_conflicts() {
    let company = || world().completed().assign("", "user:ada, user:eve").person("eve", "status: left");
    let by_id = company()
        .people(&["ada"])
        .account("1 userName=ada@x.example externalId=ada")
        .account("2 userName=eve@x.example externalId=eve")
        .link("ada 2 userName=eve@x.example externalId=eve")
        .link("eve 1 userName=ada@x.example externalId=ada");
    assert_snapshot!(by_id.plan().short(), @r"
    ! still has access user:eve: may still have access, and nothing is taken: account 1 (ada@x.example) carries the id ada, which is the id of ada (externalId eve, userName eve@x.example)
    ! still has access user:eve: may still have access: account 2 (eve@x.example) shows itself to be eve's, and the ledger has it for ada
    ! link conflict user:ada: account 2 (eve@x.example) carries the id eve, which is the id of eve (externalId ada, userName ada@x.example)
    ");
    let by_login = company()
        .people(&["ada"])
        .mapping(BY_LOGIN)
        .account("1 userName=ada@x.example")
        .account("2 userName=eve@x.example")
        .link("ada 2 userName=eve@x.example")
        .link("eve 1 userName=ada@x.example");
    assert_snapshot!(by_login.plan().short(), @r"
    ! still has access user:eve: may still have access, and nothing is taken: account 1 (ada@x.example) has the userName of ada, and only the ledger says otherwise (userName eve@x.example)
    ! still has access user:eve: may still have access: account 2 (eve@x.example) shows itself to be eve's, and the ledger has it for ada
    ! link conflict user:ada: account 2 (eve@x.example) has the userName of eve, and only the ledger says otherwise (userName ada@x.example)
    ");
}

#[test]
fn rule_01_a_login_that_moves_from_one_person_to_another_is_no_conflict() {
    let company = || world().completed().mapping(BY_LOGIN).assign("", "user:ada, user:eve");
    let before = company().people(&["ada", "eve"]);
    let now = company().person("ada", "email: ada.new@x.example").person("eve", "email: ada@x.example");
    let app = |world: World| world.account("1 userName=ada@x.example").account("2 userName=eve@x.example");
    let right = app(now).before(before).link("ada 1").link("eve 2").allow("login", 2);
    assert_snapshot!(right.plan().short(), @r"
    3 update user:ada/attribute:username: ada@x.example -> ada.new@x.example (config)
    3 update user:eve/attribute:username: eve@x.example -> ada@x.example (config)
    allowed login: 2 people, 1 allowed (half of 2)
    ");
    // The same commit, with two entries of the ledger swapped: no account goes to another person.
    let swapped = right.link("ada 2 userName=eve@x.example").link("eve 1 userName=ada@x.example");
    assert_snapshot!(swapped.plan().short(), @r"
    STOPPED by link-conflicts: 2 of 2 linked accounts look like other people's accounts, and all of at least 2 stop the app: is this the right endpoint and tenant? They are: ada, eve
    ! link conflict user:ada: account 2 (eve@x.example) has the userName of eve, and only the ledger says otherwise (userName ada.new@x.example)
    ! link conflict user:eve: account 1 (ada@x.example) has the userName that ada had at the last applied commit, and nothing else tells whose it is (userName ada@x.example)
    ! advice: --allow hr:login=2 lets nothing pass: the guard holds nobody in this plan
    ");
}

#[test]
fn rule_01_an_id_is_not_a_person() {
    let company = || world().completed().app("users: {scope: all}").person("bob", "status: left");
    let jane = "email: jane@x.example, name: {given: Jane, family: Smith}";
    let jane = company().yaml("access/jane.yaml", &format!("users: {{u05: {{{jane}}}}}"));
    let left = |world: World| {
        world
            .account("5 userName=u05@x.example externalId=u05 inactive")
            .link("u05 5 userName=u05@x.example externalId=u05 disabled=2025-06-01")
            .commit("left", company().person("u05", "status: left"))
    };
    // The leaver was tidied away, and the id was given to another person.
    let reissued = left(jane.clone()).before(company());
    assert_snapshot!(reissued.plan().short(), @"! link conflict user:u05: account 5 (u05@x.example) belongs to the person who was u05 when the ledger's entry was written: no name, address or login is the same today (externalId u05, userName jane@x.example)");
    assert_snapshot!(reissued.plan().hints("link conflict"), @r#"`links: {u05: "5"}` says that u05 is the same person, and `rolecall ledger unlink hr u05 --reason TEXT` that it is another one"#);
    // The same person under a new address is not another one.
    let again = left(company().person("u05", "email: new@x.example")).before(company().people(&["u05"]));
    assert_snapshot!(again.plan().short(), @r"
    3 update user:u05/attribute:username: u05@x.example -> new@x.example (config)
    4 enable user:u05 (config)
    ! turned on again user:u05: account 5 of u05 was disabled on 2025-06-01, 379 days ago, and is turned on again because of its person's declaration
    ");
    // The line changes its person from one commit to the next.
    let changed = left(jane.clone()).before(company().people(&["u05"]));
    assert_snapshot!(changed.plan().short(), @"! link conflict user:u05: account 5 (u05@x.example) belongs to the person who was u05 at the last applied commit: no name, address or login is the same today (externalId u05, userName jane@x.example)");
    // A person says that it is the same one.
    let said = left(jane).before(company()).app("links: {u05: \"5\"}");
    assert_snapshot!(said.plan().short(), @r"
    3 update user:u05/attribute:username: u05@x.example -> jane@x.example (config)
    4 enable user:u05 (config)
    ! turned on again user:u05: account 5 of u05 was disabled on 2025-06-01, 379 days ago, and is turned on again because of its person's declaration
    ");
}

/// After the next apply the last applied commit names the newcomer, too, and says nothing of who it was before.
#[test]
fn rule_01_an_id_given_on_stays_a_conflict_in_every_run() {
    let company = world().app("users: {scope: all}").people(&["bob", "u05"]).applied().applied();
    let jane = "{email: jane@x.example, name: {given: Jane, family: Smith}}";
    let mut given_on = company.without("u05").yaml("access/jane.yaml", &format!("users: {{u05: {jane}}}"));
    for _ in 0..3 {
        let plan = given_on.plan().short();
        assert!(plan.starts_with("! link conflict user:u05"), "{plan}");
        assert!(!plan.contains("update") && !plan.contains("enable"), "{plan}");
        given_on = given_on.applied();
    }
}

#[test]
fn rule_01_a_renamed_id_has_to_be_the_same_person() {
    let company = || world().completed().app("users: {scope: all}").mapping(BY_LOGIN);
    let before = company().people(&["root"]);
    let app =
        |world: World| world.account("1 userName=root@x.example").link("root 1 userName=root@x.example");
    let eve = "users: {eve: {previously: [root], email: eve@x.example, name: {given: Eve, family: Moss}}}";
    let renamed = app(company().yaml("access/eve.yaml", eve)).before(before.clone());
    assert_snapshot!(renamed.plan().short(), @"! link conflict user:eve: account 1 (root@x.example) belongs to the person who was root at the last applied commit: no name, address or login is the same today (userName eve@x.example)");
    // The ledger still has the entry under the earlier id.
    assert!(renamed.plan().hints("link conflict").contains("`rolecall ledger unlink hr root --reason TEXT`"));
    let same = app(company().person("eve", "previously: [root], email: root@x.example")).before(before);
    assert_snapshot!(same.plan().short(), @"3 relink user:eve: root -> nothing (config)");
}

#[test]
fn rule_01_a_renamed_entry_keeps_a_proof() {
    let company = || world().completed().mapping(BY_LOGIN);
    let app = |world: World| world.account("1 userName=root@x.example");
    // Bob was called root when his entry was written, and is not declared any more.
    let before = company().person("bob", "previously: [root], email: root@x.example");
    let old = company().person("root", "");
    let world = app(company()).people(&["ada"]).before(before).commit("old", old);
    let aged = world.clone().link("bob 1 by=old userName=root@x.example");
    assert_snapshot!(aged.plan().short(), @"9 disable user:bob (config)");
    let unknown = world.link("bob 1 by=gone userName=root@x.example");
    assert_snapshot!(unknown.plan().short(), @"9 disable user:bob (config)");
}

#[test]
fn rule_01_a_renamed_entry_names_the_commit_of_the_rename() {
    let world = world().completed().app("users: {scope: all}").people(&["al", "bob"]).applied();
    let renamed = world.without("al").person("ada", "previously: [al], email: al@x.example");
    let commit = renamed.now.clone();
    let ledger = renamed.applied().ledger;
    assert_eq!(ledger.users["ada"].commit.as_deref(), Some(commit.as_str()));
    assert_ne!(ledger.users["bob"].commit.as_deref(), Some(commit.as_str()));
}

#[test]
fn rule_01_the_ledger_alone_takes_nothing() {
    let company = || world().completed().mapping(BY_LOGIN).assign("", "user:ada").people(&["ada"]);
    let before = company().person("eve", "email: eve@y.example");
    let world = company().before(before).account("7 userName=boss@x.example");
    // The entry was edited: its hash fits an account that was never Eve's.
    let edited = world.clone().link("eve 7 by=before userName=boss@x.example");
    assert_snapshot!(edited.plan().short(), @r"
    4 create user:ada (config)
    ! still has access user:eve: may still have access, and nothing is taken: account 7 (boss@x.example) has values that the ledger alone remembers: no commit gives them
    ");
    let own = world.account("8 userName=eve@y.example").link("eve 8 by=before userName=eve@y.example");
    assert_snapshot!(own.plan().short(), @r"
    4 create user:ada (config)
    9 disable user:eve (config)
    ! unmanaged accounts: 1 active account nobody declared for this app: boss@x.example
    ");
}
