//! Pages of a list that are asked for ahead, side by side. They are taken in their order, each as if it had been asked for then.

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;

use crate::catalog::rest::{Paging, Step, Walk as By};
use crate::connector::error::ConnectorError;

use super::reply::Reply;

/// A page that was asked for, with its number in the query.
pub(super) type Page<'p> = BoxFuture<'p, (u64, Result<Reply, ConnectorError>)>;

/// The pages that are under way.
pub(super) struct Ahead<'p> {
    pages: FuturesOrdered<Page<'p>>,
    /// The number of the next page that is asked for.
    next: u64,
    step: u64,
    /// Pages from this number on lie behind the total.
    end: u64,
    width: usize,
    restarts: u32,
}

/// Restarts after which a list is read one page after the other: its pages have odd numbers of rows.
const RESTARTS: u32 = 2;

impl<'p> Ahead<'p> {
    /// Of a list that is paged by numbers and says how many rows it has; `first` is the number of rows of its first page.
    pub(super) fn of(page: &Paging, total: u64, first: u64, width: u32) -> Option<Self> {
        let (from, step, end) = match &page.walk {
            By::Offset { from, step, .. } => {
                let step = match step {
                    Step::Size if page.size.is_some() => page.max,
                    Step::Size | Step::Rows => first,
                };
                (*from, step, from.saturating_add(total))
            }
            By::Number { from, .. } if first > 0 => (*from, 1, from.saturating_add(total.div_ceil(first))),
            _ => return None,
        };
        let next = from.saturating_add(step);
        let width = width as usize;
        (step > 0 && width > 1).then(|| Self {
            pages: FuturesOrdered::new(),
            next,
            step,
            end,
            width,
            restarts: 0,
        })
    }

    /// Asks for as many pages from this number on as may be under way.
    pub(super) fn fill(
        &mut self,
        at: u64,
        ask: impl Fn(u64) -> Result<Page<'p>, ConnectorError>,
    ) -> Result<(), ConnectorError> {
        if self.restarts > RESTARTS {
            return Ok(());
        }
        if self.pages.is_empty() {
            self.next = at;
        }
        while self.pages.len() < self.width && self.next < self.end {
            self.pages.push_back(ask(self.next)?);
            self.next = self.next.saturating_add(self.step);
        }
        Ok(())
    }

    /// The answer for the page with this number; none if it was not asked for: a page had another number of rows, and those behind it
    /// begin elsewhere.
    pub(super) async fn take(&mut self, at: u64) -> Option<Result<Reply, ConnectorError>> {
        while let Some((number, reply)) = self.pages.next().await {
            if number == at {
                return Some(reply);
            }
            if number > at {
                self.pages = FuturesOrdered::new();
                self.restarts += 1;
            }
        }
        None
    }
}
