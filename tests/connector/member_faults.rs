//! Faults while members of a group change.

use std::sync::atomic::{AtomicUsize, Ordering};

use rolecall::model::RemoteId;
use rolecall::model::op::{Action, MemberList, OutcomeState};
use serde_json::json;

use crate::connector::membership::{first_members, members, members_now};
use crate::connector::rig::{Rig, groups};
use crate::connector::write_faults::{Scene, why};
use crate::connector::writing::{create_named, done, set};
use crate::support::proxy::{Edge, then, when};
use crate::support::wire::Response;

#[test]
fn members_survive_what_goes_wrong() {
    let scene = Scene::new();
    let rig = scene.app().number("members.batch", 2).open();
    let people: Vec<_> = (0..5).map(|n| create_named(&rig, &format!("user{n}"))).collect();
    let all: Vec<_> = people.iter().collect();
    let attributes = set(&[("displayName", "Platform")]);
    let group = done(rig.write(&groups(), Action::CreateGroup { attributes })).id;
    let mut expected: Vec<_> = people.iter().map(ToString::to_string).collect();
    expected.sort();
    for (at, then) in [
        (1, then::status_after_effect(500)),
        (2, then::cut_after_effect()),
        (3, then::cut_before_server()),
        (2, then::status(503)),
    ] {
        scene.proxy.heal();
        scene.proxy.arm(when::method("PATCH").at(at), then);
        done(rig.write(&groups(), members(&group, &all, &[])));
        assert_eq!(members_now(&rig, &group), expected, "{at}");
        scene.proxy.heal();
        done(rig.write(&groups(), members(&group, &[], &all)));
    }
}

#[test]
fn a_refused_batch_can_be_halved_until_one_is_named() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let people: Vec<_> = (0..4).map(|n| create_named(&rig, &format!("user{n}"))).collect();
    let ghost = people[2].to_string();
    scene.proxy.arm(
        when::method("PATCH").and(when::body(&ghost)),
        then::answer(Response::new(400).json_body(&json!({"detail": "no such member"}))),
    );
    let attributes = set(&[("displayName", "Platform")]);
    let group = done(rig.write(&groups(), Action::CreateGroup { attributes })).id;
    fn halve(rig: &Rig, group: &RemoteId, people: &[&RemoteId], culprits: &mut Vec<String>) {
        let outcome = rig.write(&groups(), members(group, people, &[]));
        match outcome.state {
            OutcomeState::Refused { divisible: true, .. } => {
                let (left, right) = people.split_at(people.len() / 2);
                halve(rig, group, left, culprits);
                halve(rig, group, right, culprits);
            }
            OutcomeState::Refused { .. } => culprits.push(people[0].to_string()),
            state => assert!(state.is_done(), "{state:?}"),
        }
    }
    let mut culprits = Vec::new();
    halve(&rig, &group, &people.iter().collect::<Vec<_>>(), &mut culprits);
    assert_eq!(culprits, [ghost]);
    assert_eq!(members_now(&rig, &group).len(), 3);

    scene.proxy.heal();
    scene.proxy.arm(when::method("PATCH"), then::status(403));
    let outcome = rig.write(&groups(), members(&group, &people.iter().collect::<Vec<_>>(), &[]));
    assert!(matches!(outcome.state, OutcomeState::Refused { divisible: false, .. }));
}

/// Two people in a group, and one beside it.
fn two_of_three(rig: &Rig) -> (RemoteId, Vec<RemoteId>) {
    let people: Vec<_> = (0..3).map(|n| create_named(rig, &format!("user{n}"))).collect();
    let attributes = set(&[("displayName", "Platform")]);
    let group = done(rig.write(&groups(), Action::CreateGroup { attributes })).id;
    done(rig.write(&groups(), first_members(&group, &[&people[0], &people[1]])));
    (group, people)
}

fn looks() -> when::When {
    when::method("GET").and(when::target("/Groups/"))
}

#[test]
fn a_list_of_members_that_was_not_read_is_not_written() {
    let scene = Scene::new();
    let put = scene.app().set("members.remove_style", "put-group").set("update.groups", "put").open();
    let (group, people) = two_of_three(&put);
    let rename = || Action::UpdateGroup {
        remote: group.clone(),
        set: set(&[("displayName", "Crew")]),
        list: MemberList::Whole,
    };
    for (odd, told) in [(None, "the app leaves it out"), (Some(json!("some")), "its form is not understood")]
    {
        scene.proxy.heal();
        let rewritten = odd.clone();
        scene.proxy.arm(
            looks(),
            then::rewrite_json(move |_, group| match &rewritten {
                Some(odd) => group["members"] = odd.clone(),
                None => _ = group.as_object_mut().unwrap().remove("members"),
            }),
        );
        let before = scene.proxy.writes().len();
        for action in [rename(), members(&group, &[&people[2]], &[])] {
            let (state, why) = why(put.write(&groups(), action));
            assert_eq!(state, "refused");
            assert!(why.contains("a PUT of group \"Platform\" could take members out"), "{why}");
            assert!(why.contains(told) && why.contains("set `settings."), "{why}");
        }
        assert_eq!(scene.proxy.writes().len(), before, "nothing was sent");
        // A form that is not understood is not empty, whatever was known before.
        if odd.is_some() {
            assert_eq!(why(put.write(&groups(), first_members(&group, &[&people[2]]))).0, "refused");
        }
    }
    scene.proxy.heal();
    assert_eq!(members_now(&put, &group).len(), 2);
    // A group that is known to have no members may leave the list out.
    done(put.write(&groups(), members(&group, &[], &[&people[0], &people[1]])));
    let lacking = |_: &crate::support::wire::Request, group: &mut serde_json::Value| {
        if group["members"].as_array().is_some_and(Vec::is_empty) {
            group.as_object_mut().unwrap().remove("members");
        }
    };
    scene.proxy.arm(looks(), then::rewrite_json(lacking));
    done(put.write(&groups(), first_members(&group, &[&people[2]])));
    assert_eq!(members_now(&put, &group), [people[2].to_string()]);
}

#[test]
fn members_beside_the_wanted_ones_are_missed() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let (group, people) = two_of_three(&rig);
    let told = |change: fn(&mut Vec<serde_json::Value>)| {
        scene.proxy.heal();
        assert!(rig.write(&groups(), members(&group, &[], &[&people[2]])).state.is_done());
        let after_a_write = looks().after(1);
        scene.proxy.arm(
            after_a_write,
            then::rewrite_json(move |_, group| change(group["members"].as_array_mut().unwrap())),
        );
        let outcome = rig.write(&groups(), members(&group, &[&people[2]], &[]));
        assert!(outcome.state.is_done(), "{outcome:?}");
        outcome.side_effects.into_iter().map(|effect| effect.text.to_string()).collect::<Vec<_>>()
    };
    let remedy = "`settings.members.remove_style: put-group` writes the list as a whole";
    assert_eq!(told(|_| {}), [] as [&str; 0]);
    assert_eq!(
        told(|members| _ = members.remove(0)),
        [format!("members: 1 member beside the wanted ones vanished; {remedy}")]
    );
    assert_eq!(
        told(|members| members.push(members[0].clone())),
        [format!("members: 1 member stands more than once in the list; {remedy}")]
    );
    assert_eq!(
        told(|members| members[0]["value"] = json!("another")),
        [format!(
            "members: 1 member beside the wanted ones vanished, 1 member beside the wanted ones came; {remedy}"
        )]
    );
}

#[test]
fn what_another_client_wrote_before_our_write_is_no_side_effect_of_it() {
    for style in ["value-path", "put-group"] {
        let scene = Scene::new();
        let rig = scene.app().set("members.remove_style", style).open();
        let (group, people) = two_of_three(&rig);
        let server = scene.server.clone();
        let (path, other) = (format!("/Groups/{group}"), people[0].clone());
        let touched = AtomicUsize::new(0);
        scene.proxy.arm(
            when::write(),
            then::run(Edge::BeforeServer, move |_| {
                if touched.fetch_add(1, Ordering::SeqCst) == 0 {
                    let path_of_other = format!("members[value eq \"{other}\"]");
                    server.patch(&path, json!([{"op": "remove", "path": path_of_other}]));
                }
            }),
        );
        let writes = scene.proxy.writes().len();
        let outcome = rig.write(&groups(), members(&group, &[&people[2]], &[]));
        assert!(outcome.state.is_done(), "{outcome:?}");
        assert_eq!(scene.proxy.writes().len(), writes + 2, "{style}: 412, and once more");
        assert_eq!(outcome.side_effects, [], "{style}");
        let mut expected = [people[1].to_string(), people[2].to_string()];
        expected.sort();
        let mut now = members_now(&rig, &group);
        now.sort();
        assert_eq!(now, expected);
    }
}
