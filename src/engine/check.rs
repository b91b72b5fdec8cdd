//! `check`: credentials, rights, capabilities, and whether the ledger can be used.

use super::{Configuration, Engine, EngineError, OpenLedger, Selection};
use crate::connector::{Access, CheckReport, Connector, ConnectorError, Finding, Level, LookUps};
use crate::git::Repo;
use crate::git::protection::Protection;
use crate::git::version;
use crate::model::company::LedgerStore;
use crate::model::remote::ListRequest;
use crate::model::{AppId, Kind};
use crate::plan::{Notice, OwnSchemaCheck};

/// The result of checking one app.
pub struct AppCheck {
    pub app: AppId,
    /// Its report, or the reason why there is none; `None` for an app with `enabled: false`.
    pub report: Option<Result<CheckReport, ConnectorError>>,
}

/// Checks the selected apps, one after the other.
pub fn apps(engine: &Engine, config: &Configuration, selection: &Selection) -> Vec<AppCheck> {
    let selected = config.company.apps.iter().enumerate().filter(|(_, app)| selection.takes(app));
    selected
        .map(|(number, app)| {
            let report = app.enabled.then(|| {
                engine.block_on(async {
                    let opened = engine.open(config, app, Access::Write).await?;
                    let mut report = opened.connector.check().await;
                    report.findings.extend(about_look_ups(config, number, opened.connector.as_ref()).await);
                    report.findings.extend(about_mappings(config, number, opened.connector.as_ref()));
                    Ok(report)
                })
            });
            AppCheck { app: app.id.clone(), report }
        })
        .collect()
}

/// Whether look-ups by the attributes that tell accounts apart prove an absence. Where they do not, and the list does not add up, a plan
/// makes no new account.
async fn about_look_ups(config: &Configuration, number: usize, connector: &dyn Connector) -> Vec<Finding> {
    let programs = &config.programs;
    let app = config.company.apps.get(number);
    let mapping = app.and_then(|app| programs.users.get(&app.users.mapping));
    let (Some(mapping), Some(definition)) = (mapping, programs.definitions.get(number)) else {
        return Vec::new();
    };
    let want = ListRequest { kind: Kind::User, paths: [].into(), members: false, holds: false, roles: None };
    let mut findings = Vec::new();
    for path in mapping.identifying_paths(&definition.users) {
        let unproven = |why: &dyn std::fmt::Display| Finding {
            level: Level::Note,
            text: format!("a look-up by {path} that finds nobody proves nothing: {why}"),
            hint: Some(
                "as long as the list of accounts does not add up, a new account waits, by name".to_owned(),
            ),
        };
        findings.extend(match connector.look_ups(&want, path).await {
            Ok(LookUps::Proven) => Some(Finding {
                level: Level::Good,
                text: format!("look-ups by {path} find exactly the account that has a value, and none for a value that no account has"),
                hint: None,
            }),
            Ok(LookUps::Untried) => None,
            Ok(LookUps::Unproven(why)) => Some(unproven(&why)),
            Err(error) => Some(unproven(&error)),
        });
    }
    findings
}

/// What the app's own schema says of its mappings, in the words of a plan. What would leave a plan partly done is bad.
fn about_mappings(config: &Configuration, number: usize, connector: &dyn Connector) -> Vec<Finding> {
    let programs = &config.programs;
    let (Some(app), Some(definition)) = (config.company.apps.get(number), programs.definitions.get(number))
    else {
        return Vec::new();
    };
    let check = OwnSchemaCheck {
        app,
        definition,
        users: programs.users.get(&app.users.mapping),
        groups: programs.groups.get(&app.groups.mapping),
        own: connector.schemas(),
        files: &config.files,
    };
    let mut notices = check.all(Kind::User);
    if connector.capabilities().groups {
        notices.extend(check.all(Kind::Group));
    }
    let finding = |notice: Notice| {
        let level = if notice.kind.is_partial() { Level::Bad } else { Level::Note };
        Finding { level, text: notice.text, hint: notice.hint }
    };
    notices.into_iter().map(finding).collect()
}

/// The result of checking the ledger.
pub struct LedgerCheck {
    pub id: String,
    /// Grows by one with every write.
    pub serial: u64,
    /// Whether people who can push can also delete it; `None` for a folder.
    pub protection: Option<(String, Protection)>,
}

/// Reads the ledger, if some app needs it.
///
/// # Errors
/// It cannot be used.
pub fn ledger(engine: &Engine, config: &Configuration) -> Result<Option<LedgerCheck>, EngineError> {
    if config.company.apps.iter().all(super::super::model::app::App::is_sandbox) {
        return Ok(None);
    }
    let settings = &config.company.settings;
    if let Some(LedgerStore::Git { remote: Some(_), .. }) =
        settings.ledger.as_ref().map(|ledger| &ledger.store)
    {
        supported_git()?;
    }
    let read = OpenLedger::repository(engine, config)?.read;
    let protection = match settings.ledger.as_ref().map(|ledger| &ledger.store) {
        Some(LedgerStore::Git { reference, remote }) => {
            let repo = Repo::discover(&engine.root).ok().flatten();
            let found = repo.zip(remote.as_deref());
            let found = found.map_or(Protection::Unknown, |(repo, remote)| repo.protection(remote));
            let place = remote.as_deref().unwrap_or("this clone");
            Some((format!("{reference} of {place}"), found))
        }
        _ => None,
    };
    Ok(Some(LedgerCheck { id: read.snapshot.id.to_string(), serial: read.snapshot.serial, protection }))
}

/// A remote is reached with the `git` program, which has to be a version that the tests know.
fn supported_git() -> Result<(), EngineError> {
    let oldest = version::OLDEST;
    let message = match version::installed() {
        Ok(found) if found >= oldest => return Ok(()),
        Ok(found) => format!("git {found} is older than {oldest}, the oldest that is supported"),
        Err(message) => message,
    };
    let hint = format!("the ledger is fetched and pushed by the git program: install git {oldest} or newer");
    Err(EngineError::failed(message, hint))
}
