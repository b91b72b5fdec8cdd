//! Rule 13: what another hand did stays known when an app is given up and taken up again.

use insta::assert_snapshot;
use rolecall::model::intervention::Hand;

use super::rule_13_drift::{auditors, disabled_by_somebody, settled};
use super::world::World;

const KEEP: &str = "removed: {accounts: keep}";

/// Given up in one apply, and taken up again in the next commit.
fn up_again(world: &World) -> World {
    let given_up = world.clone().app(KEEP).applied();
    assert!(given_up.ledger.users.is_empty() && given_up.ledger.groups.is_empty());
    given_up.without_app(KEEP)
}

/// Security took the role of ada that is a group.
pub(super) fn stripped() -> World {
    let mut world = auditors();
    world.things.get_mut("new-role:auditor").unwrap().members.as_mut().unwrap().clear();
    world
}

/// Security took the role of ada that is a value.
pub(super) fn without_admin() -> World {
    let mut world = settled();
    let roles = rolecall::model::Value::List(vec!["member".into()]);
    world.things.get_mut("new-ada").unwrap().values.insert("roles".into(), roles);
    world
}

pub(super) fn has_power(world: &World) -> bool {
    let group = world.things.get("new-role:auditor").and_then(|group| group.members.as_ref());
    let roles = world.things["new-ada"].values.get("roles");
    group.is_some_and(|members| members.contains("new-ada"))
        || roles.is_some_and(|roles| format!("{roles:?}").contains("admin"))
}

#[test]
fn rule_13_an_app_that_is_taken_up_again_gives_back_no_role_that_was_taken() {
    for taken in [stripped().applied(), without_admin().applied()] {
        let mut again = up_again(&taken);
        for _ in 0..3 {
            again = again.applied();
            assert!(!has_power(&again), "{}", again.plan().text());
        }
        assert!(has_power(&again.clone().enable("ada").applied()));
    }
    assert_snapshot!(up_again(&stripped().applied()).applied().plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (auditor)");
    // The plan that forgets the app may be the first that sees it.
    for taken in [stripped(), without_admin()] {
        let again = up_again(&taken).applied().applied();
        assert!(!has_power(&again), "{}", again.plan().text());
    }
}

#[test]
fn rule_13_an_app_that_is_taken_up_again_makes_no_account_again() {
    let gone = settled().gone("new-ada");
    for gone in [gone.applied(), gone] {
        let again = up_again(&gone).plan().short();
        assert!(again.starts_with("! left as another hand left it: 1 account is not made again"), "{again}");
        let told = up_again(&gone).recreate("ada").plan().short();
        assert!(told.contains("4 create user:ada") && told.contains("! turned on again user:ada"), "{told}");
    }
}

#[test]
fn rule_13_an_app_that_is_taken_up_again_turns_no_account_on() {
    let off = disabled_by_somebody();
    for off in [off.applied(), off] {
        let again = up_again(&off);
        assert!(again.ledger.interventions.keys().any(|(_, hand)| *hand == Hand::Disabled));
        let bound = again.app("links: {ada: new-ada}").applied();
        assert!(!bound.things["new-ada"].active && bound.enable("ada").applied().things["new-ada"].active);
    }
}
