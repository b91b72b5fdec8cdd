//! Paging through a list (RFC 7644 section 3.4.2.4).

use std::ops::ControlFlow;

use reqwest::Url;
use tokio::task::JoinSet;

use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Answer, Call};
use crate::connector::steps::{self, PageFacts, Step, Tally};
use crate::connector::{PageSender, RawPage};
use crate::model::remote::{Complete, ListRequest, Walk};
use crate::model::{Event, Kind};

use super::ahead::{Ahead, Asked};
use super::answer::proves_absence;
use super::json::{self, TextOf};
use super::names::{self, Lesson};
use super::session::Session;
use super::settings::Paging;

/// Where the pages of a walk go.
pub(super) enum Sink<'s> {
    /// To a reader that decodes them.
    Channel(PageSender),
    /// To a function, which may end the walk.
    Each(&'s mut (dyn FnMut(RawPage) -> Result<ControlFlow<()>, ConnectorError> + Send)),
}

/// Sends all pages of a list to a reader.
///
/// # Errors
/// The list could not be read to its end.
pub(super) async fn list(
    session: &Session,
    want: &ListRequest,
    out: PageSender,
) -> Result<Walk, ConnectorError> {
    pages(session, want, None, Sink::Channel(out)).await
}

/// Reads all pages of a list, or of what a filter finds.
///
/// # Errors
/// As [`list`]; or the sink refuses a page.
pub(super) async fn pages(
    session: &Session,
    want: &ListRequest,
    filter: Option<&str>,
    mut sink: Sink<'_>,
) -> Result<Walk, ConnectorError> {
    let kind = want.kind;
    let (mut answer, lesson, by) = match first_page(session, want, filter).await? {
        ControlFlow::Continue(first) => first,
        ControlFlow::Break(walk) => return Ok(walk),
    };
    let mut tally = tally(session, filter, by);
    let mut lesson = Some(lesson);
    let mut named = None;
    let mut ahead: Option<Ahead> = None;
    // The rows of a walk that did not add up.
    let mut before: Option<Tally> = None;
    loop {
        if !answer.is_success() {
            return match answer.status {
                400 | 404 | 410 | 416 | 422 | 501 if tally.is_beyond() => Ok(tally.end_of_total()),
                _ => Err(session.http.fault(&answer)),
            };
        }
        let page =
            json::list(&answer.body, TextOf("id")).map_err(|error| session.http.not_json(&answer, &error))?;
        if !page.is_list {
            let what = "answered JSON that is no SCIM list: neither totalResults nor Resources";
            return Err(session.http.error_of(&answer, ErrorKind::NotTheProtocol, what));
        }
        if let Some(lesson) = lesson.take() {
            if filter.is_none() {
                session.learned.proven(by);
            }
            lesson.learn(session);
            named = names::of(session, want);
        }
        tally.weigh(answer.body.len());
        let is_beyond = tally.is_beyond();
        let (mut repeated, step) =
            tally.take(&PageFacts { total: page.total, ids: &page.rows, next: page.cursor.as_deref() });
        let rows = page.rows.len();
        let is_again = is_beyond && !repeated.is_empty();
        if let Some(before) = &before {
            let came =
                page.rows.iter().enumerate().filter(|(_, id)| id.as_ref().is_some_and(|id| before.has(id)));
            repeated.extend(came.map(|(at, _)| at));
            repeated.sort_unstable();
            repeated.dedup();
        }
        session.http.events.emit(Event::Page {
            app: session.http.app.clone(),
            kind,
            rows,
            total: tally.total(),
        });
        let raw = RawPage { body: answer.body, parsed: None, further: Vec::new(), rows, repeated };
        let ask = |start| ask_for_page(session, kind, (filter, named.as_deref()), (by, start));
        // The reader decodes this page while the next one is on its way.
        let asked = match (&sink, &step) {
            (Sink::Channel(_), Step::From(next)) => {
                let width = if before.is_some() { 1 } else { session.http.limits.concurrency };
                let ahead = ahead.get_or_insert_with(|| Ahead::new(rows as u64, width));
                Some(ahead.page(*next, tally.total(), ask))
            }
            _ => None,
        };
        let flow = match &mut sink {
            Sink::Each(each) => each(raw)?,
            Sink::Channel(out) => match out.send(raw).await {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            },
        };
        let mut asked = match step {
            _ if flow.is_break() => {
                let why = "nobody wanted the rest".into();
                return Ok(Walk::Incomplete { why });
            }
            Step::From(next) => asked.unwrap_or_else(|| ask(next)),
            Step::After(_) => {
                let why = "the app pages by cursor, which this version does not follow".into();
                return Ok(Walk::Incomplete { why });
            }
            Step::End(Walk::Incomplete { why }) if is_again => {
                let why = format!(
                    "{why}; if the app sends a whole list in one answer, set `settings.paging: none`"
                );
                return Ok(Walk::Incomplete { why: why.into() });
            }
            // Pages that were read side by side may have been read while the list changed.
            Step::End(Walk::Incomplete { .. }) if ahead.as_ref().is_some_and(|ahead| ahead.is_used) => {
                let fresh = self::tally(session, filter, by);
                before = Some(std::mem::replace(&mut tally, fresh));
                ahead = None;
                ask(1)
            }
            Step::End(walk) => return Ok(walk),
        };
        answer = asked.answer().await?;
    }
}

/// The first page, asked for with as much as the app takes: names, and the parameters of paging. Or how the walk ends without
/// one.
///
/// # Errors
/// There is no first page.
async fn first_page(
    session: &Session,
    want: &ListRequest,
    filter: Option<&str>,
) -> Result<ControlFlow<Walk, (Answer, Lesson, Paging)>, ConnectorError> {
    let kind = want.kind;
    let named = names::of(session, want);
    let mut by = session.learned.paging();
    let mut refused = None;
    loop {
        let url = |named: Option<&str>| page_url(session, kind, (filter, named), (by, 1));
        let (answer, lesson) = names::ask(session, named.as_deref(), url).await?;
        if answer.is_success() {
            return Ok(ControlFlow::Continue((answer, lesson, by)));
        }
        let may_be_paging = matches!(answer.status, 400 | 501);
        let fewer = session.learned.fewer_than(by).filter(|_| may_be_paging && filter.is_none());
        if let Some(fewer) = fewer {
            refused.get_or_insert_with(|| session.http.fault(&answer));
            by = fewer;
            continue;
        }
        return match refused {
            // The first answer says what the app would have liked.
            Some(error) if may_be_paging => Err(error),
            _ if filter.is_none() => unlisted(session, kind, &answer).map(ControlFlow::Break),
            _ => Err(session.http.fault(&answer)),
        };
    }
}

fn tally(session: &Session, filter: Option<&str>, by: Paging) -> Tally {
    let tally = match by {
        Paging::None => Tally::new(steps::Paging::Whole, TOTAL),
        Paging::Index | Paging::Start => Tally::new(steps::Paging::ByIndex, TOTAL),
    };
    // A look-up that found somebody found them, whatever else it leaves out.
    let asked = (filter.is_none() && by == Paging::Index).then_some(session.capabilities.page_size.into());
    let most = session.most_rows.filter(|_| filter.is_none());
    tally.with_full_pages(asked, most)
}

/// The name of the total (RFC 7644 section 3.4.2).
const TOTAL: &str = "totalResults";

/// What the refusal of a list means. A list without objects is an empty list (RFC 7644 section 3.4.2), and several apps answer
/// 404 in its place, which is what an address without an app answers as well.
fn unlisted(session: &Session, kind: Kind, answer: &Answer) -> Result<Walk, ConnectorError> {
    const SETTING: &str = "if the app answers so to an empty list, set `settings.empty_is_404: true`";
    let error = session.http.fault(answer);
    if answer.status != 404 || answer.is_html() {
        return Err(error);
    }
    if session.settings.empty_is_404 {
        return Ok(Walk::Complete(Complete::of_rows(0)));
    }
    if !proves_absence(answer) {
        return Err(error);
    }
    if session.is_discovered {
        let why = format!("the list of {kind}s was answered 404 Not Found; {SETTING}");
        return Ok(Walk::Complete(Complete::empty_unless_known(why)));
    }
    let hint = error.hint.as_deref().map(|hint| format!("{hint}; ")).unwrap_or_default();
    Err(error.with_hint(format!("{hint}{SETTING}")))
}

/// Asks for a page without waiting for it.
fn ask_for_page(
    session: &Session,
    kind: Kind,
    (filter, named): (Option<&str>, Option<&str>),
    page: (Paging, u64),
) -> Asked {
    let (http, url) = (session.http.clone(), page_url(session, kind, (filter, named), page));
    let mut task = JoinSet::new();
    task.spawn(async move { http.send(&Call::get(url)).await });
    Asked { task, http: session.http.clone() }
}

/// The URL of the page that begins at a row, counted from 1.
pub(super) fn page_url(
    session: &Session,
    kind: Kind,
    (filter, named): (Option<&str>, Option<&str>),
    (by, start): (Paging, u64),
) -> Url {
    let mut url = session.collection(kind);
    let mut pairs = Vec::new();
    pairs.extend(filter.map(|filter| ("filter", filter.to_owned())));
    pairs.extend(named.map(|named| (names::PARAMETER, named.to_owned())));
    if by != Paging::None {
        pairs.push(("startIndex", start.to_string()));
    }
    if by == Paging::Index {
        pairs.push(("count", session.capabilities.page_size.to_string()));
    }
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    url
}
