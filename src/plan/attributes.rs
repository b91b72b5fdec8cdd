//! Attributes of accounts as changes: updates, what new accounts start with, references once both ends exist.

use super::causes::{Difference, judge};
use super::compare::{Findings, Reference, Verdict};
use super::links::LinkNo;
use super::notice::NoticeKind;
use super::page::UnlinkedRow;
use super::settle::Settling;
use crate::model::app::{Drift, ManualLink};
use crate::model::change::{Cause, Change, ChangeKind, Facet, Reason, Setting, Shown};
use crate::model::company::ApplyWhen;
use crate::model::ledger::{Hashes, Link, LinkState, Origin};
use crate::model::{RemoteId, UserId, UserNo, Value, Want};
use crate::resolve::{DesiredAttribute, RoleStorage};

impl Settling<'_, '_> {
    /// Attributes of a linked account.
    pub(super) fn attributes(&mut self, user: UserNo, id: &UserId, link: LinkNo) {
        let Some(findings) = self.seen(link).and_then(|seen| seen.findings.as_deref()).cloned() else {
            return;
        };
        if let Some(why) = &findings.error {
            return self.unmappable(id, why);
        }
        let known = self.link(link);
        self.attribute_changes(user, id, &known.remote, Some(known), findings);
    }

    pub(super) fn attribute_changes(
        &mut self,
        user: UserNo,
        id: &UserId,
        remote: &RemoteId,
        link: Option<&Link>,
        findings: Findings,
    ) {
        for difference in findings.differences {
            let path = difference.attribute.path.clone();
            match difference.verdict {
                Verdict::Differs(Difference::Change(cause)) => {
                    let mut change =
                        self.update(id, remote, &difference.attribute, &difference.actual, cause, 3);
                    change.reasons = self.input().why_attribute(user, &difference.attribute);
                    self.push_update(id, change);
                }
                Verdict::Differs(Difference::NotKept { since }) => {
                    let text = format!(
                        "{path}: the app shows another value than it was given {}",
                        since.strftime("on %Y-%m-%d")
                    );
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
        for reference in findings.references {
            let known = link
                .and_then(|link| link.values.get(reference.attribute.path.key()))
                .copied();
            self.references.push((user, reference, known));
        }
        if let Some(roles) = findings.roles {
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
        phase: u8,
    ) -> Change {
        let key = attribute.path.key();
        let mut change = self.change(
            id,
            Facet::Attribute(key.clone()),
            ChangeKind::Update,
            cause,
            phase,
        );
        change.remote = Some(remote.clone());
        change.old = self.shown(key, actual, attribute.sensitive);
        change.new = self.shown_want(attribute);
        change.want = Some((attribute.path.clone(), attribute.want.clone()));
        change
    }

    fn shown_want(&self, attribute: &DesiredAttribute) -> Shown {
        match &attribute.want {
            Want::Is(value) => self.shown(attribute.path.key(), value, attribute.sensitive),
            Want::Ref(to) => Shown {
                text: Some(format!("user:{to}")),
                hash: Some(
                    self.input()
                        .key
                        .value(attribute.path.key(), &Value::str(to.as_str())),
                ),
            },
            Want::Clear | Want::Keep => Shown::default(),
        }
    }

    fn push_update(&mut self, id: &UserId, change: Change) {
        if !self.input().desired.app.users.actions.update {
            return self.forbid("change attributes of", "update", id);
        }
        if change.cause == Cause::Drift && self.input().desired.app.drift == Drift::Report {
            let Facet::Attribute(path) = &change.key.facet else {
                return;
            };
            let text = |shown: &Shown| shown.text.clone().unwrap_or_else(|| "nothing".to_owned());
            let text = format!(
                "{path} is {} in the app, and should be {}",
                text(&change.old),
                text(&change.new)
            );
            return self.notice(NoticeKind::Drift, id, text, None);
        }
        self.push(change);
    }

    pub(super) fn forbid(&mut self, what: &str, action: &str, id: &UserId) {
        self.forbidden
            .entry((what.to_owned(), action.to_owned()))
            .or_default()
            .push(id.clone());
    }

    /// New accounts, once it is known who else has one.
    pub(super) fn settle_creates(&mut self) {
        for (user, cause, attributes) in std::mem::take(&mut self.creates) {
            let id = self.user_id(user).clone();
            let mut change = self.change(&id, Facet::Life, ChangeKind::Create, cause, 4);
            change.sets = self.settings(&attributes);
            change.reasons = self.input().why_account(user);
            self.work
                .matching
                .insert(id.clone(), self.input().desired.matching(user));
            self.push(change);
            self.initial_roles(user, &id, &attributes);
            for attribute in attributes {
                if let (Want::Ref(to), false) = (&attribute.want, self.is_there(&attribute.want)) {
                    let reference = Reference {
                        to: to.clone(),
                        actual: Value::Null,
                        attribute: attribute.clone(),
                    };
                    self.references.push((user, reference, None));
                }
            }
        }
    }

    /// What an account starts with: everything but roles, which are grants, and references to accounts still to come.
    fn settings(&self, attributes: &[DesiredAttribute]) -> Vec<Setting> {
        let starts = |attribute: &&DesiredAttribute| match &attribute.want {
            Want::Is(_) => !matches!(attribute.roles, RoleStorage::One | RoleStorage::All),
            Want::Ref(_) => self.is_there(&attribute.want),
            Want::Clear | Want::Keep => false,
        };
        attributes
            .iter()
            .filter(starts)
            .map(|attribute| Setting {
                path: attribute.path.as_str().into(),
                value: self.shown_want(attribute),
                want: Some((attribute.path.clone(), attribute.want.clone())),
            })
            .collect()
    }

    /// True if the account a reference points at exists already.
    fn is_there(&self, want: &Want) -> bool {
        let Want::Ref(to) = want else { return false };
        let account = self
            .input()
            .resolved
            .company
            .user(to.as_str())
            .and_then(|user| self.accounts.get(&user));
        account.is_some_and(|account| account.remote.is_some())
    }

    /// References of existing accounts, and those of new ones that had to wait.
    pub(super) fn settle_references(&mut self) {
        for (user, reference, known) in std::mem::take(&mut self.references) {
            let id = self.user_id(user).clone();
            let target = self.input().resolved.company.user(reference.to.as_str());
            if self.is_frozen(&id) || self.is_frozen(&reference.to) {
                continue;
            }
            let account = target.and_then(|target| self.accounts.get(&target)).cloned();
            let undecided = target.is_some_and(|target| self.input().desired.unknown.contains_key(&target));
            let attribute = match &account {
                Some(_) => reference.attribute.clone(),
                None if undecided => continue,
                None => DesiredAttribute {
                    want: Want::Clear,
                    ..reference.attribute.clone()
                },
            };
            let wanted_remote = account.as_ref().and_then(|account| account.remote.as_ref());
            let actual_text = reference.actual.as_str();
            let is_right = match (&account, wanted_remote) {
                (None, _) => reference.actual.is_null() || actual_text == Some(""),
                (Some(_), Some(remote)) => actual_text == Some(remote.as_str()),
                (Some(_), None) => false,
            };
            if is_right {
                continue;
            }
            let key = attribute.path.key().clone();
            let wanted = match &account {
                Some(_) => Value::str(reference.to.as_str()),
                None => Value::Null,
            };
            let actual = self.as_our_id(&reference.actual);
            match judge(self.input().key, &key, &wanted, &actual, known.as_ref()) {
                Difference::NotKept { since } => {
                    let text = format!(
                        "{}: the app shows another reference than it was given {}",
                        attribute.path,
                        since.strftime("on %Y-%m-%d")
                    );
                    self.notice(NoticeKind::NotKept, &id, text, None);
                }
                Difference::Change(cause) => {
                    let remote = self
                        .accounts
                        .get(&user)
                        .and_then(|account| account.remote.clone());
                    let mut change =
                        self.change(&id, Facet::Attribute(key.clone()), ChangeKind::Update, cause, 5);
                    change.remote = remote;
                    change.old = self.shown_reference(&key, &reference.actual, &actual);
                    change.new = self.shown_want(&attribute);
                    change.reasons = self.input().why_attribute(user, &attribute);
                    change.want = Some((attribute.path.clone(), attribute.want.clone()));
                    self.push_update(&id, change);
                }
            }
        }
    }

    /// References are remembered as our ids (safety.md 8): an account of ours by its person, any other by its own id.
    fn as_our_id(&self, actual: &Value) -> Value {
        let link = actual.as_str().and_then(|remote| self.links().of_remote(remote));
        link.map_or_else(
            || actual.clone(),
            |link| Value::str(self.links().row(link).user.as_str()),
        )
    }

    fn shown_reference(&self, key: &str, actual: &Value, ours: &Value) -> Shown {
        if actual.is_null() {
            return Shown::default();
        }
        let text = if ours == actual {
            format!("account {actual}")
        } else {
            format!("user:{ours}")
        };
        Shown {
            text: Some(text),
            hash: Some(self.input().key.value(key, ours)),
        }
    }

    pub(super) fn adoption_reasons(&self, user: UserNo, row: &UnlinkedRow, listed: bool) -> Vec<Reason> {
        let id = self.user_id(user);
        if let (true, Some(ManualLink::To { span, .. })) = (listed, self.input().desired.app.links.get(id)) {
            return vec![self.input().reason(
                format!("`links:` names account {} for user:{id}", row.remote),
                *span,
            )];
        }
        if self.crashed_create(id) {
            let text = format!("an interrupted run created account {} for user:{id}", row.remote);
            return vec![Reason { text, place: None }];
        }
        let rank = row
            .candidates
            .iter()
            .find(|candidate| candidate.user == user)
            .map(|candidate| candidate.rank);
        let by = rank
            .and_then(|rank| self.differ.index.path(rank))
            .map(|path| format!(" by {path}"))
            .unwrap_or_default();
        let name = row.name.as_deref().unwrap_or("no name");
        let span = self.input().resolved.company.users[user.index()].span;
        vec![self.input().reason(
            format!("account {} ({name}) matches user:{id}{by}", row.remote),
            span,
        )]
    }

    /// The ledger entry of an account that is taken over: values that are as desired are remembered as kept.
    pub(super) fn adoption_link(
        &mut self,
        user: UserNo,
        id: &UserId,
        row: &UnlinkedRow,
        findings: &Findings,
    ) {
        let mut values = std::collections::BTreeMap::new();
        if let Ok(attributes) = self.input().desired.attributes(user) {
            for (attribute, actual) in attributes.iter().zip(&row.values) {
                let differs = findings
                    .differences
                    .iter()
                    .any(|difference| difference.attribute.path == attribute.path);
                let unhashed = attribute.sensitive || attribute.apply == ApplyWhen::Create;
                if let (Want::Is(value), false, false) = (&attribute.want, differs, unhashed) {
                    let key = attribute.path.key();
                    let asked = self.input().key.value(key, value);
                    let kept = self.input().key.value(key, actual);
                    values.insert(
                        key.clone(),
                        Hashes {
                            asked,
                            kept,
                            at: self.input().resolved.at,
                        },
                    );
                }
            }
        }
        let app = self.input().desired.app;
        let held = findings.roles.iter().flat_map(|roles| &roles.held);
        let declared: Vec<_> = self.input().desired.roles_of(user).collect();
        let roles = held
            .filter(|role| declared.contains(role))
            .map(|role| app.roles[role.index()].id.clone())
            .collect();
        let origin = if self.crashed_create(id) {
            Origin::Created
        } else {
            Origin::Adopted
        };
        let link = Link {
            remote: row.remote.clone(),
            origin,
            state: if row.active {
                LinkState::Active
            } else {
                // The adoption turns it on; until that is done, it is off by our leave.
                LinkState::Disabled {
                    since: self.input().resolved.at,
                }
            },
            commit: self.input().commit.map(Into::into),
            life: Some(self.life(user)),
            roles,
            values,
        };
        self.work.links.insert(id.clone(), link);
    }

    /// True if an externalId is the one our mapping gives this person, or one of the person's ids.
    pub(super) fn is_our_external_id(&self, id: &UserId, row: &UnlinkedRow, external: &str) -> bool {
        let company = self.input().resolved.company;
        let Some(user) = company.user(id.as_str()) else {
            return external == id.as_str();
        };
        let earlier = company.users[user.index()].previously.iter();
        let mapped = self
            .differ
            .external_id_column()
            .and_then(|column| row.values.get(column))
            .and_then(Value::as_str);
        let wanted = self.input().desired.attributes(user).ok().and_then(|attributes| {
            let attribute = attributes
                .into_iter()
                .find(|attribute| &**attribute.path.key() == "externalid")?;
            match attribute.want {
                Want::Is(Value::Str(text)) => Some(text),
                _ => None,
            }
        });
        std::iter::once(id)
            .chain(earlier)
            .any(|ours| ours.as_str() == external)
            || wanted.as_deref() == Some(external)
            || (wanted.is_some() && mapped == wanted.as_deref())
    }
}
