//! Apps that answer in a way of their own, and are understood all the same.

use rolecall::connector::{ErrorKind, Finding};
use rolecall::model::op::Action;
use rolecall::model::remote::{Presence, Walk};
use serde_json::json;

use crate::connector::faults::{Scene, lists};
use crate::connector::rig::{Builder, app, error, groups, users, why};
use crate::connector::writing::{create_named, done, person, set, update, value};
use crate::support::proxy::then::Then;
use crate::support::proxy::{then, when};
use crate::support::wire::Response;

#[test]
fn a_byte_order_mark_is_no_part_of_an_answer() {
    let scene = Scene::with(3);
    scene.proxy.arm(
        when::every(),
        then::rewrite(|_, mut answer| {
            if !answer.body.is_empty() {
                answer.body.splice(..0, *b"\xef\xbb\xbf");
            }
            answer
        }),
    );
    let rig = scene.app().open();
    assert!(rig.connector.capabilities().filter, "the app described itself");
    let (rows, walk) = rig.list(&users()).unwrap();
    assert!(matches!(walk, Walk::Complete(_)) && rows.len() == 3, "{walk:?}");
    assert_eq!(rig.find(&users(), "userName", "user01").unwrap().len(), 1);
    let id = create_named(&rig, "ada");
    assert_eq!(value(&done(rig.write(&person(), update(&id, &[("title", "A")]))), "title"), "A".into());
    assert!(matches!(rig.get(&users(), id.as_str()).unwrap(), Presence::Here(_)));
    assert!(matches!(rig.get(&users(), "nobody").unwrap(), Presence::Gone(_)), "an error is read as well");
    // A mark alone is an empty answer, and one before a page makes it no JSON.
    for (then, told) in [
        (then::answer(Response::new(200).body("application/json", *b"\xef\xbb\xbf")), "without a body"),
        (then::answer(Response::new(200).body("text/html", *b"\xef\xbb\xbf<html>")), "a web page"),
    ] {
        scene.proxy.heal();
        scene.proxy.arm(when::target("/Users?"), then);
        let error = error(rig.list(&users()));
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[test]
fn parameters_of_the_settings_are_in_every_request() {
    let scene = Scene::with(3);
    let rig = scene.app().set("query.tenant", "a&b c").set("query.v", "2").open();
    let id = create_named(&rig, "ada");
    rig.list(&users()).unwrap();
    rig.list(&groups()).unwrap();
    rig.find(&users(), "userName", "user01").unwrap();
    rig.get(&users(), id.as_str()).unwrap();
    done(rig.write(&person(), update(&id, &[("title", "A")])));
    done(rig.write(&groups(), Action::CreateGroup { attributes: set(&[("displayName", "crew")]) }));
    rig.write(&person(), Action::DeleteUser { remote: id });
    rig.runtime.block_on(rig.connector.check());
    for recorded in scene.proxy.requests() {
        let target = &recorded.request.target;
        assert!(target.ends_with("tenant=a%26b%20c&v=2"), "{target}");
        assert_eq!(target.matches('?').count(), 1, "{target}");
    }
    let report = rig.runtime.block_on(rig.connector.check());
    assert!(!report.endpoint.contains('?'), "{}", report.endpoint);
    assert!(rig.events.requests().iter().all(|line| !line.contains("tenant")));
    for (name, told) in [
        ("count", "parameter count is set by rolecall itself"),
        ("api_key", "parameter api_key looks like a secret: credentials belong below `auth`"),
    ] {
        let error = error(scene.app().set(&format!("query.{name}"), "1").try_open());
        assert_eq!(error.to_string(), format!("crm: {told}"));
    }
}

#[test]
fn a_filter_is_sent_as_it_is_meant() {
    let scene = Scene::with(1);
    let rig = scene.app().set("query.tenant", "acme").open();
    rig.find(&users(), "userName", "a+b&c@x.example").unwrap();
    let requests = scene.proxy.requests();
    let filter = requests.iter().find(|it| it.request.target.contains("filter=")).unwrap();
    let filter = &filter.request.target;
    assert!(filter.contains("filter=userName%20eq%20%22a%2Bb%26c%40x.example%22&startIndex=1"), "{filter}");
    assert_eq!(filter.matches("tenant=acme").count(), 1);
}

/// A list without rows is answered with this instead.
fn empty_is(answer: Response) -> Then {
    then::rewrite(move |_, page| match page.json()["totalResults"].as_u64() {
        Some(0) => answer.clone(),
        _ => page,
    })
}

fn scim_404() -> Response {
    let urn = "urn:ietf:params:scim:api:messages:2.0:Error";
    Response::new(404).json_body(&json!({"schemas": [urn], "status": "404", "detail": "no users found"}))
}

#[test]
fn an_empty_list_may_be_404() {
    let scene = Scene::with(0);
    let list = |app: Builder, answer: Response| {
        scene.proxy.heal();
        scene.proxy.arm(lists(), empty_is(answer));
        app.open().list(&users())
    };
    let complete = |walk: Walk| match walk {
        Walk::Complete(complete) => complete,
        Walk::Incomplete { why } => panic!("{why}"),
    };
    // An app that describes itself, in its own words: empty, if nothing is known to be there.
    let (rows, walk) = list(scene.app(), scim_404()).unwrap();
    let doubt = complete(walk).doubt().unwrap().to_string();
    assert!(rows.is_empty());
    let hint = "if the app answers so to an empty list, set `settings.empty_is_404: true`";
    assert_eq!(doubt, format!("the list of users was answered 404 Not Found; {hint}"));

    // Anything else may be another address, and says what to set.
    let plain = || Response::new(404).json_body(&json!({"message": "no users found"}));
    let refused = error(list(scene.app(), plain()));
    assert_eq!(refused.kind(), ErrorKind::NotFound);
    let silent = error(list(scene.app().set("discovery", "off"), scim_404()));
    assert_eq!(silent.kind(), ErrorKind::NotFound);
    let told = silent.hint.as_deref().unwrap();
    assert!(told.starts_with("check `url`") && told.ends_with(hint), "{told}");

    // Said by a person, it is an empty list, but a web page is none.
    for answer in [scim_404(), plain(), Response::new(404)] {
        let (_, walk) = list(scene.app().set("empty_is_404", true), answer).unwrap();
        assert_eq!(complete(walk).doubt(), None);
    }
    let page = Response::new(404).body("text/html", "<html>Not Found</html>");
    assert_eq!(error(list(scene.app().set("empty_is_404", true), page)).kind(), ErrorKind::NotFound);

    // A look-up that nobody matches may be answered so, too.
    scene.proxy.heal();
    scene.proxy.arm(lists(), empty_is(scim_404()));
    assert_eq!(scene.app().open().find(&users(), "userName", "ada").unwrap(), []);
    create_named(&scene.app().open(), "ada");
}

#[test]
fn a_page_that_is_not_found_later_is_an_error() {
    let scene = Scene::with(12);
    let rig = scene.broken(lists().at(2), then::answer(scim_404()));
    assert_eq!(error(rig.list(&users())).kind(), ErrorKind::NotFound);
}

/// Answers 400 to lists that are asked for with one of these.
fn refuses(scene: &Scene, parameters: &'static [&'static str]) {
    let refused = when::requests(move |request| {
        request.target.contains("/Users") && parameters.iter().any(|name| request.target.contains(name))
    });
    let urn = "urn:ietf:params:scim:api:messages:2.0:Error";
    let body = json!({"schemas": [urn], "status": "400", "detail": "unknown parameter"});
    scene.proxy.arm(refused, then::answer(Response::new(400).json_body(&body)));
}

/// Lists that were asked for, as their queries.
fn asked(scene: &Scene, since: usize) -> Vec<String> {
    let requests = scene.proxy.requests().split_off(since);
    let lists = requests.iter().filter(|it| it.request.path().ends_with("/Users"));
    lists.map(|it| it.request.target.split_once('?').map_or("", |(_, query)| query).to_owned()).collect()
}

#[test]
fn an_app_that_refuses_count_is_asked_without() {
    let scene = Scene::with(12);
    refuses(&scene, &["count="]);
    // Where nobody says how many, the app gives five.
    let five = when::requests(|request| {
        request.target.contains("startIndex=") && !request.target.contains("count=")
    });
    scene
        .proxy
        .arm(five, then::rewrite_json(|_, page| page["Resources"].as_array_mut().unwrap().truncate(5)));
    let rig = scene.app().open();
    for first in [true, false] {
        let since = scene.proxy.count();
        let (rows, walk) = rig.list(&users()).unwrap();
        assert!(matches!(walk, Walk::Complete(_)) && rows.len() == 12, "{walk:?}");
        let pages = ["startIndex=1", "startIndex=6", "startIndex=11"];
        let mut asked = asked(&scene, since).split_off(usize::from(first));
        // Pages behind the first one are asked for side by side.
        asked[1..].sort_by_key(String::len);
        assert_eq!(asked, pages, "learned once, for the run");
    }
    assert_eq!(rig.find(&users(), "userName", "user01").unwrap().len(), 1);
    // Said in the settings, nothing has to be learned.
    let rig = scene.app().set("paging", "start").open();
    let since = scene.proxy.count();
    rig.list(&users()).unwrap();
    assert_eq!(asked(&scene, since).len(), 3);
}

#[test]
fn an_app_that_refuses_to_page_is_believed_as_far_as_its_total() {
    let scene = Scene::with(12);
    refuses(&scene, &["count=", "startIndex="]);
    let rig = scene.app().open();
    let (rows, walk) = rig.list(&users()).unwrap();
    assert!(matches!(walk, Walk::Complete(_)) && rows.len() == 12, "{walk:?}");
    assert_eq!(asked(&scene, 0).last().unwrap(), "");
    scene.proxy.arm(
        lists().or(when::target("/Users")),
        then::rewrite_json(|_, page| page["Resources"].as_array_mut().unwrap().truncate(5)),
    );
    assert_eq!(why(rig.list(&users()).unwrap().1), "totalResults is 12, but 5 came");
}

#[test]
fn a_refusal_for_another_reason_is_told_as_it_came_first() {
    let scene = Scene::with(1);
    scene.proxy.arm(
        when::target("/Users"),
        then::rewrite(|request, _| {
            let detail = if request.target.contains("count") { "the first" } else { "the second" };
            Response::new(400).json_body(&json!({"detail": detail}))
        }),
    );
    let rig = scene.app().open();
    let refused = error(rig.list(&users()));
    assert!(refused.to_string().ends_with("answered 400 Bad Request: the first"), "{refused}");
    // Nothing was learned from it.
    scene.proxy.heal();
    let since = scene.proxy.count();
    rig.list(&users()).unwrap();
    assert!(asked(&scene, since)[0].contains("count=5"));
    // Once a page came, a refusal is not about its parameters.
    scene.proxy.arm(when::target("/Users"), then::status(400));
    let since = scene.proxy.count();
    error(rig.list(&users()));
    assert_eq!(asked(&scene, since).len(), 1);
}

#[test]
fn a_total_that_a_full_page_equals_is_asked_beyond() {
    for (accounts, pages) in [(0, 1), (4, 1), (5, 2), (9, 2), (10, 3)] {
        let scene = Scene::with(accounts);
        let rig = scene.app().open();
        let since = scene.proxy.count();
        let (rows, walk) = rig.list(&users()).unwrap();
        assert!(matches!(walk, Walk::Complete(_)) && rows.len() == accounts, "{accounts}: {walk:?}");
        assert_eq!(asked(&scene, since).len(), pages, "{accounts}: at most one request more");
        // What a look-up finds is enough.
        let since = scene.proxy.count();
        rig.find(&users(), "userName", "user01").unwrap();
        assert!(asked(&scene, since).iter().filter(|query| query.starts_with("filter")).count() <= 1);
    }
}

#[test]
fn a_total_that_counts_the_page_is_read_to_the_end() {
    let scene = Scene::with(12);
    let rig = scene.app().open();
    scene.proxy.arm(lists(), then::rewrite_json(|_, page| page["totalResults"] = rows_of(page)));
    let (rows, walk) = rig.list(&users()).unwrap();
    assert!(matches!(walk, Walk::Complete(_)) && rows.len() == 12, "{walk:?}");
    // The app gives fewer than were asked for, and says so about itself.
    scene.proxy.heal();
    let most = when::target("/ServiceProviderConfig");
    scene.proxy.arm(most, then::rewrite_json(|_, config| config["filter"]["maxResults"] = json!(4)));
    let rig = app(&scene.proxy.base_url(), &scene.server.token).number("page_size", 9).open();
    scene.proxy.arm(
        lists(),
        then::rewrite_json(|_, page| {
            page["Resources"].as_array_mut().unwrap().truncate(4);
            page["totalResults"] = rows_of(page);
        }),
    );
    let (rows, walk) = rig.list(&users()).unwrap();
    assert!(matches!(walk, Walk::Complete(_)) && rows.len() == 12, "{walk:?}");
}

fn rows_of(page: &serde_json::Value) -> serde_json::Value {
    json!(page["Resources"].as_array().map_or(0, Vec::len))
}

#[test]
fn a_total_that_denies_rows_makes_the_list_short() {
    let scene = Scene::with(12);
    let rig = scene.app().open();
    scene.proxy.arm(lists(), then::rewrite_json(|_, page| page["totalResults"] = json!(5)));
    let (rows, walk) = rig.list(&users()).unwrap();
    assert_eq!((rows.len(), &*why(walk)), (12, "totalResults is 5, but 12 came"));
    // An app that does not page at all gives the same page again.
    let first = scene.server.get("/Users?startIndex=1&count=5").json();
    scene.proxy.heal();
    scene.proxy.arm(
        lists(),
        then::rewrite_json(move |_, page| {
            *page = first.clone();
            page["totalResults"] = json!(5);
        }),
    );
    let why = why(rig.list(&users()).unwrap().1);
    assert!(why.ends_with("paging does not advance; if the app sends a whole list in one answer, set `settings.paging: none`"), "{why}");
    let rig = scene.app().set("paging", "none").open();
    assert!(matches!(rig.list(&users()).unwrap().1, Walk::Complete(_)));
}

#[test]
fn a_page_behind_the_total_may_be_refused_but_not_lost() {
    let scene = Scene::with(5);
    for status in [400, 404, 501] {
        scene.proxy.heal();
        let rig = scene.broken(when::target("startIndex=6"), then::status(status));
        assert!(matches!(rig.list(&users()).unwrap().1, Walk::Complete(_)), "{status}");
    }
    scene.proxy.heal();
    let rig = scene.broken(when::target("startIndex=6"), then::status(500));
    assert_eq!(error(rig.list(&users())).kind(), ErrorKind::Server);
}

/// What a check says, each line with its hint.
fn checked(app: Builder) -> Vec<String> {
    let rig = app.open();
    let report = rig.runtime.block_on(rig.connector.check());
    let told = |finding: &Finding| {
        let hint = finding.hint.as_deref().map(|hint| format!(" -> {hint}")).unwrap_or_default();
        format!("{:?}: {}{hint}", finding.level, finding.text)
    };
    report.findings.iter().map(told).collect()
}

#[test]
fn a_check_walks_the_lists() {
    let scene = Scene::with(12);
    let list = |scene: &Scene| checked(scene.app())[1].clone();
    assert_eq!(list(&scene), "Good: users can be read: 12, in 3 pages");
    scene.proxy.arm(lists(), then::rewrite_json(|_, page| page["totalResults"] = json!(13)));
    assert_eq!(
        list(&scene),
        "Bad: the list of users does not add up, 12 came: totalResults is 13, but 12 came -> nothing can be concluded \
         from it: ask whoever runs the app"
    );
    scene.proxy.heal();
    scene.proxy.arm(lists(), then::rewrite_json(|_, page| *page = json!({"totalResults": 0})));
    assert_eq!(list(&scene), "Good: users can be read: 0");
    scene.proxy.heal();
    scene.proxy.arm(lists(), then::answer(scim_404()));
    assert_eq!(
        list(&scene),
        "Note: users can be read: none, unless the ledger knows one -> the list of users was answered 404 Not Found; \
         if the app answers so to an empty list, set `settings.empty_is_404: true`"
    );
    scene.proxy.heal();
    scene.proxy.arm(lists(), then::html(404));
    assert!(list(&scene).starts_with("Bad: users cannot be read: crm: GET "));
}

#[test]
#[ignore = "it fails in some runs since look-ups are tried: docs/status.md"]
fn a_check_says_what_the_app_does_not_show() {
    let scene = Scene::with(2);
    create_named(&scene.app().open(), "ada");
    let group = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "crew"});
    let group = scene.server.request("POST", "/Groups", Some(&group)).json()["id"].clone();
    let id = scene.server.get("/Users").json()["Resources"][0]["id"].clone();
    let path = format!("/Groups/{}", group.as_str().unwrap());
    scene.server.patch(&path, json!([{"op": "add", "path": "members", "value": [{"value": id}]}]));
    let notes = |scene: &Scene| {
        let told = checked(scene.app());
        told.into_iter().filter(|line| line.starts_with("Note")).collect::<Vec<_>>()
    };
    // Two of them were made without it.
    let some = "Note: 2 of 3 accounts do not show whether they are on -> what rolecall wrote itself is all that it knows of \
                these; if they are active, set `settings.absent_is_active: true`";
    assert_eq!(notes(&scene), [some]);
    let empty = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "nobody"});
    scene.server.request("POST", "/Groups", Some(&empty));
    let without = "Note: 1 of 2 groups in the list do not show `members`, and others do: who is in them is unread -> each \
                   managed group among them is one more request; if it does not show them either, nothing is concluded";
    assert_eq!(notes(&scene), [some, without]);
    let hide = |name: &'static str| {
        then::rewrite_json(move |_, page| match page["Resources"].as_array_mut() {
            Some(rows) => rows.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove(name))),
            None => drop(page.as_object_mut().unwrap().remove(name)),
        })
    };
    scene.proxy.arm(when::target("/Users"), hide("active"));
    scene.proxy.arm(when::target("/Groups?"), hide("members"));
    let active = "Note: no account in the list shows `active`: whether an account is off cannot be read -> what \
                  rolecall wrote itself is all that it knows of it; if such accounts are active, set \
                  `settings.absent_is_active: true`";
    let alone = "Note: no group in the list shows its members; read alone, a group shows them -> each managed group \
                 is one more request";
    assert_eq!(notes(&scene), [active, alone]);
    scene.proxy.arm(when::target("/Groups/"), hide("members"));
    let never = "Note: no group shows `members`: the groups are empty, or their members cannot be read -> if they have \
                 members, set `settings.members.read_from: none`";
    assert_eq!(notes(&scene), [active, never]);
    refuses(&scene, &["count="]);
    let without = "Note: the app refuses `count`: its pages are as large as it likes -> set `settings.paging: start`, \
                   which saves a request that is refused";
    assert!(notes(&scene).contains(&without.to_owned()), "{:?}", notes(&scene));
}
