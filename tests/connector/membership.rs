//! Groups and their members on real servers.

use std::sync::Arc;

use rolecall::model::RemoteId;
use rolecall::model::op::{Action, MemberList, OutcomeState};
use rolecall::model::remote::{Members, Presence};
use rolecall::model::seen::Unread;

use crate::connector::rig::{Rig, app, groups, scim2_server};
use crate::connector::writing::{Target, create_named, done, set};
use crate::support::proxy::{Proxy, then, when};
use crate::support::servers::RealServer;
use crate::support::wire::Response;

pub fn group(rig: &Rig, name: &str) -> RemoteId {
    let attributes = set(&[("displayName", name), ("externalId", &format!("g-{name}"))]);
    done(rig.write(&groups(), Action::CreateGroup { attributes })).id
}

pub fn members(group: &RemoteId, add: &[&RemoteId], remove: &[&RemoteId]) -> Action {
    let names = |ids: &[&RemoteId]| ids.iter().map(|id| Arc::from(id.as_str())).collect();
    Action::Members { group: group.clone(), add: names(add), remove: names(remove), list: MemberList::Whole }
}

/// Members of a group that is known to have none.
pub fn first_members(group: &RemoteId, add: &[&RemoteId]) -> Action {
    match members(group, add, &[]) {
        Action::Members { group, add, remove, .. } => {
            Action::Members { group, add, remove, list: MemberList::Empty }
        }
        other => other,
    }
}

pub fn members_now(rig: &Rig, group: &RemoteId) -> Vec<String> {
    match rig.get(&groups(), group.as_str()).unwrap() {
        Presence::Here(remote) => match remote.members {
            Members::Shown(members) | Members::Mixed(members) => {
                members.iter().map(|member| member.name.to_string()).collect()
            }
            // Some apps leave an empty list out.
            Members::Unread(Unread::LeftOut) => Vec::new(),
            Members::Unread(why) => panic!("{why}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_group_lives_on_every_server() {
    for target in Target::all() {
        let name = target.name;
        let (proxy, rig) = target.open();
        let people: Vec<_> = (0..5).map(|n| create_named(&rig, &format!("user{n}"))).collect();
        let group = group(&rig, "Platform");
        let all: Vec<_> = people.iter().collect();

        done(rig.write(&groups(), members(&group, &all[..3], &[])));
        done(rig.write(&groups(), members(&group, &all[2..5], &all[..1])));
        let mut expected: Vec<_> = people[1..].iter().map(ToString::to_string).collect();
        expected.sort();
        assert_eq!(members_now(&rig, &group), expected, "{name}");

        let writes = proxy.writes().len();
        let again = rig.write(&groups(), members(&group, &all[1..5], &all[..1]));
        assert_eq!(again.state, OutcomeState::Already, "{name}");
        assert_eq!(proxy.writes().len(), writes, "{name}: nobody is added twice");

        let rename = Action::UpdateGroup {
            remote: group.clone(),
            set: set(&[("displayName", "Platform Engineering")]),
            list: MemberList::Whole,
        };
        let after = done(rig.write(&groups(), rename));
        assert_eq!(after.name.as_deref(), Some("Platform Engineering"), "{name}");
        assert_eq!(members_now(&rig, &group), expected, "{name}: a rename keeps the members");

        done(rig.write(&groups(), members(&group, &[], &all[1..5])));
        assert_eq!(members_now(&rig, &group), Vec::<String>::new(), "{name}");
        let outcome = rig.write(&groups(), Action::DeleteGroup { remote: group });
        assert_eq!(outcome.state, OutcomeState::Written, "{name}");
    }
}

#[test]
fn members_go_in_batches() {
    let server = scim2_server();
    let proxy = Proxy::before(&server);
    let rig = app(&proxy.base_url(), &server.token).number("members.batch", 2).open();
    let people: Vec<_> = (0..5).map(|n| create_named(&rig, &format!("user{n}"))).collect();
    let all: Vec<_> = people.iter().collect();
    let group = group(&rig, "Platform");
    let before = proxy.tally();
    done(rig.write(&groups(), members(&group, &all, &[])));
    done(rig.write(&groups(), members(&group, &[], &all)));
    let after = proxy.tally();
    assert_eq!(after["PATCH /Groups/ID"] - before.get("PATCH /Groups/ID").copied().unwrap_or(0), 6);
    assert!(members_now(&rig, &group).is_empty());
}

#[test]
fn a_whole_list_write_carries_strangers_over() {
    for server in [scim2_server(), RealServer::scimmy()] {
        let rig = app(&server.base_url, &server.token).set("members.remove_style", "put-group").open();
        let people: Vec<_> = (0..3).map(|n| create_named(&rig, &format!("user{n}"))).collect();
        let all: Vec<_> = people.iter().collect();
        let group = group(&rig, "Platform");
        done(rig.write(&groups(), first_members(&group, &all[..1])));
        done(rig.write(&groups(), members(&group, &all[1..], &[])));
        done(rig.write(&groups(), members(&group, &[], &all[1..2])));
        let mut expected = vec![people[0].to_string(), people[2].to_string()];
        expected.sort();
        assert_eq!(members_now(&rig, &group), expected);
    }
}

#[test]
fn an_app_that_says_yes_and_does_nothing_is_found_out() {
    let server = scim2_server();
    let proxy = Proxy::before(&server);
    let rig = app(&proxy.base_url(), &server.token).open();
    let people = [create_named(&rig, "ada"), create_named(&rig, "bob")];
    let group = group(&rig, "Platform");
    done(rig.write(&groups(), members(&group, &[&people[0]], &[])));
    proxy.arm(when::method("PATCH"), then::answer(Response::new(204)));
    let why = |add: &[&RemoteId], remove: &[&RemoteId]| {
        let outcome = rig.write(&groups(), members(&group, add, remove));
        let OutcomeState::Refused { why, divisible } = outcome.state else {
            panic!("{outcome:?}");
        };
        assert_eq!(divisible, add.len() + remove.len() > 1);
        why.replace(people[0].as_str(), "ADA").replace(people[1].as_str(), "BOB")
    };
    assert_eq!(why(&[&people[1]], &[]), "crm: the app said yes and did not add BOB");
    assert_eq!(
        why(&[&people[1]], &[&people[0]]),
        "crm: the app said yes and did not add BOB and did not remove ADA; another `settings.members.remove_style` may \
         be what this app understands"
    );
}

#[test]
fn a_remove_style_the_app_lacks_is_named() {
    let server = RealServer::django_scim2();
    let rig = app(&server.base_url, &server.token).set("update.users", "put").open();
    let user = create_named(&rig, "ada");
    let group = group(&rig, "Platform");
    rig.write(&groups(), members(&group, &[&user], &[]));
    let outcome = rig.write(&groups(), members(&group, &[], &[&user]));
    let OutcomeState::Refused { why, divisible } = outcome.state else {
        panic!("{outcome:?}");
    };
    assert!(!divisible);
    assert!(why.contains("501 Not Implemented") && why.contains("remove_style"), "{why}");
}
