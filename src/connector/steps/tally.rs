//! Whether the pages of a list add up. Paging is no snapshot: rows may shift, repeat or go missing between pages, and
//! some apps do not page at all. Only what adds up is complete.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::connector::error::shown;
use crate::model::RemoteId;
use crate::model::remote::{Complete, Walk};

/// More rows than this are not read.
const MAX_ROWS: u64 = 2_000_000;
/// More pages than this are not read.
const MAX_PAGES: u64 = 50_000;
/// More bytes than this, all pages together, are not read.
const MAX_BYTES: u64 = 2 << 30;

/// The sum of the pages so far.
#[derive(Debug)]
pub struct Tally {
    paging: Paging,
    /// The app's word for the total.
    total_is_called: &'static str,
    /// Hashes of tokens that pages were asked for with.
    tokens: HashSet<u64>,
    /// Hashes of ids: a collision looks like a repeat, which makes the list incomplete and nothing worse.
    seen: HashSet<u64>,
    total: Option<u64>,
    rows: u64,
    bytes: u64,
    pages: u64,
    empty_pages: u64,
    trouble: Option<String>,
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
    /// With a total, the list is complete if exactly that many different ids came and the total never changed. Without
    /// one, a list by index is complete if some rows came and then two empty answers in a row, and a list by token if
    /// a page names no next one.
    pub fn take(&mut self, page: &PageFacts<'_>) -> (Vec<usize>, Step) {
        let asked_from = self.rows + 1;
        self.check_total(page);
        let known = self.seen.len();
        let repeated = self.check_ids(page);
        let rows = page.ids.len() as u64;
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
        let is_over = match (self.paging, self.total) {
            _ if is_stuck || beyond.is_some() => true,
            (Paging::Whole, _) => true,
            (Paging::ByToken, _) => !self.goes_on(page.next),
            (Paging::ByIndex, Some(total)) => rows == 0 || self.rows >= total,
            (Paging::ByIndex, None) => self.empty_pages >= 2 || (self.rows == 0 && rows == 0),
        };
        if let Some(what) = beyond {
            self.note(|| what);
        }
        let step = match page.next {
            _ if is_over => Step::End(self.end(page)),
            Some(token) if self.paging == Paging::ByToken => Step::After(token.into()),
            _ => Step::From(self.rows + 1),
        };
        (repeated, step)
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

    fn check_total(&mut self, page: &PageFacts<'_>) {
        if self.pages == 0 {
            self.total = page.total;
        } else if self.total != page.total {
            let (before, after) = (told(self.total), told(page.total));
            let name = self.total_is_called;
            self.note(|| format!("{name} changed from {before} to {after} while reading"));
            // Go on by the larger one, so that as much as possible is seen.
            self.total = self.total.max(page.total);
        }
    }

    fn check_ids(&mut self, page: &PageFacts<'_>) -> Vec<usize> {
        let mut repeated = Vec::new();
        for (at, id) in page.ids.iter().enumerate() {
            let Some(id) = id else {
                self.note(|| "a row has no id".to_owned());
                continue;
            };
            if let Err(error) = id.parse::<RemoteId>() {
                self.note(|| format!("a row has an id that cannot be used: it {}", error.why));
                continue;
            }
            if !self.seen.insert(hash(id)) {
                repeated.push(at);
                self.note(|| format!("id {} came twice", shown(id)));
            }
        }
        repeated
    }

    fn end(&mut self, last: &PageFacts<'_>) -> Walk {
        let seen = self.seen.len() as u64;
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

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn told(total: Option<u64>) -> String {
    total.map_or_else(|| "none".to_owned(), |total| total.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Page {
        total: Option<u64>,
        ids: Vec<Option<Arc<str>>>,
        next: Option<&'static str>,
    }

    impl Page {
        fn facts(&self) -> PageFacts<'_> {
            PageFacts { total: self.total, ids: &self.ids, next: self.next }
        }
    }

    fn page(total: Option<u64>, ids: &[&str]) -> Page {
        let ids = ids.iter().map(|id| (!id.is_empty()).then(|| Arc::from(*id))).collect();
        Page { total, ids, next: None }
    }

    fn by_index() -> Tally {
        Tally::new(Paging::ByIndex, "totalResults")
    }

    /// Takes pages until the end; the last one is repeated if the tally wants more.
    fn walk(pages: &[Page]) -> Walk {
        walk_by(by_index(), pages)
    }

    fn walk_by(mut tally: Tally, pages: &[Page]) -> Walk {
        for at in 0..100 {
            if let (_, Step::End(walk)) = tally.take(&pages[at.min(pages.len() - 1)].facts()) {
                return walk;
            }
        }
        panic!("endless")
    }

    fn why(pages: &[Page]) -> String {
        why_of(walk(pages))
    }

    fn why_of(walk: Walk) -> String {
        match walk {
            Walk::Incomplete { why } => why.to_string(),
            complete @ Walk::Complete(_) => panic!("{complete:?}"),
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
        let mut tally = by_index();
        assert_eq!(tally.take(&page(Some(9), &["a", "b"]).facts()), (vec![], Step::From(3)));
        assert_eq!(tally.take(&page(Some(9), &["c"]).facts()), (vec![], Step::From(4)));
        assert_eq!(tally.take(&page(Some(9), &["c", "d"]).facts()), (vec![0], Step::From(6)));
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
        let end =
            |tally: &mut Tally, ids: &[&str]| match tally.take(&page(Some(1_000_000_000), ids).facts()).1 {
                Step::End(Walk::Incomplete { why }) => why.to_string(),
                other => panic!("{other:?}"),
            };
        let mut many = by_index();
        many.rows = MAX_ROWS;
        let told = "the list has more than 2000000 rows: the rest is not read";
        assert_eq!(end(&mut many, &["a"]), told);
        let mut large = by_index();
        large.weigh(2 << 30);
        assert_eq!(large.take(&page(Some(1_000_000_000), &["a"]).facts()).1, Step::From(2));
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
        let end = |page: &Page| Tally::new(Paging::Whole, "totalResults").take(&page.facts()).1;
        assert_eq!(end(&page(None, &["a", "b"])), Step::End(complete(2)));
        assert!(matches!(end(&page(Some(3), &["a"])), Step::End(Walk::Incomplete { .. })));
    }

    #[test]
    fn cursors_are_named() {
        let mut first = page(Some(3), &["a"]);
        first.next = Some("x");
        let mut empty = page(Some(3), &[]);
        empty.next = Some("y");
        assert!(why(&[first, empty]).contains("by cursor"));
    }

    #[test]
    fn a_list_by_token_ends_where_a_page_names_no_next() {
        let by_token = || Tally::new(Paging::ByToken, "count");
        let with = |next, page: Page| Page { next: Some(next), ..page };
        let pages = [with("t1", page(None, &["a", "b"])), with("t2", page(None, &[])), page(None, &["c"])];
        assert_eq!(walk_by(by_token(), &pages), complete(3));
        assert_eq!(walk_by(by_token(), &[page(None, &[])]), complete(0));
        let counted = [with("t1", page(Some(3), &["a", "b"])), page(Some(3), &[])];
        assert_eq!(why_of(walk_by(by_token(), &counted)), "count is 3, but 2 came");
        let twice = [with("t1", page(None, &["a"])), with("t1", page(None, &["b"]))];
        assert!(why_of(walk_by(by_token(), &twice)).contains("does not advance"));
    }
}
