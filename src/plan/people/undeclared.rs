//! People the ledger knows and the repository does not.

use std::collections::BTreeSet;

use super::found::{Found, found, freeze, keeps_unlisted, unclear, unusable};
use super::{declared, given_up, leave, untouched, vanished};
use crate::model::change::{Cause, Object};
use crate::model::fact::Fact;
use crate::model::{UserId, UserNo};
use crate::plan::command;
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, LinkUpdate};
use crate::plan::notice::NoticeKind;
use crate::plan::reading::links::LinkNo;

/// Decides about all of them. A suspected rename freezes the new id as well.
pub(crate) fn decide_all(cx: &Context) -> Decision {
    let frozen: BTreeSet<&UserId> = cx.links().frozen.iter().collect();
    let renamed = vanished::renamed(cx);
    let links = cx.links().numbers().filter(|link| cx.row(*link).number.is_none());
    let decided = links.map(|link| {
        let id = &cx.row(link).user;
        match renamed.get(id) {
            Some((gone, new, path)) => vanished::suspected(cx, gone, *new, path),
            None => decide(cx, link, frozen.contains(id)),
        }
    });
    decided.collect()
}

fn decide(cx: &Context, link: LinkNo, is_frozen: bool) -> Decision {
    let id = &cx.row(link).user;
    let lookalike = cx.seen(link).and_then(|seen| seen.lookalike);
    if is_frozen {
        // The person who would match the account of a person in doubt is in doubt as well.
        return lookalike.map_or_else(Decision::default, |new| rename_suspected(cx, id, new));
    }
    let found = found(cx, link);
    if cx.input.desired.app.removed.is_some() {
        return given_up::decide(cx, id, None, found);
    }
    match found {
        Found::Tombstone(_) | Found::Nothing => return Decision::default(),
        Found::Unclear { link, why } => return unclear(cx, link, id, &why),
        Found::Unlisted => return keeps_unlisted(cx, link, id),
        Found::Vanished(link) => return declared::gone(cx, id, link),
        Found::Linked(_) => {}
    }
    if let Some(new) = lookalike {
        return rename_suspected(cx, id, new);
    }
    if let Some(instead) = unusable(cx, link, id) {
        return instead.and(untouched::protected(cx, id, link));
    }
    let reasons = vec![Fact::NotDeclared(id.clone()).into()];
    let leaving = leave::Leaving { id, link, cause: Cause::Config, reasons, may_delete: true, ended: None };
    keep_proof(cx, link).and(leave::take_away(cx, leaving))
}

/// An entry without a commit of its own was declared at the last applied commit: it keeps that one, because the proof must
/// not age (safety.md 1).
fn keep_proof(cx: &Context, link: LinkNo) -> Decision {
    let applied = cx.input.commit.and(cx.input.ledger.applied_commit());
    match applied.filter(|_| cx.link(link).commit.is_none()) {
        Some(commit) => Decision::link_update(&cx.row(link).user, LinkUpdate::Commit(commit.clone())),
        None => Decision::default(),
    }
}

fn rename_suspected(cx: &Context, old: &UserId, new: UserNo) -> Decision {
    let span = cx.input.resolved.company.users[new.index()].span;
    let new = cx.user_id(new);
    let hint = format!(
        "if {new} is the same person, add `previously: [{old}]` to {new}; if not, {}",
        command::unlink(&cx.input.desired.app.id, old)
    );
    let text = format!(
        "{old} is not declared any more, and the new id {new} would match its account: neither is changed"
    );
    let frozen = [old, new].map(|id| {
        let subject = Object::User(id.clone());
        let notice =
            cx.notice_at(NoticeKind::RenameSuspected, subject, text.clone(), Some(&hint), Some(span));
        freeze(cx, id, notice)
    });
    frozen.into_iter().collect()
}
