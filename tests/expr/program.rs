//! The properties that a compiled program reports.

use rolecall::expr::{Facts, Program, RoleField, RoleUse, Truth, Types, Use, compile};
use rolecall::model::diagnostic::Class;
use rolecall::model::expr_source::ExprSource;
use rolecall::model::span::Span;
use rolecall::model::{Value, Want};

use super::world::{World, compiled};

fn program(world: &World, text: &str, usage: Use) -> Program {
    compiled(&world.company, text, usage).expect(text).program
}

#[test]
fn it_says_how_it_uses_roles() {
    let world = World::of_page();
    let uses = |text| program(&world, text, Use::UserMapping).uses_roles();
    assert_eq!(uses("account.role"), RoleUse::Whole(RoleField::Role));
    assert_eq!(uses("(account.roles)"), RoleUse::Whole(RoleField::Roles));
    assert_eq!(uses("coalesce(account.role, 'NONE')"), RoleUse::Part);
    assert_eq!(uses("'ADMIN' in account.roles ? 1 : 2"), RoleUse::Part);
    assert_eq!(uses("account.roles.exists(r, r == 'ADMIN') ? 1 : 2"), RoleUse::Part);
    assert_eq!(uses("has(account.role) ? 'x' : 'y'"), RoleUse::Part);
    assert_eq!(uses("user.email"), RoleUse::None);
    assert_eq!(uses("account.ref(user.manager)"), RoleUse::None);
}

#[test]
fn it_says_which_attributes_it_reads() {
    let mut world = World::of_page();
    let level = world.company.attribute("level").unwrap();
    world.company.attributes[level.index()].sensitive = true;
    let reads = |text: &str, usage| {
        let program = program(&world, text, usage);
        let names: Vec<String> = program
            .attributes()
            .iter()
            .map(|read| format!("{}{}", read.name, if read.sensitive { " (sensitive)" } else { "" }))
            .collect();
        assert_eq!(program.is_sensitive(), names.iter().any(|name| name.ends_with(')')));
        names.join(", ")
    };
    let text = "user.name.given + user.email + (has(user.title) ? user.title : user.manager.email)";
    assert_eq!(reads(text, Use::UserMapping), "name.given, email, title, manager, manager.email");
    assert_eq!(reads("user.attributes.level + 1", Use::UserMapping), "attributes.level (sensitive)");
    assert_eq!(
        reads("user.manager.attributes['level'] == 1", Use::Condition),
        "manager, manager.attributes.level (sensitive)"
    );
    assert_eq!(reads("user.attributes.tags.exists(t, t == user.id)", Use::Condition), "attributes.tags, id");
    assert_eq!(reads("account.role", Use::UserMapping), "");
    assert_eq!(reads("group.name", Use::GroupMapping), "");
}

#[test]
fn what_is_unknown_or_fails_is_named_without_any_value() {
    let world = World::of_page();
    let ada = Facts::user(&world.company, world.company.user("ada").unwrap());
    let why = |text| match program(&world, text, Use::Condition).truth(&ada) {
        Truth::Unknown(why) => why,
        known => panic!("{text}: {known:?}"),
    };
    assert_eq!(why("user.attributes.nickname == 'x'"), "`user.attributes.nickname` is not set");
    assert_eq!(why("user.manager.title == 'x'"), "`user.manager.title` is not set");
    assert_eq!(why("user.manager.manager.title == 'x'"), "`user.manager.manager` is not set");
    assert_eq!(
        why("[user.title, user.attributes.nickname].join() == 'x'"),
        "`user.attributes.nickname` is not set"
    );
    assert_eq!(why("(user.status == 'left' ? true : null)"), "the expression gives null");
    assert_eq!(why("int(user.title) == 1"), "`int(user.title)`: the string is not a whole number");
    let failing = program(&world, "'x' + string(int(user.title))", Use::UserMapping);
    let error = failing.want(&ada).unwrap_err();
    assert_eq!(error.message, "`int(user.title)`: the string is not a whole number");
    assert_eq!(error.span, Span::new(0, 1013, 1028));
    assert_eq!(error.diagnostic().class, Class::Subject);
}

#[test]
fn a_mistake_is_found_in_the_file_across_a_folded_scalar() {
    let world = World::of_page();
    // `rule: >` over two lines of the file, the second at offset 240.
    let source = ExprSource {
        text: "user.title == 'x' && user.titel == 'y'".into(),
        span: Span::new(3, 200, 260),
        segments: vec![(0, 208), (18, 240)].into(),
    };
    let found = compile(&source, &Types::new(&world.company.attributes), Use::Condition).unwrap_err();
    assert_eq!(found[0].span, Some(Span::new(3, 248, 253)));
}

#[test]
fn the_same_program_serves_every_person_from_any_thread() {
    let world = World::of_page();
    let shared = program(&world, "user.name.display", Use::UserMapping);
    let names: Vec<Want> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..world.company.users.len())
            .map(|number| {
                let (shared, company) = (&shared, &world.company);
                scope.spawn(move || shared.want(&Facts::user(company, number.into())).unwrap())
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(names, ["Ada Lovelace", "Admiral Hopper"].map(|name| Want::Is(Value::str(name))));
}
