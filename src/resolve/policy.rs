//! Policies over the desired state. `conflict`: nobody may hold two of these roles.

use super::conflicts::holders;
use super::resolved::Resolved;
use super::why;
use crate::model::company::{PolicyRule, RoleRef};
use crate::model::{AppId, Diagnostic, RoleId, UserNo};

/// One finding per person and policy.
pub(super) fn findings(resolved: &Resolved) -> Vec<Diagnostic> {
    let policies = resolved.company.policies.iter().zip(&resolved.conflicts);
    policies
        .flat_map(|(policy, conflict)| conflict.broken.iter().map(move |user| (policy, UserNo(user))))
        .map(|(policy, user)| finding(resolved, policy, user))
        .collect()
}

fn finding(resolved: &Resolved, policy: &crate::model::company::Policy, user: UserNo) -> Diagnostic {
    let PolicyRule::Conflict(roles) = &policy.rule;
    let declared = &resolved.company.users[user.index()];
    let held: Vec<_> = roles
        .iter()
        .filter(|role| holders(&resolved.apps, role).is_some_and(|holders| holders.yes.contains(user.0)))
        .collect();
    let names = held.iter().map(|role| name(role)).collect::<Vec<_>>().join(" and ");
    let message = format!("{} would hold {names}, which policy {} forbids", declared.id, policy.name);
    let mut finding = Diagnostic::error("policy-conflict", policy.span, message)
        .of_policy()
        .with_hint("take one of them away; until then none of them is granted, and what is there stays");
    for role in held {
        let desired = resolved.app(&role.app);
        let chain = desired.and_then(|desired| {
            let number = desired.app.role(role.role.as_str())?;
            why::grant(resolved, desired, user, Some(number))
        });
        if let Some(first) = chain.and_then(|chain| chain.into_iter().next()) {
            finding = finding.with_related(first.span, format!("gives {}", name(role)));
        }
    }
    finding
}

fn name(role: &RoleRef) -> String {
    format!("{}/{}", role.app, role.role)
}

impl Resolved<'_> {
    /// The policy that forbids to give this role to a person, and the reason in words.
    pub fn forbids(&self, user: UserNo, app: &AppId, role: &RoleId) -> Option<(&str, String)> {
        let policies = self.company.policies.iter().zip(&self.conflicts);
        policies
            .filter(|(_, conflict)| conflict.blocked.contains(user.0))
            .find_map(|(policy, _)| {
                let others = self.others(&policy.rule, app, role)?;
                let held: Vec<_> = others
                    .into_iter()
                    .filter(|other| self.may_hold(user, other))
                    .map(name)
                    .collect();
                let id = &self.company.users[user.index()].id;
                (!held.is_empty()).then(|| {
                    let why = format!(
                        "policy {} forbids {id} to hold {app}/{role} beside {}: take one of them away in the repository",
                        policy.name,
                        held.join(", ")
                    );
                    (&*policy.name, why)
                })
            })
    }

    /// The policy under which a person must lose this role before getting another one that the person is to hold, and that
    /// other role.
    pub fn counterpart(&self, user: UserNo, app: &AppId, role: &RoleId) -> Option<(&str, &RoleRef)> {
        self.company.policies.iter().find_map(|policy| {
            let others = self.others(&policy.rule, app, role)?;
            let wanted = others.into_iter().find(|other| {
                holders(&self.apps, other).is_some_and(|holders| holders.yes.contains(user.0))
            })?;
            Some((&*policy.name, wanted))
        })
    }

    fn may_hold(&self, user: UserNo, role: &RoleRef) -> bool {
        holders(&self.apps, role)
            .is_some_and(|holders| holders.yes.contains(user.0) || holders.unknown.contains(user.0))
    }

    /// The other roles of a rule that names this one.
    fn others<'r>(&self, rule: &'r PolicyRule, app: &AppId, role: &RoleId) -> Option<Vec<&'r RoleRef>> {
        let PolicyRule::Conflict(roles) = rule;
        let is_it = |other: &&RoleRef| other.app == *app && other.role == *role;
        roles.iter().find(is_it)?;
        Some(roles.iter().filter(|other| !is_it(other)).collect())
    }
}
