//! Conflict policies that reach over several apps: a role is not given in one app while the person still has its
//! counterpart in another (safety.md 14). The policies are judged after all apps are planned.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::guard::dependents;
use super::plan_type::{AppPlan, AppStatus};
use super::reading::answers::Past;
use super::reading::was_out::says_out;
use crate::model::change::{Change, ChangeKind, Facet, Object, Verdict};
use crate::model::company::{PolicyRule, RoleRef};
use crate::model::ledger::{AppLedger, GroupKey, Link};
use crate::model::{AppId, RoleId, UserId};
use crate::resolve::Resolved;

/// Holds back a grant while the person has its counterpart in another app. A revocation in this plan does not free the
/// grant, because only the next reading of that app shows whether the role is gone. For an app that was not read, the
/// ledger tells who has the role, and `past`, what a commit says about the app, whether an account there was turned off.
pub fn hold<'l>(
    resolved: &Resolved,
    plans: &mut [AppPlan],
    ledger: impl Fn(&AppId) -> Option<&'l AppLedger>,
    past: impl Fn(&AppId, &Arc<str>) -> Past,
) {
    let mut held: Vec<(usize, usize, String)> = Vec::new();
    {
        let known: BTreeMap<&AppId, &AppPlan> = plans.iter().map(|plan| (&plan.app, plan)).collect();
        for (app, plan) in plans.iter().enumerate() {
            for (place, change) in plan.changes.iter().enumerate() {
                let Some((user, role)) = grant(change) else {
                    continue;
                };
                let there = counterparts(resolved, &plan.app, role).find_map(|other| {
                    let read = known.get(&other.app).filter(|plan| plan.status == AppStatus::Planned);
                    let is_held = match read {
                        Some(plan) => is_seen(plan, user, other),
                        None => ledger(&other.app)
                            .is_some_and(|ledger| is_known(resolved, ledger, user, other, &past)),
                    };
                    is_held.then(|| words(user, other, read.is_some()))
                });
                held.extend(there.map(|why| (app, place, why)));
            }
        }
    }
    for (app, place, why) in held {
        plans[app].changes[place].verdict = Verdict::Held { by: "conflict".into(), why };
        let plan = &mut plans[app];
        dependents::hold(&mut plan.changes, &plan.work.needs, &plan.work.falls);
    }
}

fn words(user: &UserId, other: &RoleRef, read: bool) -> String {
    let (app, role) = (&other.app, &other.role);
    match read {
        true => {
            format!("{user} still has {role} in app {app}: a plan made after that is gone gives it")
        }
        false => format!(
            "{user} still has {role} in app {app} as far as the ledger knows, and the app was not read: a plan made after that is gone gives it"
        ),
    }
}

fn grant(change: &Change) -> Option<(&UserId, &str)> {
    match (&change.key.object, &change.key.facet, change.kind) {
        (Object::User(user), Facet::Role(role), ChangeKind::RoleGrant) if change.verdict.is_do() => {
            Some((user, role.as_str()))
        }
        _ => None,
    }
}

/// Roles of other apps that nobody may hold beside this one.
fn counterparts<'r>(resolved: &'r Resolved, app: &AppId, role: &str) -> impl Iterator<Item = &'r RoleRef> {
    let rules = resolved.company.policies.iter().map(|policy| {
        let PolicyRule::Conflict(roles) = &policy.rule;
        roles
    });
    let named =
        rules.filter(move |roles| roles.iter().any(|one| one.app == *app && one.role.as_str() == role));
    named.flatten().filter(move |other| other.app != *app)
}

fn is_seen(plan: &AppPlan, user: &UserId, role: &RoleRef) -> bool {
    let holders = plan.work.holders.get(&role.role);
    holders.is_some_and(|holders| holders.contains(user))
}

/// True if the ledger says that the person has the role, unless rolecall turned the account off, as git says, too. The ledger may
/// still use earlier ids.
fn is_known(
    resolved: &Resolved,
    ledger: &AppLedger,
    user: &UserId,
    role: &RoleRef,
    past: impl Fn(&AppId, &Arc<str>) -> Past,
) -> bool {
    let company = resolved.company;
    let is_off = |link: &Link| {
        let Some((since, Some(commit))) = link.off_at() else { return false };
        let desired = resolved.apps.iter().find(|desired| desired.app.id == role.app);
        desired.is_some_and(|desired| says_out(&past(&role.app, commit), desired, user, since))
    };
    let declared = company.user(user.as_str());
    let earlier = declared.map(|user| &company.users[user.index()].previously);
    let mut users = std::iter::once(user).chain(earlier.into_iter().flatten());
    let app = company.app(role.app.as_str());
    let declared = app.and_then(|app| Some(&app.roles[app.role(role.role.as_str())?.index()]));
    let roles: Vec<&RoleId> = declared.map_or_else(|| vec![&role.role], |role| role.ids().collect());
    let is_member = |user: &UserId, role: &RoleId| {
        let key = GroupKey::of(&Object::Role(role.clone()));
        key.and_then(|key| ledger.groups.get(&key)).is_some_and(|group| group.members.contains(user))
    };
    users.any(|user| {
        let link = ledger.users.get(user);
        link.is_some_and(|link| {
            let mut roles = roles.iter();
            roles.any(|role| link.roles.contains(*role) || is_member(user, role)) && !is_off(link)
        })
    })
}
