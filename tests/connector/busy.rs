//! Apps that get too many requests. A request that was answered 429 was not done.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::join_all;
use rolecall::model::op::{Action, MemberList, Op, OutcomeState};
use rolecall::model::remote::Walk;
use serde_json::json;

use crate::connector::rig::{Rig, error, groups, users};
use crate::connector::write_faults::{Scene, why};
use crate::connector::writing::{activity, create_named, done, person, set, update};
use crate::support::proxy::then::Then;
use crate::support::proxy::when::When;
use crate::support::proxy::{Edge, then, when};
use crate::support::wire::Response;

/// 429 with this header, or without one that says anything.
fn too_many(header: Option<(&'static str, String)>) -> Then {
    let answer = Response::new(429).json_body(&json!({"detail": "slow down"}));
    then::answer(match header {
        Some((name, text)) => answer.header(name, &text),
        None => answer,
    })
}

/// Requests beyond this many in a span of time.
fn beyond(most: usize, span: Duration) -> When {
    let window = Mutex::new((Instant::now(), 0));
    when::requests(move |_| {
        let mut window = window.lock().unwrap();
        if window.0.elapsed() > span {
            *window = (Instant::now(), 0);
        }
        window.1 += 1;
        window.1 > most
    })
}

#[test]
fn twenty_creates_get_through_where_six_a_second_are_let_through() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let before = scene.proxy.count();
    scene.proxy.arm(beyond(6, Duration::from_secs(1)), too_many(None));
    let ops: Vec<_> = (0..20)
        .map(|number| Op {
            changes: vec![],
            action: Action::CreateUser { attributes: set(&[("userName", &format!("user{number:02}"))]) },
        })
        .collect();
    let want = person();
    let outcomes =
        rig.runtime.block_on(join_all(ops.iter().map(|op| rig.connector.write(op, &want, &|_| Ok(())))));
    for outcome in outcomes {
        assert_eq!(outcome.state, OutcomeState::Written);
    }
    let requests = scene.proxy.requests().split_off(before);
    assert!(requests.iter().all(|it| it.request.method == "POST"), "what was turned away is not looked up");
    assert_eq!(requests.iter().filter(|it| it.client_status == Some(201)).count(), 20);
    // Eight are under way when the app turns the first away; from then on it is about one in each second.
    let turned_away = requests.len() - 20;
    assert!(turned_away < 20, "{turned_away} requests were turned away");
}

#[test]
fn nothing_that_is_turned_away_for_good_is_unknown() {
    let scene = Scene::new();
    let rig = scene.app().wait(Duration::from_millis(200)).open();
    let id = create_named(&rig, "ada");
    let group =
        done(rig.write(&groups(), Action::CreateGroup { attributes: set(&[("displayName", "crew")]) })).id;
    let member = Action::Members {
        group: group.clone(),
        add: vec![id.to_string().into()],
        remove: vec![],
        list: MemberList::Whole,
    };
    let rename = Action::UpdateGroup {
        remote: group.clone(),
        set: set(&[("displayName", "crew 2")]),
        list: MemberList::Whole,
    };
    scene.proxy.arm(when::write(), too_many(None));
    for (want, action) in [
        (person(), Action::CreateUser { attributes: set(&[("userName", "bob")]) }),
        (person(), update(&id, &[("title", "A")])),
        (person(), activity(&id, false)),
        (person(), Action::DeleteUser { remote: id.clone() }),
        (groups(), Action::CreateGroup { attributes: set(&[("displayName", "other")]) }),
        (groups(), rename),
        (groups(), member),
        (groups(), Action::DeleteGroup { remote: group.clone() }),
    ] {
        let (state, text) = why(rig.write(&want, action));
        assert_eq!(state, "refused", "{text}");
        assert!(text.contains("answered 429 Too Many Requests: slow down; nothing was done"), "{text}");
    }

    // Nor where only reading is turned away, before anything is written.
    scene.proxy.heal();
    scene.proxy.arm(when::method("GET"), too_many(None));
    let (state, text) = why(rig.write(&person(), update(&id, &[("title", "A")])));
    assert_eq!(state, "not-sent", "{text}");
    assert!(text.contains("429"), "{text}");
}

#[test]
fn of_several_requests_the_ones_before_are_told() {
    let scene = Scene::new();
    let rig = scene.app().wait(Duration::from_millis(200)).number("patch.ops_per_request", 1).open();
    let id = create_named(&rig, "ada");
    scene.proxy.arm(when::method("PATCH").after(1), too_many(None));
    let (state, text) = why(rig.write(&person(), update(&id, &[("title", "A"), ("nickName", "B")])));
    assert_eq!(state, "refused", "{text}");
    assert!(text.ends_with("; 1 of 2 requests were taken before"), "{text}");
}

#[test]
fn a_try_before_it_may_still_have_been_done() {
    let scene = Scene::new();
    let id = create_named(&scene.app().open(), "ada");
    for (first, expected) in [(then::cut_before_server(), "unknown"), (then::status(503), "refused")] {
        scene.proxy.heal();
        let rig = scene.app().wait(Duration::from_millis(200)).open();
        scene.proxy.arm(when::method("PATCH").first(1), first);
        scene.proxy.arm(when::method("PATCH").after(1), too_many(None));
        let (state, text) = why(rig.write(&person(), update(&id, &[("title", "A")])));
        assert_eq!(state, expected, "{text}");
        assert!(text.contains("; the next try was turned away: "), "{text}");
    }
}

#[test]
fn the_app_says_when_in_many_ways() {
    let scene = Scene::new();
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let in_4_s = now() + Duration::from_secs(4);
    for (name, text) in [
        ("X-RateLimit-Reset", "2".to_owned()),
        ("X-Rate-Limit-Reset", in_4_s.as_secs().to_string()),
        ("RateLimit-Reset", in_4_s.as_millis().to_string()),
        ("RateLimit", "\"default\";r=0;t=2".to_owned()),
        ("Retry-After", in_4_s.as_secs().to_string()),
    ] {
        scene.proxy.heal();
        let rig = scene.app().open();
        scene.proxy.arm(when::target("/Users?").first(1), too_many(Some((name, text))));
        assert!(matches!(rig.list(&users()).unwrap().1, Walk::Complete(_)));
        let pauses = rig.events.pauses();
        // An instant comes nearer while this test runs.
        assert!(pauses.len() == 1 && pauses[0] <= Duration::from_secs(4), "{name}: {pauses:?}");
    }
}

#[test]
fn a_long_pause_is_told_once_and_one_that_is_too_long_is_not_waited_for() {
    let scene = Scene::new();
    let rig = scene.app().open();
    scene.proxy.arm(when::target("/Users?").first(1), then::too_many("4"));
    rig.list(&users()).unwrap();
    assert_eq!(rig.events.told_pauses(), [Duration::from_secs(4)]);

    scene.proxy.heal();
    scene.proxy.arm(when::target("/Users?"), then::too_many("3600"));
    let asked = Instant::now();
    let error = error(rig.list(&users()));
    assert!(asked.elapsed() < Duration::from_secs(3));
    let text = error.to_string();
    assert!(text.contains("429 Too Many Requests, and wants no request for 3600 s: "), "{text}");
    assert!(error.hint.as_deref().unwrap().contains("`limits.wait`"), "{error}");
}

/// Requests that wait for their turn by `limits.rate` do not go during a pause, nor together after it.
#[test]
fn a_pause_holds_for_those_that_wait_for_the_rate() {
    let scene = Scene::new();
    let rig = scene.app().rate(4.0).set("discovery", "off").open();
    let log = Arc::new(Mutex::new(Vec::new()));
    let begins = log.clone();
    scene.proxy.arm(
        when::every(),
        then::run(Edge::BeforeServer, move |_| begins.lock().unwrap().push(Instant::now())),
    );
    scene.proxy.arm(when::every().first(1), then::too_many("1"));
    let (want, id) = (users(), "nobody".parse().unwrap());
    rig.runtime.block_on(join_all((0..5).map(|_| rig.connector.get(&want, &id))));
    let log: Vec<Duration> = log.lock().unwrap().iter().map(Instant::elapsed).collect();
    assert_eq!(log.len(), 6);
    let (pause, spread) = (log[0] - log[1], log[1] - log[5]);
    // A quarter of a second lies between two of them; a busy machine may bring some of them nearer.
    assert!(pause >= Duration::from_millis(900), "{pause:?}");
    assert!(spread >= Duration::from_millis(600), "{spread:?}");
}

/// Four reads together: true for each one that begins, false for each one that ends.
fn four_reads(rig: &Rig, scene: &Scene) -> Vec<bool> {
    let log = Arc::new(Mutex::new(Vec::new()));
    let (begins, ends) = (log.clone(), log.clone());
    scene.proxy.heal();
    scene.proxy.arm(when::every(), then::run(Edge::BeforeServer, move |_| begins.lock().unwrap().push(true)));
    scene.proxy.arm(when::every(), then::delay(Duration::from_millis(200)));
    scene.proxy.arm(when::every(), then::run(Edge::AfterEffect, move |_| ends.lock().unwrap().push(false)));
    let (want, id) = (users(), "nobody".parse().unwrap());
    rig.runtime.block_on(join_all((0..4).map(|_| rig.connector.get(&want, &id))));
    let log = log.lock().unwrap();
    log.clone()
}

#[test]
fn after_trouble_requests_go_one_by_one_until_one_passes() {
    let scene = Scene::new();
    assert_eq!(four_reads(&scene.app().open(), &scene)[..4], [true; 4]);
    for trouble in [then::status(502), then::cut_before_server(), too_many(None)] {
        scene.proxy.heal();
        let rig = scene.app().wait(Duration::from_millis(200)).open();
        scene.proxy.arm(when::every(), trouble);
        rig.get(&users(), "nobody").unwrap();
        let log = four_reads(&rig, &scene);
        assert_eq!(log[..4], [true, false, true, true], "{log:?}");
    }
}
