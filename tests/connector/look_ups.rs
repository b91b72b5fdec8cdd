//! Whether it proves anything that a look-up finds nobody: the server is asked, and goes wrong.

use rolecall::connector::{ErrorKind, LookUps};
use rolecall::model::remote::Walk;
use serde_json::{Value as Json, json};

use crate::connector::faults::Scene;
use crate::connector::rig::{Rig, error, path, users};
use crate::support::proxy::then::Then;
use crate::support::proxy::{then, when};

fn look_ups(rig: &Rig, attribute: &str) -> LookUps {
    let path = path(attribute);
    rig.runtime.block_on(rig.connector.look_ups(&users(), &path)).unwrap_or_else(|error| panic!("{error}"))
}

/// Why look-ups by the login prove nothing in a server whose answers to filters are changed.
fn unproven(then: Then) -> String {
    let scene = Scene::with(12);
    let rig = scene.broken(when::target("filter="), then);
    match look_ups(&rig, "userName") {
        LookUps::Unproven(why) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

fn found(rows: &[&Json]) -> Json {
    json!({"totalResults": rows.len(), "Resources": rows})
}

#[test]
fn an_app_that_filters_is_seen_to() {
    let scene = Scene::with(12);
    let rig = scene.app().open();
    assert_eq!(look_ups(&rig, "userName"), LookUps::Proven);
    // It is tried once: a page of the list, and three filters.
    let asked = rig.events.requests().len();
    assert_eq!(asked, 4);
    assert_eq!(look_ups(&rig, "userName"), LookUps::Proven);
    assert_eq!(rig.events.requests().len(), asked);
    // Of an attribute that no account shows nothing can be said.
    assert_eq!(look_ups(&rig, "title"), LookUps::Untried);
}

#[test]
fn an_app_that_does_not_filter_is_seen_not_to() {
    let everybody = Scene::with(12).server.get("/Users?count=1000").json();
    let ignored = then::rewrite_json(move |_, page| *page = everybody.clone());
    assert!(unproven(ignored).ends_with("by its own value, the app answers with others, too"));
    let nobody = then::rewrite_json(|_, page| *page = found(&[]));
    assert!(unproven(nobody).ends_with("by its own value"));
    assert!(unproven(then::status(501)).starts_with("the app cannot be asked so: "));
    // Somebody for a value that nobody has.
    let somebody = then::rewrite_json(|request, page| {
        if request.target.contains("rolecall-finds-nobody") {
            *page = found(&[&json!({"id": "7", "userName": "user07"})]);
        }
    });
    assert_eq!(
        unproven(somebody),
        "the app answers with somebody if it is asked for a value that nobody has"
    );
    // Only the case in which the value stands there.
    let in_its_case = then::rewrite_json(|request, page| {
        if request.target.contains("USER") {
            *page = found(&[]);
        }
    });
    assert!(unproven(in_its_case).ends_with("by its own value in another case"));
    let scene = Scene::with(3);
    let rig = scene.app().set("can.filter", false).open();
    assert_eq!(look_ups(&rig, "userName"), LookUps::Unproven("the app has no filters".into()));
}

/// A list that does not add up shows not who is missing. A look-up does, if the app filters.
#[test]
fn from_a_list_that_does_not_add_up_a_look_up_that_finds_nobody_follows_only_if_the_app_filters() {
    let short = || then::rewrite_json(|_, page| page["totalResults"] = json!(13));
    let lists = || {
        when::requests(|request| request.target.contains("/Users?") && !request.target.contains("filter="))
    };
    let scene = Scene::with(12);
    let rig = scene.broken(lists(), short());
    assert!(matches!(rig.list(&users()).unwrap().1, Walk::Incomplete { .. }));
    assert_eq!(rig.find(&users(), "userName", "nobody").unwrap(), []);
    // The list was read once for that; the next look-up is one request.
    let asked = rig.events.requests().len();
    assert_eq!(rig.find(&users(), "userName", "nobody-else").unwrap(), []);
    assert_eq!(rig.events.requests().len(), asked + 1);

    let scene = Scene::with(12);
    scene.proxy.arm(when::target("filter="), then::rewrite_json(|_, page| *page = found(&[])));
    let rig = scene.broken(lists(), short());
    let refused = error(rig.find(&users(), "userName", "nobody"));
    assert_eq!(refused.kind(), ErrorKind::Incomplete);
    assert_eq!(error(rig.find(&users(), "userName", "user07")).kind(), ErrorKind::Incomplete);
}
