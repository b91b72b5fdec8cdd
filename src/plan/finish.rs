//! The end of a listing: whether the app has to be stopped, and which objects have to be asked for before a decision.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::SignedDuration;

use super::clock::Doubt;
use super::command;
use super::decide;
use super::draft::Draft;
use super::lost_links::{self, Concerned};
use super::notice::{Notice, NoticeKind};
use super::reading::answers::{Answers, Question};
use super::reading::differ::{Differ, Short};
use super::reading::links::LinkNo;
use super::reading::rows::{GroupRow, PageDiff, UnlinkedRow};
use super::reading::shown::InGroup;
use super::reading::{commits, evidence, lag, lines, questions, role_list, shown};
use super::release;
use crate::model::intervention::Hand;
use crate::model::remote::{Kind, Walk};
use crate::model::{Page, Remote, RemoteId};

/// Questions that have to be answered before a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    pub questions: Vec<Question>,
}

impl Needs {
    /// The commits that have to be read.
    pub fn commits(&self) -> impl Iterator<Item = &Arc<str>> {
        self.questions.iter().filter_map(|question| match question {
            Question::Past(commit) => Some(commit),
            Question::Object(..) | Question::Holders(..) | Question::Order(..) => None,
        })
    }

    /// The commits of which it has to be known whether the second one comes after the first one.
    pub fn orders(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.questions.iter().filter_map(|question| match question {
            Question::Order(first, second) => Some((first, second)),
            Question::Object(..) | Question::Holders(..) | Question::Past(_) => None,
        })
    }
}

/// How the listings ended.
#[derive(Debug, Clone)]
pub struct Ends {
    pub users: Walk,
    /// Groups, if they were listed.
    pub groups: Option<Walk>,
    /// How far the app's clock is ahead of this machine's, if its answers say it.
    pub clock: Option<SignedDuration>,
}

impl Ends {
    fn walks(&self) -> impl Iterator<Item = (Kind, &Walk)> {
        let groups = self.groups.iter().map(|walk| (Kind::Group, walk));
        std::iter::once((Kind::User, &self.users)).chain(groups)
    }
}

/// Listings that are empty unless something is known to be there, each with the reason.
fn doubts(ends: &Ends) -> impl Iterator<Item = (Kind, &Arc<str>)> {
    ends.walks().filter_map(|(kind, walk)| match walk {
        Walk::Complete(complete) => Some((kind, complete.doubt()?)),
        Walk::Incomplete { .. } => None,
    })
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
        let input = &self.input;
        let check = input.real_time.then_some(input.desired.app.limits.clock);
        self.doubt = check.and_then(|check| Doubt::of(input.resolved.at, check, input.ledger, ends.clock));
        self.give_on();
        self.take_in(answers);
        self.give_on();
        lines::set_idle_apart(self);
        let late = std::mem::take(&mut self.short.late);
        self.short = self.short_of(ends, answers, late);
        self.short.users = self.short.users.take().or_else(|| self.unmatchable());
        for (kind, why) in doubts(ends) {
            match kind {
                _ if !self.knows_any(kind) => {}
                Kind::User => self.short.users = Some(why.clone()),
                Kind::Group => self.short.groups = Some(why.clone()),
            }
        }
        if let Some(commit) = commits::needed_to_ask(self, answers) {
            return Err(Needs { questions: vec![Question::Past(commit.clone())] });
        }
        let missing = questions::missing(self, answers);
        let concerned = Concerned::of(self);
        let vanished: Vec<LinkNo> = concerned
            .links
            .iter()
            .copied()
            .filter(|link| lost_links::is_gone(self, *link, answers))
            .collect();
        let have_vanished = concerned.are_too_many(vanished.len());
        // Whether a given number is right shows only when all were asked for.
        let number = release::number(&self.input, &Hand::Deleted);
        if !missing.is_empty() && (!have_vanished || number.is_some()) {
            // Ask for as many as could trip the guard first: a mass disappearance then costs a few requests only.
            let first = concerned.limit() + 1;
            let batch = if answers.is_empty() { first } else { usize::MAX };
            return Err(asked(missing.into_iter().take(batch)));
        }
        let commits = commits::needed(self, answers).into_iter().map(Question::Past);
        let orders = commits::orders(self, answers).into_iter();
        let orders = orders.map(|(first, second)| Question::Order(first, second));
        let questions: Vec<Question> = commits.chain(orders).collect();
        if !questions.is_empty() {
            return Err(Needs { questions });
        }
        self.unproved = evidence::settle(self, answers);
        let is_reset = number == Some(vanished.len() as u64);
        if have_vanished && !is_reset {
            return Ok(lost_links::stop(self, &vanished, &concerned, "have vanished from the app", answers));
        }
        let unread = questions::unread_groups(self, answers);
        if !unread.is_empty() {
            return Err(asked(unread.into_iter().map(|id| (Kind::Group, id))));
        }
        let unread = role_list::unread(self, answers);
        if !unread.is_empty() {
            return Err(asked(unread.into_iter().map(|id| (Kind::User, id))));
        }
        role_list::settle(self, answers);
        let nested = questions::nested_groups(self, answers);
        if !nested.is_empty() {
            return Err(asked(nested.into_iter().map(|id| (Kind::Group, id))));
        }
        let look_ups = questions::look_ups(self, answers);
        if !look_ups.is_empty() {
            return Err(Needs { questions: look_ups });
        }
        let conflicts = concerned.conflicts(self);
        let lost: Vec<LinkNo> =
            vanished.iter().chain(&conflicts).copied().collect::<BTreeSet<_>>().into_iter().collect();
        if have_vanished || concerned.are_too_many(lost.len()) {
            let open = if is_reset { concerned.without(&vanished) } else { concerned };
            let lost = if is_reset { conflicts } else { lost };
            if open.are_too_many(lost.len()) {
                let what = match is_reset || vanished.is_empty() {
                    true => "look like other people's accounts",
                    false => "have vanished from the app or look like other people's accounts",
                };
                return Ok(lost_links::stop(self, &lost, &open, what, answers));
            }
            let people = vanished.iter().map(|link| (self.links.row(*link).user.clone(), Hand::Deleted));
            self.reset = people.collect();
        }
        let bound = questions::to_be_bound(self, answers);
        if !bound.is_empty() {
            return Err(asked(bound.into_iter().map(|id| (Kind::User, id))));
        }
        for (kind, why) in doubts(ends) {
            if !self.knows_any(kind) {
                let text = format!("the app is taken to have no {kind}s: {why}");
                let kind = NoticeKind::Advice;
                self.links.notices.push(Notice { kind, subject: None, text, hint: None, place: None });
            }
        }
        Ok(decide::decide(self, answers))
    }

    /// The source guard that stops the whole app, if one does (safety.md 12).
    fn source_guard(&self, ends: &Ends) -> Option<(&'static str, String)> {
        if ends.groups.is_none() && self.needs_groups() {
            let why = "the groups of the app were not listed; nothing is concluded without them, try again";
            return Some(("short-listing", why.to_owned()));
        }
        let app = &self.input.desired.app.id;
        if let Some((remote, one, other)) = self.links.shared.first() {
            let why = format!(
                "the ledger links account {remote} to both {one} and {other}: drop the wrong entry with {} or {}",
                command::unlink(app, one),
                command::unlink(app, other)
            );
            return Some(("link-conflicts", why));
        }
        let before = &*self.input.ledger.endpoint;
        if self.has_new_endpoint && self.input.desired.app.moved_from.as_deref() != Some(before) {
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

    /// An account of which nothing could be read that accounts are matched by: it may be anybody's, as if it had not been
    /// listed. Accounts that `protect` or `links:` names are nobody else's.
    fn unmatchable(&self) -> Option<Arc<str>> {
        let is_open = |row: &&UnlinkedRow| !row.protected && !self.manual.contains_key(&row.remote);
        self.seen.unlinked.values().filter(is_open).find_map(|row| {
            let why = row.unmatchable.as_ref()?;
            let name = row.name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
            Some(
                format!("nothing that accounts are matched by can be read of {}{name}: {why}", row.remote)
                    .into(),
            )
        })
    }

    /// True if the ledger or `links:` knows an object of this kind.
    fn knows_any(&self, kind: Kind) -> bool {
        match kind {
            Kind::User => self.links.live() > 0 || !self.manual.is_empty(),
            Kind::Group => !self.input.ledger.groups.is_empty(),
        }
    }

    /// Why the listings did not show everything: they ended so, or left out an object that the app shows when asked for it.
    fn short_of(&self, ends: &Ends, answers: &Answers, late: BTreeSet<(Kind, RemoteId)>) -> Short {
        let ended = |walk: &Walk| match walk {
            Walk::Incomplete { why } => Some(why.clone()),
            Walk::Complete(_) => None,
        };
        let is_late = |remote: &&Remote| late.contains(&(remote.kind, remote.id.clone()));
        let left_out = |kind: Kind| {
            let late = answers.here().filter(|remote| remote.kind == kind).filter(is_late);
            let late = late.filter(|remote| !lag::is_new(self, remote));
            late.min_by_key(|remote| (&remote.name, &remote.id)).map(left_out)
        };
        let users = ended(&ends.users).or_else(|| left_out(Kind::User));
        let groups = ends.groups.as_ref().and_then(ended).or_else(|| left_out(Kind::Group));
        Short { users, groups, late }
    }

    fn stopped(&self, by: &str, why: String) -> Draft {
        Draft { stopped: Some((by.to_owned(), why)), ..decide::without_decisions(self) }
    }

    /// Takes in objects that the listing did not show, although they exist.
    fn take_in(&mut self, answers: &Answers) {
        let is_listed = |remote: &&Remote| match remote.kind {
            Kind::User => self.is_seen(remote.kind, &remote.id),
            // Of groups that nobody manages, no more is kept than that they were listed.
            Kind::Group => self.seen.shown.group(remote.id.as_str()).is_some(),
        };
        let late = answers.here().filter(|remote| !is_listed(remote) && !remote.unlisted);
        let late: Vec<_> = late.map(|remote| (remote.kind, remote.id.clone())).collect();
        self.short.late.extend(late);
        let news: BTreeMap<(Kind, &RemoteId), &Remote> = answers
            .here()
            .filter(|remote| self.is_news(remote))
            .map(|remote| ((remote.kind, &remote.id), remote))
            .collect();
        let page = Page { rows: news.into_values().cloned().collect() };
        // What an account shows when it is asked for says nothing of what the listing leaves out.
        let diff = PageDiff { shows_roles: false, shows: Vec::new(), ..self.page(&page) };
        self.merge(diff);
    }

    /// True for an object that no page showed, and for a group whose members are read only now.
    fn is_news(&self, remote: &Remote) -> bool {
        let is_read_now = || {
            let row = self.seen.groups.get(&remote.id);
            let is_open = |row: &GroupRow| {
                row.members.everybody().is_none() || matches!(shown::members(self, row), InGroup::Unread(_))
            };
            remote.members.everybody().is_some() && row.is_some_and(is_open)
        };
        !self.is_seen(remote.kind, &remote.id) || (remote.kind == Kind::Group && is_read_now())
    }

    pub(in crate::plan) fn is_seen(&self, kind: Kind, id: &RemoteId) -> bool {
        match kind {
            Kind::User => match self.links.of_remote(id.as_str()) {
                Some(link) => self.seen.link(link).is_some(),
                None => self.seen.unlinked.contains_key(id),
            },
            Kind::Group => self.seen.groups.contains_key(id),
        }
    }
}

fn left_out(remote: &Remote) -> Arc<str> {
    let name = remote.name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("it left out {} {}{name}, which the app shows when asked for it", remote.kind, remote.id).into()
}

fn asked(objects: impl Iterator<Item = (Kind, RemoteId)>) -> Needs {
    Needs { questions: objects.map(|(kind, id)| Question::Object(kind, id)).collect() }
}
