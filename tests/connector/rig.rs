//! An open connection to a server, with short calls for each of its requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use rolecall::catalog::{Definition, scim};
use rolecall::connector::{
    Access, Connector, ConnectorError, Login, Network, Open, Registry, Secret, SecretStore, pages,
};
use rolecall::model::app::{
    Actions, Adopt, App, Auth, Credential, Deprovision, Drift, GroupRemove, GroupsPolicy, Limits,
    MembersPolicy, Scope, Unmanaged, UsersPolicy,
};
use rolecall::model::event::EventSink;
use rolecall::model::guard::GuardLimits;
use rolecall::model::op::{Action, Op, Outcome};
use rolecall::model::remote::{ListRequest, Presence, Walk};
use rolecall::model::secret::{SecretBinding, SecretSource};
use rolecall::model::{Event, Kind, Path, Remote, Span, Value};

use crate::support::servers::RealServer;

pub const TOKEN: &str = "APP_TOKEN";
pub const WRITE_TOKEN: &str = "APP_WRITE_TOKEN";

/// An empty scim2-server: a tenant of one that this test binary starts once.
pub fn scim2_server() -> RealServer {
    static FIRST: OnceLock<RealServer> = OnceLock::new();
    FIRST.get_or_init(RealServer::scim2_server).fresh()
}

/// The declaration of an app, as the connector gets it.
pub struct Rig {
    pub runtime: tokio::runtime::Runtime,
    pub connector: Arc<dyn Connector>,
    pub events: Arc<Events>,
}

#[derive(Default)]
pub struct Events(pub Mutex<Vec<Event>>);

impl EventSink for Events {
    fn emit(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

impl Events {
    /// Each request as `GET /v2/Users 200`.
    pub fn requests(&self) -> Vec<String> {
        let told = |event: &Event| match event {
            Event::Request { method, path, status, .. } => Some(format!(
                "{method} {path} {}",
                status.map_or("-".to_owned(), |status| status.to_string())
            )),
            _ => None,
        };
        self.0.lock().unwrap().iter().filter_map(told).collect()
    }

    /// Pauses of the whole app that people are told of.
    pub fn told_pauses(&self) -> Vec<Duration> {
        let pause = |event: &Event| match event {
            Event::Pause { after, .. } => Some(*after),
            _ => None,
        };
        self.0.lock().unwrap().iter().filter_map(pause).collect()
    }

    /// Pauses before repeats.
    pub fn pauses(&self) -> Vec<Duration> {
        let pause = |event: &Event| match event {
            Event::Retry { after, .. } => Some(*after),
            _ => None,
        };
        self.0.lock().unwrap().iter().filter_map(pause).collect()
    }
}

/// The app as the configuration gives it.
pub struct Builder {
    app: App,
    token: String,
    write_token: String,
    bound_to: String,
    access: Access,
}

pub fn app(url: &str, token: &str) -> Builder {
    let secret =
        |name: &str| Credential::Bearer { token: SecretSource::Env(name.into()), span: Span::default() };
    let host = url.split('/').nth(2).unwrap_or_default();
    let bound_to = host.rsplit_once(':').map_or(host, |(host, _)| host).to_owned();
    Builder {
        app: App {
            id: "crm".into(),
            previously: vec![],
            connector: "scim".into(),
            url: url.into(),
            auth: Some(Auth { read: secret(TOKEN), write: secret(TOKEN), account: None }),
            settings: BTreeMap::new(),
            enabled: true,
            labels: BTreeMap::new(),
            owners: vec![],
            roles: vec![],
            users: UsersPolicy {
                scope: Scope::Assigned,
                filter: None,
                mapping: rolecall::model::id::MappingId::new("scim-users"),
                mapping_span: Span::default(),
                actions: Actions::default(),
                deprovision: Deprovision::Disable,
            },
            groups: GroupsPolicy {
                push: vec![],
                mapping: rolecall::model::id::MappingId::new("scim-groups"),
                mapping_span: Span::default(),
                members: MembersPolicy::Linked,
                nested: rolecall::model::app::Nested::Keep,
                remove: GroupRemove::Keep,
            },
            adopt: Adopt::Matched,
            links: BTreeMap::new(),
            group_links: BTreeMap::new(),
            unmanaged: Unmanaged::Report,
            drift: Drift::Revert,
            idle_accounts_stay_off: false,
            protect: vec![],
            guard: GuardLimits::default(),
            limits: Limits { timeout: Duration::from_secs(20), ..Limits::default() },
            moved_from: None,
            removed: None,
            delete_adopted: false,
            provision_default_access: false,
            assignments: vec![],
            span: Span::default(),
            url_span: Span::default(),
        },
        token: token.to_owned(),
        write_token: String::new(),
        bound_to,
        access: Access::Write,
    }
}

impl Builder {
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.app.settings.insert(name.into(), value.into());
        self
    }

    pub fn number(self, name: &str, value: i64) -> Self {
        self.set(name, Value::Int(value))
    }

    /// Basic for reads, another bearer token for writes.
    pub fn split(mut self, name: &str, write_token: &str) -> Self {
        self.app.auth = Some(Auth {
            read: Credential::Basic {
                username: name.into(),
                password: SecretSource::Env(TOKEN.into()),
                span: Span::default(),
            },
            write: Credential::Bearer { token: SecretSource::Env(WRITE_TOKEN.into()), span: Span::default() },
            account: None,
        });
        self.write_token = write_token.to_owned();
        self
    }

    /// Basic for writes.
    pub fn writer(mut self, name: &str) -> Self {
        if let Some(auth) = &mut self.app.auth {
            auth.write = Credential::Basic {
                username: name.into(),
                password: SecretSource::Env(WRITE_TOKEN.into()),
                span: Span::default(),
            };
        }
        self
    }

    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.app.limits.timeout = timeout;
        self
    }

    pub fn wait(mut self, wait: Duration) -> Self {
        self.app.limits.wait = wait;
        self
    }

    pub fn rate(mut self, per_second: f64) -> Self {
        self.app.limits.rate = Some(per_second);
        self
    }

    pub fn bound_to(mut self, host: &str) -> Self {
        self.bound_to = host.to_owned();
        self
    }

    pub fn reading(mut self) -> Self {
        self.access = Access::Read;
        self
    }

    pub fn try_open(self) -> Result<Rig, ConnectorError> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let events = Arc::new(Events::default());
        let bindings = [TOKEN, WRITE_TOKEN].map(|name| SecretBinding {
            name: name.into(),
            source: SecretSource::Env(name.into()),
            app: "crm".into(),
            token_to: None,
            host: self.bound_to.as_str().into(),
            span: Span::default(),
        });
        let values = [(TOKEN, self.token.as_str()), (WRITE_TOKEN, self.write_token.as_str())];
        let store = SecretStore::fixed(values.into_iter().filter(|(_, value)| !value.is_empty()), None);
        let network = Network::default();
        let connector = runtime.block_on(Registry::built_in().open(Open {
            app: &self.app,
            definition: &Arc::new(scim::definition()),
            endpoint: None,
            login: Login::Bound { bindings: &bindings, store: &store },
            access: self.access,
            network: &network,
            events: events.clone(),
        }))?;
        events.0.lock().unwrap().clear();
        Ok(Rig { runtime, connector, events })
    }

    pub fn open(self) -> Rig {
        self.try_open().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Opens the connection with a token that the caller gives, as for an app in the sandbox.
    pub fn open_given(self, token: &str) -> Rig {
        self.try_open_given(scim::definition(), token).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same by another connector.
    pub fn try_open_given(self, definition: Definition, secret: &str) -> Result<Rig, ConnectorError> {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let events = Arc::new(Events::default());
        let network = Network::default();
        let secret = Secret::new(secret);
        let connector = runtime.block_on(Registry::built_in().open(Open {
            app: &self.app,
            definition: &Arc::new(definition),
            endpoint: None,
            login: Login::Sandbox { text: "sandbox", secret: &secret },
            access: self.access,
            network: &network,
            events: events.clone(),
        }))?;
        Ok(Rig { runtime, connector, events })
    }
}

pub fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

pub fn want(kind: Kind, paths: &[&str]) -> ListRequest {
    let paths = paths.iter().map(|text| path(text)).collect();
    ListRequest { kind, paths, members: kind == Kind::Group, holds: false, roles: None }
}

pub fn users() -> ListRequest {
    want(Kind::User, &["userName", "externalId", "title"])
}

pub fn groups() -> ListRequest {
    want(Kind::Group, &["displayName", "externalId"])
}

impl Rig {
    pub fn list(&self, want: &ListRequest) -> Result<(Vec<Remote>, Walk), ConnectorError> {
        self.runtime.block_on(async {
            let (out, mut pages) = pages(2);
            let read = async {
                let mut rows = Vec::new();
                while let Some(page) = pages.recv().await {
                    rows.extend(self.connector.decode(want, &page)?.rows);
                }
                Ok(rows)
            };
            let (walk, rows) = tokio::join!(self.connector.list(want, out), read);
            Ok((rows?, walk?))
        })
    }

    pub fn find(
        &self,
        want: &ListRequest,
        attribute: &str,
        value: &str,
    ) -> Result<Vec<Remote>, ConnectorError> {
        let (path, value) = (path(attribute), Value::str(value));
        self.runtime.block_on(self.connector.find(want, &path, &value))
    }

    pub fn get(&self, want: &ListRequest, id: &str) -> Result<Presence, ConnectorError> {
        self.runtime.block_on(self.connector.get(want, &id.parse().unwrap()))
    }

    pub fn write(&self, want: &ListRequest, action: Action) -> Outcome {
        self.write_through(want, action, &|_| Ok(()))
    }

    pub fn write_through(
        &self,
        want: &ListRequest,
        action: Action,
        gate: &(dyn Fn(Duration) -> Result<(), String> + Send + Sync),
    ) -> Outcome {
        let op = Op { changes: vec![], action };
        self.runtime.block_on(self.connector.write(&op, want, gate))
    }
}

/// The reason why a listing is not complete.
pub fn why(walk: Walk) -> String {
    match walk {
        Walk::Incomplete { why } => why.to_string(),
        Walk::Complete(complete) => panic!("complete: {complete:?}"),
    }
}

pub fn error<T>(result: Result<T, ConnectorError>) -> ConnectorError {
    match result {
        Ok(_) => panic!("expected an error"),
        Err(error) => error,
    }
}
