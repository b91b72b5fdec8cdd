//! Faults while members of a group change.

use rolecall::model::RemoteId;
use rolecall::model::op::{Action, OutcomeState};
use serde_json::json;

use crate::connector::membership::{members, members_now};
use crate::connector::rig::{Rig, groups};
use crate::connector::write_faults::Scene;
use crate::connector::writing::{create_named, done, set};
use crate::support::proxy::{then, when};
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
