//! Rule 11: a shrunken source stops the app.

use insta::assert_snapshot;

use super::rule_11_guards::company;
use super::world::world;

#[test]
fn rule_11_fewer_people_than_at_the_last_apply_stop_the_app() {
    let few = company(20).applied_people("30 access/people.yaml=20");
    assert_snapshot!(few.plan().short(), @"");
    let world = company(20).applied_people("31 access/people.yaml=20");
    let outcome = world.plan();
    assert_snapshot!(outcome.short(), @r"
    STOPPED by guard:source: 11 fewer people are declared than the 31 of the last applied commit, 10 allowed; look for files that are missing or not included; if it is meant, repeat with --allow hr:source=11
    TRIPPED source: 11 fewer people are declared than the 31 of the last applied commit, 10 allowed
    ");
    assert!(outcome.app().is_refused());
    assert_snapshot!(world.clone().allow("source", 11).plan().short(), @"allowed source: 11 fewer people are declared than the 31 of the last applied commit, 10 allowed");
    assert_snapshot!(world.app("guard: {source: 11}").plan().short(), @"");
}

#[test]
fn rule_11_a_shrunken_file_stops_the_app() {
    let world = company(20).applied_people("20 access/people.yaml=31");
    assert_snapshot!(world.plan().short(), @r"
    STOPPED by guard:source: access/people.yaml: 11 of its 31 people are declared nowhere any more, 10 allowed; look for files that are missing or not included; if it is meant, repeat with --allow hr:source=11
    TRIPPED source: access/people.yaml: 11 of its 31 people are declared nowhere any more, 10 allowed
    ");
}

#[test]
fn rule_11_a_vanished_file_stops_the_app() {
    let world = company(20).applied_people("24 access/people.yaml=20 access/lost.yaml=4");
    assert_snapshot!(world.plan().short(), @r"
    STOPPED by guard:source: access/lost.yaml is gone: 4 of its 4 people are declared nowhere any more, 3 allowed; look for files that are missing or not included; if it is meant, repeat with --allow hr:source=4
    TRIPPED source: access/lost.yaml is gone: 4 of its 4 people are declared nowhere any more, 3 allowed
    ");
    let moved = company(20).applied_people("20 access/people.yaml=10 access/old.yaml=10");
    assert_snapshot!(moved.plan().short(), @"");
    let three = company(20).applied_people("23 access/people.yaml=20 access/lost.yaml=3");
    assert_snapshot!(three.plan().short(), @"");
}

#[test]
fn rule_11_growth_elsewhere_makes_up_for_one_loss_only() {
    // Ten people are new in people.yaml, and three files are gone: at most one of these can have moved there.
    let files = "access/people.yaml=10 access/a.yaml=8 access/b.yaml=9 access/c.yaml=10";
    let world = company(20).applied_people(&format!("20 {files}"));
    assert_snapshot!(world.plan().short(), @r"
    STOPPED by guard:source: access/b.yaml is gone: 7 of its 9 people are declared nowhere any more, 3 allowed; look for files that are missing or not included; if it is meant, repeat with --allow hr:source=17
    TRIPPED source: access/b.yaml is gone: 7 of its 9 people are declared nowhere any more, 3 allowed
    TRIPPED source: access/c.yaml is gone: 10 of its 10 people are declared nowhere any more, 3 allowed
    ");
}

#[test]
fn rule_11_newcomers_do_not_stand_in_for_a_vanished_file() {
    let world = (0..4).fold(company(20), |world, number| {
        let id = format!("p{number:02}");
        world.without(&id).drop_yaml(&format!("access/p-{id}.yaml"))
    });
    let newcomers = world
        .people(&["new0", "new1", "new2", "new3"])
        .applied_people("20 access/people.yaml=16 access/lost.yaml=4");
    assert_snapshot!(newcomers.plan().short(), @r"
    STOPPED by guard:source: access/lost.yaml is gone: 4 of its 4 people are declared nowhere any more, 3 allowed; look for files that are missing or not included; if it is meant, repeat with --allow hr:source=4
    9 disable user:p00 (config) HELD by guard:source
    9 disable user:p01 (config) HELD by guard:source
    9 disable user:p02 (config) HELD by guard:source
    9 disable user:p03 (config) HELD by guard:source
    TRIPPED source: access/lost.yaml is gone: 4 of its 4 people are declared nowhere any more, 3 allowed
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
