//! Accounts that nobody declared (safety.md 16).

use std::collections::{HashMap, HashSet};

use super::context::Context;
use super::decision::{Decision, People};
use super::holdings;
use crate::model::app::Unmanaged;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Shown, Verdict};
use crate::model::fact::Fact;
use crate::model::remote::Held;
use crate::model::seen::Activity;
use crate::model::words::{count, first_ten};
use crate::model::{RemoteId, UserId, UserNo};
use crate::plan::command;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::links::LinkNo;
use crate::plan::reading::matching::Candidate;
use crate::plan::reading::rows::UnlinkedRow;
use crate::resolve::{OutReason, Standing};

/// Share of desired people that have to have a link before an unmanaged account is touched, in percent.
const LINKED_SHARE: u64 = 95;

/// `theirs` are accounts of declared people who are to have none: they have names, and are not counted here.
pub(crate) fn decide_all(cx: &Context, people: &People, theirs: &[(UserNo, &UnlinkedRow)]) -> Decision {
    let app = cx.input.desired.app;
    if app.removed.is_some() || app.unmanaged == Unmanaged::Ignore {
        return Decision::default();
    }
    // An inactive account counts as gone: some apps keep deleted accounts as inactive ones (safety.md 16).
    let rows = cx.differ.seen.unlinked.values().filter(|row| {
        cx.activity(row) == Activity::On
            && !row.protected
            && !people.holder_of.contains_key(&row.remote)
            && !is_in_question(cx, people, row)
    });
    let rows: Vec<&UnlinkedRow> = rows.filter(|row| !is_before_start(cx, row)).collect();
    let theirs: HashSet<&RemoteId> = theirs.iter().map(|(_, row)| &row.remote).collect();
    let nobodys = rows.iter().copied().filter(|row| !theirs.contains(&row.remote));
    let nobodys: Vec<&UnlinkedRow> = nobodys.collect();
    let power = Power::of(cx, &rows);
    let kind = match app.unmanaged {
        Unmanaged::Ignore | Unmanaged::Report => return report(&power, &nobodys),
        Unmanaged::Disable => ChangeKind::Disable,
        Unmanaged::Delete => ChangeKind::Delete,
    };
    if let Some(why) = must_wait(cx) {
        let text = format!("unmanaged accounts are left alone: {why}");
        return report(&power, &nobodys).and(Notice::of_app(NoticeKind::Advice, text, None).into());
    }
    let (others, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| cx.has_another_owner(row));
    // A declared person who is out of the scope loses the account, and never by deletion (safety.md 16).
    let (matching, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| !row.candidates.is_empty());
    let matching = matching.into_iter().filter(|_| cx.input.capabilities.disable_users);
    let disabled = matching.map(|row| removal(cx, &power, row, ChangeKind::Disable));
    let changes = disabled.chain(rows.into_iter().map(|row| removal(cx, &power, row, kind))).collect();
    Decision { changes, ..of_others(&others) }
}

/// Accounts that another system manages are left to it.
fn of_others(rows: &[&UnlinkedRow]) -> Decision {
    if rows.is_empty() {
        return Decision::default();
    }
    let what = count(
        rows.len(),
        "active account has the id of another system and is left to it",
        "active accounts have ids of other systems and are left to them",
    );
    let text = format!("{what}: {}", first_ten(&names(rows)));
    let hint = "if nothing else manages them, disable them in the app by hand";
    Notice::of_app(NoticeKind::Unmanaged, text, Some(hint.to_owned())).into()
}

fn names(rows: &[&UnlinkedRow]) -> Vec<String> {
    rows.iter().map(|row| row.name.as_deref().unwrap_or(row.remote.as_str()).to_owned()).collect()
}

fn removal(cx: &Context, power: &Power, row: &UnlinkedRow, kind: ChangeKind) -> Change {
    let mut change = cx.change_of(Object::Account(row.remote.clone()), Facet::Life, kind, Cause::Unmanaged);
    change.remote = Some(row.remote.clone());
    if kind == ChangeKind::Delete {
        change.new.text = cx.input.desired.definition.deletion.told();
    }
    change.old = Shown { text: row.name.as_ref().map(std::string::ToString::to_string), hash: None };
    let fact = match row.candidates.first() {
        Some(candidate) => Fact::MatchesOutsider(cx.user_id(candidate.user).clone()),
        None => Fact::Unmanaged,
    };
    change.reasons = vec![cx.input.reason(fact, cx.input.desired.app.span)];
    let held = power.of_row(row);
    change.reasons.extend((!held.is_empty()).then(|| Fact::Holds(held).into()));
    if let Some((user, entry)) = owner(cx, row) {
        let id = cx.user_id(user);
        let why = format!(
            "it matches {id}, who is to have an account, and the account that the ledger has for {id} is protected, or not proved to be theirs: find out which one is; {} drops a wrong entry",
            command::unlink(&cx.input.desired.app.id, cx.row(entry).kept_under())
        );
        change.verdict = Verdict::Held { by: "link".into(), why };
        return change;
    }
    cx.removal(change)
}

/// A person who is to have an account, whom this one matches, and whose own cannot be used, with the entry of that one: a
/// wrong entry of the ledger must not make a stranger of the right account.
fn owner(cx: &Context, row: &UnlinkedRow) -> Option<(UserNo, LinkNo)> {
    let people = row.candidates.iter().map(|candidate| candidate.user);
    let mut people = people.filter(|user| cx.input.desired.standing(*user) == Standing::In);
    people.find_map(|user| Some((user, cx.links().of_user(user).filter(|link| !cx.is_usable(*link))?)))
}

/// True for an account that matches a person whose start lies ahead: it was made in time, and is adopted then.
fn is_before_start(cx: &Context, row: &UnlinkedRow) -> bool {
    let standing = |candidate: &Candidate| cx.input.desired.standing(candidate.user);
    row.candidates.iter().any(|candidate| standing(candidate) == Standing::Out(OutReason::NotYet))
}

/// True for an account that matches a person who is frozen, protected or left out by hand, or that `links:` names. Such an account
/// is not unmanaged: a person has to decide about it.
pub(crate) fn is_in_question(cx: &Context, people: &People, row: &UnlinkedRow) -> bool {
    let undecided = |candidate: &Candidate| {
        let id = cx.user_id(candidate.user);
        people.is_frozen(id)
            || cx.differ.protection.names_user(id)
            || cx.input.desired.standing(candidate.user) == Standing::Ignored
    };
    // A line has no effect if another account is proved to be the person's.
    let is_open = |user: &UserId| !cx.links().of_id(user).is_some_and(|link| cx.is_verified(link));
    row.candidates.iter().any(undecided)
        || cx.differ.manual.contains_key(&row.remote)
        || cx.differ.idle.get(&row.remote).is_some_and(is_open)
}

/// The power of accounts that nobody declared, as far as the app shows it.
struct Power<'p> {
    /// The groups that give power.
    groups: HashMap<&'p RemoteId, Vec<Held>>,
}

impl<'p> Power<'p> {
    fn of(cx: &Context, rows: &[&'p UnlinkedRow]) -> Self {
        let mut groups = holdings::memberships(cx, rows.iter().map(|row| &row.remote));
        groups.values_mut().for_each(|held| held.retain(|held| cx.is_power(held)));
        Self { groups }
    }

    fn of_row(&self, row: &UnlinkedRow) -> Vec<Held> {
        row.power.iter().chain(self.groups.get(&row.remote).into_iter().flatten()).cloned().collect()
    }

    /// What people know the account by, with its power.
    fn name(&self, row: &UnlinkedRow) -> String {
        let name = row.name.as_deref().unwrap_or(row.remote.as_str());
        let held = self.of_row(row);
        if held.is_empty() {
            return name.to_owned();
        }
        let held: Vec<&str> = held.iter().map(|held| &*held.name).collect();
        format!("{name} ({}, power)", held.join(", "))
    }
}

fn report(power: &Power, rows: &[&UnlinkedRow]) -> Decision {
    if rows.is_empty() {
        return Decision::default();
    }
    let what = count(
        rows.len(),
        "active account nobody declared for this app",
        "active accounts nobody declared for this app",
    );
    // Who has power is named first.
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| power.of_row(row).is_empty());
    let names: Vec<String> = rows.iter().map(|row| power.name(row)).collect();
    let text = format!("{what}: {}", first_ten(&names));
    let hint = Some("declare them, protect them, or set `unmanaged: disable`".to_owned());
    Notice::of_app(NoticeKind::Unmanaged, text, hint).into()
}

/// Why no unmanaged account may be touched yet.
fn must_wait(cx: &Context) -> Option<String> {
    if !cx.is_completed() {
        return Some("no full apply of this app has run to its end yet".to_owned());
    }
    if let Some(why) = &cx.differ.short.users {
        return Some(format!("the listing of accounts did not show all of them: {why}"));
    }
    let able = match cx.input.desired.app.unmanaged {
        Unmanaged::Delete => cx.input.capabilities.delete_users,
        Unmanaged::Disable | Unmanaged::Report | Unmanaged::Ignore => cx.input.capabilities.disable_users,
    };
    if !able {
        return Some("this app cannot do that to accounts".to_owned());
    }
    let desired = &cx.input.desired.active | &cx.input.desired.suspended;
    if desired.is_empty() {
        return Some("nobody is to have an account here, which looks more like a mistake".to_owned());
    }
    let is_live = |user: &u32| {
        let link = cx.links().of_user(UserNo(*user));
        link.is_some_and(|link| !cx.row(link).is_tombstone())
    };
    let linked = desired.iter().filter(is_live).count() as u64;
    (linked * 100 < desired.len() * LINKED_SHARE).then(|| {
        format!(
            "only {linked} of {} desired people have a linked account, {LINKED_SHARE} % are needed",
            desired.len()
        )
    })
}
