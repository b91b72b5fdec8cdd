//! Values in the attribute of roles that are no declared role: former roles, and what others put there.

use super::compare::RoleValues;
use super::draft::Dependence;
use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::app::MembersPolicy;
use crate::model::change::{Change, ChangeKind, Verdict};
use crate::model::ledger::Link;
use crate::model::{RemoteId, RoleId, UserId};
use crate::resolve::RoleStorage;

/// A role of ours that the app still shows under a value it is not stored as any more.
pub(super) struct FormerRole {
    role: RoleId,
    value: String,
    /// It is still declared, with another value.
    is_declared: bool,
}

impl FormerRole {
    /// A role that is stored otherwise today goes by both, since its id alone is the key of the grant of today's value.
    pub(super) fn key(&self) -> RoleId {
        if self.is_declared {
            RoleId::new(format!("{}={}", self.role, self.value))
        } else {
            self.role.clone()
        }
    }

    pub(super) fn was_given(&self, link: Option<&Link>) -> bool {
        link.is_some_and(|link| link.roles.contains(&self.role))
    }
}

impl Settling<'_, '_> {
    /// Values that are no declared role: former roles of ours are revoked, others stay unless membership is exact.
    pub(super) fn undeclared_values(
        &mut self,
        id: &UserId,
        remote: &RemoteId,
        link: Option<&Link>,
        roles: &RoleValues,
        replaced: bool,
    ) {
        let policy = self.input().desired.app.groups.members;
        let (exact, adds) = (policy == MembersPolicy::Exact, policy == MembersPolicy::Add);
        let user = self.input().resolved.company.user(id.as_str());
        let mut strangers = Vec::new();
        let adopted = user.is_some_and(|user| self.adopted.contains(&user));
        for value in &roles.undeclared {
            let text = value.to_string();
            match (self.former_role_of(&text), user) {
                (Some(former), Some(user)) if !adopted && (!adds || former.was_given(link)) => {
                    // Where one value fits, the grant itself replaces it.
                    if !replaced {
                        let key = former.key();
                        let mut change = self.revocation(user, id, Some(remote), &key, true, &text);
                        if former.is_declared {
                            let text = format!("role {} is not stored as \"{text}\" any more", former.role);
                            change.reasons = vec![self.input().reason(text, self.input().desired.app.span)];
                        }
                        self.push_revocation(id, change);
                    }
                }
                (None, Some(user)) if exact && !replaced && !adopted => {
                    let key = self.key_of_value(&text);
                    let change = self.revocation(user, id, Some(remote), &key, false, &text);
                    self.push_revocation(id, change);
                }
                _ => strangers.push(text),
            }
        }
        if !strangers.is_empty() && roles.attribute.roles == RoleStorage::All {
            let text = format!(
                "holds {}, which is no declared role: it stays",
                strangers.join(", ")
            );
            self.notice(
                NoticeKind::Strangers,
                id,
                text,
                Some("declare the role, or set `groups.members: exact`"),
            );
        }
    }

    /// The role of ours that was stored as this value.
    pub(super) fn former_role_of(&self, text: &str) -> Option<FormerRole> {
        let mut known = self.input().ledger.roles.iter();
        let (role, value) = known.find(|(_, value)| ***value == *text)?;
        Some(FormerRole {
            role: role.clone(),
            value: value.to_string(),
            is_declared: self.input().desired.app.role(role.as_str()).is_some(),
        })
    }

    /// A key for a value that is no declared role; never that of a role, which may be a group and called so.
    pub(super) fn key_of_value(&self, text: &str) -> RoleId {
        match self.input().desired.app.role(text) {
            Some(_) => RoleId::new(format!("{text}={text}")),
            None => RoleId::new(text),
        }
    }

    /// In an attribute for one role a grant waits for the revocation of the other: if that is held, so is the grant.
    pub(super) fn grant_needs_room(&mut self, from: usize) {
        let of = |kind: ChangeKind| {
            let changes = self.changes[from..].iter();
            changes
                .filter(move |change| change.kind == kind)
                .map(|change| change.key.clone())
        };
        let pairs: Vec<_> = of(ChangeKind::RoleGrant)
            .flat_map(|change| {
                of(ChangeKind::RoleRevoke).map(move |needs| Dependence {
                    change: change.clone(),
                    needs,
                })
            })
            .collect();
        self.dependences.extend(pairs);
    }

    /// Where an attribute keeps one role only and `staying` others are not all revoked, nothing can be granted.
    pub(super) fn hold_without_room(&mut self, from: usize, staying: usize) {
        let changes = &mut self.changes[from..];
        let is_going = |change: &&Change| change.kind == ChangeKind::RoleRevoke && change.verdict.is_do();
        if changes.iter().filter(is_going).count() >= staying {
            return;
        }
        let grants = changes
            .iter_mut()
            .filter(|change| change.kind == ChangeKind::RoleGrant);
        for grant in grants.filter(|grant| grant.verdict.is_do()) {
            let why = "the app keeps one role only, and the one this account has is not to be revoked now";
            grant.verdict = Verdict::Held {
                by: "one-role".into(),
                why: why.to_owned(),
            };
        }
    }
}
