//! Rule 22: roles that accounts leave out, where an attribute keeps them.

use insta::assert_snapshot;
use rolecall::model::Value;

use super::world::{World, world};

const IDS: [&str; 5] = ["u1", "u2", "u3", "u4", "u5"];

/// Five people with accounts and roles: two are administrators.
fn company(mapping: &str) -> World {
    let all = IDS.map(|id| format!("user:{id}")).join(", ");
    let world = world()
        .mapping(&format!("{{match: [userName], attributes: {{userName: user.email, {mapping}}}}}"))
        .app("roles: {admin: {privileged: true, precedence: 1}, member: {precedence: 2}}")
        .people(&IDS)
        .completed();
    admins(world, "user:u1, user:u2")
        .yaml("access/all.yaml", &format!("assignments: [{{app: hr, role: member, members: [{all}]}}]"))
        .applied()
        .applied()
}

fn admins(world: World, members: &str) -> World {
    world
        .yaml("access/admins.yaml", &format!("assignments: [{{app: hr, role: admin, members: [{members}]}}]"))
}

/// The accounts of these people leave an attribute out, wherever they are shown.
fn left_out(mut world: World, path: &str, ids: &[&str]) -> World {
    for id in ids {
        let thing = world.things.get_mut(&format!("new-{id}")).expect("an account");
        thing.values.insert(path.to_owned(), Value::str("-"));
    }
    world
}

/// The accounts of all show what they showed before.
fn shown_as_in(mut world: World, before: &World) -> World {
    world.things = before.things.clone();
    world
}

#[test]
fn rule_22_roles_that_no_account_shows_are_unread() {
    for (mapping, path) in [("roles: account.roles", "roles"), ("userType: account.role", "usertype")] {
        let company = company(mapping);
        let hidden = left_out(company.clone(), path, &IDS);
        let outcome = hidden.plan();
        assert_eq!(outcome.app().to_do().count() + outcome.app().held().count(), 0, "{}", outcome.short());
        assert!(!outcome.app().is_partial(), "{}", outcome.short());
        // Three accounts are looked at, in vain.
        assert_eq!(outcome.asked, ["new-u1", "new-u2", "new-u3"]);
        let after = hidden.applied();
        for id in IDS {
            assert_eq!(after.ledger.users[id].roles, company.ledger.users[id].roles, "{id}");
        }
        assert_eq!(shown_as_in(after, &company).plan().short(), "");
    }
    let hidden = left_out(company("roles: account.roles"), "roles", &IDS);
    assert_snapshot!(hidden.plan().short(), @"! advice: 5 accounts to which rolecall gave roles do not show roles, and neither does another account: these roles count as held, and none of them is given or taken: u1, u2, u3, u4, u5");
}

/// A role that is to go stays owed: it is ours still once the app shows it again.
#[test]
fn rule_22_a_role_that_is_to_go_from_an_account_that_does_not_show_it_is_owed() {
    let company = company("roles: account.roles");
    let hidden = admins(left_out(company.clone(), "roles", &IDS), "user:u1");
    assert_snapshot!(hidden.plan().short(), @r"
    ! still has access user:u2: may still hold admin, because the roles of the account cannot be read: the app leaves it out
    ! advice: 5 accounts to which rolecall gave roles do not show roles, and neither does another account: these roles count as held, and none of them is given or taken: u1, u2, u3, u4, u5
    ");
    assert!(hidden.plan().app().is_partial());
    let after = shown_as_in(hidden.applied().applied(), &company);
    assert_snapshot!(after.plan().short(), @"8 revoke role user:u2/role:admin: admin -> nothing (config) privileged");
    // A role that nobody has given yet cannot be given.
    let more = admins(left_out(company, "roles", &IDS), "user:u1, user:u2, user:u3");
    assert_snapshot!(more.plan().short(), @r"
    ! not possible user:u3: cannot be given admin, because the roles of the account cannot be read: the app leaves it out
    ! advice: 5 accounts to which rolecall gave roles do not show roles, and neither does another account: these roles count as held, and none of them is given or taken: u1, u2, u3, u4, u5
    ");
}

#[test]
fn rule_22_roles_that_one_account_leaves_out_and_others_show_are_none() {
    let company = company("roles: account.roles");
    assert_snapshot!(left_out(company.clone(), "roles", &["u2"]).plan().short(), @r"
    7 grant role user:u2/role:admin: nothing -> admin (drift) privileged HELD by drift
    7 grant role user:u2/role:member: nothing -> member (drift)
    ");
    // So it is where the others show that they have none, and for an account of which the ledger has no role.
    let mut empty = left_out(company.clone(), "roles", &["u2"]);
    for id in ["u1", "u3", "u4", "u5"] {
        empty.things.get_mut(&format!("new-{id}")).unwrap().values.remove("roles");
    }
    assert!(empty.plan().short().contains("grant role user:u2/role:member"), "{}", empty.plan().short());
    let mut new = left_out(company, "roles", &IDS);
    new.ledger.users.get_mut("u5").unwrap().roles.clear();
    assert!(new.plan().short().contains("grant role user:u5/role:member"), "{}", new.plan().short());
}

/// The listing leaves roles out, and the account itself shows them.
#[test]
fn rule_22_a_look_at_the_accounts_shows_roles_that_the_listing_leaves_out() {
    let mut listed = company("roles: account.roles");
    for id in IDS {
        listed.things.get_mut(&format!("new-{id}")).unwrap().hidden = Some("roles".to_owned());
    }
    let outcome = listed.plan();
    assert_eq!(outcome.short(), "");
    assert_eq!(outcome.asked, ["new-u1", "new-u2", "new-u3", "new-u4", "new-u5"]);
    // What another hand took away is seen.
    listed
        .things
        .get_mut("new-u2")
        .unwrap()
        .values
        .insert("roles".to_owned(), Value::List(vec!["member".into()]));
    assert_snapshot!(listed.plan().short(), @"7 grant role user:u2/role:admin: nothing -> admin (drift) privileged HELD by drift");
}

/// The only holder, in an app that leaves out what is empty: it may have lost the role or not show it.
#[test]
fn rule_22_the_only_account_with_roles_may_have_lost_them() {
    let alone = world()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("users: {scope: all}")
        .app("roles: {admin: {privileged: true}}")
        .people(&["ada", "bob"])
        .assign("admin", "user:ada")
        .completed()
        .applied()
        .applied();
    let taken = left_out(alone, "roles", &["ada", "bob"]);
    assert_snapshot!(taken.plan().short(), @"! advice: 1 account to which rolecall gave roles does not show roles, and neither does another account: these roles count as held, and none of them is given or taken: ada");
    // Another account that shows the attribute settles it.
    let mut settled = taken;
    settled.things.get_mut("new-bob").unwrap().values.remove("roles");
    assert_snapshot!(settled.plan().short(), @"7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift");
}

/// What was seen of another hand is not over because the roles are not shown, and people who leave are no last holders.
#[test]
fn rule_22_what_another_hand_took_away_stays_known_while_roles_are_not_shown() {
    let company = company("roles: account.roles");
    let mut taken = company.clone();
    taken
        .things
        .get_mut("new-u2")
        .unwrap()
        .values
        .insert("roles".to_owned(), Value::List(vec!["member".into()]));
    let taken = taken.applied();
    assert_eq!(taken.ledger.interventions.len(), 1);
    assert_eq!(left_out(taken, "roles", &IDS).applied().ledger.interventions.len(), 1);
    let left = left_out(company, "roles", &IDS).person("u2", "status: left");
    assert_snapshot!(left.plan().short(), @r"
    1 disable user:u2 (left)
    ! advice: 4 accounts to which rolecall gave roles do not show roles, and neither does another account: these roles count as held, and none of them is given or taken: u1, u3, u4, u5
    ");
    // Who keeps the account may keep the roles.
    let kept = left.app("users: {deprovision: keep}");
    assert_snapshot!(kept.plan().short(), @r"
    ! still has access user:u2: may still hold admin, member, because the roles of the account cannot be read: the app leaves it out
    ! overdue user:u2: is declared to have no access, and still has an active account
    ! advice: 5 accounts to which rolecall gave roles do not show roles, and neither does another account: these roles count as held, and none of them is given or taken: u1, u2, u3, u4, u5
    ");
}

/// An account that is asked for because the listing left it out shows its roles: that says nothing of the rows of the others.
#[test]
fn rule_22_an_account_that_the_listing_left_out_says_nothing_of_the_others() {
    let mut world = left_out(company("roles: account.roles"), "roles", &IDS[..4]);
    let late = world.things.remove("new-u5").expect("an account");
    world.unlisted.insert("new-u5".to_owned(), late);
    let plan = world.plan();
    assert!(!plan.short().contains("grant role"), "{}", plan.short());
    assert!(
        plan.short().contains("4 accounts to which rolecall gave roles do not show roles"),
        "{}",
        plan.short()
    );
}
