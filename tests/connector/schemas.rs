//! What an app says of its own attributes, on real servers.

use rolecall::catalog::Said;
use rolecall::model::Value;
use rolecall::model::op::{Action, OutcomeState};
use rolecall::model::remote::{Members, Presence};
use rolecall::model::seen::{Activity, Seen, Unread};
use serde_json::json;

use crate::connector::faults::Scene;
use crate::connector::membership::members;
use crate::connector::rig::{Rig, groups, path, want};
use crate::connector::writing::{create_named, done, set, update};
use crate::support::proxy::{then, when};
use rolecall::model::Kind;

/// A server whose schema says that `title` is shown on request only.
fn on_request() -> Scene {
    only_on_request("title", "")
}

/// A server whose schema says that an attribute is shown on request only, and which has no such attribute as `lacks`.
fn only_on_request(named: &'static str, lacks: &'static str) -> Scene {
    let scene = Scene::with(2);
    let schemas = when::target("/Schemas");
    scene.proxy.arm(
        schemas,
        then::rewrite_json(move |_, page| {
            for schema in page["Resources"].as_array_mut().unwrap() {
                let attributes = schema["attributes"].as_array_mut().unwrap();
                attributes.retain(|attribute| attribute["name"] != lacks);
                for attribute in attributes {
                    if attribute["name"] == named {
                        attribute["returned"] = json!("request");
                    }
                }
            }
        }),
    );
    scene
}

fn hides_title(scene: &Scene) {
    let unnamed = when::requests(|request| {
        request.method == "GET"
            && request.target.contains("/Users")
            && !request.target.contains("attributes=")
    });
    scene.proxy.arm(
        unnamed,
        then::rewrite_json(|_, page| {
            let hide = |object: &mut serde_json::Value| {
                if let Some(object) = object.as_object_mut() {
                    object.remove("title");
                }
            };
            match page.get_mut("Resources").and_then(|rows| rows.as_array_mut()) {
                Some(rows) => rows.iter_mut().for_each(hide),
                None => hide(page),
            }
        }),
    );
}

fn request() -> rolecall::model::remote::ListRequest {
    want(Kind::User, &["userName", "title"])
}

fn titles(rig: &Rig) -> Vec<Seen<Value>> {
    let (rows, _) = rig.list(&request()).unwrap();
    rows.into_iter().map(|row| row.attributes[1].clone()).collect()
}

#[test]
fn what_is_shown_on_request_is_asked_for_by_name() {
    let scene = on_request();
    let rig = scene.app().open();
    hides_title(&scene);
    let (rows, _) = rig.list(&request()).unwrap();
    assert!(rows.iter().all(|row| row.our_id.is_some()), "{rows:#?} {:?}", rig.events.requests());
    let first = rows[0].id.clone();
    let set = rig.write(&request(), update(&first, &[("title", "Boss")]));
    assert_eq!(set.state, OutcomeState::Written);
    assert!(titles(&rig).contains(&Seen::Is("Boss".into())));
    let Presence::Here(read) = rig.get(&request(), first.as_str()).unwrap() else { panic!("it is there") };
    assert_eq!(read.attributes[1], Seen::Is("Boss".into()));
    // The look before a write reads it as well, so that what is so is not sent again.
    assert_eq!(rig.write(&request(), update(&first, &[("title", "Boss")])).state, OutcomeState::Already);
    let found = rig.find(&request(), "userName", "user00").unwrap();
    assert_eq!(found.len(), 1);
    assert!(rig.events.requests().iter().all(|request| !request.contains(" 400")));
}

#[test]
fn a_server_that_refuses_the_parameter_is_asked_without_it() {
    let scene = on_request();
    let rig = scene.app().open();
    hides_title(&scene);
    scene.proxy.arm(when::requests(|request| request.target.contains("attributes=")), then::status(400));
    assert_eq!(titles(&rig), [Seen::Unread(Unread::LeftOut), Seen::Unread(Unread::LeftOut)]);
    let report = rig.runtime.block_on(rig.connector.check());
    let told = report.findings.iter().find(|finding| finding.text.contains("refuses `attributes`"));
    assert!(told.is_some_and(|finding| finding.text.contains("title")), "{:?}", report.findings);
}

#[test]
fn a_refusal_is_about_names_only_if_the_app_answers_without_them() {
    let scene = on_request();
    let rig = scene.app().open();
    hides_title(&scene);
    // The app refuses one account, however it is asked for, and once a list.
    scene.proxy.arm(when::target("/Users/odd"), then::status(400));
    assert!(matches!(rig.get(&request(), "odd").unwrap(), Presence::Unknown { .. }));
    scene.proxy.arm(when::target("/Users"), then::status(400));
    rig.list(&request()).unwrap_err();
    scene.proxy.heal();
    hides_title(&scene);
    assert!(titles(&rig).iter().all(|title| !matches!(title, Seen::Unread(_))));
    assert!(
        scene.proxy.requests().last().is_some_and(|request| request.request.target.contains("attributes="))
    );
}

#[test]
fn the_look_at_an_account_names_what_it_has() {
    let scene = on_request();
    let rig = scene.app().open();
    let (rows, _) = rig.list(&request()).unwrap();
    rig.get(&request(), rows[0].id.as_str()).unwrap();
    let asked = scene.proxy.requests();
    let looked =
        asked.iter().rfind(|request| request.request.target.contains("attributes=")).expect("a look");
    for name in ["roles", "entitlements", "groups"] {
        assert!(looked.request.target.contains(name), "{}", looked.request.target);
    }
}

/// The last `attributes` that a list was asked for with.
fn named_in_the_list(scene: &Scene) -> Vec<String> {
    let asked = scene.proxy.requests();
    let list = asked.iter().rfind(|asked| asked.request.target.contains("/Users?")).expect("a list");
    let (_, query) = list.request.target.split_once('?').expect("a query");
    let named = query.split('&').find_map(|pair| pair.strip_prefix("attributes="));
    named.unwrap_or_default().split("%2C").map(str::to_owned).collect()
}

#[test]
fn what_is_read_of_every_account_is_asked_for_with_what_is_shown_on_request() {
    let scene = only_on_request("title", "displayName");
    let rig = scene.app().open();
    rig.list(&request()).unwrap();
    let named = named_in_the_list(&scene);
    for name in ["id", "externalId", "userName", "active", "emails", "name", "title"] {
        assert!(named.iter().any(|known| known == name), "{name}: {named:?}");
    }
    // What the app's schema leaves out is not asked for.
    assert!(!named.iter().any(|known| known == "displayName"), "{named:?}");
}

#[test]
fn what_is_read_of_every_account_is_asked_for_though_nothing_maps_it() {
    for hidden in ["active", "displayName"] {
        let scene = only_on_request(hidden, "");
        let rig = scene.app().open();
        rig.list(&want(Kind::User, &["userName"])).unwrap();
        assert!(named_in_the_list(&scene).iter().any(|name| name == hidden), "{hidden}");
    }
}

#[test]
fn not_found_proves_that_an_account_is_gone_only_without_the_parameter() {
    for status in [404, 410] {
        let scene = on_request();
        let rig = scene.app().open();
        let (rows, _) = rig.list(&request()).unwrap();
        let (here, gone) = (&rows[0].id, &rows[1].id);
        scene.server.request("DELETE", &format!("/Users/{gone}"), None);
        let named = when::requests(|request| {
            request.target.contains("/Users/") && request.target.contains("attributes=")
        });
        scene.proxy.arm(named, then::status(status));
        assert!(matches!(rig.get(&request(), here.as_str()).unwrap(), Presence::Here(_)), "{status}");
        assert!(matches!(rig.get(&request(), gone.as_str()).unwrap(), Presence::Gone(_)), "{status}");
    }
}

#[test]
fn a_schema_without_activity_means_that_accounts_are_on() {
    let scene = Scene::with(1);
    let schemas = when::target("/Schemas");
    scene.proxy.arm(
        schemas,
        then::rewrite_json(|_, page| {
            for schema in page["Resources"].as_array_mut().unwrap() {
                let attributes = schema["attributes"].as_array_mut().unwrap();
                attributes.retain(|attribute| attribute["name"] != "active");
            }
        }),
    );
    let silent = || {
        then::rewrite_json(|_, page| {
            for row in page["Resources"].as_array_mut().unwrap() {
                row.as_object_mut().unwrap().remove("active");
            }
        })
    };
    let rig = scene.app().open();
    assert_eq!(rig.connector.schemas().users.said(&path("active")), Said::Unknown);
    scene.proxy.arm(when::target("/Users?"), silent());
    let (rows, _) = rig.list(&request()).unwrap();
    assert_eq!(rows[0].activity, Activity::On);
    // A server whose schema has it says nothing by leaving it out, unless the setting says so.
    let scene = Scene::with(1);
    let (rig, told) = (scene.app().open(), scene.app().set("absent_is_active", true).open());
    scene.proxy.arm(when::target("/Users?"), silent());
    let (rows, _) = rig.list(&request()).unwrap();
    assert_eq!(rows[0].activity, Activity::Unread(Unread::LeftOut));
    let (rows, _) = told.list(&request()).unwrap();
    assert_eq!(rows[0].activity, Activity::On);
}

/// A server whose schema says that the members of a group are shown on request only.
#[test]
fn members_that_are_shown_on_request_are_asked_for_by_name() {
    let scene = only_on_request("members", "");
    let rig = scene.app().open();
    let person = create_named(&rig, "member");
    let attributes = set(&[("displayName", "Platform")]);
    let group = done(rig.write(&groups(), Action::CreateGroup { attributes })).id;
    done(rig.write(&groups(), members(&group, &[&person], &[])));
    let unnamed = when::requests(|request| {
        let names = request.target.split_once("attributes=").map(|(_, names)| names);
        let is_named = names.is_some_and(|names| names.contains("members"));
        request.method == "GET" && request.target.contains("/Groups") && !is_named
    });
    scene.proxy.arm(
        unnamed,
        then::rewrite_json(|_, page| {
            let hide = |group: &mut serde_json::Value| {
                _ = group.as_object_mut().map(|group| group.remove("members"));
            };
            match page.get_mut("Resources").and_then(|rows| rows.as_array_mut()) {
                Some(rows) => rows.iter_mut().for_each(hide),
                None => hide(page),
            }
        }),
    );
    let (listed, _) = rig.list(&groups()).unwrap();
    let found = rig.find(&groups(), "displayName", "Platform").unwrap();
    let Presence::Here(read) = rig.get(&groups(), group.as_str()).unwrap() else { panic!("it is there") };
    for shown in [&listed[0], &found[0], &*read] {
        let Members::Shown(shown) = &shown.members else { panic!("{shown:?}") };
        assert_eq!(shown.len(), 1);
    }
    assert!(rig.events.requests().iter().all(|request| !request.contains(" 400")));
}
