//! Whether a list is complete: all that the document declares about its end has to agree, or the list is short.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::rest::{Paging, Walk};
use crate::connector::steps::RowsSeen;

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The id of each row, if it has one.
    pub ids: Vec<Option<Arc<str>>>,
    /// How many rows there are in all.
    pub total: Option<u64>,
    /// The next page, as the app names it.
    pub next: Option<String>,
    /// Whether there are more pages.
    pub more: Option<bool>,
    /// What rises from row to row.
    pub order: Vec<Option<f64>>,
    /// Rows are missing at the end.
    pub is_truncated: bool,
}

/// What follows from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Go {
    /// There is a next page.
    On,
    /// The list should be over; the page behind it shows whether it is.
    Beyond,
    /// The list is over.
    End,
}

/// What the pages of one list say about its end.
pub(super) struct Evidence<'d> {
    page: &'d Paging,
    total: Option<u64>,
    /// Different ids that were known before this list began.
    before: u64,
    pages: u64,
    rows: u64,
    largest: u64,
    empty: u64,
    is_beyond: bool,
    names: HashSet<String>,
    last_order: Option<f64>,
}

impl<'d> Evidence<'d> {
    /// Of a list that begins now. `total` is what a request of its own says.
    pub(super) fn new(page: &'d Paging, total: Option<u64>, seen: &RowsSeen) -> Self {
        Self {
            page,
            total,
            before: seen.different(),
            pages: 0,
            rows: 0,
            largest: 0,
            empty: 0,
            is_beyond: false,
            names: HashSet::new(),
            last_order: None,
        }
    }

    /// True if the next page lies behind the end.
    pub(super) fn is_beyond(&self) -> bool {
        self.is_beyond
    }

    /// Takes a page: which rows, by index, came before, and what to do next.
    pub(super) fn take(&mut self, seen: &mut RowsSeen, facts: &Facts) -> (Vec<usize>, Go) {
        let rows = facts.ids.len() as u64;
        let first = self.rows + 1;
        let taken = seen.take(&facts.ids);
        self.rows += rows;
        self.pages += 1;
        self.empty = if rows == 0 { self.empty + 1 } else { 0 };
        if self.is_beyond {
            if rows > 0 {
                seen.note(|| format!("the list goes on behind its end, at row {first}"));
            }
            return (taken.repeated, Go::End);
        }
        self.check_total(seen, facts);
        self.check_order(seen, facts);
        if self.page.more.is_some() && facts.more.is_none() {
            seen.note(|| "a page does not say whether there are more".to_owned());
        }
        if facts.is_truncated && facts.next.is_none() {
            seen.note(|| "the app says that it left rows out, and names no next page".to_owned());
        }
        let is_new = facts.next.as_ref().is_none_or(|next| self.names.insert(next.clone()));
        if !is_new {
            seen.note(|| {
                "a page names itself, or one before it, as the next: paging does not advance".to_owned()
            });
        }
        let go = match seen.is_too_long() || taken.is_stuck || !is_new {
            true => Go::End,
            false => self.goes(seen, facts, rows),
        };
        self.largest = self.largest.max(rows);
        self.is_beyond = go == Go::Beyond;
        (taken.repeated, go)
    }

    fn goes(&self, seen: &mut RowsSeen, facts: &Facts, rows: u64) -> Go {
        let says_next = matches!(self.page.walk, Walk::Cursor { .. } | Walk::Link { .. });
        let by_next = (says_next || self.page.next.is_some()).then_some(facts.next.is_some());
        let by_more = self.page.more.as_ref().and(facts.more);
        let by_total = self.total.map(|total| self.rows < total);
        if self.page.walk == Walk::Once {
            return Go::End;
        }
        if says_next && facts.next.is_none() {
            if by_more == Some(true) {
                seen.note(|| "a page says that there are more, and names none".to_owned());
            }
            return Go::End;
        }
        let said: Vec<bool> = [by_next, by_more, by_total].into_iter().flatten().collect();
        if said.is_empty() {
            // Nothing says where the list ends: it ran out if two pages have no rows.
            return if self.empty >= 2 { Go::End } else { Go::On };
        }
        if said.contains(&true) {
            let is_by_total_alone = by_total == Some(true) && by_next != Some(true) && by_more != Some(true);
            if rows > 0 || !is_by_total_alone {
                return Go::On;
            }
            return Go::End;
        }
        let is_as_before = self.pages > 1 && rows == self.largest;
        let is_full = rows > 0 && (rows == self.page.max || is_as_before);
        match says_next {
            false if self.page.beyond || (self.total.is_some() && is_full) => Go::Beyond,
            _ => Go::End,
        }
    }

    fn check_total(&mut self, seen: &mut RowsSeen, facts: &Facts) {
        let Some(crate::catalog::rest::Total::InPage(_)) = &self.page.total else { return };
        match (self.total, facts.total) {
            (_, None) => seen.note(|| "a page does not say how many rows there are".to_owned()),
            (None, Some(total)) => {
                if self.pages > 1 {
                    seen.note(|| "a page does not say how many rows there are".to_owned());
                }
                self.total = Some(total);
            }
            (Some(before), Some(after)) if before != after => {
                seen.note(|| format!("the total changed from {before} to {after} while reading"));
                // Go on by the larger one, so that as much as possible is seen.
                self.total = Some(before.max(after));
            }
            _ => {}
        }
    }

    fn check_order(&mut self, seen: &mut RowsSeen, facts: &Facts) {
        if self.page.order.is_none() {
            return;
        }
        for order in &facts.order {
            let Some(order) = order else {
                seen.note(|| "a row does not have the number by which the list is in order".to_owned());
                continue;
            };
            if self.last_order.is_some_and(|last| last >= *order) {
                seen.note(|| "the rows are not in order".to_owned());
            }
            self.last_order = Some(*order);
        }
    }

    /// Notes what does not agree at the end.
    pub(super) fn end(self, seen: &mut RowsSeen) {
        let came = seen.different() - self.before;
        match self.total {
            Some(total) if total != came => seen.note(|| format!("the total is {total}, but {came} came")),
            _ => {}
        }
        if self.page.evidence().is_none() {
            seen.note(|| "nothing that the app says proves where the list ends".to_owned());
        }
        let ran_out = self.page.order.is_some() && self.total.is_none() && self.empty >= 2;
        if ran_out && came == 0 {
            seen.note(|| "no rows: cannot tell an empty list from a broken one".to_owned());
        }
        if let Some(cap) = self.page.cap.filter(|cap| self.rows >= *cap) {
            seen.note(|| format!("{} rows came, and the app shows at most {cap}", self.rows));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::rest::{Place, Source, Step, Total};
    use crate::model::remote;

    fn page(walk: Walk) -> Paging {
        Paging { walk, size: Some("size".into()), max: 2, ..Paging::once() }
    }

    fn offset() -> Walk {
        Walk::Offset { at: "from".into(), from: 0, step: Step::Size }
    }

    fn counted(walk: Walk) -> Paging {
        Paging { total: Some(Total::InPage(Source::Body(Place::key("total")))), ..page(walk) }
    }

    fn ids(ids: &[&str]) -> Vec<Option<Arc<str>>> {
        ids.iter().map(|id| Some((*id).into())).collect()
    }

    /// Takes these pages as far as the list goes: how many were taken, and how it ended.
    fn walk(page: &Paging, pages: Vec<Facts>) -> (usize, Result<u64, String>) {
        let mut seen = RowsSeen::default();
        let mut evidence = Evidence::new(page, None, &seen);
        let mut taken = 0;
        for facts in pages {
            taken += 1;
            if evidence.take(&mut seen, &facts).1 == Go::End {
                break;
            }
        }
        evidence.end(&mut seen);
        let end = match seen.end() {
            remote::Walk::Complete(complete) => Ok(complete.rows()),
            remote::Walk::Incomplete { why } => Err(why.to_string()),
        };
        (taken, end)
    }

    fn total(total: u64, rows: &[&str]) -> Facts {
        Facts { ids: ids(rows), total: Some(total), ..Facts::default() }
    }

    fn next(next: Option<&str>, rows: &[&str]) -> Facts {
        Facts { ids: ids(rows), next: next.map(str::to_owned), ..Facts::default() }
    }

    #[test]
    fn a_counted_list_has_as_many_rows_as_its_total() {
        let page = counted(offset());
        assert_eq!(walk(&page, vec![total(3, &["a", "b"]), total(3, &["c"])]), (2, Ok(3)));
        assert_eq!(walk(&page, vec![total(0, &[])]), (1, Ok(0)));
        // A total that equals a full page may be that of the page.
        assert_eq!(walk(&page, vec![total(2, &["a", "b"]), total(2, &[])]), (2, Ok(2)));
        let goes_on = walk(&page, vec![total(2, &["a", "b"]), total(2, &["c"])]);
        assert_eq!(goes_on, (2, Err("the list goes on behind its end, at row 3".to_owned())));
        let short = walk(&page, vec![total(3, &["a"]), total(3, &[])]);
        assert_eq!(short, (2, Err("the total is 3, but 1 came".to_owned())));
        let changed = walk(&page, vec![total(3, &["a", "b"]), total(4, &["c"]), total(4, &["d"])]);
        assert_eq!(changed, (3, Err("the total changed from 3 to 4 while reading".to_owned())));
        let unsaid = walk(&page, vec![next(None, &["a"])]);
        assert_eq!(unsaid.1, Err("a page does not say how many rows there are".to_owned()));
        let twice = walk(&page, vec![total(3, &["a", "b"]), total(3, &["b"])]);
        assert!(twice.1.unwrap_err().contains("paging does not advance"));
    }

    #[test]
    fn a_list_that_names_its_next_page_ends_where_none_is_named() {
        let link = Walk::Link { next: Source::Body(Place::key("next")) };
        let page = page(link);
        assert_eq!(walk(&page, vec![next(Some("2"), &["a"]), next(None, &["b"])]), (2, Ok(2)));
        assert_eq!(walk(&page, vec![next(None, &[])]), (1, Ok(0)));
        assert_eq!(walk(&page, vec![next(Some("2"), &[]), next(None, &["b"])]), (2, Ok(1)), "hidden rows");
        let loops = walk(&page, vec![next(Some("2"), &["a"]), next(Some("2"), &["b"]), next(None, &["c"])]);
        assert_eq!(loops.0, 2);
        assert!(loops.1.unwrap_err().contains("names itself"));
        let cut = Facts { is_truncated: true, ..next(None, &["a"]) };
        assert!(walk(&page, vec![cut]).1.unwrap_err().contains("left rows out"));
        let both = counted(Walk::Link { next: Source::Body(Place::key("next")) });
        assert_eq!(walk(&both, vec![total(2, &["a"])]).1, Err("the total is 2, but 1 came".to_owned()));
    }

    #[test]
    fn all_that_is_declared_has_to_agree() {
        let source = || Some(Source::Body(Place::key("next")));
        let offset_next = Paging { next: source(), beyond: true, ..page(offset()) };
        let ends = vec![next(Some("2"), &["a", "b"]), next(None, &["c"]), next(None, &[])];
        assert_eq!(walk(&offset_next, ends), (3, Ok(3)));
        let goes_on = vec![next(None, &["a", "b"]), next(None, &["c"])];
        assert!(walk(&offset_next, goes_on).1.unwrap_err().contains("behind its end"));
        let more = Paging { more: Some(Place::key("more")), ..page(offset()) };
        let said = |more, rows: &[&str]| Facts { more, ids: ids(rows), ..Facts::default() };
        assert_eq!(walk(&more, vec![said(Some(true), &["a"]), said(Some(false), &["b"])]), (2, Ok(2)));
        assert!(walk(&more, vec![said(None, &["a"])]).1.unwrap_err().contains("does not say"));
    }

    #[test]
    fn a_list_that_runs_out_has_to_be_in_order() {
        let bare = page(offset());
        let out = || vec![next(None, &["a"]), next(None, &[]), next(None, &[])];
        assert!(walk(&bare, out()).1.unwrap_err().contains("nothing that the app says proves"));
        let ordered = Paging { order: Some(Place::key("n")), ..page(offset()) };
        let row =
            |order: f64, id: &str| Facts { ids: ids(&[id]), order: vec![Some(order)], ..Facts::default() };
        let end = || [Facts::default(), Facts::default()];
        let up: Vec<Facts> = [row(1.0, "a"), row(2.0, "b")].into_iter().chain(end()).collect();
        assert_eq!(walk(&ordered, up), (4, Ok(2)));
        let down: Vec<Facts> = [row(2.0, "a"), row(1.0, "b")].into_iter().chain(end()).collect();
        assert_eq!(walk(&ordered, down).1, Err("the rows are not in order".to_owned()));
        assert!(walk(&ordered, end().into()).1.unwrap_err().contains("no rows"));
    }

    #[test]
    fn one_answer_is_a_list_unless_it_reaches_the_cap() {
        let once = Paging { cap: Some(2), ..Paging::once() };
        assert_eq!(walk(&once, vec![next(None, &["a"])]), (1, Ok(1)));
        assert!(walk(&once, vec![next(None, &["a", "b"])]).1.unwrap_err().contains("at most 2"));
    }
}
