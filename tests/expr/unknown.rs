//! Unknown is not false (safety.md 9), over random expressions that read an attribute which is absent.

use std::sync::LazyLock;

use proptest::prelude::*;
use rolecall::expr::{Facts, Truth, Use};
use rolecall::model::Value;

use super::sources::{Sources, leaves, sources};
use super::world::{World, compiled};

const NICKNAME: &str = "user.attributes.nickname";

/// The people of the page, once without and once with each of these nicknames for Ada.
static ABSENT: LazyLock<World> = LazyLock::new(World::of_page);
static PRESENT: LazyLock<Vec<World>> = LazyLock::new(|| {
    ["", "a", "b ", "Ada", "7", "Senior Analyst"]
        .map(|nickname| {
            let mut world = World::of_page();
            let number = world.company.attribute("nickname").expect("it is declared");
            let ada = world.company.user("ada").expect("she is declared");
            let attributes = &mut world.company.users[ada.index()].attributes;
            attributes.push((number, Value::str(nickname)));
            attributes.sort_by_key(|(number, _)| *number);
            world
        })
        .into()
});

fn truth(world: &World, text: &str) -> Option<Truth> {
    let condition = compiled(&world.company, text, Use::Condition).ok()?;
    let ada = world.company.user("ada")?;
    Some(condition.program.truth(&Facts::user(&world.company, ada)))
}

fn with_leaves(texts: &'static [&'static str], booleans: &'static [&'static str]) -> Sources {
    let plain = leaves();
    let chosen = |choices: &'static [&'static str]| prop::sample::select(choices).prop_map(str::to_owned);
    sources(Sources {
        text: prop_oneof![plain.text, chosen(texts)].boxed(),
        boolean: prop_oneof![plain.boolean, chosen(booleans)].boxed(),
        ..plain
    })
}

/// Conditions over the nickname that do not test whether it exists.
fn unguarded() -> BoxedStrategy<String> {
    with_leaves(&[NICKNAME], &["true", "user.attributes.nickname.size() > 1"]).boolean
}

/// Conditions that may test whether it exists.
fn guarded() -> BoxedStrategy<String> {
    with_leaves(
        &[NICKNAME, "coalesce(user.attributes.nickname, 'a')"],
        &[
            "has(user.attributes.nickname)",
            "user.attributes.nickname == null",
            "user.attributes.nickname != null",
            "(has(user.attributes.nickname) && user.attributes.nickname == 'a')",
            "(user.attributes.nickname == null || user.attributes.nickname == 'a')",
        ],
    )
    .boolean
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A result that is known without the attribute is the same for every value of it.
    #[test]
    fn what_is_known_without_it_is_never_contradicted(text in unguarded()) {
        if let Some(known @ (Truth::True | Truth::False)) = truth(&ABSENT, &text) {
            for world in PRESENT.iter() {
                let with = truth(world, &text);
                // With a value, the evaluation may reach a step that fails, such as a position in the text.
                let failed = matches!(with, Some(Truth::Unknown(_)));
                prop_assert!(failed || with.as_ref() == Some(&known), "{}: {:?}, {:?}", text, known, with);
            }
        }
    }

    /// If `validate` gives no hint, an absent attribute makes nothing unknown.
    #[test]
    fn without_a_hint_absence_is_never_unknown(text in prop_oneof![guarded(), unguarded()]) {
        let Ok(condition) = compiled(&ABSENT.company, &text, Use::Condition) else { return Ok(()) };
        let hinted = condition.unguarded.iter().any(|read| read.path().contains(NICKNAME));
        if let (false, Some(Truth::Unknown(why))) = (hinted, truth(&ABSENT, &text)) {
            prop_assert!(!why.contains("is not set") && !why.contains("gives null"), "{}: {}", text, why);
        }
    }
}
