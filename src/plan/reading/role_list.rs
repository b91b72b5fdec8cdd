//! Roles that accounts leave out, where an attribute keeps them as values (safety.md 22). Left out means none if another account of the
//! same listing shows the attribute, or if the ledger has no role of the account. Else they are unread, unless a look at the account shows
//! them.

use super::answers::Answers;
use super::differ::Differ;
use super::links::LinkNo;
use crate::model::remote::{Kind, Presence};
use crate::model::seen::{Seen, Unread};
use crate::model::{Remote, RemoteId, Value};
use crate::plan::compare::Findings;
use crate::plan::role_values::RoleValues;

/// Accounts that are looked at first, to see whether that helps.
const FIRST: usize = 3;
/// Accounts that are looked at, at most.
const MOST: usize = 200;

/// True if an account shows the attribute that keeps roles, perhaps without a value.
pub(super) fn is_shown(differ: &Differ, remote: &Remote) -> bool {
    let value = differ.input.desired.role_path().and_then(|_| of(differ, remote));
    value.is_some_and(|value| !is_left_out(value))
}

fn of<'r>(differ: &Differ, remote: &'r Remote) -> Option<&'r Seen<Value>> {
    remote.attributes.get(differ.column(differ.input.desired.role_path()?)?)
}

fn is_left_out(value: &Seen<Value>) -> bool {
    matches!(value, Seen::Unread(Unread::LeftOut))
}

/// Accounts of ours whose roles are left out.
fn open<'d>(differ: &'d Differ<'_>) -> impl Iterator<Item = (LinkNo, &'d RoleValues)> {
    let findings = |link: LinkNo| differ.seen.link(link)?.findings.as_deref();
    differ.links.numbers().filter_map(move |link| Some((link, findings(link)?.left_out_roles.as_deref()?)))
}

/// What a look at an account showed of its roles.
fn looked<'d>(differ: &Differ, answers: &'d Answers, remote: &RemoteId) -> Option<&'d Seen<Value>> {
    match answers.get(Kind::User, remote)? {
        Presence::Here(account) => of(differ, account),
        Presence::Gone(_) | Presence::Unknown { .. } => None,
    }
}

/// The accounts to be looked at: a few first, and others only if that helps.
pub(in crate::plan) fn unread(differ: &Differ, answers: &Answers) -> Vec<RemoteId> {
    if differ.seen.shown.roles {
        return Vec::new();
    }
    let accounts = open(differ).map(|(link, _)| &differ.links.row(link).link.remote);
    let (asked, open): (Vec<&RemoteId>, Vec<&RemoteId>) =
        accounts.partition(|remote| answers.get(Kind::User, remote).is_some());
    let helped =
        asked.iter().any(|remote| looked(differ, answers, remote).is_some_and(|value| !is_left_out(value)));
    let most = if helped { MOST } else { FIRST };
    open.into_iter().take(most.saturating_sub(asked.len())).cloned().collect()
}

/// Settles all of them, once the listing is complete.
pub(in crate::plan) fn settle(differ: &mut Differ, answers: &Answers) {
    let remote = |link: LinkNo| &differ.links.row(link).link.remote;
    let looks = || open(differ).filter_map(|(link, _)| looked(differ, answers, remote(link)));
    let is_shown_by_look = looks().any(|value| !is_left_out(value));
    let settled = open(differ).map(|(link, none)| {
        let look = looked(differ, answers, remote(link));
        let roles = match look {
            _ if differ.seen.shown.roles => Ok(none.clone()),
            Some(value) if !is_left_out(value) => read(differ, link, none, value),
            Some(_) if is_shown_by_look => Ok(none.clone()),
            Some(_) | None => Err(Unread::LeftOut),
        };
        (link, roles)
    });
    let settled: Vec<(LinkNo, Result<RoleValues, Unread>)> = settled.collect();
    for (link, roles) in settled {
        let row = differ.seen.linked.get_mut(link.index()).and_then(Option::as_mut);
        if let Some(findings) = row.and_then(|row| row.findings.as_deref_mut()) {
            set(findings, roles);
        }
    }
}

fn read(differ: &Differ, link: LinkNo, none: &RoleValues, value: &Seen<Value>) -> Result<RoleValues, Unread> {
    let row = differ.links.row(link);
    match row.number {
        Some(user) => {
            RoleValues::of(&differ.comparison().roles, &none.attribute, value, (user, Some(row.link)))
        }
        None => Err(Unread::LeftOut),
    }
}

fn set(findings: &mut Findings, roles: Result<RoleValues, Unread>) {
    (findings.roles, findings.unread_roles) = match roles {
        Ok(roles) => (Some(Box::new(roles)), None),
        Err(why) => (None, Some(why)),
    };
}
