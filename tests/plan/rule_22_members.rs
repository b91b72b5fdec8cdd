//! Members that are left out, cut or odd are unread, and whoever is owed a removal gets it (safety.md 22).

use insta::assert_snapshot;

use rolecall::model::op::MemberList;

use super::world::{World, world};

/// A pushed group whose members are ada and bob, both added by us.
pub(super) fn team(members: &str) -> World {
    world()
        .people(&["ada", "bob"])
        .assign("", "user:ada, user:bob")
        .yaml("access/g.yaml", "groups: {team: {members: [user:ada, user:bob]}}")
        .app("groups: {push: [team]}")
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .group(&format!("g1 team: {members}"))
        .group_link("group:team g1: +ada +bob")
}

fn without_bob(world: World) -> World {
    world.yaml("access/g.yaml", "groups: {team: {members: [user:ada]}}")
}

#[test]
fn rule_22_members_that_only_the_group_itself_shows_are_asked_for() {
    for sign in ["listed:left-out", "listed:odd"] {
        let world = team(&format!("1 2 {sign}"));
        let outcome = world.plan();
        assert_eq!(outcome.asked, ["g1"]);
        assert_eq!(outcome.short(), "");
        assert_eq!(
            without_bob(world).plan().short().trim(),
            "8 remove member group:team/member:bob (config)"
        );
    }
}

#[test]
fn rule_22_the_plan_counts_the_requests_for_groups() {
    let of = |number: usize| {
        let ids: Vec<String> = (0..number).map(|group| format!("t{group}")).collect();
        let declared: Vec<String> = ids.iter().map(|id| format!("{id}: {{members: [user:ada]}}")).collect();
        let company = world()
            .people(&["ada"])
            .assign("", "user:ada")
            .yaml("access/g.yaml", &format!("groups: {{{}}}", declared.join(", ")))
            .app(&format!("groups: {{push: [{}]}}", ids.join(", ")))
            .completed()
            .has("ada", "1");
        ids.iter().fold(company, |world, id| {
            world
                .group(&format!("g{id} {id}: 1 listed:left-out"))
                .group_link(&format!("group:{id} g{id}: +ada"))
        })
    };
    assert_snapshot!(of(3).plan().short(), @"");
    assert_snapshot!(of(5).plan().short(), @"! advice: the listing of groups does not show all members: 5 requests asked for one group each");
    assert_eq!(of(5).plan().asked.len(), 5);
}

#[test]
fn rule_22_members_that_are_shown_nowhere_are_assumed_and_removed_by_name() {
    for sign in ["members:left-out", "members:odd", "?"] {
        let world = team(&format!("1 2 {sign}"));
        let short = world.plan().short();
        assert!(!short.contains("member:"), "{sign}: {short}");
        let short = without_bob(world).plan().short();
        assert!(short.starts_with("8 remove member group:team/member:bob (config)\n"), "{sign}: {short}");
        assert!(short.contains("cannot be verified"), "{sign}: {short}");
    }
}

#[test]
fn rule_22_a_removal_that_is_acknowledged_is_not_repeated() {
    let after = without_bob(team("1 2 ?")).applied();
    assert_snapshot!(after.plan().short(), @"! advice group:team: its members cannot be read, so that removals cannot be verified: the app does not show it");
}

#[test]
fn rule_22_somebody_who_left_is_taken_out_of_a_group_that_does_not_show_its_members() {
    let world = team("1 2 ?").person("bob", "status: left");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:bob (left)
    1 remove member group:team/member:bob (left)
    ! advice group:team: its members cannot be read, so that removals cannot be verified: the app does not show it
    ");
    let gone = team("1 2 ?")
        .without("bob")
        .yaml("access/g.yaml", "groups: {team: {members: [user:ada]}}")
        .yaml("access/assign-0.yaml", "assignments: [{app: hr, members: [user:ada]}]");
    assert_snapshot!(gone.plan().short(), @r"
    8 remove member group:team/member:bob (config)
    9 disable user:bob (config)
    ! advice group:team: its members cannot be read, so that removals cannot be verified: the app does not show it
    ");
}

#[test]
fn rule_22_a_list_that_is_left_out_is_none_where_nothing_says_otherwise() {
    let nobody = team("members:left-out").group_link("group:team g1:");
    assert_snapshot!(nobody.plan().short(), @r"
    7 add member group:team/member:ada (config)
    7 add member group:team/member:bob (config)
    ");
    // Another group of the app shows an empty list: what is left out may be anything.
    let other = nobody.group("g2 other:");
    assert_snapshot!(other.plan().short(), @r"
    7 add member group:team/member:ada (config)
    7 add member group:team/member:bob (config)
    ! advice group:team: its members cannot be read, so that removals cannot be verified: the app leaves it out
    ");
}

#[test]
fn rule_22_a_privileged_role_is_not_given_again_because_a_list_left_it_out() {
    let world = world()
        .people(&["ada", "bob"])
        .app("roles: {admin: {group: Admins, privileged: true}}")
        .assign("admin", "user:ada, user:bob")
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .group("g1 Admins: 1 2 listed:left-out")
        .group_link("role:admin g1: +ada +bob");
    assert_snapshot!(world.plan().short(), @"");
    let mut nowhere = world.clone();
    nowhere.things.get_mut("g1").unwrap().unread = Some(rolecall::model::seen::Unread::LeftOut);
    assert_snapshot!(nowhere.plan().short(), @"! advice role:admin: its members cannot be read, so that removals cannot be verified: the app leaves it out");
}

/// A group of one person more than the app shows, all of whom we added.
fn one_more_than(shown: usize) -> World {
    let people: Vec<String> = (0..=shown).map(|number| format!("p{number:03}")).collect();
    let ids: Vec<&str> = people.iter().map(String::as_str).collect();
    let members = ids.iter().map(|id| format!("user:{id}")).collect::<Vec<_>>().join(", ");
    let mut world = world()
        .people(&ids)
        .assign("", &members)
        .yaml("access/g.yaml", &format!("groups: {{team: {{members: [{members}]}}}}"))
        .app("groups: {push: [team]}")
        .completed();
    for (number, id) in ids.iter().enumerate() {
        world = world.has(id, &number.to_string());
    }
    let shown = (0..shown).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
    let added = ids.iter().map(|id| format!("+{id}")).collect::<Vec<_>>().join(" ");
    world.group(&format!("g1 team: {shown}")).group_link(&format!("group:team g1: {added}"))
}

#[test]
fn rule_22_lists_that_may_be_cut_are_unread() {
    let cut = one_more_than(50);
    assert_snapshot!(cut.plan().short(), @"! advice group:team: its members cannot be read, so that removals cannot be verified: 50 are shown, which may be as many as the app shows at most");
    assert_snapshot!(one_more_than(100).plan().short(), @"! advice group:team: its members cannot be read, so that removals cannot be verified: 100 are shown, which may be as many as the app shows at most");
    assert_snapshot!(one_more_than(51).plan().short(), @"7 add member group:team/member:p051 (drift)");
    // Apply has to know it: the connector reads the list again, and cannot tell.
    let list = |world: &World| world.plan().app().work.member_lists.values().copied().collect::<Vec<_>>();
    assert_eq!(list(&cut), [MemberList::Cut]);
    assert_eq!(list(&one_more_than(51)), [MemberList::Whole]);
    // A member whom we found there is missing: that is a change in the app.
    let mut found = cut.clone();
    for link in found.ledger.groups.values_mut() {
        link.added.remove("p050");
    }
    assert_snapshot!(found.plan().short(), @"7 add member group:team/member:p050 (drift)");
    let mut capped = cut.clone();
    capped.capabilities.members_cap = Some(60);
    assert_snapshot!(capped.plan().short(), @"7 add member group:team/member:p050 (drift)");
}

#[test]
fn rule_22_three_groups_are_asked_for_before_all() {
    let mut world = world().people(&["ada"]).assign("", "user:ada").completed().has("ada", "1");
    let names: Vec<String> = (0..8).map(|number| format!("t{number}")).collect();
    let groups =
        names.iter().map(|name| format!("{name}: {{members: [user:ada]}}")).collect::<Vec<_>>().join(", ");
    world = world
        .yaml("access/g.yaml", &format!("groups: {{{groups}}}"))
        .app(&format!("groups: {{push: [{}]}}", names.join(", ")));
    let with = |sign: &str| {
        names.iter().fold(world.clone(), |world, name| {
            world
                .group(&format!("g{name} {name}: 1 {sign}"))
                .group_link(&format!("group:{name} g{name}: +ada"))
        })
    };
    assert_eq!(with("members:left-out").plan().asked.len(), 3);
    assert_eq!(with("listed:left-out").plan().asked.len(), 8);
    assert_eq!(with("").plan().asked.len(), 0);
}

#[test]
fn rule_22_a_group_inside_a_group_is_called_a_group() {
    let world = team("1 2 g2").group("g2 Contractors:").app_once("groups: {push: [team], members: exact}");
    assert_snapshot!(world.plan().short(), @"! members nobody declared group:team: 1 group is in it, whose people have what it gives: Contractors (g2), with 0 people");
}

#[test]
fn rule_04_people_of_a_group_inside_are_counted_once() {
    let world = team("1 2 g2 g3").group("g2 Contractors: 2 7 8").group("g3 Guests: 8 9");
    assert_snapshot!(world.plan().short(), @"! members nobody declared group:team: 2 groups are in it, whose people have what it gives: Contractors (g2), Guests (g3), with 4 people");
    let exact = world.app_once("groups: {push: [team], members: exact}");
    assert_snapshot!(exact.plan().hints("members nobody declared"), @"`groups.nested: remove` removes it");
    let removed = exact.app_once("groups: {push: [team], members: exact, nested: remove}");
    assert_snapshot!(removed.plan().short(), @r"
    8 remove member group:team/stranger:g2: group Contractors (g2) -> nothing (unmanaged) HELD by guard:membership
    8 remove member group:team/stranger:g3: group Guests (g3) -> nothing (unmanaged) HELD by guard:membership
    ! members nobody declared group:team: 2 groups are in it, whose people have what it gives: Contractors (g2), Guests (g3), with 4 people
    TRIPPED membership: 3 people, 2 allowed
    ");
    assert_snapshot!(removed.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 2 people declared

    hr  https://hr.example/scim
      nothing to do; 2 changes held back

      Held back, not done by apply: 2 changes
        by guard:membership
          - remove from group team, 2 people  (unmanaged): group Contractors (g2), group Guests (g3)

      Guards
        TRIPPED  membership: 3 people, 2 allowed
                 hint: if this is meant, repeat with --allow hr:membership=3; if not, take the edit back

      Members nobody declared (1)
        ! group team: 2 groups are in it, whose people have what it gives: Contractors (g2), Guests (g3), with 4 people
          hint: `nested: remove` removes it

    Total: nothing to do; 2 changes held back
    ");
}

/// A list that ends at the app's limit may have been cut, and a group inside is not read.
#[test]
fn rule_04_people_of_a_group_inside_are_not_known_if_its_list_may_be_short() {
    let world = team("1 2 g2").group("g2 Contractors: 2 7 8");
    let capped = |cap| world.clone().cannot(move |app| app.members_cap = Some(cap));
    assert!(capped(4).plan().short().ends_with("Contractors (g2), with 3 people\n"));
    assert!(capped(3).plan().short().ends_with("Contractors (g2), with people who are not known\n"));
    let deeper = world.group("g2 Contractors: 2 7 g3").group("g3 Guests: 8 9");
    assert!(deeper.plan().short().ends_with("Contractors (g2), with people who are not known\n"));
}

#[test]
fn rule_04_a_removal_that_leaves_access_by_a_group_inside_says_so() {
    let world = without_bob(team("1 2 g2").group("g2 Contractors: 2"));
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:bob (config)
    ! still has access user:bob: leaves group:team and keeps what it gives by group Contractors (g2), which is inside it
    ! members nobody declared group:team: 1 group is in it, whose people have what it gives: Contractors (g2), with 1 person
    ");
}

#[test]
fn rule_22_an_id_in_another_spelling_is_the_same_account() {
    let team = |members: &str| {
        let mut world = world()
            .people(&["ada", "bob"])
            .assign("", "user:ada, user:bob")
            .yaml("access/g.yaml", "groups: {team: {members: [user:ada, user:bob]}}")
            .app("groups: {push: [team], members: exact}")
            .completed();
        world = world.has("ada", "5d-a").has("bob", "5d-b");
        world.group(&format!("g1 team: {members}")).group_link("group:team g1: +ada +bob")
    };
    assert_snapshot!(team("5D-A 5D-B").plan().short(), @"");
    assert_snapshot!(without_bob(team("5D-A 5D-B")).plan().short(), @"8 remove member group:team/member:bob (config)");
    // Another account has the other spelling.
    let other = team("5D-A 5d-b").account("5D-A userName=x@x.example");
    assert_snapshot!(other.plan().short(), @r"
    7 add member group:team/member:ada (drift)
    8 remove member group:team/stranger:5D-A: x@x.example -> nothing (unmanaged)
    ! unmanaged accounts: 1 active account nobody declared for this app: x@x.example
    ");
}

/// A list that ends at the app's limit says nothing of a member who was found there before.
#[test]
fn rule_22_a_found_member_whom_a_list_at_the_apps_limit_leaves_out_is_not_added_again() {
    let capped = |cap| {
        let team = team("1 9 10").group_link("group:team g1: ada bob");
        team.cannot(move |app| app.members_cap = Some(cap)).plan().short()
    };
    assert!(!capped(3).contains("add member"), "{}", capped(3));
    assert!(capped(4).contains("add member group:team/member:bob (drift)"), "{}", capped(4));
}

#[test]
fn rule_22_a_group_that_links_names_is_asked_for_too() {
    let world = team("1 2").group("g1 Crew: 1 2 listed:left-out").group("g9 Others: 1");
    let mut world = world.app("links: {'group:team': g1}");
    world.ledger.groups.clear();
    assert_eq!(world.plan().asked, ["g1"]);
}

/// A group of the app that a plan takes over is asked for once, even if no listed group shows members.
#[test]
fn rule_22_a_group_that_is_taken_over_is_asked_for_once() {
    let admins = |members: &str| {
        world()
            .people(&["ada", "bob"])
            .app("roles: {admin: {group: Admins, privileged: true}}")
            .assign("admin", "user:ada")
            .completed()
            .has("ada", "1")
            .has("bob", "2")
            .group(&format!("g1 Admins: {members}"))
    };
    let world = admins("1 2 listed:left-out");
    let plan = world.plan();
    assert_eq!(plan.asked, ["g1"]);
    assert_snapshot!(plan.short(), @r#"
    6 adopt role:admin: nothing -> Admins (config)
    9 disable user:bob (config)
    ! groups taken over role:admin: takes over group g1 ("Admins"), which gives a privileged role: 2 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of role:admin, which this plan takes over, and is not declared to be
    "#);
    // Whom it found is still remembered as found there.
    assert_snapshot!(world.applied().plan().short(), @r"
    8 revoke role user:bob/role:admin: admin -> nothing (takeover) privileged HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    // Absent there too: nobody is in it, and nothing is asked again.
    let nobody = admins("members:left-out");
    assert_eq!(nobody.plan().asked, ["g1"]);
    let after = nobody.applied();
    assert_snapshot!(after.plan().short(), @"! advice role:admin: its members cannot be read, so that removals cannot be verified: the app leaves it out");
}

/// Of two former members neither a declaration nor an account is left, so that they cannot be named to the app.
#[test]
fn rule_22_former_members_who_cannot_be_named_are_given_as_a_number() {
    let world = team("1 2 ?").group_link("group:team g1: +ada +bob +cy +dan");
    let outcome = world.plan();
    assert_snapshot!(outcome.short(), @r"
    8 remove member group:team/member:cy (config)
    8 remove member group:team/member:dan (config)
    ! still has access group:team: 2 former members may still have access: the members cannot be read, and their accounts are not known any more
    ! advice group:team: its members cannot be read, so that removals cannot be verified: the app does not show it
    ");
    assert_snapshot!(outcome.hints("still has access"), @"look at the members of the group in the app");
    assert!(outcome.app().is_partial());
    let one = team("1 2 ?").group_link("group:team g1: +ada +bob +cy");
    assert_snapshot!(one.plan().notices("still has access"), @"1 former member may still have access: the members cannot be read, and their accounts are not known any more");
    // Where the members can be read, nobody is left.
    let read = team("1 2").group_link("group:team g1: +ada +bob +cy +dan");
    assert_snapshot!(read.plan().short(), @"");
}
