//! Taking over an account that is there already: a line of the plan, never an accident (safety.md 2).

use super::compare::{self, Findings};
use super::notice::NoticeKind;
use super::page::UnlinkedRow;
use super::settle::{Settling, Waiting};
use crate::model::app::{Adopt, Deprovision, ManualLink};
use crate::model::change::{Cause, ChangeKind, Facet, Reason};
use crate::model::company::ApplyWhen;
use crate::model::ledger::{Hashes, Link, LinkState, Origin};
use crate::model::{AttributeHashes, UserId, UserNo, Value, Want};

impl Settling<'_, '_> {
    pub(super) fn adopt(&mut self, user: UserNo, id: &UserId, row: &UnlinkedRow, kind: ChangeKind) {
        let listed = self.differ.manual.get(&row.remote) == Some(id);
        let refusal = if self.crashed_create(id) && !row.protected {
            None
        } else {
            self.refusal(user, id, row, listed)
        };
        if let Some(why) = refusal {
            let name = row.name.as_deref().unwrap_or("no name");
            let text = format!("account {} ({name}) matches, but {why}", row.remote);
            let hint = if row.protected {
                "take it out of `protect:` if rolecall should manage it, or leave the person out with `links: {…: ignore}`".to_owned()
            } else {
                format!("if it is theirs, say so: `links: {{{id}: \"{}\"}}`", row.remote)
            };
            self.freeze(id.clone());
            return self.notice(NoticeKind::NotAdopted, id, text, Some(&hint));
        }
        let findings = self.compare_unlinked(user, row);
        if let Some(why) = &findings.error {
            return self.unmappable(id, why);
        }
        let cause = if self.crashed_create(id) { Cause::Retry } else { Cause::Config };
        let mut change = self.change(id, Facet::Life, kind, cause);
        change.remote = Some(row.remote.clone());
        change.reasons = self.adoption_reasons(user, row, listed);
        self.adopted.insert(user);
        self.claimed.insert(row.remote.clone(), id.clone());
        self.adoption_link(user, id, row, &findings);
        self.hold_account(user, &row.remote);
        if !row.active {
            // Listed: turned on with the adoption, whose key it would share.
            change.turn_on();
        }
        self.push(change);
        self.attribute_changes(user, id, &row.remote, None, &findings);
        let references = findings.references.into_iter().map(Box::new);
        let references = references.map(|reference| (user, Waiting::New(reference)));
        self.references.extend(references);
    }

    fn compare_unlinked(&self, user: UserNo, row: &UnlinkedRow) -> Findings {
        compare::account(self.input().desired, self.input().key, user, None, &row.values)
    }

    /// A leaver whose account rolecall does not know yet: adopted by this plan, disabled by the next (safety.md 5).
    pub(super) fn adopt_leaver(&mut self, user: UserNo, id: &UserId, row: &UnlinkedRow) {
        let users = &self.input().desired.app.users;
        if users.deprovision == Deprovision::Keep || !users.actions.deprovision {
            return self.kept.push(id.clone());
        }
        let listed = self.differ.manual.get(&row.remote) == Some(id);
        let name = row.name.as_deref().unwrap_or("no name");
        let access = format!("account {} ({name}) is active", row.remote);
        let hint = if let Some(why) = self.leaver_refusal(id, row, listed) {
            self.freeze(id.clone());
            format!("it is not taken over, because {why}; disable it in the app, or name it below `links:`")
        } else {
            let mut change = self.change(id, Facet::Life, ChangeKind::Adopt, Cause::Left);
            change.remote = Some(row.remote.clone());
            change.reasons = self.adoption_reasons(user, row, listed);
            self.adopted.insert(user);
            self.claimed.insert(row.remote.clone(), id.clone());
            let findings = self.compare_unlinked(user, row);
            self.adoption_link(user, id, row, &findings);
            self.push(change);
            "this plan adopts the account, the next one disables it".to_owned()
        };
        self.notice(NoticeKind::StillHasAccess, id, access, Some(&hint));
    }

    fn leaver_refusal(&self, id: &UserId, row: &UnlinkedRow, listed: bool) -> Option<String> {
        if row.protected {
            return Some("it is protected".to_owned());
        }
        self.policy_refusal(listed).or_else(|| (!listed).then(|| self.identity_refusal(id, row)).flatten())
    }

    fn policy_refusal(&self, listed: bool) -> Option<String> {
        match self.input().desired.app.adopt {
            _ if listed => None,
            Adopt::Never => Some("`adopt: never` forbids it".to_owned()),
            Adopt::Listed => Some("`adopt: listed` allows only what stands below `links:`".to_owned()),
            Adopt::Matched => None,
        }
    }

    /// Why an account may not be taken over without being listed.
    fn refusal(&self, user: UserNo, id: &UserId, row: &UnlinkedRow, listed: bool) -> Option<String> {
        if row.protected {
            return Some("it is protected".to_owned());
        }
        if listed {
            return None;
        }
        let inactive = || (!row.active).then(|| "it is inactive".to_owned());
        self.policy_refusal(false)
            .or_else(inactive)
            .or_else(|| self.identity_refusal(id, row))
            .or_else(|| self.privilege_refusal(user, row))
    }

    fn identity_refusal(&self, id: &UserId, row: &UnlinkedRow) -> Option<String> {
        let external = row.external_id.as_deref().filter(|external| !external.is_empty())?;
        (!self.is_our_external_id(id, external))
            .then(|| format!("its externalId is \"{external}\", which is not ours"))
    }

    /// True if an externalId is the one our mapping gives this person, or one of the person's ids.
    fn is_our_external_id(&self, id: &UserId, external: &str) -> bool {
        let company = self.input().resolved.company;
        let Some(user) = company.user(id.as_str()) else {
            return external == id.as_str();
        };
        let mut ids = std::iter::once(id).chain(&company.users[user.index()].previously);
        let wanted = || {
            let attributes = self.input().desired.attributes(user).ok()?;
            let mut attributes = attributes.into_iter();
            let mapped = attributes.find(|attribute| &**attribute.path.key() == "externalid")?;
            match mapped.want {
                Want::Is(Value::Str(text)) => Some(text),
                _ => None,
            }
        };
        ids.any(|ours| ours.as_str() == external) || wanted().as_deref() == Some(external)
    }

    /// A role or managed membership that nobody declared for this person.
    fn privilege_refusal(&self, user: UserNo, row: &UnlinkedRow) -> Option<String> {
        let id = self.user_id(user);
        let desired = self.input().desired;
        if desired.roles_undecided(user) {
            return Some(format!("it cannot be said which roles {id} should have"));
        }
        if let Some(roles) = &self.compare_unlinked(user, row).roles {
            let declared: Vec<_> = desired.roles_of(user).collect();
            let beyond = roles.held.iter().find(|role| !declared.contains(role));
            let beyond = beyond.map(|role| desired.app.roles[role.index()].id.to_string());
            let unknown = roles.undeclared.first().map(|value| format!("\"{value}\""));
            if let Some(role) = beyond.or(unknown) {
                return Some(format!("it holds the role {role}, which {id} is not declared to have"));
            }
        }
        let group = self.membership_beyond(user, &row.remote, row.name.as_deref())?;
        Some(format!("it is a member of {group}, which {id} is not declared to be in"))
    }

    fn adoption_reasons(&self, user: UserNo, row: &UnlinkedRow, listed: bool) -> Vec<Reason> {
        let id = self.user_id(user);
        if let (true, Some(ManualLink::To { span, .. })) = (listed, self.input().desired.app.links.get(id)) {
            return vec![
                self.input().reason(format!("`links:` names account {} for user:{id}", row.remote), *span),
            ];
        }
        if self.crashed_create(id) {
            let text = format!("an interrupted run created account {} for user:{id}", row.remote);
            return vec![Reason { text, place: None }];
        }
        let rank =
            row.candidates.iter().find(|candidate| candidate.user == user).map(|candidate| candidate.rank);
        let by = rank
            .and_then(|rank| self.differ.index().path(rank))
            .map(|path| format!(" by {path}"))
            .unwrap_or_default();
        let name = row.name.as_deref().unwrap_or("no name");
        let span = self.input().resolved.company.users[user.index()].span;
        vec![self.input().reason(format!("account {} ({name}) matches user:{id}{by}", row.remote), span)]
    }

    /// The ledger entry of an account that is taken over: values that are as desired are remembered as kept.
    fn adoption_link(&mut self, user: UserNo, id: &UserId, row: &UnlinkedRow, findings: &Findings) {
        let input = self.input();
        let mut values = AttributeHashes::default();
        for (attribute, actual) in input.desired.attributes(user).iter().flatten().zip(&row.values) {
            let differs =
                findings.differences.iter().any(|difference| difference.attribute.path == attribute.path);
            let is_roles = attribute.stores_roles();
            let unhashed = attribute.sensitive || attribute.apply == ApplyWhen::Create || is_roles;
            if let (Want::Is(value), false, false) = (&attribute.want, differs, unhashed) {
                let key = attribute.path.key();
                let hashes = Hashes::of(input.key, key, value, actual, input.resolved.at);
                values.insert(key.clone(), hashes);
            }
        }
        let held = findings.roles.iter().flat_map(|roles| &roles.held);
        let declared: Vec<_> = input.desired.roles_of(user).collect();
        let held = held.filter(|role| declared.contains(role));
        let held = held.map(|role| input.desired.app.roles[role.index()].id.clone());
        let former = self.made_again(user).into_iter().flat_map(|link| link.roles.clone());
        let roles = held.chain(former).collect();
        let origin = if self.crashed_create(id) { Origin::Created } else { Origin::Adopted };
        let link = Link {
            remote: row.remote.clone(),
            origin,
            state: if row.active {
                LinkState::Active
            } else {
                // The adoption turns it on; until that is done, it is off by our leave.
                LinkState::Disabled { since: input.resolved.at }
            },
            commit: input.commit.map(Into::into),
            life: Some(self.life(user)),
            lapsed: None,
            roles,
            values,
        };
        self.work.links.insert(id.clone(), link);
    }
}
