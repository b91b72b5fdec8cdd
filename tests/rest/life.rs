//! People come, change, are turned off and leave in a real app that no code of ours knows.

use serde_json::json;

use super::cloud::Cloud;

const ALL: [&str; 3] = ["ada@acme.example", "bob@acme.example", "eve@acme.example"];

#[test]
fn a_company_lives_in_an_app_that_a_document_describes() {
    let cloud = Cloud::new();
    let check = cloud.run(&["check"]).ends_with(0);
    for told in [
        "ok    the credential has the rights that the lists need",
        "ok    users can be read: 1 (the last page names no next one)",
        "the app does not show some of what an account can do: roles through groups",
    ] {
        assert!(check.stdout.contains(told), "{}", check.stdout);
    }
    assert!(cloud.proxy.writes().iter().all(|write| write.request.target == "/v3/auth/tokens"));

    cloud.run(&["apply", "--yes"]).ends_with(0);
    assert_eq!(cloud.accounts(), ALL.map(|name| format!("{name} on")));
    assert_eq!(cloud.members(), ("Engineering".to_owned(), ALL.map(str::to_owned).to_vec()));

    // The second plan is empty, and asks for little: token, rights, one page of each list, the members of the group.
    let before = cloud.proxy.count();
    let plan = cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    assert!(plan.stdout.contains("No changes."), "{}", plan.stdout);
    let asked: Vec<String> = cloud.proxy.requests()[before..]
        .iter()
        .map(|one| {
            let path = one.request.target.split('?').next().unwrap().to_owned();
            let last = path.rsplit('/').next().unwrap().to_owned();
            let is_id = last.len() == 32;
            if is_id { path.replace(&last, "ID") } else { path }
        })
        .map(|path| {
            let parts: Vec<_> =
                path.split('/').map(|part| if part.len() == 32 { "ID" } else { part }).collect();
            parts.join("/")
        })
        .collect();
    assert_eq!(
        asked,
        [
            "/v3/auth/tokens",
            "/v3/domains",
            "/v3/roles",
            "/v3/users",
            "/v3/groups",
            "/v3/groups/ID",
            "/v3/groups/ID/users"
        ]
    );

    cloud.apply("bob@acme.example", "robert@acme.example").ends_with(0);
    assert!(cloud.accounts().contains(&"robert@acme.example on".to_owned()));
    cloud.apply("name: Engineering", "name: Engineers").ends_with(0);
    cloud.apply("eve@acme.example}", "eve@acme.example, status: suspended}").ends_with(0);
    assert!(cloud.accounts().contains(&"eve@acme.example off".to_owned()));
    cloud.apply("eve@acme.example, status: suspended}", "eve@acme.example}").ends_with(0);
    assert!(cloud.accounts().contains(&"eve@acme.example on".to_owned()));
    cloud.apply("robert@acme.example}", "robert@acme.example, status: left}").ends_with(0);
    assert_eq!(cloud.accounts(), ["ada@acme.example on", "eve@acme.example on", "robert@acme.example off"]);
    let (name, members) = cloud.members();
    assert_eq!(
        (&*name, members),
        ("Engineers", vec!["ada@acme.example".to_owned(), "eve@acme.example".to_owned()])
    );
    cloud.run(&["plan", "--detailed-exitcode"]).ends_with(0);
}

#[test]
fn drift_is_put_back_and_what_others_turned_off_stays_off() {
    let cloud = Cloud::applied();
    let ada = cloud.id_of("ada@acme.example");
    cloud.ask("PATCH", &format!("/users/{ada}"), Some(&json!({"user": {"email": "other@acme.example"}})));
    let eve = cloud.id_of("eve@acme.example");
    cloud.ask("PATCH", &format!("/users/{eve}"), Some(&json!({"user": {"enabled": false}})));
    let applied = cloud.run(&["apply", "--yes"]).ends_with(0);
    assert!(applied.stdout.contains("disabled in the app, not by rolecall"), "{}", applied.stdout);
    let user = cloud.ask("GET", &format!("/users/{ada}"), None);
    assert_eq!(user["user"]["email"], "ada@acme.example");
    assert!(cloud.accounts().contains(&"eve@acme.example off".to_owned()));

    // An account that another hand deleted is not made again.
    let bob = cloud.id_of("bob@acme.example");
    cloud.ask("DELETE", &format!("/users/{bob}"), None);
    let plan = cloud.run(&["plan"]).ends_with(0);
    assert!(plan.stdout.contains("deleted in the app"), "{}", plan.stdout);
    assert!(plan.stdout.contains("nothing to do; 1 change held back"), "{}", plan.stdout);
}

#[test]
fn an_account_that_is_there_already_is_adopted() {
    let cloud = Cloud::new();
    let old = json!({"user": {"name": "ada@acme.example", "email": "ada@old.example"}});
    cloud.ask("POST", "/users", Some(&old));
    let applied = cloud.run(&["apply", "--yes"]).ends_with(0);
    assert!(applied.stdout.contains("2 accounts to create, 1 to adopt"), "{}", applied.stdout);
    assert_eq!(cloud.accounts().len(), 3);
    let ada = cloud.id_of("ada@acme.example");
    let user = cloud.ask("GET", &format!("/users/{ada}"), None);
    assert_eq!(
        (&user["user"]["email"], &user["user"]["rolecall_id"]),
        (&json!("ada@acme.example"), &json!("ada"))
    );
}
