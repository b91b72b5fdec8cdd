//! Apps that answer in a way of their own, and are understood all the same.

use rolecall::model::op::Action;
use rolecall::model::remote::{Presence, Walk};

use crate::connector::faults::Scene;
use crate::connector::rig::{error, groups, users};
use crate::connector::writing::{create_named, done, person, set, update, value};
use crate::support::proxy::{then, when};
use crate::support::wire::Response;

#[test]
fn a_byte_order_mark_is_no_part_of_an_answer() {
    let scene = Scene::with(3);
    scene.proxy.arm(
        when::every(),
        then::rewrite(|_, mut answer| {
            if !answer.body.is_empty() {
                answer.body.splice(..0, *b"\xef\xbb\xbf");
            }
            answer
        }),
    );
    let rig = scene.app().open();
    assert!(rig.connector.capabilities().filter, "the app described itself");
    let (rows, walk) = rig.list(&users()).unwrap();
    assert!(matches!(walk, Walk::Complete(_)) && rows.len() == 3, "{walk:?}");
    assert_eq!(rig.find(&users(), "userName", "user01").unwrap().len(), 1);
    let id = create_named(&rig, "ada");
    assert_eq!(value(&done(rig.write(&person(), update(&id, &[("title", "A")]))), "title"), "A".into());
    assert!(matches!(rig.get(&users(), id.as_str()).unwrap(), Presence::Here(_)));
    assert!(matches!(rig.get(&users(), "nobody").unwrap(), Presence::Gone(_)), "an error is read as well");
    // A mark alone is an empty answer, and one before a page makes it no JSON.
    for (then, told) in [
        (then::answer(Response::new(200).body("application/json", *b"\xef\xbb\xbf")), "without a body"),
        (then::answer(Response::new(200).body("text/html", *b"\xef\xbb\xbf<html>")), "a web page"),
    ] {
        scene.proxy.heal();
        scene.proxy.arm(when::target("/Users?"), then);
        let error = error(rig.list(&users()));
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[test]
fn parameters_of_the_settings_are_in_every_request() {
    let scene = Scene::with(3);
    let rig = scene.app().set("query.tenant", "a&b c").set("query.v", "2").open();
    let id = create_named(&rig, "ada");
    rig.list(&users()).unwrap();
    rig.list(&groups()).unwrap();
    rig.find(&users(), "userName", "user01").unwrap();
    rig.get(&users(), id.as_str()).unwrap();
    done(rig.write(&person(), update(&id, &[("title", "A")])));
    done(rig.write(&groups(), Action::CreateGroup { attributes: set(&[("displayName", "crew")]) }));
    rig.write(&person(), Action::DeleteUser { remote: id });
    rig.runtime.block_on(rig.connector.check());
    for recorded in scene.proxy.requests() {
        let target = &recorded.request.target;
        assert!(target.ends_with("tenant=a%26b%20c&v=2"), "{target}");
        assert_eq!(target.matches('?').count(), 1, "{target}");
    }
    let report = rig.runtime.block_on(rig.connector.check());
    assert!(!report.endpoint.contains('?'), "{}", report.endpoint);
    assert!(rig.events.requests().iter().all(|line| !line.contains("tenant")));
    for (name, told) in [
        ("count", "parameter count is set by rolecall itself"),
        ("api_key", "parameter api_key looks like a secret: credentials belong below `auth`"),
    ] {
        let error = error(scene.app().set(&format!("query.{name}"), "1").try_open());
        assert_eq!(error.to_string(), format!("crm: {told}"));
    }
}

#[test]
fn a_filter_is_sent_as_it_is_meant() {
    let scene = Scene::with(1);
    let rig = scene.app().set("query.tenant", "acme").open();
    rig.find(&users(), "userName", "a+b&c@x.example").unwrap();
    let requests = scene.proxy.requests();
    let filter = requests.iter().find(|it| it.request.target.contains("filter=")).unwrap();
    let filter = &filter.request.target;
    assert!(filter.contains("filter=userName%20eq%20%22a%2Bb%26c%40x.example%22&startIndex=1"), "{filter}");
    assert_eq!(filter.matches("tenant=acme").count(), 1);
}
