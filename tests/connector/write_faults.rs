//! Faults between the program and the app while it writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rolecall::model::op::{Action, After, ListChange, Outcome, OutcomeState};
use rolecall::model::{RemoteId, Value};
use serde_json::json;

use crate::connector::rig::{Builder, Rig, app, path, scim2_server};
use crate::connector::writing::{
    WORK, activity, ada, create, create_named, done, person, set, update, value,
};
use crate::support::proxy::{Proxy, then, when};
use crate::support::servers::RealServer;
use crate::support::wire::Response;

pub struct Scene {
    pub server: Arc<RealServer>,
    pub proxy: Proxy,
}

impl Scene {
    pub fn new() -> Self {
        let server = Arc::new(scim2_server());
        let proxy = Proxy::before(&server);
        Scene { server, proxy }
    }

    pub fn app(&self) -> Builder {
        app(&self.proxy.base_url(), &self.server.token)
    }

    pub fn posts(&self) -> usize {
        let is_post = |write: &&crate::support::proxy::Recorded| write.request.method == "POST";
        self.proxy.writes().iter().filter(is_post).count()
    }
}

pub fn why(outcome: Outcome) -> (&'static str, String) {
    match outcome.state {
        OutcomeState::Refused { why, .. } => ("refused", why),
        OutcomeState::Unknown { why } => ("unknown", why),
        OutcomeState::NotSent { why } => ("not-sent", why),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_update_that_took_effect_counts() {
    let scene = Scene::new();
    let rig = scene.app().timeout(Duration::from_millis(1500)).open();
    let id = create_named(&rig, "ada");
    for (title, then) in [
        ("A", then::status_after_effect(500)),
        ("B", then::status_after_effect(503)),
        ("C", then::cut_after_effect()),
        ("D", then::delay_answer(Duration::from_secs(3))),
        ("E", then::rewrite(|_, answer| answer.body("text/html", "<html>ok</html>"))),
    ] {
        scene.proxy.heal();
        let before = scene.proxy.writes().len();
        scene.proxy.arm(when::method("PATCH"), then);
        let after = done(rig.write(&person(), update(&id, &[("title", title)])));
        assert_eq!(value(&after, "title"), title.into());
        assert_eq!(scene.proxy.writes().len(), before + 1, "{title}");
    }
}

#[test]
fn an_update_that_did_not_happen_is_sent_again_where_that_helps() {
    let scene = Scene::new();
    let rig = scene.app().timeout(Duration::from_millis(500)).open();
    let id = create_named(&rig, "ada");
    for (title, then) in
        [("A", then::status(503)), ("B", then::cut_before_server()), ("C", then::too_many("0"))]
    {
        scene.proxy.heal();
        let before = scene.proxy.writes().len();
        scene.proxy.arm(when::method("PATCH").first(1), then);
        done(rig.write(&person(), update(&id, &[("title", title)])));
        assert_eq!(scene.proxy.writes().len(), before + 2, "{title}");
    }
    scene.proxy.heal();
    scene.proxy.arm(when::method("PATCH"), then::status(500));
    let (state, text) = why(rig.write(&person(), update(&id, &[("title", "X")])));
    assert_eq!(state, "refused");
    assert!(text.ends_with("looked again: nothing changed"), "{text}");
    scene.proxy.heal();
    scene.proxy.arm(when::method("PATCH"), then::hang());
    let (state, text) = why(rig.write(&person(), update(&id, &[("title", "X")])));
    assert_eq!(state, "unknown");
    assert!(text.ends_with("looked again: it is not so yet"), "{text}");
}

#[test]
fn the_same_with_put() {
    let scene = Scene::new();
    let rig = scene.app().set("update.users", "put").open();
    let id = create_named(&rig, "ada");
    scene.proxy.arm(when::method("PUT").first(1), then::cut_after_effect());
    assert_eq!(value(&done(rig.write(&person(), update(&id, &[("title", "A")]))), "title"), "A".into());
    scene.proxy.heal();
    scene.proxy.arm(when::method("PUT").first(1), then::cut_before_server());
    assert_eq!(value(&done(rig.write(&person(), update(&id, &[("title", "B")]))), "title"), "B".into());
}

#[test]
fn a_change_in_between_is_seen_and_kept() {
    for style in ["patch", "put"] {
        let scene = Scene::new();
        let rig = scene.app().set("update.users", style).open();
        let id = create_named(&rig, "ada");
        let server = scene.server.clone();
        let path = format!("/Users/{id}");
        let touched = AtomicUsize::new(0);
        scene.proxy.arm(
            when::write(),
            then::run(crate::support::proxy::Edge::BeforeServer, move |_| {
                if touched.fetch_add(1, Ordering::SeqCst) == 0 {
                    server.patch(&path, json!([{"op": "add", "path": "nickName", "value": "Countess"}]));
                }
            }),
        );
        let writes = scene.proxy.writes().len();
        done(rig.write(&person(), update(&id, &[("title", "A")])));
        assert_eq!(scene.proxy.writes().len(), writes + 2, "{style}: 412, and once more");
        let now = scene.server.get(&format!("/Users/{id}")).json();
        assert_eq!(
            (now["nickName"].as_str(), now["title"].as_str()),
            (Some("Countess"), Some("A")),
            "{style}"
        );
    }
}

#[test]
fn a_role_somebody_adds_in_between_stays() {
    for style in ["patch", "put"] {
        let scene = Scene::new();
        let rig = scene.app().set("update.users", style).open();
        let id = create_named(&rig, "ada");
        let user = format!("/Users/{id}");
        let give = |roles: serde_json::Value| json!([{"op": "replace", "path": "roles", "value": roles}]);
        scene.server.patch(&user, give(json!([{"value": "READER"}])));
        let server = scene.server.clone();
        let touched = AtomicUsize::new(0);
        let both = give(json!([{"value": "READER"}, {"value": "STRANGER"}]));
        scene.proxy.arm(
            when::write(),
            then::run(crate::support::proxy::Edge::BeforeServer, {
                let user = user.clone();
                move |_| {
                    if touched.fetch_add(1, Ordering::SeqCst) == 0 {
                        server.patch(&user, both.clone());
                    }
                }
            }),
        );
        let change =
            ListChange { path: path("roles"), add: vec!["ADMIN".into()], remove: vec!["READER".into()] };
        let action =
            Action::UpdateUser { remote: id.clone(), set: vec![], lists: vec![change], active: None };
        done(rig.write(&person(), action.clone()));
        let now = scene.server.get(&user).json();
        let mut roles: Vec<_> = now["roles"].as_array().unwrap().iter().map(|role| &role["value"]).collect();
        roles.sort_by_key(std::string::ToString::to_string);
        assert_eq!(roles, ["ADMIN", "STRANGER"], "{style}");
        assert_eq!(rig.write(&person(), action).state, OutcomeState::Already, "{style}");
    }
}

#[test]
fn an_object_that_always_changes_is_refused() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let id = create_named(&rig, "ada");
    scene.proxy.arm(when::method("PATCH"), then::status(412));
    let (state, text) = why(rig.write(&person(), update(&id, &[("title", "A")])));
    assert_eq!(state, "refused");
    assert!(text.contains("another client keeps changing this user"), "{text}");
}

#[test]
fn an_attribute_that_is_dropped_shows_in_what_came_after() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let id = create_named(&rig, "ada");
    scene.proxy.arm(when::method("PATCH"), then::answer(Response::new(204)));
    let after = done(rig.write(&person(), update(&id, &[("title", "A")])));
    assert_eq!(value(&after, "title"), Value::Null);
}

#[test]
fn an_attribute_that_cannot_change_is_named() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let id = create_named(&rig, "ada");
    scene.proxy.arm(
        when::method("PATCH"),
        then::answer(Response::new(400).json_body(&json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400", "scimType": "mutability",
            "detail": "Attribute 'userName' is immutable",
        }))),
    );
    let (state, text) = why(rig.write(&person(), update(&id, &[("userName", "b")])));
    assert_eq!(state, "refused");
    assert!(
        text.ends_with(
            "answered 400 Bad Request (mutability): Attribute 'userName' is immutable; map it with `apply: create`, or put the declared value right"
        ),
        "{text}"
    );
}

#[test]
fn an_account_gone_behind_our_back() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let id = create_named(&rig, "ada");
    scene.server.request("DELETE", &format!("/Users/{id}"), None);
    let writes = scene.proxy.writes().len();
    let (state, text) = why(rig.write(&person(), update(&id, &[("title", "A")])));
    assert_eq!(state, "refused");
    assert!(text.contains("is gone"), "{text}");
    assert_eq!(scene.proxy.writes().len(), writes);
    scene.proxy.arm(when::target("/Users/"), then::html(404));
    let (state, text) = why(rig.write(&person(), Action::DeleteUser { remote: id }));
    assert_eq!(state, "not-sent", "a page proves nothing");
    assert!(text.contains("web page"), "{text}");
    assert_eq!(scene.proxy.writes().len(), writes);
}

#[test]
fn an_account_that_hides_when_disabled() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let id = create_named(&rig, "ada");
    let hide = |rig: &Rig, proxy: &Proxy| {
        proxy.heal();
        let off = Arc::new(AtomicUsize::new(0));
        let seen = off.clone();
        proxy.arm(
            when::method("PATCH"),
            then::rewrite(move |_, answer| {
                off.store(1, Ordering::SeqCst);
                answer
            }),
        );
        let gone = when::requests(move |request| request.method == "GET" && seen.load(Ordering::SeqCst) == 1);
        proxy.arm(gone, then::status(404));
        rig.write(&person(), activity(&id, false))
    };
    let (state, text) = why(hide(&rig, &scene.proxy));
    assert_eq!(state, "unknown");
    assert!(text.contains("gone_after_deactivate"), "{text}");
    scene.proxy.heal();
    done(rig.write(&person(), activity(&id, true)));
    let rig = scene.app().set("gone_after_deactivate", true).open();
    assert_eq!(hide(&rig, &scene.proxy).state, OutcomeState::Written);
}

#[test]
fn a_delete_is_settled_by_looking() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let delete = |id: &RemoteId| rig.write(&person(), Action::DeleteUser { remote: id.clone() });
    for then in [then::status_after_effect(500), then::cut_after_effect(), then::status_after_effect(404)] {
        scene.proxy.heal();
        let id = create_named(&rig, "ada");
        scene.proxy.arm(when::method("DELETE"), then);
        assert_eq!(delete(&id).state, OutcomeState::Written);
    }
    scene.proxy.heal();
    let id = create_named(&rig, "bob");
    scene.proxy.arm(when::method("DELETE"), then::answer(Response::new(204)));
    let outcome = delete(&id);
    assert!(matches!(&outcome.after, After::Read(seen) if seen.id == id));
    let (state, text) = why(outcome);
    assert_eq!(state, "refused");
    assert!(text.contains("it is still there"), "{text}");
    scene.proxy.heal();
    scene.proxy.arm(when::method("DELETE"), then::status(501));
    assert_eq!(why(delete(&id)).0, "refused");
}

#[test]
fn versions_can_be_required_or_left_out() {
    let scene = Scene::new();
    let rig = scene.app().set("etag", "off").open();
    let id = create_named(&rig, "ada");
    done(rig.write(&person(), update(&id, &[("title", "A")])));
    let sent =
        |proxy: &Proxy| proxy.writes().last().unwrap().request.headers.get("If-Match").map(str::to_owned);
    assert_eq!(sent(&scene.proxy), None);
    let rig = scene.app().open();
    done(rig.write(&person(), update(&id, &[("title", "B")])));
    assert!(sent(&scene.proxy).is_some());

    let server = RealServer::django_scim2();
    let rig = app(&server.base_url, &server.token).set("etag", "require").open();
    let id = create_named(&rig, "ada");
    let (state, text) = why(rig.write(&person(), update(&id, &[("name.givenName", "A")])));
    assert_eq!(state, "refused");
    assert!(text.contains("settings.etag"), "{text}");
}

#[test]
fn the_gate_is_asked_before_every_request_with_its_timeout() {
    let scene = Scene::new();
    let rig = scene.app().timeout(Duration::from_secs(7)).open();
    let asked = AtomicUsize::new(0);
    let gate = |timeout: Duration| {
        assert_eq!(timeout, Duration::from_secs(7));
        asked.fetch_add(1, Ordering::SeqCst);
        Ok(())
    };
    scene.proxy.arm(when::method("POST").first(1), then::status(503));
    rig.write_through(&person(), Action::CreateUser { attributes: ada() }, &gate);
    assert_eq!(asked.load(Ordering::SeqCst), scene.proxy.writes().len());
    assert_eq!(asked.load(Ordering::SeqCst), 2);

    // The stop comes after the first try: a write that was sent still counts.
    scene.proxy.heal();
    let id = create(&rig, set(&[("userName", "bob"), (WORK, "b@x.example")])).id;
    scene.proxy.arm(when::method("PATCH"), then::status(503));
    let left = AtomicUsize::new(1);
    let closing = |_: Duration| {
        let open = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        open.map(|_| ()).map_err(|_| "the lease is over".to_owned())
    };
    let (state, text) = why(rig.write_through(&person(), update(&id, &[("title", "A")]), &closing));
    assert_eq!(state, "unknown");
    assert!(text.contains("503 Service Unavailable"), "{text}");
    assert!(text.contains("then stopped") && text.ends_with("the lease is over"), "{text}");
}
