//! Which page of a list is asked for next.

use reqwest::Url;

use crate::catalog::rest::{Listing, Paging, Step, Walk as By};
use crate::connector::error::ConnectorError;

use super::address::{self, Target};
use super::session::Session;
use super::values::Values;

/// The page that is asked for next.
pub(super) enum At {
    /// By a number in the query.
    Number { is_first: bool, at: u64 },
    /// By a word of the page before.
    Cursor(Option<String>),
    /// At this address.
    Link(Option<Url>),
    /// The only one.
    Once,
}

impl At {
    pub(super) fn first(page: &Paging) -> Self {
        match &page.walk {
            By::Offset { from, .. } | By::Number { from, .. } => Self::Number { is_first: true, at: *from },
            By::Cursor { .. } => Self::Cursor(None),
            By::Link { .. } => Self::Link(None),
            By::Once => Self::Once,
        }
    }

    pub(super) fn is_first(&self) -> bool {
        match self {
            Self::Number { is_first, .. } => *is_first,
            Self::Cursor(at) => at.is_none(),
            Self::Link(at) => at.is_none(),
            Self::Once => true,
        }
    }

    pub(super) fn target(
        &self,
        session: &Session,
        (listing, values): (&Listing, &Values),
        query: &[(&str, String)],
    ) -> Result<Target, ConnectorError> {
        let page = &listing.page;
        let mut further = query.to_vec();
        if let (Some(size), false) = (&page.size, matches!(self, Self::Once)) {
            further.push((size, page.max.to_string()));
        }
        match (self, &page.walk) {
            (Self::Number { at, .. }, By::Offset { at: name, .. } | By::Number { at: name, .. }) => {
                further.push((name, at.to_string()));
            }
            (Self::Cursor(Some(at)), By::Cursor { at: name, .. }) => further.push((name, at.clone())),
            _ => {}
        }
        let address = &listing.request.address;
        let target = address::target(&session.http, &session.document, address, values, &further)?;
        Ok(match self {
            Self::Link(Some(url)) => Target { url: url.clone(), ..target },
            _ => target,
        })
    }

    /// Goes to the next page. False if the app names one outside of its interface.
    pub(super) fn advance(
        &mut self,
        session: &Session,
        page: &Paging,
        url: &Url,
        next: Option<&str>,
        rows: u64,
    ) -> bool {
        match (&mut *self, &page.walk) {
            (Self::Number { is_first, at }, By::Offset { at: name, step, .. }) => {
                let step = match step {
                    Step::Rows => rows,
                    Step::Size if page.size.is_some() => page.max,
                    Step::Size => rows.max(1),
                };
                // Where the app names the next page, it knows how many rows it gave out.
                let named = next.and_then(|next| parameter(url, next, name));
                *at = named.filter(|named| named > at).unwrap_or(*at + step);
                *is_first = false;
            }
            (Self::Number { is_first, at }, _) => {
                *at += 1;
                *is_first = false;
            }
            (Self::Cursor(at), _) => *at = next.map(str::to_owned),
            (Self::Link(at), _) => match next.and_then(|next| inside(session, url, next)) {
                Some(next) => *at = Some(next),
                None => return false,
            },
            (Self::Once, _) => {}
        }
        true
    }
}

/// The number that an address has in its query.
fn parameter(url: &Url, next: &str, name: &str) -> Option<u64> {
    let next = Url::options().base_url(Some(url)).parse(next).ok()?;
    next.query_pairs().find_map(|(key, value)| (key == name).then(|| value.parse().ok()).flatten())
}

/// The address of the next page: path and query as the app says, if they are below the address of the app (safety.md 18).
/// The host is always that of the app.
fn inside(session: &Session, url: &Url, next: &str) -> Option<Url> {
    let named = Url::options().base_url(Some(url)).parse(next).ok()?;
    let base = session.http.endpoint.collection("");
    let is_same_host = named.host_str().is_some_and(|host| Some(host) == base.host_str());
    let is_same_port = named.port_or_known_default() == base.port_or_known_default();
    let path = base.path().trim_end_matches('/');
    let is_below = named.path() == path || named.path().starts_with(&format!("{path}/"));
    if !is_same_host || !is_same_port || !is_below {
        return None;
    }
    let mut inside = base;
    inside.set_path(named.path());
    inside.set_query(named.query());
    Some(inside)
}
