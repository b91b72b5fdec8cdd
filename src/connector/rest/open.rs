//! Connecting to an app: its settings, its token, what is asked for once a run, and the connection's own account.

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::Value as Json;
use tokio::sync::OnceCell;

use crate::catalog::OwnSchemas;
use crate::catalog::rest::{Document, Found, Objects, Once, Operation, Own, Place, Placeholder, Special};
use crate::connector::Open;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Dialect, HttpOptions, TokenLogin, percent};

use crate::model::app::OwnAccount;

use super::decode;
use super::forms::Forms;
use super::reply::{self, Reply, scalar};
use super::session::Session;
use super::values::Values;
use super::{address, meaning};

/// Connects.
///
/// # Errors
/// URL, settings or credential cannot be used, or the app does not give what is asked for once.
pub(super) async fn open(open: Open<'_>) -> Result<Session, ConnectorError> {
    let definition = open.definition.clone();
    let Some(document) = definition.document.clone() else {
        return Err(open.refused(format!("the connector {} has no document", definition.name)));
    };
    let settings = open.app.settings.iter().map(|(name, value)| {
        let value = serde_json::to_value(value.clone().normalised()).unwrap_or(Json::Null);
        (Placeholder::Setting(name.clone()), value)
    });
    let settings = Values::of(settings);
    let app = open.app;
    let dialect = Dialect {
        name: document.title.to_string().into(),
        prefix: document.answers.prefix.clone(),
        ..Dialect::default()
    };
    let (http, tokens) = {
        let tokens = RefCell::new(None);
        let forms = Forms { document: &document, values: &settings, dialect: &dialect, tokens: &tokens };
        let options = HttpOptions {
            user_agent: None,
            headers: &[],
            query: &[],
            accept: "application/json",
            content_type: "application/json",
            dialect: dialect.clone(),
        };
        (open.http_with(options, &forms, document.limits.within(app.limits))?, tokens.into_inner())
    };
    let own_headers = address::headers(&document.headers, &settings)
        .map_err(|why| http.error(ErrorKind::Config, why.0).with_span(app.span))?;
    let http = Arc::new(http.with_headers(own_headers));
    let mut values = with_token(settings, &document, tokens.as_deref()).await?;
    let base = address::base(&http.endpoint, &document, &values);
    let base = base.map_err(|why| http.error(ErrorKind::Config, why.0).with_span(app.span))?;
    values = values.with([(Placeholder::Base, Json::from(base.as_str().trim_end_matches('/')))]);
    let mut session = Session {
        capabilities: definition.capabilities.clone(),
        own_schemas: OwnSchemas::default(),
        identity: Vec::new(),
        own_names: http.own_names().to_vec(),
        has_no_account: app.auth.as_ref().is_some_and(|auth| auth.account == Some(OwnAccount::None)),
        values,
        index: Default::default(),
        look_ups: Default::default(),
        keys: Default::default(),
        rolls: Default::default(),
        tables: Default::default(),
        unchanged: Default::default(),
        targets: app.roles.iter().filter_map(|role| role.grant.clone()).collect(),
        rights: OnceCell::new(),
        numbers: Default::default(),
        http,
        document: document.clone(),
        definition,
    };
    let is_set = |setting: &Arc<str>| {
        session.values.find(&Placeholder::Setting(setting.clone())) == Some(&Json::Bool(true))
    };
    let later = document.users.create.iter().flat_map(|create| &create.later);
    let later = later.filter(|step| step.condition.as_ref().is_none_or(is_set));
    session.capabilities.create_steps = later.map(|step| step.name.clone()).collect();
    for (name, sources) in &document.once {
        let value = once(&session, app, name, sources).await?;
        session.values = session.values.with([(Placeholder::Once(name.clone()), value)]);
    }
    session.identity = identity(&session);
    let own = own_account(&session).await?;
    session.own_names.extend(own);
    session.own_names.dedup();
    Ok(session)
}

/// The values that paths and queries have, as the ledger keeps them: encoded, so that `moved_from:` can name them.
fn identity(session: &Session) -> Vec<Arc<str>> {
    let names = session.document.identity();
    let told = names.iter().filter_map(|name| {
        let value = session.values.find(name).and_then(scalar)?;
        let name = name.to_string();
        Some(format!("{}={}", name.trim_matches(['{', '}']), percent::encoded(&value)).into())
    });
    told.collect()
}

/// What the answer with the token says, if the document uses it.
async fn with_token(
    values: Values,
    document: &Document,
    tokens: Option<&TokenLogin>,
) -> Result<Values, ConnectorError> {
    let uses_facts = document.auth.iter().any(|(_, form)| match form {
        crate::catalog::rest::Form::Token(form) => !form.others.is_empty(),
        _ => false,
    });
    match tokens.filter(|_| uses_facts) {
        Some(tokens) => {
            let facts = tokens.facts().await.map_err(ConnectorError::without_token)?;
            Ok(values.with(facts.into_iter().map(|(name, value)| (Placeholder::OfToken(name), value))))
        }
        None => Ok(values),
    }
}

/// A value that is asked for once: the first source that gives one counts.
async fn once(
    session: &Session,
    app: &crate::model::App,
    name: &str,
    sources: &[Once],
) -> Result<Json, ConnectorError> {
    let mut last = None;
    for source in sources {
        let placeholder = match source {
            Once::Setting(name) => Placeholder::Setting(name.clone()),
            Once::OfToken(name) => Placeholder::OfToken(name.clone()),
            Once::Asked(get, place) => {
                match reply::ask(session, Operation::Once, get, &session.values, &[]).await {
                    Ok(Reply::Here(here)) => match place.get(&here.body) {
                        Found::One(found) if scalar(found).is_some() => return Ok(found.clone()),
                        _ => {
                            let what = format!("answered without `{place}`");
                            let kind = ErrorKind::NotTheProtocol;
                            last = Some(session.http.error_of(&here.answer, kind, what));
                        }
                    },
                    Ok(Reply::Gone | Reply::Empty) => {}
                    Err(error) => last = Some(error),
                }
                continue;
            }
        };
        if let Some(found) = session.values.find(&placeholder) {
            return Ok(found.clone());
        }
    }
    Err(last.unwrap_or_else(|| {
        let what = format!("nothing gives `{name}`, which the connector needs");
        session.http.error(ErrorKind::Config, what).with_span(app.span)
    }))
}

/// The names of the connection's own account, as far as the document says where they are.
async fn own_account(session: &Session) -> Result<Vec<Arc<str>>, ConnectorError> {
    match &session.document.own {
        None => Ok(Vec::new()),
        Some(Own::OfToken(name)) => {
            let id = session.values.find(&Placeholder::OfToken(name.clone())).and_then(scalar);
            Ok(id.into_iter().map(Arc::from).collect())
        }
        Some(Own::Asked(get, not)) => {
            let here = match reply::ask(session, Operation::Own, get, &session.values, &[]).await? {
                Reply::Here(here) => *here,
                Reply::Gone | Reply::Empty => return Ok(Vec::new()),
            };
            if not.iter().any(|one| meaning::fits(std::slice::from_ref(one), &here.body)) {
                let what = "answered as if nobody were signed in";
                return Err(session.http.error_of(&here.answer, ErrorKind::Auth, what));
            }
            Ok(names_of(&session.document.users, &here.body))
        }
    }
}

/// Id, login and addresses of an account.
fn names_of(users: &Objects, body: &Json) -> Vec<Arc<str>> {
    let body = users.wrap.as_ref().and_then(|wrap| body.get(&**wrap)).unwrap_or(body);
    let text = |place: &Place| match place.get(body) {
        Found::One(found) => scalar(found).map(Arc::from),
        _ => None,
    };
    let id = users.id.one.iter().chain(&users.id.list).find_map(text);
    let special = [Special::Login, Special::Email];
    let others =
        users.attributes.iter().filter(|attribute| attribute.is.is_some_and(|is| special.contains(&is)));
    let others = others.filter_map(|attribute| decode::place(attribute, decode::In::One).and_then(text));
    id.into_iter().chain(others).collect()
}
