//! Options that shape a plan: `--enable`, `--recreate`, `--allow`.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::exact;
use super::exit::Status;
use super::globals::Globals;
use super::printer::Printer;
use crate::engine::{Configuration, Engine, PlanOptions, Selection, maintenance};
use crate::model::similar;
use crate::model::{AppId, Guard, UserId};
use crate::plan::{Allowance, Releases};

/// What an apply finds out, and no plan can count: writes that may follow one with a side effect (safety.md 8).
const SIDE_EFFECT: &str = "side-effect";

/// Options that shape a plan.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct PlanArgs {
    /// Enable the account of this person that was disabled in the app, or grant a privileged role that was taken away there;
    /// with APP=N the accounts of all N people that are held so in this app
    #[arg(long, value_name = "USER|APP=N")]
    pub enable: Vec<Release>,
    /// Create the account of this person again, which was deleted in the app; with APP=N those of all N people whose accounts
    /// are gone from this app
    #[arg(long, value_name = "USER|APP=N")]
    pub recreate: Vec<Release>,
    /// Let a plan pass a guard with exactly this count, such as 15five:deprovision=12
    #[arg(long, value_name = "APP:GUARD=N")]
    pub allow: Vec<String>,
}

impl PlanArgs {
    /// The plan options with their meaning.
    ///
    /// # Errors
    /// One cannot be read: already printed.
    pub(super) fn options(
        &self,
        globals: &Globals,
        printer: &Printer,
        write: bool,
    ) -> Result<PlanOptions, Status> {
        let mut allow: BTreeMap<AppId, Vec<Allowance>> = BTreeMap::new();
        let mut side_effects = BTreeMap::new();
        for text in &self.allow {
            let parts = text.split_once(':').and_then(|(app, rest)| Some((app, rest.split_once('=')?)));
            let parsed = parts
                .and_then(|(app, (guard, count))| Some((app.parse().ok()?, guard, exact::number(count)?)));
            let Some((app, guard, count)) = parsed else {
                let hint = "write APP:GUARD=N with the planned count, such as 15five:deprovision=12";
                return Err(printer.failed(&format!("--allow {text}: cannot be read"), Some(hint)));
            };
            // An unknown guard allows nothing; `check_names` refuses it.
            if guard == SIDE_EFFECT {
                side_effects.insert(app, count);
            } else if let Some(guard) = Guard::named(guard) {
                allow.entry(app).or_default().push(Allowance { guard, count });
            }
        }
        Ok(PlanOptions {
            selection: globals.selection(printer)?,
            enable: releases("--enable", &self.enable, printer)?,
            recreate: releases("--recreate", &self.recreate, printer)?,
            allow,
            side_effects,
            write,
        })
    }

    /// Refuses unknown names, because a misspelt option would have no effect and no message.
    ///
    /// # Errors
    /// There is no such app, guard or user: already printed.
    pub(super) fn check_names(
        &self,
        options: &PlanOptions,
        config: &Configuration,
        printer: &Printer,
    ) -> Result<(), Status> {
        let unknown = |option: &str, what: &str, name: &str, known: &[&str]| {
            let hint = similar::hint(name, known.iter().copied(), &format!("known {what}s"));
            Err(printer.failed(&format!("{option}: there is no {what} `{name}`"), hint.as_deref()))
        };
        let apps: Vec<&str> = config.company.apps.iter().map(|app| app.id.as_str()).collect();
        let guards: Vec<&str> = Guard::limited().map(Guard::name).chain([SIDE_EFFECT]).collect();
        let users: Vec<&str> = config.company.users.iter().map(|user| user.id.as_str()).collect();
        for text in &self.allow {
            let Some((app, rest)) = text.split_once(':') else {
                continue;
            };
            let (guard, _) = rest.split_once('=').unwrap_or((rest, ""));
            if !apps.contains(&app) {
                return unknown(&format!("--allow {text}"), "app", app, &apps);
            }
            if !guards.contains(&guard) {
                return unknown(&format!("--allow {text}"), "guard", guard, &guards);
            }
        }
        for (option, said) in [("--enable", &options.enable), ("--recreate", &options.recreate)] {
            if let Some(user) = said.users.iter().find(|user| !users.contains(&user.as_str())) {
                return unknown(&format!("{option} {user}"), "user", user.as_str(), &users);
            }
            if let Some((app, number)) = said.apps.iter().find(|(app, _)| !apps.contains(&app.as_str())) {
                return unknown(&format!("{option} {app}={number}"), "app", app.as_str(), &apps);
            }
        }
        some_app(&options.selection, config, printer)
    }
}

/// A value of `--enable` and `--recreate`.
#[derive(Debug, Clone)]
pub(super) enum Release {
    User(UserId),
    /// The number of all people who are held in an app.
    App(AppId, u64),
}

impl FromStr for Release {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None => text.parse().map(Self::User).map_err(|error| format!("{error}")),
            Some((app, number)) => {
                let parsed = app.parse().ok().zip(exact::number(number));
                parsed.map(|(app, number)| Self::App(app, number)).ok_or_else(|| {
                    "write USER, or APP=N with the planned count, such as 15five=12".to_owned()
                })
            }
        }
    }
}

/// What the values of one option say.
///
/// # Errors
/// One app has two numbers: already printed.
fn releases(option: &str, values: &[Release], printer: &Printer) -> Result<Releases, Status> {
    let mut said = Releases::default();
    for value in values {
        match value {
            Release::User(user) => _ = said.users.insert(user.clone()),
            Release::App(app, number) => {
                if said.apps.insert(app.clone(), *number).is_some_and(|other| other != *number) {
                    let message = format!("{option} names two numbers for app {app}");
                    return Err(printer.failed(&message, Some("leave the wrong one out")));
                }
            }
        }
    }
    Ok(said)
}

/// Refuses a selection without any app.
///
/// # Errors
/// No app is selected: already printed.
pub(super) fn some_app(
    selection: &Selection,
    config: &Configuration,
    printer: &Printer,
) -> Result<(), Status> {
    let apps = &config.company.apps;
    if apps.is_empty() || apps.iter().any(|app| selection.takes(app)) {
        return Ok(());
    }
    let more = if apps.len() > 10 { ", …" } else { "" };
    let names: Vec<_> = apps.iter().take(10).map(|app| app.id.as_str()).collect();
    let hint = format!("there are: {}{more}", names.join(", "));
    Err(printer.failed("no app is selected by --app and -l", Some(&hint)))
}

/// Refuses people of `--user` whom neither the files nor the ledger know: with a misspelt id the run would look at
/// nobody.
///
/// # Errors
/// There is such a person: already printed.
pub(super) fn known_people(
    selection: &Selection,
    config: &Configuration,
    engine: &Engine,
    printer: &Printer,
) -> Result<(), Status> {
    let users = &config.company.users;
    let undeclared: Vec<_> =
        selection.users.iter().filter(|id| !users.iter().any(|user| user.id == **id)).collect();
    if undeclared.is_empty() {
        return Ok(());
    }
    // A person who was removed from the files is found by the links in the ledger.
    let ledgers = maintenance::ledgers(engine, config).unwrap_or_default();
    let links = |id: &UserId| {
        let mut apps = ledgers.iter().flat_map(|ledger| ledger.read.snapshot.apps.values());
        apps.any(|app| app.users.contains_key(id))
    };
    let Some(unknown) = undeclared.into_iter().find(|id| !links(id)) else {
        return Ok(());
    };
    let names = users.iter().map(|user| user.id.as_str());
    let hint = similar::hint(unknown.as_str(), names, "known users")
        .unwrap_or_else(|| "ids are the keys below `users:`".to_owned());
    Err(printer
        .failed(&format!("--user {unknown}: neither the files nor the ledger know this user"), Some(&hint)))
}
