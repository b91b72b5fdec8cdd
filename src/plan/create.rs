//! What new accounts start with, and references, which wait until both accounts are there.

use super::age;
use super::causes::{Difference, judge};
use super::compare::Reference;
use super::notice::NoticeKind;
use super::settle::{Settling, Waiting};
use crate::model::change::{ChangeKind, Facet, Object, Phase, Setting, Shown};
use crate::model::ledger::Hashes;
use crate::model::{UserId, Value, Want};
use crate::resolve::DesiredAttribute;

impl Settling<'_, '_> {
    /// New accounts, once it is known who else has one.
    pub(super) fn settle_creates(&mut self) {
        for (user, cause, attributes) in std::mem::take(&mut self.creates) {
            let id = self.user_id(user).clone();
            let mut change = self.change(&id, Facet::Life, ChangeKind::Create, cause);
            change.sets = self.settings(&attributes);
            change.reasons = self.input().why_account(user);
            self.push(change);
            self.initial_roles(user, &id, &attributes, cause);
            for (place, attribute) in attributes.iter().enumerate() {
                if let (Want::Ref(to), false) = (&attribute.want, self.is_there(&attribute.want)) {
                    let reference = Reference { place, to: to.clone(), actual: Value::Null };
                    self.references.push((user, Waiting::New(Box::new(reference))));
                }
            }
        }
    }

    /// What an account starts with: everything but roles, which are grants, and references to accounts still to come.
    fn settings(&self, attributes: &[DesiredAttribute]) -> Vec<Setting> {
        let starts = |attribute: &&DesiredAttribute| match &attribute.want {
            Want::Is(_) => !attribute.stores_roles(),
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
        let account =
            self.input().resolved.company.user(to.as_str()).and_then(|user| self.accounts.get(user));
        account.is_some_and(|account| account.remote.is_some())
    }

    /// References of existing accounts, and those of new ones that had to wait.
    pub(super) fn settle_references(&mut self) {
        for (user, waiting) in std::mem::take(&mut self.references) {
            let (link, reference) = match &waiting {
                Waiting::New(reference) => (None, &**reference),
                Waiting::Read(link, at) => {
                    let findings = self.seen(*link).and_then(|seen| seen.findings.as_deref());
                    let Some(reference) = findings.and_then(|findings| findings.references.get(*at)) else {
                        continue;
                    };
                    (Some(self.link(*link)), reference)
                }
            };
            let Some(attribute) = self.input().desired.reference(reference.place, &reference.to) else {
                continue;
            };
            let id = self.user_id(user).clone();
            let target = self.input().resolved.company.user(reference.to.as_str());
            if self.is_frozen(&id) || self.is_frozen(&reference.to) {
                continue;
            }
            let account = target.and_then(|target| self.accounts.get(target)).cloned();
            // Undecided, or desired and out of reach for now (disabled by somebody else, say): nothing is cleared for that.
            let desired = self.input().desired;
            let undecided = target.is_some_and(|target| {
                desired.unknown.contains_key(&target)
                    || desired.active.contains(target.0)
                    || desired.suspended.contains(target.0)
            });
            let attribute = match &account {
                Some(_) => attribute,
                None if undecided => continue,
                None => DesiredAttribute { want: Want::Clear, ..attribute },
            };
            let wanted_remote = account.as_ref().and_then(|account| account.remote.as_ref());
            let actual_text = reference.actual.as_str();
            let is_right = match (&account, wanted_remote) {
                (None, _) => reference.actual.is_null() || actual_text == Some(""),
                (Some(_), Some(remote)) => actual_text == Some(remote.as_str()),
                (Some(_), None) => false,
            };
            if is_right {
                if account.is_some() {
                    self.remember_reference(&id, &attribute, &reference.to);
                }
                continue;
            }
            let key = attribute.path.key().clone();
            let known = link.and_then(|link| link.values.get(&key));
            let wanted = match &account {
                Some(_) => Value::str(reference.to.as_str()),
                None => Value::Null,
            };
            let actual = self.as_our_id(&reference.actual);
            match judge(self.input().key, &key, &wanted, &actual, known) {
                Difference::NotKept { since } => {
                    let since = age::since(since, self.input().resolved.at);
                    let text = format!(
                        "{}: the app shows another reference than it was given {since}",
                        attribute.path
                    );
                    let hint = "it is not sent again; change the mapping or the app if it matters";
                    self.notice(NoticeKind::NotKept, &id, text, Some(hint));
                }
                Difference::Change(cause) => {
                    let remote = self.accounts.get(user).and_then(|account| account.remote.clone());
                    let mut change =
                        self.change(&id, Facet::Attribute(key.clone()), ChangeKind::Update, cause);
                    change.phase = Phase::Refer;
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

    /// A reference that is as it should be, on an account that this plan takes over or by the hand of an interrupted run.
    fn remember_reference(&mut self, id: &UserId, attribute: &DesiredAttribute, to: &UserId) {
        let key = attribute.path.key();
        if attribute.sensitive {
            return;
        }
        let (hash_key, at) = (self.input().key, self.input().resolved.at);
        let hashes = || {
            let ours = Value::str(to.as_str());
            Hashes::of(hash_key, key, &ours, &ours, at)
        };
        if let Some(link) = self.work.links.get_mut(id) {
            link.values.insert(key.clone(), hashes());
        } else if self.is_begun(&Object::User(id.clone()), Facet::Attribute(key.clone())) {
            self.remember(id, key, hashes());
        }
    }

    /// References are remembered as our ids (safety.md 8): an account of ours by its person, any other by its own id.
    fn as_our_id(&self, actual: &Value) -> Value {
        let link = actual.as_str().and_then(|remote| self.links().of_remote(remote));
        link.map_or_else(|| actual.clone(), |link| Value::str(self.links().row(link).user.as_str()))
    }

    fn shown_reference(&self, key: &str, actual: &Value, ours: &Value) -> Shown {
        if actual.is_null() {
            return Shown::default();
        }
        let text = if ours == actual { format!("account {actual}") } else { format!("user:{ours}") };
        Shown { text: Some(text), hash: Some(self.input().key.value(key, ours)) }
    }
}
