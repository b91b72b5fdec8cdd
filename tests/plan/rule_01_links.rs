//! Rule 1: links are hints, verified before every write.

use insta::assert_snapshot;

use super::world::world;

#[test]
fn rule_01_a_linked_account_with_a_known_value_is_written() {
    let world = world()
        .person("ada", "title: Analyst")
        .assign("", "user:ada")
        .completed()
        .has("ada", "1");
    assert_snapshot!(world.plan().short(), @r"
    3 update user:ada/attribute:title: nothing -> Analyst (config)
    ");
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
