//! Connecting to an app, or to its sandbox, which is started first.

use std::sync::Arc;

use super::{Configuration, Engine};
use crate::catalog::Definition;
use crate::connector::{self, Access, Connector, ConnectorError, ErrorKind, Login, Open, SecretStore};
use crate::model::event::EventSink;
use crate::model::{App, AppId, Endpoint};
use crate::sandbox::{self, Plays, Sandbox, SandboxOptions};

/// A connection, and the server behind it if it is a sandbox.
pub struct Opened {
    pub connector: Arc<dyn Connector>,
    /// As the ledger stores it, with all that tells the app apart (safety.md 1).
    pub endpoint: Arc<str>,
    /// The sandbox lives as long as the connection.
    pub sandbox: Option<Sandbox>,
}

/// The endpoint of an app, as far as the files say it: its address (safety.md 1).
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

/// The address with what tells apps at one address apart.
fn with_identity(address: &Arc<str>, identity: &[Arc<str>]) -> Arc<str> {
    match identity {
        [] => address.clone(),
        values => format!("{address}?{}", values.join("&")).into(),
    }
}

/// True if both are one endpoint, as far as the address says it: what is asked for once is known only to a connection.
pub(super) fn is_same_address(known: &str, address: &str) -> bool {
    known.split_once('?').map_or(known, |(before, _)| before) == address
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
            let connector = self.registry.open(options).await?;
            let address =
                endpoint(app).map_err(|why| ConnectorError::new(&app.id, ErrorKind::Config, why))?;
            let endpoint = with_identity(&address, connector.identity());
            return Ok(Opened { connector, endpoint, sandbox: None });
        }
        let sandbox = self.sandbox_of(app, definition, 0).await?;
        let secret = connector::Secret::from(sandbox.token().clone());
        let endpoint = sandbox.base_url().to_owned();
        let login = Login::Sandbox { text: sandbox::USER, secret: &secret };
        let options = Open {
            app,
            definition,
            endpoint: Some(&endpoint),
            login,
            access,
            network: &self.network,
            events,
        };
        let connector = self.registry.open(options).await?;
        let endpoint = format!("sandbox:{}", app.id).into();
        Ok(Opened { connector, endpoint, sandbox: Some(sandbox) })
    }

    /// Starts the sandbox of an app on this port; 0 is a free one.
    ///
    /// # Errors
    /// There is no sandbox for its connector, its folder is in use or unreadable, or the port is not free.
    pub async fn sandbox_of(
        &self,
        app: &App,
        definition: &Definition,
        port: u16,
    ) -> Result<Sandbox, ConnectorError> {
        let Some(plays) = Plays::of(&definition.protocol, &definition.name) else {
            let what = format!("there is no sandbox for the connector {}", definition.name);
            return Err(ConnectorError::new(&app.id, ErrorKind::Config, what)
                .with_hint("give the app the `url` of an installation for tests, or leave it out with --app")
                .with_span(app.url_span));
        };
        let mut options = SandboxOptions::new(self.state.join("sandbox").join(app.id.as_str()));
        options.plays = plays;
        options.port = port;
        Sandbox::start(options).await.map_err(|error| failed(&app.id, &error.to_string()))
    }
}

fn failed(app: &AppId, why: &str) -> ConnectorError {
    ConnectorError::new(app, ErrorKind::Config, format!("the sandbox cannot start: {why}"))
}
