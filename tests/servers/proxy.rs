//! The proxy numbers and records requests, and makes faults at the right edge.

use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::program::{Repo, Struck, Victim};
use crate::support::proxy::{Edge, Proxy, then, when};
use crate::support::servers::RealServer;
use crate::support::wire::{Request, Response, exchange, patient, read_response, write_request};

fn request(server: &RealServer, method: &str, path: &str, body: Option<Value>) -> Request {
    let mut request = Request::new(method, &format!("{}{path}", server.base_path()));
    request.headers.set("Host", "localhost");
    request.headers.set("Authorization", format!("Bearer {}", server.token));
    if let Some(body) = body {
        request.headers.set("Content-Type", "application/scim+json");
        request.body = body.to_string().into_bytes();
    }
    request
}

fn user(server: &RealServer, name: &str) -> Request {
    let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name});
    request(server, "POST", "/Users", Some(body))
}

fn send(proxy: &Proxy, request: &Request) -> std::io::Result<Response> {
    exchange(proxy.address(), request)
}

#[test]
fn requests_are_forwarded_and_recorded_in_order() {
    let server = RealServer::scim2_server();
    let proxy = Proxy::before(&server);
    assert_eq!(send(&proxy, &user(&server, "ada")).expect("an answer").status, 201);
    let list = send(&proxy, &request(&server, "GET", "/Users?count=5", None)).expect("an answer");
    assert_eq!(list.json()["totalResults"], 1);
    let id = list.json()["Resources"][0]["id"].as_str().expect("an id").to_string();
    assert_eq!(
        send(&proxy, &request(&server, "DELETE", &format!("/Users/{id}"), None)).expect("an answer").status,
        204
    );
    let seen: Vec<_> =
        proxy.requests().iter().map(|it| (it.request.number, it.server_status, it.client_status)).collect();
    assert_eq!(seen, [(1, Some(201), Some(201)), (2, Some(200), Some(200)), (3, Some(204), Some(204))]);
    assert_eq!(proxy.writes().len(), 2);
    let tally = format!("{:?}", proxy.tally());
    assert_eq!(tally, r#"{"DELETE /Users/ID": 1, "GET /Users": 1, "POST /Users": 1}"#);
    assert_eq!((proxy.created("userName", "ada"), proxy.created("userName", "bob")), (1, 0));
}

#[test]
fn one_connection_carries_many_requests_from_every_server() {
    for server in [RealServer::scim2_server(), RealServer::scimmy(), RealServer::django_scim2()] {
        let proxy = Proxy::before(&server);
        let mut stream = TcpStream::connect(proxy.address()).expect("a connection");
        let mut answers = patient(&stream).expect("a reader");
        for number in 0..5 {
            write_request(&mut stream, &user(&server, &format!("user-{number}"))).expect("a request");
            assert_eq!(read_response(&mut answers, "POST").expect("an answer").status, 201);
        }
        assert_eq!(proxy.count(), 5);
    }
}

#[test]
fn eight_at_once_are_all_counted() {
    let server = RealServer::scim2_server();
    let proxy = Proxy::before(&server).fault(when::every().at(17), then::status(503));
    let refused = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let (server, proxy, refused) = (&server, &proxy, &refused);
            scope.spawn(move || {
                for number in 0..5 {
                    let answer = send(proxy, &user(server, &format!("user-{worker}-{number}")));
                    refused
                        .fetch_add(usize::from(answer.expect("an answer").status == 503), Ordering::SeqCst);
                }
            });
        }
    });
    let requests = proxy.requests();
    assert_eq!(requests.len(), 40);
    assert!(requests.iter().enumerate().all(|(index, it)| it.request.number == index + 1));
    assert_eq!((requests[16].server_status, requests[16].client_status), (None, Some(503)));
    assert_eq!(refused.into_inner(), 1);
    assert_eq!(server.dump()["users"].as_array().map(Vec::len), Some(39));
}

#[test]
fn a_cut_comes_before_or_after_the_effect() {
    let server = RealServer::scim2_server();
    let proxy = Proxy::before(&server)
        .fault(when::nth(1), then::cut_before_server())
        .fault(when::nth(2), then::cut_after_effect())
        .fault(when::nth(3), then::status_after_effect(500))
        .fault(when::nth(4), then::cut(Edge::AfterAnswer));
    assert!(send(&proxy, &user(&server, "one")).is_err());
    assert!(send(&proxy, &user(&server, "two")).is_err());
    assert_eq!(send(&proxy, &user(&server, "three")).expect("an answer").status, 500);
    assert_eq!(send(&proxy, &user(&server, "four")).expect("an answer").status, 201);
    let there: Vec<_> = ["one", "two", "three", "four"].map(|name| server.find_user(name).is_some()).to_vec();
    assert_eq!(there, [false, true, true, true]);
    let told: Vec<_> = proxy.requests().iter().map(|it| (it.server_status, it.client_status)).collect();
    assert_eq!(told, [(None, None), (Some(201), None), (Some(201), Some(500)), (Some(201), Some(201))]);
}

#[test]
fn answers_are_replaced_and_spoilt() {
    let server = RealServer::scim2_server();
    server.create_user(json!({"userName": "ada"}));
    let list = request(&server, "GET", "/Users", None);
    let proxy = Proxy::before(&server)
        .fault(when::nth(1), then::too_many("2"))
        .fault(when::nth(2), then::html(502))
        .fault(when::nth(3), then::truncate(10))
        .fault(when::nth(4), then::rewrite_json(|_, list| list["totalResults"] = json!(7)))
        .fault(when::nth(5).and(when::method("GET")), then::delay(Duration::from_millis(150)))
        .fault(when::nth(6), then::hang());
    let limited = send(&proxy, &list).expect("an answer");
    assert_eq!((limited.status, limited.headers.get("retry-after")), (429, Some("2")));
    let html = send(&proxy, &list).expect("an answer");
    assert_eq!((html.status, html.headers.get("content-type")), (502, Some("text/html")));
    assert!(send(&proxy, &list).expect_err("a short body").to_string().contains("10 of"));
    assert_eq!(send(&proxy, &list).expect("an answer").json()["totalResults"], 7);
    let started = Instant::now();
    assert_eq!(send(&proxy, &list).expect("an answer").json()["totalResults"], 1);
    assert!(started.elapsed() >= Duration::from_millis(150));
    std::thread::scope(|scope| {
        let hanging = scope.spawn({
            let (address, list) = (proxy.address(), list.clone());
            move || exchange(address, &list)
        });
        while proxy.count() < 6 {
            std::thread::sleep(Duration::from_millis(2));
        }
        drop(proxy);
        assert!(hanging.join().expect("the thread ends").is_err(), "the proxy takes its connections along");
    });
}

#[test]
fn conditions_count_what_fits() {
    let server = RealServer::scim2_server();
    let seen = Arc::new(AtomicUsize::new(0));
    let count = seen.clone();
    let proxy = Proxy::before(&server).fault(when::write().first(1), then::status(503)).fault(
        when::body("bob").or(when::target("count=0")),
        then::run(Edge::AfterAnswer, move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        }),
    );
    let statuses =
        ["ada", "ada", "bob"].map(|name| send(&proxy, &user(&server, name)).expect("an answer").status);
    assert_eq!(statuses, [503, 201, 201]);
    send(&proxy, &request(&server, "GET", "/Users?count=0", None)).expect("an answer");
    proxy.heal();
    send(&proxy, &request(&server, "GET", "/Users?count=0", None)).expect("an answer");
    // The hook runs after the answer, so it may not have ended yet.
    let end = Instant::now() + Duration::from_secs(5);
    while seen.load(Ordering::SeqCst) < 2 && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(seen.load(Ordering::SeqCst), 2);
}

/// A client that creates three users in turn, and returns the answers. It waits after each of them: a kill that comes after an
/// answer is then there before the next request.
const CLIENT: &str = r#"
import json, os, time, urllib.request
for name in ["one", "two", "three"]:
    body = json.dumps({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name})
    headers = {"Authorization": "Bearer " + os.environ["TOKEN"], "Content-Type": "application/scim+json"}
    request = urllib.request.Request(os.environ["URL"] + "/Users", body.encode(), headers)
    print(name, urllib.request.urlopen(request).status, flush=True)
    time.sleep(1)
"#;

#[test]
fn a_program_is_killed_at_every_edge() {
    let server = RealServer::scim2_server();
    for (edge, there) in Edge::ALL.into_iter().zip([["one"].as_slice(), &["one", "two"], &["one", "two"]]) {
        let server = server.fresh();
        let victim = Victim::new();
        let proxy = Proxy::before(&server).fault(when::nth(2), then::kill(edge, &victim));
        let client = Repo::plain().program(Path::new("python3"), ["-c", CLIENT]);
        let client = client.env("TOKEN", &server.token).env("URL", proxy.base_url()).spawn();
        victim.aim(&client);
        let out = client.wait();
        assert_eq!((out.status, out.signal), (137, Some(9)), "{edge:?}: {}", out.stderr);
        assert_eq!(victim.struck(), Some(Struck::Killed));
        let names: Vec<_> =
            ["one", "two", "three"].into_iter().filter(|name| server.find_user(name).is_some()).collect();
        assert_eq!(names, there, "{edge:?}");
        assert_eq!(proxy.count(), 2);
    }
}
