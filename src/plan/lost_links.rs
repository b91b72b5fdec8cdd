//! Links of people who should have an account, and whose account has vanished or looks like another person's: too many stop the
//! app (safety.md 1).

use std::collections::BTreeSet;

use super::command;
use super::decide;
use super::draft::Draft;
use super::notice::NoticeKind;
use super::reading::answers::Answers;
use super::reading::differ::Differ;
use super::reading::identity::Unproved;
use super::reading::links::LinkNo;
use super::release;
use crate::model::intervention::Hand;
use crate::model::remote::{Kind, Presence};
use crate::model::words::{count, first_ten};
use crate::resolve::Standing;

/// Conflicts that are shown one by one where they stop the app.
const SHOWN: usize = 10;

/// The links of people who should have an account. Vanished accounts of others are only recorded.
pub(super) struct Concerned {
    pub links: Vec<LinkNo>,
}

impl Concerned {
    pub(super) fn of(differ: &Differ) -> Self {
        let is_in = |link: &LinkNo| {
            let row = differ.links.row(*link);
            let standing = row.number.map(|user| differ.input.desired.standing(user));
            !row.is_tombstone() && matches!(standing, Some(Standing::In | Standing::Unknown(_)))
        };
        Self { links: differ.links.numbers().filter(is_in).collect() }
    }

    /// Those that are not among `others`.
    pub(super) fn without(&self, others: &[LinkNo]) -> Self {
        Self { links: self.links.iter().copied().filter(|link| !others.contains(link)).collect() }
    }

    /// Those whose account looks like another person's.
    pub(super) fn conflicts(&self, differ: &Differ) -> Vec<LinkNo> {
        let is_conflict = |link: &LinkNo| {
            let why = differ.unproved.get(link);
            let is_other = matches!(why, Some(Unproved::Conflict { .. } | Unproved::OtherPerson(_)));
            is_other && differ.seen.link(*link).is_some_and(|seen| !seen.protected)
        };
        self.links.iter().copied().filter(is_conflict).collect()
    }

    /// The largest number of vanished or conflicting links that does not stop the app.
    pub(super) fn limit(&self) -> usize {
        (self.links.len() / 100).max(3)
    }

    pub(super) fn are_too_many(&self, lost: usize) -> bool {
        lost > self.limit() || (lost >= 2 && lost == self.links.len())
    }
}

/// True if the app says that the account is gone.
pub(super) fn is_gone(differ: &Differ, link: LinkNo, answers: &Answers) -> bool {
    let row = differ.links.row(link);
    !row.is_tombstone() && matches!(answers.get(Kind::User, &row.link.remote), Some(Presence::Gone(_)))
}

/// The draft of an app in which too many links are lost. People who are typed as left or suspended still lose access, if their
/// own link is verified.
pub(super) fn stop(
    differ: &Differ,
    lost: &[LinkNo],
    concerned: &Concerned,
    what: &str,
    answers: &Answers,
) -> Draft {
    let names: Vec<_> = lost.iter().map(|link| differ.links.row(*link).kept_under().to_string()).collect();
    let limit = match lost.len() == concerned.links.len() {
        true => "all of at least 2".to_owned(),
        false => format!("more than {}", concerned.limit()),
    };
    let way_out = match lost.iter().any(|link| is_gone(differ, *link, answers)) {
        true => if_really_gone(differ, concerned, answers),
        false => "They are".to_owned(),
    };
    let why = format!(
        "{} of {} linked accounts {what}, and {limit} stop the app: is this the right endpoint and tenant? {way_out}: {}",
        lost.len(),
        concerned.links.len(),
        first_ten(&names)
    );
    let mut draft = decide::decide(differ, answers);
    let changes = std::mem::take(&mut draft.changes);
    draft.changes = changes.into_iter().filter(|change| draft.goes_on(change)).collect();
    let typed: BTreeSet<_> = draft.changes.iter().map(|change| change.key.object.clone()).collect();
    draft.notices.retain(|notice| {
        let subject = notice.subject.as_ref();
        let is_typed = subject.is_some_and(|subject| typed.contains(subject));
        let is_shown = notice.kind == NoticeKind::LinkConflict && lost.len() <= SHOWN;
        notice.kind == NoticeKind::StillHasAccess || is_typed || is_shown
    });
    Draft { stopped: Some(("link-conflicts".to_owned(), why)), ..draft }
}

/// The answers to a reset as a whole: from the plan's side, and from the ledger's.
fn if_really_gone(differ: &Differ, concerned: &Concerned, answers: &Answers) -> String {
    let app = &differ.input.desired.app.id;
    let is_unasked = |link: LinkNo| {
        let is_listed = differ.short.users.is_some() || differ.seen.link(link).is_some();
        !is_listed && answers.get(Kind::User, &differ.links.row(link).link.remote).is_none()
    };
    let is_missing = |link: &LinkNo| is_gone(differ, *link, answers) || is_unasked(*link);
    let again = concerned.links.iter().filter(|link| is_missing(link)).count();
    let live = differ.links.numbers().filter(|link| !differ.links.row(*link).is_tombstone());
    let all = live.filter(is_missing).count();
    let unasked = concerned.links.iter().filter(|link| is_unasked(**link)).count();
    let unasked = match unasked {
        0 => String::new(),
        more => format!(
            "{} not listed, and not asked for. ",
            count(more, "more account was", "more accounts were")
        ),
    };
    let wrong = release::number(&differ.input, &Hand::Deleted)
        .map(|number| format!("--recreate {app}={number} is another number, and releases nobody. "));
    format!(
        "{unasked}{}If they are really gone, `--recreate {app}={again}` makes them again, and {} drops their links",
        wrong.unwrap_or_default(),
        command::forget_vanished(app, all)
    )
}
