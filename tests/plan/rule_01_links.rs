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
    assert_snapshot!(world.plan().short(), @"");
    assert_snapshot!(world.plan().text(), @"");
    assert_snapshot!(world.applied().plan().short(), @"");
}
