//! Rule 9: unknown is not false.

use insta::assert_snapshot;

use super::world::{World, world};

/// ada has no type, so the rule cannot be decided for her.
fn contractors() -> World {
    world()
        .people(&["ada"])
        .person("bob", "attributes: {type: contractor}")
        .person("cy", "attributes: {type: employee}")
        .yaml("access/g.yaml", "groups: {ext: {rule: 'user.attributes.type == \"contractor\"'}}")
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .has("cy", "3")
}

#[test]
fn rule_09_an_undecided_rule_freezes_the_account() {
    let world = contractors().assign("", "group:ext");
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:cy (config)
    ! undecided user:ada: membership of an assigned group is undecided
    ");
    assert_snapshot!(world.findings(), @r"
    Subject access/people.yaml:2 unknown-membership: cannot say whether ada is in group ext: `user.attributes.type` is not set
      hint: give the attribute a value, or guard the rule with `has(…)`; until then nothing changes for this person
    Subject access/people.yaml:2 unknown-scope: ada in app hr: membership of an assigned group is undecided
      hint: until this is decided, nothing changes for this person in this app
    ");
    assert!(world.plan().app().is_partial());
}

#[test]
fn rule_09_an_undecided_rule_freezes_memberships_too() {
    let world = contractors()
        .assign("", "user:ada, user:bob, user:cy")
        .app("groups: {push: [ext]}")
        .group("g1 ext: 1 3")
        .group_link("group:ext g1: ada cy");
    assert_snapshot!(world.plan().short(), @r"
    7 add member group:ext/member:bob (config)
    8 remove member group:ext/member:cy (config)
    ! undecided user:ada: cannot say whether they should be in group:ext
    ");
}

#[test]
fn rule_09_unknown_spreads_through_nesting() {
    let world = contractors()
        .yaml("access/n.yaml", "groups: {outer: {members: [group:ext, user:cy]}}")
        .assign("", "group:outer");
    assert_snapshot!(world.plan().short(), @"! undecided user:ada: membership of an assigned group is undecided");
}

#[test]
fn rule_09_an_undecided_filter_freezes_the_account() {
    let world = contractors()
        .app("users: {filter: 'user.attributes.type == \"employee\"'}")
        .assign("", "user:ada, user:bob, user:cy");
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:bob (config)
    ! undecided user:ada: the app's filter is undecided: `user.attributes.type` is not set
    ");
}

/// As for ada, who is suspended as well.
fn suspended() -> World {
    contractors().person("ada", "status: suspended")
}

#[test]
fn rule_09_a_suspended_person_loses_the_account_while_the_scope_is_undecided() {
    let by_rule = suspended().assign("", "group:ext, user:bob, user:cy");
    assert_snapshot!(by_rule.plan().short(), @r"
    1 disable user:ada (left)
    ! undecided user:ada: membership of an assigned group is undecided
    ");
    assert_snapshot!(by_rule.findings(), @r"
    Subject access/people.yaml:2 unknown-membership: cannot say whether ada is in group ext: `user.attributes.type` is not set
      hint: give the attribute a value, or guard the rule with `has(…)`; until then nothing changes for this person
    Subject access/people.yaml:2 unknown-scope: ada in app hr: membership of an assigned group is undecided
      hint: `status: suspended` turns the account off all the same; until this is decided, roles and groups stay as they are
    ");
    let everybody = "user:ada, user:bob, user:cy";
    let by_filter = suspended().app("users: {filter: 'user.attributes.type != null'}").assign("", everybody);
    let filter = "users: {filter: 'user.attributes.type == \"employee\" || user.id == \"bob\"'}";
    let by_filter = by_filter.app_once(filter);
    assert_snapshot!(by_filter.plan().short(), @r"
    1 disable user:ada (left)
    ! undecided user:ada: the app's filter is undecided: `user.attributes.type` is not set
    ");
    // An account that nobody linked yet is the suspended person's.
    let mut unlinked = by_filter.clone();
    unlinked.ledger.users.remove("ada");
    assert_snapshot!(unlinked.plan().short(), @r"
    3 adopt user:ada (left)
    ! still has access user:ada: account 1 (ada@x.example) is active
    ! undecided user:ada: the app's filter is undecided: `user.attributes.type` is not set
    ");
    // One that is off stays off, and one that another hand turns on is turned off again.
    let off = by_filter.before(contractors()).link("ada 1 disabled=2026-06-01");
    assert_snapshot!(off.plan().short(), @r"
    1 disable user:ada (left)
    ! on again user:ada: rolecall disabled account 1 on 2026-06-01, 14 days ago, and it is on again
    ! undecided user:ada: the app's filter is undecided: `user.attributes.type` is not set
    ");
    let off = off.account("1 userName=ada@x.example externalId=ada inactive");
    assert_snapshot!(off.plan().short(), @"! undecided user:ada: the app's filter is undecided: `user.attributes.type` is not set");
}

#[test]
fn rule_09_the_grants_of_a_suspended_person_wait_for_the_rule() {
    let world = suspended()
        .app("roles: {ext: {group: Externals, privileged: true}}")
        .app("groups: {push: [ext]}")
        .assign("ext", "group:ext, user:cy")
        .group("g1 Externals: 1 2 3")
        .group_link("role:ext g1: ada bob cy")
        .group("g2 ext: 1 2")
        .group_link("group:ext g2: ada bob");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:ada (left)
    ! undecided user:ada: membership of an assigned group is undecided
    ");
    // A rule that says no is no doubt.
    let world = world.yaml(
        "access/g.yaml",
        "groups: {ext: {rule: 'has(user.attributes.type) && user.attributes.type == \"contractor\"'}}",
    );
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:ada (left)
    8 revoke role user:ada/role:ext: ext -> nothing (config) privileged
    8 remove member group:ext/member:ada (config)
    ");
}

#[test]
fn rule_09_an_end_that_passed_is_known_of_earlier_commits_too() {
    let filter = "users: {filter: 'user.attributes.type == \"employee\"'}";
    let then = contractors().person("ada", "end: 2026-05-31").app(filter).assign("", "user:ada, user:cy");
    let world = contractors()
        .person("ada", "attributes: {type: employee}")
        .app(filter)
        .assign("", "user:ada, user:cy")
        .account("1 userName=ada@x.example externalId=ada inactive")
        .link("ada 1 disabled=2026-06-01 commit=gone")
        .commit("gone", then.clone())
        .before(then);
    assert_snapshot!(world.plan().short(), @r"
    4 enable user:ada (config)
    9 disable user:bob (config)
    ! turned on again user:ada: account 1 of ada was disabled on 2026-06-01, 14 days ago, and is turned on again because of its person's declaration
    ");
}

#[test]
fn rule_09_undecided_roles_stay_as_they_are() {
    let world = contractors()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {ext: {}, member: {precedence: 2}}")
        .assign("member", "user:ada, user:bob, user:cy")
        .assign("ext", "group:ext")
        .managed("ext=ext member=member")
        .account("1 userName=ada@x.example externalId=ada roles=[ext]");
    assert_snapshot!(world.plan().short(), @r"
    7 grant role user:bob/role:ext: nothing -> ext (config)
    7 grant role user:bob/role:member: nothing -> member (config)
    7 grant role user:cy/role:member: nothing -> member (config)
    ! undecided user:ada: cannot say whether they should have role ext
    ");
}

#[test]
fn rule_09_a_person_whose_mapping_fails_keeps_what_they_have() {
    let world = world()
        .mapping("{match: [userName], attributes: {userName: user.email, externalId: user.attributes.type}}")
        .mapping(
            "{match: [externalId], attributes: {userName: user.email, externalId: user.attributes.type}}",
        )
        .people(&["ada"])
        .person("bob", "attributes: {type: b}")
        .assign("", "user:ada, user:bob")
        .yaml("access/g.yaml", "groups: {team: {members: [user:bob]}}")
        .app("groups: {push: [team]}")
        .completed()
        .account("1 userName=ada@x.example externalId=a")
        .link("ada 1 externalId=a")
        .group("g1 team: 1")
        .group_link("group:team g1: ada");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:bob (config)
    7 add member group:team/member:bob (config)
    ! undecided user:ada: externalId is required and has no value
    ");
}

#[test]
fn rule_09_absent_clears_an_optional_attribute() {
    let world = world().people(&["ada"]).assign("", "user:ada").completed();
    let world = world.account("1 userName=ada@x.example externalId=ada title=Boss").link("ada 1 title=Boss");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:title: Boss -> nothing (config)");
}

fn with_rule(world: World, rule: &str) -> World {
    world.yaml("access/g.yaml", &format!("groups: {{team: {{rule: '{rule}'}}}}"))
}

#[test]
fn rule_09_the_hint_at_an_unguarded_attribute_names_who_lacks_it() {
    let everybody = world().person("ada", "title: Boss").person("bob", "title: Clerk");
    let rule = r#"user.title == "Boss""#;
    assert_eq!(with_rule(everybody.clone(), rule).mistakes(), "");
    // People who have left are asked nothing.
    let gone = everybody.clone().person("cy", "status: left");
    assert_eq!(with_rule(gone, rule).mistakes(), "");
    let one = everybody.clone().people(&["cy"]).person("dee", "status: left");
    assert_snapshot!(with_rule(one.clone(), rule).mistakes(), @r"
    Tree access/g.yaml:1 expr-optional: unknown for 1 person without `user.title`, whose access then stays as it is: cy
      hint: `has(user.title) && …` leaves them out
    ");
    assert_eq!(with_rule(one, r#"has(user.title) && user.title == "Boss""#).mistakes(), "");
    let ids: Vec<String> = (0..25).map(|number| format!("p{number:02}")).collect();
    let many = everybody.people(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    assert_snapshot!(with_rule(many.clone(), rule).mistakes(), @r"
    Tree access/g.yaml:1 expr-optional: unknown for 25 people without `user.title`, whose access then stays as it is: p00, p01, p02, p03, p04, p05, p06, p07, p08, p09 and 15 more
      hint: `has(user.title) && …` leaves them out
    ");
    assert_snapshot!(with_rule(many, r#"user.manager.title == "Boss""#).mistakes(), @r"
    Tree access/g.yaml:1 expr-optional: unknown for 27 people without `user.manager`, whose access then stays as it is: ada, bob, p00, p01, p02, p03, p04, p05, p06, p07 and 17 more
      hint: `has(user.manager) && …` leaves them out
    ");
}

#[test]
fn rule_09_a_part_of_a_name_may_be_absent() {
    let suharto = world()
        .people(&["ada"])
        .yaml("access/s.yaml", "users: {suharto: {name: Suharto, email: suharto@x.example}}");
    let world = with_rule(suharto.clone(), r#"user.name.given == "ada""#);
    assert_snapshot!(world.mistakes(), @r"
    Tree access/g.yaml:1 expr-optional: unknown for 1 person without `user.name.given`, whose access then stays as it is: suharto
      hint: `has(user.name.given) && …` leaves them out
    ");
    assert_snapshot!(world.findings(), @r"
    Subject access/s.yaml:1 unknown-membership: cannot say whether suharto is in group team: `user.name.given` is not set
      hint: give the attribute a value, or guard the rule with `has(…)`; until then nothing changes for this person
    ");
    assert_eq!(with_rule(suharto, r#"user.name.display == "Suharto""#).mistakes(), "");
}

#[test]
fn rule_09_the_hint_holds_for_filters_and_booleans_of_mappings() {
    let world = world().person("ada", "title: Boss").people(&["bob"]);
    let filter = world.clone().app(r#"users: {filter: 'user.title == "Boss"'}"#);
    assert_snapshot!(filter.mistakes(), @r"
    Tree access/hr.yaml:6 expr-optional: unknown for 1 person without `user.title`, whose access then stays as it is: bob
      hint: `has(user.title) && …` leaves them out
    ");
    let mapping = world.mapping(
        r#"{match: [userName], attributes: {userName: user.email, urn:example:user:boss: 'user.title == "Boss"'}}"#,
    );
    assert_snapshot!(mapping.mistakes(), @r"
    Tree rolecall.yaml:9 expr-optional: null for 1 person without `user.title`, which clears the attribute: bob
      hint: `coalesce(…, false)` makes it false
    ");
}

#[test]
fn rule_09_a_rule_that_is_true_for_nobody_is_hinted_at() {
    let people = world().person("ada", "title: Boss").person("bob", "title: Boss, status: left");
    assert_snapshot!(with_rule(people.clone(), r#"user.title == "boss""#).findings(), @r"
    Tree access/g.yaml:1 rule-without-match: the rule of group team is true for nobody in the tree
      hint: compare its texts with what people have: a letter, its case or a blank may differ
    ");
    assert_eq!(with_rule(people.clone(), r#"user.title == "Boss""#).findings(), "");
    assert_snapshot!(with_rule(people.clone(), r#"user.id == "bob""#).findings(), @r"
    Tree access/g.yaml:1 rule-without-match: the rule of group team is true for nobody in the tree
      hint: compare its texts with what people have: a letter, its case or a blank may differ
    ");
    // Nobody knows about cy, so nobody can say that it is true for nobody.
    let unknown = with_rule(people.people(&["cy"]), r#"user.title == "boss""#);
    assert!(!unknown.findings().contains("rule-without-match"), "{}", unknown.findings());
    assert_eq!(with_rule(world(), r#"user.id == "bob""#).findings(), "");
}
