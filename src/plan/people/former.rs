//! Active accounts without a link that are a former person's, as git says: somebody made the account again under another id, or
//! the ledger does not know it any more (safety.md 1, 2).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::found::{Found, found};
use crate::model::UserId;
use crate::model::change::{Change, Object};
use crate::model::intervention::Hand;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::former;
use crate::plan::reading::rows::UnlinkedRow;
use crate::resolve::{PastApp, PastPerson};

/// Says of each such account whose it is, unless this plan turns it off.
pub(crate) fn decide_all(cx: &Context, changes: &[Change]) -> Decision {
    if cx.input.desired.app.removed.is_some() {
        return Decision::default();
    }
    let rows = cx.differ.seen.unlinked.values().filter(|row| former::is_of_nobody(cx.differ, row));
    let rows: Vec<&UnlinkedRow> = rows.collect();
    if rows.is_empty() {
        return Decision::default();
    }
    let people = Former::of(cx);
    let notices = rows.into_iter().filter_map(|row| {
        let (id, what) = people.owner(cx, row)?;
        let taken = |change: &Change| change.kind.is_loss() && change.verdict.is_do();
        let object = Object::Account(row.remote.clone());
        let is_taken = changes.iter().any(|change| change.key.object == object && taken(change));
        (!is_taken).then(|| notice(cx, id, row, &what))
    });
    Decision { notices: notices.collect(), ..Decision::default() }
}

fn notice(cx: &Context, id: &UserId, row: &UnlinkedRow, what: &str) -> Notice {
    let name = row.name.as_deref().unwrap_or("no name");
    let entry = cx.links().of_id(id).map(|link| {
        let gone = match found(cx, link) {
            Found::Vanished(_) | Found::Tombstone(_) => ", which is gone",
            Found::Linked(_) | Found::Unclear { .. } | Found::Unlisted | Found::Nothing => "",
        };
        format!("; the ledger has account {} for {id}{gone}", cx.link(link).remote)
    });
    let text = format!(
        "may still have access: account {} ({name}) is active and has the {what} of {id}, whom no file declares any more{}",
        row.remote,
        entry.unwrap_or_default()
    );
    let hint = "disable it in the app by hand; if it is to stay, let `protect:` name it";
    cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint))
}

/// What the last interrupted run that set out to change the account of a person without an entry says of them, with its commit.
pub(super) fn begun_for<'c>(
    cx: &Context<'c, '_>,
    id: &UserId,
) -> Option<(&'c Arc<str>, &'c PastApp, &'c PastPerson)> {
    if cx.links().of_id(id).is_some() {
        return None;
    }
    let attempts = cx.interrupted(id).iter().flat_map(|intent| &intent.attempts).rev();
    attempts.filter_map(|attempt| attempt.commit.as_ref()).find_map(|commit| {
        let tree = cx.answers.tree(commit)?;
        Some((commit, tree, tree.person(id)?))
    })
}

/// People of earlier commits whom no file declares any more, by what told their accounts apart.
#[derive(Default)]
struct Former<'c> {
    by_id: HashMap<Arc<str>, &'c UserId>,
    by_value: HashMap<(Arc<str>, String), &'c UserId>,
}

impl<'c> Former<'c> {
    /// Those of the last applied commit, those whose access is known to remain, each at the commit that said so, and those for whom an
    /// interrupted run set out to create an account.
    fn of(cx: &Context<'c, '_>) -> Self {
        let company = cx.input.resolved.company;
        let renamed: HashSet<&UserId> = company.users.iter().flat_map(|user| &user.previously).collect();
        let is_absent = |id: &UserId| cx.number(id).is_none() && !renamed.contains(id);
        let mut all = Self::default();
        if let Some(tree) = cx.differ.applied_tree(cx.answers) {
            tree.people().iter().filter(|person| is_absent(&person.id)).for_each(|one| all.add(tree, one));
        }
        for ((id, hand), seen) in &cx.input.ledger.interventions {
            let tree = seen.commit.as_ref().filter(|_| *hand == Hand::Remains && is_absent(id));
            let tree = tree.and_then(|commit| cx.answers.tree(commit));
            if let Some((tree, person)) = tree.and_then(|tree| Some((tree, tree.person(id)?))) {
                all.add(tree, person);
            }
        }
        let begun = cx.interrupted_people().filter(|id| is_absent(id));
        begun.filter_map(|id| begun_for(cx, id)).for_each(|(_, tree, person)| all.add(tree, person));
        all
    }

    fn add(&mut self, tree: &'c PastApp, person: &'c PastPerson) {
        if let Some(our_id) = &person.our_id {
            self.by_id.insert(our_id.clone(), &person.id);
        }
        for (path, value) in tree.paths.iter().zip(person.folded_values()) {
            if let Some(value) = value {
                self.by_value.entry((path.key().clone(), value)).or_insert(&person.id);
            }
        }
    }

    /// The person whose account it is, and what says so: our id, or a value that is nobody's today.
    fn owner(&self, cx: &Context<'c, '_>, row: &UnlinkedRow) -> Option<(&'c UserId, String)> {
        let our_id = row.our_id.as_ref().filter(|_| cx.differ.maps_our_id);
        if let Some(id) = our_id.and_then(|text| self.by_id.get(text)).copied().or_else(|| by_entry(cx, row))
        {
            let path = cx.input.desired.definition.users.our_id.as_ref();
            return Some((id, path.map_or("id".to_owned(), ToString::to_string)));
        }
        let mut values = row.identity.iter();
        values.find_map(|(path, value)| {
            let id = *self.by_value.get(&(path.key().clone(), value.clone()))?;
            cx.owners().other(&[id], path, value).is_none().then(|| (id, path.to_string()))
        })
    }
}

/// The person whose id the account shows, and whom the commit of their entry declares with it, or the last applied one.
fn by_entry<'c>(cx: &Context<'c, '_>, row: &UnlinkedRow) -> Option<&'c UserId> {
    let entry = cx.row(former::entry_by_id(cx.differ, row)?);
    let commits = (entry.link.commit.as_ref(), cx.input.ledger.applied_commit());
    let then = cx.answers.declared(commits, "them", |tree| tree.person(&entry.user)).ok();
    then.filter(|(_, person)| person.our_id == row.our_id).map(|(_, person)| &person.id)
}
