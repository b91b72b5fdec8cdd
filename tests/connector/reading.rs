//! Reading from real servers.

use rolecall::model::remote::{ListRequest, Members, Presence, Walk};
use rolecall::model::seen::{Activity, Seen, Unread};
use rolecall::model::{Kind, Value};
use serde_json::json;

use crate::connector::rig::{app, error, groups, path, scim2_server, users, want};
use crate::support::proxy::{then, when};
use crate::support::servers::RealServer;

fn user(name: &str) -> serde_json::Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name, "externalId": format!("x-{name}"), "active": true, "title": "Analyst",
        "emails": [{"value": format!("{name}@acme.example"), "type": "work"}],
    })
}

fn fill(server: &RealServer, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| {
            let answer = server.request("POST", "/Users", Some(&user(&format!("user{number:03}"))));
            assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
            answer.json()["id"].as_str().unwrap().to_owned()
        })
        .collect()
}

fn servers() -> Vec<(&'static str, RealServer)> {
    vec![
        ("scim2-server", scim2_server()),
        ("scimmy", RealServer::scimmy()),
        ("django-scim2", RealServer::django_scim2()),
    ]
}

#[test]
fn lists_are_read_whole_from_every_server() {
    for (name, server) in servers() {
        fill(&server, 45);
        let rig = app(&server.base_url, &server.token).number("page_size", 20).open();
        let (rows, walk) = rig.list(&users()).unwrap();
        assert!(matches!(walk, Walk::Complete(_)), "{name}: {walk:?}");
        assert_eq!(rows.len(), 45, "{name}");
        let one = rows.iter().find(|row| row.name.as_deref() == Some("user007")).unwrap();
        assert_eq!(one.activity, Activity::On, "{name}");
        assert_eq!(one.our_id.as_deref(), Some("x-user007"), "{name}");
        assert_eq!(one.emails, ["user007@acme.example".into()], "{name}");
        assert_eq!(rig.events.requests().len(), 3, "{name}: {:?}", rig.events.requests());
    }
}

const EMAIL: [&str; 2] = [r#"emails[type eq "work"].value"#, "emails[primary eq true].value"];

#[test]
fn look_ups_find_one_or_nobody_on_every_server() {
    for (name, server) in servers() {
        fill(&server, 30);
        let rig = app(&server.base_url, &server.token).number("page_size", 20).open();
        for (attribute, value) in [
            ("userName", "user021"),
            ("userName", "USER021"),
            ("externalId", "x-user021"),
            ("emails.value", "user021@acme.example"),
            // django-scim2 shows its one address without a type.
            (EMAIL[usize::from(name == "django-scim2")], "user021@acme.example"),
        ] {
            let found = rig.find(&users(), attribute, value).unwrap();
            let names: Vec<_> = found.iter().filter_map(|row| row.name.as_deref()).collect();
            assert_eq!(names, ["user021"], "{name}: {attribute} {value}");
            assert_eq!(found[0].attributes.len(), 3, "{name}");
        }
        for (attribute, value) in [
            ("userName", "user0"),
            ("userName", r#"user021" or userName pr or userName eq ""#),
            ("externalId", "X-USER021"),
            ("title", "Analyst "),
        ] {
            assert_eq!(rig.find(&users(), attribute, value).unwrap(), [], "{name}: {attribute} {value}");
        }
        // django-scim2 keeps no title.
        let analysts = if name == "django-scim2" { 0 } else { 30 };
        assert_eq!(rig.find(&users(), "title", "Analyst").unwrap().len(), analysts, "{name}");
    }
}

#[test]
fn an_object_is_here_or_gone_on_every_server() {
    for (name, server) in servers() {
        let ids = fill(&server, 1);
        let rig = app(&server.base_url, &server.token).open();
        let Presence::Here(remote) = rig.get(&users(), &ids[0]).unwrap() else {
            panic!("{name}");
        };
        assert_eq!(remote.name.as_deref(), Some("user000"), "{name}");
        let missing = if name == "django-scim2" { "4711" } else { "no-such-id" };
        let gone = rig.get(&users(), missing).unwrap();
        assert!(matches!(gone, Presence::Gone(_)), "{name}: {gone:?}");
        for id in [".", ".."] {
            error(rig.get(&users(), id));
        }
        assert!("".parse::<rolecall::model::RemoteId>().is_err(), "nobody can ask for it");
    }
}

#[test]
fn groups_are_read_with_their_members() {
    for (name, server) in servers() {
        let ids = fill(&server, 3);
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Platform",
        });
        let group = server.request("POST", "/Groups", Some(&body)).json()["id"].clone();
        let values: Vec<_> = ids.iter().map(|id| json!({"value": id})).collect();
        let answer = server.patch(
            &format!("/Groups/{}", group.as_str().unwrap()),
            json!([{"op": "add", "path": "members", "value": values}]),
        );
        assert!(answer.status < 300, "{name}: {}", answer.status);
        let rig = app(&server.base_url, &server.token).open();
        let (rows, walk) = rig.list(&groups()).unwrap();
        assert!(matches!(walk, Walk::Complete(_)), "{name}: {walk:?}");
        let mut expected: Vec<String> = ids.iter().map(ToString::to_string).collect();
        expected.sort();
        let Members::Shown(members) = &rows[0].members else { panic!("{name}: {:?}", rows[0].members) };
        assert_eq!(
            members.iter().map(|member| member.name.to_string()).collect::<Vec<_>>(),
            expected,
            "{name}"
        );
        assert_eq!(rows[0].name.as_deref(), Some("Platform"), "{name}");
        let without = app(&server.base_url, &server.token).set("members.read_from", "none").open();
        let (rows, _) = without.list(&groups()).unwrap();
        assert_eq!(rows[0].members, Members::Unread(Unread::NotShown), "{name}");
        assert_eq!(without.find(&groups(), "displayName", "platform").unwrap().len(), 1, "{name}");
    }
}

#[test]
fn check_says_what_it_found() {
    let server = scim2_server();
    fill(&server, 2);
    let rig = app(&server.base_url, &server.token).open();
    let report = rig.runtime.block_on(rig.connector.check());
    assert!(report.is_good());
    let texts: Vec<_> = report.findings.iter().map(|finding| finding.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "the app describes itself (ServiceProviderConfig)",
            "users can be read: 2",
            "groups can be read: 0",
            "declared, discovered and configured: create accounts, change accounts, disable accounts, delete \
             accounts, groups, look-ups by filter, versions",
        ]
    );
    assert_eq!(rig.connector.capabilities().page_size, 1000);
    let wrong = app(&server.base_url, "wrong").open();
    let report = wrong.runtime.block_on(wrong.connector.check());
    assert!(!report.is_good());
    assert!(report.findings[1].text.contains("401 Unauthorized"), "{:?}", report.findings[1]);
}

#[test]
fn an_extension_of_the_apps_own_is_read() {
    let server = scim2_server();
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let mut body = user("ada");
    body["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User", enterprise]);
    body[enterprise] = json!({"department": "R&D", "manager": {"value": "7"}});
    assert_eq!(server.request("POST", "/Users", Some(&body)).status, 201);
    let rig = app(&server.base_url, &server.token).open();
    let want = want(
        Kind::User,
        &[&format!("{enterprise}:department"), &format!("{enterprise}:manager.value"), "roles"],
    );
    let found = rig.find(&want, &format!("{enterprise}:department"), "r&d").unwrap();
    assert_eq!(found[0].attributes[0], Seen::Is("R&D".into()));
    assert_eq!(found[0].attributes[1], Seen::Is("7".into()));
    assert_eq!(found[0].attributes[2], Seen::None);
}

#[test]
fn what_stands_there_in_an_odd_form_is_not_none() {
    let scene = crate::connector::faults::Scene::with(1);
    let rig = scene.app().open();
    let id = rig.list(&users()).unwrap().0[0].id.clone();
    let read = |our_id: serde_json::Value, roles: serde_json::Value| {
        scene.proxy.heal();
        scene.proxy.arm(
            when::method("GET").and(when::target("/Users/")),
            then::rewrite_json(move |_, account| {
                account["externalId"] = our_id.clone();
                account["roles"] = roles.clone();
            }),
        );
        let Presence::Here(account) = rig.get(&users(), id.as_str()).unwrap() else { panic!("it is there") };
        let holds = match account.holds {
            Seen::Is(all) => Seen::Is(all.iter().map(ToString::to_string).collect::<Vec<_>>()),
            Seen::None => Seen::None,
            Seen::Unread(why) => Seen::Unread(why),
        };
        (account.our_id, holds)
    };
    let (our_id, holds) = read(json!({"value": "ada"}), json!([{"value": "ADMIN"}, {"level": 3}]));
    assert_eq!(our_id.as_deref(), Some(r#"{"value":"ada"}"#), "somebody else's");
    // What is understood beside it still counts.
    assert_eq!(holds, Seen::Is(vec!["role ADMIN".to_owned(), r#"role {"level":3}"#.to_owned()]));
    let (our_id, holds) = read(json!(""), json!([{}]));
    assert_eq!((our_id, holds), (None, Seen::None));
    assert_eq!(read(json!(null), json!([7])), (None, Seen::Is(vec!["role 7".into()])));
}

#[test]
fn the_creation_time_of_an_account_is_read_where_it_is_understood() {
    for (name, server) in servers() {
        let ids = fill(&server, 1);
        let rig = app(&server.base_url, &server.token).open();
        let listed = rig.list(&users()).unwrap().0[0].created;
        let Presence::Here(account) = rig.get(&users(), &ids[0]).unwrap() else { panic!("{name}") };
        assert!(
            listed.zip(account.created).is_some_and(|(listed, read)| listed.is(read)),
            "{name}: {listed:?}"
        );
    }
    let scene = crate::connector::faults::Scene::with(1);
    let rig = scene.app().open();
    for odd in [json!(null), json!(7), json!("yesterday"), json!("2026-06-15"), json!({"at": 1}), json!([])] {
        scene.proxy.heal();
        let shown = odd.clone();
        scene.proxy.arm(
            when::method("GET").and(when::target("/Users")),
            then::rewrite_json(move |_, list| list["Resources"][0]["meta"]["created"] = shown.clone()),
        );
        let (rows, walk) = rig.list(&users()).unwrap();
        assert!(matches!(walk, Walk::Complete(_)), "{odd}");
        assert_eq!(rows[0].created, None, "{odd}");
    }
}

#[test]
fn roles_that_an_account_leaves_out_are_unread_where_they_are_kept() {
    let server = scim2_server();
    let mut ada = user("ada");
    ada["roles"] = json!([{"value": "ADMIN"}]);
    assert_eq!(server.request("POST", "/Users", Some(&ada)).status, 201);
    assert_eq!(server.request("POST", "/Users", Some(&user("bob"))).status, 201);
    let rig = app(&server.base_url, &server.token).open();
    let asked = want(Kind::User, &["userName", "roles"]);
    let roles = |request: &ListRequest| {
        let mut rows = rig.list(request).unwrap().0;
        rows.sort_by(|one, other| one.name.cmp(&other.name));
        rows.into_iter().map(|row| row.attributes[1].clone()).collect::<Vec<_>>()
    };
    let admin = Seen::Is(Value::List(vec!["ADMIN".into()]));
    assert_eq!(roles(&asked), [admin.clone(), Seen::None]);
    let kept = ListRequest { roles: Some(path("roles")), ..asked };
    assert_eq!(roles(&kept), [admin, Seen::Unread(Unread::LeftOut)]);
}

#[test]
fn a_listing_shows_what_accounts_can_do_if_it_is_asked() {
    let server = scim2_server();
    let mut ada = user("ada");
    ada["roles"] = json!([{"value": "ADMIN"}]);
    ada["entitlements"] = json!([{"value": "Billing"}]);
    let ada = server.request("POST", "/Users", Some(&ada)).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.request("POST", "/Users", Some(&user("bob"))).status, 201);
    let group = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Owners", "members": [{"value": ada}]});
    assert_eq!(server.request("POST", "/Groups", Some(&group)).status, 201);
    let rig = app(&server.base_url, &server.token).open();
    let asked = ListRequest { holds: true, ..users() };
    let shown = |request: &ListRequest| {
        let rows = rig.list(request).unwrap().0.into_iter();
        let all = rows.map(|row| {
            let holds = row.holds.shown().map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>());
            (row.name.unwrap().to_string(), holds.map(|all| all.join(", ")), row.holds_in_part)
        });
        let mut all: Vec<_> = all.collect();
        all.sort();
        all
    };
    // This server shows no groups in lists: the accounts are looked at besides.
    insta::assert_debug_snapshot!(shown(&asked), @r#"
    [
        (
            "ada",
            Some(
                "role ADMIN, entitlement Billing",
            ),
            true,
        ),
        (
            "bob",
            None,
            true,
        ),
    ]
    "#);
    assert!(shown(&users()).iter().all(|(_, holds, _)| holds.is_none()));
}
