//! Ids that vanished from the files while their account is gone: another hand deleted it. A new id that has what such a person had is
//! a suspected rename, because a new account would end a hold that nobody released (safety.md 3, 13).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::found::{Found, found};
use crate::model::change::Object;
use crate::model::folded::folded_value;
use crate::model::intervention::{Hand, Intervention};
use crate::model::ledger::LedgerUpdate;
use crate::model::{Path, UserId, UserNo};
use crate::plan::command;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::NoticeKind;
use crate::plan::reading::links::LinkNo;
use crate::resolve::{PastApp, PastPerson, Standing};

/// A person whom no file declares any more, whose account is gone, and whom git has as one who was to have it.
pub(super) struct Vanished<'c> {
    pub id: &'c UserId,
    /// What git said last.
    tree: &'c PastApp,
    pub person: &'c PastPerson,
    /// The last applied commit says so, and not that of an intervention.
    at: Option<&'c Arc<str>>,
}

/// Those of the ledger. An account that we deleted, or that went while its person was out, was no other hand's.
pub(super) fn all<'c>(cx: &Context<'c, '_>) -> Vec<Vanished<'c>> {
    let is_gone = |link: &LinkNo| {
        let is_absent = cx.row(*link).number.is_none() && cx.seen(*link).is_none();
        is_absent && matches!(found(cx, *link), Found::Vanished(_) | Found::Tombstone(_))
    };
    cx.links().numbers().filter(is_gone).filter_map(|link| of(cx, &cx.row(link).user)).collect()
}

fn of<'c>(cx: &Context<'c, '_>, id: &'c UserId) -> Option<Vanished<'c>> {
    let applied = cx.input.ledger.applied.as_ref();
    let at_applied = || {
        let (tree, applied) = (cx.differ.applied_tree(cx.answers)?, applied?);
        let person = tree.person(id).filter(|person| person.is_in(applied.at) != Some(false))?;
        Some(Vanished { id, tree, person, at: applied.commit.as_ref() })
    };
    let at_intervention = || {
        let known = &cx.input.ledger.interventions;
        let mut seen =
            [Hand::Deleted, Hand::Disabled].into_iter().filter_map(|hand| known.get(&(id.clone(), hand)));
        seen.find_map(|seen| {
            let tree = cx.answers.tree(seen.commit.as_ref().filter(|_| !seen.decided)?)?;
            Some(Vanished { id, tree, person: tree.person(id)?, at: None })
        })
    };
    at_intervention().or_else(at_applied)
}

/// The new ids that have a matching or unique value of such a person, each with what is the same, by the id that vanished.
pub(super) fn renamed<'c>(cx: &Context<'c, '_>) -> BTreeMap<&'c UserId, (Vanished<'c>, UserNo, Path)> {
    let vanished = all(cx);
    if vanished.is_empty() || cx.input.desired.app.removed.is_some() {
        return BTreeMap::new();
    }
    let new = New::of(cx);
    let alike = |vanished: Vanished<'c>| {
        let values = vanished.tree.paths.iter().zip(vanished.person.folded_values());
        let mut values = values.filter_map(|(path, value)| Some((path, value?)));
        let (user, path) = values.find_map(|(path, value)| {
            let users = new.by_value.get(&(path.key().clone(), value))?;
            let is_new = |user: &&UserNo| vanished.tree.person(cx.user_id(**user)).is_none();
            Some((*users.iter().find(is_new)?, path.clone()))
        })?;
        Some((vanished.id, (vanished, user, path)))
    };
    vanished.into_iter().filter_map(alike).collect()
}

/// People who are to have an account and of whom the ledger knows none, by their values.
struct New {
    by_value: HashMap<(Arc<str>, String), Vec<UserNo>>,
}

impl New {
    fn of(cx: &Context) -> Self {
        let mut by_value: HashMap<_, Vec<UserNo>> = HashMap::new();
        let users = (0..cx.input.resolved.company.users.len()).map(UserNo::from);
        let is_new = |user: &UserNo| {
            cx.links().of_user(*user).is_none() && cx.input.desired.standing(*user) == Standing::In
        };
        for user in users.filter(is_new) {
            for (path, value) in cx.input.desired.identifying(user) {
                if let Some(value) = folded_value(&value) {
                    by_value.entry((path.key().clone(), value)).or_default().push(user);
                }
            }
        }
        Self { by_value }
    }
}

/// Neither id changes. The next applied commit does not declare the one that vanished: from now on the ledger remembers which one does.
pub(super) fn suspected(cx: &Context, vanished: &Vanished, new: UserNo, path: &Path) -> Decision {
    let (old, span) = (vanished.id, cx.input.resolved.company.users[new.index()].span);
    let new = cx.user_id(new);
    let text = format!(
        "{old} is not declared any more, and its account was deleted in the app, not by rolecall; the new id {new} has its {path}: neither is changed"
    );
    let hint = format!(
        "if {new} is the same person, add `previously: [{old}]` to {new}, and `--recreate {new}` makes another account; if not, {}",
        command::unlink(&cx.input.desired.app.id, old)
    );
    let frozen = [old, new].map(|id| {
        let (kind, subject) = (NoticeKind::RenameSuspected, Object::User(id.clone()));
        Decision::freeze(id, cx.notice_at(kind, subject, text.clone(), Some(&hint), Some(span)))
    });
    let frozen: Decision = frozen.into_iter().collect();
    frozen.and(Decision { observed: remembered(cx, vanished).into_iter().collect(), ..Decision::default() })
}

fn remembered(cx: &Context, vanished: &Vanished) -> Option<LedgerUpdate> {
    let (user, hand, at) = (vanished.id.clone(), Hand::Deleted, cx.input.resolved.at);
    let lines = cx.input.key.texts([user.as_str(), &hand.to_string(), &vanished.person.life()]);
    let commit = Some(vanished.at?.clone());
    let (decided, decided_at) = (false, None);
    Some(LedgerUpdate::Intervened(Intervention { user, hand, at, commit, lines, decided, decided_at }))
}
