//! Paging through a list (RFC 7644 section 3.4.2.4).

use std::ops::ControlFlow;
use std::sync::Arc;

use reqwest::Url;
use tokio::task::JoinSet;

use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Answer, Call, Http};
use crate::connector::steps::{PageFacts, Paging, Step, Tally};
use crate::connector::{PageSender, RawPage};
use crate::model::remote::Walk;
use crate::model::{Event, Kind};

use super::json::{self, TextOf};
use super::session::Session;

/// Where the pages of a walk go.
pub(super) enum Sink<'s> {
    /// To a reader that decodes them.
    Channel(PageSender),
    /// To a function, which may end the walk.
    Each(&'s mut (dyn FnMut(RawPage) -> Result<ControlFlow<()>, ConnectorError> + Send)),
}

/// A request for a page. It is given up when this is dropped.
struct Asked {
    task: JoinSet<Result<Answer, ConnectorError>>,
    http: Arc<Http>,
}

impl Asked {
    fn is_open(&self) -> bool {
        !self.task.is_empty()
    }

    async fn answer(&mut self) -> Result<Answer, ConnectorError> {
        match self.task.join_next().await {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => Err(self.http.error(ErrorKind::Broken, error.to_string())),
            None => Err(self.http.error(ErrorKind::Broken, "nobody asked")),
        }
    }
}

/// Sends all pages of a list to a reader.
///
/// # Errors
/// The list could not be read to its end.
pub(super) async fn list(session: &Session, kind: Kind, out: PageSender) -> Result<Walk, ConnectorError> {
    pages(session, kind, None, Sink::Channel(out)).await
}

/// Reads all pages of a list, or of what a filter finds.
///
/// # Errors
/// As [`list`]; or the sink refuses a page.
pub(super) async fn pages(
    session: &Session,
    kind: Kind,
    filter: Option<&str>,
    mut sink: Sink<'_>,
) -> Result<Walk, ConnectorError> {
    let paging = if session.settings.paging { Paging::ByIndex } else { Paging::Whole };
    let mut tally = Tally::new(paging, "totalResults");
    let mut asked = ask_for_page(session, kind, filter, 1);
    loop {
        let answer = asked.answer().await?;
        if !answer.is_success() {
            return Err(session.http.fault(&answer));
        }
        let page =
            json::list(&answer.body, TextOf("id")).map_err(|error| session.http.not_json(&answer, &error))?;
        if !page.is_list {
            let what = "answered JSON that is no SCIM list: neither totalResults nor Resources";
            return Err(session.http.error_of(&answer, ErrorKind::NotTheProtocol, what));
        }
        tally.weigh(answer.body.len());
        let (repeated, step) =
            tally.take(&PageFacts { total: page.total, ids: &page.rows, next: page.cursor.as_deref() });
        let rows = page.rows.len();
        session.http.events.emit(Event::Page {
            app: session.http.app.clone(),
            kind,
            rows,
            total: tally.total(),
        });
        let raw = RawPage { body: answer.body, further: Vec::new(), rows, repeated };
        // The reader decodes this page while the next one is on its way.
        if let (Sink::Channel(_), Step::From(next)) = (&sink, &step) {
            asked = ask_for_page(session, kind, filter, *next);
        }
        let flow = match &mut sink {
            Sink::Each(each) => each(raw)?,
            Sink::Channel(out) => match out.send(raw).await {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            },
        };
        match step {
            _ if flow.is_break() => {
                let why = "nobody wanted the rest".into();
                return Ok(Walk::Incomplete { why });
            }
            Step::From(_) if asked.is_open() => {}
            Step::From(next) => asked = ask_for_page(session, kind, filter, next),
            Step::After(_) => {
                let why = "the app pages by cursor, which this version does not follow".into();
                return Ok(Walk::Incomplete { why });
            }
            Step::End(walk) => return Ok(walk),
        }
    }
}

/// Asks for a page without waiting for it.
fn ask_for_page(session: &Session, kind: Kind, filter: Option<&str>, start: u64) -> Asked {
    let (http, url) = (session.http.clone(), page_url(session, kind, filter, start));
    let mut task = JoinSet::new();
    task.spawn(async move { http.send(&Call::get(url)).await });
    Asked { task, http: session.http.clone() }
}

fn page_url(session: &Session, kind: Kind, filter: Option<&str>, start: u64) -> Url {
    let mut url = session.collection(kind);
    if filter.is_some() || session.settings.paging {
        let mut query = url.query_pairs_mut();
        if let Some(filter) = filter {
            query.append_pair("filter", filter);
        }
        if session.settings.paging {
            query.append_pair("startIndex", &start.to_string());
            query.append_pair("count", &session.capabilities.page_size.to_string());
        }
    }
    url
}
