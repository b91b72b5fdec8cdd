//! Faults between the program and an app that a document describes: secrets, certificates, gateways, a slow or a busy app.

use std::net::TcpListener;
use std::time::{Duration, Instant, SystemTime};

use serde_json::json;

use super::community::told;
use super::company::Company;
use crate::faults::reaching::serve_tls;
use crate::support::proxy::then::{self, Then};
use crate::support::proxy::{Proxy, when};
use crate::support::wire::{Request, Response};

/// An error in the app's own form.
fn own(status: u16) -> Then {
    let body = json!({"error": {"code": "as-wanted", "message": "as the test wants it"}}).to_string();
    then::answer(Response::new(status).body("application/json", body))
}

/// Everybody is there, and a change waits for an apply.
fn changed() -> (Company, Proxy) {
    let (company, proxy) = Company::behind(&[]);
    company.run(&["apply", "--yes"]).ends_with(0);
    company.repo.replace("access/people.yaml", "kim@acme.example", "kim.b@acme.example").commit("A change");
    (company, proxy)
}

#[test]
fn a_secret_that_is_missing_or_bound_elsewhere_is_sent_nowhere() {
    let (company, proxy) = Company::behind(&[]);
    let missing = company.repo.rolecall(["plan"]).run().ends_with(1);
    assert!(told(&missing).contains("OFFICE_KEY"), "{}", told(&missing));
    for (bound, hint) in [
        (
            "{app: office, host: office.acme.example}",
            "`OFFICE_KEY_2: {env: OFFICE_KEY, app: office, host: 127.0.0.1",
        ),
        ("{app: desk, host: 127.0.0.1}", "OFFICE_KEY"),
    ] {
        company.repo.replace("rolecall.yaml", "{app: office, host: 127.0.0.1}", bound);
        let refused = company.run(&["plan"]).ends_with(1);
        assert!(told(&refused).contains(hint), "{}", told(&refused));
        company.repo.replace("rolecall.yaml", bound, "{app: office, host: 127.0.0.1}");
    }
    let root = company.repo.read("rolecall.yaml");
    let (before, _) = root.split_once("secrets:").unwrap();
    let (_, after) = root.split_once("127.0.0.1}\n").unwrap();
    company.repo.file("rolecall.yaml", format!("{before}{after}"));
    let unbound = company.run(&["plan"]).ends_with(1);
    assert!(told(&unbound).contains("secrets"), "{}", told(&unbound));
    assert_eq!(proxy.count(), 0);
}

/// Each answer in the place of a list: nobody is judged by it, nothing is written, and the message names what came.
#[test]
fn what_answers_in_place_of_the_app_decides_nothing() {
    let (company, proxy) = changed();
    let login = || Response::new(302).header("Location", "/login").body("text/html", "");
    let mut foreign = Response::new(302).header("Location", "https://sso.example/login");
    foreign.headers.set("Content-Type", "text/html");
    let answers: Vec<(Then, &str)> = vec![
        (own(401), "401"),
        (own(403), "403"),
        (own(404), "404"),
        (own(500), "500"),
        (then::html(200), "a web page"),
        (then::html(404), "404"),
        (then::html(502), "502"),
        (then::answer(login()), "302"),
        (then::answer(foreign), "sso.example"),
        (then::truncate(40), "people"),
        (then::cut_after_effect(), "people"),
        (then::hang(), "within 2"),
    ];
    for (answer, words) in answers {
        proxy.heal();
        proxy.arm(when::method("GET").and(when::target("/people?")), answer);
        let writes = proxy.writes().len();
        let applied = company.run(&["apply", "--yes"]);
        assert_ne!(applied.status, 0, "{words}: {}", told(&applied));
        assert!(told(&applied).contains(words), "{words}: {}", told(&applied));
        assert!(!told(&applied).contains("create account"), "{}", told(&applied));
        assert_eq!(proxy.writes().len(), writes, "{words}");
    }
    proxy.heal();
    company.run(&["apply", "--yes"]).ends_with(0);
    company.nothing_is_left();
}

#[test]
fn nobody_listens_or_nobody_can_be_trusted() {
    let (company, proxy) = Company::behind(&[]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let app = company.repo.read("access/app.yaml");
    for (url, words) in
        [(format!("http://{closed}"), "refused"), (format!("https://{}", serve_tls()), "certificate")]
    {
        company.repo.file("access/app.yaml", app.replace(&proxy.base_url(), &url));
        for command in ["plan", "check"] {
            let failed = company.run(&[command]).ends_with(1);
            assert!(told(&failed).contains(words), "{command}: {}", told(&failed));
        }
    }
    assert_eq!(proxy.count(), 0);
}

/// 429 with seconds, with a date, and without a word of when; to a read, and to a create, which was not done.
#[test]
fn a_busy_app_is_waited_for() {
    let at = |seconds: u64| httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds));
    for (retry_after, least) in [(Some("2".to_owned()), 2), (Some(at(8)), 1), (None, 0)] {
        let (company, proxy) = Company::behind(&[]);
        company.repo.replace("access/app.yaml", "wait: 4s", "wait: 60s").commit("Patience");
        let busy = || {
            let body = json!({"error": {"code": "slow", "message": "slow down"}}).to_string();
            let answer = Response::new(429).body("application/json", body);
            then::answer(match &retry_after {
                Some(when) => answer.header("Retry-After", when),
                None => answer,
            })
        };
        proxy.arm(when::method("GET").and(when::target("/people?")).first(1), busy());
        let asked = Instant::now();
        company.run(&["plan"]).ends_with(0);
        assert!(asked.elapsed() >= Duration::from_secs(least), "{retry_after:?}: {:?}", asked.elapsed());
        proxy.heal();
        proxy.arm(when::method("POST").and(when::target("/people")).first(3), busy());
        let applied = company.run(&["apply", "--yes"]).ends_with(0);
        assert!(!applied.stdout.contains("unknown"), "{}", applied.stdout);
        assert_eq!(company.office.data().people.len(), 5);
        proxy.heal();
        company.nothing_is_left();
    }
}

/// An app that is busy for longer than `limits.wait` was not changed: nothing is unknown, and the next run does it.
#[test]
fn an_app_that_stays_busy_is_left() {
    let (company, proxy) = changed();
    company.repo.replace("access/app.yaml", "wait: 4s", "wait: 1s").commit("Impatience");
    proxy.arm(when::method("PUT"), own(429));
    let applied = company.run(&["apply", "--yes"]).ends_with(3);
    assert!(told(&applied).contains("429"), "{}", told(&applied));
    assert!(!applied.stdout.contains(" unknown"), "{}", applied.stdout);
    proxy.heal();
    company.run(&["apply", "--yes"]).ends_with(0);
    company.nothing_is_left();
}

/// The secret goes to the server of tokens, whose token goes to the app only: with another `url`, no token is asked for (safety.md 18).
#[test]
fn no_token_is_asked_for_an_app_at_another_address() {
    let form = r#"auth: {key: {header: Authorization, value: "Key {key}"}, login: {needs: {user: text, pw: secret}, token: {POST: "~/token", json: {user: "{user}", pw: "{pw}"}, read: {token: access_token}, host: login}, send: {header: Authorization, value: "Key {token}"}}}"#;
    let (company, proxy) = Company::behind(&[
        ("auth: {key: {header: Authorization, value: \"Key {key}\"}}", form),
        (
            "{tenant: {type: string, required: true}}",
            "{tenant: {type: string, required: true}, login: {type: string}}",
        ),
    ]);
    let token = Response::new(200).body("application/json", json!({"access_token": "hush"}).to_string());
    let server = company.office.behind().fault(when::every(), then::answer(token));
    let (app, login) = (proxy.address().to_string(), server.address().to_string());
    company.repo.replace(
        "access/app.yaml",
        "{key: {env: OFFICE_KEY}}",
        "{login: {user: robot, pw: {env: OFFICE_KEY}}}",
    );
    company.repo.replace("access/app.yaml", "tenant: acme", &format!("tenant: acme, login: \"{login}\""));
    let bound = format!("host: \"{login}\", token_to: \"{app}\"");
    company.repo.replace("rolecall.yaml", "host: 127.0.0.1", &bound).commit("Tokens");
    company.repo.rolecall(["apply", "--yes"]).env("OFFICE_KEY", "what is exchanged").run().ends_with(0);
    assert_eq!(server.count(), 1);
    // The secret is in no request to the app, and the token in none to the server of tokens.
    let holds = |request: &Request, text: &str| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        body.contains(text) || request.headers.0.iter().any(|(_, value)| value.contains(text))
    };
    assert!(proxy.requests().iter().all(|one| !holds(&one.request, "what is exchanged")));
    assert!(server.requests().iter().all(|one| !holds(&one.request, "hush")));

    let other = company.office.behind();
    company.repo.replace("access/app.yaml", &proxy.base_url(), &other.base_url()).commit("Another address");
    for command in ["plan", "check"] {
        let refused =
            company.repo.rolecall([command]).env("OFFICE_KEY", "what is exchanged").run().ends_with(1);
        assert!(told(&refused).contains("for a token that goes to 127.0.0.1"), "{}", told(&refused));
    }
    assert_eq!((server.count(), other.count()), (1, 0));
}
