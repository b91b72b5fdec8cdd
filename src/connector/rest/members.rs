//! Members of a group: changed by differences, one by one or in batches, from the group as it is now, or as a whole list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::catalog::rest::{Change as Request, Membership, Operation, Placeholder};
use crate::connector::Gate;
use crate::connector::steps::{Next, Rounds, Write, already, read, refused, told, written};
use crate::model::folded::folded;
use crate::model::op::{MemberList, Outcome, OutcomeState};
use crate::model::remote::{ListRequest, Members};
use crate::model::{Kind, Remote, RemoteId};

use super::decode;
use super::get;
use super::json;
use super::send::{With, send};
use super::session::Session;
use super::values::Values;

type Names = Vec<Arc<str>>;

/// Members who come to a group and who leave it, as the app names them.
pub(super) struct Change<'c> {
    pub group: &'c RemoteId,
    pub add: &'c [Arc<str>],
    pub remove: &'c [Arc<str>],
    /// What an answer shows of its members.
    pub list: MemberList,
}

/// Adds members to a group and takes others out.
pub(super) async fn change(
    session: &Session,
    want: &ListRequest,
    change: &Change<'_>,
    gate: Gate<'_>,
) -> Outcome {
    let objects = match session.objects(Kind::Group) {
        Ok(objects) => objects,
        Err(error) => return refused(told(&error), false),
    };
    let Some(of) = &objects.members else {
        return refused(format!("{}: this app cannot change members", session.http.app), false);
    };
    let is_batch = change.add.len() + change.remove.len() > 1;
    let hint = |error| error;
    let mut rounds =
        Rounds::of(Write { http: &session.http, kind: Kind::Group, gate, is_batch, hint: &hint });
    let want = &ListRequest { members: true, ..want.clone() };
    let names: BTreeSet<Arc<str>> = change.add.iter().chain(change.remove).cloned().collect();
    let mut unchanged = session.unchanged.take(change.group, &names);
    let mut was_taken = false;
    loop {
        let group: Remote = match unchanged.take() {
            Some(group) => group,
            None => {
                let found = session.found(get::presence(session, want, change.group).await);
                match rounds.looked(change.group, found) {
                    Ok(group) => group,
                    Err(outcome) => return outcome,
                }
            }
        };
        if group.our_id.as_deref() == Some(decode::ELSEWHERE) {
            let what =
                format!("{}: the group {} is filled by another system", session.http.app, change.group);
            return refused(what, false);
        }
        let (add, remove) = open(of, &group.members, change, was_taken);
        let is_unread = matches!(group.members, Members::Unread(_));
        // What the app does not show counts as done once it was taken.
        if (add.is_empty() && remove.is_empty()) || (was_taken && is_unread) {
            return if rounds.sent == 0 { already(Some(group)) } else { written(read(Some(group))) };
        }
        if was_taken {
            let what = format!(
                "{}: the app took it and did not keep it: {} of the members to add and {} of those to remove are open",
                session.http.app,
                add.len(),
                remove.len()
            );
            return refused(what, is_batch);
        }
        if let Some(outcome) = rounds.given_up(add.len() + remove.len()) {
            return outcome;
        }
        let requests = match requests(session, of, change.group, &group.members, &add, &remove) {
            Ok(requests) => requests,
            Err(why) => return refused(format!("{}: {why}", session.http.app), false),
        };
        let mut again = false;
        for (operation, request, values, batch) in &requests {
            let with = With { values: values.clone(), attributes: None, batch };
            let sent = send(session, *operation, request, &with, gate).await;
            match rounds.settle(sent).await {
                Next::Taken(_) => {}
                Next::Again => {
                    again = true;
                    break;
                }
                Next::End(outcome) => {
                    let is_divisible = matches!(outcome.state, OutcomeState::Refused { divisible: true, .. });
                    if is_divisible && rounds.sent == 1 && of.is_all_or_nothing(*operation) {
                        session.unchanged.note(group, names);
                    }
                    return outcome;
                }
            }
        }
        was_taken = !again;
    }
}

/// Members still to be added and removed: all of them, where members cannot be read.
fn open(of: &Membership, now: &Members, change: &Change<'_>, was_taken: bool) -> (Names, Names) {
    let key = |name: &str| match of.by {
        Some(_) => folded(name),
        None => name.to_owned(),
    };
    let unique = |names: &[Arc<str>]| -> Names {
        let mut seen = BTreeSet::new();
        names.iter().filter(|name| seen.insert(key(name))).cloned().collect()
    };
    let Some(members) = now.everybody() else { return (unique(change.add), unique(change.remove)) };
    // Whoever is still shown once the app took the removal may be in a group inside: nothing more can be said.
    let may_stay = was_taken && matches!(now, Members::Mixed(_));
    let there: BTreeMap<String, &Arc<str>> =
        members.iter().map(|member| (key(&member.name), &member.name)).collect();
    let is_cut = change.list == MemberList::Cut;
    let add = change.add.iter().filter(|name| !(there.contains_key(&key(name)) || is_cut && was_taken));
    let add: Names = add.cloned().collect();
    let remove = change.remove.iter().filter_map(|name| match there.get(&key(name)) {
        Some(_) if may_stay => None,
        Some(name) => Some((*name).clone()),
        // Whom a list that may be cut does not show is removed once, by name.
        None => (is_cut && !was_taken).then(|| name.clone()),
    });
    (unique(&add), unique(&remove.collect::<Names>()))
}

/// What one request is sent with.
type Planned<'d> = (Operation, &'d crate::catalog::rest::Send, Values, Vec<Values>);

fn requests<'d>(
    session: &Session,
    of: &'d Membership,
    group: &RemoteId,
    now: &Members,
    add: &[Arc<str>],
    remove: &[Arc<str>],
) -> Result<Vec<Planned<'d>>, String> {
    let group = (Placeholder::Group, session.id(Kind::Group, group.as_str()));
    let values = session.values.with([group]);
    let account = |name: &Arc<str>| -> Result<Vec<(Placeholder, Json)>, String> {
        let users = &session.document.users;
        let (id, key) = match &of.by {
            Some(by) => {
                let name = json::named_by(session, users, by, name);
                (name.clone(), (users.key.as_ref() == Some(by)).then_some(name))
            }
            None => {
                let key = name.parse().ok().and_then(|id| json::key(session, users, Kind::User, &id));
                (session.id(Kind::User, name), key)
            }
        };
        let mut own = vec![(Placeholder::Account, id)];
        own.extend(key.map(|key| (Placeholder::AccountKey, key)));
        Ok(own)
    };
    let one = |name: &Arc<str>| account(name).map(|own| values.with(own));
    if let Some(set) = &of.set {
        let Members::Shown(members) = now else {
            return Err(
                "the list of members is written as a whole, and who is in it cannot be read".to_owned()
            );
        };
        let stays = members.iter().map(|member| &member.name).filter(|name| !remove.contains(name));
        let batch = stays.chain(add).map(one).collect::<Result<Vec<_>, _>>()?;
        return Ok(vec![(Operation::Add, set, values.clone(), batch)]);
    }
    let mut all = Vec::new();
    let mut push = |operation, change: &'d Option<Request>, names: &[Arc<str>], what: &str| {
        if names.is_empty() {
            return Ok(());
        }
        let Some(change) = change else { return Err(format!("the app cannot {what} members")) };
        for some in names.chunks(change.batch.max(1) as usize) {
            let batch = some.iter().map(one).collect::<Result<Vec<_>, String>>()?;
            let of_one = match batch.as_slice() {
                [one] => one.clone(),
                _ => values.clone(),
            };
            all.push((operation, &change.request, of_one, batch));
        }
        Ok(())
    };
    push(Operation::Add, &of.add, add, "add")?;
    push(Operation::Remove, &of.remove, remove, "remove")?;
    Ok(all)
}
