use super::*;
use crate::connector::steps::rows_seen::MAX_ROWS;
use crate::model::remote::Complete;

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
    let end = |tally: &mut Tally, ids: &[&str]| match tally.take(&page(Some(1_000_000_000), ids).facts()).1 {
        Step::End(Walk::Incomplete { why }) => why.to_string(),
        other => panic!("{other:?}"),
    };
    let mut many = by_index();
    many.seen.rows = MAX_ROWS;
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

/// Pages of two, of an app that says it gives three at most.
fn full(pages: &[Page]) -> (Walk, usize) {
    let mut tally = by_index().with_full_pages(Some(2), Some(3));
    for at in 0..100 {
        if let (_, Step::End(walk)) = tally.take(&pages[at.min(pages.len() - 1)].facts()) {
            return (walk, at + 1);
        }
    }
    panic!("endless")
}

#[test]
fn a_total_that_is_exactly_full_is_asked_beyond_once() {
    let nobody = || page(Some(2), &[]);
    assert_eq!(full(&[page(Some(2), &["a", "b"]), nobody()]), (complete(2), 2));
    assert_eq!(
        full(&[page(Some(3), &["a", "b", "c"]), nobody()]),
        (complete(3), 2),
        "the most that it gives"
    );
    let pages = [page(Some(4), &["a", "b"]), page(Some(4), &["c", "d"]), page(Some(4), &[])];
    assert_eq!(full(&pages), (complete(4), 3));
    // Pages of one size, which nobody told.
    let singles = [page(Some(2), &["a"]), page(Some(2), &["b"]), nobody()];
    assert_eq!(full(&singles), (complete(2), 3));
    // A page that counts itself counts none.
    assert_eq!(full(&[page(Some(2), &["a", "b"]), page(Some(0), &[])]), (complete(2), 2));
    assert_eq!(full(&[page(Some(2), &["a", "b"]), page(None, &[])]), (complete(2), 2));
    // A page that is not full is proof enough.
    assert_eq!(full(&[page(Some(1), &["a"])]), (complete(1), 1));
    assert_eq!(full(&[page(Some(3), &["a", "b"]), page(Some(3), &["c"])]), (complete(3), 2));
    assert_eq!(full(&[page(Some(0), &[])]), (complete(0), 1));
    assert_eq!(full(&[page(Some(4), &["a", "b", "c", "d"])]), (complete(4), 1), "all in one go");
}

#[test]
fn a_total_that_counts_the_page_is_none() {
    let rest = || page(Some(1), &["c"]);
    let (walk, pages) = full(&[page(Some(2), &["a", "b"]), rest(), page(Some(0), &[]), page(Some(0), &[])]);
    assert_eq!((walk, pages), (complete(3), 4), "two empty answers prove the end");
    let gap =
        [page(Some(2), &["a", "b"]), rest(), page(Some(0), &[]), page(Some(1), &["d"]), page(Some(0), &[])];
    assert_eq!(full(&gap).0, complete(4));
}

#[test]
fn a_total_that_denies_rows_is_not_believed() {
    let why = |pages: &[Page]| why_of(full(pages).0);
    let stays = [page(Some(2), &["a", "b"]), page(Some(2), &["c"]), page(Some(2), &[])];
    assert_eq!(why(&stays), "totalResults is 2, but 3 came");
    let constant =
        [page(Some(2), &["a", "b"]), page(Some(2), &["c", "d"]), page(Some(2), &["e"]), page(Some(2), &[])];
    assert_eq!(why(&constant), "totalResults is 2, but 5 came");
    let grows = [page(Some(2), &["a", "b"]), page(Some(3), &["c"])];
    assert_eq!(why(&grows), "totalResults changed from 2 to 3 while reading");
    assert_eq!(full(&grows).1, 2);
    let again = [page(Some(2), &["a", "b"]), page(Some(2), &["a", "b"])];
    assert!(why(&again).ends_with("only rows that came before: paging does not advance"));
}

#[test]
fn a_page_behind_the_total_may_be_refused() {
    let mut tally = by_index().with_full_pages(Some(2), None);
    let (_, step) = tally.take(&page(Some(2), &["a", "b"]).facts());
    assert_eq!(step, Step::From(3));
    assert!(tally.is_beyond());
    assert_eq!(tally.end_of_total(), complete(2));
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
