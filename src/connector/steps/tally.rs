//! Whether the pages of a list add up. Paging is no snapshot: rows may shift, repeat or go missing between pages, and
//! some apps do not page at all. Only what adds up is complete.

use std::collections::HashSet;
use std::sync::Arc;

use super::rows_seen::{RowsSeen, hash};
use crate::model::remote::Walk;

/// The sum of the pages so far.
#[derive(Debug)]
pub struct Tally {
    paging: Paging,
    /// The app's word for the total.
    total_is_called: &'static str,
    /// Hashes of tokens that pages were asked for with.
    tokens: HashSet<u64>,
    seen: RowsSeen,
    total: Option<u64>,
    /// Numbers of rows that make a page full: as many as are asked for, or as the app says that it gives at most.
    full: [Option<u64>; 2],
    beyond: Beyond,
    /// Every page so far says as its total how many rows it has itself.
    counts_itself: bool,
    /// Rows of the largest page.
    largest: u64,
    empty_pages: u64,
}

/// What is known of rows beyond the total. A total that equals an exactly full page proves nothing: some apps count the
/// page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beyond {
    /// Nothing: nobody asked.
    Unknown,
    /// The page behind the total was asked for.
    Asked,
    /// There are some, because the app counts the rows of the page: it has no total.
    Uncounted,
    /// There are some, and the total does not say why.
    Denied,
}

/// How an app gives out a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// In one go.
    Whole,
    /// A page is asked for by the number of its first row.
    ByIndex,
    /// Each page says how the next one is asked for.
    ByToken,
}

/// What a page shows.
#[derive(Debug)]
pub struct PageFacts<'p> {
    /// How many rows there are in all, if the app says.
    pub total: Option<u64>,
    /// The id of each row, if it has one.
    pub ids: &'p [Option<Arc<str>>],
    /// Asks for the next page; `None` if the app names none.
    pub next: Option<&'p str>,
}

/// What to do after a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask for the page that begins here (1-based).
    From(u64),
    /// Ask for the page of this token.
    After(Arc<str>),
    /// The list is read.
    End(Walk),
}

impl Tally {
    /// No pages yet. Messages call the total what the app calls it.
    pub fn new(paging: Paging, total_is_called: &'static str) -> Self {
        Self {
            paging,
            total_is_called,
            tokens: HashSet::new(),
            seen: RowsSeen::default(),
            total: None,
            full: [None; 2],
            beyond: Beyond::Unknown,
            counts_itself: true,
            largest: 0,
            empty_pages: 0,
        }
    }

    /// Pages with one of these numbers of rows are full: as many as are asked for, as many as the app says it gives at
    /// most. If the last page of a list by index is full, one more is asked for behind the total.
    #[must_use]
    pub fn with_full_pages(mut self, asked: Option<u64>, most: Option<u64>) -> Self {
        self.full = [asked, most];
        self
    }

    /// True if the next page lies behind the total.
    pub fn is_beyond(&self) -> bool {
        self.beyond == Beyond::Asked
    }

    /// The end of a list whose app refuses to give a page behind the total.
    pub fn end_of_total(mut self) -> Walk {
        self.end(&PageFacts { total: self.total, ids: &[], next: None })
    }

    /// True if a row with this id came.
    pub fn has(&self, id: &str) -> bool {
        self.seen.has(id)
    }

    /// What the app says there is in all.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Counts the bytes of a page that is about to be taken.
    pub fn weigh(&mut self, bytes: usize) {
        self.seen.weigh(bytes);
    }

    /// Takes a page: which rows, by index, came before, and what to do next.
    ///
    /// With a total, the list is complete if exactly that many different ids came and the total never changed. Without
    /// one, a list by index is complete if some rows came and then two empty answers in a row, and a list by token if
    /// a page names no next one. A page that is full to the row is no proof of its total: the page behind it decides. If
    /// that one has rows, and every page counts itself, there is no total.
    pub fn take(&mut self, page: &PageFacts<'_>) -> (Vec<usize>, Step) {
        let rows = page.ids.len() as u64;
        self.look_beyond(page, rows);
        self.check_total(page);
        let taken = self.seen.take(page.ids);
        self.largest = self.largest.max(rows);
        self.empty_pages = if rows == 0 { self.empty_pages + 1 } else { 0 };
        let all = self.seen.rows;
        let is_over = match (self.paging, self.total) {
            _ if self.seen.is_too_long() || taken.is_stuck => true,
            (Paging::Whole, _) => true,
            (Paging::ByToken, _) => !self.goes_on(page.next),
            (Paging::ByIndex, Some(_)) if rows == 0 => true,
            (Paging::ByIndex, Some(total)) if self.beyond == Beyond::Denied => all == total,
            (Paging::ByIndex, Some(total)) => all >= total && !self.asks_beyond(total, rows),
            (Paging::ByIndex, None) => self.empty_pages >= 2 || (all == 0 && rows == 0),
        };
        let step = match page.next {
            _ if is_over => Step::End(self.end(page)),
            Some(token) if self.paging == Paging::ByToken => Step::After(token.into()),
            _ => Step::From(all + 1),
        };
        (taken.repeated, step)
    }

    /// What a page says about rows beyond the total.
    fn look_beyond(&mut self, page: &PageFacts<'_>, rows: u64) {
        if rows == 0 {
            return;
        }
        self.counts_itself &= page.total == Some(rows);
        match self.beyond {
            Beyond::Asked if self.counts_itself => self.beyond = Beyond::Uncounted,
            Beyond::Asked => self.beyond = Beyond::Denied,
            Beyond::Uncounted if !self.counts_itself => {
                (self.beyond, self.total) = (Beyond::Denied, page.total);
            }
            Beyond::Unknown | Beyond::Uncounted | Beyond::Denied => {}
        }
    }

    /// True if the last page is full to the row, so that the total may be that of the page. It is asked once.
    fn asks_beyond(&mut self, total: u64, rows: u64) -> bool {
        let is_judged = self.full != [None; 2];
        let is_as_before = self.seen.pages > 1 && rows == self.largest;
        let is_full = is_judged && (is_as_before || self.full.contains(&Some(rows)));
        let asks = is_full && self.seen.rows == total && self.beyond == Beyond::Unknown;
        if asks {
            self.beyond = Beyond::Asked;
        }
        asks
    }

    /// True if there is a next page that was not asked for before.
    fn goes_on(&mut self, token: Option<&str>) -> bool {
        let Some(token) = token else {
            return false;
        };
        let is_new = self.tokens.insert(hash(token));
        if !is_new {
            self.note(|| {
                "a page names itself, or one before it, as the next: paging does not advance".to_owned()
            });
        }
        is_new
    }

    fn check_total(&mut self, page: &PageFacts<'_>) {
        if self.beyond == Beyond::Uncounted {
            self.total = None;
        } else if self.beyond == Beyond::Asked {
            // An empty page behind the total, which may count itself.
        } else if self.seen.pages == 0 {
            self.total = page.total;
        } else if self.total != page.total {
            let (before, after) = (told(self.total), told(page.total));
            let name = self.total_is_called;
            self.note(|| format!("{name} changed from {before} to {after} while reading"));
            // Go on by the larger one, so that as much as possible is seen.
            self.total = self.total.max(page.total);
        }
    }

    fn end(&mut self, last: &PageFacts<'_>) -> Walk {
        let seen = self.seen.different();
        let name = self.total_is_called;
        // A list that is asked for by index, of an app that would have it asked for by token.
        let by_cursor = self.paging != Paging::ByToken && last.next.is_some();
        match self.total {
            Some(total) if total != seen => {
                self.note(|| {
                    let hint = if by_cursor {
                        "; the app pages by cursor, which this version does not follow"
                    } else {
                        ""
                    };
                    format!("{name} is {total}, but {seen} came{hint}")
                });
            }
            Some(_) => {}
            None if seen == 0 && self.paging != Paging::ByToken => {
                self.note(|| format!("no rows and no {name}: cannot tell an empty list from a broken one"));
            }
            None if by_cursor => {
                self.note(|| "the app pages by cursor, which this version does not follow".to_owned());
            }
            None => {}
        }
        self.seen.end()
    }

    /// Keeps the first thing that does not add up.
    fn note(&mut self, what: impl FnOnce() -> String) {
        self.seen.note(what);
    }
}

fn told(total: Option<u64>) -> String {
    total.map_or_else(|| "none".to_owned(), |total| total.to_string())
}

#[cfg(test)]
mod tests;
