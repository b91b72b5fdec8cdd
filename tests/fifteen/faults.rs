//! Faults between the program and 15Five, and what other hands do there.

use serde_json::json;

use super::company::Company;
use crate::support::program::Output;
use crate::support::proxy::{then, when};
use crate::support::wire::Response;

fn told(output: &Output) -> String {
    format!("{}{}", output.stdout, output.stderr)
}

#[test]
fn a_token_that_is_missing_or_bound_elsewhere_is_sent_nowhere() {
    let company = Company::new();
    let missing = company.repo.rolecall(["plan"]).run().ends_with(1);
    assert!(told(&missing).contains("FIFTEEN_TOKEN"), "{}", told(&missing));
    let host = company.proxy.address().to_string();
    company.repo.replace("rolecall.yaml", &format!("host: \"{host}\""), "host: my.15five.com");
    let elsewhere = company.run(&["plan"]).ends_with(1);
    assert!(
        told(&elsewhere).contains("FIFTEEN_TOKEN_2: {env: FIFTEEN_TOKEN, app: perform, host: 127.0.0.1"),
        "{}",
        told(&elsewhere)
    );
    assert_eq!(company.proxy.count(), 0);
    company.repo.replace("rolecall.yaml", "host: my.15five.com", &format!("host: \"{host}\""));
    let wrong = company.repo.rolecall(["plan"]).env("FIFTEEN_TOKEN", "a-wrong-token").run().ends_with(1);
    assert!(told(&wrong).contains("401") && !told(&wrong).contains("a-wrong-token"), "{}", told(&wrong));
    assert!(company.proxy.writes().is_empty());
}

/// Each answer in the place of a list decides nothing about anybody.
#[test]
fn what_answers_in_place_of_the_app_decides_nothing() {
    let company = Company::applied();
    let limits = "    roles: {user: {}}\n    limits: {timeout: 3s, wait: 2s}\n";
    company.repo.replace("rolecall.yaml", "    roles: {user: {}}\n", limits);
    company.edit("title: Clerk", "title: Chief");
    let login = || Response::new(302).header("Location", "https://sso.example/login").body("text/html", "");
    let cut = then::rewrite_json(|_, body| {
        if let Some(rows) = body["Resources"].as_array_mut() {
            rows.retain(|row| row["userName"] != "bob@acme.example");
        }
    });
    let twice = then::rewrite_json(|_, body| {
        if let Some(rows) = body["Resources"].as_array_mut() {
            rows.extend(rows.last().cloned());
        }
    });
    for (answer, words) in [
        (then::status(401), "401"),
        (then::status(403), "403"),
        (then::status(500), "500"),
        (then::html(200), "web page"),
        (then::answer(login()), "sso.example"),
        (then::truncate(40), "Users"),
        (then::too_many("60"), "429"),
        (then::rewrite_json(|_, body| body["Resources"] = json!({})), "Users"),
        (cut, "did not show all"),
        (twice, "did not show all"),
    ] {
        company.proxy.heal();
        company.proxy.arm(when::method("GET").and(when::target("/Users?")), answer);
        let before = company.proxy.writes().len();
        let applied = company.run(&["apply", "--yes"]);
        assert_ne!(applied.status, 0, "{words}: {}", told(&applied));
        assert!(told(&applied).contains(words), "{words}: {}", told(&applied));
        let gone = company.writes_after(before);
        assert!(
            gone.iter().all(|one| !["POST", "DELETE"].contains(&&*one.request.method)),
            "{words}: {gone:?}"
        );
    }
    company.proxy.heal();
    company.apply();
    company.has_nothing_to_do();
    assert_eq!(company.account("eve")["title"], "Chief");
}

/// A write that took effect and was answered with an error, or not at all, is not done twice.
#[test]
fn no_write_that_took_effect_is_repeated() {
    for cut in [true, false] {
        let company = Company::new();
        let lost = if cut { then::cut_after_effect() } else { then::status_after_effect(500) };
        company.proxy.arm(when::method("POST"), lost);
        company.apply();
        for person in ["ada", "bob", "eve", "kim"] {
            assert_eq!(company.proxy.created("userName", &format!("{person}@acme.example")), 1);
        }
        company.proxy.heal();
        company.has_nothing_to_do();
    }
}

/// What other hands do to accounts stays until somebody releases it.
#[test]
fn accounts_that_somebody_else_touched_are_held() {
    let company = Company::applied();
    company.server.delete(&format!("/Users/{}", company.id("kim")));
    let plan = company.run(&["plan"]).ends_with(0);
    assert!(plan.stdout.contains("deleted in the app"), "{}", plan.stdout);
    assert!(plan.stdout.contains("nothing to do; 1 change held back"), "{}", plan.stdout);
    let eve = company.id("eve");
    company
        .server
        .patch(&format!("/Users/{eve}"), json!([{"op": "replace", "path": "active", "value": false}]));
    company.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(company.account("eve")["active"], false);
    company.run(&["apply", "--yes", "--enable", "eve"]).ends_with(0);
    assert_eq!(company.account("eve")["active"], true);
}

/// Two people who swap their addresses in one commit keep their accounts; in two steps it is possible.
#[test]
fn two_people_who_swap_their_addresses_keep_their_accounts() {
    let company = Company::applied();
    let ids = [company.id("ada"), company.id("bob")];
    let before = company.proxy.writes().len();
    company.repo.replace("access/people.yaml", "email: ada@acme.example", "email: SWAP");
    company.repo.replace("access/people.yaml", "email: bob@acme.example", "email: ada@acme.example");
    company.edit("email: SWAP", "email: bob@acme.example");
    company.run(&["apply", "--yes"]).ends_with(3);
    assert!(company.writes_after(before).is_empty());
    assert_eq!([company.id("ada"), company.id("bob")], ids);
    company.edit("email: bob@acme.example", "email: ada.l@acme.example");
    company.apply();
    assert_eq!(company.id("ada"), ids[1]);
    company.has_nothing_to_do();
}

/// Two accounts match one person: neither is taken, and none is made.
#[test]
fn two_accounts_for_one_person_are_a_question() {
    let company = Company::new();
    let address = json!([{"value": "ada@acme.example", "type": "work", "primary": true}]);
    for (login, ours) in [("ada@acme.example", ""), ("ada.l@acme.example", "ada")] {
        company
            .server
            .create_user(json!({"userName": login, "externalId": ours, "emails": address, "active": true}));
    }
    let applied = company.run(&["apply", "--yes"]);
    assert_eq!(applied.status, 3, "{}", told(&applied));
    assert_eq!(company.proxy.created("userName", "ada@acme.example"), 0);
    assert!(told(&applied).contains("2 accounts match ada"), "{}", told(&applied));
}
