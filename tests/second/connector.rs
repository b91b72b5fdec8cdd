//! The connector of the invented app. It uses the parts that all connectors share.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::{Method, Url};
use rolecall::catalog::{self, Definition};
use rolecall::connector::http::{Answer, Call, Dialect, Http, HttpOptions, get};
use rolecall::connector::steps::{
    Found, Next, PageFacts, Paging, Request, Rounds, Sent, Step, Tally, Write, already, answered, not_sent,
    read, refused, send, told, unknown, written,
};
use rolecall::connector::{
    CheckReport, Connector, ConnectorError, ErrorKind, Gate, LookUps, Open, PageSender, RawPage,
};
use rolecall::model::capabilities::Capabilities;
use rolecall::model::op::{Action, Outcome};
use rolecall::model::remote::{GoneProof, ListRequest, Member, Members, Presence, Walk};
use rolecall::model::seen::{Activity, Seen, Unread};
use rolecall::model::{Kind, Op, Page, Path, Remote, RemoteId, Value};
use serde_json::{Map, Value as Json};

/// Opens connections to the app.
pub struct Opener;

impl rolecall::connector::Opener for Opener {
    fn open<'a>(&'a self, open: Open<'a>) -> BoxFuture<'a, Result<Arc<dyn Connector>, ConnectorError>> {
        async move {
            let definition = open.definition.clone();
            let http = open.http(HttpOptions {
                user_agent: None,
                headers: &[],
                query: &[],
                accept: "application/json",
                content_type: "application/json",
                dialect: Dialect {
                    name: "Roster".into(),
                    error_code: vec!["problem".into()],
                    error_text: vec!["says".into()],
                    hints: Vec::new(),
                    prefix: None,
                },
            })?;
            let roster: Arc<dyn Connector> = Arc::new(Roster { http, definition });
            Ok(roster)
        }
        .boxed()
    }
}

struct Roster {
    http: Http,
    definition: Arc<Definition>,
}

type Object = Map<String, Json>;
type Logins = Vec<Arc<str>>;

fn collection(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "people",
        Kind::Group => "teams",
    }
}

fn text(object: &Object, name: &str) -> Option<Arc<str>> {
    get(object, name).and_then(Json::as_str).map(Arc::from)
}

fn logins(object: &Object) -> Logins {
    let crew = get(object, "crew").and_then(Json::as_array);
    crew.into_iter().flatten().filter_map(Json::as_str).map(Arc::from).collect()
}

impl Roster {
    fn object_url(&self, kind: Kind, id: &RemoteId) -> Result<Url, ConnectorError> {
        let url = self.http.endpoint.object(collection(kind), id.as_str());
        url.ok_or_else(|| self.http.error(ErrorKind::Config, format!("{kind} {id} cannot be asked for")))
    }

    fn crew_url(&self, team: &RemoteId, login: Option<&str>) -> Result<Url, ConnectorError> {
        let mut url = self.object_url(Kind::Group, team)?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.push("crew").extend(login);
        }
        Ok(url)
    }

    async fn ask(&self, url: Url) -> Result<(Answer, Object), ConnectorError> {
        let answer = self.http.send(&Call::get(url)).await?;
        let object = self.http.document(&answer)?;
        Ok((answer, object))
    }

    /// The rows of a page, and the token of the next page.
    fn rows(&self, kind: Kind, page: &Object) -> Result<(Vec<Object>, Option<Arc<str>>), ConnectorError> {
        let rows = get(page, collection(kind)).and_then(Json::as_array).ok_or_else(|| {
            self.http.error(ErrorKind::NotTheProtocol, format!("a page without {}", collection(kind)))
        })?;
        let rows = rows.iter().filter_map(Json::as_object).cloned().collect();
        Ok((rows, text(page, "more")))
    }

    async fn list_all(&self, want: &ListRequest, out: PageSender) -> Result<Walk, ConnectorError> {
        let mut tally = Tally::new(Paging::ByToken, "the number of rows");
        let mut token: Option<Arc<str>> = None;
        loop {
            let mut url = self.http.endpoint.collection(collection(want.kind));
            if let Some(token) = &token {
                url.query_pairs_mut().append_pair("after", token);
            }
            let (answer, page) = self.ask(url).await?;
            let (rows, next) = self.rows(want.kind, &page)?;
            let mut further = Vec::new();
            for row in rows.iter().filter(|_| want.members) {
                let Some(Ok(id)) = text(row, "key").map(|id| id.parse::<RemoteId>()) else { continue };
                further.push(self.ask(self.crew_url(&id, None)?).await?.0.body);
            }
            let ids: Vec<_> = rows.iter().map(|row| text(row, "key")).collect();
            let (repeated, step) = tally.take(&PageFacts { total: None, ids: &ids, next: next.as_deref() });
            let page = RawPage { body: answer.body, parsed: None, further, rows: rows.len(), repeated };
            tally.weigh(page.bytes());
            if out.send(page).await.is_err() {
                return Ok(Walk::Incomplete { why: "nobody wanted the rest".into() });
            }
            match step {
                Step::After(next) => token = Some(next),
                Step::End(walk) => return Ok(walk),
                Step::From(_) => return Ok(Walk::Incomplete { why: "the app counts no rows".into() }),
            }
        }
    }

    fn remote(&self, want: &ListRequest, object: &Object, crew: Option<Logins>) -> Option<Remote> {
        let value = |path: &Path| text(object, path.as_str()).map_or(Value::Null, Value::Str);
        let name = &self.definition.schema(want.kind).name;
        Some(Remote {
            created: None,
            id: text(object, "key")?.parse().ok()?,
            kind: want.kind,
            activity: match (want.kind, text(object, "state").as_deref()) {
                (Kind::Group, _) | (_, Some("on")) => Activity::On,
                (_, Some("off")) => Activity::Off,
                (_, Some(other)) => Activity::Unread(Unread::Form(other.into())),
                (_, None) => Activity::Unread(Unread::LeftOut),
            },
            our_id: None,
            name: text(object, name.as_str()),
            emails: Vec::new(),
            full_names: Vec::new(),
            holds: Seen::Unread(Unread::NotShown),
            holds_in_part: true,
            unlisted: false,
            attributes: want.paths.iter().map(|path| Seen::read(value(path).normalised())).collect(),
            members: match crew {
                Some(logins) => {
                    Members::Shown(logins.into_iter().map(|name| Member { name, kind: None }).collect())
                }
                None => Members::Unread(Unread::NotAsked),
            },
            version: None,
        })
    }

    async fn fetch(&self, url: Url, id: &RemoteId) -> Result<Found<Object>, ConnectorError> {
        match self.ask(url).await {
            Ok((_, object)) => Ok(Found::Here(object)),
            Err(error) if error.code.as_deref() == Some("no-such") => {
                Ok(Found::Gone(GoneProof::answered_for(id.clone())))
            }
            Err(error) => Found::unless_app_wide(error),
        }
    }

    async fn get_one(&self, want: &ListRequest, id: &RemoteId) -> Result<Presence, ConnectorError> {
        let object = match self.fetch(self.object_url(want.kind, id)?, id).await? {
            Found::Here(object) => object,
            Found::Gone(proof) => return Ok(Presence::Gone(proof)),
            Found::Unknown(error) => return Ok(Presence::Unknown { why: error.to_string().into() }),
        };
        let crew = match want.members {
            true => Some(logins(&self.ask(self.crew_url(id, None)?).await?.1)),
            false => None,
        };
        Ok(match self.remote(want, &object, crew) {
            Some(remote) => Presence::Here(Box::new(remote)),
            None => Presence::Unknown { why: "the object has no key".into() },
        })
    }

    async fn find_all(
        &self,
        want: &ListRequest,
        attribute: &Path,
        value: &Value,
    ) -> Result<Vec<Remote>, ConnectorError> {
        let paths: Arc<[Path]> = want.paths.iter().chain([attribute]).cloned().collect();
        let wider = ListRequest { paths, ..want.clone() };
        let (sender, mut pages) = rolecall::connector::pages(1);
        let read = async {
            let mut found = Vec::new();
            while let Some(page) = pages.recv().await {
                found.extend(self.decode(&wider, &page)?.rows);
            }
            Ok::<_, ConnectorError>(found)
        };
        let (walk, found) = tokio::join!(self.list_all(&wider, sender), read);
        if let Walk::Incomplete { why } = walk? {
            return Err(self.http.error(ErrorKind::Incomplete, why.to_string()));
        }
        let schema = self.definition.schema(want.kind).attribute(attribute);
        let mut found = found?;
        found.retain_mut(|remote| {
            let held = remote.attributes.pop();
            held.as_ref()
                .and_then(Seen::shown)
                .is_some_and(|held| catalog::matches(schema.as_ref(), value, held))
        });
        Ok(found)
    }

    async fn create(
        &self,
        kind: Kind,
        want: &ListRequest,
        attributes: &[(Path, Value)],
        gate: Gate<'_>,
    ) -> Outcome {
        let body: Object = attributes.iter().map(|(path, value)| (path.to_string(), json(value))).collect();
        let request = Request {
            method: Method::POST,
            url: self.http.endpoint.collection(collection(kind)),
            body: Some(Json::Object(body).to_string().into_bytes()),
            version: None,
        };
        match send(&self.http, request, gate).await {
            Sent::Taken(answer) => match self.http.document(&answer) {
                Ok(object) => written(answered(self.remote(want, &object, want.members.then(Vec::new)))),
                Err(error) => unknown(told(&error)),
            },
            Sent::Refused(error) | Sent::Outdated(error) | Sent::Later(error) => refused(told(&error), false),
            Sent::Unclear(error, _) => unknown(told(&error)),
            Sent::Kept(error) => not_sent(told(&error)),
        }
    }

    /// Writes values to an object.
    async fn change(&self, want: &ListRequest, id: &RemoteId, wanted: Object, gate: Gate<'_>) -> Outcome {
        let mut rounds = self.rounds(want.kind, gate, false);
        loop {
            let url = match self.object_url(want.kind, id) {
                Ok(url) => url,
                Err(error) => return refused(told(&error), false),
            };
            let object = match rounds.looked(id, self.fetch(url.clone(), id).await) {
                Ok(object) => object,
                Err(outcome) => return outcome,
            };
            let is_open =
                |(name, value): &(&String, &Json)| get(&object, name).unwrap_or(&Json::Null) != *value;
            let open: Object =
                wanted.iter().filter(is_open).map(|(name, value)| (name.clone(), value.clone())).collect();
            if open.is_empty() {
                let after = self.remote(want, &object, None);
                return if rounds.sent > 0 { written(read(after)) } else { already(after) };
            }
            if let Some(outcome) = rounds.given_up(open.len()) {
                return outcome;
            }
            let body = Some(Json::Object(open).to_string().into_bytes());
            let request = Request { method: Method::PATCH, url, body, version: None };
            match rounds.send_in_turn(Ok(vec![request])).await {
                Next::End(outcome) => return outcome,
                Next::Again | Next::Taken(_) => {}
            }
        }
    }

    async fn change_crew(
        &self,
        team: &RemoteId,
        (add, remove): (&[Arc<str>], &[Arc<str>]),
        gate: Gate<'_>,
    ) -> Outcome {
        let mut rounds = self.rounds(Kind::Group, gate, add.len() + remove.len() > 1);
        loop {
            let found = match self.crew_url(team, None) {
                Ok(url) => self.fetch(url, team).await,
                Err(error) => return refused(told(&error), false),
            };
            let crew = match rounds.looked(team, found) {
                Ok(object) => logins(&object),
                Err(outcome) => return outcome,
            };
            let is_in = |login: &Arc<str>| crew.iter().any(|other| other.eq_ignore_ascii_case(login));
            let put = add.iter().filter(|login| !is_in(login)).map(|login| (Method::PUT, login));
            let delete = remove.iter().filter(|login| is_in(login)).map(|login| (Method::DELETE, login));
            let open: Vec<_> = put.chain(delete).collect();
            if open.is_empty() {
                return if rounds.sent > 0 { written(read(None)) } else { already(None) };
            }
            if let Some(outcome) = rounds.given_up(open.len()) {
                return outcome;
            }
            let request = |(method, login): (Method, &Arc<str>)| {
                Ok(Request { method, url: self.crew_url(team, Some(login))?, body: None, version: None })
            };
            match rounds.send_in_turn(open.into_iter().map(request).collect()).await {
                Next::End(outcome) => return outcome,
                Next::Again | Next::Taken(_) => {}
            }
        }
    }

    async fn dissolve(&self, team: &RemoteId, gate: Gate<'_>) -> Outcome {
        let mut rounds = self.rounds(Kind::Group, gate, false);
        loop {
            let url = match self.object_url(Kind::Group, team) {
                Ok(url) => url,
                Err(error) => return refused(told(&error), false),
            };
            let found = self.fetch(url.clone(), team).await;
            if let Ok(Found::Gone(_)) = found {
                return if rounds.sent > 0 { written(read(None)) } else { already(None) };
            }
            if let Err(outcome) = rounds.looked(team, found) {
                return outcome;
            }
            if let Some(outcome) = rounds.given_up(1) {
                return outcome;
            }
            let request = Request { method: Method::DELETE, url, body: None, version: None };
            match rounds.send_in_turn(Ok(vec![request])).await {
                Next::End(outcome) => return outcome,
                Next::Again | Next::Taken(_) => {}
            }
        }
    }

    fn rounds<'w>(&'w self, kind: Kind, gate: Gate<'w>, is_batch: bool) -> Rounds<'w> {
        Rounds::of(Write { http: &self.http, kind, gate, is_batch, hint: &|error| error })
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        other => Json::String(other.to_string()),
    }
}

impl Connector for Roster {
    fn clock(&self) -> Option<jiff::SignedDuration> {
        self.http.clock()
    }

    fn capabilities(&self) -> &Capabilities {
        &self.definition.capabilities
    }

    fn own_names(&self) -> &[Arc<str>] {
        self.http.own_names()
    }

    fn check(&self) -> BoxFuture<'_, CheckReport> {
        let endpoint = self.http.endpoint.canonical();
        async move { CheckReport { endpoint, findings: Vec::new() } }.boxed()
    }

    fn list<'a>(
        &'a self,
        want: &'a ListRequest,
        out: PageSender,
    ) -> BoxFuture<'a, Result<Walk, ConnectorError>> {
        self.list_all(want, out).boxed()
    }

    fn decode(&self, want: &ListRequest, page: &RawPage) -> Result<Page, ConnectorError> {
        let read = |body: &[u8]| {
            let object: Result<Object, _> = serde_json::from_slice(body);
            object.map_err(|error| self.http.error(ErrorKind::NotTheProtocol, error.to_string()))
        };
        let (rows, _) = self.rows(want.kind, &read(&page.body)?)?;
        let mut crews = page.further.iter();
        let mut found = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let crew = match crews.next() {
                Some(body) => Some(logins(&read(body)?)),
                None => None,
            };
            if !page.repeated.contains(&at) {
                found.extend(self.remote(want, row, crew));
            }
        }
        Ok(Page { rows: found })
    }

    fn find<'a>(
        &'a self,
        want: &'a ListRequest,
        attribute: &'a Path,
        value: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Remote>, ConnectorError>> {
        self.find_all(want, attribute, value).boxed()
    }

    fn look_ups<'a>(
        &'a self,
        _: &'a ListRequest,
        _: &'a Path,
    ) -> BoxFuture<'a, Result<LookUps, ConnectorError>> {
        std::future::ready(Ok(LookUps::Untried)).boxed()
    }

    fn get<'a>(
        &'a self,
        want: &'a ListRequest,
        id: &'a RemoteId,
    ) -> BoxFuture<'a, Result<Presence, ConnectorError>> {
        self.get_one(want, id).boxed()
    }

    fn write<'a>(&'a self, op: &'a Op, want: &'a ListRequest, gate: Gate<'a>) -> BoxFuture<'a, Outcome> {
        async move {
            let object = |set: &[(Path, Value)]| -> Object {
                set.iter().map(|(path, value)| (path.to_string(), json(value))).collect()
            };
            match &op.action {
                Action::CreateUser { attributes } => self.create(Kind::User, want, attributes, gate).await,
                Action::CreateGroup { attributes } => self.create(Kind::Group, want, attributes, gate).await,
                Action::UpdateUser { remote, set, active, .. } => {
                    let mut wanted = object(set);
                    if let Some(active) = active {
                        let state = if *active { "on" } else { "off" };
                        wanted.insert("state".to_owned(), state.into());
                    }
                    self.change(want, remote, wanted, gate).await
                }
                Action::UpdateGroup { remote, set, .. } => self.change(want, remote, object(set), gate).await,
                Action::DeleteGroup { remote } => self.dissolve(remote, gate).await,
                Action::Members { group, add, remove, .. } => {
                    self.change_crew(group, (add, remove), gate).await
                }
                Action::ContinueUser { .. } => refused("this app creates people in one step", false),
                Action::DeleteUser { .. } => refused("this app cannot delete people", false),
            }
        }
        .boxed()
    }
}
