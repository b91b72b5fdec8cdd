//! Lists with wrong totals, and filters that the server ignores.

use rolecall::connector::ErrorKind;
use rolecall::model::remote::Walk;
use serde_json::json;

use crate::connector::faults::{Scene, lists};
use crate::connector::rig::{error, users, why};
use crate::support::proxy::then::Then;
use crate::support::proxy::{then, when};

/// A list of twelve accounts in pages of five, changed by the proxy.
fn changed(then: Then) -> Walk {
    let scene = Scene::with(12);
    let rig = scene.broken(lists(), then);
    let (rows, walk) = rig.list(&users()).unwrap();
    let mut ids: Vec<_> = rows.iter().map(|row| &row.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), rows.len(), "nobody comes twice");
    assert!(scene.proxy.count() < 15, "no endless loop");
    walk
}

#[test]
fn totals_that_do_not_add_up() {
    let more = changed(then::rewrite_json(|_, page| page["totalResults"] = json!(13)));
    assert_eq!(why(more), "totalResults is 13, but 12 came");
    let fewer = changed(then::rewrite_json(|_, page| page["totalResults"] = json!(9)));
    assert_eq!(why(fewer), "totalResults is 9, but 10 came");
    let shrinking = changed(then::rewrite_json(|request, page| {
        if request.target.contains("startIndex=6") {
            page["totalResults"] = json!(11);
        }
    }));
    assert_eq!(why(shrinking), "totalResults changed from 12 to 11 while reading");
    let short = changed(then::rewrite_json(|request, page| {
        if request.target.contains("startIndex=6") {
            page["Resources"] = json!([]);
        }
    }));
    assert_eq!(why(short), "totalResults is 12, but 5 came");
}

#[test]
fn pages_that_come_again() {
    let scene = Scene::with(12);
    let first = scene.server.get("/Users?startIndex=1&count=5").json();
    let rig = scene.broken(
        lists(),
        then::rewrite_json(move |request, page| {
            if request.target.contains("startIndex=6") {
                page["Resources"][0] = first["Resources"][4].clone();
            }
        }),
    );
    let (rows, walk) = rig.list(&users()).unwrap();
    assert!(why(walk).ends_with("came twice"));
    assert_eq!(rows.len(), 11);

    let first = scene.server.get("/Users?startIndex=1&count=5").json();
    let never = changed(then::rewrite_json(move |_, page| *page = first.clone()));
    assert!(why(never).contains("paging does not advance"));
}

#[test]
fn without_totals_the_end_has_to_be_seen_twice() {
    let walk = changed(then::rewrite_json(|_, page| {
        page.as_object_mut().unwrap().remove("totalResults");
    }));
    assert!(matches!(walk, Walk::Complete(_)), "{walk:?}");
}

#[test]
fn a_filter_that_is_ignored_finds_nobody_else() {
    let scene = Scene::with(12);
    let everybody = scene.server.get("/Users?count=1000").json();
    let rig =
        scene.broken(when::target("filter="), then::rewrite_json(move |_, page| *page = everybody.clone()));
    let found = rig.find(&users(), "userName", "user07").unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name.as_deref(), Some("user07"));
    assert_eq!(rig.find(&users(), "userName", "nobody").unwrap(), []);
    assert_eq!(rig.find(&users(), "externalId", "X-07").unwrap(), []);
}

#[test]
fn a_filter_that_finds_nobody_is_not_believed_unless_told_so() {
    let scene = Scene::with(12);
    let empty = json!({"totalResults": 0, "Resources": []});
    let nobody = move || {
        let empty = empty.clone();
        then::rewrite_json(move |_, page| *page = empty.clone())
    };
    let rig = scene.broken(when::target("filter="), nobody());
    for number in 0..12 {
        let name = format!("user{number:02}");
        assert_eq!(rig.find(&users(), "userName", &name).unwrap().len(), 1);
    }
    let lists = rig.events.requests().iter().filter(|line| line.ends_with("/Users 200")).count();
    assert_eq!(lists, 12 + 3, "twelve filters, and the list read once");
    let trusting = scene.app().set("filter.trust_empty", true).open();
    assert_eq!(trusting.find(&users(), "userName", "user07").unwrap(), []);
}

#[test]
fn a_filter_that_is_refused_is_done_without() {
    let scene = Scene::with(12);
    for then in [then::status(400), then::status(501), then::html(404)] {
        scene.proxy.heal();
        let rig = scene.broken(when::target("filter="), then);
        assert_eq!(rig.find(&users(), "userName", "user07").unwrap().len(), 1);
    }
    scene.proxy.heal();
    let rig = scene.broken(when::target("filter="), then::status(500));
    assert_eq!(error(rig.find(&users(), "userName", "user07")).kind(), ErrorKind::Server);
    scene.proxy.heal();
    let rig = scene.app().set("can.filter", false).open();
    assert_eq!(rig.find(&users(), "userName", "user07").unwrap().len(), 1);
}

#[test]
fn a_look_up_that_cannot_be_complete_is_an_error() {
    let scene = Scene::with(12);
    let rig = scene.app().set("can.filter", false).open();
    scene.proxy.arm(lists(), then::rewrite_json(|_, page| page["totalResults"] = json!(13)));
    let error = error(rig.find(&users(), "userName", "nobody"));
    assert_eq!(error.kind(), ErrorKind::Incomplete);
    assert_eq!(error.to_string(), "crm: cannot look up a user by userName: totalResults is 13, but 12 came");
}

#[test]
fn somebody_matched_twice_is_returned_twice() {
    let scene = Scene::with(2);
    let rig = scene.broken(
        lists(),
        then::rewrite_json(|_, page| {
            for user in page["Resources"].as_array_mut().into_iter().flatten() {
                user["externalId"] = json!("same");
            }
        }),
    );
    // A GET of each account shows the right values, so no account is taken for another person's.
    assert_eq!(rig.find(&users(), "userName", "user00").unwrap().len(), 1);
    let rig = scene.broken(
        when::target("/Users"),
        then::rewrite_json(|_, json| {
            if json["id"].is_string() {
                json["externalId"] = json!("same");
            }
        }),
    );
    assert_eq!(rig.find(&users(), "externalId", "same").unwrap().len(), 2);
}
