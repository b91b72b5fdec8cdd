//! The app's own statement about its accounts, and whether it proves a link (safety.md 1).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::LedgerApp;
use crate::catalog;
use crate::connector::{Access, Connector, ConnectorError, ErrorKind};
use crate::engine::EngineError;
use crate::engine::open::Opened;
use crate::engine::read::presence;
use crate::engine::{Configuration, Engine};
use crate::model::folded::folded;
use crate::model::remote::{Kind, ListRequest, Page, Presence, Walk};
use crate::model::seen::Seen;
use crate::model::{App, AppId, Path, Remote, RemoteId, UserId, UserNo};
use crate::resolve::DesiredApp;

/// The complete listings of an app.
pub(super) struct Evidence<'a> {
    desired: &'a DesiredApp<'a>,
    columns: Arc<[Path]>,
    accounts: Vec<Remote>,
    /// `None` if the app has no groups.
    groups: Option<Vec<Remote>>,
    by_id: HashMap<RemoteId, usize>,
    own: Vec<Arc<str>>,
    /// As the ledger stores it.
    pub endpoint: Arc<str>,
}

/// Reads all accounts and groups. `links` are those that have to belong to the endpoint, if any do.
///
/// # Errors
/// The app could not be read, or not completely, or is another one than the links belong to.
pub(super) fn read<'a>(
    engine: &Engine,
    config: &Configuration,
    links: Option<&LedgerApp<'_>>,
    desired: &'a DesiredApp<'a>,
) -> Result<Evidence<'a>, EngineError> {
    let columns = columns(desired);
    let (accounts, groups, own, endpoint) =
        with(engine, config, links, desired.app, |connector, endpoint| {
            let users = request(Kind::User, columns.clone());
            let accounts = all(engine, &desired.app.id, connector, &users)?;
            let own = connector.own_names().to_vec();
            if !connector.capabilities().groups {
                return Ok((accounts, None, own, endpoint.clone()));
            }
            let groups = all(engine, &desired.app.id, connector, &request(Kind::Group, Arc::new([])))?;
            Ok((accounts, Some(groups), own, endpoint.clone()))
        })?;
    let by_id = accounts.iter().enumerate().map(|(place, remote)| (remote.id.clone(), place));
    Ok(Evidence { by_id: by_id.collect(), desired, columns, accounts, groups, own, endpoint })
}

/// Asks for single accounts.
///
/// # Errors
/// The app cannot be reached, or is another one than the links belong to. An account whose state is unknown is [`Presence::Unknown`], which is no error.
pub(super) fn presences(
    engine: &Engine,
    config: &Configuration,
    links: &LedgerApp<'_>,
    desired: &DesiredApp<'_>,
    accounts: &[RemoteId],
) -> Result<Vec<Presence>, EngineError> {
    let request = request(Kind::User, columns(desired));
    with(engine, config, Some(links), desired.app, |connector, _| {
        Ok(ask(engine, desired.app, connector, &request, accounts))
    })
}

/// Of these accounts, those that the list does not show, each with the app's answer when it was asked for.
///
/// # Errors
/// The app cannot be reached.
pub(super) fn unlisted(
    engine: &Engine,
    config: &Configuration,
    links: &LedgerApp<'_>,
    desired: &DesiredApp<'_>,
    accounts: Vec<RemoteId>,
) -> Result<HashMap<RemoteId, Presence>, EngineError> {
    let request = request(Kind::User, columns(desired));
    with(engine, config, Some(links), desired.app, |connector, _| {
        let ids = |page: Page| page.rows.into_iter().map(|remote| remote.id).collect::<Vec<_>>();
        // A list that does not show everything costs more questions, and proves nothing.
        let (_, pages) = engine.pages(connector, &request, ids)?;
        let listed: HashSet<RemoteId> = pages.into_iter().flatten().collect();
        let unlisted: Vec<_> = accounts.into_iter().filter(|id| !listed.contains(id)).collect();
        let answers = ask(engine, desired.app, connector, &request, &unlisted);
        Ok(unlisted.into_iter().zip(answers).collect())
    })
}

/// Asks for accounts one by one, a few at a time; the answers are in the same order.
fn ask(
    engine: &Engine,
    app: &App,
    connector: &dyn Connector,
    request: &ListRequest,
    accounts: &[RemoteId],
) -> Vec<Presence> {
    use futures_util::StreamExt;
    let width = app.limits.concurrency.max(1) as usize;
    let asked = accounts.iter().map(|id| presence(connector, request, id));
    engine.block_on(futures_util::stream::iter(asked).buffered(width).collect())
}

fn columns(desired: &DesiredApp<'_>) -> Arc<[Path]> {
    let attributes = desired.mapping.map_or(&[][..], |mapping| &mapping.attributes);
    attributes.iter().map(|attribute| attribute.path.clone()).collect()
}

fn request(kind: Kind, paths: Arc<[Path]>) -> ListRequest {
    ListRequest { kind, paths, members: false, holds: false, roles: None }
}

/// Connects for reading, asks, disconnects. What tells apps at one address apart is known only now, so it is compared here.
fn with<T>(
    engine: &Engine,
    config: &Configuration,
    links: Option<&LedgerApp<'_>>,
    app: &App,
    ask: impl FnOnce(&dyn Connector, &Arc<str>) -> Result<T, ConnectorError>,
) -> Result<T, EngineError> {
    if !app.enabled {
        let hint = "this needs an answer from the app: take `enabled: false` out first";
        return Err(EngineError::failed(format!("app {} is not contacted: `enabled: false`", app.id), hint));
    }
    let opened = engine.block_on(engine.open(config, app, Access::Read)).map_err(unreadable)?;
    let Opened { connector, endpoint, sandbox } = opened;
    let answer = match links.map_or(Ok(()), |links| links.belong_to(&endpoint)) {
        Ok(()) => ask(connector.as_ref(), &endpoint).map_err(unreadable),
        Err(elsewhere) => Err(elsewhere),
    };
    if let Some(sandbox) = sandbox {
        // Nothing was written to the sandbox; if it cannot be stopped cleanly, the next start reports it.
        let _ = engine.block_on(sandbox.stop());
    }
    answer
}

fn unreadable(error: ConnectorError) -> EngineError {
    let hint = error.hint.clone();
    let hint = hint.unwrap_or_else(|| "`rolecall check` tests the connection".to_owned());
    EngineError::failed(error.to_string(), hint)
}

/// All objects of one kind.
fn all(
    engine: &Engine,
    app: &AppId,
    connector: &dyn Connector,
    request: &ListRequest,
) -> Result<Vec<Remote>, ConnectorError> {
    let (walk, pages) = engine.pages(connector, request, |page| page.rows)?;
    let why = match &walk {
        Walk::Complete(complete) => complete.doubt(),
        Walk::Incomplete { why } => Some(why),
    };
    match why {
        None => Ok(pages.into_iter().flatten().collect()),
        Some(why) => {
            let what = format!("the listing of {}s does not add up: {why}", request.kind);
            Err(ConnectorError::new(app, ErrorKind::Incomplete, what))
        }
    }
}

impl Evidence<'_> {
    /// All accounts.
    pub(super) fn accounts(&self) -> &[Remote] {
        &self.accounts
    }

    /// The account with this id.
    pub(super) fn account(&self, id: &RemoteId) -> Option<&Remote> {
        self.by_id.get(id).map(|place| &self.accounts[*place])
    }

    /// The group with this id; an error if the app has none at all.
    pub(super) fn group(&self, id: &RemoteId) -> Option<&Remote> {
        self.groups.iter().flatten().find(|group| group.id == *id)
    }

    /// True if the app's group has the name of a desired group.
    pub(super) fn names_group(&self, remote: &Remote, name: &str) -> bool {
        remote.name.as_deref().is_some_and(|found| folded(found) == folded(name))
    }

    /// Names of the connection's own account.
    pub(super) fn own(&self) -> Vec<String> {
        self.own.iter().map(ToString::to_string).collect()
    }

    /// The declared person an id belongs to now, by `previously` if need be.
    pub(super) fn person(&self, id: &UserId) -> Option<UserNo> {
        let company = self.desired.company;
        company.user(id.as_str()).or_else(|| {
            let renamed = company.users.iter().position(|user| user.previously.contains(id));
            renamed.map(UserNo::from)
        })
    }

    /// The proof that an account is this person's: the attribute, as a word for people. Values seen earlier are no
    /// proof here.
    pub(super) fn proof(&self, id: &UserId, remote: &Remote) -> Option<String> {
        if let Some(place) = self.carries_our_id(id, remote) {
            return Some(place.to_string());
        }
        let person = self.person(id)?;
        let wanted = self.desired.matching(person);
        let equal = wanted.iter().find(|(path, value)| {
            let schema = self.desired.definition.users.attribute(path);
            let column = self.columns.iter().position(|column| column == path);
            let actual = column.and_then(|column| remote.attributes.get(column)).and_then(Seen::shown);
            actual.is_some_and(|actual| catalog::matches(schema.as_ref(), value, actual))
        });
        equal.map(|(path, _)| path.to_string())
    }

    /// The attribute that shows it, if the account carries this id, or an earlier or later one of the same person, in
    /// the place that the app has for our ids.
    pub(super) fn carries_our_id(&self, id: &UserId, remote: &Remote) -> Option<&Path> {
        let place = self.desired.definition.users.our_id.as_ref()?;
        let found = remote.our_id.as_deref().filter(|_| self.columns.contains(place))?;
        let person = self.person(id).map(|person| &self.desired.company.users[person.index()]);
        let same = |person: &crate::model::company::User| {
            person.id.as_str() == found || person.previously.iter().any(|id| id.as_str() == found)
        };
        (id.as_str() == found || person.is_some_and(same)).then_some(place)
    }
}
