//! Faults between the program and the app while it reads.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant, SystemTime};

use rolecall::connector::{ConnectorError, ErrorKind};
use rolecall::model::remote::{Presence, Walk};
use serde_json::json;

use crate::connector::rig::{Builder, Rig, app, error, scim2_server, users};
use crate::support::proxy::then::Then;
use crate::support::proxy::when::When;
use crate::support::proxy::{Proxy, then, when};
use crate::support::servers::RealServer;
use crate::support::wire::Response;

/// A server with this many accounts, behind a proxy.
pub struct Scene {
    pub server: RealServer,
    pub proxy: Proxy,
}

impl Scene {
    pub fn with(accounts: usize) -> Self {
        let server = scim2_server();
        for number in 0..accounts {
            let body = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": format!("user{number:02}"), "externalId": format!("x-{number:02}"),
            });
            assert_eq!(server.request("POST", "/Users", Some(&body)).status, 201);
        }
        let proxy = Proxy::before(&server);
        Scene { server, proxy }
    }

    pub fn app(&self) -> Builder {
        app(&self.proxy.base_url(), &self.server.token).number("page_size", 5)
    }

    /// Opens the connection first, so that the fault does not hit discovery.
    pub fn broken(&self, when: When, then: Then) -> Rig {
        let rig = self.app().open();
        self.proxy.arm(when, then);
        rig
    }
}

pub fn lists() -> When {
    when::target("/Users?")
}

fn list_error(then: Then) -> ConnectorError {
    let scene = Scene::with(1);
    let rig = scene.broken(when::target("/Users"), then);
    error(rig.list(&users()))
}

/// The message with the hint, without ports.
fn told(error: &ConnectorError) -> String {
    match &error.hint {
        Some(hint) => format!("{error}\n  hint: {hint}"),
        None => error.to_string(),
    }
}

#[test]
fn what_the_app_answers_is_told_apart() {
    let path = "crm: GET /t0/v2/Users:";
    let say = |then| {
        let error = list_error(then);
        let text = error.to_string();
        let start = text.find("/t").unwrap();
        let end = start + text[start..].find("/v2").unwrap();
        (
            error.kind(),
            format!("{}/t0{}", &text[..start], &text[end..]),
            error.hint.clone().unwrap_or_default(),
        )
    };
    let (kind, text, hint) = say(then::status(401));
    assert_eq!(kind, ErrorKind::Auth);
    assert_eq!(text, format!("{path} answered 401 Unauthorized: as the test wants it"));
    assert_eq!(hint, "check that the token is whole, belongs to this app and has not expired");
    let (kind, text, _) = say(then::status(403));
    assert_eq!(
        (kind, text),
        (ErrorKind::Forbidden, format!("{path} answered 403 Forbidden: as the test wants it"))
    );
    let (kind, text, hint) = say(then::html(200));
    assert_eq!(
        (kind, text),
        (ErrorKind::NotTheProtocol, format!("{path} answered 200 OK with a web page instead of SCIM"))
    );
    assert_eq!(hint, "check `url`: something else than the SCIM base may answer there");
    let (kind, text, _) = say(then::html(404));
    assert_eq!(
        (kind, text),
        (ErrorKind::NotFound, format!("{path} answered 404 Not Found with a web page instead of SCIM"))
    );
    let (kind, text, _) = say(then::status(500));
    assert_eq!(
        (kind, text),
        (ErrorKind::Server, format!("{path} answered 500 Internal Server Error: as the test wants it"))
    );
    let (kind, text, _) = say(then::answer(Response::new(200).json_body(&json!({"error": "x"}))));
    assert_eq!(kind, ErrorKind::NotTheProtocol);
    assert_eq!(
        text,
        format!("{path} answered JSON that is no SCIM list: neither totalResults nor Resources")
    );
    let (kind, text, _) =
        say(then::answer(Response::new(200).body("application/json", "{\"Resources\": [{")));
    assert_eq!(kind, ErrorKind::Broken);
    assert_eq!(text, format!("{path} answered 200 OK, and the JSON ends early, after 16 bytes"));
    let words = "\u{1b}[31mred\u{202e}";
    let (_, text, _) = say(then::answer(Response::new(400).json_body(&json!({"detail": words}))));
    assert_eq!(text, format!("{path} answered 400 Bad Request: \\u{{1b}}[31mred\\u{{202e}}"));
}

#[test]
fn a_token_in_an_answer_is_not_repeated() {
    let scene = Scene::with(0);
    let rig = app(&scene.proxy.base_url(), "hush-hush").open();
    scene.proxy.arm(
        lists(),
        then::rewrite(|request, mut answer| {
            answer.status = 401;
            let token = request.headers.get("Authorization").unwrap();
            answer.json_body(&json!({"detail": format!("bad header {token}")}))
        }),
    );
    assert!(error(rig.list(&users())).to_string().ends_with("bad header Bearer (secret)"));
}

#[test]
fn redirects_are_not_followed() {
    let away = Response::new(302).header("Location", "https://evil.example/login?next=x");
    let error = list_error(then::answer(away));
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(
        error.to_string().ends_with(
            "answered 302 Found: redirected to another host, evil.example; not followed, the credential stays here"
        ),
        "{error}"
    );
    let near = list_error(then::answer(Response::new(308).header("Location", "/scim/Users?x=1")));
    assert!(near.to_string().ends_with("redirected to /scim/Users; not followed"), "{near}");
}

#[test]
fn secrets_that_are_missing_or_bound_elsewhere_send_nothing() {
    let scene = Scene::with(0);
    let open = |app: Builder| error(app.try_open());
    let missing = open(app(&scene.proxy.base_url(), ""));
    assert_eq!(missing.kind(), ErrorKind::SecretMissing);
    assert_eq!(
        told(&missing),
        "crm: environment variable APP_TOKEN is not set\n  \
         hint: set APP_TOKEN where rolecall runs, for example in the CI job"
    );
    let unbound = open(scene.app().bound_to("crm.example"));
    assert_eq!(unbound.kind(), ErrorKind::SecretUnbound);
    let host = "127.0.0.1";
    assert_eq!(
        told(&unbound),
        format!(
            "crm: environment variable APP_TOKEN is bound to app crm on crm.example, not to app crm on {host}; nothing \
             was sent\n  hint: if that is meant, add below `secrets:` in rolecall.yaml:  APP_TOKEN: {{app: crm, host: \
             {host}}}"
        )
    );
    assert_eq!(scene.proxy.count(), 0);
}

#[test]
fn a_wrong_token_opens_but_reads_nothing() {
    let scene = Scene::with(1);
    let rig = app(&scene.proxy.base_url(), "wrong").open();
    assert_eq!(error(rig.list(&users())).kind(), ErrorKind::Auth);
    assert_eq!(error(rig.find(&users(), "userName", "user00")).kind(), ErrorKind::Auth);
    assert_eq!(error(rig.get(&users(), "x")).kind(), ErrorKind::Auth);
}

#[test]
fn nobody_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = error(app(&format!("http://{port}/v2"), "t").try_open());
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(error.to_string().contains("could not connect: Connection refused"), "{error}");
    assert!(!error.to_string().contains('?'));
}

#[test]
fn a_certificate_nobody_knows_is_not_trusted() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || serve_tls(&listener));
    let error = error(app(&format!("https://{address}/v2"), "t").try_open());
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
    assert!(error.to_string().contains("no trusted connection"), "{error}");
}

/// A server with a certificate of its own making.
fn serve_tls(listener: &TcpListener) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = std::sync::Arc::new(config);
    for stream in listener.incoming().flatten() {
        let session = rustls::ServerConnection::new(config.clone()).unwrap();
        let mut stream = rustls::StreamOwned::new(session, stream);
        let mut bytes = [0; 1024];
        if stream.read(&mut bytes).is_ok() {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").ok();
        }
    }
}

#[test]
fn no_answer_in_time() {
    let scene = Scene::with(1);
    let rig = scene.app().timeout(Duration::from_millis(300)).open();
    scene.proxy.arm(lists(), then::hang());
    let error = error(rig.list(&users()));
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().ends_with("no answer within 0.3 s"), "{error}");
    assert_eq!(rig.events.requests().len(), 2, "a timeout is repeated once");
}

#[test]
fn both_forms_of_retry_after_are_waited_for() {
    let scene = Scene::with(1);
    let rig = scene.broken(lists().first(1), then::too_many("1"));
    let start = Instant::now();
    assert!(matches!(rig.list(&users()).unwrap().1, Walk::Complete(_)));
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(rig.events.pauses(), [Duration::from_secs(1)]);

    let rig = scene.app().open();
    scene.proxy.heal();
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    scene.proxy.arm(lists().first(1), then::too_many(&date));
    let start = Instant::now();
    assert!(matches!(rig.list(&users()).unwrap().1, Walk::Complete(_)));
    assert!(start.elapsed() >= Duration::from_millis(1500), "{:?}", start.elapsed());
}

#[test]
fn what_passes_is_waited_out_and_what_stays_is_told() {
    let scene = Scene::with(12);
    for then in [then::status(502), then::status(503), then::cut_before_server(), then::truncate(40)] {
        scene.proxy.heal();
        let rig = scene.broken(lists().at(2), then);
        let (rows, walk) = rig.list(&users()).unwrap();
        assert!(matches!(walk, Walk::Complete(_)) && rows.len() == 12);
        assert_eq!(rig.events.pauses().len(), 1);
    }
    scene.proxy.heal();
    let rig = scene.broken(lists(), then::truncate(40));
    let error = error(rig.list(&users()));
    assert_eq!(error.kind(), ErrorKind::Broken);
    assert!(error.to_string().ends_with("the answer broke off after 40 bytes"), "{error}");
    assert_eq!(rig.events.requests().len(), 5, "tried five times");
}

#[test]
fn only_the_app_itself_says_that_somebody_is_gone() {
    let scene = Scene::with(1);
    let rig = scene.app().open();
    let presence = |then| {
        scene.proxy.heal();
        scene.proxy.arm(when::target("/Users/"), then);
        rig.get(&users(), "some-id").unwrap()
    };
    assert!(matches!(presence(then::status(404)), Presence::Gone(_)));
    let other = json!({"schemas": [], "id": "other", "userName": "x"});
    let problem = json!({"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no route"});
    let plain = json!({"status": 404, "detail": "no route"});
    for then in [
        then::html(404),
        then::html(200),
        then::status(500),
        then::answer(Response::new(404)),
        then::answer(Response::new(404).json_body(&json!({"message": "no route"}))),
        then::answer(Response::new(404).body("application/problem+json", problem.to_string())),
        then::answer(Response::new(404).body("application/json", plain.to_string())),
        then::answer(Response::new(200).json_body(&other)),
        then::answer(Response::new(204)),
    ] {
        assert!(matches!(presence(then), Presence::Unknown { .. }));
    }
    for (status, kind) in [(401, ErrorKind::Auth), (403, ErrorKind::Forbidden)] {
        scene.proxy.heal();
        scene.proxy.arm(when::target("/Users/"), then::status(status));
        assert_eq!(error(rig.get(&users(), "some-id")).kind(), kind);
    }
}

#[test]
fn an_app_that_says_nothing_about_itself_works() {
    let scene = Scene::with(3);
    for then in [then::status(404), then::html(200), then::status(401)] {
        scene.proxy.heal();
        let about = when::target("/ServiceProviderConfig")
            .or(when::target("/ResourceTypes").or(when::target("/Schemas")));
        scene.proxy.arm(about, then);
        let rig = app(&scene.proxy.base_url(), &scene.server.token).open();
        assert_eq!(rig.list(&users()).unwrap().0.len(), 3);
        assert_eq!(rig.connector.capabilities().page_size, 100);
    }
    let count = scene.proxy.count();
    let rig = scene.app().set("discovery", "off").open();
    assert_eq!(scene.proxy.count(), count);
    assert_eq!(rig.list(&users()).unwrap().0.len(), 3);
}

#[test]
fn settings_that_cannot_be_used_send_nothing() {
    let scene = Scene::with(0);
    let config = |app: Builder| {
        let error = error(app.try_open());
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        error.to_string()
    };
    assert_eq!(
        config(scene.app().set("headers.X-Api-Key", "x")),
        "crm: header X-Api-Key looks like a secret: credentials belong below `auth`"
    );
    assert_eq!(
        config(scene.app().set("paging", "cursor")),
        "crm: settings.paging: expected index or start or none, not cursor"
    );
    assert_eq!(config(app("http://crm.example/v2", "t")), "crm: http would send the credential in the clear");
    assert_eq!(scene.proxy.count(), 0);
}
