//! Walking through a list, page by page.

use std::ops::ControlFlow;
use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::Value as Json;

use crate::catalog::rest::{Found, Listing, Only, Operation, Paging, Place, Source, Total, Walk as By};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::steps::RowsSeen;
use crate::connector::{PageSender, RawPage};
use crate::model::remote::{Complete, Walk};
use crate::model::{Event, Kind};

use super::ahead::Ahead;
use super::evidence::{Evidence, Facts, Go};
use super::meaning;
use super::position::At;
use super::reply::{self, Here, Reply};
use super::rights;
use super::session::Session;
use super::values::Values;

/// Where the pages of a walk go.
pub(super) enum Sink<'s> {
    /// To a reader that decodes them.
    Channel(PageSender),
    /// The rows that are meant go to a function, which may end the walk.
    Each(&'s mut (dyn FnMut(&Json) -> ControlFlow<()> + Send)),
}

/// A list that is to be walked.
pub(super) struct List<'l> {
    pub listing: &'l Listing,
    pub operation: Operation,
    pub values: Values,
    /// What the rows are, if they are accounts or groups.
    pub kind: Option<Kind>,
    /// The id in a row, if rows have one.
    pub id: Option<&'l Place>,
}

/// Sends all accounts, or all groups, to a reader.
///
/// # Errors
/// The list could not be read to its end.
pub(super) async fn list(session: &Session, kind: Kind, out: PageSender) -> Result<Walk, ConnectorError> {
    pages(session, &of_objects(session, kind)?, Sink::Channel(out)).await
}

/// The list of accounts or of groups.
///
/// # Errors
/// The app has no groups.
pub(super) fn of_objects(session: &Session, kind: Kind) -> Result<List<'_>, ConnectorError> {
    let objects = session.objects(kind)?;
    Ok(List {
        listing: &objects.list,
        operation: Operation::List,
        values: session.values.clone(),
        kind: Some(kind),
        id: objects.id.list.as_ref(),
    })
}

/// Walks through a list.
///
/// # Errors
/// A page could not be read, or is no page of a list.
pub(super) async fn pages(
    session: &Session,
    list: &List<'_>,
    mut sink: Sink<'_>,
) -> Result<Walk, ConnectorError> {
    let may_be_ahead = matches!(sink, Sink::Channel(_));
    let mut how = How { may_be_ahead, was_ahead: false, before: None };
    let mut seen = RowsSeen::default();
    let walk = all(session, list, &mut sink, &mut how, &mut seen).await?;
    if !how.was_ahead || matches!(walk, Walk::Complete(_)) {
        return Ok(walk);
    }
    // Pages that were read side by side may have been read while the list changed.
    let mut how = How { may_be_ahead: false, was_ahead: false, before: Some(&seen) };
    all(session, list, &mut sink, &mut how, &mut RowsSeen::default()).await
}

/// How a list is read.
struct How<'h> {
    /// Pages may be asked for side by side.
    may_be_ahead: bool,
    /// They were.
    was_ahead: bool,
    /// The rows that a walk before this one has sent on.
    before: Option<&'h RowsSeen>,
}

async fn all(
    session: &Session,
    list: &List<'_>,
    sink: &mut Sink<'_>,
    how: &mut How<'_>,
    seen: &mut RowsSeen,
) -> Result<Walk, ConnectorError> {
    if let Some(why) = rights::unproven(session).await {
        seen.note(|| why.to_string());
    }
    let nothing: [Vec<_>; 1] = [Vec::new()];
    let parts = if list.listing.parts.is_empty() { &nothing[..] } else { &list.listing.parts[..] };
    for part in parts {
        let query = part.iter().flat_map(|(name, values)| values.iter().map(move |value| (&**name, value)));
        let query = query.map(|(name, value)| {
            let text = list.values.text(value);
            text.map(|text| (name, text)).map_err(|why| session.http.error(ErrorKind::Config, why.0))
        });
        let query = query.collect::<Result<Vec<_>, _>>()?;
        match one(session, list, &query, how, seen, sink).await? {
            Ended::Over => {}
            // An app that says that there is no list may say so to somebody who may not see it.
            Ended::Empty(walk) if parts.len() == 1 && seen.rows == 0 => {
                return Ok(match seen.end() {
                    Walk::Complete(_) => walk,
                    short @ Walk::Incomplete { .. } => short,
                });
            }
            Ended::Empty(_) => seen.note(|| "a part of the list is not there".to_owned()),
            Ended::Stopped => return Ok(Walk::Incomplete { why: "nobody wanted the rest".into() }),
        }
    }
    if list.listing.holds_self {
        let is_there = session.own_names.iter().any(|name| seen.has(name));
        if !is_there {
            seen.note(|| "the connection's own account is not in the list".to_owned());
        }
    }
    Ok(seen.end())
}

/// How a part of a list ended.
enum Ended {
    Over,
    Stopped,
    /// The app says that there is no such list.
    Empty(Walk),
}

async fn one(
    session: &Session,
    list: &List<'_>,
    query: &[(&str, String)],
    how: &mut How<'_>,
    seen: &mut RowsSeen,
    sink: &mut Sink<'_>,
) -> Result<Ended, ConnectorError> {
    let page = &list.listing.page;
    let total = match &page.total {
        Some(Total::Asked(get, place)) => Some(counted(session, list, get, place).await?),
        _ => None,
    };
    let mut evidence = Evidence::new(page, total, seen);
    let mut at = At::first(page);
    let mut ahead: Option<Ahead<'_>> = None;
    loop {
        let target = at.target(session, (list.listing, &list.values), query)?;
        let url = target.url.clone();
        let early = match (&mut ahead, &at) {
            (Some(ahead), At::Number { at, .. }) if !evidence.is_beyond() => ahead.take(*at).await,
            _ => None,
        };
        let reply = match early {
            Some(reply) => reply,
            None => {
                let request = &list.listing.request;
                reply::ask_at(session, list.operation, request, target.url, target.headers).await
            }
        };
        let here = match reply {
            Ok(Reply::Here(here)) => *here,
            Ok(Reply::Gone | Reply::Empty) if at.is_first() => {
                let why = "the list was answered as if it were not there";
                return Ok(Ended::Empty(Walk::Complete(Complete::empty_unless_known(why))));
            }
            // An app may refuse to give a page behind the end.
            Ok(Reply::Gone | Reply::Empty) if evidence.is_beyond() => break,
            Ok(Reply::Gone | Reply::Empty) => {
                seen.note(|| "a page of the list was answered as if it were not there".to_owned());
                break;
            }
            Err(error) if evidence.is_beyond() && is_refused(&error) => break,
            Err(error) => return Err(error),
        };
        seen.weigh(here.answer.body.len());
        let rows = rows(session, list.listing, &here)?;
        let facts = facts(list, page, &here, &rows);
        let was_beyond = evidence.is_beyond();
        let mut names_outside = false;
        let (mut repeated, go) = evidence.take(seen, &facts);
        if let Some(before) = how.before {
            let came =
                facts.ids.iter().enumerate().filter(|(_, id)| id.as_ref().is_some_and(|id| before.has(id)));
            repeated.extend(came.map(|(row, _)| row));
            repeated.sort_unstable();
            repeated.dedup();
        }
        let is_first = at.is_first();
        let count = rows.len();
        if !at.advance(session, page, &url, facts.next.as_deref(), count as u64) && go != Go::End {
            names_outside = true;
        }
        let known = facts.total.or(total).filter(|_| is_first && how.may_be_ahead);
        if let Some(known) = known {
            ahead = Ahead::of(page, known, count as u64, session.http.limits.concurrency);
        }
        if let (Some(ahead), At::Number { at, .. }, Go::On) = (&mut ahead, &at, go) {
            let ask = |number: u64| {
                let at = At::Number { is_first: false, at: number };
                let target = at.target(session, (list.listing, &list.values), query)?;
                let asked = async move {
                    let request = &list.listing.request;
                    let reply =
                        reply::ask_at(session, list.operation, request, target.url, target.headers).await;
                    (number, reply)
                };
                Ok(asked.boxed())
            };
            ahead.fill(*at, ask)?;
            how.was_ahead = true;
        }
        if let Some(kind) = list.kind.filter(|_| !was_beyond) {
            let (app, rows) = (session.http.app.clone(), rows.len());
            session.http.events.emit(Event::Page { app, kind, rows, total: facts.total.or(total) });
        }
        let flow = match sink {
            Sink::Each(each) => {
                let meant = rows.iter().filter(|row| is_meant(&list.listing.only, row));
                meant.copied().try_for_each(&mut **each)
            }
            Sink::Channel(out) => {
                let (body, parsed) = (here.answer.body, Some(here.body));
                let raw = RawPage { body, parsed, further: Vec::new(), rows: count, repeated };
                match out.send(raw).await {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            }
        };
        if flow.is_break() {
            return Ok(Ended::Stopped);
        }
        if go == Go::End {
            break;
        }
        if names_outside {
            seen.note(|| "the next page is named by an address outside of the app's interface".to_owned());
            break;
        }
    }
    evidence.end(seen);
    Ok(Ended::Over)
}

fn is_refused(error: &ConnectorError) -> bool {
    matches!(error.status, Some(400 | 404 | 410 | 416 | 422 | 501))
}

async fn counted(
    session: &Session,
    list: &List<'_>,
    get: &crate::catalog::rest::Get,
    place: &Place,
) -> Result<u64, ConnectorError> {
    let reply = reply::ask(session, list.operation, get, &list.values, &[]).await?;
    let number = match &reply {
        Reply::Here(here) => number(place.get(&here.body)),
        Reply::Gone | Reply::Empty => None,
    };
    number.ok_or_else(|| {
        let what = format!("the number of rows is not at `{place}` of the answer");
        session.http.error(ErrorKind::NotTheProtocol, what).with_hint("correct the place at `total`")
    })
}

fn number(found: Found<'_>) -> Option<u64> {
    match found {
        Found::One(Json::Number(number)) => number.as_u64(),
        Found::One(Json::String(text)) => text.parse().ok(),
        _ => None,
    }
}

/// The rows of a page.
///
/// # Errors
/// It has none of the places where rows stand: it is no page of a list.
pub(super) fn rows<'j>(
    session: &Session,
    listing: &Listing,
    here: &'j Here,
) -> Result<Vec<&'j Json>, ConnectorError> {
    rows_of(listing, &here.body).ok_or_else(|| {
        let places: Vec<_> = listing.rows.iter().map(|place| format!("`{place}`")).collect();
        let what = format!("answered JSON without the rows, which stand at {}", places.join(" or "));
        session
            .http
            .error_of(&here.answer, ErrorKind::NotTheProtocol, what)
            .with_hint("correct the place at `rows`")
    })
}

/// The rows of the body of a page; none if it is no page of the list.
pub(super) fn rows_of<'j>(listing: &Listing, body: &'j Json) -> Option<Vec<&'j Json>> {
    listing.rows.iter().find_map(|place| match place.get(body) {
        Found::One(Json::Array(rows)) => Some(rows.iter().collect()),
        Found::Each(rows) => Some(rows),
        _ => None,
    })
}

/// True if a row is one of those that the list is about.
pub(super) fn is_meant(only: &Only, row: &Json) -> bool {
    let is_there = |place: &Place| match place.get(row) {
        Found::Missing | Found::Nothing => false,
        Found::Each(values) => !values.is_empty(),
        Found::One(_) | Found::Unclear(_) => true,
    };
    meaning::fits(&only.is, row) && only.present.iter().all(&is_there) && !only.absent.iter().any(is_there)
}

fn facts(list: &List<'_>, page: &Paging, here: &Here, rows: &[&Json]) -> Facts {
    let text = |source: &Source| {
        reply::text_at(source, &here.answer.headers, &here.body).filter(|text| !text.is_empty())
    };
    let next = match &page.walk {
        By::Cursor { next, .. } | By::Link { next } => Some(next),
        _ => page.next.as_ref(),
    };
    // Rows that are no objects of their own, such as grants, are told apart by all that they say.
    let id = |row: &&Json| match list.id.map(|id| id.get(row)) {
        Some(Found::One(found)) => reply::scalar(found).map(Arc::from),
        None => Some(Arc::from(&*blake3::hash(row.to_string().as_bytes()).to_hex())),
        Some(_) => None,
    };
    let order = |row: &&Json| match page.order.as_ref()?.get(row) {
        Found::One(Json::Number(number)) => number.as_f64(),
        _ => None,
    };
    Facts {
        ids: rows.iter().map(id).collect(),
        total: match &page.total {
            Some(Total::InPage(source)) => text(source).and_then(|text| text.parse().ok()),
            _ => None,
        },
        next: next.and_then(text),
        more: page.more.as_ref().and_then(|place| match place.get(&here.body) {
            Found::One(Json::Bool(more)) => Some(*more),
            _ => None,
        }),
        order: rows.iter().map(order).collect(),
        is_truncated: list.listing.truncated.as_ref().is_some_and(|place| match place.get(&here.body) {
            Found::One(found) => *found != Json::Bool(false),
            _ => false,
        }),
    }
}
