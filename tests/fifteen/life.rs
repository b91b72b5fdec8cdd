//! From the first apply to a leaver who returns.

use serde_json::json;

use super::company::{Company, ENTERPRISE, FIFTEEN, methods};
use crate::support::proxy::{then, when};

#[test]
fn the_first_apply_writes_managers_after_the_accounts() {
    let company = Company::applied();
    let writes = company.proxy.writes();
    let creates = writes.iter().filter(|it| it.request.path().ends_with("/Users"));
    for create in creates.clone() {
        let body = create.request.json();
        assert_eq!(body[ENTERPRISE], json!(null), "the account of a manager is not there yet");
        let day = &body[FIFTEEN]["startDate"];
        let is_ada = body["userName"] == "ada@acme.example";
        assert_eq!(*day, if is_ada { json!("11/03/2025") } else { json!(null) }, "{body}");
    }
    assert_eq!(creates.count(), 4);
    let mut second: Vec<_> =
        writes.iter().filter(|it| it.request.method == "PUT").map(|it| it.request.json()).collect();
    second.sort_by_key(|body| body["userName"].to_string());
    let managers: Vec<_> = second.iter().map(|body| body[ENTERPRISE]["manager"]["value"].clone()).collect();
    assert_eq!(managers, [company.id("ada"), company.id("bob")]);
    assert_eq!(company.account("bob")[ENTERPRISE]["manager"]["value"], company.id("ada"));
    assert_eq!(company.account("eve")[ENTERPRISE]["manager"]["value"], company.id("bob"));
    insta::assert_json_snapshot!("first_apply", company.server.dump());
}

#[test]
fn an_account_is_changed_by_put_and_keeps_what_is_not_mapped() {
    let company = Company::applied();
    company.repo.replace(
        "rolecall.yaml",
        "version: 1\n",
        "version: 1\nattributes: {location: {type: string}, employeeNumber: {type: string}}\n",
    );
    company.edit(
        "email: ada@acme.example,",
        "email: ada@acme.example, attributes: {location: Paris, employeeNumber: \"007\"},",
    );
    company.apply();
    let before = company.proxy.writes().len();
    company.edit("title: Analyst", "title: Director");
    company.apply();
    let writes = company.writes_after(before);
    assert_eq!(methods(&writes), ["PUT account"]);
    let body = writes[0].request.json();
    assert_eq!(body[FIFTEEN], json!({"location": "Paris", "startDate": "11/03/2025"}), "{body}");
    assert_eq!(body[ENTERPRISE], json!({"employeeNumber": "007"}), "{body}");
    assert_eq!(company.account("ada")["title"], "Director");
    company.has_nothing_to_do();
}

#[test]
fn a_leaver_is_disabled_by_patch_and_comes_back_to_the_same_account() {
    let company = Company::applied();
    let (id, before) = (company.id("eve"), company.proxy.writes().len());
    company.edit("title: Clerk, manager: bob", "title: Clerk, manager: bob, status: left");
    company.apply();
    let writes = company.writes_after(before);
    assert_eq!(methods(&writes), ["PATCH account"]);
    let operations = json!([{"op": "replace", "path": "active", "value": false}]);
    assert_eq!(writes[0].request.json()["Operations"], operations);
    assert_eq!(company.account("eve")["active"], false);
    company.has_nothing_to_do();
    company.edit("manager: bob, status: left", "manager: bob");
    company.apply();
    assert_eq!(company.account("eve")["active"], true);
    assert_eq!(company.id("eve"), id);
    company.has_nothing_to_do();
    assert!(methods(&company.proxy.writes()).iter().all(|write| !write.starts_with("DELETE")));
}

#[test]
fn members_come_and_go_as_lists_and_a_group_is_renamed() {
    let company = Company::applied();
    let before = company.proxy.writes().len();
    company.edit("members: [user:ada, user:bob]", "members: [user:ada, user:kim]");
    company.apply();
    let bodies: Vec<_> = company.writes_after(before).iter().map(|it| it.request.json()).collect();
    let operations: Vec<_> =
        bodies.iter().flat_map(|body| body["Operations"].as_array().unwrap().clone()).collect();
    assert!(
        operations
            .contains(&json!({"op": "remove", "path": "members", "value": [{"value": company.id("bob")}]})),
        "{operations:?}"
    );
    assert!(
        operations
            .contains(&json!({"op": "add", "path": "members", "value": [{"value": company.id("kim")}]})),
        "{operations:?}"
    );
    company.edit("name: Engineering", "name: Builders");
    company.apply();
    let group = company.server.find_group("Builders").expect("the group");
    let mut members: Vec<_> =
        group["members"].as_array().unwrap().iter().map(|it| it["display"].clone()).collect();
    members.sort_by_key(ToString::to_string);
    assert_eq!(members, ["Ada Lovelace", "Kim Young"]);
    company.has_nothing_to_do();
}

/// An account that was there before, under another login: only its e-mail address shows whose it is, and no filter of the
/// library knows that attribute.
#[test]
fn an_account_with_the_same_address_is_found_in_the_whole_list() {
    let company = Company::new();
    let kim = company.server.create_user(json!({
        "userName": "kyoung", "emails": [{"value": "kim@acme.example", "primary": true}], "active": true,
    }));
    company.repo.replace(
        "rolecall.yaml",
        "    connector: 15five\n",
        "    connector: 15five\n    adopt: matched\n",
    );
    company.repo.commit("Adopt").push();
    company.run(&["apply", "--yes", "--allow", "perform:login=1"]).ends_with(0);
    assert_eq!(company.id("kim"), kim);
    company.has_nothing_to_do();
}

#[test]
fn a_manager_who_is_not_active_is_left_empty_and_the_report_says_so() {
    let company = Company::applied();
    company.edit("email: ada@acme.example,", "email: ada@acme.example, status: suspended,");
    company.apply();
    let before = company.proxy.writes().len();
    company.edit("title: Clerk, manager: bob", "title: Clerk, manager: ada");
    company.run(&["apply", "--yes"]);
    assert_eq!(company.account("eve")[ENTERPRISE], json!(null));
    company.run(&["apply", "--yes"]);
    let told = company.run(&["plan"]).stdout;
    assert!(told.contains("Not kept by the app (1)") && told.contains("User:manager.value"), "{told}");
    let sent = company.writes_after(before).len();
    assert!(sent <= 2, "{sent} writes");
    company.run(&["apply", "--yes"]);
    assert_eq!(company.writes_after(before).len(), sent, "the same value is not sent again and again");
}

#[test]
fn the_other_method_is_used_where_the_app_does_not_have_the_first() {
    let company = Company::applied();
    let before = company.proxy.writes().len();
    company.proxy.arm(when::method("PUT"), then::status(501));
    company.edit("email: kim@acme.example", "email: kim.young@acme.example");
    company.run(&["apply", "--yes", "--allow", "perform:login=1"]).ends_with(0);
    assert_eq!(methods(&company.writes_after(before)), ["PUT account", "PATCH account"]);
    assert_eq!(company.account("kim.young")["userName"], "kim.young@acme.example");
}

#[test]
fn a_token_of_another_product_gets_a_hint() {
    let company = Company::new();
    let told =
        company.repo.rolecall(["check"]).env("FIFTEEN_TOKEN", "0123456789abcdef0123456789abcdef").run();
    assert_ne!(told.status, 0);
    let all = format!("{}{}", told.stdout, told.stderr);
    assert!(
        all.contains("401") && all.contains("a token of 32 characters is probably the key of the Public API"),
        "{all}"
    );
    assert!(!all.contains("0123456789abcdef"), "{all}");
}
