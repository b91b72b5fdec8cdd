//! Rule 11: a shrunken source stops the app.

use insta::assert_snapshot;

use super::rule_11_guards::company;
use super::world::{World, world};

/// This many people with an account, of whom the first ones stand in a file of their own.
fn in_two_files(count: usize, of_sales: usize) -> World {
    let world = (0..of_sales).fold(company(count), |world, number| world.without(&format!("p{number:02}")));
    sales(world, 0..of_sales)
}

/// The file of these people.
fn sales(world: World, people: std::ops::Range<usize>) -> World {
    let entry = |number: usize| {
        format!(
            "  p{number:02}: {{name: {{given: p{number:02}, family: Test}}, email: p{number:02}@x.example}}\n"
        )
    };
    world.yaml("access/sales.yaml", &format!("users:\n{}", people.map(entry).collect::<String>()))
}

/// Without these people, and without what names them.
fn lost(world: World, people: std::ops::Range<usize>) -> World {
    people.fold(world, |world, number| {
        let id = format!("p{number:02}");
        world.without(&id).drop_yaml(&format!("access/p-{id}.yaml"))
    })
}

#[test]
fn rule_11_people_who_had_an_account_and_are_gone_stop_the_app() {
    let world = |gone: usize| lost(company(40), 0..gone).app("guard: {deprovision: 40}").before(company(40));
    assert_snapshot!(world(10).plan().guards(), @"ok deprovision: 10 people, 20 allowed (half of 40)");
    let world = world(11);
    let outcome = world.plan();
    assert_snapshot!(outcome.guards(), @r"
    TRIPPED source: 11 of the 40 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    TRIPPED source: access/people.yaml: 11 of its 40 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    ok deprovision: 11 people, 20 allowed (half of 40)
    ");
    assert!(outcome.app().is_refused());
    assert_snapshot!(world.clone().allow("source", 11).plan().guards(), @r"
    allowed source: 11 of the 40 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    allowed source: access/people.yaml: 11 of its 40 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    ok deprovision: 11 people, 20 allowed (half of 40)
    ");
    assert_snapshot!(world.app_once("guard: {deprovision: 40, source: 11}").plan().guards(), @"ok deprovision: 11 people, 20 allowed (half of 40)");
}

#[test]
fn rule_11_a_shrunken_file_stops_the_app() {
    // Newcomers elsewhere do not stand in for them.
    let world = lost(sales(in_two_files(60, 30), 11..30), 0..11).people(&["new0", "new1"]);
    let world = world.app("guard: {deprovision: 40}").before(in_two_files(60, 30));
    assert_snapshot!(world.plan().guards(), @r"
    TRIPPED source: 11 of the 60 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    TRIPPED source: access/sales.yaml: 11 of its 30 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    ok deprovision: 11 people, 30 allowed (half of 60)
    ");
}

#[test]
fn rule_11_a_vanished_file_stops_the_app() {
    let gone = |of_sales: usize| {
        let world = lost(in_two_files(40, of_sales), 0..of_sales).drop_yaml("access/sales.yaml");
        world.before(in_two_files(40, of_sales))
    };
    assert_snapshot!(gone(3).plan().guards(), @"ok deprovision: 3 people, 5 allowed");
    assert_snapshot!(gone(4).plan().short(), @r"
    STOPPED by guard:source: access/sales.yaml is gone: 4 of its 4 people who had an account are declared nowhere any more, 3 allowed; look for files that are missing or not included; if it is meant, repeat with --allow hr:source=4
    9 disable user:p00 (config) HELD by guard:source
    9 disable user:p01 (config) HELD by guard:source
    9 disable user:p02 (config) HELD by guard:source
    9 disable user:p03 (config) HELD by guard:source
    TRIPPED source: access/sales.yaml is gone: 4 of its 4 people who had an account are declared nowhere any more, 3 allowed
    ");
    // Newcomers do not stand in for its people, and people who are declared in another file are not lost.
    assert_snapshot!(gone(4).people(&["new0", "new1", "new2", "new3"]).plan().guards(), @r"
    TRIPPED source: access/sales.yaml is gone: 4 of its 4 people who had an account are declared nowhere any more, 3 allowed [--allow 4]
    ok deprovision: 4 people, 5 allowed
    ");
    let moved = company(40).before(in_two_files(40, 4));
    assert_snapshot!(moved.plan().guards(), @"");
    // Of people who never had an account here nothing is lost.
    let strangers = (0..4).fold(gone(4), |world, number| world.gone(&number.to_string()));
    let mut strangers = strangers;
    (0..4).for_each(|number| _ = strangers.ledger.users.remove(&*format!("p{number:02}")));
    assert_snapshot!(strangers.plan().guards(), @"");
}

/// 60 people, of whom 30 left long ago.
fn with_old_leavers() -> World {
    (0..30).fold(company(60), |world, number| {
        let id = format!("p{number:02}");
        world
            .person(&id, "status: left")
            .drop_yaml(&format!("access/p-{id}.yaml"))
            .account(&format!("{number} userName={id}@x.example externalId={id} inactive"))
            .link(&format!("{id} {number} disabled=2026-01-01"))
    })
}

#[test]
fn rule_11_a_clean_up_of_people_who_left_stops_nothing() {
    let clean = lost(with_old_leavers(), 0..30).before(with_old_leavers());
    assert_snapshot!(clean.plan().short(), @"");
    // Where git cannot say it, the ledger knows that they have no access any more.
    let mut alone = lost(with_old_leavers(), 0..30).applied_people("60 access/people.yaml=60");
    alone.ledger.applied.as_mut().unwrap().commit = None;
    assert_snapshot!(alone.plan().guards(), @"");
    // With them eleven people are lost who had an account.
    let both = lost(with_old_leavers(), 0..41).before(with_old_leavers()).app("guard: {deprovision: 40}");
    assert_snapshot!(both.plan().guards(), @r"
    TRIPPED source: 11 of the 30 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    TRIPPED source: access/people.yaml: 11 of its 30 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    ok deprovision: 11 people, 15 allowed (half of 30)
    ");
}

#[test]
fn rule_11_without_git_the_numbers_of_files_count() {
    let world = |gone: usize, line: &str| {
        let mut world = lost(company(40), 0..gone).app("guard: {deprovision: 40}").applied_people(line);
        world.ledger.applied.as_mut().unwrap().commit = None;
        world
    };
    assert_snapshot!(world(11, "40 access/people.yaml=40").plan().guards(), @r"
    TRIPPED source: 11 of the 40 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    TRIPPED source: access/people.yaml: 11 of its 40 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    ok deprovision: 11 people, 20 allowed (half of 40)
    ");
    assert_snapshot!(world(4, "40 access/people.yaml=36 access/lost.yaml=4").plan().guards(), @r"
    TRIPPED source: access/lost.yaml is gone: 4 of its 4 people who had an account are declared nowhere any more, 3 allowed [--allow 4]
    ok deprovision: 4 people, 20 allowed (half of 40)
    ");
    // A file that went to another one, with three people who are gone.
    assert_snapshot!(world(3, "40 access/people.yaml=20 access/old.yaml=20").plan().guards(), @"ok deprovision: 3 people, 20 allowed (half of 40)");
    // One of the people of these files may have moved, and eleven of them had an account.
    let files = "access/people.yaml=28 access/a.yaml=2 access/b.yaml=9 access/c.yaml=10";
    assert_snapshot!(world(11, &format!("49 {files}")).plan().guards(), @r"
    TRIPPED source: 11 of the 40 people who had an account are declared nowhere any more, 10 allowed [--allow 11]
    TRIPPED source: access/b.yaml is gone: 9 of its 9 people who had an account are declared nowhere any more, 3 allowed [--allow 11]
    TRIPPED source: access/c.yaml is gone: 10 of its 10 people who had an account are declared nowhere any more, 3 allowed [--allow 11]
    ok deprovision: 11 people, 20 allowed (half of 40)
    ");
}

#[test]
fn rule_11_an_empty_tree_always_stops_the_app() {
    let world = world().completed().has("ada", "1");
    let outcome = world.plan();
    assert_snapshot!(outcome.short(), @r"
    STOPPED by guard:source: nobody is declared any more, of 1 before; look for files that are missing or not included; an app is given up with `removed:`
    9 disable user:ada (config) HELD by guard:source
    TRIPPED source: nobody is declared any more, of 1 before
    ");
    assert_snapshot!(world.clone().allow("source", 1).plan().short(), @r"
    STOPPED by guard:source: nobody is declared any more, of 1 before; look for files that are missing or not included; an app is given up with `removed:`
    9 disable user:ada (config) HELD by guard:source
    ! not released: --allow hr:source=1 lets nothing pass: no number does
    TRIPPED source: nobody is declared any more, of 1 before
    ");
    let empty = world.yaml("access/people.yaml", "users: {}").applied_people("5 access/people.yaml=5");
    let empty = empty.commit("c0ffee", self::world().people(&["ada"]));
    assert_snapshot!(empty.plan().short(), @r"
    STOPPED by guard:source: nobody is declared any more, of 5 before; look for files that are missing or not included; an app is given up with `removed:`
    9 disable user:ada (config) HELD by guard:source
    TRIPPED source: nobody is declared any more, of 5 before
    ");
}
