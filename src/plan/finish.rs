//! The end of a listing: whether the app has to be stopped, and which objects have to be asked for before a decision.

use super::decide;
use super::draft::Draft;
use super::reading::answers::Answers;
use super::reading::differ::Differ;
use super::reading::links::LinkNo;
use crate::model::RemoteId;
use crate::model::remote::{Kind, Presence, Walk};
use crate::model::words::first_ten;

/// Objects that the ledger knows and the listing did not show: the app is asked whether they still exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// The objects; each is answered by one `get`.
    pub gets: Vec<(Kind, RemoteId)>,
}

/// How the listings ended.
#[derive(Debug, Clone)]
pub struct Ends {
    pub users: Walk,
    /// Groups, if they were listed.
    pub groups: Option<Walk>,
}

impl Differ<'_> {
    /// Ends the comparison.
    ///
    /// # Errors
    /// [`Needs`], to be answered; then call again with the answers added.
    pub fn finish(&mut self, ends: &Ends, answers: &Answers) -> Result<Draft, Needs> {
        if let Some((by, why)) = self.source_guard(ends) {
            return Ok(self.stopped(by, why));
        }
        self.take_in(answers);
        let missing = self.missing(answers);
        let limit = self.vanished_limit();
        let mut lost: Vec<LinkNo> =
            self.links.numbers().filter(|link| self.is_gone(*link, answers)).collect();
        let gone = lost.len() as u64;
        if gone > limit {
            return Ok(self.too_many(&lost, limit, "have vanished from the app"));
        }
        if !missing.is_empty() {
            // Ask for as many as could trip the guard first: a mass disappearance then costs a few requests only.
            let first = usize::try_from(limit + 1).unwrap_or(usize::MAX);
            let batch = if answers.is_empty() { first } else { usize::MAX };
            return Err(Needs { gets: missing.into_iter().take(batch).collect() });
        }
        let conflicts = self.links.numbers().filter(|link| {
            let seen = self.seen.link(*link);
            !self.links.row(*link).is_tombstone()
                && seen.is_some_and(|seen| !seen.verified && !seen.protected)
        });
        lost.extend(conflicts);
        lost.sort();
        if lost.len() as u64 > limit {
            let what = match gone {
                0 => "look like other people's accounts",
                _ => "have vanished from the app or look like other people's accounts",
            };
            return Ok(self.too_many(&lost, limit, what));
        }
        Ok(decide::decide(self, answers))
    }

    /// The source guard that stops the whole app, if one does (safety.md 12).
    fn source_guard(&self, ends: &Ends) -> Option<(&'static str, String)> {
        for (what, walk) in [("accounts", Some(&ends.users)), ("groups", ends.groups.as_ref())] {
            if let Some(Walk::Incomplete { why }) = walk {
                return Some((
                    "short-listing",
                    format!(
                        "the listing of {what} does not add up: {why}; nothing is concluded from it, try again"
                    ),
                ));
            }
        }
        if ends.groups.is_none() && self.needs_groups() {
            let why = "the groups of the app were not listed; nothing is concluded without them, try again";
            return Some(("short-listing", why.to_owned()));
        }
        if let Some((remote, one, other)) = self.links.shared.first() {
            let why = format!(
                "the ledger links account {remote} to both {one} and {other}: `rolecall ledger unlink` the one it does not belong to"
            );
            return Some(("link-conflicts", why));
        }
        let before = &*self.input.ledger.endpoint;
        if self.has_new_endpoint && self.input.desired.app.moved_from.as_deref() != Some(before) {
            let app = &self.input.desired.app.id;
            return Some((
                "wrong-endpoint",
                format!(
                    "the ledger's links belong to {before}, but app {app} now names {}; if the app has moved, set `moved_from: {before}`, and every link is proved again",
                    self.input.endpoint
                ),
            ));
        }
        None
    }

    /// The largest number of vanished or conflicting links that does not stop the app (safety.md 1).
    fn vanished_limit(&self) -> u64 {
        (self.links.live() / 100).max(3)
    }

    fn too_many(&self, lost: &[LinkNo], limit: u64, what: &str) -> Draft {
        let names: Vec<_> = lost.iter().map(|link| self.links.row(*link).user.to_string()).collect();
        let why = format!(
            "{} of {} linked accounts {what}, and more than {limit} stop the app: is this the right endpoint and tenant? If they are really gone, `rolecall ledger forget` them: {}",
            lost.len(),
            self.links.live(),
            first_ten(&names)
        );
        self.stopped("link-conflicts", why)
    }

    fn stopped(&self, by: &str, why: String) -> Draft {
        Draft { stopped: Some((by.to_owned(), why)), ..decide::nothing(self) }
    }

    fn is_gone(&self, link: LinkNo, answers: &Answers) -> bool {
        let row = self.links.row(link);
        !row.is_tombstone() && matches!(answers.get(Kind::User, &row.link.remote), Some(Presence::Gone(_)))
    }

    /// Takes in objects that the listing did not show, although they exist.
    fn take_in(&mut self, answers: &Answers) {
        let here = answers.all().filter_map(|presence| match presence {
            Presence::Here(remote) => Some((**remote).clone()),
            Presence::Gone(_) | Presence::Unknown { .. } => None,
        });
        let page = crate::model::Page {
            rows: here.filter(|remote| !self.is_seen(remote.kind, &remote.id)).collect(),
        };
        let diff = self.page(&page);
        self.merge(diff);
    }

    fn is_seen(&self, kind: Kind, id: &RemoteId) -> bool {
        match kind {
            Kind::User => match self.links.of_remote(id.as_str()) {
                Some(link) => self.seen.link(link).is_some(),
                None => self.seen.unlinked.contains_key(id),
            },
            Kind::Group => self.seen.groups.contains_key(id),
        }
    }

    /// Objects that the ledger or `links:` name, that no page showed, and that were not asked for yet.
    fn missing(&self, answers: &Answers) -> Vec<(Kind, RemoteId)> {
        let links = self.links.numbers().filter(|link| self.seen.link(*link).is_none());
        let links = links.map(|link| self.links.row(link));
        let links = links.filter(|row| !row.is_tombstone()).map(|row| (Kind::User, &row.link.remote));
        let manual = self.manual.keys().map(|remote| (Kind::User, remote));
        let groups = self.input.ledger.groups.values().map(|group| (Kind::Group, &group.remote));
        let unseen = links
            .chain(manual)
            .chain(groups.filter(|_| self.needs_groups()))
            .filter(|(kind, id)| !self.is_seen(*kind, id) && answers.get(*kind, id).is_none());
        let mut missing: Vec<_> = unseen.map(|(kind, id)| (kind, id.clone())).collect();
        missing.sort();
        missing.dedup();
        missing
    }
}
