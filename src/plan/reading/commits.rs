//! The commits that have to be read before the rows can be judged: "git says" (safety.md). A quiet day asks for none.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::answers::Answers;
use super::differ::Differ;
use super::identity::Evidence;
use super::links::LinkNo;
use super::{former, questions, was_out};
use crate::model::app::Deprovision;
use crate::model::change::{Facet, Object};
use crate::model::ledger::{AppLedger, GroupKey, GroupLink, LinkState, OpenIntent};
use crate::model::remote::{Kind, Presence};
use crate::model::seen::Activity;
use crate::model::time::Timestamp;
use crate::model::{UserId, UserNo};
use crate::plan::groups::key::ledger_key;
use crate::resolve::Standing;

/// The commits that have to be read before the rows can be judged.
pub(in crate::plan) fn needed(differ: &Differ, answers: &Answers) -> Vec<Arc<str>> {
    let mut commits = Vec::new();
    let mut ask = |commit: Option<&Arc<str>>| {
        if let Some(commit) = commit.filter(|commit| answers.past(commit).is_none()) {
            commits.push(commit.clone());
        }
    };
    let has_people = differ.links.numbers().any(|link| differ.seen.link(link).is_some());
    // A role that was privileged then is power on an account that is bound now.
    let is_compared = has_people || !questions::to_be_bound(differ, answers).is_empty();
    ask(differ.applied_commit().filter(|_| is_compared));
    for (link, commit, at) in turned_off(differ, answers) {
        ask(Some(commit).filter(|commit| !differ.is_today(commit)));
        let row = differ.links.row(link);
        let before = was_out::to_come_before(differ, answers, (&row.user, row.link), (commit, at));
        before.filter(|commit| !differ.is_today(commit)).for_each(|commit| ask(Some(commit)));
    }
    let seen = differ.links.numbers().filter(|link| differ.seen.link(*link).is_some());
    for link in seen.filter(|_| differ.input.commit.is_some()) {
        let row = differ.links.row(link);
        if row.number.is_none() && needs_proof(differ, link) {
            [row.link.commit.as_ref(), differ.input.ledger.applied_commit()].into_iter().for_each(&mut ask);
        }
        // What the ledger alone remembers takes nothing: the commit that the entry names has to give it.
        if row.number.is_some_and(|user| !is_in(differ, user)) && is_by_memory(differ, link) {
            ask(row.link.commit.as_ref().filter(|commit| !differ.is_today(commit)));
        }
    }
    if differ.input.commit.is_some() {
        // An interrupted run may have created an account that nobody is known to have now.
        let has_of_nobody = differ.seen.unlinked.values().any(|row| former::is_of_nobody(differ, row));
        let may_be_new =
            |id: &UserId| has_of_nobody && differ.links.of_id(id).is_none() && is_undeclared(differ, id);
        let open = open_lives(differ.input.ledger);
        let open = open.iter().filter(|(id, _)| may_be_new(id));
        let attempts = open.flat_map(|(_, open)| open).flat_map(|intent| &intent.attempts);
        let attempts = attempts.filter_map(|attempt| attempt.commit.as_ref());
        attempts.filter(|commit| !differ.is_today(commit)).for_each(|commit| ask(Some(commit)));
        // An interrupted run took a role only if git says that the person was to be without it.
        let open = differ.input.ledger.intents.iter().filter(|intent| is_about_role_of_today(differ, intent));
        let attempts = open.flat_map(|intent| &intent.attempts).filter_map(|attempt| attempt.commit.as_ref());
        attempts.filter(|commit| !differ.is_today(commit)).for_each(|commit| ask(Some(commit)));
        // An edit that releases an intervention is one that git sees.
        let seen = differ.input.ledger.interventions.values();
        let seen = seen.flat_map(|seen| [&seen.commit, &seen.decided_at]).flatten();
        seen.filter(|commit| !differ.is_today(commit)).for_each(|commit| ask(Some(commit)));
        // An account of nobody that shows the id of somebody whom no file declares any more.
        let of_nobody = differ.seen.unlinked.values().filter(|row| former::is_of_nobody(differ, row));
        for entry in of_nobody.filter_map(|row| former::entry_by_id(differ, row)) {
            let link = differ.links.row(entry).link;
            [link.commit.as_ref(), differ.input.ledger.applied_commit()].into_iter().for_each(&mut ask);
        }
        renamed_groups(differ).filter(|commit| !differ.is_today(commit)).for_each(|commit| ask(Some(commit)));
        // Whose account was deleted while no file declared them any more: what their lines were.
        for link in differ.links.numbers().filter(|link| was_deleted_undeclared(differ, answers, *link)) {
            let link = differ.links.row(link).link;
            [link.commit.as_ref(), differ.input.ledger.applied_commit()].into_iter().for_each(&mut ask);
        }
        for group in former_groups(differ) {
            [group.commit.as_ref(), differ.input.ledger.applied_commit()].into_iter().for_each(&mut ask);
        }
    }
    commits.sort();
    commits.dedup();
    commits
}

fn is_in(differ: &Differ, user: UserNo) -> bool {
    matches!(differ.input.desired.standing(user), Standing::In)
}

/// The accounts that we turned off or deleted, as the ledger says, or set out to, each with commit and instant of that: git has to
/// say that the person was out. What is on and is to be so, or is off and is to stay so, asks for nothing.
fn turned_off<'d>(differ: &'d Differ, answers: &Answers) -> Vec<(LinkNo, &'d Arc<str>, Timestamp)> {
    if differ.input.commit.is_none() {
        return Vec::new();
    }
    let is_asked = |link: &LinkNo| {
        let row = differ.links.row(*link);
        // It is turned on or made again; it gets another id; it is on, or is to be deleted now.
        row.number.is_some_and(|user| is_in(differ, user))
            || row.moved_from.is_some()
            || (differ.seen.link(*link).is_some() && is_off_no_more(differ, *link))
    };
    let known = differ.links.numbers().filter_map(|link| {
        let (at, commit) = differ.links.row(link).link.off_at()?;
        Some((link, commit?, at))
    });
    let known = known.filter(|(link, ..)| is_asked(link));
    let open = open_lives(differ.input.ledger).into_iter();
    let open = open.filter_map(|(id, open)| Some((is_off(differ, answers, id)?, open)));
    let set_out = open.flat_map(|(link, open)| {
        let attempts = open.into_iter().flat_map(|intent| &intent.attempts);
        attempts.filter_map(move |attempt| Some((link, attempt.commit.as_ref()?, attempt.at)))
    });
    known.chain(set_out).collect()
}

/// The commits of which it has to be known whether the second one comes after the first one: we turned an account off after a commit
/// that declares its person, and an edit that has released what another hand did was made after that was seen.
pub(in crate::plan) fn orders(differ: &Differ, answers: &Answers) -> Vec<(Arc<str>, Arc<str>)> {
    let known = differ.input.ledger.interventions.values().filter(|_| differ.input.commit.is_some());
    let pairs = known.filter_map(|seen| seen.commit.clone().zip(seen.decided_at.clone()));
    let off = turned_off(differ, answers).into_iter().flat_map(|(link, commit, at)| {
        let row = differ.links.row(link);
        let before = was_out::to_come_before(differ, answers, (&row.user, row.link), (commit, at));
        let before = before.filter(|first| was_out::is_declared(differ, answers, &row.user, first));
        before.map(|first| (first.clone(), commit.clone()))
    });
    let pairs: BTreeSet<_> = pairs.chain(off).filter(|pair| !answers.knows_order(pair)).collect();
    pairs.into_iter().collect()
}

/// What runs began to change in the life of people, and did not report on, by person.
pub(in crate::plan) fn open_lives(ledger: &AppLedger) -> HashMap<&UserId, Vec<&OpenIntent>> {
    let mut open: HashMap<&UserId, Vec<&OpenIntent>> = HashMap::new();
    for intent in &ledger.intents {
        if let (Object::User(id), Facet::Life) = (&intent.key.object, &intent.key.facet) {
            open.entry(id).or_default().push(intent);
        }
    }
    open
}

/// A person's linked account, if it was seen and may be off, or is gone.
fn is_off(differ: &Differ, answers: &Answers, id: &UserId) -> Option<LinkNo> {
    let link = differ.links.of_id(id)?;
    let is_off = match differ.seen.link(link) {
        Some(seen) => seen.activity != Activity::On,
        None => is_gone(differ, answers, link),
    };
    is_off.then_some(link)
}

/// True for an open change of a role that its person is to have today.
fn is_about_role_of_today(differ: &Differ, intent: &OpenIntent) -> bool {
    let (Object::User(id), Facet::Role(role)) = (&intent.key.object, &intent.key.facet) else { return false };
    let desired = differ.input.desired;
    let person = differ.links.of_id(id).and_then(|link| differ.links.row(link).number);
    let role = desired.app.role_once(role);
    person.zip(role).is_some_and(|(user, role)| desired.roles[role.index()].yes.contains(user.0))
}

/// True if no file declares this id today.
fn is_undeclared(differ: &Differ, id: &UserId) -> bool {
    differ.input.resolved.company.user(id.as_str()).is_none()
}

/// True if the app says that a linked account is gone.
fn is_gone(differ: &Differ, answers: &Answers, link: LinkNo) -> bool {
    let remote = &differ.links.row(link).link.remote;
    differ.seen.link(link).is_none() && matches!(answers.get(Kind::User, remote), Some(Presence::Gone(_)))
}

/// True for an account that was on as the ledger says, and is gone, of a person whom no file declares any more.
fn was_deleted_undeclared(differ: &Differ, answers: &Answers, link: LinkNo) -> bool {
    let row = differ.links.row(link);
    row.number.is_none() && row.link.state == LinkState::Active && is_gone(differ, answers, link)
}

/// The commits of entries whose group has another name than the declared one: what it was called there.
fn renamed_groups<'d>(differ: &'d Differ) -> impl Iterator<Item = &'d Arc<str>> {
    differ.groups.iter().filter_map(|group| {
        let wanted = &differ.input.desired.groups[group.place];
        let key = ledger_key(&differ.input, wanted, &GroupKey::of(&wanted.object)?);
        let link = differ.input.ledger.groups.get(&key)?;
        let row = differ.seen.groups.get(&link.remote)?;
        link.commit.as_ref().filter(|_| !group.has_name_of(row))
    })
}

/// Groups that the ledger knows and that are not desired any more: a commit has to have declared them.
fn former_groups<'d>(differ: &'d Differ) -> impl Iterator<Item = &'d GroupLink> {
    let desired = differ.input.desired.groups.iter();
    let known = desired.filter_map(|wanted| {
        let key = GroupKey::of(&wanted.object)?;
        Some(ledger_key(&differ.input, wanted, &key))
    });
    let known: BTreeSet<GroupKey> = known.collect();
    let former = differ.input.ledger.groups.iter().filter(move |(key, _)| !known.contains(*key));
    former.map(|(_, link)| link)
}

/// The last applied commit, if it has to be read before it is known which accounts are asked for: a short listing shows
/// nothing of a person who is out, and whose account is off as the ledger says (safety.md 5).
pub(in crate::plan) fn needed_to_ask<'a>(differ: &Differ<'a>, answers: &Answers) -> Option<&'a Arc<str>> {
    let applied = differ.applied_commit().filter(|commit| answers.past(commit).is_none())?;
    let mut unseen = differ.links.numbers().filter(|link| differ.seen.link(*link).is_none());
    let is_off = |link: LinkNo| {
        let row = differ.links.row(link);
        row.link.off_at().is_some() && was_out::is_out(differ, row)
    };
    (differ.short.users.is_some() && unseen.any(is_off)).then_some(applied)
}

/// True for an account that we turned off, as the ledger says, and that is on, or is to be deleted now.
fn is_off_no_more(differ: &Differ, link: LinkNo) -> bool {
    let activity = differ.seen.link(link).map(|seen| differ.seen.shown.activity(&seen.activity));
    let known = differ.links.row(link).link;
    known.off_at().is_some() && (activity == Some(Activity::On) || is_due(differ, link))
}

/// True if it is time to delete the account, as the ledger says.
fn is_due(differ: &Differ, link: LinkNo) -> bool {
    match differ.input.desired.app.users.deprovision {
        Deprovision::Delete { after } => {
            differ.links.row(link).link.is_disabled_for(after, differ.input.resolved.at)
        }
        Deprovision::Disable | Deprovision::Keep { .. } => false,
    }
}

/// True if something could be taken from a person whom no file declares: then a commit has to declare them.
pub(super) fn needs_proof(differ: &Differ, link: LinkNo) -> bool {
    let is_done = differ.links.row(link).link.state != LinkState::Active && !is_due(differ, link);
    !(is_done && differ.seen.link(link).is_some_and(|seen| seen.activity == Activity::Off))
}

/// True if something could be taken from a person by what the ledger remembers alone.
fn is_by_memory(differ: &Differ, link: LinkNo) -> bool {
    let is_shown =
        |evidence: &Evidence| matches!(evidence, Evidence::Shown(shown) if !shown.remembered.is_empty());
    needs_proof(differ, link) && differ.seen.link(link).is_some_and(|seen| is_shown(&seen.evidence))
}
