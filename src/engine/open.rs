//! Connecting to an app, or to its sandbox, which is started first.

use std::sync::Arc;

use super::{Configuration, Engine};
use crate::connector::{self, Access, Connector, ConnectorError, ErrorKind, Login, Open, SecretStore};
use crate::model::event::EventSink;
use crate::model::{App, AppId, Endpoint};
use crate::sandbox::{Sandbox, SandboxOptions};

/// A connection, and the server behind it if it is a sandbox.
pub struct Opened {
    pub connector: Arc<dyn Connector>,
    /// The sandbox lives as long as the connection.
    pub sandbox: Option<Sandbox>,
}

/// The endpoint of an app, as the ledger stores it (safety.md 1).
///
/// # Errors
/// The URL cannot be used.
pub(super) fn endpoint(app: &App) -> Result<Arc<str>, String> {
    if app.is_sandbox() {
        return Ok(format!("sandbox:{}", app.id).into());
    }
    match Endpoint::parse(&app.url) {
        Ok(endpoint) => Ok(endpoint.canonical().into()),
        Err(error) => Err(format!("{}: {}", error.message, error.hint)),
    }
}

impl Engine {
    /// Connects to an app, or starts its sandbox and connects to it.
    ///
    /// # Errors
    /// As [`Registry::open`](connector::Registry::open); or the sandbox's folder is in use or unreadable.
    pub async fn open(
        &self,
        config: &Configuration,
        app: &App,
        access: Access,
    ) -> Result<Opened, ConnectorError> {
        let Some(definition) = config.catalog.get(&app.connector) else {
            let what = format!("there is no connector '{}'", app.connector);
            return Err(ConnectorError::new(&app.id, ErrorKind::Config, what));
        };
        let events: Arc<dyn EventSink> = self.events.clone();
        if !app.is_sandbox() {
            let store = SecretStore::from_environment();
            let login = Login::Bound { bindings: &config.company.settings.secrets, store: &store };
            let options =
                Open { app, definition, endpoint: None, login, access, network: &self.network, events };
            return Ok(Opened { connector: self.registry.open(options).await?, sandbox: None });
        }
        if !Sandbox::speaks(&definition.protocol) {
            let what = format!("there is no sandbox for the connector {}", definition.name);
            return Err(ConnectorError::new(&app.id, ErrorKind::Config, what)
                .with_hint("give the app the `url` of an installation for tests, or leave it out with --app")
                .with_span(app.url_span));
        }
        let folder = self.state.join("sandbox").join(app.id.as_str());
        let sandbox = Sandbox::start(SandboxOptions::new(folder))
            .await
            .map_err(|error| failed(&app.id, &error.to_string()))?;
        let token = connector::Secret::from(sandbox.token().clone());
        let endpoint = sandbox.base_url().to_owned();
        let login = Login::Given(Some(&token));
        let options = Open {
            app,
            definition,
            endpoint: Some(&endpoint),
            login,
            access,
            network: &self.network,
            events,
        };
        Ok(Opened { connector: self.registry.open(options).await?, sandbox: Some(sandbox) })
    }
}

fn failed(app: &AppId, why: &str) -> ConnectorError {
    ConnectorError::new(app, ErrorKind::Config, format!("the sandbox cannot start: {why}"))
}
