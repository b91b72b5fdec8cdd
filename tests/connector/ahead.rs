//! Pages that are asked for side by side: a list is complete or called short, and never wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use rolecall::model::remote::Walk;
use serde_json::json;

use crate::connector::faults::{Scene, lists};
use crate::connector::rig::{users, why};
use crate::support::proxy::then;
use crate::support::proxy::then::Then;

/// A list of twelve accounts in pages of five, changed by the proxy: how many came, how the walk ended, and what was asked.
fn read(then: Then) -> (usize, Walk, Vec<String>) {
    let scene = Scene::with(12);
    let rig = scene.broken(lists(), then);
    let since = scene.proxy.count();
    let (rows, walk) = rig.list(&users()).unwrap();
    let mut ids: Vec<_> = rows.iter().map(|row| &row.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), rows.len(), "nobody comes twice");
    let asked = scene.proxy.requests().split_off(since);
    let start = |target: &str| {
        let query = target.split("startIndex=").nth(1).unwrap_or_default();
        query.split('&').next().unwrap_or_default().to_owned()
    };
    let mut asked: Vec<String> = asked.iter().map(|one| start(&one.request.target)).collect();
    assert!(asked.len() < 20, "no endless loop");
    asked.sort_by_key(|start| start.parse::<u32>().unwrap_or_default());
    (rows.len(), walk, asked)
}

#[test]
fn pages_behind_the_first_are_under_way_together() {
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let (rows, walk, asked) = read(then::rewrite_json(move |request, _| {
        let (is_asked, changed) = &*gate;
        if request.target.contains("startIndex=11") {
            *is_asked.lock().unwrap() = true;
            changed.notify_all();
        } else if request.target.contains("startIndex=6") {
            // This answer waits until the next page was asked for.
            let waited =
                changed.wait_timeout_while(is_asked.lock().unwrap(), Duration::from_secs(20), |is| !*is);
            assert!(!waited.unwrap().1.timed_out(), "the pages are asked for one after the other");
        }
    }));
    assert!(matches!(walk, Walk::Complete(_)) && rows == 12, "{walk:?}");
    assert_eq!(asked, ["1", "6", "11"], "each page once");
}

#[test]
fn a_cap_below_what_is_asked_for_is_the_size_of_the_pages() {
    let (rows, walk, asked) =
        read(then::rewrite_json(|_, page| page["Resources"].as_array_mut().unwrap().truncate(3)));
    assert!(matches!(walk, Walk::Complete(_)) && rows == 12, "{walk:?}");
    assert_eq!(asked[..4], ["1", "4", "7", "10"]);
}

#[test]
fn a_short_page_in_the_middle_is_filled_up() {
    let (rows, walk, _) = read(then::rewrite_json(|request, page| {
        if request.target.contains("startIndex=6&") || request.target.ends_with("startIndex=6") {
            page["Resources"].as_array_mut().unwrap().truncate(3);
        }
    }));
    assert!(matches!(walk, Walk::Complete(_)) && rows == 12, "{walk:?}");
}

/// A total that changes once is that of another moment: the list is read once more, in sequence.
#[test]
fn a_total_that_changes_while_pages_are_read_is_asked_about_once_more() {
    let changes = |times: usize| {
        let seen = AtomicUsize::new(0);
        read(then::rewrite_json(move |request, page| {
            if request.target.contains("startIndex=11") && seen.fetch_add(1, Ordering::SeqCst) < times {
                page["totalResults"] = json!(13);
            }
        }))
    };
    let (rows, walk, _) = changes(1);
    assert!(matches!(walk, Walk::Complete(_)) && rows == 12, "{walk:?}");
    let (rows, walk, _) = changes(9);
    assert_eq!(rows, 12);
    assert_eq!(why(walk), "totalResults changed from 12 to 13 while reading");
}

/// A row that moves from one page to another is in none of them, or in two.
#[test]
fn an_order_that_changes_is_no_proof() {
    let moves = |times: usize| {
        let seen = AtomicUsize::new(0);
        read(then::rewrite_json(move |request, page| {
            if request.target.contains("startIndex=6") && seen.fetch_add(1, Ordering::SeqCst) < times {
                page["Resources"][0] = page["Resources"][1].clone();
            }
        }))
    };
    let (rows, walk, _) = moves(1);
    assert!(matches!(walk, Walk::Complete(_)) && rows == 12, "{walk:?}");
    let (rows, walk, _) = moves(9);
    assert_eq!(rows, 11);
    assert!(why(walk).ends_with("came twice"));
}
