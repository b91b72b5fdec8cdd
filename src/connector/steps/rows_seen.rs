//! The rows of a list that came so far: which were there before, and whether a limit is reached.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::connector::error::shown;
use crate::model::RemoteId;
use crate::model::remote::{Complete, Walk};

/// More rows than this are not read.
pub(super) const MAX_ROWS: u64 = 2_000_000;

/// More pages than this are not read.
const MAX_PAGES: u64 = 50_000;

/// More bytes than this, all pages together, are not read.
const MAX_BYTES: u64 = 2 << 30;

/// The rows so far, and the first thing that does not add up.
#[derive(Debug, Default)]
pub struct RowsSeen {
    /// Hashes of ids: a collision looks like a repeat, which makes the list incomplete and nothing worse.
    ids: HashSet<u64>,
    /// Rows of all pages, repeats included.
    pub rows: u64,
    bytes: u64,
    pub pages: u64,
    trouble: Option<String>,
}

/// The rows of one page.
#[derive(Debug)]
pub struct Taken {
    /// Rows that came before, by index.
    pub repeated: Vec<usize>,
    /// There are rows, and none of them is new.
    pub is_stuck: bool,
}

impl RowsSeen {
    /// Counts the bytes of a page that is about to be taken.
    pub fn weigh(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Takes the ids of the rows of a page. A row without one, or a repeat, does not add up.
    pub fn take(&mut self, ids: &[Option<Arc<str>>]) -> Taken {
        let (first, known) = (self.rows + 1, self.ids.len());
        let repeated = self.check_ids(ids);
        let is_stuck = !ids.is_empty() && self.ids.len() == known;
        self.rows += ids.len() as u64;
        self.pages += 1;
        if is_stuck {
            let only = match repeated.is_empty() {
                true => "rows without an id that can be used",
                false => "rows that came before: paging does not advance",
            };
            self.trouble = Some(format!("the page that begins at {first} has only {only}"));
        }
        Taken { repeated, is_stuck }
    }

    fn check_ids(&mut self, ids: &[Option<Arc<str>>]) -> Vec<usize> {
        let mut repeated = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            let Some(id) = id else {
                self.note(|| "a row has no id".to_owned());
                continue;
            };
            if let Err(error) = id.parse::<RemoteId>() {
                self.note(|| format!("a row has an id that cannot be used: it {}", error.why));
                continue;
            }
            if !self.ids.insert(hash(id)) {
                repeated.push(at);
                self.note(|| format!("id {} came twice", shown(id)));
            }
        }
        repeated
    }

    /// True if a row has this id.
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(&hash(id))
    }

    /// Different ids.
    pub fn different(&self) -> u64 {
        self.ids.len() as u64
    }

    /// True if a limit is reached; it is noted.
    pub fn is_too_long(&mut self) -> bool {
        let most = if self.rows > MAX_ROWS {
            format!("{MAX_ROWS} rows")
        } else if self.pages > MAX_PAGES {
            format!("{MAX_PAGES} pages")
        } else if self.bytes > MAX_BYTES {
            format!("{} MiB", MAX_BYTES >> 20)
        } else {
            return false;
        };
        self.note(|| format!("the list has more than {most}: the rest is not read"));
        true
    }

    /// Keeps the first thing that does not add up.
    pub fn note(&mut self, what: impl FnOnce() -> String) {
        self.trouble.get_or_insert_with(what);
    }

    /// The end of the list.
    pub fn end(&mut self) -> Walk {
        match self.trouble.take() {
            None => Walk::Complete(Complete::of_rows(self.different())),
            Some(why) => Walk::Incomplete { why: why.into() },
        }
    }
}

/// Of an id, or of a token that pages are asked for with.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
