//! An app that answers what it likes: no server behind it.

use std::net::TcpListener;

use rolecall::model::op::{Action, Outcome};
use serde_json::{Value as Json, json};

use crate::rig::{Rig, app, users, why};
use crate::support::wire::{self, Request, Response};
use crate::write_faults;
use crate::writing::{ada, person};

/// Serves each request with what `answer` says; discovery is not there.
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
