//! Attributes of existing accounts as changes.

use std::sync::Arc;

use super::age;
use super::causes::Difference;
use super::compare::{Findings, Verdict};
use super::links::LinkNo;
use super::notice::NoticeKind;
use super::settle::{Settling, Waiting};
use crate::model::app::Drift;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Shown};
use crate::model::company::ApplyWhen;
use crate::model::ledger::{Hashes, Link};
use crate::model::{Path, RemoteId, UserId, UserNo, Value, Want};
use crate::resolve::DesiredAttribute;

impl Settling<'_, '_> {
    /// Attributes of a linked account.
    pub(super) fn attributes(&mut self, user: UserNo, id: &UserId, link: LinkNo) {
        let Some(findings) = self.seen(link).and_then(|seen| seen.findings.as_deref()) else {
            return;
        };
        if let Some(why) = &findings.error {
            return self.unmappable(id, why);
        }
        self.remember_begun(user, id, findings);
        let known = self.link(link);
        let references = (0..findings.references.len()).map(|at| (user, Waiting::Read(link, at)));
        self.references.extend(references);
        self.attribute_changes(user, id, &known.remote, Some(known), findings);
    }

    /// What an interrupted run set out to write, and what is so now, was written: by that, drift is told from
    /// configuration later (safety.md 8).
    fn remember_begun(&mut self, user: UserNo, id: &UserId, findings: &Findings) {
        if self.input().ledger.intents.is_empty() {
            return;
        }
        let differs = |path: &Path| {
            let mut differences = findings.differences.iter();
            differences.any(|difference| difference.attribute.path == *path)
        };
        for attribute in self.input().desired.attributes(user).into_iter().flatten() {
            let path = &attribute.path;
            let is_roles = attribute.stores_roles();
            let Want::Is(value) = &attribute.want else {
                continue;
            };
            if attribute.sensitive || attribute.apply == ApplyWhen::Create || is_roles || differs(path) {
                continue;
            }
            if self.is_begun(&Object::User(id.clone()), Facet::Attribute(path.key().clone())) {
                let (key, at) = (self.input().key, self.input().resolved.at);
                self.remember(id, path.key(), Hashes::of(key, path.key(), value, value, at));
            }
        }
    }

    /// In the ledger entry of somebody who is linked.
    pub(super) fn remember(&mut self, id: &UserId, path: &Arc<str>, hashes: Hashes) {
        let Some(link) = self.links().of_id(id) else {
            return;
        };
        let known = self.link(link);
        let is_known = |known: &Hashes| known.asked == hashes.asked && known.kept == hashes.kept;
        if !known.values.get(path).is_some_and(is_known) {
            self.observe_link(id, known, |link| {
                link.values.insert(path.clone(), hashes);
            });
        }
    }

    pub(super) fn attribute_changes(
        &mut self,
        user: UserNo,
        id: &UserId,
        remote: &RemoteId,
        link: Option<&Link>,
        findings: &Findings,
    ) {
        for difference in &findings.differences {
            let path = difference.attribute.path.clone();
            match difference.verdict {
                Verdict::Differs(Difference::Change(cause)) => {
                    let mut change =
                        self.update(id, remote, &difference.attribute, &difference.actual, cause);
                    change.reasons = self.input().why_attribute(user, &difference.attribute);
                    self.push_update(id, change);
                }
                Verdict::Differs(Difference::NotKept { since }) => {
                    let since = age::since(since, self.input().resolved.at);
                    let text = format!("{path}: the app shows another value than it was given {since}");
                    self.notice(
                        NoticeKind::NotKept,
                        id,
                        text,
                        Some("it is not sent again; change the mapping or the app if it matters"),
                    );
                }
                Verdict::Immutable => {
                    let text = format!("{path} cannot be changed in this app once it is set");
                    self.notice(
                        NoticeKind::NotPossible,
                        id,
                        text,
                        Some("map it with `apply: create`, or put the declared value right"),
                    );
                }
            }
        }
        if let Some(roles) = &findings.roles {
            self.role_changes(user, id, remote, link, roles);
        }
    }

    /// An attribute change; the caller adds reasons.
    fn update(
        &self,
        id: &UserId,
        remote: &RemoteId,
        attribute: &DesiredAttribute,
        actual: &Value,
        cause: Cause,
    ) -> Change {
        let key = attribute.path.key();
        let mut change = self.change(id, Facet::Attribute(key.clone()), ChangeKind::Update, cause);
        change.remote = Some(remote.clone());
        change.old = self.shown(key, actual, attribute.sensitive);
        change.new = self.shown_want(attribute);
        change.want = Some((attribute.path.clone(), attribute.want.clone()));
        change
    }

    pub(super) fn shown_want(&self, attribute: &DesiredAttribute) -> Shown {
        match &attribute.want {
            Want::Is(value) => self.shown(attribute.path.key(), value, attribute.sensitive),
            Want::Ref(to) => Shown {
                text: Some(format!("user:{to}")),
                hash: Some(self.input().key.value(attribute.path.key(), &Value::str(to.as_str()))),
            },
            Want::Clear | Want::Keep => Shown::default(),
        }
    }

    pub(super) fn push_update(&mut self, id: &UserId, change: Change) {
        if !self.input().desired.app.users.actions.update {
            let remedy = "add `update` to `users.actions` if it should";
            return self.forbid("change attributes of", remedy, id);
        }
        if !self.input().capabilities.update_users {
            let Facet::Attribute(path) = &change.key.facet else {
                return;
            };
            let text = format!("{path} differs, and this app lets nobody change accounts");
            let hint = "put it right in the app by hand, or map it with `apply: create`";
            return self.notice(NoticeKind::NotPossible, id, text, Some(hint));
        }
        if change.cause == Cause::Drift && self.input().desired.app.drift == Drift::Report {
            let Facet::Attribute(path) = &change.key.facet else {
                return;
            };
            let text = |shown: &Shown| shown.text.clone().unwrap_or_else(|| "nothing".to_owned());
            let text =
                format!("{path} is {} in the app, and should be {}", text(&change.old), text(&change.new));
            return self.notice(NoticeKind::Drift, id, text, None);
        }
        self.push(change);
    }
}
