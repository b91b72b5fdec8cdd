//! A group of the app itself: created, adopted, renamed (safety.md 4).

use std::collections::BTreeSet;

use super::age;
use super::causes::Difference;
use super::compare::{self, Verdict};
use super::group::GroupCase;
use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::app::Drift;
use crate::model::change::{Cause, ChangeKind, Facet, Object, Reason, Shown};
use crate::model::ledger::{GroupLink, Hashes, Origin};
use crate::model::{AttributeHashes, Value, Want};
use crate::resolve::{DesiredAttribute, DesiredGroup};

impl Settling<'_, '_> {
    pub(super) fn create_group(&mut self, case: &GroupCase, attributes: &[DesiredAttribute]) {
        let cause = if case.link.is_some() { Cause::Drift } else { Cause::Config };
        let mut change =
            self.change_of(case.wanted.object.clone(), Facet::Life, ChangeKind::GroupCreate, cause);
        change.new = self.group_name(attributes);
        change.reasons = vec![self.declared_here(case.wanted)];
        let values = attributes.iter().filter(|attribute| matches!(attribute.want, Want::Is(_)));
        let values = values.map(|attribute| (attribute.path.clone(), attribute.want.clone())).collect();
        self.work.group_attributes.insert(case.key.clone(), values);
        self.push(change);
    }

    pub(super) fn adopt_group(&mut self, case: &GroupCase, attributes: &[DesiredAttribute]) {
        let Some(row) = case.row else { return };
        let crashed = self.crashed_group(&case.wanted.object);
        let (cause, origin) = match crashed {
            true => (Cause::Retry, Origin::Created),
            false => (Cause::Config, Origin::Adopted),
        };
        let object = case.wanted.object.clone();
        let mut change = self.change_of(object, Facet::Life, ChangeKind::Adopt, cause);
        change.remote = Some(row.remote.clone());
        change.new = self.group_name(attributes);
        change.reasons = match crashed {
            true => {
                vec![Reason { text: format!("an interrupted run created group {}", row.remote), place: None }]
            }
            false => vec![self.declared_here(case.wanted)],
        };
        let mut values = AttributeHashes::default();
        for attribute in attributes {
            let actual = self.differ.group_column(&attribute.path).and_then(|column| row.values.get(column));
            if let (Want::Is(wanted), Some(actual)) = (&attribute.want, actual) {
                let key = attribute.path.key();
                let verdict = compare::one(self.input().key, attribute, wanted, actual, None);
                if verdict.is_none() {
                    let (hash_key, at) = (self.input().key, self.input().resolved.at);
                    values.insert(key.clone(), Hashes::of(hash_key, key, wanted, actual, at));
                }
            }
        }
        let link = GroupLink {
            remote: row.remote.clone(),
            origin,
            commit: self.input().commit.map(Into::into),
            members: BTreeSet::new(),
            added: BTreeSet::new(),
            values,
        };
        self.work.group_links.insert(case.key.clone(), link);
        self.push(change);
    }

    pub(super) fn group_attributes(&mut self, case: &GroupCase, attributes: &[DesiredAttribute]) {
        let Some(row) = case.row else { return };
        for attribute in attributes {
            let actual =
                self.differ.group_column(&attribute.path).and_then(|column| row.values.get(column)).cloned();
            let Some(actual) = actual else { continue };
            let key = attribute.path.key();
            let wanted = match &attribute.want {
                Want::Is(value) => value.clone(),
                Want::Clear => Value::Null,
                Want::Keep | Want::Ref(_) => continue,
            };
            let known = case.link.and_then(|link| link.values.get(key));
            let verdict = compare::one(self.input().key, attribute, &wanted, &actual, known);
            let cause = match verdict {
                None => continue,
                Some(Verdict::Differs(Difference::Change(cause))) => cause,
                Some(Verdict::Differs(Difference::NotKept { since })) => {
                    let since = age::since(since, self.input().resolved.at);
                    let text =
                        format!("{}: the app shows another value than it was given {since}", attribute.path);
                    let hint = "it is not sent again; change the mapping or the app if it matters";
                    self.group_notice(NoticeKind::NotKept, &case.wanted.object, text, Some(hint));
                    continue;
                }
                Some(Verdict::Immutable) => {
                    let text = format!("{} cannot be changed in this app once it is set", attribute.path);
                    let hint = "put the declared value right, or map it with `apply: create`";
                    self.group_notice(NoticeKind::NotPossible, &case.wanted.object, text, Some(hint));
                    continue;
                }
            };
            if cause == Cause::Drift && self.input().desired.app.drift == Drift::Report {
                let text =
                    format!("{} is \"{actual}\" in the app, and should be \"{wanted}\"", attribute.path);
                self.group_notice(NoticeKind::Drift, &case.wanted.object, text, None);
                continue;
            }
            let is_name = &**key == "displayname";
            if is_name && !self.input().capabilities.rename_groups {
                let text = format!("is called \"{actual}\" in the app, and groups cannot be renamed there");
                self.group_notice(
                    NoticeKind::NotPossible,
                    &case.wanted.object,
                    text,
                    Some("rename it in the app"),
                );
                continue;
            }
            let kind = if is_name { ChangeKind::GroupRename } else { ChangeKind::Update };
            let mut change =
                self.change_of(case.wanted.object.clone(), Facet::Attribute(key.clone()), kind, cause);
            change.remote = Some(row.remote.clone());
            change.old = self.shown(key, &actual, attribute.sensitive);
            change.new = self.shown(key, &wanted, attribute.sensitive);
            change.reasons = vec![self.declared_here(case.wanted)];
            change.want = Some((attribute.path.clone(), attribute.want.clone()));
            self.push(change);
        }
    }

    fn group_name(&self, attributes: &[DesiredAttribute]) -> Shown {
        attributes
            .iter()
            .find_map(|attribute| match &attribute.want {
                Want::Is(value) if &**attribute.path.key() == "displayname" => {
                    Some(self.shown("displayname", value, false))
                }
                _ => None,
            })
            .unwrap_or_default()
    }

    pub(super) fn declared_here(&self, wanted: &DesiredGroup) -> Reason {
        let app = &self.input().desired.app.id;
        let text = match &wanted.object {
            Object::Role(role) => format!("role {role} of {app} is a group"),
            object => format!("{object} is pushed to {app}"),
        };
        self.input().reason(text, wanted.span)
    }
}
