//! Pages of a list that are asked for ahead, side by side. They are taken in their order, each as if it had been asked for then, so that
//! the evidence of a list is that of a walk in sequence.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Answer, Http};

/// A request for a page. It is given up when this is dropped.
pub(super) struct Asked {
    pub task: JoinSet<Result<Answer, ConnectorError>>,
    pub http: Arc<Http>,
}

impl Asked {
    pub(super) async fn answer(&mut self) -> Result<Answer, ConnectorError> {
        match self.task.join_next().await {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => Err(self.http.error(ErrorKind::Broken, error.to_string())),
            None => Err(self.http.error(ErrorKind::Broken, "nobody asked")),
        }
    }
}

/// Restarts after which a list is read one page after the other: its pages have odd numbers of rows.
const RESTARTS: u32 = 2;

/// The pages that are under way.
pub(super) struct Ahead {
    pages: VecDeque<(u64, Asked)>,
    /// The row at which the next page begins that is asked for, from 1.
    next: u64,
    /// Rows of a page, as many as the first one had.
    rows: u64,
    width: usize,
    restarts: u32,
    /// Pages were asked for before it was known that they are wanted.
    pub is_used: bool,
}

impl Ahead {
    /// Of a list whose pages have so many rows.
    pub(super) fn new(rows: u64, width: u32) -> Self {
        let width = width as usize;
        Self { pages: VecDeque::new(), next: 0, rows, width, restarts: 0, is_used: false }
    }

    /// The page that begins at a row, and as many pages behind it as may be under way and lie within the total.
    pub(super) fn page(&mut self, start: u64, total: Option<u64>, ask: impl Fn(u64) -> Asked) -> Asked {
        while self.pages.front().is_some_and(|(at, _)| *at < start) {
            self.pages.pop_front();
        }
        let is_next = self.pages.front().is_some_and(|(at, _)| *at == start);
        let page = match self.pages.pop_front().filter(|_| is_next) {
            Some((_, asked)) => asked,
            None => {
                // A page had another number of rows: those behind it begin elsewhere.
                self.restarts += u32::from(self.is_used);
                self.pages.clear();
                self.next = start.saturating_add(self.rows);
                ask(start)
            }
        };
        let width = if self.restarts > RESTARTS { 1 } else { self.width };
        let total = total.unwrap_or_default();
        while self.rows > 0 && self.pages.len() + 1 < width && self.next <= total {
            self.is_used = true;
            self.pages.push_back((self.next, ask(self.next)));
            self.next = self.next.saturating_add(self.rows);
        }
        page
    }
}
