//! What a real app does on bad days: a document does not make a short list whole, nor a page of somebody else an answer.

use serde_json::json;

use super::cloud::Cloud;
use crate::support::proxy::{then, when};

/// A list that says it is cut proves nothing: whom it does not show stays, and who is typed as left goes.
#[test]
fn from_a_short_list_nothing_is_concluded() {
    let cloud = Cloud::applied();
    let cut = when::method("GET").and(when::target("/v3/users?"));
    cloud.proxy.arm(
        cut,
        then::rewrite_json(|_, body| {
            body["users"].as_array_mut().unwrap().retain(|user| user["name"] != "bob@acme.example");
            body["truncated"] = json!(true);
        }),
    );
    let plan = cloud.run(&["plan"]).ends_with(3);
    assert!(plan.stdout.contains("left rows out, and names no next page"), "{}", plan.stdout);
    assert!(!plan.stdout.contains("create account"), "{}", plan.stdout);
    // Bob is taken out of the tree: absence alone is not enough now.
    cloud.repo.replace(
        "access/people.yaml",
        "  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example}\n",
        "",
    );
    cloud.apply("user:ada, user:bob, user:eve", "user:ada, user:eve").ends_with(3);
    assert!(cloud.accounts().contains(&"bob@acme.example on".to_owned()));
    // Eve is typed as left.
    cloud.apply("eve@acme.example}", "eve@acme.example, status: left}").ends_with(3);
    assert!(cloud.accounts().contains(&"eve@acme.example off".to_owned()));
}

/// The rights that lists need are proven first; without them the lists are short, however well they add up.
#[test]
fn a_credential_with_too_few_rights_sees_short_lists() {
    let cloud = Cloud::applied();
    let forbidden =
        json!({"error": {"code": 403, "message": "You are not authorized", "title": "Forbidden"}});
    cloud.proxy.arm(
        when::target("/v3/domains"),
        then::rewrite(move |_, mut answer| {
            answer.status = 403;
            answer.body = forbidden.to_string().into_bytes();
            answer
        }),
    );
    let plan = cloud.run(&["plan"]).ends_with(3);
    assert!(plan.stdout.contains("the rights that a whole list needs are not proven"), "{}", plan.stdout);
    assert!(plan.stdout.contains("You are not authorized"), "{}", plan.stdout);
    cloud.run(&["check"]).ends_with(1);
}

/// A page of something else, or a list without its rows, is no answer: the app is unreadable, and nothing is written.
#[test]
fn what_is_not_the_app_says_nothing() {
    let cloud = Cloud::applied();
    let list = || when::method("GET").and(when::target("/v3/users?"));
    for (what, told) in [
        (then::html(200), "with a web page instead of"),
        (
            then::rewrite_json(|_, body| *body = json!({"items": []})),
            "without the rows, which stand at `users`",
        ),
        (then::status(302), "302"),
    ] {
        cloud.proxy.heal();
        cloud.proxy.arm(list(), what);
        let writes = cloud.proxy.writes().len();
        let applied = cloud.run(&["apply", "--yes"]);
        assert!(applied.stdout.contains(told) || applied.stderr.contains(told), "{told}: {}", applied.stdout);
        assert_ne!(applied.status, 0);
        // Each run asks for a token, which is a POST.
        assert_eq!(cloud.proxy.writes().len(), writes + 1, "{told}");
    }
    assert_eq!(cloud.accounts().len(), 3);
}

/// A next page at another host, or outside of the interface, is not asked for (safety.md 18).
#[test]
fn the_next_page_is_asked_for_at_the_app_only() {
    let cloud = Cloud::applied();
    for next in ["http://127.0.0.2:9/v3/users?marker=x", "https://elsewhere.example/v3/users?marker=x"] {
        cloud.proxy.heal();
        cloud.proxy.arm(
            when::method("GET").and(when::target("/v3/users?")),
            then::rewrite_json(move |_, body| body["links"]["next"] = json!(next)),
        );
        let plan = cloud.run(&["plan"]).ends_with(3);
        assert!(plan.stdout.contains("outside of the app's interface"), "{}", plan.stdout);
    }
}

/// A token that the app does not know any more is replaced once, and the request is repeated.
#[test]
fn a_token_that_ends_is_replaced() {
    let cloud = Cloud::applied();
    let before = cloud.proxy.count();
    cloud.proxy.arm(when::method("GET").and(when::target("/v3/groups?")).first(1), then::status(401));
    cloud.run(&["plan"]).ends_with(0);
    let tokens =
        cloud.proxy.requests()[before..].iter().filter(|one| one.request.target == "/v3/auth/tokens").count();
    assert_eq!(tokens, 2);
    // If the app refuses every token, that is said once.
    cloud.proxy.heal();
    cloud.proxy.arm(when::method("GET"), then::status(401));
    let plan = cloud.run(&["plan"]);
    assert!(plan.stdout.contains("401") || plan.stderr.contains("401"), "{}{}", plan.stdout, plan.stderr);
    assert_ne!(plan.status, 0);
}

/// A create that failed after it took effect is looked up, and not repeated.
#[test]
fn a_create_that_may_have_happened_is_not_repeated() {
    let cloud = Cloud::new();
    cloud.proxy.arm(when::method("POST").and(when::target("/v3/users")), then::status_after_effect(500));
    cloud.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(cloud.accounts().len(), 3);
    let creates = cloud.proxy.writes().iter().filter(|one| one.request.target == "/v3/users").count();
    assert_eq!(creates, 3);
    cloud.proxy.heal();
    cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
}

/// A value that another account has is named with its holder.
#[test]
fn a_name_that_is_taken_is_named_with_its_holder() {
    let cloud = Cloud::applied();
    let other = json!({"user": {"name": "taken@acme.example"}});
    let id = cloud.ask("POST", "/users", Some(&other))["user"]["id"].as_str().unwrap().to_owned();
    let applied = cloud.apply("ada@acme.example", "taken@acme.example");
    let told = format!("{}{}", applied.stdout, applied.stderr);
    assert_ne!(applied.status, 0, "{told}");
    assert!(told.contains(&id), "{told}");
    assert!(cloud.accounts().contains(&"ada@acme.example on".to_owned()));
}

/// A secret that is not bound to the host goes nowhere, and a wrong one is never shown.
#[test]
fn a_secret_goes_to_its_host_only() {
    let cloud = Cloud::new();
    let wrong = cloud.repo.rolecall(["plan"]).env("CLOUD_PASSWORD", "not-the-password-7").run();
    let told = format!("{}{}", wrong.stdout, wrong.stderr);
    assert!(told.contains("no token: answered 401") && told.contains("check the credential"), "{told}");
    assert!(!told.contains("not-the-password-7"), "{told}");
    let before = cloud.proxy.count();
    let unbound = cloud.repo.replace("rolecall.yaml", "host: 127.0.0.1", "host: elsewhere.example");
    let refused = unbound.rolecall(["plan"]).env("CLOUD_PASSWORD", super::cloud::PASSWORD).run().ends_with(1);
    assert!(
        refused.stderr.contains("CLOUD_PASSWORD: {app: cloud, host: 127.0.0.1}")
            || refused.stderr.contains("host: 127.0.0.1"),
        "{}",
        refused.stderr
    );
    assert_eq!(cloud.proxy.count(), before);
}
