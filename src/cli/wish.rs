//! Options that shape a plan: `--enable`, `--allow`.

use std::collections::BTreeMap;

use super::exit::Status;
use super::globals::Globals;
use super::printer::Printer;
use crate::config::similar;
use crate::engine::Tree;
use crate::engine::plan::Wish;
use crate::model::AppId;
use crate::plan::Allowance;

/// Guards that can be allowed.
const GUARDS: [&str; 8] = [
    "deprovision",
    "membership",
    "revoke",
    "login",
    "update",
    "create",
    "leavers",
    "source",
];

/// Options that shape a plan.
#[derive(Debug, Clone, clap::Args)]
pub struct Shape {
    /// Turn on an account, or give back a privileged role, that somebody else took away in the app
    #[arg(long, value_name = "USER")]
    pub enable: Vec<String>,
    /// Let a guard pass with exactly the planned count, such as 15five:deprovision=12
    #[arg(long, value_name = "APP:GUARD=N")]
    pub allow: Vec<String>,
}

impl Shape {
    /// What they mean.
    ///
    /// # Errors
    /// One cannot be read: already printed.
    pub fn wish(&self, globals: &Globals, printer: &Printer, write: bool) -> Result<Wish, Status> {
        let mut allow: BTreeMap<AppId, Vec<Allowance>> = BTreeMap::new();
        for text in &self.allow {
            let parts = text
                .split_once(':')
                .and_then(|(app, rest)| Some((app, rest.split_once('=')?)));
            let parsed =
                parts.and_then(|(app, (guard, count))| Some((app, guard, count.parse::<u64>().ok()?)));
            let Some((app, guard, count)) = parsed else {
                let hint = "write APP:GUARD=N with the planned count, such as 15five:deprovision=12";
                return Err(printer.failed(&format!("--allow {text}: cannot be read"), Some(hint)));
            };
            allow.entry(app.into()).or_default().push(Allowance {
                guard: guard.to_owned(),
                count,
            });
        }
        Ok(Wish {
            selection: globals.selection(printer)?,
            enable: self.enable.iter().map(|id| id.as_str().into()).collect(),
            allow,
            write,
        })
    }

    /// Refuses names that nothing has: an option that is misspelt would otherwise do nothing, and not say so.
    ///
    /// # Errors
    /// There is no such app, guard or user: already printed.
    pub fn check_names(&self, wish: &Wish, tree: &Tree, printer: &Printer) -> Result<(), Status> {
        let unknown = |option: &str, what: &str, name: &str, known: &[&str]| {
            let hint = similar::hint(name, known.iter().copied(), &format!("known {what}s"));
            Err(printer.failed(&format!("{option}: there is no {what} `{name}`"), hint.as_deref()))
        };
        let apps: Vec<&str> = tree.company.apps.iter().map(|app| app.id.as_str()).collect();
        let users: Vec<&str> = tree.company.users.iter().map(|user| user.id.as_str()).collect();
        for text in &self.allow {
            let Some((app, rest)) = text.split_once(':') else {
                continue;
            };
            let (guard, _) = rest.split_once('=').unwrap_or((rest, ""));
            if !apps.contains(&app) {
                return unknown(&format!("--allow {text}"), "app", app, &apps);
            }
            if !GUARDS.contains(&guard) {
                return unknown(&format!("--allow {text}"), "guard", guard, &GUARDS);
            }
        }
        for user in &self.enable {
            if !users.contains(&user.as_str()) {
                return unknown(&format!("--enable {user}"), "user", user, &users);
            }
        }
        let none = !tree.company.apps.iter().any(|app| wish.selection.takes(app));
        if none && !apps.is_empty() {
            let hint = similar_apps(&apps);
            return Err(printer.failed("no app is selected by --app and -l", Some(&hint)));
        }
        Ok(())
    }
}

fn similar_apps(apps: &[&str]) -> String {
    let more = if apps.len() > 10 { ", …" } else { "" };
    format!("there are: {}{more}", apps[..apps.len().min(10)].join(", "))
}
