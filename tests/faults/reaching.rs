//! Faults between the program and the app: secrets, certificates, gateways, a slow or a busy server.

use std::net::TcpListener;
use std::time::{Duration, Instant, SystemTime};

use crate::faults::chat::Chat;
use crate::faults::company::Ledger;
use crate::support::proxy::{then, when};

#[test]
fn a_secret_that_is_missing_wrong_or_bound_elsewhere() {
    let chat = Chat::new(Ledger::Path);
    let plan = chat.rolecall(&["plan"]).env_remove("CHAT_TOKEN").run();
    insta::assert_snapshot!("secret_missing", chat.text_of(&plan));
    assert_eq!(chat.proxy.count(), 0, "nothing is sent without its secret");

    let plan = chat.rolecall(&["plan"]).env("CHAT_TOKEN", "a-wrong-token").run();
    insta::assert_snapshot!("secret_wrong", chat.text_of(&plan));
    assert!(!chat.text_of(&plan).contains("a-wrong-token"));

    let before = chat.proxy.count();
    let host = chat.proxy.address().to_string();
    chat.edit("rolecall.yaml", &format!("host: \"{host}\""), "host: chat.acme.example");
    let plan = chat.run(&["plan"]);
    insta::assert_snapshot!("secret_bound_to_another_host", chat.text_of(&plan));
    assert_eq!(chat.proxy.count(), before, "a secret goes nowhere else");

    chat.edit("rolecall.yaml", "  CHAT_TOKEN: {app: chat, host: chat.acme.example}", "  {}");
    let plan = chat.run(&["plan"]);
    insta::assert_snapshot!("secret_bound_to_nothing", chat.text_of(&plan));
    assert_eq!(chat.proxy.count(), before);
}

#[test]
fn what_answers_instead_of_the_app() {
    let chat = Chat::new(Ledger::Path);
    let users = || when::target("/Users");
    for (name, status) in
        [("answered_401", 401), ("answered_403", 403), ("answered_404", 404), ("answered_500", 500)]
    {
        chat.breaks(users(), then::status(status));
        insta::assert_snapshot!(name, chat.shown(&["plan"]));
    }
    chat.breaks(users(), then::html(200));
    insta::assert_snapshot!("html_instead_of_json", chat.shown(&["plan"]));
    chat.breaks(users(), then::html(404));
    insta::assert_snapshot!("html_not_found", chat.shown(&["plan"]));
    chat.breaks(users(), then::truncate(40));
    insta::assert_snapshot!("truncated_body", chat.shown(&["plan"]));
    chat.breaks(users(), then::hang());
    insta::assert_snapshot!("timeout", chat.shown(&["plan"]));
    assert!(chat.proxy.writes().is_empty());

    // Neither plan nor apply uses such an answer.
    chat.breaks(users(), then::html(200));
    insta::assert_snapshot!("apply_with_html_instead_of_json", chat.shown(&["apply", "--yes"]));
    assert!(chat.proxy.writes().is_empty());
}

#[test]
fn nobody_listens_or_nobody_can_be_trusted() {
    let chat = Chat::new(Ledger::Path);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = listener.local_addr().expect("its address").to_string();
    drop(listener);
    let host = chat.proxy.address().to_string();
    let root = chat.repo.read("rolecall.yaml");
    chat.repo.file("rolecall.yaml", root.replace(&host, &closed));
    insta::assert_snapshot!("refused", chat.shown(&["plan"]));
    insta::assert_snapshot!("check_refused", chat.shown(&["check"]));

    let strange = serve_tls();
    let root = root.replace(&host, &strange).replace("url: http://", "url: https://");
    chat.repo.file("rolecall.yaml", root);
    insta::assert_snapshot!("unknown_authority", chat.shown(&["plan"]));
}

#[test]
fn a_run_that_only_reads_stops_at_once() {
    let chat = Chat::new(Ledger::Path);
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        chat.breaks(when::target("/Users"), then::too_many("60"));
        let before = chat.proxy.count();
        let running = chat.rolecall(&["apply", "--yes"]).spawn();
        let asked = Instant::now();
        while chat.proxy.count() == before && asked.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(20));
        }
        // By then the answer has arrived, and the pause that it asks for has begun.
        std::thread::sleep(Duration::from_millis(500));
        let sent = chat.proxy.count();
        let said = Instant::now();
        running.signal(signal);
        let output = running.wait().ends_with(status);
        assert!(said.elapsed() < Duration::from_secs(10), "{:?}", said.elapsed());
        assert!(output.stderr.ends_with("stopped; nothing was written\n"), "{}", output.stderr);
        assert_eq!(chat.proxy.count(), sent, "nothing is asked after the signal");
    }
    chat.proxy.heal();
    chat.run(&["apply", "--yes"]).ends_with(0);
}

#[test]
fn a_busy_app_says_when_to_come_back() {
    let chat = Chat::new(Ledger::Path);
    let first_user = || when::target("/Users").and(when::method("GET")).first(1);

    chat.breaks(first_user(), then::too_many("2"));
    let plan = chat.run(&["plan", "--detailed-exitcode"]).ends_with(2);
    assert!(plan.elapsed >= Duration::from_secs(2), "{:?}", plan.elapsed);

    let later = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(5));
    chat.breaks(first_user(), then::too_many(&later));
    let asked = Instant::now();
    chat.run(&["plan", "--detailed-exitcode"]).ends_with(2);
    // A date has whole seconds, and the start of the program took a part of the five.
    assert!(asked.elapsed() >= Duration::from_secs(4), "{:?}", asked.elapsed());

    chat.edit("rolecall.yaml", "limits: {timeout: 1s}", "limits: {timeout: 1s, wait: 2s}")
        .commit("Wait less");
    chat.breaks(when::target("/Users"), then::too_many("0"));
    insta::assert_snapshot!("too_many_for_ever", chat.shown(&["plan"]));
    chat.breaks(when::method("POST"), then::too_many("0"));
    let apply = chat.run(&["apply", "--yes"]).ends_with(3);
    insta::assert_snapshot!("too_many_to_write_for_ever", chat.ending(&apply));

    // A POST that was answered with 429 had no effect, and is sent again.
    chat.edit("rolecall.yaml", "wait: 2s", "wait: 20s").commit("Wait longer");
    chat.breaks(when::method("POST").first(2), then::too_many("1"));
    chat.run(&["apply", "--yes"]).ends_with(0);
    for person in ["ada", "bob", "eve", "kim"] {
        assert_eq!(chat.proxy.created("userName", &format!("{person}@acme.example")), 1);
    }
    chat.proxy.heal();
    chat.is_calm();
}

/// Starts an HTTPS server with a self-signed certificate; returns its address.
pub fn serve_tls() -> String {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("its key");
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a configuration");
    let config = std::sync::Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let Ok(mut session) = rustls::ServerConnection::new(config.clone()) else {
                return;
            };
            let _ = session.complete_io(&mut stream);
        }
    });
    address
}

#[test]
fn a_clock_that_the_app_contradicts_decides_nothing_by_date() {
    let chat = Chat::converged(Ledger::Git);
    // For the machine it is a year later than for the app.
    let past = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(365 * 24);
    let date = past.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let year = move |_: &_, mut response: crate::support::wire::Response| {
        response.headers.set("Date", &date);
        response
    };
    chat.proxy.arm(when::every(), then::rewrite(year));
    let people = "access/people.yaml";
    chat.edit(people, "department: Sales, manager: bob", "department: Sales, manager: bob, end: 2026-01-31")
        .edit(people, "title: Analyst", "title: Analyst, status: left")
        .commit("One leaves, one has an end");
    let applied = chat.run(&["apply", "--yes"]).ends_with(3);
    assert!(applied.stdout.contains("held by clock: a date decides this"), "{}", applied.stdout);
    assert!(applied.stdout.contains("the app's answers say"), "{}", applied.stdout);
    assert_eq!(chat.account("eve@acme.example")["active"], true);
    let left = |name: &str| chat.account(name)["active"] == false;
    assert_eq!(["ada", "bob", "kim"].iter().filter(|name| left(&format!("{name}@acme.example"))).count(), 1);
    // The year is not in the ledger either.
    let applied = || chat.run(&["ledger", "show", "chat", "-o", "json"]).json()["applied"]["commit"].clone();
    assert_ne!(applied(), chat.repo.head());
    chat.proxy.heal();
    chat.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(chat.account("eve@acme.example")["active"], false);
    assert_eq!(applied(), chat.repo.head());
}
