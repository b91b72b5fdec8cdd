//! Faults while an account is created.

use std::time::Duration;

use rolecall::model::op::{Action, Outcome};
use serde_json::json;

use crate::connector::rig::Rig;
use crate::connector::write_faults::{Scene, why};
use crate::connector::writing::{activity, ada, done, person, set};
use crate::support::proxy::{then, when};
use crate::support::wire::Response;

fn create_ada(rig: &Rig) -> Outcome {
    rig.write(&person(), Action::CreateUser { attributes: ada() })
}

#[test]
fn a_create_that_took_effect_is_found_and_not_repeated() {
    for fault in 0..4 {
        let scene = Scene::new();
        let rig = scene.app().timeout(Duration::from_millis(1500)).open();
        let then = match fault {
            0 => then::status_after_effect(500),
            1 => then::status_after_effect(503),
            2 => then::cut_after_effect(),
            _ => then::delay_answer(Duration::from_secs(3)),
        };
        scene.proxy.arm(when::method("POST"), then);
        let remote = done(create_ada(&rig));
        assert_eq!(remote.our_id.as_deref(), Some("x-ada"), "{fault}");
        assert_eq!(scene.posts(), 1, "{fault}");
        assert_eq!(scene.proxy.created("userName", "ada"), 1, "{fault}");
    }
}

#[test]
fn a_create_that_did_not_happen_is_repeated_after_a_look_up_where_that_helps() {
    for fault in 0..3 {
        let scene = Scene::new();
        let rig = scene.app().open();
        let then = match fault {
            0 => then::status(503),
            1 => then::status(502),
            _ => then::cut_before_server(),
        };
        scene.proxy.arm(when::method("POST").first(1), then);
        done(create_ada(&rig));
        assert_eq!(scene.posts(), 2, "{fault}");
        let requests = scene.proxy.requests();
        let posts: Vec<_> = requests
            .iter()
            .enumerate()
            .filter(|(_, recorded)| recorded.request.method == "POST")
            .map(|(at, _)| at)
            .collect();
        assert!(posts[1] - posts[0] > 1, "{fault}: looked up in between");
    }
}

#[test]
fn a_create_that_failed_says_so() {
    let scene = Scene::new();
    let rig = scene.app().timeout(Duration::from_millis(500)).open();
    scene.proxy.arm(when::method("POST"), then::status(500));
    let (state, text) = why(create_ada(&rig));
    assert_eq!(state, "refused");
    assert!(text.contains("500 Internal Server Error") && text.ends_with("looked up: not there"), "{text}");
    assert_eq!(scene.posts(), 1);

    scene.proxy.heal();
    scene.proxy.arm(when::method("POST"), then::hang());
    let (state, text) = why(create_ada(&rig));
    assert_eq!(state, "unknown");
    assert!(text.contains("no answer within 0.5 s") && text.ends_with("looked up: not there yet"), "{text}");
    assert_eq!(scene.posts(), 2, "not repeated: it may still arrive");

    scene.proxy.heal();
    scene.proxy.arm(when::method("POST"), then::html(200));
    let (state, text) = why(create_ada(&rig));
    assert_eq!(state, "unknown");
    assert!(text.contains("web page instead of SCIM"), "{text}");

    scene.proxy.heal();
    scene.proxy.arm(when::method("POST"), then::status(503));
    let (state, text) = why(create_ada(&rig));
    assert_eq!(state, "refused", "{text}");
    assert_eq!(scene.posts(), 3 + 3, "three tries");
}

#[test]
fn a_create_is_not_claimed_from_somebody_else() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let stranger = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada",
                          "externalId": "somebody-else"});
    scene.server.request("POST", "/Users", Some(&stranger));
    scene.proxy.arm(when::method("POST"), then::status(500));
    let (state, text) = why(create_ada(&rig));
    assert_eq!(state, "unknown");
    assert!(text.contains("has another externalId"), "{text}");
}

#[test]
fn an_id_comes_from_the_body_the_location_or_a_look_up() {
    for fault in 0..3 {
        let scene = Scene::new();
        let rig = scene.app().open();
        scene.proxy.arm(
            when::method("POST"),
            then::rewrite(move |_, mut answer| {
                answer.body.clear();
                match fault {
                    0 => answer,
                    1 => {
                        answer.headers.remove("Location");
                        answer
                    }
                    _ => answer.header("Location", "https://elsewhere.example/Other/7"),
                }
            }),
        );
        assert_eq!(done(create_ada(&rig)).name.as_deref(), Some("ada"), "{fault}");
        assert_eq!(scene.proxy.created("userName", "ada"), 1);
    }
}

#[test]
fn a_refusal_that_says_that_no_seat_is_free_is_known() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let ada = done(create_ada(&rig)).id;
    done(rig.write(&person(), activity(&ada, false)));
    let says = |status: u16, detail: &str| {
        scene.proxy.heal();
        let body = json!({"status": status.to_string(), "detail": detail});
        scene.proxy.arm(when::write(), then::answer(Response::new(status).json_body(&body)));
        let bob = set(&[("userName", "bob"), ("externalId", "x-bob")]);
        let new = rig.write(&person(), Action::CreateUser { attributes: bob });
        let on = rig.write(&person(), activity(&ada, true));
        assert_eq!(new.needs_seat, on.needs_seat, "{status} {detail}");
        (new.needs_seat, why(new).1)
    };
    for (status, detail) in [(403, "No seats left"), (409, "License limit exceeded"), (402, "")] {
        let (needs_seat, why) = says(status, detail);
        assert!(needs_seat, "{status} {detail}");
        assert!(why.contains("free a licence or seat in the app"), "{why}");
    }
    assert!(!says(403, "you may not do this").0);
    assert!(!says(409, "userName is taken").0);
    // The words are about this account alone.
    assert!(!says(403, "license not available for this user").0);
    assert!(!says(400, "userName exceeds maximum length").0);
}
