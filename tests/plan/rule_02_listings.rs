//! Rule 2: what an account can do already is known from a look at it, or from a listing that is proved to show it.

use insta::assert_snapshot;
use rolecall::catalog::{AttributeSchema, Type};

use super::world::{World, world};

/// So many people, each with an account without a link, before the first completed apply.
fn first_plan(number: usize, shows: &str) -> World {
    let ids: Vec<String> = (0..number).map(|number| format!("p{number:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let world = world()
        .people(&ids)
        .app("users: {scope: all}")
        .app("roles: {admin: {group: Owners, privileged: true}}");
    ids.iter().fold(world, |world, id| world.account(&format!("a{id} userName={id}@x.example {shows}")))
}

/// The number of lines with this reason, and of accounts that were asked for.
fn said(plan: &super::outcome::Outcome, words: &str) -> (usize, usize) {
    let facts = plan.app().changes.iter().flat_map(|change| &change.reasons);
    let said = facts.filter(|reason| reason.fact.to_string() == words).count();
    (said, plan.asked.iter().filter(|asked| !asked.contains('=')).count())
}

#[test]
fn rule_02_the_first_listing_shows_what_accounts_can_do() {
    let holds = "the account already has group Owners";
    let whole = first_plan(300, "listed=\"group Owners\"");
    assert_eq!(said(&whole.plan(), holds), (300, 0));
    assert_eq!(whole.plan().app().changes.iter().filter(|change| change.privileged).count(), 300);
    assert_eq!(said(&first_plan(3, "listed=-").plan(), holds), (0, 0));
    // An account of which the listing shows nothing is looked at, and so is each one after the first completed apply.
    assert_eq!(said(&first_plan(3, "listed=? holds=\"group Owners\"").plan(), holds), (3, 3));
    assert_eq!(said(&whole.completed().plan(), holds), (0, 200));
}

#[test]
fn rule_02_what_the_first_listing_leaves_out_is_looked_at() {
    let owners = "the account already has group Owners";
    let unknown = "the account was not looked at: what it can do already is not known";
    // No account shows more than the listing did, in any place: it is believed of the others.
    let all = "group Owners+role READER+entitlement Mail";
    let same = |shows: &str| first_plan(203, &format!("partly=\"{shows}\" holds=\"{shows}\""));
    let plan = same(all).plan();
    assert_eq!(
        (said(&plan, &format!("the account already has {all}").replace('+', ", ")), said(&plan, unknown)),
        ((203, 200), (0, 200))
    );
    // A place that no account showed may be left out of the others: it is believed only where the app says that it has no such place.
    let groups = same("group Owners");
    assert_eq!((said(&groups.plan(), owners), said(&groups.plan(), unknown)), ((203, 200), (3, 200)));
    let mut without = groups;
    for name in ["userName", "externalId", "title"] {
        without.schemas.users.add(name, AttributeSchema::of(Type::String));
    }
    without.schemas.users.show();
    let without = without.plan();
    assert_eq!((said(&without, owners), said(&without, unknown)), ((203, 200), (0, 200)));
    // An account of which the places cannot be read proves nothing of the others.
    let odd = same(all).account(&format!("ap007 userName=p007@x.example partly=\"{all}\" holds=odd"));
    assert_eq!(said(&odd.plan(), unknown), (3, 200));
    // One shows more.
    let more = first_plan(203, "partly=\"group Owners\" holds=\"group Owners\"")
        .account("ap007 userName=p007@x.example partly=\"group Owners\" holds=\"group Owners+role ROOT\"");
    assert_eq!((said(&more.plan(), owners), said(&more.plan(), unknown)), ((202, 200), (3, 200)));
    assert_snapshot!(more.plan().notices("advice"), @"3 accounts that are bound were not looked at, because a plan looks at 200 at most: p200, p201, p202");
    assert_snapshot!(more.plan().why("user:p202"), @r"
    account ap202 (p202@x.example) matches user:p202 by userName access/people.yaml:204
    the account already has group Owners
    the account was not looked at: what it can do already is not known
    held: gain: 203 people, 20 allowed (10 % of 203)
    ");
    // A listing that shows nothing at all proves nothing.
    let none = first_plan(203, "").plan();
    assert_eq!(said(&none, unknown), (3, 200));
}
