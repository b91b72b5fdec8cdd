//! Whether the pages of a list add up (RFC 7644 section 3.4.2.4). Paging is no snapshot: rows may shift, repeat or go
//! missing between pages, and some apps do not page at all. Only what adds up is complete.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::connector::error::shown;
use crate::model::RemoteId;
use crate::model::remote::{Complete, Walk};

use super::json::List;

/// More rows than this are not read.
const MAX_ROWS: u64 = 2_000_000;
/// More pages than this are not read.
const MAX_PAGES: u64 = 50_000;
/// More bytes than this, all pages together, are not read.
const MAX_BYTES: u64 = 2 << 30;

/// The sum of the pages so far.
#[derive(Debug)]
pub struct Tally {
    paged: bool,
    /// Hashes of ids: a collision looks like a repeat, which makes the list incomplete and nothing worse.
    seen: HashSet<u64>,
    total: Option<u64>,
    rows: u64,
    bytes: u64,
    pages: u64,
    empty_pages: u64,
    trouble: Option<String>,
}

/// What to do after a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask for the page that begins here (1-based).
    From(u64),
    /// The list is read.
    End(Walk),
}

impl Tally {
    /// `paged` is false for an app that answers a list in one go.
    pub fn new(paged: bool) -> Self {
        Self {
            paged,
            seen: HashSet::new(),
            total: None,
            rows: 0,
            bytes: 0,
            pages: 0,
            empty_pages: 0,
            trouble: None,
        }
    }

    /// What the app says there is in all.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Counts the bytes of a page that is about to be taken.
    pub fn weigh(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Takes a page: which rows, by index, came before, and what to do next.
    ///
    /// With a total, the list is complete if exactly that many different ids came and the total never changed.
    /// Without one (the app breaks the RFC), it is complete if some rows came and then two empty answers in a row;
    /// an app that does not page and gives no total needs `paging: none`.
    pub fn take(&mut self, page: &List<Option<Arc<str>>>) -> (Vec<usize>, Step) {
        let asked_from = self.rows + 1;
        self.check_total(page);
        let known = self.seen.len();
        let repeated = self.check_ids(page);
        let rows = page.rows.len() as u64;
        let is_stuck = rows > 0 && self.seen.len() == known;
        self.rows += rows;
        self.pages += 1;
        self.empty_pages = if rows == 0 { self.empty_pages + 1 } else { 0 };
        if is_stuck {
            let only = match repeated.is_empty() {
                true => "rows without an id that can be used",
                false => "rows that came before: paging does not advance",
            };
            self.trouble = Some(format!("the page that begins at {asked_from} has only {only}"));
        }
        let beyond = self.beyond_limits();
        let is_over = match self.total {
            _ if !self.paged || is_stuck || beyond.is_some() => true,
            Some(total) => rows == 0 || self.rows >= total,
            None => self.empty_pages >= 2 || (self.rows == 0 && rows == 0),
        };
        if let Some(what) = beyond {
            self.note(|| what);
        }
        let step = if is_over { Step::End(self.end(page)) } else { Step::From(self.rows + 1) };
        (repeated, step)
    }

    /// Which limit the list is beyond, if any.
    fn beyond_limits(&self) -> Option<String> {
        let most = if self.rows > MAX_ROWS {
            format!("{MAX_ROWS} rows")
        } else if self.pages > MAX_PAGES {
            format!("{MAX_PAGES} pages")
        } else if self.bytes > MAX_BYTES {
            format!("{} MiB", MAX_BYTES >> 20)
        } else {
            return None;
        };
        Some(format!("the list has more than {most}: the rest is not read"))
    }

    fn check_total(&mut self, page: &List<Option<Arc<str>>>) {
        if self.pages == 0 {
            self.total = page.total;
        } else if self.total != page.total {
            let (before, after) = (told(self.total), told(page.total));
            self.note(|| format!("totalResults changed from {before} to {after} while reading"));
            // Go on by the larger one, so that as much as possible is seen.
            self.total = self.total.max(page.total);
        }
    }

    fn check_ids(&mut self, page: &List<Option<Arc<str>>>) -> Vec<usize> {
        let mut repeated = Vec::new();
        for (at, id) in page.rows.iter().enumerate() {
            let Some(id) = id else {
                self.note(|| "a row has no id".to_owned());
                continue;
            };
            if let Err(why) = RemoteId::checked(id.clone()) {
                self.note(|| format!("a row has an id that cannot be used: it {why}"));
                continue;
            }
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            if !self.seen.insert(hasher.finish()) {
                repeated.push(at);
                self.note(|| format!("id {} came twice", shown(id)));
            }
        }
        repeated
    }

    fn end(&mut self, last: &List<Option<Arc<str>>>) -> Walk {
        let seen = self.seen.len() as u64;
        let by_cursor = last.has_cursor;
        match self.total {
            Some(total) if total != seen => {
                self.note(|| {
                    let hint = if by_cursor {
                        "; the app pages by cursor, which this version does not follow"
                    } else {
                        ""
                    };
                    format!("totalResults is {total}, but {seen} came{hint}")
                });
            }
            Some(_) => {}
            None if seen == 0 => {
                self.note(|| {
                    "no rows and no totalResults: cannot tell an empty list from a broken one".to_owned()
                });
            }
            None if by_cursor => {
                self.note(|| "the app pages by cursor, which this version does not follow".to_owned());
            }
            None => {}
        }
        match self.trouble.take() {
            None => Walk::Complete(Complete::of_rows(seen)),
            Some(why) => Walk::Incomplete { why: why.into() },
        }
    }

    /// Keeps the first thing that does not add up.
    fn note(&mut self, what: impl FnOnce() -> String) {
        self.trouble.get_or_insert_with(what);
    }
}

fn told(total: Option<u64>) -> String {
    total.map_or_else(|| "none".to_owned(), |total| total.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(total: Option<u64>, ids: &[&str]) -> List<Option<Arc<str>>> {
        List {
            total,
            has_cursor: false,
            rows: ids.iter().map(|id| (!id.is_empty()).then(|| Arc::from(*id))).collect(),
            is_list: true,
        }
    }

    /// Takes pages until the end; the last one is repeated if the tally wants more.
    fn walk(pages: &[List<Option<Arc<str>>>]) -> Walk {
        let mut tally = Tally::new(true);
        for at in 0..100 {
            if let (_, Step::End(walk)) = tally.take(&pages[at.min(pages.len() - 1)]) {
                return walk;
            }
        }
        panic!("endless")
    }

    fn why(pages: &[List<Option<Arc<str>>>]) -> String {
        match walk(pages) {
            Walk::Incomplete { why } => why.to_string(),
            complete => panic!("{complete:?}"),
        }
    }

    fn complete(rows: u64) -> Walk {
        Walk::Complete(Complete::of_rows(rows))
    }

    #[test]
    fn what_adds_up_is_complete() {
        assert_eq!(walk(&[page(Some(3), &["a", "b"]), page(Some(3), &["c"])]), complete(3));
        assert_eq!(walk(&[page(Some(0), &[])]), complete(0));
        let short = [page(Some(3), &["a"]), page(Some(3), &["b"]), page(Some(3), &["c"])];
        assert_eq!(walk(&short), complete(3));
    }

    #[test]
    fn the_next_page_begins_after_the_rows_received() {
        let mut tally = Tally::new(true);
        assert_eq!(tally.take(&page(Some(9), &["a", "b"])), (vec![], Step::From(3)));
        assert_eq!(tally.take(&page(Some(9), &["c"])), (vec![], Step::From(4)));
        assert_eq!(tally.take(&page(Some(9), &["c", "d"])), (vec![0], Step::From(6)));
    }

    #[test]
    fn what_does_not_add_up_is_incomplete() {
        assert_eq!(why(&[page(Some(3), &["a"]), page(Some(3), &[])]), "totalResults is 3, but 1 came");
        assert_eq!(why(&[page(Some(1), &["a", "b"])]), "totalResults is 1, but 2 came");
        assert_eq!(why(&[page(Some(5), &[])]), "totalResults is 5, but 0 came");
        assert_eq!(why(&[page(Some(4), &["a", "b"]), page(Some(4), &["b", "c"])]), "id b came twice");
        assert_eq!(
            why(&[page(Some(3), &["a", "b"]), page(Some(2), &["c"])]),
            "totalResults changed from 3 to 2 while reading"
        );
        assert_eq!(
            why(&[page(Some(2), &["a"]), page(Some(3), &["b"]), page(Some(3), &["c"])]),
            "totalResults changed from 2 to 3 while reading"
        );
        assert_eq!(why(&[page(Some(2), &["a", ""])]), "a row has no id");
        assert_eq!(
            why(&[page(Some(2), &["a", "b\0"])]),
            "a row has an id that cannot be used: it holds control characters"
        );
    }

    #[test]
    fn paging_that_does_not_advance_ends() {
        assert_eq!(
            why(&[page(Some(9), &["a", "b"])]),
            "the page that begins at 3 has only rows that came before: paging does not advance"
        );
        assert!(why(&[page(None, &["a", "b"])]).contains("does not advance"));
    }

    #[test]
    fn pages_without_anybody_end() {
        for total in [None, Some(1_000_000_000)] {
            assert_eq!(
                why(&[page(total, &["a"]), page(total, &["", "\0"])]),
                "the page that begins at 2 has only rows without an id that can be used"
            );
        }
    }

    #[test]
    fn no_list_is_endless() {
        let end = |tally: &mut Tally, ids: &[&str]| match tally.take(&page(Some(1_000_000_000), ids)).1 {
            Step::End(Walk::Incomplete { why }) => why.to_string(),
            other => panic!("{other:?}"),
        };
        let mut many = Tally::new(true);
        many.rows = MAX_ROWS;
        let told = "the list has more than 2000000 rows: the rest is not read";
        assert_eq!(end(&mut many, &["a"]), told);
        let mut large = Tally::new(true);
        large.weigh(2 << 30);
        assert_eq!(large.take(&page(Some(1_000_000_000), &["a"])).1, Step::From(2));
        large.weigh(1);
        let told = "the list has more than 2048 MiB: the rest is not read";
        assert_eq!(end(&mut large, &["b"]), told);
    }

    #[test]
    fn without_a_total_two_empty_answers_end_the_list() {
        assert_eq!(walk(&[page(None, &["a"]), page(None, &["b"]), page(None, &[])]), complete(2));
        let gap = [page(None, &["a"]), page(None, &[]), page(None, &["b"]), page(None, &[])];
        assert_eq!(walk(&gap), complete(2));
        assert!(why(&[page(None, &[])]).starts_with("no rows and no totalResults"));
    }

    #[test]
    fn an_app_that_answers_in_one_go() {
        let end = |page: &List<_>| Tally::new(false).take(page).1;
        assert_eq!(end(&page(None, &["a", "b"])), Step::End(complete(2)));
        assert!(matches!(end(&page(Some(3), &["a"])), Step::End(Walk::Incomplete { .. })));
    }

    #[test]
    fn cursors_are_named() {
        let mut first = page(Some(3), &["a"]);
        first.has_cursor = true;
        let mut empty = page(Some(3), &[]);
        empty.has_cursor = true;
        assert!(why(&[first, empty]).contains("by cursor"));
    }
}
