//! The one account without a link that belongs to a person, if it can be told (safety.md 2).

use super::matching::Candidate;
use super::notice::NoticeKind;
use super::page::UnlinkedRow;
use super::settle::Settling;
use crate::model::app::ManualLink;
use crate::model::change::Object;
use crate::model::{RemoteId, Span, UserId, UserNo};
use crate::resolve::Standing;

impl Settling<'_, '_> {
    /// The account; none if there is none, or if it cannot be told, which freezes the person.
    pub(super) fn candidate(&mut self, user: UserNo, id: &UserId) -> Option<UnlinkedRow> {
        if let Some(ManualLink::To { remote, span }) = self.input().desired.app.links.get(id) {
            return self.by_hand(id, remote, *span);
        }
        if let Some(twin) = self.differ.index().twin(user) {
            self.twin(id, twin);
            return None;
        }
        let mut rows = self.candidates.get(&user).cloned().unwrap_or_default();
        rows.retain(|(_, remote)| self.differ.manual.get(remote).is_none_or(|owner| owner == id));
        rows.sort();
        let first = rows.first()?;
        let row = self.differ.seen.unlinked.get(&first.1)?.clone();
        if rows.len() > 1 {
            let list: Vec<_> = rows.iter().map(|(rank, remote)| self.describe_match(*rank, remote)).collect();
            let text = format!("{} accounts match {id}: {}", rows.len(), list.join(", "));
            self.ambiguous(id, text);
            return None;
        }
        let wants = |other: UserNo| {
            matches!(
                self.input().desired.standing(other),
                Standing::In | Standing::Suspended | Standing::Unknown(_)
            )
        };
        // Among people who are to have none, an account may be anybody's who has the value.
        let is_out = !wants(user);
        let rival = row
            .candidates
            .iter()
            .filter(|other| wants(other.user) || (is_out && other.rank == first.0))
            .map(|candidate| candidate.user)
            .find(|other| *other != user && self.links().of_user(*other).is_none());
        if let Some(rival) = rival {
            let text = format!("account {} matches both {id} and {}", row.remote, self.user_id(rival));
            self.ambiguous(id, text);
            return None;
        }
        Some(row)
    }

    /// Whichever of two people was meant by a value, the other one would get the account.
    fn twin(&mut self, id: &UserId, twin: Candidate) {
        let path = self.differ.index().path(twin.rank).map(ToString::to_string).unwrap_or_default();
        let text = format!("{} is to have the same {path} as {id}", self.user_id(twin.user));
        self.ambiguous(id, text);
    }

    fn by_hand(&mut self, id: &UserId, remote: &RemoteId, span: Span) -> Option<UnlinkedRow> {
        if let Some(row) = self.differ.seen.unlinked.get(remote) {
            return Some(row.clone());
        }
        let text = match self.links().of_remote(remote.as_str()) {
            Some(other) => {
                format!("`links:` names account {remote}, which belongs to {}", self.links().row(other).user)
            }
            None => format!("`links:` names account {remote}, which is not in the app"),
        };
        let hint = "correct the entry below `links:`";
        self.notice_at(NoticeKind::NotAdopted, Object::User(id.clone()), text, Some(hint), Some(span));
        self.freeze(id.clone());
        None
    }

    fn describe_match(&self, rank: usize, remote: &RemoteId) -> String {
        let by = self.differ.index().path(rank).map(|path| format!(" by {path}")).unwrap_or_default();
        format!("{remote}{by}")
    }

    fn ambiguous(&mut self, id: &UserId, text: String) {
        self.freeze(id.clone());
        self.notice(
            NoticeKind::Ambiguous,
            id,
            text,
            Some("decide by hand below `links:`, or put the values in the app right"),
        );
    }
}
