//! The credentials of requests, and their rate.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use rolecall::connector::ErrorKind;
use rolecall::model::op::{Action, OutcomeState};
use serde_json::json;

use crate::connector::rig::{Builder, app, error, scim2_server, users};
use crate::connector::writing::{ada, person};
use crate::support::proxy::{Proxy, Recorded, then, when};
use crate::support::wire::Request;

fn signature(recorded: &Recorded) -> &str {
    recorded.request.headers.get("Authorization").unwrap_or_default()
}

#[test]
fn reads_and_writes_can_have_their_own_credentials() {
    let server = scim2_server();
    let proxy = Proxy::before(&server);
    let rig = app(&proxy.base_url(), "password").split("robot", &server.token).open();
    assert_eq!(rig.connector.own_names(), ["robot".into()]);
    assert_eq!(error(rig.list(&users())).kind(), ErrorKind::Auth);
    let basic = proxy.requests().last().map(|last| signature(last).to_owned());
    assert_eq!(basic.as_deref(), Some("Basic cm9ib3Q6cGFzc3dvcmQ="));
    rig.write(&person(), Action::CreateUser { attributes: ada() });
    let write = &proxy.writes()[0];
    assert_eq!(signature(write), format!("Bearer {}", server.token));
    let report = rig.runtime.block_on(rig.connector.check());
    let texts: Vec<_> = report.findings.iter().map(|finding| finding.text.as_str()).collect();
    assert!(texts.iter().any(|text| text.starts_with("users cannot be read: ")), "{texts:?}");
    assert!(texts.contains(&"users can be read with the credential for writes: 1"), "{texts:?}");
}

#[test]
fn a_reader_needs_no_credential_for_writes() {
    let server = scim2_server();
    let rig = app(&server.base_url, "password").split("robot", "").reading().open();
    let outcome = rig.write(&person(), Action::CreateUser { attributes: ada() });
    assert!(matches!(outcome.state, OutcomeState::NotSent { .. }));
    let missing = error(app(&server.base_url, "password").split("robot", "").try_open());
    assert_eq!(missing.kind(), ErrorKind::SecretMissing);
}

#[test]
fn the_sandbox_gives_its_token_itself() {
    let server = scim2_server();
    let rig = app(&server.base_url, "").open_given(&server.token);
    assert!(rig.list(&users()).is_ok());
}

#[test]
fn the_connections_own_account_is_known_where_the_app_tells() {
    let server = scim2_server();
    let proxy = Proxy::before(&server).fault(
        when::target("/Me"),
        then::answer(
            crate::support::wire::Response::new(200).json_body(&json!({"id": "7", "userName": "robot"})),
        ),
    );
    let rig = app(&proxy.base_url(), &server.token).open();
    assert_eq!(rig.connector.own_names(), ["7".into(), "robot".into()]);
}

#[test]
fn the_account_that_writes_is_known_too() {
    let server = scim2_server();
    let me = |name: &str| {
        let body = json!({"id": format!("id-{name}"), "userName": name});
        then::answer(crate::support::wire::Response::new(200).json_body(&body))
    };
    let writes = |request: &Request| {
        let signed = request.headers.get("Authorization");
        request.path().ends_with("/Me") && signed.is_some_and(|text| text.starts_with("Bearer "))
    };
    let proxy = Proxy::before(&server)
        .fault(when::target("/Me"), me("reader"))
        .fault(when::requests(writes), me("writer"));
    let split = || app(&proxy.base_url(), "password").split("robot", &server.token);
    let names = |app: Builder| app.open().connector.own_names().join(" ");
    assert_eq!(names(split()), "robot id-reader reader id-writer writer");
    assert_eq!(names(split().reading()), "robot id-reader reader");
    assert_eq!(
        names(split().writer("scribe").reading()),
        "robot scribe id-reader reader",
        "a user name is known without its password"
    );
}

#[test]
fn requests_say_who_we_are() {
    let server = scim2_server();
    let proxy = Proxy::before(&server);
    let rig = app(&proxy.base_url(), &server.token).set("headers.X-Tenant", "acme").open();
    rig.list(&users()).unwrap();
    let last = proxy.requests().pop().unwrap().request;
    let agent = format!("rolecall/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(last.headers.get("User-Agent"), Some(agent.as_str()));
    assert_eq!(last.headers.get("X-Tenant"), Some("acme"));
    assert_eq!(last.headers.get("Accept"), Some("application/scim+json, application/json"));
    assert_eq!(last.headers.get("Cookie"), None);
}

#[test]
fn the_rate_is_kept() {
    let server = scim2_server();
    let rig = app(&server.base_url, &server.token).rate(10.0).set("discovery", "off").open();
    let start = Instant::now();
    for _ in 0..15 {
        rig.get(&users(), "nobody").unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(450), "{:?}", start.elapsed());
}

#[test]
fn an_answer_without_end_is_not_read() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0; 4096];
            if stream.read(&mut bytes).is_ok() {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n{").ok();
            }
        }
    });
    let rig = app(&format!("http://{address}/v2"), "t").set("discovery", "off").open();
    let error = error(rig.list(&users()));
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.to_string(), "crm: GET /v2/Users: the answer is larger than 128 MiB");
}
