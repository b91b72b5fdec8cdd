//! Rule 11: a hold of a value is a hold of that value.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use rolecall::model::change::{ChangeKey, Facet, Object};
use rolecall::model::holds::HoldKey;
use rolecall::model::ledger::OpenIntent;

use super::rule_11_guards::company;
use super::rule_11_power::{admins, line};
use super::world::World;

fn id(number: usize) -> String {
    format!("p{number:02}")
}

/// The files give these people a title.
fn wanted(world: World, people: std::ops::Range<usize>, title: &str) -> World {
    people.fold(world, |world, number| world.person(&id(number), title))
}

/// These people have a title in the app.
fn shown(world: World, people: std::ops::Range<usize>, title: &str) -> World {
    people.fold(world, |world, number| {
        let id = id(number);
        world.account(&format!("{number} userName={id}@x.example externalId={id} title={title}"))
    })
}

/// 33 people with the title Old, of whom the files make thirty chiefs: held, as twenty may get another title.
fn chiefs() -> World {
    let world = wanted(shown(company(33), 0..33, "Old"), 0..33, "title: Old");
    let world = wanted(world, 0..30, "title: Chief");
    assert_eq!(held(&world), 30);
    world.applied().at("2026-06-20")
}

/// Of these, eighteen are still to become chiefs.
fn eighteen() -> World {
    let world = shown(chiefs(), 0..12, "Chief").applied();
    assert_eq!((held(&world), world.ledger.holds.len()), (18, 18));
    world
}

/// How many changes a guard holds.
fn held(world: &World) -> usize {
    world.plan().app().held().count()
}

/// The changes of some people that nothing holds.
fn done(world: &World) -> Vec<String> {
    let plan = world.plan();
    plan.app().to_do().filter_map(|change| change.key.person()).map(ToString::to_string).collect()
}

fn values(world: &World) -> BTreeSet<String> {
    let value = |key: &HoldKey| key.value.map_or_else(|| "any".to_owned(), |value| value.to_string());
    world.ledger.holds.keys().map(value).collect()
}

#[test]
fn rule_11_another_value_of_one_person_is_not_held_with_the_former_one() {
    let world = chiefs().person("p00", "title: Boss");
    assert_eq!((done(&world), held(&world)), (vec!["p00".to_owned()], 29), "{}", world.plan().short());
    assert_snapshot!(world.plan().guards(), @"TRIPPED update of title: 29 people, 20 allowed [--allow 29]");
    let world = world.applied();
    assert_eq!((held(&world), world.ledger.holds.len()), (29, 29));
    // The former value was taken back, and counts with the others when it comes again.
    assert_eq!(done(&world.person("p00", "title: Chief")), Vec::<String>::new());
    let world = eighteen().person("p12", "title: Boss").applied().person("p12", "title: Chief");
    assert_eq!(done(&world), ["p12"], "{}", world.plan().guards());
}

#[test]
fn rule_11_the_same_value_is_held_at_a_later_commit_and_after_a_day() {
    let world = eighteen().person("p32", "title: Older").at("2026-06-25");
    assert_snapshot!(world.plan().guards(), @"TRIPPED update: 18 people held since commit c0ffee [--allow 18]");
    assert_eq!(held(&world.applied().at("2026-07-20")), 18);
    // Another case is the same value.
    let world = wanted(world, 12..30, "title: CHIEF");
    assert_eq!(held(&world), 18, "{}", world.plan().short());
    assert_eq!(held(&world.applied()), 18);
    let world = world.allow("update", 18);
    assert_eq!((held(&world), world.applied().ledger.holds.len()), (0, 0));
}

#[test]
fn rule_11_another_value_of_many_is_held_by_its_own_number() {
    let chiefs = chiefs();
    let former = values(&chiefs);
    let world = wanted(chiefs, 0..30, "title: Director");
    assert_snapshot!(world.plan().guards(), @"TRIPPED update of title: 30 people, 20 allowed [--allow 30]");
    let world = world.applied();
    assert_eq!((held(&world), world.ledger.holds.len(), values(&world).len()), (30, 30, 1));
    assert!(values(&world).is_disjoint(&former));
    // The former value was taken back. It counts again, as any other one.
    let world = wanted(world, 0..30, "title: Chief");
    assert_eq!(held(&world), 30);
    let world = wanted(shown(world, 0..12, "Chief"), 12..30, "title: Chief");
    assert_eq!((held(&world), done(&world).len()), (0, 18), "{}", world.plan().guards());
}

/// Whatever the values, no more people than the limit get another one by a plan.
#[test]
fn rule_11_other_values_pass_up_to_the_limit() {
    for (people, passed) in [(20, 20), (21, 0)] {
        let world = (0..people)
            .fold(chiefs(), |world, number| world.person(&id(number), &format!("title: Boss{number}")));
        assert_eq!(done(&world).len(), passed, "{}", world.plan().guards());
    }
}

#[test]
fn rule_11_who_gets_the_held_value_later_counts_with_those_who_are_held() {
    let more = |world: World, count: usize| wanted(world, 30..30 + count, "title: Chief");
    assert_eq!(done(&more(eighteen(), 2)), ["p30", "p31"]);
    let world = more(eighteen(), 3);
    assert_eq!((held(&world), done(&world).len()), (21, 0));
    assert_snapshot!(world.plan().guards(), @"TRIPPED update of title: 21 people, 20 allowed [--allow 21]");
    // Another title of a person is no part of that.
    let world = world.person("p00", "title: Boss");
    assert_eq!((held(&world), done(&world)), (21, vec!["p00".to_owned()]), "{}", world.plan().guards());
}

/// Entries of older versions have no value.
#[test]
fn rule_11_a_hold_without_a_value_holds_every_one() {
    let mut world = eighteen();
    let holds = std::mem::take(&mut world.ledger.holds).into_iter();
    world.ledger.holds = holds.map(|(key, commit)| (HoldKey { value: None, ..key }, commit)).collect();
    let other = world.clone().person("p29", "title: Boss");
    for world in [other.applied(), world.applied(), other] {
        assert_eq!(
            (held(&world), values(&world)),
            (18, ["any".to_owned()].into()),
            "{}",
            world.plan().short()
        );
    }
    let back = world.person("p29", "title: Old").applied();
    assert_eq!((held(&back), back.ledger.holds.len()), (17, 17));
}

#[test]
fn rule_11_a_sensitive_value_is_held_whatever_it_is() {
    let mapping = "{match: [userName], attributes: {userName: user.email, title: user.attributes.band}}";
    let banded = |world: World, band: &str| wanted(world, 0..30, &format!("attributes: {{band: {band}}}"));
    let world = banded(shown(company(30).mapping(mapping), 0..30, "Old"), "B1").applied();
    assert_eq!((held(&world), values(&world)), (30, ["any".to_owned()].into()));
    let world = shown(world, 0..12, "B1").person("p29", "attributes: {band: B2}").applied();
    assert_eq!(held(&world), 18);
    // It was no secret when it was held: what its value is now is not known, and it stays held.
    let mut world = world;
    let value = eighteen().ledger.holds.keys().next().cloned().unwrap();
    let holds = std::mem::take(&mut world.ledger.holds).into_iter();
    world.ledger.holds = holds.map(|(key, commit)| (HoldKey { value: value.value, ..key }, commit)).collect();
    assert_eq!(held(&world), 18);
}

#[test]
fn rule_11_a_held_value_is_not_held_with_its_absence() {
    let cleared = shown(company(30), 0..30, "Old").applied();
    let cleared = wanted(cleared, 0..30, "").applied();
    assert_eq!((held(&cleared), values(&cleared)), (30, ["cleared".to_owned()].into()));
    let world = cleared.person("p00", "title: Boss");
    assert_eq!((done(&world), held(&world)), (vec!["p00".to_owned()], 29));
    // Of the chiefs, one is to have no title: that is another value, too. Empty text is none.
    let world = chiefs().person("p00", "");
    assert_eq!((done(&world), held(&world)), (vec!["p00".to_owned()], 29));
    // Four are too many.
    let world = wanted(chiefs(), 0..4, "");
    assert_eq!((done(&world).len(), held(&world)), (0, 30));
}

#[test]
fn rule_11_a_rename_of_a_person_keeps_the_value_that_is_held() {
    let world = eighteen();
    let renamed = world.without("p29").person("zoe", "email: p29@x.example, title: Chief, previously: [p29]");
    let renamed = renamed.yaml("access/p-p29.yaml", "assignments: [{app: hr, members: [user:zoe]}]");
    assert_eq!(held(&renamed), 18, "{}", renamed.plan().short());
    let later = renamed.applied();
    assert_eq!((held(&later), later.ledger.holds.len()), (18, 18));
    let other = later.person("zoe", "email: p29@x.example, title: Boss, previously: [p29]");
    assert_eq!((done(&other), held(&other)), (vec!["zoe".to_owned()], 17));
}

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";

/// A reference is the same under a new id of the person whom it is about.
#[test]
fn rule_11_a_rename_of_a_manager_releases_no_reference() {
    let mapping = format!(
        "{{match: [userName], attributes: {{userName: user.email, \"{MANAGER}\": account.ref(user.manager)}}}}"
    );
    let world = (0..30).fold(company(33).mapping(&mapping), |world, number| {
        let key = MANAGER.to_lowercase();
        world
            .person(&id(number), "manager: p31")
            .account(&format!("{number} userName={}@x.example {key}=30", id(number)))
    });
    assert_eq!(held(&world), 30, "{}", world.plan().short());
    // Twelve of them were put right by hand.
    let right = |world: World| {
        (0..12).fold(world, |world, number| {
            let key = MANAGER.to_lowercase();
            world.account(&format!("{number} userName={}@x.example {key}=31", id(number)))
        })
    };
    let world = right(world.applied()).applied();
    assert_eq!((held(&world), values(&world).len()), (18, 1));
    let renamed = world.clone().without("p31").person("zoe", "email: p31@x.example, previously: [p31]");
    let renamed = wanted(renamed, 0..30, "manager: zoe");
    let renamed = renamed.yaml("access/p-p31.yaml", "assignments: [{app: hr, members: [user:zoe]}]");
    assert_eq!(held(&renamed), 18, "{}", renamed.plan().short());
    let later = renamed.applied();
    assert_eq!((held(&later), later.ledger.holds.len(), values(&later).len()), (18, 18, 1));
    assert_ne!(values(&later), values(&world));
    let later = later.person("zoe", "email: p31@x.example").at("2026-06-25");
    assert_eq!(held(&later), 18, "{}", later.plan().short());
    assert_eq!(done(&later.person("p29", "manager: p32")), ["p29"]);
}

#[test]
fn rule_11_another_value_of_a_role_is_judged_by_its_own_number() {
    let roles = |value: &str| format!("roles: {{editor: {{value: {value}}}}}");
    let people: Vec<String> = (0..30).map(|number| format!("user:{}", id(number))).collect();
    let line = format!("assignments: [{{app: hr, role: editor, members: [{}]}}]", people.join(", "));
    let has = |world: World, people: std::ops::Range<usize>, value: &str| {
        people.fold(world, |world, number| {
            world
                .account(&format!("{number} userName={}@x.example roles=[{value}]", id(number)))
                .link(&format!("{} {number} roles=[editor]", id(number)))
        })
    };
    let world = company(30)
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("default_access: provision")
        .yaml("access/editors.yaml", &line)
        .managed("editor=E1");
    let world = has(world, 0..30, "E1").app_once(&roles("E2")).applied();
    assert_eq!(world.ledger.holds.len(), 30, "{}", world.plan().short());
    let world = has(world, 0..12, "E2").applied().at("2026-06-20");
    assert_eq!((done(&world), world.ledger.holds.len()), (Vec::new(), 18), "{}", world.plan().short());
    // Twelve have E2: a third value is another one for thirty people.
    let other = world.clone().app_once(&roles("E3"));
    assert_eq!(done(&other), Vec::<String>::new());
    let former = values(&other);
    let other = other.applied();
    assert_eq!((other.ledger.holds.len(), values(&other).len()), (30, 1));
    assert!(values(&other).is_disjoint(&former));
    // Back to the value that eighteen of them have: a grant and a revocation for each of the twelve.
    let back = world.app_once(&roles("E1"));
    assert_eq!(done(&back).len(), 24, "{}", back.plan().short());
    assert!(back.applied().ledger.holds.is_empty());
}

#[test]
fn rule_11_another_login_is_not_held_with_those_that_are() {
    let moved = |world: World, people: std::ops::Range<usize>| {
        people.fold(world, |world, number| {
            world.person(&id(number), &format!("email: {}@new.example", id(number)))
        })
    };
    let world = moved(company(40), 0..10).applied().at("2026-06-20");
    assert_eq!((held(&world), values(&world).len()), (10, 10));
    let world = world.person("p00", "email: right@x.example").person("p39", "email: married@x.example");
    assert_eq!((done(&world), held(&world)), (vec!["p00".to_owned(), "p39".to_owned()], 9));
    assert_snapshot!(world.plan().guards(), @"
    ok login: 2 people, 5 allowed
    TRIPPED login: 9 people, 5 allowed [--allow 9]
    ");
    assert_eq!(world.applied().ledger.holds.len(), 9);
    // Six at once are too many.
    assert_eq!(done(&moved(world, 30..35)).len(), 0);
}

#[test]
fn rule_11_a_plan_of_one_person_takes_back_what_was_held_of_that_person() {
    let world = eighteen().person("p28", "title: Boss").person("p29", "title: Boss");
    let one = world.clone().only("p29").applied();
    assert_eq!((one.ledger.holds.len(), held(&world.only("p27"))), (17, 1));
}

#[test]
fn rule_11_another_value_of_an_account_that_is_not_shown_takes_nothing_back() {
    let mut world = eighteen().person("p29", "title: Boss").unclear("29");
    world.short = Some("the last page is missing");
    assert_eq!(world.applied().ledger.holds.len(), 18);
}

/// What a run began has passed the guard, unless a hold says that it has not.
#[test]
fn rule_11_an_interrupted_run_passes_no_other_value_of_what_is_held() {
    let mut world = wanted(chiefs(), 0..30, "title: Director");
    world.ledger.intents = (0..30)
        .map(|number| OpenIntent {
            run: "r0".into(),
            key: ChangeKey {
                app: "hr".into(),
                object: Object::User(id(number).parse().unwrap()),
                facet: Facet::Attribute("title".into()),
            },
            looked_up: false,
            attempts: Vec::new(),
        })
        .collect();
    assert_eq!((held(&world), done(&world).len()), (30, 0));
    world.ledger.holds.clear();
    assert_eq!((held(&world), done(&world).len()), (0, 30));
}

/// Power is a gain, whatever stands beside it in the attribute: its hold has no value.
#[test]
fn rule_11_a_held_gain_has_no_value() {
    let mapping = "{match: [externalId, userName], attributes: {userName: user.email, externalId: user.id, roles: account.roles, entitlements: user.attributes.type}}";
    let roles =
        "roles: {admin: {privileged: true, value: ADMIN}, root: {privileged: true, value: ROOT}, member: {}}";
    let world = line(admins(9, 1), &[0]).mapping(mapping).app_once(roles);
    let typed = |world: World, number: usize, value: &str| {
        world.person(&format!("p{number}"), &format!("attributes: {{type: {value}}}"))
    };
    let world = (1..5).fold(world, |world, number| typed(world, number, "ADMIN")).applied().at("2026-06-20");
    assert_eq!((held(&world), values(&world)), (4, ["any".to_owned()].into()), "{}", world.plan().short());
    // One of them alone would be no number to hold.
    let world = (2..5).fold(typed(world, 1, "ROOT"), |world, number| world.person(&format!("p{number}"), ""));
    assert_eq!((held(&world), done(&world).len()), (1, 0), "{}", world.plan().short());
}
