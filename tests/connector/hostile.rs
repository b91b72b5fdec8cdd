//! Answers that no honest server gives. They come from closures, without a server.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rolecall::model::op::{Action, After, Outcome};
use rolecall::model::seen::Activity;
use serde_json::{Value as Json, json};

use crate::connector::rig::{Rig, app, error, users, why};
use crate::connector::write_faults;
use crate::connector::writing::{activity, ada, done, person};
use crate::support::wire::{self, Request, Response};

/// Serves each request with the result of `answer`; there is no discovery.
fn serve(answer: impl Fn(&Request) -> Response + Send + Sync + Clone + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v2", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = answer.clone();
            std::thread::spawn(move || {
                let mut requests = wire::patient(&stream).unwrap();
                while let Ok(Some(request)) = wire::read_request(&mut requests) {
                    let known = request.path().starts_with("/v2/Users");
                    let response = match known {
                        true => answer(&request),
                        false => Response::new(404),
                    };
                    if wire::write_response(&mut stream, &response, usize::MAX).is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

fn rig(answer: impl Fn(&Request) -> Response + Send + Sync + Clone + 'static) -> Rig {
    app(&serve(answer), "t").open()
}

fn page(rows: Json) -> Response {
    let total = rows.as_array().unwrap().len();
    Response::new(200).json_body(&json!({"totalResults": total, "Resources": rows}))
}

fn account(id: &str) -> Json {
    json!({"id": id, "userName": "ada", "externalId": "x-ada", "active": true})
}

fn create(rig: &Rig) -> Outcome {
    rig.write(&person(), Action::CreateUser { attributes: ada() })
}

#[test]
fn a_redirect_to_another_port_names_it() {
    let rig = rig(|_| Response::new(302).header("Location", "http://127.0.0.1:9/v2/Users"));
    let error = error(rig.list(&users()));
    assert_eq!(error.what, "answered 302 Found: redirected to 127.0.0.1:9/v2/Users; not followed");
}

#[test]
fn an_id_that_cannot_be_used_makes_the_list_incomplete() {
    for (id, told) in [
        ("7\u{1b}[2J".to_owned(), "it holds control characters"),
        ("x".repeat(4097), "it has 4097 bytes; at most 4096 are allowed"),
    ] {
        let rig = rig(move |_| page(json!([account("1"), account(&id)])));
        let (rows, walk) = rig.list(&users()).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(why(walk), format!("a row has an id that cannot be used: {told}"));
    }
}

#[test]
fn a_create_answered_with_an_id_that_cannot_be_used_is_not_believed() {
    let in_body = rig(|request| match request.method.as_str() {
        "POST" => Response::new(201).json_body(&account("7\n")),
        _ => page(json!([])),
    });
    let in_location = rig(|request| match request.method.as_str() {
        "POST" => Response::new(201).header("Location", "/v2/Users/7%00"),
        _ => page(json!([])),
    });
    for rig in [in_body, in_location] {
        let (state, text) = write_faults::why(create(&rig));
        assert_eq!(state, "unknown");
        assert!(
            text.ends_with("answered 201, but the id it gave cannot be used: it holds control characters"),
            "{text}"
        );
    }
}

#[test]
fn an_activity_that_stays_as_it_was_is_refused() {
    for (style, method) in [("patch", "PATCH"), ("put", "PUT")] {
        for (wanted, shown) in [(false, "active"), (true, "inactive")] {
            let mut stubborn = account("7");
            stubborn["active"] = json!(!wanted);
            // The write succeeds, with no body or with the unchanged account.
            for has_body in [false, true] {
                let stubborn = stubborn.clone();
                let url = serve(move |request| match request.method.as_str() {
                    "GET" => Response::new(200).json_body(&stubborn),
                    _ if has_body => Response::new(200).json_body(&stubborn),
                    _ => Response::new(204),
                });
                let rig = app(&url, "t").set("update.users", style).open();
                let outcome = rig.write(&person(), activity(&"7".into(), wanted));
                let told = format!(
                    "crm: {method} /v2/Users/7: the app said yes and still shows the account {shown}"
                );
                // What the look showed comes with it: nothing was done, and other accounts would fare the same.
                let stays = if wanted { Activity::Off } else { Activity::On };
                assert!(matches!(&outcome.after, After::Read(seen) if seen.activity == stays));
                assert_eq!(write_faults::why(outcome), ("refused", told));
            }
        }
    }
}

#[test]
fn an_answer_that_shows_the_account_as_it_was_before_is_not_the_last_word() {
    let is_off = Arc::new(AtomicBool::new(false));
    let rig = rig(move |request| {
        let mut shown = account("7");
        shown["active"] = json!(!is_off.load(Ordering::SeqCst));
        if request.method == "PATCH" {
            is_off.store(true, Ordering::SeqCst);
        }
        Response::new(200).json_body(&shown)
    });
    let after = done(rig.write(&person(), activity(&"7".into(), false)));
    assert_eq!(after.activity, Activity::Off);
}

#[test]
fn a_create_answered_with_somebody_else_is_not_believed() {
    let stranger = || json!({"id": "9", "userName": "bob", "externalId": "x-bob", "active": true});
    let in_body = rig(move |request| match request.method.as_str() {
        "POST" => Response::new(201).json_body(&stranger()),
        _ => page(json!([])),
    });
    let in_location = rig(move |request| match (request.method.as_str(), request.path()) {
        ("POST", _) => Response::new(201).header("Location", "/v2/Users/9"),
        (_, "/v2/Users/9") => Response::new(200).json_body(&stranger()),
        _ => page(json!([])),
    });
    for rig in [in_body, in_location] {
        let told = "crm: POST /v2/Users: answered 201 with another user: sent externalId \"x-ada\", \
                    userName \"ada\"; 9 has externalId \"x-bob\", userName \"bob\"";
        assert_eq!(write_faults::why(create(&rig)), ("unknown", told.to_owned()));
    }
}

#[test]
fn one_value_that_was_sent_is_enough() {
    for (name, external_id) in [("ADA", None), ("ada@crm.example", Some("x-ada"))] {
        let rig = rig(move |request| match request.method.as_str() {
            "POST" => {
                Response::new(201).json_body(&json!({"id": "9", "userName": name, "externalId": external_id}))
            }
            _ => page(json!([])),
        });
        assert_eq!(done(create(&rig)).id, "9".into());
    }
}

#[test]
fn pages_without_anybody_are_not_fetched_for_ever() {
    for rows in [json!([{}]), json!([{"userName": "ada"}, {"id": "\u{7}"}])] {
        let rig = rig(move |_| Response::new(200).json_body(&json!({"Resources": rows})));
        let (_, walk) = rig.list(&users()).unwrap();
        let told = "the page that begins at 1 has only rows without an id that can be used";
        assert_eq!(why(walk), told);
        assert_eq!(rig.events.requests().len(), 1);
    }
}
