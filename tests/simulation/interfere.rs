//! Changes in the app that rolecall does not make.

use std::collections::BTreeMap;
use std::sync::Arc;

use rolecall::model::Value;

use super::app::{Account, App};
use super::company::Company;
use super::rng::Rng;

/// Makes an unmanaged account. With `of` it has the login of a declared person.
pub fn unmanaged_account(app: &mut App, rng: &mut Rng, of: Option<&str>) -> String {
    let id = app.fresh();
    let name = of.map_or_else(|| format!("stranger-{id}@else.example"), str::to_owned);
    if app.named(&name).is_some() {
        return id;
    }
    let mut values: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    values.insert("username".into(), Value::str(name));
    if rng.chance(20) {
        values.insert("externalid".into(), Value::str(format!("theirs-{id}")));
    }
    if rng.chance(20) {
        values.insert("title".into(), "Somebody".into());
    }
    let active = rng.chance(85);
    app.accounts.insert(id.clone(), Account { active, values });
    id
}

/// Makes the protected account.
pub fn break_glass(app: &mut App) {
    let id = app.fresh();
    let values = [("username", "BreakGlass@acme.example"), ("title", "never touched")];
    let values = values.map(|(key, text)| (Arc::from(key), Value::str(text)));
    let active = true;
    let values = values.into_iter().collect();
    app.accounts.insert(id.clone(), Account { active, values });
    if let Some(team) = app.teams.values_mut().next() {
        team.members.insert(id);
    }
}

/// Makes one random change in the app.
pub fn interfere(app: &mut App, company: &Company, rng: &mut Rng) {
    let accounts: Vec<_> = app.accounts.keys().cloned().collect();
    let teams: Vec<_> = app.teams.keys().cloned().collect();
    let is_glass = |app: &App, id: &String| {
        App::text(&app.accounts[id].values, "username") == Some("BreakGlass@acme.example")
    };
    let account = rng.pick(&accounts).cloned().filter(|id| !is_glass(app, id));
    let team = rng.pick(&teams).cloned();
    match (rng.below(11), account, team) {
        (0, ..) => _ = unmanaged_account(app, rng, None),
        (1, ..) => {
            let email = rng.pick(&company.people).map(|person| person.email.clone());
            unmanaged_account(app, rng, email.as_deref());
        }
        (2, Some(id), _) => app.remove_account(&id),
        (3, Some(id), _) => with(app, &id, |account| account.active = false),
        (4, Some(id), _) => with(app, &id, |account| account.active = true),
        (5, Some(id), _) => with(app, &id, |account| {
            account.values.insert("title".into(), "Changed".into());
        }),
        (6, Some(id), _) => with(app, &id, |account| {
            let list = Value::List(vec!["admin".into(), "else".into()]);
            account.values.insert("roles".into(), list);
            account.values.insert("usertype".into(), "admin".into());
        }),
        (7, Some(id), Some(team)) => {
            if let Some(team) = app.teams.get_mut(&team) {
                team.members.insert(id);
            }
        }
        (8, _, Some(team)) => {
            if let Some(team) = app.teams.get_mut(&team) {
                let gone = rng.below(team.members.len().max(1));
                let gone = team.members.iter().nth(gone).cloned();
                gone.map(|id| team.members.remove(&id));
            }
        }
        (9, _, Some(team)) => {
            if let Some(team) = app.teams.get_mut(&team) {
                let name = format!("Renamed {}", rng.below(100));
                team.values.insert("displayname".into(), Value::str(name));
            }
        }
        (10, _, Some(team)) if rng.chance(30) => _ = app.teams.remove(&team),
        _ => {}
    }
}

fn with(app: &mut App, id: &str, change: impl FnOnce(&mut Account)) {
    if let Some(account) = app.accounts.get_mut(id) {
        change(account);
    }
}
