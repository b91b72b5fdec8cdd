//! One app of a plan: connect, read, compare, judge. Every app has a thread of its own, so that no app delays another
//! one or makes it fail.

use std::collections::{BTreeMap, HashMap};

use super::connection::Connection;
use super::open::endpoint;
use super::past::PastTrees;
use super::{Configuration, Engine, Ledgers, PlanOptions};
use crate::connector::{Access, ConnectorError};
use crate::model::change::Object;
use crate::model::company::User;
use crate::model::intervention::Hand;
use crate::model::ledger::{AppLedger, LinkState};
use crate::model::remote::Kind;
use crate::model::time::Ago;
use crate::model::{App, FileSet, UserId, UserNo};
use crate::plan::guard::{self, GuardInput};
use crate::plan::{AppPlan, AppStatus, Differ, Input, Notice, NoticeKind, Releases};
use crate::resolve::{Life, Resolved, life};

/// Reads the apps of a plan.
pub(super) struct AppReader<'p> {
    pub engine: &'p Engine,
    pub config: &'p Configuration,
    pub resolved: &'p Resolved<'p>,
    pub ledgers: &'p Ledgers,
    pub options: &'p PlanOptions,
    pub past: &'p PastTrees<'p>,
}

/// The plan of an app, and its connection if the app was read.
type PlannedApp = (AppPlan, Option<Connection>);

impl AppReader<'_> {
    /// Reads all apps at the same time; the results are in the order of `apps`.
    pub(super) fn read_all(&self, apps: &[&App]) -> Vec<PlannedApp> {
        let planned = on_threads(apps, |app| self.read(app));
        let after_panic = |app: &App| {
            let why = "rolecall itself failed while it read the app, which is a defect: please report it, with what was printed above; nothing is concluded";
            self.no_changes(app, AppStatus::Unreadable { why: why.to_owned() })
        };
        let planned = planned.into_iter().zip(apps);
        planned.map(|(planned, app)| planned.unwrap_or_else(|| after_panic(app))).collect()
    }

    fn read(&self, app: &App) -> PlannedApp {
        let AppReader { engine, config, resolved, ledgers, options, past } = self;
        if let Err(why) = endpoint(app) {
            return self.no_changes(app, AppStatus::Unreadable { why });
        }
        if let Some(known) = ledgers.before_sandbox(app) {
            return self.was_real(app, known);
        }
        if !app.enabled {
            return self.no_changes(app, AppStatus::Disabled);
        }
        let unreadable = |error: ConnectorError| {
            let hint = error.hint.as_ref().map(|hint| format!("; {hint}"));
            let why = format!("{error}{}", hint.unwrap_or_default());
            self.no_changes(app, AppStatus::Unreadable { why })
        };
        let access = if options.write { Access::Write } else { Access::Read };
        let opened = match engine.block_on(engine.open(config, app, access)) {
            Ok(opened) => opened,
            Err(error) => return unreadable(error),
        };
        let (Some(desired), Some(key)) = (resolved.app(&app.id), ledgers.key(app)) else {
            let why = "there is no ledger for it".to_owned();
            return self.no_changes(app, AppStatus::Unreadable { why });
        };
        let ledger = ledgers.app(app);
        let own: Vec<String> = opened.connector.own_names().iter().map(ToString::to_string).collect();
        let [enable, recreate] =
            [&options.enable, &options.recreate].map(|said| released_here(said, config, ledgers, app));
        // A run counts as well if it wrote only a part of a newer commit, or was killed.
        let applied = ledger.begun.as_ref().or(ledger.applied_commit());
        let course = past.course(app, applied);
        let mut differ = Differ::new(Input {
            resolved,
            desired,
            files: &config.files,
            ledger,
            key,
            capabilities: opened.connector.capabilities(),
            schemas: opened.connector.schemas(),
            endpoint: &opened.endpoint,
            own: &own,
            enable: &enable,
            recreate: &recreate,
            only: options.selection.only(),
            commit: config.inputs.commit.as_deref().filter(|_| !app.is_sandbox()),
            dirty: config.inputs.dirty,
            course: &course,
            real_time: !engine.clock.is_fixed() && !app.is_sandbox(),
        });
        let draft = match engine.read(app, opened.connector.as_ref(), &mut differ, past) {
            Ok(draft) => draft,
            Err(error) => return unreadable(error),
        };
        let (users, groups) = (differ.request(Kind::User), differ.request(Kind::Group));
        let line = past.line_after(ledger.applied_commit());
        let input = GuardInput {
            limits: &app.guard,
            recent: &ledger.losses,
            holds: &ledger.holds,
            key,
            earlier: &ledger.earlier,
            applied: ledger.applied_commit(),
            line: if config.inputs.dirty { &[] } else { &line },
            given: &ledger.given,
            past: &BTreeMap::new(),
            allowed: options.allow.get(&app.id).map_or(&[][..], Vec::as_slice),
            at: resolved.at,
        };
        let said = guard::commits(&draft, &input).into_iter().map(|commit| {
            let said = past.of_run(app, &commit, &course, applied);
            (commit, said)
        });
        let input = GuardInput { past: &said.collect(), ..input };
        let connection = Connection { opened, users, groups };
        (guard::judge(draft, &input), Some(connection))
    }

    /// A real app does not turn into a sandbox: its accounts would be looked after by nobody, without a word (safety.md 1).
    fn was_real(&self, app: &App, known: &AppLedger) -> PlannedApp {
        let (id, before) = (&app.id, &known.endpoint);
        let why = format!(
            "the ledger's links of app {id} belong to {before}, but the app is a sandbox now, and nobody would look after its accounts; put `url: {before}` back: `--sandbox` rehearses without an edit, and `removed:` gives an app up"
        );
        let notices = leavers_with_access(self.resolved, app, known, &self.config.files);
        let endpoint = endpoint(app).unwrap_or_else(|_| app.url.clone());
        let status = AppStatus::Stopped { by: "wrong-endpoint".to_owned(), why };
        (AppPlan::without_changes(id.clone(), endpoint, status, notices), None)
    }

    /// The plan of an app that cannot be read or is not to be read: no change, and a notice for each leaver who may still
    /// have access.
    fn no_changes(&self, app: &App, status: AppStatus) -> PlannedApp {
        let notices = leavers_with_access(self.resolved, app, self.ledgers.app(app), &self.config.files);
        let endpoint = endpoint(app).unwrap_or_else(|_| app.url.clone());
        (AppPlan::without_changes(app.id.clone(), endpoint, status, notices), None)
    }
}

/// Calls `work` for each item on a thread of its own; `None` for an item whose thread panics or cannot start.
fn on_threads<'i, I: Sync, T: Send>(items: &'i [&I], work: impl Fn(&'i I) -> T + Sync) -> Vec<Option<T>> {
    let work = &work;
    std::thread::scope(|scope| {
        let start = |item: &&'i I| {
            let item = *item;
            std::thread::Builder::new().spawn_scoped(scope, move || work(item))
        };
        // Every thread has started before the first one is waited for.
        let threads: Vec<_> = items.iter().map(start).collect();
        let result = |thread: std::io::Result<std::thread::ScopedJoinHandle<'_, T>>| thread.ok()?.join().ok();
        threads.into_iter().map(result).collect()
    })
}

/// Notices about leavers whose account was active when an app was last read that cannot be read now (safety.md 4).
fn leavers_with_access(resolved: &Resolved, app: &App, ledger: &AppLedger, files: &FileSet) -> Vec<Notice> {
    if app.users.deprovision.is_keep() {
        return Vec::new();
    }
    let company = resolved.company;
    // The ledger may still use earlier ids.
    let earlier = company
        .users
        .iter()
        .enumerate()
        .flat_map(|(place, user)| user.previously.iter().map(move |id| (id, UserNo::from(place))));
    let earlier: HashMap<&UserId, UserNo> = earlier.collect();
    let number = |id: &UserId| company.user(id.as_str()).or_else(|| earlier.get(id).copied());
    let active = ledger.users.iter().filter(|(_, link)| link.state == LinkState::Active);
    let leavers = active.filter_map(|(id, link)| {
        let user = number(id);
        let why = match user {
            None => "is not declared any more".to_owned(),
            Some(user) => match life(company, user, resolved.at) {
                Life::Left => "is declared left".to_owned(),
                Life::Ended => {
                    let end = company.users[user.index()].window.end;
                    let since = end.map(|end| format!(" {}", Ago::ended(end, resolved.at)));
                    format!("has passed their end{}", since.unwrap_or_default())
                }
                Life::Suspended => "is declared suspended".to_owned(),
                Life::Active | Life::NotYet => return None,
            },
        };
        let declared = user.map(|user| &company.users[user.index()]);
        Some((id, declared, link, why))
    });
    leavers
        .map(|(id, declared, link, why)| Notice {
            kind: NoticeKind::Owed,
            subject: Some(Object::User(declared.map_or(id, |user| &user.id).clone())),
            text: format!(
                "{why}, and account {} was active when last seen{}",
                link.remote,
                first_seen(ledger, id, declared, resolved)
            ),
            hint: Some(
                "this app is not contacted: disable the account in the app, or let rolecall reach it"
                    .to_owned(),
            ),
            place: declared.and_then(|user| files.place(user.life_span)),
        })
        .collect()
}

/// Since when the ledger knows that the person may still have access.
/// What an option says, with the people whom another app has held for longer.
fn released_here(said: &Releases, config: &Configuration, ledgers: &Ledgers, app: &App) -> Releases {
    let others = config.company.apps.iter().filter(|other| other.id != app.id);
    let held = others.flat_map(|other| ledgers.app(other).interventions.keys()).map(|(id, _)| id);
    let of_others = held.filter(|id| said.users.contains(*id)).cloned().collect();
    Releases { of_others, ..said.clone() }
}

fn first_seen(ledger: &AppLedger, id: &UserId, declared: Option<&User>, resolved: &Resolved) -> String {
    let mut ids = std::iter::once(id).chain(declared.into_iter().flat_map(User::ids));
    let known = ids.find_map(|id| ledger.interventions.get(&(id.clone(), Hand::Remains)));
    known.map(|seen| format!("; first seen {}", Ago::since(seen.at, resolved.at))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::on_threads;

    #[test]
    fn a_panic_on_one_thread_leaves_the_others_their_results() {
        let half = |number: &u32| match number % 2 {
            0 => number / 2,
            _ => panic!("{number} is odd"),
        };
        assert_eq!(on_threads(&[&2, &3, &8], half), [Some(1), None, Some(4)]);
    }
}
