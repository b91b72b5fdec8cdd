//! Rule 3: renames are said, not guessed.

use insta::assert_snapshot;
use rolecall::model::change::Object;
use rolecall::model::intervention::Hand;
use rolecall::model::ledger::{Hashes, Proof};
use rolecall::model::{RoleId, UserId};

use super::world::{World, time, world};

#[test]
fn rule_03_previously_moves_the_link() {
    let world = world()
        .person("ada", "previously: [al], email: al@x.example")
        .assign("", "user:ada")
        .completed()
        .has("al", "1");
    assert_snapshot!(world.plan().short(), @r"
    3 relink user:ada: al -> nothing (config)
    3 update user:ada/attribute:externalid: al -> ada (config)
    ");
    let after = world.applied();
    assert!(!after.ledger.users.contains_key("al"));
    assert_snapshot!(after.plan().short(), @"");
}

#[test]
fn rule_03_previously_moves_memberships() {
    let world = world()
        .person("ada", "previously: [al], email: al@x.example")
        .yaml("access/g.yaml", "groups: {team: {members: [user:ada]}}")
        .app("groups: {push: [team], members: add}")
        .assign("", "user:ada")
        .completed()
        .has("al", "1")
        .group("g1 team: 1")
        .group_link("group:team g1: +al");
    assert_snapshot!(world.plan().short(), @r"
    3 relink user:ada: al -> nothing (config)
    3 update user:ada/attribute:externalid: al -> ada (config)
    ");
    let after = world.applied();
    let link = after.ledger.groups.values().next().unwrap();
    assert!(link.added.contains("ada") && !link.added.contains("al"), "{link:?}");
    let out = after.yaml("access/g.yaml", "groups: {team: {members: []}}");
    assert_snapshot!(out.plan().short(), @"8 remove member group:team/member:ada (config)");
}

/// A renamed group whose name is confirmed by a read in the same plan: the entry has today's people, and a commit that
/// declares the new id.
#[test]
fn rule_03_previously_keeps_a_group_proved_and_its_members_known() {
    let world = world()
        .people(&["al"])
        .yaml("access/g.yaml", "groups: {team: {name: Team, members: [user:al]}}")
        .app_once("groups: {push: [team]}")
        .app("users: {scope: all}")
        .applied();
    for is_read in [true, false] {
        let mut world = world.clone();
        for link in world.ledger.groups.values_mut() {
            link.commit = Some("earlier".into());
            let known: Vec<_> = link.values.iter().map(|(path, hashes)| (path.clone(), hashes)).collect();
            for (path, hashes) in known.into_iter().filter(|_| !is_read) {
                let proof = Proof::Answer { before: None, again: false };
                link.values.insert(path, Hashes { proof, ..hashes });
            }
        }
        let commit = world.now.clone();
        let renamed = world
            .without("al")
            .person("ada", "previously: [al], email: al@x.example")
            .yaml("access/g.yaml", "groups: {crew: {name: Team, previously: [team], members: [user:ada]}}")
            .without_app("groups: {push: [team]}")
            .app("groups: {push: [crew]}")
            .applied();
        let link = renamed.ledger.groups.values().next().unwrap();
        assert_eq!(link.commit.as_deref(), Some(commit.as_str()));
        assert!(link.values.iter().all(|(_, hashes)| hashes.proof == Proof::Read), "{link:?}");
        assert!(link.members.contains("ada") && !link.members.contains("al"), "{link:?}");
    }
}

#[test]
fn rule_03_previously_moves_a_link_whose_account_is_gone() {
    let world = world()
        .person("ada", "previously: [al]")
        .assign("", "user:ada")
        .completed()
        .commit("left", world().person("al", "status: left"))
        .link("al 1 gone=2026-01-01");
    assert_snapshot!(world.plan().short(), @"4 create user:ada (config)");
    let after = world.applied();
    assert!(!after.ledger.users.contains_key("al"));
    assert_snapshot!(after.plan().short(), @"");
}

#[test]
fn rule_03_a_new_id_that_would_match_a_vanished_ones_account_changes_neither() {
    let world =
        world().person("ada", "email: al@x.example").assign("", "user:ada").completed().has("al", "1");
    assert_snapshot!(world.plan().short(), @r"
    ! still has access user:al: may still have access, and nothing is taken: al is not declared any more, and the new id ada would match its account: neither is changed
    ! renamed? user:ada: al is not declared any more, and the new id ada would match its account: neither is changed
    ");
    assert_snapshot!(world.plan().hints("renamed?"), @"if ada is the same person, add `previously: [al]` to ada; if not, `rolecall ledger unlink hr al --reason TEXT`");
}

#[test]
fn rule_03_two_earlier_ids_with_an_account_each_change_neither() {
    let world = world().person("ada", "previously: [al, ally]").assign("", "user:ada").completed();
    let plan = world.has("al", "1").has("ally", "2").plan();
    assert_snapshot!(plan.short(), @r"! ambiguous match user:ada: al and ally are ids of one person, and both have an account here: neither is changed");
    assert_snapshot!(plan.hints("ambiguous match"), @r"take ally out of `previously` if it is another person; if not, drop the entry of the wrong account: `rolecall ledger unlink hr al --reason TEXT` or `rolecall ledger unlink hr ally --reason TEXT`");
}

#[test]
fn rule_03_an_id_and_its_earlier_id_with_an_account_each_change_neither() {
    let world = world()
        .person("ada", "previously: [al]")
        .assign("", "user:ada")
        .completed()
        .has("al", "1")
        .has("ada", "2");
    assert_snapshot!(world.plan().short(), @r"! ambiguous match user:ada: ada and al are ids of one person, and both have an account here: neither is changed");
}

#[test]
fn rule_03_two_desired_people_with_one_matching_value_are_an_error() {
    let world = world()
        .person("ada", "email: A@x.example")
        .person("bob", "email: a@X.example")
        .assign("", "user:ada, user:bob");
    assert_snapshot!(world.findings(), @r#"
    Tree access/people.yaml:3 same-matching-value: ada and bob would have the same userName in app hr: "a@X.example"
      hint: userName tells people apart: give them different values, or map it from something that differs
    "#);
}

#[test]
fn rule_03_of_two_people_with_one_matching_value_neither_gets_an_account() {
    let twins = world()
        .person("ada", "email: a@x.example")
        .person("bob", "email: A@x.example")
        .assign("", "user:ada, user:bob")
        .completed();
    assert_snapshot!(twins.clone().account("1 userName=a@x.example").plan().short(), @r"
    ! ambiguous match user:ada: bob is to have the same userName as ada
    ! ambiguous match user:bob: ada is to have the same userName as bob
    ");
    assert_snapshot!(twins.plan().short(), @r"
    ! ambiguous match user:ada: bob is to have the same userName as ada
    ! ambiguous match user:bob: ada is to have the same userName as bob
    ");
    let by_hand = twins.account("1 userName=a@x.example").app(r#"links: {bob: "1"}"#);
    assert_snapshot!(by_hand.plan().short(), @r"
    3 adopt user:bob (config)
    3 update user:bob/attribute:externalid: nothing -> bob (config)
    ! ambiguous match user:ada: bob is to have the same userName as ada
    ");
}

#[test]
fn rule_03_of_two_leavers_with_one_matching_value_neither_is_taken_for_the_other() {
    let world = world()
        .person("ada", "status: left, email: a@x.example")
        .person("bob", "status: left, email: a@x.example")
        .completed();
    assert_snapshot!(world.plan().short(), @"");
    assert_snapshot!(world.account("1 userName=a@x.example").plan().short(), @r"
    ! still has access user:ada: may still have access, and nothing is taken: account 1 matches both ada and bob
    ! still has access user:bob: may still have access, and nothing is taken: account 1 matches both bob and ada
    ");
}

#[test]
fn rule_03_two_desired_people_with_one_unique_value_are_an_error() {
    let world = world()
        .mapping("{match: [externalId], attributes: {userName: user.email, externalId: user.id}}")
        .person("ada", "email: a@x.example")
        .person("bob", "email: a@x.example")
        .assign("", "user:ada, user:bob");
    assert_snapshot!(world.findings(), @r#"
    Tree access/people.yaml:3 same-matching-value: ada and bob would have the same userName in app hr: "a@x.example"
      hint: userName tells people apart: give them different values, or map it from something that differs
    "#);
    let only_one = world.without("bob").drop_yaml("access/assign-0.yaml").assign("", "user:ada");
    assert_snapshot!(only_one.findings(), @"");
}

fn swap(emails: &[(&str, &str)]) -> World {
    let guard = world().completed().allow("login", 3).allow("login", 2);
    emails.iter().fold(guard, |world, (id, email)| {
        world.person(id, &format!("email: {email}@x.example")).assign("", &format!("user:{id}")).has(id, id)
    })
}

#[test]
fn rule_03_updates_that_free_a_value_come_first() {
    let world = swap(&[("ada", "bob"), ("bob", "cy"), ("cy", "free")]);
    let outcome = world.plan();
    assert_snapshot!(outcome.short(), @r"
    3 update user:ada/attribute:username: ada@x.example -> bob@x.example (config)
    3 update user:bob/attribute:username: bob@x.example -> cy@x.example (config)
    3 update user:cy/attribute:username: cy@x.example -> free@x.example (config)
    allowed login: 3 people, 1 allowed (half of 3)
    ");
    let levels = &outcome.app().work.levels;
    let level = |id: &str| levels.get(&Object::User(id.parse().unwrap()));
    assert_eq!((level("ada"), level("bob"), level("cy")), (Some(&2), Some(&1), None));
}

#[test]
fn rule_03_a_cycle_of_unique_values_is_refused_naming_its_members() {
    let world = swap(&[("ada", "bob"), ("bob", "ada"), ("cy", "cy")]);
    assert_snapshot!(world.plan().short(), @r"
    3 update user:ada/attribute:username: ada@x.example -> bob@x.example (config) HELD by unique-values
    3 update user:bob/attribute:username: bob@x.example -> ada@x.example (config) HELD by unique-values
    ! not possible user:ada: ada, bob would take each other's unique values, and no app can do that in one step
    ! advice: --allow hr:login=2 lets nothing pass: the guard holds nobody in this plan
    ! advice: --allow hr:login=3 lets nothing pass: the guard holds nobody in this plan
    ");
    assert_snapshot!(world.plan().hints("not possible"), @"give one of them another value first, apply, then set the final ones");
}

#[test]
fn rule_03_who_waits_for_a_cycle_is_not_called_a_member_of_it() {
    let world = swap(&[("ada", "bob"), ("bob", "ada"), ("cy", "dan"), ("dan", "ada")]);
    let world = world.person("cy", "email: dan@x.example, title: Boss");
    assert_snapshot!(world.plan().short(), @r"
    3 update user:ada/attribute:username: ada@x.example -> bob@x.example (config) HELD by unique-values
    3 update user:bob/attribute:username: bob@x.example -> ada@x.example (config) HELD by unique-values
    3 update user:cy/attribute:title: nothing -> Boss (config) HELD by unique-values
    3 update user:cy/attribute:username: cy@x.example -> dan@x.example (config) HELD by unique-values
    3 update user:dan/attribute:username: dan@x.example -> ada@x.example (config) HELD by unique-values
    ! not possible user:ada: ada, bob would take each other's unique values, and no app can do that in one step
    ! advice: --allow hr:login=2 lets nothing pass: the guard holds nobody in this plan
    ! advice: --allow hr:login=3 lets nothing pass: the guard holds nobody in this plan
    ");
}

#[test]
fn rule_03_a_group_or_role_with_a_new_id_and_the_old_name_is_not_guessed() {
    let groups =
        |id: &str, more: &str| format!("groups: {{{id}: {{name: Engineers, {more}members: [user:ada]}}}}");
    let world = world()
        .people(&["ada"])
        .app("groups: {push: [eng], remove: delete}")
        .app("roles: {admin: {group: Admins}}")
        .yaml("access/g.yaml", &groups("eng", ""))
        .yaml("access/a.yaml", "assignments: [{app: hr, role: admin, members: [user:ada]}]")
        .completed()
        .applied();
    let renamed = |more: &str, earlier: &str| {
        world
            .clone()
            .app_once("groups: {push: [engi], remove: delete}")
            .app_once(&format!("roles: {{root: {{group: admins{earlier}}}}}"))
            .yaml("access/g.yaml", &groups("engi", more))
            .yaml("access/a.yaml", "assignments: [{app: hr, role: root, members: [user:ada]}]")
    };
    let guessed = renamed("", "").plan();
    assert_snapshot!(guessed.short(), @r"
    ! renamed? group:engi: group:eng is not declared for this app any more, and group:engi would be the same group of the app: neither is changed
    ! renamed? role:root: role:admin is not declared for this app any more, and role:root would be the same group of the app: neither is changed
    ");
    assert_snapshot!(guessed.hints("renamed?"), @r"
    if group:engi is the same, add `previously: [eng]` to engi; if not, give it another name
    if role:root is the same, add `previously: [admin]` to root; if not, give it another name
    ");
    let said = renamed("previously: [eng], ", ", previously: [admin]");
    assert_snapshot!(said.plan().short(), @"6 rename group role:root/attribute:displayname: Admins -> admins (config)");
    assert_snapshot!(said.applied().plan().short(), @"");
    // A group that becomes a role cannot name an earlier id.
    let other = world
        .app_once("groups: {push: []}")
        .app_once("roles: {admin: {group: Admins}, root: {group: Engineers}}");
    assert_snapshot!(other.plan().hints("renamed?"), @"give role:root another name, or declare group:eng again");
}

#[test]
fn rule_03_groups_free_a_name_before_another_takes_it() {
    let groups = |names: [&str; 3]| {
        let group = |(id, name): (&str, &str)| format!("{id}: {{name: {name}, members: [user:ada]}}");
        let lines: Vec<_> = ["a", "b", "c"].into_iter().zip(names).map(group).collect();
        format!("groups: {{{}}}", lines.join(", "))
    };
    let world = world()
        .people(&["ada"])
        .assign("", "user:ada")
        .app("groups: {push: [a, b, c]}")
        .yaml("access/g.yaml", &groups(["One", "Two", "Three"]))
        .completed()
        .applied();
    let moved = world.clone().yaml("access/g.yaml", &groups(["two", "Three", "Four"])).plan();
    assert_eq!(moved.app().to_do().count(), 3);
    let levels = &moved.app().work.levels;
    let level = |id: &str| levels.get(&Object::Group(id.parse().unwrap()));
    assert_eq!((level("a"), level("b"), level("c")), (Some(&2), Some(&1), None));
    let swapped = world.yaml("access/g.yaml", &groups(["Two", "One", "Three"]));
    assert_snapshot!(swapped.plan().short(), @r"
    6 rename group group:a/attribute:displayname: One -> Two (config) HELD by unique-values
    6 rename group group:b/attribute:displayname: Two -> One (config) HELD by unique-values
    ! not possible group:a: group:a, group:b would take each other's names, and no app can do that in one step
    ");
}

/// Eve is taken out, and these people are put in.
fn in_place_of_eve(people: &str) -> World {
    let company = |people: &str| {
        let lines = format!("users: {{{people}}}");
        world().completed().app("users: {scope: all}").people(&["bob"]).yaml("access/more.yaml", &lines)
    };
    let eve = "eve: {name: {given: Eve, family: Moss}, email: eve@x.example, manager: bob}";
    let old = "old: {name: {given: Eve, family: Moss}, email: old@x.example}";
    company(&format!("{people}, {old}"))
        .before(company(&format!("{eve}, {old}")))
        .has("bob", "1")
        .has("eve", "2")
        .has("old", "3")
}

#[test]
fn rule_03_a_rename_that_only_names_or_a_manager_show_is_suggested() {
    let same = in_place_of_eve("em: {name: {given: EVE, family: moss}, email: em@x.example}");
    assert_snapshot!(same.plan().short(), @r"
    4 create user:em (config)
    9 disable user:eve (config)
    ! advice user:em: eve is not declared any more, and the new id em has the same name
    ");
    assert_snapshot!(same.plan().hints("advice"), @r"if they are one person, write `previously: [eve]` below `em:` in `users:`, and the account stays; if not, there is nothing to do");
    let married =
        in_place_of_eve("em: {name: {given: Eve, family: King}, email: em@x.example, manager: bob}");
    assert_snapshot!(married.plan().short(), @r"
    4 create user:em (config)
    9 disable user:eve (config)
    ! advice user:em: eve is not declared any more, and the new id em has the same given name and manager
    ");
    for other in [
        "em: {name: {given: Eve, family: King}, email: em@x.example}",
        "em: {name: {given: Kim, family: King}, email: em@x.example, manager: bob}",
        // It is not said which of two.
        "em: {name: {given: Eve, family: Moss}, email: em@x.example}, eva: {name: {given: Eve, family: Moss}, email: eva@x.example}",
    ] {
        let told = in_place_of_eve(other).plan().short();
        assert!(told.contains("disable user:eve") && !told.contains("advice"), "{told}");
    }
    let said =
        in_place_of_eve("em: {previously: [eve], name: {given: Eve, family: Moss}, email: em@x.example}");
    assert!(!said.plan().short().contains("advice"), "{}", said.plan().short());
}

/// The role `admin`, which is a value, becomes `root`. It was taken away from Ada in the app, Bob is suspended, and Cem's
/// roles cannot be read.
#[test]
fn rule_03_a_role_that_is_a_value_takes_along_what_the_ledger_knows() {
    let declared = |world: World, role: &str, more: &str| {
        world.app_once(&format!("roles: {{{role}: {{value: ADMIN, privileged: true{more}}}}}")).yaml(
            "access/admins.yaml",
            &format!("assignments: [{{app: hr, role: {role}, members: [user:ada, user:bob, user:cem]}}]"),
        )
    };
    let before = world()
        .people(&["ada", "cem"])
        .person("bob", "status: suspended")
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .account("1 userName=ada@x.example roles=[]")
        .account("2 userName=bob@x.example inactive roles=[ADMIN]")
        .account("3 userName=cem@x.example roles=?")
        .link("ada 1 roles=[admin]")
        .link("bob 2 roles=[admin] disabled=2026-06-01")
        .link("cem 3 roles=[admin]")
        .managed("admin=ADMIN")
        .completed();
    let seen = declared(before, "admin", "").applied();
    let renamed = declared(seen, "root", ", previously: [admin]");
    assert_snapshot!(renamed.plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (root)");
    let after = renamed.applied();
    let roles: Vec<_> =
        after.ledger.users.values().flat_map(|link| &link.roles).map(RoleId::as_str).collect();
    assert_eq!(roles, ["root", "root", "root"]);
    assert!(after.ledger.interventions.keys().all(|(_, hand)| *hand == Hand::Revoked("root".into())));
    // The files need not name the earlier id for ever.
    let later = declared(after, "root", "");
    assert_snapshot!(later.plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (root)");
    assert_snapshot!(later.person("bob", "").plan().short(), @r"
    4 enable user:bob (config) privileged
    ! turned on again user:bob: account 2 of bob was disabled on 2026-06-01, 14 days ago, and is turned on again because of its person's declaration
    ! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (root)
    ");
}

/// The entry of the account is lost, and the account still has the id that its person had before.
#[test]
fn rule_03_an_earlier_id_in_the_app_is_the_persons_own() {
    let renamed = |line: &str| {
        world()
            .person("ada-b", &format!("email: countess@x.example, {line}"))
            .assign("", "user:ada-b")
            .completed()
            .account("1 userName=ada@x.example externalId=ada")
    };
    assert_snapshot!(renamed("previously: [ada]").plan().short(), @"! not adopted user:ada-b: account 1 (ada@x.example) matches, but only its externalId is ada-b's: no other value that tells accounts apart is, neither today nor at the last applied commit");
    assert_snapshot!(renamed("title: Analyst").plan().short(), @r"
    4 create user:ada-b (config)
    ! unmanaged accounts: 1 active account nobody declared for this app: ada@x.example
    ");
    // The id is somebody else's today.
    let given_on = renamed("title: Analyst").people(&["ada"]).assign("", "user:ada");
    assert_snapshot!(given_on.plan().short(), @r"
    3 adopt user:ada (config)
    4 create user:ada-b (config)
    ");
}

/// The entry of a person in a conflict is not moved, so that nothing of it may be written under the new id: two entries would
/// be linked to one account, which the ledger refuses in every run.
#[test]
fn rule_03_an_entry_that_is_not_moved_stays_under_the_earlier_id() {
    let mut world = world()
        .people(&["ada", "bob", "cy"])
        .assign("", "user:ada, user:bob, user:cy")
        .completed()
        .applied()
        .applied();
    let then = world.clone();
    let [ada, bob] = ["ada", "bob"].map(|id| world.ledger.users[id].remote.clone());
    for (id, remote) in [("ada", bob), ("bob", ada)] {
        let link = world.ledger.users.get_mut(id).unwrap();
        link.remote = remote;
        // A date that stands in the files no more: the entry is written.
        link.went_by.insert(time("2026-05-01"));
    }
    let renamed = world
        .without("ada")
        .person("ann", "email: ada@x.example, previously: [ada]")
        .yaml("access/assign-0.yaml", "assignments: [{app: hr, members: [user:ann, user:bob, user:cy]}]")
        .before(then);
    let plan = renamed.plan();
    assert!(plan.short().contains("link conflict user:ann"), "{}", plan.short());
    let mut ledger = renamed.ledger.clone();
    plan.app().work.observed.iter().cloned().for_each(|update| ledger.fold(update));
    assert_eq!(ledger.users.keys().map(UserId::as_str).collect::<Vec<_>>(), ["ada", "bob", "cy"]);
    assert!(ledger.users["ada"].went_by.is_empty(), "the entry is written");
}
