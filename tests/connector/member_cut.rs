//! Apps that show only so many members of a group.

use rolecall::model::RemoteId;
use rolecall::model::op::{Action, MemberList, OutcomeState};

use crate::connector::membership::{first_members, group, members, members_now};
use crate::connector::rig::{Rig, groups};
use crate::connector::write_faults::{Scene, why};
use crate::connector::writing::{create_named, done, set};
use crate::support::proxy::{then, when};

/// The most members that the app shows.
const CAP: usize = 3;

/// Five people in a group of which the app shows three, in the order of the people, and one beside it.
fn cut(scene: &Scene, rig: &Rig) -> (RemoteId, Vec<RemoteId>) {
    let people: Vec<_> = (0..6).map(|n| create_named(rig, &format!("user{n}"))).collect();
    let group = group(rig, "Platform");
    done(rig.write(&groups(), first_members(&group, &people[..5].iter().collect::<Vec<_>>())));
    let order: Vec<String> = people.iter().map(ToString::to_string).collect();
    let one_group = when::method("GET").and(when::target("/Groups/"));
    scene.proxy.arm(
        one_group,
        then::rewrite_json(move |_, group| {
            let members = group["members"].as_array_mut().expect("members");
            let place = |member: &serde_json::Value| order.iter().position(|id| member["value"] == **id);
            members.sort_by_key(place);
            members.truncate(CAP);
        }),
    );
    (group, people)
}

fn really(scene: &Scene, rig: &Rig, group: &RemoteId) -> usize {
    scene.proxy.heal();
    members_now(rig, group).len()
}

/// The same action with a list that may be cut, as the plan knows it.
fn as_planned(action: Action) -> Action {
    match action {
        Action::Members { group, add, remove, .. } => {
            Action::Members { group, add, remove, list: MemberList::Cut }
        }
        Action::UpdateGroup { remote, set, .. } => Action::UpdateGroup { remote, set, list: MemberList::Cut },
        other => other,
    }
}

#[test]
fn whom_a_cut_list_does_not_show_is_removed_and_added_by_name() {
    for is_declared in [true, false] {
        let scene = Scene::new();
        let rig = match is_declared {
            true => scene.app().number("members.cap", 3).open(),
            false => scene.app().open(),
        };
        let (group, people) = cut(&scene, &rig);
        let write = |add: &[&RemoteId], remove: &[&RemoteId]| {
            let action = members(&group, add, remove);
            rig.write(&groups(), if is_declared { action } else { as_planned(action) })
        };
        for (add, remove) in [(None, Some(4)), (None, Some(0)), (Some(5), None)] {
            let of = |place: Option<usize>| place.map(|place| &people[place]).into_iter().collect::<Vec<_>>();
            let outcome = write(&of(add), &of(remove));
            assert_eq!(outcome.state, OutcomeState::Written, "{add:?} {remove:?}");
            assert_eq!(outcome.side_effects, [], "whoever moves up is none");
        }
        // Whom the list shows is a member already.
        assert_eq!(write(&[&people[1]], &[]).state, OutcomeState::Already);
        let mut expected: Vec<_> = [1, 2, 3, 5].map(|place: usize| people[place].to_string()).to_vec();
        expected.sort();
        scene.proxy.heal();
        assert_eq!(members_now(&rig, &group), expected);
    }
}

#[test]
fn a_list_of_members_that_may_be_cut_is_not_written() {
    for is_declared in [true, false] {
        let scene = Scene::new();
        let app = scene.app().set("members.remove_style", "put-group").set("update.groups", "put");
        let rig = match is_declared {
            true => app.number("members.cap", 3).open(),
            false => app.open(),
        };
        let (group, people) = cut(&scene, &rig);
        let before = scene.proxy.writes().len();
        let rename = Action::UpdateGroup {
            remote: group.clone(),
            set: set(&[("displayName", "Crew")]),
            list: MemberList::Whole,
        };
        for action in [rename, members(&group, &[&people[5]], &[]), members(&group, &[], &[&people[0]])] {
            let action = if is_declared { action } else { as_planned(action) };
            let (state, why) = why(rig.write(&groups(), action));
            assert_eq!(state, "refused");
            let told = "a PUT of group \"Platform\" could take members out: its members cannot be read: 3 are shown, which may be as many as the app shows at most";
            assert!(why.contains(told) && why.contains("set `settings."), "{why}");
        }
        assert_eq!(scene.proxy.writes().len(), before, "nothing was sent");
        assert_eq!(really(&scene, &rig, &group), 5);
    }
}

/// Of a full list, the app shows the next one once somebody has left it.
#[test]
fn whoever_moves_up_in_a_list_of_fifty_came_by_no_side_effect() {
    let scene = Scene::new();
    let rig = scene.app().open();
    let people: Vec<_> = (0..51).map(|n| create_named(&rig, &format!("user{n:02}"))).collect();
    let group = group(&rig, "Platform");
    done(rig.write(&groups(), first_members(&group, &people.iter().collect::<Vec<_>>())));
    let one_group = when::method("GET").and(when::target("/Groups/"));
    scene.proxy.arm(
        one_group,
        then::rewrite_json(|_, group| group["members"].as_array_mut().expect("members").truncate(50)),
    );
    let shown = members_now(&rig, &group);
    let first = people.iter().find(|id| id.as_str() == shown[0]).expect("a person");
    let outcome = rig.write(&groups(), members(&group, &[], &[first]));
    assert_eq!(outcome.state, OutcomeState::Written);
    assert_eq!(outcome.side_effects, []);
    assert_eq!(really(&scene, &rig, &group), 50);
}
