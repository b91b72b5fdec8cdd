//! Accounts nobody declared (safety.md 16).

use super::matching::Candidate;
use super::members::count;
use super::notice::NoticeKind;
use super::page::UnlinkedRow;
use super::settle::Settling;
use crate::model::UserNo;
use crate::model::app::Unmanaged;
use crate::model::change::{Cause, ChangeKind, Facet, Object, Shown};
use crate::model::words::first_ten;
use crate::resolve::Standing;

/// Share of desired people that have to have a link before an unmanaged account is touched, in percent.
const LINKED_SHARE: u64 = 95;

impl Settling<'_, '_> {
    pub(super) fn settle_unmanaged(&mut self) {
        if self.input().desired.app.removed.is_some() {
            return;
        }
        let policy = self.input().desired.app.unmanaged;
        let rows = self.differ.seen.unlinked.values();
        let rows: Vec<_> =
            rows.filter(|row| !row.protected && !self.claimed.contains_key(&row.remote)).cloned().collect();
        let active: Vec<_> = rows.iter().filter(|row| row.active && !self.is_in_question(row)).collect();
        match policy {
            Unmanaged::Ignore => {}
            Unmanaged::Report => self.report_unmanaged(&active),
            Unmanaged::Disable | Unmanaged::Delete => {
                if let Some(why) = self.unmanaged_must_wait() {
                    self.report_unmanaged(&active);
                    let text = format!("unmanaged accounts are left alone: {why}");
                    self.advice(NoticeKind::Advice, text, None);
                    return;
                }
                // One that is inactive is as good as gone: some apps keep what is deleted so (safety.md 16).
                let kind = match policy {
                    Unmanaged::Delete => ChangeKind::Delete,
                    _ => ChangeKind::Disable,
                };
                for row in active {
                    let object = Object::Account(row.remote.clone());
                    let mut change = self.change_of(object, Facet::Life, kind, Cause::Unmanaged);
                    change.remote = Some(row.remote.clone());
                    change.old = Shown { text: row.name.as_ref().map(|name| name.to_string()), hash: None };
                    let reason = match row.candidates.first() {
                        Some(candidate) => format!(
                            "it matches user:{}, who is to have no account here, and rolecall does not know it",
                            self.user_id(candidate.user)
                        ),
                        None => "nobody declares this account, and `unmanaged` asks for it".to_owned(),
                    };
                    change.reasons = vec![self.input().reason(reason, self.input().desired.app.span)];
                    self.push_removal(change);
                }
            }
        }
    }

    /// An account that somebody matches who is frozen or left out by hand is not unmanaged, it is theirs to decide.
    pub(super) fn is_in_question(&self, row: &UnlinkedRow) -> bool {
        let undecided = |candidate: &Candidate| {
            self.is_frozen(self.user_id(candidate.user))
                || self.input().desired.standing(candidate.user) == Standing::Ignored
        };
        row.candidates.iter().any(undecided) || self.differ.manual.contains_key(&row.remote)
    }

    fn report_unmanaged(&mut self, rows: &[&UnlinkedRow]) {
        if rows.is_empty() {
            return;
        }
        let names: Vec<_> =
            rows.iter().map(|row| row.name.as_deref().unwrap_or(row.remote.as_str()).to_owned()).collect();
        let text = format!(
            "{}: {}",
            count(
                names.len(),
                "active account nobody declared for this app",
                "active accounts nobody declared for this app"
            ),
            first_ten(&names)
        );
        let hint = Some("declare them, protect them, or set `unmanaged: disable`".to_owned());
        self.advice(NoticeKind::Unmanaged, text, hint);
    }

    fn unmanaged_must_wait(&self) -> Option<String> {
        if !self.completed() {
            return Some("no full apply of this app has run to its end yet".to_owned());
        }
        let capabilities = self.input().capabilities;
        let able = match self.input().desired.app.unmanaged {
            Unmanaged::Delete => capabilities.delete_users,
            _ => capabilities.disable_users,
        };
        if !able {
            return Some("this app cannot do that to accounts".to_owned());
        }
        let desired = &self.input().desired.active | &self.input().desired.suspended;
        if desired.is_empty() {
            return Some("nobody is to have an account here, which looks more like a mistake".to_owned());
        }
        let is_live = |user: &u32| {
            let link = self.links().of_user(UserNo(*user));
            link.is_some_and(|link| !self.links().row(link).is_tombstone())
        };
        let linked = desired.iter().filter(is_live).count() as u64;
        (linked * 100 < desired.len() * LINKED_SHARE).then(|| {
            format!(
                "only {linked} of {} desired people have a linked account, {LINKED_SHARE} % are needed",
                desired.len()
            )
        })
    }
}
