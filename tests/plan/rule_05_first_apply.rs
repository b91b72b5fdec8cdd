//! Rule 5: until one full apply has run to its end, nothing is removed or disabled.

use insta::assert_snapshot;

use super::world::{World, world};

fn first() -> World {
    world()
        .people(&["ada"])
        .assign("", "user:ada")
        .person("bob", "status: left")
        .person("cy", "end: 2026-06-01")
        .person("dan", "status: suspended")
}

#[test]
fn rule_05_leavers_with_a_live_account_are_adopted_first_and_disabled_next() {
    let world = first()
        .account("1 userName=ada@x.example")
        .account("2 userName=bob@x.example")
        .account("3 userName=cy@x.example")
        .account("4 userName=dan@x.example");
    let outcome = world.plan();
    assert_snapshot!(outcome.short(), @r"
    3 adopt user:ada (config)
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    3 adopt user:bob (left)
    3 adopt user:cy (left)
    3 adopt user:dan (left)
    ! still has access user:bob: account 2 (bob@x.example) is active
    ! still has access user:cy: account 3 (cy@x.example) is active
    ! still has access user:dan: account 4 (dan@x.example) is active
    ");
    assert!(outcome.app().is_partial());
    assert_snapshot!(outcome.text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 4 people declared

    hr  https://hr.example/scim
      4 to adopt, 1 attribute to update

      Still has access (3)
        ! account 2 (bob@x.example) is active  access/people.yaml:3
        ! account 3 (cy@x.example) is active  access/people.yaml:4
        ! account 4 (dan@x.example) is active  access/people.yaml:5
          hint: this plan adopts the account, and the next one disables it, held by guard:takeover until it is allowed

      People (1)
        ~ ada (ada Test)  update externalId: (none) → ada  (config)
            because user:ada  access/people.yaml:2
                and mapped to externalId  rolecall.yaml:11

      Adopting existing accounts and groups, nothing is sent (4)
        = ada (ada Test)  adopt account 1 (ada@x.example)  (config)
            because account 1 (ada@x.example) matches user:ada by userName  access/people.yaml:2
        = bob (bob Test)  adopt account 2 (bob@x.example)  (left)
            because account 2 (bob@x.example) matches user:bob by userName  access/people.yaml:3
        = cy (cy Test)  adopt account 3 (cy@x.example)  (left)
            because account 3 (cy@x.example) matches user:cy by userName  access/people.yaml:4
        = dan (dan Test)  adopt account 4 (dan@x.example)  (left)
            because account 4 (dan@x.example) matches user:dan by userName  access/people.yaml:5

    Total: 4 to adopt, 1 attribute to update
    ");
    let next = world.applied().allow("takeover", 3);
    assert_snapshot!(next.plan().short(), @r"
    1 disable user:bob (left)
    1 disable user:cy (expiry)
    1 disable user:dan (left)
    allowed takeover: 3 people, 0 allowed
    ");
    assert_snapshot!(next.applied().plan().short(), @"! advice: --allow hr:takeover=3 lets nothing pass: the guard holds nobody in this plan");
}

#[test]
fn rule_05_a_leaver_whose_account_cannot_be_adopted_still_has_access() {
    let world = first().account("2 userName=bob@x.example externalId=other");
    let outcome = world.plan();
    assert_snapshot!(outcome.short(), @r"
    4 create user:ada (config)
    ! still has access user:bob: account 2 (bob@x.example) is active
    ");
    assert_snapshot!(outcome.hints("still has access"), @r#"it is not taken over, because its externalId is "other", which is not ours; disable it in the app, or name it below `links:`"#);
    let listed = first().app("adopt: listed").account("2 userName=bob@x.example");
    assert_snapshot!(listed.plan().hints("still has access"), @"it is not taken over, because `adopt: listed` allows only what stands below `links:`; disable it in the app, or name it below `links:`");
}

#[test]
fn rule_05_nothing_is_removed_before_a_full_apply() {
    let mut world = first()
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .app("groups: {push: [team], remove: delete}")
        .has("ada", "1")
        .has("bob", "2")
        .has("eve", "5")
        .group("g1 team: 1")
        .group("g2 old: 1")
        .group_link("group:team g1: ada")
        .group_link("group:old g2: ada");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:bob (left) HELD by first-apply
    8 remove member group:team/member:ada (config) HELD by first-apply
    9 disable user:eve (config) HELD by first-apply
    9 delete group group:old (config) HELD by first-apply
    ! still has access user:bob: has an active account, and no full apply of this app has run to its end
    ");
    assert_snapshot!(world.plan().why("group:team/member:ada"), @r"
    nothing makes user:ada a member of group:team any more access/g.yaml:1
    held: until a full apply of this app has run to its end, nobody is removed: apply, then plan again
    ");
    world.ledger.completed = Some(world.at);
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:bob (left)
    8 remove member group:team/member:ada (config)
    9 disable user:eve (config)
    9 delete group group:old (config)
    ");
}
