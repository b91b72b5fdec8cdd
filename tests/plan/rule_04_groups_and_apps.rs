//! Rule 4: groups and apps have identity too.

use insta::assert_snapshot;

use super::world::{World, world};

fn team() -> World {
    world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        .yaml("access/g.yaml", "groups: {team: {name: The Team, members: [user:ada]}}")
        .app("groups: {push: [team]}")
        .completed()
        .has("ada", "1")
        .has("bob", "2")
}

#[test]
fn rule_04_a_group_that_is_not_there_is_created_and_filled() {
    let world = team();
    assert_snapshot!(world.plan().short(), @r"
    6 create group group:team: nothing -> The Team (config)
    7 add member group:team/member:ada (config)
    ");
    assert_snapshot!(world.plan().why("group:team/member:ada"), @"user:ada is a member of group:team access/g.yaml:1");
    assert_snapshot!(world.applied().plan().short(), @"");
}

#[test]
fn rule_04_a_group_is_found_by_name_once_and_adopted_as_a_line() {
    let world = team().group("g1 \"the team\": 1 2");
    assert_snapshot!(world.plan().short(), @r#"
    6 adopt group:team: nothing -> The Team (config)
    6 rename group group:team/attribute:displayname: the team -> The Team (config)
    ! groups taken over group:team: takes over group g1 ("the team"): 2 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of group:team, which this plan takes over, and is not declared to be
    "#);
    assert_snapshot!(world.applied().plan().short(), @r"
    8 remove member group:team/member:bob (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
}

/// A letter with its accent may be written as one character or as two.
#[test]
fn rule_04_a_name_in_another_spelling_is_the_same_name() {
    let team = || team().yaml("access/g.yaml", "groups: {team: {name: Zo\u{eb}s, members: [user:ada]}}");
    let found = team().group("g1 Zoe\u{308}s: 1");
    assert_snapshot!(found.plan().short(), @r#"
    6 adopt group:team: nothing -> Zoës (config)
    ! groups taken over group:team: takes over group g1 ("Zoës"): 1 member is in it, and nobody is to come
    "#);
    let two = team().group("g1 Zoe\u{308}s: 1").group("g2 ZO\u{cb}S:");
    assert!(two.plan().short().contains("2 groups in the app have the name of group:team: g1, g2"));
    // A linked group keeps it, and a new id that would take it is suspected.
    let kept = team().group("g1 Zoe\u{308}s:").group_link("group:team g1:");
    assert_snapshot!(kept.plan().short(), @r"7 add member group:team/member:ada (config)");
    let renamed = team().group("g1 Zoe\u{308}s: 1").group_link("group:old g1: ada");
    assert!(renamed.plan().short().contains("renamed?"));
}

#[test]
fn rule_04_two_groups_of_one_name_are_ambiguous() {
    let world = team().group("g1 \"The Team\": 1").group("g2 \"the team\":");
    assert_snapshot!(world.plan().short(), @"! ambiguous match group:team: 2 groups in the app have the name of group:team: g1, g2");
}

/// Groups have an id of ours, and one group of the app has this name, these members and this id.
fn with_our_id(world: World, text: &str, our_id: &str) -> World {
    let mapping =
        "mappings: {own: {match: [externalId], attributes: {displayName: group.name, externalId: group.id}}}";
    let world = world.without_app("groups: {push: [team]}").app("groups: {push: [team], mapping: own}");
    let mut world = world.yaml("access/m.yaml", mapping).group(text);
    let id = text.split(' ').next().unwrap();
    world.things.get_mut(id).unwrap().values.insert("externalid".into(), our_id.into());
    world
}

fn with_crew(world: World) -> World {
    let two =
        "groups: {team: {name: The Team, members: [user:ada]}, crew: {name: The Crew, members: [user:bob]}}";
    world
        .yaml("access/g.yaml", two)
        .without_app("groups: {push: [team], mapping: own}")
        .app("groups: {push: [team, crew], mapping: own}")
}

#[test]
fn rule_04_a_group_with_our_id_is_found_and_adopted_as_a_line() {
    let world = with_our_id(team(), "g1 \"PRIMARY/The Team\": 1", "team");
    assert_snapshot!(world.plan().short(), @r#"
    6 adopt group:team: nothing -> The Team (config)
    6 rename group group:team/attribute:displayname: PRIMARY/The Team -> The Team (config)
    ! groups taken over group:team: takes over group g1 ("PRIMARY/The Team"), which has our id of it: 1 member is in it, and nobody is to come
    "#);
    assert_snapshot!(world.applied().plan().short(), @"");
    let another = with_our_id(team(), "g1 \"PRIMARY/The Team\": 1", "crew");
    assert_snapshot!(another.plan().short(), @r"
    6 create group group:team: nothing -> The Team (config)
    7 add member group:team/member:ada (config)
    ");
    // Two groups that are given the same id of ours: it tells neither.
    let shared =
        "mappings: {own: {match: [displayName], attributes: {displayName: group.name, externalId: '\"x\"'}}}";
    let shared =
        with_crew(with_our_id(team(), "g1 \"PRIMARY/The Team\": 1", "x")).yaml("access/m.yaml", shared);
    assert_snapshot!(shared.plan().short(), @r"
    6 create group group:crew: nothing -> The Crew (config)
    6 create group group:team: nothing -> The Team (config)
    7 add member group:crew/member:bob (config)
    7 add member group:team/member:ada (config)
    ");
}

#[test]
fn rule_04_a_group_that_is_found_twice_is_not_guessed() {
    let two = with_our_id(team(), "g1 \"PRIMARY/The Team\": 1", "team").group("g2 \"The Team\": 2");
    assert_snapshot!(two.plan().short(), @r#"! ambiguous match group:team: 2 groups in the app have the name or our id of group:team: g1 ("PRIMARY/The Team"), g2 ("The Team")"#);
    assert_snapshot!(two.plan().hints("ambiguous match"), @r#"name the right one below `links:`, such as `group:team: "g1"`; or rename one of them in the app"#);
    let by_hand = two.app("links: {\"group:team\": g1}");
    assert_snapshot!(by_hand.plan().short(), @r#"
    6 adopt group:team: nothing -> The Team (config)
    ! groups taken over group:team: takes over group g1 ("PRIMARY/The Team"), which has our id of it: 1 member is in it, and nobody is to come
    ! not possible group:team: is not renamed: group g2 of the app is called "The Team", and rolecall does not manage it
    "#);
    // The name of one and the id of another.
    let crossed = with_crew(with_our_id(team(), "g1 \"The Crew\": 1", "team"));
    assert_snapshot!(crossed.plan().short(), @r"
    ! ambiguous match group:crew: group g1 of the app has the name of group:crew and our id of group:team
    ! ambiguous match group:team: group g1 of the app has the name of group:crew and our id of group:team
    ");
}

#[test]
fn rule_04_a_linked_group_renamed_in_the_app_is_drift_of_its_name() {
    let world = team().applied();
    let mut renamed = world.clone();
    let group = renamed.things.get_mut("new-group:team").unwrap();
    group.values.insert("displayname".into(), "Renamed".into());
    assert_snapshot!(renamed.plan().short(), @"6 rename group group:team/attribute:displayname: Renamed -> The Team (drift)");
    assert_snapshot!(renamed.app("drift: report").plan().short(), @r#"! drift, left as it is group:team: displayName is "Renamed" in the app, and should be "The Team""#);
}

#[test]
fn rule_04_a_linked_group_that_is_another_one_is_not_touched() {
    let foreign = team().group("g1 Admins: 2 9").group_link("group:team g1: ada");
    assert_snapshot!(foreign.plan().short(), @r#"! link conflict group:team: group g1 ("Admins") has neither a name nor members that group:team has or had"#);
    assert_snapshot!(foreign.plan().hints("link conflict"), @r"if it is the right group, give it its name in the app; if not, `rolecall ledger unlink hr group:team --reason TEXT`");
    let privileged = world()
        .app("roles: {auditor: {group: Auditors, privileged: true}}")
        .people(&["ada"])
        .assign("auditor", "user:ada")
        .has("ada", "1")
        .group("g1 Admins: 9")
        .group_link("role:auditor g1: ada");
    assert_snapshot!(privileged.plan().hints("link conflict"), @"if it is the right group, give it its name in the app; if not, declare the role under another id");
    let known = foreign.clone().group("g1 Admins: 1 2");
    assert_snapshot!(known.plan().short(), @r"
    6 rename group group:team/attribute:displayname: Admins -> The Team (config)
    8 remove member group:team/member:bob (drift)
    ");
    // Of three members in the ledger, one is no proof, and two are one.
    let three = |members: &str| {
        team().group(&format!("g1 Admins: {members}")).group_link("group:team g1: ada bob eve")
    };
    assert!(three("1 9").plan().short().starts_with("! link conflict group:team"));
    assert!(three("1 2 9").plan().short().starts_with("6 rename group group:team"));
    let delete = foreign.without_app("groups: {push: [team]}").app("groups: {remove: delete}");
    assert_snapshot!(delete.plan().short(), @r#"! link conflict group:team: group g1 ("Admins") has neither a name nor members that group:team has or had"#);
}

#[test]
fn rule_04_our_external_id_proves_a_group_that_was_renamed_and_emptied() {
    let world = team()
        .yaml(
            "access/m.yaml",
            "mappings: {own: {match: [externalId], attributes: {displayName: group.name, externalId: group.id}}}",
        )
        .without_app("groups: {push: [team]}")
        .app("groups: {push: [team], mapping: own}")
        .group("g1 Renamed:")
        .group_link("group:team g1: ada");
    let mut ours = world.clone();
    let group = ours.things.get_mut("g1").unwrap();
    group.values.insert("externalid".into(), "team".into());
    assert_snapshot!(ours.plan().short(), @r"
    6 rename group group:team/attribute:displayname: Renamed -> The Team (config)
    7 add member group:team/member:ada (drift)
    ");
    assert_snapshot!(world.plan().short(), @r#"! link conflict group:team: group g1 ("Renamed") has neither a name nor members that group:team has or had"#);
}

#[test]
fn rule_04_a_group_renamed_in_yaml_is_renamed_never_made_again() {
    let world = team().applied();
    let named = world.yaml("access/g.yaml", "groups: {team: {name: Squad, members: [user:ada]}}");
    assert_snapshot!(named.plan().short(), @"6 rename group group:team/attribute:displayname: The Team -> Squad (config)");
    let cannot = named.cannot(|able| able.rename_groups = false);
    assert_snapshot!(cannot.plan().short(), @r#"! not possible group:team: is called "The Team" in the app, and groups cannot be renamed there"#);
}

#[test]
fn rule_04_previously_keeps_a_groups_link() {
    let world = team()
        .applied()
        .yaml("access/g.yaml", "groups: {crew: {name: The Team, previously: [team], members: [user:ada]}}");
    let world = world.without_app("groups: {push: [team]}").app("groups: {push: [crew]}");
    assert_snapshot!(world.plan().short(), @"");
    let after = world.applied();
    assert_eq!(
        after.ledger.groups.keys().map(std::string::ToString::to_string).collect::<Vec<_>>(),
        ["group:crew"]
    );
}

#[test]
fn rule_04_a_group_deleted_in_the_app_is_made_again() {
    let world = team().applied().gone("new-group:team");
    assert_snapshot!(world.plan().short(), @r"
    6 create group group:team: nothing -> The Team (drift)
    7 add member group:team/member:ada (drift)
    ");
}

#[test]
fn rule_04_a_group_no_longer_declared_stays_or_is_deleted() {
    let bare = team().applied().without_app("groups: {push: [team]}");
    assert_snapshot!(bare.plan().short(), @r"
    9 forget group:team (config)
    ! members nobody declared group:team: the group stays in the app with its members; rolecall managed 1 of them (`groups.remove: keep`)
    ");
    let delete = bare.app("groups: {remove: delete}");
    assert_snapshot!(delete.plan().short(), @"9 delete group group:team (config)");
    let cannot = delete.cannot(|able| able.delete_groups = false);
    assert_snapshot!(cannot.plan().short(), @"! not possible group:team: group new-group:team should be deleted, and groups cannot be deleted in this app");
}

#[test]
fn rule_04_one_group_of_the_app_has_one_source() {
    let world = world()
        .people(&["ada"])
        .yaml("access/g.yaml", "groups: {a: {name: X, members: [user:ada]}, b: {name: x, members: []}}")
        .yaml(
            "access/m.yaml",
            "mappings: {up: {match: [displayName], attributes: {displayName: group.name.lowerAscii()}}}",
        )
        .app("groups: {push: [a, b], mapping: up}")
        .completed()
        .group("g1 x:");
    assert_snapshot!(world.findings(), @r#"
    Tree access/hr.yaml:6 same-remote-group: group:a and group:b would be the same group "x" in app hr
      hint: a group in an app has one source: rename one, or take one of them out
    "#);
    assert_snapshot!(world.plan().short(), @r#"
    ! undecided group:a: group:b would be the same group "x" of the app
    ! undecided group:b: group:a would be the same group "x" of the app
    ! advice: pushed groups have members who have no account in this app, and are no members there: group:a without ada
    "#);
}

fn given_up(accounts: &str) -> World {
    team().applied().app(&format!("removed: {{accounts: {accounts}}}"))
}

#[test]
fn rule_04_a_given_up_app_keeps_its_accounts_and_is_forgotten() {
    let world = given_up("keep");
    assert_snapshot!(world.plan().short(), @r"
    9 forget user:ada (config)
    9 forget user:bob (config)
    9 forget group:team (config)
    ");
    assert_snapshot!(world.plan().why("user:ada"), @"app hr is being given up (`removed:`) access/hr.yaml:2");
    let after = world.applied();
    assert!(after.ledger.users.is_empty() && after.ledger.groups.is_empty());
    assert!(
        after.things["1"].active && after.things["new-group:team"].members.as_ref().unwrap().contains("1")
    );
    assert_snapshot!(after.plan().short(), @"");
}

#[test]
fn rule_04_a_given_up_app_disables_its_accounts_under_guards_and_is_forgotten() {
    let world = given_up("disable").app("guard: {deprovision: 1}");
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:ada (config) HELD by guard:deprovision
    9 disable user:bob (config) HELD by guard:deprovision
    9 forget group:team (config)
    TRIPPED deprovision: 2 people, 1 allowed
    ");
    let allowed = world.allow("deprovision", 2);
    assert_snapshot!(allowed.plan().short(), @r"
    9 disable user:ada (config)
    9 disable user:bob (config)
    9 forget group:team (config)
    allowed deprovision: 2 people, 1 allowed
    ");
    let after = allowed.applied();
    assert_snapshot!(after.plan().short(), @r"
    9 forget user:ada (config)
    9 forget user:bob (config)
    ! advice: --allow hr:deprovision=2 lets nothing pass: the guard holds nobody in this plan
    ");
    assert!(after.applied().ledger.users.is_empty());
}

#[test]
fn rule_04_a_group_can_be_linked_by_hand() {
    let world = team().group("g9 PRIMARY/Team: 1").app("links: {'group:team': g9}");
    assert_snapshot!(world.plan().short(), @r#"
    6 adopt group:team: nothing -> The Team (config)
    6 rename group group:team/attribute:displayname: PRIMARY/Team -> The Team (config)
    ! groups taken over group:team: takes over group g9 ("PRIMARY/Team"): 1 member is in it, and nobody is to come
    "#);
    assert_snapshot!(world.applied().plan().short(), @"");
    let missing = team().app("links: {'group:team': g9}");
    assert_snapshot!(missing.plan().short(), @"! not adopted group:team: `links:` names group g9, which is not in the app");
}

#[test]
fn rule_04_a_group_that_is_taken_over_with_members_stands_at_the_top() {
    let found = team().group("g1 \"The Team\": 1 2 77");
    assert_snapshot!(found.plan().text(), @r#"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 2 people declared

    hr  https://hr.example/scim
      1 to adopt

      Groups taken over (1)
        ! group team: takes over group g1 ("The Team"): 3 members are in it, and nobody is to come
          hint: if it is another group, give this one another name, or name the right one below `links:`

      Adopting existing accounts and groups, nothing is sent (1)
        = group team  adopt group g1  (config)
            because group:team is pushed to hr  access/hr.yaml:6

      Members nobody declared (2)
        ! bob (bob Test): is a member of group:team, which this plan takes over, and is not declared to be  access/people.yaml:3
          hint: the next plan takes them out, held by guard:takeover until it is allowed; declare them if they are to stay
        ! group team: 1 member nobody declared: 77
          hint: `groups.members: exact` removes them

    Total: 1 to adopt
    "#);
    let empty = team().group("g1 \"The Team\":");
    assert!(!empty.plan().short().contains("taken over"), "{}", empty.plan().short());
    let other_name = team().group("g9 PRIMARY/Team:").app("links: {'group:team': g9}");
    assert_snapshot!(other_name.plan().notices("groups taken over"), @r#"takes over group g9 ("PRIMARY/Team"): 0 members are in it, and 1 more is to come"#);
    let power = world()
        .people(&["ada"])
        .app("roles: {admin: {group: Admins, privileged: true}}")
        .assign("admin", "user:ada")
        .completed()
        .has("ada", "1")
        .group("g1 Admins: 1 9");
    assert_snapshot!(power.plan().notices("groups taken over"), @r#"takes over group g1 ("Admins"), which gives a privileged role: 2 members are in it, and nobody is to come"#);
}

/// Bob's account has no link yet, and is in the group that `links:` or our id says is the team.
#[test]
fn rule_04_members_of_a_group_that_is_bound_by_hand_or_by_our_id_count_at_an_adoption() {
    let team = |more: &str| {
        world()
            .people(&["ada", "bob"])
            .assign("", "user:ada, user:bob")
            .app("groups: {push: [team]}")
            .yaml("access/g.yaml", "groups: {team: {name: Team, members: [user:ada]}}")
            .account("1 userName=ada@x.example externalId=ada")
            .account("2 userName=bob@x.example externalId=bob")
            .group(more)
    };
    assert_snapshot!(team("g9 Team: 2").plan().hints("not adopted"), @r#"if it is theirs, say so: `links: {bob: "2"}`"#);
    let by_hand = team("g9 PRIMARY/Team: 2").app("links: {'group:team': g9}");
    assert_snapshot!(by_hand.plan().short(), @r#"
    3 adopt user:ada (config)
    6 adopt group:team: nothing -> Team (config)
    6 rename group group:team/attribute:displayname: PRIMARY/Team -> Team (config)
    7 add member group:team/member:ada (config)
    ! groups taken over group:team: takes over group g9 ("PRIMARY/Team"): 1 member is in it, and 1 more is to come
    ! not adopted user:bob: account 2 (bob@x.example) matches, but it is a member of group:team, which bob is not declared to be in
    ! members nobody declared group:team: 1 member nobody declared: 2
    "#);
}

#[test]
fn rule_04_a_group_that_links_names_and_another_entry_has_is_a_suspected_rename() {
    let world = world()
        .people(&["ada"])
        .completed()
        .assign("", "user:ada")
        .app("groups: {push: [crew], remove: delete}")
        .app("links: {'group:crew': g1}")
        .yaml("access/g.yaml", "groups: {crew: {name: Crew, members: [user:ada]}}")
        .has("ada", "1")
        .group("g1 Team: 1")
        .group_link("group:team g1: ada");
    assert_snapshot!(world.plan().short(), @"! renamed? group:crew: group:team is not declared for this app any more, and group:crew would be the same group of the app: neither is changed");
}
